// Where to click.

/** A place inside a geometry: a point itself, else the middle of the widest line through ground. */
export function insideOf({ type, coordinates }) {
  if (type === 'Point') return coordinates;
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  const spans = polygons.flatMap((rings) => widest(rings));
  const [, lng, lat] = spans.reduce((best, span) => (span[0] > best[0] ? span : best));
  return [lng.toFixed(5), lat.toFixed(5)];
}

/** The widest stretch inside a polygon along the line through its middle: width, lng, lat. */
function widest(rings) {
  const heights = rings[0].map(([, lat]) => lat);
  // Off the middle by a little: a line through corners of a grid has no clear inside.
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const lat = low + (high - low) * 0.487;
  const crossings = rings
    .flatMap((ring) =>
      ring.slice(1).flatMap(([x, y], i) => {
        const [fromX, fromY] = ring[i];
        if (fromY > lat === y > lat) return [];
        return [fromX + ((lat - fromY) / (y - fromY)) * (x - fromX)];
      }),
    )
    .sort((a, b) => a - b);
  const spans = [];
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [west, east] = [crossings[i], crossings[i + 1]];
    spans.push([east - west, (west + east) / 2, lat]);
  }
  return spans;
}

type Position = readonly number[];
export type Box = readonly [number, number, number, number];

/** West, south, east, north of a geometry; `null` for an empty one. */
export function boxOf(geometry: GeoJSON.Geometry | null): Box | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    const [x, y] = part as unknown[];
    if (typeof x === 'number' && typeof y === 'number') {
      [west, south] = [Math.min(west, x), Math.min(south, y)];
      [east, north] = [Math.max(east, x), Math.max(north, y)];
    } else part.forEach(visit);
  };
  if (geometry === null) return null;
  if (geometry.type === 'GeometryCollection') return join(geometry.geometries.map(boxOf));
  visit(geometry.coordinates);
  return west <= east ? [west, south, east, north] : null;
}

/** The box around boxes. */
export function join(boxes: readonly (Box | null)[]): Box | null {
  const real = boxes.filter((box): box is Box => box !== null);
  if (real.length === 0) return null;
  return [
    Math.min(...real.map((box) => box[0])),
    Math.min(...real.map((box) => box[1])),
    Math.max(...real.map((box) => box[2])),
    Math.max(...real.map((box) => box[3])),
  ];
}

/** Where a name is best written: inside the largest piece, on its widest level line. */
export function middle(
  geometry: GeoJSON.Geometry | null,
): { at: [number, number]; size: number } | null {
  if (geometry === null) return null;
  if (geometry.type === 'Point') {
    const [x = 0, y = 0] = geometry.coordinates;
    return { at: [x, y], size: 0 };
  }
  const pieces =
    geometry.type === 'Polygon'
      ? [geometry.coordinates]
      : geometry.type === 'MultiPolygon'
        ? geometry.coordinates
        : [];
  let best: { rings: Position[][]; area: number } | null = null;
  for (const rings of pieces) {
    const area = Math.abs(signedArea(rings[0] ?? []));
    if (best === null || area > best.area) best = { rings, area };
  }
  if (best === null || best.area === 0) return null;
  return { at: widest(best.rings), size: best.area };
}

/** Twice nothing of interest in degrees; good enough to compare pieces of one map. */
function signedArea(ring: readonly Position[]): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    const [x2 = 0, y2 = 0] = ring[(i + 1) % ring.length] ?? [];
    sum += x1 * y2 - x2 * y1;
  }
  return sum / 2;
}

function widest(rings: readonly Position[][]): [number, number] {
  const outer = rings[0] ?? [];
  const heights = outer.map((p) => p[1] ?? 0);
  const [south, north] = [Math.min(...heights), Math.max(...heights)];
  let best = { at: [0, 0] as [number, number], score: -Infinity };
  const lines = 15;
  for (let i = 1; i < lines; i += 1) {
    const y = south + ((north - south) * i) / lines;
    const cuts = rings.flatMap((ring) => crossings(ring, y)).sort((a, b) => a - b);
    for (let k = 0; k + 1 < cuts.length; k += 2) {
      const [from = 0, to = 0] = [cuts[k], cuts[k + 1]];
      // A little away from the middle costs a little: names should not all hug an edge.
      const centred = 1 - Math.abs(y - (south + north) / 2) / (north - south);
      const score = (to - from) * (0.6 + 0.4 * centred);
      if (score > best.score) best = { at: [(from + to) / 2, y], score };
    }
  }
  return best.at;
}

function crossings(ring: readonly Position[], y: number): number[] {
  const cuts: number[] = [];
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    const [x2 = 0, y2 = 0] = ring[i + 1] ?? [];
    if (y1 > y !== y2 > y) cuts.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return cuts;
}

const WORLD: Position[] = [
  [-180, -85],
  [180, -85],
  [180, 85],
  [-180, 85],
  [-180, -85],
];

/** The outer rings of some ground, each turning to the left, so that outside is on its right. */
export function edges(ground: readonly (GeoJSON.Geometry | null)[]): GeoJSON.Position[][] {
  const rings: GeoJSON.Position[][] = [];
  for (const geometry of ground) {
    const pieces =
      geometry?.type === 'Polygon'
        ? [geometry.coordinates]
        : geometry?.type === 'MultiPolygon'
          ? geometry.coordinates
          : [];
    for (const [outer] of pieces) {
      if (outer === undefined) continue;
      rings.push(signedArea(outer) < 0 ? [...outer].reverse() : outer);
    }
  }
  return rings;
}

/** All of the world but what lies inside `rings`, to lay over what sticks out of them. */
export function outside(rings: readonly GeoJSON.Position[][]): GeoJSON.Polygon | null {
  if (rings.length === 0) return null;
  return {
    type: 'Polygon',
    coordinates: [WORLD.map((p) => [...p]), ...rings.map((r) => [...r].reverse())],
  };
}

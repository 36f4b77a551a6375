// Mapbox Vector Tiles, as much of them as the mock server needs.

const EXTENT = 4096;
const BUFFER = 64;

function varint(bytes, value) {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
const field = (bytes, number, wire) => varint(bytes, number * 8 + wire);
function block(bytes, number, content) {
  field(bytes, number, 2);
  varint(bytes, content.length);
  for (const byte of content) bytes.push(byte);
}
const zigzag = (value) => (value < 0 ? -value * 2 - 1 : value * 2);

function value(of) {
  const bytes = [];
  if (typeof of === 'string') block(bytes, 1, Buffer.from(of));
  else if (typeof of === 'boolean') {
    field(bytes, 7, 0);
    varint(bytes, of ? 1 : 0);
  } else if (Number.isInteger(of)) {
    field(bytes, 6, 0);
    varint(bytes, zigzag(of));
  } else {
    field(bytes, 3, 1);
    const double = Buffer.alloc(8);
    double.writeDoubleLE(of);
    bytes.push(...double);
  }
  return bytes;
}

/** Web Mercator position in the tile's own grid. */
function project([lng, lat], z, x, y) {
  const scale = 2 ** z;
  const sine = Math.sin((lat * Math.PI) / 180);
  const px = ((lng + 180) / 360) * scale - x;
  const py = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale - y;
  return [Math.round(px * EXTENT), Math.round(py * EXTENT)];
}

const EDGES = [
  [0, -BUFFER, 1],
  [0, EXTENT + BUFFER, -1],
  [1, -BUFFER, 1],
  [1, EXTENT + BUFFER, -1],
];

function clipRing(ring) {
  let points = ring;
  for (const [axis, limit, sign] of EDGES) {
    const inside = (point) => (point[axis] - limit) * sign >= 0;
    const next = [];
    for (let i = 0; i < points.length; i += 1) {
      const from = points[(i + points.length - 1) % points.length];
      const to = points[i];
      if (inside(from) !== inside(to)) {
        const share = (limit - from[axis]) / (to[axis] - from[axis]);
        const cut = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
        cut[axis] = limit;
        next.push(cut.map(Math.round));
      }
      if (inside(to)) next.push(to);
    }
    points = next;
    if (points.length < 3) return null;
  }
  return points;
}

function clipLine(line) {
  const pieces = [];
  let piece = [];
  for (let i = 1; i < line.length; i += 1) {
    let [low, high] = [0, 1];
    const [from, to] = [line[i - 1], line[i]];
    for (const [axis, limit, sign] of EDGES) {
      const start = (from[axis] - limit) * sign;
      const change = (to[axis] - from[axis]) * sign;
      if (change === 0 && start < 0) low = 2;
      if (change > 0) low = Math.max(low, -start / change);
      if (change < 0) high = Math.min(high, -start / change);
    }
    const at = (share) =>
      [0, 1].map((axis) => Math.round(from[axis] + share * (to[axis] - from[axis])));
    if (low >= high) {
      if (piece.length > 1) pieces.push(piece);
      piece = [];
      continue;
    }
    if (piece.length === 0 || low > 0) {
      if (piece.length > 1) pieces.push(piece);
      piece = [at(low)];
    }
    piece.push(at(high));
  }
  if (piece.length > 1) pieces.push(piece);
  return pieces;
}

const twice = (ring) =>
  ring.reduce((sum, point, i) => {
    const next = ring[(i + 1) % ring.length];
    return sum + point[0] * next[1] - next[0] * point[1];
  }, 0);

/** Commands of a geometry, or `null` where the tile does not see it. */
function commands(geometry, z, x, y) {
  const to = (position) => project(position, z, x, y);
  const out = [];
  let cursor = [0, 0];
  const move = (point) => {
    out.push(zigzag(point[0] - cursor[0]), zigzag(point[1] - cursor[1]));
    cursor = point;
  };
  const path = (points, closed) => {
    out.push(9);
    move(points[0]);
    out.push(((points.length - 1) << 3) | 2);
    for (const point of points.slice(1)) move(point);
    if (closed) out.push(15);
  };
  if (geometry.type === 'Point') {
    const point = to(geometry.coordinates);
    if (point.some((part) => part < -BUFFER || part > EXTENT + BUFFER)) return null;
    out.push(9);
    move(point);
    return { type: 1, out };
  }
  if (geometry.type === 'MultiLineString') {
    for (const line of geometry.coordinates) {
      for (const piece of clipLine(line.map(to))) path(piece, false);
    }
    return out.length > 0 ? { type: 2, out } : null;
  }
  for (const polygon of geometry.coordinates) {
    polygon.forEach((ring, place) => {
      const open = clipRing(ring.slice(0, -1).map(to));
      if (open === null) return;
      const area = twice(open);
      if (area === 0) return;
      // Outside rings turn one way, holes the other.
      path(area > 0 === (place === 0) ? open : open.reverse(), true);
    });
  }
  return out.length > 0 ? { type: 3, out } : null;
}

/** One tile with one layer; `null` where it would be empty. */
export function tile(name, features, z, x, y) {
  const keys = new Map();
  const values = new Map();
  const place = (map, key) => {
    if (!map.has(key)) map.set(key, map.size);
    return map.get(key);
  };
  const layer = [];
  field(layer, 15, 0);
  varint(layer, 2);
  block(layer, 1, Buffer.from(name));
  let count = 0;
  for (const feature of features) {
    const drawn = commands(feature.geometry, z, x, y);
    if (drawn === null) continue;
    count += 1;
    const tags = [];
    for (const [key, of] of Object.entries(feature.properties)) {
      if (of === null) continue;
      varint(tags, place(keys, key));
      varint(tags, place(values, JSON.stringify(of)));
    }
    const bytes = [];
    field(bytes, 1, 0);
    varint(bytes, feature.id);
    block(bytes, 2, tags);
    field(bytes, 3, 0);
    varint(bytes, drawn.type);
    const geometry = [];
    for (const command of drawn.out) varint(geometry, command);
    block(bytes, 4, geometry);
    block(layer, 2, bytes);
  }
  if (count === 0) return null;
  for (const key of keys.keys()) block(layer, 3, Buffer.from(key));
  for (const of of values.keys()) block(layer, 4, value(JSON.parse(of)));
  field(layer, 5, 0);
  varint(layer, EXTENT);
  const tile = [];
  block(tile, 3, layer);
  return Buffer.from(tile);
}

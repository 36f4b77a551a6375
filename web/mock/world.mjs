// An invented world for the tests of the web map: the size of a mountain province, its names from
// the atlas, everything else made up from a fixed seed. Nothing in it is true.

let state = 20250215;
export function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const pick = (list) => list[Math.floor(random() * list.length)];
const round = (value, decimals) => Number(value.toFixed(decimals));

export const SEASONS = ['2023-2024', '2024-2025', '2025-2026'];
export const TODAY = '2026-03-12';

const rough = (line, depth, size) => {
  if (depth === 0) return line;
  const out = [];
  for (let i = 0; i < line.length - 1; i += 1) {
    const [a, b] = [line[i], line[i + 1]];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const shift = (random() - 0.5) * size;
    out.push(a, [(a[0] + b[0]) / 2 - dy * shift, (a[1] + b[1]) / 2 + dx * shift]);
  }
  out.push(line[line.length - 1]);
  return rough(out, depth - 1, size);
};

// West to east along the north, then back along the south.
const NORTH = [
  [102.36, 22.5],
  [102.42, 22.67],
  [102.55, 22.73],
  [102.7, 22.62],
  [102.84, 22.6],
  [102.93, 22.48],
  [103.07, 22.44],
  [103.15, 22.55],
  [103.18, 22.64],
  [103.28, 22.68],
  [103.35, 22.8],
  [103.45, 22.75],
  [103.53, 22.6],
  [103.63, 22.52],
];
const SOUTH = [
  [103.63, 22.52],
  [103.72, 22.42],
  [103.8, 22.3],
  [103.92, 22.15],
  [103.98, 22.0],
  [103.93, 21.85],
  [103.8, 21.7],
  [103.68, 21.76],
  [103.6, 21.94],
  [103.47, 22.03],
  [103.4, 21.9],
  [103.22, 21.97],
  [103.1, 22.1],
  [102.95, 22.08],
  [102.8, 22.18],
  [102.68, 22.15],
  [102.55, 22.28],
  [102.45, 22.4],
  [102.36, 22.5],
];
const north = rough(NORTH, 3, 0.5);
const south = rough(SOUTH, 3, 0.5);
export const OUTLINE = [...north.slice(0, -1), ...south];

export function inside([x, y], ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [a, b] = [ring[i], ring[j]];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0])
      odd = !odd;
  }
  return odd;
}

const BOX = [102.3, 21.65, 104.0, 22.85];
function somewhere() {
  for (;;) {
    const at = [BOX[0] + random() * (BOX[2] - BOX[0]), BOX[1] + random() * (BOX[3] - BOX[1])];
    if (inside(at, OUTLINE)) return at;
  }
}
/** Centres that keep away from each other. */
function spread(count) {
  const centres = [];
  while (centres.length < count) {
    const tries = Array.from({ length: 12 }, somewhere);
    const room = (at) => Math.min(9, ...centres.map((c) => Math.hypot(c[0] - at[0], c[1] - at[1])));
    centres.push(tries.reduce((best, at) => (room(at) > room(best) ? at : best)));
  }
  return centres;
}

/** The part of `ring` nearer to `a` than to `b`. */
function nearer(ring, a, b) {
  const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const side = (p) => (p[0] - middle[0]) * (b[0] - a[0]) + (p[1] - middle[1]) * (b[1] - a[1]);
  const out = [];
  for (let i = 0; i < ring.length; i += 1) {
    const [from, to] = [ring[(i + ring.length - 1) % ring.length], ring[i]];
    const [f, t] = [side(from), side(to)];
    if (f <= 0 !== t <= 0) {
      const share = f / (f - t);
      out.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
    }
    if (t <= 0) out.push(to);
  }
  return out;
}
function thiessen(centres, within = OUTLINE) {
  return centres.map((own) => {
    const others = centres.filter((c) => c !== own);
    others.sort(
      (a, b) => Math.hypot(a[0] - own[0], a[1] - own[1]) - Math.hypot(b[0] - own[0], b[1] - own[1]),
    );
    let ring = within.slice(0, -1);
    for (const other of others.slice(0, 24)) ring = nearer(ring, own, other);
    return ring.map((p) => p.map((part) => round(part, 6)));
  });
}
const areaKm2 = (ring) =>
  Math.abs(
    ring.reduce((sum, p, i) => {
      const q = ring[(i + 1) % ring.length];
      return sum + p[0] * q[1] - q[0] * p[1];
    }, 0) / 2,
  ) *
  111.3 *
  102.9;
const polygon = (ring) => ({ type: 'MultiPolygon', coordinates: [[[...ring, ring[0]]]] });

const NAMES = (
  'Tà Tổng|Mù Cả|Thu Lũm|Pa Ủ|Bum Nưa|Bum Tở|Mường Tè|Hua Bum|Nậm Hàng|Lê Lợi|Pa Tần|Mường Mô|' +
  'Hồng Thu|Tủa Sín Chải|Sìn Hồ|Nậm Tăm|Nậm Cuổi|Nậm Mạ|Pu Sam Cáp|Dào San|Sì Lở Lầu|Khổng Lào|' +
  'Phong Thổ|Sin Suối Hồ|Tả Lèng|Tân Phong|Đoàn Kết|Bản Bo|Bình Lư|Khun Há|Nậm Sỏ|Pắc Ta|Tân Uyên|' +
  'Mường Khoa|Than Uyên|Mường Than|Mường Kim|Khoen On'
).split('|');
const OLD = (
  'Nậm Nhùn|Sơn Bình|Nậm Chà|Nậm Pì|Trung Chải|Hua Bun|Can Hồ|Nậm Khao|Tá Bạ|Ka Lăng|Mường Cang|' +
  'Phúc Than|Ta Gia|Tà Mung|Tà Hừa|Pha Mu|Hua Nà|Nậm Cần|Hố Mít|Thân Thuộc|Trung Đồng|Phúc Khoa|Nà Tăm|' +
  'Bản Hon|Bản Giang|Hồ Thầu|Thèn Sin|Sùng Phài|San Thàng|Nùng Nàng|Lản Nhì Thàng|Huổi Luông|Ma Ly Pho|' +
  'Mù Sang|Tung Qua Lìn|Mồ Sì San|Vàng Ma Chải|Bản Lang|Nậm Xe|Hoang Thèn|Tả Phìn|Phìn Hồ|Làng Mô|' +
  'Chăn Nưa|Pa Khóa|Nậm Hăn|Căn Co|Noong Hẻo|Lùng Thàng|Nậm Cha|Pa Vệ Sử|Mường Tùng|Nậm Manh|Nậm Ban|' +
  'Nậm Mạ Trên|Xà Dề Phìn'
).split('|');
const DISTRICTS = [
  'Mường Tè',
  'Nậm Nhùn',
  'Sìn Hồ',
  'Phong Thổ',
  'Tam Đường',
  'Lai Châu',
  'Tân Uyên',
  'Than Uyên',
];
const DISTRICT_CENTRES = [
  [102.62, 22.45],
  [102.98, 22.25],
  [103.22, 22.3],
  [103.33, 22.62],
  [103.55, 22.33],
  [103.45, 22.42],
  [103.75, 22.12],
  [103.86, 21.9],
];

const newCentres = spread(NAMES.length);
const oldCentres = [...newCentres, ...spread(OLD.length)];
const units = (level, names, centres, from, to, first) =>
  thiessen(centres).map((ring, i) => ({
    id: first + i,
    ring,
    centre: centres[i],
    geometry: polygon(ring),
    properties: {
      name: names[i],
      code: String(3300 + first + i).padStart(5, '0'),
      level,
      scheme: 'mock',
      valid_from: from,
      valid_to: to,
      area_km2: round(areaKm2(ring), 1),
    },
  }));
const districts = units('district', DISTRICTS, DISTRICT_CENTRES, '2004-01-01', '2025-06-30', 700);
const oldCommunes = units(
  'commune',
  [...NAMES, ...OLD],
  oldCentres,
  '2012-01-01',
  '2025-06-30',
  100,
);
const newCommunes = units('commune', NAMES, newCentres, '2025-07-01', null, 300);
const within = (list, at) => list.find(({ ring }) => inside(at, ring)) ?? null;
for (const commune of oldCommunes) {
  commune.properties.district = within(districts, commune.centre)?.properties.name ?? '';
  commune.properties.parent = within(districts, commune.centre)?.properties.code ?? '';
}
for (const commune of newCommunes) {
  commune.properties.district = '';
  commune.properties.parent = '12';
}
export const communesIn = (season, today) =>
  season === '2025-2026' || today ? newCommunes : oldCommunes;

const line = (points) => ({ type: 'MultiLineString', coordinates: [points] });
const borderLines = [
  {
    id: 1,
    geometry: line(north),
    properties: {
      level: 'country',
      name: 'Việt Nam – Trung Quốc',
      side_a: 'Việt Nam',
      side_b: 'Trung Quốc',
      km: 265.2,
    },
  },
  {
    id: 2,
    geometry: line(south),
    properties: {
      level: 'province',
      name: 'Lai Châu – tỉnh bên',
      side_a: 'Lai Châu',
      side_b: 'Điện Biên, Sơn La, Lào Cai',
      km: 535.6,
    },
  },
];
const strips = [north, south].map((edge, i) => ({
  id: i + 1,
  geometry: {
    type: 'MultiPolygon',
    coordinates: edge.slice(0, -1).map((a, k) => {
      const b = edge[k + 1];
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const length = Math.hypot(dx, dy) || 1;
      const [nx, ny] = [(dy / length) * 0.019, (-dx / length) * 0.019];
      return [[a, b, [b[0] + nx, b[1] + ny], [a[0] + nx, a[1] + ny], a]];
    }),
  },
  properties: { ...borderLines[i].properties, width_m: 2000 },
}));

const FOCI = [
  [102.58, 22.42, 0.05],
  [102.72, 22.34, 0.04],
  [103.2, 22.2, 0.05],
  [103.28, 22.6, 0.05],
  [103.84, 21.86, 0.035],
];
const addDays = (iso, days) =>
  new Date(Date.parse(iso) + days * 86400000).toISOString().slice(0, 10);
const daysTo = (iso, today) => Math.round((Date.parse(iso) - Date.parse(today)) / 86400000);

const AREAS = [15, 30, 45, 60, 90, 120, 150, 180, 230, 260, 310, 380, 420, 600, 900, 1400, 2000];
let plotNumber = 1000;
function plotsOf(season) {
  const year = Number(season.slice(0, 4)) + 1;
  const count = { '2023-2024': 58, '2024-2025': 41, '2025-2026': 47 }[season];
  const now = season === '2025-2026' ? TODAY : `${year}-06-30`;
  const out = [];
  while (out.length < count) {
    const focus = pick(FOCI);
    const at =
      random() < 0.75
        ? [focus[0] + normal() * focus[2], focus[1] + normal() * focus[2]]
        : somewhere();
    if (!inside(at, OUTLINE)) continue;
    const reported = addDays(`${year}-01-10`, Math.floor(random() * 58));
    const lancing = addDays(`${year}-02-10`, Math.floor(random() * 60));
    const area = random() < 0.08 ? null : pick(AREAS);
    const gone = random() < (season === '2025-2026' ? 0.62 : 0.93);
    const destroyed = gone ? addDays(reported, 2 + Math.floor(random() * 16)) : null;
    const happened = destroyed !== null && destroyed <= now;
    const verified = happened && random() < 0.6 ? addDays(destroyed, 6) : null;
    const rejected = random() < 0.05;
    const confirmed = random() < 0.8 ? addDays(reported, 1) : null;
    const word = rejected
      ? 'rejected'
      : happened
        ? verified !== null && verified <= now
          ? 'verified'
          : 'destroyed'
        : now > `${year}-06-29`
          ? 'lost'
          : lancing < now
            ? 'late'
            : confirmed
              ? 'confirmed'
              : 'reported';
    const commune = within(communesIn(season), at);
    out.push({
      id: plotNumber,
      at,
      geometry: { type: 'Point', coordinates: at.map((part) => round(part, 6)) },
      properties: {
        plot: `LC-${season.slice(2, 4)}-${plotNumber}`,
        season,
        state: word,
        kind: random() < 0.25 ? 'recultivated' : 'new',
        area_m2: area,
        area_method: area === null ? null : pick(['tape', 'gps-polygon', 'eye']),
        error_m: pick([5, 8, 12, 30]),
        reported_on: reported,
        confirmed_on: confirmed,
        lancing_on: lancing,
        days_to_lancing: happened || rejected ? null : daysTo(lancing, now),
        destroyed_on: happened ? destroyed : null,
        destroyed_m2: happened ? area : null,
        verified_on: word === 'verified' ? verified : null,
        in_time: happened ? destroyed <= lancing : null,
        commune: commune?.properties.name ?? null,
        district: commune?.properties.district ?? null,
        line_level: 'commune',
        line_m: round(50 + random() * 4000, 0),
        line_sides: commune ? `${commune.properties.name} – ${pick(NAMES)}` : null,
        on_the_line: random() < 0.1,
        plots: 1,
      },
    });
    plotNumber += 1;
  }
  return out;
}
const plots = Object.fromEntries(SEASONS.map((season) => [season, plotsOf(season)]));

const outlines = (season) =>
  plots[season]
    .filter(({ properties }) => properties.area_m2 > 200)
    .map((plot) => {
      const r = Math.sqrt(plot.properties.area_m2 / Math.PI) / 105000;
      const ring = Array.from({ length: 7 }, (_, i) => {
        const angle = (i / 7) * 2 * Math.PI;
        return [plot.at[0] + Math.cos(angle) * r * 1.2, plot.at[1] + Math.sin(angle) * r];
      });
      return {
        id: plot.id,
        geometry: polygon(ring),
        properties: {
          plot: plot.properties.plot,
          season,
          state: plot.properties.state,
          area_m2: plot.properties.area_m2,
        },
      };
    });

const DX = 0.00972;
const DY = 0.00903;
const cells = [];
for (let row = 0; BOX[1] + row * DY < BOX[3]; row += 1) {
  for (let col = 0; BOX[0] + col * DX < BOX[2]; col += 1) {
    const at = [BOX[0] + (col + 0.5) * DX, BOX[1] + (row + 0.5) * DY];
    if (inside(at, OUTLINE)) cells.push({ id: row * 1000 + col, row, col, at });
  }
}
const square = ([x, y]) =>
  polygon([
    [x - DX / 2, y - DY / 2],
    [x + DX / 2, y - DY / 2],
    [x + DX / 2, y + DY / 2],
    [x - DX / 2, y + DY / 2],
  ]);
const hexagon = ([x, y], row) =>
  polygon(
    Array.from({ length: 6 }, (_, i) => {
      const angle = (Math.PI / 3) * i + Math.PI / 6;
      return [
        x + (row % 2 ? DX / 2 : 0) + Math.cos(angle) * DX * 0.6,
        y + Math.sin(angle) * DY * 0.66,
      ];
    }),
  );

function tracksOf(season) {
  const year = Number(season.slice(0, 4)) + 1;
  return Array.from({ length: 46 }, (_, i) => {
    const focus = random() < 0.7 ? pick(FOCI) : [...somewhere(), 0.02];
    let at = [focus[0] + normal() * 0.03, focus[1] + normal() * 0.03];
    let heading = random() * 7;
    const path = [at];
    for (let step = 0; step < 40; step += 1) {
      heading += normal() * 0.5;
      const next = [at[0] + Math.cos(heading) * 0.0035, at[1] + Math.sin(heading) * 0.0035];
      if (!inside(next, OUTLINE)) {
        heading += 2;
        continue;
      }
      at = next;
      path.push(at.map((part) => round(part, 6)));
    }
    return {
      id: Number(season.slice(2, 4)) * 1000 + i,
      path,
      geometry: line(path),
      properties: {
        season,
        team: `Đội ${1 + (i % 6)}`,
        date: addDays(`${year}-02-15`, i + Math.floor(random() * 8)),
        km: round(path.length * 0.37, 1),
        sweep_width_m: 28,
        sweep_width_assumed: true,
      },
    };
  }).filter(({ path }) => path.length > 3);
}
const tracks = Object.fromEntries(SEASONS.map((season) => [season, tracksOf(season)]));

function cellFacts(season) {
  const effort = new Map();
  for (const track of tracks[season]) {
    const seen = new Set();
    for (const [x, y] of track.path) {
      const id = Math.floor((y - BOX[1]) / DY) * 1000 + Math.floor((x - BOX[0]) / DX);
      const entry = effort.get(id) ?? { km: 0, visits: 0, last: track.properties.date };
      entry.km += 0.37;
      if (!seen.has(id)) entry.visits += 1;
      seen.add(id);
      if (track.properties.date > entry.last) entry.last = track.properties.date;
      effort.set(id, entry);
    }
  }
  const found = new Map();
  for (const plot of plots[season]) {
    if (plot.properties.state === 'rejected') continue;
    const id =
      Math.floor((plot.at[1] - BOX[1]) / DY) * 1000 + Math.floor((plot.at[0] - BOX[0]) / DX);
    const entry = found.get(id) ?? { count: 0, area: 0 };
    entry.count += 1;
    entry.area += plot.properties.area_m2 ?? 0;
    found.set(id, entry);
  }
  return { effort, found };
}

function hotspotFacts({ cell, name, level, surveyed, count, area, around, z }) {
  const p = [0.62, 0.21, 0.03, 0.004, 0.0003][Math.min(4, around)];
  return {
    cell,
    name,
    class: surveyed ? ['none', 'hot-90', 'hot-95', 'hot-99'][level] : 'not-surveyed',
    status: surveyed ? 'tested' : 'not-surveyed',
    surveyed,
    domain: 'surveyed',
    count: surveyed ? count : null,
    area_m2: surveyed ? area : null,
    neighbourhood: surveyed ? around : null,
    neighbours: 8,
    gi_z: surveyed ? z : null,
    p: surveyed ? p : null,
    q: surveyed ? round(p * 3, 4) : null,
    simulated: true,
    reason_vi: !surveyed
      ? 'Chưa rà soát: không rõ có nương hay không.'
      : `${around} nương trong ô này và 8 ô quanh; nếu ngẫu nhiên thì ${around >= 3 ? 'hiếm khi nhiều như vậy' : 'cũng thường gặp'}.`,
    reason_en: !surveyed
      ? 'Not searched: whether there are plots is unknown.'
      : `${around} plots in this cell and the 8 around it; by chance this is ${around >= 3 ? 'rare' : 'common'}.`,
  };
}

function analysis(season, kind) {
  const { effort, found } = cellFacts(season);
  const year = Number(season.slice(0, 4)) + 1;
  const now = season === '2025-2026' ? TODAY : `${year}-06-30`;
  const hotspots = [];
  const coverage = [];
  for (const cell of cells) {
    const geometry = kind.startsWith('hexagon') ? hexagon(cell.at, cell.row) : square(cell.at);
    const own = found.get(cell.id) ?? { count: 0, area: 0 };
    let around = 0;
    for (let dr = -1; dr <= 1; dr += 1)
      for (let dc = -1; dc <= 1; dc += 1) around += found.get(cell.id + dr * 1000 + dc)?.count ?? 0;
    const work = effort.get(cell.id);
    const surveyed = work !== undefined || own.count > 0;
    const z = round((around - 0.04) / 0.42, 2);
    const level = !surveyed
      ? null
      : around >= 4
        ? 3
        : around === 3
          ? 2
          : around === 2 && own.count > 0
            ? 1
            : 0;
    const name = `3405-1000-E${200 + cell.col}-N${2400 + cell.row}`;
    hotspots.push({
      id: cell.id,
      geometry,
      properties: hotspotFacts({
        cell: name,
        name: null,
        level,
        surveyed,
        count: own.count,
        area: own.area,
        around,
        z,
      }),
    });
    const c = work ? (28 * work.km * 1000) / 1e6 : null;
    coverage.push({
      id: cell.id,
      geometry,
      properties: {
        cell: name,
        state: work ? 'searched' : own.count > 0 ? 'sighted' : 'unsearched',
        surveyed,
        visits: work?.visits ?? 0,
        last_visit: work?.last ?? null,
        days_since: work ? daysTo(now, work.last) : null,
        km: round(work?.km ?? 0, 2),
        footprint_share: c === null ? null : round(Math.min(1, c * 0.9), 3),
        c: c === null ? null : round(c, 3),
        pod: c === null ? null : round(1 - Math.exp(-c * 4), 3),
        pod_low: c === null ? null : round(1 - Math.exp(-c * 3), 3),
        pod_high: c === null ? null : round(1 - Math.exp(-c * 5), 3),
        reason_vi: work
          ? `${work.visits} lượt đi, ${round(work.km, 1)} km.`
          : 'Chưa ai rà soát trong niên vụ này.',
        reason_en: work
          ? `${work.visits} visits, ${round(work.km, 1)} km walked.`
          : 'Nobody searched here this season.',
      },
    });
  }
  return { hotspots, coverage };
}

function summary(season, today) {
  const cover = analysis(season, 'square:1000').coverage;
  return communesIn(season, today).map((commune) => {
    const own = plots[season].filter(
      ({ at, properties }) => properties.state !== 'rejected' && inside(at, commune.ring),
    );
    const sum = (list, name = 'area_m2') =>
      list.reduce((total, { properties }) => total + (properties[name] ?? 0), 0);
    const destroyed = own.filter(({ properties }) => properties.destroyed_on !== null);
    const verified = own.filter(({ properties }) => properties.state === 'verified');
    const inTime = own.filter(({ properties }) => properties.in_time === true);
    const [m2, gone, checked, early] = [sum(own), sum(destroyed), sum(verified), sum(inTime)];
    const ground = cover.filter((_, i) => inside(cells[i].at, commune.ring));
    const seen = ground.reduce((total, { properties }) => total + (properties.pod ?? 0), 0);
    const of = (part) => (m2 > 0 ? round(part / m2, 4) : null);
    const unmeasured = (list) =>
      list.filter(({ properties }) => properties.area_m2 === null).length;
    return {
      id: commune.id,
      geometry: commune.geometry,
      properties: {
        name: commune.properties.name,
        code: commune.properties.code,
        season,
        day: TODAY,
        plots: own.length,
        unmeasured: unmeasured(own),
        area_m2: m2,
        destroyed_plots: destroyed.length,
        destroyed_unmeasured: unmeasured(destroyed),
        destroyed_m2: gone,
        verified_plots: verified.length,
        verified_unmeasured: unmeasured(verified),
        verified_m2: checked,
        in_time_plots: inTime.length,
        in_time_unmeasured: unmeasured(inTime),
        in_time_m2: early,
        measured_m2: m2,
        claimed_share: of(gone),
        verified_share: of(checked),
        in_time_share: of(early),
        recultivated: own.filter(({ properties }) => properties.kind === 'recultivated').length,
        searched_m2: round(seen * 1e6, 0),
        ground_m2: ground.length * 1e6,
        searched_share: ground.length ? round(seen / ground.length, 4) : null,
        meetings: null,
        pledges: null,
        communes_visited: 21,
        communes: communesIn(season, today).length,
        plots_elsewhere: 0,
        simulated: true,
      },
    };
  });
}

const memo = new Map();
const once = (key, make) => {
  if (!memo.has(key)) memo.set(key, make());
  return memo.get(key);
};

/** The features of a layer in a season. */
export function features(layer, { season, cell, unitsOn }) {
  const today = unitsOn !== null;
  switch (layer) {
    case 'plots':
      return plots[season];
    case 'plot-outlines':
      return once(`o${season}`, () => outlines(season));
    case 'provinces':
      return [
        {
          id: 12,
          geometry: polygon(OUTLINE.slice(0, -1)),
          properties: {
            name: 'Lai Châu (giả định)',
            code: '12',
            level: 'province',
            valid_from: '2004-01-01',
            valid_to: null,
          },
        },
      ];
    case 'districts':
      return season === '2025-2026' || today ? [] : districts;
    case 'communes':
      return communesIn(season, today);
    case 'border-lines':
      return borderLines;
    case 'border-strips':
      return strips;
    case 'commune-summary':
      return once(`s${season}${today}`, () => summary(season, today));
    case 'hotspots':
      return cell === 'commune'
        ? communeHotspots(season, today)
        : once(`a${season}${cell}`, () => analysis(season, cell)).hotspots;
    case 'coverage':
      return once(`a${season}${cell}`, () => analysis(season, cell)).coverage;
    case 'patrol-tracks':
      return tracks[season];
    case 'weather-posts':
      return once('w', () =>
        Array.from({ length: 9 }, (_, i) => ({
          id: i + 1,
          geometry: { type: 'Point', coordinates: somewhere() },
          properties: { name: `Trạm ${i + 1}`, height_m: Math.floor(400 + random() * 1500) },
        })),
      );
    default:
      return null;
  }
}

const communeHotspots = (season, today) =>
  features('commune-summary', { season, unitsOn: today ? 'today' : null }).map(
    ({ id, geometry, properties }) => {
      const level =
        properties.plots >= 6 ? 3 : properties.plots >= 4 ? 2 : properties.plots >= 3 ? 1 : 0;
      return {
        id,
        geometry,
        properties: hotspotFacts({
          cell: properties.code,
          name: properties.name,
          level,
          surveyed: properties.searched_share > 0,
          count: properties.plots,
          area: properties.area_m2,
          around: properties.plots,
          z: level,
        }),
      };
    },
  );

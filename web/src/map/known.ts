import type { ExpressionSpecification } from 'maplibre-gl';
import { text } from '../lib/text.ts';
import {
  byZoom,
  get,
  MEDIUM,
  SEMIBOLD,
  type Drawing,
  type LegendEntry,
  type Stroke,
} from './drawing.ts';
import { HATCH, STRIP } from './pattern.ts';
import { density, displacement, hotspotAreas, recultivation } from './statistics.ts';
import type { Palette } from './theme.ts';

/** States of a plot in the order of its life, with what they are called. */
export const STATES = {
  reported: text('Đã báo, chưa xác nhận', 'Reported'),
  confirmed: text('Đã xác nhận, chưa phá', 'Confirmed, standing'),
  late: text('Quá ngày rạch nhựa, chưa phá', 'Past lancing, still standing'),
  destroyed: text('Đã phá (báo cáo)', 'Destroyed (claimed)'),
  verified: text('Đã phá, đã kiểm tra', 'Destroyed and verified'),
  lost: text('Hết vụ chưa phá', 'Not destroyed by season’s end'),
  rejected: text('Loại: không phải nương thuốc phiện', 'Rejected: no poppy plot'),
} as const;
export type State = keyof typeof STATES;
export const isState = (word: unknown): word is State => typeof word === 'string' && word in STATES;

export const stateColor = (palette: Palette, state: State): string =>
  state === 'reported' ? palette.standing : palette[state];

const matchState = (
  pick: (state: State) => string | number,
  otherwise: string | number,
): ExpressionSpecification =>
  [
    'match',
    get('state'),
    ...(Object.keys(STATES) as State[]).flatMap((state) => [state, pick(state)]),
    otherwise,
  ] as unknown as ExpressionSpecification;

const number = (name: string, otherwise: number): ExpressionSpecification => [
  'to-number',
  ['coalesce', get(name), otherwise],
];

/** √ of the area, so that the ink on the map grows as the ground does; 15 m² stays visible. */
const radius = (smallest: number, largest: number): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['sqrt', number('area_m2', 60)],
  4,
  smallest,
  45,
  largest,
];

const isCluster: ExpressionSpecification = ['>', number('plots', 1), 1];

function plots(palette: Palette): Drawing {
  const open = (state: State) => state === 'destroyed' || state === 'rejected';
  const strokes: Stroke[] = [
    {
      id: 'plots:halo',
      type: 'circle',
      filter: ['all', ['!', isCluster], ['==', get('state'), 'late']],
      paint: {
        'circle-color': palette.late,
        'circle-opacity': 0.22,
        'circle-radius': byZoom([7, radius(7, 12)], [14, radius(13, 26)]),
      },
    },
    {
      id: 'plots:point',
      type: 'circle',
      filter: ['!', isCluster],
      layout: {
        'circle-sort-key': matchState(
          (state) =>
            ({
              rejected: 0,
              verified: 1,
              destroyed: 2,
              lost: 4,
              reported: 5,
              confirmed: 6,
              late: 7,
            })[state],
          3,
        ),
      },
      paint: {
        'circle-color': matchState(
          (state) => (open(state) ? palette.paper : stateColor(palette, state)),
          palette.lost,
        ),
        'circle-radius': byZoom([7, radius(2.8, 6)], [10, radius(4, 9.5)], [14, radius(7, 20)]),
        'circle-stroke-color': matchState(
          (state) => (open(state) ? stateColor(palette, state) : palette.paper),
          palette.paper,
        ),
        'circle-stroke-width': byZoom(
          [7, matchState((state) => (open(state) ? 1.5 : 0.8), 1)],
          [12, matchState((state) => (open(state) ? 2.6 : 1.5), 1.5)],
        ),
      },
    },
    {
      id: 'plots:cluster',
      type: 'circle',
      filter: isCluster,
      paint: {
        'circle-color': matchState(
          (state) => (open(state) ? palette.paper : stateColor(palette, state)),
          palette.ink,
        ),
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['ln', number('plots', 2)],
          0.7,
          8.5,
          3,
          13,
          9,
          26,
        ],
        'circle-stroke-color': matchState(
          (state) => (open(state) ? stateColor(palette, state) : palette.paper),
          palette.paper,
        ),
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'plots:count',
      type: 'symbol',
      filter: isCluster,
      layout: {
        'text-field': ['to-string', get('plots')],
        'text-font': SEMIBOLD,
        'text-size': 11,
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: {
        'text-color': matchState(
          (state) =>
            open(state)
              ? stateColor(palette, state)
              : ['reported', 'confirmed'].includes(state)
                ? palette.onBright
                : palette.paper,
          palette.paper,
        ),
      },
    },
  ];
  const mark = (state: State): LegendEntry => ({
    kind: 'circle',
    colors: [open(state) ? palette.paper : stateColor(palette, state)],
    edge: open(state) ? stateColor(palette, state) : palette.paper,
    size: 11,
    label: STATES[state],
  });
  return {
    height: 80,
    on: true,
    answers: 100,
    group: 'facts',
    strokes,
    legend: [
      ...(Object.keys(STATES) as State[]).map(mark),
      {
        kind: 'count',
        colors: [palette.confirmed],
        edge: palette.onBright,
        label: text(
          'Nhiều nương gần nhau, màu của nương cần gấp nhất',
          'Several plots, in the colour of the most urgent',
        ),
      },
    ],
  };
}

function plotOutlines(palette: Palette): Drawing {
  const color = matchState((state) => stateColor(palette, state), palette.lost);
  return {
    height: 60,
    on: true,
    answers: 95,
    group: 'facts',
    strokes: [
      {
        id: 'plot-outlines:fill',
        type: 'fill',
        minzoom: 12,
        paint: { 'fill-color': color, 'fill-opacity': 0.3 },
      },
      {
        id: 'plot-outlines:line',
        type: 'line',
        minzoom: 12,
        paint: { 'line-color': color, 'line-width': byZoom([12, 1], [16, 2.5]) },
      },
    ],
    legend: [
      {
        kind: 'fill',
        colors: [palette.confirmed],
        edge: palette.confirmed,
        label: text(
          'Đường bao đã đo (màu theo trạng thái; khi phóng to)',
          'Surveyed outline (colour by state; zoom in)',
        ),
      },
    ],
  };
}

/** Classes of a hotspot layer, hottest first. */
export const CLASSES = {
  'hot-99': text('Điểm nóng, rất chắc chắn (FDR 1 %)', 'Hotspot, very sure (FDR 1 %)'),
  'hot-95': text('Điểm nóng, chắc chắn (FDR 5 %)', 'Hotspot, sure (FDR 5 %)'),
  'hot-90': text('Có thể là điểm nóng (FDR 10 %)', 'Perhaps a hotspot (FDR 10 %)'),
  none: text('Chưa phải điểm nóng', 'No hotspot'),
  'cold-90': text('Có thể ít hơn nơi khác (FDR 10 %)', 'Perhaps fewer than elsewhere (FDR 10 %)'),
  'cold-95': text('Ít nương hơn nơi khác (FDR 5 %)', 'Fewer than elsewhere (FDR 5 %)'),
  'cold-99': text('Ít nương hơn nơi khác (FDR 1 %)', 'Fewer than elsewhere (FDR 1 %)'),
  'not-surveyed': text('Chưa rà soát: không rõ', 'Not searched: unknown'),
} as const;
export type Class = keyof typeof CLASSES;
export const isClass = (word: unknown): word is Class =>
  typeof word === 'string' && word in CLASSES;

export function classColor(palette: Palette, word: Class): string {
  const colors: Record<Class, string> = {
    'hot-99': palette.hot[2],
    'hot-95': palette.hot[1],
    'hot-90': palette.hot[0],
    none: palette.occupied,
    'cold-90': palette.cold[0],
    'cold-95': palette.cold[1],
    'cold-99': palette.cold[2],
    'not-surveyed': palette.hatch,
  };
  return colors[word];
}

function hotspots(palette: Palette): Drawing {
  const word = get('class');
  const hot: ExpressionSpecification = ['match', word, ['hot-99', 'hot-95', 'hot-90'], true, false];
  const shown: ExpressionSpecification = [
    'any',
    ['match', word, ['none', 'not-surveyed'], false, true],
    ['>', number('count', 0), 0],
    ['all', ['==', word, 'none'], ['>', number('gi_z', 0), 0.5]],
  ];
  const [low, middle, high] = palette.unsure;
  const color = [
    'match',
    word,
    ...(Object.keys(CLASSES) as Class[])
      .filter((known) => known !== 'none')
      .flatMap((known) => [known, classColor(palette, known)]),
    ['interpolate', ['linear'], number('gi_z', 0), 0, low, 2, middle, 5, high],
  ] as unknown as ExpressionSpecification;
  const entry = (known: Class): LegendEntry => ({
    kind: known === 'not-surveyed' ? 'hatch' : 'fill',
    colors: [classColor(palette, known)],
    label: CLASSES[known],
  });
  return {
    height: 32,
    on: true,
    answers: 60,
    group: 'analysis',
    strokes: [
      {
        id: 'hotspots:unsearched',
        type: 'fill',
        // Where a season has no search data at all, an empty cell is as unknown as any.
        filter: [
          'any',
          ['==', word, 'not-surveyed'],
          ['all', ['==', get('domain'), 'assumed_all'], ['<=', number('count', 0), 0]],
        ],
        paint: {
          'fill-pattern': HATCH,
          'fill-opacity': byZoom([7, 0.35], [11, 0.5]),
          'fill-antialias': false,
        },
      },
      {
        // A square kilometre is a few pixels on a map of the province: a glow makes it seen.
        id: 'hotspots:glow',
        type: 'line',
        filter: hot,
        maxzoom: 11,
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': color,
          'line-width': byZoom([7, 9], [11, 16]),
          'line-blur': byZoom([7, 8], [11, 14]),
          'line-opacity': byZoom([8, 0.7], [10, 0.45], [11, 0]),
        },
      },
      {
        id: 'hotspots:fill',
        type: 'fill',
        filter: shown,
        paint: { 'fill-color': color, 'fill-opacity': 0.85, 'fill-antialias': false },
      },
      {
        id: 'hotspots:line',
        type: 'line',
        filter: shown,
        minzoom: 9.5,
        paint: {
          'line-color': palette.land,
          'line-width': byZoom([9.5, 0.3], [12, 1.2]),
          'line-opacity': 0.9,
        },
      },
    ],
    legend: [
      entry('hot-99'),
      entry('hot-95'),
      {
        kind: 'fill',
        colors: palette.unsure,
        label: text(
          'Nhiều hơn nơi khác nhưng chưa chắc (đậm: Gi* cao)',
          'More than elsewhere, not surely (deeper: higher Gi*)',
        ),
      },
      entry('cold-95'),
      entry('not-surveyed'),
    ],
  };
}

/** Where the shades of detection change. A day's walk through a square kilometre is worth about 5 %. */
const POD_STEPS = [0.02, 0.05, 0.1, 0.25] as const;

/** Where the shades of found area change, in m². */
const AREA_STEPS = [500, 2000, 5000, 10000] as const;

/** A colour for each step of a measure. */
const steps = (
  measure: ExpressionSpecification,
  colors: readonly string[],
  limits: readonly number[],
): ExpressionSpecification =>
  [
    'step',
    measure,
    colors[0],
    ...limits.flatMap((limit, i) => [limit, colors[i + 1]]),
  ] as unknown as ExpressionSpecification;

/** The shade of a probability of detection. */
export const podColor = (palette: Palette, pod: number): string =>
  palette.pod[POD_STEPS.filter((limit) => pod >= limit).length] ?? palette.pod[4];

function coverage(palette: Palette): Drawing {
  const state = (word: string): ExpressionSpecification => ['==', get('state'), word];
  return {
    height: 30,
    on: false,
    answers: 50,
    group: 'analysis',
    strokes: [
      {
        id: 'coverage:fill',
        type: 'fill',
        filter: ['any', state('searched'), state('sighted')],
        paint: {
          'fill-color': [
            'case',
            state('sighted'),
            palette.occupied,
            steps(number('pod', 0), palette.pod, POD_STEPS),
          ],
          'fill-opacity': 0.92,
          'fill-antialias': false,
        },
      },
      {
        id: 'coverage:unsearched',
        type: 'fill',
        filter: ['!', ['any', state('searched'), state('sighted')]],
        paint: {
          'fill-pattern': HATCH,
          'fill-opacity': byZoom([7, 0.6], [11, 0.8]),
          'fill-antialias': false,
        },
      },
    ],
    legend: [
      {
        kind: 'ramp',
        colors: palette.pod,
        ticks: POD_STEPS.map((step) => step * 100),
        label: text(
          'Nếu có nương thì khả năng đã phát hiện, %',
          'Chance that a plot there would have been found, %',
        ),
      },
      {
        kind: 'fill',
        colors: [palette.occupied],
        label: text('Có phát hiện, không có tuần tra', 'A sighting, but no patrol'),
      },
      {
        kind: 'hatch',
        colors: [palette.hatch],
        label: text('Chưa rà soát: không rõ', 'Not searched: unknown'),
      },
    ],
  };
}

function communeSummary(palette: Palette): Drawing {
  const area = number('area_m2', 0);
  return {
    height: 22,
    on: false,
    answers: 40,
    group: 'analysis',
    strokes: [
      {
        id: 'commune-summary:fill',
        type: 'fill',
        paint: {
          'fill-color': [
            'case',
            ['<=', area, 0],
            'rgba(0,0,0,0)',
            steps(area, palette.amount, AREA_STEPS),
          ],
          'fill-opacity': 0.85,
        },
      },
    ],
    legend: [
      {
        kind: 'ramp',
        colors: palette.amount,
        ticks: AREA_STEPS,
        label: text('Diện tích phát hiện, m²', 'Area found, m²'),
      },
    ],
  };
}

function provinces(palette: Palette): Drawing {
  return {
    height: 10,
    on: true,
    answers: 0,
    group: 'ground',
    strokes: [{ id: 'provinces:fill', type: 'fill', paint: { 'fill-color': palette.land } }],
    legend: [
      {
        kind: 'fill',
        colors: [palette.land],
        edge: palette.landEdge,
        label: text('Trong tỉnh', 'Inside the province'),
      },
    ],
  };
}

function districts(palette: Palette): Drawing {
  return {
    height: 52,
    on: true,
    answers: 10,
    group: 'ground',
    strokes: [
      {
        id: 'districts:line',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.district,
          'line-width': byZoom([7, 0.7], [12, 1.8]),
          'line-dasharray': [5, 2, 1, 2],
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.district],
        dash: [6, 2, 1, 2],
        width: 1.3,
        label: text('Huyện (đến 30/6/2025)', 'District (until 30 June 2025)'),
      },
    ],
  };
}

function communes(palette: Palette): Drawing {
  return {
    height: 50,
    on: true,
    answers: 20,
    group: 'ground',
    strokes: [
      // Nothing to see, but a click anywhere in a commune finds it.
      { id: 'communes:ground', type: 'fill', paint: { 'fill-color': 'rgba(0,0,0,0)' } },
      {
        id: 'communes:line',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.commune,
          'line-width': byZoom([7, 0.5], [12, 1.4]),
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.commune],
        width: 1,
        label: text('Xã, phường', 'Commune, ward'),
      },
    ],
  };
}

function borderLines(palette: Palette): Drawing {
  const level = (word: string): ExpressionSpecification => ['==', get('level'), word];
  return {
    height: 54,
    on: true,
    answers: 30,
    group: 'ground',
    strokes: [
      {
        id: 'border-lines:national-band',
        type: 'line',
        filter: ['any', level('country'), level('national')],
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: {
          'line-color': palette.nationalBand,
          'line-width': byZoom([6, 5], [12, 12]),
          'line-opacity': 0.4,
        },
      },
      {
        id: 'border-lines:province',
        type: 'line',
        filter: level('province'),
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.province,
          'line-width': byZoom([6, 1], [12, 2.2]),
          'line-dasharray': [6, 2, 1.5, 2],
        },
      },
      {
        id: 'border-lines:national',
        type: 'line',
        filter: ['any', level('country'), level('national')],
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.national,
          'line-width': byZoom([6, 1.3], [12, 2.6]),
          'line-dasharray': [6, 1.5, 1, 1.5, 1, 1.5],
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.national],
        edge: palette.nationalBand,
        dash: [7, 2, 1, 2, 1, 2],
        width: 2,
        label: text('Biên giới quốc gia', 'National border'),
      },
      {
        kind: 'line',
        colors: [palette.province],
        dash: [7, 2, 2, 2],
        width: 1.6,
        label: text('Địa giới tỉnh', 'Province line'),
      },
    ],
  };
}

function borderStrips(palette: Palette): Drawing {
  // Strips along communes would cover nearly everything: they wait until the map is near.
  const wide: ExpressionSpecification = ['!=', get('level'), 'commune'];
  return {
    height: 28,
    on: false,
    answers: 35,
    group: 'ground',
    strokes: [
      {
        id: 'border-strips:communes',
        type: 'fill',
        minzoom: 9.5,
        filter: ['!', wide],
        paint: { 'fill-color': palette.strip, 'fill-opacity': 0.12, 'fill-antialias': false },
      },
      {
        id: 'border-strips:fill',
        type: 'fill',
        filter: wide,
        paint: { 'fill-color': palette.strip, 'fill-opacity': 0.14, 'fill-antialias': false },
      },
      {
        id: 'border-strips:hatch',
        type: 'fill',
        filter: wide,
        paint: { 'fill-pattern': STRIP, 'fill-opacity': 0.5, 'fill-antialias': false },
      },
    ],
    legend: [
      {
        kind: 'hatch',
        colors: [palette.strip],
        label: text(
          'Dải giáp ranh tỉnh, huyện, quốc gia',
          'Along national, province, district lines',
        ),
      },
      {
        kind: 'fill',
        colors: [palette.strip],
        edge: palette.strip,
        label: text('Dải giáp ranh xã (khi phóng to)', 'Along commune lines (zoom in)'),
      },
    ],
  };
}

function patrolTracks(palette: Palette): Drawing {
  return {
    height: 56,
    on: false,
    answers: 70,
    group: 'facts',
    strokes: [
      {
        id: 'patrol-tracks:casing',
        type: 'line',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: {
          'line-color': palette.land,
          'line-width': byZoom([8, 2], [14, 5]),
          'line-opacity': 0.7,
        },
      },
      {
        id: 'patrol-tracks:line',
        type: 'line',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: {
          'line-color': palette.track,
          'line-width': byZoom([8, 0.9], [14, 2.6]),
          'line-opacity': 0.85,
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.track],
        width: 2,
        label: text('Đường đã tuần tra', 'Walked by patrols'),
      },
    ],
  };
}

/** The layers that are drawn by hand, by the id in the catalogue. */
export const KNOWN: Readonly<Record<string, (palette: Palette) => Drawing>> = {
  plots,
  'plot-outlines': plotOutlines,
  hotspots,
  'hotspot-areas': hotspotAreas,
  density,
  coverage,
  recultivation,
  displacement,
  'commune-summary': communeSummary,
  'patrol-tracks': patrolTracks,
  provinces,
  districts,
  communes,
  'border-lines': borderLines,
  'border-strips': borderStrips,
};

/** Names of communes and districts, each once, at its middle. */
export function labels(palette: Palette): Stroke[] {
  return [
    {
      id: 'labels:communes',
      type: 'symbol',
      minzoom: 7.8,
      filter: ['==', get('level'), 'commune'],
      layout: {
        'text-field': get('name'),
        'text-font': MEDIUM,
        'text-size': byZoom([8, 10.5], [10, 12.5], [13, 15]),
        'text-max-width': 7,
        'text-padding': 4,
        'symbol-sort-key': ['-', 0, number('size', 0)],
      },
      paint: {
        'text-color': palette.label,
        'text-halo-color': palette.halo,
        'text-halo-width': 1.6,
        'text-halo-blur': 0.4,
      },
    },
    {
      id: 'labels:districts',
      type: 'symbol',
      maxzoom: 10.5,
      filter: ['==', get('level'), 'district'],
      layout: {
        'text-field': ['upcase', get('name')],
        'text-font': SEMIBOLD,
        'text-size': byZoom([6, 9.5], [9, 12.5]),
        'text-letter-spacing': 0.14,
        'text-max-width': 9,
        'text-padding': 6,
      },
      paint: {
        'text-color': palette.labelSoft,
        'text-halo-color': palette.halo,
        'text-halo-width': 1.6,
      },
    },
  ];
}

/** What lies over the rest of the world, and the shadow of the land on it. */
export function mask(palette: Palette): Stroke[] {
  return [
    {
      id: 'mask:outside',
      type: 'fill',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': palette.outside },
    },
    {
      id: 'mask:shade',
      type: 'line',
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.landEdge,
        'line-width': byZoom([6, 8], [12, 16]),
        'line-offset': byZoom([6, 3], [12, 6]),
        'line-blur': byZoom([6, 7], [12, 14]),
        'line-opacity': 0.6,
      },
    },
  ];
}

import type { ExpressionSpecification } from 'maplibre-gl';
import { text } from '../../lib/text.ts';
import { byZoom, get, SEMIBOLD, type Drawing, type LegendEntry, type Stroke } from '../drawing.ts';
import { number } from '../expressions.ts';
import type { Palette } from '../theme.ts';

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

/** How large the badge of several plots is, in pixels. */
const badge = (scale: number): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['ln', number('plots', 2)],
  0.7,
  8.5 * scale,
  3,
  13 * scale,
  9,
  26 * scale,
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

export function plots(palette: Palette): Drawing {
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
      layout: { 'circle-sort-key': number('plots', 2) },
      paint: {
        'circle-color': matchState(
          (state) => (open(state) ? palette.paper : stateColor(palette, state)),
          palette.ink,
        ),
        // A whole province on a phone has little room between them.
        'circle-radius': byZoom([7.5, badge(0.8)], [9, badge(1)]),
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
        'text-size': byZoom([7.5, 10], [9, 11]),
        // Of badges that overlap, the number of the greatest is read; names make way for all of them.
        'symbol-sort-key': ['-', 0, number('plots', 2)],
        'text-padding': 0,
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

export function plotOutlines(palette: Palette): Drawing {
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

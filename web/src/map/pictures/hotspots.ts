import type { ExpressionSpecification } from 'maplibre-gl';
import { text, type Text } from '../../lib/text.ts';
import {
  byZoom,
  entryOf,
  type Chosen,
  type Drawing,
  type LegendEntry,
  type Sort,
} from '../drawing.ts';
import { colorOf, edgeOf, is, isOneOf, number } from '../expressions.ts';
import { HATCH } from '../pattern.ts';
import type { Palette } from '../theme.ts';
import { TRENDS, trendSorts } from './trend.ts';

/** Whether classes through several seasons are shown, not those of one. */
export const isSpan = (chosen: Chosen): boolean => chosen('season')?.includes('/') ?? false;

/** At which rate a class was found, and what was controlled at that rate. */
function at(said: Text, alone: Text, rate: number, chosen: Chosen): Text {
  const adjust = chosen('adjust');
  // A number and its sign stay on one line.
  const percent = `${rate}\u00a0%`;
  if (adjust === 'none') {
    return text(
      `${alone.vi} (p\u00a0${percent}, xét riêng từng ô)`,
      `${alone.en} (p\u00a0${percent}, each cell by itself)`,
    );
  }
  const control = adjust === 'bonferroni' || adjust === 'holm' ? 'FWER' : 'FDR';
  return text(`${said.vi} (${control}\u00a0${percent})`, `${said.en} (${control}\u00a0${percent})`);
}

const HOT = text('Điểm nóng', 'Hotspot');
const MANY = text('Nhiều khác thường', 'Unusually many');
const FEW = text('Ít hơn nơi khác', 'Fewer than elsewhere');
const FEW_ALONE = text('Ít khác thường', 'Unusually few');
const MUCH_AMONG_MUCH = text('Nhiều, quanh đó cũng nhiều', 'High among high');
const LITTLE_AMONG_LITTLE = text('Ít, quanh đó cũng ít', 'Low among low');

/** The classes of one season. */
function classes(palette: Palette, chosen: Chosen): Sort[] {
  const moran = chosen('method') === 'moran';
  const said = (word: string, color: string, label: Text): Sort => ({
    words: [word],
    kind: 'fill',
    color,
    label,
  });
  const hot = moran ? MUCH_AMONG_MUCH : HOT;
  const cold = moran ? LITTLE_AMONG_LITTLE : FEW;
  const [manyAlone, fewAlone] = moran ? [MUCH_AMONG_MUCH, LITTLE_AMONG_LITTLE] : [MANY, FEW_ALONE];
  const sorts: Sort[] = [
    said('hot-99', palette.hot[2], at(hot, manyAlone, 1, chosen)),
    said('hot-95', palette.hot[1], at(hot, manyAlone, 5, chosen)),
    said('hot-90', palette.hot[0], at(hot, manyAlone, 10, chosen)),
    said('cold-90', palette.cold[0], at(cold, fewAlone, 10, chosen)),
    said('cold-95', palette.cold[1], at(cold, fewAlone, 5, chosen)),
    said('cold-99', palette.cold[2], at(cold, fewAlone, 1, chosen)),
  ];
  if (moran) {
    const [much, little] = palette.unlike;
    sorts.push(
      {
        ...said('high-low', much, text('Nhiều, quanh đó lại ít', 'High among low')),
        edge: palette.ink,
      },
      {
        ...said('low-high', little, text('Ít, quanh đó lại nhiều', 'Low among high')),
        edge: palette.ink,
      },
    );
  }
  return sorts;
}

/** What is not known. */
function unknown(palette: Palette, chosen: Chosen): Sort {
  const measured = ['area', 'rate'].includes(chosen('value') ?? '');
  return {
    words: ['not-surveyed', 'unknown'],
    kind: 'hatch',
    color: palette.hatch,
    label: measured
      ? text('Chưa rà soát hoặc chưa đo: không rõ', 'Not searched or not measured: unknown')
      : text('Chưa rà soát: không rõ', 'Not searched: unknown'),
  };
}

/** Where nothing stands out. */
const none = (palette: Palette): Sort => ({
  words: ['none'],
  kind: 'fill',
  color: palette.occupied,
  label: text('Chưa chứng tỏ khác ngẫu nhiên', 'Not shown to differ from chance'),
});

/** The property that tells the sorts of hotspots apart. */
export const hotspotProperty = (chosen: Chosen): 'trend' | 'class' =>
  isSpan(chosen) ? 'trend' : 'class';

/** Everything that a cell can be. */
export function hotspotSorts(palette: Palette, chosen: Chosen): Sort[] {
  const own = isSpan(chosen) ? trendSorts(palette) : classes(palette, chosen);
  return [...own, none(palette), unknown(palette, chosen)];
}

/** Whether a cell is hot in what is shown: that season, or those seasons. */
export const isHot = (chosen: Chosen): ExpressionSpecification =>
  isSpan(chosen)
    ? isOneOf(
        'trend',
        Object.keys(TRENDS).filter((word) => word.endsWith('-hot')),
      )
    : isOneOf('class', ['hot-99', 'hot-95', 'hot-90']);

export function hotspots(palette: Palette, chosen: Chosen): Drawing {
  const span = isSpan(chosen);
  const name = hotspotProperty(chosen);
  const sorts = span ? trendSorts(palette) : classes(palette, chosen);
  const hidden = unknown(palette, chosen);
  const gi = !span && ['gistar', 'gi', null].includes(chosen('method'));
  const hot = isHot(chosen);
  const standsOut: ExpressionSpecification = isOneOf(
    name,
    sorts.flatMap(({ words }) => words),
  );
  const occupied: ExpressionSpecification = ['>', number('count', 0), 0];
  const raised: ExpressionSpecification = [
    'all',
    is('class', 'none'),
    ['>', number('gi_z', 0), 0.5],
  ];
  const shown: ExpressionSpecification = [
    'all',
    ['!', isOneOf('class', hidden.words)],
    gi ? ['any', standsOut, occupied, raised] : ['any', standsOut, occupied],
  ];
  const [low, middle, high] = palette.unsure;
  const rest: ExpressionSpecification | string = gi
    ? ['interpolate', ['linear'], number('gi_z', 0), 0, low, 2, middle, 5, high]
    : palette.occupied;
  const color = colorOf(name, sorts, rest);
  const statistic = chosen('method') === 'gi' ? 'Gi' : 'Gi*';
  const restEntry: LegendEntry = gi
    ? {
        kind: 'fill',
        colors: palette.unsure,
        label: text(
          `Nhiều hơn nơi khác, chưa vượt mức trên (đậm: ${statistic} cao)`,
          `More than elsewhere, below these levels (deeper: higher ${statistic})`,
        ),
      }
    : {
        kind: 'fill',
        colors: [palette.occupied],
        label: span
          ? text('Có nương, chưa đủ niên vụ để so', 'Plots, too few seasons to tell')
          : text('Có nương, không khác mức ngẫu nhiên', 'Plots, as chance would have them'),
      };
  // At the rates asked for nothing is ever of the weakest classes.
  const told = sorts.filter(({ words }) => !words.some((word) => /-90$/.test(word)));
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
          isOneOf('class', hidden.words),
          ['all', is('domain', 'assumed_all'), ['<=', number('count', 0), 0]],
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
      {
        // Above the lines of boundaries; the view puts it below the plots, whose numbers must be read.
        id: 'hotspots:over',
        type: 'line',
        filter: hot,
        maxzoom: 12,
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.halo,
          'line-width': byZoom([7, 4.4], [11, 5]),
          'line-opacity': byZoom([11, 0.9], [12, 0]),
        },
      },
      {
        id: 'hotspots:over-line',
        type: 'line',
        filter: hot,
        maxzoom: 12,
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': color,
          'line-width': byZoom([7, 2.4], [11, 2.6]),
          'line-opacity': byZoom([11, 1], [12, 0]),
        },
      },
      {
        // Cells unlike what lies around them have an edge as well: it needs no eye for colours.
        id: 'hotspots:edge',
        type: 'line',
        filter: isOneOf('class', ['high-low', 'low-high']),
        paint: {
          'line-color': edgeOf(name, sorts, palette.ink),
          'line-width': byZoom([7, 0.8], [12, 1.8]),
        },
      },
    ],
    legend: [...told.map(entryOf), restEntry, entryOf(hidden)],
  };
}

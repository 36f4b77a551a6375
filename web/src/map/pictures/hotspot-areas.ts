import { text } from '../../lib/text.ts';
import { byZoom, entryOf, type Chosen, type Drawing, type Sort } from '../drawing.ts';
import { colorOf, isOneOf } from '../expressions.ts';
import type { Palette } from '../theme.ts';

/** What an area can be: a finding of a test, or only plots that lie together. */
export function areaSorts(palette: Palette): Sort[] {
  const sort = (word: string, color: string, label: Sort['label']): Sort => ({
    words: [word],
    kind: 'fill',
    color,
    edge: color,
    label,
  });
  return [
    sort(
      'hot-99',
      palette.hot[2],
      text('Khu vực nóng (FDR\u00a01\u00a0%)', 'Hot area (FDR\u00a01\u00a0%)'),
    ),
    sort(
      'hot-95',
      palette.hot[1],
      text('Khu vực nóng (FDR\u00a05\u00a0%)', 'Hot area (FDR\u00a05\u00a0%)'),
    ),
    sort(
      'hot-90',
      palette.hot[0],
      text('Khu vực nóng (FDR\u00a010\u00a0%)', 'Hot area (FDR\u00a010\u00a0%)'),
    ),
    sort(
      'significant',
      palette.hot[2],
      text('Cụm ô có nhiều nương hơn mức ngẫu nhiên', 'Cells together with more than chance gives'),
    ),
    sort(
      'group',
      palette.group,
      text('Nhóm nương gần nhau (không phải phép thử)', 'Plots close together (no test)'),
    ),
    sort(
      'densest-50',
      palette.group,
      text('Nơi chứa nửa mật độ (không phải phép thử)', 'Half of the density (no test)'),
    ),
  ];
}

/** What each method can find, in the order of the legend. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  cells: ['hot-99', 'hot-95'],
  scan: ['significant'],
  dbscan: ['group'],
  hdbscan: ['group'],
  density: ['densest-50'],
};

/** The zoom from which dashes can be told from the areas that they go around. */
const DASHES_FROM = 10;

/** What no test has found. */
const UNTESTED = ['group', 'densest-50'];

export function hotspotAreas(palette: Palette, chosen: Chosen): Drawing {
  const sorts = areaSorts(palette);
  const found = FOUND[chosen('method') ?? 'cells'];
  const told = sorts.filter(({ words }) => found?.some((word) => words.includes(word)) ?? true);
  const color = colorOf('class', sorts, palette.group);
  return {
    height: 46,
    on: false,
    answers: 65,
    group: 'analysis',
    strokes: [
      {
        id: 'hotspot-areas:fill',
        type: 'fill',
        paint: { 'fill-color': color, 'fill-opacity': 0.14 },
      },
      {
        id: 'hotspot-areas:casing',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.land,
          'line-width': byZoom([7, 3.8], [12, 5.4]),
          'line-opacity': 0.85,
        },
      },
      {
        id: 'hotspot-areas:line',
        type: 'line',
        filter: ['!', isOneOf('class', UNTESTED)],
        layout: { 'line-join': 'round' },
        paint: { 'line-color': color, 'line-width': byZoom([7, 2], [12, 2.8]) },
      },
      {
        // On a map of the province an area may be smaller than a dash.
        id: 'hotspot-areas:specks',
        type: 'line',
        filter: isOneOf('class', UNTESTED),
        maxzoom: DASHES_FROM,
        layout: { 'line-join': 'round' },
        paint: { 'line-color': color, 'line-width': byZoom([7, 2], [12, 2.8]) },
      },
      {
        // What is no test has an edge of its own, too.
        id: 'hotspot-areas:dashes',
        type: 'line',
        filter: isOneOf('class', UNTESTED),
        minzoom: DASHES_FROM,
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': color,
          'line-width': byZoom([7, 1.8], [12, 2.6]),
          'line-dasharray': [3, 1.6],
        },
      },
    ],
    legend: told.map(entryOf),
  };
}

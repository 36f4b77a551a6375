import type { ExpressionSpecification } from 'maplibre-gl';
import { text, type Text } from '../lib/text.ts';
import { byZoom, get, type Drawing, type LegendEntry } from './drawing.ts';
import { HATCH } from './pattern.ts';
import type { Palette } from './theme.ts';

const is = (name: string, word: string): ExpressionSpecification => ['==', get(name), word];

/** A colour for each word, another one for the rest. */
const matched = (
  name: string,
  pairs: readonly (readonly [string, string | number])[],
  otherwise: string | number,
): ExpressionSpecification =>
  ['match', get(name), ...pairs.flat(), otherwise] as unknown as ExpressionSpecification;

const fills = (
  pairs: readonly (readonly [string, string])[],
  words: readonly Text[],
): LegendEntry[] =>
  pairs.map(([, color], i) => ({ kind: 'fill', colors: [color], label: words[i] ?? text('', '') }));

/** Where most of the plots lie, or where there are more than the season before. */
export function density(palette: Palette): Drawing {
  const shades: [string, string][] = [
    ['densest-25', palette.amount[4]],
    ['densest-50', palette.amount[3]],
    ['densest-75', palette.amount[2]],
    ['densest-95', palette.amount[0]],
  ];
  const changes: [string, string][] = [
    ['grew', palette.hot[1]],
    ['shrank', palette.cold[1]],
  ];
  return {
    height: 31,
    on: false,
    answers: 45,
    group: 'analysis',
    strokes: [
      {
        id: 'density:unsearched',
        type: 'fill',
        filter: is('class', 'not-surveyed'),
        paint: { 'fill-pattern': HATCH, 'fill-opacity': 0.35, 'fill-antialias': false },
      },
      {
        id: 'density:fill',
        type: 'fill',
        filter: ['!', ['match', get('class'), ['not-surveyed', 'no-answer'], true, false]],
        // The smallest ground lies on top: it is drawn last.
        layout: {
          'fill-sort-key': matched(
            'class',
            [
              ['densest-95', 1],
              ['densest-75', 2],
              ['densest-50', 3],
              ['densest-25', 4],
            ],
            5,
          ),
        },
        paint: {
          'fill-color': matched('class', [...shades, ...changes], palette.occupied),
          'fill-opacity': 0.72,
        },
      },
      {
        id: 'density:line',
        type: 'line',
        filter: ['!', ['match', get('class'), ['not-surveyed', 'no-answer'], true, false]],
        layout: { 'line-join': 'round' },
        paint: { 'line-color': palette.land, 'line-width': byZoom([7, 0.6], [12, 1.4]) },
      },
    ],
    legend: [
      ...fills(
        [...shades, ...changes],
        [
          text('25 % nương, nơi dày nhất', 'The densest 25 % of plots'),
          text('50 %', '50 %'),
          text('75 %', '75 %'),
          text('95 %', '95 %'),
          text('Tăng so với niên vụ trước', 'More than the season before'),
          text('Giảm so với niên vụ trước', 'Less than the season before'),
        ],
      ),
      {
        kind: 'hatch',
        colors: [palette.hatch],
        label: text('Chưa rà soát: không rõ', 'Not searched: unknown'),
      },
    ],
  };
}

/** Areas that are hot as a whole. */
export function hotspotAreas(palette: Palette): Drawing {
  return {
    height: 46,
    on: false,
    answers: 65,
    group: 'analysis',
    strokes: [
      {
        id: 'hotspot-areas:fill',
        type: 'fill',
        paint: { 'fill-color': palette.late, 'fill-opacity': 0.12 },
      },
      {
        id: 'hotspot-areas:casing',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.land,
          'line-width': byZoom([7, 3.4], [12, 5.4]),
          'line-opacity': 0.85,
        },
      },
      {
        id: 'hotspot-areas:line',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: { 'line-color': palette.late, 'line-width': byZoom([7, 1.6], [12, 2.8]) },
      },
    ],
    legend: [
      {
        kind: 'fill',
        colors: [palette.late],
        edge: palette.late,
        label: text('Khu vực điểm nóng', 'Hotspot area'),
      },
    ],
  };
}

/** Cleared ground: did it come back, and did anybody look? */
export function recultivation(palette: Palette): Drawing {
  const states: [string, string][] = [
    ['returned', palette.late],
    ['returned-unsearched', palette.confirmed],
    ['clear', palette.verified],
    ['unknown', palette.paper],
    ['returned-before', palette.rejected],
  ];
  const names = [
    text('Tái trồng', 'Came back'),
    text('Tái trồng, không rõ ai tìm', 'Came back; nobody wrote that they searched'),
    text('Đã tìm lại, không tái trồng', 'Searched again, still clear'),
    text('Chưa ai tìm lại: không rõ', 'Nobody searched again: unknown'),
    text('Đã tái trồng từ trước', 'Came back before'),
  ];
  return {
    height: 74,
    on: false,
    answers: 85,
    group: 'analysis',
    strokes: [
      {
        id: 'recultivation:point',
        type: 'circle',
        layout: {
          'circle-sort-key': matched(
            'state',
            [
              ['returned', 5],
              ['returned-unsearched', 4],
              ['clear', 3],
              ['unknown', 2],
            ],
            1,
          ),
        },
        paint: {
          'circle-color': matched('state', states, palette.rejected),
          'circle-radius': byZoom([7, 3.2], [14, 8]),
          'circle-stroke-color': ['case', is('state', 'unknown'), palette.hatch, palette.paper],
          'circle-stroke-width': byZoom([7, 1], [14, 2]),
        },
      },
    ],
    legend: states.map(([state, color], i) => ({
      kind: 'circle',
      colors: [color],
      edge: state === 'unknown' ? palette.hatch : palette.paper,
      label: names[i] ?? text('', ''),
    })),
  };
}

/** Cleared ground, the rings around it, and the ground that they are compared with. */
export function displacement(palette: Palette): Drawing {
  const zones: [string, string][] = [
    ['response', palette.verified],
    ['ring', palette.pod[1]],
    ['control', palette.occupied],
  ];
  return {
    height: 29,
    on: false,
    answers: 42,
    group: 'analysis',
    strokes: [
      {
        id: 'displacement:fill',
        type: 'fill',
        paint: {
          'fill-color': matched('zone', zones, palette.occupied),
          'fill-opacity': 0.7,
          'fill-antialias': false,
        },
      },
      {
        id: 'displacement:line',
        type: 'line',
        filter: ['!', is('zone', 'control')],
        layout: { 'line-join': 'round' },
        paint: { 'line-color': palette.verified, 'line-width': byZoom([7, 0.8], [12, 1.8]) },
      },
    ],
    legend: fills(zones, [
      text('Đã phá nhổ', 'Cleared'),
      text('Vòng quanh đó', 'Rings around it'),
      text('Để so sánh', 'For comparison'),
    ]),
  };
}

import { text } from '../../lib/text.ts';
import { byZoom, entryOf, type Drawing, type Sort } from '../drawing.ts';
import { colorOf, is } from '../expressions.ts';
import type { Palette } from '../theme.ts';

/** The parts of the ground that are compared. */
export function zoneSorts(palette: Palette): Sort[] {
  const sort = (word: string, color: string, vi: string, en: string): Sort => ({
    words: [word],
    kind: 'fill',
    color,
    label: text(vi, en),
  });
  return [
    sort('response', palette.verified, 'Ô có nương bị phá nhổ', 'Cells where plots were cleared'),
    sort('ring', palette.pod[1], 'Vành đai quanh đó', 'Rings around them'),
    sort('control', palette.occupied, 'Phần còn lại, để so sánh', 'The rest, to compare with'),
  ];
}

/** Cleared ground, the rings around it, and the ground that they are compared with. */
export function displacement(palette: Palette): Drawing {
  const sorts = zoneSorts(palette);
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
          'fill-color': colorOf('zone', sorts, palette.occupied),
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
    legend: sorts.map(entryOf),
  };
}

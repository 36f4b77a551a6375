import type { ExpressionSpecification } from 'maplibre-gl';
import { text } from '../../lib/text.ts';
import { byZoom, get, type Drawing } from '../drawing.ts';
import { number, steps } from '../expressions.ts';
import { HATCH } from '../pattern.ts';
import type { Palette } from '../theme.ts';

/** Where the shades of detection change. A day's walk through a square kilometre is worth about 5 %. */
const POD_STEPS = [0.02, 0.05, 0.1, 0.25] as const;

/** The shade of a probability of detection. */
export const podColor = (palette: Palette, pod: number): string =>
  palette.pod[POD_STEPS.filter((limit) => pod >= limit).length] ?? palette.pod[4];

export function coverage(palette: Palette): Drawing {
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

import { text } from '../../lib/text.ts';
import type { Drawing } from '../drawing.ts';
import { number, steps } from '../expressions.ts';
import type { Palette } from '../theme.ts';

/** Where the shades of found area change, in m². */
const AREA_STEPS = [500, 2000, 5000, 10000] as const;

export function communeSummary(palette: Palette): Drawing {
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

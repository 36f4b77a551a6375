import { text } from '../../lib/text.ts';
import { byZoom, entryOf, type Chosen, type Drawing, type Sort } from '../drawing.ts';
import { colorOf, isOneOf, matched } from '../expressions.ts';
import { HATCH } from '../pattern.ts';
import type { Palette } from '../theme.ts';

/** Whether the picture compares two seasons. */
const isComparison = (chosen: Chosen) => chosen('method') === 'risk';

/** What ground can be: dense, of another share than before, or unknown. */
export function densitySorts(palette: Palette, chosen: Chosen): Sort[] {
  const sort = (word: string, color: string, vi: string, en: string): Sort => ({
    words: [word],
    kind: 'fill',
    color,
    label: text(vi, en),
  });
  const hatched = (word: string, vi: string, en: string): Sort => ({
    ...sort(word, palette.hatch, vi, en),
    kind: 'hatch',
  });
  return [
    sort(
      'densest-25',
      palette.amount[4],
      'Dày nhất: chứa 25 % mật độ',
      'Densest: 25 % of the density',
    ),
    sort('densest-50', palette.amount[3], 'Chứa 50 % mật độ', '50 % of the density'),
    sort('densest-75', palette.amount[2], 'Chứa 75 % mật độ', '75 % of the density'),
    sort('densest-95', palette.amount[0], 'Chứa 95 % mật độ', '95 % of the density'),
    sort('grew', palette.hot[1], 'Tỷ trọng nương tăng', 'A greater share of the plots'),
    sort('shrank', palette.cold[2], 'Tỷ trọng nương giảm', 'A smaller share of the plots'),
    isComparison(chosen)
      ? hatched(
          'not-surveyed',
          'Không phải cả hai niên vụ đều rà soát: không rõ',
          'Not searched in both seasons: unknown',
        )
      : hatched('not-surveyed', 'Chưa rà soát: không rõ', 'Not searched: unknown'),
    hatched('no-answer', 'Chưa nói được gì: không rõ', 'Nothing can be said: unknown'),
  ];
}

const isUnknown = ['not-surveyed', 'no-answer'];

/** Where most of the plots lie, or where their share is another than in the season before. */
export function density(palette: Palette, chosen: Chosen): Drawing {
  const sorts = densitySorts(palette, chosen);
  const compared = isComparison(chosen);
  const told = sorts.filter(
    ({ kind, words: [word = ''] }) => kind === 'fill' && word.startsWith('densest-') !== compared,
  );
  return {
    height: 31,
    on: false,
    answers: 45,
    group: 'analysis',
    strokes: [
      {
        id: 'density:unsearched',
        type: 'fill',
        filter: isOneOf('class', isUnknown),
        paint: { 'fill-pattern': HATCH, 'fill-opacity': 0.35, 'fill-antialias': false },
      },
      {
        id: 'density:fill',
        type: 'fill',
        filter: ['!', isOneOf('class', isUnknown)],
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
        paint: { 'fill-color': colorOf('class', sorts, palette.occupied), 'fill-opacity': 0.72 },
      },
      {
        id: 'density:line',
        type: 'line',
        filter: ['!', isOneOf('class', isUnknown)],
        layout: { 'line-join': 'round' },
        paint: {
          // A change may be a speck at the scale of a province: its edge makes it seen.
          'line-color': matched(
            'class',
            [
              ['grew', palette.hot[1]],
              ['shrank', palette.cold[2]],
            ],
            palette.land,
          ),
          'line-width': byZoom(
            [
              7,
              matched(
                'class',
                [
                  ['grew', 2.6],
                  ['shrank', 2.6],
                ],
                0.6,
              ),
            ],
            [12, 1.4],
          ),
        },
      },
    ],
    legend: [
      ...told.map(entryOf),
      {
        kind: 'hatch',
        colors: [palette.hatch],
        label: compared
          ? text(
              'Không phải cả hai niên vụ đều rà soát, hoặc chưa nói được: không rõ',
              'Not searched in both seasons, or nothing to say: unknown',
            )
          : text(
              'Chưa rà soát hoặc chưa nói được: không rõ',
              'Not searched, or nothing to say: unknown',
            ),
      },
    ],
  };
}

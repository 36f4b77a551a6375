import { text } from '../../lib/text.ts';
import { byZoom, entryOf, type Drawing, type Sort } from '../drawing.ts';
import { colorOf, edgeOf, matched } from '../expressions.ts';
import type { Palette } from '../theme.ts';

/** What can be known of cleared ground. Full marks: it came back; rings: it did not, or unknown. */
export function clearedSorts(palette: Palette): Sort[] {
  const sort = (word: string, color: string, edge: string, vi: string, en: string): Sort => ({
    words: [word],
    kind: 'circle',
    color,
    edge,
    label: text(vi, en),
  });
  const { paper } = palette;
  return [
    sort(
      'returned',
      palette.late,
      paper,
      'Đã tìm lại, có tái trồng',
      'Searched again: it came back',
    ),
    sort(
      'returned-unsearched',
      palette.standing,
      paper,
      'Tái trồng, không ghi nhận ai tìm lại',
      'Came back, no search recorded',
    ),
    sort(
      'clear',
      paper,
      palette.verified,
      'Đã tìm lại, không tái trồng',
      'Searched again, still clear',
    ),
    sort(
      'unknown',
      paper,
      palette.rejected,
      'Không ghi nhận ai tìm lại: không rõ',
      'No search recorded: unknown',
    ),
    sort(
      'returned-before',
      palette.rejected,
      paper,
      'Đã tái trồng từ niên vụ trước',
      'Came back in an earlier season',
    ),
  ];
}

/** Cleared ground: did it come back, and did anybody look? */
export function recultivation(palette: Palette): Drawing {
  const sorts = clearedSorts(palette);
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
              ['returned-before', 2],
            ],
            1,
          ),
        },
        paint: {
          'circle-color': colorOf('state', sorts, palette.rejected),
          'circle-radius': byZoom([7, matched('state', [['unknown', 2.4]], 3.4)], [14, 8]),
          'circle-stroke-color': edgeOf('state', sorts, palette.paper),
          'circle-stroke-width': byZoom([7, matched('state', [['clear', 2]], 1)], [14, 2.4]),
        },
      },
    ],
    legend: sorts.map(entryOf),
  };
}

import type { ExpressionSpecification } from 'maplibre-gl';
import { text } from '../../lib/text.ts';
import { byZoom, entryOf, type Drawing, type Sort } from '../drawing.ts';
import { colorOf, is, number } from '../expressions.ts';
import { HATCH } from '../pattern.ts';
import type { Palette } from '../theme.ts';

/** Where one ring ends and the next begins, in metres from cleared cells. */
const EDGES = [1000, 2000, 5000] as const;

/** The word of ground that was not searched in both seasons, and the sort that rings are. */
const NOT_COMPARED = 'not-compared';
const RING = 'ring';

/** The parts of the ground that are compared, and the ground that cannot be. */
export function zoneSorts(palette: Palette): Sort[] {
  const sort = (word: string, color: string, vi: string, en: string): Sort => ({
    words: [word],
    kind: 'fill',
    color,
    label: text(vi, en),
  });
  const [first, second, third, fourth] = palette.rings;
  const [near, middle, far] = EDGES.map((metres) => metres / 1000);
  return [
    sort('response', palette.verified, 'Ô có nương bị phá nhổ', 'Cells where plots were cleared'),
    sort(`${RING}:0`, first, `Vành đai đến ${near} km`, `Ring to ${near} km`),
    sort(`${RING}:1`, second, `Vành đai ${near}–${middle} km`, `Ring of ${near}–${middle} km`),
    sort(`${RING}:2`, third, `Vành đai ${middle}–${far} km`, `Ring of ${middle}–${far} km`),
    sort(`${RING}:3`, fourth, `Vành đai xa hơn ${far} km`, `Ring beyond ${far} km`),
    sort('control', palette.occupied, 'Phần còn lại, để so sánh', 'The rest, to compare with'),
    {
      ...sort(
        NOT_COMPARED,
        palette.hatch,
        'Không so được: không rà soát ở cả hai niên vụ',
        'Not compared: not searched in both seasons',
      ),
      kind: 'hatch',
    },
  ];
}

/** The word of the sort that a zone is. */
export function zoneWord(facts: Readonly<Record<string, unknown>>): string {
  const { zone, from_m: from } = facts;
  const none = facts['class'] === NOT_COMPARED || facts['compared'] === 0;
  if (none || zone === NOT_COMPARED) return NOT_COMPARED;
  if (zone !== RING) return String(zone);
  const place = EDGES.findIndex((edge) => Number(from) < edge);
  return `${RING}:${place < 0 ? EDGES.length : place}`;
}

/** Cleared ground, the rings around it, and the ground that they are compared with. */
export function displacement(palette: Palette): Drawing {
  const sorts = zoneSorts(palette);
  const rings: ExpressionSpecification = [
    'step',
    number('from_m', 0),
    palette.rings[0],
    EDGES[0],
    palette.rings[1],
    EDGES[1],
    palette.rings[2],
    EDGES[2],
    palette.rings[3],
  ];
  const unknown: ExpressionSpecification = [
    'any',
    is('zone', NOT_COMPARED),
    is('class', NOT_COMPARED),
    // What cannot be compared at all is no ground to compare with, whatever its zone.
    ['==', number('compared', 1), 0],
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
        filter: ['!', unknown],
        paint: {
          'fill-color': ['case', is('zone', RING), rings, colorOf('zone', sorts, palette.occupied)],
          'fill-opacity': 0.7,
          'fill-antialias': false,
        },
      },
      // Of cleared cells and rings, too, the part that nobody can compare is hatched, on a ground so
      // pale that the hatching is seen on any colour.
      {
        id: 'displacement:veil',
        type: 'fill',
        filter: unknown,
        paint: { 'fill-color': palette.land, 'fill-opacity': 0.7, 'fill-antialias': false },
      },
      {
        id: 'displacement:unknown',
        type: 'fill',
        filter: unknown,
        paint: {
          'fill-pattern': HATCH,
          'fill-opacity': byZoom([7, 0.45], [11, 0.7]),
          'fill-antialias': false,
        },
      },
      {
        id: 'displacement:line',
        type: 'line',
        filter: ['all', ['!', is('zone', 'control')], ['!', is('zone', NOT_COMPARED)]],
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': ['case', is('zone', RING), rings, palette.verified],
          'line-width': byZoom([7, 0.8], [12, 1.8]),
        },
      },
    ],
    // No ring begins so far away with the radii that the map asks for.
    legend: sorts.filter(({ words }) => !words.includes(`${RING}:3`)).map(entryOf),
  };
}

import { byZoom, type Stroke } from '../drawing.ts';
import type { Palette } from '../theme.ts';

/** The edge around what was chosen. */
export function ring(palette: Palette): Stroke[] {
  return [
    {
      id: 'chosen:casing',
      type: 'line',
      filter: ['!=', ['geometry-type'], 'Point'],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': palette.land, 'line-width': 6, 'line-opacity': 0.9 },
    },
    {
      id: 'chosen:line',
      type: 'line',
      filter: ['!=', ['geometry-type'], 'Point'],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': palette.chosen, 'line-width': 2.6 },
    },
    {
      id: 'chosen:point',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': 'rgba(0,0,0,0)',
        'circle-radius': byZoom([7, 13], [14, 24]),
        'circle-stroke-color': palette.chosen,
        'circle-stroke-width': 2.6,
      },
    },
  ];
}

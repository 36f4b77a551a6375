import { byZoom, get, MEDIUM, SEMIBOLD, type Stroke } from '../drawing.ts';
import { number } from '../expressions.ts';
import type { Palette } from '../theme.ts';

/** Names of communes and districts, each once, at its middle. */
export function labels(palette: Palette): Stroke[] {
  return [
    {
      id: 'labels:communes',
      type: 'symbol',
      minzoom: 7.8,
      filter: ['==', get('level'), 'commune'],
      layout: {
        'text-field': get('name'),
        'text-font': MEDIUM,
        'text-size': byZoom([8, 10.5], [10, 12.5], [13, 15]),
        'text-max-width': 7,
        'text-padding': 4,
        'symbol-sort-key': ['-', 0, number('size', 0)],
      },
      paint: {
        'text-color': palette.label,
        'text-halo-color': palette.halo,
        'text-halo-width': 1.6,
        'text-halo-blur': 0.4,
      },
    },
    {
      id: 'labels:districts',
      type: 'symbol',
      maxzoom: 10.5,
      filter: ['==', get('level'), 'district'],
      layout: {
        'text-field': ['upcase', get('name')],
        'text-font': SEMIBOLD,
        'text-size': byZoom([6, 9.5], [9, 12.5]),
        'text-letter-spacing': 0.14,
        'text-max-width': 9,
        'text-padding': 6,
      },
      paint: {
        'text-color': palette.labelSoft,
        'text-halo-color': palette.halo,
        'text-halo-width': 1.6,
      },
    },
  ];
}

/** What lies over the rest of the world, and the shadow of the land on it. */
export function mask(palette: Palette): Stroke[] {
  return [
    {
      id: 'mask:outside',
      type: 'fill',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': palette.outside },
    },
    {
      id: 'mask:shade',
      type: 'line',
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.landEdge,
        'line-width': byZoom([6, 8], [12, 16]),
        'line-offset': byZoom([6, 3], [12, 6]),
        'line-blur': byZoom([6, 7], [12, 14]),
        'line-opacity': 0.6,
      },
    },
  ];
}

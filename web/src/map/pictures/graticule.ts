import { REGULAR, type Stroke } from '../drawing.ts';
import type { Palette } from '../theme.ts';

/** Every half degree, so that a reader of the paper map can tell where it is. */
export function graticule(): GeoJSON.FeatureCollection {
  const step = 0.5;
  const features: GeoJSON.Feature[] = [];
  const line = (coordinates: GeoJSON.Position[], name: string) => {
    features.push({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates },
      properties: { name },
    });
  };
  // The country and its neighbours; elsewhere the map is as calm without.
  for (let lng = 96; lng <= 112; lng += step)
    line(
      [
        [lng, 6],
        [lng, 26],
      ],
      `${lng}°`,
    );
  for (let lat = 6; lat <= 26; lat += step)
    line(
      [
        [96, lat],
        [112, lat],
      ],
      `${lat}°`,
    );
  return { type: 'FeatureCollection', features };
}

/** How these lines are drawn. */
export function grid(palette: Palette): Stroke[] {
  return [
    {
      id: 'graticule:line',
      type: 'line',
      minzoom: 6.5,
      paint: { 'line-color': palette.grid, 'line-width': 0.8 },
    },
    {
      id: 'graticule:name',
      type: 'symbol',
      minzoom: 7,
      maxzoom: 9.5,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': ['get', 'name'],
        'text-font': REGULAR,
        'text-size': 10,
        'text-rotation-alignment': 'viewport',
        'text-offset': [0, -0.1],
      },
      paint: {
        'text-color': palette.gridLabel,
      },
    },
  ];
}

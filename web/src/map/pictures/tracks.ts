import { text } from '../../lib/text.ts';
import { byZoom, type Drawing } from '../drawing.ts';
import type { Palette } from '../theme.ts';

export function patrolTracks(palette: Palette): Drawing {
  return {
    height: 56,
    on: false,
    answers: 70,
    group: 'facts',
    strokes: [
      {
        id: 'patrol-tracks:casing',
        type: 'line',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: {
          'line-color': palette.land,
          'line-width': byZoom([8, 2], [14, 5]),
          'line-opacity': 0.7,
        },
      },
      {
        id: 'patrol-tracks:line',
        type: 'line',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: {
          'line-color': palette.track,
          'line-width': byZoom([8, 0.9], [14, 2.6]),
          'line-opacity': 0.85,
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.track],
        width: 2,
        label: text('Đường đã tuần tra', 'Walked by patrols'),
      },
    ],
  };
}

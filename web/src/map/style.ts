import type { StyleSpecification } from 'maplibre-gl';
import { BASE } from '../lib/server.ts';
import type { Palette } from './theme.ts';

declare const FONT_FACES: readonly { weight: number; file: string; ranges: string[] }[];

/** A style with nothing in it yet but the page's own letters. */
export function emptyStyle(palette: Palette): StyleSpecification {
  const names: Record<number, string> = {
    400: 'Be Vietnam Pro',
    500: 'Be Vietnam Pro Medium',
    600: 'Be Vietnam Pro SemiBold',
  };
  const faces: Record<string, { url: string; 'unicode-range': string[] }[]> = {};
  for (const { weight, file, ranges } of FONT_FACES) {
    const name = names[weight];
    if (name === undefined) continue;
    (faces[name] ??= []).push({ url: `${BASE}assets/${file}`, 'unicode-range': ranges });
  }
  return {
    version: 8,
    'font-faces': faces,
    sources: {},
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': palette.outside } },
    ],
  };
}

import type { ExpressionSpecification } from 'maplibre-gl';
import { text } from '../../lib/text.ts';
import { byZoom, get, type Drawing } from '../drawing.ts';
import { STRIP } from '../pattern.ts';
import type { Palette } from '../theme.ts';

export function provinces(palette: Palette): Drawing {
  return {
    height: 10,
    on: true,
    answers: 0,
    group: 'ground',
    strokes: [{ id: 'provinces:fill', type: 'fill', paint: { 'fill-color': palette.land } }],
    legend: [
      {
        kind: 'fill',
        colors: [palette.land],
        edge: palette.landEdge,
        label: text('Trong tỉnh', 'Inside the province'),
      },
    ],
  };
}

export function districts(palette: Palette): Drawing {
  return {
    height: 52,
    on: true,
    answers: 10,
    group: 'ground',
    strokes: [
      {
        id: 'districts:line',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.district,
          'line-width': byZoom([7, 0.7], [12, 1.8]),
          'line-dasharray': [5, 2, 1, 2],
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.district],
        dash: [6, 2, 1, 2],
        width: 1.3,
        label: text('Huyện (đến 30/6/2025)', 'District (until 30 June 2025)'),
      },
    ],
  };
}

export function communes(palette: Palette): Drawing {
  return {
    height: 50,
    on: true,
    answers: 20,
    group: 'ground',
    strokes: [
      // Nothing to see, but a click anywhere in a commune finds it.
      { id: 'communes:ground', type: 'fill', paint: { 'fill-color': 'rgba(0,0,0,0)' } },
      {
        id: 'communes:line',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.commune,
          'line-width': byZoom([7, 0.5], [12, 1.4]),
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.commune],
        width: 1,
        label: text('Xã, phường', 'Commune, ward'),
      },
    ],
  };
}

export function borderLines(palette: Palette): Drawing {
  const level = (word: string): ExpressionSpecification => ['==', get('level'), word];
  return {
    height: 54,
    on: true,
    answers: 30,
    group: 'ground',
    strokes: [
      {
        id: 'border-lines:national-band',
        type: 'line',
        filter: ['any', level('country'), level('national')],
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: {
          'line-color': palette.nationalBand,
          'line-width': byZoom([6, 5], [12, 12]),
          'line-opacity': 0.4,
        },
      },
      {
        id: 'border-lines:province',
        type: 'line',
        filter: level('province'),
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.province,
          'line-width': byZoom([6, 1], [12, 2.2]),
          'line-dasharray': [6, 2, 1.5, 2],
        },
      },
      {
        id: 'border-lines:national',
        type: 'line',
        filter: ['any', level('country'), level('national')],
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.national,
          'line-width': byZoom([6, 1.3], [12, 2.6]),
          'line-dasharray': [6, 1.5, 1, 1.5, 1, 1.5],
        },
      },
    ],
    legend: [
      {
        kind: 'line',
        colors: [palette.national],
        edge: palette.nationalBand,
        dash: [7, 2, 1, 2, 1, 2],
        width: 2,
        label: text('Biên giới quốc gia', 'National border'),
      },
      {
        kind: 'line',
        colors: [palette.province],
        dash: [7, 2, 2, 2],
        width: 1.6,
        label: text('Địa giới tỉnh', 'Province line'),
      },
    ],
  };
}

export function borderStrips(palette: Palette): Drawing {
  // Strips along communes would cover nearly everything: they wait until the map is near.
  const wide: ExpressionSpecification = ['!=', get('level'), 'commune'];
  return {
    height: 28,
    on: false,
    answers: 35,
    group: 'ground',
    strokes: [
      {
        id: 'border-strips:communes',
        type: 'fill',
        minzoom: 9.5,
        filter: ['!', wide],
        paint: { 'fill-color': palette.strip, 'fill-opacity': 0.12, 'fill-antialias': false },
      },
      {
        id: 'border-strips:fill',
        type: 'fill',
        filter: wide,
        paint: { 'fill-color': palette.strip, 'fill-opacity': 0.14, 'fill-antialias': false },
      },
      {
        id: 'border-strips:hatch',
        type: 'fill',
        filter: wide,
        paint: { 'fill-pattern': STRIP, 'fill-opacity': 0.5, 'fill-antialias': false },
      },
    ],
    legend: [
      {
        kind: 'hatch',
        colors: [palette.strip],
        label: text(
          'Dải giáp ranh tỉnh, huyện, quốc gia',
          'Along national, province, district lines',
        ),
      },
      {
        kind: 'fill',
        colors: [palette.strip],
        edge: palette.strip,
        label: text('Dải giáp ranh xã (khi phóng to)', 'Along commune lines (zoom in)'),
      },
    ],
  };
}

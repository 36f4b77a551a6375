import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Kind } from '../lib/catalogue.ts';
import type { Text } from '../lib/text.ts';

/** How one layer is drawn, without the source it is drawn from. */
export type Stroke = DistributiveOmit<
  Exclude<LayerSpecification, { type: 'background' }>,
  'source' | 'source-layer'
>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** One line of a legend. */
export interface LegendEntry {
  kind: 'fill' | 'hatch' | 'line' | 'circle' | 'count' | 'ramp';
  /** For a ramp its steps, first to last. */
  colors: readonly string[];
  label: Text;
  /** For a ramp the values between its steps. */
  ticks?: readonly number[];
  /** Of the mark's edge, where it has one. */
  edge?: string;
  dash?: readonly number[];
  width?: number;
  /** Diameter of a circle in pixels. */
  size?: number;
}

export interface Drawing {
  /** Place in the pile: higher is nearer to the eye. */
  height: number;
  /** Whether it is on before anybody chose. */
  on: boolean;
  /** Whether a click asks it; higher answers first, 0 never. */
  answers: number;
  strokes: readonly Stroke[];
  legend: readonly LegendEntry[];
  group: 'facts' | 'analysis' | 'ground' | 'other';
}

/** What was chosen of a layer, by name; its default where nothing was. */
export type Chosen = (name: string) => string | null;

/** One sort of feature: how the map draws it, and what the legend and the card call it. */
export interface Sort {
  /** The words of the property that tells sorts apart. */
  words: readonly string[];
  kind: 'fill' | 'hatch' | 'circle';
  color: string;
  edge?: string;
  label: Text;
}

/** The sort of a feature whose property says `word`. */
export const sortOf = (sorts: readonly Sort[], word: unknown): Sort | undefined =>
  sorts.find(({ words }) => words.some((known) => known === word));

/** The legend's line of a sort. */
export const entryOf = ({ kind, color, edge, label }: Sort): LegendEntry => ({
  kind,
  colors: [color],
  label,
  ...(edge === undefined ? {} : { edge }),
});

export const REGULAR = ['Be Vietnam Pro'];
export const MEDIUM = ['Be Vietnam Pro Medium'];
export const SEMIBOLD = ['Be Vietnam Pro SemiBold'];

export const get = (name: string): ExpressionSpecification => ['get', name];

/** Grows between two zooms. */
export const byZoom = (...stops: [number, number | ExpressionSpecification][]) =>
  ['interpolate', ['linear'], ['zoom'], ...stops.flat()] as unknown as ExpressionSpecification;

/** A sensible picture of a layer that nobody drew by hand. */
export function plain(id: string, kind: Kind | null, color: string, title: Text): Drawing {
  const strokes: Stroke[] = [];
  if (kind === 'area') {
    strokes.push({
      id: `${id}:fill`,
      type: 'fill',
      paint: { 'fill-color': color, 'fill-opacity': 0.25 },
    });
  }
  if (kind !== 'point') {
    strokes.push({
      id: `${id}:line`,
      type: 'line',
      paint: { 'line-color': color, 'line-width': byZoom([7, 0.8], [14, 2.5]) },
    });
  }
  if (kind === 'point' || kind === null) {
    strokes.push({
      id: `${id}:point`,
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': color,
        'circle-radius': byZoom([7, 3], [14, 6]),
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': 1,
      },
    });
  }
  const mark = kind === 'area' ? 'fill' : kind === 'line' ? 'line' : 'circle';
  return {
    height: kind === 'area' ? 25 : kind === 'line' ? 55 : 75,
    on: false,
    answers: 5,
    strokes,
    legend: [{ kind: mark, colors: [color], label: title }],
    group: 'other',
  };
}

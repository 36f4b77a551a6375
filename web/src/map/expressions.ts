import type { ExpressionSpecification } from 'maplibre-gl';
import { get, type Sort } from './drawing.ts';

/** Whether a property is this word. */
export const is = (name: string, word: string): ExpressionSpecification => ['==', get(name), word];

/** Whether a property is one of these words. */
export const isOneOf = (name: string, words: readonly string[]): ExpressionSpecification =>
  ['match', get(name), [...words], true, false] as unknown as ExpressionSpecification;

/** A value for each word, another one for the rest. */
export const matched = (
  name: string,
  pairs: readonly (readonly [string, string | number])[],
  otherwise: string | number | ExpressionSpecification,
): ExpressionSpecification =>
  ['match', get(name), ...pairs.flat(), otherwise] as unknown as ExpressionSpecification;

/** The colour of each sort, another one for the rest. */
export const colorOf = (
  name: string,
  sorts: readonly Sort[],
  otherwise: string | ExpressionSpecification,
): ExpressionSpecification =>
  matched(
    name,
    sorts.flatMap(({ words, color }) => words.map((word) => [word, color] as const)),
    otherwise,
  );

/** The colour of each sort's edge, another one for the rest. */
export const edgeOf = (
  name: string,
  sorts: readonly Sort[],
  otherwise: string,
): ExpressionSpecification =>
  matched(
    name,
    sorts.flatMap(({ words, edge }) => words.map((word) => [word, edge ?? otherwise] as const)),
    otherwise,
  );

/** A property as a number. */
export const number = (name: string, otherwise: number): ExpressionSpecification => [
  'to-number',
  ['coalesce', get(name), otherwise],
];

/** A colour for each step of a measure. */
export const steps = (
  measure: ExpressionSpecification,
  colors: readonly string[],
  limits: readonly number[],
): ExpressionSpecification =>
  [
    'step',
    measure,
    colors[0],
    ...limits.flatMap((limit, i) => [limit, colors[i + 1]]),
  ] as unknown as ExpressionSpecification;

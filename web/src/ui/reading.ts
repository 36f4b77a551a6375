import type { Text } from '../lib/text.ts';
import type { Part } from '../lib/summary.ts';

/** The properties of a feature. */
export type Facts = Record<string, unknown>;

/** A share, drawn. */
export interface Bar {
  name: Text;
  part: Part;
  /** What the share is of, in words. */
  below: readonly string[];
  color: string;
}

/** A mark in the colours of the map, and what it is called. */
export interface Badge {
  words: Text;
  fill: string;
  edge: string;
}

/** What matters most about a feature, said first. */
export interface Head {
  title: string;
  badge: Badge | null;
  reason: string | null;
  figures: readonly (readonly [Text | string, string])[];
  bars: readonly Bar[];
  /** Whether the full list is shown at once, since nothing better is known. */
  plain: boolean;
}

export const figure = (facts: Facts, name: string): number | null => {
  const value = facts[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

export const words = (facts: Facts, name: string): string | null => {
  const value = facts[name];
  return typeof value === 'string' && value !== '' ? value.normalize('NFC') : null;
};

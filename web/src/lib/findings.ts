import * as format from './format.ts';
import type { Finding } from './server.ts';
import type { Lang } from './text.ts';

/** The figures whose sentence is read before all others: a verdict, or why there is no answer. */
const FIRST = /(^|_)verdict$|^why_none$/;

/** The figures whose sentence stands beside the first one on paper: the score with its interval. */
const PRINTED = /^pai$/;

/** Figures that are parts of a whole, and those that are chances. */
const SHARE = /(^|_)(rate|share)(_|$)/;
const CHANCE = /(^|_)p$/;

/** A sentence about an answer, and the figures that it is about but does not say. */
export interface Told {
  sentence: string;
  figures: readonly { title: string; value: string }[];
}

/**
 * The sentences of an answer, the one to read first: the server's verdict where it gives one, else
 * what it says first. Several figures may share a sentence: it is told once.
 */
export function verdictFirst(found: readonly Finding[], lang: Lang): Told[] {
  const verdict = found.find(({ name }) => FIRST.test(name));
  const ordered = verdict === undefined ? found : [verdict, ...found];
  const told = new Map<string, { title: string; value: string }[]>();
  for (const finding of new Set(ordered)) {
    const sentence = finding[lang].normalize('NFC');
    if (sentence === '') continue;
    const figures = told.get(sentence) ?? [];
    told.set(sentence, figures);
    const value = written(finding, lang);
    if (value !== null && !says(sentence, finding, lang)) {
      figures.push({ title: finding.title[lang].normalize('NFC'), value });
    }
  }
  return [...told].map(([sentence, figures]) => ({ sentence, figures }));
}

/** What a sheet of paper has room for: what is read first, and the score that it rests on. */
export function printed(found: readonly Finding[], lang: Lang): string[] {
  const first = verdictFirst(found, lang).slice(0, 1);
  const score = found.filter(({ name }) => PRINTED.test(name)).map((one) => one[lang]);
  const said = [...first.map(({ sentence }) => sentence), ...score.map((one) => one.normalize())];
  return [...new Set(said)].filter((one) => one !== '');
}

/** A figure as people write it; `null`: it is none, or a word, and its sentence says what it means. */
function written({ name, value, unit }: Finding, lang: Lang): string | null {
  if (typeof value !== 'number') return null;
  if (CHANCE.test(name)) return format.chance(value, lang);
  if (SHARE.test(name)) return format.percent(value, lang);
  return [format.measure(value, lang), format.unit(unit, lang)].filter(Boolean).join(' ');
}

/** Whether a sentence has the number in it already, in whatever precision. */
function says(sentence: string, { name, value }: Finding, lang: Lang): boolean {
  if (typeof value !== 'number') return false;
  const shown = SHARE.test(name) ? [value, 100 * value] : [value];
  return shown.some((number) =>
    [0, 1, 2, 3, 4].some((decimals) => {
      // Rounded to nothing it could be any 0 of the sentence.
      if (number !== 0 && Math.abs(number) < 0.5 * 10 ** -decimals) return false;
      const digits = format.number(number, lang, decimals).replace(/[.]/g, '\\.');
      return new RegExp(`(?<![\\d.,])${digits}(?!\\d|[.,]\\d)`).test(sentence);
    }),
  );
}

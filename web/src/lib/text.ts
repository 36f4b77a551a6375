/** A language of the screen. */
export type Lang = 'vi' | 'en';

/** One thing said in both languages. */
export interface Text {
  vi: string;
  en: string;
}

export const text = (vi: string, en: string): Text => ({ vi, en });

/**
 * What `value` says in `lang`: a plain string says the same in both, `{vi, en}` has its own word
 * for each, and one language stands in where the other is missing.
 */
export function say(value: unknown, lang: Lang): string {
  if (typeof value === 'string') return value.normalize('NFC');
  if (value !== null && typeof value === 'object') {
    const words = value as Partial<Record<Lang, unknown>>;
    const other: Lang = lang === 'vi' ? 'en' : 'vi';
    for (const word of [words[lang], words[other]]) {
      if (typeof word === 'string') return word.normalize('NFC');
    }
  }
  return '';
}

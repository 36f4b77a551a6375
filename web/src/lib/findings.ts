import type { Finding } from './server.ts';
import type { Lang } from './text.ts';

/**
 * The sentences of an answer, the one to read first: the server's verdict where it gives one, else
 * what it says first. Several figures may share a sentence: it is told once.
 */
export function verdictFirst(found: readonly Finding[], lang: Lang): string[] {
  const verdict = found.find(({ name }) => /(^|_)verdict$/.test(name));
  const ordered = verdict === undefined ? found : [verdict, ...found];
  const told = new Set(ordered.map((finding) => finding[lang].normalize('NFC')));
  told.delete('');
  return [...told];
}

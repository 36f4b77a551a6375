import type { App } from '../app.ts';
import { summary, type Finding } from '../lib/server.ts';
import { fill, h } from './dom.ts';

/** What a layer says about its answer as a whole: rates with their denominators, and the like. */
export class Findings {
  readonly element = h('ul', { class: 'plain findings' });
  #question: AbortController | null = null;
  #asked = '';
  #found: readonly Finding[] = [];

  constructor(
    readonly app: App,
    readonly layer: string,
  ) {}

  /** Asks where the layer is on and the question is another one. */
  follow(again: boolean): void {
    const { app, layer } = this;
    if (!app.on.has(layer)) return;
    const query = app.queryOf(layer);
    const asked = query.toString();
    if (asked === this.#asked && !again) {
      this.#draw();
      return;
    }
    this.#asked = asked;
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    summary(layer, query, question.signal).then(
      (found) => {
        this.#found = found;
        this.#draw();
      },
      () => {
        // Without an answer nothing is said; the map itself tells of the trouble.
        if (!question.signal.aborted) fill(this.element);
      },
    );
  }

  #draw(): void {
    const { lang } = this.app.screen;
    // Several figures may share a sentence: it is told once.
    const told = new Set(this.#found.map((finding) => finding[lang]));
    told.delete('');
    fill(this.element, ...[...told].map((sentence) => h('li', {}, sentence)));
  }
}

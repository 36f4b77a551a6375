import type { App } from '../app.ts';
import { summary, Trouble, type Finding } from '../lib/server.ts';
import { fill, h } from './dom.ts';
import { W } from './words.ts';

/** What a layer says about its answer as a whole: rates with their denominators, and the like. */
export class Findings {
  readonly element = h('ul', { class: 'plain findings' });
  #question: AbortController | null = null;
  #asked = '';
  /** `null`: the answer is still to come. */
  #found: readonly Finding[] | null = [];
  #trouble: Trouble | null = null;

  constructor(
    readonly app: App,
    readonly layer: string,
  ) {}

  /** Asks where the layer is on and the map shows the answer to another question. */
  follow(again: boolean): void {
    const { app, layer } = this;
    if (!app.on.has(layer)) return;
    const query = app.answers.shown(layer);
    if (query === null) return;
    const asked = query.toString();
    if (asked === this.#asked && !again) {
      this.#draw();
      return;
    }
    this.#asked = asked;
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    this.#found = null;
    this.#trouble = null;
    this.#draw();
    summary(layer, query, question.signal).then(
      (found) => {
        this.#found = found;
        this.#draw();
      },
      (error: unknown) => {
        if (question.signal.aborted) return;
        this.#trouble = error instanceof Trouble ? error : null;
        this.#found = [];
        this.#draw();
        // The next look asks again.
        this.#asked = '';
      },
    );
  }

  #draw(): void {
    const { app } = this;
    const { lang } = app.screen;
    if (this.#found === null) {
      fill(this.element, h('li', { class: 'soft' }, app.say(W.loading)));
      return;
    }
    if (this.#trouble !== null) {
      fill(
        this.element,
        h('li', { class: 'soft' }, `${app.say(W.noFindings)} ${app.say(this.#trouble.said)}`),
      );
      return;
    }
    // Several figures may share a sentence: it is told once.
    const told = new Set(this.#found.map((finding) => finding[lang]));
    told.delete('');
    fill(this.element, ...[...told].map((sentence) => h('li', {}, sentence)));
  }
}

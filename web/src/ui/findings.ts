import type { App } from '../app.ts';
import { summary, Trouble, type Finding } from '../lib/server.ts';
import { fill, h, icon } from './dom.ts';
import { printed, verdictFirst, type Told } from '../lib/findings.ts';
import { W } from './words.ts';

/** What a layer says about its answer as a whole: one line at once, the rest when it is asked for. */
export class Findings {
  readonly element = h('div', { class: 'findings' });
  #question: AbortController | null = null;
  #asked = '';
  /** Whether the rest is open; it stays so while other answers come. */
  #open = false;
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
        if (question.signal.aborted) return;
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

  /** What paper has room for; nothing while the answer is still to come. */
  get printed(): string[] {
    return printed(this.#found ?? [], this.app.screen.lang);
  }

  #draw(): void {
    const { app } = this;
    if (this.#found === null) {
      fill(this.element, h('p', { class: 'soft' }, app.say(W.loading)));
      return;
    }
    if (this.#trouble !== null) {
      const why = `${app.say(W.noFindings)} ${app.say(this.#trouble.said)}`;
      fill(this.element, h('p', { class: 'soft' }, why));
      return;
    }
    const [first, ...rest] = verdictFirst(this.#found, app.screen.lang);
    const more = h(
      'details',
      {
        open: this.#open,
        ontoggle: () => {
          this.#open = more.open;
        },
      },
      h('summary', {}, app.say(W.more), icon('down')),
      h('ul', { class: 'plain' }, ...rest.map(line)),
    );
    fill(
      this.element,
      first !== undefined && h('p', { class: 'verdict' }, first.sentence),
      rest.length > 0 && more,
    );
  }
}

/** A sentence with the figures that it is about. */
function line({ sentence, figures }: Told): HTMLElement {
  return h(
    'li',
    {},
    figures.length > 0 &&
      h('b', {}, figures.map(({ title, value }) => `${title}: ${value}`).join('; ')),
    h('span', { class: 'said' }, sentence),
  );
}

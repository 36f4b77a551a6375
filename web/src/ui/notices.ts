import type { App } from '../app.ts';
import type { Note } from '../lib/catalogue.ts';
import { fill, h, icon } from './dom.ts';
import { W } from './words.ts';

/** What must be said with the data on the screen: simulated, approximate. It never goes away. */
export class Notices {
  readonly element = h('aside', { class: 'notices' });
  #open = false;

  constructor(readonly app: App) {
    app.listen((changes) => {
      if (
        changes.has('catalogue') ||
        changes.has('layers') ||
        changes.has('lang') ||
        changes.has('remarks')
      )
        this.#draw();
    });
    this.#draw();
  }

  /** The notes of the layers that are on, each sentence once. */
  notes(): Note[] {
    const { on, deployment, remarks } = this.app;
    const kept = new Map<string, Note>();
    for (const note of remarks) kept.set(this.app.say(note.text), note);
    for (const layer of deployment.layers) {
      if (!on.has(layer.id)) continue;
      for (const note of layer.notes) kept.set(this.app.say(note.text), note);
    }
    const order = ['simulated', 'approximate', 'assumed', 'note'];
    return [...kept.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  }

  #draw(): void {
    const { app } = this;
    const notes = this.notes();
    this.element.hidden = notes.length === 0;
    this.element.setAttribute('aria-label', app.say(W.note));
    this.element.classList.toggle('open', this.#open);
    const names = {
      simulated: W.simulated,
      approximate: W.approximate,
      assumed: W.note,
      note: W.note,
    };
    const kinds = [...new Set(notes.map(({ kind }) => kind))];
    const more = h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        'aria-expanded': String(this.#open),
        onclick: () => {
          this.#open = !this.#open;
          this.#draw();
          this.element.querySelector('button')?.focus();
        },
      },
      app.say(this.#open ? W.less : W.more),
    );
    // What does not fit at once: at least one sentence of each kind is always there.
    // Files are imported from the country down to the communes: the last is the nearest.
    const first = kinds.map((kind) => notes.findLast((note) => note.kind === kind));
    const shown = this.#open ? notes : notes.filter((note) => first.includes(note));
    fill(
      this.element,
      icon('warn'),
      h(
        'div',
        {},
        h('p', { class: 'tags' }, ...kinds.map((kind) => h('strong', {}, app.say(names[kind])))),
        h(
          'ul',
          { class: 'plain' },
          ...shown.map(({ text }) => h('li', {}, ...emphasised(app.say(text)))),
        ),
      ),
      more,
    );
  }
}

/** The words before the first colon say what kind of note it is. */
function emphasised(sentence: string): (Node | string)[] {
  const end = sentence.indexOf(':');
  if (end < 0 || end > 40) return [sentence];
  return [h('strong', {}, sentence.slice(0, end + 1)), sentence.slice(end + 1)];
}

import type { App } from '../app.ts';
import * as format from '../lib/format.ts';
import type { MapView } from '../map/view.ts';
import { fill, h, icon } from './dom.ts';
import { legend } from './legend.ts';
import type { Notices } from './notices.ts';
import { put, W } from './words.ts';

export const PAPERS = ['a4', 'a3'] as const;
export type Paper = (typeof PAPERS)[number];

/** A sheet of paper with the map, its legend, and everything that must be said with it. */
export class PrintSheet {
  readonly element = h('section', { class: 'sheet-of-paper', hidden: true });
  #paper: Paper = 'a4';

  constructor(
    readonly app: App,
    readonly view: MapView | null,
    readonly notices: Notices,
  ) {
    addEventListener('beforeprint', () => {
      if (this.element.hidden) this.#draw();
    });
  }

  /** Lays the sheet out on the screen, so that what is printed is what was seen. */
  open(): void {
    this.element.hidden = false;
    document.body.classList.add('printing');
    this.#draw();
    this.element.querySelector('button')?.focus();
  }

  close(): void {
    this.element.hidden = true;
    document.body.classList.remove('printing');
  }

  #draw(): void {
    const { app } = this;
    for (const paper of PAPERS) document.body.classList.toggle(paper, paper === this.#paper);
    const { lang } = app.screen;
    const { deployment, season } = app;
    const asOf = app.screen.asOf ?? deployment.today;
    const on = deployment.layers.filter(({ id }) => app.on.has(id));
    const credits = new Set(on.flatMap(({ credits }) => credits));
    const picture = h('img', { alt: app.say(W.product) });
    if (this.view !== null) picture.src = this.view.map.getCanvas().toDataURL('image/png');
    fill(
      this.element,
      this.#controls(),
      h(
        'article',
        { class: 'paper' },
        h(
          'header',
          {},
          h(
            'div',
            {},
            h('h1', {}, app.say(deployment.title) || app.say(W.product)),
            h('p', {}, season === null ? app.say(W.noSeason) : `${app.say(W.season)} ${season.replace('-', '–')}`),
          ),
          h('p', { class: 'when' }, put(app.say(W.asOf), { day: format.day(asOf, lang) })),
        ),
        h(
          'div',
          { class: 'body' },
          h('figure', {}, picture, this.#scale(), h('span', { class: 'north' }, '▲', h('b', {}, app.say(W.north).slice(0, 1)))),
          h(
            'aside',
            {},
            h('h2', {}, app.say(W.legend)),
            ...on.flatMap(({ id, title }) => {
              const entries = this.view?.drawing(id)?.legend ?? [];
              return [h('h3', {}, app.say(title)), legend(entries, app)];
            }),
          ),
        ),
        h(
          'footer',
          {},
          h('ul', { class: 'plain' }, ...this.notices.notes().map(({ text }) => h('li', {}, app.say(text)))),
          h(
            'p',
            {},
            [
              ...credits,
              put(app.say(W.printed), { time: format.moment(new Date(), lang) }),
              deployment.revision === null ? '' : put(app.say(W.revision), { n: deployment.revision }),
              app.say(W.product),
            ]
              .filter((part) => part !== '')
              .join(' · '),
          ),
        ),
      ),
    );
  }

  /** The bar of the map itself, as wide beside the picture as it was on the screen. */
  #scale(): SVGElement | HTMLElement {
    const bar = document.querySelector<HTMLElement>('.maplibregl-ctrl-scale');
    const canvas = this.view?.map.getCanvas();
    if (!bar || !canvas) return h('span', {});
    const share = (bar.offsetWidth / canvas.clientWidth) * 100;
    const element = h('span', { class: 'scale' }, bar.textContent ?? '');
    element.style.width = `${share}%`;
    return element;
  }

  #controls(): HTMLElement {
    const { app } = this;
    const papers = PAPERS.map((paper) => {
      const box = h('input', {
        type: 'radio',
        name: 'paper',
        value: paper,
        onchange: () => {
          this.#paper = paper;
          this.#draw();
        },
      });
      box.checked = paper === this.#paper;
      return h('label', {}, box, h('span', {}, paper.toUpperCase()));
    });
    return h(
      'nav',
      { class: 'controls', 'aria-label': app.say(W.print) },
      h('div', { class: 'segments', role: 'radiogroup', 'aria-label': app.say(W.paper) }, ...papers),
      h('button', { type: 'button', class: 'button strong', onclick: () => print() }, icon('print'), app.say(W.printNow)),
      h('button', { type: 'button', class: 'button', onclick: () => this.close() }, icon('close'), app.say(W.back)),
    );
  }
}

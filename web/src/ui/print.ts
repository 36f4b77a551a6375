import { CELL, type App } from '../app.ts';
import { matters, type Layer } from '../lib/catalogue.ts';
import * as format from '../lib/format.ts';
import type { MapView } from '../map/view.ts';
import { told, wordOf } from './choices.ts';
import { fill, h, icon } from './dom.ts';
import { legend } from './legend.ts';
import type { Notices } from './notices.ts';
import { figure } from './reading.ts';
import { put, W } from './words.ts';

const PAPERS = ['a4', 'a3'] as const;
type Paper = (typeof PAPERS)[number];

/** Dots of the map for each of CSS on paper: 96 dots an inch become about 240. */
const SHARPNESS = 2.5;

/** Sizes of the legend's letters, as parts of the usual one, the best first. */
const LETTERS = [1, 0.92, 0.84, 0.76, 0.68, 0.6];

/** The bar that MapLibre lays over its canvas. */
const SCALE = '.maplibregl-ctrl-scale';

/** Draws that bar into the corner of a picture, where `ratio` dots are one of the screen's. */
function drawScale(pen: CanvasRenderingContext2D, bar: HTMLElement, ratio: number): void {
  const { width, height } = pen.canvas;
  const [size, left, bottom] = [14 * ratio, 0.04 * width, 0.96 * height];
  const long = bar.offsetWidth * ratio;
  pen.fillStyle = '#ffffffc8';
  pen.fillRect(left - size / 2, bottom - 1.6 * size, long + size, 2 * size);
  pen.strokeStyle = pen.fillStyle = '#1d2a2b';
  pen.lineWidth = 1.5 * ratio;
  pen.beginPath();
  pen.moveTo(left, bottom - size / 2);
  pen.lineTo(left, bottom);
  pen.lineTo(left + long, bottom);
  pen.lineTo(left + long, bottom - size / 2);
  pen.stroke();
  pen.font = `${size * 0.85}px "Be Vietnam Pro"`;
  pen.textAlign = 'center';
  pen.fillText(bar.textContent, left + long / 2, bottom - size / 3);
}

/** A sheet of paper with the map, its legend, and everything that must be said with it. */
export class PrintSheet {
  readonly element = h('section', { class: 'sheet-of-paper', hidden: true });
  #paper: Paper = 'a4';
  #before: { home: HTMLElement; next: Node | null; ratio: number } | null = null;

  constructor(
    readonly app: App,
    readonly view: MapView | null,
    readonly notices: Notices,
    /** How much of the screen's edges is covered. */
    readonly room: () => { top: number; bottom: number; left: number; right: number },
    /** What a layer says of its answer. */
    readonly found: (layer: string) => readonly string[],
    /** What a layer lists by rank. */
    readonly ranked: (layer: string) => HTMLElement | null,
  ) {
    addEventListener('beforeprint', () => {
      // Ctrl+P without this sheet: the picture as it stands on the screen.
      if (!this.element.hidden) return;
      this.#draw(this.#still());
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    app.listen((changes) => {
      if (!this.element.hidden && changes.has('lang')) this.open();
    });
  }

  /** Lays the sheet out on the screen with the map on it, which can still be moved. */
  open(): void {
    const { view } = this;
    this.element.hidden = false;
    document.body.classList.add('printing');
    const frame = h('div', { class: 'frame' });
    this.#draw(frame);
    // Before the map takes what room is left.
    this.#fit();
    if (view !== null) {
      const map = view.map.getContainer();
      const bounds = this.#before === null ? view.seen(this.room()) : view.map.getBounds();
      this.#before ??= {
        home: map.parentElement ?? document.body,
        next: map.nextSibling,
        ratio: view.map.getPixelRatio(),
      };
      frame.append(map);
      view.map.resize();
      view.map.fitBounds(bounds, { animate: false });
      view.map.setPixelRatio(SHARPNESS);
    }
    this.element.querySelector('button')?.focus();
  }

  /** Makes the letters of the legend smaller, and gives it more room, until all of it is seen. */
  #fit(): void {
    const body = this.element.querySelector<HTMLElement>('.paper .body');
    const legend = body?.querySelector<HTMLElement>('aside');
    if (!body || !legend) return;
    for (const wide of [false, true]) {
      body.classList.toggle('wide-legend', wide);
      // Beside a narrower map they need not be as small.
      for (const size of wide ? LETTERS : LETTERS.slice(0, 3)) {
        legend.style.fontSize = `${size}em`;
        const { scrollHeight, clientHeight, scrollWidth, clientWidth } = legend;
        if (scrollHeight <= clientHeight && scrollWidth <= clientWidth) return;
      }
    }
  }

  close(): void {
    const { view } = this;
    document.body.classList.remove('printing');
    if (view !== null && this.#before !== null) {
      const bounds = view.map.getBounds();
      this.#before.home.insertBefore(view.map.getContainer(), this.#before.next);
      view.map.setPixelRatio(this.#before.ratio);
      view.map.resize();
      view.map.fitBounds(bounds, { animate: false, padding: this.room() });
      this.#before = null;
    }
    this.element.hidden = true;
  }

  /** A copy of what the map shows now, with its scale. */
  #still(): HTMLElement {
    const copy = h('canvas', { class: 'still' });
    const from = this.view?.map.getCanvas();
    const pen = copy.getContext('2d');
    if (from && pen) {
      copy.width = from.width;
      copy.height = from.height;
      pen.drawImage(from, 0, 0);
      const scale = this.view?.map.getContainer().querySelector<HTMLElement>(SCALE);
      if (scale) drawScale(pen, scale, from.width / from.clientWidth);
    }
    return copy;
  }

  #draw(picture: HTMLElement): void {
    const { app } = this;
    for (const paper of PAPERS) document.body.classList.toggle(paper, paper === this.#paper);
    const { lang } = app.screen;
    const { deployment, season } = app;
    const on = deployment.layers.filter(({ id }) => app.on.has(id));
    const credits = new Set(on.flatMap(({ credits }) => credits));
    const title = app.say(deployment.title) || app.say(W.product);
    fill(
      this.element,
      this.#controls(),
      h(
        'article',
        { class: 'paper', 'data-theme': 'light' },
        h(
          'header',
          {},
          h(
            'div',
            {},
            h('h1', {}, title),
            season !== null && h('p', {}, `${app.say(W.season)} ${season.replace('-', '–')}`),
          ),
          h('p', {}, put(app.say(W.asOf), { day: format.day(app.day, lang) })),
        ),
        h(
          'div',
          { class: 'body' },
          h(
            'figure',
            {},
            picture,
            h('span', { class: 'arrow' }, icon('north'), h('b', {}, app.say(W.north).slice(0, 1))),
          ),
          h(
            'aside',
            {},
            h('h2', {}, app.say(W.legend)),
            ...on.flatMap(({ id, title }) => {
              const entries = this.view?.drawing(id)?.legend ?? [];
              const own = entries.length === 1 && app.say(entries[0]?.label) === app.say(title);
              const layer = deployment.layers.find((one) => one.id === id);
              const query = app.answers.shown(id);
              const how = layer && query ? this.#how(layer, query) : [];
              const found = this.view?.drawing(id)?.group === 'analysis' ? this.found(id) : [];
              return [
                own ? null : h('h3', {}, app.say(title)),
                how.length > 0 && h('p', { class: 'how' }, how.join('; ')),
                legend(entries, app),
                ...found.map((said) => h('p', { class: 'how verdict' }, said)),
                this.ranked(id),
              ];
            }),
          ),
        ),
        h(
          'footer',
          {},
          h(
            'ul',
            { class: 'plain' },
            ...this.notices.notes().map(({ text }) => h('li', {}, app.say(text))),
          ),
          h(
            'p',
            {},
            [
              ...credits,
              put(app.say(W.printed), { time: format.moment(new Date(), lang) }),
              deployment.revision !== null &&
                put(app.say(W.revision), { n: format.number(deployment.revision, lang) }),
              app.say(W.product),
            ]
              .filter(Boolean)
              .join(' · '),
          ),
        ),
      ),
    );
  }

  /** How a layer was reckoned: whoever holds the paper can ask for the same again. */
  #how(layer: Layer, query: URLSearchParams): string[] {
    const { app } = this;
    const { lang } = app.screen;
    const facts = app.answers.facts(layer.id);
    const method = query.get('method') ?? app.usual(layer.id, 'method', null);
    const counted = layer.choices.some(({ name }) => name === CELL);
    const cell = counted && matters(layer, CELL, method) ? query.get(CELL) : null;
    const draws = figure(facts, 'permutations');
    const seed = figure(facts, 'seed');
    return [
      ...(cell === null ? [] : [`${app.say(W.countedIn)}: ${wordOf(CELL, cell, app)}`]),
      ...told(layer, query, app),
      ...(draws === null
        ? []
        : [put(app.say(W.shuffles), { n: format.number(draws, lang), seed: String(seed ?? '–') })]),
    ];
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
          this.open();
        },
      });
      box.checked = paper === this.#paper;
      return h('label', {}, box, h('span', {}, paper.toUpperCase()));
    });
    return h(
      'nav',
      { class: 'controls', 'aria-label': app.say(W.print) },
      h(
        'div',
        { class: 'segments', role: 'radiogroup', 'aria-label': app.say(W.paper) },
        ...papers,
      ),
      h(
        'button',
        { type: 'button', class: 'button strong', onclick: () => print() },
        icon('print'),
        app.say(W.printNow),
      ),
      h(
        'button',
        { type: 'button', class: 'button', onclick: () => this.close() },
        icon('close'),
        app.say(W.back),
      ),
    );
  }
}

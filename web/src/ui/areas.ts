import type { App } from '../app.ts';
import * as format from '../lib/format.ts';
import { items, Trouble, type Feature } from '../lib/server.ts';
import type { Lang } from '../lib/text.ts';
import { sortOf } from '../map/drawing.ts';
import { areaSorts } from '../map/pictures/hotspot-areas.ts';
import { fill, h, svg } from './dom.ts';
import { figure, words, type Facts } from './reading.ts';
import { counted, put, W } from './words.ts';

export const AREAS = 'hotspot-areas';

/** As many areas as are listed. */
const MOST = 20;

/** As many as paper has room for. */
const PRINTED = 10;

/** No more digits than a ranking needs. */
const squareKilometres = (ground: number, lang: Lang) =>
  ground < 0.01
    ? `< ${format.number(0.01, lang, 2)}`
    : format.number(ground, lang, ground < 10 ? 2 : 0);

/** The areas that stand out, the first first; each leads to its place on the map. */
export class RankedAreas {
  readonly element = h('div', { class: 'ranked' });
  #question: AbortController | null = null;
  #asked = '';
  #found: { features: readonly Feature[]; matched: number | null } | null = null;

  constructor(
    readonly app: App,
    readonly go: (area: Feature) => void,
  ) {}

  /** Asks where the layer is on and the map shows the answer to another question. */
  follow(again: boolean): void {
    const { app } = this;
    const query = app.answers.shown(AREAS);
    if (!app.on.has(AREAS) || query === null) return;
    const asked = query.toString();
    if (asked === this.#asked && !again) {
      this.#draw();
      return;
    }
    this.#asked = asked;
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    items(AREAS, query, MOST, question.signal).then(
      (found) => {
        if (question.signal.aborted) return;
        this.#found = found;
        this.#draw();
      },
      (error: unknown) => {
        if (question.signal.aborted) return;
        // The next look asks again; what the layer finds tells of the trouble.
        this.#found = null;
        this.#asked = '';
        this.#draw();
        if (!(error instanceof Trouble)) throw error;
      },
    );
  }

  get #features(): Feature[] {
    return [...(this.#found?.features ?? [])].sort(
      (a, b) => (figure(a.properties, 'rank') ?? 0) - (figure(b.properties, 'rank') ?? 0),
    );
  }

  /** The first areas for paper, each with what it was found by; `null` where there is none. */
  get printed(): HTMLElement | null {
    const { app } = this;
    const all = this.#features;
    if (all.length === 0) return null;
    const shown = all.slice(0, PRINTED);
    const more = (this.#found?.matched ?? all.length) - shown.length;
    return h(
      'section',
      { class: 'ranked-print' },
      h('h4', {}, app.say(W.ranked)),
      h('ol', { class: 'plain' }, ...shown.map((area) => this.#line(area))),
      more > 0 &&
        h('p', {}, put(app.say(W.moreAreas), { n: format.number(more, app.screen.lang) })),
    );
  }

  #line({ properties: facts }: Feature): HTMLElement {
    const { app } = this;
    const { lang } = app.screen;
    const p = figure(facts, 'p');
    const sort = sortOf(areaSorts(app.palette), facts['class']);
    const odds = format.chance(p, lang);
    const found =
      p === null ? app.say(sort?.label ?? '') : odds.startsWith('<') ? `p ${odds}` : `p = ${odds}`;
    return h(
      'li',
      {},
      h('b', {}, format.number(figure(facts, 'rank'), lang)),
      h(
        'span',
        {},
        words(facts, 'communes') ?? app.say(W.noCommune),
        h('small', {}, [...this.#amounts(facts), found].filter(Boolean).join(' · ')),
      ),
    );
  }

  /** Plots and ground, as far as they are told. */
  #amounts(facts: Facts): string[] {
    const { app } = this;
    const ground = figure(facts, 'ground_km2') ?? figure(facts, 'area_km2');
    const plots = figure(facts, 'plots');
    return [
      ...(plots === null ? [] : [counted(plots, W.plotCount, app)]),
      ...(ground === null ? [] : [`${squareKilometres(ground, app.screen.lang)} km²`]),
    ];
  }

  #draw(): void {
    const { app } = this;
    const features = this.#features;
    const more = (this.#found?.matched ?? features.length) - features.length;
    fill(
      this.element,
      features.length > 0 && h('h3', {}, app.say(W.ranked)),
      features.length > 0 && h('ol', { class: 'plain' }, ...features.map((one) => this.#row(one))),
      more > 0 &&
        h(
          'p',
          { class: 'soft' },
          put(app.say(W.moreAreas), { n: format.number(more, app.screen.lang) }),
        ),
    );
  }

  #row(area: Feature): HTMLElement {
    const { app } = this;
    const { lang } = app.screen;
    const facts = area.properties;
    const sort = sortOf(areaSorts(app.palette), facts['class']);
    const communes = words(facts, 'communes') ?? app.say(W.noCommune);
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', 'data-area': area.id, onclick: () => this.go(area) },
        h('b', {}, format.number(figure(facts, 'rank'), lang)),
        svg(
          'svg',
          { viewBox: '0 0 12 12', class: 'dot', 'aria-hidden': 'true' },
          svg('circle', { cx: 6, cy: 6, r: 4.6, fill: sort?.color ?? app.palette.group }),
        ),
        h('span', { title: communes }, communes),
        h('small', {}, this.#amounts(facts).join(' · ')),
      ),
    );
  }
}

import type { App } from '../app.ts';
import * as format from '../lib/format.ts';
import { OWN_TIME } from '../lib/address.ts';
import type { Property } from '../lib/catalogue.ts';
import { boxOf } from '../lib/geometry.ts';
import { item, Trouble, type Feature } from '../lib/server.ts';
import type { Hit, MapView } from '../map/view.ts';
import { fill, h, icon, svg } from './dom.ts';
import { head, value } from './head.ts';
import type { Bar, Head } from './reading.ts';
import { put, W } from './words.ts';

const SUMMARY = 'commune-summary';

/** Layers whose features have no name that anybody would know. */
const FINDS: readonly string[] = [
  'hotspots',
  'coverage',
  'density',
  'recultivation',
  'displacement',
];

/** Layers of what the boundaries of a day divide. */
const UNITS: readonly string[] = [SUMMARY, 'communes', 'districts'];

/** The card that tells about what was clicked. */
export class FactsCard {
  readonly element = h('section', { class: 'facts', tabindex: -1, hidden: true });
  #hits: readonly Hit[] = [];
  #shown: Hit | null = null;
  #feature: Feature | null = null;
  #question: AbortController | null = null;

  constructor(
    readonly app: App,
    readonly view: MapView | null,
    /** How much of the screen's edges is covered. */
    readonly room: () => { top: number; bottom: number; left: number; right: number },
  ) {
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    app.listen((changes) => {
      if (changes.has('selected')) this.#follow();
      else if (
        ['season', 'cell', 'units', 'asOf', 'answers', 'data', 'catalogue'].some((key) =>
          changes.has(key as 'data'),
        )
      ) {
        if (this.#shown !== null) void this.#ask(this.#shown);
        else this.#follow();
      } else if (changes.has('lang') || changes.has('palette')) this.#draw();
    });
  }

  /** Shows the first of what was hit and offers the others. */
  open(found: readonly Hit[]): void {
    const { layers } = this.app.deployment;
    const told =
      layers.some(({ id }) => id === SUMMARY) && !found.some(({ layer }) => layer === SUMMARY);
    // A commune is worth more than its outline: the same unit, with its figures.
    const hits = found
      .map((hit) =>
        told && hit.layer === 'communes'
          ? { ...hit, layer: SUMMARY, properties: { name: hit.properties['name'] } }
          : hit,
      )
      .filter(({ layer }) => layer !== 'communes');
    this.#hits = hits;
    const [first] = hits;
    if (first === undefined) this.close();
    else this.#show(first);
  }

  close(): void {
    if (this.#shown === null && this.element.hidden) return;
    this.#question?.abort();
    this.#shown = null;
    this.#feature = null;
    this.element.hidden = true;
    document.body.classList.remove('with-facts');
    this.view?.choose(null);
    this.app.set({ selected: null });
  }

  #show(hit: Hit): void {
    this.#shown = hit;
    this.#feature = null;
    this.element.hidden = false;
    document.body.classList.add('with-facts');
    this.#draw();
    this.element.focus({ preventScroll: true });
    const cluster = isCluster(hit);
    this.app.set({ selected: cluster ? null : { layer: hit.layer, id: hit.id } });
    if (!cluster) void this.#ask(hit);
    else this.#nearer(hit);
  }

  /** Goes where the plots of a badge come apart. */
  #nearer(hit: Hit): void {
    const { view } = this;
    if (hit.at === undefined || view === null) return;
    const [lng, lat] = hit.at;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    view.fit([lng, lat, lng, lat], this.room(), !calm, Math.min(view.map.getZoom() + 2, 15));
  }

  /** A link or another part of the page chose. */
  #follow(): void {
    const { selected } = this.app.screen;
    if (selected === null) {
      if (this.#shown !== null && !isCluster(this.#shown)) this.close();
      return;
    }
    if (this.#shown?.layer === selected.layer && this.#shown.id === selected.id) return;
    if (!this.app.deployment.layers.some(({ id }) => id === selected.layer)) return;
    this.#hits = [];
    this.#show({ ...selected, properties: {} });
  }

  async #ask(hit: Hit): Promise<void> {
    if (isCluster(hit) || hit.id === '') return;
    this.#question?.abort();
    const question = new AbortController();
    this.#question = question;
    try {
      // What the map shows is told, and not what was asked since and refused.
      const query = this.app.answers.shown(hit.layer) ?? this.app.queryOf(hit.layer);
      const feature = await item(hit.layer, hit.id, query, question.signal);
      if (this.#shown !== hit) return;
      this.#feature = feature;
      this.view?.choose(feature.geometry);
      this.#draw();
    } catch (error) {
      if (question.signal.aborted || this.#shown !== hit) return;
      // The feature is not in this season or on these communes any more.
      if (error instanceof Trouble && error.kind === 'missing') this.close();
      else if (Object.keys(hit.properties).length === 0) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const said = error instanceof Trouble ? this.app.say(error.said) : String(error);
    fill(this.element, this.#bar(''), h('p', { class: 'trouble' }, icon('warn'), said));
  }

  #draw(): void {
    const hit = this.#shown;
    if (hit === null) return;
    const { app } = this;
    const layer = app.deployment.layers.find(({ id }) => id === hit.layer);
    const title = app.say(layer?.title ?? hit.layer);
    if (isCluster(hit)) {
      fill(this.element, this.#bar(title), ...this.#cluster(hit), this.#others(hit));
      return;
    }
    const properties = this.#feature?.properties ?? hit.properties;
    if (this.#feature === null && (hit.layer === SUMMARY || Object.keys(properties).length === 0)) {
      fill(this.element, this.#bar(title), h('p', { class: 'soft' }, app.say(W.loading)));
      return;
    }
    const about = head(hit.layer, properties, app);
    fill(
      this.element,
      this.#bar(title),
      ...this.#told(about),
      this.#rest(hit.layer, properties, about),
      this.#place(),
      this.#others(hit),
    );
  }

  #bar(title: string): HTMLElement {
    return h(
      'header',
      {},
      h('p', { class: 'kind' }, title),
      h(
        'button',
        {
          type: 'button',
          class: 'quiet round',
          'aria-label': this.app.say(W.close),
          title: this.app.say(W.close),
          onclick: () => this.close(),
        },
        icon('close'),
      ),
    );
  }

  #cluster(hit: Hit): HTMLElement[] {
    const n = Number(hit.properties['plots']);
    return [
      h('h2', {}, put(this.app.say(W.cluster), { n })),
      h('p', {}, this.app.say(W.clusterHint)),
      ...(hit.at === undefined
        ? []
        : [
            h(
              'button',
              { type: 'button', class: 'button', onclick: () => this.#nearer(hit) },
              icon('plus'),
              this.app.say(W.zoomIn),
            ),
          ]),
    ];
  }

  #told(about: Head): (HTMLElement | null)[] {
    const { app } = this;
    return [
      h('h2', {}, about.title),
      about.badge &&
        h(
          'p',
          { class: 'badge' },
          svg(
            'svg',
            { viewBox: '0 0 12 12', class: 'dot', 'aria-hidden': 'true' },
            svg('circle', {
              cx: 6,
              cy: 6,
              r: 4.2,
              fill: about.badge.fill,
              stroke: about.badge.edge,
              'stroke-width': 2,
            }),
          ),
          app.say(about.badge.words),
        ),
      about.reason !== null && h('p', { class: 'reason' }, about.reason),
      about.figures.length > 0 &&
        h(
          'dl',
          { class: 'figures' },
          ...about.figures.map(([name, words]) =>
            h('div', {}, h('dt', {}, app.say(name)), h('dd', {}, words)),
          ),
        ),
      about.bars.length > 0 &&
        h('div', { class: 'bars' }, ...about.bars.map((bar) => this.#share(bar))),
    ].map((part) => (part instanceof HTMLElement ? part : null));
  }

  #share(bar: Bar): HTMLElement {
    const { lang } = this.app.screen;
    const { share } = bar.part;
    const known = share !== null;
    return h(
      'div',
      { class: 'share' },
      h('span', {}, this.app.say(bar.name)),
      h('strong', {}, format.percent(share, lang)),
      svg(
        'svg',
        {
          viewBox: '0 0 100 4',
          preserveAspectRatio: 'none',
          class: known ? 'bar' : 'bar unknown',
          'aria-hidden': 'true',
        },
        svg('rect', { x: 0, y: 0, width: 100, height: 4, rx: 0, class: 'rail' }),
        known &&
          svg('rect', { x: 0, y: 0, width: Math.min(1, share) * 100, height: 4, fill: bar.color }),
      ),
      ...bar.below.map((words) => h('small', {}, words)),
    );
  }

  /** Everything else that the layer tells, in the order of its schema. */
  #rest(layer: string, properties: Record<string, unknown>, about: Head): HTMLElement | null {
    const { app } = this;
    const schema = app.deployment.schemas.get(layer);
    const known: readonly Property[] = schema?.properties ?? [];
    const names = new Set(known.map(({ name }) => name));
    const unknown = Object.keys(properties)
      .filter((name) => !names.has(name))
      .map((name): Property => ({
        name,
        title: name,
        description: '',
        type: 'string',
        format: undefined,
        unit: undefined,
        words: [],
      }));
    const rows = [...known, ...unknown]
      .filter(({ name }) => name in properties && !/^reason_(vi|en)$/.test(name))
      // An empty text is a fact, too: there is none to tell.
      .filter(({ name }) => properties[name] !== '')
      .map((property) =>
        h(
          'div',
          { title: app.say(property.description) },
          h('dt', {}, app.say(property.title)),
          h(
            'dd',
            properties[property.name] === null ? { class: 'unknown' } : {},
            value(layer, property, properties, app),
          ),
        ),
      );
    if (rows.length === 0) return null;
    const list = h('dl', { class: 'rows' }, ...rows);
    if (about.plain) return list;
    return h(
      'details',
      { class: 'rest' },
      h('summary', {}, app.say(W.allFacts), icon('down')),
      list,
    );
  }

  #place(): HTMLElement | null {
    const geometry = this.#feature?.geometry ?? null;
    const box = boxOf(geometry);
    if (geometry === null || box === null) return null;
    const { app, view } = this;
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    return h(
      'p',
      { class: 'place' },
      icon('pin'),
      h('span', {}, format.place(x, y, app.screen.lang)),
      view !== null &&
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => view.fit(box, { top: 80, bottom: 80, left: 60, right: 60 }, true, 15),
          },
          app.say(W.zoomTo),
        ),
    );
  }

  #others(hit: Hit): HTMLElement | null {
    const others = this.#hits.filter((other) => other !== hit);
    if (others.length === 0) return null;
    const { app } = this;
    const day = app.screen.units === OWN_TIME ? app.day : app.deployment.today;
    // What a plot or a cleared place tells of its commune may be of another day.
    const drawn = others.some(({ layer }) => UNITS.includes(layer)) && day !== null;
    const name = (other: Hit) => {
      const layer = app.deployment.layers.find(({ id }) => id === other.layer);
      const { title: named, badge } = head(other.layer, other.properties, app);
      // What was found says more than the code of a cell.
      const own = badge !== null && FINDS.includes(other.layer) ? app.say(badge.words) : named;
      const title = app.say(layer?.title ?? other.layer);
      return own.startsWith(title) ? own : `${title}: ${own}`;
    };
    return h(
      'nav',
      { class: 'others', 'aria-label': app.say(W.here) },
      h('h3', {}, app.say(W.here)),
      ...others.map((other) =>
        h(
          'button',
          { type: 'button', class: 'chip', onclick: () => this.#show(other) },
          name(other),
        ),
      ),
      drawn &&
        h(
          'p',
          { class: 'soft drawn' },
          put(app.say(W.boundariesOf), { day: format.day(day, app.screen.lang) }),
        ),
    );
  }
}

const isCluster = (hit: Hit) => Number(hit.properties['plots'] ?? 1) > 1 && hit.layer === 'plots';

import { CELL, type App, type Change } from '../app.ts';
import { OWN_TIME } from '../lib/address.ts';
import type { Layer } from '../lib/catalogue.ts';
import type { Feature } from '../lib/server.ts';
import type { Text } from '../lib/text.ts';
import type { Drawing } from '../map/drawing.ts';
import type { MapView } from '../map/view.ts';
import { AREAS, RankedAreas } from './areas.ts';
import { Choices, refusedChoice, wordOf } from './choices.ts';
import { fill, h, icon, unique } from './dom.ts';
import { Findings } from './findings.ts';
import { legend, mark } from './legend.ts';
import { W } from './words.ts';

const GROUPS: readonly (readonly [Drawing['group'], Text])[] = [
  ['facts', W.facts],
  ['analysis', W.analysis],
  ['ground', W.ground],
  ['other', W.other],
];

/** The list of layers: switches, legends, and the settings that change what they say. */
export class LayersPanel {
  readonly element = h('div', { class: 'layers' });
  readonly #switches = new Map<string, { box: HTMLInputElement; row: HTMLElement }>();
  /** Marks that show what is chosen now. */
  readonly #choices: (() => void)[] = [];
  /** Legends, and what is said of an answer that is awaited or refused. */
  readonly #answers: (() => void)[] = [];
  /** Of each layer, what it says about its whole answer. */
  readonly #findings = new Map<string, Findings>();
  readonly #ranked: RankedAreas;

  constructor(
    readonly app: App,
    readonly view: MapView | null,
    go: (layer: string, feature: Feature) => void,
  ) {
    this.#ranked = new RankedAreas(app, (area) => go(AREAS, area));
    app.listen((changes) => this.#update(changes));
    this.#build();
  }

  #update(changes: ReadonlySet<Change>): void {
    if (changes.has('catalogue') || changes.has('lang') || changes.has('palette')) {
      this.#build();
      return;
    }
    if (changes.has('layers')) {
      const { on } = this.app;
      for (const [id, { box, row }] of this.#switches) {
        box.checked = on.has(id);
        row.classList.toggle('on', on.has(id));
      }
    }
    const chosen = ['cell', 'units', 'choices'] as const;
    if (chosen.some((change) => changes.has(change))) for (const mark of this.#choices) mark();
    if (changes.has('answers') || changes.has('drawn')) for (const mark of this.#answers) mark();
    const asked = ['layers', 'season', 'units', 'asOf', 'answers', 'data'] as const;
    if (asked.some((change) => changes.has(change))) this.#ask(changes.has('data'));
  }

  #ask(again: boolean): void {
    for (const findings of this.#findings.values()) findings.follow(again);
    this.#ranked.follow(again);
  }

  #build(): void {
    const { app } = this;
    this.#switches.clear();
    this.#choices.length = 0;
    this.#answers.length = 0;
    const groups = GROUPS.map(([group, title]) => {
      const inside = app.deployment.layers.filter(
        ({ id }) => (this.view?.drawing(id)?.group ?? 'other') === group,
      );
      if (inside.length === 0) return null;
      const heading = unique('group');
      return h(
        'section',
        { class: 'group', 'aria-labelledby': heading },
        h('h2', { id: heading }, app.say(title)),
        group === 'analysis' && this.#cell(),
        group === 'ground' && this.#units(),
        h('ul', { class: 'plain' }, ...inside.map((layer) => this.#row(layer))),
      );
    });
    fill(this.element, ...groups);
    this.#ask(false);
  }

  #row(layer: Layer): HTMLElement {
    const { app } = this;
    const on = app.on.has(layer.id);
    const id = unique('layer');
    const about = unique('about');
    const box = h('input', {
      type: 'checkbox',
      role: 'switch',
      id,
      class: 'switch',
      'data-layer': layer.id,
      onchange: () => app.switch(layer.id, box.checked),
    });
    box.checked = on;
    const words = app.say(layer.description);
    const told = h('p', { class: 'told', id: about, hidden: true }, words);
    const ask = h(
      'button',
      {
        type: 'button',
        class: 'quiet round small',
        'aria-expanded': 'false',
        'aria-controls': about,
        'aria-label': `${app.say(W.about)}: ${app.say(layer.title)}`,
        title: app.say(W.about),
        onclick: () => {
          told.hidden = !told.hidden;
          ask.setAttribute('aria-expanded', String(!told.hidden));
        },
      },
      icon('info'),
    );
    const drawing = this.view?.drawing(layer.id);
    const entries = drawing?.legend ?? [];
    const choices = new Choices(layer, app);
    this.#choices.push(() => choices.follow());
    // A line or a ground with one mark needs no words beside its own name.
    const [only] = entries;
    const plain = drawing?.group === 'ground' && entries.length === 1 && only !== undefined;
    const row = h(
      'li',
      { class: on ? 'row on' : 'row' },
      h(
        'div',
        { class: 'line' },
        box,
        h('label', { for: id }, app.say(layer.title)),
        plain && mark(only),
        words !== '' && ask,
      ),
      told,
      choices.element && this.#answer(layer),
      !plain && this.#legend(layer),
      choices.element,
      drawing?.group === 'analysis' && this.#found(layer),
      layer.id === AREAS && this.#ranked.element,
      layer.id === 'hotspots' && h('p', { class: 'told none-hot' }, app.say(W.noneHot)),
    );
    this.#switches.set(layer.id, { box, row });
    return row;
  }

  /** What paper says of the answer that the map shows; nothing while none is known. */
  printed(layer: string): string[] {
    return this.#findings.get(layer)?.printed ?? [];
  }

  /** What a layer lists by rank on paper. */
  ranked(layer: string): HTMLElement | null {
    return layer === AREAS ? this.#ranked.printed : null;
  }

  #found(layer: Layer): HTMLElement {
    const findings = this.#findings.get(layer.id) ?? new Findings(this.app, layer.id);
    this.#findings.set(layer.id, findings);
    return findings.element;
  }

  /** The legend of what the map shows now. */
  #legend(layer: Layer): HTMLElement {
    const { app } = this;
    const place = h('div');
    const draw = () => {
      // What is not drawn needs no legend.
      const drawn = app.answers.shown(layer.id) !== null || !app.on.has(layer.id);
      fill(place, drawn && legend(this.view?.drawing(layer.id)?.legend ?? [], app));
    };
    draw();
    this.#answers.push(draw);
    return place;
  }

  /** That an answer is awaited, or why there is none. */
  #answer(layer: Layer): HTMLElement {
    const { app } = this;
    const place = h('div', { class: 'answer', role: 'status', 'data-answer': layer.id });
    const draw = () => {
      const refused = app.answers.refusal(layer.id);
      place.classList.toggle('refused', refused !== null);
      if (refused === null) {
        fill(place, app.answers.awaits(layer.id) && h('p', {}, app.say(W.reckoning)));
        return;
      }
      const nothing = app.answers.shown(layer.id) === null;
      const kept = app.answers.instead(layer.id) ? W.usualInstead : W.keptBefore;
      const before = nothing ? W.nothingBefore : kept;
      const which = refusedChoice(layer, refused.detail?.en ?? '', app);
      fill(
        place,
        h('p', {}, app.say(W.refused), which !== null && h('strong', {}, ` ${which}`)),
        h(
          'blockquote',
          refused.detail?.vi === refused.detail?.en ? { lang: 'en' } : {},
          // The name of the parameter is of use to programs; the menu's stands above.
          app.say(refused.detail ?? refused.said).replace(which === null ? '' : /^`\w+`: /, ''),
        ),
        h('p', {}, app.say(before)),
        Object.keys(app.screen.choices).some((name) => name.startsWith(`${layer.id}.`)) &&
          h(
            'button',
            { type: 'button', class: 'quiet', onclick: () => app.forget(layer.id) },
            app.say(W.forget),
          ),
      );
    };
    draw();
    this.#answers.push(draw);
    return place;
  }

  /** What things are counted in: whatever the layers offer. */
  #cell(): HTMLElement | null {
    const { app } = this;
    const offered = app.deployment.layers.flatMap(({ choices }) =>
      choices.filter(({ name }) => name === CELL).flatMap(({ words }) => words),
    );
    // A link may ask for a cell that no menu offers.
    const words = [...new Set([...offered, app.screen.cell])];
    if (offered.length === 0) return null;
    const id = unique('choice');
    const select = h(
      'select',
      { id, 'data-choice': CELL, onchange: () => app.set({ cell: select.value }) },
      ...words.map((word) => h('option', { value: word }, wordOf(CELL, word, app))),
    );
    const mark = () => {
      const { cell } = app.screen;
      if (!words.includes(cell)) {
        words.push(cell);
        select.append(h('option', { value: cell }, wordOf(CELL, cell, app)));
      }
      select.value = cell;
    };
    mark();
    this.#choices.push(mark);
    return h('div', { class: 'counted' }, h('label', { for: id }, app.say(W.countedIn)), select);
  }

  #units(): HTMLElement {
    return this.#choice(
      W.units,
      [
        [OWN_TIME, W.unitsOwn],
        ['today', W.unitsToday],
      ],
      () => this.app.screen.units,
      (units) => this.app.set({ units }),
    );
  }

  /** A row of choices of which one holds. */
  #choice(
    title: Text,
    options: readonly (readonly [string, Text])[],
    now: () => string,
    choose: (value: string) => void,
  ): HTMLElement {
    const name = unique('choice');
    const boxes = options.map(([value, words]) => {
      const box = h('input', { type: 'radio', name, value, onchange: () => choose(value) });
      return { value, box, label: h('label', {}, box, h('span', {}, this.app.say(words))) };
    });
    const mark = () => {
      for (const { value, box } of boxes) box.checked = value === now();
    };
    mark();
    this.#choices.push(mark);
    return h(
      'fieldset',
      { class: 'choice' },
      h('legend', {}, this.app.say(title)),
      h('div', { class: 'segments' }, ...boxes.map(({ label }) => label)),
    );
  }
}

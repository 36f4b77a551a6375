import { ALL, CELL, SPAN, type App } from '../app.ts';
import { matters, type Choice, type Layer } from '../lib/catalogue.ts';
import * as format from '../lib/format.ts';
import { text, type Text } from '../lib/text.ts';
import { fill, h, icon, unique } from './dom.ts';
import { put, W } from './words.ts';

/** What can be chosen, and what the words mean. A word that is not here is shown as it is. */
const NAMES: Readonly<Record<string, Text>> = {
  method: text('Phương pháp', 'Method'),
  value: text('Đại lượng', 'What is counted'),
  null: text('Xáo trộn', 'What is shuffled'),
  adjust: text('Kiểm soát sai sót', 'Control of false finds'),
  tail: text('Tìm nơi', 'Looks for'),
  kernel: text('Hàm nhân', 'Kernel'),
  bandwidth: text('Độ làm trơn', 'Bandwidth'),
  distance: text('Gần là trong vòng', 'Close means within'),
  weights: text('Lân cận', 'Neighbours'),
  stability: text(
    'Xem có còn nóng khi đổi cách chia ô',
    'Ask whether it stays hot with other cells',
  ),
};

/** What a ticked choice is called where it is told and not asked. */
const TICKED: Readonly<Record<string, Text>> = {
  stability: text('Có thử các cách chia ô khác', 'Other ways to draw the cells tried'),
};

const WORDS: Readonly<Record<string, Text>> = {
  'method.gistar': text('Gi*: ô và quanh ô', 'Gi*: cell and around'),
  'method.gi': text('Gi: chỉ quanh ô', 'Gi: only around'),
  'method.moran': text('Moran cục bộ', 'Local Moran'),
  'method.join-counts': text('Đếm cặp ô có nương', 'Local join counts'),
  'method.cells': text('Nối các ô nóng', 'Hot cells joined'),
  'method.dbscan': text('DBSCAN: gần nhau', 'DBSCAN: close by'),
  'method.hdbscan': text('HDBSCAN: dày hơn', 'HDBSCAN: denser'),
  'method.scan': text('Quét theo vòng tròn', 'Circular scan'),
  'method.density': text('Nửa mật độ', 'Half of the density'),
  'method.volume': text('Nơi dày nhất', 'Where most lie'),
  'method.risk': text('So niên vụ trước', 'Against last season'),
  'value.count': text('Số nương', 'Number of plots'),
  'value.area': text('Diện tích', 'Area'),
  'value.presence': text('Có hay không', 'Present or not'),
  'value.rate': text('Nương/km² đã rà soát', 'Plots/km² searched'),
  'null.total': text('Mọi ô', 'All cells'),
  'null.conditional': text('Trừ ô đang xét', 'All but the cell'),
  'weights.queen': text('Chung cạnh hoặc góc', 'Edge or corner'),
  'weights.rook': text('Chung cạnh', 'Edge'),
  'weights.knn:8': text('8 ô gần nhất', 'The 8 nearest'),
  'weights.band:3000': text('Trong vòng 3 km', 'Within 3 km'),
  'adjust.bh': text('Benjamini-Hochberg', 'Benjamini-Hochberg'),
  'adjust.by': text('Benjamini-Yekutieli', 'Benjamini-Yekutieli'),
  'adjust.bonferroni': text('Bonferroni', 'Bonferroni'),
  'adjust.holm': text('Holm', 'Holm'),
  'adjust.none': text('Không kiểm soát', 'None'),
  'tail.upper': text('Nơi nhiều', 'Much'),
  'tail.lower': text('Nơi ít', 'Little'),
  'tail.two-sided': text('Cả hai', 'Either'),
  'moran.tail.upper': text('Giống quanh đó', 'Like its surroundings'),
  'moran.tail.lower': text('Khác quanh đó', 'Unlike its surroundings'),
  'bandwidth.ppl': text('Theo độ hợp lý', 'By likelihood'),
  'bandwidth.scott': text('Scott', 'Scott'),
  'bandwidth.silverman': text('Silverman', 'Silverman'),
  'bandwidth.esri': text('Như ArcGIS', 'As ArcGIS does'),
  'bandwidth.diggle': text('Diggle', 'Diggle'),
  'cell.square:1000': text('Ô vuông 1 km', 'Squares of 1 km'),
  'cell.square:3000': text('Ô vuông 3 km', 'Squares of 3 km'),
  'cell.hexagon:1000': text('Lục giác 1 km²', 'Hexagons of 1 km²'),
  'cell.h3:5': text('H3 cấp 5 (khoảng 250 km²)', 'H3 level 5 (about 250 km²)'),
  'cell.h3:6': text('H3 cấp 6 (khoảng 36 km²)', 'H3 level 6 (about 36 km²)'),
  'cell.h3:7': text('H3 cấp 7 (khoảng 5 km²)', 'H3 level 7 (about 5 km²)'),
  'cell.h3:8': text('H3 cấp 8 (khoảng 0,7 km²)', 'H3 level 8 (about 0.7 km²)'),
  'cell.h3:9': text('H3 cấp 9 (khoảng 0,1 km²)', 'H3 level 9 (about 0.1 km²)'),
  'cell.commune': text('Xã, phường', 'Communes'),
  'kernel.quartic': text('Bậc bốn', 'Quartic'),
  'kernel.epanechnikov': text('Epanechnikov', 'Epanechnikov'),
  'kernel.gaussian': text('Gauss', 'Gaussian'),
};

/** A word of a choice in the language of the screen. */
export const wordOf = (
  name: string,
  word: string,
  app: App,
  method: string | null = null,
): string => {
  if (name === 'distance' && /^\d+$/.test(word)) return metres(Number(word), app);
  return app.say(WORDS[`${method ?? ''}.${name}.${word}`] ?? WORDS[`${name}.${word}`] ?? word);
};

const metres = (far: number, app: App) =>
  far % 1000 === 0
    ? `${format.number(far / 1000, app.screen.lang)} km`
    : `${format.number(far, app.screen.lang)} m`;

/** The choice that a refusal names, as the menu calls it; `null`: it names none of them. */
export function refusedChoice(layer: Layer, detail: string, app: App): string | null {
  const name = /^`(\w+)`:/.exec(detail)?.[1];
  const choice = layer.choices.find((known) => known.name === name);
  if (choice === undefined) return null;
  const word = app.queryOf(layer.id).get(choice.name) ?? app.usual(layer.id, choice.name);
  const title = choice.name === CELL ? app.say(W.countedIn) : app.say(NAMES[choice.name] ?? '');
  const method = app.queryOf(layer.id).get('method');
  return word === null ? title : `${title}: ${wordOf(choice.name, word, app, method)}`;
}

/** The choices of a layer of its own; what is counted in is one for the whole screen. */
const ownChoices = (layer: Layer) => layer.choices.filter(({ name }) => name !== CELL);

/** What a question was asked with that differs from the usual, in words. */
export function told(layer: Layer, query: URLSearchParams, app: App): string[] {
  const method = query.get('method');
  const means = method ?? app.usual(layer.id, 'method', null);
  const each = ownChoices(layer).flatMap(({ name, words }) => {
    if (!matters(layer, name, means)) return [];
    if (isSwitch(words))
      return query.get(name) === 'true' ? [app.say(TICKED[name] ?? NAMES[name] ?? name)] : [];
    const word = query.get(name) ?? app.usual(layer.id, name, method) ?? words[0] ?? '';
    if (name !== 'method' && word === app.usual(layer.id, name, method)) return [];
    return [`${app.say(NAMES[name] ?? name)}: ${wordOf(name, word, app, means)}`];
  });
  const season = query.get('season');
  const span = layer.span && season?.includes('/') ? season : null;
  const several =
    span === null ? [] : [`${app.say(W.span)}: ${span.replaceAll('-', '–').replace('/', ' … ')}`];
  return [...each, ...several];
}

/** Whether a choice is only whether or not. */
const isSwitch = (words: readonly string[]) =>
  words.length === 2 && words.includes('true') && words.includes('false');

/** The choices of method of a layer, folded away. */
export class Choices {
  readonly element: HTMLElement | null;
  readonly #marks: (() => void)[] = [];

  constructor(
    readonly layer: Layer,
    readonly app: App,
  ) {
    const own = ownChoices(layer);
    if (own.length === 0 && !layer.span) {
      this.element = null;
      return;
    }
    const touched = Object.keys(app.screen.choices).some((key) => key.startsWith(`${layer.id}.`));
    this.element = h(
      'details',
      { class: 'choices', open: touched },
      h('summary', {}, app.say(W.choices), icon('down')),
      ...own.map((choice) => (isSwitch(choice.words) ? this.#tick(choice) : this.#row(choice))),
      layer.span && this.#span(),
      layer.choices.some(({ name }) => name === CELL) && this.#cellless(),
      this.#dropped(),
    );
    this.follow();
  }

  /** Shows what is chosen now: with another method other words are the usual ones. */
  follow(): void {
    for (const mark of this.#marks) mark();
  }

  #row({ name, words }: Choice): HTMLElement {
    const { app, layer } = this;
    const id = unique('choose');
    let offered: readonly string[] = [];
    const select = h('select', {
      id,
      'data-choice': `${layer.id}.${name}`,
      onchange: () => {
        const usual = app.usual(layer.id, name);
        app.choose(layer.id, name, select.value === usual ? null : select.value);
      },
    });
    const row = h('div', {}, h('label', { for: id }, app.say(NAMES[name] ?? name)), select);
    let method: string | null | undefined;
    this.#marks.push(() => {
      row.hidden = !app.matters(layer, name);
      const now = app.choice(layer.id, 'method');
      const chosen = app.choice(layer.id, name) ?? app.usual(layer.id, name) ?? '';
      if (method !== now || !offered.includes(chosen)) {
        method = now;
        // A link may ask for a number that no menu offers.
        offered = words.includes(chosen) || chosen === '' ? words : [...words, chosen];
        fill(
          select,
          ...offered.map((word) => h('option', { value: word }, wordOf(name, word, app, now))),
        );
      }
      select.value = chosen;
    });
    return row;
  }

  #tick({ name }: Choice): HTMLElement {
    const { app, layer } = this;
    const usual = () => app.usual(layer.id, name);
    return this.#box(
      name,
      NAMES[name] ?? text(name, name),
      () => (app.choice(layer.id, name) ?? usual()) === 'true',
      (yes) => app.choose(layer.id, name, String(yes) === usual() ? null : String(yes)),
    );
  }

  #span(): HTMLElement {
    const { app, layer } = this;
    return this.#box(
      SPAN,
      W.allSeasons,
      () => app.choice(layer.id, SPAN) === ALL,
      (yes) => app.choose(layer.id, SPAN, yes ? ALL : null),
    );
  }

  #box(name: string, said: Text, now: () => boolean, set: (yes: boolean) => void): HTMLElement {
    const id = unique('choose');
    const box = h('input', {
      type: 'checkbox',
      id,
      'data-choice': `${this.layer.id}.${name}`,
      onchange: () => set(box.checked),
    });
    const row = h('div', { class: 'tick' }, box, h('label', { for: id }, this.app.say(said)));
    this.#marks.push(() => {
      row.hidden = !this.app.matters(this.layer, name);
      box.checked = now();
    });
    return row;
  }

  /** That the cells of the screen do nothing with the method that stands. */
  #cellless(): HTMLElement {
    const { app, layer } = this;
    const told = h('p', { class: 'cellless' }, app.say(W.cellless));
    this.#marks.push(() => (told.hidden = app.matters(layer, CELL)));
    return told;
  }

  /** What was taken back as another method was chosen. */
  #dropped(): HTMLElement {
    const { app, layer } = this;
    const told = h('p', { class: 'dropped', role: 'status' });
    this.#marks.push(() => {
      const dropped = app.dropped?.layer === layer.id ? app.dropped : null;
      told.hidden = dropped === null;
      const each = (dropped?.choices ?? []).map(([name, word]) => {
        const title = app.say(name === SPAN ? W.allSeasons : (NAMES[name] ?? name));
        const plain = name === SPAN || word === 'true' || word === 'false';
        return plain ? title : `${title}: ${wordOf(name, word, app, dropped?.method)}`;
      });
      fill(told, dropped !== null && put(app.say(W.dropped), { what: each.join('; ') }));
    });
    return told;
  }
}

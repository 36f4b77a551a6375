import type { App, Change } from '../app.ts';
import { day } from '../lib/format.ts';
import { daysOf } from '../lib/season.ts';
import { fill, h, icon, unique } from './dom.ts';
import { put, W } from './words.ts';

/** With more seasons than this only the first and the last are named under the slider. */
const NAMED = 6;
const short = (season: string) => `${season.slice(2, 4)}–${season.slice(7, 9)}`;

/** The season looked at: stepped, slid, or looked back at from an earlier day. */
export class SeasonControl {
  readonly element = h('section', { class: 'season' });
  #mark: () => void = () => undefined;

  constructor(readonly app: App) {
    app.listen((changes) => this.#update(changes));
    this.#build();
  }

  #update(changes: ReadonlySet<Change>): void {
    if (changes.has('catalogue') || changes.has('lang')) this.#build();
    else if (changes.has('season') || changes.has('asOf')) this.#mark();
  }

  #build(): void {
    const { app } = this;
    const { seasons } = app.deployment;
    this.element.setAttribute('aria-label', app.say(W.season));
    if (seasons.length === 0) {
      this.#mark = () => undefined;
      fill(this.element);
      return;
    }
    const step = (by: number) => {
      const next = seasons[seasons.indexOf(app.season ?? '') + by];
      if (next !== undefined) app.set({ season: next });
    };
    const arrow = (by: number) =>
      h(
        'button',
        {
          type: 'button',
          class: 'quiet round',
          'aria-label': app.say(by < 0 ? W.seasonBefore : W.seasonAfter),
          title: app.say(by < 0 ? W.seasonBefore : W.seasonAfter),
          onclick: () => step(by),
        },
        icon(by < 0 ? 'left' : 'right'),
      );
    const [before, after] = [arrow(-1), arrow(1)];
    const name = h('strong', { class: 'now' });
    const slider = h('input', {
      type: 'range',
      min: 0,
      max: seasons.length - 1,
      step: 1,
      'aria-label': app.say(W.season),
      oninput: () => app.set({ season: seasons[Number(slider.value)] ?? null }),
    });
    const ticks = h(
      'div',
      { class: seasons.length > NAMED ? 'ticks few' : 'ticks', 'aria-hidden': 'true' },
      ...seasons
        .filter((_, i) => seasons.length <= NAMED || i === 0 || i === seasons.length - 1)
        .map((season) => h('span', {}, short(season))),
    );
    const back = this.#lookBack();
    this.#mark = () => {
      const at = seasons.indexOf(app.season ?? '');
      const words = app.season ?? '';
      fill(name, h('span', { class: 'soft' }, app.say(W.season)), ` ${words.replace('-', '–')}`);
      slider.value = String(Math.max(0, at));
      slider.setAttribute('aria-valuetext', `${app.say(W.season)} ${words}`);
      before.disabled = at <= 0;
      after.disabled = at < 0 || at >= seasons.length - 1;
      back.mark();
    };
    this.#mark();
    fill(
      this.element,
      h('div', { class: 'step' }, before, name, after),
      seasons.length > 1 && h('div', { class: 'slide' }, slider, ticks),
      back.element,
    );
  }

  /** Looking back at what was known on an earlier day. */
  #lookBack(): { element: HTMLElement; mark: () => void } {
    const { app } = this;
    const id = unique('as-of');
    const date = h('input', {
      type: 'date',
      id,
      onchange: () => app.set({ asOf: date.value === '' ? null : date.value }),
    });
    const now = h(
      'button',
      { type: 'button', class: 'quiet', onclick: () => app.set({ asOf: null }) },
      app.say(W.asKnownNow),
    );
    const element = h(
      'details',
      { class: 'look-back' },
      h('summary', {}, icon('clock'), app.say(W.more_options)),
      h('div', { class: 'inline' }, h('label', { for: id }, app.say(W.asKnown)), date, now),
    );
    const mark = () => {
      const { asOf } = app.screen;
      const season = app.season === null ? null : daysOf(app.season);
      if (season) date.min = season[0];
      date.value = asOf ?? '';
      now.hidden = asOf === null;
      if (asOf !== null) element.open = true;
      element.classList.toggle('active', asOf !== null);
      const summary = element.querySelector('summary');
      if (summary) {
        const words =
          asOf === null
            ? app.say(W.more_options)
            : put(app.say(W.asKnownLong), { day: day(asOf, app.screen.lang) });
        fill(summary, icon('clock'), words);
      }
    };
    return { element, mark };
  }
}

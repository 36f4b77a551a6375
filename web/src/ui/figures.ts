import type { App, Change } from '../app.ts';
import * as format from '../lib/format.ts';
import { items, Trouble, type Feature } from '../lib/server.ts';
import {
  communes,
  totals,
  whole,
  type Commune,
  type Deed,
  type Part,
  type Totals,
  type Whole,
} from '../lib/summary.ts';
import type { Text } from '../lib/text.ts';
import { isState, stateColor } from '../map/pictures/plots.ts';
import { ring, seasonColumns, stack, type SeasonBar } from './charts.ts';
import { fill, h, icon, svg } from './dom.ts';
import { lancing } from './head.ts';
import { figure } from './reading.ts';
import { areaKnown, counted, deedWords, leastArea, put, W } from './words.ts';

/** Rows shown before anybody asks for all. */
const FIRST = 8;
/** More communes or open plots than this are not fetched for the screen. */
const MOST = 5000;

interface Told {
  season: string;
  rows: readonly Feature[];
  open: readonly Feature[];
  /** Plots that still stood when the season ended. */
  lost: number;
  others: readonly SeasonBar[];
}

/** The season in figures, each with its numerator and denominator. */
export class FiguresPanel {
  readonly element = h('div', { class: 'numbers' });
  #told: Told | null = null;
  #question: AbortController | null = null;
  #stale = true;
  #all = false;

  constructor(
    readonly app: App,
    readonly choose: (layer: string, feature: Feature) => void,
  ) {
    app.listen((changes) => this.#update(changes));
  }

  /** Fetches, if it was never fetched or something has changed since. */
  wake(): void {
    if (this.#stale) void this.#ask();
  }

  #update(changes: ReadonlySet<Change>): void {
    const anew: Change[] = ['season', 'units', 'asOf', 'data', 'catalogue'];
    if (anew.some((change) => changes.has(change))) this.#stale = true;
    const seen = this.app.screen.panel === 'figures';
    if (this.#stale && seen) void this.#ask();
    else if (changes.has('lang') || changes.has('palette')) this.#draw();
  }

  async #ask(): Promise<void> {
    const { app } = this;
    const { season } = app;
    this.#question?.abort();
    if (season === null) {
      fill(this.element, h('p', { class: 'soft' }, app.say(W.noSeason)));
      return;
    }
    const question = new AbortController();
    this.#question = question;
    this.#stale = false;
    if (this.#told === null) fill(this.element, h('p', { class: 'soft' }, app.say(W.loading)));
    this.element.setAttribute('aria-busy', 'true');
    try {
      const { query } = app;
      const [rows, plots, others] = await Promise.all([
        items('commune-summary', query, MOST, question.signal),
        items('plots', query, MOST, question.signal),
        this.#others(question.signal),
      ]);
      const days = ({ properties }: Feature) => Number(properties['days_to_lancing']);
      const open = plots.features
        .filter(({ properties }) =>
          ['reported', 'confirmed', 'late'].includes(String(properties['state'])),
        )
        .sort((a, b) => days(a) - days(b));
      const lost = plots.features.filter(({ properties }) => properties['state'] === 'lost').length;
      this.#told = { season, rows: rows.features, open, lost, others };
      this.#draw();
    } catch (error) {
      if (question.signal.aborted) return;
      this.#stale = true;
      this.#fail(error);
    } finally {
      if (this.#question === question) this.element.removeAttribute('aria-busy');
    }
  }

  /** The seasons beside it, at most eight of them. */
  async #others(signal: AbortSignal): Promise<SeasonBar[]> {
    const { app } = this;
    return Promise.all(
      app.deployment.seasons.slice(-8).map(async (season) => {
        const query = app.query;
        query.set('season', season);
        const { features } = await items('commune-summary', query, MOST, signal);
        const { plots, area, unmeasured, claimed } = totals(
          features.map(({ properties }) => properties),
        );
        return { season, plots, found: area, unmeasured, destroyed: claimed };
      }),
    );
  }

  #fail(error: unknown): void {
    const { app } = this;
    const said = error instanceof Trouble ? app.say(error.said) : String(error);
    fill(
      this.element,
      h('p', { class: 'trouble' }, icon('warn'), said),
      h(
        'button',
        { type: 'button', class: 'button', onclick: () => void this.#ask() },
        app.say(W.again),
      ),
    );
  }

  #draw(): void {
    const told = this.#told;
    if (told === null) return;
    const { app } = this;
    const all = totals(told.rows.map(({ properties }) => properties));
    const each = communes(told.rows);
    const { visited, elsewhere } = whole(told.rows.map(({ properties }) => properties));
    fill(
      this.element,
      this.#asOf(),
      all.plots === 0 && h('p', { class: 'soft' }, app.say(W.emptySeason)),
      this.#tiles(all, visited),
      elsewhere > 0 && h('p', { class: 'soft' }, counted(elsewhere, W.elsewhere, app)),
      all.plots > 0 && this.#open(told),
      all.plots > 0 && this.#communes(each),
      told.others.length > 1 && this.#seasons(told.others),
      this.#table(each),
    );
  }

  #asOf(): HTMLElement {
    const { app } = this;
    const { lang, asOf } = app.screen;
    const { revision } = app.deployment;
    const parts = [
      put(app.say(W.asOf), { day: format.day(app.day, lang) }),
      asOf === null &&
        revision !== null &&
        put(app.say(W.revision), { n: format.number(revision, lang) }),
    ];
    return h('p', { class: 'soft as-of' }, parts.filter(Boolean).join(' · '));
  }

  #tiles(all: Totals, visited: Whole['visited']): HTMLElement {
    const { app } = this;
    const { lang } = app.screen;
    const { palette } = app;
    const unmeasured = all.unmeasured === 0 ? null : counted(all.unmeasured, W.unmeasured, app);
    const plain = (name: Text, words: string, below: string | null) =>
      h(
        'div',
        { class: 'tile' },
        h('h3', {}, app.say(name)),
        h('p', { class: 'big' }, words),
        below !== null && h('small', {}, below),
      );
    const amounts = (part: Part, unit: string) => [
      `${format.measure(part.of, lang)} / ${format.measure(part.whole, lang)} ${unit}`,
    ];
    const share = (name: Text, part: Part, below: readonly string[], color: string) =>
      h(
        'div',
        { class: 'tile with-ring' },
        h('h3', {}, app.say(name)),
        h(
          'div',
          { class: 'ringed' },
          ring(part.share, color),
          h('p', { class: 'big' }, format.percent(part.share, lang)),
        ),
        ...below.map((words) => h('small', {}, words)),
      );
    const deed = (name: Text, part: Deed, color: string) =>
      share(name, part, deedWords(part, app), color);
    return h(
      'div',
      { class: 'tiles' },
      plain(W.plotsFound, format.number(all.plots, lang), null),
      plain(W.areaFound, leastArea(all.area, all.unmeasured, app), unmeasured),
      deed(W.claimed, all.claimed, palette.destroyed),
      deed(W.verified, all.verified, palette.verified),
      deed(W.inTime, all.inTime, palette.standing),
      share(W.searched, all.searched, amounts(all.searched, 'km²'), palette.pod[3]),
      share(W.visited, visited, amounts(visited, app.say(W.communesUnit)), palette.strip),
      share(
        W.recultivated,
        all.recultivated,
        amounts(all.recultivated, app.say(W.plotsUnit)),
        palette.confirmed,
      ),
    );
  }

  #open({ open, lost }: Told): HTMLElement {
    const { app } = this;
    const { lang } = app.screen;
    const { palette } = app;
    return h(
      'section',
      {},
      h('h2', {}, app.say(W.lancingSoon)),
      open.length === 0
        ? h(
            'p',
            { class: 'soft' },
            lost === 0 ? app.say(W.lancingNone) : counted(lost, W.lostPlots, app),
          )
        : h(
            'ol',
            { class: 'plain open-plots' },
            ...open.slice(0, FIRST).map((plot) => {
              const { properties } = plot;
              const state = properties['state'];
              const days = properties['days_to_lancing'];
              const left = typeof days === 'number' ? days : null;
              return h(
                'li',
                {},
                h(
                  'button',
                  { type: 'button', onclick: () => this.choose('plots', plot) },
                  svg(
                    'svg',
                    { viewBox: '0 0 12 12', class: 'dot', 'aria-hidden': 'true' },
                    svg('circle', {
                      cx: 6,
                      cy: 6,
                      r: 5,
                      fill: isState(state) ? stateColor(palette, state) : palette.lost,
                    }),
                  ),
                  h('span', {}, String(properties['commune'] ?? properties['plot'] ?? plot.id)),
                  h(
                    'span',
                    { class: 'soft' },
                    areaKnown(
                      figure(properties, 'area_m2'),
                      figure(properties, 'area_m2') === null ? 1 : 0,
                      app,
                    ),
                  ),
                  h(
                    'strong',
                    { class: left !== null && left < 0 ? 'late' : '' },
                    lancing(left, app),
                  ),
                ),
              );
            }),
          ),
      open.length > FIRST &&
        h('p', { class: 'soft' }, `+ ${format.number(open.length - FIRST, lang)}`),
    );
  }

  #communes(each: readonly Commune[]): HTMLElement {
    const { app } = this;
    const { palette } = app;
    const found = each.filter(({ totals }) => totals.plots > 0);
    const most = Math.max(...found.map(({ totals }) => totals.area ?? 0), 1);
    const shown = this.#all ? found : found.slice(0, FIRST);
    const key = (words: Text, color: string) =>
      h(
        'span',
        {},
        svg(
          'svg',
          { viewBox: '0 0 12 12', class: 'dot', 'aria-hidden': 'true' },
          svg('rect', { x: 1, y: 1, width: 10, height: 10, rx: 2, fill: color }),
        ),
        app.say(words),
      );
    return h(
      'section',
      {},
      h('h2', {}, app.say(W.byCommune)),
      h(
        'p',
        { class: 'keys' },
        key(W.verified, palette.verified),
        key(W.claimed, palette.destroyed),
        key(W.standing, palette.standing),
      ),
      h(
        'ol',
        { class: 'plain communes' },
        ...shown.map((commune) => {
          const { area, unmeasured, claimed, verified } = commune.totals;
          const feature = this.#told?.rows.find(({ id }) => id === commune.id);
          return h(
            'li',
            {},
            h(
              'button',
              { type: 'button', onclick: () => feature && this.choose('commune-summary', feature) },
              h('span', {}, commune.name),
              h('strong', {}, areaKnown(area, unmeasured, app)),
              stack(
                [
                  [verified.area ?? 0, palette.verified],
                  [Math.max(0, (claimed.area ?? 0) - (verified.area ?? 0)), palette.destroyed],
                  [Math.max(0, (area ?? 0) - (claimed.area ?? 0)), palette.standing],
                ],
                most,
              ),
            ),
          );
        }),
      ),
      found.length > FIRST &&
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => {
              this.#all = !this.#all;
              this.#draw();
            },
          },
          this.#all ? app.say(W.less) : `${app.say(W.more)} (${found.length - FIRST})`,
        ),
    );
  }

  #seasons(others: readonly SeasonBar[]): HTMLElement {
    const { app } = this;
    return h('section', {}, h('h2', {}, app.say(W.bySeason)), seasonColumns(others, app));
  }

  #table(each: readonly Commune[]): HTMLElement | null {
    if (each.length === 0) return null;
    const { app } = this;
    const { lang } = app.screen;
    const columns = [
      W.commune,
      W.plotsFound,
      W.areaFound,
      W.claimed,
      W.verified,
      W.inTime,
      W.searched,
    ];
    const part = ({ share }: Part, below: readonly string[]) =>
      h(
        'td',
        { class: share === null ? 'unknown' : '', title: below.join('; ') },
        format.percent(share, lang),
      );
    const deed = (done: Deed) => part(done, deedWords(done, app));
    return h(
      'details',
      { class: 'rest' },
      h('summary', {}, app.say(W.table), icon('down')),
      h('p', { class: 'soft' }, app.say(W.sharesNote)),
      each.some(({ totals }) => totals.claimed.by === 'plots') &&
        h('p', { class: 'soft' }, app.say(W.byPlots)),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': app.say(W.table) },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, app.say(name)))),
          ),
          h(
            'tbody',
            {},
            ...each.map(({ name, totals }) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, name),
                h('td', {}, format.number(totals.plots, lang)),
                h('td', {}, areaKnown(totals.area, totals.unmeasured, app)),
                deed(totals.claimed),
                deed(totals.verified),
                deed(totals.inTime),
                part(totals.searched, [
                  `${format.measure(totals.searched.of, lang)} / ${format.measure(totals.searched.whole, lang)} km²`,
                ]),
              ),
            ),
          ),
        ),
      ),
    );
  }
}

import type { App, Change } from '../app.ts';
import type { Panel } from '../lib/address.ts';
import { boxOf as boxAround } from '../lib/geometry.ts';
import { BASE, type Feature } from '../lib/server.ts';
import type { MapView } from '../map/view.ts';
import { DataPanel } from './data.ts';
import { fill, h, icon, unique, type Icon } from './dom.ts';
import { FactsCard } from './facts.ts';
import { FiguresPanel } from './figures.ts';
import { LayersPanel } from './layers.ts';
import { Notices } from './notices.ts';
import { PrintSheet } from './print.ts';
import { SearchBox, type Place } from './search.ts';
import { SeasonControl } from './seasons.ts';
import { W } from './words.ts';

/** Everything around the map. */
export class Shell {
  readonly facts: FactsCard;
  readonly search: SearchBox;
  readonly notices: Notices;
  readonly print: PrintSheet;
  readonly #layers: LayersPanel;
  readonly #figures: FiguresPanel;
  readonly #toast = h('div', { class: 'toast', role: 'status', 'aria-live': 'polite' });
  readonly #status = h('div', { class: 'status', role: 'alert', hidden: true });
  readonly #panel = h('div', { class: 'panel' });
  readonly #words: (() => void)[] = [];
  #clock = 0;

  constructor(
    readonly app: App,
    readonly view: MapView | null,
    host: HTMLElement,
    go: (place: Place) => void,
    whole: () => void,
  ) {
    this.notices = new Notices(app);
    const show = (layer: string, feature: Feature, zoom: number) => {
      app.set({ selected: { layer, id: feature.id } });
      view?.choose(feature.geometry);
      const box = feature.geometry === null ? null : boxAround(feature.geometry);
      if (box) view?.fit(box, this.room(), true, zoom);
      this.expand(false);
    };
    this.#layers = new LayersPanel(app, view, (layer, feature) => show(layer, feature, 13));
    this.print = new PrintSheet(
      app,
      view,
      this.notices,
      () => this.room(),
      (layer) => this.#layers.printed(layer),
      (layer) => this.#layers.ranked(layer),
    );
    this.facts = new FactsCard(app, view, () => this.room());
    this.search = new SearchBox(app, go);
    this.#figures = new FiguresPanel(app, (layer, feature) =>
      show(layer, feature, layer === 'plots' ? 13 : 11),
    );
    fill(
      host,
      this.#skip(),
      this.#build(),
      this.#tools(whole),
      this.notices.element,
      this.facts.element,
      this.#status,
      this.#toast,
      this.print.element,
    );
    app.listen((changes) => this.#update(changes));
    this.#update(new Set(['lang', 'palette', 'panel', 'catalogue']));
  }

  /** How much of the screen's edges is covered, so that what is shown is seen. */
  room(): { top: number; bottom: number; left: number; right: number } {
    const edge = 28;
    const narrow = innerWidth < 760;
    const card = this.facts.element.getBoundingClientRect();
    const facts = !this.facts.element.hidden;
    if (narrow) {
      const bottom = facts ? Math.min(card.height, innerHeight / 2) : 170;
      return { top: 150, bottom: bottom + 12, left: edge, right: edge };
    }
    const left = this.#panel.getBoundingClientRect().right;
    const right = facts ? innerWidth - card.left : 56;
    return { top: edge + 8, bottom: 108, left: left + edge, right: right + edge };
  }

  expand(open: boolean): void {
    document.body.classList.toggle('expanded', open);
    const handle = this.#panel.querySelector('.handle');
    handle?.setAttribute('aria-expanded', String(open));
    handle?.setAttribute('aria-label', this.app.say(open ? W.collapse : W.expand));
  }

  /** A word in passing. */
  say(words: string): void {
    clearTimeout(this.#clock);
    fill(this.#toast, h('p', {}, words));
    this.#toast.classList.add('shown');
    this.#clock = window.setTimeout(() => this.#toast.classList.remove('shown'), 4500);
  }

  /** Trouble that lasts; `null` when it is over. */
  trouble(words: string | null, again: (() => void) | null = null): void {
    this.#status.hidden = words === null;
    if (words === null) return;
    fill(
      this.#status,
      icon('warn'),
      h('p', {}, words),
      again &&
        h('button', { type: 'button', class: 'button', onclick: again }, this.app.say(W.again)),
    );
  }

  #update(changes: ReadonlySet<Change>): void {
    const { app } = this;
    const { lang, panel } = app.screen;
    if (changes.has('lang') || changes.has('catalogue')) {
      document.documentElement.lang = lang;
      const title = app.say(app.deployment.title);
      document.title = title === '' ? 'poppywatch' : `${title} · poppywatch`;
      for (const word of this.#words) word();
    }
    if (changes.has('palette') || changes.has('lang')) {
      document.documentElement.dataset['theme'] = app.dark ? 'dark' : 'light';
      for (const word of this.#words) word();
    }
    if (changes.has('panel')) {
      for (const tab of this.#panel.querySelectorAll<HTMLElement>('[role=tab]')) {
        const chosen = tab.dataset['panel'] === panel;
        tab.setAttribute('aria-selected', String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
      }
      for (const page of this.#panel.querySelectorAll<HTMLElement>('[role=tabpanel]')) {
        page.hidden = page.dataset['panel'] !== panel;
      }
      if (panel === 'figures') this.#figures.wake();
    }
  }

  #skip(): HTMLElement {
    const link = h('a', {
      class: 'skip',
      href: '#map',
      onclick: (event: MouseEvent) => {
        event.preventDefault();
        this.view?.map.getCanvas().focus();
      },
    });
    this.#words.push(() => fill(link, this.app.say(W.toMap)));
    return link;
  }

  #build(): HTMLElement {
    const { app } = this;
    const title = h('h1', {});
    const subtitle = h('p', {});
    this.#words.push(() => {
      fill(title, app.say(app.deployment.title) || 'poppywatch');
      fill(subtitle, h('b', {}, 'poppywatch'), h('span', {}, ` · ${app.say(W.subtitle)}`));
    });
    const language = h('button', {
      type: 'button',
      class: 'quiet language',
      onclick: () => app.set({ lang: app.screen.lang === 'vi' ? 'en' : 'vi' }),
    });
    this.#words.push(() => {
      const other = app.screen.lang === 'vi' ? 'en' : 'vi';
      fill(language, h('span', { lang: other }, app.say(W.otherLanguageShort)));
      language.setAttribute('aria-label', app.say(W.otherLanguage));
      language.title = app.say(W.otherLanguage);
    });
    const handle = h(
      'button',
      {
        type: 'button',
        class: 'handle',
        'aria-expanded': 'false',
        onclick: () => this.expand(!document.body.classList.contains('expanded')),
      },
      icon('down'),
    );
    this.#words.push(() => this.expand(document.body.classList.contains('expanded')));
    fill(
      this.#panel,
      h(
        'header',
        { class: 'top' },
        h(
          'div',
          { class: 'brand' },
          h('img', { src: `${BASE}assets/icon.svg`, alt: '', width: 34, height: 34 }),
          h('div', {}, title, subtitle),
          language,
        ),
        this.search.element,
      ),
      h('div', { class: 'drawer' }, handle, new SeasonControl(app).element, this.#tabs()),
    );
    return this.#panel;
  }

  #tabs(): HTMLElement {
    const { app } = this;
    const pages: readonly (readonly [
      Panel,
      typeof W.layers | typeof W.figures | typeof W.data,
      Icon,
      HTMLElement,
    ])[] = [
      ['layers', W.layers, 'layers', this.#layers.element],
      ['figures', W.figures, 'chart', this.#figures.element],
      ['data', W.data, 'open', new DataPanel(app, () => this.print.open()).element],
    ];
    const ids = new Map(pages.map(([panel]) => [panel, unique(panel)]));
    const tabs = pages.map(([panel, words, mark]) => {
      const tab = h(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `${ids.get(panel)}-tab`,
          'aria-controls': ids.get(panel),
          'data-panel': panel,
          onclick: () => {
            app.set({ panel });
            this.expand(true);
          },
          onkeydown: (event: KeyboardEvent) => {
            const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
            if (by === 0) return;
            const at = pages.findIndex(([own]) => own === panel);
            const next = tabs[(at + by + tabs.length) % tabs.length];
            next?.click();
            next?.focus();
          },
        },
        icon(mark),
      );
      const name = h('span', {});
      tab.append(name);
      this.#words.push(() => fill(name, app.say(words)));
      return tab;
    });
    return h(
      'div',
      { class: 'tabbed' },
      h('div', { role: 'tablist' }, ...tabs),
      ...pages.map(([panel, , , element]) =>
        h(
          'div',
          {
            role: 'tabpanel',
            id: ids.get(panel),
            'aria-labelledby': `${ids.get(panel)}-tab`,
            'data-panel': panel,
            tabindex: 0,
          },
          element,
        ),
      ),
    );
  }

  #tools(whole: () => void): HTMLElement {
    const { app, view } = this;
    const tool = (mark: Icon, words: { vi: string; en: string }, act: () => void, name: string) => {
      const button = h('button', { type: 'button', class: name, onclick: act }, icon(mark));
      this.#words.push(() => {
        button.setAttribute('aria-label', app.say(words));
        button.title = app.say(words);
      });
      return button;
    };
    const theme = h('button', {
      type: 'button',
      class: 'theme',
      onclick: () => app.set({ theme: app.dark ? 'light' : 'dark' }),
    });
    this.#words.push(() => {
      const words = app.say(app.dark ? W.toLight : W.toDark);
      fill(theme, icon(app.dark ? 'sun' : 'moon'));
      theme.setAttribute('aria-label', words);
      theme.title = words;
    });
    const north = h('div', { class: 'north', role: 'img' }, icon('north'), h('b', {}));
    this.#words.push(() => {
      north.setAttribute('aria-label', app.say(W.north));
      fill(north.lastElementChild ?? north, app.say(W.north).slice(0, 1));
    });
    return h(
      'div',
      { class: 'tools' },
      north,
      view !== null && tool('plus', W.zoomIn, () => view.map.zoomIn(), 'zoom'),
      view !== null && tool('minus', W.zoomOut, () => view.map.zoomOut(), 'zoom'),
      view !== null && tool('home', W.whole, whole, 'whole'),
      theme,
      tool('print', W.print, () => this.print.open(), 'print'),
    );
  }
}

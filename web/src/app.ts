import { Answers } from './answers.ts';
import { asked, read, write, type Screen } from './lib/address.ts';
import { layers, matters, schema, type Layer, type Note, type Schema } from './lib/catalogue.ts';
import { clamp, seasonsBetween, startYear } from './lib/season.ts';
import { address, ask, items, parameters } from './lib/server.ts';
import { say, type Text } from './lib/text.ts';
import { KNOWN } from './map/pictures/known.ts';
import { DARK, LIGHT, type Palette } from './map/theme.ts';

/** What has changed, so that only that is drawn anew. */
export type Change =
  keyof Screen | 'catalogue' | 'data' | 'palette' | 'remarks' | 'answers' | 'drawn';

/** What the server said about itself. */
export interface Deployment {
  title: Text | string;
  layers: readonly Layer[];
  schemas: ReadonlyMap<string, Schema>;
  seasons: readonly string[];
  /** The season to begin with: the last in which a plot was recorded. */
  first: string | null;
  today: string | null;
  revision: number | null;
}

/** The choice whether a layer looks at all seasons up to the one shown. */
export const SPAN = 'span';
export const ALL = 'all';
/** The choice of what things are counted in. */
export const CELL = 'cell';

/** What the page asks for where nobody chose, though the server by itself would not. */
const ASKED_FIRST: Readonly<Record<string, string>> = { 'hotspots.stability': 'true' };

/** Choices whose words mean another thing with some method: a chosen word does not go over to it. */
const OWN_MEANING: Readonly<Record<string, readonly string[]>> = { tail: ['moran'] };

/** What means nothing with a word of another choice: of rates nothing is shuffled. */
const IDLE: Readonly<Record<string, readonly string[]>> = {
  'hotspots.value:rate': ['null'],
};

/** What answers another question than the one asked, but with these words of other choices. */
const ONLY_WITH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'hotspots.stability': { method: 'gistar', value: 'count' },
};

/** Choices that take other numbers than the menu offers. */
const ANY_NUMBER = ['distance'];

const NOBODY: Deployment = {
  title: '',
  layers: [],
  schemas: new Map(),
  seasons: [],
  first: null,
  today: null,
  revision: null,
};

/** The state of the page, and the only place where it changes. */
export class App {
  /** What the address asks by its query, until its hash says otherwise. */
  readonly #asked = asked(location.search);
  screen: Screen = read(location.hash, this.#asked);
  deployment: Deployment = NOBODY;
  /** What must be said with the answers on the screen, beside the notes of their layers. */
  remarks: readonly Note[] = [];
  /** The choices of a layer that were dropped when another method was chosen. */
  dropped: {
    layer: string;
    /** The method that they were chosen for. */
    method: string | null;
    choices: readonly (readonly [string, string])[];
  } | null = null;
  /** Which answers the map shows. */
  readonly answers = new Answers(this);
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #listeners: ((changes: ReadonlySet<Change>) => void)[] = [];

  constructor() {
    this.#dark.addEventListener('change', () => this.tell('palette'));
    addEventListener('hashchange', () => {
      const next = read(location.hash, this.#asked);
      if (write(next) !== write(this.screen)) this.set(next);
    });
  }

  listen(listener: (changes: ReadonlySet<Change>) => void): void {
    this.#listeners.push(listener);
  }

  tell(...changes: Change[]): void {
    const set = new Set(changes);
    if (set.has('theme')) set.add('palette');
    for (const listener of this.#listeners) listener(set);
  }

  /** Changes the screen, keeps the address bar in step, and tells everybody what changed. */
  set(patch: Partial<Screen>): void {
    const changed = (Object.keys(patch) as (keyof Screen)[]).filter(
      (key) => JSON.stringify(patch[key]) !== JSON.stringify(this.screen[key]),
    );
    if (changed.length === 0) return;
    this.screen = { ...this.screen, ...patch };
    const hash = write(this.screen, this.#asked);
    history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
    this.tell(...changed);
  }

  get dark(): boolean {
    const { theme } = this.screen;
    return theme === 'dark' || (theme === 'auto' && this.#dark.matches);
  }

  get palette(): Palette {
    return this.dark ? DARK : LIGHT;
  }

  /** In the language of the screen. */
  say(words: unknown): string {
    return say(words, this.screen.lang);
  }

  /** The season looked at: the chosen one, else the last in which a plot was recorded. */
  get season(): string | null {
    return this.screen.season ?? this.deployment.first;
  }

  /** The day that the figures of the season are of. */
  get day(): string | null {
    const now = this.screen.asOf ?? this.deployment.today;
    return now === null || this.season === null ? now : clamp(this.season, now);
  }

  /** The parameters of analysis of every question asked. */
  get query(): URLSearchParams {
    return parameters({ ...this.screen, season: this.season });
  }

  /** What a layer is asked: the parameters of the screen and what was chosen for it. */
  queryOf(layer: string): URLSearchParams {
    const query = this.query;
    const about = this.deployment.layers.find(({ id }) => id === layer);
    if (about === undefined) return query;
    for (const { name, words } of about.choices) {
      // What is counted in is one choice for the whole screen.
      if (name === CELL || !this.matters(about, name)) continue;
      const word = this.choice(layer, name) ?? ASKED_FIRST[`${layer}.${name}`] ?? null;
      if (word === null) continue;
      const taken = words.includes(word) || (ANY_NUMBER.includes(name) && /^\d+$/.test(word));
      if (taken) query.set(name, word);
    }
    const first = this.deployment.seasons[0];
    const { season } = this;
    const all = about.span && this.matters(about, SPAN) && this.choice(layer, SPAN) === ALL;
    if (all && first && season && first < season) query.set('season', `${first}/${season}`);
    return query;
  }

  /**
   * What is asked where the server refuses `queryOf`, best first: without what only the page asked
   * for, without anything chosen of the layer, and in the cells that the server takes by itself.
   */
  otherwise(layer: string): URLSearchParams[] {
    const modest = this.queryOf(layer);
    for (const name of Object.keys(ASKED_FIRST)) {
      const [of, choice = ''] = name.split('.');
      if (of === layer && this.choice(layer, choice) === null) modest.delete(choice);
    }
    const cells = this.query;
    cells.delete(CELL);
    return [modest, this.query, cells];
  }

  /** Whether a choice of a layer, or its span, changes the answer by the method that stands. */
  matters(layer: Layer, name: string): boolean {
    const idle = Object.entries(IDLE).some(([of, names]) => {
      const [choice = '', word] = of.replace(`${layer.id}.`, '').split(':');
      return names.includes(name) && this.choice(layer.id, choice) === word;
    });
    const method = this.choice(layer.id, 'method') ?? this.usual(layer.id, 'method');
    const foreign = Object.entries(ONLY_WITH[`${layer.id}.${name}`] ?? {}).some(
      ([choice, word]) =>
        (this.choice(layer.id, choice) ?? this.usual(layer.id, choice) ?? word) !== word,
    );
    return !idle && !foreign && matters(layer, name, method);
  }

  /** What a choice of a layer stands at where nobody chose; methods may differ in it. */
  usual(layer: string, name: string, method?: string | null): string | null {
    const about = this.deployment.layers.find(({ id }) => id === layer);
    const choice = about?.choices.find((known) => known.name === name);
    const first = ASKED_FIRST[`${layer}.${name}`];
    if (first !== undefined && choice?.words.includes(first)) return first;
    // The usual method itself depends on no method.
    const by =
      method === undefined && name !== 'method' ? this.choice(layer, 'method') : (method ?? null);
    return (by === null ? undefined : choice?.defaults[by]) ?? choice?.words[0] ?? null;
  }

  /** What was chosen of a layer; `null`: its default. */
  choice(layer: string, name: string): string | null {
    return this.screen.choices[`${layer}.${name}`] ?? null;
  }

  choose(layer: string, name: string, word: string | null): void {
    const choices = { ...this.screen.choices };
    delete choices[`${layer}.${name}`];
    if (word !== null) choices[`${layer}.${name}`] = word;
    this.dropped = name === 'method' ? this.#drop(layer, word, choices) : null;
    this.set({ choices });
  }

  /** Takes out of `choices` what meant something with the method that stands, but not with another. */
  #drop(layer: string, method: string | null, choices: Record<string, string>): App['dropped'] {
    const about = this.deployment.layers.find(({ id }) => id === layer);
    if (about === undefined) return null;
    const before = this.choice(layer, 'method') ?? this.usual(layer, 'method');
    const next = method ?? this.usual(layer, 'method');
    const dropped = Object.entries(choices).flatMap(([key, word]): [string, string][] => {
      const [of, name = ''] = key.split('.');
      if (of !== layer || name === 'method') return [];
      const own = (by: string | null) => OWN_MEANING[name]?.includes(by ?? '') ?? false;
      if (matters(about, name, next) && own(before) === own(next)) return [];
      delete choices[key];
      return [[name, word]];
    });
    return dropped.length === 0 ? null : { layer, method: before, choices: dropped };
  }

  /** Takes back all that was chosen of a layer. */
  forget(layer: string): void {
    this.dropped = null;
    const kept = Object.entries(this.screen.choices).filter(
      ([name]) => !name.startsWith(`${layer}.`),
    );
    this.set({ choices: Object.fromEntries(kept) });
  }

  /** The layers switched on, in the catalogue's order. */
  get on(): ReadonlySet<string> {
    const { layers: chosen } = this.screen;
    const usual = (id: string) => KNOWN[id]?.(this.palette, () => null).on ?? false;
    return new Set(
      this.deployment.layers
        .map(({ id }) => id)
        .filter((id) => (chosen === null ? usual(id) : chosen.includes(id))),
    );
  }

  switch(layer: string, on: boolean): void {
    const now = new Set(this.on);
    if (on) now.add(layer);
    else now.delete(layer);
    this.set({ layers: [...now] });
  }

  /** Asks the server what it has; answers whether the list of layers or seasons is another one. */
  async load(): Promise<boolean> {
    const before = this.#shape();
    const [landing, collections] = await Promise.all([
      ask(address('', new URLSearchParams({ f: 'json' }))),
      ask(address('collections', new URLSearchParams({ f: 'json' }))),
    ]);
    const listed = layers(collections);
    const about = (landing ?? {}) as Record<string, unknown>;
    const told = await Promise.all(
      listed.map(async ({ id }) => {
        // A layer without a schema is still drawn; only its facts lose their titles.
        const answer = await ask(address(`collections/${id}/schema`)).catch(() => null);
        return [id, schema(answer)] as const;
      }),
    );
    const named = seasons(about, listed);
    const [vi, en] = [about['title_vi'], about['title_en']];
    this.deployment = {
      title:
        typeof vi === 'string' && typeof en === 'string' ? { vi, en } : say(about['title'], 'vi'),
      layers: listed,
      schemas: new Map(told),
      seasons: named,
      first: await lastWithPlots(named, listed),
      today: typeof about['today'] === 'string' ? about['today'] : null,
      revision: typeof about['revision'] === 'number' ? about['revision'] : null,
    };
    return this.#shape() !== before;
  }

  #shape(): string {
    const { layers: listed, seasons: named } = this.deployment;
    return JSON.stringify([named, listed.map(({ id, notes }) => [id, notes])]);
  }
}

/** A season that has only begun has meetings and no plots yet: a map of it would seem empty. */
async function lastWithPlots(
  named: readonly string[],
  listed: readonly Layer[],
): Promise<string | null> {
  const last = named.at(-1) ?? null;
  if (!listed.some(({ id }) => id === 'plots')) return last;
  for (const season of named.slice(-3).reverse()) {
    const found = await items('plots', new URLSearchParams({ season }), 1).catch(() => null);
    if (found === null || found.features.length > 0) return season;
  }
  return last;
}

function seasons(landing: Record<string, unknown>, listed: readonly Layer[]): string[] {
  const named = landing['seasons'];
  if (Array.isArray(named)) {
    const real = named.filter(
      (season): season is string => typeof season === 'string' && startYear(season) !== null,
    );
    if (real.length > 0) return real.sort();
  }
  const plots = listed.find(({ id }) => id === 'plots');
  return plots === undefined ? [] : seasonsBetween(...plots.interval);
}

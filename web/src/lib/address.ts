import { startYear } from './season.ts';
import type { Lang } from './text.ts';

export type Theme = 'auto' | 'light' | 'dark';
export type Panel = 'layers' | 'figures' | 'data';

/** Everything that a link to this screen must say. */
export interface Screen {
  lang: Lang;
  theme: Theme;
  panel: Panel;
  /** `null`: the last season with data. */
  season: string | null;
  cell: string;
  /** Communes of each fact's own time, or those of today or of a day. */
  units: string;
  /** What was known at the end of this day; `null`: now. */
  asOf: string | null;
  /** Layers switched on; `null`: those that are on by themselves. */
  layers: readonly string[] | null;
  /** Longitude, latitude, zoom; `null`: the whole deployment. */
  view: readonly [number, number, number] | null;
  /** Choices of method, by layer and name: `hotspots.method` is `moran`. */
  choices: Readonly<Record<string, string>>;
  /** The feature whose facts are open. */
  selected: { layer: string; id: string } | null;
}

export const OWN_TIME = 'own';

export const START: Screen = {
  lang: 'vi',
  theme: 'auto',
  panel: 'layers',
  season: null,
  cell: 'square:1000',
  units: OWN_TIME,
  asOf: null,
  layers: null,
  view: null,
  choices: {},
  selected: null,
};

const isDay = (word: string) => /^\d{4}-\d{2}-\d{2}$/.test(word) && !Number.isNaN(Date.parse(word));
const isCell = (word: string) =>
  /^(square|hexagon):[1-9]\d{1,5}$|^h3:[5-9]$|^(commune|district)$/.test(word);
const isName = (word: string) => /^[\w-]{1,64}$/.test(word);

/** In place of a season: the last one with data, where the query names another. */
const LAST = 'last';

const takeSeason = (word: string) => (startYear(word) === null ? undefined : word);
const takeCell = (word: string) => (isCell(word) ? word : undefined);
const takeUnits = (word: string) =>
  word === 'today' || word === OWN_TIME || isDay(word) ? word : undefined;

type Question = Pick<Screen, 'season' | 'cell' | 'units'>;

/**
 * What the part behind `?` asks: QGIS is given the server's address with the parameters of analysis
 * in it, and the map at that address must show the same. The part behind `#` says more.
 */
export function asked(search: string): Question {
  const given = new URLSearchParams(search);
  return {
    season: takeSeason(given.get('season') ?? '') ?? START.season,
    cell: takeCell(given.get('cell') ?? '') ?? START.cell,
    units: takeUnits(given.get('units_on') ?? '') ?? START.units,
  };
}

/** The part behind `#`; what is as at the start is left out, so that plain links stay short. */
export function write(screen: Screen, start: Question = START): string {
  const parts: [string, string][] = [];
  if (screen.season !== start.season) parts.push(['season', screen.season ?? LAST]);
  if (screen.cell !== start.cell) parts.push(['cell', screen.cell]);
  if (screen.units !== start.units) parts.push(['units', screen.units]);
  if (screen.asOf !== null) parts.push(['as_of', screen.asOf]);
  if (screen.layers !== null) parts.push(['layers', screen.layers.join(',')]);
  if (screen.view !== null) {
    const [lng, lat, zoom] = screen.view;
    parts.push(['at', `${round(lng, 5)},${round(lat, 5)},${round(zoom, 2)}`]);
  }
  const chosen = Object.entries(screen.choices).map(([name, word]) => `${name}:${word}`);
  if (chosen.length > 0) parts.push(['choose', chosen.sort().join(',')]);
  if (screen.selected !== null)
    parts.push(['on', `${screen.selected.layer}/${screen.selected.id}`]);
  if (screen.panel !== START.panel) parts.push(['panel', screen.panel]);
  if (screen.lang !== START.lang) parts.push(['lang', screen.lang]);
  if (screen.theme !== START.theme) parts.push(['theme', screen.theme]);
  return parts
    .map(
      ([key, value]) =>
        `${key}=${encodeURIComponent(value).replace(/%(2C|2F|3A)/g, decodeURIComponent)}`,
    )
    .join('&');
}

/** Reads what [`write`] wrote. What makes no sense is left as at the start: a link never fails. */
export function read(hash: string, start: Question = START): Screen {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const pick = <T>(key: string, take: (word: string) => T | undefined, otherwise: T): T => {
    const word = given.get(key);
    const taken = word === null ? undefined : take(word);
    return taken === undefined ? otherwise : taken;
  };
  const oneOf =
    <T extends string>(...words: readonly T[]) =>
    (word: string): T | undefined =>
      words.find((known) => known === word);
  return {
    lang: pick('lang', oneOf<Lang>('vi', 'en'), START.lang),
    theme: pick('theme', oneOf<Theme>('auto', 'light', 'dark'), START.theme),
    panel: pick('panel', oneOf<Panel>('layers', 'figures', 'data'), START.panel),
    season: pick<string | null>(
      'season',
      (word) => (word === LAST ? null : takeSeason(word)),
      start.season,
    ),
    cell: pick<string>('cell', takeCell, start.cell),
    units: pick<string>('units', takeUnits, start.units),
    asOf: pick<string | null>('as_of', (word) => (isDay(word) ? word : undefined), null),
    layers: pick<readonly string[] | null>(
      'layers',
      (word) => word.split(',').filter(isName),
      null,
    ),
    view: pick<Screen['view']>('at', view, null),
    choices: pick<Screen['choices']>('choose', choices, START.choices),
    selected: pick<Screen['selected']>('on', selected, null),
  };
}

function view(word: string): Screen['view'] | undefined {
  const [lng, lat, zoom, ...rest] = word.split(',').map(Number);
  if (rest.length > 0 || lng === undefined || lat === undefined || zoom === undefined)
    return undefined;
  const fits = Math.abs(lng) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24;
  return fits ? [lng, lat, zoom] : undefined;
}

/** `hotspots.method:moran,density.value:area`; what is no choice is left out. */
function choices(word: string): Screen['choices'] {
  const each = word.split(',').map((choice) => /^([\w-]+\.[a-z_]+):([\w:.-]{1,64})$/.exec(choice));
  return Object.fromEntries(each.flatMap((found) => (found ? [[found[1], found[2]]] : [])));
}

function selected(word: string): Screen['selected'] | undefined {
  const [layer, id, ...rest] = word.split('/');
  if (rest.length > 0 || layer === undefined || id === undefined) return undefined;
  return isName(layer) && isName(id) ? { layer, id } : undefined;
}

const round = (value: number, decimals: number) => Number(value.toFixed(decimals));

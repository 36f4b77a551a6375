import type { Text } from './text.ts';

/** What a feature of a layer looks like on the ground. */
export type Kind = 'point' | 'line' | 'area';

/** What must be said wherever the layer is shown. */
export interface Note {
  kind: 'simulated' | 'approximate' | 'assumed' | 'note';
  text: Text | string;
}

export interface Property {
  name: string;
  title: Text | string;
  description: Text | string;
  /** `string`, `number`, `integer`, `boolean`. */
  type: string;
  /** `date` for days. */
  format: string | undefined;
  /** UCUM code. */
  unit: string | undefined;
  /** The closed list of words it can take. */
  words: readonly string[];
}

/** What a question may choose. */
export interface Choice {
  name: string;
  /** What can be offered, the default first. */
  words: readonly string[];
  /** The methods with which another word is the default. */
  defaults: Readonly<Record<string, string>>;
}

/** A layer as the catalogue lists it. */
export interface Layer {
  id: string;
  title: Text | string;
  description: Text | string;
  /** West, south, east, north; `null`: nothing in it yet. */
  extent: readonly [number, number, number, number] | null;
  /** First and last day of its facts, `null` where open or unknown. */
  interval: readonly [string | null, string | null];
  notes: readonly Note[];
  /** Credits that must be shown. */
  credits: readonly string[];
  /** Media types in which its items can be had, with what to call them. */
  formats: readonly { type: string; href: string; title: string }[];
  /** What a question to it may choose. */
  choices: readonly Choice[];
  /** Whether it can look at several seasons together. */
  span: boolean;
  /** The methods with which a choice, or `span`, changes the answer; not there: with every one. */
  only: Readonly<Record<string, readonly string[]>>;
}

export interface Schema {
  kind: Kind | null;
  properties: readonly Property[];
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asText = (value: unknown): Text | string | undefined => {
  if (typeof value === 'string') return value;
  if (isObject(value) && (typeof value['vi'] === 'string' || typeof value['en'] === 'string')) {
    return value as unknown as Text;
  }
  return undefined;
};

/** A text that stands under `name` as `{vi, en}`, or as `name_vi` and `name_en`, or plainly. */
function words(from: Json, name: string): Text | string | undefined {
  const [vi, en] = [from[`${name}_vi`], from[`${name}_en`]];
  if (typeof vi === 'string' && typeof en === 'string') return { vi, en };
  return asText(from[`x-${name}`]) ?? asText(from[name]);
}

/** The layers that a `/collections` answer lists; what is not understood is left out, not fatal. */
export function layers(answer: unknown): Layer[] {
  const found: Layer[] = [];
  for (const entry of list(isObject(answer) ? answer['collections'] : [])) {
    if (!isObject(entry) || typeof entry['id'] !== 'string') continue;
    found.push({
      id: entry['id'],
      title: words(entry, 'title') ?? entry['id'],
      description: words(entry, 'description') ?? '',
      extent: extent(entry),
      interval: interval(entry),
      notes: notes(entry),
      credits: credits(entry),
      formats: formats(entry),
      choices: choices(entry),
      span: entry['span'] === true,
      only: only(entry),
    });
  }
  return found;
}

function extent(entry: Json): Layer['extent'] {
  const spatial = isObject(entry['extent']) ? entry['extent']['spatial'] : undefined;
  const box = isObject(spatial) ? list(list(spatial['bbox'])[0]) : [];
  const [west, south, east, north] = box.length === 6 ? [box[0], box[1], box[3], box[4]] : box;
  const corner = (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value);
  if (!corner(west) || !corner(south) || !corner(east) || !corner(north)) return null;
  const whole = west <= -180 && east >= 180;
  return whole || west >= east || south >= north ? null : [west, south, east, north];
}

function interval(entry: Json): Layer['interval'] {
  const temporal = isObject(entry['extent']) ? entry['extent']['temporal'] : undefined;
  const [from, to] = isObject(temporal) ? list(list(temporal['interval'])[0]) : [];
  const end = (value: unknown) => (typeof value === 'string' && /^\d/.test(value) ? value : null);
  return [end(from), end(to)];
}

/** Notes say in their first words what kind they are; `kind` says it outright where it is given. */
export function notes(entry: Record<string, unknown>): Note[] {
  const kinds = ['simulated', 'approximate', 'assumed'] as const;
  return list(entry['notes']).flatMap((note): Note[] => {
    const said = isObject(note) ? (words(note, 'text') ?? asText(note)) : asText(note);
    if (said === undefined) return [];
    const beginning = (typeof said === 'string' ? said : (said.en ?? said.vi)).toLowerCase();
    const kind =
      (isObject(note) ? kinds.find((known) => known === note['kind']) : undefined) ??
      kinds.find((known) => beginning.startsWith(known));
    return [{ kind: kind ?? 'note', text: said }];
  });
}

function credits(entry: Json): string[] {
  const given = entry['attribution'];
  const each = typeof given === 'string' ? given.split(/\s*[;|]\s*/) : list(given);
  return each.filter((credit): credit is string => typeof credit === 'string' && credit !== '');
}

function formats(entry: Json): Layer['formats'] {
  return list(entry['links']).flatMap((link) => {
    if (!isObject(link)) return [];
    const { rel, type, href, title } = link;
    if (typeof type !== 'string' || typeof href !== 'string') return [];
    // A lattice of values has no items, and is another form of the same answer.
    if (rel !== 'items' && !(rel === 'alternate' && type.startsWith('image/tiff'))) return [];
    return [{ type, href, title: typeof title === 'string' ? title : type }];
  });
}

function choices(entry: Json): Layer['choices'] {
  return list(entry['choices']).flatMap((choice) => {
    if (!isObject(choice) || typeof choice['name'] !== 'string') return [];
    const each = list(choice['words']).filter((word): word is string => typeof word === 'string');
    const given = isObject(choice['defaults']) ? Object.entries(choice['defaults']) : [];
    const defaults = Object.fromEntries(
      given.filter((pair): pair is [string, string] => each.some((word) => word === pair[1])),
    );
    return each.length > 1 ? [{ name: choice['name'], words: each, defaults }] : [];
  });
}

function only(entry: Json): Layer['only'] {
  const given = isObject(entry['only']) ? Object.entries(entry['only']) : [];
  return Object.fromEntries(
    given.map(([name, methods]) => [
      name,
      list(methods).filter((word): word is string => typeof word === 'string'),
    ]),
  );
}

/** Whether a choice, or `span`, changes what a layer answers by a method. */
export const matters = ({ only }: Layer, name: string, method: string | null): boolean =>
  method === null || (only[name]?.includes(method) ?? true);

/** The properties of a layer, in the order in which its schema tells them. */
export function schema(answer: unknown): Schema {
  const told = isObject(answer) && isObject(answer['properties']) ? answer['properties'] : {};
  const properties: (Property & { place: number })[] = [];
  let kind: Kind | null = null;
  for (const [index, [name, about]] of Object.entries(told).entries()) {
    if (!isObject(about)) continue;
    const shape = typeof about['format'] === 'string' ? geometry(about['format']) : undefined;
    if (shape !== undefined) {
      kind = shape;
      continue;
    }
    if (about['x-ogc-role'] === 'id') continue;
    const place = about['x-ogc-propertySeq'];
    const oneType = list(about['type']).find((type) => type !== 'null') ?? about['type'];
    properties.push({
      name,
      title: words(about, 'title') ?? name,
      description: words(about, 'description') ?? '',
      type: typeof oneType === 'string' ? oneType : 'string',
      format: typeof about['format'] === 'string' ? about['format'] : undefined,
      unit: [about['x-ogc-unit'], about['unit']].find(
        (unit): unit is string => typeof unit === 'string',
      ),
      words: list(about['enum']).filter((word): word is string => typeof word === 'string'),
      place: typeof place === 'number' ? place : index,
    });
  }
  properties.sort((a, b) => a.place - b.place);
  return { kind, properties };
}

function geometry(format: string): Kind | undefined {
  const match = /^geometry-(multi)?(point|linestring|polygon)/.exec(format);
  const kinds: Record<string, Kind> = { point: 'point', linestring: 'line', polygon: 'area' };
  return match?.[2] === undefined ? undefined : kinds[match[2]];
}

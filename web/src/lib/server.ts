import { OWN_TIME, type Screen } from './address.ts';
import type { Text } from './text.ts';
import { text } from './text.ts';

/** Where this page lives; the server's other addresses are beside it. */
export const BASE = new URL('.', document.baseURI).href;

/** What kept an answer away, in plain words. */
export class Trouble extends Error {
  constructor(
    readonly kind: 'gone' | 'busy' | 'refused' | 'missing' | 'broken',
    readonly said: Text,
    /** What the server said; in English alone where it has no more. */
    readonly detail: Text | null = null,
  ) {
    super(said.en);
  }
}

/** The parameters of analysis of a screen, as every collection takes them. */
export function parameters(screen: Screen): URLSearchParams {
  const query = new URLSearchParams();
  if (screen.season !== null) query.set('season', screen.season);
  query.set('cell', screen.cell);
  if (screen.units !== OWN_TIME) query.set('units_on', screen.units);
  if (screen.asOf !== null) query.set('as_of', endOf(screen.asOf));
  return query;
}

/** The last second of a day on this screen's clock, as RFC 3339 writes it. */
function endOf(day: string): string {
  const minutes = -new Date(`${day}T23:59:59`).getTimezoneOffset();
  const two = (part: number) => String(Math.trunc(part)).padStart(2, '0');
  const ahead = Math.abs(minutes);
  const offset =
    minutes === 0 ? 'Z' : `${minutes > 0 ? '+' : '-'}${two(ahead / 60)}:${two(ahead % 60)}`;
  return `${day}T23:59:59${offset}`;
}

/** An address of the server, `path` without a leading slash. `:` stays readable. */
export function address(path: string, query: URLSearchParams | null = null): string {
  const words = query?.toString().replaceAll('%3A', ':') ?? '';
  return words === '' ? BASE + path : `${BASE}${path}?${words}`;
}

/** Asks for JSON; a server that is only busy is asked again twice. */
export async function ask(url: string, signal?: AbortSignal): Promise<unknown> {
  for (let again = 0; ; again += 1) {
    const answer = await reach(url, signal);
    if (answer.ok) return read(answer);
    if (answer.status === 503 && again < 2) {
      await pause(Math.min(seconds(answer.headers.get('Retry-After')), 5), signal);
      continue;
    }
    throw await trouble(answer);
  }
}

async function reach(url: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { Accept: 'application/geo+json, application/json, application/schema+json' },
      cache: 'no-cache',
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Trouble('gone', GONE);
  }
}

async function read(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    throw new Trouble('broken', BROKEN);
  }
}

async function trouble(answer: Response): Promise<Trouble> {
  let detail: Text | null = null;
  try {
    const problem: unknown = await answer.json();
    if (problem !== null && typeof problem === 'object' && 'detail' in problem) {
      const vietnamese = 'detail_vi' in problem ? problem.detail_vi : null;
      if (typeof problem.detail === 'string') {
        const { detail: english } = problem;
        detail = text(typeof vietnamese === 'string' ? vietnamese : english, english);
      }
    }
  } catch {
    // Not every answer is a problem document: a proxy may speak in our place.
  }
  if (answer.status === 503 || answer.status === 429) return new Trouble('busy', BUSY, detail);
  if (answer.status === 404) return new Trouble('missing', MISSING, detail);
  if (answer.status < 500) return new Trouble('refused', REFUSED, detail);
  return new Trouble('broken', BROKEN, detail);
}

const seconds = (header: string | null) => {
  const given = Number(header);
  return header !== null && Number.isFinite(given) && given > 0 ? given : 1;
};

const pause = (time: number, signal?: AbortSignal) =>
  new Promise<void>((resume, stop) => {
    const clock = setTimeout(resume, time * 1000);
    signal?.addEventListener('abort', () => {
      clearTimeout(clock);
      stop(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });

export const GONE = text(
  'Không liên lạc được với máy chủ. Bản đồ giữ nguyên những gì đã tải và sẽ tự thử lại.',
  'The server cannot be reached. The map keeps what it has and tries again by itself.',
);
const BUSY = text(
  'Máy chủ đang bận. Hãy thử lại sau ít giây.',
  'The server is busy. Please try again in a few seconds.',
);
const MISSING = text('Không có mục này trên máy chủ.', 'The server does not have this.');
const REFUSED = text('Máy chủ không hiểu yêu cầu này.', 'The server does not take this request.');
const BROKEN = text('Máy chủ gặp lỗi khi trả lời.', 'The server failed while answering.');

export interface Feature {
  id: string;
  geometry: GeoJSON.Geometry | null;
  properties: Record<string, unknown>;
}

/** All items of a layer, page by page, up to `most`. */
export async function items(
  layer: string,
  query: URLSearchParams,
  most: number,
  signal?: AbortSignal,
): Promise<{ features: Feature[]; matched: number | null }> {
  const first = new URLSearchParams(query);
  first.set('limit', String(Math.min(most, 1000)));
  let url: string | null = address(`collections/${layer}/items`, first);
  const features: Feature[] = [];
  let matched: number | null = null;
  while (url !== null && features.length < most) {
    const page = (await ask(url, signal)) as {
      features?: GeoJSON.Feature[];
      numberMatched?: number;
      links?: { rel?: string; href?: string }[];
    };
    matched ??= page.numberMatched ?? null;
    const got = (page.features ?? []).map(feature);
    features.push(...got);
    const next = page.links?.find(({ rel }) => rel === 'next')?.href;
    url = next === undefined || got.length === 0 ? null : here(next);
  }
  return { features: features.slice(0, most), matched };
}

/** A figure about an answer as a whole, in a sentence of each language. */
export interface Finding {
  name: string;
  title: Text;
  value: number | string | null;
  /** UCUM code. */
  unit: string | undefined;
  vi: string;
  en: string;
}

/** What a layer says about its whole answer. */
export async function summary(
  layer: string,
  query: URLSearchParams,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const asked = new URLSearchParams(query);
  asked.set('resultType', 'hits');
  const answer = (await ask(address(`collections/${layer}/items`, asked), signal)) as {
    summary?: Record<string, unknown>[];
  };
  const words = (said: unknown) => (typeof said === 'string' ? said : '');
  return (answer.summary ?? []).map(({ name, title_vi, title_en, value, unit, vi, en }) => ({
    name: String(name),
    title: text(words(title_vi), words(title_en)),
    value: typeof value === 'number' || typeof value === 'string' ? value : null,
    unit: typeof unit === 'string' ? unit : undefined,
    vi: words(vi),
    en: words(en),
  }));
}

export async function item(
  layer: string,
  id: string,
  query: URLSearchParams,
  signal?: AbortSignal,
): Promise<Feature> {
  const answer = await ask(address(`collections/${layer}/items/${id}`, query), signal);
  return feature(answer as GeoJSON.Feature);
}

const feature = (given: GeoJSON.Feature): Feature => ({
  id: String(given.id ?? ''),
  geometry: given.geometry,
  properties: given.properties ?? {},
});

/** A link of the server, on the origin that this page came from: behind a proxy they may differ. */
function here(href: string): string {
  const link = new URL(href, BASE);
  const base = new URL(BASE);
  const tail = link.pathname.slice(Math.max(0, link.pathname.indexOf('/collections/')));
  return link.origin === base.origin
    ? link.href
    : base.href.replace(/\/$/, '') + tail + link.search;
}

/** Seconds between two looks whether the server is back. */
const LOOK_AGAIN = 5;

/**
 * Calls back when the data change, and when the server goes and comes back. A broken line alone is
 * no absence: the server may only have too many listeners.
 */
export function watch(changed: () => void, reachable: (yes: boolean) => void): void {
  let last: string | null = null;
  let looking = 0;
  const told = (event: MessageEvent<string>) => {
    if (event.data === last) return;
    // The first message only says where the data stand now.
    if (last !== null) changed();
    last = event.data;
  };
  const listen = () => {
    const source = new EventSource(address('events'));
    source.addEventListener('revision', told);
    source.addEventListener('open', () => reachable(true));
    source.addEventListener('error', () => {
      clearTimeout(looking);
      looking = window.setTimeout(() => void look(source), 1000);
    });
  };
  const look = async (source: EventSource) => {
    const answer = await fetch(address('collections'), { method: 'HEAD' }).catch(() => null);
    reachable(answer !== null);
    // The browser reconnects by itself, unless the answer was a refusal.
    if (source.readyState === EventSource.OPEN) return;
    if (source.readyState === EventSource.CLOSED && answer !== null) listen();
    else looking = window.setTimeout(() => void look(source), LOOK_AGAIN * 1000);
  };
  listen();
}

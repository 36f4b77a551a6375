import type { Lang, Text } from './text.ts';
import { text } from './text.ts';

export const UNKNOWN: Text = text('không rõ', 'unknown');
const LOCALE: Record<Lang, string> = { vi: 'vi-VN', en: 'en-GB' };

/** A figure that is not known is said so; it is never 0. */
type Figure = number | null | undefined;

const known = (value: Figure): value is number =>
  typeof value === 'number' && Number.isFinite(value);

export function number(value: Figure, lang: Lang, decimals = 0): string {
  if (!known(value)) return UNKNOWN[lang];
  // A plain minus sign of the right width; `Intl` gives a hyphen in some locales.
  return new Intl.NumberFormat(LOCALE[lang], {
    maximumFractionDigits: decimals,
    minimumFractionDigits: 0,
  })
    .format(Object.is(value, -0) ? 0 : value)
    .replace('-', '−');
}

/** As many decimals as make sense for its size. */
export function measure(value: Figure, lang: Lang): string {
  if (!known(value)) return UNKNOWN[lang];
  const size = Math.abs(value);
  return number(value, lang, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 4);
}

/** A probability: however small, none is 0. */
export function chance(value: Figure, lang: Lang): string {
  if (!known(value)) return UNKNOWN[lang];
  return value < LEAST_CHANCE ? `< ${number(LEAST_CHANCE, lang, 4)}` : number(value, lang, 4);
}

const LEAST_CHANCE = 0.0001;

export function squareMetres(value: Figure, lang: Lang): string {
  return known(value) ? `${number(value, lang)} m²` : UNKNOWN[lang];
}

export function percent(share: Figure, lang: Lang): string {
  if (!known(share)) return UNKNOWN[lang];
  const hundred = share * 100;
  // 99.7 % is not yet 100 %, and 0.2 % is not 0 %.
  const near = (hundred > 99 && hundred < 100) || (hundred > 0 && hundred < 1);
  return `${number(hundred, lang, near ? 1 : 0)} %`;
}

/** A share, or `null` for a share of nothing. */
export function share(numerator: Figure, denominator: Figure): number | null {
  if (!known(numerator) || !known(denominator) || denominator <= 0) return null;
  return numerator / denominator;
}

/** A day, such as 5/3/2025 or 5 Mar 2025. `iso` is `2025-03-05`, with or without a time behind it. */
export function day(iso: string | null | undefined, lang: Lang): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '');
  if (!match) return UNKNOWN[lang];
  const [, year, month, date] = match;
  if (lang === 'vi') return `${date}/${month}/${year}`;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(at);
}

/** A time on this screen's clock, such as 14:05 5/3/2025. */
export function moment(at: Date, lang: Lang): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${two(at.getHours())}:${two(at.getMinutes())}, ${day(date, lang)}`;
}

/** UCUM codes of the schemas, as people write them. */
export function unit(ucum: string | undefined, lang: Lang): string {
  if (ucum === undefined || ucum === '1') return '';
  const written: Record<string, Text> = {
    m2: text('m²', 'm²'),
    'm^2': text('m²', 'm²'),
    km2: text('km²', 'km²'),
    '/km2': text('/km²', '/km²'),
    '1/km2': text('/km²', '/km²'),
    d: text('ngày', 'days'),
    m: text('m', 'm'),
    km: text('km', 'km'),
    '%': text('%', '%'),
    h: text('giờ', 'h'),
  };
  return written[ucum]?.[lang] ?? ucum.replace('m2', 'm²');
}

/** Longitude and latitude for a person to read out: 22,3456° B, 102,7890° Đ. */
export function place(lng: number, lat: number, lang: Lang): string {
  const names =
    lang === 'vi' ? { n: 'B', s: 'N', e: 'Đ', w: 'T' } : { n: 'N', s: 'S', e: 'E', w: 'W' };
  const part = (value: number, plus: string, minus: string) =>
    `${number(Math.abs(value), lang, 5)}° ${value >= 0 ? plus : minus}`;
  return `${part(lat, names.n, names.s)}, ${part(lng, names.e, names.w)}`;
}

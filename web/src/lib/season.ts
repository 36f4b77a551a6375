/** The first year of a season such as `2024-2025`; `null` for a text that names none. */
export function startYear(season: string): number | null {
  const match = /^(\d{4})-(\d{4})$/.exec(season);
  if (!match) return null;
  const first = Number(match[1]);
  return Number(match[2]) === first + 1 ? first : null;
}

export const seasonStarting = (year: number): string => `${year}-${year + 1}`;

/** The season in which a day falls: from 1 July to the next 1 July. */
export function seasonOf(iso: string): string | null {
  const match = /^(\d{4})-(\d{2})/.exec(iso);
  if (!match) return null;
  const year = Number(match[1]);
  return seasonStarting(Number(match[2]) >= 7 ? year : year - 1);
}

/** Every season that a closed interval of days touches, first to last; none for open ends. */
export function seasonsBetween(from: string | null, to: string | null): string[] {
  const first = from === null ? null : seasonOf(from);
  const last = to === null ? null : seasonOf(to);
  if (first === null || last === null) return [];
  const [start, end] = [startYear(first), startYear(last)];
  if (start === null || end === null || end - start > 200) return [];
  return Array.from({ length: Math.max(0, end - start + 1) }, (_, i) => seasonStarting(start + i));
}

/** First and last day of a season. */
export function daysOf(season: string): [string, string] | null {
  const year = startYear(season);
  return year === null ? null : [`${year}-07-01`, `${year + 1}-06-30`];
}

/** `today`, but never outside the season: what "now" means for an answer about it. */
export function clamp(season: string, today: string): string {
  const days = daysOf(season);
  if (days === null) return today;
  const [first, last] = days;
  return today < first ? first : today > last ? last : today;
}

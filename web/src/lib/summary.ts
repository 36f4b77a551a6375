import { share } from './format.ts';

type Row = Record<string, unknown>;

/** Part of a whole; the share of nothing is `null`. */
export interface Part {
  of: number | null;
  whole: number | null;
  share: number | null;
}

/** What the communes of a season add up to. */
export interface Totals {
  plots: number;
  area: number | null;
  claimed: Part;
  verified: Part;
  inTime: Part;
  searched: Part;
  recultivated: Part;
}

export interface Commune {
  id: string;
  name: string;
  district: string | null;
  totals: Totals;
}

const figure = (row: Row, name: string): number | null => {
  const value = row[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

/** A sum of what is known; `null` where nothing is known at all. */
function sum(rows: readonly Row[], name: string): number | null {
  const known = rows.map((row) => figure(row, name)).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

const part = (of: number | null, whole: number | null): Part => ({
  of,
  whole,
  share: share(of, whole),
});

/** Adds up rows of `commune-summary`. */
export function totals(rows: readonly Row[]): Totals {
  const plots = sum(rows, 'reported') ?? 0;
  const area = sum(rows, 'reported_m2');
  return {
    plots,
    area,
    claimed: part(sum(rows, 'destroyed_m2'), area),
    verified: part(sum(rows, 'verified_m2'), area),
    inTime: part(sum(rows, 'in_time_m2'), area),
    searched: part(sum(rows, 'searched_km2'), sum(rows, 'ground_km2')),
    recultivated: part(sum(rows, 'recultivated'), plots),
  };
}

/** The communes of a season, those with the most ground first. */
export function communes(rows: readonly { id: string; properties: Row }[]): Commune[] {
  return rows
    .map(({ id, properties }) => ({
      id,
      name: String(properties['name'] ?? ''),
      district: typeof properties['district'] === 'string' ? properties['district'] : null,
      totals: totals([properties]),
    }))
    .sort(
      (a, b) =>
        (b.totals.area ?? 0) - (a.totals.area ?? 0) ||
        b.totals.plots - a.totals.plots ||
        a.name.localeCompare(b.name, 'vi'),
    );
}

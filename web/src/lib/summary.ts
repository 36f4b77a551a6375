import { share } from './format.ts';

type Row = Record<string, unknown>;

/** Part of a whole; the share of nothing is `null`. */
export interface Part {
  of: number | null;
  whole: number | null;
  share: number | null;
}

/**
 * What was done with the plots of a season. The part is of their ground where all of it is measured;
 * where any plot is not, no share of the ground is known, and the part is of their number.
 */
export interface Deed extends Part {
  by: 'ground' | 'plots';
  /** The known ground, in m². */
  area: number | null;
  /** Plots among them that nobody measured; `null`: not told. */
  unmeasured: number | null;
}

/** What the communes of a season add up to. */
export interface Totals {
  plots: number;
  /** Plots whose area nobody measured. */
  unmeasured: number;
  /** The known area, in m². */
  area: number | null;
  claimed: Deed;
  verified: Deed;
  inTime: Deed;
  /** In km². */
  searched: Part;
  recultivated: Part;
}

/** What is told once for the whole area, on every row alike. */
export interface Whole {
  /** Communes visited in the outreach phase. */
  visited: Part;
  /** Plots that lie in no commune, and so in no row. */
  elsewhere: number;
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

const SQUARE_METRES_A_KM2 = 1e6;
const km2 = (area: number | null) => (area === null ? null : area / SQUARE_METRES_A_KM2);

/**
 * Adds up rows of `commune-summary`; `by` says what deeds are shares of where these rows are held
 * beside others.
 */
export function totals(rows: readonly Row[], by?: Deed['by']): Totals {
  const plots = sum(rows, 'plots') ?? 0;
  const measured = sum(rows, 'measured_m2');
  const unmeasured = sum(rows, 'unmeasured') ?? 0;
  const deed = (name: string): Deed => {
    const area = sum(rows, `${name}_m2`);
    const how = by ?? (unmeasured > 0 ? 'plots' : 'ground');
    return {
      ...(how === 'plots' ? part(sum(rows, `${name}_plots`), plots) : part(area, measured)),
      by: how,
      area,
      unmeasured: unmeasured > 0 ? sum(rows, `${name}_unmeasured`) : 0,
    };
  };
  return {
    plots,
    unmeasured,
    area: sum(rows, 'area_m2'),
    claimed: deed('destroyed'),
    verified: deed('verified'),
    inTime: deed('in_time'),
    searched: part(km2(sum(rows, 'searched_m2')), km2(sum(rows, 'ground_m2'))),
    recultivated: part(sum(rows, 'recultivated'), plots),
  };
}

/** What every row of `commune-summary` tells about the whole area. */
export function whole(rows: readonly Row[]): Whole {
  const [row = {}] = rows;
  return {
    visited: part(figure(row, 'communes_visited'), figure(row, 'communes')),
    elsewhere: figure(row, 'plots_elsewhere') ?? 0,
  };
}

/** The communes of a season, those with the most ground first; all shares are of the same. */
export function communes(rows: readonly { id: string; properties: Row }[]): Commune[] {
  const { by } = totals(rows.map(({ properties }) => properties)).claimed;
  return rows
    .map(({ id, properties }) => ({
      id,
      name: String(properties['name'] ?? ''),
      district: typeof properties['district'] === 'string' ? properties['district'] : null,
      totals: totals([properties], by),
    }))
    .sort(
      (a, b) =>
        (b.totals.area ?? 0) - (a.totals.area ?? 0) ||
        b.totals.plots - a.totals.plots ||
        a.name.localeCompare(b.name, 'vi'),
    );
}

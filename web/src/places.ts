import { items, type Feature } from './lib/server.ts';
import { boxOf, middle } from './lib/geometry.ts';
import type { Label } from './map/view.ts';
import type { Place } from './ui/search.ts';

/** More units than this are not fetched with their outlines only to write their names. */
const MOST = 4000;

export interface Names {
  labels: Label[];
  places: Place[];
}

/** The names of the communes and districts in force, for the map and for the search. */
export async function names(
  listed: ReadonlySet<string>,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Names> {
  const levels = [
    ['communes', 'commune'],
    ['districts', 'district'],
  ] as const;
  const all: Names = { labels: [], places: [] };
  await Promise.all(
    levels.map(async ([layer, level]) => {
      if (!listed.has(layer)) return;
      const { features } = await items(layer, query, MOST, signal);
      for (const feature of features) add(all, layer, level, feature);
    }),
  );
  return all;
}

function add(all: Names, layer: string, level: string, { id, geometry, properties }: Feature): void {
  const given = properties['name'];
  if (typeof given !== 'string') return;
  const name = given.normalize('NFC');
  const [box, centre] = [boxOf(geometry), middle(geometry)];
  if (box === null || centre === null) return;
  const above = properties['district'];
  all.labels.push({ at: centre.at, name, level, size: centre.size });
  all.places.push({
    name,
    ...(typeof above === 'string' ? { context: above } : {}),
    layer,
    id,
    box,
  });
}

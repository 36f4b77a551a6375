import { items, type Feature } from './lib/server.ts';
import { boxOf, middle } from './lib/geometry.ts';
import type { Label } from './map/view.ts';
import type { Place } from './ui/search.ts';

/** More units than this are not fetched with their outlines only to write their names. */
const MOST = 4000;

export interface Names {
  labels: Label[];
  places: Place[];
  /** The provinces in force. */
  ground: (GeoJSON.Geometry | null)[];
}

/** The names of the communes and districts in force, for the map and for the search. */
export async function names(
  listed: ReadonlySet<string>,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Names> {
  const ask = async (layer: string) =>
    listed.has(layer) ? (await items(layer, query, MOST, signal)).features : [];
  const [communes, districts, provinces] = await Promise.all([
    ask('communes'),
    ask('districts'),
    ask('provinces'),
  ]);
  const above = new Map(
    districts.map(({ properties }) => [properties['code'], properties['name']] as const),
  );
  const all: Names = {
    labels: [],
    places: [],
    ground: provinces.map(({ geometry }) => geometry),
  };
  for (const feature of communes) {
    const district = above.get(feature.properties['parent']);
    add(all, 'communes', 'commune', feature, typeof district === 'string' ? district : undefined);
  }
  for (const feature of districts) add(all, 'districts', 'district', feature, undefined);
  return all;
}

function add(
  all: Names,
  layer: string,
  level: string,
  { id, geometry, properties }: Feature,
  context: string | undefined,
): void {
  const given = properties['name'];
  if (typeof given !== 'string') return;
  const name = given.normalize('NFC');
  const [box, centre] = [boxOf(geometry), middle(geometry)];
  if (box === null || centre === null) return;
  all.labels.push({ at: centre.at, name, level, size: centre.size });
  all.places.push({ name, ...(context === undefined ? {} : { context }), layer, id, box });
}

import {
  LngLatBounds,
  Map as MapLibre,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type LayerSpecification,
  type MapGeoJSONFeature,
  type VectorTileSource,
} from 'maplibre-gl';
import type { Layer, Schema } from '../lib/catalogue.ts';
import { edges, outside } from '../lib/geometry.ts';
import { address, BASE } from '../lib/server.ts';
import { text } from '../lib/text.ts';
import { plain, type Chosen, type Drawing, type Stroke } from './drawing.ts';
import { addPatterns } from './pattern.ts';
import { ring } from './pictures/chosen.ts';
import { graticule, grid } from './pictures/graticule.ts';
import { labels, mask } from './pictures/ground.ts';
import { isHot } from './pictures/hotspots.ts';
import { KNOWN } from './pictures/known.ts';
import { emptyStyle } from './style.ts';
import type { Palette } from './theme.ts';

declare const MAP_WORKER: string;

/** Tiles end here; nearer views stretch them. */
const LAST_TILE_ZOOM = 16;
const LABELS = 'poppywatch-labels';
const CHOSEN = 'poppywatch-chosen';
const GRID = 'poppywatch-graticule';
const MASK = 'poppywatch-mask';
/** Layers lower than this end at the province's edge. */
const MASK_HEIGHT = 45;
/** A mask of more points than this would cost more than it pleases. */
const MASK_POINTS = 200_000;

/** What was hit by a click, nearest to the eye first. */
export interface Hit {
  layer: string;
  id: string;
  properties: Record<string, unknown>;
  /** Of a point, where it lies. */
  at?: readonly [number, number];
}

export interface Label {
  at: [number, number];
  name: string;
  level: string;
  size: number;
}

type Box = readonly [number, number, number, number];
type Paint = Parameters<MapLibre['setPaintProperty']>[1];

/** The map itself: it draws what it is told and says what was clicked. */
export class MapView {
  readonly map: MapLibre;
  readonly #scale: ScaleControl;
  #palette: Palette;
  #drawings = new Map<string, Drawing>();
  #titles = new Map<string, Layer['title']>();
  /** What each layer is asked. */
  #query: (layer: string) => URLSearchParams = () => new URLSearchParams();
  /** What is chosen of each layer, as far as its picture shows it. */
  #chosen: (layer: string) => Chosen = () => () => null;
  readonly #asked = new Map<string, string>();

  constructor(container: HTMLElement, palette: Palette, reducedMotion: boolean) {
    setWorkerUrl(`${BASE}assets/${MAP_WORKER}`);
    this.#palette = palette;
    this.map = new MapLibre({
      container,
      style: emptyStyle(palette),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      minZoom: 4,
      maxZoom: 18,
      center: [103, 22.3],
      zoom: 7.5,
      fadeDuration: reducedMotion ? 0 : 200,
      renderWorldCopies: false,
      // A printed page takes the picture out of the canvas.
      canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
      // Answers carry strong ETags: asking again costs a 304, and a stale map costs trust.
      transformRequest: (url) => ({ url, cache: 'no-cache' }),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.#scale = new ScaleControl({ maxWidth: 110, unit: 'metric' });
    this.map.addControl(this.#scale, 'bottom-left');
    this.map.on('load', () => addPatterns(this.map, this.#palette.hatch, this.#palette.strip));
  }

  get palette(): Palette {
    return this.#palette;
  }

  drawing(layer: string): Drawing | undefined {
    return this.#drawings.get(layer);
  }

  /** Draws these layers, and no other. */
  show(
    layers: readonly Layer[],
    schemas: ReadonlyMap<string, Schema>,
    query: (layer: string) => URLSearchParams,
    chosen: (layer: string) => Chosen,
  ): void {
    this.#query = query;
    this.#chosen = chosen;
    layers.forEach((layer, place) => {
      this.#titles.set(layer.id, layer.title);
      this.#drawings.set(layer.id, this.#draw(layer, schemas.get(layer.id), place));
      this.map.addSource(layer.id, {
        type: 'vector',
        tiles: [this.#tiles(layer.id)],
        minzoom: 0,
        maxzoom: LAST_TILE_ZOOM,
      });
    });
    this.map.addSource(GRID, { type: 'geojson', data: graticule() });
    this.map.addSource(MASK, { type: 'geojson', data: nothing() });
    const pile = [...this.#drawings].flatMap(([id, drawing]) =>
      drawing.strokes.map((stroke) => ({ id, stroke, height: drawing.height })),
    );
    pile.sort((a, b) => a.height - b.height);
    const below = pile.filter(({ height }) => height < MASK_HEIGHT);
    for (const { id, stroke } of below) this.map.addLayer(sourced(stroke, id, id));
    for (const stroke of mask(this.#palette)) this.map.addLayer(sourced(stroke, MASK));
    for (const stroke of grid(this.#palette)) this.map.addLayer(sourced(stroke, GRID));
    const above = pile.filter(({ height }) => height >= MASK_HEIGHT);
    for (const { id, stroke } of above) this.map.addLayer(sourced(stroke, id, id));
    this.map.addSource(CHOSEN, { type: 'geojson', data: nothing() });
    for (const stroke of ring(this.#palette)) this.map.addLayer(sourced(stroke, CHOSEN));
    this.map.addSource(LABELS, { type: 'geojson', data: nothing() });
    for (const stroke of labels(this.#palette)) this.map.addLayer(sourced(stroke, LABELS));
    // The edges of hot cells above all lines, but below the plots, whose numbers must be read.
    const plots = this.map.getLayer('plots:halo') ? 'plots:halo' : undefined;
    for (const stroke of ['hotspots:over', 'hotspots:over-line']) {
      if (this.map.getLayer(stroke)) this.map.moveLayer(stroke, plots);
    }
    // Marks that must be read above the names.
    for (const stroke of ['plots:cluster', 'plots:count']) {
      if (this.map.getLayer(stroke)) this.map.moveLayer(stroke);
    }
  }

  #draw(layer: Layer, schema: Schema | undefined, place: number): Drawing {
    const known = KNOWN[layer.id];
    if (known) return known(this.#palette, this.#chosen(layer.id));
    const color = this.#palette.other[place % this.#palette.other.length] ?? '#5a6fa8';
    const title = typeof layer.title === 'string' ? text(layer.title, layer.title) : layer.title;
    return plain(layer.id, schema?.kind ?? null, color, title);
  }

  /** Switches layers on and off. */
  switch(on: ReadonlySet<string>): void {
    for (const [id, drawing] of this.#drawings) {
      const visibility = on.has(id) ? 'visible' : 'none';
      for (const stroke of drawing.strokes) {
        if (this.map.getLayoutProperty(stroke.id, 'visibility') !== visibility) {
          this.map.setLayoutProperty(stroke.id, 'visibility', visibility);
        }
      }
    }
  }

  /** Asks the tiles anew with other parameters; what is drawn stays until the new ones are here. */
  ask(query: (layer: string) => URLSearchParams): void {
    this.#query = query;
    for (const id of this.#drawings.keys()) {
      const known = KNOWN[id];
      if (known) {
        const drawing = known(this.#palette, this.#chosen(id));
        this.#drawings.set(id, drawing);
        this.#repaint(drawing.strokes);
      }
      const before = this.#asked.get(id);
      const tiles = this.#tiles(id);
      if (tiles !== before) this.map.getSource<VectorTileSource>(id)?.setTiles([tiles]);
    }
  }

  /** Asks the same tiles again: the data have changed. */
  refresh(): void {
    for (const id of this.#drawings.keys()) this.map.refreshTiles(id);
  }

  paint(palette: Palette, layers: readonly Layer[], schemas: ReadonlyMap<string, Schema>): void {
    this.#palette = palette;
    this.map.setPaintProperty('background', 'background-color', palette.outside);
    layers.forEach((layer, place) => {
      const drawing = this.#draw(layer, schemas.get(layer.id), place);
      this.#drawings.set(layer.id, drawing);
      this.#repaint(drawing.strokes);
    });
    this.#repaint(mask(palette));
    this.#repaint(grid(palette));
    this.#repaint(ring(palette));
    this.#repaint(labels(palette));
    addPatterns(this.map, palette.hatch, palette.strip);
  }

  #repaint(strokes: readonly Stroke[]): void {
    for (const stroke of strokes) {
      for (const [name, value] of Object.entries(stroke.paint ?? {})) {
        this.map.setPaintProperty(stroke.id, name as Paint, value as never);
      }
      if ('filter' in stroke) this.map.setFilter(stroke.id, stroke.filter);
    }
  }

  label(names: readonly Label[]): void {
    const features = names.map(({ at, name, level, size }): GeoJSON.Feature => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: at },
      properties: { name, level, size },
    }));
    void this.map
      .getSource<GeoJSONSource>(LABELS)
      ?.setData({ type: 'FeatureCollection', features });
  }

  /** Lays the colour of outside over what sticks out of the provinces, such as cells at the edge. */
  mask(provinces: readonly (GeoJSON.Geometry | null)[]): void {
    const rings = edges(provinces);
    const points = rings.reduce((sum, ring) => sum + ring.length, 0);
    const world = points > MASK_POINTS ? null : outside(rings);
    const geometries: GeoJSON.Geometry[] = rings.map((coordinates) => ({
      type: 'LineString',
      coordinates,
    }));
    if (world !== null) geometries.unshift(world);
    const features = geometries.map((geometry): GeoJSON.Feature => ({
      type: 'Feature',
      geometry,
      properties: {},
    }));
    void this.map.getSource<GeoJSONSource>(MASK)?.setData({ type: 'FeatureCollection', features });
  }

  /** Draws a ring around what was chosen; `null` takes it away. */
  choose(geometry: GeoJSON.Geometry | null): void {
    const data = geometry === null ? nothing() : collection(geometry);
    void this.map.getSource<GeoJSONSource>(CHOSEN)?.setData(data);
  }

  /** Every layer's feature at a point of the screen, one of each layer. */
  hits(x: number, y: number, reach: number): Hit[] {
    const asked = [...this.#drawings].filter(([, drawing]) => drawing.answers > 0);
    const strokes = (areas: boolean) =>
      asked
        .flatMap(([, { strokes }]) => strokes)
        .filter(({ id, type }) => (type === 'fill') === areas && this.map.getLayer(id))
        .map(({ id }) => id);
    const near = this.map.queryRenderedFeatures(
      [
        [x - reach, y - reach],
        [x + reach, y + reach],
      ],
      { layers: strokes(false) },
    );
    const under = this.map.queryRenderedFeatures([x, y], { layers: strokes(true) });
    const found = new Map<string, { hit: Hit; rank: number; far: number }>();
    for (const feature of [...near, ...under]) {
      const layer = feature.source;
      const rank = this.#drawings.get(layer)?.answers ?? 0;
      const far = distance(this.map, feature, x, y);
      const known = found.get(layer);
      if (known && known.far <= far) continue;
      found.set(layer, {
        hit: {
          layer,
          id: String(feature.id ?? ''),
          properties: feature.properties,
          ...where(feature.geometry),
        },
        rank,
        far,
      });
    }
    return [...found.values()].sort((a, b) => b.rank - a.rank).map(({ hit }) => hit);
  }

  /** Whether any hotspot can be seen; `null` while that layer is off. */
  seesHotspots(): boolean | null {
    if (this.map.getLayoutProperty('hotspots:fill', 'visibility') === 'none') return null;
    const filter = isHot(this.#chosen('hotspots'));
    return this.map.queryRenderedFeatures({ layers: ['hotspots:fill'], filter }).length > 0;
  }

  fit(
    box: Box,
    padding: { top: number; bottom: number; left: number; right: number },
    move: boolean,
    maxZoom = 14,
  ): void {
    const [west, south, east, north] = box;
    this.map.fitBounds([west, south, east, north], {
      padding,
      maxZoom,
      ...(move ? { duration: 900 } : { animate: false }),
    });
  }

  /** What can be seen between covered edges. */
  seen(room: { top: number; bottom: number; left: number; right: number }): LngLatBounds {
    const { clientWidth, clientHeight } = this.map.getContainer();
    const corner = (x: number, y: number) => this.map.unproject([x, y]);
    return new LngLatBounds(
      corner(room.left, clientHeight - room.bottom),
      corner(clientWidth - room.right, room.top),
    );
  }

  #tiles(layer: string): string {
    const tiles = address(
      `collections/${layer}/tiles/WebMercatorQuad/{z}/{y}/{x}`,
      withTiles(this.#query(layer)),
    );
    this.#asked.set(layer, tiles);
    return tiles;
  }
}

function withTiles(query: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams(query);
  asked.set('f', 'mvt');
  return asked;
}

const nothing = (): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features: [] });

const collection = (geometry: GeoJSON.Geometry): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: [{ type: 'Feature', geometry, properties: {} }],
});

function sourced(stroke: Stroke, source: string, sourceLayer?: string): LayerSpecification {
  const where = sourceLayer === undefined ? { source } : { source, 'source-layer': sourceLayer };
  return { ...stroke, ...where } as LayerSpecification;
}

/** Where a point lies; nothing of what is no point. */
function where(geometry: GeoJSON.Geometry): { at?: readonly [number, number] } {
  if (geometry.type !== 'Point') return {};
  const [lng, lat] = geometry.coordinates;
  return lng === undefined || lat === undefined ? {} : { at: [lng, lat] };
}

function distance(map: MapLibre, feature: MapGeoJSONFeature, x: number, y: number): number {
  // What lies under the finger comes before the edge of what lies beside it.
  if (feature.geometry.type !== 'Point') return feature.layer.type === 'fill' ? 0.4 : 0.5;
  const [lng, lat] = feature.geometry.coordinates;
  if (lng === undefined || lat === undefined) return Number.POSITIVE_INFINITY;
  const point = map.project([lng, lat]);
  return Math.hypot(point.x - x, point.y - y);
}

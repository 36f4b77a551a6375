import type { App } from '../app.ts';
import { OWN_TIME } from '../lib/address.ts';
import { address, BASE } from '../lib/server.ts';
import type { Text } from '../lib/text.ts';
import { fill, h, icon, unique } from './dom.ts';
import { W } from './words.ts';

/** Where the data can be had: QGIS, files, tiles, this very screen as a link, paper. */
export class DataPanel {
  readonly element = h('div', { class: 'get' });
  #layer = 'plots';

  constructor(
    readonly app: App,
    readonly print: () => void,
  ) {
    app.listen((changes) => {
      // Moving the map changes only the link to this screen.
      if (changes.size === 1 && changes.has('view')) this.#link();
      else this.#draw();
    });
    this.#draw();
  }

  #link(): void {
    const field = this.element.querySelector<HTMLInputElement>('[data-link]');
    if (field) field.value = location.href;
  }

  #draw(): void {
    const { app } = this;
    const { layers } = app.deployment;
    if (layers.length === 0) {
      fill(this.element, h('p', { class: 'soft' }, app.say(W.loading)));
      return;
    }
    const service = address('', this.#short(null));
    fill(
      this.element,
      h(
        'section',
        {},
        h('h2', {}, app.say(W.openIn)),
        h('p', {}, app.say(W.qgisSteps)),
        this.#copied(service, W.openIn),
        h('p', { class: 'soft' }, app.say(W.qgisNote)),
      ),
      this.#download(),
      h(
        'section',
        {},
        h('h2', {}, app.say(W.share)),
        this.#copied(location.href, W.share, true),
        h('p', { class: 'soft' }, app.say(W.shareNote)),
        h(
          'button',
          { type: 'button', class: 'button', onclick: () => this.print() },
          icon('print'),
          app.say(W.print),
        ),
      ),
      this.#credits(),
    );
  }

  /** The parameters that differ from what the server takes by itself. */
  #short(layer: string | null): URLSearchParams {
    const query = new URLSearchParams();
    for (const [name, value] of layer === null ? this.app.query : this.app.queryOf(layer)) {
      if (name === 'cell' && value === 'square:1000') continue;
      query.set(name, value);
    }
    if (this.app.screen.units === OWN_TIME) query.delete('units_on');
    return query;
  }

  #download(): HTMLElement {
    const { app } = this;
    const { layers } = app.deployment;
    const layer = layers.find(({ id }) => id === this.#layer) ?? layers[0];
    if (layer === undefined) return h('section', {});
    const id = unique('layer');
    const choice = h(
      'select',
      {
        id,
        onchange: () => {
          this.#layer = choice.value;
          this.#draw();
        },
      },
      ...layers.map((one) =>
        h('option', { value: one.id, selected: one.id === layer.id }, app.say(one.title)),
      ),
    );
    const files = layer.formats
      .map(({ href, title, type }) => ({
        format: new URL(href, BASE).searchParams.get('f'),
        title,
        type,
      }))
      .filter(({ type }) => !type.startsWith('text/html'));
    const links = (
      files.length > 0 ? files : [{ format: 'geojson', title: 'GeoJSON', type: '' }]
    ).map(({ format, title }) => {
      const query = this.#short(layer.id);
      query.set('f', format ?? 'geojson');
      if (format === null || format === 'geojson' || format === 'json') query.set('limit', '10000');
      return h(
        'a',
        {
          class: 'button',
          href: address(`collections/${layer.id}/items`, query),
          download: `${layer.id}${app.season === null ? '' : `-${app.season}`}.${EXTENSIONS[format ?? ''] ?? format ?? 'geojson'}`,
        },
        icon('open'),
        NAMES[format ?? ''] ?? title,
      );
    });
    const tiles = `${BASE}collections/${layer.id}/tiles/WebMercatorQuad/{z}/{y}/{x}?${this.#short(layer.id).toString()}`;
    return h(
      'section',
      {},
      h('h2', {}, app.say(W.download)),
      h('div', { class: 'inline' }, h('label', { for: id }, app.say(W.layer)), choice),
      h('p', { class: 'links' }, ...links),
      h('h3', {}, app.say(W.tiles)),
      this.#copied(tiles.replace(/\?$/, ''), W.tiles),
    );
  }

  #copied(words: string, name: Text, link = false): HTMLElement {
    const { app } = this;
    const field = h('input', {
      type: 'text',
      readonly: true,
      value: words,
      'aria-label': app.say(name),
      'data-link': link,
      onfocus: () => field.select(),
    });
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: () => {
          field.select();
          // Over plain HTTP on a LAN the clipboard is closed; the selection stays for Ctrl+C.
          void navigator.clipboard?.writeText(field.value).then(() => {
            fill(button, icon('check'), app.say(W.copied));
          });
        },
      },
      icon('link'),
      app.say(W.copy),
    );
    return h('div', { class: 'copy' }, field, button);
  }

  #credits(): HTMLElement {
    const { app } = this;
    const all = new Set(app.deployment.layers.flatMap(({ credits }) => credits));
    return h(
      'section',
      { class: 'credits' },
      h('h2', {}, app.say(W.credits)),
      h('ul', { class: 'plain' }, ...[...all].map((credit) => h('li', {}, credit))),
      h('p', {}, h('a', { href: `${BASE}assets/licences.txt` }, app.say(W.licences))),
    );
  }
}

const EXTENSIONS: Record<string, string> = { json: 'geojson', shp: 'zip', fgb: 'fgb' };
const NAMES: Record<string, string> = {
  geojson: 'GeoJSON',
  json: 'GeoJSON',
  csv: 'CSV',
  gpkg: 'GeoPackage',
  tif: 'GeoTIFF',
  fgb: 'FlatGeobuf',
  shp: 'Shapefile',
  kml: 'KML',
  xlsx: 'Excel',
};

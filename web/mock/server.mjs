// A server that speaks as poppywatch does about an invented world: for the tests of the web map
// only. It can also fail on request, so that the map's manners in trouble are tested.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { collection, ids, schema } from './catalogue.mjs';
import { tile } from './mvt.mjs';
import { features, SEASONS, TODAY } from './world.mjs';

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');
const MEDIA = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/** Starts it; `trouble` is looked at before every answer: a status, or nothing. */
export async function start({ port = 0, trouble = () => null } = {}) {
  let revision = 41;
  const listeners = new Set();
  const asked = [];

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function answer(request, response) {
    const base = `http://${request.headers.host}`;
    const url = new URL(request.url, base);
    asked.push(url.pathname + url.search);
    const failing = trouble(url);
    if (failing === 'gone') return request.socket.destroy();
    const json = (status, body, type = 'application/json') => {
      response.writeHead(status, { 'Content-Type': type, 'Retry-After': '1' });
      response.end(JSON.stringify(body));
    };
    const problem = (status, detail) =>
      json(status, { title: 'Problem', status, detail }, 'application/problem+json');
    if (failing) return problem(failing, 'trouble on request');

    if (url.pathname === '/' && (request.headers.accept ?? '').includes('text/html')) {
      return file(response, 'index.html');
    }
    if (url.pathname.startsWith('/assets/')) return file(response, url.pathname.slice(1));
    if (url.pathname === '/events') return events(response);

    const season = url.searchParams.get('season') ?? SEASONS.at(-1);
    const world = {
      season,
      cell: url.searchParams.get('cell') ?? 'square:1000',
      unitsOn: url.searchParams.get('units_on'),
    };
    const about = (id) => {
      const { simulated, approximate, notes, attribution } = collection(id, base);
      return { revision, today: TODAY, simulated, approximate, attribution, notes };
    };
    const parts = url.pathname.split('/').filter(Boolean);
    if (parts.length === 0) {
      return json(200, {
        title: 'poppywatch – Lai Châu (giả định)',
        title_vi: 'Lai Châu (giả định)',
        title_en: 'Lai Châu (invented)',
        seasons: SEASONS,
        revision,
        today: TODAY,
        links: [],
      });
    }
    if (parts[0] !== 'collections') return problem(404, 'no such page');
    if (parts.length === 1) {
      return json(200, { collections: ids.map((id) => collection(id, base)), links: [] });
    }
    const [, id, what] = parts;
    if (!ids.includes(id)) return problem(404, `no layer ${id}`);
    if (what === undefined) return json(200, collection(id, base));
    if (what === 'schema') return json(200, schema(id, base), 'application/schema+json');
    const all = SEASONS.includes(season) ? features(id, world) : [];
    const shape = ({ id, geometry, properties }) => ({ type: 'Feature', id, geometry, properties });
    if (what === 'items' && parts[3] !== undefined) {
      const one = all.find((feature) => String(feature.id) === parts[3]);
      if (!one) return problem(404, `no feature ${parts[3]}`);
      return json(200, { ...shape(one), ...about(id) }, 'application/geo+json');
    }
    if (what === 'items') {
      const limit = Number(url.searchParams.get('limit') ?? 1000);
      const offset = Number(url.searchParams.get('offset') ?? 0);
      const page = all.slice(offset, offset + limit);
      const next = new URL(url);
      next.searchParams.set('offset', String(offset + limit));
      const links =
        offset + limit < all.length
          ? [{ rel: 'next', type: 'application/geo+json', href: next.href }]
          : [];
      const body = { type: 'FeatureCollection', numberMatched: all.length, ...about(id) };
      return json(200, { ...body, features: page.map(shape), links }, 'application/geo+json');
    }
    if (what === 'tiles' && parts.length === 7) {
      const [z, row, column] = parts.slice(4).map(Number);
      const bytes = tile(id, all, z, column, row);
      response.writeHead(bytes ? 200 : 204, {
        'Content-Type': 'application/vnd.mapbox-vector-tile',
        'Cache-Control': 'no-cache',
      });
      return response.end(bytes ?? undefined);
    }
    return problem(404, 'no such page');
  }

  async function file(response, name) {
    try {
      const bytes = await readFile(path.join(dist, path.normalize(name)));
      response.writeHead(200, {
        'Content-Type': MEDIA[path.extname(name)] ?? 'application/octet-stream',
        'Content-Security-Policy': POLICY,
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  function events(response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(`event: revision\ndata: ${revision}\n\n`);
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  }

  await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    asked,
    /** The data changed: everybody who listens is told. */
    change() {
      revision += 1;
      for (const listener of listeners) {
        listener.write(`event: revision\ndata: ${revision}\n\n`);
      }
    },
    /** Everybody who listens is cut off. */
    hangUp() {
      for (const listener of listeners) listener.destroy();
    },
    async stop() {
      for (const listener of listeners) listener.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start({ port: Number(process.env.PORT ?? 8091) });
  console.log(`The invented world is at ${url}`);
}

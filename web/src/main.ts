import { App, type Change } from './app.ts';
import { join, type Box } from './lib/geometry.ts';
import { items, Trouble, watch } from './lib/server.ts';
import { MapView } from './map/view.ts';
import { names } from './places.ts';
import { Shell } from './ui/shell.ts';
import { W } from './ui/words.ts';

/** How near a tap must come to a mark; a finger is thicker than a mouse. */
const REACH = matchMedia('(pointer: coarse)').matches ? 16 : 7;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

const app = new App();
const mapElement = need('map');
const view = draw();
const shell = new Shell(app, view, need('app'), go, () => whole(true));
let naming: AbortController | null = null;
let ready = false;
/** Around all communes and districts, once they are known. */
let ground: Box | null = null;

if (view === null) shell.trouble(app.say(W.noWebgl));
void open();

function need(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

function draw(): MapView | null {
  try {
    return new MapView(mapElement, app.palette, calm);
  } catch {
    // No WebGL: the figures and the data are still worth the visit.
    return null;
  }
}

async function open(): Promise<void> {
  try {
    await Promise.all([app.load(), loaded()]);
  } catch (error) {
    const words = error instanceof Trouble ? app.say(error.said) : String(error);
    shell.trouble(`${app.say(W.failedStart)}. ${words}`, () => void open());
    window.setTimeout(() => {
      if (!ready) void open();
    }, 8000);
    return;
  }
  if (ready) return;
  ready = true;
  shell.trouble(view === null ? app.say(W.noWebgl) : null);
  if (view !== null) start(view);
  const asked: Change[] = ['layers', 'season', 'cell', 'units', 'asOf', 'choices', 'data'];
  app.listen((changes) => {
    if (asked.some((change) => changes.has(change))) app.answers.follow(changes.has('data'));
  });
  app.answers.follow(false);
  app.tell('catalogue', 'selected');
  void name();
  void remark();
  listen();
  document.body.dataset['map'] = 'ready';
}

/** The map's style must stand before anything is put into it. */
function loaded(): Promise<void> {
  if (view === null || view.map.isStyleLoaded()) return Promise.resolve();
  return new Promise((resume) => view.map.once('load', () => resume()));
}

function start(view: MapView): void {
  const { deployment } = app;
  const { answers } = app;
  const asks = (layer: string) => answers.shown(layer) ?? app.queryOf(layer);
  // What was never answered has nothing to show.
  const drawn = () => new Set([...app.on].filter((layer) => answers.shown(layer) !== null));
  view.show(deployment.layers, deployment.schemas, asks, (layer) => answers.chosen(layer));
  view.switch(drawn());
  const { view: at } = app.screen;
  if (at === null) whole(false);
  else view.map.jumpTo({ center: [at[0], at[1]], zoom: at[2] });

  const { map } = view;
  mapElement.setAttribute('role', 'region');
  const canvas = map.getCanvas();
  canvas.setAttribute('aria-label', app.say(W.mapLabel));
  map.on('moveend', (event) => {
    // Only where a person moved it: a plain link stays plain.
    if (event.originalEvent === undefined && app.screen.view === null) return;
    remember(view);
  });
  // Tests and printing wait for a drawn map.
  let still = 0;
  map.on('render', () => {
    document.body.dataset['mapIdle'] = 'false';
    clearTimeout(still);
    // Where the last tile awaited is given up, MapLibre tells nobody that it is done: one more frame
    // makes it look.
    still = window.setTimeout(() => map.triggerRepaint(), 1000);
  });
  map.on('idle', () => {
    clearTimeout(still);
    document.body.dataset['mapIdle'] = String(!answers.waiting);
    const hot = map.getLayer('hotspots:fill') ? view.seesHotspots() : null;
    document.body.classList.toggle('no-hotspots', hot === false);
  });
  map.on('click', ({ point }) => shell.facts.open(view.hits(point.x, point.y, REACH)));
  let looked = 0;
  map.on('mousemove', ({ point }) => {
    if (performance.now() - looked < 80) return;
    looked = performance.now();
    const [first] = view.hits(point.x, point.y, 3);
    const asks = first !== undefined && !['communes', 'districts'].includes(first.layer);
    canvas.style.cursor = asks ? 'pointer' : '';
  });
  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shell.facts.close();
    if (event.key !== 'Enter') return;
    const { x, y } = map.project(map.getCenter());
    const hits = view.hits(x, y, REACH * 2);
    if (hits.length === 0) shell.say(app.say(W.nothingHere));
    else shell.facts.open(hits);
  });
  map.on('error', ({ error }) => {
    if (/abort/i.test(String(error.message))) return;
    shell.say(app.say(W.missingTiles));
  });
  app.listen((changes) => {
    const quiet: Change[] = ['view', 'remarks', 'panel', 'drawn'];
    if ([...changes].some((change) => !quiet.includes(change))) unsettle(view);
    if (changes.has('palette')) view.paint(app.palette, deployment.layers, deployment.schemas);
    const asked = ['season', 'cell', 'units', 'asOf'] as const;
    const other = asked.some((change) => changes.has(change));
    if (other) void name();
    if (other || changes.has('answers')) view.ask(asks);
    if (changes.has('layers') || changes.has('answers')) view.switch(drawn());
    if (other || changes.has('answers') || changes.has('palette')) app.tell('drawn');
    if (changes.has('layers') || asked.some((change) => changes.has(change))) void remark();
    if (changes.has('lang')) canvas.setAttribute('aria-label', app.say(W.mapLabel));
  });
}

/** What is drawn is no longer what was asked for. */
function unsettle(view: MapView): void {
  document.body.dataset['mapIdle'] = 'false';
  view.map.triggerRepaint();
}

function remember(view: MapView): void {
  const { lng, lat } = view.map.getCenter();
  app.set({ view: [lng, lat, view.map.getZoom()] });
}

/** Shows the whole deployment: all of its communes, else whatever it has. */
function whole(move: boolean): void {
  if (view === null) return;
  const box = ground ?? join(app.deployment.layers.map(({ extent }): Box | null => extent));
  if (box !== null) view.fit(box, shell.room(), move && !calm);
  if (move) app.set({ view: null });
}

async function name(): Promise<void> {
  naming?.abort();
  const question = new AbortController();
  naming = question;
  try {
    const listed = new Set(app.deployment.layers.map(({ id }) => id));
    const { labels, places, ground: provinces } = await names(listed, app.query, question.signal);
    if (question.signal.aborted) return;
    view?.label(labels);
    view?.mask(provinces);
    shell.search.places = places;
    const first = ground === null;
    ground = join(places.map(({ box }) => box)) ?? ground;
    if (first && app.screen.view === null && app.screen.selected === null) whole(false);
  } catch (error) {
    if (question.signal.aborted) return;
    if (error instanceof Trouble) shell.say(app.say(error.said));
  }
}

/** A hotspot map of a season in which nobody wrote down where they searched must say so. */
async function remark(): Promise<void> {
  const told = app.deployment.layers.some(({ id }) => id === 'hotspots') && app.on.has('hotspots');
  const asked = app.query.toString();
  const found = told ? await items('hotspots', app.query, 1).catch(() => null) : null;
  if (asked !== app.query.toString()) return;
  const assumed = found?.features[0]?.properties['domain'] === 'assumed_all';
  app.remarks = assumed ? [{ kind: 'assumed', text: W.assumedAll }] : [];
  app.tell('remarks');
}

function go(place: { layer: string; id: string; box: Box }): void {
  shell.facts.open([{ layer: place.layer, id: place.id, properties: {} }]);
  view?.fit(place.box, shell.room(), !calm, 12);
}

/** Draws anew when the data change, and says when the server is away. */
function listen(): void {
  watch(
    () => {
      app.load().then(
        (other) => {
          view?.refresh();
          void name();
          if (other) app.tell('data', 'catalogue');
          else app.tell('data');
          shell.say(app.say(W.renewed));
        },
        // The next change, or the reconnection, brings it.
        () => undefined,
      );
    },
    (yes) => shell.trouble(yes ? null : `${app.say(W.gone)}. ${app.say(W.goneLong)}`),
  );
}

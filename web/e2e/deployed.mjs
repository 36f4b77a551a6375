// The map of a running poppywatch with the demo deployment, named by POPPYWATCH_URL, as the tests of
// what can be chosen of a layer open it.
import { browse, launch, settled } from './browser.mjs';

export const address = process.env.POPPYWATCH_URL?.replace(/\/*$/, '/');
export const skip = address === undefined ? 'POPPYWATCH_URL names no running poppywatch' : false;
export const SEASON = '2024-2025';
/** Large enough for the panel beside the map; every pixel is drawn by the processor. */
export const SCREEN = { width: 1040, height: 660 };

let chromium;
let browser;

export const start = async () => {
  if (address !== undefined) chromium = await launch();
};
export const stop = () => chromium?.close();
export const shut = async () => {
  await browser?.close();
  browser = undefined;
};

/** Opens the map in English and writes down the tiles that it asks for. */
export async function open(hash, options = {}) {
  browser = await browse(chromium, { viewport: SCREEN, ...options });
  const { page, context } = browser;
  const tiles = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    const layer = /collections\/([\w-]+)\/tiles\//.exec(url.pathname)?.[1];
    if (layer !== undefined) tiles.push({ layer, asked: url.searchParams });
  });
  await page.goto(`${address}${hash}&lang=en`);
  await settled(page);
  return { page, tiles };
}

/** What the tiles of `layer` were last asked. */
export const last = (tiles, layer) => {
  const { asked } = tiles.findLast((tile) => tile.layer === layer);
  asked.delete('f');
  return asked;
};

export const ask = async (path) => (await fetch(`${address}${path}`)).json();

export const row = (layer) => `li.row:has([data-layer="${layer}"])`;
export const legend = async (page, layer) =>
  page.locator(`${row(layer)} .legend li`).allInnerTexts();
export const chooser = (name) => `[data-choice="${name}"]`;

export const choices = (page) =>
  page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('choose'));

/** What the server says of a question, the sentence to be read first ahead. */
export async function sentences(layer, asked) {
  const query = new URLSearchParams(asked);
  query.set('resultType', 'hits');
  query.set('f', 'json');
  const { summary } = await ask(`collections/${layer}/items?${query}`);
  const first = summary.find(({ name }) => /(^|_)verdict$|^why_none$/.test(name));
  const said = [...(first === undefined ? [] : [first]), ...summary].map(({ en }) => en);
  return [...new Set(said)].filter((one) => one !== '').map((one) => one.normalize('NFC'));
}

/** Waits until the layer says of its answer what the server says of the same question. */
export async function findings(page, layer, asked) {
  const wanted = await sentences(layer, asked);
  await page.waitForFunction(
    ([selector, wanted]) => {
      const all = document.querySelectorAll(`${selector} .verdict, ${selector} .said`);
      const said = [...all].map((one) => one.textContent);
      return JSON.stringify(said) === JSON.stringify(wanted);
    },
    [`${row(layer)} .findings`, wanted],
  );
  return wanted;
}

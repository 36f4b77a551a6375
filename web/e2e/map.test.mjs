// The web map in a real browser, against the mock server's invented world.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { start } from '../mock/server.mjs';
import { browse, DESKTOP, launch, PHONE, settled } from './browser.mjs';

let server;
let failing = () => null;
let chromium;
let browser;
let seen;

before(async () => {
  server = await start({ trouble: (url) => failing(url) });
  chromium = await launch();
});
after(async () => {
  await chromium.close();
  await server.stop();
});
beforeEach(() => {
  failing = () => null;
});
afterEach(async () => {
  await browser?.close();
  browser = undefined;
});

/** Opens the map and writes down what the browser asks for and complains about. */
async function open(hash = '', options = {}) {
  browser = await browse(chromium, options);
  const { page, context } = browser;
  seen = { requests: [], complaints: [] };
  context.on('request', (request) => seen.requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  await page.goto(server.url + hash);
  return page;
}

const text = (page, selector) => page.locator(selector).innerText();

/** How much of a square of the map is drawn in another colour than its commonest. */
const unevenness = (page, x, y, size) =>
  page.evaluate(
    ([x, y, size]) => {
      const from = document.querySelector('.maplibregl-canvas');
      const copy = document.createElement('canvas');
      copy.width = copy.height = size;
      const pen = copy.getContext('2d');
      pen.drawImage(from, x, y, size, size, 0, 0, size, size);
      const { data } = pen.getImageData(0, 0, size, size);
      const counts = new Map();
      for (let i = 0; i < data.length; i += 4) {
        const key = `${data[i] >> 3},${data[i + 1] >> 3},${data[i + 2] >> 3}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return 1 - Math.max(...counts.values()) / (size * size);
    },
    [x, y, size],
  );

test('nothing is asked of anybody else, and nothing is complained of', async () => {
  const page = await open();
  await settled(page);
  const outside = seen.requests.filter(
    (url) => !url.startsWith(server.url) && !url.startsWith('data:'),
  );
  assert.deepEqual(outside, []);
  assert.deepEqual(seen.complaints, []);
  const fonts = seen.requests.filter((url) => /be-vietnam-pro-vietnamese-\d+-\w+\.woff2/.test(url));
  assert.ok(fonts.length > 0, 'the letters with marks come from our own font');
  assert.ok(seen.requests.some((url) => url.includes('/collections/plots/tiles/')));
});

test('Vietnamese first, English beside it', async () => {
  const page = await open();
  await settled(page);
  assert.equal(await page.getAttribute('html', 'lang'), 'vi');
  assert.match(await text(page, '[role=tablist]'), /Lớp bản đồ/);
  await page.click('.language');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.match(await text(page, '[role=tablist]'), /Layers/);
  assert.match(await page.evaluate(() => location.hash), /lang=en/);
});

test('what is simulated or approximate is said, always', async () => {
  const page = await open();
  await settled(page);
  assert.match(await text(page, '.notices'), /Dữ liệu mô phỏng/);
  assert.match(await text(page, '.notices'), /ô Thiessen/);
  await page.setViewportSize(PHONE);
  assert.match(await text(page, '.notices'), /Dữ liệu mô phỏng/);
});

test('a commune is found without its tone marks', async () => {
  const page = await open();
  await settled(page);
  await page.fill('.search input', 'Sin Ho');
  assert.match(await text(page, '[role=option] >> nth=0'), /Sìn Hồ/);
  await page.press('.search input', 'Enter');
  await page.waitForSelector('.facts:not([hidden])');
  assert.match(await text(page, '.facts h2'), /Sìn Hồ/);
});

test('another season asks other tiles, and the link keeps it', async () => {
  const page = await open();
  await settled(page);
  const before = server.asked.length;
  await page.click('.season button >> nth=0');
  await page.waitForFunction(() => location.hash.includes('season=2024-2025'));
  await settled(page);
  const asked = server.asked.slice(before).filter((path) => path.includes('/tiles/'));
  assert.ok(asked.length > 0);
  assert.ok(
    asked.every((path) => path.includes('season=2024-2025')),
    asked[0],
  );
  await page.reload();
  await settled(page);
  assert.match(await text(page, '.season .now'), /2024–2025/);
});

test('layers are switched, and the link keeps them', async () => {
  const page = await open('#layers=plots,provinces');
  await settled(page);
  assert.equal(await page.isChecked('[data-layer=plots]'), true);
  assert.equal(await page.isChecked('[data-layer=coverage]'), false);
  await page.check('[data-layer=coverage]');
  await settled(page);
  assert.match(await page.evaluate(() => location.hash), /layers=plots,provinces,coverage/);
  assert.ok(server.asked.some((path) => path.startsWith('/collections/coverage/tiles/')));
});

test('ground that nobody searched is hatched, never blank', async () => {
  const page = await open('#layers=provinces,coverage&at=103.35,22.2,11');
  await settled(page);
  const hatched = await unevenness(page, 800, 300, 80);
  assert.ok(hatched > 0.08, `only ${hatched} of the square is drawn`);
  await page.uncheck('[data-layer=coverage]');
  await settled(page);
  const bare = await unevenness(page, 800, 300, 80);
  assert.ok(bare < 0.02, `${bare} of the bare ground is drawn`);
});

test('a click tells the facts and the reasons, unknown as unknown', async () => {
  const page = await open('#layers=provinces,coverage&at=103.35,22.2,11');
  await settled(page);
  await page.mouse.click(840, 340);
  await page.waitForSelector('.facts .reason');
  assert.match(await text(page, '.facts .badge'), /Chưa rà soát/);
  await page.click('.facts summary');
  const rows = await text(page, '.facts .rows');
  assert.match(rows, /không rõ/);
  await page.press('.facts', 'Escape');
  assert.equal(await page.isVisible('.facts'), false);
});

test('figures carry their numerator and denominator', async () => {
  const page = await open('#panel=figures');
  await settled(page);
  await page.waitForSelector('.tile');
  const claimed = await text(page, '.tile >> nth=2');
  assert.match(claimed, /%/);
  // Some plots are not measured: the share is of their number, the ground the least it can be.
  assert.match(claimed, /\d+ trên \d+ nương/);
  assert.match(claimed, /[\d.]+\sm²/);
  await page.click('.numbers .rest summary');
  assert.match(await text(page, '.numbers table'), /không rõ/);
});

test('a season without plots says that this is not the same as none', async () => {
  const page = await open('#panel=figures&season=2019-2020');
  await settled(page);
  await page.waitForSelector('.tile');
  assert.match(await text(page, '.numbers'), /không có nghĩa là không có nương/);
  assert.match(await text(page, '.tile >> nth=2'), /không rõ/);
});

test('data can be had, with the parameters of the screen', async () => {
  const page = await open('#panel=data&season=2024-2025&cell=hexagon:1000&units=today');
  await settled(page);
  const address = await page.inputValue('.get .copy input >> nth=0');
  assert.match(address, /\?season=2024-2025&cell=hexagon:1000&units_on=today$/);
  const links = await page.$$eval('.links a', (all) => all.map(({ href }) => href));
  assert.equal(links.length, 3);
  assert.ok(links.every((href) => href.includes('/collections/plots/items?season=2024-2025')));
  assert.ok(links.some((href) => href.endsWith('f=gpkg')));
});

test('a change of the data draws the map anew by itself, without emptying it', async () => {
  const page = await open();
  await settled(page);
  await page.evaluate(() => {
    globalThis.blank = 0;
    const canvas = document.querySelector('.maplibregl-canvas');
    const copy = document.createElement('canvas');
    copy.width = copy.height = 1;
    const pen = copy.getContext('2d', { willReadFrequently: true });
    const look = () => {
      pen.drawImage(canvas, 900, 420, 1, 1, 0, 0, 1, 1);
      const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
      // The colour outside the province, where land was: the map was emptied.
      if (r === 0xdf && g === 0xe5 && b === 0xe1) globalThis.blank += 1;
      requestAnimationFrame(look);
    };
    look();
  });
  const before = server.asked.length;
  server.change();
  await page.waitForSelector('.toast.shown');
  await page.waitForTimeout(1500);
  const again = server.asked.slice(before);
  assert.ok(again.some((path) => path.includes('/collections/plots/tiles/')));
  assert.equal(await page.evaluate(() => globalThis.blank), 0);
});

test('a server that is away is said in plain words, and its return is noticed', async () => {
  failing = (url) => (url.pathname === '/collections' ? 'gone' : null);
  const page = await open();
  await page.waitForSelector('.status:not([hidden])');
  assert.match(await text(page, '.status'), /Không liên lạc được với máy chủ/);
  failing = () => null;
  await page.click('.status button');
  await settled(page);
  assert.equal(await page.isVisible('.status'), false);
});

test('a server that goes away while the map is open is missed, and welcomed back', async () => {
  const page = await open('#layers=provinces');
  await settled(page);
  failing = () => 'gone';
  server.hangUp();
  await page.waitForSelector('.status:not([hidden])');
  assert.match(await text(page, '.status'), /Mất liên lạc với máy chủ/);
  failing = () => null;
  await page.waitForSelector('.status', { state: 'hidden' });
});

test('a busy server is asked again, then said to be busy', async () => {
  let busy = 2;
  failing = (url) => {
    if (url.pathname !== '/collections' || busy === 0) return null;
    busy -= 1;
    return 503;
  };
  const page = await open();
  await settled(page);
  assert.equal(busy, 0);
  assert.equal(await page.isVisible('.status'), false);
});

test('tiles that fail are not passed off as empty ground', async () => {
  failing = (url) => (url.pathname.includes('/hotspots/tiles/') ? 500 : null);
  const page = await open();
  await page.waitForSelector('.toast.shown');
  assert.match(await text(page, '.toast'), /không có nghĩa là không có gì/);
});

test('a phone of 360 pixels shows all of it', async () => {
  const page = await open('', { viewport: PHONE, hasTouch: true });
  await settled(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= PHONE.width, `${wide} px wide`);
  await page.click('.handle');
  await page.waitForTimeout(400);
  assert.equal(await page.getAttribute('.handle', 'aria-expanded'), 'true');
  await page.check('[data-layer=coverage]');
  for (const panel of ['figures', 'data']) {
    await page.click(`[role=tab][data-panel=${panel}]`);
    await page.waitForTimeout(300);
    const inner = await page.$eval(`[role=tabpanel][data-panel=${panel}]`, (element) => [
      element.scrollWidth,
      element.clientWidth,
    ]);
    assert.ok(inner[0] <= inner[1], `${panel}: ${inner}`);
  }
});

test('the keyboard alone is enough', async () => {
  const page = await open('#layers=provinces,communes&at=103.35,22.2,10');
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'maplibregl-canvas');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.facts:not([hidden])');
  await page.keyboard.press('Escape');
  assert.equal(await page.isVisible('.facts'), false);
  await page.focus('[role=tab][data-panel=layers]');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getAttribute('[data-panel=figures][role=tab]', 'aria-selected'), 'true');
  const unnamed = await page.$$eval('button, input, select, a[href]', (all) =>
    all
      .filter((one) => one.checkVisibility())
      .filter((one) => {
        const said = one.getAttribute('aria-label') ?? one.textContent ?? '';
        const labelled = 'labels' in one && (one.labels?.length ?? 0) > 0;
        return said.trim() === '' && !labelled;
      })
      .map((one) => one.outerHTML.slice(0, 80)),
  );
  assert.deepEqual(unnamed, []);
});

test('the printed map is one sheet of A4 or A3 with legend, day and notes', async () => {
  const page = await open();
  await settled(page);
  await page.click('.tools .print');
  await page.waitForTimeout(300);
  await settled(page);
  const words = await text(page, '.paper');
  assert.match(words, /Chú giải/);
  assert.match(words, /Tính đến 12\/03\/2026/);
  assert.match(words, /Dữ liệu mô phỏng/);
  const sheet = async () => {
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString(
      'latin1',
    );
    const pages = pdf.match(/\/Type \/Page\b/g)?.length;
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf);
    return [pages, Math.round(Number(width)), Math.round(Number(height))];
  };
  assert.deepEqual(await sheet(), [1, 842, 595]);
  await page.check('input[name=paper][value=a3]', { force: true });
  await settled(page);
  assert.deepEqual(await sheet(), [1, 1191, 842]);
  await page.keyboard.press('Escape');
  assert.equal(await page.isVisible('.paper'), false);
});

test('a link opens the same screen', async () => {
  const hash =
    '#season=2023-2024&layers=plots,provinces&at=103.2,22.3,9.5&on=plots/1003&lang=en&theme=dark';
  const page = await open(hash, { viewport: DESKTOP });
  await settled(page);
  await page.waitForSelector('.facts:not([hidden])');
  assert.match(await text(page, '.facts .kind'), /Plots/i);
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  assert.equal(await page.evaluate(() => location.hash), hash);
});

test('a layer that nobody drew by hand is drawn all the same', async () => {
  const page = await open('#layers=weather-posts,provinces&lang=en');
  await settled(page);
  assert.equal(await page.isChecked('[data-layer=weather-posts]'), true);
  assert.match(await text(page, '.layers'), /Other layers/i);
  assert.ok(server.asked.some((path) => path.startsWith('/collections/weather-posts/tiles/')));
});

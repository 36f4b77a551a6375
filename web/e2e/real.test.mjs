// The web map of a running poppywatch with the demo deployment, named by POPPYWATCH_URL: what the
// invented world cannot prove. Without that name there is nothing to look at, and it says so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, launch, settled } from './browser.mjs';

const address = process.env.POPPYWATCH_URL?.replace(/\/*$/, '/');
const skip = address === undefined ? 'POPPYWATCH_URL names no running poppywatch' : false;

let chromium;
before(async () => {
  if (address !== undefined) chromium = await launch();
});
after(() => chromium?.close());

async function open(hash) {
  const { page, context, close } = await browse(chromium);
  const outside = [];
  const complaints = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(address)) outside.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(address + hash);
  await settled(page);
  return { page, outside, complaints, close };
}

test(
  'every layer of the catalogue is drawn, and nothing comes from outside',
  { skip },
  async () => {
    const listed = await (await fetch(`${address}collections?f=json`)).json();
    const ids = listed.collections.map(({ id }) => id);
    assert.ok(ids.length > 0);
    const { page, outside, complaints, close } = await open(`#layers=${ids.join(',')}`);
    for (const id of ids) assert.equal(await page.isChecked(`[data-layer="${id}"]`), true, id);
    assert.equal(await page.isVisible('.toast.shown'), false);
    assert.deepEqual(outside, []);
    assert.deepEqual(complaints, []);
    await close();
  },
);

test('figures, facts and search speak of the same place', { skip }, async () => {
  const { page, complaints, close } = await open('#panel=figures');
  await page.waitForSelector('.tile');
  await page.click('.communes li:first-child button');
  await page.waitForSelector('.facts h2');
  const name = await page.innerText('.facts h2');
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd');
  await page.fill('.search input', plain);
  assert.equal(await page.innerText('[role=option] >> nth=0 >> span >> nth=0'), name);
  assert.match(await page.innerText('.notices'), /mô phỏng/);
  assert.deepEqual(complaints, []);
  await close();
});

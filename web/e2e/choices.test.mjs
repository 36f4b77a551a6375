// What can be chosen of a layer, on the map of a running poppywatch: another choice is another
// request, picture, legend and finding.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { settled } from './browser.mjs';
import {
  address,
  choices,
  chooser,
  findings,
  last,
  legend,
  open,
  row,
  SCREEN,
  SEASON,
  shut,
  skip,
  start,
  stop,
} from './deployed.mjs';
import { insideOf } from './ground.mjs';

const [X, Y] = [SCREEN.width / 2, SCREEN.height / 2];

before(start);
after(stop);
afterEach(shut);

/** The map itself, without what lies over it. */
const picture = (page) =>
  page.evaluate(() => document.querySelector('.maplibregl-canvas').toDataURL());

test(
  'a method, its neighbours, shuffles and cells are asked, told and kept',
  { skip },
  async () => {
    const hash = `#season=${SEASON}&cell=square:3000&layers=hotspots,provinces`;
    const { page, tiles } = await open(hash);
    const usual = await findings(page, 'hotspots', last(tiles, 'hotspots'));
    assert.match((await legend(page, 'hotspots')).join(), /Hotspot \(FDR/);
    await page.click(`${row('hotspots')} .choices summary`);

    await page.selectOption(chooser('hotspots.method'), 'moran');
    await settled(page);
    assert.equal(last(tiles, 'hotspots').get('method'), 'moran');
    assert.match((await legend(page, 'hotspots')).join(), /High among low.*Low among high/);
    const moran = await findings(page, 'hotspots', last(tiles, 'hotspots'));
    assert.notDeepEqual(moran, usual);
    // The menu shows what the method takes by itself, and not the first of its words.
    assert.equal(await page.inputValue(chooser('hotspots.null')), 'conditional');
    assert.equal(await page.inputValue(chooser('hotspots.tail')), 'two-sided');

    await page.selectOption(chooser('hotspots.weights'), 'knn:8');
    await page.selectOption(chooser('hotspots.null'), 'total');
    await page.selectOption(chooser('hotspots.adjust'), 'none');
    await page.selectOption(chooser('cell'), 'h3:6');
    await settled(page);
    const asked = last(tiles, 'hotspots');
    assert.deepEqual(
      ['cell', 'weights', 'null', 'adjust'].map((name) => asked.get(name)),
      ['h3:6', 'knn:8', 'total', 'none'],
    );
    assert.match((await legend(page, 'hotspots')).join(), /each cell by itself/);
    await findings(page, 'hotspots', asked);
    const kept =
      'hotspots.adjust:none,hotspots.method:moran,hotspots.null:total,hotspots.weights:knn:8';
    assert.equal(await choices(page), kept);

    tiles.length = 0;
    await page.reload();
    await settled(page);
    assert.equal(last(tiles, 'hotspots').toString(), asked.toString());
    assert.equal(await choices(page), kept);
    assert.equal(await page.inputValue(chooser('hotspots.weights')), 'knn:8');
    assert.equal(await page.inputValue(chooser('cell')), 'h3:6');
  },
);

test('all seasons together show the trend, in legend and card', { skip }, async () => {
  const items = `collections/hotspots/items?season=2023-2024/${SEASON}&cell=square:3000&f=json`;
  const { features } = await (await fetch(`${address}${items}&limit=10000`)).json();
  const hot = features.find(({ properties }) => properties.trend === 'new-hot');
  const [lng, lat] = insideOf(hot.geometry);
  const { page, tiles } = await open(
    `#season=${SEASON}&cell=square:3000&layers=hotspots&at=${lng},${lat},12`,
  );
  await page.click(`${row('hotspots')} .choices summary`);
  await page.check(chooser('hotspots.span'));
  await settled(page);
  const asked = last(tiles, 'hotspots');
  assert.equal(asked.get('season'), `2023-2024/${SEASON}`);
  assert.equal(asked.get('stability'), 'true');
  assert.match((await legend(page, 'hotspots')).join(), /New hot spot/);
  await findings(page, 'hotspots', asked);
  await page.mouse.click(X, Y);
  await page.waitForSelector('.facts .figures');
  await page.waitForFunction(() =>
    /of \d+ ways/.test(document.querySelector('.facts .figures')?.textContent ?? ''),
  );
  assert.equal(await page.innerText('.facts .badge'), 'New hot spot');
  assert.equal(await choices(page), 'hotspots.span:all');
});

test('a refused choice is told in the server’s words, and the map stays', { skip }, async () => {
  const hash = `#season=${SEASON}&cell=square:3000&layers=hotspots,provinces&choose=hotspots.value:area`;
  const { page, tiles } = await open(hash);
  const before = await legend(page, 'hotspots');
  const drawn = await picture(page);
  tiles.length = 0;

  await page.selectOption(chooser('hotspots.method'), 'join-counts');
  await page.waitForSelector('.answer.refused blockquote');
  const query = `season=${SEASON}&cell=square:3000&method=join-counts&value=area&f=json`;
  const refused = await fetch(`${address}collections/hotspots/items?${query}`);
  assert.equal(refused.status, 400);
  const { detail } = await refused.json();
  assert.equal(
    await page.innerText('.answer.refused blockquote'),
    detail.replace(/^`value`: /, ''),
  );
  assert.match(await page.innerText('.answer.refused'), /What is counted: Area/);
  await settled(page);
  assert.deepEqual(await legend(page, 'hotspots'), before);
  assert.equal(tiles.filter(({ layer }) => layer === 'hotspots').length, 0);
  assert.ok((await picture(page)) === drawn, 'the map has another picture');

  await page.click('.answer.refused button');
  await settled(page);
  assert.equal(await page.locator('.answer.refused').count(), 0);
  assert.equal(last(tiles, 'hotspots').get('value'), null);
  assert.equal(await choices(page), null);

  // More work than one request may ask for is refused with another number, and told alike.
  const much = 'these neighbours are too much work: ask for larger cells';
  await page.route(/hotspots\/items\?.*weights=band/, (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 422, detail: much }),
    }),
  );
  await page.selectOption(chooser('hotspots.weights'), 'band:3000');
  await page.waitForSelector('.answer.refused blockquote');
  assert.equal(await page.innerText('.answer.refused blockquote'), much);
});

/** The layers of the statistics, what is chosen of them, and which feature is looked for. */
const PICTURES = [
  ['hotspot-areas', 'cells', ['class', 'hot-']],
  ['hotspot-areas', 'dbscan', ['class', 'group']],
  ['hotspot-areas', 'hdbscan', ['class', 'group']],
  ['hotspot-areas', 'scan', ['class', 'significant']],
  ['density', 'volume', ['class', 'densest-25']],
  ['density', 'risk', ['class', 'shrank']],
  ['recultivation', null, ['state', 'returned']],
  ['displacement', null, ['zone', 'response']],
];

for (const [layer, method, [property, word]] of PICTURES) {
  const name = method === null ? layer : `${layer} by ${method}`;
  test(`${name} is drawn, and its card opens`, { skip }, async () => {
    const query = `season=${SEASON}&limit=10000&f=json${method === null ? '' : `&method=${method}`}`;
    const answer = await fetch(`${address}collections/${layer}/items?${query}`);
    const { features } = await answer.json();
    const one = features.find(({ properties }) => properties[property].startsWith(word));
    assert.ok(one, `no ${word} among ${features.length}`);
    const [lng, lat] = insideOf(one.geometry);
    const choose = method === null ? '' : `&choose=${layer}.method:${method}`;
    const { page } = await open(
      `#season=${SEASON}&layers=provinces,${layer}&at=${lng},${lat},13${choose}`,
    );
    const clip = { x: X - 20, y: Y - 20, width: 40, height: 40 };
    const drawn = await page.screenshot({ clip });
    await page.mouse.click(X, Y);
    await page.waitForSelector('.facts .badge');
    const badge = await page.innerText('.facts .badge');
    const entries = await legend(page, layer);
    assert.ok(entries.includes(badge), `${badge} is none of ${entries.join('; ')}`);
    await page.waitForSelector('.facts .reason');
    await page.click('.facts header button');
    await page.uncheck(`[data-layer="${layer}"]`);
    await settled(page);
    assert.notDeepEqual(await page.screenshot({ clip }), drawn);
  });
}

// What the page says and shows of an answer: its findings, its places, its paper, and what is not
// known, on the map of a running poppywatch.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { settled } from './browser.mjs';
import {
  address,
  ask,
  chooser,
  findings,
  last,
  legend,
  open,
  row,
  SCREEN,
  SEASON,
  sentences,
  shut,
  skip,
  start,
  stop,
} from './deployed.mjs';
import { insideOf } from './ground.mjs';

before(start);
after(stop);
afterEach(shut);

const AREAS = 'hotspot-areas';

test('one sentence is read first, the others and their figures on asking', { skip }, async () => {
  const { page, tiles } = await open(`#season=${SEASON}&cell=square:3000&layers=hotspots`);
  const [first, second] = await findings(page, 'hotspots', last(tiles, 'hotspots'));
  const place = `${row('hotspots')} .findings`;
  assert.match(first, /last season's counts/);
  assert.equal(await page.innerText(`${place} .verdict`), first);
  assert.equal(await page.isVisible(`${place} li >> nth=0`), false);
  await page.click(`${place} summary`);
  assert.equal(await page.innerText(`${place} .said >> nth=0`), second);
  const lines = await page.locator(`${place} li`).allInnerTexts();
  assert.ok(lines.some((line) => /^Area under the capture curve: 0\.\d+\s+Chance has/.test(line)));
});

test('an empty answer says first why it is empty', { skip }, async () => {
  const { page, tiles } = await open(
    `#season=2026-2027&layers=${AREAS}&choose=${AREAS}.method:dbscan`,
  );
  await findings(page, AREAS, last(tiles, AREAS));
  const { summary } = await ask(
    `collections/${AREAS}/items?season=2026-2027&method=dbscan&resultType=hits&f=json`,
  );
  const { en } = summary.find(({ name }) => name === 'why_none');
  assert.equal(await page.innerText(`${row(AREAS)} .findings .verdict`), en);
  assert.equal(await page.isVisible(`${row(AREAS)} .ranked button`), false);
});

test('the areas are listed by rank, and each leads to its place', { skip }, async () => {
  const query = `season=${SEASON}&method=hdbscan&limit=100&f=json`;
  const { features } = await ask(`collections/${AREAS}/items?${query}`);
  const ranked = features.sort((a, b) => a.properties.rank - b.properties.rank);
  assert.ok(ranked.length >= 2);
  const { page } = await open(
    `#season=${SEASON}&layers=${AREAS},provinces&choose=${AREAS}.method:hdbscan`,
  );
  const listed = `${row(AREAS)} .ranked button`;
  await page.waitForSelector(listed);
  const wanted = ranked.slice(0, 20).map(({ properties }) => properties.communes);
  assert.deepEqual(await page.locator(`${listed} span`).allInnerTexts(), wanted);

  await page.click('.tools .print');
  const onPaper = page.locator('.paper .ranked-print li');
  assert.equal(await onPaper.count(), Math.min(10, ranked.length));
  assert.match(await onPaper.first().innerText(), /^1\s+\S[^]* plots · [\d.,]+ km² · /);
  await page.keyboard.press('Escape');
  await settled(page);

  await page.click(`${listed} >> nth=1`);
  await page.waitForFunction(() => document.querySelector('.facts h2')?.textContent === 'Area 2');
  await page.waitForTimeout(1200);
  await settled(page);
  assert.equal(
    await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('on')),
    `${AREAS}/${ranked[1].id}`,
  );
  // What lies in the middle of what can be seen is the area: the card beside it covers the right.
  const scale = await page.innerText('.maplibregl-ctrl-scale');
  assert.match(scale, /\d\sm$|^[1-5]\skm$/, `the map is still as wide as ${scale}`);
});

test(
  'a refusal in another season leaves the ground hatched, and says what is drawn',
  { skip },
  async () => {
    const refused = 'hotspots.method:join-counts,hotspots.value:area';
    const { page, tiles } = await open(
      `#season=${SEASON}&cell=square:3000&layers=hotspots,provinces&choose=${refused}`,
    );
    const told = '.answer.refused';
    assert.match(await page.innerText(told), /as it is usually reckoned/);
    assert.match((await legend(page, 'hotspots')).join(), /Hotspot \(FDR.*Not searched: unknown/);
    assert.equal(last(tiles, 'hotspots').get('method'), null);

    tiles.length = 0;
    await page.click('.season button >> nth=0');
    await page.waitForFunction(() => location.hash.includes('season=2023-2024'));
    await settled(page);
    assert.equal(last(tiles, 'hotspots').get('season'), '2023-2024');
    assert.equal(last(tiles, 'hotspots').get('method'), null);
    assert.match(await page.innerText(told), /as it is usually reckoned/);
  },
);

test(
  'ground that cannot be compared is hatched, and no ring looks like another',
  { skip },
  async () => {
    const query = 'season=2025-2026&cell=square:1000&f=json';
    const { features } = await ask(`collections/displacement/items?${query}`);
    const unknown = features.find(({ properties }) => properties.zone === 'not-compared');
    const [lng, lat] = insideOf(unknown.geometry);
    const { page } = await open(
      `#season=2025-2026&cell=square:1000&layers=displacement,provinces&at=${lng},${lat},13`,
    );
    const hatched = `${row('displacement')} .legend li:has(clipPath)`;
    assert.match(await page.innerText(hatched), /^Not compared: not searched in both seasons$/);
    const colors = await page.$$eval(`${row('displacement')} .legend li`, (all) =>
      all.map((one) => one.querySelector('rect:last-of-type, rect')?.getAttribute('fill')),
    );
    assert.equal(new Set(colors).size, colors.length, colors.join());
    await page.mouse.click(SCREEN.width / 2, SCREEN.height / 2);
    await page.waitForSelector('.facts .badge');
    assert.match(await page.innerText('.facts .badge'), /^Not compared/);
  },
);

test(
  'paper names cells, seasons, shuffles, seed and the score with its interval',
  { skip },
  async () => {
    const { page } = await open(
      `#season=${SEASON}&cell=square:3000&layers=hotspots,provinces&choose=hotspots.span:all`,
    );
    const asked = new URLSearchParams({ season: `2023-2024/${SEASON}`, cell: 'square:3000' });
    const { features } = await ask(`collections/hotspots/items?${asked}&limit=1&f=json`);
    const { permutations, seed } = features[0].properties;
    const [verdict, , score] = await sentences('hotspots', asked);
    await findings(page, 'hotspots', asked);
    await page.click('.tools .print');
    await page.waitForTimeout(300);
    await settled(page);
    const paper = (await page.innerText('.paper aside')).replace(/\s+/g, ' ');
    const count = permutations.toLocaleString('en-GB');
    for (const wanted of [
      'Counted in: Squares of 3 km',
      'Seasons: 2023–2024 … 2024–2025',
      'Other ways to draw the cells tried',
      `${count} shuffles, seed ${seed}`,
      verdict,
      score,
    ]) {
      assert.ok(paper.includes(wanted.replace(/\s+/g, ' ')), `no “${wanted}” in “${paper}”`);
    }
    assert.match(score, /PAI [\d.]+ \((95\s% interval|too few)/);
    assert.match(await page.innerText('.paper figure .maplibregl-ctrl-scale'), /^\d+\sk?m$/);
  },
);

test('a legend of many layers is all on the sheet', { skip }, async () => {
  const layers = `plots,hotspots,${AREAS},density,coverage,recultivation,displacement,communes`;
  const { page } = await open(`#season=2025-2026&cell=square:3000&layers=${layers}`);
  await page.click('.tools .print');
  await page.waitForTimeout(300);
  const cut = await page.$eval('.paper aside', (aside) => {
    const { bottom, right } = aside.getBoundingClientRect();
    return [...aside.querySelectorAll('li, p, h3')]
      .map((one) => [one.textContent, one.getBoundingClientRect()])
      .filter(([, box]) => box.bottom > bottom + 1 || box.right > right + 1)
      .map(([words]) => words);
  });
  assert.deepEqual(cut, []);
});

test(
  'on a phone a badge over a hotspot leads nearer, and names the hotspot',
  { skip },
  async () => {
    const query = `season=${SEASON}&cell=square:3000&limit=10000&f=json`;
    const { features } = await ask(`collections/hotspots/items?${query}`);
    const hot = features
      .filter(({ properties }) => properties.class.startsWith('hot-'))
      .sort((a, b) => b.properties.count - a.properties.count)[0];
    const [lng, lat] = insideOf(hot.geometry);
    const screen = { width: 390, height: 844 };
    const { page } = await open(
      `#season=${SEASON}&cell=square:3000&layers=plots,hotspots,provinces&at=${lng},${lat},8`,
      { viewport: screen, hasTouch: true },
    );
    await page.touchscreen.tap(screen.width / 2, screen.height / 2);
    await page.waitForSelector('.facts:not([hidden])');
    assert.match(await page.innerText('.facts h2'), /^\d+ plots close together$/);
    assert.match(await page.innerText('.facts .others'), /Hotspot \(FDR.\d.%\)/);
    await page.waitForTimeout(1500);
    await settled(page);
    const scale = parseInt(await page.innerText('.maplibregl-ctrl-scale'), 10);
    assert.ok(scale <= 15, `the map is still ${scale} km wide`);
  },
);

test(
  'a commune beside a cleared place is named with the day of its boundaries',
  { skip },
  async () => {
    const query = `season=${SEASON}&limit=1000&f=json`;
    const { features } = await ask(`collections/recultivation/items?${query}`);
    const one = features.find(({ properties }) => properties.state === 'returned');
    const [lng, lat] = one.geometry.coordinates;
    const { page } = await open(
      `#season=${SEASON}&layers=recultivation,communes,provinces&at=${lng},${lat},14`,
    );
    await page.mouse.click(SCREEN.width / 2, SCREEN.height / 2);
    await page.waitForSelector('.facts .figures');
    await page.waitForFunction(() =>
      /Commune then/.test(document.querySelector('.facts .figures')?.textContent ?? ''),
    );
    assert.match(await page.innerText('.facts .others'), /By the boundaries of 30 Jun 2025\./);
  },
);

test('what a seed answers is told by the server, in whatever language', { skip }, async () => {
  const { page } = await open(`#season=${SEASON}&cell=square:3000&layers=hotspots`);
  const query = `season=${SEASON}&cell=square:3000&resultType=hits&f=json`;
  const answer = await (await fetch(`${address}collections/hotspots/items?${query}`)).json();
  await page.click('.language');
  const { vi } = answer.summary.find(({ name }) => name === 'validation_verdict');
  await page.waitForFunction(
    ([selector, wanted]) => document.querySelector(selector)?.textContent === wanted,
    [`${row('hotspots')} .findings .verdict`, vi.normalize('NFC')],
  );
  assert.equal(await page.locator(chooser('hotspots.method')).count(), 1);
});

// What the menus of a layer offer with each method, and what becomes of a choice that a method does
// not know, on the map of a running poppywatch.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { settled } from './browser.mjs';
import {
  ask,
  choices,
  chooser,
  last,
  legend,
  open,
  row,
  SEASON,
  shut,
  skip,
  start,
  stop,
} from './deployed.mjs';

before(start);
after(stop);
afterEach(shut);

const AREAS = 'hotspot-areas';

/** The menus of a layer that can be seen, by the name of the choice. */
const offered = (page, layer) =>
  page.$$eval(`[data-choice^="${layer}."]`, (all) =>
    all.filter((one) => one.checkVisibility()).map(({ dataset }) => dataset.choice.split('.')[1]),
  );

test('each method has the menus that mean something with it, and no other', { skip }, async () => {
  const { only, choices: known, span } = await ask(`collections/${AREAS}?f=json`);
  assert.equal(span, true);
  const names = [...known.map(({ name }) => name), 'span'].filter((name) => name !== 'cell');
  const { page } = await open(`#season=${SEASON}&cell=square:3000&layers=${AREAS}`);
  await page.click(`${row(AREAS)} .choices summary`);
  const { words } = known.find(({ name }) => name === 'method');
  for (const method of words) {
    await page.selectOption(chooser(`${AREAS}.method`), method);
    await settled(page);
    const wanted = names.filter((name) => only[name]?.includes(method) ?? true);
    assert.deepEqual(await offered(page, AREAS), wanted, method);
    const cellless = await page.isVisible(`${row(AREAS)} .cellless`);
    assert.equal(cellless, !only.cell.includes(method), method);
  }
});

test('what another method does not know is taken back, and told', { skip }, async () => {
  const chosen = ['method:density', 'kernel:gaussian', 'span:all'].map((one) => `${AREAS}.${one}`);
  const { page, tiles } = await open(
    `#season=${SEASON}&cell=square:3000&layers=${AREAS}&choose=${chosen.join()}`,
  );
  const told = `${row(AREAS)} .dropped`;
  assert.equal(await page.isVisible(told), false);
  assert.equal(last(tiles, AREAS).get('kernel'), 'gaussian');
  await page.selectOption(chooser(`${AREAS}.method`), 'dbscan');
  await settled(page);
  assert.match(await page.innerText(told), /Kernel: Gaussian\.$/);
  assert.equal(await choices(page), `${AREAS}.method:dbscan,${AREAS}.span:all`);
  await page.selectOption(chooser(`${AREAS}.method`), 'cells');
  await settled(page);
  assert.match(await page.innerText(told), /Look at all seasons/);
  const asked = last(tiles, AREAS);
  assert.deepEqual([asked.get('season'), asked.get('kernel')], [SEASON, null]);
});

test(
  'a side chosen for Gi* does not go over to Moran, whose sides are others',
  { skip },
  async () => {
    const { page, tiles } = await open(
      `#season=${SEASON}&cell=square:3000&layers=hotspots&choose=hotspots.tail:lower`,
    );
    assert.equal(last(tiles, 'hotspots').get('tail'), 'lower');
    await page.selectOption(chooser('hotspots.method'), 'moran');
    await settled(page);
    assert.equal(last(tiles, 'hotspots').get('tail'), null);
    assert.match(await page.innerText(`${row('hotspots')} .dropped`), /Looks for: Little\.$/);
    const sides = await page.locator(`${chooser('hotspots.tail')} option`).allInnerTexts();
    assert.deepEqual(sides, ['Like its surroundings', 'Unlike its surroundings', 'Either']);
  },
);

test('how near is near can be chosen, and a link may ask for any number', { skip }, async () => {
  const { page, tiles } = await open(
    `#season=${SEASON}&layers=${AREAS}&choose=${AREAS}.distance:1500,${AREAS}.method:dbscan`,
  );
  const menu = chooser(`${AREAS}.distance`);
  assert.equal(last(tiles, AREAS).get('distance'), '1500');
  assert.equal(await page.innerText(`${menu} option:checked`), '1,500 m');
  await page.selectOption(menu, '3000');
  await settled(page);
  assert.equal(last(tiles, AREAS).get('distance'), '3000');
  assert.equal(await page.innerText(`${menu} option:checked`), '3 km');
});

test(
  'whether it stays hot with other cells is asked unless somebody says no',
  { skip },
  async () => {
    const { page, tiles } = await open(`#season=${SEASON}&cell=square:3000&layers=hotspots`);
    assert.equal(last(tiles, 'hotspots').get('stability'), 'true');
    assert.equal(await choices(page), null);
    await page.click(`${row('hotspots')} .choices summary`);
    assert.equal(await page.isChecked(chooser('hotspots.stability')), true);
    await page.uncheck(chooser('hotspots.stability'));
    await settled(page);
    assert.notEqual(last(tiles, 'hotspots').get('stability'), 'true');
    assert.equal(await choices(page), 'hotspots.stability:false');
    await page.reload();
    await settled(page);
    assert.equal(await page.isChecked(chooser('hotspots.stability')), false);
  },
);

test(
  'of anything but Gi* of counts the page neither asks nor offers other cells',
  { skip },
  async () => {
    for (const other of ['hotspots.method:moran', 'hotspots.method:gi']) {
      const { page, tiles } = await open(
        `#season=${SEASON}&cell=square:3000&layers=hotspots&choose=${other}`,
      );
      assert.equal(last(tiles, 'hotspots').get('stability'), null);
      assert.equal(await page.isVisible(chooser('hotspots.stability')), false);
    }
  },
);

test('what no control was asked for is called so in the legend', { skip }, async () => {
  const { page } = await open(
    `#season=${SEASON}&cell=square:3000&layers=hotspots&choose=hotspots.adjust:none`,
  );
  const words = { none: /p.5.%, each cell by itself/, holm: /FWER.5.%/, bh: /FDR.5.%/ };
  for (const [adjust, wanted] of Object.entries(words)) {
    await page.selectOption(chooser('hotspots.adjust'), adjust);
    await settled(page);
    assert.match((await legend(page, 'hotspots')).join(), wanted);
  }
});

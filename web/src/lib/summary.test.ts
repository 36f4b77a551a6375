import assert from 'node:assert/strict';
import { test } from 'node:test';
import { communes, totals, whole } from './summary.ts';

const row = (name: string, reported: number, found: number | null, gone: number | null) => ({
  id: name,
  properties: {
    name,
    plots: reported,
    area_m2: found,
    measured_m2: found,
    destroyed_m2: gone,
    searched_m2: 2e6,
    ground_m2: 4e6,
  },
});

test('communes add up, with numerator and denominator', () => {
  const rows = [row('A', 2, 300, 100), row('B', 1, 100, 100)];
  const all = totals(rows.map(({ properties }) => properties));
  assert.equal(all.plots, 3);
  assert.deepEqual(all.claimed, {
    of: 200,
    whole: 400,
    share: 0.5,
    by: 'ground',
    area: 200,
    unmeasured: 0,
  });
  assert.deepEqual(all.searched, { of: 4, whole: 8, share: 0.5 });
});

test('where a plot is not measured, shares are of plots and not of ground', () => {
  const row = {
    plots: 4,
    unmeasured: 1,
    area_m2: 300,
    measured_m2: 300,
    destroyed_m2: 270,
    destroyed_plots: 3,
    destroyed_unmeasured: 1,
  };
  const { claimed } = totals([row]);
  assert.deepEqual(claimed, {
    of: 3,
    whole: 4,
    share: 0.75,
    by: 'plots',
    area: 270,
    unmeasured: 1,
  });
  // A commune where all is measured stands beside one where it is not: one denominator for both.
  const measured = { ...row, unmeasured: 0, destroyed_unmeasured: 0, destroyed_plots: 2 };
  const each = communes([
    { id: 'A', properties: { ...row, name: 'A' } },
    { id: 'B', properties: { ...measured, name: 'B' } },
  ]);
  assert.deepEqual(
    each.map(({ totals }) => [totals.claimed.by, totals.claimed.share]),
    [
      ['plots', 0.75],
      ['plots', 0.5],
    ],
  );
  assert.equal(totals([measured]).claimed.share, 0.9);
  // A server that does not tell how many were destroyed leaves the share unknown.
  assert.equal(totals([{ plots: 2, unmeasured: 1, destroyed_m2: 5 }]).claimed.share, null);
  assert.equal(totals([{ plots: 2, unmeasured: 1, destroyed_m2: 5 }]).claimed.unmeasured, null);
});

test('a share of nothing stays unknown', () => {
  const none = totals([{ plots: 0, area_m2: 0, measured_m2: 0, destroyed_m2: 0 }]);
  assert.equal(none.claimed.share, null);
  assert.equal(totals([]).area, null);
  assert.equal(totals([{ plots: 1, area_m2: null }]).area, null);
  assert.equal(totals([{ plots: 1, area_m2: null }]).searched.share, null);
});

test('the communes with the most ground come first', () => {
  const names = communes([row('A', 1, 10, 0), row('B', 5, null, null), row('C', 1, 90, 0)]);
  assert.deepEqual(
    names.map(({ name }) => name),
    ['C', 'A', 'B'],
  );
});

test('what is told of the whole area is taken once', () => {
  const row = { communes_visited: 3, communes: 4, plots_elsewhere: 2 };
  assert.deepEqual(whole([row, row]), {
    visited: { of: 3, whole: 4, share: 0.75 },
    elsewhere: 2,
  });
  assert.equal(whole([]).visited.share, null);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clamp, daysOf, seasonOf, seasonsBetween, startYear } from './season.ts';

test('every day has one season', () => {
  assert.equal(seasonOf('2025-07-01'), '2025-2026');
  assert.equal(seasonOf('2025-06-30'), '2024-2025');
  assert.equal(seasonOf('tomorrow'), null);
});

test('two consecutive years, nothing else', () => {
  assert.equal(startYear('2018-2019'), 2018);
  assert.equal(startYear('2018-2020'), null);
  assert.equal(startYear('2018'), null);
});

test('an interval touches its seasons', () => {
  assert.deepEqual(seasonsBetween('2023-10-02', '2026-03-01T10:00:00Z'), [
    '2023-2024',
    '2024-2025',
    '2025-2026',
  ]);
  assert.deepEqual(seasonsBetween(null, '2026-03-01'), []);
  assert.deepEqual(seasonsBetween('2026-03-01', '2020-03-01'), []);
  assert.deepEqual(daysOf('2024-2025'), ['2024-07-01', '2025-06-30']);
});

test('now is never outside the season', () => {
  assert.equal(clamp('2024-2025', '2026-11-24'), '2025-06-30');
  assert.equal(clamp('2024-2025', '2025-02-15'), '2025-02-15');
  assert.equal(clamp('2024-2025', '2023-01-01'), '2024-07-01');
});

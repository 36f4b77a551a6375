import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from './format.ts';

test('unknown is said, and is never zero', () => {
  for (const nothing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(format.number(nothing, 'vi'), 'không rõ');
    assert.equal(format.squareMetres(nothing, 'en'), 'unknown');
    assert.equal(format.percent(nothing, 'vi'), 'không rõ');
  }
  assert.equal(format.number(0, 'vi'), '0');
  assert.equal(format.day(null, 'vi'), 'không rõ');
});

test('a share of nothing is no share', () => {
  assert.equal(format.share(0, 0), null);
  assert.equal(format.share(3, null), null);
  assert.equal(format.share(1, 4), 0.25);
});

test('numbers, areas and days in both languages', () => {
  assert.equal(format.number(12345.6, 'vi'), '12.346');
  assert.equal(format.number(12345.6, 'en'), '12,346');
  assert.equal(format.measure(1.256, 'vi'), '1,26');
  assert.equal(format.number(-3, 'vi'), '−3');
  assert.equal(format.squareMetres(7000, 'vi'), '7.000 m²');
  assert.equal(format.day('2025-03-05', 'vi'), '05/03/2025');
  assert.equal(format.day('2025-03-05T10:00:00Z', 'en'), '5 Mar 2025');
});

test('almost all is not all, and almost nothing is not nothing', () => {
  assert.equal(format.percent(1, 'en'), '100 %');
  assert.equal(format.percent(0.997, 'en'), '99.7 %');
  assert.equal(format.percent(0.002, 'en'), '0.2 %');
  assert.equal(format.percent(0, 'en'), '0 %');
  assert.equal(format.percent(2 / 3, 'vi'), '67 %');
});

test('units are written as people write them', () => {
  assert.equal(format.unit('m2', 'vi'), 'm²');
  assert.equal(format.unit('d', 'vi'), 'ngày');
  assert.equal(format.unit('d', 'en'), 'days');
  assert.equal(format.unit(undefined, 'en'), '');
});

test('a place', () => {
  assert.equal(format.place(102.789, 22.3456, 'vi'), '22,3456° B, 102,789° Đ');
});

test('no probability is 0', () => {
  assert.equal(format.chance(0.00001, 'vi'), '< 0,0001');
  assert.equal(format.chance(0.0402, 'en'), '0.0402');
  assert.equal(format.chance(1, 'en'), '1');
  assert.equal(format.chance(null, 'en'), 'unknown');
});

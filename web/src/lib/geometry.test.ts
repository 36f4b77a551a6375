import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxOf, edges, join, middle, outside } from './geometry.ts';

const square = (x: number, y: number, size: number) => [
  [
    [x, y],
    [x + size, y],
    [x + size, y + size],
    [x, y + size],
    [x, y],
  ],
];

test('a box around a geometry and around boxes', () => {
  assert.deepEqual(boxOf({ type: 'Polygon', coordinates: square(1, 2, 3) }), [1, 2, 4, 5]);
  assert.deepEqual(boxOf({ type: 'Point', coordinates: [7, 8] }), [7, 8, 7, 8]);
  assert.equal(boxOf({ type: 'MultiPolygon', coordinates: [] }), null);
  assert.deepEqual(join([[0, 0, 1, 1], null, [3, -1, 4, 0]]), [0, -1, 4, 1]);
  assert.equal(join([null]), null);
});

test('a name stands inside the largest piece', () => {
  const found = middle({ type: 'MultiPolygon', coordinates: [square(0, 0, 1), square(10, 10, 4)] });
  assert.ok(found);
  const [x, y] = found.at;
  assert.ok(x > 10 && x < 14 && y > 10 && y < 14);
  assert.equal(found.size, 16);
});

test('a name stands inside a crescent, whose centre of mass is outside', () => {
  const crescent = [
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 9],
      [9, 9],
      [9, 1],
      [0, 1],
      [0, 0],
    ],
  ];
  const found = middle({ type: 'Polygon', coordinates: crescent });
  assert.ok(found);
  const [x, y] = found.at;
  assert.ok(y < 1 || y > 9 || x > 9, `${x} ${y}`);
});

test('edges turn to the left, whichever way they were drawn', () => {
  const ring = square(0, 0, 1)[0] ?? [];
  const left = edges([{ type: 'Polygon', coordinates: [ring] }]);
  const right = edges([{ type: 'Polygon', coordinates: [[...ring].reverse()] }, null]);
  assert.deepEqual(left, [ring]);
  assert.deepEqual(right, [ring]);
});

test('outside is the world with holes', () => {
  const rings = edges([{ type: 'MultiPolygon', coordinates: [square(0, 0, 1), square(2, 2, 1)] }]);
  assert.equal(outside(rings)?.coordinates.length, 3);
  assert.equal(outside([]), null);
});

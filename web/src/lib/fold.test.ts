import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, search } from './fold.ts';

const communes = ['Sìn Hồ', 'Tà Tổng', 'Nậm Nhùn', 'Mường Tè', 'Bum Tở', 'Sơn Bình', 'Đào San'].map(
  (name) => ({ name }),
);

test('marks, case, đ and the kind of unit do not matter', () => {
  assert.equal(fold('Xã Sìn Hồ'), 'sin ho');
  assert.equal(fold('SIN  HO'), 'sin ho');
  assert.equal(fold('Đào San'), 'dao san');
  assert.equal(fold('Tà Tổng'.normalize('NFD')), 'ta tong');
  assert.equal(fold('Mỹ Lý'), fold('mi li'));
});

test('a name that is only the kind of unit stays a name', () => {
  assert.equal(fold('Xã'), 'xa');
});

test('Sin Ho finds Sìn Hồ', () => {
  assert.equal(search(communes, 'Sin Ho')[0]?.name, 'Sìn Hồ');
  assert.equal(search(communes, 'sinho')[0]?.name, 'Sìn Hồ');
  assert.equal(search(communes, 'ho')[0]?.name, 'Sìn Hồ');
  assert.equal(search(communes, 'dao')[0]?.name, 'Đào San');
  assert.equal(search(communes, 'muong te')[0]?.name, 'Mường Tè');
});

test('the beginning of a name comes before its middle', () => {
  assert.equal(search([{ name: 'Pa Tần' }, { name: 'Tân Uyên' }], 'tan')[0]?.name, 'Tân Uyên');
});

test('nothing typed finds nothing, and so does nonsense', () => {
  assert.deepEqual(search(communes, '  '), []);
  assert.deepEqual(search(communes, 'qqq'), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictFirst } from './findings.ts';

const said = (name: string, en: string) => ({ name, vi: `v ${en}`, en });

test('the verdict is read first, and each sentence once', () => {
  const found = [
    said('pai', 'PAI is 5.'),
    said('pai_low', 'PAI is 5.'),
    said('hit_rate', ''),
    said('verdict', 'No better than last season.'),
  ];
  assert.deepEqual(verdictFirst(found, 'en'), ['No better than last season.', 'PAI is 5.']);
  assert.deepEqual(verdictFirst(found, 'vi'), [
    'v No better than last season.',
    'v PAI is 5.',
    'v ',
  ]);
});

test('without a verdict the order stays', () => {
  const found = [said('rate', 'One.'), said('cleared', 'Two.')];
  assert.deepEqual(verdictFirst(found, 'en'), ['One.', 'Two.']);
  assert.deepEqual(verdictFirst([], 'en'), []);
});

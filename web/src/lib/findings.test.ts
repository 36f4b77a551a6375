import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printed, verdictFirst } from './findings.ts';
import type { Finding } from './server.ts';

const said = (name: string, en: string, value: Finding['value'] = null): Finding => ({
  name,
  title: { vi: `tên ${name}`, en: name },
  value,
  unit: undefined,
  vi: `v ${en}`,
  en,
});

const sentences = (found: readonly Finding[], lang: 'vi' | 'en') =>
  verdictFirst(found, lang).map(({ sentence }) => sentence);

test('the verdict is read first, and each sentence once', () => {
  const found = [
    said('pai', 'PAI is 5.'),
    said('pai_low', 'PAI is 5.'),
    said('hit_rate', ''),
    said('verdict', 'No better than last season.'),
  ];
  assert.deepEqual(sentences(found, 'en'), ['No better than last season.', 'PAI is 5.']);
  assert.deepEqual(sentences(found, 'vi'), ['v No better than last season.', 'v PAI is 5.', 'v ']);
});

test('without a verdict the order stays', () => {
  const found = [said('rate', 'One.'), said('cleared', 'Two.')];
  assert.deepEqual(sentences(found, 'en'), ['One.', 'Two.']);
  assert.deepEqual(sentences([], 'en'), []);
});

test('why there is nothing is read before that there is nothing', () => {
  const found = [said('plots_in_areas', '0 of 5.'), said('why_none', 'Too far apart.')];
  assert.deepEqual(sentences(found, 'en'), ['Too far apart.', '0 of 5.']);
});

test('a figure stands beside a sentence that does not say it', () => {
  const told = verdictFirst(
    [
      said('pai', 'It has a PAI of 3.05 (2.1 to 4.33).', 3.0463),
      said('auc', 'Chance has 0.5.', 0.694),
      said('pai_low', 'The ends.', 2.0918),
      said('pai_high', 'The ends.', 4.3263),
      said('hit_rate', 'Of all plots.', 0.304629),
      said('random_p', 'By chance.', 0.00001),
      said('map', 'Which map.', '2023-2024'),
      said('n', 'From 1.05 to 21.', 1),
    ],
    'en',
  );
  assert.deepEqual(
    told.map(({ figures }) => figures.map(({ title, value }) => `${title} ${value}`)),
    [
      [],
      ['auc 0.69'],
      ['pai_low 2.09', 'pai_high 4.33'],
      ['hit_rate 30 %'],
      ['random_p < 0.0001'],
      [],
      ['n 1'],
    ],
  );
});

test('paper has the verdict and the score that it rests on', () => {
  const found = [
    said('validation_verdict', 'No better.'),
    said('validation_map', 'The map of then.'),
    said('pai', 'PAI 5 (2 to 9).'),
    said('hit_rate', 'A share.'),
  ];
  assert.deepEqual(printed(found, 'en'), ['No better.', 'PAI 5 (2 to 9).']);
  assert.deepEqual(printed([], 'en'), []);
});

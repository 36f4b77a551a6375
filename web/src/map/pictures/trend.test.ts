import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LIGHT } from '../theme.ts';
import { TRENDS, trendSorts } from './trend.ts';

/** What the server calls its classes, out of its own source: the page must have no other names. */
function served(): Map<string, { vi: string; en: string }> {
  const source = readFileSync('../src/analysis/time/emerging_class.rs', 'utf8');
  const arms = /Self::(Hot|Cold)\(Kind::(\w+)\) => \["([^"]+)", "([^"]+)"\]/g;
  const named = new Map(
    [...source.matchAll(arms)].map(([, side = '', kind = '', vi = '', en = '']) => [
      `${kind}-${side}`.toLowerCase(),
      { vi, en },
    ]),
  );
  const [, vi = '', en = ''] = /Self::NoPattern => \["([^"]+)", "([^"]+)"\]/.exec(source) ?? [];
  return named.set('no-pattern', { vi, en });
}

test('every class has the one name that the server gives it', () => {
  const names = served();
  assert.equal(names.size, 17);
  assert.deepEqual(Object.keys(TRENDS).sort(), [...names.keys()].sort());
  for (const [word, { vi, en }] of names) {
    assert.equal(TRENDS[word]?.vi.toLowerCase(), vi);
    assert.equal(TRENDS[word]?.en.toLowerCase(), en);
  }
});

test('every class has a colour, and one only', () => {
  const told = trendSorts(LIGHT).flatMap(({ words }) => words);
  assert.deepEqual([...told].sort(), Object.keys(TRENDS).sort());
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { START, asked, read, write, type Screen } from './address.ts';

test('a plain link is short', () => {
  assert.equal(write(START), '');
  assert.deepEqual(read(''), START);
});

test('what is written is read again', () => {
  const screen: Screen = {
    lang: 'en',
    theme: 'dark',
    panel: 'figures',
    season: '2024-2025',
    cell: 'hexagon:1000',
    units: 'today',
    asOf: '2025-03-01',
    layers: ['plots', 'border-lines'],
    view: [102.78901, 22.34567, 9.25],
    choices: { 'density.value': 'area', 'hotspots.method': 'moran' },
    selected: { layer: 'plots', id: '12' },
  };
  const hash = write(screen);
  assert.equal(
    hash,
    'season=2024-2025&cell=hexagon:1000&units=today&as_of=2025-03-01&layers=plots,border-lines' +
      '&at=102.78901,22.34567,9.25&choose=density.value:area,hotspots.method:moran' +
      '&on=plots/12&panel=figures&lang=en&theme=dark',
  );
  assert.deepEqual(read(`#${hash}`), screen);
});

test('no layer at all is not the same as the usual layers', () => {
  assert.deepEqual(read(write({ ...START, layers: [] })).layers, []);
});

test('a broken link opens the usual screen', () => {
  const hash =
    '#season=2024&cell=circle&units=never&as_of=2025-13-01&at=1,2&on=plots&panel=x&lang=fr&theme=pink';
  assert.deepEqual(read(hash), START);
  assert.deepEqual(read('#%E0%A4%A&at=999,0,5'), START);
});

test('the query of the address asks, and the hash says otherwise', () => {
  const start = asked('?season=2024-2025&cell=commune&units_on=today&f=html');
  assert.deepEqual(start, { season: '2024-2025', cell: 'commune', units: 'today' });
  assert.deepEqual(read('', start), { ...START, ...start });
  assert.equal(write(read('', start), start), '');
  const other: Screen = { ...START, season: null, units: 'own', cell: 'square:1000' };
  const hash = write(other, start);
  assert.equal(hash, 'season=last&cell=square:1000&units=own');
  assert.deepEqual(read(hash, start), other);
  assert.equal(read('season=2023-2024', start).season, '2023-2024');
});

test('a query that makes no sense asks nothing', () => {
  const { season, cell, units } = START;
  assert.deepEqual(asked('?season=2024&cell=circle&units_on=x'), { season, cell, units });
  assert.deepEqual(asked(''), { season, cell, units });
});

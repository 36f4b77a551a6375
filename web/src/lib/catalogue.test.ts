import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layers, schema } from './catalogue.ts';

test('a collection becomes a layer with its notes and credits', () => {
  const [layer] = layers({
    collections: [
      {
        id: 'plots',
        title: { vi: 'Nương', en: 'Plots' },
        description_vi: 'Mọi nương',
        description_en: 'Every plot',
        extent: {
          spatial: { bbox: [[102, 21.7, 103.9, 22.8]] },
          temporal: { interval: [['2023-07-01', null]] },
        },
        notes: [{ vi: 'Dữ liệu mô phỏng: A.', en: 'Simulated data: A.' }, 'Something'],
        attribution: '© A; © B',
        links: [
          { rel: 'items', type: 'text/csv', href: 'http://h/items?f=csv' },
          {
            rel: 'alternate',
            type: 'image/tiff; application=geotiff',
            href: 'http://h/items?f=tif',
          },
          { rel: 'alternate', type: 'text/html', href: 'http://h?f=html' },
        ],
      },
    ],
  });
  assert.deepEqual(layer?.title, { vi: 'Nương', en: 'Plots' });
  assert.deepEqual(layer.description, { vi: 'Mọi nương', en: 'Every plot' });
  assert.deepEqual(layer.extent, [102, 21.7, 103.9, 22.8]);
  assert.deepEqual(layer.interval, ['2023-07-01', null]);
  assert.equal(layer.notes[0]?.kind, 'simulated');
  assert.equal(layer.notes[1]?.kind, 'note');
  assert.deepEqual(layer.credits, ['© A', '© B']);
  // A lattice stands beside the items; other forms of the description are no data.
  assert.deepEqual(
    layer.formats.map(({ type }) => type),
    ['text/csv', 'image/tiff; application=geotiff'],
  );
});

test('an answer that is none lists no layer, and an extent of the whole world is none', () => {
  assert.deepEqual(layers(null), []);
  assert.deepEqual(layers({ collections: [1, {}, { id: 7 }] }), []);
  const [layer] = layers({
    collections: [{ id: 'x', extent: { spatial: { bbox: [[-180, -90, 180, 90]] } } }],
  });
  assert.equal(layer?.extent, null);
  assert.equal(layer.title, 'x');
});

test('a schema tells order, units, words and the kind of geometry', () => {
  const { kind, properties } = schema({
    properties: {
      geometry: { 'x-ogc-role': 'primary-geometry', format: 'geometry-multipolygon' },
      state: { title: 'State', type: 'string', enum: ['late', 'lost'], 'x-ogc-propertySeq': 2 },
      area_m2: { title: 'Area', type: 'number', 'x-ogc-unit': 'm2', 'x-ogc-propertySeq': 1 },
    },
  });
  assert.equal(kind, 'area');
  assert.deepEqual(
    properties.map(({ name, unit }) => [name, unit]),
    [
      ['area_m2', 'm2'],
      ['state', undefined],
    ],
  );
  assert.deepEqual(properties[1]?.words, ['late', 'lost']);
});

test('choices carry the defaults of each method, and nothing that is no choice', () => {
  const [layer] = layers({
    collections: [
      {
        id: 'hotspots',
        span: true,
        choices: [
          { name: 'method', words: ['gistar', 'moran'], defaults: {} },
          {
            name: 'null',
            words: ['total', 'conditional'],
            defaults: { moran: 'conditional', gi: 'magic' },
          },
          { name: 'alone', words: ['one'] },
          { words: ['a', 'b'] },
        ],
      },
    ],
  });
  assert.equal(layer?.span, true);
  assert.deepEqual(layer.choices, [
    { name: 'method', words: ['gistar', 'moran'], defaults: {} },
    { name: 'null', words: ['total', 'conditional'], defaults: { moran: 'conditional' } },
  ]);
});

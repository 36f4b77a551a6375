import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DARK, LIGHT, type Palette } from './theme.ts';

type Color = readonly [number, number, number];
type Matrix = readonly [Color, Color, Color];

/** Eyes without one kind of cone, on linear RGB: Machado, Oliveira and Fernandes (2009). */
const EYES: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = (matrix: Matrix, [x, y, z]: Color): Color => {
  const row = ([a, b, c]: Color) => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};
const each = ([x, y, z]: Color, make: (part: number) => number): Color => [
  make(x),
  make(y),
  make(z),
];

function linear(hex: string): Color {
  const part = (from: number) => parseInt(hex.slice(from, from + 2), 16) / 255;
  return each([part(1), part(3), part(5)], (c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
}

/** Oklab (Ottosson 2020), in which equal steps look about equal. */
function seen(hex: string, eye: Matrix): Color {
  const light = each(times(eye, linear(hex)), (c) => Math.min(1, Math.max(0, c)));
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    light,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    each(cones, Math.cbrt),
  );
}

/** A just noticeable difference is about 2; patches of a legend need far more. */
function apart(a: string, b: string, eye: Matrix): number {
  const [one, other] = [seen(a, eye), seen(b, eye)];
  return 100 * Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function told(colors: Readonly<Record<string, string>>, least: number): void {
  const named = Object.entries(colors);
  for (const [who, eye] of Object.entries(EYES)) {
    named.forEach(([a, first], i) => {
      for (const [b, second] of named.slice(i + 1)) {
        const far = apart(first, second, eye);
        assert.ok(far >= least, `${a} and ${b} are ${far.toFixed(1)} apart to the ${who} eye`);
      }
    });
  }
}

const themes: readonly (readonly [string, Palette])[] = [
  ['light', LIGHT],
  ['dark', DARK],
];
for (const [theme, palette] of themes) {
  test(`classes through seasons are told apart by every eye, ${theme}`, () => {
    told({ ...palette.trend, plain: palette.unsure[0] }, 9);
  });

  test(`hot through seasons is no colour of a test at 1 %, ${theme}`, () => {
    for (const color of Object.values(palette.trend)) {
      assert.ok(apart(color, palette.hot[2], EYES['usual'] as Matrix) >= 15, color);
    }
  });

  test(`cleared ground, rings and control are told apart by every eye, ${theme}`, () => {
    const rings = Object.fromEntries(palette.rings.map((color, i) => [`ring ${i}`, color]));
    told({ ...rings, response: palette.verified, control: palette.occupied }, 12);
  });

  test(`hot, cold and unlike are told apart by every eye, ${theme}`, () => {
    // The classes that the map shows at 5 %; those unlike their surroundings have an edge as well.
    const [, hot95, hot99] = palette.hot;
    const [, cold95, cold99] = palette.cold;
    told({ hot95, hot99, cold95, cold99 }, 9);
  });
}

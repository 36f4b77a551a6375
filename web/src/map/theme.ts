/** The colours of the map. Told apart by lightness first, so that colour-blind eyes lose nothing. */
export interface Palette {
  outside: string;
  grid: string;
  gridLabel: string;
  land: string;
  landEdge: string;
  label: string;
  labelSoft: string;
  halo: string;
  commune: string;
  district: string;
  province: string;
  national: string;
  nationalBand: string;
  strip: string;
  hatch: string;
  ink: string;
  paper: string;
  /** Figures on amber and orange. */
  onBright: string;
  track: string;
  /** Hot classes at 10, 5 and 1 %, weakest first. */
  hot: readonly [string, string, string];
  cold: readonly [string, string, string];
  /** Unlike what lies around: much among little, little among much. */
  unlike: readonly [string, string];
  /** Hot or cold through seasons: of no test of one season, and so of other colours. */
  trend: Readonly<Record<'steady' | 'fresh' | 'passing' | 'fading' | 'cold', string>>;
  /** Ground around cleared ground, nearest first. */
  rings: readonly [string, string, string, string];
  /** Plots that lie together: no test. */
  group: string;
  occupied: string;
  /** More plots than elsewhere, though no test finds it: z of 0, 2, 5. */
  unsure: readonly [string, string, string];
  /** Probability of detection, five steps from 0 to 1. */
  pod: readonly [string, string, string, string, string];
  /** Found area of a commune, five steps. */
  amount: readonly [string, string, string, string, string];
  standing: string;
  confirmed: string;
  late: string;
  destroyed: string;
  verified: string;
  lost: string;
  rejected: string;
  chosen: string;
  /** For layers that nobody drew by hand. */
  other: readonly string[];
}

export const LIGHT: Palette = {
  outside: '#dfe5e1',
  grid: '#cfd8d2',
  gridLabel: '#9aa8a2',
  land: '#fbfaf5',
  landEdge: '#8ea39b',
  label: '#2c3a3b',
  labelSoft: '#6b7a79',
  halo: '#fdfcf8',
  commune: '#b9c0b8',
  district: '#7f8b86',
  province: '#4c5a58',
  national: '#7a3b69',
  nationalBand: '#b98aaa',
  strip: '#a68fb5',
  hatch: '#77827e',
  ink: '#1d2a2b',
  paper: '#ffffff',
  onBright: '#2a1602',
  track: '#2c6e8f',
  hot: ['#f6cd8b', '#ea8443', '#b02a1f'],
  cold: ['#bcd3e8', '#6f9fcb', '#2c629c'],
  unlike: ['#8a4fd0', '#5f9a7c'],
  trend: {
    steady: '#3f2069',
    fresh: '#be14bb',
    passing: '#b493ae',
    fading: '#6b5f69',
    cold: '#63b4f2',
  },
  rings: ['#5b1474', '#b0791c', '#fbb53c', '#61afd5'],
  group: '#4a5f9e',
  occupied: '#e2dbc8',
  unsure: ['#f1ecdf', '#e6dcc2', '#d8c598'],
  pod: ['#e3f0ea', '#b4ddd2', '#7cc1b7', '#419a9a', '#17686f'],
  amount: ['#f3e9d7', '#e6cda2', '#d3a56c', '#b37743', '#7f4a25'],
  standing: '#f2a71b',
  confirmed: '#e0601f',
  late: '#98101f',
  destroyed: '#2f77b6',
  verified: '#0d6b66',
  lost: '#2b2b2e',
  rejected: '#98a09d',
  chosen: '#0e4e6b',
  other: ['#5a6fa8', '#8a6d3b', '#4f8f6b', '#a0588a', '#5b8ea6'],
};

export const DARK: Palette = {
  outside: '#0f1517',
  grid: '#1a2327',
  gridLabel: '#4b5b5f',
  land: '#1c2629',
  landEdge: '#54676a',
  label: '#e3eae6',
  labelSoft: '#93a5a3',
  halo: '#151d20',
  commune: '#3b4a4d',
  district: '#647577',
  province: '#93a5a3',
  national: '#d59ac2',
  nationalBand: '#6b4561',
  strip: '#8d78a0',
  hatch: '#7f9092',
  ink: '#eef3f0',
  paper: '#1a2326',
  onBright: '#2a1602',
  track: '#6fb7d8',
  hot: ['#7d5a2c', '#d27a35', '#ffc46b'],
  cold: ['#2f4a63', '#4a7fb0', '#9cc9f0'],
  unlike: ['#ad89fb', '#42b2a4'],
  trend: {
    steady: '#f0dcff',
    fresh: '#d63ad9',
    passing: '#94389a',
    fading: '#7c7980',
    cold: '#5fb6c4',
  },
  rings: ['#ab72fa', '#d15f08', '#e6d238', '#446c92'],
  group: '#93a5dc',
  occupied: '#37403a',
  unsure: ['#263134', '#3a4038', '#5a553c'],
  pod: ['#223a3b', '#245356', '#2d7476', '#4ba19d', '#90d5c8'],
  amount: ['#33302a', '#57482f', '#866335', '#bf8a45', '#f0c27a'],
  standing: '#ffc04d',
  confirmed: '#ff8a4c',
  late: '#ff5a5f',
  destroyed: '#6cb4ee',
  verified: '#3fbfae',
  lost: '#c9cfcd',
  rejected: '#6d7a78',
  chosen: '#8fd3f4',
  other: ['#93a5dc', '#c9a66b', '#83c59f', '#d691bf', '#90c2da'],
};

import { text, type Text } from '../../lib/text.ts';
import type { Sort } from '../drawing.ts';
import type { Palette } from '../theme.ts';

/** The kinds of a run of seasons, as the server's sentences call them. */
const KINDS: Readonly<Record<string, Text>> = {
  new: text('mới', 'New'),
  consecutive: text('liên tiếp', 'Consecutive'),
  intensifying: text('mạnh dần', 'Intensifying'),
  persistent: text('dai dẳng', 'Persistent'),
  diminishing: text('yếu dần', 'Diminishing'),
  sporadic: text('ngắt quãng', 'Sporadic'),
  oscillating: text('dao động', 'Oscillating'),
  historical: text('trước đây', 'Historical'),
};

const NO_PATTERN = text('Không theo quy luật', 'No pattern');

const names = (side: 'hot' | 'cold', vi: string): [string, Text][] =>
  Object.entries(KINDS).map(([kind, said]) => [
    `${kind}-${side}`,
    text(`${vi} ${said.vi}`, `${said.en} ${side} spot`),
  ]);

/** The classes of a cell through the seasons of a span: one name each, on the map, card and paper. */
export const TRENDS: Readonly<Record<string, Text>> = {
  ...Object.fromEntries(names('hot', 'Điểm nóng')),
  ...Object.fromEntries(names('cold', 'Điểm lạnh')),
  'no-pattern': NO_PATTERN,
};

/** Several classes in one colour are called by all of their names. */
function together(kinds: readonly string[]): Text {
  const said = kinds.flatMap((kind) => KINDS[kind] ?? []);
  return text(
    `Điểm nóng ${said.map(({ vi }) => vi).join('; ')}`,
    `${said.map(({ en }, i) => (i === 0 ? en : en.toLowerCase())).join(', ')} hot spot`,
  );
}

/**
 * The same classes as the map has room to tell them apart. Their colours are none of the classes of
 * one season: hot in two seasons of two is no proof at 1 %.
 */
export function trendSorts(palette: Palette): Sort[] {
  const hot = (kinds: readonly string[], color: string): Sort => ({
    words: kinds.map((kind) => `${kind}-hot`),
    kind: 'fill',
    color,
    label: together(kinds),
  });
  const { steady, fresh, passing, fading } = palette.trend;
  return [
    hot(['persistent', 'intensifying', 'consecutive'], steady),
    hot(['new'], fresh),
    hot(['sporadic', 'oscillating'], passing),
    hot(['diminishing', 'historical'], fading),
    {
      words: Object.keys(TRENDS).filter((word) => word.endsWith('-cold')),
      kind: 'fill',
      color: palette.trend.cold,
      label: text('Điểm lạnh, mọi loại', 'Cold spot of any kind'),
    },
    {
      words: ['no-pattern'],
      kind: 'fill',
      color: palette.unsure[0],
      label: NO_PATTERN,
    },
  ];
}

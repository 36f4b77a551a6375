import { text, type Text } from '../../lib/text.ts';
import type { Sort } from '../drawing.ts';
import type { Palette } from '../theme.ts';

/** The classes of a cell through the seasons of a span, as the card names them. */
export const TRENDS: Readonly<Record<string, Text>> = {
  'new-hot': text('Mới thành điểm nóng', 'New hotspot'),
  'consecutive-hot': text(
    'Nóng các niên vụ gần đây liền nhau',
    'Hot in the latest seasons running',
  ),
  'intensifying-hot': text('Nóng hầu hết các niên vụ, đang tăng', 'Hot nearly always, growing'),
  'persistent-hot': text('Nóng hầu hết các niên vụ', 'Hot nearly always'),
  'diminishing-hot': text('Nóng hầu hết các niên vụ, đang giảm', 'Hot nearly always, declining'),
  'sporadic-hot': text('Lúc nóng, lúc không', 'Hot now and then'),
  'oscillating-hot': text('Nay nóng, có niên vụ từng lạnh', 'Hot now, once cold'),
  'historical-hot': text('Từng nóng hầu hết các niên vụ, nay không', 'Hot nearly always, not now'),
  'new-cold': text('Mới thành nơi ít nương', 'New cold spot'),
  'consecutive-cold': text(
    'Ít nương các niên vụ gần đây liền nhau',
    'Cold in the latest seasons running',
  ),
  'intensifying-cold': text('Ít nương hầu hết các niên vụ, càng ít', 'Cold nearly always, more so'),
  'persistent-cold': text('Ít nương hầu hết các niên vụ', 'Cold nearly always'),
  'diminishing-cold': text('Ít nương hầu hết các niên vụ, bớt dần', 'Cold nearly always, less so'),
  'sporadic-cold': text('Lúc ít nương, lúc không', 'Cold now and then'),
  'oscillating-cold': text('Nay ít nương, có niên vụ từng nóng', 'Cold now, once hot'),
  'historical-cold': text('Từng ít nương hầu hết các niên vụ, nay không', 'Cold once, not now'),
  'no-pattern': text('Không có diễn biến rõ', 'No pattern'),
};

/** The same classes as the map has room to tell them apart. */
export function trendSorts(palette: Palette): Sort[] {
  const sort = (words: readonly string[], color: string, label: Text): Sort => ({
    words,
    kind: 'fill',
    color,
    label,
  });
  return [
    sort(
      ['persistent-hot', 'intensifying-hot', 'consecutive-hot'],
      palette.hot[2],
      text('Nóng nhiều niên vụ liền', 'Hot season after season'),
    ),
    sort(['new-hot'], palette.hot[1], text('Mới thành điểm nóng', 'New hotspot')),
    sort(
      ['sporadic-hot', 'oscillating-hot'],
      palette.hot[0],
      text('Lúc nóng, lúc không', 'Hot now and then'),
    ),
    sort(
      ['diminishing-hot', 'historical-hot'],
      palette.fading,
      text('Đang giảm hoặc không còn nóng', 'Declining, or hot no longer'),
    ),
    sort(
      Object.keys(TRENDS).filter((word) => word.endsWith('-cold')),
      palette.cold[1],
      text('Ít nương hơn nơi khác', 'Fewer than elsewhere'),
    ),
    sort(['no-pattern'], palette.unsure[0], text('Không có diễn biến rõ', 'No pattern')),
  ];
}

import type { App } from '../app.ts';
import * as format from '../lib/format.ts';
import type { Deed } from '../lib/summary.ts';
import { text, type Text } from '../lib/text.ts';

/** What the screen says. */
export const W = {
  product: text('poppywatch', 'poppywatch'),
  subtitle: text('theo dõi nương thuốc phiện', 'watching for opium poppy'),
  toMap: text('Tới bản đồ', 'Skip to the map'),
  search: text('Tìm xã, huyện (gõ không dấu cũng được)', 'Find a commune (tone marks optional)'),
  searchShort: text('Tìm xã, huyện', 'Find a commune'),
  nothingFound: text('Không tìm thấy nơi nào.', 'No place found.'),
  season: text('Niên vụ', 'Season'),
  seasonBefore: text('Niên vụ trước', 'Season before'),
  seasonAfter: text('Niên vụ sau', 'Season after'),
  asKnown: text('Xem như đã biết đến ngày', 'As known by the end of'),
  asKnownNow: text('Về hiện tại', 'Back to now'),
  asKnownLong: text(
    'Đang xem lại những gì đã biết đến hết ngày {day}.',
    'Showing what was known by the end of {day}.',
  ),
  asOf: text('Tính đến {day}', 'As of {day}'),
  revision: text('bản ghi {n}', 'revision {n}'),
  layers: text('Lớp bản đồ', 'Layers'),
  figures: text('Số liệu', 'Figures'),
  data: text('Lấy dữ liệu', 'Get data'),
  facts: text('Sự việc', 'Facts'),
  analysis: text('Phân tích', 'Analysis'),
  ground: text('Địa giới', 'Boundaries'),
  other: text('Lớp khác', 'Other layers'),
  countedIn: text('Tính theo', 'Counted in'),
  noneHot: text(
    'Trong khung nhìn không ô nào là điểm nóng ở mức đã chọn. Đó cũng là một kết quả: thử nhiều cỡ ô cho đến khi có ô nóng thì không phải là phát hiện.',
    'No cell in view is a hotspot at the level asked. That is an answer, too: trying sizes of cells until something is hot is no finding.',
  ),
  commune: text('Xã', 'Commune'),
  units: text('Địa giới', 'Boundaries'),
  unitsOwn: text('Của niên vụ', 'Of the season'),
  unitsToday: text('Hôm nay', 'Today’s'),
  choices: text('Cách tính', 'How it is reckoned'),
  reckoning: text('Đang tính…', 'Reckoning…'),
  refused: text('Máy chủ không nhận lựa chọn này.', 'The server does not take this choice.'),
  keptBefore: text(
    'Bản đồ và chú giải giữ nguyên kết quả trước đó.',
    'The map and the legend keep the answer from before.',
  ),
  usualInstead: text(
    'Trong lúc này bản đồ vẽ lớp theo cách tính thường lệ.',
    'Meanwhile the map draws the layer as it is usually reckoned.',
  ),
  dropped: text(
    'Đã bỏ lựa chọn của phương pháp trước: {what}.',
    'Taken back, as it belongs to the method before: {what}.',
  ),
  cellless: text(
    'Phương pháp này không dùng ô: “Tính theo” không đổi kết quả.',
    'This method uses no cells: “Counted in” does not change it.',
  ),
  nothingBefore: text('Lớp này chưa được vẽ.', 'This layer is not drawn.'),
  forget: text('Bỏ các lựa chọn', 'Take the choices back'),
  noFindings: text('Chưa lấy được nhận xét về lớp này.', 'What this layer finds is not known yet.'),
  span: text('Các niên vụ', 'Seasons'),
  allSeasons: text('Xem mọi niên vụ đến niên vụ này', 'Look at all seasons up to this one'),
  about: text('Giải thích lớp này', 'About this layer'),
  zoomIn: text('Phóng to', 'Zoom in'),
  zoomOut: text('Thu nhỏ', 'Zoom out'),
  whole: text('Xem toàn tỉnh', 'Whole province'),
  toDark: text('Nền tối', 'Dark colours'),
  toLight: text('Nền sáng', 'Light colours'),
  otherLanguage: text('English', 'Tiếng Việt'),
  otherLanguageShort: text('EN', 'VI'),
  close: text('Đóng', 'Close'),
  back: text('Quay lại', 'Back'),
  here: text('Cũng ở đây', 'Also here'),
  boundariesOf: text('Theo địa giới ngày {day}.', 'By the boundaries of {day}.'),
  allFacts: text('Mọi chi tiết', 'All details'),
  place: text('Vị trí', 'Place'),
  why: text('Vì sao?', 'Why?'),
  zoomTo: text('Phóng tới', 'Zoom to it'),
  cluster: text('{n} nương gần nhau', '{n} plots close together'),
  clusterHint: text('Phóng to để xem từng nương.', 'Zoom in to see each plot.'),
  notSearched: text('Chưa rà soát', 'Not searched'),
  notSearchedLong: text(
    'Chưa ai rà soát nơi này trong niên vụ. Không rõ có nương hay không.',
    'Nobody searched here this season. Whether there are plots is unknown.',
  ),
  yes: text('có', 'yes'),
  no: text('không', 'no'),
  loading: text('Đang tải…', 'Loading…'),
  again: text('Thử lại', 'Try again'),
  failedStart: text('Chưa mở được bản đồ', 'The map cannot be opened yet'),
  noWebgl: text(
    'Trình duyệt này không vẽ được bản đồ (thiếu WebGL). Số liệu và phần lấy dữ liệu vẫn dùng được.',
    'This browser cannot draw the map (no WebGL). Figures and data still work.',
  ),
  gone: text('Mất liên lạc với máy chủ', 'The server cannot be reached'),
  goneLong: text(
    'Bản đồ giữ nguyên những gì đã tải và tự thử lại.',
    'The map keeps what it has and tries again by itself.',
  ),
  renewed: text('Dữ liệu vừa được cập nhật', 'The data have just been updated'),
  missingTiles: text(
    'Một phần bản đồ chưa tải được: chỗ trống không có nghĩa là không có gì.',
    'Part of the map could not be loaded: an empty place does not mean that nothing is there.',
  ),
  emptySeason: text(
    'Chưa có nương nào được ghi nhận trong niên vụ này. Điều đó không có nghĩa là không có nương: hãy xem lớp mức độ rà soát.',
    'No plot is recorded in this season. That does not mean there was none: see the search coverage.',
  ),
  noSeason: text(
    'Chưa có dữ liệu. Hãy nhập ranh giới và nương bằng lệnh “poppywatch import”.',
    'No data yet. Import boundaries and plots with “poppywatch import”.',
  ),
  assumedAll: text(
    'Chưa có số liệu rà soát: niên vụ này không ghi ai đã tìm ở đâu, nên điểm nóng coi như mọi ô đã được rà soát.',
    'No search data: this season does not tell who searched where, so hotspots take every cell as searched.',
  ),
  simulated: text('Dữ liệu mô phỏng', 'Simulated data'),
  approximate: text('Ranh giới gần đúng', 'Approximate'),
  note: text('Lưu ý', 'Note'),
  more: text('Xem thêm', 'More'),
  fewer: {
    one: text('ít hơn 1 nương', '1 plot fewer'),
    many: text('ít hơn {n} nương', '{n} plots fewer'),
  },
  moreThan: {
    one: text('nhiều hơn 1 nương', '1 plot more'),
    many: text('nhiều hơn {n} nương', '{n} plots more'),
  },
  ranked: text('Khu vực theo thứ hạng', 'Areas by rank'),
  moreAreas: text('và {n} khu vực nữa trên bản đồ', 'and {n} more on the map'),
  noCommune: text('ngoài mọi xã', 'in no commune'),
  plotCount: {
    one: text('1 nương', '1 plot'),
    many: text('{n} nương', '{n} plots'),
  },
  less: text('Thu gọn', 'Less'),
  legend: text('Chú giải', 'Legend'),
  mapLabel: text(
    'Bản đồ. Phím mũi tên để di chuyển, + và − để phóng, Enter để xem nơi ở giữa.',
    'Map. Arrow keys move, + and − zoom, Enter tells about the middle.',
  ),
  nothingHere: text(
    'Không có gì của các lớp đang bật ở đây.',
    'None of the layers has anything here.',
  ),
  plotsFound: text('Nương phát hiện', 'Plots found'),
  areaFound: text('Diện tích phát hiện', 'Area found'),
  claimed: text('Đã phá nhổ (báo cáo)', 'Destroyed (claimed)'),
  verified: text('Đã kiểm tra', 'Verified'),
  inTime: text('Phá trước khi rạch nhựa', 'Destroyed in time'),
  searched: text('Đã rà soát', 'Searched'),
  searchedLong: text(
    'đất đã rà soát (theo khả năng phát hiện)',
    'of the ground searched (by chance of detection)',
  ),
  recultivated: text(
    'Nương của niên vụ nằm trên đất đã phá trước đó',
    'Plots of the season on ground cleared before',
  ),
  visited: text('Xã đã tuyên truyền', 'Communes visited'),
  communesUnit: text('xã', 'communes'),
  plotsUnit: text('nương', 'plots'),
  elsewhere: {
    one: text(
      '1 nương nằm ngoài mọi xã và không có trong các số trên.',
      '1 plot lies in no commune and is not in these figures.',
    ),
    many: text(
      '{n} nương nằm ngoài mọi xã và không có trong các số trên.',
      '{n} plots lie in no commune and are not in these figures.',
    ),
  },
  ofArea: text('diện tích phát hiện', 'of the area found'),
  standing: text('Còn đứng', 'Still standing'),
  lancingSoon: text('Cần phá trước', 'To destroy first'),
  lancingNone: text('Không còn nương nào chưa phá.', 'No plot is left standing.'),
  lostPlots: {
    one: text(
      'Niên vụ đã hết; 1 nương không được phá nhổ.',
      'The season is over; 1 plot was never destroyed.',
    ),
    many: text(
      'Niên vụ đã hết; {n} nương không được phá nhổ.',
      'The season is over; {n} plots were never destroyed.',
    ),
  },
  daysLeft: {
    one: text('còn 1 ngày', '1 day left'),
    many: text('còn {n} ngày', '{n} days left'),
  },
  today: text('hôm nay', 'today'),
  daysLate: {
    one: text('quá 1 ngày', '1 day late'),
    many: text('quá {n} ngày', '{n} days late'),
  },
  byCommune: text('Theo xã', 'By commune'),
  bySeason: text('Qua các niên vụ', 'Season by season'),
  sharesNote: text(
    'Tỷ lệ của số 0 là không rõ, không phải 0 %.',
    'A share of nothing is unknown, not 0 %.',
  ),
  unmeasured: {
    one: text('1 nương chưa đo diện tích', '1 plot not measured'),
    many: text('{n} nương chưa đo diện tích', '{n} plots not measured'),
  },
  notMeasured: text('chưa đo', 'not measured'),
  atLeast: text('ít nhất {area}', 'at least {area}'),
  notMeasuredOf: {
    one: text('1 nương chưa đo', '1 plot not measured'),
    many: text('{n} nương chưa đo', '{n} plots not measured'),
  },
  ofPlots: text('{of} trên {whole} nương', '{of} of {whole} plots'),
  measuredOnly: text('trong số nương đã đo', 'of what is measured'),
  byPlots: text(
    'Có nương chưa đo: tỷ lệ phá nhổ, kiểm tra và đúng hạn tính theo số nương.',
    'Some plots are not measured: shares destroyed, verified and in time are by number of plots.',
  ),
  nothingReported: text('chưa phát hiện', 'none found'),
  table: text('Bảng đầy đủ', 'Full table'),
  openIn: text('Mở trong QGIS', 'Open in QGIS'),
  qgisSteps: text(
    'Trong QGIS: Layer → Add Layer → Add WFS / OGC API – Features Layer → New, dán địa chỉ này:',
    'In QGIS: Layer → Add Layer → Add WFS / OGC API – Features Layer → New, and paste this address:',
  ),
  qgisNote: text(
    'Địa chỉ mang theo niên vụ và cách tính đang chọn.',
    'The address carries the season and settings chosen here.',
  ),
  copy: text('Sao chép', 'Copy'),
  copied: text('Đã chép', 'Copied'),
  download: text('Tải lớp về', 'Download a layer'),
  layer: text('Lớp', 'Layer'),
  tiles: text('Ô véc-tơ (vector tiles)', 'Vector tiles'),
  share: text('Chia sẻ màn hình này', 'Share this screen'),
  shareNote: text(
    'Liên kết mở đúng lớp, niên vụ, vị trí đang xem.',
    'The link opens these layers, this season, this view.',
  ),
  print: text('In bản đồ', 'Print the map'),
  paper: text('Khổ giấy', 'Paper'),
  printNow: text('In', 'Print'),
  shuffles: text('{n} lần xáo trộn, hạt giống {seed}', '{n} shuffles, seed {seed}'),
  printed: text('In lúc {time}', 'Printed {time}'),
  scale: text('Tỷ lệ thanh trên bản đồ', 'Scale bar on the map'),
  north: text('Bắc', 'North'),
  credits: text('Nguồn', 'Sources'),
  licences: text('Phần mềm dùng trong trang', 'Software on this page'),
  more_options: text('Xem lại quá khứ', 'Look back in time'),
  expand: text('Mở bảng', 'Open the panel'),
  collapse: text('Thu bảng', 'Close the panel'),
  list: {
    one: text('1 kết quả', '1 result'),
    many: text('{n} kết quả', '{n} results'),
  },
} as const;

/** A sentence about one thing, and about any other number of them. */
interface Counted {
  one: Text;
  many: Text;
}

/** A number of things, with the noun in the singular for one; `said` is how the number is written. */
export function counted(
  n: number,
  { one, many }: Counted,
  app: App,
  said = format.number(n, app.screen.lang),
): string {
  return said === '1' ? app.say(one) : put(app.say(many), { n: said });
}

/** A number and its noun stay on one line. */
const NO_BREAK = '\u00a0';

/**
 * Ground of which `unmeasured` plots have no known part: what is known is the least that it can be.
 * `null` plots unmeasured: there may be some, nobody told how many.
 */
export function areaKnown(area: number | null, unmeasured: number | null, app: App): string {
  const least = leastArea(area, unmeasured, app);
  return unmeasured === null || unmeasured === 0 || area === null || area <= 0
    ? least
    : `${least} (${counted(unmeasured, W.notMeasuredOf, app).replace(' ', NO_BREAK)})`;
}

/** The same where how many are not measured stands beside it. */
export function leastArea(area: number | null, unmeasured: number | null, app: App): string {
  const said = format.squareMetres(area, app.screen.lang);
  if (unmeasured === 0) return said;
  if (area === null || area <= 0) return unmeasured === null ? said : app.say(W.notMeasured);
  return put(app.say(W.atLeast), { area: said.replace(' ', NO_BREAK) });
}

/** The two sides of a deed: the plots or the ground that its share is of, and the known ground. */
export function deedWords(deed: Deed, app: App): string[] {
  const { lang } = app.screen;
  if (deed.by === 'ground') {
    return [`${format.measure(deed.of, lang)} / ${format.measure(deed.whole, lang)} m²`];
  }
  const part = put(app.say(W.ofPlots), {
    of: format.number(deed.of, lang),
    whole: format.number(deed.whole, lang),
  });
  return deed.of === 0 ? [part] : [part, areaKnown(deed.area, deed.unmeasured, app)];
}

/** Puts values into the `{places}` of a sentence. */
export function put(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

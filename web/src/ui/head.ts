import type { App } from '../app.ts';
import type { Property } from '../lib/catalogue.ts';
import * as format from '../lib/format.ts';
import { totals, type Deed } from '../lib/summary.ts';
import { text, type Text } from '../lib/text.ts';
import { podColor } from '../map/pictures/coverage.ts';
import { sortOf, type Sort } from '../map/drawing.ts';
import { areaSorts } from '../map/pictures/hotspot-areas.ts';
import { densitySorts } from '../map/pictures/density.ts';
import { hotspotSorts } from '../map/pictures/hotspots.ts';
import { isState, stateColor, STATES } from '../map/pictures/plots.ts';
import { clearedSorts } from '../map/pictures/recultivation.ts';
import { TRENDS } from '../map/pictures/trend.ts';
import { cleared, dense, hotspot, hotspotArea, zone } from './analysis.ts';
import { wordOf } from './choices.ts';
import { figure, words, type Facts, type Head } from './reading.ts';
import { areaKnown, counted, deedWords, leastArea, put, W } from './words.ts';

/** What matters most about `facts` of a layer. */
export function head(layer: string, facts: Facts, app: App): Head {
  const layerTitle = app.say(app.deployment.layers.find(({ id }) => id === layer)?.title ?? layer);
  const name =
    words(facts, 'name') ?? words(facts, 'plot') ?? words(facts, 'cell') ?? words(facts, 'id');
  const plain: Head = {
    title: name ?? layerTitle,
    badge: null,
    reason: words(facts, `reason_${app.screen.lang}`),
    figures: [],
    bars: [],
    plain: true,
  };
  const known = HEADS[layer];
  return known === undefined ? plain : { ...plain, plain: false, ...known(facts, app) };
}

/** Days until lancing in words. */
export function lancing(days: number | null, app: App): string {
  if (days === null) return app.say(format.UNKNOWN);
  if (days === 0) return app.say(W.today);
  return counted(Math.abs(days), days > 0 ? W.daysLeft : W.daysLate, app);
}

const HEADS: Record<string, (facts: Facts, app: App) => Partial<Head>> = {
  plots: plot,
  'plot-outlines': plot,
  hotspots: hotspot,
  'hotspot-areas': hotspotArea,
  density: dense,
  recultivation: cleared,
  displacement: zone,
  coverage: cover,
  'commune-summary': commune,
  'border-lines': line,
  'border-strips': strip,
  'patrol-tracks': track,
};

function plot(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const { palette } = app;
  const state = facts['state'];
  const area = figure(facts, 'area_m2');
  const figures: [Text, string][] = [
    // One plot: what nobody measured is all of it.
    [text('Diện tích', 'Area'), areaKnown(area, area === null ? 1 : 0, app)],
  ];
  const days = figure(facts, 'days_to_lancing');
  const standing = ['reported', 'confirmed', 'late'].includes(String(state));
  if (days !== null && standing)
    figures.push([text('Đến ngày rạch nhựa', 'Until lancing'), lancing(days, app)]);
  const commune = words(facts, 'commune');
  if (commune !== null) figures.push([text('Xã', 'Commune'), commune]);
  const dates: [string, Text][] = [
    ['reported_on', text('Phát hiện', 'Reported')],
    ['destroyed_on', text('Phá nhổ', 'Destroyed')],
    ['verified_on', text('Kiểm tra', 'Verified')],
  ];
  for (const [name, said] of dates) {
    const day = words(facts, name);
    if (day !== null) figures.push([said, format.day(day, lang)]);
  }
  const reason = aside(facts, app);
  if (!isState(state)) return { figures, reason };
  const color = stateColor(palette, state);
  const open = state === 'destroyed' || state === 'rejected';
  return {
    badge: { words: STATES[state], fill: open ? palette.paper : color, edge: color },
    figures,
    reason,
  };
}

/** What a coordinator would say beside the figures: grown again, and whose ground it is. */
function aside(facts: Facts, app: App): string | null {
  const { lang } = app.screen;
  const said: string[] = [];
  if (facts['kind'] === 'recultivated') {
    said.push(
      app.say(
        text(
          'Tái trồng: nơi này đã phá nhổ ở một niên vụ trước.',
          'Re-cultivated: one was destroyed here in an earlier season.',
        ),
      ),
    );
  }
  const sides = words(facts, 'line_sides');
  const far = figure(facts, 'line_m');
  if (sides !== null && facts['on_the_line'] === true) {
    const line = text(
      'Nằm trên đường giáp ranh {sides}: sai số vị trí không cho biết thuộc bên nào.',
      'On the line {sides}: the error of its position does not tell on which side.',
    );
    said.push(put(app.say(line), { sides }));
  } else if (sides !== null && far !== null && far < NEAR_A_LINE) {
    const line = text('Cách đường giáp ranh {sides} {m} m.', '{m} m from the line {sides}.');
    said.push(put(app.say(line), { sides, m: format.number(far, lang) }));
  }
  return said.length === 0 ? null : said.join(' ');
}

/** Within the strip that neighbours watch together, in metres. */
const NEAR_A_LINE = 2000;

function cover(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const { palette } = app;
  const pod = figure(facts, 'pod');
  const reason = words(facts, `reason_${lang}`);
  if (facts['state'] === 'sighted') {
    return {
      badge: {
        words: text('Có phát hiện, không có tuần tra', 'A sighting, but no patrol'),
        fill: palette.occupied,
        edge: palette.occupied,
      },
      reason,
    };
  }
  if (facts['state'] !== 'searched') {
    return {
      badge: { words: W.notSearched, fill: palette.paper, edge: palette.hatch },
      reason: reason ?? app.say(W.notSearchedLong),
    };
  }
  const color = podColor(palette, pod ?? 0);
  const [low, high] = [figure(facts, 'pod_low'), figure(facts, 'pod_high')];
  const between =
    low === null || high === null
      ? ''
      : ` (${format.percent(low, lang)} – ${format.percent(high, lang)})`;
  return {
    badge: { words: W.searched, fill: color, edge: color },
    reason,
    figures: [
      [text('Khả năng phát hiện', 'Chance of detection'), format.percent(pod, lang) + between],
      [text('Lượt đi', 'Visits'), format.number(figure(facts, 'visits'), lang)],
      [text('Quãng đường', 'Walked'), `${format.measure(figure(facts, 'km'), lang)} km`],
      [text('Lần cuối', 'Last visit'), format.day(words(facts, 'last_visit'), lang)],
    ],
  };
}

function commune(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const { palette } = app;
  const sums = totals([facts]);
  const amount = (km2: number | null) => format.measure(km2, lang);
  const deed = (name: Text, part: Deed, color: string) => ({
    name,
    part,
    below: deedWords(part, app),
    color,
  });
  return {
    figures: [
      [W.plotsFound, format.number(sums.plots, lang)],
      [W.areaFound, areaKnown(sums.area, sums.unmeasured, app)],
    ],
    bars: [
      deed(W.claimed, sums.claimed, palette.destroyed),
      deed(W.verified, sums.verified, palette.verified),
      deed(W.inTime, sums.inTime, palette.standing),
      {
        name: W.searched,
        part: sums.searched,
        below: [`${amount(sums.searched.of)} / ${amount(sums.searched.whole)} km²`],
        color: palette.pod[3],
      },
    ],
  };
}

/** The two units that share a line. */
function sides(facts: Facts): string | null {
  const both = [words(facts, 'side_a'), words(facts, 'side_b')].filter((side) => side !== null);
  return both.length === 0 ? null : both.join(' – ');
}

function line(facts: Facts, app: App): Partial<Head> {
  const title = sides(facts);
  const length = figure(facts, 'length_km');
  return {
    ...(title === null ? {} : { title }),
    figures: [
      [text('Cấp', 'Level'), word(words(facts, 'level'), app)],
      [text('Chiều dài', 'Length'), `${format.measure(length, app.screen.lang)} km`],
    ],
  };
}

function strip(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const { palette } = app;
  const title = sides(facts);
  const [gone, found] = [figure(facts, 'destroyed_m2'), figure(facts, 'area_m2')];
  const unmeasured = figure(facts, 'unmeasured') ?? 0;
  // Nobody tells how many of the plots were destroyed, so that beside unmeasured ones no share is known.
  const share = unmeasured > 0 ? null : format.share(gone, found);
  return {
    ...(title === null ? {} : { title }),
    figures: [
      [W.plotsFound, format.number(figure(facts, 'plots'), lang)],
      [W.areaFound, areaKnown(found, unmeasured, app)],
      [
        put(app.say(text('Tuần tra bên {side}', 'Walked in {side}')), {
          side: words(facts, 'side_a') ?? 'A',
        }),
        `${format.measure(figure(facts, 'km_a'), lang)} km`,
      ],
      [
        put(app.say(text('Tuần tra bên {side}', 'Walked in {side}')), {
          side: words(facts, 'side_b') ?? 'B',
        }),
        `${format.measure(figure(facts, 'km_b'), lang)} km`,
      ],
    ],
    bars: [
      {
        name: W.claimed,
        part: { of: gone, whole: found, share },
        below: [
          unmeasured > 0
            ? leastArea(gone, null, app)
            : `${format.measure(gone, lang)} / ${format.measure(found, lang)} m²`,
        ],
        color: palette.destroyed,
      },
    ],
  };
}

function track(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const team = words(facts, 'team');
  return {
    title: team ?? words(facts, 'leg') ?? app.say(format.UNKNOWN),
    figures: [
      [text('Ngày', 'Day'), format.day(words(facts, 'date'), lang)],
      [text('Quãng đường', 'Walked'), `${format.measure(figure(facts, 'km'), lang)} km`],
    ],
  };
}

/** A closed word of the schemas in the language of the screen. */
const word = (said: string | null, app: App): string =>
  said === null ? app.say(format.UNKNOWN) : (WORDS[said]?.[app.screen.lang] ?? said);

/** A value as its property wants it said. */
export function value(layer: string, property: Property, facts: Facts, app: App): string {
  const { lang } = app.screen;
  const given = facts[property.name];
  const unmeasured = figure(facts, 'unmeasured') ?? 0;
  if (unmeasured > 0 && property.name === 'area_m2') {
    return areaKnown(figure(facts, 'area_m2'), unmeasured, app);
  }
  if (unmeasured > 0 && typeof given === 'number' && OF_MEASURED.includes(property.name)) {
    return `${format.percent(given, lang)} (${app.say(W.measuredOnly)})`;
  }
  if (given === null || given === undefined) return app.say(format.UNKNOWN);
  if (typeof given === 'boolean') return app.say(given ? W.yes : W.no);
  if (typeof given === 'number') {
    if (/_share$|^pod/.test(property.name)) return format.percent(given, lang);
    if (/^(p|q|p_low|\w+_p)$/.test(property.name)) return format.chance(given, lang);
    const unit = format.unit(property.unit, lang);
    // Years, codes and ids are names, not amounts: they take no separators.
    const amount =
      Number.isInteger(given) && property.type === 'integer'
        ? format.number(given, lang)
        : format.measure(given, lang);
    return unit === '' ? amount : `${amount} ${unit}`;
  }
  const said = String(given).normalize('NFC');
  if (property.format === 'date' || /^\d{4}-\d{2}-\d{2}$/.test(said)) return format.day(said, lang);
  if (property.name === 'state' && isState(said)) return app.say(STATES[said]);
  if (property.name === 'trend' && TRENDS[said]) return app.say(TRENDS[said]);
  const sort = sortOf(SORTS[`${layer}.${property.name}`]?.(app) ?? [], said);
  if (sort !== undefined) return app.say(sort.label);
  if (CHOSEN.includes(property.name)) {
    const chosen = wordOf(property.name === 'compared' ? 'value' : property.name, said, app);
    if (chosen !== said) return chosen;
  }
  return WORDS[said]?.[lang] ?? said;
}

/** The properties that the map tells apart by colour are called as its legend calls them. */
const SORTS: Readonly<Record<string, (app: App) => readonly Sort[]>> = {
  'hotspots.class': (app) =>
    hotspotSorts(app.palette, (name) =>
      name === 'season' ? null : app.answers.chosen('hotspots')(name),
    ),
  'hotspot-areas.class': (app) => areaSorts(app.palette),
  'density.class': (app) => densitySorts(app.palette, app.answers.chosen('density')),
  'recultivation.state': (app) => clearedSorts(app.palette),
};

/** Shares whose denominator is the ground that somebody measured. */
const OF_MEASURED = ['claimed_share', 'verified_share', 'in_time_share'];

/** The properties that repeat what was chosen. */
const CHOSEN = ['method', 'weights', 'compared', 'null', 'adjust', 'tail', 'kernel', 'rule'];

/** The closed words of the schemas. */
const WORDS: Record<string, Text> = {
  new: text('mới', 'new'),
  recultivated: text('tái trồng', 're-cultivated'),
  known: text('chỗ cũ, chưa rõ đã phá', 'an old place, not known to be destroyed'),
  unlinked: text('chưa nối với chỗ nào', 'linked to no place'),
  seedling: text('cây con', 'seedling'),
  rosette: text('ra lá', 'rosette'),
  stem: text('vươn thân', 'stem'),
  flower: text('ra hoa', 'flower'),
  capsule: text('có quả', 'capsule'),
  lanced: text('đã rạch', 'lanced'),
  edge: text('trên mép', 'on the edge'),
  'no-boundaries': text('không có địa giới', 'no boundaries'),
  'not-poppy': text('không phải thuốc phiện', 'not poppy'),
  'duplicate-of': text('trùng nương khác', 'duplicate of another'),
  'not-found': text('không tìm thấy', 'not found'),
  regrown: text('mọc lại', 'regrown'),
  unknown: text('không rõ', 'unknown'),
  tape: text('thước dây', 'tape'),
  'gps-polygon': text('đa giác GPS', 'GPS polygon'),
  pace: text('bước chân', 'pacing'),
  eye: text('ước lượng bằng mắt', 'by eye'),
  plants: text('đếm cây', 'plant count'),
  drone: text('ảnh flycam', 'drone image'),
  satellite: text('ảnh vệ tinh', 'satellite image'),
  commune: text('xã', 'commune'),
  district: text('huyện', 'district'),
  province: text('tỉnh', 'province'),
  country: text('quốc gia', 'country'),
  national: text('quốc gia', 'national'),
  inside: text('nằm trong', 'inside'),
  overlap: text('chồng lấn', 'overlap'),
  gap: text('khe hở', 'gap'),
  outside: text('ở ngoài', 'outside'),
  surveyed: text('chỉ ô đã rà soát', 'surveyed cells only'),
  assumed_all: text(
    'coi như mọi ô: không có dữ liệu tuần tra',
    'every cell assumed: no search data',
  ),
  'no-data': text('không có dữ liệu', 'no data'),
  boundaries: text('trong các xã', 'inside the communes'),
  'around-facts': text('quanh dữ liệu', 'around the data'),
  tested: text('đã thử', 'tested'),
  few: text('dưới 30 ô: đọc thận trọng', 'under 30 cells: read with care'),
  constant: text('mọi ô như nhau', 'all cells alike'),
  'too-few': text('dưới 3 ô', 'under 3 cells'),
  saturated: text('mọi ô đều là lân cận', 'every cell is a neighbour'),
  island: text('không có ô lân cận đã rà soát', 'no searched neighbour'),
  'at-mean': text('đúng bằng trung bình', 'exactly the mean'),
  absent: text('không có nương', 'no plot in it'),
  'unknown-value': text('chưa biết giá trị', 'its value is not known'),
  HH: text('HH: ô nhiều, quanh đó nhiều', 'HH: high among high'),
  LL: text('LL: ô ít, quanh đó ít', 'LL: low among low'),
  HL: text('HL: ô nhiều, quanh đó ít', 'HL: high among low'),
  LH: text('LH: ô ít, quanh đó nhiều', 'LH: low among high'),
  answered: text('có câu trả lời', 'answered'),
  'no-spread': text('nương nằm một chỗ', 'all plots in one place'),
  'too-many': text('quá nhiều nương cho quy tắc này', 'too many plots for the rule'),
  'no-optimum': text('quy tắc không tìm được', 'the rule finds none'),
  given: text('theo số đã cho', 'as given'),
  ppl: text('theo độ hợp lý', 'by likelihood'),
  scott: text('Scott', 'Scott'),
  silverman: text('Silverman', 'Silverman'),
  esri: text('như ArcGIS', 'as ArcGIS does'),
  diggle: text('Diggle', 'Diggle'),
  none: text('không', 'none'),
  '1/km2': text('nương/km²', 'plots/km²'),
  'ha/km2': text('ha nương/km²', 'ha of plots/km²'),
  'control-zero-before': text(
    'vùng đối chứng không có nương trước',
    'the control had no plot before',
  ),
  'control-zero-after': text('vùng đối chứng không có nương sau', 'the control has no plot after'),
  'no-response': text('vùng phá không đổi hơn đối chứng', 'the response changed as the control'),
  'not-compared': text('không ô nào so được', 'no cell can be compared'),
  response: text('ô có nương bị phá nhổ', 'cells where plots were cleared'),
  ring: text('vành đai', 'ring'),
  control: text('phần còn lại, để so sánh', 'the rest, to compare with'),
  'not-surveyed': text('chưa rà soát', 'not searched'),
  searched: text('đã rà soát', 'searched'),
  sighted: text('có phát hiện, không có tuần tra', 'a sighting, but no patrol'),
  unsearched: text('chưa rà soát', 'not searched'),
};

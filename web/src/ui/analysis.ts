import { CELL, type App } from '../app.ts';
import * as format from '../lib/format.ts';
import { text, type Text } from '../lib/text.ts';
import { sortOf, type Sort } from '../map/drawing.ts';
import { densitySorts } from '../map/pictures/density.ts';
import { zoneSorts, zoneWord } from '../map/pictures/displacement.ts';
import { areaSorts } from '../map/pictures/hotspot-areas.ts';
import { hotspotProperty, hotspotSorts } from '../map/pictures/hotspots.ts';
import { clearedSorts } from '../map/pictures/recultivation.ts';
import { TRENDS } from '../map/pictures/trend.ts';
import { figure, words, type Badge, type Facts, type Head } from './reading.ts';
import { areaKnown, counted, put, W } from './words.ts';

type Figures = [Text | string, string][];

/** The mark of a feature as the map draws it and the legend calls it. */
function badge(sorts: readonly Sort[], word: unknown, app: App): Badge | null {
  const sort = sortOf(sorts, word);
  if (sort === undefined) return null;
  const hatched = sort.kind === 'hatch';
  return {
    words: sort.label,
    fill: hatched ? app.palette.paper : sort.color,
    edge: hatched || sort.edge === app.palette.paper ? sort.color : (sort.edge ?? sort.color),
  };
}

/** The figures that are known: what a method does not tell is no fact to show. */
const known = (figures: readonly (readonly [Text | string, string | null])[]): Figures =>
  figures.flatMap(([name, said]) => (said === null ? [] : [[name, said]]));

export function hotspot(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const { palette } = app;
  const chosen = app.answers.chosen('hotspots');
  const property = hotspotProperty(chosen);
  const word = facts['class'];
  const sorts = hotspotSorts(palette, chosen);
  const untold = word === 'not-surveyed' || word === 'unknown';
  const trend = property === 'trend' && !untold ? words(facts, 'trend') : null;
  const mark = badge(sorts, trend ?? (property === 'trend' && !untold ? 'none' : word), app);
  if (trend !== null && mark !== null) mark.words = TRENDS[trend] ?? mark.words;
  if (trend === null && property === 'trend' && !untold && mark !== null) {
    mark.words = text('Chưa đủ niên vụ để nói diễn biến', 'Too few seasons to tell a trend');
  }
  const reason = words(facts, `reason_${lang}`);
  if (word === 'not-surveyed') {
    return {
      badge: mark && { ...mark, words: W.notSearched },
      reason: reason ?? app.say(W.notSearchedLong),
    };
  }
  const amount = (name: string) => format.measure(figure(facts, name), lang);
  const some = (name: string) => (figure(facts, name) === null ? null : amount(name));
  const [hot, tested] = [figure(facts, 'seasons_hot'), figure(facts, 'seasons_tested')];
  const [stable, maps] = [figure(facts, 'stability'), figure(facts, 'stability_maps')];
  const gi = figure(facts, 'gi_z') !== null;
  const method = facts['method'];
  const statistic = method === 'gi' ? 'Gi' : 'Gi*';
  const odds = (name: string) =>
    figure(facts, name) === null ? null : format.chance(figure(facts, name), lang);
  const side = probability(facts, odds);
  return {
    badge: mark,
    figures: known([
      [inside(app), format.number(figure(facts, 'count'), lang)],
      [text('Diện tích nương', 'Area of plots'), plotArea(facts, app)],
      [
        text('Nương cả vùng quanh', 'Plots around and in it'),
        format.number(figure(facts, 'neighbourhood'), lang),
      ],
      // Where much was searched much is found: so many would lie there if only that differed.
      [
        text('Trên đất đã rà soát: có / kỳ vọng', 'On searched ground: found / expected'),
        figure(facts, 'expected') === null ? null : foundOn(facts, app),
      ],
      [text('Tỷ lệ', 'Rate'), facts['compared'] === 'rate' ? rate(facts, app) : null],
      [
        gi
          ? text(`Độ lớn ${statistic} (z)`, `Effect size ${statistic} (z)`)
          : text('Độ lớn (z)', 'Effect size (z)'),
        some(gi ? 'gi_z' : 'z'),
      ],
      side,
      [
        facts['adjust'] === 'none'
          ? text('q (không kiểm soát)', 'q (not controlled)')
          : ['holm', 'bonferroni'].includes(String(facts['adjust']))
            ? text('q (p đã chỉnh theo FWER)', 'q (p adjusted for the FWER)')
            : text('q (mức FDR nhỏ nhất còn nóng)', 'q (least FDR at which it counts)'),
        odds('q'),
      ],
      [
        text('Niên vụ nóng', 'Seasons hot'),
        hot === null || tested === null
          ? null
          : `${format.number(hot, lang)} / ${format.number(tested, lang)}`,
      ],
      [
        text('Các cách chia ô (Gi*)', 'Ways to draw cells (Gi*)'),
        // Of a cell that is hot on no map there is nothing to doubt.
        maps === null || (stable === 0 && !String(word).startsWith('hot-'))
          ? null
          : put(
              app.say(text('nóng trên {share} của {maps} cách', 'hot on {share} of {maps} ways')),
              {
                share: format.percent(stable, lang),
                maps: format.number(maps, lang),
              },
            ),
      ],
    ]),
  };
}

/** The ground of the plots of a place, of which some may not be measured. */
const plotArea = (facts: Facts, app: App) =>
  areaKnown(figure(facts, 'area_m2'), figure(facts, 'unmeasured') ?? 0, app);

/** Plots found and expected, and on how much searched ground where that is told. */
function foundOn(facts: Facts, app: App): string {
  const { lang } = app.screen;
  const found = format.number(figure(facts, 'plots_searched'), lang);
  const both = `${found} / ${format.measure(figure(facts, 'expected'), lang)}`;
  const ground = figure(facts, 'searched_around_km2');
  if (ground === null) return both;
  const km2 = format.measure(ground, lang);
  return put(app.say(text('{both} trên {km2} km²', '{both} on {km2} km²')), { both, km2 });
}

/** Plots per searched ground with the interval that they leave open. */
function rate(facts: Facts, app: App): string | null {
  const [middle, low, high] = ['rate', 'rate_low', 'rate_high'].map((name) => figure(facts, name));
  if (middle === null || middle === undefined) return null;
  const amount = (value: number | null | undefined) => format.measure(value, app.screen.lang);
  const between = low == null || high == null ? '' : ` (${amount(low)}–${amount(high)})`;
  return `${amount(middle)} ${app.say(W.plotsUnit)}/km²${between}`;
}

/** What the plots of a cell are counted in: a commune is no cell. */
function inside(app: App): Text {
  const cell = app.answers.shown('hotspots')?.get(CELL);
  if (cell === 'commune') return text('Số nương trong xã', 'Plots in the commune');
  if (cell === 'district') return text('Số nương trong huyện', 'Plots in the district');
  return text('Số nương trong ô', 'Plots in the cell');
}

/** The p of the side on which the cell stands. */
function probability(
  facts: Facts,
  odds: (name: string) => string | null,
): readonly [Text, string | null] {
  if (facts['method'] === 'moran') {
    return facts['quadrant'] === 'HL' || facts['quadrant'] === 'LH'
      ? [text('p khác quanh đó', 'p of being unlike'), odds('p_low')]
      : [text('p giống quanh đó', 'p of being alike'), odds('p')];
  }
  return String(facts['class']).startsWith('cold-')
    ? [text('p (ít như thế)', 'p (as few)'), odds('p_low')]
    : [text('p (nhiều như thế)', 'p (as many)'), odds('p')];
}

export function hotspotArea(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const rank = figure(facts, 'rank');
  const some = (name: string) =>
    figure(facts, name) === null ? null : format.measure(figure(facts, name), lang);
  const odds = (name: string) =>
    figure(facts, name) === null ? null : format.chance(figure(facts, name), lang);
  const ground = some('ground_km2') ?? some('area_km2');
  return {
    ...(rank === null
      ? {}
      : {
          title: put(app.say(text('Khu vực {n}', 'Area {n}')), { n: format.number(rank, lang) }),
        }),
    badge: badge(areaSorts(app.palette), facts['class'], app),
    figures: known([
      [text('Số nương', 'Plots'), format.number(figure(facts, 'plots'), lang)],
      [text('Diện tích nương', 'Area of plots'), plotArea(facts, app)],
      [text('Mặt đất', 'Ground'), ground === null ? null : `${ground} km²`],
      [text('Xã', 'Communes'), words(facts, 'communes')],
      [text('Kỳ vọng', 'Expected'), some('expected')],
      ['p', odds('p')],
      ['q', odds('q')],
    ]),
  };
}

export function dense(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const mark = badge(densitySorts(app.palette, app.answers.chosen('density')), facts['class'], app);
  const some = (name: string, unit: string) => {
    const value = figure(facts, name);
    return value === null ? null : `${format.measure(value, lang)} ${unit}`;
  };
  const [inside, all] = [figure(facts, 'plots_inside'), figure(facts, 'plots')];
  return {
    badge: mark,
    figures: known([
      [
        text('Nương ở trong', 'Plots inside'),
        inside === null ? null : `${format.number(inside, lang)} / ${format.number(all, lang)}`,
      ],
      [text('Mặt đất', 'Ground'), some('area_km2', 'km²')],
      [
        text('Chưa rà soát ở trong', 'Of it not searched'),
        inside === null ? null : some('unsurveyed_km2', 'km²'),
      ],
      [text('Mỗi nương trải ra', 'Each plot spread over'), some('bandwidth_m', 'm')],
    ]),
  };
}

export function cleared(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const away = figure(facts, 'distance_m');
  return {
    badge: badge(clearedSorts(app.palette), facts['state'], app),
    figures: known([
      [text('Niên vụ đã phá', 'Season cleared'), words(facts, 'cleared_season')],
      [
        text('Ngày phá nhổ', 'Destroyed on'),
        words(facts, 'destroyed_on') && format.day(words(facts, 'destroyed_on'), lang),
      ],
      // Its own date may have had other boundaries than those on the map.
      [text('Xã khi đó', 'Commune then'), words(facts, 'commune')],
      [text('Niên vụ tái trồng', 'Season of return'), words(facts, 'returned_season')],
      [
        text('Cách nương cũ', 'Away from the old plot'),
        away === null ? null : `${format.measure(away, lang)} m`,
      ],
      [
        text('Lần tìm lại cuối', 'Last searched again'),
        words(facts, 'last_searched') ??
          app.say(text('không ghi nhận lần nào', 'no search recorded')),
      ],
    ]),
  };
}

export function zone(facts: Facts, app: App): Partial<Head> {
  const { lang } = app.screen;
  const mark = badge(zoneSorts(app.palette), zoneWord(facts), app);
  const count = (name: string) => format.number(figure(facts, name), lang);
  const after = words(facts, 'season_after');
  const before = words(facts, 'season_before');
  const [from, to] = [figure(facts, 'from_m'), figure(facts, 'to_m')];
  const difference = figure(facts, 'difference');
  return {
    ...(from === null || to === null
      ? {}
      : {
          title: put(app.say(text('Vành đai {from} – {to} m', 'Ring of {from} – {to} m')), {
            from: format.number(from, lang),
            to: format.number(to, lang),
          }),
        }),
    badge: mark,
    figures: known([
      [
        put(app.say(text('Nương {season}', 'Plots {season}')), { season: before ?? '' }),
        count('before'),
      ],
      [
        put(app.say(text('Nương {season}', 'Plots {season}')), { season: after ?? '' }),
        count('after'),
      ],
      [text('Ô so được', 'Cells compared'), `${count('compared')} / ${count('cells')}`],
      [
        text('So với mức đối chứng dự báo', 'Against what the control lets expect'),
        difference === null
          ? null
          : counted(
              Math.abs(difference),
              difference < 0 ? W.fewer : W.moreThan,
              app,
              format.number(Math.abs(difference), lang, 1),
            ),
      ],
      [
        text('p của chênh lệch', 'p of the difference'),
        figure(facts, 'p') === null ? null : format.chance(figure(facts, 'p'), lang),
      ],
    ]),
  };
}

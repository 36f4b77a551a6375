//! How did the map of the season before do? It is printed with the hotspot map of every season.
//!
//! The map of season s − 1, frozen on that season's last day, is scored on the plots of season s, in
//! its own cells: all of them, and once more only those surveyed in both seasons. Beside it stand
//! maps of the same area that cost nothing: last season's counts, the mean of all seasons, a
//! density; and areas at random. See analysis/validation.

use std::sync::Arc;

use geo_types::Coord;

use super::verdicts::verdicts;
use crate::{
    analysis::{
        chance::draws::Draws,
        geometry::{near::Buckets, shape::Shape},
        validation::{
            Band, Blocks, Cells as Scored, NoScore, Score, area_under, at_random, curve, flag,
            intervals, recapture, score,
        },
    },
    domain::{Language, Season, Text},
    layers::{
        Figure, LayerError, LayerQuery, Value,
        cells::{
            Cells,
            season::{Domain, Found, Searched},
        },
        say::{count, measure, number, text, told},
        scope::Scope,
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The draws of this analysis, with its version.
const BLOCKS: &str = "hotspots/validation/blocks/1";
const RANDOM: &str = "hotspots/validation/random/1";

/// How many sets of blocks, and how many random areas.
const SETS: u32 = 999;

/// Cells drawn by all random areas together: half a second's work.
const MOST_DRAWN: usize = 20_000_000;

/// Metres a side of the squares that are drawn together.
const BLOCK: f64 = 5000.0;

/// Metres to which the density of last season's plots reaches.
const KERNEL: f64 = 5000.0;

/// The share of the ground that is scored where the map flags nothing.
const TENTH: f64 = 0.1;

/// One map's figures.
#[derive(Clone, Copy)]
struct Marks {
    score: Result<Score, NoScore>,
    auc: Option<f64>,
    blocks: Blocks,
}

/// All that is printed.
struct Validation {
    map: Season,
    asked: Season,
    /// Why there is none; then the rest says nothing.
    none: Option<&'static str>,
    /// Whether hot cells were scored, or the first tenth of the ground as nothing is hot.
    hot: bool,
    assumed: bool,
    all: Marks,
    both: Marks,
    rri: Option<f64>,
    last_counts: Marks,
    long_run: Marks,
    density: Marks,
    random: Option<(Band, f64)>,
}

/// The figures for the season asked by `query`.
pub(super) fn figures(snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
    let Some(scope) = Scope::of(snapshot, query)? else { return Ok(Vec::new()) };
    let before = LayerQuery {
        season: Some(scope.season.before()),
        since: None,
        datetime: None,
        ..query.clone()
    };
    let key = format!(
        "hotspot validation {} {} {:?} {:?} {} {} {} {:?}",
        scope.season,
        scope.day,
        query.units_on,
        query.cell,
        query.permutations,
        query.seed,
        query.alpha,
        query.choices
    );
    let made =
        wanted(snapshot, &query.asker, &key, |_| 2048, || validation(snapshot, &before, scope))?;
    Ok(said(&made))
}

fn validation(
    snapshot: &Snapshot,
    before: &LayerQuery,
    scope: Scope,
) -> Result<Validation, LayerError> {
    let nothing = Marks {
        score: Err(NoScore::NoGround),
        auc: None,
        blocks: Blocks { hit_rate: None, pai: None, first_better_by: None },
    };
    let empty = |none| Validation {
        map: scope.season.before(),
        asked: scope.season,
        none: Some(none),
        hot: false,
        assumed: false,
        all: nothing,
        both: nothing,
        rri: None,
        last_counts: nothing,
        long_run: nothing,
        density: nothing,
        random: None,
    };
    let Some(then) = Scope::of(snapshot, before)? else { return Ok(empty("no-map")) };
    let cells = Cells::of(snapshot, before, then)?;
    let now = Scope { units_on: then.units_on, ..scope };
    let [searched_then, searched_now] = [then, now].map(|it| Searched::of(snapshot, &cells, it));
    let [found_then, found_now] = [then, now].map(|it| Found::of(snapshot, &cells, it));
    if searched_then.domain == Domain::Unknown {
        return Ok(empty("no-map"));
    }
    let verdicts = match verdicts(snapshot, before) {
        Ok(verdicts) => verdicts,
        // What can be asked of this season cannot always be asked of the one before.
        Err(LayerError::Parameter { .. } | LayerError::TooMuch(_)) => return Ok(empty("no-map")),
        Err(gone) => return Err(gone),
    };
    let of = |found: &Found| -> Vec<f64> { found.cells.iter().map(|it| it.plots as f64).collect() };
    let (last, actual) = (of(&found_then), of(&found_now));
    if actual.iter().all(|found| *found == 0.0) {
        return Ok(empty("nothing-found"));
    }
    let area: Vec<f64> = (0..cells.len()).map(|place| cells.area(place)).collect();
    // A cell that the map says nothing of is the last that it would send anybody to.
    let mut rank = vec![f64::NEG_INFINITY; cells.len()];
    let mut hot = vec![0.0; cells.len()];
    for verdict in &verdicts {
        rank[verdict.place] = verdict.rank;
        hot[verdict.place] = f64::from(u8::from(verdict.hot));
    }
    let is_hot = hot.iter().any(|it| *it > 0.0);
    let ground: f64 = area.iter().sum();
    if !is_hot {
        hot = flag(&rank, &area, TENTH * ground);
    }
    let flagged: f64 = hot.iter().zip(&area).map(|(part, area)| part * area).sum();
    let middles: Vec<Coord<f64>> =
        (0..cells.len()).map(|place| cells.middle(snapshot, place)).collect();
    let blocks = blocks(&middles);
    let ranks = [last.clone(), long_run(snapshot, &cells, then), density(&middles, &last)];
    let others = ranks.each_ref().map(|rank| flag(rank, &area, flagged));
    let maps: [&[f64]; 4] = [&hot, &others[0], &others[1], &others[2]];
    let draws = |analysis| Draws { permutations: SETS, seed: before.seed, analysis };
    let scored = Scored { actual: &actual, area: &area };
    let bands = intervals(&maps, scored, &blocks, draws(BLOCKS));
    let marks = |rank: &[f64], place: usize| Marks {
        score: score(maps[place], scored),
        auc: curve(rank, scored).map(|corners| area_under(&corners)),
        blocks: bands[place],
    };
    let all = marks(&rank, 0);
    let random = all.score.ok().and_then(|own| {
        let flagged_cells = (own.area_share() * area.len() as f64).max(1.0) as usize;
        let sets = (MOST_DRAWN / flagged_cells).clamp(99, SETS as usize) as u32;
        let draws = Draws { permutations: sets, ..draws(RANDOM) };
        let (band, tally) = at_random(scored, own.flagged, own.pai(), draws)?;
        Some((band, tally.upper()))
    });
    Ok(Validation {
        map: then.season,
        asked: scope.season,
        none: None,
        hot: is_hot,
        assumed: searched_now.domain == Domain::AssumedAll
            || searched_then.domain == Domain::AssumedAll,
        both: surveyed_in_both(
            &[&searched_then, &searched_now],
            &hot,
            &rank,
            scored,
            &blocks,
            draws(BLOCKS),
        ),
        rri: recapture(&hot, &last, &actual).ok(),
        last_counts: marks(&ranks[0], 1),
        long_run: marks(&ranks[1], 2),
        density: marks(&ranks[2], 3),
        all,
        random,
    })
}

/// The same over the cells surveyed in both seasons.
fn surveyed_in_both(
    searched: &[&Arc<Searched>; 2],
    hot: &[f64],
    rank: &[f64],
    all: Scored<'_>,
    blocks: &[u32],
    draws: Draws<'_>,
) -> Marks {
    let both: Vec<usize> =
        (0..rank.len()).filter(|place| searched.iter().all(|it| it.tested(*place))).collect();
    let of = |values: &[f64]| -> Vec<f64> { both.iter().map(|place| values[*place]).collect() };
    let (actual, area, hot, rank) = (of(all.actual), of(all.area), of(hot), of(rank));
    let blocks: Vec<u32> = both.iter().map(|place| blocks[*place]).collect();
    let cells = Scored { actual: &actual, area: &area };
    Marks {
        score: score(&hot, cells),
        auc: curve(&rank, cells).map(|corners| area_under(&corners)),
        blocks: intervals(&[&hot], cells, &blocks, draws)[0],
    }
}

/// The square of each middle.
fn blocks(middles: &[Coord<f64>]) -> Vec<u32> {
    let square = |c: &Coord<f64>| ((c.x / BLOCK).floor() as i64, (c.y / BLOCK).floor() as i64);
    let mut squares: Vec<(i64, i64)> = middles.iter().map(square).collect();
    squares.sort_unstable();
    squares.dedup();
    let place = |c| squares.partition_point(|it| *it < square(c)) as u32;
    middles.iter().map(place).collect()
}

/// The mean count of the seasons up to that of the map in which a cell was surveyed.
fn long_run(snapshot: &Snapshot, cells: &Arc<Cells>, then: Scope) -> Vec<f64> {
    let (mut sum, mut seasons) = (vec![0.0; cells.len()], vec![0.0; cells.len()]);
    for season in snapshot.seasons().into_iter().filter(|season| *season <= then.season) {
        let scope = Scope { season, day: Season::clamp(season, then.day), ..then };
        let (searched, found) =
            (Searched::of(snapshot, cells, scope), Found::of(snapshot, cells, scope));
        for place in (0..cells.len()).filter(|place| searched.tested(*place)) {
            sum[place] += found.cells[place].plots as f64;
            seasons[place] += 1.0;
        }
    }
    sum.iter().zip(&seasons).map(|(sum, n)| if *n > 0.0 { sum / n } else { 0.0 }).collect()
}

/// The density of plots about each middle, by the quartic kernel.
fn density(middles: &[Coord<f64>], counts: &[f64]) -> Vec<f64> {
    let shapes: Vec<Shape> = middles.iter().map(|at| Shape::point(*at)).collect();
    let all: Vec<usize> = (0..middles.len()).collect();
    let buckets = Buckets::new(&shapes, &all);
    let mut density = vec![0.0; middles.len()];
    for (place, plots) in counts.iter().enumerate().filter(|(_, plots)| **plots > 0.0) {
        buckets.within(shapes[place].frame(), KERNEL, |near| {
            let u = shapes[place].distance(&shapes[near]) / KERNEL;
            density[near] += plots * (1.0 - u * u).max(0.0).powi(2);
        });
    }
    density
}

fn said(made: &Validation) -> Vec<Figure> {
    let sentence = (main(made, Language::Vi), main(made, Language::En));
    let own = made.all.score.ok();
    let pai = |marks: Marks| measure(marks.score.ok().map(Score::pai), 4);
    let ends = made.all.blocks.pai;
    let reason = made.none.or(made.all.score.err().map(NoScore::word));
    let figure = |name, title, value| figure(name, title, value, sentence.clone());
    let mut figures = vec![
        figure("validation_map", ("Bản đồ được chấm", "Map scored"), told(made.map.to_string())),
        figure(
            "validation_reason",
            ("Vì sao không chấm được", "Why there is no score"),
            reason.map_or(Value::Null, text),
        ),
        figure("hit_rate", ("Tỷ lệ trúng", "Hit rate"), measure(own.map(Score::hit_rate), 6)),
        figure(
            "area_share",
            ("Phần đất được đánh dấu", "Share of ground flagged"),
            measure(own.map(Score::area_share), 6),
        ),
        figure(
            "captured",
            ("Nương trong vùng đánh dấu", "Plots captured"),
            own.map_or(Value::Null, |it| count(it.captured as u64)),
        ),
        figure(
            "found",
            ("Nương tìm thấy", "Plots found"),
            own.map_or(Value::Null, |it| count(it.found as u64)),
        ),
        figure("pai", ("PAI", "PAI"), pai(made.all)),
        figure(
            "pai_low",
            ("Đầu dưới của PAI", "Low end of PAI"),
            measure(ends.map(|it| it.low), 4),
        ),
        figure(
            "pai_high",
            ("Đầu trên của PAI", "High end of PAI"),
            measure(ends.map(|it| it.high), 4),
        ),
        figure("pei", ("PEI", "PEI"), measure(own.map(|it| it.pei), 4)),
        figure("rri", ("RRI", "RRI"), measure(made.rri, 4)),
        figure(
            "auc",
            ("Diện tích dưới đường bắt trúng", "Area under the capture curve"),
            measure(made.all.auc, 4),
        ),
    ];
    if made.none.is_none() {
        figures.extend(compared(made));
    }
    figures
}

fn figure(
    name: &'static str,
    title: (&'static str, &'static str),
    value: Value<'static>,
    (vi, en): (String, String),
) -> Figure {
    Figure { name, title: Text::new(title.0, title.1), value, unit: None, vi, en }
}

/// The second score and the other maps.
fn compared(made: &Validation) -> Vec<Figure> {
    let both = (second(made, Language::Vi), second(made, Language::En));
    let pai = |marks: Marks| measure(marks.score.ok().map(Score::pai), 4);
    let mut figures = vec![
        figure(
            "both_hit_rate",
            ("Tỷ lệ trúng, ô rà soát cả hai niên vụ", "Hit rate, cells surveyed in both"),
            measure(made.both.score.ok().map(Score::hit_rate), 6),
            both.clone(),
        ),
        figure(
            "both_pai",
            ("PAI, ô rà soát cả hai niên vụ", "PAI, cells surveyed in both"),
            pai(made.both),
            both.clone(),
        ),
        figure(
            "both_pei",
            ("PEI, ô rà soát cả hai niên vụ", "PEI, cells surveyed in both"),
            measure(made.both.score.ok().map(|it| it.pei), 4),
            both,
        ),
    ];
    for (name, title, words, marks) in [
        (
            "last_counts_pai",
            ("PAI của số đếm niên vụ trước", "PAI of last season's counts"),
            ("Số đếm niên vụ trước", "Last season's counts"),
            made.last_counts,
        ),
        (
            "long_run_pai",
            ("PAI của trung bình nhiều niên vụ", "PAI of the long-run mean"),
            ("Trung bình mọi niên vụ", "The mean of all seasons"),
            made.long_run,
        ),
        (
            "density_pai",
            ("PAI của mật độ 5 km", "PAI of a 5 km density"),
            ("Mật độ nương 5 km", "A density of 5 km"),
            made.density,
        ),
    ] {
        let sentence = (beside(marks, words.0, Language::Vi), beside(marks, words.1, Language::En));
        figures.push(figure(name, title, pai(marks), sentence));
    }
    let (band, p) = (made.random.map(|it| it.0), made.random.map(|it| it.1));
    let sentence = (random(made, Language::Vi), random(made, Language::En));
    figures.push(figure(
        "random_pai_high",
        ("PAI ngẫu nhiên cao nhất", "Highest PAI of chance"),
        measure(band.map(|it| it.high), 4),
        sentence.clone(),
    ));
    figures.push(figure(
        "random_p",
        ("p so với ngẫu nhiên", "p against chance"),
        measure(p, 6),
        sentence,
    ));
    figures
}

fn percent(share: f64, language: Language) -> String {
    // Of a little ground more digits: `0 %` would read as none.
    number(100.0 * share, if share > 0.0 && share < 0.01 { 3 } else { 1 }, language)
}

fn main(made: &Validation, language: Language) -> String {
    let (map, asked) = (made.map, made.asked);
    let own = match (made.none, made.all.score) {
        (None, Ok(own)) => own,
        (Some("nothing-found"), _) => {
            return match language {
                Language::Vi => format!(
                    "Niên vụ {asked} chưa phát hiện nương nào trong các ô: chưa chấm được bản đồ {map}."
                ),
                Language::En => format!(
                    "No plot was found in the cells in {asked}: the map of {map} cannot be scored."
                ),
            };
        }
        _ => {
            return match language {
                Language::Vi => {
                    format!("Không có bản đồ niên vụ {map} để chấm trên niên vụ {asked}.")
                }
                Language::En => format!("There is no map of {map} to score on {asked}."),
            };
        }
    };
    let ends = made.all.blocks.pai;
    let (hit, area, pai) = (
        percent(own.hit_rate(), language),
        percent(own.area_share(), language),
        number(own.pai(), 2, language),
    );
    let band = ends.map(|it| [it.low, it.high].map(|end| number(end, 2, language)));
    let (captured, found) = (number(own.captured, 1, language), number(own.found, 0, language));
    match language {
        Language::Vi => {
            let what = if made.hot {
                "Điểm nóng"
            } else {
                "Không có điểm nóng; một phần mười đất xếp đầu"
            };
            let band = band.map_or_else(
                || " (quá ít vùng có nương để có khoảng tin cậy)".to_owned(),
                |[low, high]| format!(" (khoảng 95 %: {low} đến {high})"),
            );
            format!(
                "{what} của bản đồ niên vụ {map} giữ {captured} trong {found} nương của niên vụ {asked} ({hit} %) trên {area} % \
                 đất: PAI {pai}{band}. Nương được tìm thấy ở nơi có người tìm: bản đồ có thể tự làm mình đúng."
            )
        }
        Language::En => {
            let what = if made.hot {
                "The hotspots"
            } else {
                "Nothing was hot; the first tenth of the ground"
            };
            let band = band.map_or_else(
                || " (too few blocks with plots for an interval)".to_owned(),
                |[low, high]| format!(" (95 % interval {low} to {high})"),
            );
            format!(
                "{what} of the map of {map} held {captured} of the {found} plots of {asked} ({hit} %) on {area} % of the \
                 ground: PAI {pai}{band}. Plots are found where people look: a map can make itself right."
            )
        }
    }
}

fn second(made: &Validation, language: Language) -> String {
    let assumed = match (made.assumed, language) {
        (false, _) => "",
        (true, Language::Vi) => {
            " Một niên vụ không có dữ liệu rà soát: coi như mọi ô được rà soát."
        }
        (true, Language::En) => " One season has no effort data: every cell is assumed searched.",
    };
    match (made.both.score, language) {
        (Ok(own), Language::Vi) => format!(
            "Chỉ tính ô được rà soát ở cả hai niên vụ: {} trong {} nương, PAI {}.{assumed}",
            number(own.captured, 1, language),
            number(own.found, 0, language),
            number(own.pai(), 2, language)
        ),
        (Ok(own), Language::En) => format!(
            "Over cells surveyed in both seasons only: {} of {} plots, PAI {}.{assumed}",
            number(own.captured, 1, language),
            number(own.found, 0, language),
            number(own.pai(), 2, language)
        ),
        (Err(reason), Language::Vi) => {
            format!("Không chấm được trên các ô rà soát ở cả hai niên vụ ({}).", reason.word())
        }
        (Err(reason), Language::En) => {
            format!("Cells surveyed in both seasons give no score ({}).", reason.word())
        }
    }
}

fn beside(marks: Marks, name: &str, language: Language) -> String {
    let Ok(own) = marks.score else {
        return match language {
            Language::Vi => format!("{name}: không chấm được."),
            Language::En => format!("{name}: no score."),
        };
    };
    let (hit, pai) = (percent(own.hit_rate(), language), number(own.pai(), 2, language));
    let better = marks.blocks.first_better_by.map(|band| {
        let [low, high] = [band.low, band.high].map(|end| number(end, 2, language));
        match language {
            Language::Vi => format!("; bản đồ điểm nóng hơn {low} đến {high} (khoảng 95 %)"),
            Language::En => {
                format!("; the hotspot map is better by {low} to {high} (95 % interval)")
            }
        }
    });
    let better = better.unwrap_or_default();
    match language {
        Language::Vi => format!("{name} trên cùng diện tích: {hit} % số nương, PAI {pai}{better}."),
        Language::En => {
            format!("{name} on the same area: {hit} % of the plots, PAI {pai}{better}.")
        }
    }
}

fn random(made: &Validation, language: Language) -> String {
    let Some((band, p)) = made.random else { return String::new() };
    let [low, high] = [band.low, band.high].map(|end| number(end, 2, language));
    let p = number(p, 4, language);
    match language {
        Language::Vi => {
            format!("Cùng diện tích chọn ngẫu nhiên có PAI {low} đến {high} (95 %); p = {p}.")
        }
        Language::En => {
            format!("As much ground at random has a PAI of {low} to {high} (95 %); p = {p}.")
        }
    }
}

//! How did the map of the season before do? It is printed with the hotspot map of every season.
//!
//! The map of season s − 1, frozen on that season's last day, is scored on the plots of season s, in
//! its own cells: first those surveyed in both seasons, then all of them, among which what nobody
//! searched passes for ground without plots. Beside the first score stand maps of the same area
//! that cost nothing: last season's counts, the mean of all seasons, a density; and areas at
//! random. See analysis/validation.

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
    domain::Season,
    layers::{
        LayerError, LayerQuery,
        cells::{
            Cells,
            season::{Domain, Found, Searched},
        },
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

/// The share of the searched ground that is scored where the map flags nothing.
const TENTH: f64 = 0.1;

/// One map's figures.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    pub(super) score: Result<Score, NoScore>,
    pub(super) auc: Option<f64>,
    pub(super) blocks: Blocks,
}

/// All that is printed.
pub(super) struct Validation {
    pub(super) map: Season,
    pub(super) asked: Season,
    /// Why there is none; then the rest says nothing.
    pub(super) none: Option<&'static str>,
    /// Whether hot cells were scored, or the first tenth of the searched ground as nothing is hot.
    pub(super) hot: bool,
    pub(super) assumed: bool,
    /// The ground surveyed in both seasons, as a share of all.
    pub(super) searched: f64,
    /// Over that ground, as are the maps beside it.
    pub(super) both: Marks,
    /// Over all ground.
    pub(super) whole: Marks,
    pub(super) rri: Option<f64>,
    pub(super) last_counts: Marks,
    pub(super) long_run: Marks,
    pub(super) density: Marks,
    pub(super) random: Option<(Band, f64)>,
}

/// How the map before did on the season asked by `query`; `None` where there is no season to ask
/// about.
///
/// # Errors
///
/// As the layer's features.
pub(super) fn validated(
    snapshot: &Snapshot,
    query: &LayerQuery,
) -> Result<Option<Arc<Validation>>, LayerError> {
    let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
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
    Ok(Some(made))
}

fn validation(
    snapshot: &Snapshot,
    before: &LayerQuery,
    scope: Scope,
) -> Result<Validation, LayerError> {
    let nothing = Marks { score: Err(NoScore::NoGround), auc: None, blocks: Blocks::NONE };
    let empty = |none| Validation {
        map: scope.season.before(),
        asked: scope.season,
        none: Some(none),
        hot: false,
        assumed: false,
        searched: 0.0,
        both: nothing,
        whole: nothing,
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
    let both: Vec<usize> = (0..cells.len())
        .filter(|place| [&searched_then, &searched_now].iter().all(|it| it.tested(*place)))
        .collect();
    let of_both =
        |values: &[f64]| -> Vec<f64> { both.iter().map(|place| values[*place]).collect() };
    let (area_both, rank_both, actual_both) = (of_both(&area), of_both(&rank), of_both(&actual));
    let (ground, ground_both) = (area.iter().sum::<f64>(), area_both.iter().sum::<f64>());
    if !is_hot {
        for (place, part) in both.iter().zip(flag(&rank_both, &area_both, TENTH * ground_both)) {
            hot[*place] = part;
        }
    }
    let hot_both = of_both(&hot);
    let flagged: f64 = hot_both.iter().zip(&area_both).map(|(part, area)| part * area).sum();
    let middles: Vec<Coord<f64>> =
        (0..cells.len()).map(|place| cells.middle(snapshot, place)).collect();
    let blocks = blocks(&middles);
    let blocks_both: Vec<u32> = both.iter().map(|place| blocks[*place]).collect();
    let ranks = [last.clone(), long_run(snapshot, &cells, then), density(&middles, &last)];
    let ranks = ranks.map(|rank| of_both(&rank));
    let others = ranks.each_ref().map(|rank| flag(rank, &area_both, flagged));
    let maps: [&[f64]; 4] = [&hot_both, &others[0], &others[1], &others[2]];
    let draws = |analysis| Draws { permutations: SETS, seed: before.seed, analysis };
    let scored = Scored { actual: &actual_both, area: &area_both };
    let bands = intervals(&maps, scored, &blocks_both, draws(BLOCKS));
    let marks = |rank: &[f64], place: usize| Marks {
        score: score(maps[place], scored),
        auc: curve(rank, scored).map(|corners| area_under(&corners)),
        blocks: bands[place],
    };
    let own = marks(&rank_both, 0);
    let random = own.score.ok().and_then(|own| {
        let flagged_cells = (own.area_share() * area_both.len() as f64).max(1.0) as usize;
        let sets = (MOST_DRAWN / flagged_cells).clamp(99, SETS as usize) as u32;
        let draws = Draws { permutations: sets, ..draws(RANDOM) };
        let (band, tally) = at_random(scored, own.flagged, own.pai(), draws)?;
        Some((band, tally.upper()))
    });
    let all = Scored { actual: &actual, area: &area };
    Ok(Validation {
        map: then.season,
        asked: scope.season,
        none: None,
        hot: is_hot,
        assumed: searched_now.domain == Domain::AssumedAll
            || searched_then.domain == Domain::AssumedAll,
        searched: if ground > 0.0 { ground_both / ground } else { 0.0 },
        both: own,
        whole: Marks {
            score: score(&hot, all),
            auc: curve(&rank, all).map(|corners| area_under(&corners)),
            blocks: intervals(&[&hot], all, &blocks, draws(BLOCKS))[0],
        },
        rri: recapture(&hot_both, &of_both(&last), &actual_both).ok(),
        last_counts: marks(&ranks[0], 1),
        long_run: marks(&ranks[1], 2),
        density: marks(&ranks[2], 3),
        random,
    })
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

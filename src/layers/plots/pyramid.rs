//! Plots merged for a small scale: every plot is in exactly one point, and a point never depends
//! on the extent that was asked for.
//!
//! The Earth is cut into squares of degrees, halved again and again (a quadtree; its squares in
//! Morton's order). At a level the plots in one square are one point, at the mean of their places;
//! rejected ones keep to themselves. Sorted once, every level is runs of the same list.

use geo_types::{Coord, Point, Rect};
use rayon::prelude::*;

use crate::{
    domain::{Extent, PlotState, Position, Season, SquareMetres},
    snapshot::PlotView,
};

/// Halvings of 360 degrees: a square of the finest level is 9 mm a side at the equator.
const FINEST: u32 = 32;

/// Metres of a degree of latitude, about.
const METRES_A_DEGREE: f64 = 111_320.0;

/// A plot as far as merging needs it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    code: u64,
    number: u64,
    at: Position,
    area: Option<SquareMetres>,
    state: PlotState,
    season: Season,
    simulated: bool,
}

impl Spot {
    pub(super) fn new(view: &PlotView<'_>, state: PlotState, simulated: bool) -> Self {
        let plot = view.plot;
        Self {
            code: code(plot.position),
            number: plot.number,
            at: plot.position,
            area: plot.area,
            state,
            season: plot.season,
            simulated,
        }
    }
}

/// Plots that are one point at some level.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cluster {
    code: u64,
    /// The lowest number.
    pub(super) number: u64,
    pub(super) plots: u64,
    /// The known sum; `None` where nobody measured any.
    pub(super) area: Option<f64>,
    /// The state that asks most for action.
    pub(super) state: PlotState,
    /// Where all are of one.
    pub(super) season: Option<Season>,
    pub(super) simulated: bool,
    /// The mean of their places.
    pub(super) at: Point<f64>,
}

/// The level whose squares are at most `metres` from south to north.
pub(super) fn level_of(metres: f64) -> u32 {
    let finest = 360.0 / f64::from(FINEST).exp2() * METRES_A_DEGREE;
    (metres / finest).log2().floor().clamp(0.0, f64::from(FINEST - 1)) as u32
}

/// Spots in the order that [`merge`] needs.
pub(super) fn sort(spots: &mut [Spot]) {
    spots.par_sort_unstable_by_key(|spot| (rejected(spot), spot.code, spot.number));
}

/// Merges sorted spots by the squares of `level`.
pub(super) fn merge(spots: &[Spot], level: u32) -> Vec<Cluster> {
    let together = |a: &Spot, b: &Spot| {
        square(a.code, level) == square(b.code, level) && rejected(a) == rejected(b)
    };
    spots.chunk_by(together).map(|spots| cluster(spots, level)).collect()
}

/// The clusters whose point lies in `extent`, of a list from [`merge`] of `level`: looks only at
/// squares that meet it.
pub(super) fn within(clusters: &[Cluster], level: u32, extent: Extent) -> Vec<&Cluster> {
    let split = clusters.partition_point(|cluster| cluster.state != PlotState::Rejected);
    let (kept, dropped) = clusters.split_at(split);
    let mut found = Vec::new();
    for rect in extent.rectangles() {
        for group in [kept, dropped] {
            descend(group, level, FINEST, 0, &rect, &mut found);
        }
    }
    found
}

/// The smallest extent of whole squares of `level` around `extent`, so that no square is asked
/// for in part.
pub(super) fn whole_squares(extent: Extent, level: u32) -> Extent {
    let size = f64::from(level).exp2() * 360.0 / f64::from(FINEST).exp2();
    let [west, south, east, north] = extent.get();
    let down =
        |degrees: f64, least: f64| (((degrees - least) / size).floor() * size + least).max(least);
    let up = |degrees: f64, least: f64, most: f64| {
        (((degrees - least) / size + 1.0).floor() * size + least).min(most)
    };
    let widened = Extent::new(
        down(west, -180.0),
        down(south, -90.0),
        up(east, -180.0, 180.0),
        up(north, -90.0, 90.0),
    );
    widened.unwrap_or(Extent::WORLD)
}

/// Whether a place lies in an extent, edges included.
pub(super) fn lies_in(at: Coord<f64>, extent: Extent) -> bool {
    extent.rectangles().iter().any(|rect| inside(at, rect))
}

fn inside(at: Coord<f64>, rect: &Rect<f64>) -> bool {
    rect.min().x <= at.x && at.x <= rect.max().x && rect.min().y <= at.y && at.y <= rect.max().y
}

fn rejected(spot: &Spot) -> bool {
    spot.state == PlotState::Rejected
}

const fn square(code: u64, level: u32) -> u64 {
    code >> (2 * level)
}

/// The place of a position in Morton's order.
fn code(at: Position) -> u64 {
    let index = |degrees: f64| {
        let units = degrees / 360.0 * f64::from(FINEST).exp2();
        units.clamp(0.0, f64::from(u32::MAX)) as u32
    };
    spread(index(at.lon() + 180.0)) | spread(index(at.lat() + 90.0)) << 1
}

/// The bits of a number with a zero before each.
fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    bits = (bits | bits << 16) & 0x0000_ffff_0000_ffff;
    bits = (bits | bits << 8) & 0x00ff_00ff_00ff_00ff;
    bits = (bits | bits << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    bits = (bits | bits << 2) & 0x3333_3333_3333_3333;
    (bits | bits << 1) & 0x5555_5555_5555_5555
}

/// Every second bit of a number.
fn gather(bits: u64) -> u32 {
    let mut bits = bits & 0x5555_5555_5555_5555;
    bits = (bits | bits >> 1) & 0x3333_3333_3333_3333;
    bits = (bits | bits >> 2) & 0x0f0f_0f0f_0f0f_0f0f;
    bits = (bits | bits >> 4) & 0x00ff_00ff_00ff_00ff;
    bits = (bits | bits >> 8) & 0x0000_ffff_0000_ffff;
    (bits | bits >> 16) as u32
}

fn cluster(spots: &[Spot], level: u32) -> Cluster {
    let first = spots[0];
    let count = spots.len() as f64;
    let known = spots.iter().any(|spot| spot.area.is_some());
    let area: SquareMetres = spots.iter().filter_map(|spot| spot.area).sum();
    let urgent = spots.iter().map(|spot| spot.state).min_by_key(|state| urgency(*state));
    let mean = |of: fn(&Spot) -> f64| spots.iter().map(of).sum::<f64>() / count;
    let at = if spots.len() == 1 {
        first.at.coord()
    } else {
        Coord { x: mean(|spot| spot.at.lon()), y: mean(|spot| spot.at.lat()) }
    };
    Cluster {
        code: square(first.code, level) << (2 * level),
        number: spots.iter().map(|spot| spot.number).min().unwrap_or(first.number),
        plots: spots.len() as u64,
        area: known.then_some(area.get()),
        state: urgent.unwrap_or(first.state),
        season: spots.iter().all(|spot| spot.season == first.season).then_some(first.season),
        simulated: spots.iter().any(|spot| spot.simulated),
        at: Point(at),
    }
}

/// The lower, the sooner somebody has to act.
const fn urgency(state: PlotState) -> u8 {
    match state {
        PlotState::Late => 0,
        PlotState::Confirmed => 1,
        PlotState::Reported => 2,
        PlotState::Lost => 3,
        PlotState::Destroyed => 4,
        PlotState::Verified => 5,
        PlotState::Rejected => 6,
    }
}

/// The clusters under the square of `height` that begins at `base`, of which `clusters` holds all.
fn descend<'c>(
    clusters: &'c [Cluster],
    level: u32,
    height: u32,
    base: u64,
    rect: &Rect<f64>,
    found: &mut Vec<&'c Cluster>,
) {
    if clusters.is_empty() {
        return;
    }
    let unit = 360.0 / f64::from(FINEST).exp2();
    let size = unit * f64::from(height).exp2();
    let low = Coord {
        x: f64::from(gather(base)) * unit - 180.0,
        y: f64::from(gather(base >> 1)) * unit - 90.0,
    };
    let square = Rect::new(low, Coord { x: low.x + size, y: low.y + size });
    if !crate::layers::table::meet(square, *rect) {
        return;
    }
    // A handful is looked through faster than it is cut further.
    if height <= level || clusters.len() <= 8 {
        found.extend(clusters.iter().filter(|cluster| inside(cluster.at.0, rect)));
        return;
    }
    let quarter = 1_u64 << (2 * (height - 1));
    let mut rest = clusters;
    for place in 0..4 {
        let next = base + quarter * place;
        let end = rest.partition_point(|cluster| cluster.code - next < quarter);
        let (here, after) = rest.split_at(end);
        descend(here, level, height - 1, next, rect, found);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn spot(number: u64, lon: f64, lat: f64, state: PlotState) -> Spot {
        let at = Position::new(lon, lat).unwrap();
        Spot {
            code: code(at),
            number,
            at,
            area: SquareMetres::new(10.0).ok(),
            state,
            season: Season::starting(2024).unwrap(),
            simulated: false,
        }
    }

    #[test]
    fn a_level_is_no_coarser_than_what_can_be_told_apart() {
        for metres in [0.001, 1.0, 38.0, 5000.0, 1e7] {
            let level = level_of(metres);
            let side = f64::from(level).exp2() * 360.0 / 32f64.exp2() * METRES_A_DEGREE;
            assert!(side <= metres.max(0.01), "{metres}: {side}");
        }
        assert_eq!(gather(spread(0xdead_beef)), 0xdead_beef);
    }

    fn spots() -> impl Strategy<Value = Vec<Spot>> {
        let state = prop_oneof![
            Just(PlotState::Late),
            Just(PlotState::Verified),
            Just(PlotState::Rejected)
        ];
        vec((102.0..104.0_f64, 21.0..23.0_f64, state), 0..80).prop_map(|places| {
            let mut spots: Vec<Spot> =
                (1..).zip(places).map(|(n, (x, y, state))| spot(n, x, y, state)).collect();
            sort(&mut spots);
            spots
        })
    }

    proptest! {
        #[test]
        fn no_plot_is_ever_lost(spots in spots(), metres in 1.0..1e6_f64) {
            let clusters = merge(&spots, level_of(metres));
            prop_assert_eq!(clusters.iter().map(|c| c.plots).sum::<u64>(), spots.len() as u64);
            let area: f64 = clusters.iter().filter_map(|c| c.area).sum();
            prop_assert!((area - 10.0 * spots.len() as f64).abs() < 1e-6);
        }

        /// The squares are only a short cut: they must find what looking at all finds; and what
        /// was merged from whole squares alone must be what was merged from everything.
        #[test]
        fn an_extent_shows_what_the_slow_loop_shows(
            spots in spots(), metres in 100.0..1e5_f64,
            west in 102.0..103.0_f64, south in 21.0..22.0_f64,
            width in 0.0..1.5_f64, height in 0.0..1.5_f64,
        ) {
            let extent = Extent::new(west, south, west + width, south + height).unwrap();
            let level = level_of(metres);
            let clusters = merge(&spots, level);
            let mut found = within(&clusters, level, extent);
            found.sort_by_key(|c| c.number);
            let mut slow: Vec<&Cluster> =
                clusters.iter().filter(|c| lies_in(c.at.0, extent)).collect();
            slow.sort_by_key(|c| c.number);
            prop_assert_eq!(&found, &slow);

            let wide = whole_squares(extent, level);
            let near: Vec<Spot> =
                spots.iter().filter(|s| lies_in(s.at.coord(), wide)).copied().collect();
            let near = merge(&near, level);
            let mut near: Vec<&Cluster> =
                near.iter().filter(|c| lies_in(c.at.0, extent)).collect();
            near.sort_by_key(|c| c.number);
            prop_assert_eq!(&near, &slow);
        }
    }
}

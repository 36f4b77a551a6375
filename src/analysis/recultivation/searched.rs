//! Did somebody look at cleared ground again?

use geo_types::Coord;
use rayon::prelude::*;

use super::plots::Plots;
use crate::analysis::{
    coverage::effort::{Leg, Search, SearchedPlace},
    geometry::{
        near::Buckets,
        shape::{Shape, around},
    },
};

/// For each of the plots at `places`, whether one of `legs` or `searches` (of one season) looked
/// at its place: a track that passed within half its sweep width of the plot, or of the circle of
/// 2 σ in which it may lie; or a search that found nothing and whose ground holds its position.
///
/// The definite-range law of search: what the sweep passes over is seen, what it does not is not
/// (Koopman; DOMAIN §2.1). A place walked past at twice the distance may have been seen all the
/// same, and one walked over may have been missed: the rate of return leans low by as much as
/// searchers miss.
///
/// Cost: pieces of track times the plots near each, on all threads.
pub fn visited(
    plots: &Plots<'_>,
    places: &[usize],
    legs: &[Leg<'_>],
    searches: &[Search],
) -> Vec<bool> {
    let buckets = Buckets::new(&plots.shapes, places);
    let seen = |shape: &Shape, at: usize, path: [Coord<f64>; 2], reach: f64| {
        shape.distance_to_path(path) <= reach + 2.0 * plots.all[at].error
    };
    let widest = 2.0 * plots.widest_error;
    let mut found: Vec<usize> = legs
        .par_iter()
        .flat_map_iter(|leg| {
            let reach = leg.width[1] / 2.0;
            let mut met: Vec<usize> = Vec::new();
            for path in leg.track.iter().flat_map(|part| part.0.windows(2)) {
                let path = [path[0], path[1]];
                buckets.within(around(path), reach + widest, |at| {
                    if seen(&plots.shapes[at], at, path, reach) {
                        met.push(at);
                    }
                });
            }
            met.sort_unstable();
            met.dedup();
            met
        })
        .collect();
    for search in searches {
        let (frame, inside): (_, Box<dyn Fn(Coord<f64>) -> bool>) = match &search.place {
            SearchedPlace::Circle { centre, radius } => {
                let corner = Coord { x: *radius, y: *radius };
                let within = move |place: Coord<f64>| {
                    let off = place - *centre;
                    off.x.hypot(off.y) <= *radius
                };
                ([*centre - corner, *centre + corner], Box::new(within))
            }
            SearchedPlace::Area(ground) => {
                let (low, high) = ground.bounds();
                ([low, high], Box::new(move |place| ground.contains(place)))
            }
        };
        buckets.within(frame, 0.0, |at| {
            if inside(plots.all[at].at) {
                found.push(at);
            }
        });
    }
    found.sort_unstable();
    places.iter().map(|at| found.binary_search(at).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, MultiLineString};
    use jiff::civil::date;

    use super::*;
    use crate::analysis::{geometry::ground::Ground, recultivation::Plot};

    #[test]
    fn a_track_sees_half_its_width_and_the_error_more() {
        let plot = |x: f64, error: f64| Plot {
            season: 1,
            cleared: true,
            at: Coord { x, y: 0.0 },
            error,
            outline: None,
            site: None,
        };
        let all =
            [plot(13.0, 0.0), plot(15.0, 0.0), plot(20.0, 5.0), plot(500.0, 0.0), plot(900.0, 0.0)];
        let plots = Plots::new(&all);
        let track = MultiLineString(vec![LineString::from(vec![(0.0, -50.0), (0.0, 50.0)])]);
        let day = date(2025, 3, 1);
        let legs = [Leg { day, track: &track, width: [20.0, 28.0, 36.0] }];
        let c = |x, y| Coord { x, y };
        let square =
            vec![c(890.0, -9.0), c(910.0, -9.0), c(910.0, 9.0), c(890.0, 9.0), c(890.0, -9.0)];
        let searches = [
            Search { day, place: SearchedPlace::Circle { centre: c(480.0, 0.0), radius: 20.0 } },
            Search { day, place: SearchedPlace::Area(Ground::new(&[square])) },
        ];
        let all = [0, 1, 2, 3, 4];
        assert_eq!(visited(&plots, &all, &legs, &[]), [true, false, true, false, false]);
        assert_eq!(visited(&plots, &all, &[], &searches), [false, false, false, true, true]);
        assert_eq!(visited(&plots, &[4, 1], &legs, &searches), [true, false]);
        assert!(visited(&plots, &[], &legs, &searches).is_empty());
    }
}

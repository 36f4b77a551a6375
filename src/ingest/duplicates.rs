//! Possible duplicates inside a file (DOMAIN §1.5, rule 11): flagged for a person, never merged.

use std::collections::HashMap;

use geo::{BooleanOps, BoundingRect, CoordsIter};
use geo_types::{Coord, MultiPolygon, Rect};
use rstar::{AABB, RTree, RTreeObject};

use super::ground::{metres_between, metres_per_degree};
use crate::domain::{Boundary, Event, Footprint, PlotId, Season, Sighting};

/// The warning's code and text.
pub const POSSIBLE_DUPLICATE: (&str, &str) = (
    "possible-duplicate",
    "plots of one season that may be the same (nearer than 25 m or twice their error, or outlines \
     that share more than 30 %): both are kept, a person decides",
);
/// The warning about outlines that are the same.
pub const SAME_OUTLINE: (&str, &str) =
    ("same-outline", "units with the very same outline: both are kept, a person decides");

/// Nearer than this in metres, two plots may be the same whatever their errors.
const NEAR: f64 = 25.0;
/// Outlines that share more than this (intersection over union) may be the same.
const SHARED: f64 = 0.3;
/// How many neighbours of one plot are looked at: a file that is one heap is not compared pair by
/// pair for ever.
const NEIGHBOURS: usize = 64;

/// Two rows that may tell about the same plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The later row.
    pub row: u64,
    /// What is seen.
    pub detail: String,
}

struct Seen<'a> {
    row: u64,
    season: Season,
    plot: &'a PlotId,
    at: Coord<f64>,
    sigma: f64,
    outline: Option<(&'a Footprint, Rect<f64>)>,
}

/// A place in the tree: a point, or the rectangle around an outline.
struct Boxed {
    index: usize,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for Boxed {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

/// Pairs of sightings of different plots that may be one plot, by the later row.
pub fn of_plots<'a>(sightings: impl Iterator<Item = (u64, &'a Sighting)>) -> Vec<Pair> {
    let seen: Vec<Seen<'a>> = sightings
        .map(|(row, it)| Seen {
            row,
            season: it.season,
            plot: &it.plot,
            at: it.position.coord(),
            sigma: it.error.unwrap_or_else(|| it.by.default_error()).get(),
            outline: it
                .outline
                .as_ref()
                .and_then(|outline| Some((outline, outline.get().bounding_rect()?))),
        })
        .collect();
    let boxes = seen.iter().enumerate().map(|(index, it)| {
        let envelope = match &it.outline {
            Some((_, rect)) => AABB::from_corners(rect.min().into(), rect.max().into()),
            None => AABB::from_point(it.at.into()),
        };
        Boxed { index, envelope }
    });
    let tree = RTree::bulk_load(boxes.collect());
    let mut pairs = Vec::new();
    for (index, one) in seen.iter().enumerate() {
        // The pair is found from the one with the larger error, whose reach is enough for both.
        let reach = NEAR.max(2.0 * (2.0 * one.sigma * one.sigma).sqrt());
        let mut found: Vec<usize> = tree
            .locate_in_envelope_intersecting(around(one, reach))
            .map(|other| other.index)
            .filter(|other| {
                let two = &seen[*other];
                *other != index
                    && two.season == one.season
                    && two.plot != one.plot
                    && (two.sigma, index) <= (one.sigma, *other)
            })
            .take(NEIGHBOURS)
            .collect();
        found.sort_unstable();
        for other in found {
            if let Some(what) = alike(one, &seen[other]) {
                let (first, second) = if one.row <= seen[other].row {
                    (one, &seen[other])
                } else {
                    (&seen[other], one)
                };
                pairs.push(Pair {
                    row: second.row,
                    detail: format!("and row {}: {what}", first.row),
                });
            }
        }
    }
    pairs.sort_by_key(|pair| pair.row);
    pairs
}

fn around(one: &Seen<'_>, reach: f64) -> AABB<[f64; 2]> {
    let (per_lon, per_lat) = metres_per_degree(one.at.y);
    let (dx, dy) = (reach / per_lon.max(1.0), reach / per_lat);
    let rect = one.outline.as_ref().map_or_else(|| Rect::new(one.at, one.at), |(_, rect)| *rect);
    AABB::from_corners(
        [rect.min().x.min(one.at.x - dx), rect.min().y.min(one.at.y - dy)],
        [rect.max().x.max(one.at.x + dx), rect.max().y.max(one.at.y + dy)],
    )
}

/// Why the two may be one plot, if they may.
fn alike(one: &Seen<'_>, two: &Seen<'_>) -> Option<String> {
    if let (Some((a, _)), Some((b, _))) = (&one.outline, &two.outline) {
        let shared = intersection_over_union(a.get(), b.get());
        // Two outlines say more about where plots are than their middles do: neighbouring fields
        // are not duplicates.
        return (shared > SHARED).then(|| format!("outlines share {:.0} %", shared * 100.0));
    }
    let metres = metres_between(one.at, two.at);
    let sigma = (one.sigma * one.sigma + two.sigma * two.sigma).sqrt();
    (metres <= NEAR.max(2.0 * sigma)).then(|| format!("{metres:.0} m apart"))
}

/// As a share of what both cover; in degrees, whose distortion is the same above and below the line.
fn intersection_over_union(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    if a == b {
        return 1.0;
    }
    let shared = plane_area(&a.intersection(b));
    let union = plane_area(a) + plane_area(b) - shared;
    if union > 0.0 { shared / union } else { 0.0 }
}

#[expect(clippy::disallowed_methods, reason = "a quotient of areas in degrees, no square metres")]
fn plane_area(polygons: &MultiPolygon<f64>) -> f64 {
    use geo::Area;
    polygons.unsigned_area()
}

/// Pairs of units with the very same outline, by the later row.
pub fn of_units<'a>(units: impl Iterator<Item = (u64, &'a Boundary)>) -> Vec<Pair> {
    type Corners = (u64, u64, usize);
    let mut seen: HashMap<Corners, Vec<(u64, &Boundary)>> = HashMap::new();
    let mut pairs = Vec::new();
    for (row, unit) in units {
        let Some(rect) = unit.outline.get().bounding_rect() else { continue };
        let print =
            (rect.min().x.to_bits(), rect.max().y.to_bits(), unit.outline.get().coords_count());
        let alike = seen.entry(print).or_default();
        if let Some((first, other)) = alike.iter().find(|(_, other)| other.outline == unit.outline)
        {
            let detail = format!("`{}` and row {first}, `{}`", unit.name, other.name);
            pairs.push(Pair { row, detail });
        }
        alike.push((row, unit));
    }
    pairs
}

/// The sightings among facts.
pub fn sightings(facts: &[Event]) -> impl Iterator<Item = &Sighting> {
    facts.iter().filter_map(|fact| match fact {
        Event::PlotSighted(it) => Some(it),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{Metres, Position, RecordRef, SightingSource};

    fn sighting(number: usize, lon: f64, lat: f64, sigma: u32) -> Sighting {
        Sighting {
            plot: PlotId(number.to_string()),
            season: Season::of(date(2019, 1, 1)),
            date: date(2019, 1, 1),
            by: SightingSource::Sweep,
            position: Position::new(lon, lat).unwrap(),
            error: Some(Metres::whole(sigma)),
            outline: None,
            stage: None,
            source: RecordRef { dataset: String::new(), record: String::new() },
        }
    }

    #[test]
    fn near_plots_are_flagged_and_far_ones_are_not() {
        // 0.0002° of longitude is 20.6 m at 22.4 N; 0.0004° is 41 m.
        let all = [
            sighting(1, 102.7, 22.4, 5),
            sighting(2, 102.7002, 22.4, 5),
            sighting(3, 102.7006, 22.4, 5),
            sighting(4, 102.701, 22.4, 60),
        ];
        let rows = all.iter().enumerate().map(|(index, it)| (index as u64 + 2, it));
        let pairs = of_plots(rows);
        let told: Vec<String> = pairs.iter().map(|p| format!("{} {}", p.row, p.detail)).collect();
        assert_eq!(
            told,
            [
                "3 and row 2: 21 m apart",
                "5 and row 2: 103 m apart",
                "5 and row 3: 82 m apart",
                "5 and row 4: 41 m apart"
            ]
        );
    }

    proptest! {
        /// The tree is only a short cut: it must find what the slow loop finds.
        #[test]
        fn the_tree_agrees_with_the_slow_loop(
            places in prop::collection::vec((0..40u32, 0..40u32, 0..3u32), 0..40)
        ) {
            let all: Vec<Sighting> = places
                .iter()
                .enumerate()
                .map(|(n, (x, y, sigma))| {
                    let (lon, lat) = (102.7 + f64::from(*x) * 1e-4, 22.4 + f64::from(*y) * 1e-4);
                    sighting(n, lon, lat, sigma * 10)
                })
                .collect();
            let fast = of_plots(all.iter().enumerate().map(|(n, it)| (n as u64, it))).len();
            let mut slow = 0;
            for (n, a) in all.iter().enumerate() {
                for b in &all[n + 1..] {
                    let sigma = |it: &Sighting| it.error.unwrap().get();
                    let reach = (sigma(a).powi(2) + sigma(b).powi(2)).sqrt() * 2.0;
                    let metres = metres_between(a.position.coord(), b.position.coord());
                    slow += usize::from(metres <= NEAR.max(reach));
                }
            }
            prop_assert_eq!(fast, slow);
        }
    }
}

//! What is known of plots, and what each has to do with those of earlier and later seasons.

use geo_types::{Coord, MultiPolygon};
use rayon::prelude::*;

use crate::analysis::geometry::{near::Buckets, shape::Shape};

/// Metres within which two plots are one place unless another distance is asked for: an outline
/// walked twice differs by as much (DOMAIN §1.5, rule 12).
pub const DISTANCE: f64 = 30.0;

/// A plot as re-cultivation looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Plot<'a> {
    /// The year in which its season begins, or any other count of seasons.
    pub season: i32,
    /// Whether it was cleared: destroyed, and not standing again in that season.
    pub cleared: bool,
    /// Where, in metres; finite.
    pub at: Coord<f64>,
    /// 1 σ per axis of the position, metres; 0 where none is told.
    pub error: f64,
    /// The outline in metres, where it is known.
    pub outline: Option<&'a MultiPolygon<f64>>,
    /// The place that a record says it is on; two plots of one site are one place.
    pub site: Option<u32>,
}

/// Plots, prepared.
pub struct Plots<'a> {
    pub(super) all: &'a [Plot<'a>],
    pub(super) shapes: Vec<Shape>,
    /// Seasons that occur, ascending.
    pub(super) seasons: Vec<i32>,
    pub(super) widest_error: f64,
}

/// What a plot has to do with the plots cleared in any earlier season.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    /// The nearest of them by its place with the metres from edge to edge (points where no outline
    /// is known); of several equally near the first. `None`: nothing was cleared before.
    pub nearest: Option<(usize, f64)>,
    /// What the union of them covers of this plot's ground; `None` where its outline is not known,
    /// or where only points are known of those in reach.
    pub overlap: Option<Overlap>,
    /// How many of them are within each of the distances asked for.
    pub within: Vec<u32>,
    /// How many of them share ground with it, as far as outlines are known.
    pub overlapping: u32,
}

/// Ground shared with other plots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// m², none of it counted twice.
    pub area: f64,
    /// Of the plot's own ground, 0 to 1.
    pub share: f64,
    /// Whether there are plots in reach of which only a point is known: then it may be more.
    pub at_least: bool,
}

/// The first plot on a plot's place in a later season.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Return {
    /// Its season.
    pub season: i32,
    /// Its place; of several in that season the nearest, then the first.
    pub plot: usize,
    /// Metres from edge to edge.
    pub metres: f64,
    /// What the union of that season's plots covers of the earlier plot's ground.
    pub overlap: Option<Overlap>,
}

impl<'a> Plots<'a> {
    /// Prepares plots; their places in `plots` are what the answers name.
    pub fn new(plots: &'a [Plot<'a>]) -> Self {
        let shape = |plot: &Plot<'_>| {
            plot.outline.and_then(Shape::outline).unwrap_or_else(|| Shape::point(plot.at))
        };
        let mut seasons: Vec<i32> = plots.iter().map(|plot| plot.season).collect();
        seasons.sort_unstable();
        seasons.dedup();
        Self {
            shapes: plots.par_iter().map(shape).collect(),
            seasons,
            widest_error: plots.iter().map(|plot| plot.error).fold(0.0, f64::max),
            all: plots,
        }
    }

    /// Within how many metres of each other two plots are one place: the distance asked for, or
    /// 2 √(σ² + σ²) where their positions are known less well (DOMAIN §1.5, rule 12).
    pub fn reach(&self, one: usize, other: usize, distance: f64) -> f64 {
        distance.max(2.0 * self.all[one].error.hypot(self.all[other].error))
    }

    /// The most that [`Self::reach`] of one plot can be.
    pub(super) fn farthest(&self, one: usize, distance: f64) -> f64 {
        distance.max(2.0 * self.all[one].error.hypot(self.widest_error))
    }

    /// Whether two plots are one place: by record, else by distance.
    pub(super) fn one_place(&self, one: usize, other: usize, distance: f64) -> bool {
        let site = self.all[one].site;
        (site.is_some() && site == self.all[other].site)
            || self.shapes[one].distance(&self.shapes[other]) <= self.reach(one, other, distance)
    }

    fn overlap(&self, one: usize, others: &[usize], distance: f64) -> Option<Overlap> {
        let shape = &self.shapes[one];
        let area = shape.area();
        if area <= 0.0 {
            return None;
        }
        let grounds: Vec<&Shape> =
            others.iter().map(|at| &self.shapes[*at]).filter(|it| it.has_ground()).collect();
        let shared = shape.shared(&grounds);
        let at_least = others.iter().any(|at| {
            !self.shapes[*at].has_ground()
                && shape.distance(&self.shapes[*at]) <= self.reach(one, *at, distance)
        });
        (shared > 0.0 || !at_least).then(|| Overlap {
            area: shared,
            share: (shared / area).min(1.0),
            at_least,
        })
    }

    /// For every plot, what it has to do with the plots cleared in any earlier season; `distances`
    /// in metres, and `distance` the one within which two plots are one place (it says only where
    /// an overlap is uncertain).
    ///
    /// Cost: about n log n for scattered plots, on all threads; edges times edges for near ones.
    pub fn earlier(&self, distances: &[f64], distance: f64) -> Vec<Earlier> {
        let mut answers = vec![Earlier::default(); self.all.len()];
        for season in &self.seasons {
            let before: Vec<usize> = (0..self.all.len())
                .filter(|at| self.all[*at].cleared && self.all[*at].season < *season)
                .collect();
            let buckets = Buckets::new(&self.shapes, &before);
            let of_season: Vec<usize> =
                (0..self.all.len()).filter(|at| self.all[*at].season == *season).collect();
            let found: Vec<Earlier> = of_season
                .par_iter()
                .map(|at| self.earlier_of(*at, &buckets, distances, distance))
                .collect();
            for (at, answer) in of_season.into_iter().zip(found) {
                answers[at] = answer;
            }
        }
        answers
    }

    fn earlier_of(
        &self,
        one: usize,
        buckets: &Buckets,
        distances: &[f64],
        distance: f64,
    ) -> Earlier {
        let shape = &self.shapes[one];
        let mut within = vec![0; distances.len()];
        let widest = distances.iter().copied().fold(self.farthest(one, distance), f64::max);
        let mut near = Vec::new();
        buckets.within(shape.frame(), widest, |at| {
            if shape.frames_apart(&self.shapes[at]) <= widest {
                near.push(at);
            }
        });
        near.sort_unstable();
        for at in &near {
            let metres = shape.distance(&self.shapes[*at]);
            for (count, radius) in within.iter_mut().zip(distances) {
                *count += u32::from(metres <= *radius);
            }
        }
        let overlapping =
            near.iter().filter(|at| shape.shared(&[&self.shapes[**at]]) > 0.0).count();
        let nearest = buckets.nearest(&self.shapes, shape);
        Earlier {
            overlap: nearest.and_then(|_| self.overlap(one, &near, distance)),
            nearest,
            within,
            overlapping: overlapping as u32,
        }
    }

    /// For every plot, cleared or not, the first later season with a plot on its place; `None`
    /// where none is known up to the season `last`.
    ///
    /// Cost: seasons × (n log n), on all threads.
    pub fn returns(&self, distance: f64, last: i32) -> Vec<Option<Return>> {
        let mut answers: Vec<Option<Return>> = vec![None; self.all.len()];
        for season in self.seasons.iter().filter(|season| **season <= last) {
            let of_season: Vec<usize> =
                (0..self.all.len()).filter(|at| self.all[*at].season == *season).collect();
            let buckets = Buckets::new(&self.shapes, &of_season);
            let mut sites: Vec<(u32, usize)> =
                of_season.iter().filter_map(|at| Some((self.all[*at].site?, *at))).collect();
            sites.sort_unstable();
            let waiting: Vec<usize> = (0..self.all.len())
                .filter(|at| self.all[*at].season < *season && answers[*at].is_none())
                .collect();
            let found: Vec<Option<Return>> = waiting
                .par_iter()
                .map(|at| self.return_in(*at, *season, &buckets, &sites, distance))
                .collect();
            for (at, answer) in waiting.into_iter().zip(found) {
                answers[at] = answer;
            }
        }
        answers
    }

    fn return_in(
        &self,
        one: usize,
        season: i32,
        buckets: &Buckets,
        sites: &[(u32, usize)],
        distance: f64,
    ) -> Option<Return> {
        let shape = &self.shapes[one];
        let mut near = Vec::new();
        let farthest = self.farthest(one, distance);
        buckets.within(shape.frame(), farthest, |at| {
            if shape.frames_apart(&self.shapes[at]) <= farthest {
                near.push(at);
            }
        });
        if let Some(site) = self.all[one].site {
            let from = sites.partition_point(|(it, _)| *it < site);
            let own = sites[from..].iter().take_while(|(it, _)| *it == site);
            near.extend(own.map(|(_, at)| *at));
        }
        near.sort_unstable();
        near.dedup();
        let on_place = near.iter().filter(|at| self.one_place(one, **at, distance));
        let (plot, metres) = on_place
            .map(|at| (*at, shape.distance(&self.shapes[*at])))
            .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))?;
        Some(Return { season, plot, metres, overlap: self.overlap(one, &near, distance) })
    }
}

#[cfg(test)]
mod tests {
    use geo_types::polygon;
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn square(x: f64, y: f64, side: f64) -> MultiPolygon<f64> {
        polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
            .into()
    }

    fn plot(season: i32, cleared: bool, x: f64, outline: Option<&MultiPolygon<f64>>) -> Plot<'_> {
        Plot { season, cleared, at: Coord { x, y: 0.0 }, error: 0.0, outline, site: None }
    }

    #[test]
    fn nothing_before_is_no_distance_and_no_overlap() {
        let ground = square(0.0, 0.0, 10.0);
        let all = [plot(1, true, 0.0, Some(&ground)), plot(1, true, 5.0, None)];
        let plots = Plots::new(&all);
        let none = Earlier { within: vec![0], ..Earlier::default() };
        assert_eq!(plots.earlier(&[50.0], DISTANCE), [none.clone(), none]);
        assert_eq!(plots.returns(DISTANCE, 9), [None, None]);
        assert!(Plots::new(&[]).earlier(&[], DISTANCE).is_empty());
        // Known plots that nobody destroyed are nothing cleared.
        let all = [plot(1, false, 0.0, None), plot(2, true, 0.0, None)];
        assert_eq!(Plots::new(&all).earlier(&[], DISTANCE)[1].nearest, None);
    }

    #[test]
    fn points_have_a_distance_and_no_overlap() {
        let ground = square(100.0, 0.0, 10.0);
        let all = [
            plot(1, true, 0.0, None),
            plot(2, true, 40.0, None),
            plot(3, false, 0.0, Some(&ground)),
        ];
        let plots = Plots::new(&all);
        let earlier = plots.earlier(&[30.0, 60.0], DISTANCE);
        assert_eq!(earlier[1].nearest, Some((0, 40.0)));
        assert_eq!((earlier[1].overlap, &earlier[1].within), (None, &vec![0, 1]));
        assert_eq!(earlier[2].nearest, Some((1, 60.0)));
        // An outline with nothing in reach overlaps nothing; a point in reach leaves it open.
        assert_eq!(earlier[2].overlap, Some(Overlap { area: 0.0, share: 0.0, at_least: false }));
        assert_eq!(plots.earlier(&[], 60.0)[2].overlap, None);
    }

    #[test]
    fn errors_and_records_make_one_place() {
        let mut all =
            [plot(1, true, 0.0, None), plot(2, true, 45.0, None), plot(4, true, 900.0, None)];
        assert_eq!(Plots::new(&all).returns(DISTANCE, 9)[0], None);
        (all[0].error, all[1].error) = (20.0, 15.0); // 2 √(20² + 15²) = 50
        let back = Plots::new(&all).returns(DISTANCE, 9)[0].unwrap();
        assert_eq!((back.season, back.plot, back.metres, back.overlap), (2, 1, 45.0, None));
        (all[1].site, all[2].site) = (Some(7), Some(7));
        let back = Plots::new(&all).returns(DISTANCE, 9)[1].unwrap();
        assert_eq!((back.season, back.metres), (4, 855.0));
        assert_eq!(Plots::new(&all).returns(DISTANCE, 3)[1], None);
    }

    proptest! {
        /// Against loops over all pairs.
        #[test]
        fn seasons_and_buckets_change_nothing(
            seeds in vec((0..5_i32, any::<bool>(), 0.0..400.0_f64, 0.0..60.0_f64, 0.0..25.0_f64), 0..30),
        ) {
            let outlines: Vec<_> =
                seeds.iter().map(|(_, _, x, side, _)| (*side > 20.0).then(|| square(*x, 0.0, *side))).collect();
            let all: Vec<Plot<'_>> = seeds
                .iter()
                .zip(&outlines)
                .map(|((season, cleared, x, _, error), outline)| Plot {
                    error: *error,
                    ..plot(*season, *cleared, *x, outline.as_ref())
                })
                .collect();
            let plots = Plots::new(&all);
            let (earlier, returns) = (plots.earlier(&[50.0], DISTANCE), plots.returns(DISTANCE, 9));
            for (at, own) in all.iter().enumerate() {
                let metres = |other: usize| plots.shapes[at].distance(&plots.shapes[other]);
                let slow: Vec<usize> = (0..all.len())
                    .filter(|other| all[*other].cleared && all[*other].season < own.season)
                    .collect();
                let nearest = slow
                    .iter()
                    .map(|other| (*other, metres(*other)))
                    .min_by(|a, b| a.1.total_cmp(&b.1));
                prop_assert_eq!(earlier[at].nearest, nearest);
                let within = slow.iter().filter(|other| metres(**other) <= 50.0).count();
                prop_assert_eq!(earlier[at].within[0] as usize, within);
                if let Some(overlap) = earlier[at].overlap {
                    let grounds: Vec<&Shape> = slow.iter().map(|it| &plots.shapes[*it]).collect();
                    prop_assert!((overlap.area - plots.shapes[at].shared(&grounds)).abs() < 1e-9);
                }
                let back = (0..all.len())
                    .filter(|other| all[*other].season > own.season)
                    .filter(|other| metres(*other) <= plots.reach(at, *other, DISTANCE))
                    .min_by(|a, b| (all[*a].season, metres(*a)).partial_cmp(&(all[*b].season, metres(*b))).unwrap());
                prop_assert_eq!(returns[at].map(|it| it.plot), back);
            }
        }
    }
}

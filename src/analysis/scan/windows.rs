//! The windows in space: for each centre and shape the places in the order in which they enter.

use std::f64::consts::PI;

use geo_types::Coord;

use super::{data::Data, question::Windows};

/// Distances that differ by less than this part are equal. Coordinates in metres carry an error of
/// about a part in 10¹² of the distances between neighbours; half a millimetre in 500 km is equal.
const EQUAL: f64 = 1e-9;

/// The kinds of ellipses: length over width, and in how many directions.
const ELLIPSES: [(f64, u32); 5] = [(1.5, 4), (2.0, 6), (3.0, 9), (4.0, 12), (5.0, 15)];

/// The form of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Length over width; 1 is a circle.
    pub long: f64,
    /// The direction of the long axis in radians, counter-clockwise from the x axis.
    pub angle: f64,
}

/// The circle first, then the ellipses.
pub fn shapes(ellipses: bool) -> Vec<Shape> {
    let more = ELLIPSES.into_iter().filter(|_| ellipses).flat_map(|(long, count)| {
        (0..count).map(move |k| Shape { long, angle: PI * f64::from(k) / f64::from(count) })
    });
    std::iter::once(Shape { long: 1.0, angle: 0.0 }).chain(more).collect()
}

/// A place that enters a window, and whether the window may end with it: where the next one is as
/// far, it may not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    pub place: u32,
    pub ends: bool,
    /// Circle: the radius; ellipse: half its width; list: the distance there.
    pub reach: f64,
}

/// What grows windows.
#[derive(Debug)]
pub struct Growth<'a> {
    windows: Windows<'a>,
    population: &'a [f64],
    /// The most of it that a window may hold.
    most: f64,
    pub shapes: Vec<Shape>,
}

impl<'a> Growth<'a> {
    /// # Panics
    ///
    /// Where the windows are not of as many places as the data.
    pub fn new(windows: Windows<'a>, data: &'a Data, share: f64) -> Self {
        let count = match windows {
            Windows::Circles { at } | Windows::Ellipses { at, .. } => at.len(),
            Windows::Listed(lists) => lists.len(),
        };
        assert_eq!(count, data.places, "a position or a list for each place");
        let all: f64 = data.population.iter().sum();
        Self {
            windows,
            population: &data.population,
            most: all * share * (1.0 + crate::analysis::chance::tally::TIE),
            shapes: shapes(matches!(windows, Windows::Ellipses { .. })),
        }
    }

    /// What the ratio of a window of this shape counts: at most 1.
    pub fn weight(&self, shape: usize) -> f64 {
        match self.windows {
            Windows::Ellipses { penalty, .. } => {
                let long = self.shapes[shape].long;
                (4.0 * long / (long + 1.0).powi(2)).powf(penalty)
            }
            Windows::Circles { .. } | Windows::Listed(_) => 1.0,
        }
    }

    /// The windows around `centre`, up to the last that holds no more than it may.
    pub fn steps(&self, centre: usize, shape: usize) -> Vec<Step> {
        let mut order = self.order(centre, shape);
        // By distance, then by place: whatever the order of rows, one answer.
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut steps = Vec::with_capacity(order.len());
        let (mut held, mut start) = (0.0, 0);
        while start < order.len() {
            let far = order[start].0;
            let together = order[start..].iter().take_while(|it| it.0 <= far * (1.0 + EQUAL));
            let end = start + together.count();
            held += order[start..end].iter().map(|it| self.population[it.1 as usize]).sum::<f64>();
            if held > self.most {
                break;
            }
            steps.extend(order[start..end].iter().enumerate().map(|(nth, it)| Step {
                place: it.1,
                ends: start + nth + 1 == end,
                reach: order[end - 1].0,
            }));
            start = end;
        }
        steps
    }

    /// How many of these steps are windows of at most this share of the population, which is no
    /// more than what they were grown with.
    pub fn within(&self, steps: &[Step], share: f64) -> usize {
        let all: f64 = self.population.iter().sum();
        let most = all * share * (1.0 + crate::analysis::chance::tally::TIE);
        let (mut held, mut end) = (0.0, 0);
        // Those that enter together are summed together, as where they were grown.
        for together in steps.chunk_by(|step, _| !step.ends) {
            held += together.iter().map(|it| self.population[it.place as usize]).sum::<f64>();
            if held > most {
                break;
            }
            end += together.len();
        }
        end
    }

    fn order(&self, centre: usize, shape: usize) -> Vec<(f64, u32)> {
        let at = match self.windows {
            Windows::Circles { at } | Windows::Ellipses { at, .. } => at,
            Windows::Listed(lists) => return listed(centre, &lists[centre]),
        };
        let Shape { long, angle } = self.shapes[shape];
        let (sin, cos) = angle.sin_cos();
        let from = at[centre];
        let near = |(place, to): (usize, &Coord)| {
            let (x, y) = (to.x - from.x, to.y - from.y);
            let along = (x * cos + y * sin) / long;
            (along.hypot(y * cos - x * sin), place as u32)
        };
        if long == 1.0 {
            let near =
                |(place, to): (usize, &Coord)| ((to.x - from.x).hypot(to.y - from.y), place as u32);
            return at.iter().enumerate().map(near).collect();
        }
        at.iter().enumerate().map(near).collect()
    }

    /// The greatest distance between two of these places; `None` where only a list is known.
    pub fn span(&self, members: &[Step]) -> Option<f64> {
        let (Windows::Circles { at } | Windows::Ellipses { at, .. }) = self.windows else {
            return None;
        };
        let points: Vec<Coord> = members.iter().map(|step| at[step.place as usize]).collect();
        let far = |(nth, a): (usize, &Coord)| {
            points[nth..].iter().map(|b| (a.x - b.x).hypot(a.y - b.y)).fold(0.0, f64::max)
        };
        Some(points.iter().enumerate().map(far).fold(0.0, f64::max))
    }

    /// Whether the windows have a form on the ground.
    pub fn on_the_ground(&self) -> bool {
        !matches!(self.windows, Windows::Listed(_))
    }
}

/// A list with its own place first and each place once, as near as it is ever said to be.
fn listed(centre: usize, list: &[(u32, f64)]) -> Vec<(f64, u32)> {
    let mut order: Vec<(f64, u32)> = list
        .iter()
        .filter(|(place, far)| *place as usize != centre && *far >= 0.0)
        .map(|(place, far)| (*far, *place))
        .collect();
    order.sort_unstable_by(|a, b| a.1.cmp(&b.1).then(a.0.total_cmp(&b.0)));
    order.dedup_by_key(|it| it.1);
    // Below every distance: another place at distance 0 does not enter with it.
    order.push((f64::NEG_INFINITY, centre as u32));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::scan::question::Question;

    fn grown(at: &[Coord], windows: Windows<'_>, centre: usize, shape: usize) -> Vec<(u32, bool)> {
        let cases = vec![1; at.len()];
        let population = vec![1.0; at.len()];
        let data = Data::of(&Question::on_places(at, &cases, &population)).unwrap();
        let steps = Growth::new(windows, &data, 0.5).steps(centre, shape);
        steps.into_iter().map(|step| (step.place, step.ends)).collect()
    }

    fn points(all: &[(f64, f64)]) -> Vec<Coord> {
        all.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn places_equally_far_enter_together_and_half_is_the_end() {
        let at = points(&[(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (5.0, 0.0), (9.0, 0.0), (9.0, 9.0)]);
        let circles = Windows::Circles { at: &at };
        assert_eq!(grown(&at, circles, 0, 0), [(0, true), (1, false), (2, true)]);
        // The two of them would hold more than half together with what is there already.
        assert_eq!(grown(&at[..5], Windows::Circles { at: &at[..5] }, 0, 0), [(0, true)]);
    }

    #[test]
    fn a_long_ellipse_takes_what_lies_along_it() {
        let at =
            points(&[(0.0, 0.0), (0.0, 2.0), (3.0, 3.0), (8.0, 0.0), (0.0, 9.0), (99.0, 99.0)]);
        let ellipses = Windows::Ellipses { at: &at, penalty: 0.0 };
        // Shape 1: 1.5 long along x; the last direction of length 5 begins at 32.
        let lengths: Vec<f64> = shapes(true).iter().map(|shape| shape.long).collect();
        assert_eq!((lengths.len(), lengths[0], lengths[1], lengths[32]), (47, 1.0, 1.5, 5.0));
        assert_eq!(grown(&at, ellipses, 0, 32), [(0, true), (3, true), (1, true)]);
        assert_eq!(grown(&at, ellipses, 0, 0), [(0, true), (1, true), (2, true)]);
    }

    #[test]
    fn a_list_is_taken_by_its_distances_and_begins_at_home() {
        let at = points(&[(0.0, 0.0); 8]);
        let mut lists = vec![Vec::new(); 8];
        lists[2] = vec![(5, 3.0), (1, 0.0), (5, 2.0), (4, 2.0), (2, 9.0), (0, f64::NAN)];
        let steps = grown(&at, Windows::Listed(&lists), 2, 0);
        assert_eq!(steps, [(2, true), (1, true), (4, false), (5, true)]);
    }
}

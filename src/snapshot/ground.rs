//! Which units of a sheet a point lies in: exact, on the coordinates as they were given.
//!
//! A grid of buckets over the sheet. A bucket that no edge passes names the units that cover it;
//! the others name the units whose edges pass it, and a point there is tested against those edges
//! of the unit that meet the bucket's row, by a ray to the east with an exact predicate
//! (Shewchuk 1997, *Adaptive precision floating-point arithmetic*).

use geo::{
    GeoNum,
    kernels::{Kernel, Orientation},
};
use geo_types::{Coord, Polygon};

use super::Unit;

/// Buckets an edge, on average, and the most buckets of a sheet (4 bytes each and more).
const BUCKETS_AN_EDGE: usize = 4;
const MOST_BUCKETS: usize = 1 << 20;
/// Part of a bucket's side by which an edge is taken wider than it is: an index may offer too
/// much, never too little.
const SLACK: f64 = 1e-6;

/// How a unit lies about a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lies {
    /// The point is inside.
    Inside,
    /// The point is exactly on its edge.
    Edge,
}

/// The ground of the units of one sheet.
pub(super) struct Ground {
    low: Coord<f64>,
    high: Coord<f64>,
    /// Buckets a degree.
    scale: f64,
    columns: usize,
    rows: usize,
    /// Where each bucket's entries begin, row by row.
    starts: Vec<u32>,
    /// Of a unit that covers the bucket `place << 1`; of one whose edges pass it `place << 1 | 1`
    /// and then where in `edges` those that meet its row begin and end.
    entries: Vec<u32>,
    /// By unit and row; an edge stands in every row that it meets.
    edges: Vec<[Coord<f64>; 2]>,
}

/// The edges of one unit by the rows that they meet.
struct Bands {
    first_row: usize,
    starts: Vec<u32>,
    edges: Vec<[Coord<f64>; 2]>,
}

impl Ground {
    /// Indexes `units`; their places in it are what the answers name.
    pub(super) fn new<'u>(units: impl Iterator<Item = &'u Unit> + Clone) -> Self {
        let (mut edges, mut low, mut high) =
            (0, Coord { x: f64::MAX, y: f64::MAX }, Coord { x: f64::MIN, y: f64::MIN });
        for [from, _] in units.clone().flat_map(edges_of) {
            edges += 1;
            (low.x, low.y) = (low.x.min(from.x), low.y.min(from.y));
            (high.x, high.y) = (high.x.max(from.x), high.y.max(from.y));
        }
        let buckets = (edges * BUCKETS_AN_EDGE).clamp(64, MOST_BUCKETS) as f64;
        let (width, height) = ((high.x - low.x).max(1e-9), (high.y - low.y).max(1e-9));
        let scale = (buckets / (width * height)).sqrt();
        // A thin sheet must not have more buckets than asked for.
        let scale = scale.min(buckets / width.max(height));
        let mut ground = Self {
            low,
            high,
            scale,
            columns: (width * scale) as usize + 1,
            rows: (height * scale) as usize + 1,
            starts: Vec::new(),
            entries: Vec::new(),
            edges: Vec::new(),
        };
        if edges > 0 {
            ground.fill(units);
        }
        ground
    }

    fn fill<'u>(&mut self, units: impl Iterator<Item = &'u Unit>) {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (place, unit) in units.enumerate() {
            let edges: Vec<[Coord<f64>; 2]> = edges_of(unit).collect();
            let bands = self.bands(&edges);
            self.enter(place, &edges, &bands, &mut pairs);
            self.edges.extend(bands.edges);
        }
        let mut starts = vec![0_u32; self.columns * self.rows + 1];
        for (bucket, _) in &pairs {
            starts[*bucket as usize + 1] += 1;
        }
        for bucket in 1..starts.len() {
            starts[bucket] += starts[bucket - 1];
        }
        let mut next = starts.clone();
        self.entries = vec![0; pairs.len()];
        for (bucket, entry) in pairs {
            let place = &mut next[bucket as usize];
            self.entries[*place as usize] = entry;
            *place += 1;
        }
        self.starts = starts;
    }

    /// Grows with `y`, so that a point of an edge is never in a row that the edge does not meet.
    fn row(&self, y: f64) -> usize {
        (((y - self.low.y) * self.scale) as usize).min(self.rows - 1)
    }

    fn column(&self, x: f64) -> usize {
        (((x - self.low.x) * self.scale) as usize).min(self.columns - 1)
    }

    fn bands(&self, edges: &[[Coord<f64>; 2]]) -> Bands {
        let rows =
            |[from, to]: &[Coord<f64>; 2]| self.row(from.y.min(to.y))..=self.row(from.y.max(to.y));
        let first_row = edges.iter().map(|edge| *rows(edge).start()).min().unwrap_or_default();
        let last_row = edges.iter().map(|edge| *rows(edge).end()).max().unwrap_or_default();
        let mut starts = vec![0_u32; last_row - first_row + 2];
        for row in edges.iter().flat_map(rows) {
            starts[row - first_row + 1] += 1;
        }
        for row in 1..starts.len() {
            starts[row] += starts[row - 1];
        }
        let mut next = starts.clone();
        let mut sorted = vec![[Coord::zero(); 2]; next.last().map_or(0, |all| *all as usize)];
        for edge in edges {
            for row in rows(edge) {
                let place = &mut next[row - first_row];
                sorted[*place as usize] = *edge;
                *place += 1;
            }
        }
        Bands { first_row, starts, edges: sorted }
    }

    /// Enters the unit into every bucket that it covers or whose inside its edges pass.
    fn enter(
        &self,
        place: usize,
        edges: &[[Coord<f64>; 2]],
        bands: &Bands,
        pairs: &mut Vec<(u32, u32)>,
    ) {
        let mut passed: Vec<Vec<(usize, usize)>> = vec![Vec::new(); bands.starts.len() - 1];
        for edge in edges {
            let rows = self.row(edge[0].y.min(edge[1].y))..=self.row(edge[0].y.max(edge[1].y));
            for row in rows {
                passed[row - bands.first_row].push(self.columns_in_row(edge, row));
            }
        }
        for (row, spans) in passed.iter_mut().enumerate() {
            spans.sort_unstable();
            let row = row + bands.first_row;
            let (first_edge, last_edge) = bands.of_row(row);
            let edges = [first_edge, last_edge].map(|n| n + self.edges.len() as u32);
            let mut pair = |column: usize, passed: bool| {
                let bucket = (row * self.columns + column) as u32;
                pairs.push((bucket, (place as u32) << 1 | u32::from(passed)));
                if passed {
                    pairs.extend(edges.map(|edge| (bucket, edge)));
                }
            };
            let mut next = None;
            for (first_column, last_column) in spans.iter().copied() {
                let begin = next.unwrap_or(first_column);
                if begin < first_column {
                    // No edge between two passed buckets: all inside or all outside.
                    let middle = |n: usize| (n as f64 + 0.5) / self.scale;
                    let at = Coord { x: self.low.x + middle(begin), y: self.low.y + middle(row) };
                    let (first, last) = (first_edge as usize, last_edge as usize);
                    if about(&bands.edges[first..last], at) == Some(Lies::Inside) {
                        (begin..first_column).for_each(|column| pair(column, false));
                    }
                }
                (begin.max(first_column)..=last_column).for_each(|column| pair(column, true));
                next = Some(begin.max(last_column + 1));
            }
        }
    }

    /// The columns that an edge may pass in a row, a little more than it does.
    fn columns_in_row(&self, [from, to]: &[Coord<f64>; 2], row: usize) -> (usize, usize) {
        let slack = SLACK / self.scale;
        let south = self.low.y + row as f64 / self.scale - slack;
        let north = self.low.y + (row + 1) as f64 / self.scale + slack;
        let (mut west, mut east) = (from.x.min(to.x), from.x.max(to.x));
        let rise = to.y - from.y;
        if rise != 0.0 {
            let x_at = |y: f64| from.x + (to.x - from.x) * ((y - from.y) / rise).clamp(0.0, 1.0);
            let (one, other) = (x_at(south), x_at(north));
            (west, east) = (west.max(one.min(other)), east.min(one.max(other)));
        }
        (self.column(west - slack), self.column(east + slack))
    }

    /// Tells `found` every unit that the point is in or on the edge of, in ascending order.
    pub(super) fn about(&self, at: Coord<f64>, mut found: impl FnMut(usize, Lies)) {
        let within =
            at.x >= self.low.x && at.x <= self.high.x && at.y >= self.low.y && at.y <= self.high.y;
        if !within {
            return;
        }
        let bucket = self.row(at.y) * self.columns + self.column(at.x);
        for (place, edges) in self.of_bucket(bucket) {
            let lies = edges.map_or(Some(Lies::Inside), |edges| about(edges, at));
            if let Some(lies) = lies {
                found(place, lies);
            }
        }
    }

    /// The units of a bucket, with the edges of its row where any pass it.
    fn of_bucket(
        &self,
        bucket: usize,
    ) -> impl Iterator<Item = (usize, Option<&[[Coord<f64>; 2]]>)> {
        let entries = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        let mut entries = self.entries[entries].iter();
        std::iter::from_fn(move || {
            let entry = *entries.next()?;
            let passed = entry & 1 == 1;
            let edges = if passed {
                let (first, last) = (*entries.next()?, *entries.next()?);
                Some(&self.edges[first as usize..last as usize])
            } else {
                None
            };
            Some(((entry >> 1) as usize, edges))
        })
    }

    /// Whether any unit has the point in it or on its edge.
    pub(super) fn covers(&self, at: Coord<f64>) -> bool {
        let mut covered = false;
        self.about(at, |_, _| covered = true);
        covered
    }

    /// Units that may have ground in the rectangle between two corners, in ascending order.
    pub(super) fn meeting(&self, [low, high]: &[Coord<f64>; 2]) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        if high.x < self.low.x || low.x > self.high.x || high.y < self.low.y || low.y > self.high.y
        {
            return places;
        }
        for row in self.row(low.y)..=self.row(high.y) {
            for column in self.column(low.x)..=self.column(high.x) {
                let bucket = row * self.columns + column;
                places.extend(self.of_bucket(bucket).map(|(place, _)| place));
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The unit that covers the whole rectangle, if one does and no edge of any comes near.
    pub(super) fn whole(&self, low: Coord<f64>, high: Coord<f64>) -> Option<usize> {
        let within = low.x >= self.low.x
            && high.x <= self.high.x
            && low.y >= self.low.y
            && high.y <= self.high.y;
        let mut only = None;
        if !within {
            return None;
        }
        for row in self.row(low.y)..=self.row(high.y) {
            for column in self.column(low.x)..=self.column(high.x) {
                let mut units = self.of_bucket(row * self.columns + column);
                let (Some((place, None)), None) = (units.next(), units.next()) else {
                    return None;
                };
                if only.is_some_and(|only| only != place) {
                    return None;
                }
                only = Some(place);
            }
        }
        only
    }
}

impl Bands {
    /// Where the edges of a row of the sheet begin and end.
    fn of_row(&self, row: usize) -> (u32, u32) {
        (self.starts[row - self.first_row], self.starts[row - self.first_row + 1])
    }
}

/// How a unit lies about a point, from the edges that meet the point's row; `None`: the point is
/// outside.
fn about(edges: &[[Coord<f64>; 2]], at: Coord<f64>) -> Option<Lies> {
    let mut inside = false;
    for [from, to] in edges {
        let (from_above, to_above) = (from.y > at.y, to.y > at.y);
        if from_above != to_above {
            if at.x < from.x.min(to.x) {
                inside = !inside;
            } else if at.x <= from.x.max(to.x) {
                match <f64 as GeoNum>::Ker::orient2d(*from, *to, at) {
                    Orientation::Collinear => return Some(Lies::Edge),
                    side => inside ^= (side == Orientation::CounterClockwise) == to_above,
                }
            }
        } else if (*from == at || *to == at)
            || (from.y == at.y
                && to.y == at.y
                && from.x.min(to.x) <= at.x
                && at.x <= from.x.max(to.x))
        {
            return Some(Lies::Edge);
        }
    }
    inside.then_some(Lies::Inside)
}

/// The edges of a unit's rings, in degrees.
fn edges_of(unit: &Unit) -> impl Iterator<Item = [Coord<f64>; 2]> {
    let rings = |polygon| std::iter::once(Polygon::exterior(polygon)).chain(polygon.interiors());
    unit.outline()
        .iter()
        .flat_map(rings)
        .flat_map(|ring| ring.0.windows(2).map(|pair| [pair[0], pair[1]]))
}

//! Walks the rings of the units of a sheet and tells, piece by piece, who lies on the other side.
//!
//! Neighbours that were drawn together share exact edges, and those are found by looking the edge
//! up. Neighbours drawn apart share none: there the nearest ground outside is asked for, straight
//! out from the middle of a piece, no farther than the tolerance.

use geo_types::{Coord, LineString, MultiPolygon};
use rustc_hash::FxHashMap;

use super::{
    Unit, UnitRef,
    ground::Ground,
    segments::{Segment, Segments, rings},
    unit::divided,
};

/// Metres inside the own ground from which the ray outward starts: neighbours that share a line
/// but not its vertices lie on it or a hair beside.
const HAIR: f64 = 0.5;

/// Who lies on the other side of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    /// The unit at this place of the sheet.
    Neighbour(u32),
    /// A unit of a wider level, other than that on this side.
    Wider(UnitRef, UnitRef),
    /// A line that was given as a line runs here, that at this place.
    Given(u32),
    /// Nobody known.
    Nobody,
}

/// A straight piece of a ring.
pub(super) struct Piece {
    /// Where it begins, in degrees and metres; it ends where the next one begins.
    pub(super) from: [Coord<f64>; 2],
    pub(super) to: [Coord<f64>; 2],
    /// Whether it begins at a vertex and not where a long edge was cut.
    pub(super) at_vertex: bool,
    pub(super) length: f64,
    pub(super) beyond: Beyond,
    /// The neighbour has the very same edge.
    exact: bool,
}

impl Piece {
    /// Its middle, in degrees and metres.
    pub(super) fn middle(&self) -> [Coord<f64>; 2] {
        [(self.from[0] + self.to[0]) * 0.5, (self.from[1] + self.to[1]) * 0.5]
    }

    /// The place in metres that lies `metres` straight out from its middle; the unit lies to the
    /// left of its rings.
    pub(super) fn outward(&self, metres: f64) -> Coord<f64> {
        let along = self.to[1] - self.from[1];
        let length = along.x.hypot(along.y).max(f64::MIN_POSITIVE);
        self.middle()[1] + Coord { x: along.y, y: -along.x } * (metres / length)
    }
}

/// Straight pieces of one ring, all with the same beyond.
pub(super) struct Stretch {
    pub(super) beyond: Beyond,
    pub(super) degrees: LineString<f64>,
    pub(super) metric: LineString<f64>,
    pub(super) length: f64,
}

/// The units of a sheet, ready to be walked around.
pub(super) struct Walker<'u> {
    units: Vec<&'u Unit>,
    ground: &'u Ground,
    edges: &'u Segments,
    shared: FxHashMap<[u64; 4], [u32; 2]>,
    tolerance: f64,
}

/// No unit: the edge has one owner only.
const NONE: u32 = u32::MAX;

impl<'u> Walker<'u> {
    pub(super) fn new(
        units: Vec<&'u Unit>,
        ground: &'u Ground,
        edges: &'u Segments,
        tolerance: f64,
    ) -> Self {
        let mut shared: FxHashMap<[u64; 4], [u32; 2]> = FxHashMap::default();
        for (place, unit) in units.iter().enumerate() {
            for ring in unit.metric().into_iter().flat_map(rings) {
                for pair in ring.0.windows(2) {
                    let owners = shared.entry(edge_key(pair[0], pair[1])).or_insert([NONE; 2]);
                    let place = place as u32;
                    if owners[0] == NONE {
                        owners[0] = place;
                    } else if owners[1] == NONE && owners[0] != place {
                        owners[1] = place;
                    }
                }
            }
        }
        Self { units, ground, edges, shared, tolerance }
    }

    /// The rings of a unit as pieces that know their neighbours.
    pub(super) fn rings(&self, place: usize) -> Vec<Vec<Piece>> {
        let unit = self.units[place];
        let Some(metric) = unit.metric() else { return Vec::new() };
        let degrees = rings(unit.outline()).map(|ring| divided(&ring.0));
        degrees
            .zip(rings(metric))
            .map(|(degrees, metric)| self.ring(place, &degrees, metric))
            .collect()
    }

    fn ring(&self, place: usize, degrees: &[Coord<f64>], metric: &LineString<f64>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (d, m) in degrees.windows(2).zip(metric.0.windows(2)) {
            let length = (m[1] - m[0]).x.hypot((m[1] - m[0]).y);
            let owners = self.shared.get(&edge_key(m[0], m[1])).copied().unwrap_or([NONE; 2]);
            let other = owners.into_iter().find(|owner| *owner != place as u32 && *owner != NONE);
            let parts = match other {
                Some(_) => 1.0,
                None => (length * 2.0 / self.tolerance.max(1.0)).ceil().max(1.0),
            };
            for part in 0..parts as u32 {
                let at = |n: u32| {
                    let share = f64::from(n) / parts;
                    [d[0] + (d[1] - d[0]) * share, m[0] + (m[1] - m[0]) * share]
                };
                let to = if f64::from(part + 1) >= parts { [d[1], m[1]] } else { at(part + 1) };
                let mut piece = Piece {
                    from: at(part),
                    to,
                    at_vertex: part == 0,
                    length: length / parts,
                    beyond: other.map_or(Beyond::Nobody, Beyond::Neighbour),
                    exact: other.is_some(),
                };
                if other.is_none() {
                    piece.beyond = self.look_out(place, &piece);
                }
                pieces.push(piece);
            }
        }
        self.smooth(&mut pieces);
        pieces
    }

    /// Who lies straight out from a piece whose edge nobody shares.
    fn look_out(&self, place: usize, piece: &Piece) -> Beyond {
        let mut over = None;
        self.ground.about(piece.middle()[0], |other, _| {
            if other != place {
                over = over.or(Some(other as u32));
            }
        });
        if let Some(over) = over {
            return Beyond::Neighbour(over);
        }
        let (from, to) = (piece.outward(-HAIR), piece.outward(self.tolerance));
        let reach = self.tolerance + HAIR;
        let own_from = (HAIR + 1e-3) / reach;
        let first = (self.edges.about_ray(from, to))
            .filter_map(|edge| Some((edge.crossed_at(from, to)?, edge.place)))
            .filter(|(share, owner)| *owner as usize != place || *share > own_from)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        match first {
            Some((_, owner)) if owner as usize != place => Beyond::Neighbour(owner),
            _ => Beyond::Nobody,
        }
    }

    /// Gives runs shorter than the tolerance, not exactly shared, to what lies on both ends of
    /// them: a wiggle of one side only changes nothing.
    pub(super) fn smooth(&self, pieces: &mut [Piece]) {
        let runs = runs(pieces);
        if runs.len() < 3 {
            return;
        }
        let beyond: Vec<Beyond> = runs.iter().map(|run| pieces[run[0]].beyond).collect();
        for (place, run) in runs.iter().enumerate() {
            let (before, after) =
                (beyond[(place + runs.len() - 1) % runs.len()], beyond[(place + 1) % runs.len()]);
            let length: f64 = run.iter().map(|piece| pieces[*piece].length).sum();
            let exact = run.iter().any(|piece| pieces[*piece].exact);
            if before == after && length < self.tolerance && !exact {
                for piece in run {
                    pieces[*piece].beyond = before;
                }
            }
        }
    }
}

/// Pieces of one ring in runs with the same beyond, all the way round.
fn runs(pieces: &[Piece]) -> Vec<Vec<usize>> {
    let count = pieces.len();
    let turns = |n: usize| pieces[n].beyond != pieces[(n + count - 1) % count].beyond;
    let first = (0..count).find(|n| turns(*n)).unwrap_or(0);
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for n in (first..first + count).map(|n| n % count) {
        match runs.last_mut() {
            Some(run) if !turns(n) => run.push(n),
            _ => runs.push(vec![n]),
        }
    }
    runs
}

/// The ring as lines, one for every run of pieces with the same beyond.
pub(super) fn stretches(pieces: &[Piece]) -> Vec<Stretch> {
    let stretch = |run: Vec<usize>| {
        let (mut degrees, mut metric) = (Vec::new(), Vec::new());
        for (n, piece) in run.iter().map(|n| &pieces[*n]).enumerate() {
            if n == 0 || piece.at_vertex {
                degrees.push(piece.from[0]);
                metric.push(piece.from[1]);
            }
        }
        let last = &pieces[run[run.len() - 1]];
        degrees.push(last.to[0]);
        metric.push(last.to[1]);
        Stretch {
            beyond: pieces[run[0]].beyond,
            degrees: LineString(degrees),
            metric: LineString(metric),
            length: run.iter().map(|n| pieces[*n].length).sum(),
        }
    };
    runs(pieces).into_iter().map(stretch).collect()
}

/// An edge, whichever way it runs.
fn edge_key(from: Coord<f64>, to: Coord<f64>) -> [u64; 4] {
    let [a, b] = Segment::new(from, to, 0).ends;
    [a.x.to_bits(), a.y.to_bits(), b.x.to_bits(), b.y.to_bits()]
}

/// The edges of units by distance, each with its unit's place.
pub(super) fn edges<'u>(units: impl Iterator<Item = &'u Unit>) -> Segments {
    Segments::of(
        units.map(Unit::metric).enumerate().filter_map(
            |(place, ground): (usize, Option<&MultiPolygon<f64>>)| Some((place, ground?)),
        ),
    )
}

//! Lines and rings cut to the square that a tile draws, in grid units not yet rounded.

use geo_types::Coord;

use super::tile::{BUFFER, EXTENT};

const LOW: f64 = -BUFFER as f64;
const HIGH: f64 = (EXTENT + BUFFER) as f64;

/// Whether a place is drawn.
pub(super) fn holds(at: Coord<f64>) -> bool {
    (LOW..=HIGH).contains(&at.x) && (LOW..=HIGH).contains(&at.y)
}

/// The ring cut to the square (Sutherland and Hodgman 1974); empty where none of it is inside.
/// The last vertex repeats the first in neither the input nor the answer.
pub(super) fn ring(ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    if ring.iter().all(|at| holds(*at)) {
        return ring;
    }
    let sides: [(fn(Coord<f64>) -> f64, fn(&mut Coord<f64>)); 4] = [
        (|at| at.x - LOW, |at| at.x = LOW),
        (|at| HIGH - at.x, |at| at.x = HIGH),
        (|at| at.y - LOW, |at| at.y = LOW),
        (|at| HIGH - at.y, |at| at.y = HIGH),
    ];
    sides.into_iter().fold(ring, |ring, (inside, put)| {
        let mut cut = Vec::with_capacity(ring.len() + 4);
        let Some(mut from) = ring.last().copied() else { return cut };
        for to in ring {
            let (a, b) = (inside(from), inside(to));
            if (a >= 0.0) != (b >= 0.0) {
                let mut crossing = from + (to - from) * (a / (a - b));
                put(&mut crossing);
                cut.push(crossing);
            }
            if b >= 0.0 {
                cut.push(to);
            }
            from = to;
        }
        cut
    })
}

/// The pieces of a line inside the square (Liang and Barsky 1984). A line of one place is a piece
/// of one place.
pub(super) fn line(line: &[Coord<f64>]) -> Vec<Vec<Coord<f64>>> {
    let mut pieces: Vec<Vec<Coord<f64>>> = Vec::new();
    if let [only] = line {
        return if holds(*only) { vec![vec![*only]] } else { pieces };
    }
    let mut open = false;
    for ends in line.windows(2) {
        let (from, to) = (ends[0], ends[1]);
        let Some((enter, leave)) = inside(from, to) else {
            open = false;
            continue;
        };
        let at = |part: f64| from + (to - from) * part;
        match pieces.last_mut() {
            Some(piece) if open && enter <= 0.0 => piece.push(at(leave)),
            _ => pieces.push(vec![at(enter), at(leave)]),
        }
        open = leave >= 1.0;
    }
    pieces
}

/// The part of a segment inside the square, as shares of its length.
fn inside(from: Coord<f64>, to: Coord<f64>) -> Option<(f64, f64)> {
    let step = to - from;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (pace, room) in [
        (-step.x, from.x - LOW),
        (step.x, HIGH - from.x),
        (-step.y, from.y - LOW),
        (step.y, HIGH - from.y),
    ] {
        if pace == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if pace < 0.0 {
            enter = enter.max(room / pace);
        } else {
            leave = leave.min(room / pace);
        }
    }
    (enter <= leave).then_some((enter, leave))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Coord<f64> {
        Coord { x, y }
    }

    #[test]
    fn a_ring_around_the_tile_becomes_the_tile() {
        let far = 1e6;
        let cut = ring(vec![at(-far, -far), at(far, -far), at(far, far), at(-far, far)]);
        assert_eq!(cut.len(), 4);
        assert!(
            cut.iter()
                .all(|c| holds(*c) && !holds(*c * 1.01 + at(-50.0, -50.0) * 0.0) || holds(*c))
        );
    }

    #[test]
    fn a_ring_beside_the_tile_is_gone() {
        assert!(ring(vec![at(-900.0, 0.0), at(-800.0, 0.0), at(-800.0, 50.0)]).is_empty());
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_pieces() {
        let pieces = line(&[at(10.0, 10.0), at(10.0, 9000.0), at(20.0, 9000.0), at(20.0, 10.0)]);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0], [at(10.0, 10.0), at(10.0, HIGH)]);
        assert_eq!(pieces[1], [at(20.0, HIGH), at(20.0, 10.0)]);
    }

    #[test]
    fn a_line_inside_stays_whole() {
        let whole = [at(1.0, 1.0), at(5.0, 5.0), at(9.0, 1.0)];
        assert_eq!(line(&whole), [whole.to_vec()]);
    }
}

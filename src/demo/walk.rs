//! Where a team walks in a day: a smooth wandering that keeps to the slope and prefers the valleys.

use geo_types::Coord;

use super::{
    chance::Chance,
    ground::{metres, offset, rounded, shifted},
    relief::height,
    world::World,
};

/// Five ways to go on, as cosine and sine of the turn: straight, 25° and 55° to either side.
const TURNS: [(f64, f64); 5] = [
    (1.0, 0.0),
    (0.906_308, 0.422_618),
    (0.906_308, -0.422_618),
    (0.573_576, 0.819_152),
    (0.573_576, -0.819_152),
];
/// How near a team comes to a plot before it is there.
const ARRIVED: f64 = 160.0;

/// A day's path.
pub(super) struct Walk {
    /// Every 100 to 200 m, rounded to six decimals (11 cm, finer than any handheld).
    pub(super) path: Vec<Coord<f64>>,
    /// Its length in metres.
    pub(super) metres: f64,
    /// Which of the aims were reached.
    pub(super) reached: Vec<usize>,
}

/// Walks from `start` past as many of `aims` as lie on the way, in any order, for about `length`
/// metres, never leaving the world.
pub(super) fn walk(
    world: &World,
    chance: &mut Chance,
    start: Coord<f64>,
    aims: &[Coord<f64>],
    length: f64,
) -> Walk {
    let mut found = Walk { path: vec![rounded(start, 1e6)], metres: 0.0, reached: Vec::new() };
    let mut left: Vec<usize> = (0..aims.len()).collect();
    let mut here = start;
    let mut heading = any_heading(chance);
    // A team walks on to its aim, up to two and a half kilometres more than it planned.
    while found.metres < length || (!left.is_empty() && found.metres < length + 2_500.0) {
        left.sort_by(|&a, &b| metres(here, aims[a]).total_cmp(&metres(here, aims[b])));
        let aim = left.first().copied();
        if let Some(aim) = aim
            && metres(here, aims[aim]) < ARRIVED
        {
            left.remove(0);
            found.reached.push(aim);
            search_around(chance, aims[aim], &mut found);
            here = aims[aim];
            continue;
        }
        let step = chance.between(100.0, 195.0);
        heading = next_heading(chance, here, heading, aim.map(|aim| aims[aim]), step);
        let mut next = shifted(here, heading.0 * step, heading.1 * step);
        if !world.holds(next) {
            heading = (-heading.0, -heading.1);
            next = shifted(here, heading.0 * step, heading.1 * step);
            if !world.holds(next) {
                break;
            }
        }
        found.metres += step;
        found.path.push(rounded(next, 1e6));
        here = next;
    }
    found
}

/// The way on: the five turns are weighed by the climb, the height and the aim, and by whim.
fn next_heading(
    chance: &mut Chance,
    here: Coord<f64>,
    heading: (f64, f64),
    aim: Option<Coord<f64>>,
    step: f64,
) -> (f64, f64) {
    let toward = aim.map(|aim| unit(offset(here, aim)));
    let level = height(here);
    let mut best = (f64::INFINITY, heading);
    for (cos, sin) in TURNS {
        let way = (heading.0 * cos - heading.1 * sin, heading.0 * sin + heading.1 * cos);
        let there = height(shifted(here, way.0 * step * 2.0, way.1 * step * 2.0));
        let off = toward.map_or(0.0, |it| 1.0 - (way.0 * it.0 + way.1 * it.1));
        let cost = 9.0 * (there - level).abs()
            + 1.2 * there
            + 0.25 * (1.0 - cos)
            + if aim.is_some() { 0.55 * off } else { 0.0 }
            + 0.22 * chance.normal();
        if cost < best.0 {
            best = (cost, way);
        }
    }
    unit(best.1)
}

/// A few steps around a field, as a team does that has found one.
fn search_around(chance: &mut Chance, plot: Coord<f64>, found: &mut Walk) {
    let mut last = plot;
    for _ in 0..chance.whole(3, 6) {
        let next = shifted(plot, chance.between(-70.0, 70.0), chance.between(-70.0, 70.0));
        found.metres += metres(last, next);
        found.path.push(rounded(next, 1e6));
        last = next;
    }
}

fn any_heading(chance: &mut Chance) -> (f64, f64) {
    unit((chance.normal(), chance.normal()))
}

/// The same direction with length 1; east for no direction at all.
fn unit((east, north): (f64, f64)) -> (f64, f64) {
    let length = (east * east + north * north).sqrt();
    if length > 0.0 { (east / length, north / length) } else { (1.0, 0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_stays_inside_and_comes_past_its_aims() {
        let world = World::grid(16, 1);
        let start = world.communes[5].centre;
        let (mut reached, mut aimed) = (0, 0);
        for day in 0..40 {
            let mut chance = Chance::new(9, day);
            let aims = [shifted(start, 2_000.0, 1_500.0), shifted(start, -1_000.0, 2_500.0)];
            let walk = walk(&world, &mut chance, start, &aims, 9_000.0);
            assert!(walk.path.iter().all(|&place| world.holds(place)));
            assert!((4_000.0..15_500.0).contains(&walk.metres), "{} m", walk.metres);
            for pair in walk.path.windows(2) {
                assert!(metres(pair[0], pair[1]) < 330.0, "a jump of {}", metres(pair[0], pair[1]));
            }
            aimed += aims.len();
            reached += walk.reached.len();
        }
        assert!(reached * 10 > aimed * 7, "{reached} of {aimed} aims reached");
    }
}

//! A made-up world of any size from a fixed seed: communes that share wiggly lines, plots on them.
#![allow(dead_code, reason = "each bench uses its own part of the world")]
#![allow(clippy::unwrap_used, reason = "a bench stops at the first fault")]

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use jiff::civil::date;
use poppywatch::domain::{
    Boundary, Facts, Footprint, Level, Metres, Plot, PlotId, Position, RecordRef, Season,
    SightingSource, SiteId, UnitKey,
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

const WEST: f64 = 102.2;
const SOUTH: f64 = 21.6;
const WIDTH: f64 = 1.8;
const HEIGHT: f64 = 1.2;

fn unit_random(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// `side` × `side` communes, each of whose four lines has `bends` vertices.
pub fn communes(side: usize, bends: usize) -> Vec<Boundary> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (dx, dy) = (WIDTH / side as f64, HEIGHT / side as f64);
    let mut jitter = |at: Coord<f64>, by: f64| Coord {
        x: at.x + (unit_random(&mut random) - 0.5) * dx * by,
        y: at.y + (unit_random(&mut random) - 0.5) * dy * by,
    };
    let node = |c: usize, r: usize| Coord { x: WEST + c as f64 * dx, y: SOUTH + r as f64 * dy };
    let mut nodes = Vec::new();
    for r in 0..=side {
        nodes.push((0..=side).map(|c| jitter(node(c, r), 0.4)).collect::<Vec<_>>());
    }
    let mut line = |from: Coord<f64>, to: Coord<f64>| -> Vec<Coord<f64>> {
        let mut coords = vec![from];
        for n in 1..bends {
            let share = n as f64 / bends as f64;
            coords.push(jitter(from + (to - from) * share, 0.5 / bends as f64));
        }
        coords.push(to);
        coords
    };
    let mut rows = Vec::new();
    let mut columns = Vec::new();
    for row in &nodes {
        rows.push(row.windows(2).map(|pair| line(pair[0], pair[1])).collect::<Vec<_>>());
    }
    for pair in nodes.windows(2) {
        let ends = pair[0].iter().zip(&pair[1]);
        columns.push(ends.map(|(from, to)| line(*from, *to)).collect::<Vec<_>>());
    }
    let mut boundaries = Vec::new();
    for r in 0..side {
        for c in 0..side {
            let mut ring = rows[r][c].clone();
            ring.extend(columns[r][c + 1].iter().skip(1));
            ring.extend(rows[r + 1][c].iter().rev().skip(1));
            ring.extend(columns[r][c].iter().rev().skip(1));
            let outline = MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())]);
            let code = format!("{:05}", r * side + c);
            boundaries.push(Boundary {
                key: UnitKey {
                    scheme: "made-up".into(),
                    level: Level::Commune,
                    code: code.clone(),
                    valid_from: date(2010, 1, 1),
                },
                name: format!("Xã {code}"),
                aliases: Vec::new(),
                parent: None,
                outline: Footprint::stored(outline),
                error: Metres::whole(20),
                valid_to: None,
                legal_act: None,
                source: RecordRef { dataset: "made-up".into(), record: code },
            });
        }
    }
    boundaries
}

pub fn positions(count: usize) -> Vec<Position> {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut place = || {
        let (x, y) = (unit_random(&mut random), unit_random(&mut random));
        Position::new(WEST + x * WIDTH, SOUTH + y * HEIGHT).unwrap()
    };
    (0..count).map(|_| place()).collect()
}

pub fn plot(number: u64, position: Position) -> Plot {
    // Five seasons, the newest the largest.
    let year = 2019 + (number % 15).min(4) as i16;
    let reported_on = date(year + 1, 2, 20);
    Plot {
        number,
        id: PlotId(format!("{year}/{number:07}")),
        season: Season::starting(year).unwrap(),
        site: Some(SiteId(format!("s{}", number / 3))),
        position,
        error: Metres::whole(10),
        error_assumed: false,
        area: None,
        area_method: None,
        outline: None,
        first_source: SightingSource::Sweep,
        reported_on,
        confirmed_on: Some(reported_on),
        stage: None,
        lancing_on: reported_on,
        lancing_assumed: true,
        destroyed_on: None,
        destroyed_area: None,
        destruction_method: None,
        verified_on: None,
        verified_area: None,
        in_time_area: None,
        regrown_on: None,
        rejected: None,
        dataset: "made-up".into(),
    }
}

/// `plots` plots on 100 communes of 480 vertices.
pub fn facts(plots: usize) -> Facts {
    let numbered = positions(plots).into_iter().zip(1..);
    Facts {
        boundaries: communes(10, 120),
        plots: numbered.map(|(position, number)| plot(number, position)).collect(),
        ..Facts::default()
    }
}

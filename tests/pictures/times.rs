//! Pictures of seasons: classes of emerging hot spots, the return of cleared ground, displacement.

use geo_types::Coord;
use poppywatch::analysis::{
    displacement::{Zone, zones},
    recultivation::survival::{Spell, survival},
    time::{
        emerging::{Question, emerging},
        emerging_class::State,
    },
    weights::Neighbours,
};

use super::{
    DRAWS, keep,
    svg::{BAND, COLD, Frame, HOT, INK, LAND, LINE, SOFT, Sheet, TEAL},
};

#[test]
fn what_a_place_becomes_over_the_seasons() {
    // A row of 40 places over 12 seasons: four stretches with a story of their own.
    const SEASONS: usize = 12;
    let mut stream = DRAWS.streams().stream(6);
    let story = |place: usize, season: usize| -> f64 {
        match place {
            4..=6 => 6.0,
            13..=15 if season == SEASONS - 1 => 9.0,
            22..=24 if season >= 9 => 7.0,
            31..=33 if season < 8 => 7.0,
            _ => 0.0,
        }
    };
    let seasons: Vec<Vec<Option<f64>>> = (0..SEASONS)
        .map(|season| {
            (0..40)
                .map(|place| Some(story(place, season) + f64::from(u8::from(stream.unit() < 0.3))))
                .collect()
        })
        .collect();
    let neighbours = Neighbours::from_pairs(40, (1..40).map(|place| (place - 1, place)));
    let answer = emerging(&seasons, &Question::usual(&neighbours, DRAWS));
    let mut sheet =
        Sheet::new(660.0, 300.0, "Emerging hot spots: each column a place, each row a season");
    let frame = Frame {
        x: (0.0, 40.0),
        y: (12.0, 0.0),
        left: 60.0,
        top: 40.0,
        width: 580.0,
        height: 186.0,
    };
    for (season, bins) in answer.bins.iter().enumerate() {
        for (place, bin) in bins.iter().enumerate() {
            let state = bin.as_ref().map(|bin| bin.state);
            let fill = match state {
                Some(State::Hot) => HOT[1],
                Some(State::Cold) => COLD,
                Some(_) => LAND,
                None => "#ffffff",
            };
            let (x, y) = (place as f64, season as f64);
            let corner = |dx: f64, dy: f64| frame.at(x + dx, y + dy);
            sheet.polygon(
                &[corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)],
                fill,
                "#ffffff",
            );
        }
    }
    sheet.text((52.0, 52.0), "end", SOFT, "first");
    sheet.text((52.0, 222.0), "end", SOFT, "last");
    for place in [5, 14, 23, 32] {
        let word = match answer.places[place].class {
            Ok(class) => class.word(),
            Err(reason) => reason.word(),
        };
        let (x, y) = frame.at(place as f64 + 0.5, 12.0);
        sheet.line(&[(x, y + 2.0), (x, y + 16.0)], SOFT, 1.0, "");
        sheet.text((x, y + 32.0), "middle", INK, word);
    }
    sheet.text(
        (60.0, 24.0),
        "start",
        SOFT,
        "hot seasons in orange, after control of false finds over all 480 bins",
    );
    keep("emerging.svg", &sheet.finish());
}

#[test]
fn how_long_cleared_ground_stays_clear() {
    // Cleared sites: seasons until the next plot, or until nobody looked any more.
    let mut stream = DRAWS.streams().stream(7);
    let spells: Vec<Spell> = (0..80)
        .map(|_| {
            let returns = 1.0 + (-(1.0 - stream.unit()).ln() * 7.0).floor();
            let watched = 1.0 + f64::from(stream.below(8));
            Spell { time: returns.min(watched), ended: returns <= watched }
        })
        .collect();
    let steps = survival(&spells);
    let mut sheet =
        Sheet::new(660.0, 300.0, "The share of cleared sites without a new plot, by seasons since");
    let frame =
        Frame { x: (0.0, 8.0), y: (0.0, 1.0), left: 60.0, top: 40.0, width: 400.0, height: 200.0 };
    sheet.axes(&frame, "seasons since it was cleared", "share still clear");
    let mut line = vec![frame.at(0.0, 1.0)];
    let (mut low, mut high) = (line.clone(), line.clone());
    let (mut share, mut ends) = (1.0, [1.0, 1.0]);
    for step in &steps {
        let interval = step.interval.unwrap_or([step.survival; 2]);
        line.extend([frame.at(step.time, share), frame.at(step.time, step.survival)]);
        low.extend([frame.at(step.time, ends[0]), frame.at(step.time, interval[0])]);
        high.extend([frame.at(step.time, ends[1]), frame.at(step.time, interval[1])]);
        (share, ends) = (step.survival, interval);
    }
    line.push(frame.at(8.0, share));
    low.push(frame.at(8.0, ends[0]));
    high.push(frame.at(8.0, ends[1]));
    low.extend(high.into_iter().rev());
    sheet.polygon(&low, BAND, "none");
    sheet.line(&line, TEAL, 2.2, "");
    sheet.line(&[(480.0, 56.0), (504.0, 56.0)], TEAL, 2.2, "");
    sheet.text((512.0, 60.0), "start", INK, "Kaplan-Meier");
    sheet.polygon(&[(480.0, 72.0), (504.0, 72.0), (504.0, 88.0), (480.0, 88.0)], BAND, "none");
    sheet.text((512.0, 84.0), "start", INK, "95 % interval");
    let ended = spells.iter().filter(|spell| spell.ended).count();
    sheet.text((480.0, 120.0), "start", SOFT, &format!("{ended} of {} came back;", spells.len()));
    sheet.text((480.0, 138.0), "start", SOFT, "the others were seen");
    sheet.text((480.0, 156.0), "start", SOFT, "clear as long as");
    sheet.text((480.0, 174.0), "start", SOFT, "anybody looked.");
    keep("return.svg", &sheet.finish());
}

#[test]
fn rings_around_what_was_cleared() {
    let cells: Vec<Coord<f64>> = (0..12)
        .flat_map(|row| {
            (0..18).map(move |col| Coord {
                x: 500.0 + 1000.0 * f64::from(col),
                y: 500.0 + 1000.0 * f64::from(row),
            })
        })
        .collect();
    let cleared: Vec<bool> = cells
        .iter()
        .map(|at| (at.x - 6500.0).abs() < 1100.0 && (at.y - 6500.0).abs() < 600.0)
        .collect();
    let zones = zones(&cells, &cleared, &[2000.0, 4000.0]);
    let mut sheet = Sheet::new(
        660.0,
        330.0,
        "Displacement: cleared ground, the rings around it, and ground for comparison",
    );
    let frame = Frame {
        x: (0.0, 18_000.0),
        y: (0.0, 12_000.0),
        left: 12.0,
        top: 12.0,
        width: 450.0,
        height: 300.0,
    };
    for (at, zone) in cells.iter().zip(&zones) {
        let fill = match zone {
            Zone::Response => HOT[2],
            Zone::Ring(0) => HOT[1],
            Zone::Ring(_) => HOT[0],
            Zone::Control => LAND,
        };
        let corner = |dx: f64, dy: f64| frame.at(at.x + dx, at.y + dy);
        sheet.polygon(
            &[
                corner(-500.0, -500.0),
                corner(500.0, -500.0),
                corner(500.0, 500.0),
                corner(-500.0, 500.0),
            ],
            fill,
            LINE,
        );
    }
    let key = [
        (HOT[2], "cleared (response)"),
        (HOT[1], "ring up to 2 km"),
        (HOT[0], "ring up to 4 km"),
        (LAND, "the rest (control)"),
    ];
    for (row, (fill, words)) in key.into_iter().enumerate() {
        let y = 30.0 + 24.0 * row as f64;
        sheet.polygon(
            &[(478.0, y - 11.0), (496.0, y - 11.0), (496.0, y + 3.0), (478.0, y + 3.0)],
            fill,
            LINE,
        );
        sheet.text((504.0, y), "start", INK, words);
    }
    for (row, words) in
        ["If the rings gain more", "than the rest does, poppy", "may have moved there."]
            .into_iter()
            .enumerate()
    {
        sheet.text((478.0, 150.0 + 18.0 * row as f64), "start", SOFT, words);
    }
    keep("displacement.svg", &sheet.finish());
}

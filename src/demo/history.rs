//! What is told about one plot, from the first tip to the last look.

use geo_types::Coord;
use jiff::civil::Date;

use super::{
    chance::{Chance, later},
    ground::{irregular, rounded, shifted},
};
use crate::domain::{
    AreaMethod, Destruction, DestructionMethod, Footprint, GrowthStage, Measurement, Metres,
    PlotFacts, PlotId, Position, RecordRef, Rejection, RejectionReason, Season, Sighting,
    SightingSource, SquareMetres, Verification, VerificationResult,
};

/// A field that is really there, and how it came to be found.
pub(super) struct Found<'a> {
    pub(super) id: PlotId,
    pub(super) dataset: &'a str,
    pub(super) season: Season,
    /// Where it really is.
    pub(super) place: Coord<f64>,
    /// How large it really is, in m².
    pub(super) area: f64,
    pub(super) sown: Date,
    /// From sowing to lancing, in days: 120 at the fastest.
    pub(super) ripens_in: i64,
    /// Who told first.
    pub(super) by: SightingSource,
    pub(super) on: Date,
    /// A team that stood there afterwards, or first.
    pub(super) team: Option<String>,
}

/// Growth by the share of the time to lancing that has gone: blossom about 90 days after sowing
/// and lancing at 120 at the fastest, slower kinds in proportion.
fn stage(found: &Found<'_>, day: Date) -> GrowthStage {
    let age = i64::from((day - found.sown).get_days());
    let share = age as f64 / found.ripens_in as f64;
    match share {
        _ if share < 0.22 => GrowthStage::Seedling,
        _ if share < 0.50 => GrowthStage::Rosette,
        _ if share < 0.72 => GrowthStage::Stem,
        _ if share < 0.88 => GrowthStage::Flower,
        _ if share < 1.12 => GrowthStage::Capsule,
        _ => GrowthStage::Lanced,
    }
}

/// A new name for each record of the plot.
struct Names<'a> {
    found: &'a Found<'a>,
    made: usize,
}

impl Names<'_> {
    fn next(&mut self) -> RecordRef {
        self.made += 1;
        RecordRef {
            dataset: self.found.dataset.to_owned(),
            record: format!("{}/{}", self.found.id, self.made),
        }
    }
}

/// Everything told about one plot. The same stream of chance tells the same story.
pub(super) fn tell(chance: &mut Chance, found: &Found<'_>) -> PlotFacts {
    let mut names = Names { found, made: 0 };
    let mut facts = PlotFacts::default();
    let end = found.season.last_day();

    facts.sightings.push(sighting(chance, found, &mut names, found.by, found.on));
    let confirmed = if found.by.confirms() {
        Some(found.on)
    } else if chance.happens(0.85) {
        // Somebody goes and looks; what is none is found out then.
        let day = later(found.on, chance.whole(2, 15)).min(end);
        if chance.happens(0.16) {
            let reason = if chance.happens(0.6) {
                RejectionReason::NotPoppy
            } else {
                RejectionReason::NotFound
            };
            let source = names.next();
            facts.rejections.push(Rejection { plot: found.id.clone(), date: day, reason, source });
            return facts;
        }
        let by =
            if chance.happens(0.75) { SightingSource::Sweep } else { SightingSource::Stationed };
        facts.sightings.push(sighting(chance, found, &mut names, by, day));
        Some(day)
    } else {
        None
    };
    let Some(confirmed) = confirmed else { return facts };
    if chance.happens(0.12) {
        // The same field once more, some days later.
        let day = later(confirmed, chance.whole(1, 10)).min(end);
        facts.sightings.push(sighting(chance, found, &mut names, SightingSource::Commune, day));
    }
    if chance.happens(0.9) {
        measure(chance, found, &mut names, confirmed, &mut facts);
    }
    if chance.happens(0.93) {
        destroy(chance, found, &mut names, confirmed, &mut facts);
    }
    facts
}

fn sighting(
    chance: &mut Chance,
    found: &Found<'_>,
    names: &mut Names<'_>,
    by: SightingSource,
    day: Date,
) -> Sighting {
    let given = chance.happens(0.6);
    let error = match by {
        SightingSource::Tip => chance.whole(100, 300),
        SightingSource::Neighbour | SightingSource::Unknown => chance.whole(20, 60),
        SightingSource::Satellite => chance.whole(10, 20),
        SightingSource::Drone => chance.whole(3, 6),
        SightingSource::Sweep | SightingSource::Stationed | SightingSource::Commune => {
            chance.whole(4, 14)
        }
    };
    let sigma = if given { error as f64 } else { by.default_error().get() };
    let (east, north) = (sigma * chance.normal(), sigma * chance.normal());
    // An outline is walked where that is worth it, or cut out of a drone's picture.
    let outlined = match by {
        SightingSource::Drone => chance.happens(0.7),
        SightingSource::Sweep | SightingSource::Stationed => {
            chance.happens(if found.area >= 300.0 { 0.5 } else { 0.08 })
        }
        _ => false,
    };
    let place = rounded(shifted(found.place, east, north), 1e6);
    let walked = found.area * (1.0 + 0.12 * chance.normal()).clamp(0.6, 1.5);
    let outline = outlined.then(|| irregular(chance, place, walked));
    Sighting {
        plot: found.id.clone(),
        season: found.season,
        date: day,
        by,
        position: position(place),
        error: given.then(|| Metres::whole(error as u32)),
        outline: outline.and_then(|outline| Footprint::new(&outline).ok()),
        stage: chance.happens(0.8).then(|| stage(found, day)),
        source: names.next(),
    }
}

/// A place of this world is always a longitude and latitude.
#[expect(clippy::expect_used, reason = "worlds lie within degrees")]
pub(super) fn position(place: Coord<f64>) -> Position {
    Position::new(place.x, place.y).expect("worlds lie within degrees")
}

/// A whole number of m², and never nothing.
#[expect(clippy::expect_used, reason = "clamped to a positive number")]
fn square_metres(area: f64) -> SquareMetres {
    SquareMetres::new(area.round().max(1.0)).expect("a positive number")
}

fn measure(
    chance: &mut Chance,
    found: &Found<'_>,
    names: &mut Names<'_>,
    day: Date,
    facts: &mut PlotFacts,
) {
    let method = if found.area < 600.0 {
        chance.weighted(&[
            (AreaMethod::Tape, 5.0),
            (AreaMethod::Eye, 2.0),
            (AreaMethod::Pace, 2.0),
            (AreaMethod::Plants, 1.0),
        ])
    } else {
        chance.weighted(&[
            (AreaMethod::GpsPolygon, 4.0),
            (AreaMethod::Tape, 2.0),
            (AreaMethod::DroneOrtho, 2.0),
            (AreaMethod::Eye, 2.0),
        ])
    };
    let Some(method) = method else { return };
    facts.measurements.push(measurement(chance, found, names, day, method));
    if method == AreaMethod::Eye && chance.happens(0.5) {
        let day = later(day, chance.whole(0, 4)).min(found.season.last_day());
        facts.measurements.push(measurement(chance, found, names, day, AreaMethod::Tape));
    }
}

fn measurement(
    chance: &mut Chance,
    found: &Found<'_>,
    names: &mut Names<'_>,
    date: Date,
    method: AreaMethod,
) -> Measurement {
    let spread = match method {
        AreaMethod::Tape | AreaMethod::DroneOrtho => 0.03,
        AreaMethod::GpsPolygon | AreaMethod::Outline | AreaMethod::Satellite => 0.15,
        AreaMethod::Plants | AreaMethod::Pace => 0.2,
        AreaMethod::Eye | AreaMethod::Unknown => 0.35,
    };
    let seen = found.area * (1.0 + spread * chance.normal()).clamp(0.4, 2.0);
    // What is judged by eye is told in round numbers.
    let area = if method == AreaMethod::Eye { (seen / 10.0).round() * 10.0 } else { seen };
    let area = square_metres(area.max(10.0));
    Measurement { plot: found.id.clone(), date, area, method, source: names.next() }
}

fn destroy(
    chance: &mut Chance,
    found: &Found<'_>,
    names: &mut Names<'_>,
    confirmed: Date,
    facts: &mut PlotFacts,
) {
    let end = found.season.last_day();
    let lag = if chance.happens(0.45) { 0 } else { chance.whole(1, 14) };
    // One in twenty waits for weeks.
    let lag = if chance.happens(0.05) { lag + chance.whole(15, 40) } else { lag };
    let day = later(confirmed, lag).min(end);
    let unit = found.team.clone().unwrap_or_else(|| format!("D{:02}", chance.whole(1, 12)));
    let method = chance.weighted(&[
        (DestructionMethod::Uproot, 76.0),
        (DestructionMethod::Slash, 8.0),
        (DestructionMethod::OwnHand, 8.0),
        (DestructionMethod::Herbicide, 5.0),
        (DestructionMethod::Burn, 3.0),
    ]);
    let known = facts.measurements.last().map(|it| it.area);
    // Where an outline was walked too, two areas compete, and parts of which one?
    let plain = facts.sightings.iter().all(|it| it.outline.is_none());
    let partly = known.filter(|_| plain && chance.happens(0.12));
    let first = partly.map(|area| square_metres(area.get() * chance.between(0.4, 0.8)));
    let destruction = |date: Date, area: Option<SquareMetres>, source: RecordRef| Destruction {
        plot: found.id.clone(),
        date,
        method,
        area,
        unit: Some(unit.clone()),
        source,
    };
    facts.destructions.push(destruction(day, first, names.next()));
    let mut last = day;
    if let (Some(first), Some(whole)) = (first, partly)
        && chance.happens(0.7)
        && whole.get() > first.get()
    {
        last = later(day, chance.whole(2, 9)).min(end);
        let rest = square_metres(whole.get() - first.get());
        facts.destructions.push(destruction(last, Some(rest), names.next()));
    }
    if chance.happens(0.62) {
        let again = verify(chance, found, names, last, facts);
        if let Some(day) = again {
            facts.destructions.push(destruction(day, None, names.next()));
        }
    }
}

/// Another unit looks; where it stands again the first may come back, on the day returned.
fn verify(
    chance: &mut Chance,
    found: &Found<'_>,
    names: &mut Names<'_>,
    destroyed: Date,
    facts: &mut PlotFacts,
) -> Option<Date> {
    let end = found.season.last_day();
    let date = later(destroyed, chance.whole(3, 30)).min(end);
    let result = chance.weighted(&[
        (VerificationResult::Complete, 82.0),
        (VerificationResult::Partial, 8.0),
        (VerificationResult::Regrown, 5.0),
        (VerificationResult::NotDone, 2.0),
        (VerificationResult::NotFound, 3.0),
    ])?;
    let known = facts.measurements.last().map(|it| it.area.get());
    let remaining = match result {
        VerificationResult::Partial | VerificationResult::Regrown => {
            known.map(|area| square_metres(area * chance.between(0.08, 0.5)))
        }
        VerificationResult::Complete
        | VerificationResult::NotDone
        | VerificationResult::NotFound => None,
    };
    facts.verifications.push(Verification {
        plot: found.id.clone(),
        date,
        result,
        remaining,
        unit: Some(format!("KT{}", chance.whole(1, 4))),
        source: names.next(),
    });
    let stands = matches!(result, VerificationResult::Regrown | VerificationResult::NotDone);
    (stands && chance.happens(0.6)).then(|| later(date, chance.whole(1, 8)).min(end))
}

//! Rows about plots: one row may carry a sighting, a measurement, a destruction, a verification and
//! a rejection.

use jiff::{ToSpan, civil::Date};

use super::{
    draft::Draft,
    ground::{self, has_place},
    row::Row,
};
use crate::domain::{
    AreaMethod, CountryPack, Destruction, DestructionMethod, Event, Footprint, GrowthStage,
    Measurement, PhaseKind, PlotId, Position, RecordRef, Rejection, RejectionReason, Season,
    Sighting, SightingSource, SiteId, SiteLink, SquareMetres, Verification, VerificationResult,
};

const DATE_ASSUMED: (&str, &str) = (
    "date-assumed",
    "no day of the sighting is given: the first day of the season's survey phase is taken",
);
const NOT_MEASURABLE: (&str, &str) = (
    "not-measurable",
    "an area under 1,000 m² was measured by walking around it with a GPS, whose error is as large: \
     measure with a tape or count the plants",
);
const DENSITY: (&str, &str) =
    ("plant-density", "the plants and the area give a density outside 5 to 60 plants a m²");
const STAGE_EARLY: (&str, &str) = (
    "stage-early",
    "the growth stage is far ahead of the season's calendar: is the date or the stage wrong?",
);
const LARGE: (&str, &str) =
    ("large-plot", "outlines of more than 10 ha: are these really single plots?");
const AREA_DIFFERS: (&str, &str) = (
    "area-differs",
    "the area that is given and the one inside the outline differ by more than a factor of 3: is \
     the unit right?",
);

/// Ground that no plot covers: more is a unit or a mistake.
const LARGEST: f64 = 1e9;
/// How far ahead of the calendar of the pack (its fast end) a stage may be, in days.
const AHEAD: i64 = 45;
/// How far outside its season a date may lie, in days (DOMAIN §1.5, rule 3).
const MARGIN: i64 = 30;

fn unkeyed() -> RecordRef {
    RecordRef { dataset: String::new(), record: String::new() }
}

fn unnamed() -> PlotId {
    PlotId(String::new())
}

/// The facts of one row.
pub fn plot(mut row: Row<'_>) -> Draft {
    let id = row.id("id");
    let plot = row.id("plot");
    let season = row.season("season").or(row.env.request.season);
    let mut facts = Vec::new();
    let sighting = sighting(&mut row, season);
    let sighted_on = sighting.as_ref().map(|it| it.date);
    let measurement = measurement(&mut row, sighting.as_ref());
    let site = row.id("site");
    if let Some(sighting) = sighting {
        check_sighting(&mut row, &sighting, measurement.as_ref());
        if let Some(site) = site {
            facts.push(Event::SiteLinked(SiteLink {
                plot: unnamed(),
                site: SiteId(site),
                date: sighting.date,
                rule: "source/1".into(),
                source: unkeyed(),
            }));
        }
        facts.insert(0, Event::PlotSighted(sighting));
    }
    if let Some(measurement) = measurement {
        facts.insert(facts.len().min(1), Event::PlotMeasured(measurement));
    }
    facts.extend(destruction(&mut row).map(Event::PlotDestroyed));
    facts.extend(verification(&mut row).map(Event::PlotVerified));
    let rejection = rejection(&mut row, sighted_on);
    let duplicate_of = rejection.as_ref().and_then(|(_, other)| other.clone());
    facts.extend(rejection.map(|(fact, _)| Event::PlotRejected(fact)));

    let days: Vec<(&str, Date)> = facts.iter().filter_map(day_of).collect();
    let season = season.or_else(|| days.first().map(|(_, day)| Season::of(*day)));
    if let Some(season) = season {
        // The day of a measurement that names none is that of the sighting, judged already.
        let said = |field: &str| field != "measured_on" || row.says(field);
        let days: Vec<_> = days.iter().filter(|(field, _)| said(field)).collect();
        for (field, day) in days {
            check_season(&mut row, field, *day, season);
        }
    }
    if facts.is_empty() && row.reasons.is_empty() {
        row.reject("the row", "", "says nothing about a plot", "a place and a date, or a fact");
    }
    let sightless = sighted_on.is_none() && row.reasons.is_empty();
    if sightless && id.is_none() && plot.is_none() {
        let right = "an id or a plot, so that the fact finds its plot, or a place";
        row.reject("id", "", "is missing in a row without a place", right);
    }
    Draft {
        row: row.raw.row,
        id,
        plot,
        duplicate_of,
        season,
        plot_id: None,
        facts: if row.reasons.is_empty() { facts } else { Vec::new() },
        reasons: row.reasons,
        warnings: row.warnings,
    }
}

fn day_of(fact: &Event) -> Option<(&'static str, Date)> {
    match fact {
        Event::PlotSighted(it) => Some(("date", it.date)),
        Event::PlotMeasured(it) => Some(("measured_on", it.date)),
        Event::PlotDestroyed(it) => Some(("destroyed_on", it.date)),
        Event::PlotVerified(it) => Some(("verified_on", it.date)),
        Event::PlotRejected(it) => Some(("rejected_on", it.date)),
        _ => None,
    }
}

fn check_season(row: &mut Row<'_>, field: &str, day: Date, season: Season) {
    let (first, last) = (season.first_day(), season.last_day());
    let first = first.checked_sub(MARGIN.days()).unwrap_or(first);
    let last = last.checked_add(MARGIN.days()).unwrap_or(last);
    if day < first || day > last {
        let wrong = format!("lies outside of the season {season} (30 days either side allowed)");
        let right = format!("a day of {}", Season::of(day));
        row.reject(field, day.to_string(), wrong, format!("{right}, or the right season"));
    }
}

fn sighting(row: &mut Row<'_>, season: Option<Season>) -> Option<Sighting> {
    if !has_place(row) {
        return None;
    }
    let date = match row.event_day("date") {
        Some(date) => Some(date),
        None if row.says("date") => None,
        None => assumed_day(row, season),
    };
    let by = row.word("source").unwrap_or(SightingSource::Unknown);
    let error = row.metres("error");
    let stage: Option<GrowthStage> = row.word("stage");
    let (position, outline) = position(row)?;
    let date = date?;
    // A day just outside its season still belongs to it: a field sown in June.
    let season = season.unwrap_or_else(|| Season::of(date));
    Some(Sighting {
        plot: unnamed(),
        season,
        date,
        by,
        position,
        error,
        outline,
        stage,
        source: unkeyed(),
    })
}

fn assumed_day(row: &mut Row<'_>, season: Option<Season>) -> Option<Date> {
    let Some(season) = season else {
        let right = "a column with the day of the sighting, or --season 2018-2019";
        row.reject("date", "", "is missing", right);
        return None;
    };
    let day = survey_begins(row.env.context.pack, season);
    let today = row.env.context.today;
    if day > today {
        let wrong = format!("is missing, and the season's survey begins only on {day}");
        row.reject("date", "", wrong, "a column with the day of the sighting");
        return None;
    }
    row.warn(DATE_ASSUMED, day.to_string());
    Some(day)
}

/// The first day of the survey phase of a season, or of the season where the pack has none.
fn survey_begins(pack: &CountryPack, season: Season) -> Date {
    pack.phases
        .iter()
        .find(|phase| phase.kind == PhaseKind::SurveyAndEradication)
        .and_then(|phase| pack.phase_in(phase, season))
        .map_or_else(|| season.first_day(), |(first, _)| first)
}

fn position(row: &mut Row<'_>) -> Option<(Position, Option<Footprint>)> {
    let geometry = ground::place_of(row)?;
    if let Some(point) = ground::point_of(&geometry) {
        return Position::new(point.x(), point.y()).ok().map(|position| (position, None));
    }
    let Some(polygons) = ground::polygons_of(&geometry) else {
        let wrong = format!("is {}", ground::name_of(&geometry));
        row.reject("geometry", "", wrong, "a plot is a point or a polygon");
        return None;
    };
    let outline = ground::outline_of(row, &polygons)?;
    let area = SquareMetres::of(&outline).get();
    if area > LARGEST {
        let wrong = format!("covers {:.0} km²: it is no plot", area / 1e6);
        row.reject("geometry", "", wrong, "the outline of one plot, or another kind of file");
        return None;
    }
    if area > 1e5 {
        row.warn(LARGE, format!("{:.1} ha", area / 1e4));
    }
    let position = ground::inside(&outline);
    if position.is_none() {
        row.reject("geometry", "", "has no inside", "the outline of one plot");
    }
    position.map(|position| (position, Some(outline)))
}

fn measurement(row: &mut Row<'_>, sighting: Option<&Sighting>) -> Option<Measurement> {
    let method: Option<AreaMethod> = row.word("area_method");
    let area = row.area("area");
    let plants = row.count("plants");
    let date = row.event_day("measured_on");
    let area = area?;
    if area.get() == 0.0 {
        let right = "more than 0 m², or an empty cell where nobody measured: unknown is not zero";
        row.reject("area", "0", "is no area of a plot", right);
        return None;
    }
    if let Some(plants) = plants {
        let density = f64::from(plants) / area.get();
        if !(5.0..=60.0).contains(&density) {
            row.warn(DENSITY, format!("{density:.1} plants a m²"));
        }
    }
    let date = date.or(sighting.map(|it| it.date));
    if date.is_none() && !row.says("measured_on") && !has_place(row) {
        row.reject("measured_on", "", "is missing", "the day of the measurement");
    }
    Some(Measurement {
        plot: unnamed(),
        date: date?,
        area,
        method: method.unwrap_or(AreaMethod::Unknown),
        source: unkeyed(),
    })
}

fn check_sighting(row: &mut Row<'_>, sighting: &Sighting, measured: Option<&Measurement>) {
    if let Some(measured) = measured {
        let poor = sighting.error.is_none_or(|error| error.get() >= 5.0);
        let walked = measured.method == AreaMethod::GpsPolygon;
        if walked && measured.area.get() < 1000.0 && poor {
            row.warn(NOT_MEASURABLE, format!("{} m²", measured.area.get()));
        }
        if let Some(outline) = &sighting.outline {
            let inside = SquareMetres::of(outline).get();
            let ratio = measured.area.get() / inside.max(f64::MIN_POSITIVE);
            if inside > 1000.0 && !(1.0 / 3.0..=3.0).contains(&ratio) {
                row.warn(
                    AREA_DIFFERS,
                    format!("{} m² given, {inside:.0} m² inside", measured.area.get()),
                );
            }
        }
    }
    let pack = row.env.context.pack;
    if let Some(stage) = sighting.stage
        && let Some(days) = pack.days_from(stage)
    {
        let lancing = pack.lancing_in(sighting.season);
        let earliest = lancing.checked_sub((i64::from(days) + AHEAD).days()).unwrap_or(lancing);
        if sighting.date < earliest {
            row.warn(STAGE_EARLY, format!("{stage} on {}", sighting.date));
        }
    }
}

fn destruction(row: &mut Row<'_>) -> Option<Destruction> {
    let date = row.event_day("destroyed_on");
    let method: Option<DestructionMethod> = row.word("destruction_method");
    let area = row.area("destroyed_area");
    let unit = row.unit("destroyed_by");
    if date.is_none() && !row.says("destroyed_on") {
        // Zero m² destroyed on no day is how lists say `not yet`.
        let told = area.is_some_and(|area| area.get() > 0.0) || method.is_some();
        if told {
            let right =
                "the day of the destruction; leave method and area empty where there is none";
            row.reject("destroyed_on", "", "is missing", right);
        }
        return None;
    }
    Some(Destruction { plot: unnamed(), date: date?, method, area, unit, source: unkeyed() })
}

fn verification(row: &mut Row<'_>) -> Option<Verification> {
    let date = row.event_day("verified_on");
    let result: Option<VerificationResult> = row.word("verification_result");
    let remaining = row.area("remaining_area");
    let unit = row.unit("verified_by");
    match (date, result) {
        (Some(date), Some(result)) => {
            Some(Verification { plot: unnamed(), date, result, remaining, unit, source: unkeyed() })
        }
        (Some(_), None) if !row.says("verification_result") => {
            let right = "one of: complete, partial, regrown, not-done, not-found";
            row.reject("verification_result", "", "is missing", right);
            None
        }
        (None, Some(_)) if !row.says("verified_on") => {
            row.reject("verified_on", "", "is missing", "the day of the verification");
            None
        }
        _ => None,
    }
}

/// The rejection, and the plot of which it is a duplicate as the row writes it.
fn rejection(row: &mut Row<'_>, sighted_on: Option<Date>) -> Option<(Rejection, Option<String>)> {
    let date = row.event_day("rejected_on");
    let word = row.text("rejection_reason");
    let duplicate_of = row.id("duplicate_of");
    let folded = word.as_deref().map(super::heading::key);
    let reason = match (folded.as_deref(), &duplicate_of) {
        (None, None) => None,
        (None | Some("duplicate" | "duplicateof" | "trung" | "trunglap"), Some(other)) => {
            Some(RejectionReason::DuplicateOf(PlotId(other.clone())))
        }
        (Some("notpoppy" | "khongphai" | "khongphaithuocphien"), _) => {
            Some(RejectionReason::NotPoppy)
        }
        (Some("notfound" | "khongthay" | "khongtimthay"), _) => Some(RejectionReason::NotFound),
        (Some("duplicate" | "duplicateof" | "trung" | "trunglap"), None) => {
            row.reject("duplicate_of", "", "is missing", "the plot of which it is a duplicate");
            None
        }
        (Some(_), _) => {
            let right = "one of: not-poppy, not-found, duplicate";
            row.reject("rejection_reason", word.clone().unwrap_or_default(), "is unknown", right);
            None
        }
    };
    if reason.is_none() && date.is_some() && word.is_none() {
        let right = "one of: not-poppy, not-found, duplicate";
        row.reject("rejection_reason", "", "is missing", right);
    }
    let reason = reason?;
    let date = match date {
        Some(date) => date,
        None if row.says("rejected_on") => return None,
        None => {
            if let Some(day) = sighted_on {
                day
            } else {
                row.reject("rejected_on", "", "is missing", "the day of the rejection");
                return None;
            }
        }
    };
    Some((Rejection { plot: unnamed(), date, reason, source: unkeyed() }, duplicate_of))
}

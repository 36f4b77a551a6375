//! Rows about patrols: tracks that were walked, and searches that found nothing.

use geo::{CoordsIter, Distance, Haversine};
use geo_types::{Geometry, MultiLineString, Point};
use jiff::Timestamp;

use super::{draft::Draft, ground, row::Row};
use crate::domain::{
    EmptySearch, Event, PatrolLeg, Position, RecordRef, SearchedGround, Season, Track,
};

const FAST: (&str, &str) = (
    "faster-than-walking",
    "tracks faster than 7 km/h on the whole: part of them was not walked, and what is driven is not \
     searched",
);
const PARTS: (&str, &str) =
    ("parts-left-out", "parts of a track that stay on one place are left out");
const WIDE: (&str, &str) =
    ("wide-search", "searches with a radius of more than 2 km: is the unit metres?");

/// The fastest that a team walks, km/h (DOMAIN §2.5).
const WALKING: f64 = 7.0;
/// No team searches everything within more than this, metres.
const WIDEST: f64 = 20_000.0;

fn unkeyed() -> RecordRef {
    RecordRef { dataset: String::new(), record: String::new() }
}

/// One leg.
pub fn track(mut row: Row<'_>) -> Draft {
    let id = row.id("id");
    let team = row.unit("team");
    let (start, end) = (row.moment("start"), row.moment("end"));
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        row.reject("end", end.to_string(), format!("is before the start, {start}"), "the end");
    }
    let date = match row.event_day("date") {
        Some(date) => Some(date),
        None if row.says("date") || row.says("start") && start.is_none() => None,
        None => {
            let date = start.map(|start| start.to_zoned_datetime(row.env.zone.clone()).date());
            if date.is_none() {
                row.reject("date", "", "is missing", "the day, or the time of the start");
            }
            date
        }
    };
    if let (Some(date), Some(season)) = (date, row.env.request.season)
        && Season::of(date) != season
    {
        let wrong = format!("lies outside of the season {season}");
        row.reject("date", date.to_string(), wrong, format!("--season {}", Season::of(date)));
    }
    let sweep_width = row.metres("sweep_width").or(row.env.request.sweep_width);
    if sweep_width.is_some_and(|width| width.get() == 0.0 || width.get() > 1000.0) {
        let right = "a width between 0 and 1,000 m, or none where nobody knows";
        row.reject("sweep_width", "", "is no width that a team searches", right);
    }
    let line = line(&mut row);
    if let (Some(line), Some(start), Some(end)) = (&line, start, end) {
        check_speed(&mut row, line, start, end);
    }
    let mut draft = Draft { row: row.raw.row, id, ..Draft::default() };
    if row.reasons.is_empty()
        && let (Some(date), Some(line)) = (date, line)
    {
        draft.facts.push(Event::LegWalked(PatrolLeg {
            id: String::new(),
            season: Season::of(date),
            date,
            team,
            track: Track(line),
            walked: start.zip(end),
            sweep_width,
            source: unkeyed(),
        }));
    }
    draft.reasons = row.reasons;
    draft.warnings = row.warnings;
    draft
}

fn line(row: &mut Row<'_>) -> Option<MultiLineString<f64>> {
    let Some(geometry) = ground::place_of(row) else {
        if !ground::has_place(row) {
            row.reject("geometry", "", "is missing", "a track is a line");
        }
        return None;
    };
    let Some((lines, left_out)) = ground::lines_of(&geometry) else {
        let wrong = format!("is {}", ground::name_of(&geometry));
        row.reject("geometry", "", wrong, "a track is a line, one row a leg");
        return None;
    };
    if lines.0.is_empty() {
        row.reject("geometry", "", "stays on one place", "a track with two places or more");
        return None;
    }
    if left_out > 0 {
        row.warn(PARTS, format!("{left_out} parts"));
    }
    Some(lines)
}

fn check_speed(row: &mut Row<'_>, line: &MultiLineString<f64>, start: Timestamp, end: Timestamp) {
    let hours = (end.as_second() - start.as_second()) as f64 / 3600.0;
    let metres: f64 = line
        .iter()
        .flat_map(|part| part.0.windows(2))
        .map(|pair| Haversine.distance(Point(pair[0]), Point(pair[1])))
        .sum();
    if hours <= 0.0 {
        return;
    }
    let speed = metres / 1000.0 / hours;
    if speed > WALKING {
        row.warn(FAST, format!("{:.1} km in {hours:.1} h: {speed:.0} km/h", metres / 1000.0));
    }
}

/// One search that found nothing.
pub fn empty_search(mut row: Row<'_>) -> Draft {
    let id = row.id("id");
    let team = row.unit("team");
    let date = row.event_day("date");
    if date.is_none() && !row.says("date") {
        row.reject("date", "", "is missing", "the day of the search");
    }
    if let (Some(date), Some(season)) = (date, row.env.request.season)
        && Season::of(date) != season
    {
        let wrong = format!("lies outside of the season {season}");
        row.reject("date", date.to_string(), wrong, format!("--season {}", Season::of(date)));
    }
    let ground = if let Some(geometry) = ground::place_of(&mut row) {
        searched(&mut row, &geometry)
    } else {
        if !ground::has_place(&row) {
            row.reject("geometry", "", "is missing", "a point with a radius, or a polygon");
        }
        None
    };
    let mut draft = Draft { row: row.raw.row, id, ..Draft::default() };
    if row.reasons.is_empty()
        && let (Some(date), Some(ground)) = (date, ground)
    {
        draft.facts.push(Event::SearchedEmpty(EmptySearch {
            id: String::new(),
            season: Season::of(date),
            date,
            team,
            ground,
            source: unkeyed(),
        }));
    }
    draft.reasons = row.reasons;
    draft.warnings = row.warnings;
    draft
}

fn searched(row: &mut Row<'_>, geometry: &Geometry<f64>) -> Option<SearchedGround> {
    if let Some(point) = ground::point_of(geometry) {
        let Some(radius) = row.metres("radius") else {
            if !row.says("radius") {
                let right = "how far around the point they looked, in metres";
                row.reject("radius", "", "is missing", right);
            }
            return None;
        };
        if radius.get() <= 0.0 || radius.get() > WIDEST {
            let right = "more than 0 and at most 20,000 m";
            row.reject("radius", radius.get().to_string(), "is no radius of a search", right);
            return None;
        }
        if radius.get() > 2000.0 {
            row.warn(WIDE, format!("{} m", radius.get()));
        }
        let centre = Position::new(point.x(), point.y()).ok()?;
        return Some(SearchedGround::Around { centre, radius });
    }
    if let Some(polygons) = ground::polygons_of(geometry) {
        return ground::outline_of(row, &polygons).map(SearchedGround::Within);
    }
    let wrong = format!("is {} of {} places", ground::name_of(geometry), geometry.coords_count());
    row.reject("geometry", "", wrong, "a point with a radius, or a polygon; lines are `tracks`");
    None
}

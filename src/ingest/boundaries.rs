//! Rows of a boundary file: units with their outlines, and lines between units.

use geo_types::{Geometry, MultiLineString};
use unicode_normalization::UnicodeNormalization;

use super::{
    draft::Draft,
    ground,
    heading::{key, without_level_word},
    row::Row,
};
use crate::domain::{
    BorderLine, Boundary, Event, Footprint, Level, Metres, RecordRef, SquareMetres, UnitKey,
};

const ERROR_ASSUMED: (&str, &str) = (
    "boundary-error-assumed",
    "no error of the lines is given: 50 m is assumed; say it with a column `error` or --error",
);
const LEVEL_WORD: (&str, &str) = (
    "level-word-in-name",
    "names begin with the word of their level (Xã, Huyện): the name is kept without it and the \
     whole is an alias",
);
const CODE_AS_NUMBER: (&str, &str) = (
    "code-as-number",
    "codes came as numbers: leading zeros, if there were any, are lost (03463 became 3463); save \
     the column as text",
);
const NO_NAME: (&str, &str) = ("no-name", "units without a name: their code stands for it");

/// The error of lines where nothing is said about it.
const ERROR: Metres = Metres::whole(50);

fn unkeyed() -> RecordRef {
    RecordRef { dataset: String::new(), record: String::new() }
}

/// One unit.
pub fn unit(mut row: Row<'_>) -> Draft {
    let defaults = &row.env.request.boundary;
    let level = level(&mut row).or(defaults.level);
    if level.is_none() && !row.says("level") {
        row.reject("level", "", "is missing", "a column `level`, or --level commune");
    }
    let scheme = row.text("scheme").or_else(|| defaults.scheme.clone());
    if scheme.is_none() {
        row.reject("scheme", "", "is missing", "who hands out the codes: --scheme gso");
    }
    let code = row.name("code");
    if code.is_none() && !row.says("code") {
        row.reject("code", "", "is missing", "the unit's code as text");
    }
    if code.is_some() && row.env.mapped.slot("code").is_some_and(|slot| slot.numeric) {
        row.warn(CODE_AS_NUMBER, code.clone().unwrap_or_default());
    }
    let (name, mut aliases) = name(&mut row, code.as_deref());
    if let Some(more) = row.text("aliases") {
        aliases.extend(more.split(';').map(|alias| alias.trim().nfc().collect::<String>()));
    }
    aliases.retain(|alias| !alias.is_empty() && Some(alias) != name.as_ref());
    aliases.dedup();
    let parent = row.name("parent");
    let (valid_from, valid_to) = in_force(&mut row);
    let legal_act = row.text("legal_act").or_else(|| defaults.legal_act.clone());
    let error = error(&mut row);
    let outline = outline(&mut row);
    if let Some(outline) = &outline
        && SquareMetres::of(outline).get() < 1.0
    {
        row.reject("geometry", "", "covers less than 1 m²", "the outline of a unit");
    }
    let dated = row.says("valid_from");
    let levelled = row.says("level");
    let mut draft = Draft { row: row.raw.row, ..Draft::default() };
    if let (Some(level), Some(code), Some(valid_from)) = (level, &code, valid_from) {
        // A file with several times or levels may have a code in each of them.
        let mut id = code.clone();
        if levelled {
            id = format!("{}:{id}", level.word());
        }
        if dated {
            id = format!("{id}@{valid_from}");
        }
        draft.id = Some(id);
    }
    if row.reasons.is_empty()
        && let (Some(level), Some(scheme), Some(code), Some(name)) = (level, scheme, code, name)
        && let (Some(valid_from), Some(outline)) = (valid_from, outline)
    {
        draft.facts.push(Event::BoundaryDeclared(Boundary {
            key: UnitKey { scheme, level, code, valid_from },
            name,
            aliases,
            parent,
            outline,
            error,
            valid_to,
            legal_act,
            source: unkeyed(),
        }));
    }
    draft.reasons = row.reasons;
    draft.warnings = row.warnings;
    draft
}

/// One line between units.
pub fn line(mut row: Row<'_>) -> Draft {
    let id = row.name("id");
    let level = level(&mut row).unwrap_or(Level::Country);
    let mut side = |field: &str| {
        let side = row.text(field);
        if side.is_none() && !row.says(field) {
            row.reject(field, "", "is missing", "the name or code of the unit on that side");
        }
        side
    };
    let (a, b) = (side("side_a"), side("side_b"));
    let name = row.text("name").or_else(|| Some(format!("{} – {}", a.as_ref()?, b.as_ref()?)));
    let (valid_from, valid_to) = in_force(&mut row);
    let error = error(&mut row);
    let line = lines(&mut row);
    let mut draft = Draft { row: row.raw.row, id, ..Draft::default() };
    if row.reasons.is_empty()
        && let (Some(name), Some(a), Some(b)) = (name, a, b)
        && let (Some(line), Some(valid_from)) = (line, valid_from)
    {
        draft.facts.push(Event::BorderLineDeclared(BorderLine {
            level,
            name,
            sides: [a, b],
            line,
            error,
            valid_from,
            valid_to,
            source: unkeyed(),
        }));
    }
    draft.reasons = row.reasons;
    draft.warnings = row.warnings;
    draft
}

/// The geometry of a row that needs one.
fn geometry(row: &mut Row<'_>, needed: &str) -> Option<Geometry<f64>> {
    let geometry = ground::place_of(row);
    if geometry.is_none() && !ground::has_place(row) {
        row.reject("geometry", "", "is missing", needed);
    }
    geometry
}

fn outline(row: &mut Row<'_>) -> Option<Footprint> {
    let needed = "a unit needs a polygon";
    let geometry = geometry(row, needed)?;
    let polygons = ground::polygons_of(&geometry);
    if polygons.is_none() {
        row.reject("geometry", "", format!("is {}", ground::name_of(&geometry)), needed);
    }
    ground::outline_of(row, &polygons?)
}

fn lines(row: &mut Row<'_>) -> Option<MultiLineString<f64>> {
    let needed = "a border line needs a line of two points or more";
    let geometry = geometry(row, needed)?;
    let lines = ground::lines_of(&geometry).map(|(lines, _)| lines);
    match &lines {
        None => row.reject("geometry", "", format!("is {}", ground::name_of(&geometry)), needed),
        Some(lines) if lines.0.is_empty() => {
            row.reject("geometry", "", "is a line of a single place", needed);
        }
        Some(_) => {}
    }
    lines.filter(|lines| !lines.0.is_empty())
}

fn level(row: &mut Row<'_>) -> Option<Level> {
    let text = row.text("level")?;
    let level = text.nfc().collect::<String>().parse::<Level>().ok();
    if level.is_none() {
        let right = "one of: country, province, district, commune";
        row.reject("level", text, "is no level", right);
    }
    level
}

fn name(row: &mut Row<'_>, code: Option<&str>) -> (Option<String>, Vec<String>) {
    let Some(whole) = row.text("name") else {
        if !row.says("name") && code.is_some() {
            row.warn(NO_NAME, code.unwrap_or_default());
            return (code.map(str::to_owned), Vec::new());
        }
        return (None, Vec::new());
    };
    let whole: String = whole.nfc().collect();
    let short = without_level_word(&whole);
    if short == whole || key(short).is_empty() {
        return (Some(whole), Vec::new());
    }
    let short = short.to_owned();
    row.warn(LEVEL_WORD, format!("`{whole}` is `{short}`"));
    (Some(short), vec![whole])
}

fn in_force(row: &mut Row<'_>) -> (Option<jiff::civil::Date>, Option<jiff::civil::Date>) {
    let defaults = &row.env.request.boundary;
    let from = row.day("valid_from").or(defaults.valid_from);
    let to = row.day("valid_to").or(defaults.valid_to);
    if from.is_none() && !row.says("valid_from") {
        let right = "a column `valid_from`, or --valid-from 2025-07-01";
        row.reject("valid_from", "", "is missing: every boundary has its dates in force", right);
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        let wrong = format!("is not after the first day in force, {from}");
        row.reject("valid_to", to.to_string(), wrong, "the first day no longer in force");
    }
    (from, to)
}

fn error(row: &mut Row<'_>) -> Metres {
    let defaults = &row.env.request.boundary;
    row.metres("error").or(defaults.error).unwrap_or_else(|| {
        row.warn(ERROR_ASSUMED, "");
        ERROR
    })
}

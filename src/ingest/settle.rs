//! What only the whole file tells: which guesses were wrong, how it writes numbers and dates, which
//! CRS it is in.

use std::collections::HashSet;

use geo::CoordsIter;
use geo_types::Coord;
use unicode_normalization::UnicodeNormalization;

use super::{
    codes,
    dates::{self, Order},
    error::IngestError,
    fields::What,
    ground,
    judge::{self, Verdict},
    mapping::Mapped,
    numbers, ogr,
    personal::is_personal_number,
    raw::{Declared, RawFeature, Shape, Value},
    report::ImportReport,
    request::{Context, ImportRequest},
};
use crate::domain::{
    AreaMethod, DatasetKind, DestructionMethod, GrowthStage, Level, SightingSource,
    VerificationResult,
};

const NOTATION: (&str, &str) = (
    "number-notation",
    "numbers can be read in two ways (1.070 is 1,070 in Vietnamese, 1.07 in English) and nothing \
     else in the column says which",
);
const DATE_ORDER: (&str, &str) = (
    "date-order",
    "dates can be read as dd/mm or mm/dd and nothing in the file says which: dd/mm is taken",
);
const DATE_ORDER_BROKEN: (&str, &str) = (
    "date-order-mixed",
    "some dates contradict the order of the others (dd/mm or mm/dd): those rows are rejected, look \
     at the others too",
);
const NOT_THIS_COLUMN: (&str, &str) = (
    "guess-withdrawn",
    "columns whose heading looked like a field and whose cells did not: they are not used",
);

/// How many coordinates the CRS is judged by.
const SAMPLE: usize = 1000;

/// A guessed id that repeats in most rows is no id, and a guessed word that is never one of its
/// list is another column of the same name.
pub fn withdraw_wrong_guesses(mapped: &mut Mapped, rows: &[RawFeature], report: &mut ImportReport) {
    let mut wrong = Vec::new();
    for (place, slot) in mapped.slots.iter().enumerate().filter(|(_, slot)| !slot.given) {
        let cells = rows.iter().filter_map(|row| row.values[place].as_ref());
        match slot.spec.what {
            What::Code if slot.spec.name == "id" => {
                let mut filled = 0usize;
                let different: HashSet<String> =
                    cells.inspect(|_| filled += 1).map(Value::shown).collect();
                if filled > 2 && different.len() * 2 <= filled {
                    wrong.push((
                        slot.spec.name,
                        format!(
                            "column `{}` is no id: {} different values in {filled} rows",
                            slot.heading,
                            different.len()
                        ),
                    ));
                }
            }
            What::Words(words) => {
                let mut some = None;
                let known = cells.map(Value::shown).any(|text| {
                    let known = is_word(slot.spec.name, &text, words);
                    some = Some(text);
                    known
                });
                if let Some(text) = some.filter(|_| !known) {
                    // `nguồn tin` is also where people write who told them.
                    let said = if codes::names_a_person(&text) || is_personal_number(&text) {
                        "what may be a person's".to_owned()
                    } else {
                        format!("`{text}`")
                    };
                    wrong.push((
                        slot.spec.name,
                        format!(
                            "column `{}` is no {}: it says {said}; known are {}",
                            slot.heading,
                            slot.spec.name,
                            words.join(", ")
                        ),
                    ));
                }
            }
            _ => {}
        }
    }
    for (field, detail) in wrong {
        mapped.withdraw(field);
        report.warn(NOT_THIS_COLUMN, 0, detail);
    }
}

fn is_word(field: &str, text: &str, words: &[&str]) -> bool {
    let text: String = text.nfc().collect();
    match field {
        "source" => text.parse::<SightingSource>().is_ok(),
        "stage" => text.parse::<GrowthStage>().is_ok(),
        "area_method" => text.parse::<AreaMethod>().is_ok(),
        "destruction_method" => text.parse::<DestructionMethod>().is_ok(),
        "verification_result" => text.parse::<VerificationResult>().is_ok(),
        "level" => text.parse::<Level>().is_ok(),
        "rejection_reason" => true,
        _ => words.contains(&text.as_str()),
    }
}

/// Points about which nothing is said but where they are are villages, fires or schools as likely
/// as plots.
///
/// # Errors
///
/// [`IngestError::Missing`].
pub fn refuse_strange_files(
    request: &ImportRequest,
    file: &str,
    mapped: &Mapped,
    rows: &[RawFeature],
) -> Result<(), IngestError> {
    if request.kind != DatasetKind::Plots {
        return Ok(());
    }
    let speaks = mapped.used().any(|slot| !slot.spec.what.is_place());
    let outlines = rows.iter().any(|row| match &row.shape {
        Shape::Of(geometry) => ground::polygons_of(geometry).is_some(),
        _ => false,
    }) || mapped.place("wkt").is_some();
    if speaks || outlines {
        return Ok(());
    }
    Err(IngestError::Missing {
        file: file.to_owned(),
        reason:
            "nothing in it says that its points are plots: no column is an id, a date, an area, \
                 a stage or a destruction. Places such as villages are no facts of a kind that is \
                 stored here; if they are plots, say which column is which with --map"
                .into(),
    })
}

/// How each column writes its numbers, and in which order the file writes its dates.
pub fn decide_notations(
    mapped: &mut Mapped,
    rows: &[RawFeature],
    commas_part_cells: bool,
    report: &mut ImportReport,
) -> Order {
    let mut tally = dates::Tally::default();
    let texts = |place: usize| {
        rows.iter().filter_map(move |row| match &row.values[place] {
            Some(Value::Text(text)) => Some((row.row, text)),
            _ => None,
        })
    };
    let columns: Vec<numbers::Tally> = (0..mapped.slots.len())
        .map(|place| {
            let mut numbers = numbers::Tally::default();
            texts(place).for_each(|(_, text)| numbers.see(text));
            numbers
        })
        .collect();
    // Typed numbers help each other; coordinates are pasted from a device and say nothing of them.
    let mut typed = numbers::Tally::default();
    for (slot, numbers) in mapped.slots.iter().zip(&columns) {
        if slot.spec.what.is_number() && !slot.spec.what.is_place() {
            typed.join(*numbers);
        }
    }
    for (place, slot) in mapped.slots.iter_mut().enumerate() {
        match slot.spec.what {
            What::Date | What::Time => texts(place).for_each(|(_, text)| tally.see(text)),
            what if what.is_number() => {
                let (mut numbers, coordinate) = (columns[place], what.is_place());
                if !coordinate && numbers.notation(false, commas_part_cells).guessed {
                    numbers.join(typed);
                }
                slot.notation = numbers.notation(coordinate, commas_part_cells);
                if slot.notation.guessed {
                    for (row, text) in texts(place).filter(|(_, text)| numbers::is_unclear(text)) {
                        let read = numbers::parse(text, slot.notation).unwrap_or(f64::NAN);
                        let detail = format!("{} `{text}` is read as {read}", slot.spec.name);
                        report.warn(NOTATION, row, detail);
                    }
                }
            }
            _ => {}
        }
    }
    let decided = tally.decide();
    if decided.unclear > 0 {
        let detail = format!("{} dates, none with a day after the 12th", decided.unclear);
        report.warn(DATE_ORDER, 0, detail);
    }
    if decided.against > 0 {
        let detail = format!("{} dates against {}", decided.against, decided.order.letters());
        report.warn(DATE_ORDER_BROKEN, 0, detail);
    }
    if tally != dates::Tally::default() {
        report.notes.push(format!("dates written with slashes are {}", decided.order.letters()));
    }
    decided.order
}

/// The CRS of the file; `None` where no row has coordinates.
///
/// # Errors
///
/// [`IngestError::Crs`].
pub fn settle_crs(
    request: &ImportRequest,
    context: &Context<'_>,
    file: &str,
    declared: &Declared,
    mapped: &Mapped,
    rows: &[RawFeature],
) -> Result<Option<Verdict>, IngestError> {
    let sample = sample(mapped, rows);
    let given = request.crs.or(request.mapping.crs);
    if sample.is_empty() && given.is_none() {
        return Ok(None);
    }
    judge::judge(declared, given, &mapped.hinted, &sample, context.pack)
        .map(Some)
        .map_err(|reason| IngestError::Crs { file: file.to_owned(), reason })
}

/// The first coordinate of rows spread evenly over the file.
fn sample(mapped: &Mapped, rows: &[RawFeature]) -> Vec<Coord<f64>> {
    let columns = [("lon", "lat"), ("x", "y")]
        .into_iter()
        .find_map(|(x, y)| Some((mapped.place(x)?, mapped.place(y)?)));
    let wkt = mapped.place("wkt");
    let number = |row: &RawFeature, place: usize| match row.values[place].as_ref()? {
        Value::Number(number) => Some(*number),
        Value::Integer(number) => Some(*number as f64),
        Value::Text(text) => numbers::parse(text, mapped.slots[place].notation),
        Value::Broken(_) => None,
    };
    let coord = |row: &RawFeature| match &row.shape {
        Shape::Of(geometry) => geometry.coords_iter().next(),
        Shape::None => match (wkt, columns) {
            (Some(place), _) if row.values[place].is_some() => match &row.values[place] {
                Some(Value::Text(text)) => match ogr::shape_from_wkt(text) {
                    Ok(Shape::Of(geometry)) => geometry.coords_iter().next(),
                    _ => None,
                },
                _ => None,
            },
            (_, Some((x, y))) => Some(Coord { x: number(row, x)?, y: number(row, y)? }),
            _ => None,
        },
        Shape::Empty(_) | Shape::Unsupported(_) => None,
    };
    let step = rows.len().div_ceil(SAMPLE).max(1);
    rows.iter()
        .step_by(step)
        .filter_map(coord)
        .filter(|coord| coord.x.is_finite() && coord.y.is_finite())
        .collect()
}

//! One row, asked for its fields; everything that is wrong with it is collected.

use std::str::FromStr;

use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};

use super::{
    codes,
    dates::{self, Order},
    draft::RowWarning,
    mapping::{Mapped, Slot},
    numbers,
    personal::is_personal_number,
    raw::{RawFeature, Value},
    report::Reason,
    request::{Context, ImportRequest},
};
use crate::{
    crs::Epsg,
    domain::{DatasetKind, Metres, Season, SquareMetres, UnknownWord},
};

/// What all rows of a file share.
pub struct Env<'a> {
    /// What was asked for.
    pub request: &'a ImportRequest,
    /// What the deployment knows.
    pub context: &'a Context<'a>,
    /// Which column is which field.
    pub mapped: &'a Mapped,
    /// The deployment's time zone.
    pub zone: TimeZone,
    /// How the file writes dates.
    pub order: Order,
    /// The system of its coordinates.
    pub crs: Epsg,
}

/// A row and what was found out about it so far.
pub struct Row<'a> {
    /// What all rows share.
    pub env: &'a Env<'a>,
    /// The row as read.
    pub raw: &'a RawFeature,
    /// Why it is rejected.
    pub reasons: Vec<Reason>,
    /// What a person should look at.
    pub warnings: Vec<RowWarning>,
}

/// Nothing known here can have happened before; phones with a flat battery say 1 January 1970.
const EARLIEST: Date = date(1990, 1, 1);
const NO_CODE: (&str, &str) = (
    "not-a-code",
    "teams or units that are no code but may be a person's name are not kept (the rest of the row \
     is); use codes such as T-03, Đội 1 or đoàn 06",
);

impl<'a> Row<'a> {
    /// Begins with a row as read.
    pub fn new(env: &'a Env<'a>, raw: &'a RawFeature) -> Self {
        let mut row = Self { env, raw, reasons: Vec::new(), warnings: Vec::new() };
        if let Some(fault) = &raw.fault {
            row.reject("the row", "", fault.clone(), "");
        }
        row
    }

    fn cell(&self, field: &str) -> Option<(&'a Slot, &'a Value)> {
        let place = self.env.mapped.place(field)?;
        let value = self.raw.values.get(place)?.as_ref()?;
        Some((&self.env.mapped.slots[place], value))
    }

    /// Whether the row says anything in `field`.
    pub fn says(&self, field: &str) -> bool {
        self.cell(field).is_some()
    }

    /// Adds a reason. A value that may be a person's name is not repeated: cells stray into other
    /// columns.
    pub fn reject(
        &mut self,
        field: &str,
        value: impl Into<String>,
        wrong: impl Into<String>,
        right: impl Into<String>,
    ) {
        let heading = self.env.mapped.slot(field).map(|slot| slot.heading.as_str());
        let field = match heading {
            Some(heading) if heading != field => format!("{field} (column `{heading}`)"),
            _ => field.to_owned(),
        };
        let mut value = value.into();
        // What units are called is no secret, and is capitalised too.
        let of_units =
            matches!(self.env.request.kind, DatasetKind::Boundaries | DatasetKind::BorderLines);
        if !of_units && (codes::names_a_person(&value) || is_personal_number(&value)) {
            value.clear();
        }
        self.reasons.push(Reason::new(field, value, wrong, right));
    }

    /// Adds a warning.
    pub fn warn(&mut self, code: (&'static str, &'static str), detail: impl Into<String>) {
        self.warnings.push((code, detail.into()));
    }

    /// Text of a field.
    pub fn text(&mut self, field: &str) -> Option<String> {
        let (_, value) = self.cell(field)?;
        match value {
            Value::Broken(text) => {
                let wrong = "has bytes that are no text in its encoding";
                self.reject(field, text.clone(), wrong, "save the file as UTF-8 (with a .cpg)");
                None
            }
            Value::Text(text) => Some(text.clone()),
            Value::Number(_) | Value::Integer(_) => Some(value.shown()),
        }
    }

    /// An id of a record, a plot, a place or a leg; what may be a person's name rejects the row.
    pub fn id(&mut self, field: &str) -> Option<String> {
        let text = self.name(field)?;
        if let Some(wrong) = codes::fault(&text) {
            self.reject(field, "", wrong, codes::RIGHT_ID);
            return None;
        }
        Some(text)
    }

    /// The code of a team or a unit. The row says enough without one, so a name is left out with a
    /// warning.
    pub fn unit(&mut self, field: &str) -> Option<String> {
        let text = self.name(field)?;
        if let Some(wrong) = codes::fault(&text) {
            self.warn(NO_CODE, format!("{field} {wrong}"));
            return None;
        }
        Some(text)
    }

    /// The code or name of an administrative unit or hamlet: text that must not be a person's
    /// number.
    pub fn name(&mut self, field: &str) -> Option<String> {
        let text = self.text(field)?;
        if is_personal_number(&text) {
            let wrong = "looks like a person's telephone or citizen number and was not kept";
            self.reject(field, "", wrong, "codes of places and units only");
            return None;
        }
        if text.chars().count() > 200 {
            self.reject(field, text, "is longer than 200 letters", "a short code");
            return None;
        }
        Some(text)
    }

    /// A number, before its unit.
    pub fn number(&mut self, field: &str) -> Option<f64> {
        let (slot, value) = self.cell(field)?;
        let number = match value {
            Value::Number(number) if number.is_finite() => Some(*number),
            Value::Integer(number) => Some(*number as f64),
            Value::Text(text) => numbers::parse(text, slot.notation),
            Value::Number(_) | Value::Broken(_) => None,
        };
        if number.is_none() {
            let right = if slot.notation.decimal_comma { "1070,5" } else { "1070.5" };
            self.reject(field, value.shown(), "is no number", format!("a number such as {right}"));
        }
        number
    }

    /// An area, in m² whatever the heading's unit is.
    pub fn area(&mut self, field: &str) -> Option<SquareMetres> {
        let (slot, _) = self.cell(field)?;
        let number = self.number(field)?;
        // A plot has an area; what was destroyed of it or still stands may be nothing.
        let right = if field == "area" { "more than 0 m²" } else { "zero or more m²" };
        if let Ok(area) = SquareMetres::new(number * slot.factor) {
            Some(area)
        } else {
            self.reject(field, number.to_string(), "is no area", right);
            None
        }
    }

    /// A length in metres.
    pub fn metres(&mut self, field: &str) -> Option<Metres> {
        let number = self.number(field)?;
        if let Ok(metres) = Metres::new(number) {
            Some(metres)
        } else {
            self.reject(field, number.to_string(), "is no length", "zero or more metres");
            None
        }
    }

    /// A whole number, zero or more.
    pub fn count(&mut self, field: &str) -> Option<u32> {
        let number = self.number(field)?;
        if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
            return Some(number as u32);
        }
        self.reject(field, number.to_string(), "is no count", "a whole number, zero or more");
        None
    }

    /// A day of the calendar.
    pub fn day(&mut self, field: &str) -> Option<Date> {
        let (_, value) = self.cell(field)?;
        let text = value.shown();
        match dates::day(&text, self.env.order, &self.env.zone) {
            Ok(day) => Some(day),
            Err(wrong) => {
                let right = format!("a date such as 2019-01-31 or {}", self.env.order.example());
                self.reject(field, text, wrong, right);
                None
            }
        }
    }

    /// A day on which something happened: not in the future, not before there were records.
    pub fn event_day(&mut self, field: &str) -> Option<Date> {
        let day = self.day(field)?;
        self.happened(field, day).then_some(day)
    }

    fn happened(&mut self, field: &str, day: Date) -> bool {
        let today = self.env.context.today;
        if day < EARLIEST {
            let wrong = "is before 1990: a device whose clock had stopped writes 1970-01-01";
            self.reject(field, day.to_string(), wrong, "the day on which it happened");
            return false;
        }
        if day > today {
            let wrong = format!("lies in the future: today is {today}");
            self.reject(field, day.to_string(), wrong, "the day on which it happened");
            return false;
        }
        true
    }

    /// A day with a time.
    pub fn moment(&mut self, field: &str) -> Option<Timestamp> {
        let (_, value) = self.cell(field)?;
        let text = value.shown();
        match dates::moment(&text, self.env.order, &self.env.zone) {
            Ok(moment) => {
                let day = moment.to_zoned_datetime(self.env.zone.clone()).date();
                self.happened(field, day).then_some(moment)
            }
            Err(wrong) => {
                self.reject(field, text, wrong, "a time such as 2019-01-31T08:30:00+07:00");
                None
            }
        }
    }

    /// One of a closed list of words.
    pub fn word<T: FromStr<Err = UnknownWord>>(&mut self, field: &str) -> Option<T> {
        let text = self.text(field)?;
        // Tone marks may be written in one piece or two.
        let composed: String = unicode_normalization::UnicodeNormalization::nfc(&*text).collect();
        match composed.parse() {
            Ok(word) => Some(word),
            Err(UnknownWord { allowed, .. }) => {
                self.reject(
                    field,
                    text,
                    "is not a word that is known here",
                    format!("one of: {allowed}"),
                );
                None
            }
        }
    }

    /// The season that the row names.
    pub fn season(&mut self, field: &str) -> Option<Season> {
        let text = self.text(field)?;
        if let Ok(season) = text.parse::<Season>() {
            Some(season)
        } else {
            let wrong = "is not two consecutive years";
            self.reject(field, text, wrong, "a season such as 2018-2019");
            None
        }
    }
}

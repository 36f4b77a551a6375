//! Typed values into a statement, one column after the other, and out of a row again.

use std::{fmt::Display, str::FromStr};

use jiff::{Timestamp, civil::Date};
use rusqlite::{Row, Statement, types::ValueRef};

use super::{
    error::Fault,
    geometry::{self, Shape},
};
use crate::domain::{
    AreaMethod, DestructionMethod, GrowthStage, Metres, Position, Season, SightingSource,
    SquareMetres, VerificationResult,
};

/// Binds the parameters of a statement from left to right.
pub(super) struct Pen<'s, 'c> {
    statement: &'s mut Statement<'c>,
    next: usize,
}

impl<'s, 'c> Pen<'s, 'c> {
    pub(super) fn new(statement: &'s mut Statement<'c>) -> Self {
        Self { statement, next: 1 }
    }

    pub(super) fn put(&mut self, value: impl rusqlite::ToSql) -> Result<(), rusqlite::Error> {
        self.statement.raw_bind_parameter(self.next, value)?;
        self.next += 1;
        Ok(())
    }

    pub(super) fn whole(&mut self, number: u64) -> Result<(), rusqlite::Error> {
        self.put(number.cast_signed())
    }

    /// ISO text, as `DATE` of GeoPackage wants it.
    pub(super) fn date(&mut self, date: impl Into<Option<Date>>) -> Result<(), rusqlite::Error> {
        self.put(date.into().map(|date| date.to_string()))
    }

    pub(super) fn season(&mut self, season: Season) -> Result<(), rusqlite::Error> {
        self.put(season.to_string())
    }

    pub(super) fn area(&mut self, area: Option<SquareMetres>) -> Result<(), rusqlite::Error> {
        self.put(area.map(SquareMetres::get))
    }

    pub(super) fn length(&mut self, length: Option<Metres>) -> Result<(), rusqlite::Error> {
        self.put(length.map(Metres::get))
    }

    pub(super) fn time(&mut self, time: Option<Timestamp>) -> Result<(), rusqlite::Error> {
        self.put(time.map(time_text))
    }

    /// Runs the statement. Every parameter was bound, and each use binds all of them anew.
    pub(super) fn run(self) -> Result<usize, rusqlite::Error> {
        debug_assert_eq!(self.next, self.statement.parameter_count() + 1, "a parameter was left");
        self.statement.raw_execute()
    }

    /// Asks the statement.
    pub(super) fn rows(self) -> rusqlite::Rows<'s> {
        self.statement.raw_query()
    }
}

/// UTC with milliseconds, as `DATETIME` of GeoPackage wants it; finer only where the time is finer.
pub(super) fn time_text(time: Timestamp) -> String {
    if time.subsec_nanosecond() % 1_000_000 == 0 { format!("{time:.3}") } else { time.to_string() }
}

/// A word of a closed list, written and read without an allocation.
pub(super) trait Word: Copy + FromStr + 'static {
    fn all() -> &'static [Self];
    fn text(self) -> &'static str;
}

macro_rules! words {
    ($($name:ident),+) => {$(
        impl Word for $name {
            fn all() -> &'static [Self] { Self::ALL }
            fn text(self) -> &'static str { self.word() }
        }
    )+};
}

words!(SightingSource, GrowthStage, AreaMethod, DestructionMethod, VerificationResult);

/// Reads the columns of a row from left to right.
pub(super) struct Cells<'r> {
    row: &'r Row<'r>,
    table: &'static str,
    next: usize,
}

impl<'r> Cells<'r> {
    /// The first column must be the integer key of the row: errors name it. Reading begins after it.
    pub(super) const fn new(table: &'static str, row: &'r Row<'r>) -> Self {
        Self { row, table, next: 1 }
    }

    fn fault(&self, what: impl Display) -> Fault {
        let at = self.next.saturating_sub(1);
        let column = self.row.as_ref().column_name(at).unwrap_or("?").to_owned();
        Fault::Row {
            table: self.table.to_owned(),
            row: self.row.get(0).unwrap_or(0),
            column,
            what: what.to_string(),
        }
    }

    fn cell(&mut self) -> Result<ValueRef<'r>, Fault> {
        self.next += 1;
        Ok(self.row.get_ref(self.next - 1)?)
    }

    pub(super) fn opt_text(&mut self) -> Result<Option<&'r str>, Fault> {
        match self.cell()? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(text) => {
                str::from_utf8(text).map(Some).map_err(|_| self.fault("is not UTF-8"))
            }
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                Err(self.fault("is not a text"))
            }
        }
    }

    fn present<T>(&self, value: Option<T>) -> Result<T, Fault> {
        value.ok_or_else(|| self.fault("is empty"))
    }

    pub(super) fn text(&mut self) -> Result<&'r str, Fault> {
        let text = self.opt_text()?;
        self.present(text)
    }

    pub(super) fn string(&mut self) -> Result<String, Fault> {
        Ok(self.text()?.to_owned())
    }

    pub(super) fn opt_string(&mut self) -> Result<Option<String>, Fault> {
        Ok(self.opt_text()?.map(str::to_owned))
    }

    pub(super) fn opt_whole(&mut self) -> Result<Option<u64>, Fault> {
        match self.cell()? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) if number >= 0 => Ok(Some(number.cast_unsigned())),
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
                Err(self.fault("is not a whole number, zero or more"))
            }
        }
    }

    pub(super) fn whole(&mut self) -> Result<u64, Fault> {
        let number = self.opt_whole()?;
        self.present(number)
    }

    pub(super) fn count(&mut self) -> Result<u32, Fault> {
        let number = self.whole()?;
        u32::try_from(number).map_err(|_| self.fault("is too large for a count"))
    }

    pub(super) fn opt_count(&mut self) -> Result<Option<u32>, Fault> {
        let number = self.opt_whole()?;
        number
            .map(|number| u32::try_from(number).map_err(|_| self.fault("is too large for a count")))
            .transpose()
    }

    pub(super) fn flag(&mut self) -> Result<bool, Fault> {
        match self.whole()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.fault("is neither 0 nor 1")),
        }
    }

    fn opt_real(&mut self) -> Result<Option<f64>, Fault> {
        match self.cell()? {
            ValueRef::Null => Ok(None),
            ValueRef::Real(number) => Ok(Some(number)),
            ValueRef::Integer(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
                Err(self.fault("is not a number"))
            }
        }
    }

    pub(super) fn opt_area(&mut self) -> Result<Option<SquareMetres>, Fault> {
        let area = self.opt_real()?;
        area.map(|area| SquareMetres::new(area).map_err(|wrong| self.fault(wrong))).transpose()
    }

    pub(super) fn area(&mut self) -> Result<SquareMetres, Fault> {
        let area = self.opt_area()?;
        self.present(area)
    }

    pub(super) fn opt_length(&mut self) -> Result<Option<Metres>, Fault> {
        let length = self.opt_real()?;
        length.map(|length| Metres::new(length).map_err(|wrong| self.fault(wrong))).transpose()
    }

    pub(super) fn length(&mut self) -> Result<Metres, Fault> {
        let length = self.opt_length()?;
        self.present(length)
    }

    pub(super) fn opt_date(&mut self) -> Result<Option<Date>, Fault> {
        let Some(text) = self.opt_text()? else { return Ok(None) };
        let date = plain_date(text).or_else(|| text.parse().ok());
        date.map(Some).ok_or_else(|| self.fault("is not a date, such as 2019-02-20"))
    }

    pub(super) fn date(&mut self) -> Result<Date, Fault> {
        let date = self.opt_date()?;
        self.present(date)
    }

    pub(super) fn opt_time(&mut self) -> Result<Option<Timestamp>, Fault> {
        self.opt_parsed("is not a time, such as 2019-02-20T03:00:00.000Z")
    }

    pub(super) fn season(&mut self) -> Result<Season, Fault> {
        let text = self.text()?;
        plain_season(text).map_or_else(|| text.parse().map_err(|wrong| self.fault(wrong)), Ok)
    }

    pub(super) fn opt_word<W: Word>(&mut self) -> Result<Option<W>, Fault> {
        let Some(text) = self.opt_text()? else { return Ok(None) };
        let word = W::all().iter().find(|word| word.text() == text);
        word.copied()
            .map(Some)
            .ok_or_else(|| self.fault(format!("`{text}` is not one of its words")))
    }

    pub(super) fn word<W: Word>(&mut self) -> Result<W, Fault> {
        let word = self.opt_word()?;
        self.present(word)
    }

    fn opt_parsed<T: FromStr>(&mut self, what: &str) -> Result<Option<T>, Fault> {
        let text = self.opt_text()?;
        text.map(|text| text.parse().map_err(|_| self.fault(what))).transpose()
    }

    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self) -> Result<T, Fault> {
        let text = self.text()?;
        text.parse().map_err(|wrong| self.fault(wrong))
    }

    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, Fault> {
        let text = self.text()?;
        serde_json::from_str(text).map_err(|wrong| self.fault(wrong))
    }

    pub(super) fn opt_shape(&mut self) -> Result<Option<Shape>, Fault> {
        match self.cell()? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => {
                geometry::read(bytes).map(Some).ok_or_else(|| self.fault("is no geometry of ours"))
            }
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) => {
                Err(self.fault("is not a geometry"))
            }
        }
    }

    pub(super) fn shape(&mut self) -> Result<Shape, Fault> {
        let shape = self.opt_shape()?;
        self.present(shape)
    }

    pub(super) fn position(&mut self) -> Result<Position, Fault> {
        match self.shape()? {
            Shape::Point(position) => Ok(position),
            Shape::Outline(_) | Shape::Lines(_) => Err(self.fault("is not a point")),
        }
    }

    pub(super) fn outline(&mut self) -> Result<crate::domain::Footprint, Fault> {
        match self.shape()? {
            Shape::Outline(outline) => Ok(outline),
            Shape::Point(_) | Shape::Lines(_) => Err(self.fault("is not an outline")),
        }
    }

    pub(super) fn lines(&mut self) -> Result<geo_types::MultiLineString<f64>, Fault> {
        match self.shape()? {
            Shape::Lines(lines) => Ok(lines),
            Shape::Point(_) | Shape::Outline(_) => Err(self.fault("is not a line")),
        }
    }

    /// For what the columns say together and not one alone; names the column read last.
    pub(super) fn wrong(&self, what: &str) -> Fault {
        self.fault(what)
    }
}

/// `YYYY-MM-DD` without the generality of a parser: a million plots have several million dates.
fn plain_date(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let month = i8::try_from(plain_number(&bytes[5..7])?).ok()?;
    let day = i8::try_from(plain_number(&bytes[8..])?).ok()?;
    Date::new(plain_number(&bytes[..4])?, month, day).ok()
}

/// `YYYY-YYYY`, likewise.
fn plain_season(text: &str) -> Option<Season> {
    let bytes: &[u8; 9] = text.as_bytes().try_into().ok()?;
    let (first, second) = (plain_number(&bytes[..4])?, plain_number(&bytes[5..])?);
    (bytes[4] == b'-' && second == first + 1).then(|| Season::starting(first).ok())?
}

/// At most four digits.
fn plain_number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0_i16, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_plain_date_is_what_the_parser_says() {
        for text in ["2019-02-28", "2020-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(plain_date(text), text.parse().ok(), "{text}");
        }
        assert_eq!(plain_date("2019-02-28"), Some(date(2019, 2, 28)));
        for wrong in ["2019-02-29", "2019-13-01", "2019/02/01", "2019-2-01", "", "２０19-1"] {
            assert_eq!(plain_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_plain_season_is_what_the_parser_says() {
        for text in ["2018-2019", "1900-1901", "1899-1900", "2018-2020", "2018/2019", "9999-9999"] {
            assert_eq!(plain_season(text), text.parse().ok().filter(|_| text != "2018/2019"));
        }
    }

    #[test]
    fn times_keep_every_digit_they_have() {
        for text in ["2019-02-28T01:02:03.000Z", "2019-02-28T01:02:03.123456789Z"] {
            assert_eq!(time_text(text.parse().unwrap()), text);
        }
    }
}

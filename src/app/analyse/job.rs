//! One question to one file: the flags that were given, read in plain words.

use std::{collections::BTreeMap, path::Path};

use geo_types::{Coord, MultiPolygon};
use jiff::civil::Date;

use super::{AnalyseError, Input, Method, Outcome, cells::MOST, plane::outline, weighing};
use crate::{
    analysis::{
        chance::{
            draws::{Draws, MOST_PERMUTATIONS},
            tally::Tail,
        },
        watch::Watch,
        weights::Weights,
    },
    domain::Season,
};

/// The flags that were given, by name, without dashes.
#[derive(Clone, Debug, Default)]
pub struct Given(BTreeMap<String, String>);

impl Given {
    /// Flags and their values.
    pub fn new(flags: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(flags.into_iter().collect())
    }

    /// The value of a flag.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// One question to one file.
pub struct Job<'a> {
    /// The file.
    pub input: &'a Input,
    /// The method that is asked.
    pub method: &'a Method,
    /// The flags.
    pub given: &'a Given,
    /// Where a file that a flag names is looked for: as the shell does, in the working folder.
    pub folder: &'a Path,
    /// Who waits.
    pub watch: &'a dyn Watch,
}

impl Job<'_> {
    /// Asks the method, and puts what is to be said of the file before what the method warns of.
    ///
    /// # Errors
    ///
    /// What the method answers; [`AnalyseError::Input`] where it measured degrees as metres.
    pub fn answer(&self) -> Result<Outcome, AnalyseError> {
        let mut outcome = (self.method.run)(self)?;
        outcome.warnings = [self.input.notes()?, outcome.warnings].concat();
        Ok(outcome)
    }

    /// The value of a flag, or its default.
    pub fn text(&self, flag: &str) -> Option<&str> {
        let default = || self.method.options.iter().find(|it| it.name == flag)?.default;
        self.given.text(flag).or_else(default)
    }

    /// The value of a flag that the question cannot do without.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Flag`] where it is not given.
    pub fn needed(&self, flag: &'static str) -> Result<&str, AnalyseError> {
        self.text(flag).ok_or_else(|| {
            let help = self.method.options.iter().find(|option| option.name == flag);
            let help = help.map_or("", |option| option.help);
            AnalyseError::flag(flag, format!("is missing. {help}"))
        })
    }

    /// A number.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Flag`] for a text that is no finite number.
    pub fn number(&self, flag: &'static str) -> Result<Option<f64>, AnalyseError> {
        let Some(text) = self.text(flag) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number.abs() > MOST => Err(AnalyseError::flag(
                flag,
                format!("{text}: is larger than anything on the ground"),
            )),
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(AnalyseError::flag(flag, format!("{text}: no number such as 1500 or 0.05"))),
        }
    }

    /// A number above 0.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Flag`] for anything else.
    pub fn positive(&self, flag: &'static str) -> Result<Option<f64>, AnalyseError> {
        match self.number(flag)? {
            Some(number) if number <= 0.0 => {
                Err(AnalyseError::flag(flag, format!("{number}: must be above 0")))
            }
            number => Ok(number),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Flag`] for anything else.
    pub fn whole(&self, flag: &'static str) -> Result<Option<u64>, AnalyseError> {
        let Some(text) = self.text(flag) else { return Ok(None) };
        text.parse()
            .map(Some)
            .map_err(|_| AnalyseError::flag(flag, format!("{text}: no whole number such as 8")))
    }

    /// One of several words; `read` tells which words it knows.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Flag`] for another word.
    pub fn word<T>(
        &self,
        flag: &'static str,
        words: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, AnalyseError> {
        let Some(text) = self.text(flag) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| {
            AnalyseError::flag(flag, format!("{text}: is none of {}", words.join(", ")))
        })
    }

    /// The flag `--style`: whether rows are divided by their sums.
    ///
    /// # Errors
    ///
    /// On another word.
    pub fn by_row(&self) -> Result<bool, AnalyseError> {
        let row = self.word("style", &["given", "row"], |word| match word {
            "given" => Some(false),
            "row" => Some(true),
            _ => None,
        })?;
        Ok(row == Some(true))
    }

    /// The tail of the test.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Flag`] for a word that is none.
    pub fn tail(&self) -> Result<Option<Tail>, AnalyseError> {
        self.word("tail", &Tail::WORDS, Tail::from_word)
    }

    /// The draws of a permutation test: `analysis` names it with its version.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Flag`] beyond the bounds.
    pub fn draws<'n>(&self, analysis: &'n str) -> Result<Draws<'n>, AnalyseError> {
        let asked = self.whole("permutations")?.unwrap_or(999);
        let permutations = u32::try_from(asked)
            .ok()
            .filter(|asked| (1..=MOST_PERMUTATIONS).contains(asked))
            .ok_or_else(|| {
                AnalyseError::flag(
                    "permutations",
                    format!("{asked}: must be 1 to {MOST_PERMUTATIONS}"),
                )
            })?;
        Ok(Draws { permutations, seed: self.whole("seed")?.unwrap_or(1), analysis })
    }

    /// The ids of the units, ascending.
    pub fn ids(&self) -> &[String] {
        self.input.ids()
    }

    /// The column that a flag names, as numbers by unit; unknown where a cell is empty.
    ///
    /// # Errors
    ///
    /// [`AnalyseError`] where the flag or the column is missing, or for the first cell that is no
    /// number.
    pub fn values(&self, flag: &'static str) -> Result<Vec<Option<f64>>, AnalyseError> {
        let column = self.input.column(flag, self.needed(flag)?)?;
        let number = |unit| self.input.number(unit, column);
        let values = (0..self.input.len()).map(number).collect::<Result<Vec<_>, _>>()?;
        self.input.look_at(column, &values);
        Ok(values)
    }

    /// The column that a flag names, as text by unit.
    ///
    /// # Errors
    ///
    /// [`AnalyseError`] where the flag or the column is missing.
    pub fn texts(&self, flag: &'static str) -> Result<Vec<Option<String>>, AnalyseError> {
        let column = self.input.column(flag, self.needed(flag)?)?;
        let text = |unit| self.input.cell(unit, column).map(crate::ingest::RawValue::shown);
        Ok((0..self.input.len()).map(text).collect())
    }

    /// The column that a flag names, as times by unit.
    ///
    /// # Errors
    ///
    /// [`AnalyseError`] where the flag or the column is missing, or for the first cell that is no
    /// time of the kind of the others.
    pub fn times(&self, flag: &'static str) -> Result<Times, AnalyseError> {
        let column = self.input.column(flag, self.needed(flag)?)?;
        let mut kind = None;
        let mut values = Vec::with_capacity(self.input.len());
        for unit in 0..self.input.len() {
            let Some(cell) = self.input.cell(unit, column) else {
                values.push(None);
                continue;
            };
            let text = cell.shown();
            let read = time(&text).filter(|(_, found)| *kind.get_or_insert(*found) == *found);
            let Some((value, _)) = read else {
                let wanted = kind.map_or(
                    "a season such as 2018-2019, a date such as 2019-03-01, or a number",
                    TimeKind::example,
                );
                return Err(self.input.wrong(unit, column, format!("`{text}` is not {wanted}")));
            };
            values.push(Some(value));
        }
        Ok(Times { kind: kind.unwrap_or(TimeKind::Number), values })
    }

    /// Where every unit is, in the plane.
    ///
    /// # Errors
    ///
    /// [`AnalyseError`] where the file has no places, or a unit has none.
    pub fn points(&self) -> Result<Vec<Coord<f64>>, AnalyseError> {
        self.points_at(&(0..self.ids().len()).collect::<Vec<_>>())
    }

    /// The same of the units at these places only.
    ///
    /// # Errors
    ///
    /// [`AnalyseError::Input`] where one of them has no place.
    pub fn points_at(&self, places: &[usize]) -> Result<Vec<Coord<f64>>, AnalyseError> {
        let Some(points) = self.input.points() else {
            return Err(AnalyseError::Input(format!(
                "{}: this method needs places: shapes, or columns x and y (--x, --y)",
                self.input.file()
            )));
        };
        self.input.measurable()?;
        let each = places.iter().map(|place| {
            points[*place].ok_or_else(|| {
                let id = &self.ids()[*place];
                AnalyseError::Input(format!("{}: unit `{id}` has no place", self.input.file()))
            })
        });
        each.collect()
    }

    /// The outlines of all units, in the plane: for those who compare vertices. Whoever measures
    /// asks [`Input::measurable`] first.
    ///
    /// # Errors
    ///
    /// [`AnalyseError`] where a unit has none.
    pub fn outlines(&self) -> Result<&[MultiPolygon<f64>], AnalyseError> {
        self.input.borders().ok_or_else(|| {
            let file = self.input.file();
            let shapes = self.input.shapes().unwrap_or_default();
            let lacks = |shape: &Option<_>| shape.as_ref().and_then(outline).is_none();
            let bare = shapes.iter().position(lacks);
            let bare = bare.filter(|_| shapes.iter().any(|shape| !lacks(shape)));
            AnalyseError::Input(match bare {
                Some(unit) => format!(
                    "{file}, row {}: unit `{}` has no outline, and every unit needs one (Polygon \
                     or MultiPolygon): give it one, or leave the row out",
                    self.input.row(unit),
                    self.ids()[unit]
                ),
                None => format!(
                    "{file}: this method needs an outline (Polygon or MultiPolygon) for every unit"
                ),
            })
        })
    }

    /// Who is whose neighbour among the units at the places `known`; with how that was made, in
    /// words.
    ///
    /// # Errors
    ///
    /// [`AnalyseError`] where the specification or its file cannot be used.
    pub fn weights(&self, known: &[usize]) -> Result<(Weights, String), AnalyseError> {
        weighing::weights(self, known)
    }
}

/// What kind of times a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeKind {
    /// Seasons: the value is the year in which it begins.
    Season,
    /// Dates: the value is days since 1970-01-01.
    Day,
    /// Numbers, in a unit that the asker knows.
    Number,
}

impl TimeKind {
    const fn example(self) -> &'static str {
        match self {
            Self::Season => "a season such as 2018-2019, like the others",
            Self::Day => "a date such as 2019-03-01, like the others",
            Self::Number => "a number, like the others",
        }
    }

    /// A value as it would be written.
    pub fn shown(self, value: f64) -> String {
        match self {
            Self::Season => {
                format!("{}-{}", value as i64, value as i64 + 1)
            }
            Self::Day => {
                let day =
                    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().days(value as i64));
                day.map_or_else(|_| value.to_string(), |day| day.to_string())
            }
            Self::Number => value.to_string(),
        }
    }
}

/// Times by unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    /// What they are.
    pub kind: TimeKind,
    /// Unknown where a cell is empty.
    pub values: Vec<Option<f64>>,
}

/// A time and what kind it is of.
pub(super) fn time(text: &str) -> Option<(f64, TimeKind)> {
    if let Ok(season) = text.parse::<Season>() {
        return Some((f64::from(season.start_year()), TimeKind::Season));
    }
    if let Ok(number) = text.parse::<f64>() {
        return number.is_finite().then_some((number, TimeKind::Number));
    }
    let day: Date = text.get(..10).unwrap_or(text).replace('/', "-").parse().ok()?;
    let since = day.since(Date::constant(1970, 1, 1)).ok()?;
    Some((f64::from(since.get_days()), TimeKind::Day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seasons_dates_or_numbers() {
        assert_eq!(time("2018-2019"), Some((2018.0, TimeKind::Season)));
        assert_eq!(time("1970-01-31"), Some((30.0, TimeKind::Day)));
        assert_eq!(time("1970/01/31"), Some((30.0, TimeKind::Day)));
        assert_eq!(time("2019"), Some((2019.0, TimeKind::Number)));
        assert_eq!(time("NaN"), None);
        assert_eq!(time("soon"), None);
        assert_eq!(TimeKind::Day.shown(30.0), "1970-01-31");
        assert_eq!(TimeKind::Season.shown(2018.0), "2018-2019");
    }
}

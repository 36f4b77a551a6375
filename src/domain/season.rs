//! Niên vụ: the growing season, from 1 July to 1 July.

use std::{fmt, str::FromStr};

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A season (niên vụ), such as 2018-2019: from 1 July, inclusive, to the next 1 July, exclusive,
/// so that every date has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Season(i16);

/// A text that names no season.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("season `{0}` is not two consecutive years, such as 2018-2019")]
pub struct NotASeason(pub String);

impl Season {
    /// The season in which `day` falls.
    pub fn of(day: Date) -> Self {
        Self(if day.month() >= 7 { day.year() } else { day.year() - 1 })
    }

    /// The season that begins on 1 July of `year`, for years 1900 to 2200.
    ///
    /// # Errors
    ///
    /// [`NotASeason`] outside these years.
    pub fn starting(year: i16) -> Result<Self, NotASeason> {
        if (1900..=2200).contains(&year) {
            Ok(Self(year))
        } else {
            Err(NotASeason(format!("{year}-{}", i32::from(year) + 1)))
        }
    }

    /// The year in which it begins.
    pub fn start_year(self) -> i16 {
        self.0
    }

    /// 1 July, the first day of it.
    pub fn first_day(self) -> Date {
        date(self.0, 7, 1)
    }

    /// 30 June, the last day of it.
    pub fn last_day(self) -> Date {
        date(self.0 + 1, 6, 30)
    }

    /// Whether `day` falls into it.
    pub fn contains(self, day: Date) -> bool {
        Self::of(day) == self
    }

    /// The season before.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0 - 1)
    }

    /// `today`, but never outside the season: what "now" means for an answer about it.
    pub fn clamp(self, today: Date) -> Date {
        today.clamp(self.first_day(), self.last_day())
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.0 + 1)
    }
}

impl FromStr for Season {
    type Err = NotASeason;

    fn from_str(text: &str) -> Result<Self, NotASeason> {
        let wrong = || NotASeason(text.to_owned());
        let (first, second) = text.trim().split_once(['-', '/', '–']).ok_or_else(wrong)?;
        let year = |part: &str| {
            let part = part.trim();
            let digits = part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<i16>().ok()).flatten()
        };
        let (first, second) = (year(first).ok_or_else(wrong)?, year(second).ok_or_else(wrong)?);
        if second == first + 1 { Self::starting(first).map_err(|_| wrong()) } else { Err(wrong()) }
    }
}

impl TryFrom<String> for Season {
    type Error = NotASeason;

    fn try_from(text: String) -> Result<Self, NotASeason> {
        text.parse()
    }
}

impl From<Season> for String {
    fn from(season: Season) -> Self {
        season.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_has_one_season() {
        let season: Season = "2018-2019".parse().unwrap();
        assert_eq!(Season::of(date(2018, 7, 1)), season);
        assert_eq!(Season::of(date(2019, 6, 30)), season);
        assert_ne!(Season::of(date(2019, 7, 1)), season);
        assert_eq!(season.to_string(), "2018-2019");
    }

    #[test]
    fn other_texts_are_refused() {
        for wrong in ["2018", "2018-2020", "18-19", "2018-2019-2020", "", "+201-+202", "9999-10000"]
        {
            assert!(wrong.parse::<Season>().is_err(), "{wrong}");
        }
    }
}

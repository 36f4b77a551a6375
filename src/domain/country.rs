//! The country pack: what differs from one deployment to the next, as settings and not constants.

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{GrowthStage, Language, Metres, Season};

/// The settings of a deployment. Lai Châu is the one that ships (`data/packs/lai-chau.toml`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CountryPack {
    /// Its short name, such as `lai-chau`.
    pub id: String,
    /// The title on the map, Vietnamese or whatever the first language is.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// IANA time zone, such as `Asia/Ho_Chi_Minh`.
    pub time_zone: String,
    /// Languages of the screen, the first one first.
    pub languages: Vec<Language>,
    /// EPSG code of the projected CRS in metres in which grids and distances are made.
    pub metric_crs: u32,
    /// EPSG codes tried on coordinates that declare none, the likeliest first.
    pub candidate_crs: Vec<u32>,
    /// West, south, east, north in degrees: no deployment data can lie outside of it. `None` for
    /// a deployment without a country's outline.
    pub plausible_extent: Option<[f64; 4]>,
    /// Half the width of a border strip: the ground within this distance of a shared line.
    pub strip_distance: Metres,
    /// Neighbours drawn apart by less than this still share a line.
    pub neighbour_tolerance: Metres,
    /// Sweep width where a leg tells none (Ibbett et al. 2020: 28 m, 20 to 36).
    pub sweep_width: Metres,
    /// The range of the sweep width, for the interval of what is derived from it.
    pub sweep_width_range: [Metres; 2],
    /// The phases of a season.
    pub phases: Vec<Phase>,
    /// Month and day, `MM-DD`, of the earliest lancing: the default for plots whose stage nobody saw.
    pub earliest_lancing: String,
    /// Days from a seen stage to the earliest lancing.
    pub days_to_lancing: Vec<StageDays>,
}

/// A part of the season with its own work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Phase {
    /// What is done.
    pub kind: PhaseKind,
    /// First day, `MM-DD`.
    pub from: String,
    /// Last day, `MM-DD`.
    pub to: String,
}

/// What is done in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseKind {
    /// Tuyên truyền.
    Outreach,
    /// Rà soát, phá nhổ.
    SurveyAndEradication,
}

/// Days from a growth stage to the earliest lancing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StageDays {
    /// The stage seen.
    pub stage: GrowthStage,
    /// Days until it can be lanced at the earliest.
    pub days: i32,
}

impl CountryPack {
    /// The pack that ships: Lai Châu, Việt Nam.
    ///
    /// # Panics
    ///
    /// Never: a test reads the very file.
    #[expect(clippy::expect_used, reason = "a test reads the file")]
    pub fn lai_chau() -> Self {
        let pack = include_str!("../../data/packs/lai-chau.toml");
        Self::from_toml(pack).expect("the pack that ships is well formed")
    }

    /// Reads and checks a pack.
    ///
    /// # Errors
    ///
    /// A sentence that names the key and what would be right.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let pack: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        TimeZone::get(&pack.time_zone)
            .map_err(|error| format!("time-zone `{}`: {error}", pack.time_zone))?;
        for (key, day) in std::iter::once(("earliest-lancing", &pack.earliest_lancing)).chain(
            pack.phases.iter().flat_map(|p| [("phases.from", &p.from), ("phases.to", &p.to)]),
        ) {
            // 2025-2026 has no 29 February, like most seasons: such a day would not always exist.
            if day_in_season(Season::of(jiff::civil::date(2025, 7, 1)), day).is_none() {
                return Err(format!("{key} `{day}` is not a day of every year, such as 02-15"));
            }
        }
        Ok(pack)
    }

    /// The default lancing date of a season.
    pub fn lancing_in(&self, season: Season) -> Date {
        day_in_season(season, &self.earliest_lancing).unwrap_or_else(|| season.last_day())
    }

    /// Days from `stage` to the earliest lancing, where the pack knows.
    pub fn days_from(&self, stage: GrowthStage) -> Option<i32> {
        self.days_to_lancing.iter().find(|entry| entry.stage == stage).map(|entry| entry.days)
    }

    /// First and last day of `phase` in `season`.
    pub fn phase_in(&self, phase: &Phase, season: Season) -> Option<(Date, Date)> {
        Some((day_in_season(season, &phase.from)?, day_in_season(season, &phase.to)?))
    }
}

/// `MM-DD` as a date of `season`.
fn day_in_season(season: Season, month_day: &str) -> Option<Date> {
    let (month, day) = month_day.split_once('-')?;
    let (month, day): (i8, i8) = (month.parse().ok()?, day.parse().ok()?);
    let year = if month >= 7 { season.start_year() } else { season.start_year() + 1 };
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_that_ships_is_well_formed() {
        let pack = CountryPack::lai_chau();
        let season: Season = "2024-2025".parse().unwrap();
        assert_eq!(pack.lancing_in(season), jiff::civil::date(2025, 2, 15));
    }

    #[test]
    fn a_wrong_key_is_named() {
        let text = include_str!("../../data/packs/lai-chau.toml");
        let error = CountryPack::from_toml(&format!("colour = 1\n{text}")).unwrap_err();
        assert!(error.contains("colour"), "{error}");
    }
}

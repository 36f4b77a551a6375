//! The fields of every kind: what may be mapped, what headings are guessed, what is written into
//! the schemas. One table for all three.

use super::field_tables::{BORDER_LINES, BOUNDARIES, EMPTY_SEARCHES, OUTREACH, PLOTS, TRACKS};
use crate::domain::{DatasetKind, Level, Text};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Text.
    Text,
    /// A code: text whose leading zeros count.
    Code,
    /// A day.
    Date,
    /// A day with a time, in the deployment's time zone where it names none.
    Time,
    /// Two consecutive years, such as 2018-2019.
    Season,
    /// An area; the heading may say m², ha or km², else m².
    Area,
    /// A length in metres.
    Metres,
    /// A whole number, zero or more.
    Count,
    /// Degrees east.
    Longitude,
    /// Degrees north.
    Latitude,
    /// Metres or degrees east.
    East,
    /// Metres or degrees north.
    North,
    /// A geometry as WKT.
    Wkt,
    /// One of a closed list of words.
    Words(&'static [&'static str]),
}

impl What {
    /// Whether its cells are numbers with a notation of their own (decimal comma and so on).
    pub const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Area
                | Self::Metres
                | Self::Count
                | Self::Longitude
                | Self::Latitude
                | Self::East
                | Self::North
        )
    }

    /// Whether it says where something is.
    pub const fn is_place(self) -> bool {
        matches!(self, Self::Longitude | Self::Latitude | Self::East | Self::North | Self::Wkt)
    }
}

/// A field that a column may be mapped to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldSpec {
    /// Its name in flags, mapping files and schemas.
    pub name: &'static str,
    /// What it holds.
    pub what: What,
    /// Whether a row without it is rejected (unless the request says it for all rows).
    pub required: bool,
    /// What it means.
    pub about: Text,
    /// Headings that are guessed, the likeliest first; compared without tone marks, case, spaces.
    pub headings: &'static [&'static str],
    /// Headings that are guessed before these when the level of a boundary file is known.
    pub of_level: &'static [(Level, &'static [&'static str])],
}

/// A field that a row may leave empty.
pub const fn field(
    name: &'static str,
    what: What,
    vi: &'static str,
    en: &'static str,
    headings: &'static [&'static str],
) -> FieldSpec {
    FieldSpec { name, what, required: false, about: Text::new(vi, en), headings, of_level: &[] }
}

/// The same field, without which a row is rejected.
pub const fn required(mut spec: FieldSpec) -> FieldSpec {
    spec.required = true;
    spec
}

/// The same field, with headings of its own for some levels.
pub const fn of_level(
    mut spec: FieldSpec,
    headings: &'static [(Level, &'static [&'static str])],
) -> FieldSpec {
    spec.of_level = headings;
    spec
}

/// The fields of a kind, in the order of the manual.
pub const fn fields_of(kind: DatasetKind) -> &'static [FieldSpec] {
    match kind {
        DatasetKind::Plots => PLOTS,
        DatasetKind::Boundaries => BOUNDARIES,
        DatasetKind::BorderLines => BORDER_LINES,
        DatasetKind::Tracks => TRACKS,
        DatasetKind::EmptySearches => EMPTY_SEARCHES,
        DatasetKind::Outreach => OUTREACH,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{
        AreaMethod, DestructionMethod, GrowthStage, SightingSource, VerificationResult,
    };

    use super::{
        super::field_tables::{
            boundaries::LEVELS,
            plots::{AREA_METHODS, DESTRUCTION_METHODS, RESULTS, SOURCES, STAGES},
        },
        *,
    };

    #[test]
    fn the_words_are_those_of_the_domain() {
        let words = |all: Vec<&'static str>| all;
        assert_eq!(SOURCES, words(SightingSource::ALL.iter().map(|it| it.word()).collect()));
        assert_eq!(STAGES, words(GrowthStage::ALL.iter().map(|it| it.word()).collect()));
        assert_eq!(AREA_METHODS, words(AreaMethod::ALL.iter().map(|it| it.word()).collect()));
        assert_eq!(
            DESTRUCTION_METHODS,
            words(DestructionMethod::ALL.iter().map(|it| it.word()).collect())
        );
        assert_eq!(RESULTS, words(VerificationResult::ALL.iter().map(|it| it.word()).collect()));
        assert_eq!(LEVELS, words(Level::ALL.iter().map(|it| it.word()).collect()));
    }

    #[test]
    fn no_heading_is_guessed_for_two_fields_of_a_kind() {
        for kind in DatasetKind::ALL {
            let mut seen = std::collections::HashMap::new();
            for spec in fields_of(kind) {
                for heading in spec.headings {
                    let key = super::super::heading::key(heading);
                    let other = seen.insert(key, spec.name);
                    assert!(
                        other.is_none_or(|other| other == spec.name),
                        "{kind}: `{heading}` is {} and {}",
                        spec.name,
                        other.unwrap_or_default()
                    );
                }
            }
        }
    }
}

//! Which units a place lies in, and how that was settled.

use super::UnitRef;

/// How the unit of a place was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settled {
    /// It lies inside exactly one unit.
    Inside,
    /// It lies exactly on the edge of one or more units and inside none: the lowest key has it.
    Edge,
    /// Units overlap there: the one whose line is farthest has it, ties by key.
    Overlap,
    /// Units leave a gap there: the nearest within the neighbour tolerance has it, ties by key.
    Gap,
    /// No unit within the neighbour tolerance.
    Outside,
    /// No unit of that level was in force.
    NoBoundaries,
}

impl Settled {
    /// Every way.
    pub const ALL: [Self; 6] =
        [Self::Inside, Self::Edge, Self::Overlap, Self::Gap, Self::Outside, Self::NoBoundaries];

    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Edge => "edge",
            Self::Overlap => "overlap",
            Self::Gap => "gap",
            Self::Outside => "outside",
            Self::NoBoundaries => "no-boundaries",
        }
    }
}

/// The unit of one level that a place lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// The unit; `None` outside of all.
    pub unit: Option<UnitRef>,
    /// How that was settled.
    pub settled: Settled,
}

/// The units that a place lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitsOf {
    /// Tỉnh.
    pub province: Option<UnitRef>,
    /// Huyện.
    pub district: Option<UnitRef>,
    /// Xã.
    pub commune: Option<UnitRef>,
    /// How the narrowest level in force was settled.
    pub settled: Settled,
    /// The commune's parents say otherwise than the outlines of the district or province: the
    /// parents won.
    pub contradicted: bool,
}

impl UnitsOf {
    /// A place on a day on which no boundaries were in force.
    pub(super) const NOWHERE: Self = Self {
        province: None,
        district: None,
        commune: None,
        settled: Settled::NoBoundaries,
        contradicted: false,
    };

    /// The narrowest unit known.
    pub fn narrowest(self) -> Option<UnitRef> {
        self.commune.or(self.district).or(self.province)
    }
}

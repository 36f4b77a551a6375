//! Why a cell is a hotspot or none, in words that a coordinator would use.

use super::say::number;
use crate::domain::{Language, Season};

/// How a cell's test went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Tested,
    Few,
    Constant,
    TooFew,
    Saturated,
    NotSurveyed,
    NoData,
}

impl Status {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Few => "few",
            Self::Constant => "constant",
            Self::TooFew => "too-few",
            Self::Saturated => "saturated",
            Self::NotSurveyed => "not-surveyed",
            Self::NoData => "no-data",
        }
    }
}

/// What is to be told about one cell.
pub(super) struct Finding {
    pub(super) status: Status,
    /// 3, 2, 1: hot at 99, 95, 90 %; negative: cold; 0: neither.
    pub(super) class: i8,
    pub(super) here: u64,
    pub(super) around: u64,
    pub(super) neighbours: usize,
    /// Shuffled maps with as many (as few, of a cold cell).
    pub(super) reached: u32,
    /// Whether its p alone would have passed alpha.
    pub(super) rare: bool,
    pub(super) permutations: u32,
    pub(super) tested: usize,
    pub(super) communes: bool,
    /// Whether cells are only taken as searched: then no sentence may say that they were.
    pub(super) assumed: bool,
    pub(super) season: Season,
}

impl Finding {
    pub(super) fn sentence(&self, language: Language) -> String {
        let compared = matches!(self.status, Status::Tested | Status::Few);
        let finding = match (compared, language) {
            (true, Language::Vi) => self.compared_vi(),
            (true, Language::En) => self.compared_en(),
            (false, Language::Vi) => self.not_compared_vi(),
            (false, Language::En) => self.not_compared_en(),
        };
        let few = match language {
            _ if self.status != Status::Few => String::new(),
            Language::Vi => {
                format!(" Chỉ {} {} được thử: đọc thận trọng.", self.tested, self.unit_vi())
            }
            Language::En => {
                format!(" Only {} {} were tested: read with care.", self.tested, self.units_en())
            }
        };
        let assumed = match language {
            _ if !self.assumed => String::new(),
            Language::Vi => format!(
                " Coi như mọi {} được rà soát: niên vụ {} không có dữ liệu rà soát.",
                self.unit_vi(),
                self.season
            ),
            Language::En => format!(
                " Every {} is assumed searched: no effort data for season {}.",
                self.unit_en(),
                self.season
            ),
        };
        finding + &few + &assumed
    }

    fn unit_vi(&self) -> &'static str {
        if self.communes { "xã" } else { "ô" }
    }

    fn unit_en(&self) -> &'static str {
        if self.communes { "commune" } else { "cell" }
    }

    fn units_en(&self) -> &'static str {
        if self.communes { "communes" } else { "cells" }
    }

    /// What is said of cells that are tested, after the noun.
    fn searched_vi(&self) -> &'static str {
        if self.assumed { "" } else { " đã rà soát" }
    }

    /// The same, before the noun.
    fn searched_en(&self) -> &'static str {
        if self.assumed { "" } else { "searched " }
    }

    fn level(&self) -> &'static str {
        match self.class.unsigned_abs() {
            3 => "99 %",
            2 => "95 %",
            _ => "90 %",
        }
    }

    fn compared_vi(&self) -> String {
        let n = |count: u64| number(count as f64, 0, Language::Vi);
        let unit = self.unit_vi();
        let here = match self.here {
            0 => format!("Trong {unit} chưa phát hiện nương nào"),
            some => format!("{} nương trong {unit}", n(some)),
        };
        let around = format!(
            "{} nương kể cả {} {unit} lân cận{}",
            n(self.around),
            self.neighbours,
            self.searched_vi()
        );
        let (maps, reached) = (n(self.permutations.into()), n(self.reached.into()));
        let chance = if self.class < 0 {
            format!("{reached} trong {maps} bản đồ xáo trộn có ít như thế hoặc ít hơn")
        } else {
            format!("{reached} trong {maps} bản đồ xáo trộn có nhiều như thế hoặc hơn")
        };
        let verdict = match self.class {
            1.. => format!("điểm nóng ở mức {}", self.level()),
            ..=-1 => format!("ít nương một cách khác thường, ở mức {}", self.level()),
            0 if self.rare => format!(
                "đáng chú ý nếu đứng một mình, nhưng trong {} phép thử thì ngẫu nhiên cũng có nơi như vậy",
                n(self.tested as u64)
            ),
            0 => "không nhiều hơn mức ngẫu nhiên".to_owned(),
        };
        format!("{here}, {around}; {chance}: {verdict}.")
    }

    fn compared_en(&self) -> String {
        let n = |count: u64| number(count as f64, 0, Language::En);
        let here = match self.here {
            0 => format!("No plot in this {} itself", self.unit_en()),
            1 => format!("1 plot in this {}", self.unit_en()),
            some => format!("{} plots in this {}", n(some), self.unit_en()),
        };
        let searched = self.searched_en();
        let around = match self.neighbours {
            1 => format!("{} together with 1 {searched}neighbour", n(self.around)),
            some => format!("{} together with {some} {searched}neighbours", n(self.around)),
        };
        let (maps, reached) = (n(self.permutations.into()), n(self.reached.into()));
        let chance = if self.class < 0 {
            format!("{reached} of {maps} shuffled maps had as few or fewer")
        } else {
            format!("{reached} of {maps} shuffled maps had as many or more")
        };
        let verdict = match self.class {
            1.. => format!("a hotspot at the {} level", self.level()),
            ..=-1 => format!("unusually few, at the {} level", self.level()),
            0 if self.rare => format!(
                "notable by itself, but among {} tests chance gives such a place too",
                n(self.tested as u64)
            ),
            0 => "no more than chance gives".to_owned(),
        };
        format!("{here}, {around}; {chance}: {verdict}.")
    }

    fn not_compared_vi(&self) -> String {
        let (unit, tested, searched) = (self.unit_vi(), self.tested, self.searched_vi());
        match self.status {
            Status::NotSurveyed => format!(
                "Chưa có dữ liệu rà soát {unit} này trong niên vụ {}: chưa biết, không phải là không có.",
                self.season
            ),
            Status::NoData => format!(
                "Niên vụ {} không có dữ liệu rà soát, cũng không có phát hiện nào: \
                 chưa biết, không phải là không có.",
                self.season
            ),
            Status::TooFew => format!("Chỉ có {tested} {unit}{searched}: quá ít để so sánh."),
            Status::Saturated => {
                format!("Mọi {unit}{searched} đều là lân cận: không còn gì để so sánh.")
            }
            Status::Constant | Status::Tested | Status::Few => {
                format!("Cả {tested} {unit}{searched} có số nương như nhau: không nơi nào nổi lên.")
            }
        }
    }

    fn not_compared_en(&self) -> String {
        let (unit, units, tested) = (self.unit_en(), self.units_en(), self.tested);
        let searched = self.searched_en();
        match self.status {
            Status::NotSurveyed => format!(
                "Nobody is known to have searched this {unit} in season {}: unknown, not empty.",
                self.season
            ),
            Status::NoData => format!(
                "Season {} has no effort data and no sighting: unknown, not empty.",
                self.season
            ),
            Status::TooFew => format!("Only {tested} {searched}{units}: too few to compare."),
            Status::Saturated => {
                format!(
                    "All {searched}{units} are its neighbours: nothing is left to compare with."
                )
            }
            Status::Constant | Status::Tested | Status::Few => {
                format!(
                    "All {tested} {searched}{units} hold the same number of plots: none stands out."
                )
            }
        }
    }
}

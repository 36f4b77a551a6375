//! Why a cell is a hotspot or none, in words that a coordinator would use.

use super::{by_search::BySearch, measured::Measured, question::Method, raw_rate::RawRate};
use crate::{
    analysis::{chance::significance::Adjust, local::moran::Quadrant},
    domain::{Language, Season},
    layers::{
        CellKind,
        say::{number, rough},
    },
};

/// How a cell's test went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Tested,
    Few,
    Constant,
    TooFew,
    Saturated,
    Island,
    AtMean,
    Absent,
    UnknownValue,
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
            Self::Island => "island",
            Self::AtMean => "at-mean",
            Self::Absent => "absent",
            Self::UnknownValue => "unknown-value",
            Self::NotSurveyed => "not-surveyed",
            Self::NoData => "no-data",
        }
    }
}

/// What is to be told about one cell.
pub(super) struct Finding {
    pub(super) status: Status,
    pub(super) method: Method,
    pub(super) measured: Measured,
    /// 3, 2, 1: more than chance gives, at 99, 95, 90 %; negative: less; 0: neither.
    pub(super) class: i8,
    pub(super) quadrant: Option<Quadrant>,
    /// Plots in the cell.
    pub(super) plots: u64,
    /// What is compared of it.
    pub(super) here: f64,
    /// The sum around it, of Gi* with its own.
    pub(super) around: f64,
    /// Those of them that search found, against the ground searched in the cell.
    pub(super) rate: Option<RawRate>,
    /// What the search in the cell and its neighbours lets expect.
    pub(super) search: Option<BySearch>,
    pub(super) neighbours: usize,
    /// Shuffled maps with as much (as little, where `less`); `None` of rates.
    pub(super) reached: Option<u32>,
    /// The chance of as much (as little).
    pub(super) p: Option<f64>,
    pub(super) less: bool,
    /// Whether its p alone would have passed alpha.
    pub(super) rare: bool,
    pub(super) permutations: u32,
    /// How many tests at once are controlled.
    pub(super) adjust: Adjust,
    pub(super) tested: usize,
    /// What the cells are.
    pub(super) cell: CellKind,
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
        let (raw, search) = if compared {
            (self.raw(language), self.by_search(language))
        } else {
            (String::new(), String::new())
        };
        finding + &raw + &search + &few + &assumed
    }

    /// Of a hotspot, what the search alone would have found; rates have asked that already, and say
    /// what they leave out.
    fn by_search(&self, language: Language) -> String {
        let hot = self.class > 0 && matches!(self.quadrant, None | Some(Quadrant::HighHigh));
        match (self.search, self.measured) {
            (Some(search), Measured::Rate) => search.other_plots(language),
            (Some(search), _) if hot => search.sentence(language),
            _ => String::new(),
        }
    }

    fn unit_vi(&self) -> &'static str {
        self.cell.one(Language::Vi)
    }

    fn unit_en(&self) -> &'static str {
        self.cell.one(Language::En)
    }

    fn units_en(&self) -> &'static str {
        self.cell.several(Language::En)
    }

    /// What is said of cells that are tested, after the noun.
    fn searched_vi(&self) -> &'static str {
        if self.assumed { "" } else { " đã rà soát" }
    }

    /// The same, before the noun.
    fn searched_en(&self) -> &'static str {
        if self.assumed { "" } else { "searched " }
    }

    /// The rate of its class, in per cent.
    const fn class_rate(&self) -> u8 {
        match self.class.unsigned_abs() {
            3 => 1,
            2 => 5,
            _ => 10,
        }
    }

    /// What is controlled at that rate.
    fn level_vi(&self) -> String {
        let rate = self.class_rate();
        match self.adjust {
            Adjust::BenjaminiHochberg | Adjust::BenjaminiYekutieli => {
                format!("tỷ lệ phát hiện sai (FDR) {rate} %")
            }
            Adjust::Holm | Adjust::Bonferroni => {
                format!("xác suất có dù chỉ một phát hiện sai trên cả bản đồ {rate} %")
            }
            Adjust::None => format!(
                "ở mức {} % nếu xét riêng {} này, không kiểm soát {} phép thử cùng lúc",
                100 - rate,
                self.unit_vi(),
                number(self.tested as f64, 0, Language::Vi)
            ),
        }
    }

    fn level_en(&self) -> String {
        let rate = self.class_rate();
        match self.adjust {
            Adjust::BenjaminiHochberg | Adjust::BenjaminiYekutieli => {
                format!("at a false-discovery rate (FDR) of {rate} %")
            }
            Adjust::Holm | Adjust::Bonferroni => {
                format!("at {rate} % for any false find on the whole map")
            }
            Adjust::None => format!(
                "at the {} % level by itself, without control of {} tests at once",
                100 - rate,
                number(self.tested as f64, 0, Language::En)
            ),
        }
    }

    /// An amount of what is compared.
    pub(super) fn amount_vi(&self, amount: f64) -> String {
        match self.measured {
            Measured::Count => format!("{} nương", number(amount, 0, Language::Vi)),
            Measured::Area => format!("{} m² nương", number(amount, 0, Language::Vi)),
            Measured::Presence => {
                format!("{} {} có nương", number(amount, 0, Language::Vi), self.unit_vi())
            }
            Measured::Rate => format!("{} nương/km²", rough(amount, 3, Language::Vi)),
        }
    }

    pub(super) fn amount_en(&self, amount: f64) -> String {
        let amount_of = |decimals| number(amount, decimals, Language::En);
        match self.measured {
            Measured::Count if amount == 1.0 => "1 plot".into(),
            Measured::Count => format!("{} plots", amount_of(0)),
            Measured::Area => format!("{} m² of plots", amount_of(0)),
            Measured::Presence => format!("{} with plots", amount_of(0)),
            Measured::Rate => format!("{} plots per km²", rough(amount, 3, Language::En)),
        }
    }

    fn compared_vi(&self) -> String {
        let n = |count: u64| number(count as f64, 0, Language::Vi);
        let unit = self.unit_vi();
        let here = match (self.plots, self.measured) {
            (_, Measured::Rate) => self.rate_vi(),
            (0, _) => format!("Trong {unit} chưa phát hiện nương nào"),
            (some, Measured::Count | Measured::Presence) => {
                format!("{} nương trong {unit}", n(some))
            }
            (_, Measured::Area) => format!("{} trong {unit}", self.amount_vi(self.here)),
        };
        let near = format!("{} {unit} lân cận{}", self.neighbours, self.searched_vi());
        let around = match (self.measured, self.method.with_itself()) {
            (Measured::Rate, _) => self.rates_vi(&near),
            (Measured::Count, true) => {
                format!("{} kể cả {near}", self.amount_vi(self.around))
            }
            (_, true) => format!("{} kể cả {near}", self.amount_vi(self.around)),
            (_, false) => format!("{near} có {}", self.amount_vi(self.around)),
        };
        let verdict = match (self.class, self.quadrant) {
            (0, _) if self.rare => format!(
                "đáng chú ý nếu đứng một mình, nhưng chưa đủ giữa {} phép thử cùng lúc",
                n(self.tested as u64)
            ),
            (0, Some(_)) => "chưa chứng tỏ giống hay khác lân cận hơn mức ngẫu nhiên".to_owned(),
            (0, None) if self.less => "chưa chứng tỏ ít hơn mức ngẫu nhiên".to_owned(),
            (0, None) => "chưa chứng tỏ nhiều hơn mức ngẫu nhiên".to_owned(),
            (_, Some(quadrant)) => format!("{}, {}", quadrant_vi(quadrant), self.level_vi()),
            (1.., None) => format!("điểm nóng, {}", self.level_vi()),
            (..=-1, None) => format!("ít nương một cách khác thường, {}", self.level_vi()),
        };
        let method = match self.method {
            Method::JoinCounts => "đếm cặp",
            other => other.name(),
        };
        let Some(reached) = self.reached else {
            let expected = self.expected(Language::Vi);
            let p = self.chance(Language::Vi);
            return format!(
                "{here}, {around}, nơi diện tích đã rà soát cho kỳ vọng {expected} nương; p = {p}: {verdict} ({method} của tỷ lệ)."
            );
        };
        let how = match (self.method, self.less) {
            (Method::Moran, false) => format!("có {unit} giống lân cận như thế hoặc hơn"),
            (Method::Moran, true) => format!("có {unit} khác lân cận như thế hoặc hơn"),
            (_, false) => "có nhiều như thế hoặc hơn".to_owned(),
            (_, true) => "có ít như thế hoặc ít hơn".to_owned(),
        };
        let (maps, reached) = (n(self.permutations.into()), n(reached.into()));
        format!(
            "{here}, {around}; {reached} trong {maps} bản đồ xáo trộn {how}: {verdict} ({method})."
        )
    }

    fn compared_en(&self) -> String {
        let n = |count: u64| number(count as f64, 0, Language::En);
        let unit = self.unit_en();
        let here = match (self.plots, self.measured) {
            (_, Measured::Rate) => self.rate_en(),
            (0, _) => format!("No plot in this {unit} itself"),
            (1, Measured::Count | Measured::Presence) => format!("1 plot in this {unit}"),
            (some, Measured::Count | Measured::Presence) => {
                format!("{} plots in this {unit}", n(some))
            }
            (_, Measured::Area) => format!("{} in this {unit}", self.amount_en(self.here)),
        };
        let searched = self.searched_en();
        let near = match self.neighbours {
            1 => format!("1 {searched}neighbour"),
            some => format!("{some} {searched}neighbours"),
        };
        let around = match (self.measured, self.method.with_itself()) {
            (Measured::Count, true) => {
                format!("{} together with {near}", number(self.around, 0, Language::En))
            }
            (Measured::Rate, _) => self.rates_en(&near),
            (_, true) => format!("{} together with {near}", self.amount_en(self.around)),
            (_, false) => format!("{} in {near}", self.amount_en(self.around)),
        };
        let verdict = match (self.class, self.quadrant) {
            (0, _) if self.rare => format!(
                "notable by itself, but not enough among {} tests at once",
                n(self.tested as u64)
            ),
            (0, Some(_)) => {
                "not shown to be more like or unlike its neighbours than chance gives".to_owned()
            }
            (0, None) if self.less => "not shown to be less than chance gives".to_owned(),
            (0, None) => "not shown to be more than chance gives".to_owned(),
            (_, Some(quadrant)) => format!("{} {}", quadrant_en(quadrant), self.level_en()),
            (1.., None) => format!("a hotspot {}", self.level_en()),
            (..=-1, None) => format!("unusually few, {}", self.level_en()),
        };
        let method = self.method.name();
        let Some(reached) = self.reached else {
            let expected = self.expected(Language::En);
            let p = self.chance(Language::En);
            return format!(
                "{here}, {around}, where the ground searched lets expect {expected}; p = {p}: {verdict} ({method} of rates)."
            );
        };
        let how = match (self.method, self.measured, self.less) {
            (Method::Moran, _, false) => "were as like their neighbours or more",
            (Method::Moran, _, true) => "were as unlike their neighbours or more",
            (_, Measured::Count | Measured::Presence, false) => "had as many or more",
            (_, Measured::Count | Measured::Presence, true) => "had as few or fewer",
            (_, Measured::Area | Measured::Rate, false) => "had as much or more",
            (_, Measured::Area | Measured::Rate, true) => "had as little or less",
        };
        let (maps, reached) = (n(self.permutations.into()), n(reached.into()));
        format!("{here}, {around}; {reached} of {maps} shuffled maps {how}: {verdict} ({method}).")
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
            Status::UnknownValue => match self.measured {
                Measured::Rate => format!(
                    "Trong {unit} hầu như chưa rà soát gì, hoặc không vết tuần tra nào cho biết đã rà soát bao nhiêu đất: \
                     không tính được tỷ lệ."
                ),
                Measured::Count | Measured::Area | Measured::Presence => format!(
                    "{} nương trong {unit} chưa ai đo diện tích: chưa biết, không phải bằng không.",
                    self.plots
                ),
            },
            Status::TooFew => format!("Chỉ có {tested} {unit}{searched}: quá ít để so sánh."),
            Status::Saturated => {
                format!("Mọi {unit}{searched} đều là lân cận: không còn gì để so sánh.")
            }
            Status::Island => {
                format!("Không có {unit} lân cận nào{searched}: không có gì để so sánh.")
            }
            Status::AtMean => {
                format!("Giá trị của {unit} đúng bằng trung bình: không cao cũng không thấp.")
            }
            Status::Absent => format!(
                "Trong {unit} chưa phát hiện nương nào; phép đếm cặp chỉ hỏi về {unit} có nương."
            ),
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
            Status::UnknownValue => match self.measured {
                Measured::Rate => format!(
                    "Hardly anything was searched in this {unit}, or no track tells how much: no rate."
                ),
                Measured::Count | Measured::Area | Measured::Presence => {
                    format!(
                        "Nobody measured any of the {} plots here: unknown, not zero.",
                        self.plots
                    )
                }
            },
            Status::TooFew => format!("Only {tested} {searched}{units}: too few to compare."),
            Status::Saturated => {
                format!(
                    "All {searched}{units} are its neighbours: nothing is left to compare with."
                )
            }
            Status::Island => {
                format!("This {unit} has no {searched}neighbour: nothing to compare with.")
            }
            Status::AtMean => {
                format!("The value of this {unit} is exactly the mean: neither high nor low.")
            }
            Status::Absent => format!(
                "No plot in this {unit}; join counts are asked only of {units} that have some."
            ),
            Status::Constant | Status::Tested | Status::Few => {
                format!(
                    "All {tested} {searched}{units} hold the same number of plots: none stands out."
                )
            }
        }
    }
}

const fn quadrant_vi(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighHigh => "cao giữa các nơi cao (HH)",
        Quadrant::LowHigh => "thấp giữa các nơi cao (LH)",
        Quadrant::LowLow => "thấp giữa các nơi thấp (LL)",
        Quadrant::HighLow => "cao giữa các nơi thấp (HL)",
    }
}

const fn quadrant_en(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighHigh => "high among high (HH)",
        Quadrant::LowHigh => "low among high (LH)",
        Quadrant::LowLow => "low among low (LL)",
        Quadrant::HighLow => "high among low (HL)",
    }
}

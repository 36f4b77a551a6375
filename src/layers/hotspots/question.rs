//! What a hotspots question asks: method, weights, value, null, control of many tests; and the
//! bounds within which it is answered.

use geo_types::Coord;

use super::measured::{MEASURED, Measured};
use crate::{
    analysis::{
        chance::{
            draws::MOST_PERMUTATIONS,
            permutation::{Null, Statistic},
            significance::Adjust,
            tally::Tail,
        },
        weights::{Contiguity, Neighbours, WeightsSpec, band, islands_joined, k_nearest},
    },
    layers::{Choices, LayerError, LayerQuery, Refusal, cells::Cells, choices::one_of},
    snapshot::Snapshot,
};

/// The words for what chance is: of rates the last, whatever is asked.
pub(super) const NULLS: &[&str] = &[Null::WORDS[0], Null::WORDS[1], "gamma-poisson"];

/// The most nearest neighbours: what a map of points a kilometre apart calls a neighbourhood.
const MOST_NEAREST: usize = 64;

/// The most draws, with what puts them right: some seconds of two threads.
const MOST_DRAWS: u64 = 500_000_000;

/// The most pairs of neighbours that are looked for: a fraction of a second.
const MOST_PAIRS: f64 = 5e7;

/// Which statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    GiStar,
    Gi,
    Moran,
    JoinCounts,
}

/// The words for them, the default first.
pub(super) const METHODS: &[&str] = &["gistar", "gi", "moran", "join-counts"];

impl Method {
    const ALL: [Self; 4] = [Self::GiStar, Self::Gi, Self::Moran, Self::JoinCounts];

    pub(super) const fn word(self) -> &'static str {
        METHODS[self as usize]
    }

    /// As people write it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::GiStar => "Gi*",
            Self::Gi => "Gi",
            Self::Moran => "Moran",
            Self::JoinCounts => "join counts",
        }
    }

    pub(super) const fn statistic(self) -> Statistic {
        match self {
            Self::GiStar => Statistic::GiStar,
            Self::Gi | Self::JoinCounts => Statistic::Gi,
            Self::Moran => Statistic::Moran,
        }
    }

    /// Whether its z is that of Gi.
    pub(super) const fn is_gi(self) -> bool {
        matches!(self, Self::GiStar | Self::Gi)
    }

    /// Whether the cell itself is in its neighbourhood.
    pub(super) const fn with_itself(self) -> bool {
        matches!(self, Self::GiStar)
    }
}

/// A hotspots question, without its place and time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    pub(super) method: Method,
    pub(super) weights: WeightsSpec,
    /// The weights as they were asked.
    pub(super) weights_word: String,
    pub(super) measured: Measured,
    pub(super) null: Null,
    pub(super) adjust: Adjust,
    pub(super) tail: Tail,
    pub(super) permutations: u32,
    pub(super) seed: u64,
    pub(super) alpha: f64,
}

fn wrong(parameter: &'static str, reason: impl Into<Refusal>) -> LayerError {
    LayerError::Parameter { parameter, reason: reason.into() }
}

/// What holds where nobody chose it: a method's own.
pub(super) struct Usual {
    pub(super) measured: Measured,
    pub(super) null: Null,
    pub(super) tail: Tail,
}

impl Usual {
    /// With the method of this word.
    pub(super) fn with(method: &str) -> Self {
        Self::of(Method::ALL.into_iter().find(|it| it.word() == method).unwrap_or(Method::GiStar))
    }

    const fn of(method: Method) -> Self {
        Self {
            measured: match method {
                Method::JoinCounts => Measured::Presence,
                _ => Measured::Count,
            },
            null: match method {
                Method::GiStar => Null::Total,
                _ => Null::Conditional,
            },
            tail: match method {
                Method::Moran => Tail::TwoSided,
                _ => Tail::Upper,
            },
        }
    }
}

impl Question {
    /// Reads the choices of `query`.
    ///
    /// # Errors
    ///
    /// [`LayerError::Parameter`] for a word that is none, a number beyond its bounds, or choices
    /// that do not go together.
    pub(super) fn of(query: &LayerQuery) -> Result<Self, LayerError> {
        let LayerQuery { permutations, seed, alpha, .. } = *query;
        if !(1..=MOST_PERMUTATIONS).contains(&permutations) {
            return Err(wrong(
                "permutations",
                format!("{permutations} shuffled maps: ask for 1 to {MOST_PERMUTATIONS}"),
            ));
        }
        if !(alpha > 0.0 && alpha <= 0.1) {
            return Err(wrong(
                "alpha",
                Refusal::new(
                    format!("tỷ lệ phát hiện sai {alpha}: chọn trên 0 và tối đa 0,1, ví dụ 0.05"),
                    format!(
                        "a false-discovery rate of {alpha}: ask for more than 0 and at most 0.1, such as 0.05"
                    ),
                ),
            ));
        }
        let Choices { method, weights, value, null, adjust, tail, .. } = &query.choices;
        let word = one_of("method", method.as_deref(), METHODS)?;
        let method = Method::ALL.into_iter().find(|it| it.word() == word);
        let method = method.unwrap_or(Method::GiStar);
        let usual = Usual::of(method);
        let word = one_of("value", value.as_deref(), MEASURED)?;
        let measured = Measured::ALL.into_iter().find(|it| it.word() == word);
        let measured = measured.filter(|_| value.is_some()).unwrap_or(usual.measured);
        if method == Method::JoinCounts && measured != Measured::Presence {
            return Err(wrong(
                "value",
                Refusal::new(
                    format!("đếm cặp ô chỉ so nơi có nương: chọn presence, không phải {word}"),
                    format!("join counts compare where plots are: ask for presence, not {word}"),
                ),
            ));
        }
        let known = Null::from_word(one_of("null", null.as_deref(), &Null::WORDS)?);
        let null = known.filter(|_| null.is_some()).unwrap_or(usual.null);
        if method == Method::JoinCounts && null == Null::Total {
            return Err(wrong(
                "null",
                Refusal::new(
                    "đếm cặp ô hỏi về những ô có nương, các ô ấy giữ nguyên: chọn conditional",
                    "join counts are asked of cells that have plots, which stay: ask for conditional",
                ),
            ));
        }
        let known = Tail::from_word(one_of("tail", tail.as_deref(), &Tail::WORDS)?);
        let tail = known.filter(|_| tail.is_some()).unwrap_or(usual.tail);
        let adjust = Adjust::from_word(one_of("adjust", adjust.as_deref(), &Adjust::WORDS)?);
        let weights_word = weights.clone().unwrap_or_else(|| "queen".into());
        Ok(Self {
            method,
            weights: read_weights(&weights_word)?,
            weights_word,
            measured,
            null,
            adjust: adjust.unwrap_or_default(),
            tail,
            permutations,
            seed,
            alpha,
        })
    }

    /// How many maps are shuffled; `None` of rates, whose chances are summed.
    pub(super) fn shuffled(&self) -> Option<u32> {
        (self.measured != Measured::Rate).then_some(self.permutations)
    }

    /// What chance is: how maps are shuffled, or how rates differ where nothing is behind it.
    pub(super) fn null_word(&self) -> &'static str {
        if self.measured == Measured::Rate { NULLS[2] } else { self.null.word() }
    }

    /// All of it, for the key of a memo.
    pub(super) fn key(&self) -> String {
        let Self { permutations, seed, alpha, weights_word, .. } = self;
        format!(
            "{} {weights_word} {} {} {} {} {permutations} {seed} {alpha}",
            self.method.word(),
            self.measured.word(),
            self.null.word(),
            self.adjust.word(),
            self.tail.word(),
        )
    }

    /// The name of the draws, with its version: another version draws anew. Methods that shuffle
    /// alike share their luck, so that Gi and Moran of one map can be compared.
    pub(super) const fn analysis(&self) -> &'static str {
        match self.null {
            Null::Total => "hotspots/gi-star/total/1",
            Null::Conditional => "hotspots/conditional/1",
        }
    }

    /// Who is whose neighbour among the cells at `places`.
    ///
    /// # Errors
    ///
    /// [`LayerError::TooMuch`] where the neighbourhoods are so large that the shuffles would take
    /// too long.
    pub(super) fn neighbours(
        &self,
        snapshot: &Snapshot,
        cells: &Cells,
        places: &[usize],
    ) -> Result<Neighbours, LayerError> {
        let too_much = |reason: Refusal| LayerError::TooMuch(reason);
        let middles = || -> Vec<Coord<f64>> {
            places.iter().map(|place| cells.middle(snapshot, *place)).collect()
        };
        let neighbours = match &self.weights {
            WeightsSpec::Nearest(k) => {
                let nearest = k_nearest(&middles(), *k);
                Neighbours::from_lists((0..places.len()).map(|at| nearest.places(at).to_vec()))
            }
            WeightsSpec::Band(distance) => {
                let metres = distance.unwrap_or_default();
                let ground: f64 = places.iter().map(|place| cells.area(*place)).sum();
                within_reason(metres, places.len(), ground)?;
                band(&middles(), metres).map_err(|error| too_much(error.to_string().into()))?
            }
            WeightsSpec::Contiguity { kind, islands, .. } => {
                let found = match kind {
                    Contiguity::Queen => cells.neighbours(snapshot, places),
                    Contiguity::Rook => cells.edge_neighbours(snapshot, places),
                };
                match islands {
                    0 => found,
                    k => islands_joined(&found, &middles(), *k),
                }
            }
            WeightsSpec::Inverse { .. } | WeightsSpec::Kernel { .. } | WeightsSpec::File(_) => {
                return Err(wrong("weights", unknown_weights(&self.weights_word)));
            }
        };
        let most = (0..places.len()).map(|at| neighbours.count(at)).max().unwrap_or(0) as u64;
        // Under the conditional null a permutation that drew the cell itself is summed anew.
        let anew = if self.null == Null::Conditional { 1 + most / 8 } else { 1 };
        let maps = self.shuffled().map_or(0, u64::from);
        if maps * (most + 1) * anew > MOST_DRAWS {
            return Err(too_much(Refusal::new(
                format!(
                    "{} bản đồ xáo trộn với tới {most} ô lân cận mỗi ô là quá nhiều: giảm số bản đồ, ví dụ \
                     permutations=9999, giảm số ô lân cận, hoặc chọn ô lớn hơn",
                    self.permutations
                ),
                format!(
                    "{} shuffled maps with up to {most} neighbours a cell are too much work: ask for fewer \
                     permutations, such as permutations=9999, for fewer neighbours, or for larger cells",
                    self.permutations
                ),
            )));
        }
        Ok(neighbours)
    }
}

/// Refuses a band that would make everyone everyone's neighbour, before they are looked for:
/// `ground` m² of so many cells.
fn within_reason(metres: f64, cells: usize, ground: f64) -> Result<(), LayerError> {
    let around = std::f64::consts::PI * metres * metres * cells as f64 / ground.max(1.0);
    let each = around.min(cells as f64);
    if each * cells as f64 <= MOST_PAIRS {
        return Ok(());
    }
    Err(LayerError::TooMuch(Refusal::new(
        format!(
            "Trong vòng {metres} m mỗi ô có chừng {each:.0} lân cận, với {cells} ô là quá nhiều: chọn khoảng cách ngắn \
             hơn, ví dụ weights=band:3000, hoặc ô lớn hơn"
        ),
        format!(
            "Within {metres} m a cell has about {each:.0} neighbours, too many for {cells} cells: ask for a shorter \
             distance, such as weights=band:3000, or for larger cells"
        ),
    )))
}

fn unknown_weights(word: &str) -> Refusal {
    Refusal::new(
        format!(
            "`{word}`: bản đồ biết queen, rook, queen+knn:1, knn:8, band:3000; loại khác thì xuất các ô ra tệp \
             và chạy `poppywatch analyse`"
        ),
        format!(
            "`{word}`: the map knows queen, rook, queen+knn:1, knn:8, band:3000; for others export the cells \
             and run `poppywatch analyse`"
        ),
    )
}

fn read_weights(word: &str) -> Result<WeightsSpec, LayerError> {
    let spec: WeightsSpec = word.parse().map_err(|error| wrong("weights", format!("{error}")))?;
    match spec {
        WeightsSpec::Nearest(k) | WeightsSpec::Contiguity { islands: k, .. }
            if k > MOST_NEAREST =>
        {
            Err(wrong(
                "weights",
                Refusal::new(
                    format!("{k} ô gần nhất: chọn tối đa {MOST_NEAREST}"),
                    format!("{k} nearest: ask for at most {MOST_NEAREST}"),
                ),
            ))
        }
        WeightsSpec::Contiguity { tolerance: 0.0, .. }
        | WeightsSpec::Nearest(_)
        | WeightsSpec::Band(Some(_)) => Ok(spec),
        _ => Err(wrong("weights", unknown_weights(word))),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn asked(choices: Choices) -> Result<Question, LayerError> {
        Question::of(&LayerQuery { choices, ..LayerQuery::on(date(2025, 4, 1)) })
    }

    #[test]
    fn each_method_has_its_own_defaults() {
        let of = |method: &str| {
            let asked =
                asked(Choices { method: Some(method.into()), ..Choices::default() }).unwrap();
            (asked.measured.word(), asked.null.word(), asked.tail.word())
        };
        assert_eq!(of("gistar"), ("count", "total", "upper"));
        assert_eq!(of("gi"), ("count", "conditional", "upper"));
        assert_eq!(of("moran"), ("count", "conditional", "two-sided"));
        assert_eq!(of("join-counts"), ("presence", "conditional", "upper"));
    }

    #[test]
    fn a_band_over_everything_is_refused_before_the_work() {
        // 9,000 km² in cells of 250 m: some 31,000 within 25 km of each.
        assert!(matches!(within_reason(25_000.0, 144_000, 9e9), Err(LayerError::TooMuch(_))));
        assert!(within_reason(3000.0, 144_000, 9e9).is_err());
        assert!(within_reason(3000.0, 9000, 9e9).is_ok());
        assert!(within_reason(1e9, 7000, 7e9).is_ok(), "all pairs of a few cells");
        assert!(within_reason(3000.0, 0, 0.0).is_ok());
    }

    #[test]
    fn every_neighbourhood_that_a_menu_offers_is_taken() {
        for word in crate::layers::Parameter::Weights.offered() {
            let weights = Some((*word).to_owned());
            assert!(asked(Choices { weights, ..Choices::default() }).is_ok(), "{word}");
        }
    }

    #[test]
    fn what_does_not_go_together_is_refused_in_words() {
        let of = |set: fn(&mut Choices)| {
            let mut choices = Choices::default();
            set(&mut choices);
            asked(choices).unwrap_err().to_string()
        };
        let with =
            |weights: &str| asked(Choices { weights: Some(weights.into()), ..Choices::default() });
        assert!(of(|it| it.method = Some("magic".into())).contains("join-counts"));
        let error = of(|it| {
            it.method = Some("join-counts".into());
            it.value = Some("area".into());
        });
        assert!(error.contains("presence"), "{error}");
        let error = of(|it| {
            it.method = Some("join-counts".into());
            it.null = Some("total".into());
        });
        assert!(error.contains("conditional"), "{error}");
        for good in ["queen", "rook", "knn:8", "band:1500", "queen+knn:1"] {
            assert!(with(good).is_ok(), "{good}");
        }
        for bad in ["knn:65", "knn:0", "band", "queen:50", "idw:2000", "w.csv", "near"] {
            assert!(with(bad).unwrap_err().to_string().contains("weights"), "{bad}");
        }
    }
}

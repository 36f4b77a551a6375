//! What a span of seasons says of each cell: its class of emerging hot spots
//! (analysis/time/emerging.rs) through all seasons of the span, on the cells of the last one.

use std::sync::Arc;

use super::question::Question;
use crate::{
    analysis::{
        chance::draws::Draws,
        time::{
            emerging::{self, Caution, NoClass, Place, watched_emerging},
            emerging_class::{Class, Kind},
        },
    },
    domain::{Language, Season},
    layers::{
        LayerError, LayerQuery, Property, Refusal, Value, ValueKind,
        cells::{
            Cells,
            season::{Found, Searched},
        },
        say::{count, measure, number, property, text},
        scope::{Scope, horizon},
    },
    snapshot::Snapshot,
};

/// The most bins, cells times seasons, that a request may ask about: some seconds.
const MOST_BINS: usize = 1_000_000;

/// The draws, with their version.
const ANALYSIS: &str = "hotspots/emerging/1";

/// The words of the classes.
const CLASSES: &[&str] = &[
    "oscillating-hot",
    "new-hot",
    "consecutive-hot",
    "intensifying-hot",
    "diminishing-hot",
    "persistent-hot",
    "sporadic-hot",
    "historical-hot",
    "oscillating-cold",
    "new-cold",
    "consecutive-cold",
    "intensifying-cold",
    "diminishing-cold",
    "persistent-cold",
    "sporadic-cold",
    "historical-cold",
    "no-pattern",
];

/// The class through the seasons.
pub(super) const TREND: Property =
    property("trend", ValueKind::Text, ("Diễn biến", "Trend"), (
        "Phân loại qua các niên vụ của khoảng `season=A/B` (17 loại điểm nóng và điểm lạnh nổi lên); trống nếu \
         không hỏi khoảng, niên vụ cuối chưa rà soát, hoặc chỉ thử được một niên vụ.",
        "The class through the seasons of a span `season=A/B` (17 classes of emerging hot spots); empty without a \
         span, where the last season was not searched, or where only one season was tested.",
    ))
    .one_of(CLASSES);

/// The p of Mann-Kendall.
pub(super) const TREND_P: Property = property(
    "trend_p",
    ValueKind::Real,
    ("p của xu thế", "p of the trend"),
    (
        "p hai phía của phép thử Mann-Kendall trên Gi* z qua các niên vụ; trống nếu dưới 3 niên vụ.",
        "The two-sided p of Mann-Kendall on Gi* z through the seasons; empty under 3 seasons.",
    ),
);

/// Seasons that were hot.
pub(super) const SEASONS_HOT: Property = property(
    "seasons_hot",
    ValueKind::Integer,
    ("Số niên vụ nóng", "Seasons hot"),
    (
        "Số niên vụ là điểm nóng ở mức 90 %, trong khoảng đã hỏi.",
        "Seasons of the span in which it was hot at 90 %.",
    ),
);

/// Seasons that were tested.
pub(super) const SEASONS_TESTED: Property = property(
    "seasons_tested",
    ValueKind::Integer,
    ("Số niên vụ được thử", "Seasons tested"),
    (
        "Số niên vụ đã rà soát và được thử, trong khoảng đã hỏi.",
        "Seasons of the span in which it was searched and tested.",
    ),
);

/// All cells through the seasons of a span.
pub(super) struct Trends {
    first: Season,
    last: Season,
    places: Vec<Place>,
}

impl Trends {
    /// Of the span that `query` asks for; `None` where it asks for no span. On the cells of the
    /// last season, that of `scope`.
    ///
    /// # Errors
    ///
    /// [`LayerError`] for a span that ends before it begins or is too long for so many cells, or
    /// where nobody waits any more.
    pub(super) fn of(
        snapshot: &Snapshot,
        query: &LayerQuery,
        cells: &Arc<Cells>,
        scope: Scope,
        question: &Question,
    ) -> Result<Option<Self>, LayerError> {
        let Some(first) = query.since else { return Ok(None) };
        let last = scope.season;
        let wrong = |reason: Refusal| LayerError::Parameter { parameter: "season", reason };
        if first > last {
            return Err(wrong(Refusal::new(
                format!("khoảng niên vụ kết thúc ở {last}, trước khi bắt đầu ở {first}"),
                format!("the span ends in {last}, before it begins in {first}"),
            )));
        }
        let count = usize::from(last.start_year().abs_diff(first.start_year())) + 1;
        if count * cells.len() > MOST_BINS {
            return Err(wrong(Refusal::new(
                format!(
                    "{count} niên vụ với {} ô là hơn {MOST_BINS} ô theo niên vụ: chọn ít niên vụ hơn hoặc ô \
                     lớn hơn",
                    cells.len()
                ),
                format!(
                    "{count} seasons of {} cells are more than {MOST_BINS} bins: ask for fewer seasons or \
                     larger cells",
                    cells.len()
                ),
            )));
        }
        let mut spanned: Vec<Season> = Vec::with_capacity(count);
        let mut season = last;
        while spanned.len() < count {
            spanned.push(season);
            season = season.before();
        }
        let values = spanned.iter().rev().map(|&season| {
            let day = season.clamp(horizon(query));
            let scope = Scope { season, day, ..scope };
            let searched = Searched::of(snapshot, cells, scope);
            let found = Found::of(snapshot, cells, scope);
            let value = |place: usize| {
                let known = searched.tested(place);
                known.then(|| question.measured.of(cells, &found, &searched, place)).flatten()
            };
            (0..cells.len()).map(value).collect()
        });
        let values: Vec<Vec<Option<f64>>> = values.collect();
        let all: Vec<usize> = (0..cells.len()).collect();
        let neighbours = question.neighbours(snapshot, cells, &all)?;
        let draws =
            Draws { permutations: question.permutations, seed: question.seed, analysis: ANALYSIS };
        let usual = emerging::Question::usual(&neighbours, draws);
        let answer = watched_emerging(&values, &usual, &query.asker)?;
        Ok(Some(Self { first, last, places: answer.places }))
    }

    /// Trend, its p, seasons hot and tested; not asked without a span of seasons.
    pub(super) fn values(trends: Option<&Self>, place: usize) -> [Value<'static>; 4] {
        let Some(trends) = trends else {
            return [const { Value::NotAsked }; 4];
        };
        let place = &trends.places[place];
        [
            place.class.map_or(Value::Null, |class| text(class.word())),
            measure(place.trend_p(), 9),
            count(place.hot as u64),
            count(place.tested as u64),
        ]
    }

    /// Whether everything is known of a cell's trend.
    pub(super) fn known(&self, place: usize) -> bool {
        let place = &self.places[place];
        place.class.is_ok() && place.trend.is_some()
    }

    /// A sentence about one cell, with a space before it.
    pub(super) fn sentence(&self, place: usize, language: Language) -> String {
        let place = &self.places[place];
        let span = format!("{} – {}", self.first, self.last);
        let (hot, tested) = (place.hot, place.tested);
        let few = place.cautions.contains(&Caution::FewSeasons);
        match (language, place.class) {
            (Language::Vi, Ok(class)) => {
                let few = if few { ", ít niên vụ, đọc thận trọng" } else { "" };
                format!(
                    " Qua {tested} niên vụ được thử ({span}): nóng {hot} niên vụ, {}{}{few}.",
                    class_vi(class),
                    p_words(place, language),
                )
            }
            (Language::En, Ok(class)) => {
                let few = if few { ", few seasons, read with care" } else { "" };
                format!(
                    " Through {tested} tested seasons ({span}): hot in {hot}, {}{}{few}.",
                    class_en(class),
                    p_words(place, language),
                )
            }
            (Language::Vi, Err(reason)) => {
                format!(" Diễn biến qua {span}: không kết luận được, {}.", reason_vi(reason))
            }
            (Language::En, Err(reason)) => {
                format!(" Trend through {span}: nothing can be said, {}.", reason_en(reason))
            }
        }
    }
}

/// The p of the trend, or that none could be found.
fn p_words(place: &Place, language: Language) -> String {
    let possible = !place.cautions.contains(&Caution::NoTrendPossible);
    match (place.trend_p().filter(|_| possible), language) {
        (Some(p), Language::Vi) => format!(" (xu thế p = {})", number(p, 3, language)),
        (Some(p), Language::En) => format!(" (trend p = {})", number(p, 3, language)),
        (None, Language::Vi) => " (quá ít niên vụ để thấy xu thế)".into(),
        (None, Language::En) => " (too few seasons for any trend)".into(),
    }
}

fn class_vi(class: Class) -> String {
    let kind = |kind: Kind| match kind {
        Kind::Oscillating => "dao động",
        Kind::New => "mới",
        Kind::Consecutive => "liên tiếp",
        Kind::Intensifying => "ngày càng mạnh",
        Kind::Diminishing => "yếu dần",
        Kind::Persistent => "dai dẳng",
        Kind::Sporadic => "lúc có lúc không",
        Kind::Historical => "trong quá khứ",
    };
    match class {
        Class::Hot(hot) => format!("điểm nóng {}", kind(hot)),
        Class::Cold(cold) => format!("điểm lạnh {}", kind(cold)),
        Class::NoPattern => "không theo quy luật nào".into(),
    }
}

fn class_en(class: Class) -> String {
    let kind = |kind: Kind| match kind {
        Kind::Oscillating => "an oscillating",
        Kind::New => "a new",
        Kind::Consecutive => "a consecutive",
        Kind::Intensifying => "an intensifying",
        Kind::Diminishing => "a diminishing",
        Kind::Persistent => "a persistent",
        Kind::Sporadic => "a sporadic",
        Kind::Historical => "a historical",
    };
    match class {
        Class::Hot(hot) => format!("{} hot spot", kind(hot)),
        Class::Cold(cold) => format!("{} cold spot", kind(cold)),
        Class::NoPattern => "no pattern".into(),
    }
}

const fn reason_vi(reason: NoClass) -> &'static str {
    match reason {
        NoClass::NeverSurveyed => "chưa niên vụ nào được rà soát",
        NoClass::LastUnknown => "niên vụ cuối chưa được rà soát",
        NoClass::OneSeason => "chỉ một niên vụ được thử",
        NoClass::NoZ(_) => "niên vụ cuối không có gì để so sánh",
    }
}

const fn reason_en(reason: NoClass) -> &'static str {
    match reason {
        NoClass::NeverSurveyed => "no season was searched here",
        NoClass::LastUnknown => "the last season was not searched here",
        NoClass::OneSeason => "only one season was tested",
        NoClass::NoZ(_) => "there is nothing to compare its last season with",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_word() {
        let all: Vec<&str> = Class::all().map(Class::word).collect();
        assert_eq!(all, CLASSES);
        let sentences: std::collections::BTreeSet<String> =
            Class::all().flat_map(|class| [class_vi(class), class_en(class)]).collect();
        assert_eq!(sentences.len(), 34);
    }
}

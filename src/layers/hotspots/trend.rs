//! What a span of seasons says of each cell: its class of emerging hot spots
//! (analysis/time/emerging_class.rs) from the map of every season of the span, each made as if it
//! were asked alone, on the cells of the last one. So "hot in N seasons" is hot on N maps.

use std::sync::Arc;

use jiff::civil::Date;

use super::{
    map::class_word,
    question::Question,
    test::{Test, tests},
};
use crate::{
    analysis::time::{
        emerging::{Caution, ENOUGH_SEASONS, NoClass, Place, Tested, through},
        emerging_class::State,
        mann_kendall::Orders,
    },
    domain::{Language, Season},
    layers::{
        CellKind, LayerError, LayerQuery, Property, Refusal, Value, ValueKind,
        cells::{
            Cells,
            season::{Found, Searched},
        },
        say::{count, date, measure, number, property, text},
        scope::{Scope, horizon},
    },
    snapshot::Snapshot,
};

/// The most bins, cells times seasons, that a request may ask about: some seconds.
const MOST_BINS: usize = 1_000_000;

/// The p below which there is a trend.
const TREND_ALPHA: f64 = 0.10;

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
        "p hai phía của phép thử Mann-Kendall trên z của các bản đồ niên vụ; trống nếu dưới 3 niên vụ.",
        "The two-sided p of Mann-Kendall on the z of the season maps; empty under 3 seasons.",
    ),
);

/// Seasons that were hot.
pub(super) const SEASONS_HOT: Property = property(
    "seasons_hot",
    ValueKind::Integer,
    ("Số niên vụ nóng", "Seasons hot"),
    (
        "Số niên vụ của khoảng đã hỏi mà bản đồ riêng của niên vụ ấy, hỏi y như vậy trên các ô này, cho là điểm nóng.",
        "Seasons of the span on whose own map, asked in the same way on these cells, it is a hotspot.",
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

/// The seasons of a span, in the order of time.
pub(super) struct Span {
    seasons: Vec<Season>,
}

impl Span {
    /// The span that `query` asks for, up to the season of `scope`; `None` where it asks for none.
    ///
    /// # Errors
    ///
    /// [`LayerError`] for a span that ends before it begins or is too long for so many cells.
    pub(super) fn of(
        query: &LayerQuery,
        cells: &Cells,
        scope: Scope,
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
        let mut seasons: Vec<Season> =
            std::iter::successors(Some(last), |season| Some(season.before())).take(count).collect();
        seasons.reverse();
        Ok(Some(Self { seasons }))
    }
}

/// All cells through the seasons of a span: each season's map is the one that the same question
/// gives of that season alone on these cells.
pub(super) struct Trends {
    span: String,
    cell: CellKind,
    /// The day whose boundaries all the maps have.
    units_on: Date,
    places: Vec<Place>,
}

impl Trends {
    /// Through `span`, on the cells of its last season, that of `scope`, of which `last` has the
    /// places and their tests.
    ///
    /// # Errors
    ///
    /// As [`tests`].
    pub(super) fn of(
        snapshot: &Snapshot,
        query: &LayerQuery,
        cells: &Arc<Cells>,
        (span, scope): (&Span, Scope),
        question: &Question,
        last: (&[(usize, f64)], &[Test]),
    ) -> Result<Self, LayerError> {
        let count = span.seasons.len();
        let mut rows: Vec<Vec<Option<Tested>>> = vec![vec![None; count]; cells.len()];
        let mut put = |at: usize, valued: &[(usize, f64)], tests: &[Test]| {
            for ((place, _), test) in valued.iter().zip(tests) {
                rows[*place][at] = Some(Tested { z: test.heat(), state: state(test) });
            }
        };
        let earlier = span.seasons.split_last().map_or(&[][..], |(_, earlier)| earlier);
        for (at, season) in earlier.iter().enumerate() {
            let scope = Scope { season: *season, day: (*season).clamp(horizon(query)), ..scope };
            let searched = Searched::of(snapshot, cells, scope);
            let found = Found::of(snapshot, cells, scope);
            let valued = question.measured.valued(cells, &found, &searched);
            let facts = (&**cells, &*found, &*searched);
            put(at, &valued, &tests(snapshot, facts, question, &valued, &query.asker)?);
        }
        put(count - 1, last.0, last.1);
        let orders = Orders::up_to(count);
        let places = rows.iter().map(|row| through(row, TREND_ALPHA, &orders)).collect();
        let first = span.seasons.first().copied().unwrap_or(scope.season);
        let span = format!("{first} – {}", scope.season);
        Ok(Self { span, cell: query.cell, units_on: scope.units_on, places })
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
        let (span, unit) = (&self.span, self.cell.one(language));
        let (hot, cold, tested) = (place.hot, place.cold, place.tested);
        let few = place.cautions.contains(&Caution::FewSeasons);
        let drawn = self.drawn(language);
        match (language, place.class) {
            (Language::Vi, Ok(class)) => {
                let cold = if cold > 0 { format!(", lạnh trên {cold}") } else { String::new() };
                let few = if few {
                    format!(" Mới có ít niên vụ (dưới {ENOUGH_SEASONS}): đọc thận trọng.")
                } else {
                    String::new()
                };
                format!(
                    " Qua {tested} niên vụ được thử ({span}), mỗi niên vụ một bản đồ riêng, chỉ so các {unit} \
                     trong cùng niên vụ{drawn}: nóng trên {hot} bản đồ{cold}; {}{}.{few}",
                    class.name(language),
                    p_words(place, language),
                )
            }
            (Language::En, Ok(class)) => {
                let cold = if cold > 0 { format!(", cold on {cold}") } else { String::new() };
                let few = if few {
                    format!(" With few seasons (under {ENOUGH_SEASONS}) read with care.")
                } else {
                    String::new()
                };
                format!(
                    " Through {tested} tested seasons ({span}), each a map of its own that compares {} \
                     within the season only{drawn}: hot on {hot} of these maps{cold}; {}{}.{few}",
                    self.cell.several(language),
                    class.name(language),
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

impl Trends {
    /// With which boundaries: those of each season's own time may be others.
    fn drawn(&self, language: Language) -> String {
        match (self.cell, language) {
            (CellKind::Commune | CellKind::District, Language::Vi) => {
                format!(", theo địa giới ngày {}", date(self.units_on, language))
            }
            (CellKind::Commune | CellKind::District, Language::En) => {
                format!(", with the boundaries of {}", date(self.units_on, language))
            }
            _ => String::new(),
        }
    }
}

/// What the map of its season says of a cell.
fn state(test: &Test) -> State {
    match class_word(test) {
        "hot-90" | "hot-95" | "hot-99" => State::Hot,
        "cold-90" | "cold-95" | "cold-99" => State::Cold,
        _ => State::Plain,
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::analysis::time::emerging_class::Class;

    #[test]
    fn every_class_has_its_word_and_one_name() {
        let all: Vec<&str> = Class::all().map(Class::word).collect();
        assert_eq!(all, CLASSES);
        let names: BTreeSet<&str> = Class::all()
            .flat_map(|class| [Language::Vi, Language::En].map(|language| class.name(language)))
            .collect();
        assert_eq!(names.len(), 34);
        let pages = [
            (Language::Vi, include_str!("../../../docs/statistics.vi.md")),
            (Language::En, include_str!("../../../docs/statistics.md")),
        ];
        for (language, page) in pages {
            for class in Class::all().filter(|class| matches!(class, Class::Hot(_))) {
                let name = class.name(language);
                assert!(page.contains(&format!("*{name}*")), "{name}");
            }
        }
    }
}

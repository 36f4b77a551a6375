//! The map that a question asks for: every cell with its test, as a row of a table.

use std::sync::Arc;

use super::{
    by_search::{BySearch, Explained},
    measured::Measured,
    question::Question,
    raw_rate::Intervals,
    reason::{Finding, Status},
    stability::{self, stability_of},
    test::{Test, tests},
    trend::{Span, Trends},
};
use crate::{
    analysis::{
        local::{
            getis_ord::{FEW, NoZ},
            moran::Quadrant,
        },
        scale::stability::Stable,
    },
    domain::{Language, Season},
    layers::{
        CellKind, Cursor, LayerError, LayerFeature, LayerQuery, Refusal, Shape, Value,
        cells::{
            Cells,
            season::{Domain, Found, Searched},
        },
        say::{count, day, measure, text, told},
        scope::Scope,
        table::{Row, Table},
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// What all cells of an answer have in common.
struct Answer {
    cells: Arc<Cells>,
    searched: Arc<Searched>,
    found: Arc<Found>,
    scope: Scope,
    season: String,
    question: Question,
    /// Of the counts of plots that search found.
    intervals: Intervals,
    /// Through the seasons, where a span is asked for.
    trends: Option<Trends>,
    tested: usize,
    cell: CellKind,
    /// Whether stability was asked.
    stability: bool,
}

pub(super) struct Hotspot {
    answer: Arc<Answer>,
    pub(super) place: usize,
    pub(super) test: Option<Test>,
    stable: Option<Stable>,
}

impl Hotspot {
    /// A figure of stability, where it was asked.
    fn stability(&self, figure: fn(Stable) -> Value<'static>) -> Value<'static> {
        let asked = self.answer.stability;
        self.stable.map_or(if asked { Value::Null } else { Value::NotAsked }, figure)
    }

    fn status(&self) -> Status {
        let Answer { searched, tested, .. } = &*self.answer;
        match self.test.map(|test| test.z) {
            None if searched.domain == Domain::Unknown => Status::NoData,
            None if searched.tested(self.place) => Status::UnknownValue,
            None => Status::NotSurveyed,
            Some(Err(NoZ::TooFew)) => Status::TooFew,
            Some(Err(NoZ::Saturated)) => Status::Saturated,
            Some(Err(NoZ::Constant)) => Status::Constant,
            Some(Err(NoZ::Island)) => Status::Island,
            Some(Err(NoZ::AtMean)) => Status::AtMean,
            Some(Err(NoZ::Absent)) => Status::Absent,
            Some(Ok(_)) if *tested < FEW => Status::Few,
            Some(Ok(_)) => Status::Tested,
        }
    }
}

/// The class of a test: of local Moran high among low and low among high are classes of their own.
pub(super) fn class_word(test: &Test) -> &'static str {
    match (test.quadrant, test.class) {
        (_, 0) => "none",
        (Some(Quadrant::HighLow), _) => "high-low",
        (Some(Quadrant::LowHigh), _) => "low-high",
        (Some(Quadrant::LowLow), class) => level_word(-class.abs()),
        (Some(Quadrant::HighHigh), class) => level_word(class.abs()),
        (None, class) => level_word(class),
    }
}

const fn level_word(class: i8) -> &'static str {
    match class {
        3 => "hot-99",
        2 => "hot-95",
        1 => "hot-90",
        -1 => "cold-90",
        -2 => "cold-95",
        -3 => "cold-99",
        _ => "none",
    }
}

impl Row for Hotspot {
    const APART: bool = true;

    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let Answer { cells, searched, found, scope, question, .. } = &*self.answer;
        let (answer, place) = (&self.answer, self.place);
        let here = found.cells[place];
        let test = self.test;
        let status = self.status();
        let searched_km2 = searched.tested(place).then(|| searched.km2(cells, place)).flatten();
        let rate = searched_km2.and_then(|km2| answer.intervals.rate(here.by_search, km2));
        let search = test.and_then(|test| test.search);
        let finding = Finding {
            status,
            method: question.method,
            measured: question.measured,
            class: test.map_or(0, |test| test.class),
            quadrant: test.and_then(|test| test.quadrant),
            plots: here.plots,
            here: test.map_or(0.0, |test| test.value),
            around: test.map_or(0.0, |test| test.sum),
            rate,
            search,
            neighbours: test.map_or(0, |test| test.neighbours),
            reached: test.and_then(|test| {
                test.reached.map(|[ge, le]| if test.less(question.tail) { le } else { ge })
            }),
            p: test.and_then(|test| if test.less(question.tail) { test.p_low } else { test.p }),
            less: test.is_some_and(|test| test.less(question.tail)),
            rare: test.is_some_and(|test| test.p_asked.is_some_and(|p| p <= question.alpha)),
            permutations: question.permutations,
            adjust: question.adjust,
            tested: answer.tested,
            cell: answer.cell,
            assumed: searched.domain == Domain::AssumedAll,
            season: scope.season,
        };
        let tested =
            |value: fn(Test) -> Option<f64>, decimals| measure(test.and_then(value), decimals);
        let if_tested = |value| if searched.tested(place) { value } else { Value::Null };
        let class = match (test, status) {
            (Some(test), _) => class_word(&test),
            (None, Status::UnknownValue) => "unknown",
            (None, _) => "not-surveyed",
        };
        let [trend, trend_p, seasons_hot, seasons_tested] =
            Trends::values(answer.trends.as_ref(), place);
        let stable = self.stable.filter(|it| it.runs > 0 && test.is_some_and(|test| test.hot()));
        let sentence = |language| {
            let through = answer.trends.as_ref().map(|trends| trends.sentence(place, language));
            let stable = stable.map(|stable| stability::sentence(stable, language));
            finding.sentence(language) + &stable.unwrap_or_default() + &through.unwrap_or_default()
        };
        let neighbourhood = test.map(|test| test.plots_around);
        LayerFeature {
            id: cells.id(snapshot, place),
            shape: Shape::Area(cells.outline(snapshot, place)),
            values: vec![
                told(cells.name(snapshot, place)),
                text(cells.title(snapshot, place).unwrap_or_default()),
                told(answer.season.clone()),
                day(Some(scope.day)),
                text(class),
                text(status.word()),
                searched.surveyed(place).map_or(Value::Null, Value::Bool),
                text(searched.domain.word()),
                text(if cells.bounded { "boundaries" } else { "around-facts" }),
                measure(cells.area(place), 0),
                if_tested(count(here.plots)),
                if_tested(count(here.unmeasured)),
                if_tested(measure(here.known_area(), 1)),
                neighbourhood.map_or(Value::Null, count),
                measure(searched_km2, 6),
                measure(rate.map(|it| it.rate), 6),
                measure(rate.map(|it| it.interval.low), 6),
                measure(rate.map(|it| it.interval.high), 6),
                measure(search.map(|search| search.km2), 6),
                search.map_or(Value::Null, |search| count(search.plots)),
                measure(search.map(|search| search.together.expected), 4),
                test.map_or(Value::Null, |test| count(test.neighbours as u64)),
                if question.method.is_gi() { tested(|test| test.z.ok(), 6) } else { Value::Null },
                tested(|test| test.p, 9),
                tested(|test| test.p_low, 9),
                tested(|test| test.q, 9),
                if_tested(Value::Bool(here.plots > 0)),
                count(answer.tested as u64),
                question.shuffled().map_or(Value::Null, |maps| count(u64::from(maps))),
                count(question.seed),
                measure(question.alpha, 6),
                text(question.method.word()),
                told(question.weights_word.clone()),
                text(question.measured.word()),
                text(question.null_word()),
                text(question.adjust.word()),
                text(question.tail.word()),
                tested(|test| Some(test.value), 6),
                tested(|test| Some(test.sum), 6),
                tested(|test| test.statistic, 9),
                tested(|test| test.z.ok(), 6),
                text(test.and_then(|test| test.quadrant).map_or("", Quadrant::word)),
                self.stability(|stable| measure(stable.share(), 4)),
                self.stability(|stable| count(u64::from(stable.runs))),
                trend,
                trend_p,
                seasons_hot,
                seasons_tested,
                count(found.elsewhere),
                Value::Bool(found.simulated || searched.simulated),
                told(sentence(Language::Vi)),
                told(sentence(Language::En)),
            ],
        }
    }
}

/// The map that `query` asks for, kept with the snapshot; `None` where there is no season to ask
/// about.
///
/// # Errors
///
/// As the layer's features.
pub(super) fn table(
    snapshot: &Snapshot,
    query: &LayerQuery,
) -> Result<Option<Arc<Table<Hotspot>>>, LayerError> {
    let question = Question::of(query)?;
    let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
    let cells = Cells::of(snapshot, query, scope)?;
    let searched = Searched::of(snapshot, &cells, scope);
    let found = Found::of(snapshot, &cells, scope);
    if question.measured == Measured::Rate && searched.domain == Domain::AssumedAll {
        return Err(LayerError::Parameter {
            parameter: "value",
            reason: Refusal::new(
                format!(
                    "niên vụ {} có nương nhưng không có vết tuần tra hay lần rà soát nào: không biết đã rà soát \
                     bao nhiêu đất nên không có tỷ lệ; chọn count",
                    scope.season
                ),
                format!(
                    "season {} has plots but no tracks and no searches: nobody knows how much ground was \
                     searched, so there is no rate; ask for count",
                    scope.season
                ),
            ),
        });
    }
    let stability = query.choices.stability;
    if stability && question.measured == Measured::Rate {
        return Err(LayerError::Parameter {
            parameter: "stability",
            reason: Refusal::new(
                "độ ổn định so các bản đồ số nương: chọn value=count, hoặc bỏ stability",
                "stability compares maps of counts: ask for value=count, or leave stability out",
            ),
        });
    }
    let since = query.since.map(|since| since.to_string()).unwrap_or_default();
    let key = format!(
        "hotspots {} {} {} {since} {} {stability}",
        cells.key,
        scope.season,
        scope.day,
        question.key()
    );
    let table = wanted(snapshot, &query.asker, &key, Table::bytes, || {
        let span = Span::of(query, &cells, scope)?;
        let valued = question.measured.valued(&cells, &found, &searched);
        let facts = (&*cells, &*found, &*searched);
        let tests = tests(snapshot, facts, &question, &valued, &query.asker)?;
        let trends = span.map(|span| {
            let last = (&*valued, &*tests);
            Trends::of(snapshot, query, &cells, (&span, scope), &question, last)
        });
        let answer = Arc::new(Answer {
            cell: query.cell,
            season: scope.season.to_string(),
            tested: valued.len(),
            cells: Arc::clone(&cells),
            searched: Arc::clone(&searched),
            found: Arc::clone(&found),
            intervals: Intervals::of(found.cells.iter().map(|here| here.by_search)),
            scope,
            question: question.clone(),
            stability,
            trends: trends.transpose()?,
        });
        let mut stable = vec![None; cells.len()];
        if stability {
            let places: Vec<usize> =
                (0..cells.len()).filter(|place| searched.tested(*place)).collect();
            let mut own = vec![None; cells.len()];
            for ((place, _), test) in valued.iter().zip(&tests) {
                own[*place] = test.z.is_ok().then(|| test.hot());
            }
            let own: Vec<Option<bool>> = places.iter().map(|place| own[*place]).collect();
            let found = stability_of(snapshot, query, &cells, scope, (&places, &own))?;
            for (place, found) in places.into_iter().zip(found.into_iter().flatten()) {
                stable[place] = Some(found);
            }
        }
        Ok(Table::new(rows(snapshot, &answer, &valued, tests, stable)))
    })?;
    Ok(Some(table))
}

/// The season asked about, where its map has no cell.
///
/// # Errors
///
/// As the layer's features.
pub(super) fn season_without_cells(
    snapshot: &Snapshot,
    query: &LayerQuery,
) -> Result<Option<Season>, LayerError> {
    let empty = table(snapshot, query)?.is_some_and(|table| table.rows().next().is_none());
    let scope = Scope::of(snapshot, query)?.filter(|_| empty);
    Ok(scope.map(|scope| scope.season))
}

/// How many hotspots of a map the search alone may explain.
#[derive(Clone, Copy)]
pub(super) struct Searching {
    pub(super) hot: usize,
    /// Those around which it is known how much was searched.
    pub(super) known: usize,
    /// Those of them that hold no more than that search lets expect.
    pub(super) explained: usize,
}

impl Searching {
    /// Of the map that `query` asks for; `None` where nothing is hot, where nothing tells who looked
    /// where, and of rates, which ask that themselves.
    ///
    /// # Errors
    ///
    /// As the layer's features.
    pub(super) fn of(snapshot: &Snapshot, query: &LayerQuery) -> Result<Option<Self>, LayerError> {
        if Question::of(query)?.measured == Measured::Rate {
            return Ok(None);
        }
        let Some(table) = table(snapshot, query)? else { return Ok(None) };
        let mut found = Self { hot: 0, known: 0, explained: 0 };
        for row in table.rows().filter(|row| row.answer.searched.known()) {
            let Some(test) = row.test.filter(Test::hot) else { continue };
            found.hot += 1;
            let explained = test.search.map_or(Explained::Unknown, BySearch::explained);
            found.known += usize::from(explained != Explained::Unknown);
            found.explained += usize::from(explained == Explained::Yes);
        }
        Ok((found.hot > 0).then_some(found))
    }
}

fn rows(
    snapshot: &Snapshot,
    answer: &Arc<Answer>,
    valued: &[(usize, f64)],
    of_valued: Vec<Test>,
    stable: Vec<Option<Stable>>,
) -> Vec<(Cursor, geo_types::Rect<f64>, Hotspot)> {
    let cells = &answer.cells;
    let mut tests = vec![None; cells.len()];
    for ((place, _), test) in valued.iter().zip(of_valued) {
        tests[*place] = Some(test);
    }
    let rows = tests.into_iter().zip(stable).enumerate().map(|(place, (test, stable))| {
        // As [`Row::draw`] leaves values out.
        let known = test.is_some_and(|test: Test| {
            test.z.is_ok() && test.p.is_some() && test.statistic.is_some()
        }) && answer.question.method.is_gi()
            && answer.searched.known()
            && answer.found.cells[place].known_area().is_some()
            && test.is_some_and(|test| test.search.is_some())
            && answer.searched.km2(cells, place).is_some()
            && (!answer.stability || stable.is_some_and(|it: Stable| it.runs > 0))
            && answer.trends.as_ref().is_none_or(|trends| trends.known(place));
        let cursor = Cursor { incomplete: !known, id: cells.id(snapshot, place) };
        let row = Hotspot { answer: Arc::clone(answer), place, test, stable };
        (cursor, cells.frame(snapshot, place), row)
    });
    rows.collect()
}

//! hotspots: where plots crowd more than chance would have it.
//!
//! Unless asked otherwise Gi* of the number of plots (analysis/local/getis_ord.rs) as the effect size, p
//! from shuffled maps under the total null (analysis/chance/permutation), classes by Benjamini and
//! Hochberg (analysis/chance/significance.rs), over surveyed cells only. See docs/decisions/hotspots.md.

use std::sync::Arc;

use super::{
    question::{MEASURED, METHODS, Measured, Question, Usual},
    reason::{Finding, Status},
    stability::stability_of,
    test::{Test, tests},
    trend::{SEASONS_HOT, SEASONS_TESTED, TREND, TREND_P, Trends},
    validation::{self, Verdict},
};
use crate::{
    analysis::{
        chance::{permutation::Null, significance::Adjust, tally::Tail},
        local::{
            getis_ord::{FEW, NoZ},
            moran::Quadrant,
        },
        scale::stability::Stable,
    },
    domain::{Language, Text},
    layers::{
        Cursor, Features, Figure, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery,
        Parameter, Property, Shape, Value, ValueKind,
        cells::{
            Cells,
            season::{Domain, Found, Searched},
        },
        say::{count, day, measure, property, text, told},
        scope::Scope,
        table::{Row, Table, answers_from_table},
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The layer.
pub struct Hotspots;

const PROPERTIES: &[Property] = &[
    property("cell", ValueKind::Text, ("Ô", "Cell"), (
        "Mã cố định của ô (hệ toạ độ, kích thước, cột, hàng) hoặc mã xã.",
        "The permanent id of the cell (CRS, size, column, row), or the commune's code.",
    )),
    property("name", ValueKind::Text, ("Tên", "Name"), (
        "Tên xã; rỗng với ô lưới.",
        "The commune's name; empty for a grid cell.",
    )),
    property("season", ValueKind::Text, ("Niên vụ", "Season"), ("Niên vụ.", "The season.")),
    property("day", ValueKind::Date, ("Tính đến ngày", "As of"), (
        "Ngày cuối cùng được tính.",
        "The last day that counts.",
    )),
    property("class", ValueKind::Text, ("Phân loại", "Class"), (
        "Điểm nóng hoặc điểm lạnh ở mức 99, 95, 90 % sau khi kiểm soát nhiều phép thử \
         (`adjust`, từng mức riêng, chỉ các mức không vượt `alpha`); với Moran: ô cao giữa các ô thấp, \
         ô thấp giữa các ô cao; không; chưa biết; hoặc chưa rà soát.",
        "Hot or cold at the 99, 95, 90 % level after control of many tests (`adjust`, each level by \
         itself, only levels within `alpha`); of Moran also high among low and low among high; none; \
         unknown; or not surveyed.",
    ))
    .one_of(&[
        "hot-99", "hot-95", "hot-90", "none", "cold-90", "cold-95", "cold-99", "high-low", "low-high",
        "unknown", "not-surveyed",
    ]),
    property("status", ValueKind::Text, ("Tình trạng phép thử", "Status of the test"), (
        "tested: đã thử; few: dưới 30 ô, đọc thận trọng; constant: mọi ô như nhau; too-few: dưới 3 ô; \
         saturated: mọi ô đều là lân cận; island: không có ô lân cận; at-mean: bằng trung bình; \
         absent: không có nương (chỉ với join-counts); unknown-value: chưa biết giá trị; \
         not-surveyed: chưa rà soát; \
         no-data: niên vụ không có dữ liệu rà soát và không có phát hiện, không thử gì.",
        "tested; few: under 30 cells, read with care; constant: all cells alike; too-few: under 3 cells; \
         saturated: every cell is a neighbour; island: no neighbour; at-mean: exactly the mean; \
         absent: no plot in it (join counts only); unknown-value; not-surveyed; \
         no-data: the season has neither effort data nor sightings, and nothing is tested.",
    ))
    .one_of(&[
        "tested", "few", "constant", "too-few", "saturated", "island", "at-mean", "absent",
        "unknown-value", "not-surveyed", "no-data",
    ]),
    property("surveyed", ValueKind::Bool, ("Đã rà soát", "Surveyed"), (
        "Có chặng tuần tra từ 200 m, lần tìm không thấy, hoặc phát hiện trong niên vụ; \
         trống nếu niên vụ không có dữ liệu rà soát.",
        "A leg of at least 200 m, an empty search or a sighting in the season; \
         empty where the season has no effort data.",
    )),
    property("domain", ValueKind::Text, ("Phạm vi", "Domain"), (
        "surveyed: chỉ ô đã rà soát; assumed_all: có phát hiện mà không có dữ liệu rà soát, \
         coi như mọi ô được rà soát; no-data: không có cả hai.",
        "surveyed: surveyed cells only; assumed_all: sightings but no effort data, \
         every cell taken as surveyed; no-data: neither.",
    ))
    .one_of(&["surveyed", "assumed_all", "no-data"]),
    property("ground", ValueKind::Text, ("Mặt đất", "Ground"), (
        "boundaries: phần ô nằm trong các xã; around-facts: không có địa giới, lấy các ô quanh dữ liệu.",
        "boundaries: the cell's part of the communes; around-facts: no boundaries, cells around the data.",
    ))
    .one_of(&["boundaries", "around-facts"]),
    property("ground_m2", ValueKind::Real, ("Diện tích đất", "Ground"), (
        "Diện tích của ô trong phạm vi.",
        "The cell's ground.",
    ))
    .in_unit("m2"),
    property("count", ValueKind::Integer, ("Số nương", "Plots"), (
        "Số nương trong ô, theo vị trí; trống nếu chưa rà soát.",
        "Plots in the cell, by position; empty where nobody surveyed.",
    )),
    property("unmeasured", ValueKind::Integer, ("Nương chưa đo", "Plots of unknown area"), (
        "Số nương chưa ai đo diện tích.",
        "Plots among them whose area nobody measured.",
    )),
    property("area_m2", ValueKind::Real, ("Diện tích nương", "Area of plots"), (
        "Tổng diện tích đã biết; đường bao nằm trên nhiều ô thì chia theo phần.",
        "The known area in the cell; outlines across cells are shared out.",
    ))
    .in_unit("m2"),
    property("neighbourhood", ValueKind::Integer, ("Nương trong vùng", "Plots in the neighbourhood"), (
        "Số nương trong ô và các ô lân cận đã rà soát.",
        "Plots in the cell and its surveyed neighbours.",
    )),
    property("neighbours", ValueKind::Integer, ("Số ô lân cận", "Neighbours"), (
        "Số ô lân cận đã rà soát.",
        "Surveyed neighbours.",
    )),
    property("gi_z", ValueKind::Real, ("Gi* z", "Gi* z"), (
        "Độ lớn của hiệu ứng (Ord và Getis 1995); không dùng để suy ra p; trống với phương pháp khác Gi và Gi*.",
        "The effect size (Ord and Getis 1995); no p is read off it; empty for methods other than Gi and Gi*.",
    )),
    property("p", ValueKind::Real, ("p (nhiều)", "p (many)"), (
        "Phần số bản đồ xáo trộn có nhiều như thế hoặc hơn trong vùng (với Moran: giống lân cận như thế hoặc hơn).",
        "The share of shuffled maps with as much or more around (of Moran: as like its neighbours or more).",
    )),
    property("p_low", ValueKind::Real, ("p (ít)", "p (few)"), (
        "Phần số bản đồ xáo trộn có ít như thế hoặc hơn trong vùng (với Moran: khác lân cận như thế hoặc hơn).",
        "The share of shuffled maps with as little or less around (of Moran: as unlike its neighbours or more).",
    )),
    property("q", ValueKind::Real, ("q", "q"), (
        "Tỷ lệ nhỏ nhất mà ở đó ô này là một phát hiện, sau khi hiệu chỉnh (`adjust`) p của phía được hỏi (`tail`).",
        "The smallest rate at which the cell is a find: the p of `tail` after `adjust`.",
    )),
    property("occupied", ValueKind::Bool, ("Có nương", "Occupied"), (
        "Trong ô có nương; điểm nóng có thể nằm ở ô trống vì các ô quanh nó.",
        "There is a plot in the cell itself; a cell may be hot for its neighbours.",
    )),
    property("tested", ValueKind::Integer, ("Số ô được thử", "Cells tested"), (
        "Số ô đã rà soát, tức số phép thử.",
        "Surveyed cells, which is the number of tests.",
    )),
    property("permutations", ValueKind::Integer, ("Số lần xáo trộn", "Permutations"), (
        "Số bản đồ xáo trộn.",
        "Shuffled maps.",
    )),
    property("seed", ValueKind::Integer, ("Hạt giống", "Seed"), (
        "Hạt giống: cùng hạt giống thì cùng kết quả.",
        "The seed: the same one gives the same answer.",
    )),
    property("alpha", ValueKind::Real, ("alpha", "alpha"), (
        "Tỷ lệ phát hiện sai.",
        "The false-discovery rate.",
    )),
    property("method", ValueKind::Text, ("Phương pháp", "Method"), (
        "Gi*, Gi, Moran cục bộ hoặc đếm cặp cục bộ.",
        "Gi*, Gi, local Moran or local join counts.",
    ))
    .one_of(METHODS),
    property("weights", ValueKind::Text, ("Lân cận", "Neighbourhood"), (
        "Ai là lân cận của ai: queen (chung điểm), rook (chung cạnh), knn:8, band:3000 (mét).",
        "Who is whose neighbour: queen (a point in common), rook (an edge), knn:8, band:3000 (metres).",
    )),
    property("compared", ValueKind::Text, ("Giá trị so sánh", "What is compared"), (
        "Số nương; diện tích đã biết (m²); có hay không; hoặc số nương trên mỗi km² đã rà soát.",
        "Plots; their known area (m²); whether there is any; or plots per km² of ground searched.",
    ))
    .one_of(MEASURED),
    property("null", ValueKind::Text, ("Cách xáo trộn", "Null"), (
        "total: xáo trộn tất cả; conditional: ô giữ nguyên, xáo trộn các ô khác.",
        "total: all are shuffled; conditional: the cell stays, the others are shuffled.",
    ))
    .one_of(&Null::WORDS),
    property("adjust", ValueKind::Text, ("Hiệu chỉnh", "Control of many tests"), (
        "Cách kiểm soát nhiều phép thử.",
        "How many tests at once are controlled.",
    ))
    .one_of(&Adjust::WORDS),
    property("tail", ValueKind::Text, ("Phía", "Tail"), (
        "Phía mà p hiệu chỉnh (q) nhìn tới; điểm lạnh luôn được thử riêng, trừ two-sided.",
        "Which deviations q is about; cold cells are a family of their own, except for two-sided.",
    ))
    .one_of(&Tail::WORDS),
    property("value", ValueKind::Real, ("Giá trị", "Value"), (
        "Giá trị được so sánh của ô; trống nếu chưa biết.",
        "The cell's value that is compared; empty where it is not known.",
    )),
    property("around", ValueKind::Real, ("Tổng trong vùng", "Sum around"), (
        "Tổng giá trị của các ô lân cận; với Gi* kể cả chính ô.",
        "The sum of its neighbours' values; of Gi* with the cell's own.",
    )),
    property("statistic", ValueKind::Real, ("Thống kê", "Statistic"), (
        "G, I cục bộ (trọng số chuẩn hoá theo hàng) hoặc BB.",
        "G, local I (row-standardised weights) or BB.",
    )),
    property("z", ValueKind::Real, ("z", "z"), (
        "Độ lớn của hiệu ứng của phương pháp; không dùng để suy ra p.",
        "The method's effect size; no p is read off it.",
    )),
    property("quadrant", ValueKind::Text, ("Góc phần tư", "Quadrant"), (
        "Với Moran: HH, LH, LL, HL (ô, rồi lân cận, cao hay thấp hơn trung bình); rỗng với phương pháp khác.",
        "Of Moran: HH, LH, LL, HL (the cell, then its neighbours, above or below the mean); else empty.",
    ))
    .one_of(&["", "HH", "LH", "LL", "HL"]),
    property("stability", ValueKind::Real, ("Độ ổn định", "Stability"), (
        "Phần số cách chia ô (cỡ ô, dịch lưới, lân cận) mà nơi này vẫn là điểm nóng theo Gi* của số nương; \
         chỉ có khi hỏi `stability=true`, không có với xã và H3; không phải p.",
        "The share of ways to draw cells (sizes, shifts, neighbourhoods) in which the place is hot by Gi* of \
         the number of plots; only where `stability=true` asks for it, not of communes and H3; it is no p.",
    )),
    property("stability_maps", ValueKind::Integer, ("Số cách chia ô", "Maps of stability"), (
        "Trong bao nhiêu cách chia ô nơi này được thử; rỗng nếu không hỏi độ ổn định.",
        "In how many of these ways the place is tested; empty where stability was not asked.",
    )),
    TREND,
    TREND_P,
    SEASONS_HOT,
    SEASONS_TESTED,
    property("plots_elsewhere", ValueKind::Integer, ("Nương ngoài mọi ô", "Plots in no cell"), (
        "Số nương của niên vụ nằm ngoài mọi ô: không mất, nhưng không được thử.",
        "Plots of the season that lie in no cell: not lost, but not tested.",
    )),
    property("simulated", ValueKind::Bool, ("Mô phỏng", "Simulated"), (
        "Có dữ liệu mô phỏng.",
        "Simulated data are in it.",
    )),
    property("reason_vi", ValueKind::Text, ("Lý do", "Reason in Vietnamese"), (
        "Vì sao, trong một câu.",
        "Why, in a sentence of Vietnamese.",
    )),
    property("reason_en", ValueKind::Text, ("Lý do bằng tiếng Anh", "Reason"), (
        "Vì sao, một câu tiếng Anh.",
        "Why, in a sentence.",
    )),
];

/// What all cells of an answer have in common.
struct Answer {
    cells: Arc<Cells>,
    searched: Arc<Searched>,
    found: Arc<Found>,
    scope: Scope,
    season: String,
    question: Question,
    /// Through the seasons, where a span is asked for.
    trends: Option<Trends>,
    tested: usize,
    communes: bool,
    /// Whether stability was asked.
    stability: bool,
}

struct Hotspot {
    answer: Arc<Answer>,
    place: usize,
    test: Option<Test>,
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
fn class_word(test: &Test) -> &'static str {
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
        let finding = Finding {
            status,
            method: question.method,
            measured: question.measured,
            class: test.map_or(0, |test| test.class),
            quadrant: test.and_then(|test| test.quadrant),
            plots: here.plots,
            here: test.map_or(0.0, |test| test.value),
            around: test.map_or(0.0, |test| test.sum),
            neighbours: test.map_or(0, |test| test.neighbours),
            reached: test
                .map_or(0, |test| if test.less(question.tail) { test.le } else { test.ge }),
            less: test.is_some_and(|test| test.less(question.tail)),
            rare: test.is_some_and(|test| test.p_asked.is_some_and(|p| p <= question.alpha)),
            permutations: question.permutations,
            tested: answer.tested,
            communes: answer.communes,
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
        let sentence = |language| {
            let through = answer.trends.as_ref().map(|trends| trends.sentence(place, language));
            finding.sentence(language) + &through.unwrap_or_default()
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
                test.map_or(Value::Null, |test| count(test.neighbours as u64)),
                if question.method.is_gi() { tested(|test| test.z.ok(), 6) } else { Value::Null },
                tested(|test| test.p, 9),
                tested(|test| test.p_low, 9),
                tested(|test| test.q, 9),
                if_tested(Value::Bool(here.plots > 0)),
                count(answer.tested as u64),
                count(u64::from(question.permutations)),
                count(question.seed),
                measure(question.alpha, 6),
                text(question.method.word()),
                told(question.weights_word.clone()),
                text(question.measured.word()),
                text(question.null.word()),
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

impl Hotspots {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
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
                reason: format!(
                    "season {} has plots but no tracks and no searches: nobody knows how much ground was \
                     searched, so there is no rate; ask for count",
                    scope.season
                ),
            });
        }
        let stability = query.choices.stability;
        let since = query.since.map(|since| since.to_string()).unwrap_or_default();
        let key = format!(
            "hotspots {} {} {} {since} {} {stability}",
            cells.key,
            scope.season,
            scope.day,
            question.key()
        );
        let table = wanted(snapshot, &query.asker, &key, Table::bytes, || {
            let valued: Vec<(usize, f64)> = (0..cells.len())
                .filter(|place| searched.tested(*place))
                .filter_map(|place| {
                    Some((place, question.measured.of(&cells, &found, &searched, place)?))
                })
                .collect();
            let answer = Arc::new(Answer {
                communes: query.cell == crate::layers::CellKind::Commune,
                season: scope.season.to_string(),
                tested: valued.len(),
                cells: Arc::clone(&cells),
                searched: Arc::clone(&searched),
                found: Arc::clone(&found),
                scope,
                question: question.clone(),
                stability,
                trends: Trends::of(snapshot, query, &cells, scope, &question)?,
            });
            let mut stable = vec![None; cells.len()];
            if stability {
                let places: Vec<usize> =
                    (0..cells.len()).filter(|place| searched.tested(*place)).collect();
                let found = stability_of(snapshot, query, &cells, scope, &places)?;
                for (place, found) in places.into_iter().zip(found.into_iter().flatten()) {
                    stable[place] = Some(found);
                }
            }
            let tests = tests(snapshot, &cells, &found, &question, &valued, &query.asker)?;
            Ok(Table::new(rows(snapshot, &answer, &valued, tests, stable)))
        })?;
        Ok(Some(table))
    }
}

/// What the map that `query` asks for says of each of its cells, to be scored on a later season.
fn verdicts(snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Verdict>, LayerError> {
    let Some(table) = Hotspots.table(snapshot, query)? else { return Ok(Vec::new()) };
    let verdict = |row: &Hotspot| {
        let test = row.test?;
        // Likeness is no heat: of local Moran only what is high among high ones.
        let (heat, hot) = match test.quadrant {
            None | Some(Quadrant::HighHigh) => (1.0, test.class > 0),
            Some(Quadrant::LowLow) => (-1.0, false),
            Some(_) => (0.0, false),
        };
        let rank = match test.z {
            Ok(z) => heat * z,
            // Nothing is there to be near to.
            Err(NoZ::Absent) => f64::MIN,
            // Of a constant map no cell is hotter than another.
            Err(_) => 0.0,
        };
        Some(Verdict { place: row.place, hot, rank })
    };
    Ok(table.rows().filter_map(verdict).collect())
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
            && (!answer.stability || stable.is_some_and(|it: Stable| it.runs > 0))
            && answer.trends.as_ref().is_none_or(|trends| trends.known(place));
        let cursor = Cursor { incomplete: !known, id: cells.id(snapshot, place) };
        let row = Hotspot { answer: Arc::clone(answer), place, test, stable };
        (cursor, cells.frame(snapshot, place), row)
    });
    rows.collect()
}

impl Layer for Hotspots {
    fn id(&self) -> &'static str {
        "hotspots"
    }

    fn title(&self) -> Text {
        Text::new("Điểm nóng", "Hotspots")
    }

    fn description(&self) -> Text {
        Text::new(
            "Nơi nương tụ lại nhiều hơn mức ngẫu nhiên, theo ô hoặc xã đã rà soát: Gi* (hoặc Gi, Moran, đếm cặp), \
             p từ xáo trộn, phân loại sau khi kiểm soát tỷ lệ phát hiện sai. Nơi chưa rà soát là chưa biết.",
            "Where plots crowd more than chance would have it, by surveyed cell or commune: Gi* (or Gi, local \
             Moran, join counts), p from permutations, classes after control of the false-discovery rate. \
             Unsurveyed ground is unknown.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::MultiPolygon
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            Parameter::Seasons,
            Parameter::Datetime,
            Parameter::UnitsOn,
            Parameter::Cell,
            Parameter::Permutations,
            Parameter::Seed,
            Parameter::Alpha,
            Parameter::Method(METHODS),
            Parameter::Weights,
            Parameter::Value(MEASURED),
            Parameter::Null(&Null::WORDS),
            Parameter::Adjust(&Adjust::WORDS),
            Parameter::Tail(&Tail::WORDS),
            Parameter::Stability,
        ]
    }

    fn usual(&self, parameter: Parameter, method: &str) -> Option<&'static str> {
        match parameter {
            Parameter::Method(_) => METHODS.first().copied(),
            Parameter::Value(_) => Some(Usual::with(method).measured.word()),
            Parameter::Null(_) => Some(Usual::with(method).null.word()),
            Parameter::Tail(_) => Some(Usual::with(method).tail.word()),
            other => other.offered().first().copied(),
        }
    }

    fn summary(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
        Question::of(query)?;
        validation::figures(snapshot, query, &|query| verdicts(snapshot, query))
    }

    answers_from_table!();
}

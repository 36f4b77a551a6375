//! hotspots: where plots crowd more than chance would have it.
//!
//! Gi* of the number of plots (analysis/getis_ord.rs) as the effect size, p from shuffled maps
//! under the total null (analysis/permutation.rs), classes by Benjamini and Hochberg
//! (analysis/significance.rs), over surveyed cells only. See docs/decisions/hotspots.md.

use std::sync::Arc;

use super::{
    Cursor, Features, Figure, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter,
    Property, Shape, ValueKind,
    cells::Cells,
    hotspot_reason::{Finding, Status},
    hotspot_validation::{self, Verdict},
    say::{count, day, measure, property, text, told},
    scope::Scope,
    season::{Domain, Found, Searched},
    table::{Row, Table, answers_from_table},
};
use crate::{
    analysis::{
        draws::Draws,
        getis_ord::{FEW, NoZ, gi_star},
        permutation::{Counts, Null, counts},
        significance::{adjusted, classes},
    },
    domain::{Language, Text},
    snapshot::Snapshot,
};

/// The layer.
pub struct Hotspots;

/// The most permutations that a request may ask for.
const MOST_PERMUTATIONS: u32 = 999_999;

/// The draws of this analysis, with its version: another version draws anew.
const ANALYSIS: &str = "hotspots/gi-star/total/1";

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
        "Điểm nóng hoặc điểm lạnh ở mức 99, 95, 90 % sau khi kiểm soát tỷ lệ phát hiện sai \
         (Benjamini-Hochberg, từng mức riêng, chỉ các mức không vượt `alpha`); không; hoặc chưa rà soát.",
        "Hot or cold at the 99, 95, 90 % level after control of the false-discovery rate \
         (Benjamini-Hochberg, each level by itself, only levels within `alpha`); none; or not surveyed.",
    ))
    .one_of(&[
        "hot-99", "hot-95", "hot-90", "none", "cold-90", "cold-95", "cold-99", "not-surveyed",
    ]),
    property("status", ValueKind::Text, ("Tình trạng phép thử", "Status of the test"), (
        "tested: đã thử; few: dưới 30 ô, đọc thận trọng; constant: mọi ô như nhau; too-few: dưới 3 ô; \
         saturated: mọi ô đều là lân cận; not-surveyed: chưa rà soát; \
         no-data: niên vụ không có dữ liệu rà soát và không có phát hiện, không thử gì.",
        "tested; few: under 30 cells, read with care; constant: all cells alike; too-few: under 3 cells; \
         saturated: every cell is a neighbour; not-surveyed; \
         no-data: the season has neither effort data nor sightings, and nothing is tested.",
    ))
    .one_of(&["tested", "few", "constant", "too-few", "saturated", "not-surveyed", "no-data"]),
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
        "Độ lớn của hiệu ứng (Ord và Getis 1995); không dùng để suy ra p.",
        "The effect size (Ord and Getis 1995); no p is read off it.",
    )),
    property("p", ValueKind::Real, ("p (nhiều)", "p (many)"), (
        "Phần số bản đồ xáo trộn có nhiều nương trong vùng như thế hoặc hơn.",
        "The share of shuffled maps with as many or more plots around.",
    )),
    property("p_low", ValueKind::Real, ("p (ít)", "p (few)"), (
        "Phần số bản đồ xáo trộn có ít nương trong vùng như thế hoặc hơn.",
        "The share of shuffled maps with as few or fewer plots around.",
    )),
    property("q", ValueKind::Real, ("q", "q"), (
        "Tỷ lệ phát hiện sai nhỏ nhất mà ở đó ô này là điểm nóng (Benjamini-Hochberg trên p).",
        "The smallest false-discovery rate at which the cell is hot (Benjamini-Hochberg on p).",
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
    permutations: u32,
    seed: u64,
    alpha: f64,
    tested: usize,
    communes: bool,
}

/// The test of a cell that was surveyed, or is taken as such.
#[derive(Clone, Copy)]
struct Test {
    sum: f64,
    neighbours: usize,
    z: Result<f64, NoZ>,
    ge: u32,
    le: u32,
    p: f64,
    p_low: f64,
    q: f64,
    /// 3, 2, 1: 99, 95, 90 %; negative: cold.
    class: i8,
}

struct Hotspot {
    answer: Arc<Answer>,
    place: usize,
    test: Option<Test>,
}

impl Hotspot {
    fn status(&self) -> Status {
        match self.test.map(|test| test.z) {
            None if self.answer.searched.domain == Domain::Unknown => Status::NoData,
            None => Status::NotSurveyed,
            Some(Err(NoZ::TooFew)) => Status::TooFew,
            Some(Err(NoZ::Saturated)) => Status::Saturated,
            Some(Err(NoZ::Constant | NoZ::Island | NoZ::AtMean | NoZ::Absent)) => Status::Constant,
            Some(Ok(_)) if self.answer.tested < FEW => Status::Few,
            Some(Ok(_)) => Status::Tested,
        }
    }
}

const fn class_word(class: i8) -> &'static str {
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
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let Answer { cells, searched, found, scope, .. } = &*self.answer;
        let (answer, place) = (&self.answer, self.place);
        let here = found.cells[place];
        let test = self.test;
        let finding = Finding {
            status: self.status(),
            class: test.map_or(0, |test| test.class),
            here: here.plots,
            around: test.map_or(0.0, |test| test.sum) as u64,
            neighbours: test.map_or(0, |test| test.neighbours),
            reached: test.map_or(0, |test| if test.class < 0 { test.le } else { test.ge }),
            rare: test.is_some_and(|test| test.p <= answer.alpha),
            permutations: answer.permutations,
            tested: answer.tested,
            communes: answer.communes,
            assumed: searched.domain == Domain::AssumedAll,
            season: scope.season,
        };
        let tested = |value: fn(Test) -> f64, decimals| measure(test.map(value), decimals);
        let if_tested = |value| if test.is_some() { value } else { super::Value::Null };
        let class = test.map_or("not-surveyed", |test| class_word(test.class));
        LayerFeature {
            id: cells.id(snapshot, place),
            shape: Shape::Area(cells.outline(snapshot, place)),
            values: vec![
                told(cells.name(snapshot, place)),
                text(cells.title(snapshot, place).unwrap_or_default()),
                told(answer.season.clone()),
                day(Some(scope.day)),
                text(class),
                text(finding.status.word()),
                searched.surveyed(place).map_or(super::Value::Null, super::Value::Bool),
                text(searched.domain.word()),
                text(if cells.bounded { "boundaries" } else { "around-facts" }),
                measure(cells.area(place), 0),
                if_tested(count(here.plots)),
                if_tested(count(here.unmeasured)),
                if_tested(measure(here.known_area(), 1)),
                if_tested(count(finding.around)),
                if_tested(count(finding.neighbours as u64)),
                measure(test.and_then(|test| test.z.ok()), 6),
                tested(|test| test.p, 9),
                tested(|test| test.p_low, 9),
                tested(|test| test.q, 9),
                if_tested(super::Value::Bool(here.plots > 0)),
                count(answer.tested as u64),
                count(u64::from(answer.permutations)),
                count(answer.seed),
                measure(answer.alpha, 6),
                count(found.elsewhere),
                super::Value::Bool(found.simulated || searched.simulated),
                told(finding.sentence(Language::Vi)),
                told(finding.sentence(Language::En)),
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
        check_test(query)?;
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let cells = Cells::of(snapshot, query, scope)?;
        let searched = Searched::of(snapshot, &cells, scope);
        let found = Found::of(snapshot, &cells, scope);
        let LayerQuery { permutations, seed, alpha, .. } = *query;
        let key = format!(
            "hotspots {} {} {} {permutations} {seed} {alpha}",
            cells.key, scope.season, scope.day
        );
        Ok(Some(snapshot.memo().get_or_make_weighed(key, Table::bytes, || {
            let surveyed: Vec<usize> =
                (0..cells.len()).filter(|place| searched.tested(*place)).collect();
            let answer = Arc::new(Answer {
                communes: query.cell == super::CellKind::Commune,
                season: scope.season.to_string(),
                tested: surveyed.len(),
                cells,
                searched,
                found,
                scope,
                permutations,
                seed,
                alpha,
            });
            Table::new(rows(snapshot, &answer, &surveyed))
        })))
    }
}

/// What the map that `query` asks for says of each of its cells, to be scored on a later season.
fn verdicts(snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Verdict>, LayerError> {
    let Some(table) = Hotspots.table(snapshot, query)? else { return Ok(Vec::new()) };
    let verdict = |row: &Hotspot| {
        let test = row.test?;
        // Of a constant map no cell is hotter than another.
        Some(Verdict { place: row.place, hot: test.class > 0, rank: test.z.unwrap_or(0.0) })
    };
    Ok(table.rows().filter_map(verdict).collect())
}

/// Whether the parameters of the test can be used.
fn check_test(query: &LayerQuery) -> Result<(), LayerError> {
    if !(1..=MOST_PERMUTATIONS).contains(&query.permutations) {
        return Err(LayerError::Parameter {
            parameter: "permutations",
            reason: format!(
                "{} shuffled maps: ask for 1 to {MOST_PERMUTATIONS}",
                query.permutations
            ),
        });
    }
    if !(query.alpha > 0.0 && query.alpha <= 0.1) {
        return Err(LayerError::Parameter {
            parameter: "alpha",
            reason: format!(
                "a false-discovery rate of {}: ask for more than 0 and at most 0.1, such as 0.05",
                query.alpha
            ),
        });
    }
    Ok(())
}

fn rows(
    snapshot: &Snapshot,
    answer: &Arc<Answer>,
    surveyed: &[usize],
) -> Vec<(Cursor, geo_types::Rect<f64>, Hotspot)> {
    let cells = &answer.cells;
    let mut tests = vec![None; cells.len()];
    for (place, test) in surveyed.iter().zip(tests_of(snapshot, answer, surveyed)) {
        tests[*place] = Some(test);
    }
    let rows = tests.into_iter().enumerate().map(|(place, test)| {
        let known = test.is_some_and(|test: Test| test.z.is_ok())
            && answer.searched.known()
            && answer.found.cells[place].known_area().is_some();
        let cursor = Cursor { incomplete: !known, id: cells.id(snapshot, place) };
        let row = Hotspot { answer: Arc::clone(answer), place, test };
        (cursor, cells.frame(snapshot, place), row)
    });
    rows.collect()
}

fn tests_of(snapshot: &Snapshot, answer: &Answer, surveyed: &[usize]) -> Vec<Test> {
    let values: Vec<f64> =
        surveyed.iter().map(|place| answer.found.cells[*place].plots as f64).collect();
    let weights = answer.cells.neighbours(snapshot, surveyed);
    let draws = Draws { permutations: answer.permutations, seed: answer.seed, analysis: ANALYSIS };
    let shuffled: Counts = counts(&values, &weights, Null::Total, draws);
    let local = gi_star(&values, &weights);
    let upper: Vec<f64> = (0..values.len()).map(|at| shuffled.upper(at)).collect();
    let lower: Vec<f64> = (0..values.len()).map(|at| shuffled.lower(at)).collect();
    let q = adjusted(&upper);
    let hot = classes(&q, answer.alpha);
    let cold = classes(&adjusted(&lower), answer.alpha);
    let tests = local.iter().enumerate().map(|(at, local)| Test {
        sum: local.sum,
        neighbours: weights.count(at),
        z: local.z,
        ge: shuffled.ge[at],
        le: shuffled.le[at],
        p: upper[at],
        p_low: lower[at],
        q: q[at],
        class: match (hot[at], cold[at]) {
            (0, cold) => -cold.cast_signed(),
            (hot, _) => hot.cast_signed(),
        },
    });
    tests.collect()
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
            "Nơi nương tụ lại nhiều hơn mức ngẫu nhiên, theo ô hoặc xã đã rà soát: Gi*, p từ xáo trộn, \
             phân loại sau khi kiểm soát tỷ lệ phát hiện sai. Nơi chưa rà soát là chưa biết.",
            "Where plots crowd more than chance would have it, by surveyed cell or commune: Gi*, p from \
             permutations, classes after control of the false-discovery rate. Unsurveyed ground is unknown.",
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
            Parameter::Season,
            Parameter::Datetime,
            Parameter::UnitsOn,
            Parameter::Cell,
            Parameter::Permutations,
            Parameter::Seed,
            Parameter::Alpha,
        ]
    }

    fn summary(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
        check_test(query)?;
        hotspot_validation::figures(snapshot, query, &|query| verdicts(snapshot, query))
    }

    answers_from_table!();
}

//! hotspot-areas: hotspots as ground that can be walked to, with a name, a size and a reason.
//!
//! Made by one of five methods: hot cells joined (the default), circles of the scan statistic,
//! plots that lie together (DBSCAN, HDBSCAN), and the densest ground; the last three are no tests.
//! See [`super::methods`].

use std::{borrow::Cow, sync::Arc};

use geo::Intersects;
use geo_types::{MultiPolygon, Rect};

use super::{
    area::Drawn,
    figures::{Whole, figures, no_data},
    learnt::Learnt,
    methods::{DISTANCES, METHODS, areas, spans, tests},
    reason::sentence,
};
use crate::{
    domain::{Language, Season, Text},
    layers::{
        CellKind, Choice, Features, Figure, GeometryKind, Layer, LayerError, LayerFeature,
        LayerQuery, Parameter, Property, Shape, Value, ValueKind,
        choices::one_of,
        density::{KERNELS, RULES},
        say::{count, day, measure, property, text, told},
        scope::Scope,
        shared_properties::{DAY, REASON_EN, REASON_VI, SIMULATED, UNMEASURED},
        table::{Row, Table, answers_from_table},
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The layer.
pub struct HotspotAreas;

const PROPERTIES: &[Property] = &[
    property("area", ValueKind::Text, ("Khu vực", "Area"), (
        "Tên cố định: phương pháp, rồi ô, xã hoặc nương có mã nhỏ nhất trong khu vực.",
        "A permanent name: the method, then the lowest cell, commune or plot in it.",
    )),
    property("method", ValueKind::Text, ("Phương pháp", "Method"), (
        "cells: các ô nóng liền nhau; dbscan, hdbscan: các nương gần nhau, không phải phép thử; \
         scan: các ô hoặc xã có tâm trong một vòng tròn, nhiều nương hơn mức ngẫu nhiên, một p cho cả bản đồ; \
         density: phần đất nhỏ nhất chứa một nửa mật độ nương, không phải phép thử.",
        "cells: hot cells joined; dbscan, hdbscan: plots that lie together, no test; \
         scan: the cells or communes whose middles one circle holds, with more plots than chance would have, one p for the \
         whole map; \
         density: the smallest ground that holds half of the density of plots, no test.",
    ))
    .one_of(METHODS),
    property("rank", ValueKind::Integer, ("Thứ hạng", "Rank"), (
        "1 là khu vực mạnh nhất.",
        "1 is the strongest.",
    )),
    property("class", ValueKind::Text, ("Phân loại", "Class"), (
        "Mức mạnh nhất trong các ô (cells); significant: p không vượt `alpha` (scan); \
         group: một nhóm, không phải phép thử (dbscan, hdbscan); densest-50: phần đất dày nhất, không phải phép thử \
         (density).",
        "The strongest level among its cells (cells); significant: p within `alpha` (scan); \
         group: a group, no test (dbscan, hdbscan); densest-50: the densest ground, no test (density).",
    ))
    .one_of(&["hot-99", "hot-95", "hot-90", "significant", "group", "densest-50"]),
    property("season", ValueKind::Text, ("Niên vụ", "Season"), (
        "Niên vụ, hoặc niên vụ cuối của khoảng được hỏi.",
        "The season, or the last one of the span asked about.",
    )),
    property("since", ValueKind::Text, ("Từ niên vụ", "Since"), (
        "Niên vụ đầu của khoảng được tính.",
        "The first season of the span that counts.",
    )),
    DAY,
    property("plots", ValueKind::Integer, ("Số nương", "Plots"), (
        "Số nương trong khu vực, theo vị trí.",
        "Plots in it, by position.",
    )),
    UNMEASURED,
    property("area_m2", ValueKind::Real, ("Diện tích nương", "Area of plots"), (
        "Tổng diện tích đã biết của các nương; trống nếu chưa ai đo nương nào.",
        "The known area of its plots; empty where nobody measured any.",
    ))
    .in_unit("m2"),
    property("area_km2", ValueKind::Real, ("Diện tích khu vực", "Ground"), (
        "Diện tích mặt đất của khu vực; trống nếu các nương thẳng hàng hoặc ở dưới ba nơi khác nhau.",
        "The ground of the area; empty where its plots lie in line or at fewer than three places.",
    ))
    .in_unit("km2"),
    property("cells", ValueKind::Integer, ("Số ô hoặc xã", "Cells or communes"), (
        "Số ô hoặc xã hợp thành; trống với dbscan, hdbscan và density.",
        "Cells or communes that it is made of; empty for dbscan, hdbscan and density.",
    )),
    property("first_season", ValueKind::Text, ("Niên vụ đầu", "First season"), (
        "Niên vụ sớm nhất của các nương trong khu vực.",
        "The earliest season of its plots.",
    )),
    property("last_season", ValueKind::Text, ("Niên vụ cuối", "Last season"), (
        "Niên vụ muộn nhất của các nương trong khu vực.",
        "The latest season of its plots.",
    )),
    property("communes", ValueKind::Text, ("Các xã", "Communes"), (
        "Tên các xã có đất trong khu vực (từ 1 % của khu vực hoặc của xã), nhiều đất trước; trống nếu chưa có địa giới.",
        "The communes that it has ground in (1 % of it, or of the commune, and more), the most ground first; empty \
         without boundaries.",
    )),
    property("p", ValueKind::Real, ("p", "p"), (
        "p nhỏ nhất trong các ô (cells), hoặc p của cả cụm trên toàn bản đồ (scan).",
        "The least p among its cells (cells), or the p of all of it for the whole map (scan).",
    )),
    property("q", ValueKind::Real, ("q", "q"), (
        "q nhỏ nhất trong các ô (cells).",
        "The least q among its cells (cells).",
    )),
    property("gi_z", ValueKind::Real, ("Gi* z", "Gi* z"), (
        "z lớn nhất trong các ô (cells): độ lớn của hiệu ứng.",
        "The greatest z among its cells (cells): the effect size.",
    )),
    property("expected", ValueKind::Real, ("Số nương kỳ vọng", "Expected plots"), (
        "Số nương mà đất đã rà soát ở đây sẽ có nếu nương rải đều trên mọi đất đã rà soát (scan).",
        "Plots that the ground searched here would hold if they were spread evenly over all searched ground (scan).",
    )),
    property("searched_km2", ValueKind::Real, ("Diện tích đã rà soát", "Ground searched"), (
        "Diện tích các ô hoặc xã này nhân với xác suất đã thấy một nương nếu có (scan); trống nếu không có vết tuần tra.",
        "The ground of its cells or communes times the chance that a plot there would have been found (scan); empty \
         where no track tells.",
    ))
    .in_unit("km2"),
    property("relative_risk", ValueKind::Real, ("Tỷ số nguy cơ", "Relative risk"), (
        "Tỷ lệ nương trên đất đã rà soát ở đây so với các nơi còn lại (scan).",
        "Its plots per searched ground over those outside of it (scan).",
    )),
    property("llr", ValueKind::Real, ("LLR", "LLR"), (
        "Log tỷ số hợp lý (scan).",
        "The log likelihood ratio (scan).",
    )),
    property("stability", ValueKind::Real, ("Độ bền", "Stability"), (
        "Khối lượng vượt trội (hdbscan), 1/m; trống nếu đủ nhiều nương trùng một chỗ.",
        "Excess of mass (hdbscan), 1/m; empty where enough plots coincide.",
    )),
    property("distance", ValueKind::Real, ("Khoảng cách", "Distance"), (
        "Hai nương cách nhau không quá khoảng này là gần (dbscan).",
        "Plots at most this far apart are near (dbscan).",
    ))
    .in_unit("m"),
    property("min_pts", ValueKind::Integer, ("Số nương tối thiểu", "Least plots"), (
        "Số nương tối thiểu của một nơi dày (dbscan) hoặc một nhóm (hdbscan).",
        "Plots that make a place dense (dbscan) or a group (hdbscan).",
    )),
    property("bandwidth_m", ValueKind::Real, ("Dải làm trơn", "Bandwidth"), (
        "Mỗi nương được trải ra bao xa (density).",
        "How far each plot was spread (density).",
    ))
    .in_unit("m"),
    property("rule", ValueKind::Text, ("Quy tắc", "Rule"), (
        "Dải làm trơn do đâu mà có (density).",
        "How the bandwidth was found (density).",
    ))
    .one_of(&["given", "scott", "silverman", "esri", "ppl", "diggle"]),
    property("unsurveyed_km2", ValueKind::Real, ("Chưa rà soát ở trong", "Unsurveyed inside"), (
        "Phần trong khu vực mà chưa ai rà soát: chưa biết (density). Trống nếu niên vụ không có dữ liệu rà soát.",
        "Ground in it that nobody looked at: unknown (density). Empty where the season has no effort data.",
    ))
    .in_unit("km2"),
    property("permutations", ValueKind::Integer, ("Số lần xáo trộn", "Permutations"), (
        "Số bản đồ ngẫu nhiên; trống với dbscan, hdbscan và density. scan dùng nhiều nhất 999.",
        "Maps of chance; empty for dbscan, hdbscan and density. scan draws at most 999.",
    )),
    property("seed", ValueKind::Integer, ("Hạt giống", "Seed"), (
        "Hạt giống: cùng hạt giống thì cùng kết quả; trống với dbscan, hdbscan và density.",
        "The seed: the same one gives the same answer; empty for dbscan, hdbscan and density.",
    )),
    property("alpha", ValueKind::Real, ("alpha", "alpha"), (
        "Tỷ lệ phát hiện sai (cells), hoặc p lớn nhất (scan).",
        "The false-discovery rate (cells), or the greatest p (scan).",
    )),
    SIMULATED,
    REASON_VI,
    REASON_EN,
];

/// What is asked, after the defaults: what all areas of an answer have in common.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) method: &'static str,
    pub(super) scope: Scope,
    /// The first season that counts.
    pub(super) since: Season,
    /// Metres within which plots are near (dbscan).
    pub(super) distance: f64,
    /// Plots that make a place dense or a group.
    pub(super) min_pts: usize,
    /// Shuffled or simulated maps, where there are any.
    pub(super) permutations: u32,
    pub(super) seed: u64,
    pub(super) alpha: f64,
    pub(super) cell: CellKind,
}

impl Asked {
    /// Whether the method draws maps of chance.
    pub(super) fn tests(&self) -> bool {
        tests(self.method)
    }
}

/// One area.
pub(super) struct Area {
    pub(super) asked: Asked,
    pub(super) rank: u64,
    pub(super) drawn: Drawn,
}

/// Every area of an answer, and how much of the season's plots they hold.
struct Answer {
    table: Arc<Table<Arc<Area>>>,
    held: u64,
    all: u64,
    asked: Asked,
    learnt: Learnt,
}

impl Row for Arc<Area> {
    fn draw<'s>(&self, _snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let Area { asked, rank, drawn } = &**self;
        let tested = |value: Value<'static>| if asked.tests() { value } else { Value::Null };
        let grouped = matches!(asked.method, "dbscan" | "hdbscan");
        let clusters = |value: Value<'static>| if grouped { value } else { Value::Null };
        let season =
            |season: Option<Season>| season.map_or(Value::Null, |season| told(season.to_string()));
        LayerFeature {
            id: drawn.id,
            shape: Shape::Area(Cow::Owned(drawn.shape.clone())),
            values: vec![
                told(drawn.name.clone()),
                text(asked.method),
                count(*rank),
                text(drawn.class),
                told(asked.scope.season.to_string()),
                told(asked.since.to_string()),
                day(Some(asked.scope.day)),
                count(drawn.held.plots),
                count(drawn.held.unmeasured),
                measure(drawn.held.known_area(), 1),
                measure(drawn.ground.map(|m2| m2 / 1e6), 6),
                drawn.cells.map_or(Value::Null, |cells| count(cells as u64)),
                season(drawn.held.seasons.map(|(first, _)| first)),
                season(drawn.held.seasons.map(|(_, last)| last)),
                drawn.communes.as_ref().map_or(Value::Null, |names| told(names.join("; "))),
                measure(drawn.p, 9),
                measure(drawn.q, 9),
                measure(drawn.z, 6),
                measure(drawn.expected, 6),
                measure(drawn.searched_km2, 6),
                measure(drawn.relative_risk, 6),
                measure(drawn.llr, 6),
                measure(drawn.stability, 9),
                measure((asked.method == "dbscan").then_some(asked.distance), 1),
                clusters(count(asked.min_pts as u64)),
                measure(drawn.spread.map(|(radius, _)| radius), 1),
                drawn.spread.map_or(Value::Null, |(_, rule)| text(rule)),
                measure(drawn.unsearched.map(|m2| m2 / 1e6), 6),
                tested(count(asked.permutations.into())),
                tested(count(asked.seed)),
                tested(measure(asked.alpha, 6)),
                Value::Bool(drawn.held.simulated),
                told(sentence(self, Language::Vi)),
                told(sentence(self, Language::En)),
            ],
        }
    }

    fn meets(&self, _snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        self.drawn.shape.intersects(&rect)
    }
}

impl HotspotAreas {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn answer(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Answer>>, LayerError> {
        let method = one_of("method", query.choices.method.as_deref(), METHODS)?;
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let asked = super::methods::asked(query, method, scope)?;
        let key = format!(
            "hotspot-areas {:?} {:?} {:?} {} {} {} {} {} {} {:?}",
            query.cell,
            scope.season,
            asked.since,
            scope.day,
            scope.units_on,
            query.permutations,
            query.seed,
            query.alpha,
            method,
            query.choices
        );
        let bytes = |answer: &Answer| answer.table.bytes() + 4096 * answer.table.len();
        let made = wanted(snapshot, &query.asker, &key, bytes, || {
            let (mut found, all, learnt) = areas(snapshot, query, asked)?;
            found.sort_by(Drawn::stronger);
            let held = found.iter().map(|drawn| drawn.held.plots).sum();
            let rows = found
                .into_iter()
                .zip(1..)
                .map(|(drawn, rank)| (frame(&drawn.shape), Arc::new(Area { asked, rank, drawn })));
            Ok(Answer { table: Arc::new(Table::drawn(snapshot, rows)), held, all, asked, learnt })
        })?;
        Ok(Some(made))
    }

    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<Arc<Area>>>>, LayerError> {
        Ok(self.answer(snapshot, query)?.map(|answer| Arc::clone(&answer.table)))
    }
}

fn frame(shape: &MultiPolygon<f64>) -> Rect<f64> {
    let nowhere = Rect::new((0.0, 0.0), (0.0, 0.0));
    geo::BoundingRect::bounding_rect(shape).unwrap_or(nowhere)
}

impl Layer for HotspotAreas {
    fn id(&self) -> &'static str {
        "hotspot-areas"
    }

    fn title(&self) -> Text {
        Text::new("Khu vực điểm nóng", "Hotspot areas")
    }

    fn description(&self) -> Text {
        Text::new(
            "Điểm nóng thành khu vực: các ô nóng liền nhau, cụm ô của phép quét, các nương gần nhau (dbscan, \
             hdbscan) hoặc phần đất dày nhất (density): ba cách cuối không phải phép thử. Mỗi khu vực có số nương, diện tích, các xã và lý do.",
            "Hotspots as areas: hot cells joined, cells in a circle of a scan, plots that lie together (dbscan, hdbscan) or \
             the densest ground (density); the last three are no tests. Each with its plots, ground, communes and the reason.",
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
            Parameter::Method(METHODS),
            Parameter::Cell,
            Parameter::Distance(DISTANCES),
            Parameter::Kernel(KERNELS),
            Parameter::Bandwidth(RULES),
            Parameter::Permutations,
            Parameter::Seed,
            Parameter::Alpha,
        ]
    }

    fn heeds(&self, choice: Choice, method: &str) -> bool {
        match choice {
            Choice::Span => spans(method),
            Choice::Of(
                Parameter::Cell | Parameter::Permutations | Parameter::Seed | Parameter::Alpha,
            ) => tests(method),
            Choice::Of(Parameter::Distance(_)) => method == "dbscan",
            Choice::Of(Parameter::Kernel(_) | Parameter::Bandwidth(_)) => method == "density",
            Choice::Of(_) => true,
        }
    }

    fn summary(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
        let Some(answer) = self.answer(snapshot, query)? else { return Ok(no_data()) };
        let Answer { held, all, asked, ref learnt, ref table } = *answer;
        let (since, areas) = (query.since, table.len() as u64);
        Ok(figures(&Whole { asked, since, areas, held, all, learnt }))
    }

    answers_from_table!();
}

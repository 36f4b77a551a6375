//! coverage: what was searched, cell by cell, with *unsearched* as its own state.

use std::sync::Arc;

use crate::{
    analysis::coverage::effort::detection,
    domain::{Language, Text},
    layers::{
        CellKind, Cursor, Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery,
        Parameter, Property, Shape, Value, ValueKind,
        cells::{Cells, season::Searched},
        say::{count, date, day, measure, number, property, text, told},
        scope::Scope,
        shared_properties::{
            CELL, CELL_GROUND, CELL_GROUND_M2, CELL_NAME, DAY, REASON_EN, REASON_VI, SEASON,
            SIMULATED,
        },
        table::{Row, Table, answers_from_table},
    },
    snapshot::Snapshot,
};

/// The layer.
pub struct Coverage;

const PROPERTIES: &[Property] = &[
    CELL,
    CELL_NAME,
    SEASON,
    DAY,
    property("state", ValueKind::Text, ("Tình trạng", "State"), (
        "searched: đã rà soát; sighted: chỉ có phát hiện, không có tuần tra; unsearched: chưa rà soát; \
         unknown: niên vụ không có dữ liệu rà soát.",
        "searched; sighted: a sighting there but no patrol; unsearched; \
         unknown: the season has no effort data.",
    ))
    .one_of(&["searched", "sighted", "unsearched", "unknown"]),
    property("surveyed", ValueKind::Bool, ("Đã rà soát", "Surveyed"), (
        "Có chặng tuần tra từ 200 m, lần tìm không thấy, hoặc phát hiện; trống nếu niên vụ không có dữ liệu.",
        "A leg of at least 200 m, an empty search or a sighting; empty where the season has no data.",
    )),
    property("visits", ValueKind::Integer, ("Số lượt", "Visits"), (
        "Chặng tuần tra từ 200 m trong ô, và các lần tìm không thấy.",
        "Legs of at least 200 m in the cell, and empty searches.",
    )),
    property("visit_days", ValueKind::Integer, ("Số ngày", "Days of visits"), (
        "Số ngày khác nhau của các lượt.",
        "Different days of these visits.",
    ))
    .in_unit("d"),
    property("last_visit", ValueKind::Date, ("Lượt cuối", "Last visit"), (
        "Ngày của lượt cuối.",
        "The day of the last visit.",
    )),
    property("days_since", ValueKind::Integer, ("Số ngày từ lượt cuối", "Days since"), (
        "Số ngày từ lượt cuối đến ngày tính.",
        "Days from the last visit to the day looked at.",
    ))
    .in_unit("d"),
    property(
        "thorough_days",
        ValueKind::Integer,
        ("Số ngày rà kỹ", "Thorough days"),
        (
            "Số ngày mà riêng ngày đó đạt C ≥ 0,1.",
            "Days that by themselves reached C ≥ 0.1.",
        ),
    )
    .in_unit("d"),
    property("km", ValueKind::Real, ("Quãng đường", "Track"), (
        "Chiều dài đường tuần tra trong ô, kể cả đoạn ngắn; trống nếu niên vụ không có dữ liệu.",
        "Length of track in the cell, short stretches too; empty where the season has no data.",
    ))
    .in_unit("km"),
    property("footprint_share", ValueKind::Real, ("Phần đã đi qua", "Footprint share"), (
        "Phần mặt đất trong nửa bề rộng quét quanh đường đi và nơi đã tìm, không tính trùng.",
        "The share of the ground within half a sweep width of any track, or searched; merged.",
    ))
    .in_unit("1"),
    property("c", ValueKind::Real, ("Hệ số bao phủ C", "Coverage factor C"), (
        "Tổng bề rộng quét nhân chiều dài, chia cho diện tích; tính trùng.",
        "Sum of sweep width times length over the ground; not merged.",
    ))
    .in_unit("1"),
    property("pod", ValueKind::Real, ("Xác suất phát hiện", "Probability of detection"), (
        "1 − e^−C: xác suất một nương ở đó đã được phát hiện.",
        "1 − e^−C: the chance that a plot there would have been found.",
    ))
    .in_unit("1"),
    property("pod_low", ValueKind::Real, ("Xác suất, thấp", "Detection, low"), (
        "Với bề rộng quét nhỏ nhất.",
        "At the smallest sweep width.",
    ))
    .in_unit("1"),
    property("pod_high", ValueKind::Real, ("Xác suất, cao", "Detection, high"), (
        "Với bề rộng quét lớn nhất.",
        "At the greatest sweep width.",
    ))
    .in_unit("1"),
    property("width_assumed", ValueKind::Bool, ("Bề rộng quét giả định", "Sweep width assumed"), (
        "Có chặng không cho biết bề rộng quét: dùng giá trị mặc định.",
        "Some leg of the season does not tell its sweep width: the deployment's default is used.",
    )),
    CELL_GROUND,
    CELL_GROUND_M2,
    SIMULATED,
    REASON_VI,
    REASON_EN,
];

struct Answer {
    cells: Arc<Cells>,
    searched: Arc<Searched>,
    scope: Scope,
    season: String,
    kind: CellKind,
}

struct CoverageRow {
    answer: Arc<Answer>,
    place: usize,
}

impl CoverageRow {
    fn state(&self) -> &'static str {
        let searched = &self.answer.searched;
        if !searched.known() {
            "unknown"
        } else if searched.efforts[self.place].visits > 0 {
            "searched"
        } else if searched.sighted[self.place] {
            "sighted"
        } else {
            "unsearched"
        }
    }

    fn sentence(&self, language: Language) -> String {
        let Answer { cells, searched, scope, kind, .. } = &*self.answer;
        let effort = &searched.efforts[self.place];
        let km = number(effort.metres / 1000.0, 1, language);
        let unit = kind.one(language);
        let pod = effort
            .coverage(cells.area(self.place))
            .map(|c| number(detection(c[1]) * 100.0, 0, language));
        match (self.state(), language, effort.last_visit, pod) {
            ("searched", Language::Vi, Some(last), Some(pod)) => format!(
                "{} lượt, {km} km, lượt cuối {}; một nương ở đây có khoảng {pod} % cơ hội đã được phát hiện.",
                effort.visits,
                date(last, language)
            ),
            ("searched", Language::En, Some(last), Some(pod)) => format!(
                "{}, {km} km, the last on {}; a plot here had about {pod} % chance of being found.",
                if effort.visits == 1 {
                    "1 visit".to_owned()
                } else {
                    format!("{} visits", effort.visits)
                },
                date(last, language)
            ),
            ("sighted", Language::Vi, ..) => {
                format!(
                    "Có nương được phát hiện trong {unit}, nhưng chưa có lượt tuần tra nào từ 200 m."
                )
            }
            ("sighted", Language::En, ..) => {
                format!("A plot was seen in this {unit}, but no patrol walked 200 m in it.")
            }
            ("unknown", Language::Vi, ..) => {
                format!("Niên vụ {} không có dữ liệu rà soát: chưa biết.", scope.season)
            }
            ("unknown", Language::En, ..) => {
                format!("Season {} has no effort data: unknown.", scope.season)
            }
            (_, Language::Vi, ..) if effort.metres > 0.0 => format!(
                "Chưa rà soát: mới đi ngang {km} km, dưới 200 m mỗi chặng. Chưa biết, không phải là không có."
            ),
            (_, Language::En, ..) if effort.metres > 0.0 => format!(
                "Not searched: only {km} km in passing, under 200 m a leg. Unknown, not empty."
            ),
            (_, Language::Vi, ..) => {
                format!(
                    "Chưa ai rà soát {unit} này trong niên vụ {}: chưa biết, không phải là không có.",
                    scope.season
                )
            }
            (_, Language::En, ..) => format!(
                "Nobody is known to have searched this {unit} in season {}: unknown, not empty.",
                scope.season
            ),
        }
    }
}

impl Row for CoverageRow {
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let Answer { cells, searched, scope, season, .. } = &*self.answer;
        let (place, state) = (self.place, self.state());
        let effort = &searched.efforts[place];
        let area = cells.area(place);
        // Where nobody was at all, C and what follows from it are left unsaid: never a zero that
        // a map would paint.
        let touched = effort.swept[2] > 0.0;
        let c = effort.coverage(area).filter(|_| touched);
        let known = |value: Value<'static>| if searched.known() { value } else { Value::Null };
        let since = effort.last_visit.map(|last| i64::from((scope.day - last).get_days()));
        LayerFeature {
            id: cells.id(snapshot, place),
            shape: Shape::Area(cells.outline(snapshot, place)),
            values: vec![
                told(cells.name(snapshot, place)),
                text(cells.title(snapshot, place).unwrap_or_default()),
                told(season.clone()),
                day(Some(scope.day)),
                text(state),
                searched.surveyed(place).map_or(Value::Null, Value::Bool),
                known(count(effort.visits.into())),
                known(count(effort.days.into())),
                day(effort.last_visit),
                since.map_or(Value::Null, Value::Integer),
                known(count(effort.thorough_days.into())),
                known(measure(effort.metres / 1000.0, 3)),
                measure(effort.footprint_share(area).filter(|_| touched), 6),
                measure(c.map(|c| c[1]), 6),
                measure(c.map(|c| detection(c[1])), 6),
                measure(c.map(|c| detection(c[0])), 6),
                measure(c.map(|c| detection(c[2])), 6),
                Value::Bool(searched.width_assumed),
                text(if cells.bounded { "boundaries" } else { "around-facts" }),
                measure(area, 0),
                Value::Bool(searched.simulated),
                told(self.sentence(Language::Vi)),
                told(self.sentence(Language::En)),
            ],
        }
    }
}

impl Coverage {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<CoverageRow>>>, LayerError> {
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let cells = Cells::of(snapshot, query, scope)?;
        let searched = Searched::of(snapshot, &cells, scope);
        let key = format!("coverage {} {} {}", cells.key, scope.season, scope.day);
        Ok(Some(snapshot.memo().get_or_make_weighed(key, Table::bytes, || {
            let season = scope.season.to_string();
            let answer = Arc::new(Answer { cells, searched, scope, season, kind: query.cell });
            let rows = (0..answer.cells.len()).map(|place| {
                let Answer { cells, searched, .. } = &*answer;
                // As [`Row::draw`] leaves values out.
                let effort = &searched.efforts[place];
                let known = searched.known()
                    && effort.last_visit.is_some()
                    && effort.swept[2] > 0.0
                    && cells.area(place) > 0.0;
                let cursor = Cursor { incomplete: !known, id: cells.id(snapshot, place) };
                let row = CoverageRow { answer: Arc::clone(&answer), place };
                (cursor, cells.frame(snapshot, place), row)
            });
            Table::new(rows.collect())
        })))
    }
}

impl Layer for Coverage {
    fn id(&self) -> &'static str {
        "coverage"
    }

    fn title(&self) -> Text {
        Text::new("Mức độ rà soát", "Search coverage")
    }

    fn description(&self) -> Text {
        Text::new(
            "Đã rà soát đến đâu, theo ô hoặc xã: số lượt, số ngày, quãng đường, phần đã đi qua, xác suất phát hiện. \
             Nơi chưa rà soát là một tình trạng riêng.",
            "What was searched, by cell or commune: visits, days, kilometres, footprint, probability of detection. \
             Unsearched is a state of its own.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::MultiPolygon
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[Parameter::Season, Parameter::Datetime, Parameter::UnitsOn, Parameter::Cell]
    }

    answers_from_table!();
}

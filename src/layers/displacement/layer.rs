//! displacement: cleared ground, the rings around it, and the rest: plots before and after.
//!
//! Three spans. The *clearing* seasons choose the ground: the cells in which plots were cleared
//! then. They are not counted, for ground chosen because much was there falls by itself. *Before* is
//! the season ahead of them, *after* the one behind them, the season asked about. Only cells that
//! were surveyed in both are compared. See analysis/displacement.

use std::sync::Arc;

use geo::{BoundingRect, Intersects};
use geo_types::{MultiPolygon, Rect};

use super::{
    displaced::{Area, Displaced},
    figures::figures,
};
use crate::{
    analysis::displacement::{Zone, e_test},
    domain::{Language, Text},
    layers::{
        Features, Figure, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter,
        Property, Shape, Value, ValueKind,
        say::{count, day, measure, number, property, text, told},
        scope::Scope,
        shared_properties::{DAY, SIMULATED},
        table::{Row, Table, answers_from_table},
    },
    snapshot::Snapshot,
};

/// The layer.
pub struct Displacement;

const PROPERTIES: &[Property] = &[
    property("zone", ValueKind::Text, ("Vùng", "Zone"), (
        "response: ô có nương bị phá; ring: vành đai quanh đó; control: các ô còn lại được rà soát cả hai niên vụ, dùng để so \
         sánh; not-compared: mọi ô không được rà soát cả hai niên vụ, kể cả trong vùng phá và vành đai: chưa biết.",
        "response: cells in which plots were cleared; ring: around them; control: the other cells that were surveyed in \
         both seasons, to compare with; not-compared: all cells that were not, in response and rings too: unknown.",
    ))
    .one_of(&["response", "ring", "control", "not-compared"]),
    property("from_m", ValueKind::Real, ("Từ", "From"), (
        "Bán kính trong của vành đai, giữa tâm các ô.",
        "Inner radius of a ring, between middles of cells.",
    ))
    .in_unit("m"),
    property("to_m", ValueKind::Real, ("Đến", "To"), (
        "Bán kính ngoài của vành đai.",
        "Outer radius of a ring.",
    ))
    .in_unit("m"),
    property("season_before", ValueKind::Text, ("Niên vụ trước", "Season before"), (
        "Niên vụ đếm trước khi phá.",
        "The season counted before the clearing.",
    )),
    property("cleared_in", ValueKind::Text, ("Niên vụ phá", "Cleared in"), (
        "Niên vụ phá nhổ, dùng để chọn vùng và không đếm.",
        "The clearing season or seasons, which choose the ground and are not counted.",
    )),
    property("season_after", ValueKind::Text, ("Niên vụ sau", "Season after"), (
        "Niên vụ đếm sau khi phá.",
        "The season counted after the clearing.",
    )),
    DAY,
    property("cells", ValueKind::Integer, ("Số ô", "Cells"), ("Số ô của vùng.", "Cells in the zone.")),
    property("compared", ValueKind::Integer, ("Số ô so được", "Cells compared"), (
        "Số ô được rà soát ở cả hai niên vụ; chỉ các ô này được đếm.",
        "Cells surveyed in both seasons: only these are counted.",
    )),
    property("ground_m2", ValueKind::Real, ("Diện tích so được", "Ground compared"), (
        "Diện tích của các ô đó.",
        "Their ground.",
    ))
    .in_unit("m2"),
    property("cleared_plots", ValueKind::Integer, ("Nương đã phá", "Plots cleared"), (
        "Số nương bị phá ở đây trong niên vụ phá.",
        "Plots cleared here in the clearing seasons.",
    )),
    property("before", ValueKind::Integer, ("Nương trước", "Plots before"), (
        "Số nương trong các ô so được ở niên vụ trước; trống nếu không ô nào so được.",
        "Plots in the cells compared, in the season before; empty where no cell can be compared.",
    )),
    property("after", ValueKind::Integer, ("Nương sau", "Plots after"), (
        "Số nương trong các ô đó ở niên vụ sau.",
        "Plots in them in the season after.",
    )),
    property("difference", ValueKind::Real, ("Chênh lệch", "Difference"), (
        "Thay đổi trừ đi mức vùng đối chứng dự báo cho cùng diện tích, tính bằng nương; trống với vùng đối chứng.",
        "The change less what the control lets expect of as much ground, in plots; empty for the control.",
    )),
    property("error", ValueKind::Real, ("Sai số chuẩn", "Standard error"), (
        "Sai số chuẩn của chênh lệch, coi mỗi số đếm là Poisson.",
        "Standard error of the difference, each count taken as Poisson.",
    )),
    property("p", ValueKind::Real, ("p", "p"), (
        "p hai phía của chênh lệch.",
        "The two-sided p of the difference.",
    )),
    property("change_p", ValueKind::Real, ("p của thay đổi", "p of the change"), (
        "p hai phía rằng trước và sau cùng một kỳ vọng (phép thử E), không xét đối chứng.",
        "The two-sided p that before and after are of one expectation (E-test), no control asked.",
    )),
    property("wdq", ValueKind::Real, ("WDQ", "WDQ"), (
        "Thương số chuyển dịch với vành đai này: âm là chuyển dịch, dương là lan toả lợi ích; trống kèm lý do.",
        "The displacement quotient with this ring as the buffer: negative moved there, positive gained too; empty with a reason.",
    )),
    property("wdq_reason", ValueKind::Text, ("Vì sao không có WDQ", "Why there is no WDQ"), (
        "control-zero-before, control-zero-after: vùng đối chứng không có nương; no-response: vùng phá không đổi hơn đối chứng; not-compared.",
        "control-zero-before, control-zero-after: the control has no plot; no-response: the response changed as the control; not-compared.",
    ))
    .one_of(&["control-zero-before", "control-zero-after", "no-response", "not-compared"]),
    property("tne", ValueKind::Real, ("TNE", "TNE"), (
        "Hiệu quả ròng: số nương ít hơn mức đối chứng dự báo ở vùng phá và vành đai này.",
        "Total net effects: plots fewer than the control lets expect, response and this ring together.",
    )),
    property("domain", ValueKind::Text, ("Phạm vi", "Domain"), (
        "surveyed: cả hai niên vụ có dữ liệu rà soát; assumed_all: một niên vụ không có, coi như mọi ô được rà soát; \
         no-data: một niên vụ không có gì.",
        "surveyed: both seasons have effort data; assumed_all: one has none, every cell taken as surveyed; \
         no-data: one has nothing at all.",
    ))
    .one_of(&["surveyed", "assumed_all", "no-data"]),
    SIMULATED,
    property("reason_vi", ValueKind::Text, ("Lý do", "Reason in Vietnamese"), (
        "Nói gì, trong một câu.",
        "What it says, in a sentence of Vietnamese.",
    )),
    property("reason_en", ValueKind::Text, ("Lý do bằng tiếng Anh", "Reason"), (
        "Nói gì, một câu tiếng Anh.",
        "What it says, in a sentence.",
    )),
];

struct ZoneRow {
    all: Arc<Displaced>,
    place: usize,
    shape: MultiPolygon<f64>,
}

impl ZoneRow {
    fn area(&self) -> &Area {
        self.all.areas.get(self.place).unwrap_or(&self.all.uncompared)
    }

    /// Whether it is the ground of which nothing is known.
    fn uncompared(&self) -> bool {
        self.place == self.all.areas.len()
    }

    fn sentence(&self, language: Language) -> String {
        let area = self.area();
        let metres = |it: f64| number(it, 0, language);
        let (before, after) = (self.all.before, self.all.scope.season);
        if self.uncompared() {
            return match language {
                Language::Vi => format!(
                    "{} ô không được rà soát ở cả {before} lẫn {after}: chưa biết, không so được.",
                    number(area.cells.into(), 0, language)
                ),
                Language::En => format!(
                    "{} cells were not surveyed in both {before} and {after}: unknown, and not compared.",
                    number(area.cells.into(), 0, language)
                ),
            };
        }
        let cleared_in = self.all.cleared_in();
        let place = match (area.zone, language) {
            (Zone::Response, Language::Vi) => {
                format!("Các ô bị phá nương ở {cleared_in}")
            }
            (Zone::Response, Language::En) => format!("Cells cleared in {cleared_in}"),
            (Zone::Ring(_), Language::Vi) => {
                format!(
                    "Vành đai {} đến {} m quanh các ô bị phá nương ở {cleared_in}",
                    metres(area.from),
                    metres(area.to)
                )
            }
            (Zone::Ring(_), Language::En) => {
                format!(
                    "The ring of {} to {} m around cells cleared in {cleared_in}",
                    metres(area.from),
                    metres(area.to)
                )
            }
            (Zone::Control, Language::Vi) => "Phần còn lại, dùng để so sánh".to_owned(),
            (Zone::Control, Language::En) => "The rest, to compare with".to_owned(),
        };
        if area.compared == 0 {
            return match language {
                Language::Vi => format!(
                    "{place}: không ô nào trong {} ô được rà soát ở cả {before} lẫn {after}, không so được.",
                    area.cells
                ),
                Language::En => format!(
                    "{place}: none of {} cells was surveyed in both {before} and {after}; nothing can be compared.",
                    area.cells
                ),
            };
        }
        let counts = match language {
            Language::Vi => format!(
                "{place}: {} nương ở {before}, {} ở {after}, trong {} trên {} ô được rà soát cả hai niên vụ",
                area.change.before, area.change.after, area.compared, area.cells
            ),
            Language::En => format!(
                "{place}: {} plots in {before}, {} in {after}, in {} of {} cells that were surveyed in both",
                area.change.before, area.change.after, area.compared, area.cells
            ),
        };
        let against = area.against(self.all.control());
        let beside = match (against.and_then(|it| Some((it.estimate, it.p()?))), language) {
            (Some((estimate, p)), Language::Vi) => format!(
                "; {} nương so với mức đối chứng dự báo (p = {})",
                signed(estimate, language),
                number(p, 3, language)
            ),
            (Some((estimate, p)), Language::En) => format!(
                "; {} plots against what the control lets expect (p = {})",
                signed(estimate, language),
                number(p, 3, language)
            ),
            (None, _) => String::new(),
        };
        format!("{counts}{beside}.")
    }
}

/// A number with its sign.
pub(super) fn signed(value: f64, language: Language) -> String {
    let said = number(value, 1, language);
    if value > 0.0 && said != "0" { format!("+{said}") } else { said }
}

impl Row for ZoneRow {
    fn draw<'s>(&self, _snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let (all, area) = (&self.all, self.area());
        let ring = matches!(area.zone, Zone::Ring(_));
        let known = area.compared > 0;
        let against = area.against(all.control());
        let quotient = ring.then(|| all.quotient(area));
        let counted = |it: u32| if known { count(it.into()) } else { Value::Null };
        let changed = e_test(area.change.before, area.change.after).filter(|_| known);
        LayerFeature {
            id: self.place as u64 + 1,
            shape: Shape::Area(std::borrow::Cow::Owned(self.shape.clone())),
            values: vec![
                text(match area.zone {
                    _ if self.uncompared() => "not-compared",
                    Zone::Response => "response",
                    Zone::Ring(_) => "ring",
                    Zone::Control => "control",
                }),
                measure(ring.then_some(area.from), 1),
                measure(ring.then_some(area.to), 1),
                told(all.before.to_string()),
                told(all.cleared_in()),
                told(all.scope.season.to_string()),
                day(Some(all.scope.day)),
                count(area.cells.into()),
                count(area.compared.into()),
                measure(area.ground, 0),
                count(area.cleared.into()),
                counted(area.change.before),
                counted(area.change.after),
                measure(against.map(|it| it.estimate), 4),
                measure(against.map(|it| it.error), 4),
                measure(against.and_then(crate::analysis::displacement::Difference::p), 9),
                measure(changed, 9),
                measure(quotient.and_then(Result::ok), 4),
                quotient.and_then(Result::err).map_or(Value::Null, text),
                measure(ring.then(|| all.net(area)).flatten(), 4),
                text(all.domain.word()),
                Value::Bool(all.simulated),
                told(self.sentence(Language::Vi)),
                told(self.sentence(Language::En)),
            ],
        }
    }

    fn meets(&self, _snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        self.shape.intersects(&rect)
    }
}

impl Displacement {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<ZoneRow>>>, LayerError> {
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let all = Displaced::of(snapshot, query, scope)?;
        if all.response_cells() == 0 {
            return Ok(None);
        }
        let key = format!("displacement zones {}", all.key);
        let bytes = |made: &Table<ZoneRow>| made.bytes() + all.cell_count() * 64;
        Ok(Some(snapshot.memo().get_or_make_weighed(key, bytes, || {
            let rows = (0..=all.areas.len()).filter_map(|place| {
                let shape = all.outline(snapshot, place)?;
                let frame = shape.bounding_rect()?;
                Some((frame, ZoneRow { all: Arc::clone(&all), place, shape }))
            });
            Table::drawn(snapshot, rows)
        })))
    }
}

impl Layer for Displacement {
    fn id(&self) -> &'static str {
        "displacement"
    }

    fn title(&self) -> Text {
        Text::new("Chuyển dịch", "Displacement")
    }

    fn description(&self) -> Text {
        Text::new(
            "Phá chỗ này có trồng chỗ khác không: số nương trước và sau ở các ô bị phá, ở các vành đai quanh đó và ở phần \
             còn lại, chỉ tính ô được rà soát cả hai niên vụ. Niên vụ hỏi là niên vụ sau; niên vụ phá nằm giữa.",
            "Did clearing here bring poppy there: plots before and after in cleared cells, in rings around them and in the \
             rest, over cells surveyed in both seasons. The season asked is the one after; the clearing lies between.",
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
            Parameter::Distance(&[]),
            Parameter::Permutations,
            Parameter::Seed,
        ]
    }

    fn summary(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(Vec::new()) };
        let all = Displaced::of(snapshot, query, scope)?;
        figures(snapshot, query, &all)
    }

    answers_from_table!();
}

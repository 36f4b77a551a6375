//! provinces, districts, communes: the units in force on the date asked.

use std::{borrow::Cow, sync::Arc};

use geo::Intersects;
use geo_types::Rect;
use jiff::civil::Date;

use crate::{
    domain::{DatasetKind, Level, Text},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Shape, ValueKind,
        say::{count, day, measure, property, text},
        scope::{check, horizon},
        shared_properties::DATASET,
        table::{Row, Table, answers_from_table, frame},
    },
    snapshot::{Atlas, Snapshot, Unit, UnitRef},
};

/// The units of one level.
pub struct Units {
    level: Level,
    id: &'static str,
    title: Text,
}

/// `provinces`.
pub const PROVINCES: Units =
    Units { level: Level::Province, id: "provinces", title: Text::new("Tỉnh", "Provinces") };

/// `districts`.
pub const DISTRICTS: Units = Units {
    level: Level::District,
    id: "districts",
    title: Text::new("Huyện (đến 30/6/2025)", "Districts (until 30 June 2025)"),
};

/// `communes`.
pub const COMMUNES: Units =
    Units { level: Level::Commune, id: "communes", title: Text::new("Xã, phường", "Communes") };

const PROPERTIES: &[Property] = &[
    property("name", ValueKind::Text, ("Tên", "Name"), ("Tên đơn vị.", "The unit's name.")),
    property(
        "code",
        ValueKind::Text,
        ("Mã", "Code"),
        (
            "Mã đơn vị, dạng chữ: số 0 ở đầu có nghĩa.",
            "The unit's code as text: leading zeros count.",
        ),
    ),
    property(
        "scheme",
        ValueKind::Text,
        ("Bộ mã", "Scheme"),
        ("Cơ quan hoặc bộ mã đặt ra mã này.", "Who hands out the codes."),
    ),
    property(
        "level",
        ValueKind::Text,
        ("Cấp", "Level"),
        ("Cấp hành chính.", "How high the unit stands."),
    )
    .one_of(&["country", "province", "district", "commune"]),
    property(
        "parent",
        ValueKind::Text,
        ("Mã đơn vị cấp trên", "Parent's code"),
        (
            "Mã của đơn vị cấp trên trong cùng bộ mã; rỗng nếu nguồn không nói.",
            "The code of the unit it belongs to, in the same scheme; empty where the source does not say.",
        ),
    ),
    property(
        "valid_from",
        ValueKind::Date,
        ("Có hiệu lực từ", "Valid from"),
        ("Ngày đầu tiên có hiệu lực.", "The first day on which it was in force."),
    ),
    property(
        "valid_to",
        ValueKind::Date,
        ("Hết hiệu lực từ", "Valid to"),
        (
            "Ngày đầu tiên không còn hiệu lực; trống khi còn hiệu lực.",
            "The first day on which it was no longer in force; empty while it is.",
        ),
    ),
    property(
        "legal_act",
        ValueKind::Text,
        ("Văn bản", "Legal act"),
        (
            "Văn bản thành lập; rỗng nếu nguồn không nói.",
            "The act that made it; empty where the source does not say.",
        ),
    ),
    property(
        "area_m2",
        ValueKind::Real,
        ("Diện tích", "Area"),
        ("Diện tích trên ê-líp-xô-ít.", "The ground on the ellipsoid."),
    )
    .in_unit("m2"),
    property(
        "error_m",
        ValueKind::Real,
        ("Sai số vị trí", "Position error"),
        ("Sai số (1 σ) của đường địa giới.", "1 σ of the position of its lines."),
    )
    .in_unit("m"),
    property(
        "approximate",
        ValueKind::Text,
        ("Gần đúng", "Approximate"),
        (
            "Nếu hình chỉ là gần đúng: sai bao nhiêu; rỗng nếu không.",
            "For a shape that is only an approximation: how wrong it is; empty otherwise.",
        ),
    ),
    property(
        "plots",
        ValueKind::Integer,
        ("Số nương", "Plots"),
        (
            "Số nương của mọi niên vụ đã phát hiện trong đơn vị vào thời gian hiệu lực của đơn vị, \
         không kể nương bị loại.",
            "Plots of all seasons reported inside the unit while it was in force, rejected ones left out.",
        ),
    ),
    DATASET,
    property(
        "attribution",
        ValueKind::Text,
        ("Ghi công", "Attribution"),
        (
            "Ghi công bắt buộc; rỗng nếu không có.",
            "The credit that must be shown; empty where none is asked.",
        ),
    ),
];

/// One unit, with the plots in it.
struct UnitRow {
    unit: UnitRef,
    plots: u64,
}

impl Row for UnitRow {
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let unit = snapshot.unit(self.unit);
        let boundary = unit.boundary();
        let dataset = snapshot.dataset(&boundary.source.dataset);
        let said = |words: Option<&'s str>| text(words.unwrap_or_default());
        LayerFeature {
            id: unit.id(),
            shape: Shape::Area(Cow::Borrowed(unit.outline())),
            values: vec![
                text(unit.name()),
                text(unit.code()),
                text(&unit.key().scheme),
                text(unit.level().word()),
                said(boundary.parent.as_deref()),
                day(Some(unit.key().valid_from)),
                day(boundary.valid_to),
                said(boundary.legal_act.as_deref()),
                measure(unit.area().get(), 0),
                measure(unit.error().get(), 1),
                said(dataset.and_then(|it| it.approximate.as_deref())),
                count(self.plots),
                text(&boundary.source.dataset),
                said(dataset.and_then(|it| it.attribution.as_deref())),
            ],
        }
    }

    fn meets(&self, snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        snapshot.unit(self.unit).outline().intersects(&rect)
    }
}

/// The day of boundaries that a question without an interval is about.
pub(super) fn boundary_day(query: &LayerQuery) -> Date {
    let day = horizon(query);
    query.units_on.unwrap_or_else(|| query.season.map_or(day, |season| season.clamp(day)))
}

/// The atlases that a question is about, oldest first: all that held at some time in its interval,
/// else that of its day.
pub(super) fn atlases<'s>(snapshot: &'s Snapshot, query: &LayerQuery) -> Vec<&'s Atlas> {
    match (query.units_on, query.datetime) {
        (None, Some(interval)) => {
            let held = |atlas: &&Atlas| {
                interval.to.is_none_or(|end| atlas.from() <= end)
                    && interval.from.is_none_or(|begin| atlas.to().is_none_or(|to| begin < to))
            };
            snapshot.atlases().iter().filter(held).collect()
        }
        (Some(_), _) | (None, None) => snapshot.atlas_on(boundary_day(query)).into_iter().collect(),
    }
}

/// The epochs of a question as part of a memo's key.
pub(super) fn epochs(atlases: &[&Atlas]) -> String {
    let from: Vec<String> = atlases.iter().map(|atlas| atlas.from().to_string()).collect();
    from.join("+")
}

impl Units {
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<UnitRow>>>, LayerError> {
        check(query)?;
        let atlases = atlases(snapshot, query);
        let counts = plot_counts(snapshot);
        let key = format!("{} {}", self.id, epochs(&atlases));
        Ok(Some(snapshot.memo().get_or_make(key, || {
            let mut units: Vec<UnitRef> = atlases
                .iter()
                .flat_map(|atlas| atlas.units(self.level))
                .map(Unit::reference)
                .collect();
            units.sort_unstable();
            units.dedup();
            let rows = units.into_iter().map(|unit| {
                let row = UnitRow { unit, plots: counts[unit.index()] };
                (frame(snapshot.unit(unit).extent()), row)
            });
            Table::drawn(snapshot, rows)
        })))
    }
}

/// Plots reported in each unit while it was in force, by its place among the units.
fn plot_counts(snapshot: &Snapshot) -> Arc<Vec<u64>> {
    snapshot.memo().get_or_make("plots of units".into(), || {
        let mut counts = vec![0; snapshot.units().len()];
        for plot in snapshot.plots(None).filter(|view| view.plot.rejected.is_none()) {
            let units = snapshot.units_of(plot, None);
            for unit in [units.province, units.district, units.commune].into_iter().flatten() {
                counts[unit.index()] += 1;
            }
        }
        counts
    })
}

impl Layer for Units {
    fn id(&self) -> &'static str {
        self.id
    }

    fn title(&self) -> Text {
        self.title
    }

    fn description(&self) -> Text {
        Text::new(
            "Địa giới có hiệu lực vào ngày hỏi: ngày của `units_on`, khoảng `datetime`, niên vụ, hoặc hôm nay.",
            "Units in force on the date asked: the day of `units_on`, the interval of `datetime`, the season's, or today.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::MultiPolygon
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[Parameter::Season, Parameter::Datetime, Parameter::UnitsOn]
    }

    fn sources(&self) -> &'static [DatasetKind] {
        &[DatasetKind::Boundaries, DatasetKind::BorderLines]
    }

    answers_from_table!();
}

//! border-lines: the lines that two units share, in force on the date asked.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use geo::{BoundingRect, Intersects};
use geo_types::Rect;
use jiff::civil::Date;

use super::units::{atlases, epochs};
use crate::{
    domain::{DatasetKind, Level, Text},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Shape, Value, ValueKind,
        say::{day, measure, property, text, unit},
        scope::check,
        table::{Row, Table, answers_from_table},
    },
    snapshot::{Atlas, SharedLine, Side, Snapshot},
};

/// The layer.
pub struct BorderLines;

pub(super) const SIDE_A: Property = property(
    "side_a",
    ValueKind::Text,
    ("Bên A", "Side A"),
    (
        "Đơn vị của cấp đó ở một bên; trống nếu không biết.",
        "The unit of that level on one side; empty where it is not known.",
    ),
);

pub(super) const SIDE_B: Property = property(
    "side_b",
    ValueKind::Text,
    ("Bên B", "Side B"),
    (
        "Đơn vị của cấp đó ở bên kia; trống nếu không biết.",
        "The unit of that level on the other side; empty where it is not known.",
    ),
);

const PROPERTIES: &[Property] = &[
    property(
        "level",
        ValueKind::Text,
        ("Cấp", "Level"),
        ("Cấp rộng nhất mà đường này phân chia.", "The widest level that it parts."),
    )
    .one_of(&["country", "province", "district", "commune"]),
    SIDE_A,
    SIDE_B,
    property(
        "unit_a",
        ValueKind::Text,
        ("Đơn vị nhỏ nhất bên A", "Narrowest unit on side A"),
        ("Tên đơn vị nhỏ nhất ở bên A.", "The name of the narrowest unit on side A."),
    ),
    property(
        "unit_a_code",
        ValueKind::Text,
        ("Mã bên A", "Code on side A"),
        ("Mã của đơn vị đó.", "The code of that unit."),
    ),
    property(
        "unit_b",
        ValueKind::Text,
        ("Đơn vị nhỏ nhất bên B", "Narrowest unit on side B"),
        ("Tên đơn vị nhỏ nhất ở bên B.", "The name of the narrowest unit on side B."),
    ),
    property(
        "unit_b_code",
        ValueKind::Text,
        ("Mã bên B", "Code on side B"),
        ("Mã của đơn vị đó.", "The code of that unit."),
    ),
    property("length_km", ValueKind::Real, ("Chiều dài", "Length"), ("Chiều dài.", "Its length."))
        .in_unit("km"),
    property(
        "error_m",
        ValueKind::Real,
        ("Sai số vị trí", "Position error"),
        ("Sai số (1 σ) của đường.", "1 σ of its position."),
    )
    .in_unit("m"),
    property(
        "valid_from",
        ValueKind::Date,
        ("Có hiệu lực từ", "Valid from"),
        ("Ngày đầu của thời kỳ có hiệu lực.", "The first day of the epoch in which it holds."),
    ),
];

/// A line by its epoch, level and place there.
#[derive(Clone, Copy)]
struct LineRow {
    epoch: Date,
    level: Level,
    place: usize,
}

impl LineRow {
    fn line<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s SharedLine> {
        snapshot.atlas_on(self.epoch)?.lines(self.level).get(self.place)
    }
}

/// The name of a side, where it is known.
pub(super) fn side<'s>(snapshot: &'s Snapshot, side: &'s Side) -> Value<'s> {
    match side {
        Side::Unit(unit) => text(snapshot.unit(*unit).name()),
        Side::Named(name) => text(name),
        Side::Unknown => Value::Null,
    }
}

impl Row for LineRow {
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let Some(line) = self.line(snapshot) else {
            // Rows are made from the very atlas, so that this does not happen.
            let values = vec![Value::Null; PROPERTIES.len()];
            let nowhere = Cow::Owned(geo_types::MultiLineString(Vec::new()));
            return LayerFeature { id: 0, shape: Shape::Lines(nowhere), values };
        };
        let [one, other] = &line.sides;
        let [unit_a, code_a] = unit(snapshot, line.between[0]);
        let [unit_b, code_b] = unit(snapshot, line.between[1]);
        LayerFeature {
            id: line.id,
            shape: Shape::Lines(Cow::Borrowed(&line.line)),
            values: vec![
                text(line.level.word()),
                side(snapshot, one),
                side(snapshot, other),
                unit_a,
                code_a,
                unit_b,
                code_b,
                measure(line.length_m / 1000.0, 3),
                measure(line.error.get(), 1),
                day(Some(self.epoch)),
            ],
        }
    }

    fn meets(&self, snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        self.line(snapshot).is_some_and(|line| line.line.intersects(&rect))
    }
}

impl BorderLines {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<LineRow>>>, LayerError> {
        check(query)?;
        let atlases = atlases(snapshot, query);
        let key = format!("border-lines {}", epochs(&atlases));
        Ok(Some(snapshot.memo().get_or_make(key, || {
            // A line that holds over two epochs is one: the later stands.
            let lines: BTreeMap<u64, (Rect<f64>, LineRow)> =
                atlases.iter().flat_map(|atlas| rows(atlas)).collect();
            Table::drawn(snapshot, lines.into_values())
        })))
    }
}

fn rows(atlas: &Atlas) -> impl Iterator<Item = (u64, (Rect<f64>, LineRow))> {
    let epoch = atlas.from();
    Level::ALL.into_iter().flat_map(move |level| {
        atlas.lines(level).iter().enumerate().filter_map(move |(place, line)| {
            let frame = line.line.bounding_rect()?;
            Some((line.id, (frame, LineRow { epoch, level, place })))
        })
    })
}

impl Layer for BorderLines {
    fn id(&self) -> &'static str {
        "border-lines"
    }

    fn title(&self) -> Text {
        Text::new("Đường giáp ranh", "Border lines")
    }

    fn description(&self) -> Text {
        Text::new(
            "Đường mà hai đơn vị có chung, có hiệu lực vào ngày hỏi; mỗi đường ở cấp rộng nhất mà nó phân chia.",
            "The lines that two units share, in force on the date asked; each at the widest level it parts.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::MultiLineString
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

//! border-strips: the ground along shared lines, with its own counts and its coverage from each
//! side.
//!
//! A place is in the strip of its nearest line of a level: each plot is counted once a level.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use geo::{BoundingRect, Intersects};
use geo_types::{Coord, Rect};
use rayon::prelude::*;

use super::border_lines::{SIDE_A, SIDE_B, side};
use crate::{
    analysis::coverage::eradication::Eradication,
    domain::{Level, Position, Text},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Shape, Value, ValueKind,
        cells::season::Origins,
        say::{count, day, measure, property, text, told},
        scope::Scope,
        shared_properties::{DAY, SEASON, SIMULATED, UNMEASURED},
        table::{Row, Table, answers_from_table},
    },
    snapshot::{Atlas, BorderStrip, LegView, Snapshot},
};

/// The layer.
pub struct BorderStrips;

/// Tracks are looked at in pieces of at most this many metres, each at its middle.
const PIECE: f64 = 50.0;

const PROPERTIES: &[Property] = &[
    property(
        "level",
        ValueKind::Text,
        ("Cấp", "Level"),
        ("Cấp mà đường giáp ranh phân chia.", "The level that its line parts."),
    )
    .one_of(&["country", "province", "district", "commune"]),
    SIDE_A,
    SIDE_B,
    property(
        "distance_m",
        ValueKind::Real,
        ("Khoảng cách", "Distance"),
        ("Dải rộng ra mỗi bên.", "How far it reaches to either side."),
    )
    .in_unit("m"),
    SEASON,
    DAY,
    property(
        "plots",
        ValueKind::Integer,
        ("Số nương", "Plots"),
        (
            "Số nương trong dải, mỗi nương tính một lần ở mỗi cấp (theo đường gần nhất).",
            "Plots in the strip, each counted once a level, at its nearest line.",
        ),
    ),
    UNMEASURED,
    property(
        "area_m2",
        ValueKind::Real,
        ("Diện tích nương", "Area of plots"),
        ("Tổng diện tích đã biết.", "The known area."),
    )
    .in_unit("m2"),
    property(
        "destroyed_m2",
        ValueKind::Real,
        ("Đã phá nhổ", "Destroyed"),
        ("Diện tích đã phá nhổ theo báo cáo.", "The area claimed as destroyed."),
    )
    .in_unit("m2"),
    property(
        "claimed_share",
        ValueKind::Real,
        ("Tỷ lệ phá nhổ", "Destroyed share"),
        (
            "destroyed_m2 / area_m2; trống nếu không có gì để chia.",
            "destroyed_m2 / area_m2; empty where there is nothing to divide.",
        ),
    )
    .in_unit("1"),
    property(
        "on_the_line",
        ValueKind::Integer,
        ("Nằm trên đường", "On the line"),
        (
            "Số nương gần đường hơn sai số: không ai nói được thuộc bên nào.",
            "Plots nearer to the line than the error of both: nobody can tell the side.",
        ),
    ),
    property(
        "km",
        ValueKind::Real,
        ("Quãng đường tuần tra", "Track"),
        (
            "Chiều dài đường tuần tra trong dải; trống nếu niên vụ không có dữ liệu.",
            "Track in the strip; empty where the season has no effort data.",
        ),
    )
    .in_unit("km"),
    property(
        "km_a",
        ValueKind::Real,
        ("Bên A", "Track on side A"),
        ("Phần nằm bên A.", "The part on side A."),
    )
    .in_unit("km"),
    property(
        "km_b",
        ValueKind::Real,
        ("Bên B", "Track on side B"),
        ("Phần nằm bên B.", "The part on side B."),
    )
    .in_unit("km"),
    SIMULATED,
];

/// What happened in one strip.
#[derive(Clone, Copy, Default)]
struct InStrip {
    plots: Eradication,
    on_the_line: u64,
    /// Metres of track: all, on either side.
    track: [f64; 3],
    simulated: bool,
}

struct StripRow {
    scope: Scope,
    level: Level,
    place: usize,
    here: InStrip,
    /// Whether the season has tracks.
    walked: bool,
}

impl StripRow {
    fn strip<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s BorderStrip> {
        snapshot.atlas_on(self.scope.units_on)?.strips(self.level).get(self.place)
    }
}

impl Row for StripRow {
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let Some(strip) = self.strip(snapshot) else {
            // Rows are made from the very atlas, so that this does not happen.
            let values = vec![Value::Null; PROPERTIES.len()];
            let nowhere = Cow::Owned(geo_types::MultiPolygon(Vec::new()));
            return LayerFeature { id: 0, shape: Shape::Area(nowhere), values };
        };
        let (found, destroyed) = (self.here.plots.found, self.here.plots.destroyed);
        let km = |metres: f64| measure(self.walked.then_some(metres / 1000.0), 3);
        LayerFeature {
            id: strip.id,
            shape: Shape::Area(Cow::Borrowed(strip.ground())),
            values: vec![
                text(strip.level.word()),
                side(snapshot, &strip.sides[0]),
                side(snapshot, &strip.sides[1]),
                measure(strip.distance.get(), 0),
                told(self.scope.season.to_string()),
                day(Some(self.scope.day)),
                count(found.plots),
                count(found.unmeasured),
                measure(found.known_area(), 1),
                measure(destroyed.known_area(), 1),
                measure(self.here.plots.claimed_share(), 6),
                count(self.here.on_the_line),
                km(self.here.track[0]),
                km(self.here.track[1]),
                km(self.here.track[2]),
                Value::Bool(self.here.simulated),
            ],
        }
    }

    fn meets(&self, snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        self.strip(snapshot).is_some_and(|strip| strip.ground().intersects(&rect))
    }
}

impl BorderStrips {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<StripRow>>>, LayerError> {
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let Some(atlas) = snapshot.atlas_on(scope.units_on) else { return Ok(None) };
        let key = format!("border-strips {} {} {}", atlas.from(), scope.season, scope.day);
        Ok(Some(snapshot.memo().get_or_make(key, || {
            let here = in_strips(snapshot, atlas, scope);
            let walked = snapshot.legs(Some(scope.season)).next().is_some();
            let strips = Level::ALL.into_par_iter().flat_map(|level| {
                let here = &here;
                atlas.strips(level).par_iter().enumerate().filter_map(move |(place, strip)| {
                    let frame = strip.ground().bounding_rect()?;
                    let here = here.get(&strip.id).copied().unwrap_or_default();
                    Some((frame, StripRow { scope, level, place, here, walked }))
                })
            });
            Table::drawn(snapshot, strips.collect::<Vec<_>>())
        })))
    }
}

/// What happened in each strip, by its id.
fn in_strips(snapshot: &Snapshot, atlas: &Atlas, scope: Scope) -> HashMap<u64, InStrip> {
    let origins = Origins::of(snapshot);
    let mut strips: HashMap<u64, InStrip> = HashMap::new();
    let plots: Vec<_> =
        snapshot.plots(Some(scope.season)).filter(|view| view.plot.counts_on(scope.day)).collect();
    let placed: Vec<Vec<(u64, f64, f64)>> = plots
        .par_iter()
        .map(|view| {
            let Some(metric) = view.on_grid() else { return Vec::new() };
            let strip = |level| {
                let (strip, metres) = atlas.strip_at(level, metric)?;
                Some((strip.id, metres, strip.error.get()))
            };
            Level::ALL.into_iter().filter_map(strip).collect()
        })
        .collect();
    for (view, placed) in plots.iter().zip(placed) {
        for (id, metres, error) in placed {
            let strip = strips.entry(id).or_default();
            strip.plots.count(view.plot, scope.day);
            strip.on_the_line += u64::from(metres < 2.0 * view.plot.error.get().hypot(error));
            strip.simulated |= origins.simulated(&view.plot.dataset);
        }
    }
    let legs: Vec<_> =
        snapshot.legs(Some(scope.season)).filter(|view| view.leg.date <= scope.day).collect();
    let walked: Vec<HashMap<u64, [f64; 3]>> =
        legs.par_iter().map(|view| track_in_strips(atlas, *view)).collect();
    for (view, walked) in legs.iter().zip(walked) {
        for (id, track) in walked {
            let strip = strips.entry(id).or_default();
            for (sum, metres) in strip.track.iter_mut().zip(track) {
                *sum += metres;
            }
            strip.simulated |= origins.simulated(&view.leg.source.dataset);
        }
    }
    strips
}

/// Metres of one track in each strip: all, and on either side.
fn track_in_strips(atlas: &Atlas, view: LegView<'_>) -> HashMap<u64, [f64; 3]> {
    let mut strips: HashMap<u64, [f64; 3]> = HashMap::new();
    let between = |a: Coord<f64>, b: Coord<f64>, part: f64| a + (b - a) * part;
    for (metric, degrees) in view.metric.iter().zip(&view.leg.track.0) {
        for (m, d) in metric.0.windows(2).zip(degrees.0.windows(2)) {
            let length = (m[1].x - m[0].x).hypot(m[1].y - m[0].y);
            let pieces = (length / PIECE).ceil().clamp(1.0, 1e5) as u32;
            for piece in 0..pieces {
                let part = (f64::from(piece) + 0.5) / f64::from(pieces);
                let middle = between(m[0], m[1], part);
                let at = between(d[0], d[1], part);
                let Ok(position) = Position::new(at.x, at.y) else { continue };
                for level in Level::ALL {
                    let Some((strip, _)) = atlas.strip_at(level, middle) else { continue };
                    let unit = atlas.locate_in(level, position).unit;
                    let sums = strips.entry(strip.id).or_default();
                    let metres = length / f64::from(pieces);
                    sums[0] += metres;
                    if let Some(side) = strip.sides.iter().position(|side| side.unit() == unit) {
                        sums[1 + side] += metres;
                    }
                }
            }
        }
    }
    strips
}

impl Layer for BorderStrips {
    fn id(&self) -> &'static str {
        "border-strips"
    }

    fn title(&self) -> Text {
        Text::new("Dải giáp ranh", "Border strips")
    }

    fn description(&self) -> Text {
        Text::new(
            "Đất dọc đường mà hai đơn vị có chung: số nương, diện tích, quãng đường tuần tra từ mỗi bên.",
            "The ground along the line that two units share: plots, area, and patrols from either side.",
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

    answers_from_table!();
}

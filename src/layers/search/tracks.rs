//! patrol-tracks: where teams walked.

use std::{borrow::Cow, sync::Arc};

use geo::Intersects;
use geo_types::Rect;

use crate::{
    domain::{DatasetKind, Text},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Shape, Value, ValueKind,
        ids::stable_id,
        say::{day, measure, property, text, told},
        scope::{check, held, horizon},
        shared_properties::{DATASET, MADE_UP, SEASON},
    },
    snapshot::{LegView, Snapshot},
};

/// The layer.
pub struct PatrolTracks;

const PROPERTIES: &[Property] = &[
    property(
        "leg",
        ValueKind::Text,
        ("Chặng", "Leg"),
        ("Mã chặng: một tổ trong một ngày.", "The leg's id: one team on one day."),
    ),
    SEASON,
    property("date", ValueKind::Date, ("Ngày", "Date"), ("Ngày đi.", "The day.")),
    property(
        "team",
        ValueKind::Text,
        ("Tổ", "Team"),
        (
            "Mã tổ; rỗng nếu nguồn không nói.",
            "The team's code; empty where the source does not say.",
        ),
    ),
    property("km", ValueKind::Real, ("Quãng đường", "Length"), ("Chiều dài.", "Its length."))
        .in_unit("km"),
    property(
        "sweep_width_m",
        ValueKind::Real,
        ("Bề rộng quét", "Sweep width"),
        ("Bề rộng dải đất được rà soát hiệu quả.", "The width of ground searched effectively."),
    )
    .in_unit("m"),
    property(
        "width_assumed",
        ValueKind::Bool,
        ("Bề rộng giả định", "Width assumed"),
        (
            "Nguồn không nói: dùng giá trị mặc định.",
            "The source does not say: the deployment's default.",
        ),
    ),
    property(
        "started",
        ValueKind::Text,
        ("Bắt đầu", "Started"),
        (
            "Giờ bắt đầu theo thiết bị (RFC 3339); rỗng nếu thiết bị không nói.",
            "When it began by the device (RFC 3339); empty where the device does not say.",
        ),
    ),
    property(
        "ended",
        ValueKind::Text,
        ("Kết thúc", "Ended"),
        (
            "Giờ kết thúc theo thiết bị (RFC 3339); rỗng nếu thiết bị không nói.",
            "When it ended by the device (RFC 3339); empty where the device does not say.",
        ),
    ),
    MADE_UP,
    DATASET,
];

fn draw<'s>(snapshot: &'s Snapshot, id: u64, view: LegView<'s>) -> LayerFeature<'s> {
    let leg = view.leg;
    let simulated = snapshot.dataset(&leg.source.dataset).is_some_and(|set| set.simulated);
    let width = leg.sweep_width.unwrap_or(snapshot.pack().sweep_width);
    let time = |pick: fn((jiff::Timestamp, jiff::Timestamp)) -> jiff::Timestamp| {
        told(leg.walked.map(pick).map_or_else(String::new, |time| time.to_string()))
    };
    LayerFeature {
        id,
        shape: Shape::Lines(Cow::Borrowed(&leg.track.0)),
        values: vec![
            text(&leg.id),
            told(leg.season.to_string()),
            day(Some(leg.date)),
            text(leg.team.as_deref().unwrap_or_default()),
            measure(view.length_m / 1000.0, 3),
            measure(width.get(), 1),
            Value::Bool(leg.sweep_width.is_none()),
            time(|(start, _)| start),
            time(|(_, end)| end),
            Value::Bool(simulated),
            text(&leg.source.dataset),
        ],
    }
}

/// The feature ids of all legs, by their place in the snapshot.
fn ids(snapshot: &Snapshot) -> Arc<Vec<u64>> {
    snapshot.memo().get_or_make("ids of legs".into(), || {
        let of = |view: LegView<'_>| {
            stable_id(["leg", &view.leg.source.dataset, &view.leg.source.record])
        };
        snapshot.legs(None).map(of).collect()
    })
}

/// Legs that answer the query, its cursor left aside, with their ids; in no order.
fn asked<'s>(
    snapshot: &'s Snapshot,
    query: &LayerQuery,
) -> Result<Vec<(u64, LegView<'s>)>, LayerError> {
    check(query)?;
    let ids = ids(snapshot);
    let day = horizon(query);
    let known = |view: &LegView<'_>| {
        view.leg.date <= day && held(query, view.leg.date, Some(view.leg.date))
    };
    let numbered = |view: LegView<'s>| (ids[view.index], view);
    Ok(match query.extent {
        None => snapshot.legs(query.season).filter(known).map(numbered).collect(),
        Some(extent) => {
            let rects = extent.rectangles();
            let meets = |view: &LegView<'_>| {
                rects.iter().any(|rect: &Rect<f64>| view.leg.track.0.intersects(rect))
            };
            let framed = snapshot.legs_in(extent, query.season);
            framed.filter(known).filter(meets).map(numbered).collect()
        }
    })
}

impl Layer for PatrolTracks {
    fn id(&self) -> &'static str {
        "patrol-tracks"
    }

    fn title(&self) -> Text {
        Text::new("Đường tuần tra", "Patrol tracks")
    }

    fn description(&self) -> Text {
        Text::new("Đường đi của từng tổ trong từng ngày.", "Where each team walked on each day.")
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::MultiLineString
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[Parameter::Season, Parameter::Datetime]
    }

    fn sources(&self) -> &'static [DatasetKind] {
        &[DatasetKind::Tracks]
    }

    fn features<'s>(
        &self,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
    ) -> Result<Features<'s>, LayerError> {
        let mut legs = asked(snapshot, query)?;
        // No value is ever missing, so the order is that of the ids.
        if let Some(after) = query.after {
            legs.retain(|(id, _)| crate::layers::Cursor { incomplete: false, id: *id } > after);
        }
        legs.sort_unstable_by_key(|(id, _)| *id);
        Ok(Box::new(legs.into_iter().map(move |(id, view)| draw(snapshot, id, view))))
    }

    fn count(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<usize, LayerError> {
        Ok(asked(snapshot, query)?.len())
    }
}

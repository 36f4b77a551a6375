//! Where and when the facts of a snapshot lie, for documents.

use std::sync::Arc;

use geo::BoundingRect;
use geo_types::Rect;
use serde_json::{Value, json};

use crate::{
    domain::{Extent, Season},
    snapshot::{Snapshot, Unit},
};

/// What documents need of it, looked up once a snapshot.
struct Bounds {
    spatial: Option<Extent>,
    first: Option<Season>,
}

impl Bounds {
    fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.memo().get_or_make("http: bounds".to_owned(), || {
            let units = snapshot.units().iter().map(Unit::extent);
            let plots = snapshot.plots(None).map(|view| {
                Extent::around(Rect::new(view.plot.position.coord(), view.plot.position.coord()))
            });
            let legs = snapshot
                .legs(None)
                .filter_map(|view| view.leg.track.0.bounding_rect().map(Extent::around));
            Self {
                spatial: units.chain(plots).chain(legs).reduce(Extent::union),
                first: snapshot.seasons().first().copied(),
            }
        })
    }
}

/// The `extent` member of collections and of the landing page.
pub(super) fn document(snapshot: &Snapshot) -> Value {
    let bounds = Bounds::of(snapshot);
    let spatial = bounds.spatial.unwrap_or(Extent::WORLD).get();
    let temporal = match bounds.first {
        Some(first) => json!([format!("{}T00:00:00Z", first.first_day()), Value::Null]),
        None => json!([Value::Null, Value::Null]),
    };
    json!({
        "spatial": { "bbox": [spatial], "crs": CRS84 },
        "temporal": {
            "interval": [temporal],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        },
    })
}

/// Longitude and latitude, in this order.
pub(super) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// West, south, east, north of what there is; the whole Earth where nothing is known.
pub(super) fn bounds(snapshot: &Snapshot) -> [f64; 4] {
    Bounds::of(snapshot).spatial.unwrap_or(Extent::WORLD).get()
}

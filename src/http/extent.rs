//! Where and when the facts of a snapshot lie, for documents.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    domain::{Extent, Season},
    snapshot::Snapshot,
};

/// What whole documents need of it once a snapshot.
struct Bounds {
    spatial: Option<Extent>,
    seasons: Option<(Season, Season)>,
}

/// The `extent` member of collections and of the landing page.
pub(super) fn document(snapshot: &Snapshot) -> Value {
    let bounds: Arc<Bounds> =
        snapshot.memo().get_or_make("http: extent".to_owned(), || Bounds::of(snapshot));
    let spatial = bounds.spatial.unwrap_or(Extent::WORLD).get();
    let temporal = match bounds.seasons {
        Some((first, _)) => json!([format!("{}T00:00:00Z", first.first_day()), Value::Null]),
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
    let bounds: Arc<Bounds> =
        snapshot.memo().get_or_make("http: extent".to_owned(), || Bounds::of(snapshot));
    bounds.spatial.unwrap_or(Extent::WORLD).get()
}

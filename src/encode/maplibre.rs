//! A layer's legend as a MapLibre style.

use serde_json::{Value, json};

use crate::layers::{Entry, Layer, Legend, Mark, When, legend};

/// The style of `layer`, its tiles described by the TileJSON at `tiles`.
///
/// Hatching needs a picture, and a style alone brings none: hatched ground is drawn as a thin
/// dashed edge without a fill, so that unknown ground never looks like a value.
pub fn maplibre_style(layer: &dyn Layer, tiles: &str) -> Value {
    let (id, legend) = (layer.id(), legend(layer));
    let layers: Vec<Value> = legend
        .entries
        .iter()
        .enumerate()
        .flat_map(|(place, entry)| {
            let filter = filter(legend, place);
            parts(legend, entry).into_iter().map(move |(kind, paint)| {
                let mut part = json!({
                    "id": format!("{id}-{place}-{kind}"),
                    "type": kind,
                    "source": id,
                    "source-layer": id,
                    "metadata": { "label_vi": entry.label.vi, "label_en": entry.label.en },
                    "paint": paint,
                });
                if let Some(filter) = &filter {
                    part["filter"] = filter.clone();
                }
                part
            })
        })
        .collect();
    json!({
        "version": 8,
        "name": id,
        "metadata": { "title_vi": layer.title().vi, "title_en": layer.title().en },
        "sources": { id: { "type": "vector", "url": tiles } },
        "layers": layers,
    })
}

/// The features that meet the entry at `place` and none before it.
fn filter(legend: &Legend, place: usize) -> Option<Value> {
    let property = legend.property?;
    let meets = |entry: &Entry| match entry.when {
        When::Is(word) => Some(json!(["==", ["get", property], word])),
        When::AtLeast(least) => Some(json!([
            "all",
            ["has", property],
            [">=", ["to-number", ["get", property], -1e300], least]
        ])),
        When::Any => None,
    };
    let mut all = vec![json!("all")];
    for before in &legend.entries[..place] {
        all.extend(meets(before).map(|met| json!(["!", met])));
    }
    all.extend(meets(&legend.entries[place]));
    Some(Value::Array(all))
}

/// Types of MapLibre layers that draw an entry, with their paint.
fn parts(legend: &Legend, entry: &Entry) -> Vec<(&'static str, Value)> {
    let line = |dashes: bool| {
        let mut paint = json!({ "line-color": entry.edge, "line-width": entry.width });
        if dashes {
            paint["line-dasharray"] = json!([4, 2]);
        }
        ("line", paint)
    };
    match entry.mark {
        Mark::Fill => {
            vec![
                ("fill", json!({ "fill-color": entry.colour, "fill-opacity": entry.opacity })),
                line(false),
            ]
        }
        Mark::Hatch | Mark::Dashes => vec![line(true)],
        Mark::Line => vec![line(false)],
        Mark::Dot => {
            let radius = match legend.size {
                // Area grows with the count.
                Some(size) => json!([
                    "interpolate",
                    ["linear"],
                    ["sqrt", ["to-number", ["get", size], 1]],
                    1,
                    entry.width * 0.75,
                    30,
                    entry.width * 4.0
                ]),
                None => json!(entry.width),
            };
            vec![(
                "circle",
                json!({
                    "circle-color": entry.colour,
                    "circle-opacity": entry.opacity,
                    "circle-radius": radius,
                    "circle-stroke-color": entry.edge,
                    "circle-stroke-width": 1,
                }),
            )]
        }
    }
}

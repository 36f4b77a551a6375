//! `GET /collections` and `GET /collections/{layer}`

use axum::{extract::State, response::Response};
use serde_json::{Map, Value, json};

use super::{
    answer::{Context, Keep, Made, answer},
    asked::{Asked, Place},
    documents,
    extent::{self, CRS84},
    problem::Problem,
    state::HttpState,
};
use crate::{
    domain::Text,
    encode::{About, Format, Link, html},
    layers::{Choice, GeometryKind, Layer, Parameter, legend},
};

const OFFERED: [Format; 2] = [Format::Json, Format::Html];

/// The layers.
pub(super) async fn collections(
    State(state): State<HttpState>,
    asked: Asked,
) -> Result<Response, Problem> {
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, question) = (asked.key(format), asked.clone());
    answer(&state, &asked, key, Keep::Document, move |context| {
        let own = question.own_links(format, &OFFERED);
        let title = Text::new("Các lớp bản đồ", "Layers");
        let about = About::everything(&context.snapshot, context.today);
        if format == Format::Html {
            let each = context.catalogue.iter().map(|layer| {
                let path = format!("/collections/{}", layer.id());
                question.link(&path, "item", Format::Html, &both(layer.title()))
            });
            let body = html::links(&each.chain(own).collect::<Vec<_>>());
            return Ok(Made::new(format, html::page(title, Some(&about), &body)));
        }
        let each: Vec<_> = context
            .catalogue
            .iter()
            .map(|layer| {
                let about = About::layer(*layer, &context.snapshot, context.today);
                describe(*layer, context, &question, &about)
            })
            .collect();
        let mut document = json!({ "collections": each, "links": documents::links(&own) });
        documents::add_about(&mut document, &about);
        Ok(Made::json(format, &document))
    })
    .await
}

/// One layer.
pub(super) async fn collection(
    State(state): State<HttpState>,
    Place(id): Place<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let layer = known(&state, &id)?;
    asked.only(&[])?;
    let format = asked.format(&OFFERED)?;
    let (key, question) = (asked.key(format), asked.clone());
    answer(&state, &asked, key, Keep::Document, move |context| {
        if format == Format::Html {
            let about = About::layer(layer, &context.snapshot, context.today).in_full();
            let description = layer.description();
            let body = format!(
                "<p>{} <span lang=\"en\">{}</span></p>{}",
                html::Escaped(description.vi),
                html::Escaped(description.en),
                html::links(&links(layer, &question)),
            );
            return Ok(Made::new(format, html::page(layer.title(), Some(&about), &body)));
        }
        let about = About::layer(layer, &context.snapshot, context.today).in_full();
        let mut document = describe(layer, context, &question, &about);
        let mut all = question.own_links(format, &OFFERED);
        all.extend(links(layer, &question));
        document["links"] = documents::links(&all);
        Ok(Made::json(format, &document))
    })
    .await
}

/// The layer, or 404 with those there are.
pub(super) fn known(state: &HttpState, id: &str) -> Result<&'static dyn Layer, Problem> {
    state.layer(id).ok_or_else(|| {
        let ids: Vec<_> = state.catalogue.iter().map(|layer| layer.id()).collect();
        Problem::not_found(format!("There is no layer `{id}`; there are {}", ids.join(", ")))
    })
}

fn both(text: Text) -> String {
    format!("{} / {}", text.vi, text.en)
}

fn describe(layer: &dyn Layer, context: &Context, asked: &Asked, about: &About) -> Value {
    let (title, description) = (layer.title(), layer.description());
    // For programs that show nothing else of a layer; the notes stand below.
    let said = match about.words() {
        words if words.is_empty() => words,
        words => format!(" ({words})"),
    };
    let mut document = json!({
        "id": layer.id(),
        "title": both(title),
        "title_vi": title.vi,
        "title_en": title.en,
        "description": both(description) + &said,
        "description_vi": description.vi,
        "description_en": description.en,
        "itemType": "feature",
        "geometryType": match layer.geometry() {
            GeometryKind::Point => "Point",
            GeometryKind::MultiLineString => "MultiLineString",
            GeometryKind::MultiPolygon => "MultiPolygon",
        },
        "dataType": "vector",
        "extent": extent::document(&context.snapshot),
        "crs": [CRS84],
        "storageCrs": CRS84,
        "parameters": layer.parameters().iter().map(|known| known.word()).collect::<Vec<_>>(),
        "choices": choices(layer),
        "only": only(layer),
        "span": layer.parameters().contains(&Parameter::Seasons),
        "legend": legend(layer),
        "links": documents::links(&links(layer, asked)),
    });
    documents::add_about(&mut document, about);
    document
}

/// The methods of a layer, the default first; none where it has only one way.
fn methods(layer: &dyn Layer) -> &'static [&'static str] {
    let words = layer.parameters().iter().find_map(|known| match known {
        Parameter::Method(words) => Some(*words),
        _ => None,
    });
    words.unwrap_or_default()
}

/// The methods that heed a choice, by its name in addresses (`span`: several seasons together);
/// what all of them heed is left out.
fn only(layer: &dyn Layer) -> Map<String, Value> {
    let methods = methods(layer);
    let parameters = layer.parameters().iter();
    let each = parameters.map(|known| (known.word(), Choice::Of(*known)));
    let span = layer.parameters().contains(&Parameter::Seasons).then_some(("span", Choice::Span));
    each.chain(span)
        .filter_map(|(name, choice)| {
            let heed = methods.iter().filter(|method| layer.heeds(choice, method));
            let heed: Vec<_> = heed.collect();
            (heed.len() < methods.len()).then(|| (name.to_owned(), json!(heed)))
        })
        .collect()
}

/// What a menu can offer: the words of each parameter, the default first, and under `defaults` the
/// methods with which another word is the default.
fn choices(layer: &dyn Layer) -> Vec<Value> {
    let methods = methods(layer);
    let offered = layer.parameters().iter().filter(|known| !known.offered().is_empty());
    let each = offered.map(|known| {
        let words = known.offered();
        let defaults: Map<String, Value> = methods
            .iter()
            .filter_map(|method| Some((*method, layer.usual(*known, method)?)))
            .filter(|(_, usual)| Some(usual) != words.first())
            .map(|(method, usual)| (method.to_owned(), json!(usual)))
            .collect();
        json!({ "name": known.word(), "words": words, "defaults": defaults })
    });
    each.collect()
}

fn links(layer: &dyn Layer, asked: &Asked) -> Vec<Link> {
    let here = format!("/collections/{}", layer.id());
    let at = |path: &str| format!("{here}{path}");
    let items = at("/items");
    let mut links = vec![
        asked.link(&here, "self", Format::Json, &both(layer.title())),
        asked.link(&items, "items", Format::GeoJson, "GeoJSON"),
        asked.link_in(&items, "items", Format::Html, "Bảng / Table"),
        asked.link_in(&items, "items", Format::Csv, "CSV"),
        asked.link_in(&items, "items", Format::GeoPackage, "GeoPackage"),
    ];
    if layer.raster().is_some() {
        links.push(asked.link_in(&items, "alternate", Format::GeoTiff, "GeoTIFF"));
    }
    // GDAL 3.6 knows the schema by `describedBy`, QGIS by OGC's relation, IANA by `describedby`.
    for rel in ["http://www.opengis.net/def/rel/ogc/1.0/schema", "describedby", "describedBy"] {
        links.push(asked.link(&at("/schema"), rel, Format::Schema, "Các trường / The properties"));
    }
    links.extend([
        asked.link(
            &at("/tiles"),
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            Format::Json,
            "Ô vectơ / Vector tiles",
        ),
        asked.link(
            &at("/styles"),
            "http://www.opengis.net/def/rel/ogc/1.0/styles",
            Format::Json,
            "Kiểu hiển thị / Styles",
        ),
    ]);
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer;

    #[test]
    fn a_menu_is_told_its_words_and_the_default_of_each_method() {
        let offered = choices(layer("hotspots").unwrap());
        let of = |name: &str| offered.iter().find(|choice| choice["name"] == name).unwrap();
        assert_eq!(of("cell")["words"][0], "square:1000");
        assert!(of("cell")["words"].as_array().unwrap().contains(&json!("h3:7")));
        assert_eq!(of("weights")["words"][0], "queen");
        assert_eq!(of("stability")["words"], json!(["false", "true"]));
        assert_eq!(of("method")["defaults"], json!({}));
        assert_eq!(of("value")["defaults"], json!({ "join-counts": "presence" }));
        assert_eq!(of("tail")["defaults"], json!({ "moran": "two-sided" }));
        let conditional =
            json!({ "gi": "conditional", "moran": "conditional", "join-counts": "conditional" });
        assert_eq!(of("null")["defaults"], conditional);
        assert!(offered.iter().all(|choice| choice["name"] != "permutations"));
    }

    #[test]
    fn a_menu_is_told_which_choices_a_method_heeds() {
        let areas = layer("hotspot-areas").unwrap();
        let told = Value::Object(only(areas));
        let tests = json!(["cells", "scan"]);
        let expected = json!({
            "cell": tests, "permutations": tests, "seed": tests, "alpha": tests,
            "distance": ["dbscan"], "kernel": ["density"], "bandwidth": ["density"],
            "span": ["dbscan", "hdbscan", "density"],
        });
        assert_eq!(told, expected);
        let distance = choices(areas).into_iter().find(|choice| choice["name"] == "distance");
        assert_eq!(distance.unwrap()["words"][0], "1000");
        let density = json!({ "value": ["volume"], "alpha": ["risk"], "seed": ["risk"] });
        assert_eq!(Value::Object(only(layer("density").unwrap())), density);
        for id in ["hotspots", "plots", "communes", "recultivation"] {
            assert_eq!(only(layer(id).unwrap()), Map::new(), "{id}");
        }
        assert!(choices(layer("recultivation").unwrap()).iter().all(|it| it["name"] != "distance"));
    }
}

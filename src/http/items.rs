//! `GET /collections/{layer}/items` and `GET /collections/{layer}/items/{id}`

use axum::{extract::State, response::Response};

use super::{
    answer::{Context, Keep, Made, answer_in, lane},
    asked::{Asked, Place},
    collections::known,
    download,
    lattice::{lattice, no_lattice},
    params::{self, DEFAULT_LIMIT, MAX_LIMIT},
    problem::Problem,
    state::HttpState,
};
use crate::{
    app::asking,
    encode::{
        About, EncodeError, Format, Link, Page, Written, html, write_collection, write_feature,
    },
    layers::{Layer, LayerQuery},
};

const OFFERED: [Format; 4] = [Format::GeoJson, Format::Html, Format::Csv, Format::GeoPackage];

/// Of a layer that is drawn on a lattice.
const OFFERED_LATTICE: [Format; 5] =
    [Format::GeoJson, Format::Html, Format::Csv, Format::GeoPackage, Format::GeoTiff];

/// The formats of a layer's features.
pub(super) fn offered(layer: &dyn Layer) -> &'static [Format] {
    if layer.raster().is_some() { &OFFERED_LATTICE } else { &OFFERED }
}

const OFFERED_ITEM: [Format; 2] = [Format::GeoJson, Format::Html];

/// A page of features, or all of them as a file.
pub(super) async fn items(
    State(state): State<HttpState>,
    Place(id): Place<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let layer = known(&state, &id)?;
    asked.only(&["limit", "bbox", "cursor", "offset", "resultType"])?;
    let raster = layer.raster();
    if raster.is_none() && asked.query.get("f") == Some(Format::GeoTiff.word()) {
        return Err(no_lattice(&state, layer));
    }
    let format = asked.format(offered(layer))?;
    if let (Format::GeoTiff, Some(draw)) = (format, raster) {
        return lattice(&state, &asked, layer, draw).await;
    }
    let query = LayerQuery {
        extent: params::bbox(&asked.query)?,
        after: params::cursor(&asked.query)?,
        ..asked.question.clone()
    };
    let limit = params::limit(&asked.query)?;
    let offset = params::offset(&asked.query)?;
    let hits = params::hits(&asked.query)?;
    if matches!(format, Format::Csv | Format::GeoPackage) {
        return download::download(&state, &asked, layer, query, limit, format).await;
    }
    let (key, question) = (asked.key(format), asked.clone());
    let limit = if hits { 0 } else { limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT) };
    answer_in(lane(layer), &state, &asked, key, Keep::Document, move |context| {
        let query = LayerQuery { asker: context.asker.clone(), ..query };
        let matched = count(layer, context, &query)?;
        let page = Page { limit: Some(limit), offset, matched: Some(matched) };
        let about = About::answer(layer, &context.snapshot, &query)?;
        let (body, written) = match format {
            Format::Html => page_for_people(layer, context, &query, &page, &about, &question)?,
            _ => collection(layer, context, &query, &page, &about, &question)?,
        };
        let mut made = Made::new(format, body);
        made.headers = vec![
            ("ogc-numbermatched", matched.to_string()),
            ("ogc-numberreturned", written.returned.to_string()),
            ("content-crs", "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>".to_owned()),
        ];
        if let Some(next) = next(&question, &written) {
            made.headers
                .push(("link", format!("<{}>; rel=\"next\"; type=\"{}\"", next.href, next.media)));
        }
        Ok(made)
    })
    .await
}

/// How many features answer the question in all; counted once for all its pages.
fn count(layer: &dyn Layer, context: &Context, query: &LayerQuery) -> Result<usize, Problem> {
    let whole = LayerQuery { after: None, ..query.clone() };
    let question = format!("{} {whole:?}", layer.id());
    let count = || layer.count(&context.snapshot, &whole);
    Ok(context.cache.count(context.snapshot.revision(), question, count)?)
}

fn collection(
    layer: &dyn Layer,
    context: &Context,
    query: &LayerQuery,
    page: &Page,
    about: &About,
    asked: &Asked,
) -> Result<(Vec<u8>, Written), EncodeError> {
    let mut body = Vec::new();
    let features = layer.features(&context.snapshot, query)?;
    let written = write_collection(&mut body, layer, features, page, about, |written| {
        let mut links = asked.own_links(Format::GeoJson, offered(layer));
        let home = format!("/collections/{}", layer.id());
        links.push(asked.link(&home, "collection", Format::Json, layer.title().vi));
        links.extend(next(asked, written));
        links
    })?;
    Ok((body, written))
}

fn next(asked: &Asked, written: &Written) -> Option<Link> {
    let mark = params::cursor_text(written.next?);
    let query = asked.query.with("offset", None).with("cursor", Some(&mark));
    Some(Link {
        href: asked.base.join(&asked.path, &query),
        rel: "next",
        media: Format::GeoJson.media_type(),
        title: "Trang sau / Next page".to_owned(),
    })
}

fn page_for_people(
    layer: &dyn Layer,
    context: &Context,
    query: &LayerQuery,
    page: &Page,
    about: &About,
    asked: &Asked,
) -> Result<(Vec<u8>, Written), EncodeError> {
    let features = Box::new(layer.features(&context.snapshot, query)?.skip(page.offset));
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    let mut table = Vec::new();
    let written = html::write_table(&mut table, layer, features, limit, |id| {
        let path = format!("{}/{id}", asked.path);
        asked.base.join(&path, &asked.analytic)
    })?;
    let mut links = asked.own_links(Format::Html, offered(layer));
    links.extend(next(asked, &written));
    let body = format!(
        "<p>{} / {}</p>{}{}",
        written.returned,
        page.matched.unwrap_or_default(),
        html::links(&links),
        String::from_utf8_lossy(&table),
    );
    Ok((html::page(layer.title(), Some(about), &body).into_bytes(), written))
}

/// One feature.
pub(super) async fn item(
    State(state): State<HttpState>,
    Place((id, number)): Place<(String, String)>,
    asked: Asked,
) -> Result<Response, Problem> {
    let layer = known(&state, &id)?;
    asked.only(&[])?;
    let format = asked.format(&OFFERED_ITEM)?;
    let missing = Problem::not_found(format!("`{id}` has no feature `{number}` here"));
    let Some(number) = asking::whole::<u64>(&number) else { return Err(missing) };
    let (key, question) = (asked.key(format), asked.clone());
    let query = asked.question.clone();
    answer_in(lane(layer), &state, &asked, key, Keep::Document, move |context| {
        let query = LayerQuery { asker: context.asker.clone(), ..query };
        let feature = layer.feature(&context.snapshot, &query, number)?.ok_or(missing)?;
        let about = About::layer(layer, &context.snapshot, context.today);
        let mut links = question.own_links(format, &OFFERED_ITEM);
        let home = format!("/collections/{}", layer.id());
        links.push(question.link(&home, "collection", Format::Json, layer.title().vi));
        let mut body = Vec::new();
        if format == Format::Html {
            html::write_table(&mut body, layer, Box::new(std::iter::once(feature)), 1, |_| {
                question.base.join(&question.path, &question.analytic)
            })?;
            let body = html::links(&links) + &String::from_utf8_lossy(&body);
            return Ok(Made::new(format, html::page(layer.title(), Some(&about), &body)));
        }
        write_feature(&mut body, layer, &feature, &about, &links)?;
        Ok(Made::new(format, body))
    })
    .await
}

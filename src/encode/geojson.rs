//! GeoJSON (RFC 7946) as OGC API Features wants it.
//!
//! There is no `timeStamp` member: it would have to be the moment of the answer, and the same
//! question about the same snapshot gives the same bytes here. `revision` and `today` say what the
//! answer was made from; the `Date` header says when.

use std::io::{self, Write};

use super::{About, EncodeError, json};
use crate::layers::{Cursor, Features, Layer, LayerFeature, Property};

/// A link of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The absolute address.
    pub href: String,
    /// What it is to this document.
    pub rel: &'static str,
    /// Media type.
    pub media: &'static str,
    /// A name for people.
    pub title: String,
}

/// One page of features.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// How many features at most; `None`: all of them.
    pub limit: Option<usize>,
    /// Leave out this many first.
    pub offset: usize,
    /// How many features there are in all, where that was counted.
    pub matched: Option<usize>,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many features.
    pub returned: usize,
    /// The last feature written, where others follow it.
    pub next: Option<Cursor>,
}

/// Writes features as a `FeatureCollection`. `links` is asked for the links once it is known
/// whether more features follow.
///
/// # Errors
///
/// [`EncodeError::Io`] where `out` takes no more.
pub fn write_collection(
    out: &mut impl Write,
    layer: &dyn Layer,
    features: Features<'_>,
    page: &Page,
    about: &About,
    links: impl FnOnce(&Written) -> Vec<Link>,
) -> Result<Written, EncodeError> {
    out.write_all(br#"{"type":"FeatureCollection""#)?;
    if let Some(matched) = page.matched {
        write!(out, ",\"numberMatched\":{matched}")?;
    }
    write_about(out, about)?;
    out.write_all(br#","features":["#)?;
    let mut features = features.skip(page.offset);
    let mut written = Written { returned: 0, next: None };
    let mut last = None;
    while page.limit.is_none_or(|limit| written.returned < limit) {
        let Some(feature) = features.next() else { break };
        if written.returned > 0 {
            out.write_all(b",\n")?;
        }
        feature_members(out, layer.properties(), &feature)?;
        out.write_all(b"}")?;
        last = Some(feature.cursor());
        written.returned += 1;
    }
    if page.limit.is_some_and(|limit| limit > 0) && features.next().is_some() {
        written.next = last;
    }
    write!(out, "],\"numberReturned\":{}", written.returned)?;
    write_links(out, &links(&written))?;
    out.write_all(b"}")?;
    Ok(written)
}

/// Writes one feature with its links.
///
/// # Errors
///
/// [`EncodeError::Io`] where `out` takes no more.
pub fn write_feature(
    out: &mut impl Write,
    layer: &dyn Layer,
    feature: &LayerFeature<'_>,
    about: &About,
    links: &[Link],
) -> Result<(), EncodeError> {
    feature_members(out, layer.properties(), feature)?;
    write_about(out, about)?;
    write_links(out, links)?;
    out.write_all(b"}")?;
    Ok(())
}

/// Everything but the closing brace. Every property is there, unknown ones as `null`: clients take
/// the columns from the first features they see.
fn feature_members(
    out: &mut impl Write,
    properties: &[Property],
    feature: &LayerFeature<'_>,
) -> io::Result<()> {
    write!(out, "{{\"type\":\"Feature\",\"id\":{},\"geometry\":", feature.id)?;
    json::shape(out, &feature.shape)?;
    out.write_all(br#","properties":{"#)?;
    for (place, (property, value)) in properties.iter().zip(&feature.values).enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        json::string(out, property.name)?;
        out.write_all(b":")?;
        json::value(out, value)?;
    }
    out.write_all(b"}")
}

fn write_about(out: &mut impl Write, about: &About) -> io::Result<()> {
    write!(out, ",\"revision\":{}", about.revision.0)?;
    if let Some(today) = about.today {
        write!(out, ",\"today\":\"{today}\"")?;
    }
    write!(out, ",\"simulated\":{},\"approximate\":{}", about.simulated, about.approximate)?;
    out.write_all(br#","attribution":"#)?;
    json::string(out, &about.credits())?;
    out.write_all(br#","licences":["#)?;
    for (place, text) in about.licences.iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        json::string(out, text)?;
    }
    out.write_all(br#"],"notes":["#)?;
    for (place, note) in about.notes.iter().enumerate() {
        out.write_all(if place > 0 { ",{" } else { "{" }.as_bytes())?;
        write!(out, "\"kind\":\"{}\",\"vi\":", note.kind.word())?;
        json::string(out, &note.vi)?;
        out.write_all(br#","en":"#)?;
        json::string(out, &note.en)?;
        out.write_all(b"}")?;
    }
    out.write_all(b"]")?;
    if about.figures.is_empty() {
        return Ok(());
    }
    out.write_all(br#","summary":["#)?;
    for (place, figure) in about.figures.iter().enumerate() {
        out.write_all(if place > 0 { ",{" } else { "{" }.as_bytes())?;
        write!(out, "\"name\":\"{}\",\"value\":", figure.name)?;
        json::value(out, &figure.value)?;
        if let Some(unit) = figure.unit {
            write!(out, ",\"unit\":\"{unit}\"")?;
        }
        let texts = [
            ("title_vi", figure.title.vi),
            ("title_en", figure.title.en),
            ("vi", &figure.vi),
            ("en", &figure.en),
        ];
        for (name, text) in texts {
            write!(out, ",\"{name}\":")?;
            json::string(out, text)?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"]")
}

fn write_links(out: &mut impl Write, links: &[Link]) -> io::Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    out.write_all(br#","links":["#)?;
    for (place, link) in links.iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        out.write_all(br#"{"href":"#)?;
        json::string(out, &link.href)?;
        for (name, text) in [("rel", link.rel), ("type", link.media), ("title", &link.title)] {
            write!(out, ",\"{name}\":")?;
            json::string(out, text)?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"]")
}

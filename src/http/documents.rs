//! Documents in JSON, and the same for people.

use serde_json::{Value, json};

use super::answer::Made;
use crate::{
    domain::Text,
    encode::{About, Format, Link, html},
};

/// Links as JSON.
pub(super) fn links(links: &[Link]) -> Value {
    links
        .iter()
        .map(|link| {
            json!({
                "href": link.href, "rel": link.rel, "type": link.media, "title": link.title,
            })
        })
        .collect()
}

/// What must be said with data, as members of `document`.
pub(super) fn add_about(document: &mut Value, about: &About) {
    let notes = about
        .notes
        .iter()
        .map(|note| json!({ "kind": note.kind.word(), "vi": note.vi, "en": note.en }));
    document["revision"] = json!(about.revision.0);
    if let Some(today) = about.today {
        document["today"] = json!(today.to_string());
    }
    document["simulated"] = json!(about.simulated);
    document["approximate"] = json!(about.approximate);
    document["attribution"] = json!(about.credits());
    document["licences"] = json!(about.licences);
    document["notes"] = notes.collect();
}

/// A document in JSON or, for people, as a page of its links and its text.
pub(super) fn made(
    format: Format,
    title: Text,
    about: Option<&About>,
    own: &[Link],
    document: &Value,
) -> Made {
    if format != Format::Html {
        return Made::json(format, document);
    }
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    let body = format!("{}<pre>{}</pre>", html::links(own), html::Escaped(&text));
    Made::new(Format::Html, html::page(title, about, &body))
}

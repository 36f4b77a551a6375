//! Plain pages for people, in Vietnamese with English beside it. No script, no outside address.

use std::{
    fmt::{self, Write as _},
    io::Write,
};

use super::{About, EncodeError, Link};
use crate::{
    domain::Text,
    layers::{Features, Figure, Layer, Value},
};

/// A text in which nothing is markup any more.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'t>(pub &'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// A whole page: a title, what must be said, and a body that is markup already.
pub fn page(title: Text, about: Option<&About>, body: &str) -> String {
    let (vi, en) = (Escaped(title.vi), Escaped(title.en));
    let mut notes = String::new();
    for note in about.into_iter().flat_map(|about| &about.notes) {
        push(
            &mut notes,
            format_args!(
                "<p class=\"note\">{} <span lang=\"en\">{}</span></p>",
                Escaped(&note.vi),
                Escaped(&note.en)
            ),
        );
    }
    notes.push_str(&figures(about.map_or(&[], |about| &about.figures)));
    let credits =
        about.map(|about| [&about.attribution[..], &about.licences[..]].concat().join(" · "));
    format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{vi} – {en}</title><style>{STYLE}</style></head><body>\
         <h1>{vi} <span lang=\"en\">{en}</span></h1>{notes}{body}<footer>{}</footer></body></html>",
        Escaped(&credits.unwrap_or_default()),
    )
}

/// Figures about the whole, as a table.
fn figures(figures: &[Figure]) -> String {
    if figures.is_empty() {
        return String::new();
    }
    let mut table = String::from("<table>");
    for figure in figures {
        push(
            &mut table,
            format_args!(
                "<tr><th>{}<br><span lang=\"en\">{}</span></th><td>{} <small>{}</small></td>\
                 <td>{}<br><span lang=\"en\">{}</span></td></tr>",
                Escaped(figure.title.vi),
                Escaped(figure.title.en),
                Escaped(&cell(&figure.value)),
                Escaped(figure.unit.unwrap_or_default()),
                Escaped(&figure.vi),
                Escaped(&figure.en)
            ),
        );
    }
    table.push_str("</table>");
    table
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;padding:0 1rem;\
    max-width:75rem}span[lang=en]{color:#555;font-weight:normal}.note{border-left:.3rem solid \
    #b45309;padding-left:.6rem}table{border-collapse:collapse;display:block;overflow-x:auto}\
    td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top}\
    footer{margin-top:2rem;color:#555}";

/// A list of links.
pub fn links(links: &[Link]) -> String {
    let mut list = String::from("<ul>");
    for link in links {
        push(
            &mut list,
            format_args!(
                "<li><a href=\"{}\">{}</a> <small>{} · {}</small></li>",
                Escaped(&link.href),
                Escaped(&link.title),
                Escaped(link.rel),
                Escaped(link.media)
            ),
        );
    }
    list.push_str("</ul>");
    list
}

/// Writes features as a table, without their shapes; gives back the last one where others follow.
///
/// # Errors
///
/// [`EncodeError::Io`] where `out` takes no more.
pub fn write_table(
    out: &mut impl Write,
    layer: &dyn Layer,
    mut features: Features<'_>,
    limit: usize,
    address: impl Fn(u64) -> String,
) -> Result<super::Written, EncodeError> {
    write!(out, "<table><thead><tr><th>id</th>")?;
    for property in layer.properties() {
        write!(
            out,
            "<th title=\"{}\">{}<br><span lang=\"en\">{}</span>",
            Escaped(property.name),
            Escaped(property.title.vi),
            Escaped(property.title.en)
        )?;
        if let Some(unit) = property.unit {
            write!(out, " <small>{}</small>", Escaped(unit))?;
        }
        write!(out, "</th>")?;
    }
    write!(out, "</tr></thead><tbody>")?;
    let mut written = super::Written { returned: 0, next: None };
    let mut last = None;
    for feature in features.by_ref().take(limit) {
        let href = address(feature.id);
        write!(out, "<tr><td><a href=\"{}\">{}</a></td>", Escaped(&href), feature.id)?;
        for value in &feature.values {
            write!(out, "<td>{}</td>", Escaped(&cell(value)))?;
        }
        write!(out, "</tr>")?;
        written.returned += 1;
        last = Some(feature.cursor());
    }
    write!(out, "</tbody></table>")?;
    if features.next().is_some() {
        written.next = last;
    }
    Ok(written)
}

/// A value for people; unknown is a dash and never a zero.
fn cell(value: &Value<'_>) -> String {
    match value {
        Value::Null | Value::NotAsked => "–".to_owned(),
        Value::Bool(true) => "có / yes".to_owned(),
        Value::Bool(false) => "không / no".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Date(day) => day.to_string(),
    }
}

/// Writing to a string cannot fail.
fn push(text: &mut String, more: fmt::Arguments<'_>) {
    let _ = text.write_fmt(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_defused() {
        let text = Escaped("<script>alert(\"'&'\")</script>").to_string();
        assert_eq!(text, "&lt;script&gt;alert(&quot;&#39;&amp;&#39;&quot;)&lt;/script&gt;");
    }
}

//! Which of the formats that an address offers a request gets.

use axum::http::{HeaderMap, header};

use super::{problem::Problem, query::Query};
use crate::encode::Format;

/// `f` overrides `Accept`; where neither says anything the first format is given.
pub(super) fn format(
    query: &Query,
    headers: &HeaderMap,
    offered: &[Format],
) -> Result<Format, Problem> {
    let words = || offered.iter().map(|format| format.word()).collect::<Vec<_>>().join(", ");
    if let Some(word) = query.get("f") {
        let same = |format: &&Format| {
            format.word() == word
                // `json` is the word of all JSON where nothing else is called so.
                || (word == "json" && **format == Format::GeoJson)
                || (word == "pbf" && **format == Format::Mvt)
        };
        return offered.iter().find(same).copied().ok_or_else(|| {
            Problem::parameter("f", format!("`{word}` is no format of this address: {}", words()))
        });
    }
    let accept: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",");
    if accept.trim().is_empty() {
        return offered.first().copied().ok_or_else(|| Problem::not_acceptable(""));
    }
    let best = offered
        .iter()
        .enumerate()
        .map(|(place, format)| (*format, weight(&accept, *format), place))
        .filter(|(_, weight, _)| *weight > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2)));
    best.map(|(format, ..)| format).ok_or_else(|| {
        let types: Vec<_> = offered.iter().map(|format| format.bare()).collect();
        Problem::not_acceptable(&types.join(", "))
    })
}

/// How much a client wants a format: the weight of the most precise range that fits (RFC 9110
/// §12.5.1), 0 to 1.
fn weight(accept: &str, format: Format) -> f64 {
    let bare = format.bare().split(';').next().unwrap_or_default();
    let (kind, _) = bare.split_once('/').unwrap_or((bare, ""));
    let json = bare.ends_with("json");
    let mut best = (0, 0.0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.strip_prefix("q=")?.trim().parse::<f64>().ok())
            .filter(|weight| (0.0..=1.0).contains(weight))
            .unwrap_or(1.0);
        let precision = if media == bare {
            4
        } else if json && media == "application/json" {
            3
        } else if media.strip_suffix("/*") == Some(kind) {
            2
        } else if media == "*/*" {
            1
        } else {
            continue;
        };
        if precision > best.0 {
            best = (precision, weight);
        }
    }
    best.1
}

/// Whether the client takes gzip.
pub(super) fn gzip(headers: &HeaderMap) -> bool {
    let mut any = None;
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        for range in value.to_str().unwrap_or_default().split(',') {
            let mut parts = range.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse::<f64>().ok());
            let wanted = weight.is_none_or(|weight| weight > 0.0);
            match coding.as_str() {
                "gzip" | "x-gzip" => return wanted,
                "*" => any = Some(wanted),
                _ => {}
            }
        }
    }
    any.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const OFFERED: [Format; 3] = [Format::GeoJson, Format::Html, Format::Csv];

    fn asked(f: &str, accept: &'static str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        }
        let raw = if f.is_empty() { String::new() } else { format!("f={f}") };
        format(&Query::read(Some(&raw)).unwrap(), &headers, &OFFERED).ok()
    }

    #[test]
    fn programs_get_json_and_browsers_get_pages() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (f, accept, got) in [
            ("", "", Some(Format::GeoJson)),
            ("", "*/*", Some(Format::GeoJson)),
            ("", "application/geo+json, application/json", Some(Format::GeoJson)),
            ("", "application/json", Some(Format::GeoJson)),
            ("", browser, Some(Format::Html)),
            ("", "text/csv;q=0.5, text/html;q=0.1", Some(Format::Csv)),
            ("", "text/html;q=0, */*", Some(Format::GeoJson)),
            ("", "image/png", None),
            ("csv", browser, Some(Format::Csv)),
            ("json", browser, Some(Format::GeoJson)),
            ("gml", "", None),
        ] {
            assert_eq!(asked(f, accept), got, "f={f} Accept: {accept}");
        }
    }

    #[test]
    fn gzip_is_given_to_those_who_take_it() {
        for (value, taken) in [
            ("gzip, deflate", true),
            ("br;q=1, gzip;q=0.2", true),
            ("gzip;q=0", false),
            ("*", true),
            ("identity", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(gzip(&headers), taken, "{value}");
        }
    }
}

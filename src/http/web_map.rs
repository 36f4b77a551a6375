//! The web map inside the binary. `web/dist` is made by `npm run build` in `web/`; a program built
//! without it serves everything else and says how to get the map.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::Response,
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{
    answer::{Keep, compressed, knows, put, tag},
    negotiate,
    problem::Problem,
    query::decode,
    state::HttpState,
};
use crate::{
    domain::Text,
    encode::{Format, html},
};

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
#[exclude = "*.map"]
struct Files;

/// Whether the program was built with the web map in it.
pub fn is_built() -> bool {
    Files::get("index.html").is_some()
}

/// The page of the map.
pub(super) fn page(asked: &HeaderMap) -> Result<Response, Problem> {
    match Files::get("index.html") {
        Some(file) => send("index.html", file, asked),
        None => Ok(missing()),
    }
}

/// Any address that is no other: a file of the map, or nothing.
pub(super) async fn file(
    State(_state): State<HttpState>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // A name in the binary, not on a disk: `..` is a name that there is not.
    let name = decode(&uri.path().trim_start_matches('/').replace('+', "%2B"))
        .ok_or_else(|| Problem::unreadable("The path is not percent-encoded UTF-8"))?;
    let file = Files::get(&name)
        .ok_or_else(|| Problem::not_found("There is nothing at this address; begin at /"))?;
    send(&name, file, &headers)
}

fn send(name: &str, file: EmbeddedFile, asked: &HeaderMap) -> Result<Response, Problem> {
    let (media, packed) = media(name);
    let gzip = !packed && negotiate::gzip(asked) && file.data.len() >= 1024;
    let tag = tag(&file.metadata.sha256_hash());
    let etag = format!("\"{tag}{}\"", if gzip { "-gz" } else { "" });
    let mut response = Response::default();
    let headers = response.headers_mut();
    let keep = if is_hashed(name) { Keep::ForEver } else { Keep::Asking };
    put(headers, header::ETAG, &etag);
    put(headers, header::CACHE_CONTROL, keep.says());
    put(headers, header::VARY, "Accept, Accept-Encoding");
    if knows(asked, &etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    put(headers, header::CONTENT_TYPE, media);
    *response.body_mut() = if gzip {
        put(headers, header::CONTENT_ENCODING, "gzip");
        Body::from(compressed(&file.data)?)
    } else {
        Body::from(file.data.into_owned())
    };
    Ok(response)
}

/// The media type by the ending, and whether such files are compressed already.
fn media(name: &str) -> (&'static str, bool) {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => ("text/html; charset=utf-8", false),
        "js" | "mjs" => ("text/javascript; charset=utf-8", false),
        "css" => ("text/css; charset=utf-8", false),
        "json" => ("application/json", false),
        "svg" => ("image/svg+xml", false),
        "txt" => ("text/plain; charset=utf-8", false),
        "webmanifest" => ("application/manifest+json", false),
        "wasm" => ("application/wasm", false),
        "png" => ("image/png", true),
        "ico" => ("image/x-icon", true),
        "woff2" => ("font/woff2", true),
        "pbf" => ("application/x-protobuf", false),
        _ => ("application/octet-stream", true),
    }
}

/// Whether the name holds a hash of the content, `name-<10 hexadecimal digits>.ending`, as the
/// map's build names its files.
fn is_hashed(name: &str) -> bool {
    let hash =
        name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-')).map(|(_, hash)| hash);
    hash.is_some_and(|hash| hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn missing() -> Response {
    let body = "<p class=\"note\">Chương trình này được dựng không kèm bản đồ. <span lang=\"en\">\
        This program was built without the web map.</span></p><p>Hãy chạy <code>npm ci &amp;&amp; \
        npm run build</code> trong <code>web/</code> rồi dựng lại. <span lang=\"en\">Run that in \
        web/ and build the program again.</span></p><ul><li><a href=\"/collections?f=html\">Các \
        lớp / Layers</a></li><li><a href=\"/?f=json\">JSON</a></li></ul>";
    let page = html::page(Text::new("Bản đồ", "Web map"), None, body);
    let mut response = Response::new(Body::from(page));
    put(response.headers_mut(), header::CONTENT_TYPE, Format::Html.media_type());
    put(response.headers_mut(), header::CACHE_CONTROL, Keep::Asking.says());
    put(response.headers_mut(), header::VARY, "Accept, Accept-Encoding");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("assets/app-0123456789.js"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("assets/be-vietnam.css"));
    }
}

//! From a question to a response: one snapshot, made once, kept, compressed, tagged.

use std::{fmt::Write as _, io::Write as _, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{asked::Asked, negotiate, problem::Problem, state::HttpState};
use crate::{
    analysis::watch::Asker,
    app::{Answer, AnswerCache, AnswerKey, AsOf, Lane},
    encode::{CompressWhen, Format},
    layers::{Layer, Parameter},
    snapshot::Snapshot,
};

/// What an answer may look at.
pub(super) struct Context {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) catalogue: &'static [&'static dyn Layer],
    pub(super) today: Date,
    pub(super) cache: AnswerCache,
    /// Who waits for it.
    pub(super) asker: Asker,
}

/// An answer as its handler makes it.
pub(super) struct Made {
    pub(super) body: Vec<u8>,
    pub(super) format: Format,
    /// Header fields that belong to it.
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Made {
    pub(super) fn new(format: Format, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), format, headers: Vec::new() }
    }

    /// A JSON document.
    pub(super) fn json(format: Format, document: &serde_json::Value) -> Self {
        Self::new(format, document.to_string())
    }
}

/// How long a client may keep an answer without asking again.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keep {
    /// Documents and features: a minute.
    Document,
    /// Tiles whose address names what they were made from.
    TileOfVersion,
    /// Kept, but asked about before each use, which costs a 304: what must show a change at once.
    Asking,
    /// Files whose name holds their hash.
    ForEver,
}

impl Keep {
    /// What `Cache-Control` says. Private: no proxy on the way keeps places of plots.
    pub(super) const fn says(self) -> &'static str {
        match self {
            Self::Document => "private, max-age=60, must-revalidate",
            Self::TileOfVersion => "private, max-age=86400",
            Self::Asking => "no-cache",
            Self::ForEver => "public, max-age=31536000, immutable",
        }
    }
}

/// In which line a question to `layer` stands: one that is counted in cells or tested by shuffles
/// is reckoned, and so is a surface.
pub(super) fn lane(layer: &dyn Layer) -> Lane {
    let reckons = |it: &Parameter| {
        matches!(it, Parameter::Cell | Parameter::Permutations | Parameter::Bandwidth(_))
    };
    if layer.parameters().iter().any(reckons) { Lane::Analysis } else { Lane::Lookup }
}

/// Answers a request: `make` runs on a compute thread, unless the answer is known.
pub(super) async fn answer(
    state: &HttpState,
    asked: &Asked,
    question: String,
    keep: Keep,
    make: impl FnOnce(&Context) -> Result<Made, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    answer_in(Lane::Lookup, state, asked, question, keep, make).await
}

/// The same, in this line.
pub(super) async fn answer_in(
    lane: Lane,
    state: &HttpState,
    asked: &Asked,
    question: String,
    keep: Keep,
    make: impl FnOnce(&Context) -> Result<Made, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let snapshot = snapshot(state, asked.as_of).await?;
    let gzip = negotiate::gzip(&asked.headers);
    let revision = snapshot.revision();
    let key = AnswerKey { revision, today: asked.today, question, gzip };
    let mut context = Context {
        snapshot,
        catalogue: state.catalogue,
        today: asked.today,
        cache: state.cache.clone(),
        asker: Asker::default(),
    };
    let answer = state
        .cache
        .get_or_make(key, async || {
            let job = move |asker| {
                context.asker = asker;
                make(&context).and_then(|made| finish(made, gzip))
            };
            state.compute.run_for(lane, job).await?
        })
        .await?;
    Ok(respond(&answer, &asked.headers, keep))
}

/// The snapshot asked for; past ones are slow to come by.
pub(super) async fn snapshot(
    state: &HttpState,
    as_of: Option<AsOf>,
) -> Result<Arc<Snapshot>, Problem> {
    if as_of.is_none() {
        return Ok(state.source.snapshot(None)?);
    }
    let source = Arc::clone(&state.source);
    Ok(state.compute.run(Lane::Analysis, move || source.snapshot(as_of)).await??)
}

fn finish(made: Made, gzip: bool) -> Result<Answer, Problem> {
    let tag = tag(&made.body);
    let worth = match made.format.compress() {
        CompressWhen::AtLeast(bytes) => made.body.len() >= bytes,
        CompressWhen::Never => false,
    };
    let (body, etag) = if gzip && worth {
        (compressed(&made.body)?, format!("\"{tag}-gz\""))
    } else {
        (made.body, format!("\"{tag}\""))
    };
    Ok(Answer {
        body,
        gzip: gzip && worth,
        media: made.format.media_type(),
        etag,
        headers: made.headers,
    })
}

/// 128 bits of SHA-256.
pub(super) fn tag(bytes: &[u8]) -> String {
    short(&Sha256::digest(bytes))
}

/// The first 128 bits of a hash, in hexadecimal.
pub(super) fn short(hash: &[u8]) -> String {
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn compressed(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    // Level 4: most of what 6 saves in half its time (measured on tiles and GeoJSON).
    let mut gzip = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(4));
    gzip.write_all(bytes)
        .and_then(|()| gzip.finish())
        .map_err(|error| Problem::internal(error.to_string()))
}

/// Bytes that are lent to responses without a copy.
struct Lent(Arc<Answer>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0.body
    }
}

/// The response to an answer, 304 where the client has it, 204 where there is nothing in it.
fn respond(answer: &Arc<Answer>, asked: &HeaderMap, keep: Keep) -> Response {
    let known = knows(asked, &answer.etag);
    let mut response = Response::default();
    *response.status_mut() = if known {
        StatusCode::NOT_MODIFIED
    } else if answer.body.is_empty() {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::OK
    };
    let headers = response.headers_mut();
    put(headers, header::ETAG, &answer.etag);
    put(headers, header::CACHE_CONTROL, keep.says());
    put(headers, header::VARY, "Accept, Accept-Encoding");
    for (name, value) in &answer.headers {
        put(headers, HeaderName::from_static(name), value);
    }
    if response.status() == StatusCode::OK {
        let headers = response.headers_mut();
        put(headers, header::CONTENT_TYPE, answer.media);
        if answer.gzip {
            put(headers, header::CONTENT_ENCODING, "gzip");
        }
        *response.body_mut() = Body::from(Bytes::from_owner(Lent(Arc::clone(answer))));
    }
    response
}

/// Whether the client says that it has these bytes.
pub(super) fn knows(asked: &HeaderMap, etag: &str) -> bool {
    asked.get_all(header::IF_NONE_MATCH).iter().any(|tags| {
        tags.to_str().unwrap_or_default().split(',').map(str::trim).any(|tag| {
            // Weak comparison (RFC 9110 §13.1.2): a proxy may have weakened our tag.
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
        })
    })
}

/// Sets a field whose value is text of ours; one that no header can hold is left out.
pub(super) fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

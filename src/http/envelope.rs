//! What surrounds every request: its id, its line in the log, problem documents, the fields that
//! every response carries.

use std::{
    any::Any,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Instant,
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::{
    answer::put,
    problem::Problem,
    state::{Cors, HttpState},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing but our own files, no outside address; scripts and workers only from files.
pub(super) const CSP: &str = "default-src 'self'; img-src 'self' data: blob:; \
    worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
    object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

/// A name for a request that is not used twice.
fn request_id() -> String {
    static START: LazyLock<i64> = LazyLock::new(|| Timestamp::now().as_millisecond());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:x}-{}", *START, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Surrounds a request.
pub(super) async fn envelope(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    let id = request_id();
    let begin = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = caught(next.run(request)).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if let Some(inside) = problem.inside() {
            tracing::error!(request = id, "{inside}");
        }
        write_problem(&mut response, &problem, &path, &id, &method);
    }
    let headers = response.headers_mut();
    put(headers, REQUEST_ID, &id);
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(headers, header::REFERRER_POLICY, "no-referrer");
    put(headers, header::CONTENT_SECURITY_POLICY, CSP);
    allow_origin(headers, &state.cors, origin);
    let (status, took) = (response.status().as_u16(), begin.elapsed());
    tracing::info!(request = id, %method, path, status, ?took);
    response
}

/// The response to come, or 500 where making it panics: a fault of ours in one handler must tell
/// its asker so, and not cut the connection under them.
async fn caught(response: impl Future<Output = Response>) -> Response {
    let mut response = pin!(response);
    poll_fn(move |context| {
        // Unwind safe: what has panicked is never polled again, and what handlers share (locks of
        // the cache, atomics) does not stay half changed.
        match catch_unwind(AssertUnwindSafe(|| response.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(panic) => Poll::Ready(Problem::internal(said(&*panic)).into_response()),
        }
    })
    .await
}

/// For the log: what a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a handler panicked: {}", words.unwrap_or("no words"))
}

fn write_problem(
    response: &mut Response,
    problem: &Problem,
    path: &str,
    id: &str,
    method: &Method,
) {
    let document = problem.document(path, id).to_string();
    let headers = response.headers_mut();
    put(headers, header::CONTENT_TYPE, "application/problem+json");
    put(headers, header::CACHE_CONTROL, "no-store");
    put(headers, header::CONTENT_LENGTH, &document.len().to_string());
    if *method != Method::HEAD {
        *response.body_mut() = Body::from(document);
    }
}

fn allow_origin(headers: &mut HeaderMap, cors: &Arc<Cors>, origin: Option<HeaderValue>) {
    if let Cors::Origins(_) = &**cors {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    let Some(origin) = origin else { return };
    let allowed = match &**cors {
        Cors::Any => HeaderValue::from_static("*"),
        Cors::Origins(list) if list.contains(&origin) => origin,
        Cors::None | Cors::Origins(_) => return,
    };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    put(headers, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS");
    put(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, "If-None-Match, Accept");
    put(
        headers,
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        "Link, ETag, Content-Crs, OGC-NumberMatched, OGC-NumberReturned, X-Request-Id",
    );
}

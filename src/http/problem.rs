//! Faults as RFC 9457 problem details: which parameter, what is wrong, what would be right. Internal
//! text is logged and never sent.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    app::{ComputeError, SourceError, asking::BadParameter},
    encode::EncodeError,
    layers::LayerError,
};

/// Why a request gets no answer. Boxed: it is the rarer half of every result.
#[derive(Clone, Debug)]
pub(super) struct Problem(Box<Told>);

#[derive(Clone, Debug)]
struct Told {
    status: StatusCode,
    /// The last part of its `type`.
    kind: &'static str,
    title: &'static str,
    detail: String,
    /// The same in Vietnamese, where a person can come to it from the map.
    detail_vi: Option<String>,
    faults: Vec<Fault>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// For the log only.
    inside: Option<String>,
}

impl From<BadParameter> for Problem {
    fn from(bad: BadParameter) -> Self {
        let vi = bad.detail.vi().map(|vi| format!("`{}`: {vi}", bad.parameter));
        Self::parameter(bad.parameter, bad.detail.to_string()).in_vietnamese(vi)
    }
}

/// What is wrong with one parameter.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) parameter: String,
    pub(super) detail: String,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: String) -> Self {
        let (faults, headers) = (Vec::new(), Vec::new());
        let (detail_vi, inside) = (None, None);
        Self(Box::new(Told { status, kind, title, detail, detail_vi, faults, headers, inside }))
    }

    /// 400: one parameter is wrong.
    pub(super) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self::parameters(vec![Fault { parameter: name.to_owned(), detail: detail.into() }])
    }

    /// 400: parameters are wrong.
    pub(super) fn parameters(faults: Vec<Fault>) -> Self {
        let each = faults.iter().map(|fault| format!("`{}`: {}", fault.parameter, fault.detail));
        let detail = each.collect::<Vec<_>>().join("; ");
        let title = "A parameter is wrong";
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "parameter", title, detail);
        problem.0.faults = faults;
        problem
    }

    /// 400: the request itself cannot be read.
    pub(super) fn unreadable(detail: impl Into<String>) -> Self {
        let title = "The request cannot be read";
        Self::new(StatusCode::BAD_REQUEST, "request", title, detail.into())
    }

    /// 404.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", detail.into())
    }

    /// 405, with what is allowed.
    pub(super) fn method(allowed: &'static str) -> Self {
        let detail = format!("This address is read only: use {allowed}");
        let title = "The method is not allowed";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", title, detail)
            .with(header::ALLOW, HeaderValue::from_static(allowed))
    }

    /// 406, with what there is.
    pub(super) fn not_acceptable(offered: &str) -> Self {
        let detail = format!("`Accept` takes none of: {offered}; the parameter `f` overrides it");
        let title = "No format fits";
        Self::new(StatusCode::NOT_ACCEPTABLE, "format", title, detail)
    }

    /// 414.
    pub(super) fn too_long(detail: impl Into<String>) -> Self {
        let title = "The address is too long";
        Self::new(StatusCode::URI_TOO_LONG, "too-long", title, detail.into())
    }

    /// 503, worth another try.
    pub(super) fn busy(detail: &str) -> Self {
        let title = "The server is busy";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title, detail.to_owned())
            .with(header::RETRY_AFTER, HeaderValue::from_static("2"))
    }

    /// 500; `inside` is logged and not sent.
    pub(super) fn internal(inside: impl Into<String>) -> Self {
        let detail = "The fault is ours and has been logged under the request's id".to_owned();
        let title = "The server failed";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let mut problem = Self::new(status, "internal", title, detail);
        problem.0.inside = Some(inside.into());
        problem
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    fn in_vietnamese(mut self, detail: Option<String>) -> Self {
        self.0.detail_vi = detail;
        self
    }

    /// What the log is told.
    pub(super) fn inside(&self) -> Option<&str> {
        self.0.inside.as_deref()
    }

    /// The document.
    pub(super) fn document(&self, instance: &str, request: &str) -> Value {
        let mut document = json!({
            "type": format!("/problems/{}", self.0.kind),
            "title": self.0.title,
            "status": self.0.status.as_u16(),
            "detail": self.0.detail,
            "instance": instance,
            "requestId": request,
        });
        if let Some(detail) = &self.0.detail_vi {
            document["detail_vi"] = json!(detail);
        }
        if !self.0.faults.is_empty() {
            document["errors"] = self
                .0
                .faults
                .iter()
                .map(|fault| json!({ "parameter": fault.parameter, "detail": fault.detail }))
                .collect();
        }
        document
    }
}

/// Status and fields only: the document is written by the envelope, which knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        for (name, value) in &self.0.headers {
            response.headers_mut().insert(name, value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<ComputeError> for Problem {
    fn from(error: ComputeError) -> Self {
        match error {
            ComputeError::Busy => Self::busy("Every place for work is taken; ask again shortly"),
            ComputeError::Panicked => Self::internal(error.to_string()),
        }
    }
}

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::NoSuchState(reason) => Self::parameter("as_of", reason),
            SourceError::Broken(inside) => Self::internal(inside),
        }
    }
}

impl From<LayerError> for Problem {
    fn from(error: LayerError) -> Self {
        match error {
            LayerError::TooMuch(reason) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "too-much",
                "That is more work than one request may ask for",
                reason.to_string(),
            )
            .in_vietnamese(reason.vi().map(str::to_owned)),
            LayerError::Parameter { parameter, reason } => {
                Self::parameter(parameter, reason.to_string())
                    .in_vietnamese(reason.vi().map(|vi| format!("`{parameter}`: {vi}")))
            }
            LayerError::Gone(gone) => Self::busy(&gone.to_string()),
        }
    }
}

impl From<EncodeError> for Problem {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::Layer(error) => error.into(),
            EncodeError::Io(_) | EncodeError::Gdal(_) => Self::internal(error.to_string()),
        }
    }
}

//! What every handler reads from a request.

use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderMap, request::Parts},
};
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::{
    address::Base,
    negotiate,
    params::{self, ANALYTIC},
    problem::Problem,
    query::Query,
    state::HttpState,
};
use crate::{
    app::AsOf,
    encode::{Format, Link},
    layers::LayerQuery,
};

/// A request, read and checked as far as all addresses have it in common.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) base: Base,
    /// The path, no slash at its end but the root's own.
    pub(super) path: String,
    pub(super) query: Query,
    /// Parameters of analysis alone, in their order.
    pub(super) analytic: Query,
    /// The question to a layer, without extent, cursor and resolution.
    pub(super) question: LayerQuery,
    pub(super) as_of: Option<AsOf>,
    pub(super) today: Date,
    pub(super) headers: HeaderMap,
}

impl Asked {
    /// Refuses parameters that are neither of analysis nor `f` nor in `more`.
    pub(super) fn only(&self, more: &[&str]) -> Result<(), Problem> {
        self.query.only(&[&["f"], more, &ANALYTIC[..]].concat())
    }

    /// The format to answer in.
    pub(super) fn format(&self, offered: &[Format]) -> Result<Format, Problem> {
        negotiate::format(&self.query, &self.headers, offered)
    }

    /// A link to one of our paths that keeps the parameters of analysis.
    pub(super) fn link(&self, path: &str, rel: &'static str, format: Format, title: &str) -> Link {
        self.link_as(path, rel, format, None, title)
    }

    /// As [`Self::link`], the format said in the address.
    pub(super) fn link_in(
        &self,
        path: &str,
        rel: &'static str,
        format: Format,
        title: &str,
    ) -> Link {
        self.link_as(path, rel, format, Some(format.word()), title)
    }

    fn link_as(
        &self,
        path: &str,
        rel: &'static str,
        format: Format,
        word: Option<&str>,
        title: &str,
    ) -> Link {
        let href = self.base.join(path, &self.analytic.with("f", word));
        Link { href, rel, media: format.bare(), title: title.to_owned() }
    }

    /// The links to this document and to its other formats.
    pub(super) fn own_links(&self, format: Format, offered: &[Format]) -> Vec<Link> {
        let mut links = vec![Link {
            href: self.base.join(&self.path, &self.query),
            rel: "self",
            media: format.bare(),
            title: "Trang này / This document".to_owned(),
        }];
        for other in offered.iter().filter(|other| **other != format) {
            links.push(Link {
                href: self.base.join(&self.path, &self.query.with("f", Some(other.word()))),
                rel: "alternate",
                media: other.bare(),
                title: format!("{} ({})", other.bare(), other.word()),
            });
        }
        links
    }

    /// What identifies the answer beside snapshot, day and compression.
    pub(super) fn key(&self, format: Format) -> String {
        format!("{}{}{} {format:?}", self.base.text(), self.path, self.query.text())
    }
}

impl FromRequestParts<HttpState> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let base = Base::of(state.base.as_deref(), &parts.uri, &parts.headers)?;
        let query = Query::read(parts.uri.query())?;
        let today = state.source.today();
        let (question, as_of) = params::question(&query, today)?;
        Ok(Self {
            base,
            path: parts.uri.path().to_owned(),
            analytic: query.keep(&ANALYTIC),
            query,
            question,
            as_of,
            today,
            headers: parts.headers.clone(),
        })
    }
}

/// The parts of the path that have names.
pub(super) struct Place<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<HttpState> for Place<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        Path::from_request_parts(parts, state)
            .await
            .map(|Path(names)| Self(names))
            .map_err(|_| Problem::unreadable("The path is not percent-encoded UTF-8"))
    }
}

//! What every handler may ask.

use std::{fmt, sync::Arc};

use axum::http::{HeaderValue, Uri};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::{
    app::{AnswerCache, ComputePool, Source},
    layers::Layer,
};

/// Which other origins' pages may read our answers in a browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cors {
    /// None: the web map is of our own origin, and QGIS and GDAL do not ask.
    #[default]
    None,
    /// Every page that the user has open, wherever it comes from.
    Any,
    /// These, such as `https://maps.example`.
    Origins(Vec<HeaderValue>),
}

/// How much one request or all of them may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// Bytes of answers that are kept.
    pub cache_bytes: u64,
    /// Browsers that listen for changes at the same time.
    pub listeners: usize,
}

impl Default for HttpLimits {
    /// 256 MiB of answers, 200 listeners.
    fn default() -> Self {
        Self { cache_bytes: 256 << 20, listeners: 200 }
    }
}

/// What every handler may ask; cheap to clone.
#[derive(Clone)]
pub struct HttpState {
    pub(super) source: Arc<dyn Source>,
    pub(super) compute: ComputePool,
    pub(super) cache: AnswerCache,
    pub(super) catalogue: &'static [&'static dyn Layer],
    pub(super) base: Option<Arc<str>>,
    pub(super) cors: Arc<Cors>,
    pub(super) listeners: Arc<Semaphore>,
}

/// A public address that is none.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("base address `{0}` is not like https://maps.example/poppywatch")]
pub struct BadBase(pub String);

impl HttpState {
    /// Serves `catalogue` out of `source`; slow work is done by `compute`.
    pub fn new(
        source: Arc<dyn Source>,
        compute: ComputePool,
        catalogue: &'static [&'static dyn Layer],
        limits: &HttpLimits,
    ) -> Self {
        Self {
            source,
            compute,
            catalogue,
            cache: AnswerCache::new(limits.cache_bytes),
            base: None,
            cors: Arc::default(),
            listeners: Arc::new(Semaphore::new(limits.listeners)),
        }
    }

    /// Writes links below `base`, the address by which clients reach us through a proxy. Without
    /// it links carry the host that each request names.
    ///
    /// # Errors
    ///
    /// [`BadBase`] for anything but `http` or `https`, a host and perhaps a path.
    pub fn with_base(mut self, base: &str) -> Result<Self, BadBase> {
        let wrong = || BadBase(base.to_owned());
        let uri: Uri = base.parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str().ok_or_else(wrong)?;
        if !matches!(scheme, "http" | "https") || uri.host().is_none() || uri.query().is_some() {
            return Err(wrong());
        }
        self.base = Some(base.trim_end_matches('/').into());
        Ok(self)
    }

    /// Lets pages of other origins read our answers.
    #[must_use]
    pub fn with_cors(mut self, cors: Cors) -> Self {
        self.cors = Arc::new(cors);
        self
    }

    /// The layer with this id.
    pub(super) fn layer(&self, id: &str) -> Option<&'static dyn Layer> {
        self.catalogue.iter().find(|layer| layer.id() == id).copied()
    }
}

impl fmt::Debug for HttpState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.catalogue.iter().map(|layer| layer.id()).collect();
        f.debug_struct("HttpState").field("catalogue", &ids).field("base", &self.base).finish()
    }
}

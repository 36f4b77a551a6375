//! One deployment in this process: its store, its pack, and the snapshot being served.

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use moka::sync::Cache;
use tokio::sync::watch;

use super::{AppError, AsOf, Source, SourceError};
use crate::{
    domain::{CountryPack, Revision},
    snapshot::{LiveSnapshot, Snapshot},
    store::Store,
};

/// Past states kept in memory: a person comparing two of them looks at few.
const PAST_KEPT: u64 = 3;

/// A deployment: its store, its pack, the snapshot being served.
pub struct App {
    pack: Arc<CountryPack>,
    time_zone: TimeZone,
    today: Option<Date>,
    store: Mutex<Store>,
    live: LiveSnapshot,
    past: Cache<Revision, Arc<Snapshot>>,
    revisions: watch::Sender<Revision>,
}

impl App {
    /// Opens the store at `path`, which must exist, or creates it if `create`.
    ///
    /// `today` fixes the day for answers that must not depend on the clock; `None`: the clock, in
    /// the pack's time zone.
    ///
    /// # Errors
    ///
    /// [`AppError`] for a file that is no store of ours, or a pack that PROJ cannot follow.
    pub fn open(
        path: &Path,
        create: bool,
        pack: CountryPack,
        today: Option<Date>,
    ) -> Result<Self, AppError> {
        let pack = Arc::new(pack);
        let time_zone = TimeZone::get(&pack.time_zone)
            .map_err(|error| AppError::Input(format!("time zone `{}`: {error}", pack.time_zone)))?;
        let store =
            if create { Store::create_or_open(path, &pack) } else { Store::open(path, &pack) }?;
        let facts = store.load(None)?;
        let snapshot = Arc::new(Snapshot::build(facts, Arc::clone(&pack))?);
        let (revisions, _) = watch::channel(snapshot.revision());
        Ok(Self {
            pack,
            time_zone,
            today,
            store: Mutex::new(store),
            live: LiveSnapshot::new(snapshot),
            past: Cache::new(PAST_KEPT),
            revisions,
        })
    }

    /// The settings of the deployment.
    pub fn pack(&self) -> &CountryPack {
        &self.pack
    }

    /// Today in the deployment's time zone.
    pub fn today(&self) -> Date {
        self.today
            .unwrap_or_else(|| Timestamp::now().to_zoned_datetime(self.time_zone.clone()).date())
    }

    /// The snapshot to answer from: the one being served, or a past one.
    ///
    /// # Errors
    ///
    /// [`AppError::Input`] for a revision that is not there yet; [`AppError`] where the store
    /// cannot be read.
    pub fn snapshot(&self, as_of: Option<AsOf>) -> Result<Arc<Snapshot>, AppError> {
        let current = self.live.current();
        let revision = match as_of {
            None => return Ok(current),
            Some(AsOf::Revision(revision)) => revision,
            Some(AsOf::Time(time)) => self.store().revision_at(time)?,
        };
        if revision == current.revision() {
            return Ok(current);
        }
        if revision > current.revision() {
            return Err(AppError::Input(format!(
                "revision {} is not there yet: the last one is {}",
                revision.0,
                current.revision().0
            )));
        }
        self.past
            .try_get_with(revision, || {
                let facts = self.store().load(Some(revision))?;
                Ok(Arc::new(Snapshot::build(facts, Arc::clone(&self.pack))?))
            })
            .map_err(|error: Arc<AppError>| AppError::Past { revision, reason: error.to_string() })
    }

    /// Tells the revision being served, and each new one.
    pub fn revisions(&self) -> watch::Receiver<Revision> {
        self.revisions.subscribe()
    }

    /// Brings the snapshot being served up to the store. Returns whether anything was new.
    ///
    /// # Errors
    ///
    /// [`AppError`] where the store cannot be read; the old snapshot stays.
    pub fn refresh(&self) -> Result<bool, AppError> {
        // The lock is held to the end: two refreshes must not overtake each other.
        let store = self.store();
        let current = self.live.current();
        let Some(changes) = store.changes_since(current.revision())? else { return Ok(false) };
        let next = Arc::new(current.with_changes(changes)?);
        let revision = next.revision();
        self.live.replace(next);
        self.revisions.send_replace(revision);
        Ok(true)
    }

    /// The store; one user at a time.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        // A panic while the store was held cannot leave it half written: SQLite rolls back.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for App {
    fn snapshot(&self, as_of: Option<AsOf>) -> Result<Arc<Snapshot>, SourceError> {
        Self::snapshot(self, as_of).map_err(|error| match error {
            AppError::Input(said) => SourceError::NoSuchState(said),
            other => SourceError::Broken(other.to_string()),
        })
    }

    fn today(&self) -> Date {
        Self::today(self)
    }

    fn pack(&self) -> &CountryPack {
        Self::pack(self)
    }
}

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
    /// Held by whoever replaces the live snapshot.
    refreshing: Mutex<()>,
    past: Cache<Revision, Arc<Snapshot>>,
    /// Held by whoever makes a past snapshot: each takes all threads and much memory.
    making_past: Mutex<()>,
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
            refreshing: Mutex::default(),
            past: Cache::new(PAST_KEPT),
            making_past: Mutex::default(),
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
        let mut current = self.live.current();
        let revision = match as_of {
            None => return Ok(current),
            Some(AsOf::Revision(revision)) => revision,
            Some(AsOf::Time(time)) => self.store().revision_at(time)?,
        };
        if revision > current.revision() {
            // Another program may have written since the watch last looked.
            self.refresh()?;
            current = self.live.current();
        }
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
            .try_get_with(revision, || self.make_past(revision))
            .map_err(|error: Arc<AppError>| AppError::Past { revision, reason: error.to_string() })
    }

    fn make_past(&self, revision: Revision) -> Result<Arc<Snapshot>, AppError> {
        let _one_at_a_time = held(&self.making_past);
        // The store is let go before the building, which takes longer than the reading.
        let facts = self.store().load(Some(revision))?;
        Ok(Arc::new(Snapshot::build(facts, Arc::clone(&self.pack))?))
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
        // Two refreshes must not overtake each other; the store is let go before the building.
        let _one_at_a_time = held(&self.refreshing);
        let current = self.live.current();
        let changes = self.store().changes_since(current.revision())?;
        let Some(changes) = changes else { return Ok(false) };
        let next = Arc::new(current.with_changes(changes)?);
        let revision = next.revision();
        self.live.replace(next);
        self.revisions.send_replace(revision);
        Ok(true)
    }

    /// The store; one user at a time.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        // A panic while the store was held cannot leave it half written: SQLite rolls back.
        held(&self.store)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Dataset, DatasetKind, Event};

    #[test]
    fn what_another_program_wrote_is_there_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("season.gpkg");
        let pack = CountryPack::lai_chau();
        // Nobody watches: only the question itself can bring the news.
        let app = App::open(&path, true, pack.clone(), None).unwrap();
        let mut other = Store::open(&path, &pack).unwrap();
        let mut import = |id: &str| {
            let about = Event::DatasetImported(Dataset {
                id: id.into(),
                kind: DatasetKind::Plots,
                file: String::new(),
                sha256: String::new(),
                title: None,
                licence: None,
                attribution: None,
                simulated: true,
                approximate: None,
                accepted: 0,
                rejected: 0,
                personal_columns: Vec::new(),
            });
            other.append(&[about], Timestamp::UNIX_EPOCH, &|_| ()).unwrap().head.revision
        };
        let revision_of = |as_of| app.snapshot(Some(as_of)).unwrap().revision();
        let first = import("a");
        assert_eq!(revision_of(AsOf::Time(Timestamp::now())), first);
        let second = import("b");
        assert_eq!(revision_of(AsOf::Revision(second)), second);
        assert_eq!(revision_of(AsOf::Revision(first)), first);
        let early = app.snapshot(Some(AsOf::Revision(Revision(second.0 + 1))));
        assert!(matches!(early, Err(AppError::Input(_))));
    }
}

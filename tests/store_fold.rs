//! The folds against a slow model that knows nothing of tables, and against a replay of the log.

mod store_support;

use std::collections::{BTreeMap, HashMap};

use poppywatch::{
    domain::{Changes, Event, Facts, PlotFacts, Revision, resolve},
    store::Store,
};
use proptest::{collection::vec, prelude::*};
use store_support::{event, pack, quiet, time};

/// The log as a list, and every question answered by reading it from the beginning.
#[derive(Default)]
struct Model {
    log: Vec<Event>,
}

type Key = (&'static str, String, Option<String>);

fn key(event: &Event) -> Key {
    match (event, event.source()) {
        (Event::DatasetImported(it), _) => (event.kind(), it.id.clone(), None),
        (_, Some(it)) => (event.kind(), it.dataset.clone(), Some(it.record.clone())),
        (_, None) => unreachable!("every fact has a source"),
    }
}

impl Model {
    /// True where the event says something new.
    fn accept(&mut self, event: &Event) -> bool {
        let last = self.log.iter().rev().find(|it| key(it) == key(event));
        let new = last != Some(event);
        if new {
            self.log.push(event.clone());
        }
        new
    }

    fn at(&self, revision: usize) -> Facts {
        let mut facts = Facts { revision: Revision(revision as u64), ..Facts::default() };
        let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
        let mut standing: Vec<Option<&Event>> = Vec::new();
        let mut place: HashMap<Key, usize> = HashMap::new();
        for event in &self.log[..revision] {
            if let Event::DatasetImported(it) = event {
                facts.datasets.push(it.clone());
            }
            if let Some(plot) = event.plot() {
                let next = numbers.len() as u64 + 1;
                numbers.entry(plot.0.clone()).or_insert(next);
            }
            if let Event::BoundaryDeclared(new) = event {
                for old in &mut standing {
                    if matches!(old, Some(Event::BoundaryDeclared(old)) if old.key == new.key) {
                        *old = None;
                    }
                }
            }
            if let Some(old) = place.insert(key(event), standing.len()) {
                standing[old] = None;
            }
            standing.push(Some(event));
        }
        let mut told: BTreeMap<u64, PlotFacts> = BTreeMap::new();
        for event in standing.into_iter().flatten() {
            let plot = event.plot().map(|id| numbers[&id.0]);
            let told = told.entry(plot.unwrap_or(0)).or_default();
            match event.clone() {
                Event::DatasetImported(_) => {}
                Event::BoundaryDeclared(it) => facts.boundaries.push(it),
                Event::BorderLineDeclared(it) => facts.border_lines.push(it),
                Event::PlotSighted(it) => told.sightings.push(it),
                Event::PlotMeasured(it) => told.measurements.push(it),
                Event::PlotDestroyed(it) => told.destructions.push(it),
                Event::PlotVerified(it) => told.verifications.push(it),
                Event::PlotRejected(it) => told.rejections.push(it),
                Event::SiteLinked(it) => told.links.push(it),
                Event::LegWalked(it) => facts.legs.push(it),
                Event::SearchedEmpty(it) => facts.empty_searches.push(it),
                Event::OutreachHeld(it) => facts.outreach.push(it),
            }
        }
        facts.boundaries.sort_by(|a, b| a.key.cmp(&b.key));
        facts.legs.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
        facts.empty_searches.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
        facts.outreach.sort_by(|a, b| (&a.id, &a.source).cmp(&(&b.id, &b.source)));
        for (number, told) in told {
            let id = told.sightings.first().map(|it| it.plot.clone());
            facts.plots.extend(id.and_then(|id| resolve(number, &id, &told, &pack())));
        }
        facts
    }
}

/// What a snapshot does with changes.
fn changed(mut facts: Facts, changes: Changes) -> Facts {
    match changes {
        Changes::Everything(all) => *all,
        Changes::Plots { revision, plots, datasets } => {
            let mut by_number: BTreeMap<_, _> =
                facts.plots.into_iter().map(|plot| (plot.number, plot)).collect();
            by_number.extend(plots.into_iter().map(|plot| (plot.number, plot)));
            facts.plots = by_number.into_values().collect();
            facts.datasets.extend(datasets);
            facts.revision = revision;
            facts
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// However the events are split into appends: every revision says what the model says, changes
    /// lead from one append to the next, and a replay finds the file whole.
    #[test]
    fn folds_say_what_the_log_says(appends in vec(vec(event(), 0..12), 0..9)) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create_or_open(&folder.path().join("a.gpkg"), &pack()).unwrap();
        let mut model = Model::default();
        let mut before = store.load(None).unwrap();
        for (second, events) in (0..).zip(&appends) {
            let new = events.iter().filter(|event| model.accept(event)).count() as u64;
            let appended = store.append(events, time(second), &quiet).unwrap();
            prop_assert_eq!(appended.new + appended.superseded, new);
            prop_assert_eq!(appended.unchanged, events.len() as u64 - new);
            prop_assert_eq!(appended.head, store.head().unwrap());
            let now = store.load(None).unwrap();
            match store.changes_since(before.revision).unwrap() {
                None => prop_assert_eq!(new, 0),
                Some(changes) => prop_assert_eq!(&changed(before, changes), &now),
            }
            before = now;
        }
        for revision in 0..=model.log.len() {
            let loaded = store.load(Some(Revision(revision as u64))).unwrap();
            prop_assert_eq!(loaded, model.at(revision), "as of {}", revision);
        }
        // From the middle of an append too.
        for revision in 0..model.log.len() {
            let then = model.at(revision);
            if let Some(changes) = store.changes_since(Revision(revision as u64)).unwrap() {
                prop_assert_eq!(&changed(then, changes), &before);
            }
        }
        let verified = store.verify(&|_, _| ()).unwrap();
        prop_assert!(verified.is_whole(), "{:?}", verified.differences);
        prop_assert_eq!(verified.events, model.log.len() as u64);
        // Again, in one append: nothing new but what was superseded meanwhile.
        drop(store);
        let store = Store::open(&folder.path().join("a.gpkg"), &pack()).unwrap();
        prop_assert_eq!(store.load(None).unwrap(), before);
    }
}

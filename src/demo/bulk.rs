//! The same kind of world at any scale, in memory: what benches are fed with.

use geo_types::Coord;
use jiff::civil::date;
use rayon::prelude::*;

use super::{
    chance::{Chance, later},
    ground::shifted,
    history::{Found, tell},
    seasons::plot_area,
    world::World,
};
use crate::domain::{
    CountryPack, Dataset, DatasetKind, Event, Facts, Plot, PlotFacts, PlotId, Revision, Season,
    SightingSource, resolve,
};

/// The data set of every plot made here.
const DATASET: &str = "simulated";
/// Seasons over which plots are spread.
const SEASONS: [i16; 5] = [2021, 2022, 2023, 2024, 2025];

/// Where plots crowd: the middles of clusters, about forty plots each.
struct Clusters(Vec<Coord<f64>>);

impl Clusters {
    fn new(world: &World, seed: u64, plots: usize) -> Self {
        let mut cumulative = Vec::with_capacity(world.communes.len());
        let mut sum = 0.0;
        for commune in &world.communes {
            sum += commune.risk;
            cumulative.push(sum);
        }
        let count = (plots / 40).max(8) as u64;
        let middle = |number: u64| {
            let mut chance = Chance::new(seed ^ 0xC1_05_7E_25, number);
            let commune = &world.communes[chance.index(&cumulative)];
            commune.ground.any_place(&mut chance)
        };
        Self((0..count).into_par_iter().map(middle).collect())
    }

    fn place(&self, chance: &mut Chance) -> Coord<f64> {
        let middle = self.0[chance.below(self.0.len())];
        shifted(middle, 700.0 * chance.normal(), 700.0 * chance.normal())
    }
}

/// The story of plot `number`, whatever was made before it.
fn story(clusters: &Clusters, seed: u64, number: usize) -> (PlotId, PlotFacts) {
    let mut chance = Chance::new(seed, number as u64);
    let year = SEASONS[chance.below(SEASONS.len())];
    // Any date of the list falls into the season that begins in that year.
    let season = Season::of(date(year, 10, 1));
    let by = chance.weighted(&[
        (SightingSource::Sweep, 5.0),
        (SightingSource::Stationed, 1.5),
        (SightingSource::Commune, 1.5),
        (SightingSource::Tip, 1.0),
        (SightingSource::Drone, 0.7),
        (SightingSource::Satellite, 0.3),
    ]);
    let sown = chance.day(date(year, 10, 5), date(year, 12, 5));
    let found = Found {
        id: PlotId(format!("{season}/{number:07}")),
        dataset: DATASET,
        season,
        place: clusters.place(&mut chance),
        area: plot_area(&mut chance),
        sown,
        ripens_in: chance.whole(125, 190),
        by: by.unwrap_or(SightingSource::Sweep),
        on: later(sown, chance.whole(35, 160)),
        team: None,
    };
    let facts = tell(&mut chance, &found);
    (found.id, facts)
}

/// `plots` resolved plots on `world`, numbered from 1, the same for the same seed whatever the
/// number of threads. A million take two to three seconds on two threads.
///
/// # Panics
///
/// Never: every story begins with a sighting.
#[expect(clippy::expect_used, reason = "every story begins with a sighting")]
pub fn plots(world: &World, seed: u64, plots: usize, pack: &CountryPack) -> Vec<Plot> {
    let clusters = Clusters::new(world, seed, plots);
    (0..plots)
        .into_par_iter()
        .map(|number| {
            let (id, facts) = story(&clusters, seed, number);
            resolve(number as u64 + 1, &id, &facts, pack).expect("a story begins with a sighting")
        })
        .collect()
}

/// A whole state of the store: the units of `world` and [`plots`] on them.
pub fn facts(world: &World, seed: u64, plots: usize, pack: &CountryPack) -> Facts {
    Facts {
        revision: Revision(1),
        datasets: vec![dataset(plots)],
        boundaries: world.boundaries(),
        plots: self::plots(world, seed, plots, pack),
        ..Facts::default()
    }
}

/// The events that tell the same plots, as one import: for benches of the store. The data set
/// comes first, then the units, then plot by plot, three to four events each.
pub fn events(world: &World, seed: u64, plots: usize) -> impl Iterator<Item = Event> {
    let clusters = Clusters::new(world, seed, plots);
    let units = world.boundaries().into_iter().map(Event::BoundaryDeclared);
    let told = (0..plots).flat_map(move |number| {
        let (_, facts) = story(&clusters, seed, number);
        let sightings = facts.sightings.into_iter().map(Event::PlotSighted);
        let measurements = facts.measurements.into_iter().map(Event::PlotMeasured);
        let destructions = facts.destructions.into_iter().map(Event::PlotDestroyed);
        let verifications = facts.verifications.into_iter().map(Event::PlotVerified);
        let rejections = facts.rejections.into_iter().map(Event::PlotRejected);
        sightings.chain(measurements).chain(destructions).chain(verifications).chain(rejections)
    });
    std::iter::once(Event::DatasetImported(dataset(plots))).chain(units).chain(told)
}

fn dataset(plots: usize) -> Dataset {
    Dataset {
        id: DATASET.into(),
        kind: DatasetKind::Plots,
        file: "simulated".into(),
        sha256: String::new(),
        title: Some("Simulated plots".into()),
        licence: None,
        attribution: None,
        simulated: true,
        approximate: None,
        accepted: plots as u64,
        rejected: 0,
        personal_columns: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_world_begins_like_itself_and_its_events_tell_its_plots() {
        let (world, pack) = (World::grid(40, 2), CountryPack::lai_chau());
        let state = facts(&world, 11, 800, &pack);
        assert_eq!(state.plots.len(), 800);
        assert_eq!(state, facts(&world, 11, 800, &pack));
        let mut told = std::collections::BTreeMap::<PlotId, PlotFacts>::new();
        for event in events(&world, 11, 800) {
            let Some(plot) = event.plot().cloned() else { continue };
            let facts = told.entry(plot).or_default();
            match event {
                Event::PlotSighted(it) => facts.sightings.push(it),
                Event::PlotMeasured(it) => facts.measurements.push(it),
                Event::PlotDestroyed(it) => facts.destructions.push(it),
                Event::PlotVerified(it) => facts.verifications.push(it),
                Event::PlotRejected(it) => facts.rejections.push(it),
                _ => {}
            }
        }
        for plot in &state.plots {
            assert_eq!(resolve(plot.number, &plot.id, &told[&plot.id], &pack).as_ref(), Some(plot));
        }
    }
}

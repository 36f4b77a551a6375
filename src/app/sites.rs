//! Which place is it? New plots are linked to the places of earlier seasons by one written rule.

use geo_types::Coord;
use rustc_hash::{FxHashMap, FxHashSet};

use super::grid::{Grid, MOST_ERROR_M};
use crate::{
    crs::{CrsError, MetricCrs},
    domain::{Event, Plot, PlotId, Season, Sighting, SiteId, SiteLink},
};

/// The rule by which a plot joins a known place, with its version.
const NEAREST: &str = "nearest-within-2-sigma/1";
/// The rule by which a plot begins a new place.
const NEW: &str = "new/1";

/// Two positions nearer than this are one place however sure they are (DOMAIN §1.5, rule 12).
const LEAST_REACH_M: f64 = 30.0;

struct Known {
    site: SiteId,
    season: Season,
    metric: Coord<f64>,
    error: f64,
}

/// What linking gave.
pub struct Linked {
    /// The links, as events to append.
    pub links: Vec<Event>,
    /// Plots within reach of a place that only younger plots, known before, have joined: links are
    /// not made backwards.
    pub late: Vec<PlotId>,
}

/// Links for the plots in `events` that have none yet.
///
/// A plot joins the nearest place of an *earlier* season within max(30 m, 2 √(σa² + σb²)) that no
/// other plot of its own season has joined; else it begins a new place. Positions with σ ≥ 50 m
/// always begin one. Plots of one season are never joined: possible duplicates are a person's to
/// decide. Order: by season, date, id; so the order of rows is nothing.
///
/// # Errors
///
/// [`CrsError`] for a position that the metric CRS does not reach.
pub fn link_sites<'p>(
    events: &[Event],
    known: impl Iterator<Item = &'p Plot>,
    metric: MetricCrs,
) -> Result<Linked, CrsError> {
    let linked: FxHashSet<&PlotId> = events
        .iter()
        .filter_map(
            |event| if let Event::SiteLinked(link) = event { Some(&link.plot) } else { None },
        )
        .collect();
    let mut places: Vec<Known> = Vec::new();
    let mut settled: FxHashSet<PlotId> = FxHashSet::default();
    for plot in known {
        if let Some(site) = &plot.site {
            settled.insert(plot.id.clone());
            places.push(Known {
                site: site.clone(),
                season: plot.season,
                metric: plot.position.coord(),
                error: plot.error.get(),
            });
        }
    }
    let mut fresh: Vec<&Sighting> = best_sightings(events)
        .into_iter()
        .filter(|it| !linked.contains(&it.plot) && !settled.contains(&it.plot))
        .collect();
    fresh.sort_by(|a, b| {
        (a.season, a.date, &a.plot, &a.source).cmp(&(b.season, b.date, &b.plot, &b.source))
    });

    let mut coords: Vec<Coord<f64>> = places.iter().map(|place| place.metric).collect();
    coords.extend(fresh.iter().map(|it| it.position.coord()));
    metric.to_metric(&mut coords)?;
    let mut grid = Grid::default();
    let mut taken: FxHashSet<(SiteId, Season)> = FxHashSet::default();
    for (index, place) in places.iter_mut().enumerate() {
        place.metric = coords[index];
        grid.put(place.metric, index);
        taken.insert((place.site.clone(), place.season));
    }
    let offset = places.len();
    let mut links = Vec::with_capacity(fresh.len());
    let mut late = Vec::new();
    for (index, sighting) in fresh.iter().enumerate() {
        let here = coords[offset + index];
        let error = sighting.error.unwrap_or_else(|| sighting.by.default_error()).get();
        let nearest = nearest(here, error, sighting.season, &places, &grid, &taken);
        let (site, rule) = nearest.map_or_else(
            || (SiteId(format!("S-{}", sighting.plot)), NEW),
            |found| (places[found].site.clone(), NEAREST),
        );
        let younger = |place: &Known| {
            place.season > sighting.season && place.site != site && reaches(place, here, error)
        };
        // What lies before `offset` was known before this file; plots of the file link forwards.
        if grid.around(here).any(|index| index < offset && younger(&places[index])) {
            late.push(sighting.plot.clone());
        }
        taken.insert((site.clone(), sighting.season));
        grid.put(here, places.len());
        places.push(Known { site: site.clone(), season: sighting.season, metric: here, error });
        links.push(Event::SiteLinked(SiteLink {
            plot: sighting.plot.clone(),
            site,
            date: sighting.date,
            rule: rule.to_owned(),
            source: sighting.source.clone(),
        }));
    }
    Ok(Linked { links, late })
}

/// Of every plot the sighting that its position will be taken from.
pub(super) fn best_sightings(events: &[Event]) -> Vec<&Sighting> {
    let mut best: FxHashMap<&PlotId, &Sighting> = FxHashMap::default();
    for event in events {
        let Event::PlotSighted(sighting) = event else { continue };
        let error = |it: &Sighting| it.error.unwrap_or_else(|| it.by.default_error()).get();
        best.entry(&sighting.plot)
            .and_modify(|known| {
                let order = error(sighting)
                    .total_cmp(&error(known))
                    .then_with(|| known.date.cmp(&sighting.date))
                    .then_with(|| sighting.source.cmp(&known.source));
                if order.is_lt() {
                    *known = sighting;
                }
            })
            .or_insert(sighting);
    }
    best.into_values().collect()
}

/// Whether two positions are near enough to be one place.
fn reaches(place: &Known, here: Coord<f64>, error: f64) -> bool {
    let reach = LEAST_REACH_M.max(2.0 * place.error.hypot(error));
    error < MOST_ERROR_M && place.error < MOST_ERROR_M && distance(place, here) <= reach
}

fn distance(place: &Known, here: Coord<f64>) -> f64 {
    (place.metric.x - here.x).hypot(place.metric.y - here.y)
}

fn nearest(
    here: Coord<f64>,
    error: f64,
    season: Season,
    places: &[Known],
    grid: &Grid,
    taken: &FxHashSet<(SiteId, Season)>,
) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for index in grid.around(here) {
        let place = &places[index];
        if place.season >= season
            || !reaches(place, here, error)
            || taken.contains(&(place.site.clone(), season))
        {
            continue;
        }
        let distance = distance(place, here);
        let nearer = best.is_none_or(|(least, index)| {
            distance < least || (distance == least && place.site < places[index].site)
        });
        if nearer {
            best = Some((distance, index));
        }
    }
    best.map(|(_, index)| index)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Metres, Position, RecordRef, SightingSource};

    fn sighting(id: &str, year: i16, lon: f64, lat: f64, error: u32) -> Event {
        let date = date(year, 2, 20);
        Event::PlotSighted(Sighting {
            plot: PlotId(id.into()),
            season: Season::of(date),
            date,
            by: SightingSource::Sweep,
            position: Position::new(lon, lat).unwrap(),
            error: Some(Metres::whole(error)),
            outline: None,
            stage: None,
            source: RecordRef { dataset: "test".into(), record: id.into() },
        })
    }

    fn site_of(links: &[Event], plot: &str) -> String {
        links
            .iter()
            .find_map(|event| match event {
                Event::SiteLinked(link) if link.plot.0 == plot => Some(link.site.0.clone()),
                _ => None,
            })
            .unwrap()
    }

    fn link(events: &[Event]) -> Vec<Event> {
        link_sites(events, std::iter::empty(), MetricCrs::new(3405).unwrap()).unwrap().links
    }

    #[test]
    fn the_same_ground_in_a_later_season_is_the_same_place() {
        // 0.0002° of longitude are about 20 m here.
        let mut events = vec![
            sighting("b", 2025, 103.0002, 22.0, 5),
            sighting("a", 2024, 103.0, 22.0, 5),
            sighting("far", 2025, 103.01, 22.0, 5),
        ];
        let links = link(&events);
        assert_eq!(site_of(&links, "a"), "S-a");
        assert_eq!(site_of(&links, "b"), "S-a");
        assert_eq!(site_of(&links, "far"), "S-far");
        events.reverse();
        assert_eq!(link(&events), links, "the order of rows is nothing");
    }

    #[test]
    fn plots_of_one_season_are_never_joined() {
        let events = [
            sighting("a", 2024, 103.0, 22.0, 5),
            sighting("b", 2025, 103.0, 22.0, 5),
            sighting("c", 2025, 103.0001, 22.0, 5),
        ];
        let links = link(&events);
        assert_eq!(site_of(&links, "b"), "S-a");
        assert_eq!(site_of(&links, "c"), "S-c");
    }

    #[test]
    fn a_vague_position_decides_nothing() {
        let events = [sighting("a", 2024, 103.0, 22.0, 5), sighting("b", 2025, 103.0, 22.0, 250)];
        assert_eq!(site_of(&link(&events), "b"), "S-b");
    }
}

//! What a file tells that another data set may have told already.
//!
//! The same file under another name would double a season without a word. Nothing is merged or
//! refused here: two plots side by side may be two plots, and only a person can tell.

use geo_types::Coord;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    grid::{Grid, MOST_ERROR_M},
    sites::best_sightings,
};
use crate::{
    crs::{CrsError, MetricCrs},
    domain::{Event, PatrolLeg, Plot, PlotId},
};

/// Two plots of one season nearer than this may be one however sure their positions are.
const LEAST_REACH_M: f64 = 25.0;

/// How many are named; the others are counted.
const EXAMPLES: usize = 5;

/// Something of this file that may be known already.
pub(super) struct Double {
    /// Its id in this file.
    pub(super) here: String,
    /// The id that it is known under.
    pub(super) there: String,
    /// The data set that told it.
    pub(super) dataset: String,
}

/// Plots of `events` that lie within max(25 m, 2 √(σa² + σb²)) of a plot of the same season that
/// another data set told, the nearest for each, by id. Where a σ is 50 m or more, 25 m count: such
/// a position would reach half the valley, but the same one twice is still the same.
///
/// # Errors
///
/// [`CrsError`] for a position that the metric CRS does not reach.
pub(super) fn doubled_plots<'p>(
    events: &[Event],
    known: impl Iterator<Item = &'p Plot>,
    metric: MetricCrs,
) -> Result<Vec<Double>, CrsError> {
    let mut sighted = best_sightings(events);
    sighted.sort_by_key(|it| &it.plot);
    let here: FxHashSet<&PlotId> = sighted.iter().map(|it| &it.plot).collect();
    let datasets: FxHashSet<&str> = sighted.iter().map(|it| it.source.dataset.as_str()).collect();
    let known: Vec<&Plot> = known
        .filter(|plot| plot.rejected.is_none() && !here.contains(&plot.id))
        .filter(|plot| !datasets.contains(plot.dataset.as_str()))
        .collect();
    let mut places: Vec<Coord<f64>> = known.iter().map(|plot| plot.position.coord()).collect();
    places.extend(sighted.iter().map(|it| it.position.coord()));
    metric.to_metric(&mut places)?;
    let (places, asked) = places.split_at(known.len());
    let mut grid = Grid::default();
    for (index, place) in places.iter().enumerate() {
        grid.put(*place, index);
    }
    let doubles = sighted.iter().zip(asked).filter_map(|(sighting, asked)| {
        let error = sighting.error.unwrap_or_else(|| sighting.by.default_error()).get();
        let near = grid.around(*asked).filter_map(|index| {
            let (plot, place) = (known[index], places[index]);
            let distance = (place.x - asked.x).hypot(place.y - asked.y);
            let within = distance <= reach(error, plot.error.get());
            (within && plot.season == sighting.season).then_some((distance, plot))
        });
        let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        nearest.map(|(_, plot)| Double {
            here: sighting.plot.to_string(),
            there: plot.id.to_string(),
            dataset: plot.dataset.clone(),
        })
    });
    Ok(doubles.collect())
}

fn reach(a: f64, b: f64) -> f64 {
    if a < MOST_ERROR_M && b < MOST_ERROR_M {
        LEAST_REACH_M.max(2.0 * a.hypot(b))
    } else {
        LEAST_REACH_M
    }
}

/// Tracks of `events` that another data set told with the same date and geometry, in their order.
pub(super) fn doubled_tracks<'l>(
    events: &[Event],
    known: impl Iterator<Item = &'l PatrolLeg>,
) -> Vec<Double> {
    let mut by_start: FxHashMap<_, Vec<&PatrolLeg>> = FxHashMap::default();
    for leg in known {
        by_start.entry(start(leg)).or_default().push(leg);
    }
    let doubles = events.iter().filter_map(|event| {
        let Event::LegWalked(leg) = event else { return None };
        let same = by_start.get(&start(leg))?.iter().find(|other| {
            other.source.dataset != leg.source.dataset
                && other.date == leg.date
                && other.track == leg.track
        })?;
        Some(Double {
            here: leg.id.clone(),
            there: same.id.clone(),
            dataset: same.source.dataset.clone(),
        })
    });
    doubles.collect()
}

/// The first vertex, to the bit: few tracks begin on the same one.
fn start(leg: &PatrolLeg) -> Option<(u64, u64)> {
    let first = leg.track.0.iter().next()?.0.first()?;
    Some((first.x.to_bits(), first.y.to_bits()))
}

/// A warning about `doubles`; `None` without any. `what` names them with what they share.
pub(super) fn told(doubles: &[Double], what: &str) -> Option<String> {
    if doubles.is_empty() {
        return None;
    }
    let mut examples: Vec<String> = doubles
        .iter()
        .take(EXAMPLES)
        .map(|it| format!("{} is perhaps {} of data set {}", it.here, it.there, it.dataset))
        .collect();
    if doubles.len() > EXAMPLES {
        examples.push(format!("and {} more", doubles.len() - EXAMPLES));
    }
    Some(format!(
        "{} {what} another data set told already; nothing was merged: {}",
        doubles.len(),
        examples.join("; ")
    ))
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiLineString, line_string};
    use jiff::civil::date;

    use super::*;
    use crate::domain::{
        CountryPack, Metres, PlotFacts, Position, RecordRef, Season, Sighting, SightingSource,
        Track, resolve,
    };

    fn source(dataset: &str, record: &str) -> RecordRef {
        RecordRef { dataset: dataset.into(), record: record.into() }
    }

    /// 0.0001° of longitude are about 10 m here.
    fn sighting(dataset: &str, id: &str, year: i16, lon: f64, error: u32) -> Sighting {
        let date = date(year, 2, 20);
        Sighting {
            plot: PlotId(id.into()),
            season: Season::of(date),
            date,
            by: SightingSource::Sweep,
            position: Position::new(lon, 22.0).unwrap(),
            error: Some(Metres::whole(error)),
            outline: None,
            stage: None,
            source: source(dataset, id),
        }
    }

    fn known(sighting: Sighting) -> Plot {
        let id = sighting.plot.clone();
        let facts = PlotFacts { sightings: vec![sighting], ..PlotFacts::default() };
        resolve(1, &id, &facts, &CountryPack::lai_chau()).unwrap()
    }

    fn doubles(known: &Plot, sighting: Sighting) -> usize {
        let events = [Event::PlotSighted(sighting)];
        let metric = MetricCrs::new(3405).unwrap();
        doubled_plots(&events, std::iter::once(known), metric).unwrap().len()
    }

    #[test]
    fn only_another_data_set_in_the_same_season_within_reach() {
        let plot = known(sighting("a", "a-1", 2025, 103.0, 5));
        assert_eq!(doubles(&plot, sighting("b", "b-1", 2025, 103.0002, 5)), 1);
        assert_eq!(doubles(&plot, sighting("b", "b-1", 2025, 103.0003, 5)), 0, "31 m away");
        assert_eq!(doubles(&plot, sighting("b", "b-1", 2025, 103.0003, 20)), 1, "41 m of error");
        assert_eq!(doubles(&plot, sighting("b", "b-1", 2024, 103.0, 5)), 0, "another season");
        assert_eq!(doubles(&plot, sighting("a", "a-2", 2025, 103.0, 5)), 0, "the same data set");
        assert_eq!(doubles(&plot, sighting("b", "a-1", 2025, 103.0, 5)), 0, "the same plot");
        let mut rejected = plot;
        rejected.rejected = Some((date(2025, 3, 1), crate::domain::RejectionReason::NotPoppy));
        assert_eq!(doubles(&rejected, sighting("b", "b-1", 2025, 103.0, 5)), 0, "rejected");
    }

    #[test]
    fn a_vague_position_doubles_only_what_lies_beside_it() {
        let plot = known(sighting("a", "a-1", 2025, 103.0, 250));
        assert_eq!(doubles(&plot, sighting("b", "b-1", 2025, 103.0, 250)), 1);
        assert_eq!(doubles(&plot, sighting("b", "b-1", 2025, 103.001, 250)), 0);
    }

    #[test]
    fn a_track_of_the_same_day_and_line_is_told() {
        let leg = |dataset: &str, day: i8, lon: f64| PatrolLeg {
            id: format!("{dataset}-1"),
            season: Season::of(date(2025, 2, day)),
            date: date(2025, 2, day),
            team: None,
            track: Track(MultiLineString(vec![
                line_string![(x: 103.0, y: 22.0), (x: lon, y: 22.1)],
            ])),
            walked: None,
            sweep_width: None,
            source: source(dataset, "1"),
        };
        let first = leg("a", 3, 103.1);
        let doubles = |leg| doubled_tracks(&[Event::LegWalked(leg)], std::iter::once(&first)).len();
        assert_eq!(doubles(leg("b", 3, 103.1)), 1);
        assert_eq!(doubles(leg("a", 3, 103.1)), 0, "the same data set");
        assert_eq!(doubles(leg("b", 4, 103.1)), 0, "another day");
        assert_eq!(doubles(leg("b", 3, 103.2)), 0, "another line");
    }
}

//! Tables with a row a place and season: each place once, each time once, and what is known.

use std::collections::BTreeMap;

use crate::app::analyse::{
    AnalyseError, Job,
    job::{TimeKind, Times},
};

/// Places by times.
pub(super) struct Series {
    /// The places' ids, ascending.
    pub(super) ids: Vec<String>,
    /// For each place the unit (row) that tells where it is: the first in the file.
    pub(super) units: Vec<usize>,
    /// For each place its rank among the places as the file first names them.
    pub(super) ranks: Vec<usize>,
    /// What the times are.
    pub(super) kind: TimeKind,
    /// The times, ascending; seasons without a gap.
    pub(super) times: Vec<f64>,
    /// Time after time a value for each place; unknown where there is no row or an empty cell.
    pub(super) values: Vec<Vec<Option<f64>>>,
    /// Rows without a time.
    pub(super) without_time: usize,
}

impl Series {
    /// From the columns of `--time` and `--value`.
    pub(super) fn of(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let Times { kind, values: when } = job.times("time")?;
        let values = job.values("value")?;
        let (ids, units, place_of) = places(job);
        let mut known: BTreeMap<(u64, usize), usize> = BTreeMap::new();
        let mut times: Vec<f64> = when.iter().flatten().copied().collect();
        times.sort_unstable_by(f64::total_cmp);
        times.dedup();
        if kind == TimeKind::Season
            && let [first, .., last] = times[..]
        {
            // A season in which nobody looked anywhere is a season all the same.
            let years = first as i32..=last as i32;
            times = years.map(f64::from).collect();
        }
        let at = |time: f64| times.partition_point(|other| *other < time);
        let mut table = vec![vec![None; ids.len()]; times.len()];
        let column = job.input.column("time", job.needed("time")?)?;
        for (unit, time) in when.iter().enumerate() {
            let Some(time) = *time else { continue };
            let (season, place) = (at(time), place_of[unit]);
            if let Some(other) = known.insert((season as u64, place), unit) {
                let detail = format!(
                    "`{}` has {} in row {} too: one row a place and time",
                    ids[place],
                    kind.shown(time),
                    job.input.row(other)
                );
                return Err(job.input.wrong(unit, column, detail));
            }
            table[season][place] = values[unit];
        }
        let without_time = when.iter().filter(|time| time.is_none()).count();
        let ranks = ranks(job, &units);
        Ok(Self { ids, units, ranks, kind, times, values: table, without_time })
    }

    /// From several columns, one a time: a row a place.
    pub(super) fn wide(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let names: Vec<&str> = job.needed("values")?.split(',').map(str::trim).collect();
        let seasons: Option<Vec<f64>> = names
            .iter()
            .map(|name| name.parse::<crate::domain::Season>().ok())
            .map(|season| season.map(|season| f64::from(season.start_year())))
            .collect();
        let kind = if seasons.is_some() { TimeKind::Season } else { TimeKind::Number };
        let times = seasons.unwrap_or_else(|| (0..names.len()).map(|place| place as f64).collect());
        if !times.is_sorted_by(|a, b| a < b) {
            return Err(AnalyseError::flag("values", "name the earliest season first"));
        }
        let (ids, units, _) = places(job);
        if ids.len() < job.input.len() {
            let why = "names one column a season, but an id stands in several rows: with a row a \
                       place and season use --value and --time";
            return Err(AnalyseError::flag("values", why));
        }
        let each = names.iter().map(|name| {
            let column = job.input.column("values", name)?;
            let number = |unit: &usize| job.input.number(*unit, column);
            let values = units.iter().map(number).collect::<Result<Vec<_>, _>>()?;
            job.input.look_at(column, &values);
            Ok(values)
        });
        let values = each.collect::<Result<_, AnalyseError>>()?;
        let ranks = ranks(job, &units);
        Ok(Self { ids, units, ranks, kind, times, values, without_time: 0 })
    }

    /// One place through the times.
    pub(super) fn row(&self, place: usize) -> Vec<Option<f64>> {
        self.values.iter().map(|season| season[place]).collect()
    }

    /// What the asker should know about rows that were left out.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.without_time > 0 {
            warnings.push(format!("{} rows without a time are left out", self.without_time));
        }
        warnings
    }
}

/// The ids of the places, the unit of each that comes first in the file, and the place of each
/// unit. Units are sorted by id.
fn places(job: &Job<'_>) -> (Vec<String>, Vec<usize>, Vec<usize>) {
    let (mut ids, mut units, mut place_of) = (Vec::<String>::new(), Vec::new(), Vec::new());
    for (unit, id) in job.ids().iter().enumerate() {
        if ids.last() != Some(id) {
            ids.push(id.clone());
            units.push(unit);
        }
        place_of.push(ids.len() - 1);
        let first = &mut units[ids.len() - 1];
        if job.input.order()[unit] < job.input.order()[*first] {
            *first = unit;
        }
    }
    (ids, units, place_of)
}

/// The rank of each place among all, as the file first names them.
fn ranks(job: &Job<'_>, units: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|place| job.input.order()[units[*place]]);
    let mut ranks = vec![0; units.len()];
    for (rank, place) in order.into_iter().enumerate() {
        ranks[place] = rank;
    }
    ranks
}

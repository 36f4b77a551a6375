//! The table that a scan reads: cases and what they are held against, by place and period.

use std::collections::BTreeMap;

use geo_types::Coord;

use crate::app::analyse::{
    AnalyseError, Job,
    job::{TimeKind, Times},
};

/// The most periods: a scan of more is a mistaken column.
const MOST_PERIODS: f64 = 1000.0;

/// Cases and their ground by place and period, of places where somebody looked at all.
pub(super) struct Table {
    /// The places' ids, ascending.
    pub(super) ids: Vec<String>,
    /// For each place the unit (row) that tells where it is.
    pub(super) units: Vec<usize>,
    /// Where the places are, where all are known.
    pub(super) at: Option<Vec<Coord<f64>>>,
    /// The first period and what periods are; `None` without `--time`.
    pub(super) time: Option<(f64, TimeKind)>,
    pub(super) periods: usize,
    /// Place by place, its periods together; 0 where nobody looked.
    pub(super) cases: Vec<u32>,
    /// Population or controls, likewise.
    pub(super) ground: Vec<f64>,
    pub(super) warnings: Vec<String>,
    /// Every place that the file names, in the order in which it first names them: its number
    /// here, or none where nobody looked.
    pub(super) in_file: Vec<Option<usize>>,
}

/// One row that says enough.
struct Row {
    unit: usize,
    place: usize,
    time: f64,
    cases: u32,
    ground: f64,
}

impl Table {
    /// `ground`: the flag of what cases are held against, if the model has any.
    pub(super) fn read(job: &Job<'_>, ground: Option<&'static str>) -> Result<Self, AnalyseError> {
        let alias = job.text("cases").is_none() && job.text("value").is_some();
        let flag = if alias { "value" } else { "cases" };
        let cases = job.values(flag)?;
        let grounds = ground.map(|flag| job.values(flag)).transpose()?;
        let times = job.text("time").map(|_| job.times("time")).transpose()?;
        let (names, name_of) = names(job);
        let (mut rows, mut unknown, mut timeless) = (Vec::new(), 0, 0);
        for unit in 0..job.input.len() {
            let time = times.as_ref().map_or(Some(0.0), |times| times.values[unit]);
            let held = grounds.as_ref().map_or(Some(0.0), |grounds| grounds[unit]);
            let Some(time) = time else {
                timeless += 1;
                continue;
            };
            let (Some(count), Some(held)) = (cases[unit], held) else {
                unknown += 1;
                continue;
            };
            let count = whole(job, unit, flag, count)?;
            if ground == Some("controls") {
                whole(job, unit, "controls", held)?;
            }
            rows.push(Row { unit, place: name_of[unit], time, cases: count, ground: held });
        }
        let (first, periods) = periods(job, times.as_ref(), &rows)?;
        once_each(job, &rows, times.as_ref())?;
        let mut table = Self {
            ids: Vec::new(),
            units: Vec::new(),
            at: None,
            time: times.map(|times| (first, times.kind)),
            periods,
            cases: Vec::new(),
            ground: Vec::new(),
            warnings: warnings(unknown, timeless),
            in_file: Vec::new(),
        };
        table.fill(job, &names, &rows, first);
        let empty = table.ids.len() * periods - rows.len();
        if empty > 0 {
            table.warnings.push(format!(
                "{empty} of {} pairs of place and period have no row that says enough: nothing is \
                 expected there",
                table.ids.len() * periods
            ));
        }
        table.find_places(job);
        Ok(table)
    }

    fn fill(&mut self, job: &Job<'_>, names: &[(String, usize)], rows: &[Row], first: f64) {
        let mut looked = vec![false; names.len()];
        for row in rows {
            looked[row.place] = true;
        }
        let mut number = vec![None; names.len()];
        for (place, (id, unit)) in names.iter().enumerate() {
            if looked[place] {
                number[place] = Some(self.ids.len());
                self.ids.push(id.clone());
                self.units.push(*unit);
            }
        }
        self.cases = vec![0; self.ids.len() * self.periods];
        self.ground = vec![0.0; self.cases.len()];
        for row in rows {
            if let Some(place) = number[row.place] {
                let cell = place * self.periods + (row.time - first) as usize;
                self.cases[cell] = row.cases;
                self.ground[cell] = row.ground;
            }
        }
        let mut in_file: Vec<usize> = (0..names.len()).collect();
        in_file.sort_by_key(|place| job.input.order()[names[*place].1]);
        self.in_file = in_file.into_iter().map(|place| number[place]).collect();
    }

    fn find_places(&mut self, job: &Job<'_>) {
        let Some(points) = job.input.positions() else { return };
        self.at = self.units.iter().map(|unit| points[*unit]).collect();
    }

    /// A period in words; nothing where the file has no times.
    pub(super) fn period(&self, number: usize) -> Option<String> {
        self.time.map(|(first, kind)| kind.shown(first + number as f64))
    }
}

/// Every id once, ascending, with the unit of it that comes first in the file; and for each unit
/// which of these it is.
fn names(job: &Job<'_>) -> (Vec<(String, usize)>, Vec<usize>) {
    let (mut names, mut name_of) = (Vec::<(String, usize)>::new(), Vec::new());
    for (unit, id) in job.ids().iter().enumerate() {
        if names.last().is_none_or(|(last, _)| last != id) {
            names.push((id.clone(), unit));
        }
        name_of.push(names.len() - 1);
        if let Some((_, first)) = names.last_mut()
            && job.input.order()[unit] < job.input.order()[*first]
        {
            *first = unit;
        }
    }
    (names, name_of)
}

/// A count of 0 or more.
fn whole(job: &Job<'_>, unit: usize, flag: &'static str, value: f64) -> Result<u32, AnalyseError> {
    if value >= 0.0 && value.fract() == 0.0 && value <= f64::from(u32::MAX) {
        return Ok(value as u32);
    }
    let column = job.input.column(flag, job.needed(flag)?)?;
    Err(job.input.wrong(unit, column, format!("`{value}` is no count: 0, 1, 2 and so on")))
}

/// The first period, and how many there are without a gap.
fn periods(
    job: &Job<'_>,
    times: Option<&Times>,
    rows: &[Row],
) -> Result<(f64, usize), AnalyseError> {
    let Some(times) = times else { return Ok((0.0, 1)) };
    if times.kind == TimeKind::Day {
        return Err(AnalyseError::flag(
            "time",
            "names dates, and a scan needs periods of equal length: give a column with the season \
             (2018-2019), or the year or month as a whole number",
        ));
    }
    let column = job.input.column("time", job.needed("time")?)?;
    if let Some(row) = rows.iter().find(|row| row.time.fract() != 0.0) {
        let detail = format!("`{}` is no whole number: number the periods 1, 2, 3", row.time);
        return Err(job.input.wrong(row.unit, column, detail));
    }
    let first = rows.iter().map(|row| row.time).fold(f64::INFINITY, f64::min);
    let last = rows.iter().map(|row| row.time).fold(f64::NEG_INFINITY, f64::max);
    if rows.is_empty() {
        return Ok((0.0, 1));
    }
    if last - first >= MOST_PERIODS {
        let detail = format!(
            "from {first} to {last} there are more than {MOST_PERIODS} periods; number them 1, 2, 3"
        );
        return Err(AnalyseError::flag("time", detail));
    }
    Ok((first, (last - first) as usize + 1))
}

/// One row a place and period.
fn once_each(job: &Job<'_>, rows: &[Row], times: Option<&Times>) -> Result<(), AnalyseError> {
    let mut seen = BTreeMap::new();
    for row in rows {
        let Some(other) = seen.insert((row.place, row.time as i64), row.unit) else { continue };
        let id = &job.ids()[row.unit];
        let there = job.input.row(other);
        let Some(times) = times else {
            return Err(AnalyseError::Input(format!(
                "`{id}` stands in row {there} too: one row a place, or name the period with --time"
            )));
        };
        let column = job.input.column("time", job.needed("time")?)?;
        let period = times.kind.shown(row.time);
        let detail = format!("`{id}` has {period} in row {there} too: one row a place and period");
        return Err(job.input.wrong(row.unit, column, detail));
    }
    Ok(())
}

fn warnings(unknown: usize, timeless: usize) -> Vec<String> {
    let told = [
        (unknown, "rows with an unknown number are left out: nobody looked there"),
        (timeless, "rows without a time are left out"),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    told.map(|(count, words)| format!("{count} {words}")).collect()
}

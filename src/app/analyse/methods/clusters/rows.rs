//! The table that the methods of clusters share: a row a point, or a row a cluster.

use geo_types::{Coord, Geometry, Point};

use crate::{
    analysis::clusters::{
        hull::{Hull, Sums, hull, sums},
        points::Points,
    },
    app::analyse::{AnalyseError, Cell, Column, Job, Opt, Outcome, job::Times},
};

pub(super) const ROWS: Opt = Opt::new(
    "rows",
    "points|clusters",
    "A row a point, or a row a cluster (as GeoJSON its hull, or its middle where it has none)",
)
.or("points");

pub(super) const VALUE: Opt = Opt::new(
    "value",
    "FIELD",
    "A column to add up over a cluster, such as an area; an empty cell is unknown, never 0",
);

pub(super) const TIME: Opt = Opt::new(
    "time",
    "FIELD",
    "The column with the time, for the first and last of a cluster: seasons, dates, or numbers",
);

pub(super) const ID: Column =
    Column::new("id", "The point; of a cluster the point nearest to its middle");
pub(super) const X: Column = Column::new(
    "x",
    "Where it is in the plane of measurement; of a cluster the mean of its points",
);
pub(super) const Y: Column = Column::new("y", "As x");
pub(super) const CLUSTER: Column =
    Column::new("cluster", "The cluster, numbered from 0 by its lowest id; empty for noise");
pub(super) const CORE: Column =
    Column::new("core", "Whether enough points lie around the point; empty for a cluster");
pub(super) const BORDER: Column = Column::new(
    "border",
    "Whether the point only lies near a core point (it goes to the nearest, then the lowest id); empty for a cluster",
);
pub(super) const OF_TIME: Column =
    Column::new("time", "The time as it was read; empty without --time, and for a cluster");
pub(super) const POINTS: Column =
    Column::new("points", "How many points its cluster has; empty for noise");
pub(super) const AREA: Column = Column::new(
    "hull_area",
    "Area of its cluster's convex hull in square units of the plane; empty for noise and for fewer than three points that are not in line",
);
pub(super) const VALUES: Column = Column::new(
    "value",
    "Sum of the known --value in its cluster; empty for noise, without --value, and where none is known",
);
pub(super) const UNMEASURED: Column = Column::new(
    "unmeasured",
    "Points of its cluster whose --value is unknown; empty for noise and without --value",
);
pub(super) const FIRST: Column =
    Column::new("first", "The earliest --time in its cluster; empty where none is known");
pub(super) const LAST: Column =
    Column::new("last", "The latest --time in its cluster; empty where none is known");

/// What is asked of every point besides its cluster.
pub(super) struct Asked {
    pub(super) points: Vec<Coord<f64>>,
    values: Option<Vec<Option<f64>>>,
    pub(super) times: Option<Times>,
    by_cluster: bool,
}

impl Asked {
    pub(super) fn of(job: &Job<'_>) -> Result<Self, AnalyseError> {
        let by_cluster = job.word("rows", &["points", "clusters"], |word| match word {
            "points" => Some(false),
            "clusters" => Some(true),
            _ => None,
        })?;
        Ok(Self {
            points: job.points()?,
            values: job.text("value").map(|_| job.values("value")).transpose()?,
            times: job.text("time").map(|_| job.times("time")).transpose()?,
            by_cluster: by_cluster == Some(true),
        })
    }

    /// The points, proven to be finite.
    pub(super) fn proven(&self) -> Result<Points<'_>, AnalyseError> {
        Points::new(&self.points).map_err(|error| AnalyseError::Input(error.to_string()))
    }
}

/// What a method found, in the table's words.
pub(super) struct Found<'a> {
    /// By unit its cluster.
    pub(super) cluster: &'a [Option<u32>],
    /// By cluster its members, ascending.
    pub(super) members: Vec<Vec<usize>>,
    /// Between `cluster` and `points`: of a point (`Ok`) or a cluster (`Err`).
    pub(super) own: &'a dyn Fn(Result<usize, usize>) -> Vec<Cell>,
    /// Why a point has no cluster.
    pub(super) reason: &'a dyn Fn(usize) -> Option<&'static str>,
}

/// Rows of the columns id, x, y, cluster, those of the method, time, reason, points, `hull_area`,
/// value, unmeasured, first, last.
pub(super) fn outcome(job: &Job<'_>, asked: &Asked, found: &Found<'_>) -> Outcome {
    let Ok(points) = asked.proven() else { return Outcome::default() };
    let nothing = vec![None; asked.points.len()];
    let values = asked.values.as_ref().unwrap_or(&nothing);
    let times = asked.times.as_ref().map_or(&nothing, |times| &times.values);
    let grounds: Vec<(Option<Hull>, Sums)> = found
        .members
        .iter()
        .map(|members| (hull(points, members), sums(members, values, times)))
        .collect();
    let shown = |time: f64| asked.times.as_ref().map(|times| times.kind.shown(time));
    let of_cluster = |cluster: Option<usize>| -> Vec<Cell> {
        let Some((hull, sums)) = cluster.map(|cluster| &grounds[cluster]) else {
            return vec![Cell::Null; 6];
        };
        let measured = asked.values.is_some();
        vec![
            sums.count.into(),
            hull.as_ref().and_then(|hull| hull.area).into(),
            sums.measure.into(),
            measured.then_some(sums.unmeasured).into(),
            sums.span.and_then(|(first, _)| shown(first)).into(),
            sums.span.and_then(|(_, last)| shown(last)).into(),
        ]
    };
    let row = |id: usize, at: Coord<f64>, cluster: Option<usize>, which, time, reason| {
        let mut row: Vec<Cell> =
            vec![job.ids()[id].clone().into(), at.x.into(), at.y.into(), cluster.into()];
        row.extend((found.own)(which));
        row.push(time);
        row.push(Cell::from(reason));
        row.extend(of_cluster(cluster));
        row
    };
    if asked.by_cluster {
        let each = grounds.iter().enumerate().filter_map(|(cluster, (hull, _))| {
            let hull = hull.as_ref()?;
            let reason = hull.area.is_none().then_some("no-hull");
            let row =
                row(hull.central, hull.centre, Some(cluster), Err(cluster), Cell::Null, reason);
            let middle = || Geometry::Point(Point(hull.centre));
            Some((row, Some(hull.outline.clone().map_or_else(middle, Geometry::Polygon))))
        });
        let (rows, shapes) = each.unzip();
        return Outcome { rows, shapes: Some(shapes), ..Outcome::default() };
    }
    let rows = (0..asked.points.len()).map(|unit| {
        let cluster = found.cluster[unit].map(|cluster| cluster as usize);
        let time = times[unit].and_then(shown).into();
        row(unit, asked.points[unit], cluster, Ok(unit), time, (found.reason)(unit))
    });
    Outcome { rows: rows.collect(), by_unit: true, ..Outcome::default() }
}

/// The least number of points that a flag asks for.
pub(super) fn size(job: &Job<'_>, flag: &'static str) -> Result<Option<usize>, AnalyseError> {
    // More than any file has is the same as the most that can be counted.
    Ok(job.whole(flag)?.map(|size| usize::try_from(size).unwrap_or(usize::MAX)))
}

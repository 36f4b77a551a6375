//! `analyse density`: how densely points lie, as a lattice, as lines around it, or one group against
//! another.

mod question;
mod rows;

use crate::app::analyse::{
    AnalyseError, Column, Job, Method, Opt, Outcome,
    options::{PERMUTATIONS, SEED},
};

/// The method.
pub(in crate::app::analyse) const METHOD: Method = Method {
    name: "density",
    about: "How densely do points lie? Kernel density per km2 on a lattice, as contours, or of one group against another",
    source: "Silverman (1986), Density estimation; Diggle (1985) for edges; Kelsall and Diggle (1995) for relative risk",
    options: &[
        Opt::new(
            "value",
            "FIELD",
            "The column with the weight of each point, such as hectares; without it each counts 1",
        ),
        Opt::new(
            "kernel",
            "quartic|epanechnikov|gaussian|uniform|triangular",
            "How a point is spread around its place",
        )
        .or("quartic"),
        Opt::new(
            "bandwidth",
            "METRES|scott|silverman|esri|ppl|diggle",
            "How far: the kernel's radius h (of the Gaussian its standard deviation), or the rule that finds it",
        )
        .or("scott"),
        Opt::new(
            "adaptive",
            "yes|no",
            "Narrower where points crowd, wider where they are lonely (Abramson 1982), around that bandwidth",
        )
        .or("no"),
        Opt::new("cell", "METRES", "The side of a cell; unless given a tenth to a twenty-fifth of the radius, at most 500 cells a side"),
        Opt::new(
            "edge",
            "none|uniform|diggle",
            "What a kernel spreads outside of --outline is given back: by the place, or by the point",
        )
        .or("none"),
        Opt::new(
            "outline",
            "FILE",
            "Polygons in which points were looked for; elsewhere nothing is said, and points there are left out",
        ),
        Opt::new(
            "contours",
            "volume|volume:0.5,…|iso:LEVEL,…|tolerance:0.05",
            "Lines in place of the lattice: around shares of the whole (25, 50, 75, 95 % unless given), at densities per \
             km2, or, with --against, around where one group has more, and less, at this p",
        ),
        Opt::new("label", "FIELD", "The column that tells groups of points apart, such as the season"),
        Opt::new("of", "LABEL", "With --label: the group asked about; the last by name unless given"),
        Opt::new("against", "LABEL", "With --label: the group it is compared with (relative risk)"),
        PERMUTATIONS.or("999"),
        SEED,
    ],
    columns: &[
        Column::new("x", "Where a cell's centre is, in the plane that the provenance names; empty for contours"),
        Column::new("y", "The same, y"),
        Column::measure(
            "density",
            "1/km2",
            "Points (or their weight) per km2; of a contour the density at its line; empty with --against",
        ),
        Column::new("share", "Of a volume contour: the share of the whole that lies inside it; of tolerance the p"),
        Column::measure("area_km2", "km2", "The ground inside a contour"),
        Column::new("points", "Points inside a contour; with --against those of --of"),
        Column::new(
            "log_ratio",
            "With --against: ln of (share of the one group)/(share of the other); empty where either has no point in reach",
        ),
        Column::new("p_upper", "With --against: (ge + 1)/(permutations + 1), pointwise; empty where neither has a point in reach"),
        Column::new("p_lower", "The same for as little or less"),
        Column::new("direction", "Of a tolerance contour: more or less"),
    ],
    summary: &[
        Column::new("kernel", "The kernel"),
        Column::new("rule", "How the bandwidth was found: given, scott, silverman, esri, ppl, diggle"),
        Column::measure("radius", "m", "The kernel's h; of an adaptive density that of the pilot"),
        Column::measure("sigma", "m", "Its standard deviation along an axis, which spatstat calls sigma"),
        Column::new("adaptive", "Whether each point has its own bandwidth"),
        Column::new("edge", "The edge correction"),
        Column::measure("cell", "m", "The side of a cell"),
        Column::new("columns", "Cells from west to east"),
        Column::new("rows", "Cells from south to north"),
        Column::measure("domain_km2", "km2", "The ground inside the outline; empty without one"),
        Column::new("spread", "The weight of the points that were spread"),
        Column::new("integral", "The sum of the density over the cells: spread, but for uniform edges"),
        Column::new("points", "Points that were spread"),
        Column::new("outside", "Points outside of the outline, left out"),
        Column::new("unknown", "Points of unknown weight or label, left out"),
        Column::new("against", "Points of the other group"),
        Column::new("permutations", "Shuffled maps of a comparison"),
        Column::new("seed", "The seed of a comparison"),
    ],
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let question = question::Question::of(job)?;
    if question.other.is_some() {
        rows::compared(job, &question)
    } else {
        Ok(rows::dense(&question))
    }
}

//! `analyse weights`: who is whose neighbour, to look at or to hand to another program.

use crate::{
    analysis::weights::Summary,
    app::analyse::{AnalyseError, Cell, Column, Job, Method, Opt, Outcome, options::WEIGHTS},
};

/// The method.
pub(super) const METHOD: Method = Method {
    name: "weights",
    about: "Who is whose neighbour, and how much of one",
    source: "Cliff and Ord (1981), Spatial processes, chapter 1",
    options: &[
        WEIGHTS.required(),
        Opt::new(
            "value",
            "FIELD",
            "Only between units with a number in this column, as the methods do that take --value: \
             without it knn:8 may name units whose value is not known, and a file of it answers \
             otherwise than --weights knn:8",
        ),
    ],
    columns: &[
        Column::new("i", "The unit's place in the file, from 0"),
        Column::new("j", "Its neighbour's place in the file, from 0"),
        Column::new("w", "The weight; links of weight 0 are not listed"),
        Column::new("id", "The unit's id"),
        Column::new("neighbour", "Its neighbour's id"),
    ],
    summary: &[
        Column::new("made", "How the weights were made"),
        Column::new("units", "How many units there are; with --value those that have one"),
        Column::new("links", "How many links there are"),
        Column::new("islands", "Units without a neighbour other than themselves"),
        Column::new("fewest", "Neighbours of the unit that has the fewest, itself not counted"),
        Column::new("mean", "Neighbours of a unit, on average"),
        Column::new("most", "Neighbours of the unit that has the most"),
        Column::new("components", "Parts that no link joins; a lone unit is one"),
        Column::new("symmetric", "Whether every link goes both ways with the same weight"),
        Column::new("s0", "The sum of all weights"),
    ],
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let mut known: Vec<usize> = (0..job.ids().len()).collect();
    if job.text("value").is_some() {
        let values = job.values("value")?;
        known.retain(|unit| values[*unit].is_some());
    }
    let (weights, made) = job.weights(&known)?;
    let ids: Vec<&String> = known.iter().map(|unit| &job.ids()[*unit]).collect();
    let order: Vec<usize> = known.iter().map(|unit| job.input.order()[*unit]).collect();
    let order = &order;
    let mut links: Vec<(usize, usize, f64, usize, usize)> = (0..weights.len())
        .flat_map(|i| weights.row(i).map(move |(j, w)| (order[i], order[j], w, i, j)))
        .collect();
    links.sort_by_key(|(i, j, ..)| (*i, *j));
    let rows = links.iter().map(|(i, j, w, from, to)| {
        vec![
            Cell::from(*i),
            Cell::from(*j),
            Cell::from(*w),
            Cell::from(ids[*from].clone()),
            Cell::from(ids[*to].clone()),
        ]
    });
    let rows = rows.collect();
    let whole = Summary::of(&weights);
    let warnings = [
        (whole.islands > 0).then(|| {
            format!(
                "{} of {} units have no neighbour: statistics of neighbourhoods say nothing of them",
                whole.islands, whole.units
            )
        }),
        (whole.components > whole.islands + 1).then(|| {
            format!("the units fall into {} parts that no link joins", whole.components)
        }),
    ];
    let summary = vec![
        made.into(),
        whole.units.into(),
        whole.links.into(),
        whole.islands.into(),
        whole.fewest.into(),
        whole.mean.into(),
        whole.most.into(),
        whole.components.into(),
        whole.symmetric.into(),
        weights.sums().s0.into(),
    ];
    let warnings = warnings.into_iter().flatten().collect();
    Ok(Outcome { rows, summary, warnings, ..Outcome::default() })
}

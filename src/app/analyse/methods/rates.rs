//! `analyse rates`: how much for how many, and how far a rate of few can be trusted.

use crate::{
    analysis::{
        chance::{
            draws::Draws,
            exact_interval::{Interval, binomial_interval},
            permutation::{Null, Statistic, weighted_counts},
            significance::adjusted,
        },
        global::moran::{global_moran, global_moran_shuffled},
        local::getis_ord::gi_star,
        rates::{
            Cases, LocalPrior, NoRate, Together, excess_risk, global_bayes, local_bayes,
            neighbourhoods, overall, prior, rate_interval, raw, spatial_rate, standardised,
            surprise,
        },
        weights::Weights,
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        columns::few_units,
        options::{PERMUTATIONS, SEED, WEIGHTS},
    },
};

/// The method.
pub(super) const METHOD: Method = Method {
    name: "rates",
    about: "Rates of small areas: raw, excess risk, empirical Bayes, standardised, exact intervals",
    source: "Marshall (1991), Mapping disease and mortality rates using empirical Bayes estimators; Assuncao and \
             Reis (1999), A new proposal to adjust Moran's I for population density; Choynowski (1959), Maps based \
             on probabilities; Garwood (1936); Clopper and Pearson (1934)",
    options: &[
        Opt::new("value", "FIELD", "The column with the events: plots, hectares, finds; empty is unknown")
            .required(),
        Opt::new(
            "population",
            "FIELD",
            "The column to divide by: ground, searched ground, households, effort; 0 gives no rate",
        )
        .required(),
        Opt {
            help: "Who is whose neighbour, as queen, knn:8, band:1500 or a FILE.csv of i,j,w; without it there are \
                   no local estimates and no Moran's I",
            ..WEIGHTS
        },
        Opt::new(
            "local",
            "neighbourhood|each-neighbours",
            "Local Bayes: the spread of a neighbourhood's rates around its own mean (esda, GeoDa), or each around \
             the mean of its own neighbourhood (spdep)",
        )
        .or("neighbourhood"),
        Opt::new(
            "interval",
            "poisson|binomial",
            "Events of an open number (Garwood), or a share of whole cases (Clopper-Pearson)",
        )
        .or("poisson"),
        Opt::new("level", "SHARE", "The confidence of the interval").or("0.95"),
        PERMUTATIONS.or("9999"),
        SEED,
    ],
    columns: &[
        Column::new("id", "The unit's id"),
        Column::new("value", "Its events"),
        Column::new("population", "What they are divided by"),
        Column::new("rate", "Events over population"),
        Column::new("low", "The low end of the rate's exact interval; empty where events are no whole number"),
        Column::new("high", "Its high end"),
        Column::new("expected", "Events that the overall rate lets expect"),
        Column::new("excess_risk", "Events over expected: 2 is twice; empty where there is no event anywhere"),
        Column::new("bayes", "The rate pulled towards the overall one, the more the smaller the population"),
        Column::new("local_bayes", "The rate pulled towards that of the neighbourhood"),
        Column::new("spatial_rate", "Events over population of the unit and its neighbours together"),
        Column::new("standardised", "The rate's distance from the overall one in its own deviations (Assuncao-Reis)"),
        Column::new("p_lower", "P(as few or fewer) under a Poisson count (Choynowski): small where there is less"),
        Column::new("p_upper", "P(as many or more): small where there is more"),
        Column::new("q_upper", "p_upper after control of false discoveries (Benjamini-Hochberg) over all units"),
        Column::new(
            "gistar_z",
            "Gi* of the standardised rates: the effect size; empty without --weights or where undefined",
        ),
        Column::new("gistar_p", "Its upper permutation p, all rates shuffled (total)"),
        Column::new("gistar_q", "gistar_p after control of false discoveries (Benjamini-Hochberg)"),
        Column::new("near_expected", "Events that the unit and its neighbours together let expect"),
        Column::new(
            "near_upper",
            "P(as many together or more) where rates differ from unit to unit by chance (gamma-Poisson); empty \
             without --weights, neighbours, or where events are no counts",
        ),
        Column::new("near_lower", "P(as few together or fewer): shuffled rates cannot tell that side"),
        Column::new("near_q", "near_upper after control of false discoveries (Benjamini-Hochberg)"),
        Column::new("near_lower_q", "near_lower after the same, a family of its own"),
        Column::new("neighbours", "How many neighbours with a rate"),
        Column::new("reason", "Why there is no rate: missing-events, missing-population, no-population, negative"),
    ],
    summary: &[
        Column::new("units", "Units with a rate"),
        Column::new("no_rate", "Units without one: in no sum, no neighbour list, no shuffle"),
        Column::new("events", "All events"),
        Column::new("population", "The whole population"),
        Column::new("overall_rate", "The one over the other"),
        Column::new("prior_variance", "The variance of true rates, without that of counting; 0: rates differ as counts do"),
        Column::new("moran", "EB-Moran: Moran's I of the standardised rates, weights by row"),
        Column::new("moran_expected", "What chance lets expect of it"),
        Column::new("moran_z", "Its z (randomisation)"),
        Column::new("moran_p", "Its upper permutation p"),
        Column::new("permutations", "Shuffled maps"),
        Column::new("seed", "The seed"),
        Column::new("weights", "How the weights were made"),
    ],
    long: false,
    run,
};

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let (events, population) = (job.values("value")?, job.values("population")?);
    let cases = Cases::new(&events, &population);
    let level = job.number("level")?.unwrap_or(0.95);
    if !(level > 0.0 && level < 1.0) {
        return Err(AnalyseError::flag("level", format!("{level}: must be between 0 and 1")));
    }
    let binomial = job.word("interval", &["poisson", "binomial"], |word| match word {
        "poisson" => Some(false),
        "binomial" => Some(true),
        _ => None,
    })?;
    let local = job.word("local", &["neighbourhood", "each-neighbours"], |word| match word {
        "neighbourhood" => Some(LocalPrior::Neighbourhood),
        "each-neighbours" => Some(LocalPrior::EachNeighbours),
        _ => None,
    })?;
    let weights = match job.text("weights") {
        Some(_) => {
            let (weights, made) = job.weights(cases.kept())?;
            Some((weights.without_self(), made))
        }
        None => None,
    };
    let near = weights.as_ref().map(|(weights, _)| weights);
    let draws = job.draws("rates/1")?;

    let found = surprise(&cases);
    let upper: Vec<f64> = found.iter().filter_map(|it| it.upper).collect();
    // Where events are no counts none of them has a p, and none is tested.
    let q = if upper.len() == found.len() { adjusted(&upper) } else { Vec::new() };
    let interval: Vec<Option<Interval>> = if binomial == Some(true) {
        let pairs = cases.kept().iter().map(|at| events[*at].zip(population[*at]));
        pairs.map(|pair| pair.and_then(|(y, n)| binomial_interval(y, n, level))).collect()
    } else {
        rate_interval(&cases, level)
    };
    let (rate, risk) = (raw(&cases), excess_risk(&cases));
    let (bayes, z) = (global_bayes(&cases), standardised(&cases));
    let local = near.map(|near| local_bayes(&cases, near, local.unwrap_or_default()));
    let spatial = near.map(|near| spatial_rate(&cases, near));
    let hot = Hot::of(job, z.as_deref(), near)?;
    let together = near.map(|near| neighbourhoods(&cases, near)).unwrap_or_default();
    let near_q = among_tested(&together, |it| it.upper);
    let near_lower_q = among_tested(&together, |it| it.lower);
    let one = |at: usize| {
        let of = |all: &Option<Vec<f64>>| Cell::from(all.as_ref().map(|all| all[at]));
        vec![
            rate[at].into(),
            interval[at].map(|it| it.low).into(),
            interval[at].map(|it| it.high).into(),
            found[at].expected.into(),
            of(&risk),
            bayes[at].into(),
            of(&local),
            of(&spatial),
            of(&z),
            found[at].lower.into(),
            found[at].upper.into(),
            q.get(at).copied().into(),
            hot.as_ref().and_then(|it| it.z[at]).into(),
            hot.as_ref().map(|it| it.p[at]).into(),
            hot.as_ref().map(|it| it.q[at]).into(),
            together.get(at).and_then(|it| it.map(|it| it.expected)).into(),
            together.get(at).and_then(|it| it.map(|it| it.upper)).into(),
            together.get(at).and_then(|it| it.map(|it| it.lower)).into(),
            near_q.get(at).copied().flatten().into(),
            near_lower_q.get(at).copied().flatten().into(),
            near.map(|near| near.places(at).len()).into(),
        ]
    };
    let answers = cases.among_all((0..cases.len()).map(one).collect());
    let rows = answers.into_iter().enumerate().map(|(unit, answer)| {
        let mut row: Vec<Cell> =
            vec![job.ids()[unit].clone().into(), events[unit].into(), population[unit].into()];
        row.extend(answer.unwrap_or_else(|| vec![Cell::Null; 21]));
        row.push(cases.reason(unit).map(NoRate::word).into());
        row
    });
    let rows = rows.collect();

    let sum = |all: &[Option<f64>]| cases.kept().iter().filter_map(|at| all[*at]).sum::<f64>();
    let mut summary: Vec<Cell> = vec![
        cases.len().into(),
        (events.len() - cases.len()).into(),
        sum(&events).into(),
        sum(&population).into(),
        overall(&cases).into(),
        prior(&cases).map(|it| it.variance).into(),
    ];
    summary.extend(bayes_moran(job, z.as_deref(), near, draws)?);
    summary.extend([
        draws.permutations.into(),
        draws.seed.into(),
        weights.as_ref().map(|(_, made)| made.clone()).into(),
    ]);
    let mut warnings = few_units(cases.len());
    if interval.iter().any(Option::is_none) {
        warnings.push(
            "some events are no whole numbers (or more than the population): those have no exact \
             interval, and areas have no Poisson p"
                .into(),
        );
    }
    Ok(Outcome { rows, by_unit: true, summary, warnings, ..Outcome::default() })
}

/// q of the units that have a p, put back among all.
fn among_tested(together: &[Option<Together>], p: impl Fn(Together) -> f64) -> Vec<Option<f64>> {
    let tested: Vec<f64> = together.iter().filter_map(|it| it.map(&p)).collect();
    let mut q = adjusted(&tested).into_iter();
    together.iter().map(|it| it.and_then(|_| q.next())).collect()
}

/// Gi* of the standardised rates.
struct Hot {
    z: Vec<Option<f64>>,
    p: Vec<f64>,
    q: Vec<f64>,
}

impl Hot {
    fn of(
        job: &Job<'_>,
        z: Option<&[f64]>,
        near: Option<&Weights>,
    ) -> Result<Option<Self>, AnalyseError> {
        let (Some(rates), Some(near)) = (z, near) else { return Ok(None) };
        let draws = job.draws("rates/gistar/1")?;
        let counts =
            weighted_counts(rates, near, Statistic::GiStar, Null::Total, draws, job.watch)?;
        let z: Vec<Option<f64>> = gi_star(rates, near).iter().map(|local| local.z.ok()).collect();
        let p = |at: usize| if z[at].is_some() { counts.upper(at) } else { 1.0 };
        let p: Vec<f64> = (0..rates.len()).map(p).collect();
        Ok(Some(Self { q: adjusted(&p), z, p }))
    }
}

/// I, expected, z and upper p of the standardised rates.
fn bayes_moran(
    job: &Job<'_>,
    z: Option<&[f64]>,
    near: Option<&Weights>,
    draws: Draws<'_>,
) -> Result<Vec<Cell>, AnalyseError> {
    let (Some(z), Some(near)) = (z, near) else { return Ok(vec![Cell::Null; 4]) };
    let near = near.row_standardised();
    let Ok(moran) = global_moran(z, &near) else { return Ok(vec![Cell::Null; 4]) };
    let shuffled = global_moran_shuffled(z, &near, draws, job.watch)?.ok();
    Ok(vec![
        moran.i.into(),
        moran.randomisation.expected.into(),
        moran.randomisation.z.ok().into(),
        shuffled.map(|it| it.tally.upper()).into(),
    ])
}

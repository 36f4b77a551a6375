//! `analyse pai`: how good was a map, scored on what was found after it was made?

use super::recultivation::truths;
use crate::{
    analysis::validation::{
        Band, Cells, NoScore, Score, area_under, at_random, curve, flag, intervals, recapture,
        score, table,
    },
    app::analyse::{
        AnalyseError, Cell, Column, Job, Method, Opt, Outcome,
        options::{PERMUTATIONS, SEED},
    },
};

/// The method.
pub(super) const METHOD: Method = Method {
    name: "pai",
    about: "How good was a map? What was found afterwards inside its hot area: hit rate, accuracy (PAI) and efficiency \
            (PEI) index, recapture rate, capture curve, with intervals by blocks (never narrower than the exact ones) and what chance reaches",
    source: "Chainey, Tompson and Uhlig (2008); Hunt (2016); Levine (2008); Clopper and Pearson (1934); as ptools where cells are counted",
    options: &[
        Opt::new("predicted", "FIELD", "The column with what the map said: the higher, the hotter").required(),
        Opt::new("actual", "FIELD", "The column with what was found afterwards; an empty cell is unknown, never 0")
            .required(),
        Opt::new("area", "FIELD", "The column with each unit's ground; all alike unless given"),
        Opt::new(
            "rank",
            "density|value",
            "Rank by predicted over area, as ptools does, or by predicted as it is (z, p-like scores)",
        )
        .or("density"),
        Opt::new("flagged", "FIELD", "The column that says which units the map flags: true or false, 1 or 0"),
        Opt::new("share", "SHARE", "Without --flagged: flag the first so much of the ground").or("0.1"),
        Opt::new("earlier", "FIELD", "The column with what was found in the time that the map was made from"),
        Opt::new("block", "FIELD", "The column with the block of each unit (a commune): intervals draw blocks"),
        PERMUTATIONS.or("999"),
        SEED,
    ],
    columns: &[
        Column::new("id", "The unit's id"),
        Column::new("predicted", "What the map said"),
        Column::new("actual", "What was found"),
        Column::new("area", "Its ground"),
        Column::new("reason", "no-data where one of these is not known; then it is left out"),
        Column::new("order", "Its place in the ranking, from 1; of equal ones by id"),
        Column::new("flagged", "The part of it that is flagged, 0 to 1: units of equal rank that do not all fit are flagged in part"),
        Column::new("cum_actual", "What was found in it and all before it"),
        Column::new("cum_area", "The ground of it and all before it"),
        Column::new("hit_rate", "cum_actual as a share of all that was found"),
        Column::new("area_share", "cum_area as a share of all ground"),
        Column::new("pai", "hit_rate over area_share"),
        Column::new("pei", "PAI over the best that as much ground could have reached, 0 to 1"),
        Column::new("pei_cells", "PAI over that of as many units with the densest finds (ptools' PEI)"),
        Column::new("rri_ptools", "Predicted over found, both summed so far (ptools' RRI; not Levine's)"),
    ],
    summary: &[
        Column::new("units", "Units scored"),
        Column::new("found", "What was found in all of them, N"),
        Column::new("captured", "What was found in the flagged area, n"),
        Column::new("hit_rate", "n/N"),
        Column::new("area_share", "a/A, the share of the ground that is flagged"),
        Column::new("pai", "(n/N)/(a/A); 1 is what chance has"),
        Column::new("pei", "PAI over the best possible of the same area"),
        Column::new("reason", "Why there are no scores: no-ground, nothing-found, nothing-flagged"),
        Column::new("rri", "Recapture rate index of Levine: (n2/n1)/(N2/N1), with --earlier known for all units"),
        Column::new("auc", "Area under the capture curve; one half is what chance has"),
        Column::new("pai_low", "Low end of the interval of 95 %: the wider of drawing blocks and the exact one of the hits (Clopper-Pearson, counts only); empty without --block or with fewer than 5 blocks with finds"),
        Column::new("pai_high", "High end"),
        Column::new("hit_rate_low", "The same for the hit rate"),
        Column::new("hit_rate_high", "High end"),
        Column::new("random_pai_low", "PAI of as much ground at random: 2.5 % lie below"),
        Column::new("random_pai_high", "2.5 % lie above"),
        Column::new("random_p", "The share of random areas that reach the map's PAI, (1 + count)/(R + 1)"),
        Column::new("permutations", "Blocks drawn, and random areas"),
        Column::new("seed", "The seed"),
    ],
    long: false,
    run,
};

/// The units of which all is known.
struct Known {
    units: Vec<usize>,
    predicted: Vec<f64>,
    actual: Vec<f64>,
    area: Vec<f64>,
}

fn run(job: &Job<'_>) -> Result<Outcome, AnalyseError> {
    let predicted = job.values("predicted")?;
    let actual = positive(job, "actual")?;
    let area = match job.text("area") {
        Some(_) => positive(job, "area")?,
        None => vec![Some(1.0); job.input.len()],
    };
    let mut known =
        Known { units: Vec::new(), predicted: Vec::new(), actual: Vec::new(), area: Vec::new() };
    for unit in 0..job.input.len() {
        if let (Some(predicted), Some(actual), Some(area)) =
            (predicted[unit], actual[unit], area[unit])
        {
            known.units.push(unit);
            known.predicted.push(predicted);
            known.actual.push(actual);
            known.area.push(area);
        }
    }
    let cells = Cells { actual: &known.actual, area: &known.area };
    let by_density = job
        .word("rank", &["density", "value"], |text| match text {
            "density" => Some(true),
            "value" => Some(false),
            _ => None,
        })?
        .unwrap_or(true);
    let rank: Vec<f64> = (known.predicted.iter().zip(&known.area))
        .map(|(predicted, area)| if by_density { predicted / area } else { *predicted })
        .map(|rank| if rank.is_nan() { 0.0 } else { rank })
        .collect();
    let flagged = flagged(job, &known, &rank)?;
    let mut rows: Vec<Vec<Cell>> = (0..job.input.len())
        .map(|unit| {
            let mut row = vec![Cell::Null; METHOD.columns.len()];
            row[0] = job.ids()[unit].clone().into();
            row[1] = predicted[unit].into();
            row[2] = actual[unit].into();
            row[3] = area[unit].into();
            row[4] = "no-data".into();
            row
        })
        .collect();
    let mut foreseen = 0.0;
    for (order, row) in (1_u32..).zip(table(&rank, cells)) {
        foreseen += known.predicted[row.place];
        let cells = &mut rows[known.units[row.place]];
        cells.truncate(4);
        cells.extend([
            Cell::Null,
            order.into(),
            flagged[row.place].into(),
            row.captured.into(),
            row.area.into(),
            row.hit_rate.into(),
            row.area_share.into(),
            row.pai.into(),
            row.pei.into(),
            row.pei_cells.into(),
            (row.captured > 0.0).then(|| foreseen / row.captured).into(),
        ]);
    }
    let mut warnings = Vec::new();
    if known.units.len() < job.input.len() {
        let left = job.input.len() - known.units.len();
        warnings.push(format!("{left} units of which something is not known are left out"));
    }
    let found: f64 = known.actual.iter().sum();
    if found < 30.0 {
        warnings.push(format!(
            "only {found} were found: the index may be off by a factor of two either way; pool \
             three seasons before one map is called better than another"
        ));
    }
    let summary = summary(job, &known, &rank, &flagged)?;
    Ok(Outcome { rows, by_unit: true, summary, warnings, ..Outcome::default() })
}

fn summary(
    job: &Job<'_>,
    known: &Known,
    rank: &[f64],
    flagged: &[f64],
) -> Result<Vec<Cell>, AnalyseError> {
    let cells = Cells { actual: &known.actual, area: &known.area };
    let scored = score(flagged, cells);
    let kept = match job.text("earlier").map(|_| positive(job, "earlier")).transpose()? {
        None => None,
        Some(all) => {
            // A share of an earlier season of which part is not known is not known.
            let earlier: Option<Vec<f64>> = known.units.iter().map(|unit| all[*unit]).collect();
            earlier.and_then(|earlier| recapture(flagged, &earlier, &known.actual).ok())
        }
    };
    let draws = job.draws("pai/blocks/1")?;
    let named = job.text("block").map(|_| blocks(job, known)).transpose()?;
    let bands = named.map(|blocks| intervals(&[flagged], cells, &blocks, draws)[0]);
    let random = scored.ok().and_then(|it| {
        let draws = job.draws("pai/random/1").ok()?;
        at_random(cells, it.flagged, it.pai(), draws)
    });
    let ends = |band: Option<Band>| [band.map(|it| it.low).into(), band.map(|it| it.high).into()];
    let [pai_low, pai_high] = ends(bands.and_then(|it| it.pai));
    let [hit_low, hit_high] = ends(bands.and_then(|it| it.hit_rate));
    let [random_low, random_high] = ends(random.map(|(band, _)| band));
    Ok(vec![
        known.units.len().into(),
        known.actual.iter().sum::<f64>().into(),
        scored.ok().map(|it| it.captured).into(),
        scored.ok().map(Score::hit_rate).into(),
        scored.ok().map(Score::area_share).into(),
        scored.ok().map(Score::pai).into(),
        scored.ok().map(|it| it.pei).into(),
        scored.err().map(NoScore::word).into(),
        kept.into(),
        curve(rank, cells).map(|corners| area_under(&corners)).into(),
        pai_low,
        pai_high,
        hit_low,
        hit_high,
        random_low,
        random_high,
        random.map(|(_, tally)| tally.upper()).into(),
        draws.permutations.into(),
        draws.seed.into(),
    ])
}

/// The part of each known unit that is flagged.
fn flagged(job: &Job<'_>, known: &Known, rank: &[f64]) -> Result<Vec<f64>, AnalyseError> {
    if job.text("flagged").is_some() {
        let all = truths(job, "flagged")?;
        return Ok(known.units.iter().map(|unit| f64::from(u8::from(all[*unit]))).collect());
    }
    let share = job.positive("share")?.unwrap_or(0.1);
    if share > 1.0 {
        return Err(AnalyseError::flag(
            "share",
            format!("{share}: must be at most 1, such as 0.1"),
        ));
    }
    Ok(flag(rank, &known.area, share * known.area.iter().sum::<f64>()))
}

/// Blocks as numbers; units without one are each a block of their own.
fn blocks(job: &Job<'_>, known: &Known) -> Result<Vec<u32>, AnalyseError> {
    let all = job.texts("block")?;
    let mut names: Vec<&String> = all.iter().flatten().collect();
    names.sort_unstable();
    names.dedup();
    let count = names.len() as u32;
    let number = |unit: &usize| {
        let named = all[*unit].as_ref().and_then(|name| names.binary_search(&name).ok());
        named.map_or(count + *unit as u32, |place| place as u32)
    };
    Ok(known.units.iter().map(number).collect())
}

/// A column of numbers from 0 on.
fn positive(job: &Job<'_>, flag: &'static str) -> Result<Vec<Option<f64>>, AnalyseError> {
    let column = job.input.column(flag, job.needed(flag)?)?;
    let values = job.values(flag)?;
    for (unit, value) in values.iter().enumerate() {
        if value.is_some_and(|value| value < 0.0) {
            return Err(job.input.wrong(unit, column, "must not be below 0".into()));
        }
    }
    Ok(values)
}

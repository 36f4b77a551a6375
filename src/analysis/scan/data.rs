//! The question, checked and made ready: what is counted, and what is expected.

use super::{
    question::{Model, Question, Scope, Secondary},
    ratio::Ratio,
    reason::Reason,
};

/// The most that a lane of 32 bits counts.
const GREATEST: u64 = i32::MAX as u64 - 1;

/// A map that can be scanned.
#[derive(Debug)]
pub struct Data {
    pub places: usize,
    /// 1 for a purely spatial scan, whatever the question had.
    pub periods: usize,
    /// Place by place, its periods together.
    pub cases: Vec<u32>,
    /// What is expected in each cell; Bernoulli: cases and controls.
    pub measure: Vec<f64>,
    /// What the greatest share of the population is a share of, place by place.
    pub population: Vec<f64>,
    pub ratio: Ratio,
    /// The windows in time.
    pub spans: Vec<(usize, usize)>,
}

impl Data {
    /// # Panics
    ///
    /// Where the slices of the question do not belong together.
    pub fn of(question: &Question<'_>) -> Result<Self, Reason> {
        let (periods, places) = (question.periods, question.places());
        assert!(periods > 0, "one period or more");
        assert_eq!(places * periods, question.cases.len(), "as many periods for each place");
        if places < 3 {
            return Err(Reason::TooFewPlaces);
        }
        let timeless = question.scope == Scope::Spatial
            && !matches!(question.model, Model::SpaceTimePermutation);
        if question.secondary == Secondary::Gini && !timeless {
            return Err(Reason::NoGini);
        }
        let spans = question.spans();
        let in_time = question.scope != Scope::Spatial
            || matches!(question.model, Model::SpaceTimePermutation);
        if in_time && (periods < 2 || question.scope == Scope::Spatial || spans.is_empty()) {
            return Err(Reason::TooFewPeriods);
        }
        let kept = if question.scope == Scope::Spatial { 1 } else { periods };
        let sum = |all: &[u32]| -> Result<Vec<u32>, Reason> {
            let sums = all.chunks(periods / kept).map(|cells| cells.iter().map(|c| u64::from(*c)));
            let sums: Vec<u64> = sums.map(Iterator::sum).collect();
            if sums.iter().sum::<u64>() > GREATEST {
                return Err(Reason::TooMany);
            }
            Ok(sums.into_iter().map(|sum| sum as u32).collect())
        };
        let cases = sum(question.cases)?;
        let total: u32 = cases.iter().sum();
        if total < 2 {
            return Err(Reason::TooFewCases);
        }
        let by_place =
            |measure: &[f64]| measure.chunks(kept).map(|cells| cells.iter().sum()).collect();
        let (measure, population, ratio) = match question.model {
            Model::Poisson { population } => {
                let expected = expected(population, &cases, (places, periods, kept))?;
                let by_place = by_place(&expected);
                (expected, by_place, Ratio::poisson(total))
            }
            Model::Bernoulli { controls } => {
                assert_eq!(
                    controls.len(),
                    question.cases.len(),
                    "a control count for each case count"
                );
                let controls = sum(controls)?;
                let others: u32 = controls.iter().sum();
                if others == 0 {
                    return Err(Reason::NoControls);
                }
                let people = u64::from(total) + u64::from(others);
                if people > GREATEST {
                    return Err(Reason::TooMany);
                }
                let both = cases.iter().zip(&controls).map(|(c, o)| f64::from(*c) + f64::from(*o));
                let both: Vec<f64> = both.collect();
                let by_place = by_place(&both);
                (both, by_place, Ratio::bernoulli(total, people as u32))
            }
            Model::SpaceTimePermutation => {
                let of_place: Vec<f64> = cases
                    .chunks(kept)
                    .map(|cells| cells.iter().map(|c| f64::from(*c)).sum())
                    .collect();
                let of_period: Vec<f64> = (0..kept)
                    .map(|t| cases.iter().skip(t).step_by(kept).map(|c| f64::from(*c)).sum())
                    .collect();
                let expected = of_place
                    .iter()
                    .flat_map(|z| of_period.iter().map(move |t| z * t / f64::from(total)))
                    .collect();
                (expected, of_place, Ratio::poisson(total))
            }
        };
        Ok(Self { places, periods: kept, cases, measure, population, ratio, spans })
    }

    /// The measure of all places in the span that has most of it.
    pub fn longest_span(&self) -> f64 {
        let of_period = |t| self.measure.iter().skip(t).step_by(self.periods).sum::<f64>();
        let of_period: Vec<f64> = (0..self.periods).map(of_period).collect();
        let spans = self.spans.iter().map(|(start, end)| of_period[*start..*end].iter().sum());
        spans.fold(0.0, f64::max)
    }

    /// How many cells: places × periods.
    pub fn cells(&self) -> usize {
        self.cases.len()
    }
}

/// Population to expected cases, by place and kept period.
fn expected(
    population: &[f64],
    cases: &[u32],
    (places, periods, kept): (usize, usize, usize),
) -> Result<Vec<f64>, Reason> {
    assert_eq!(population.len(), places * periods, "a population for each place and period");
    if let Some(bad) = population.iter().position(|it| !(it.is_finite() && *it >= 0.0)) {
        return Err(Reason::BadPopulation { place: bad / periods, period: bad % periods });
    }
    let population: Vec<f64> =
        population.chunks(periods / kept).map(|cells| cells.iter().sum()).collect();
    let all: f64 = population.iter().sum();
    if all <= 0.0 {
        return Err(Reason::NoPopulation);
    }
    let alone = |(count, people): (&u32, &f64)| *count > 0 && *people <= 0.0;
    if let Some(cell) = cases.iter().zip(&population).position(alone) {
        return Err(Reason::CasesWithoutPopulation { place: cell / kept, period: cell % kept });
    }
    let total: u32 = cases.iter().sum();
    Ok(population.into_iter().map(|people| people * (f64::from(total) / all)).collect())
}

//! Events and the population that they happened in.

/// Why a unit has no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoRate {
    /// Its events are not known.
    MissingEvents,
    /// Its population is not known.
    MissingPopulation,
    /// Its population is zero: a share of nothing.
    NoPopulation,
    /// A number below zero, or none at all, where there must be an amount.
    Negative,
}

impl NoRate {
    /// The word in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::MissingEvents => "missing-events",
            Self::MissingPopulation => "missing-population",
            Self::NoPopulation => "no-population",
            Self::Negative => "negative",
        }
    }
}

/// Events (plots, hectares, found sites) and population (ground, searched ground, households,
/// effort) of units, without those that can have no rate: these are in no sum, nobody's neighbour
/// and in no pool, and say why.
#[derive(Clone, Debug, PartialEq)]
pub struct Cases {
    pub(super) events: Vec<f64>,
    pub(super) population: Vec<f64>,
    kept: Vec<usize>,
    reasons: Vec<Option<NoRate>>,
}

impl Cases {
    /// The cases of units, in their order.
    ///
    /// # Panics
    ///
    /// Where the lists differ in length.
    pub fn new(events: &[Option<f64>], population: &[Option<f64>]) -> Self {
        assert_eq!(events.len(), population.len(), "one population a unit");
        let reason = |(events, population): (&Option<f64>, &Option<f64>)| {
            let amount = |it: f64| it.is_finite() && it >= 0.0;
            match (events, population) {
                (None, _) => Some(NoRate::MissingEvents),
                (_, None) => Some(NoRate::MissingPopulation),
                (Some(y), Some(n)) if !amount(*y) || !amount(*n) => Some(NoRate::Negative),
                (_, Some(n)) if *n == 0.0 => Some(NoRate::NoPopulation),
                _ => None,
            }
        };
        let reasons: Vec<Option<NoRate>> = events.iter().zip(population).map(reason).collect();
        let kept: Vec<usize> = (0..reasons.len()).filter(|at| reasons[*at].is_none()).collect();
        let of = |all: &[Option<f64>]| kept.iter().filter_map(|at| all[*at]).collect();
        Self { events: of(events), population: of(population), kept, reasons }
    }

    /// The units that have a rate, ascending: the numbers to ask `Weights::among` for.
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// How many have one.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Why the unit at `place` of all units has no rate.
    pub fn reason(&self, place: usize) -> Option<NoRate> {
        self.reasons[place]
    }

    /// An answer for each kept unit put back among all units.
    pub fn among_all<T>(&self, answers: Vec<T>) -> Vec<Option<T>> {
        let mut all: Vec<Option<T>> = self.reasons.iter().map(|_| None).collect();
        for (place, answer) in self.kept.iter().zip(answers) {
            all[*place] = Some(answer);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_without_a_rate_say_why() {
        let events = [Some(1.0), None, Some(2.0), Some(0.0), Some(-1.0), Some(f64::NAN)];
        let population = [Some(9.0), Some(1.0), None, Some(0.0), Some(1.0), Some(1.0)];
        let cases = Cases::new(&events, &population);
        assert_eq!((cases.kept(), cases.len(), cases.is_empty()), (&[0][..], 1, false));
        let reasons: Vec<_> = (0..6).map(|at| cases.reason(at).map(NoRate::word)).collect();
        assert_eq!(
            reasons,
            [
                None,
                Some("missing-events"),
                Some("missing-population"),
                Some("no-population"),
                Some("negative"),
                Some("negative")
            ]
        );
        assert_eq!(cases.among_all(vec!["a"]), [Some("a"), None, None, None, None, None]);
    }
}

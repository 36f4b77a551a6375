//! How much of what was found is destroyed: claimed (E1), verified (E2), in time (E3).
//!
//! Source: DOMAIN §2.2, *Eradication*. Every share has its numerator and its denominator; the
//! denominator is the known area of all plots that count. A plot of unknown area is in no share
//! and is counted apart: a share of the known area is no share of all.

use jiff::civil::Date;

use crate::domain::{Plot, PlotState, SquareMetres};

/// What was found and what became of it, on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Eradication {
    /// Plots found and not rejected.
    pub found: Tally,
    /// Those destroyed, as the destroying unit claims, and not seen standing again.
    pub destroyed: Tally,
    /// The verified part of these.
    pub verified: Tally,
    /// The part destroyed on or before each plot's lancing date.
    pub in_time: Tally,
}

/// Plots and their ground.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Plots.
    pub plots: u64,
    /// Plots among them whose part in `area` nobody knows.
    pub unmeasured: u64,
    /// Ground of the others.
    pub area: SquareMetres,
}

impl Tally {
    /// The ground known, m²; `None` where there are plots and nobody measured any.
    pub fn known_area(self) -> Option<f64> {
        (self.plots == 0 || self.unmeasured < self.plots).then(|| self.area.get())
    }

    /// Adds ground, and a plot where `itself`.
    fn count(&mut self, area: Option<SquareMetres>, itself: bool) {
        self.plots += u64::from(itself);
        match area {
            Some(area) => self.area += area,
            None => self.unmeasured += u64::from(itself),
        }
    }
}

impl Eradication {
    /// Counts `plot` as it stands on `day`.
    pub fn count(&mut self, plot: &Plot, day: Date) {
        self.count_part(plot, day, 1.0, true);
    }

    /// Counts `share` (0 to 1) of the ground of `plot`, and the plot itself only where `itself`:
    /// a plot across a line is one plot, and its ground lies in two units.
    pub fn count_part(&mut self, plot: &Plot, day: Date, share: f64, itself: bool) {
        let Some(state) = plot.state_on(day).filter(|state| *state != PlotState::Rejected) else {
            return;
        };
        self.found.count(plot.area.map(|area| area.part(share)), itself);
        // What stands in part is no destroyed plot, but its destroyed ground is destroyed.
        let whole = matches!(state, PlotState::Destroyed | PlotState::Verified);
        if !whole && !plot.stands_in_part_on(day) {
            return;
        }
        let mut count = |tally: fn(&mut Self) -> &mut Tally, area: Option<SquareMetres>| {
            tally(self).count(area.map(|area| area.part(share)), itself && whole);
        };
        // A claim of a plot that nobody measured belongs to no denominator, hence to no numerator.
        let within = |part: Option<SquareMetres>| Some(part?.min(plot.area?));
        count(|all| &mut all.destroyed, within(plot.destroyed_area));
        if plot.verified_on.is_some_and(|on| on <= day) {
            count(|all| &mut all.verified, within(plot.verified_area));
        }
        let in_time = match plot.in_time_area {
            Some(area) => area > SquareMetres::ZERO,
            None => plot.destroyed_on.is_some_and(|on| on <= plot.lancing_on),
        };
        if in_time {
            count(|all| &mut all.in_time, within(plot.in_time_area));
        }
    }

    /// E1: claimed over found, by known area, 0 to 1. `None` where no area is known: 0 would read
    /// as neglect, and 1 as success.
    pub fn claimed_share(&self) -> Option<f64> {
        self.share(self.destroyed)
    }

    /// E2: verified over found. `None` as [`Self::claimed_share`].
    pub fn verified_share(&self) -> Option<f64> {
        self.share(self.verified)
    }

    /// E3: in time over found. `None` as [`Self::claimed_share`].
    pub fn in_time_share(&self) -> Option<f64> {
        self.share(self.in_time)
    }

    fn share(&self, part: Tally) -> Option<f64> {
        let found = self.found.area.get();
        (found > 0.0).then(|| part.area.get() / found)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{
        CountryPack, Destruction, Measurement, PlotFacts, PlotId, Position, RecordRef, Season,
        Sighting, SightingSource, Verification, VerificationResult, resolve,
    };

    fn source(record: &str) -> RecordRef {
        RecordRef { dataset: "test".into(), record: record.into() }
    }

    /// A plot of the 2024-2025 season, lanced from 15 February.
    fn plot(area: Option<f64>, destroyed: Option<Date>, verified: bool) -> Plot {
        let id = PlotId("p".into());
        let m2 = |m2| SquareMetres::new(m2).unwrap();
        let sighting = Sighting {
            plot: id.clone(),
            season: Season::starting(2024).unwrap(),
            date: date(2025, 1, 10),
            by: SightingSource::Sweep,
            position: Position::new(103.0, 22.0).unwrap(),
            error: None,
            outline: None,
            stage: None,
            source: source("s"),
        };
        let measurement = |area| Measurement {
            plot: id.clone(),
            date: date(2025, 1, 10),
            area: m2(area),
            method: crate::domain::AreaMethod::Tape,
            source: source("m"),
        };
        let destruction = |date| Destruction {
            plot: id.clone(),
            date,
            method: None,
            area: None,
            unit: None,
            source: source("d"),
        };
        let verification = Verification {
            plot: id.clone(),
            date: date(2025, 4, 1),
            result: VerificationResult::Partial,
            remaining: Some(m2(40.0)),
            unit: None,
            source: source("v"),
        };
        let facts = PlotFacts {
            sightings: vec![sighting],
            measurements: area.map(measurement).into_iter().collect(),
            destructions: destroyed.map(destruction).into_iter().collect(),
            verifications: if verified { vec![verification] } else { Vec::new() },
            ..PlotFacts::default()
        };
        resolve(1, &id, &facts, &CountryPack::lai_chau()).unwrap()
    }

    #[test]
    fn shares_as_worked_by_hand() {
        let mut all = Eradication::default();
        let day = date(2025, 4, 20);
        all.count(&plot(Some(300.0), None, false), day);
        all.count(&plot(Some(100.0), Some(date(2025, 2, 1)), true), day);
        all.count(&plot(Some(600.0), Some(date(2025, 3, 1)), false), day);
        all.count(&plot(None, Some(date(2025, 2, 1)), false), day);
        assert_eq!((all.found.plots, all.found.unmeasured), (4, 1));
        // 40 of 100 m² still stand: its 60 are destroyed ground, and it is no destroyed plot.
        assert_eq!((all.destroyed.plots, all.destroyed.unmeasured), (2, 1));
        assert_eq!(all.found.area.get(), 1000.0);
        assert_eq!(all.claimed_share(), Some(0.7));
        assert_eq!(all.verified_share(), Some(0.06));
        assert_eq!(all.in_time_share(), Some(0.1));
        assert_eq!((all.in_time.plots, all.in_time.unmeasured), (1, 1));
    }

    #[test]
    fn before_it_happened_it_has_not_happened() {
        let mut all = Eradication::default();
        all.count(&plot(Some(100.0), Some(date(2025, 2, 1)), true), date(2025, 1, 20));
        assert_eq!(all.claimed_share(), Some(0.0));
        let mut all = Eradication::default();
        all.count(&plot(Some(100.0), None, false), date(2025, 1, 1));
        assert_eq!(all, Eradication::default());
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        let mut all = Eradication::default();
        assert_eq!(all.claimed_share(), None);
        assert_eq!(all.found.known_area(), Some(0.0));
        all.count(&plot(None, None, false), date(2025, 3, 1));
        assert_eq!((all.claimed_share(), all.found.known_area()), (None, None));
    }

    #[test]
    fn a_plot_across_a_line_is_one_plot_in_two_parts() {
        let (mut here, mut there) = (Eradication::default(), Eradication::default());
        let across = plot(Some(100.0), Some(date(2025, 2, 1)), false);
        here.count_part(&across, date(2025, 4, 1), 0.75, true);
        there.count_part(&across, date(2025, 4, 1), 0.25, false);
        assert_eq!((here.found.plots, there.found.plots), (1, 0));
        assert_eq!((here.found.area.get(), there.found.area.get()), (75.0, 25.0));
        assert_eq!(there.claimed_share(), Some(1.0));
    }
}

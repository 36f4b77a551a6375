//! From all that was told about a plot to what is true of it.

use jiff::{ToSpan, civil::Date};

use super::{
    AreaMethod, CountryPack, Destruction, Measurement, Plot, PlotId, Rejection, Sighting, SiteLink,
    SquareMetres, Verification, VerificationResult,
};

/// All that was told about one plot and still stands (superseded facts left out), in any order.
#[derive(Clone, Debug, Default)]
pub struct PlotFacts {
    /// At least one, or there is no plot.
    pub sightings: Vec<Sighting>,
    /// Areas measured.
    pub measurements: Vec<Measurement>,
    /// Destructions claimed.
    pub destructions: Vec<Destruction>,
    /// Looks by another unit.
    pub verifications: Vec<Verification>,
    /// Rejections.
    pub rejections: Vec<Rejection>,
    /// Links to a site.
    pub links: Vec<SiteLink>,
}

/// Resolves the facts of one plot. `None` without a sighting: nobody has said where it is.
///
/// The rules (each total: ties end at the source's key, so that the order of `facts` is nothing):
///
/// * position: the sighting with the smallest error, then the latest;
/// * area: the best-ranked method, then the latest; an outline counts as a measurement by outline;
/// * claimed area: the sum over destructions, one without m² meaning all, never above the area;
/// * verified area: what a later look found gone; `complete` verifies the claim, `partial` the
///   claim less what remains (unknown remains: not known), others nothing;
/// * in time: destroyed on or before the lancing date;
/// * lancing: from the last seen stage by the pack's table, else the pack's calendar.
pub fn resolve(number: u64, id: &PlotId, facts: &PlotFacts, pack: &CountryPack) -> Option<Plot> {
    let error_of = |it: &Sighting| it.error.unwrap_or_else(|| it.by.default_error());
    let best = facts.sightings.iter().min_by(|a, b| {
        error_of(a)
            .get()
            .total_cmp(&error_of(b).get())
            .then_with(|| b.date.cmp(&a.date))
            .then_with(|| a.source.cmp(&b.source))
    })?;
    let first = facts.sightings.iter().min_by_key(|it| (it.date, &it.source))?;
    let outlined = facts.sightings.iter().filter(|it| it.outline.is_some()).min_by(|a, b| {
        error_of(a)
            .get()
            .total_cmp(&error_of(b).get())
            .then_with(|| b.date.cmp(&a.date))
            .then_with(|| a.source.cmp(&b.source))
    });
    let outline = outlined.and_then(|it| it.outline.clone());

    let area = best_area(facts, outlined);
    let staged = facts
        .sightings
        .iter()
        .filter(|it| it.stage.is_some())
        .max_by_key(|it| (it.date, &it.source));
    let seen = staged.and_then(|it| {
        let days = pack.days_from(it.stage?)?;
        it.date.checked_add(i64::from(days).days()).ok()
    });
    let season = best.season;
    let lancing_on = seen.unwrap_or_else(|| pack.lancing_in(season));

    let last_destruction = facts.destructions.iter().max_by_key(|it| (it.date, &it.source));
    let destroyed_on = last_destruction.map(|it| it.date);
    let destroyed_area = claimed(facts, area.map(|(area, _)| area), |_| true);
    let in_time_area = claimed(facts, area.map(|(area, _)| area), |it| it.date <= lancing_on)
        .or_else(|| {
            // Destroyed, but none of it in time: that is a known zero.
            let known = destroyed_on.is_some() && destroyed_area.is_some();
            known.then_some(SquareMetres::ZERO)
        });
    let looked = facts
        .verifications
        .iter()
        .filter(|it| destroyed_on.is_some_and(|date| it.date >= date))
        .max_by_key(|it| (it.date, &it.source));
    let (verified_on, verified_area) = verified(looked, destroyed_area);
    let regrown_on = looked
        .filter(|it| matches!(it.result, VerificationResult::Regrown | VerificationResult::NotDone))
        .map(|it| it.date);
    let rejection = facts.rejections.iter().max_by_key(|it| (it.date, &it.source));
    let link = facts.links.iter().max_by_key(|it| (it.date, &it.source));

    Some(Plot {
        number,
        id: id.clone(),
        season,
        site: link.map(|it| it.site.clone()),
        position: best.position,
        error: error_of(best),
        error_assumed: best.error.is_none(),
        area: area.map(|(area, _)| area),
        area_method: area.map(|(_, method)| method),
        outline,
        first_source: first.by,
        reported_on: first.date,
        confirmed_on: facts.sightings.iter().filter(|it| it.by.confirms()).map(|it| it.date).min(),
        stage: staged.and_then(|it| it.stage),
        lancing_on,
        lancing_assumed: seen.is_none(),
        destroyed_on,
        destroyed_area,
        destruction_method: last_destruction.and_then(|it| it.method),
        verified_on,
        verified_area,
        in_time_area,
        regrown_on,
        rejected: rejection.map(|it| (it.date, it.reason.clone())),
        dataset: best.source.dataset.clone(),
    })
}

fn best_area(facts: &PlotFacts, outlined: Option<&Sighting>) -> Option<(SquareMetres, AreaMethod)> {
    let measured = facts.measurements.iter().map(|it| (it.method, it.date, &it.source, it.area));
    let outline = outlined.and_then(|it| {
        let outline = it.outline.as_ref()?;
        Some((AreaMethod::Outline, it.date, &it.source, SquareMetres::of(outline)))
    });
    measured
        .chain(outline)
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)).then_with(|| a.2.cmp(b.2)))
        .map(|(method, _, _, area)| (area, method))
}

/// What the counted destructions claim; `None` where there is none or their extent is unknown.
fn claimed(
    facts: &PlotFacts,
    area: Option<SquareMetres>,
    counts: impl Fn(&Destruction) -> bool,
) -> Option<SquareMetres> {
    let counted: Vec<_> = facts.destructions.iter().filter(|it| counts(it)).collect();
    if counted.is_empty() {
        return None;
    }
    if counted.iter().any(|it| it.area.is_none()) {
        return area;
    }
    let mut parts: Vec<_> = counted.iter().filter_map(|it| it.area).collect();
    // A fixed order of summing, so that the same facts give the same bits.
    parts.sort_by(|a, b| a.get().total_cmp(&b.get()));
    let sum: SquareMetres = parts.into_iter().sum();
    Some(area.map_or(sum, |area| sum.min(area)))
}

fn verified(
    look: Option<&Verification>,
    destroyed: Option<SquareMetres>,
) -> (Option<Date>, Option<SquareMetres>) {
    let Some(look) = look else { return (None, None) };
    match look.result {
        VerificationResult::Complete => (Some(look.date), destroyed),
        // How much is gone of an unknown area is not known: it stands, see `regrown_on`.
        VerificationResult::Partial if destroyed.is_none() => (None, None),
        VerificationResult::Partial => {
            let gone = destroyed.zip(look.remaining).and_then(|(destroyed, remaining)| {
                SquareMetres::new((destroyed.get() - remaining.get()).max(0.0)).ok()
            });
            (Some(look.date), gone)
        }
        VerificationResult::Regrown
        | VerificationResult::NotDone
        | VerificationResult::NotFound => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        GrowthStage, Metres, PlotState, Position, RecordRef, Season, SightingSource,
    };

    fn source(record: &str) -> RecordRef {
        RecordRef { dataset: "test".into(), record: record.into() }
    }

    fn sighting(record: &str, day: Date, by: SightingSource, error: Option<u32>) -> Sighting {
        Sighting {
            plot: PlotId("p".into()),
            season: Season::of(day),
            date: day,
            by,
            position: Position::new(103.0, 22.0).unwrap(),
            error: error.map(Metres::whole),
            outline: None,
            stage: None,
            source: source(record),
        }
    }

    fn measured(record: &str, day: Date, m2: f64, method: AreaMethod) -> Measurement {
        Measurement {
            plot: PlotId("p".into()),
            date: day,
            area: SquareMetres::new(m2).unwrap(),
            method,
            source: source(record),
        }
    }

    fn destroyed(record: &str, day: Date, m2: Option<f64>) -> Destruction {
        Destruction {
            plot: PlotId("p".into()),
            date: day,
            method: None,
            area: m2.map(|m2| SquareMetres::new(m2).unwrap()),
            unit: None,
            source: source(record),
        }
    }

    fn looked(
        record: &str,
        day: Date,
        result: VerificationResult,
        left: Option<f64>,
    ) -> Verification {
        Verification {
            plot: PlotId("p".into()),
            date: day,
            result,
            remaining: left.map(|m2| SquareMetres::new(m2).unwrap()),
            unit: None,
            source: source(record),
        }
    }

    fn resolved(facts: &PlotFacts) -> Plot {
        resolve(1, &PlotId("p".into()), facts, &CountryPack::lai_chau()).unwrap()
    }

    #[test]
    fn a_plot_nobody_saw_is_none() {
        let facts = PlotFacts {
            destructions: vec![destroyed("d", date(2025, 3, 1), None)],
            ..PlotFacts::default()
        };
        assert!(resolve(1, &PlotId("p".into()), &facts, &CountryPack::lai_chau()).is_none());
    }

    #[test]
    fn the_life_of_a_plot() {
        let facts = PlotFacts {
            sightings: vec![
                sighting("tip", date(2025, 1, 5), SightingSource::Tip, None),
                sighting("sweep", date(2025, 2, 1), SightingSource::Sweep, Some(4)),
            ],
            measurements: vec![
                measured("eye", date(2025, 2, 9), 500.0, AreaMethod::Eye),
                measured("tape", date(2025, 2, 1), 320.0, AreaMethod::Tape),
            ],
            destructions: vec![destroyed("d", date(2025, 2, 20), Some(330.0))],
            verifications: vec![looked(
                "v",
                date(2025, 3, 1),
                VerificationResult::Partial,
                Some(10.0),
            )],
            ..PlotFacts::default()
        };
        let plot = resolved(&facts);
        assert_eq!(plot.area.unwrap().get(), 320.0, "the tape is trusted before the eye");
        assert_eq!(plot.destroyed_area.unwrap().get(), 320.0, "no more than there was");
        assert_eq!(plot.verified_area.unwrap().get(), 310.0);
        assert_eq!(plot.in_time_area.unwrap().get(), 0.0, "after 15 February: a known zero");
        assert_eq!(plot.error.get(), 4.0);
        assert!(!plot.error_assumed);
        let states = [
            (date(2025, 1, 4), None),
            (date(2025, 1, 5), Some(PlotState::Reported)),
            (date(2025, 2, 1), Some(PlotState::Confirmed)),
            (date(2025, 2, 16), Some(PlotState::Late)),
            (date(2025, 2, 20), Some(PlotState::Destroyed)),
            (date(2025, 3, 1), Some(PlotState::Verified)),
        ];
        for (day, state) in states {
            assert_eq!(plot.state_on(day), state, "{day}");
        }
    }

    #[test]
    fn what_stands_in_part_is_still_to_destroy() {
        let day = date(2025, 2, 1);
        let facts = |claim: f64, look: Option<(VerificationResult, Option<f64>)>| PlotFacts {
            sightings: vec![sighting("a", day, SightingSource::Sweep, None)],
            measurements: vec![measured("m", day, 300.0, AreaMethod::Tape)],
            destructions: vec![destroyed("d", day, Some(claim))],
            verifications: look
                .map(|(result, left)| looked("v", date(2025, 2, 10), result, left))
                .into_iter()
                .collect(),
            ..PlotFacts::default()
        };
        let partial = |left| Some((VerificationResult::Partial, left));
        let cases = [
            (facts(50.0, None), PlotState::Lost, Some(250.0)),
            (facts(280.0, None), PlotState::Destroyed, Some(0.0)),
            (facts(300.0, partial(Some(250.0))), PlotState::Lost, Some(250.0)),
            (facts(300.0, partial(None)), PlotState::Lost, None),
            (facts(300.0, partial(Some(10.0))), PlotState::Verified, Some(0.0)),
        ];
        for (facts, state, left) in cases {
            let plot = resolved(&facts);
            let day = date(2025, 8, 1);
            assert_eq!(plot.state_on(day), Some(state));
            assert_eq!(plot.remaining_on(day).map(SquareMetres::get), left);
            assert_eq!(plot.remaining_on(date(2025, 1, 1)), None, "not reported yet");
        }
    }

    #[test]
    fn undestroyed_is_lost_only_at_the_seasons_end() {
        let facts = PlotFacts {
            sightings: vec![sighting("a", date(2025, 2, 1), SightingSource::Sweep, None)],
            ..PlotFacts::default()
        };
        let plot = resolved(&facts);
        assert_eq!(plot.state_on(date(2025, 6, 30)), Some(PlotState::Late));
        assert_eq!(plot.state_on(date(2025, 7, 1)), Some(PlotState::Lost));
        assert_eq!(plot.area, None, "nobody measured: unknown, not zero");
    }

    #[test]
    fn regrown_stands_again() {
        let facts = PlotFacts {
            sightings: vec![sighting("a", date(2025, 1, 1), SightingSource::Sweep, None)],
            destructions: vec![destroyed("d", date(2025, 1, 10), None)],
            verifications: vec![looked("v", date(2025, 1, 24), VerificationResult::Regrown, None)],
            ..PlotFacts::default()
        };
        let plot = resolved(&facts);
        assert_eq!(plot.state_on(date(2025, 1, 20)), Some(PlotState::Destroyed));
        assert_eq!(plot.state_on(date(2025, 1, 24)), Some(PlotState::Confirmed));
        assert_eq!(plot.destroyed_area, None, "all of an unknown area is not known");
    }

    #[test]
    fn a_seen_stage_sets_the_lancing_date() {
        let mut flowering = sighting("a", date(2025, 1, 20), SightingSource::Sweep, None);
        flowering.stage = Some(GrowthStage::Flower);
        let plot = resolved(&PlotFacts { sightings: vec![flowering], ..PlotFacts::default() });
        assert_eq!(plot.lancing_on, date(2025, 2, 2));
        assert!(!plot.lancing_assumed);
    }

    proptest! {
        /// The order in which facts came is nothing.
        #[test]
        fn order_changes_nothing(
            days in proptest::collection::vec((0_i8..28, 0_u32..3, 0_u8..5), 1..6),
            turn in 0_usize..6,
        ) {
            let mut facts = PlotFacts::default();
            for (index, (day, error, kind)) in days.iter().enumerate() {
                let (day, record) = (date(2025, 1, day + 1), format!("r{index}"));
                facts.sightings.push(sighting(&record, day, SightingSource::Sweep, Some(*error)));
                match kind {
                    0 => facts.measurements.push(measured(&record, day, 100.0, AreaMethod::Eye)),
                    1 => facts.destructions.push(destroyed(&record, day, Some(0.1))),
                    2 => facts.verifications.push(looked(
                        &record, day, VerificationResult::Complete, None,
                    )),
                    _ => facts.measurements.push(measured(&record, day, 50.0, AreaMethod::Tape)),
                }
            }
            let first = resolved(&facts);
            let turn = turn % facts.sightings.len();
            facts.sightings.rotate_left(turn);
            facts.measurements.reverse();
            facts.destructions.reverse();
            facts.verifications.reverse();
            prop_assert_eq!(resolved(&facts), first);
        }
    }
}

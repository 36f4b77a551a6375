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

//! Rules over all that a file says about one plot (DOMAIN §1.5).

use std::collections::HashMap;

use jiff::civil::Date;

use super::{draft::Draft, heading::key, report::Reason, request::Context};
use crate::domain::{AreaMethod, Event, PlotId, SquareMetres};

/// What a file says about one plot.
#[derive(Default)]
struct Told {
    sighted: Option<Date>,
    /// The best-ranked method, then the latest.
    measured: Option<(AreaMethod, Date, SquareMetres)>,
    /// Draft, day, area, unit.
    destroyed: Vec<(usize, Date, Option<SquareMetres>, Option<String>)>,
    /// Draft, day, unit.
    verified: Vec<(usize, Date, Option<String>)>,
    /// Drafts that tell about the plot without saying where it is.
    placeless: Vec<usize>,
    /// A rejected row about it.
    rejected: Option<u64>,
}

/// Adds reasons to the rows that break a rule. Rows rejected before are not looked at.
pub fn across(drafts: &mut [Draft], context: &Context<'_>) {
    // A rejected sighting takes its plot with it, so rows are judged until none falls any more.
    loop {
        let wrong = faults(drafts, context);
        if wrong.is_empty() {
            return;
        }
        for (index, reason) in wrong {
            drafts[index].reasons.push(reason);
        }
    }
}

fn faults(drafts: &[Draft], context: &Context<'_>) -> Vec<(usize, Reason)> {
    let mut plots: HashMap<&PlotId, Told> = HashMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        let Some(id) = &draft.plot_id else { continue };
        let told = plots.entry(id).or_default();
        if !draft.reasons.is_empty() {
            told.rejected = Some(draft.row);
            continue;
        }
        if !draft.facts.iter().any(|fact| matches!(fact, Event::PlotSighted(_))) {
            told.placeless.push(index);
        }
        draft.facts.iter().for_each(|fact| told.take(index, fact));
    }
    let mut wrong = Vec::new();
    for (id, told) in plots {
        // Looking a plot up costs; most plots of most files need nothing from outside.
        let needs = told.sighted.is_none() || !told.destroyed.is_empty();
        let known = if needs { (context.known_plot)(id) } else { None };
        let sighted = match (told.sighted, known.as_ref().map(|known| known.reported_on)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let Some(sighted) = sighted else {
            for index in &told.placeless {
                wrong.push((*index, orphan(id, told.rejected)));
            }
            continue;
        };
        let measured = told
            .measured
            .map(|(method, _, area)| (area, method))
            .or_else(|| known.and_then(|known| known.area));
        told.check_days(sighted, &mut wrong);
        told.check_areas(measured, &mut wrong);
        told.check_units(&mut wrong);
    }
    wrong.sort_by_key(|(index, _)| *index);
    wrong
}

fn orphan(id: &PlotId, rejected: Option<u64>) -> Reason {
    let wrong = match rejected {
        Some(row) => format!("is not known here: row {row} about it was rejected"),
        None => "is not known, and this row does not say where it is".to_owned(),
    };
    let right = "import its sighting first, or add its place and date to this row";
    Reason::new("plot", id.0.clone(), wrong, right)
}

impl Told {
    fn take(&mut self, index: usize, fact: &Event) {
        match fact {
            Event::PlotSighted(it) => {
                self.sighted = Some(self.sighted.map_or(it.date, |date| date.min(it.date)));
                if let Some(outline) = &it.outline {
                    self.measure(AreaMethod::Outline, it.date, SquareMetres::of(outline));
                }
            }
            Event::PlotMeasured(it) => self.measure(it.method, it.date, it.area),
            Event::PlotDestroyed(it) => {
                self.destroyed.push((index, it.date, it.area, it.unit.clone()));
            }
            Event::PlotVerified(it) => self.verified.push((index, it.date, it.unit.clone())),
            _ => {}
        }
    }

    fn measure(&mut self, method: AreaMethod, date: Date, area: SquareMetres) {
        let better = self.measured.is_none_or(|(other, other_date, _)| {
            (method, std::cmp::Reverse(date)) < (other, std::cmp::Reverse(other_date))
        });
        if better {
            self.measured = Some((method, date, area));
        }
    }

    fn check_days(&self, sighted: Date, wrong: &mut Vec<(usize, Reason)>) {
        for (index, day, _, _) in self.destroyed.iter().filter(|it| it.1 < sighted) {
            let text = format!("is before the plot was reported, {sighted}");
            let right = "the day of the destruction, or an earlier sighting";
            wrong.push((*index, Reason::new("destroyed_on", day.to_string(), text, right)));
        }
        let first_destroyed = self.destroyed.iter().map(|it| it.1).min();
        for (index, day, _) in &self.verified {
            let before = match first_destroyed {
                Some(destroyed) if *day < destroyed => Some(("it was destroyed", destroyed)),
                _ if *day < sighted => Some(("it was reported", sighted)),
                _ => None,
            };
            if let Some((what, when)) = before {
                let text = format!("is before {what}, {when}");
                let right = "the day on which another unit looked again";
                wrong.push((*index, Reason::new("verified_on", day.to_string(), text, right)));
            }
        }
    }

    fn check_areas(
        &self,
        measured: Option<(SquareMetres, AreaMethod)>,
        wrong: &mut Vec<(usize, Reason)>,
    ) {
        let Some((area, method)) = measured else { return };
        let destroyed: f64 =
            self.destroyed.iter().filter_map(|it| it.2).map(SquareMetres::get).sum();
        let error = relative_error(method, area);
        let most = area.get() * (1.0 + 2.0 * error);
        if destroyed <= most {
            return;
        }
        for (index, _, part, _) in &self.destroyed {
            let Some(part) = part else { continue };
            let text = format!(
                "makes {destroyed:.0} m² destroyed of a plot of {:.0} m² ({method}, error {:.0} %)",
                area.get(),
                error * 100.0
            );
            let right = format!("at most {most:.0} m² in all, or a new measurement");
            wrong
                .push((*index, Reason::new("destroyed_area", part.get().to_string(), text, right)));
        }
    }

    fn check_units(&self, wrong: &mut Vec<(usize, Reason)>) {
        for (index, _, unit) in &self.verified {
            let Some(unit) = unit else { continue };
            let same = |other: &Option<String>| {
                other.as_ref().is_some_and(|other| key(other) == key(unit))
            };
            if self.destroyed.iter().any(|it| same(&it.3)) {
                let text = "is the unit that destroyed the plot";
                let right = "a verification is by another unit";
                wrong.push((*index, Reason::new("verified_by", unit.clone(), text, right)));
            }
        }
    }
}

/// 1 σ of an area, as a share of it. A walked or drawn outline of four corners with 5 m of error
/// has 1.45 · 5 m / √A (DOMAIN §1.1: 74 % at 100 m², 23 % at 1,000 m²); satellite 14 % (the bias of
/// generalising); the others are assumptions of this product, wide on purpose.
fn relative_error(method: AreaMethod, area: SquareMetres) -> f64 {
    match method {
        AreaMethod::Tape | AreaMethod::DroneOrtho => 0.05,
        AreaMethod::GpsPolygon | AreaMethod::Outline => {
            (1.45 * 5.0 / area.get().max(1.0).sqrt()).clamp(0.05, 2.0)
        }
        AreaMethod::Satellite => 0.14,
        AreaMethod::Plants | AreaMethod::Unknown => 0.25,
        AreaMethod::Pace => 0.20,
        AreaMethod::Eye => 0.50,
    }
}

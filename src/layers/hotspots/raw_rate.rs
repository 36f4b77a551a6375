//! The raw rate of a cell, and rates in words: plots, the ground searched for them, and how little a
//! few plots say of a rate.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{by_search::BySearch, measured::Measured, reason::Finding};
use crate::{
    analysis::chance::exact_interval::{Interval, poisson_interval},
    domain::Language,
    layers::say::rough,
};

/// Rates of fewer plots than these in a neighbourhood jump about.
const FEW_PLOTS: u64 = 10;

/// Plots that search found in a cell against the ground searched there.
#[derive(Clone, Copy)]
pub(super) struct RawRate {
    pub(super) plots: u64,
    pub(super) km2: f64,
    /// Plots per km².
    pub(super) rate: f64,
    /// Its exact 95 % interval (Garwood).
    pub(super) interval: Interval,
}

/// The exact 95 % intervals of the counts of a map. Each takes a search for its ends, and few counts are
/// different: they are found once, not for each cell that is drawn.
pub(super) struct Intervals(BTreeMap<u64, Interval>);

impl Intervals {
    pub(super) fn of(counts: impl Iterator<Item = u64>) -> Self {
        let mut intervals = BTreeMap::new();
        for plots in counts {
            if let Entry::Vacant(new) = intervals.entry(plots)
                && let Some(interval) = poisson_interval(plots as f64, 0.95)
            {
                new.insert(interval);
            }
        }
        Self(intervals)
    }

    /// The rate of so many plots on so much searched ground; `None` of a count that is not on the map.
    pub(super) fn rate(&self, plots: u64, km2: f64) -> Option<RawRate> {
        let interval = self.0.get(&plots)?.per(km2);
        Some(RawRate { plots, km2, rate: plots as f64 / km2, interval })
    }
}

impl Finding {
    pub(super) fn rate_vi(&self) -> String {
        let Some(RawRate { plots, km2, rate, interval }) = self.rate else { return String::new() };
        let rough = |number, figures| rough(number, figures, Language::Vi);
        let (unit, km2, rate) = (self.cell.one(Language::Vi), rough(km2, 2), rough(rate, 3));
        let interval = format!("{} đến {}", rough(interval.low, 2), rough(interval.high, 2));
        match plots {
            0 => format!(
                "Trong {unit} chưa phát hiện nương nào trên {km2} km² đã rà soát (khoảng tin cậy 95 %: {interval} \
                 nương/km²)"
            ),
            plots => format!(
                "{plots} nương trên {km2} km² đã rà soát trong {unit} ({rate} nương/km², khoảng tin cậy 95 %: \
                 {interval})"
            ),
        }
    }

    pub(super) fn rate_en(&self) -> String {
        let Some(RawRate { plots, km2, rate, interval }) = self.rate else { return String::new() };
        let rough = |number, figures| rough(number, figures, Language::En);
        let (unit, km2, rate) = (self.cell.one(Language::En), rough(km2, 2), rough(rate, 3));
        let interval =
            format!("95 % interval {} to {}", rough(interval.low, 2), rough(interval.high, 2));
        match plots {
            0 => format!("No plot on {km2} km² searched in this {unit} ({interval} plots per km²)"),
            1 => format!(
                "1 plot on {km2} km² searched in this {unit} ({rate} plots per km², {interval})"
            ),
            plots => format!(
                "{plots} plots on {km2} km² searched in this {unit} ({rate} plots per km², {interval})"
            ),
        }
    }

    /// The cell and its neighbours together, or these alone, where rates are compared.
    pub(super) fn rates_vi(&self, near: &str) -> String {
        let Some(BySearch { plots, km2, .. }) = self.search else { return near.to_owned() };
        let (ground, rate) = (rough(km2, 2, Language::Vi), self.amount_vi(plots as f64 / km2));
        if self.method.with_itself() {
            format!("{plots} nương trên {ground} km² kể cả {near} ({rate})")
        } else {
            format!("{near} có {plots} nương trên {ground} km² ({rate})")
        }
    }

    pub(super) fn rates_en(&self, near: &str) -> String {
        let Some(BySearch { plots, km2, .. }) = self.search else { return near.to_owned() };
        let (ground, rate) = (rough(km2, 2, Language::En), self.amount_en(plots as f64 / km2));
        let plots = if plots == 1 { "1 plot".to_owned() } else { format!("{plots} plots") };
        let joined = if self.method.with_itself() { "together with" } else { "in" };
        format!("{plots} on {ground} km² {joined} {near} ({rate})")
    }

    /// The plots that the ground searched lets expect.
    pub(super) fn expected(&self, language: Language) -> String {
        rough(self.search.map_or(0.0, |search| search.together.expected), 2, language)
    }

    /// The p of as many plots or more (as few or fewer), two figures.
    pub(super) fn chance(&self, language: Language) -> String {
        rough(self.p.unwrap_or(1.0), 2, language)
    }

    /// A raw rate of few plots says little, and ranks nothing; with a space before it.
    pub(super) fn raw(&self, language: Language) -> String {
        let plots = self.search.map_or(0, |search| search.plots);
        match language {
            _ if self.measured != Measured::Rate || !(1..FEW_PLOTS).contains(&plots) => {
                String::new()
            }
            Language::Vi => format!(
                " Tỷ lệ thô của {plots} nương trong vùng dao động mạnh: không dùng để xếp hạng."
            ),
            Language::En => format!(
                " A raw rate of {plots} {} around here jumps about: rank nothing by it.",
                if plots == 1 { "plot" } else { "plots" }
            ),
        }
    }
}

//! Rates in words: plots, the ground searched for them, and how little a few plots say of a rate.

use super::{by_search::BySearch, measured::Measured, reason::Finding};
use crate::{
    analysis::chance::exact_interval::{Interval, poisson_interval},
    domain::Language,
    layers::say::rough,
};

/// Rates of fewer plots than these in a neighbourhood jump about.
const FEW_PLOTS: u64 = 10;

impl Finding {
    /// Where rates are compared: the ground searched here, the rate, and its exact 95 % interval
    /// (Garwood) from so many plots.
    pub(super) fn rate_here(&self) -> Option<(f64, f64, Interval)> {
        let km2 = self.searched_km2?;
        let plots = self.plots_by_search as f64;
        Some((km2, plots / km2, poisson_interval(plots, 0.95)?.per(km2)))
    }

    pub(super) fn rate_vi(&self) -> String {
        let Some((km2, rate, interval)) = self.rate_here() else { return String::new() };
        let rough = |number, figures| rough(number, figures, Language::Vi);
        let (unit, km2, rate) = (self.cell.one(Language::Vi), rough(km2, 2), rough(rate, 3));
        let interval = format!("{} đến {}", rough(interval.low, 2), rough(interval.high, 2));
        match self.plots_by_search {
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
        let Some((km2, rate, interval)) = self.rate_here() else { return String::new() };
        let rough = |number, figures| rough(number, figures, Language::En);
        let (unit, km2, rate) = (self.cell.one(Language::En), rough(km2, 2), rough(rate, 3));
        let interval =
            format!("95 % interval {} to {}", rough(interval.low, 2), rough(interval.high, 2));
        match self.plots_by_search {
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

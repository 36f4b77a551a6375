//! Rates in words: plots, the ground searched for them, and how little a few plots say of a rate.

use super::{question::Measured, reason::Finding};
use crate::{
    analysis::chance::exact_interval::{Interval, poisson_interval},
    domain::Language,
    layers::say::{number, rounded},
};

/// Rates of fewer plots than these in a neighbourhood jump about.
const FEW_PLOTS: u64 = 10;

/// A measure with so many significant figures: more of them would be false precision.
pub(super) fn rough(measure: f64, figures: i32, language: Language) -> String {
    if measure == 0.0 || !measure.is_finite() {
        return number(measure, 0, language);
    }
    let decimals = figures - 1 - measure.abs().log10().floor() as i32;
    number(rounded(measure, decimals), decimals.max(0), language)
}

impl Finding {
    /// Where rates are compared: the ground searched here, the rate, and its exact 95 % interval
    /// (Garwood) from so many plots.
    pub(super) fn rate_here(&self) -> Option<(f64, f64, Interval)> {
        let km2 = self.searched_km2?;
        let plots = self.plots as f64;
        Some((km2, plots / km2, poisson_interval(plots, 0.95)?.per(km2)))
    }

    pub(super) fn rate_vi(&self) -> String {
        let Some((km2, rate, interval)) = self.rate_here() else { return String::new() };
        let rough = |number, figures| rough(number, figures, Language::Vi);
        let (unit, km2, rate) = (self.cell.one(Language::Vi), rough(km2, 2), rough(rate, 3));
        let interval = format!("{} đến {}", rough(interval.low, 2), rough(interval.high, 2));
        match self.plots {
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
        match self.plots {
            0 => format!("No plot on {km2} km² searched in this {unit} ({interval} plots per km²)"),
            1 => format!(
                "1 plot on {km2} km² searched in this {unit} ({rate} plots per km², {interval})"
            ),
            plots => format!(
                "{plots} plots on {km2} km² searched in this {unit} ({rate} plots per km², {interval})"
            ),
        }
    }

    /// A raw rate of few plots says little, and ranks nothing; with a space before it.
    pub(super) fn raw(&self, language: Language) -> String {
        let plots = self.plots_around;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_told_without_false_precision() {
        let of = |measure, figures| rough(measure, figures, Language::En);
        assert_eq!(of(302.31, 3), "302");
        assert_eq!(of(0.003_308, 2), "0.0033");
        assert_eq!(of(1_684.3, 2), "1,700");
        assert_eq!(of(2.5, 3), "2.5");
        assert_eq!(of(0.0, 3), "0");
        assert_eq!(rough(12_345.6, 3, Language::Vi), "12.300");
    }
}

//! What a hotspots map compares: plots, their area, whether there are any, or plots against the ground
//! that was searched for them.

use crate::{
    analysis::rates::{Cases, standardised},
    layers::cells::{
        Cells,
        season::{Found, Searched},
    },
};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    /// Plots.
    Count,
    /// Their known area, m².
    Area,
    /// 1 where there is any.
    Presence,
    /// Plots found by search for each square kilometre of ground searched, standardised for how much
    /// that is.
    Rate,
}

/// The words for them, the default first.
pub(super) const MEASURED: &[&str] = &["count", "area", "presence", "rate"];

impl Measured {
    pub(super) const ALL: [Self; 4] = [Self::Count, Self::Area, Self::Presence, Self::Rate];

    pub(super) const fn word(self) -> &'static str {
        MEASURED[self as usize]
    }

    /// The places of the cells that are tested and whose value is known, with what is compared;
    /// ascending. Rates are compared as distances from the overall one, in the deviations that the
    /// ground searched lets expect (Assunção and Reis): raw ones of little searched ground would look
    /// like hotspots by chance alone.
    pub(super) fn valued(
        self,
        cells: &Cells,
        found: &Found,
        searched: &Searched,
    ) -> Vec<(usize, f64)> {
        let value = |place: usize| {
            let known = searched.tested(place);
            known.then(|| self.of(cells, found, searched, place)).flatten()
        };
        let mut valued: Vec<(usize, f64)> =
            (0..cells.len()).filter_map(|place| Some((place, value(place)?))).collect();
        if self == Self::Rate {
            let plots: Vec<Option<f64>> = valued
                .iter()
                .map(|(place, _)| Some(found.cells[*place].by_search as f64))
                .collect();
            let km2: Vec<Option<f64>> =
                valued.iter().map(|(place, _)| searched.km2(cells, *place)).collect();
            // Without a plot anywhere all rates are 0, and alike.
            if let Some(rates) = standardised(&Cases::new(&plots, &km2)) {
                valued.iter_mut().zip(rates).for_each(|((_, value), rate)| *value = rate);
            }
        }
        valued
    }

    /// The value of a cell; `None` where it is not known: plots of which nobody measured any,
    /// sightings where no track tells how much was searched.
    fn of(self, cells: &Cells, found: &Found, searched: &Searched, place: usize) -> Option<f64> {
        let here = found.cells[place];
        match self {
            Self::Count => Some(here.plots as f64),
            Self::Presence => Some(f64::from(here.plots > 0)),
            Self::Area => here.known_area(),
            Self::Rate => searched.km2(cells, place).map(|km2| here.by_search as f64 / km2),
        }
    }
}

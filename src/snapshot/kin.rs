//! To which wider units a unit belongs.

use std::collections::HashMap;

use geo::InteriorPoint;
use rustc_hash::FxHashMap;

use super::{Side, Unit, UnitRef, sheet::Sheet};
use crate::domain::Level;

/// The wider units of the units in force in one epoch.
pub(super) struct Kin {
    /// By [`Level`], from the parents' codes alone.
    chains: FxHashMap<UnitRef, [Option<UnitRef>; Level::ALL.len()]>,
    /// The level of a parent whose code names no unit in force.
    unnamed: Level,
}

impl Kin {
    /// Follows the parents' codes of the units on `sheets`, one a level.
    pub(super) fn new(all: &[Unit], sheets: [&Sheet; Level::ALL.len()]) -> Self {
        let mut by_code: HashMap<(&str, Level, &str), UnitRef> = HashMap::new();
        for unit in sheets.iter().flat_map(|sheet| &sheet.units) {
            let key = all[unit.index()].key();
            by_code.insert((&key.scheme, key.level, &key.code), *unit);
        }
        let mut chains = FxHashMap::default();
        // The widest first, so that a parent's own chain is there already.
        for unit in sheets.iter().flat_map(|sheet| &sheet.units) {
            let boundary = all[unit.index()].boundary();
            let mut chain = [None; Level::ALL.len()];
            if let Some(code) = &boundary.parent {
                let wider = Level::ALL.into_iter().rev().filter(|l| *l < boundary.key.level);
                let parent = wider.into_iter().find_map(|level| {
                    by_code.get(&(boundary.key.scheme.as_str(), level, code.as_str())).copied()
                });
                if let Some(parent) = parent {
                    chain = chains.get(&parent).copied().unwrap_or(chain);
                    chain[all[parent.index()].level() as usize] = Some(parent);
                }
            }
            chains.insert(*unit, chain);
        }
        let districts = !sheets[Level::District as usize].units.is_empty();
        Self { chains, unnamed: if districts { Level::District } else { Level::Province } }
    }

    /// The unit of a wider level that `unit` belongs to by its parents' codes.
    pub(super) fn parent(&self, unit: UnitRef, level: Level) -> Option<UnitRef> {
        self.chains.get(&unit)?[level as usize]
    }

    /// Who `unit` is on a level as wide as its own or wider: by its parents' codes, else by where
    /// a point inside of it lies on the sheet of that level, else by the bare code.
    pub(super) fn side(&self, unit: &Unit, level: Level, sheet: &Sheet) -> Option<Side> {
        if unit.level() == level {
            return Some(Side::Unit(unit.reference()));
        }
        if let Some(parent) = self.parent(unit.reference(), level) {
            return Some(Side::Unit(parent));
        }
        if !sheet.units.is_empty() {
            let mut lies_in = None;
            let inside = unit.outline().interior_point()?;
            sheet.ground.about(inside.0, |place, _| lies_in = lies_in.or(Some(place)));
            return lies_in.map(|place| Side::Unit(sheet.units[place]));
        }
        let code = unit.boundary().parent.as_ref().filter(|_| level == self.unnamed)?;
        Some(Side::Named(code.clone()))
    }
}

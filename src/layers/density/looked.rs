//! Where people looked in the seasons that a density adds up.

use std::sync::Arc;

use geo_types::Coord;

use super::field::{Asked, looking, seasons};
use crate::{
    layers::{
        LayerError, LayerQuery,
        cells::{
            Cells,
            season::{Domain, Searched},
        },
        scope::{Scope, horizon},
    },
    snapshot::Snapshot,
};

/// What was searched in any of the seasons; of a comparison in both: what only one of them looked at
/// cannot be compared.
pub(super) struct Seen {
    each: Vec<(Arc<Cells>, Arc<Searched>)>,
    compare: bool,
    /// What is known of it. Where one season has plots and no effort data, nobody knows which ground
    /// was left out in all of them.
    pub(super) domain: Domain,
    /// Whether any of it is simulated.
    pub(super) simulated: bool,
}

impl Seen {
    pub(super) fn of(
        snapshot: &Snapshot,
        query: &LayerQuery,
        asked: &Asked,
    ) -> Result<Self, LayerError> {
        let seasons = seasons(snapshot, asked);
        let mut each = Vec::with_capacity(seasons.len());
        for season in seasons {
            let day = season.clamp(horizon(query));
            let scope = Scope { season, day, units_on: asked.scope.units_on };
            let cells = Cells::of(snapshot, &looking(query), scope)?;
            let searched = Searched::of(snapshot, &cells, scope);
            each.push((cells, searched));
        }
        let has = |domain: Domain| each.iter().any(|(_, searched)| searched.domain == domain);
        let domain = [Domain::AssumedAll, Domain::Surveyed].into_iter().find(|it| has(*it));
        let simulated = each.iter().any(|(_, searched)| searched.simulated);
        let domain = domain.unwrap_or(Domain::Unknown);
        Ok(Self { domain, simulated, each, compare: asked.compare })
    }

    /// Whether somebody looked where a place in metres is: in one season at least, of a comparison in
    /// both.
    pub(super) fn looked_at(&self, place: Coord<f64>) -> bool {
        let looked = |(cells, searched): &(Arc<Cells>, Arc<Searched>)| {
            cells.at(place).is_some_and(|cell| searched.tested(cell))
        };
        if self.compare { self.each.iter().all(looked) } else { self.each.iter().any(looked) }
    }
}

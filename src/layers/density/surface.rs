//! The surface of a question, made once for its lines, its figures, its file and the areas of the
//! layer `hotspot-areas`.

use std::sync::Arc;

use super::{
    field::{Asked, Field, KM2, Nothing, Surface, field},
    looked::Seen,
};
use crate::{
    analysis::density::{Band, Raster},
    layers::{
        LayerError, LayerQuery, LayerRaster,
        cells::{
            Cells,
            season::{Domain as Looked, Searched},
        },
        scope::Scope,
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The surface that was asked, or why there is none.
pub(super) fn surface(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: &Asked,
    cells: &Arc<Cells>,
) -> Result<Arc<Result<Field, Nothing>>, LayerError> {
    let key = format!("{} surface", asked.key(cells));
    let bytes = |made: &Result<Field, Nothing>| made.as_ref().map_or(64, Field::bytes);
    wanted(snapshot, &query.asker, &key, bytes, || {
        let looked = Searched::of(snapshot, cells, asked.scope).domain;
        if looked == Looked::Unknown && asked.since.is_none() {
            return Ok(Err(Nothing::NoData));
        }
        field(snapshot, query, asked, cells)
    })
}

/// The surface as a raster: the density per km², or the log ratio of a comparison; and, where it is
/// known who looked where, which cells somebody searched.
pub(super) fn raster(
    snapshot: &Snapshot,
    query: &LayerQuery,
) -> Result<Result<LayerRaster, &'static str>, LayerError> {
    let Some(scope) = Scope::of(snapshot, query)? else { return Ok(Err(Nothing::NoData.word())) };
    let asked = Asked::of(query, scope)?;
    let cells = Cells::of(snapshot, &super::field::looking(query), scope)?;
    let made = surface(snapshot, query, &asked, &cells)?;
    let field = match &*made {
        Ok(field) => field,
        Err(nothing) => return Ok(Err(nothing.word())),
    };
    let mut bands = vec![match &field.surface {
        Surface::Dense(density) => {
            let values = density.values.iter().enumerate();
            let known = values.map(|(cell, it)| field.domain.has(cell).then_some(*it * KM2));
            Band { name: "density", unit: asked.unit(), values: known.collect() }
        }
        Surface::Compared { risk, .. } => {
            Band { name: "log_ratio", unit: "1", values: risk.log_ratio.clone() }
        }
    }];
    let seen = Seen::of(snapshot, query, &asked)?;
    if seen.domain == Looked::Surveyed {
        let lattice = &field.domain.lattice;
        let looked = (0..lattice.len()).map(|cell| {
            let centre = lattice.centre(cell % lattice.cols, cell / lattice.cols);
            field.domain.has(cell).then(|| f64::from(u8::from(seen.looked_at(centre))))
        });
        bands.push(Band { name: "searched", unit: "1", values: looked.collect() });
    }
    let raster = Raster { lattice: field.domain.lattice, bands };
    Ok(Ok(LayerRaster { raster, crs: snapshot.metric().epsg() }))
}

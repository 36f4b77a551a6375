//! A hotspot area: what it is, what it holds, which communes it touches.

use std::cmp::Ordering;

use geo::{BoundingRect, Intersects};
use geo_types::{MultiPolygon, Rect};
use rayon::prelude::*;

use super::Asked;
use crate::{
    domain::{Level, Season, SquareMetres},
    layers::{cells::season::Origins, ids::stable_id},
    snapshot::{PlotView, Snapshot, Unit},
};

/// What an area is, and what made it one.
pub(super) struct Drawn {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) shape: MultiPolygon<f64>,
    pub(super) class: &'static str,
    pub(super) held: Held,
    /// m².
    pub(super) ground: Option<f64>,
    pub(super) cells: Option<usize>,
    pub(super) communes: Option<Vec<String>>,
    pub(super) p: Option<f64>,
    pub(super) q: Option<f64>,
    pub(super) z: Option<f64>,
    pub(super) expected: Option<f64>,
    pub(super) relative_risk: Option<f64>,
    pub(super) llr: Option<f64>,
    pub(super) stability: Option<f64>,
    /// m² in it that nobody looked at, where that is known (density).
    pub(super) unsearched: Option<f64>,
    /// How far each plot was spread, metres, and the rule that chose it (density).
    pub(super) spread: Option<(f64, &'static str)>,
}

impl Drawn {
    /// The stronger first: by class, then p, the likelihood ratio, z and the number of plots.
    pub(super) fn stronger(&self, other: &Self) -> Ordering {
        let up = |a: Option<f64>, b: Option<f64>| a.unwrap_or(1.0).total_cmp(&b.unwrap_or(1.0));
        let down = |a: Option<f64>, b: Option<f64>| b.unwrap_or(0.0).total_cmp(&a.unwrap_or(0.0));
        other
            .class
            .cmp(self.class)
            .then(up(self.q, other.q))
            .then(up(self.p, other.p))
            .then(down(self.llr, other.llr))
            .then(down(self.z, other.z))
            .then(other.held.plots.cmp(&self.held.plots))
            .then(self.id.cmp(&other.id))
    }
}

/// The plots in an area.
#[derive(Clone, Copy, Default)]
pub(super) struct Held {
    pub(super) plots: u64,
    pub(super) unmeasured: u64,
    area: SquareMetres,
    /// The first and the last season.
    pub(super) seasons: Option<(Season, Season)>,
    pub(super) simulated: bool,
}

impl Held {
    pub(super) fn take(&mut self, plot: PlotView<'_>, origins: &Origins<'_>) {
        let of = plot.plot;
        self.plots += 1;
        match of.area {
            Some(area) => self.area += area,
            None => self.unmeasured += 1,
        }
        let (first, last) = self.seasons.unwrap_or((of.season, of.season));
        self.seasons = Some((first.min(of.season), last.max(of.season)));
        self.simulated |= origins.simulated(&of.dataset);
    }

    /// The ground known of its plots; `None` where nobody measured any.
    pub(super) fn known_area(self) -> Option<f64> {
        (self.unmeasured < self.plots).then(|| self.area.get())
    }
}

/// An area with a name and nothing known about it yet.
pub(super) fn plain(asked: Asked, lowest: &str, shape: MultiPolygon<f64>) -> Drawn {
    let season = asked.scope.season.to_string();
    let since = asked.since.to_string();
    Drawn {
        id: stable_id(["hotspot-areas", asked.method, &since, &season, lowest]),
        name: format!("{}:{lowest}", asked.method),
        shape,
        class: "group",
        held: Held::default(),
        ground: None,
        cells: None,
        communes: None,
        p: None,
        q: None,
        z: None,
        expected: None,
        relative_risk: None,
        llr: None,
        stability: None,
        unsearched: None,
        spread: None,
    }
}

/// A commune with its frame.
type Commune<'s> = (Rect<f64>, &'s Unit);

/// Tells each area the communes that it touches, by name; leaves it where no boundary is known.
pub(super) fn name_communes(snapshot: &Snapshot, asked: Asked, areas: &mut [Drawn]) {
    let Some(atlas) = snapshot.atlas_on(asked.scope.units_on) else { return };

    let communes: Vec<Commune<'_>> = atlas
        .units(Level::Commune)
        .map(|unit| (crate::layers::table::frame(unit.extent()), unit))
        .collect();
    if communes.is_empty() {
        return;
    }
    areas.par_iter_mut().for_each(|area| {
        let Some(frame) = area.shape.bounding_rect() else { return };
        let touches = |(of, unit): &&Commune<'_>| {
            crate::layers::table::meet(*of, frame) && unit.outline().intersects(&area.shape)
        };
        let mut names: Vec<String> =
            communes.iter().filter(touches).map(|(_, unit)| unit.name().to_owned()).collect();
        names.sort();
        names.dedup();
        area.communes = Some(names);
    });
}

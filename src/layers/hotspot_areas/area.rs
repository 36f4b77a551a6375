//! A hotspot area: what it is, what it holds, which communes it has ground in.

use std::cmp::Ordering;

use geo::{BooleanOps, BoundingRect, Intersects};
use geo_types::{MultiPolygon, Rect};
use rayon::prelude::*;

use super::Asked;
use crate::{
    analysis::geometry::ground::{rings, shoelace},
    domain::{Level, Season, SquareMetres},
    layers::{
        cells::season::Origins,
        ids::stable_id,
        table::{frame, meet},
    },
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
    /// Plots in the strongest of its cells and that cell's neighbours, where hot cells are joined.
    pub(super) around: Option<u64>,
    /// Plots that the scan counted: those found by search, where it is known who looked where.
    pub(super) observed: Option<u32>,
    pub(super) expected: Option<f64>,
    /// Ground searched in its cells, km²; `None` where the scan took all ground for searched.
    pub(super) searched_km2: Option<f64>,
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
        around: None,
        observed: None,
        expected: None,
        searched_km2: None,
        relative_risk: None,
        llr: None,
        stability: None,
        unsearched: None,
        spread: None,
    }
}

/// An area lies in a commune where it has this part of its ground there, or this part of the
/// commune's: what two outlines of one border share is no ground.
const PART: f64 = 0.01;

/// Tells each area the communes that it has ground in, by name, the most ground first; leaves it
/// where no boundary is known, or where it is made of communes and has their names.
pub(super) fn name_communes(snapshot: &Snapshot, asked: Asked, areas: &mut [Drawn]) {
    let Some(atlas) = snapshot.atlas_on(asked.scope.units_on) else { return };
    let communes: Vec<(Rect<f64>, &Unit)> =
        atlas.units(Level::Commune).map(|unit| (frame(unit.extent()), unit)).collect();
    if communes.is_empty() {
        return;
    }
    areas.par_iter_mut().filter(|area| area.communes.is_none()).for_each(|area| {
        let Some(frame) = area.shape.bounding_rect() else { return };
        let near = communes.iter().filter(|(of, _)| meet(*of, frame));
        let outlines = near.map(|(_, unit)| (unit.name(), unit.outline()));
        area.communes = Some(with_ground(&area.shape, outlines));
    });
}

/// The names of `units` that `area` has ground in, the most ground first.
fn with_ground<'u>(
    area: &MultiPolygon<f64>,
    units: impl Iterator<Item = (&'u str, &'u MultiPolygon<f64>)>,
) -> Vec<String> {
    let whole = extent(area);
    let shared = units.filter_map(|(name, outline)| {
        if !outline.intersects(area) {
            return None;
        }
        let shared = extent(&outline.intersection(area));
        Some((name, shared, shared >= PART * whole.min(extent(outline))))
    });
    let shared: Vec<_> = shared.filter(|(_, shared, _)| *shared > 0.0).collect();
    // An area over very many communes has a small part in each.
    let most = shared.iter().map(|(_, shared, _)| *shared).fold(0.0, f64::max);
    let enough = shared.into_iter().filter(|(_, shared, enough)| *enough || *shared >= most);
    by_ground(enough.map(|(name, shared, _)| (name, shared)).collect())
}

/// Names, each once, those with the most ground first, and of as much by their letters.
pub(super) fn by_ground(mut named: Vec<(&str, f64)>) -> Vec<String> {
    named.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let mut names: Vec<String> = Vec::new();
    for (name, _) in named {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The extent of an outline in the plane that it is drawn in: for shares of one place, where a
/// degree is as long in both.
fn extent(outline: &MultiPolygon<f64>) -> f64 {
    rings(outline).iter().map(|ring| shoelace(ring)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
        MultiPolygon(vec![Rect::new((west, south), (east, north)).to_polygon()])
    }

    #[test]
    fn a_commune_is_named_for_ground_and_not_for_a_border() {
        // Neighbours whose common line differs by a hair in their files.
        let west = block(0.0, 0.0, 10.0, 10.0);
        let east = block(9.999, 0.0, 20.0, 10.0);
        let north = block(0.0, 10.0, 20.0, 20.0);
        let hamlet = block(4.0, 4.0, 4.01, 4.01);
        let units = || {
            let all = [("West", &west), ("East", &east), ("North", &north), ("Hamlet", &hamlet)];
            all.into_iter()
        };
        let of = |area: &MultiPolygon<f64>| with_ground(area, units().take(3));
        assert_eq!(of(&west), ["West"]);
        assert_eq!(of(&block(6.0, 1.0, 9.9995, 9.0)), ["West"]);
        // The most ground first, whatever the order of the files.
        assert_eq!(of(&block(8.0, 8.0, 14.0, 13.0)), ["North", "East", "West"]);
        // All of a small commune is enough, though it is little of the area.
        assert_eq!(with_ground(&block(0.0, 0.0, 9.0, 9.0), units()), ["West", "Hamlet"]);
        // Nowhere; and an area of which a hair lies in a commune, and the rest in none.
        assert!(of(&block(30.0, 30.0, 31.0, 31.0)).is_empty());
        assert!(of(&block(20.0, 0.0, 21.0, 10.0)).is_empty());
        assert_eq!(of(&block(19.99, 0.0, 24.0, 10.0)), ["East"]);
        assert_eq!(
            by_ground(vec![("B", 1.0), ("A", 1.0), ("C", 2.0), ("B", 3.0)]),
            ["B", "C", "A"]
        );
    }
}

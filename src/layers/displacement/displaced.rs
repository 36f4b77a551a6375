//! Which cells were cleared, which lie around them, and what was found in each before and after.

use std::sync::Arc;

use geo_types::{Coord, MultiPolygon};

use crate::{
    analysis::{
        displacement::{Change, Difference, NoQuotient, Place, Zone, tne, wdq, zones},
        geometry::dissolve::dissolve,
    },
    domain::{PlotState, Season},
    layers::{
        CellKind, LayerError, LayerQuery, Refusal,
        cells::{
            Cells,
            season::{Domain, Found, Searched},
        },
        scope::Scope,
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The first radius unless another is asked for, metres; the others are twice and five times it.
const RADIUS: f64 = 1000.0;

/// The radii of the rings, by the first.
const RINGS: [f64; 3] = [1.0, 2.0, 5.0];

/// The greatest first radius.
const MOST_RADIUS: f64 = 20_000.0;

/// Sums over one zone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) zone: Zone,
    /// Inner and outer radius of a ring, metres.
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) cells: u32,
    /// Surveyed in both seasons; ground and counts are those of these.
    pub(super) compared: u32,
    pub(super) ground: f64,
    pub(super) cleared: u32,
    pub(super) change: Change,
}

impl Area {
    fn new(zone: Zone, from: f64, to: f64) -> Self {
        let change = Change::default();
        Self { zone, from, to, cells: 0, compared: 0, ground: 0.0, cleared: 0, change }
    }

    /// Against the control, scaled by ground; `None` of the control itself, or where either has
    /// nothing to compare.
    pub(super) fn against(&self, control: &Self) -> Option<Difference> {
        let both = self.compared > 0 && control.ground > 0.0 && self.zone != Zone::Control;
        both.then(|| {
            let scale = -self.ground / control.ground;
            Difference::of(&[(1.0, self.change), (scale, control.change)])
        })
    }

    fn add(&mut self, other: &Self) {
        self.cells += other.cells;
        self.compared += other.compared;
        self.ground += other.ground;
        self.cleared += other.cleared;
        self.change.before += other.change.before;
        self.change.after += other.change.after;
    }
}

/// The zones around cleared ground.
pub(super) struct Displaced {
    pub(super) key: String,
    pub(super) scope: Scope,
    pub(super) before: Season,
    pub(super) domain: Domain,
    pub(super) simulated: bool,
    /// Response, rings outwards, control.
    pub(super) areas: Vec<Area>,
    /// The cells of all zones that were not surveyed in both seasons: nothing is known of them.
    pub(super) uncompared: Area,
    /// Cells compared, for placebos.
    pub(super) places: Vec<Place>,
    cells: Arc<Cells>,
    /// What the cells are.
    pub(super) cell: CellKind,
    /// By cell: its place in `areas`.
    zones: Vec<u8>,
    /// By cell: whether it was surveyed in both seasons.
    compared: Vec<bool>,
}

impl Displaced {
    /// The zones for the season of `scope`, kept with the snapshot.
    pub(super) fn of(
        snapshot: &Snapshot,
        query: &LayerQuery,
        scope: Scope,
    ) -> Result<Arc<Self>, LayerError> {
        let radius = radius(query)?;
        let before = query.since.unwrap_or_else(|| scope.season.before().before());
        if before >= scope.season.before() {
            return Err(LayerError::Parameter {
                parameter: "season",
                reason: Refusal::new(
                    format!(
                        "Từ {before} đến {}: phải có ít nhất một niên vụ ở giữa, là niên vụ phá nhổ, ví dụ \
                         season={}/{}",
                        scope.season,
                        scope.season.before().before(),
                        scope.season
                    ),
                    format!(
                        "from {before} to {}: at least one season must lie between, in which the ground \
                         was cleared, such as season={}/{}",
                        scope.season,
                        scope.season.before().before(),
                        scope.season
                    ),
                ),
            });
        }
        // Units are as wide as the rings around them, and cells of H3 share no corner bit for
        // bit: squares are counted in their place.
        let query = match query.cell {
            CellKind::Commune | CellKind::District | CellKind::H3(_) => {
                LayerQuery { cell: CellKind::default(), ..query.clone() }
            }
            CellKind::Square(_) | CellKind::Hexagon(_) => query.clone(),
        };
        let cells = Cells::of(snapshot, &query, scope)?;
        let key =
            format!("displaced {} {before} {} {} {radius}", cells.key, scope.season, scope.day);
        let bytes = |made: &Self| 2 * made.zones.len() + made.places.len() * size_of::<Place>();
        wanted(snapshot, &query.asker, &key, bytes, || {
            Ok(Self::made(snapshot, (&cells, query.cell), scope, before, radius, key.clone()))
        })
    }

    fn made(
        snapshot: &Snapshot,
        (cells, cell): (&Arc<Cells>, CellKind),
        scope: Scope,
        before: Season,
        radius: f64,
        key: String,
    ) -> Self {
        let then = Scope { season: before, day: Season::clamp(before, scope.day), ..scope };
        let [first, last] = [then, scope]
            .map(|of| (Searched::of(snapshot, cells, of), Found::of(snapshot, cells, of)));
        let mut cleared = vec![0_u32; cells.len()];
        // Ground is cleared where plots are found: by their number it is alike.
        let mut found = vec![0_u32; cells.len()];
        let between = snapshot.seasons().into_iter();
        for season in between.filter(|season| before < *season && *season < scope.season) {
            for view in snapshot.plots(Some(season)) {
                let Some(state) = view.plot.state_on(scope.day) else { continue };
                let Some(place) = cells.of_plot(snapshot, view) else { continue };
                found[place] += u32::from(view.plot.counts_on(scope.day));
                let gone = matches!(state, PlotState::Destroyed | PlotState::Verified);
                cleared[place] += u32::from(gone);
            }
        }
        let radii = RINGS.map(|times| times * radius);
        let middles: Vec<Coord<f64>> =
            (0..cells.len()).map(|place| cells.middle(snapshot, place)).collect();
        let response: Vec<bool> = cleared.iter().map(|count| *count > 0).collect();
        let zones = zones(&middles, &response, &radii);
        let mut areas = vec![Area::new(Zone::Response, 0.0, 0.0)];
        let mut inner = 0.0;
        for (ring, outer) in (0_u32..).zip(radii) {
            areas.push(Area::new(Zone::Ring(ring), inner, outer));
            inner = outer;
        }
        areas.push(Area::new(Zone::Control, inner, f64::INFINITY));
        let place_of = |zone: Zone| match zone {
            Zone::Response => 0,
            Zone::Ring(ring) => 1 + ring as usize,
            Zone::Control => RINGS.len() + 1,
        };
        let mut uncompared = Area::new(Zone::Control, 0.0, f64::INFINITY);
        let mut compared = vec![false; cells.len()];
        let mut places = Vec::new();
        for (cell, zone) in zones.iter().enumerate() {
            let area = &mut areas[place_of(*zone)];
            area.cells += 1;
            area.cleared += cleared[cell];
            if !(first.0.tested(cell) && last.0.tested(cell)) {
                uncompared.cells += 1;
                uncompared.cleared += cleared[cell];
                continue;
            }
            compared[cell] = true;
            let change = Change {
                before: first.1.cells[cell].plots as u32,
                after: last.1.cells[cell].plots as u32,
            };
            let ground = cells.area(cell);
            area.compared += 1;
            area.ground += ground;
            area.change.before += change.before;
            area.change.after += change.after;
            let response = *zone == Zone::Response;
            places.push(Place {
                middle: middles[cell],
                ground,
                change,
                like: found[cell],
                response,
            });
        }
        let domain = match (first.0.domain, last.0.domain) {
            (Domain::Unknown, _) | (_, Domain::Unknown) => Domain::Unknown,
            (Domain::Surveyed, Domain::Surveyed) => Domain::Surveyed,
            _ => Domain::AssumedAll,
        };
        let simulated =
            [&first, &last].iter().any(|(searched, found)| searched.simulated || found.simulated);
        let zones = zones.into_iter().map(|zone| place_of(zone) as u8).collect();
        let cells = Arc::clone(cells);
        Self {
            key,
            scope,
            before,
            domain,
            simulated,
            areas,
            uncompared,
            places,
            cells,
            cell,
            zones,
            compared,
        }
    }

    /// The clearing seasons in words.
    pub(super) fn cleared_in(&self) -> String {
        let last = self.scope.season.before();
        // The season after `before`.
        let mut first = last;
        while first.before() > self.before {
            first = first.before();
        }
        if first == last { first.to_string() } else { format!("{first}/{last}") }
    }

    pub(super) fn response(&self) -> &Area {
        &self.areas[0]
    }

    pub(super) fn control(&self) -> &Area {
        &self.areas[self.areas.len() - 1]
    }

    /// All rings together.
    pub(super) fn buffer(&self) -> Area {
        let rings = &self.areas[1..self.areas.len() - 1];
        let mut all = Area::new(Zone::Ring(0), 0.0, self.reach());
        for ring in rings {
            all.add(ring);
        }
        all
    }

    /// Response and all rings together.
    pub(super) fn treated(&self) -> Area {
        let mut all = *self.response();
        all.add(&self.buffer());
        all
    }

    /// The outermost radius.
    pub(super) fn reach(&self) -> f64 {
        self.control().from
    }

    pub(super) fn response_cells(&self) -> u32 {
        self.response().cells
    }

    pub(super) fn cell_count(&self) -> usize {
        self.zones.len()
    }

    /// The displacement quotient with `buffer`.
    pub(super) fn quotient(&self, buffer: &Area) -> Result<f64, &'static str> {
        if buffer.compared == 0 || self.response().compared == 0 || self.control().compared == 0 {
            return Err("not-compared");
        }
        wdq(self.response().change, buffer.change, self.control().change).map_err(NoQuotient::word)
    }

    /// Total net effects with `buffer`.
    pub(super) fn net(&self, buffer: &Area) -> Option<f64> {
        self.quotient(buffer)
            .err()
            .is_none_or(|reason| reason != "not-compared")
            .then(|| tne(self.response().change, buffer.change, self.control().change).ok())?
    }

    /// The ground of a zone in degrees, `None` where it has no cell: response and rings whole, of
    /// the control what is compared. The place after the last zone is that of all cells that are
    /// not compared, in whatever zone.
    pub(super) fn outline(&self, snapshot: &Snapshot, place: usize) -> Option<MultiPolygon<f64>> {
        let control = self.areas.len() - 1;
        let inside = |cell: &usize| {
            if place > control {
                return !self.compared[*cell];
            }
            usize::from(self.zones[*cell]) == place && (place < control || self.compared[*cell])
        };
        let rings: Vec<Vec<Coord<f64>>> = (0..self.zones.len())
            .filter(inside)
            .filter_map(|cell| {
                let outline = self.cells.outline(snapshot, cell);
                outline.0.first().map(|polygon| polygon.exterior().0.clone())
            })
            .collect();
        let shape = dissolve(&rings);
        (!shape.0.is_empty()).then_some(shape)
    }
}

/// The first radius that was asked for.
fn radius(query: &LayerQuery) -> Result<f64, LayerError> {
    let asked = query.choices.distance.unwrap_or(RADIUS);
    if asked > 0.0 && asked <= MOST_RADIUS {
        return Ok(asked);
    }
    Err(LayerError::Parameter {
        parameter: "distance",
        reason: Refusal::new(
            format!("{asked} m cho bán kính đầu: chọn trên 0 và tối đa {MOST_RADIUS}, ví dụ 1000"),
            format!(
                "{asked} m as the first radius: ask for more than 0 and at most {MOST_RADIUS}, such as 1000"
            ),
        ),
    })
}

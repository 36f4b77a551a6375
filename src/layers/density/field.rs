//! The surfaces behind the layer `density`: which plots, on which ground, how far spread.

use geo_types::{Coord, MultiPolygon};

use super::looked::Seen;
use crate::{
    analysis::{
        chance::draws::Draws,
        density::{
            Bandwidth, Density, Domain, Edge, Kernel, Lattice, Risk, Rule, contours, corrected,
            risk, sources,
        },
        geometry::bounds::bounds,
    },
    crs::MetricCrs,
    domain::Season,
    layers::{
        CellKind, LayerError, LayerQuery, Refusal,
        cells::{
            Cells, ground_level,
            season::{Domain as Looked, Origins, Searched},
        },
        choices::one_of,
        scope::{Scope, horizon},
    },
    snapshot::Snapshot,
};

/// Square metres in a square kilometre.
pub(super) const KM2: f64 = 1e6;

/// Fewer plots have no contour.
pub(super) const FEWEST: usize = 5;

/// Under so many plots an answer is to be read with care.
pub(super) const FEW: usize = 30;

/// The most cells of a surface; of one that is shuffled.
const MOST_CELLS: f64 = 250_000.0;
const MOST_SHUFFLED_CELLS: f64 = 40_000.0;

/// The most plots of a comparison, each of whose shuffles is a density of its own.
const MOST_COMPARED: usize = 5000;

/// Shuffles of a comparison.
pub(super) const SHUFFLES: u32 = 999;

/// The draws of a comparison, with its version.
const ANALYSIS: &str = "density/relative-risk/1";

pub(super) const METHODS: &[&str] = &["volume", "risk"];
pub(in crate::layers) const KERNELS: &[&str] = &["quartic", "epanechnikov", "gaussian"];
pub(super) const VALUES: &[&str] = &["count", "area"];
pub(in crate::layers) const RULES: &[&str] = &["ppl", "scott", "silverman", "esri", "diggle"];

/// What is asked of the layer.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) scope: Scope,
    /// The first season of a span, or the one that is compared with.
    pub(super) since: Option<Season>,
    pub(super) compare: bool,
    pub(super) kernel: Kernel,
    pub(super) by_area: bool,
    /// A radius in metres, or a rule. `None`: by likelihood, which follows how closely the plots
    /// lie, else by Scott, where there are too many for it or it finds none.
    pub(super) bandwidth: Option<Result<f64, Rule>>,
    pub(super) alpha: f64,
    pub(super) seed: u64,
}

impl Asked {
    pub(super) fn of(query: &LayerQuery, scope: Scope) -> Result<Self, LayerError> {
        let choices = &query.choices;
        let method = one_of("method", choices.method.as_deref(), METHODS)?;
        let kernel = one_of("kernel", choices.kernel.as_deref(), KERNELS)?;
        let value = one_of("value", choices.value.as_deref(), VALUES)?;
        let bandwidth = match choices.bandwidth.as_deref().map(|it| (it, Rule::from_word(it))) {
            None => None,
            Some((_, Some(rule))) => Some(Err(rule)),
            Some((text, None)) => Some(Ok(metres(text)?)),
        };
        if !(query.alpha > 0.0 && query.alpha < 0.5) {
            return Err(LayerError::Parameter {
                parameter: "alpha",
                reason: Refusal::new(
                    format!("{}: p phải trên 0 và dưới 0,5, ví dụ 0.05", query.alpha),
                    format!("{}: ask for a p above 0 and under 0.5, such as 0.05", query.alpha),
                ),
            });
        }
        Ok(Self {
            scope,
            since: query.since.filter(|since| *since < scope.season),
            compare: method == "risk",
            kernel: Kernel::from_word(kernel).unwrap_or_default(),
            by_area: value == "area" && method != "risk",
            bandwidth,
            alpha: query.alpha,
            seed: query.seed,
        })
    }

    /// All that decides the answer, for the memo.
    pub(super) fn key(&self, cells: &Cells) -> String {
        format!("density {} {self:?}", cells.key)
    }

    /// The unit of the density.
    pub(super) const fn unit(&self) -> &'static str {
        if self.by_area { "ha/km2" } else { "1/km2" }
    }
}

fn metres(text: &str) -> Result<f64, LayerError> {
    let radius = text.parse::<f64>().ok().filter(|it| (100.0..=100_000.0).contains(it));
    radius.ok_or_else(|| LayerError::Parameter {
        parameter: "bandwidth",
        reason: Refusal::new(
            format!("`{text}`: cho số mét từ 100 đến 100000, hoặc một trong {}", RULES.join(", ")),
            format!("`{text}`: give metres from 100 to 100000, or one of {}", RULES.join(", ")),
        ),
    })
}

/// Plots of a season, by their position.
#[derive(Clone, Debug, Default)]
pub(super) struct Plots {
    pub(super) places: Vec<Coord<f64>>,
    /// Hectares of each, where they are asked.
    weights: Option<Vec<f64>>,
    /// Plots left out because nobody measured them.
    pub(super) unmeasured: usize,
    pub(super) simulated: bool,
}

impl Plots {
    /// The plots of a season up to `day`.
    fn of(snapshot: &Snapshot, seasons: &[Season], query: &LayerQuery, by_area: bool) -> Self {
        let origins = Origins::of(snapshot);
        let mut plots = Self { weights: by_area.then(Vec::new), ..Self::default() };
        for season in seasons.iter().copied() {
            let day = season.clamp(horizon(query));
            for view in snapshot.plots(Some(season)).filter(|view| view.plot.counts_on(day)) {
                let Some(at) = view.on_grid() else { continue };
                if let Some(weights) = &mut plots.weights {
                    let Some(area) = view.plot.area else {
                        plots.unmeasured += 1;
                        continue;
                    };
                    weights.push(area.get() / 10_000.0);
                }
                plots.simulated |= origins.simulated(&view.plot.dataset);
                plots.places.push(at);
            }
        }
        plots
    }
}

/// Why there is no surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nothing {
    /// Nothing was seen and nobody is known to have looked; of a comparison, in the other season.
    NoData,
    /// Under [`FEWEST`] plots, of either season in a comparison.
    TooFew,
    /// All plots lie in one place or on one line.
    NoSpread,
    /// More plots than the rule of the bandwidth looks at.
    TooMany,
    /// The rule finds no bandwidth better than all others.
    NoOptimum,
}

impl Nothing {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::NoData => "no-data",
            Self::TooFew => "too-few",
            Self::NoSpread => "no-spread",
            Self::TooMany => "too-many",
            Self::NoOptimum => "no-optimum",
        }
    }
}

/// A surface, and what it was made from.
pub(super) struct Field {
    pub(super) domain: Domain,
    pub(super) bandwidth: Bandwidth,
    pub(super) edge: Edge,
    pub(super) plots: Plots,
    pub(super) surface: Surface,
}

impl Field {
    /// How much memory it takes, about.
    pub(super) fn bytes(&self) -> usize {
        // Of each cell its share and its density, or its ratio and how many shuffles reach it.
        self.domain.cover.len() * 40 + self.plots.places.len() * 24
    }

    /// Plots of the season on the surface.
    pub(super) fn spread(&self) -> usize {
        match &self.surface {
            Surface::Dense(density) => self.plots.places.len() - density.outside,
            Surface::Compared { risk, .. } => risk.new,
        }
    }
}

pub(super) enum Surface {
    Dense(Density),
    Compared {
        risk: Risk,
        /// Whether it is known of both seasons where people looked: only that ground is compared.
        clipped: bool,
        /// Plots of the old season that lie elsewhere.
        outside: usize,
    },
}

/// The seasons that an answer is about: those of the span with data, or the two compared.
pub(super) fn seasons(snapshot: &Snapshot, asked: &Asked) -> Vec<Season> {
    let (last, mut known) = (asked.scope.season, snapshot.seasons());
    known.retain(|season| *season < last);
    if asked.compare {
        let had_plots = |season: &Season| snapshot.plots(Some(*season)).next().is_some();
        let before = asked.since.or_else(|| known.iter().rev().copied().find(had_plots));
        return before.into_iter().chain([last]).collect();
    }
    let Some(since) = asked.since else { return vec![last] };
    known.retain(|season| *season >= since);
    known.push(last);
    known
}

/// Makes the surface that was asked.
pub(super) fn field(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: &Asked,
    cells: &std::sync::Arc<Cells>,
) -> Result<Result<Field, Nothing>, LayerError> {
    let seasons = seasons(snapshot, asked);
    let now = if asked.compare { &seasons[seasons.len() - 1..] } else { &seasons[..] };
    let plots = Plots::of(snapshot, now, query, asked.by_area);
    let old = if asked.compare {
        let Some((before, _)) = seasons.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return Ok(Err(Nothing::NoData));
        };
        Plots::of(snapshot, &[*before], query, false).places
    } else {
        Vec::new()
    };
    if plots.places.len() < FEWEST || (asked.compare && old.len() < FEWEST) {
        return Ok(Err(Nothing::TooFew));
    }
    let all = [plots.places.as_slice(), &old].concat();
    if asked.compare && all.len() > MOST_COMPARED {
        return Err(LayerError::TooMuch(Refusal::new(
            format!(
                "So sánh {} nương: chỉ xáo trộn được {MOST_COMPARED}; dùng dòng lệnh (analyse density \
                 --against), hoặc method=volume cho từng niên vụ",
                all.len()
            ),
            format!(
                "a comparison of {} plots: at most {MOST_COMPARED} are shuffled; use the command line \
                 (analyse density --against), or method=volume for each season",
                all.len()
            ),
        )));
    }
    let ground: f64 = (0..cells.len()).map(|place| cells.area(place)).sum();
    let weights = plots.weights.as_deref().filter(|_| !asked.compare);
    let by = |rule| Bandwidth::find(rule, asked.kernel, &all, weights, ground);
    let found = match asked.bandwidth {
        None => by(Rule::Likelihood).or_else(|_| by(Rule::Scott)),
        Some(Ok(radius)) => Ok(Bandwidth::given(asked.kernel, radius)),
        Some(Err(rule)) => by(rule),
    };
    let bandwidth = match found {
        Ok(bandwidth) => bandwidth,
        Err(reason) => return Ok(Err(nothing(reason))),
    };
    let mut domain = domain(snapshot, asked, &all, &bandwidth)?;
    if !asked.compare {
        let edge = if cells.bounded { Edge::Diggle } else { Edge::None };
        let spread = sources(&plots.places, weights, bandwidth.radius);
        let density = corrected(asked.kernel, &spread, &domain, edge);
        if plots.places.len() - density.outside < FEWEST {
            return Ok(Err(Nothing::TooFew));
        }
        return Ok(Ok(Field { domain, bandwidth, edge, plots, surface: Surface::Dense(density) }));
    }
    // Ground that only one season looked at cannot say where plots grew more.
    let mut clipped = true;
    for season in &seasons {
        clipped &= clip(snapshot, query, &mut domain, cells, *season);
    }
    let draws = Draws { permutations: SHUFFLES, seed: asked.seed, analysis: ANALYSIS };
    let found =
        risk(asked.kernel, &plots.places, &old, bandwidth.radius, &domain, draws, &query.asker)?;
    let Ok(risk) = found else { return Ok(Err(Nothing::TooFew)) };
    let outside = old.len() - risk.old;
    let surface = Surface::Compared { risk, clipped, outside };
    Ok(Ok(Field { domain, bandwidth, edge: Edge::None, plots, surface }))
}

fn nothing(reason: crate::analysis::density::NoBandwidth) -> Nothing {
    use crate::analysis::density::NoBandwidth;
    match reason {
        NoBandwidth::TooFew => Nothing::TooFew,
        NoBandwidth::NoSpread => Nothing::NoSpread,
        NoBandwidth::TooMany => Nothing::TooMany,
        NoBandwidth::NoOptimum => Nothing::NoOptimum,
    }
}

/// The ground around the plots, as far as they are spread, on cells fine enough for the bandwidth.
fn domain(
    snapshot: &Snapshot,
    asked: &Asked,
    places: &[Coord<f64>],
    bandwidth: &Bandwidth,
) -> Result<Domain, LayerError> {
    // There are plots: fewer than five were answered before.
    let (low, high) = bounds(places).unwrap_or_default();
    let margin = bandwidth.radius * asked.kernel.reach().min(4.0);
    let most = if asked.compare { MOST_SHUFFLED_CELLS } else { MOST_CELLS };
    let ground = (high.x - low.x + 2.0 * margin) * (high.y - low.y + 2.0 * margin);
    // A tenth of the bandwidth's radius (of the Gaussian a quarter), or as fine as the bound lets it be.
    let fine = bandwidth.sigma / 4.0;
    let wanted = fine.max((ground / most).sqrt() * 1.05);
    if wanted > bandwidth.sigma {
        return Err(LayerError::TooMuch(Refusal::new(
            format!(
                "Băng thông {:.0} m trên vùng đất rộng như vậy cần hơn {most} ô: chọn từ {:.0} m trở lên",
                bandwidth.radius,
                bandwidth.radius * wanted / bandwidth.sigma * 1.1
            ),
            format!(
                "a bandwidth of {:.0} m over so much ground would need more than {most} cells: ask for {:.0} m \
                 or more",
                bandwidth.radius,
                bandwidth.radius * wanted / bandwidth.sigma * 1.1
            ),
        )));
    }
    let cell = if wanted > 50.0 { (wanted / 50.0).ceil() * 50.0 } else { wanted };
    let lattice = Lattice::around(low, high, margin, cell, 4 * most as usize)
        .map_err(|error| LayerError::TooMuch(error.to_string().into()))?;
    Ok(match ground_level(snapshot, asked.scope.units_on) {
        Some(level) => {
            let atlas = snapshot.atlas_on(asked.scope.units_on);
            let units = atlas.into_iter().flat_map(|atlas| atlas.units(level));
            let outlines = units.filter_map(|unit| unit.metric());
            let ground = outlines.flat_map(|outline| outline.0.iter().cloned()).collect();
            Domain::inside(lattice, &MultiPolygon(ground))
        }
        None => Domain::whole(lattice),
    })
}

/// Takes away the ground that nobody looked at in a season; whether that is known.
fn clip(
    snapshot: &Snapshot,
    query: &LayerQuery,
    domain: &mut Domain,
    cells: &std::sync::Arc<Cells>,
    season: Season,
) -> bool {
    let day = season.clamp(horizon(query));
    let searched = Searched::of(snapshot, cells, Scope { season, day, units_on: cells.units_on });
    for (place, cover) in domain.cover.iter_mut().enumerate().filter(|(_, cover)| **cover > 0.0) {
        let centre =
            domain.lattice.centre(place % domain.lattice.cols, place / domain.lattice.cols);
        if !cells.at(centre).is_some_and(|place| searched.tested(place)) {
            *cover = 0.0;
        }
    }
    searched.known()
}

/// The cells of the domain that are at `level` or above: where their centres are, the m² of each,
/// and whether somebody looked there. None where nothing is known of who looked where.
pub(super) fn searched_at<'f>(
    field: &'f Field,
    values: &'f [f64],
    level: f64,
    seen: &'f Seen,
) -> impl Iterator<Item = (Coord<f64>, f64, bool)> + 'f {
    let lattice = &field.domain.lattice;
    let known = seen.domain == Looked::Surveyed;
    let parts = field.domain.cover.iter().zip(values).enumerate();
    let high = move |(_, (cover, value)): &(usize, (&f64, &f64))| {
        known && **cover > 0.0 && **value >= level
    };
    parts.filter(high).map(move |(place, (cover, _))| {
        let centre = lattice.centre(place % lattice.cols, place / lattice.cols);
        (centre, cover * lattice.cell_area(), seen.looked_at(centre))
    })
}

/// The ground of chosen cells in one piece, and its m².
pub(super) fn ground_of(cells: &Cells, chosen: impl Fn(usize) -> bool) -> (MultiPolygon<f64>, f64) {
    let Some((grid, all)) = cells.on_grid() else { return (MultiPolygon(Vec::new()), 0.0) };
    let picked: Vec<usize> = (0..all.len()).filter(|place| chosen(*place)).collect();
    let area = picked.iter().map(|place| all[*place].area).sum();
    let fold = |start: i32,
                of: fn(&crate::analysis::geometry::grid::Cell) -> i32,
                pick: fn(i32, i32) -> i32| {
        picked.iter().map(|place| of(&all[*place].cell)).fold(start, pick)
    };
    if picked.is_empty() {
        return (MultiPolygon(Vec::new()), 0.0);
    }
    let (west, east) = (fold(i32::MAX, |c| c.col, i32::min), fold(i32::MIN, |c| c.col, i32::max));
    let (south, north) = (fold(i32::MAX, |c| c.row, i32::min), fold(i32::MIN, |c| c.row, i32::max));
    let first = grid.centre(crate::analysis::geometry::grid::Cell { row: south, col: west });
    let (cols, rows) = (west.abs_diff(east) as usize + 1, south.abs_diff(north) as usize + 1);
    let lattice = Lattice { first, cell: f64::from(grid.size()), cols, rows };
    let mut cover = vec![0.0; lattice.len()];
    for place in picked {
        let cell = all[place].cell;
        cover[cell.row.abs_diff(south) as usize * cols + cell.col.abs_diff(west) as usize] = 1.0;
    }
    let domain = Domain { lattice, cover };
    (contours(&domain, &vec![1.0; lattice.len()], 0.5), area)
}

/// Metres to degrees; `None` where the projection has no way back.
pub(super) fn degrees(metric: MetricCrs, ground: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let mut ground = ground.clone();
    for polygon in &mut ground.0 {
        let mut done = true;
        polygon.exterior_mut(|ring| done &= metric.to_degrees(&mut ring.0).is_ok());
        polygon.interiors_mut(|rings| {
            for ring in rings {
                done &= metric.to_degrees(&mut ring.0).is_ok();
            }
        });
        if !done {
            return None;
        }
    }
    (!ground.0.is_empty()).then_some(ground)
}

/// The query whose cells say where people looked: squares of a kilometre.
pub(super) fn looking(query: &LayerQuery) -> LayerQuery {
    LayerQuery { cell: CellKind::default(), ..query.clone() }
}

//! The densest ground in pieces, for the layer `hotspot-areas`.

use geo::{BoundingRect, Contains};
use geo_types::{Coord, MultiPolygon, Point, Polygon, Rect};

use super::{
    field::{Asked, Nothing, Surface, degrees, looking, searched_at, seasons},
    looked::Seen,
    patches::square_metres,
    surface::surface,
    words::no_surface,
};
use crate::{
    analysis::density::{contours, volumes},
    domain::{Language, Season},
    layers::{Choices, LayerError, LayerQuery, cells::Cells, scope::Scope},
    snapshot::Snapshot,
};

/// The smallest ground that holds a share of the density of a season's plots.
pub(in crate::layers) struct Densest {
    /// How far each plot was spread, metres.
    pub(in crate::layers) radius: f64,
    /// The rule that chose it.
    pub(in crate::layers) rule: &'static str,
    /// The m² of a cell of the surface: a smaller piece is less than it can tell.
    pub(in crate::layers) cell: f64,
    /// Whether simulated data are in it: a plot is told far around it.
    pub(in crate::layers) simulated: bool,
    /// Each piece of it.
    pub(in crate::layers) pieces: Vec<Piece>,
}

/// Why there is no surface, by its code and in words.
pub(in crate::layers) struct NoSurface {
    pub(in crate::layers) word: &'static str,
    pub(in crate::layers) vi: String,
    pub(in crate::layers) en: String,
}

impl NoSurface {
    fn of(nothing: Nothing, asked: &Asked, seasons: &[Season]) -> Self {
        let said = |language| no_surface(nothing, seasons, asked.compare, language);
        Self { word: nothing.word(), vi: said(Language::Vi), en: said(Language::En) }
    }
}

/// Ground in one piece.
pub(in crate::layers) struct Piece {
    outline: Polygon<f64>,
    frame: Rect<f64>,
    /// The same in degrees.
    pub(in crate::layers) shape: MultiPolygon<f64>,
    /// m².
    pub(in crate::layers) ground: f64,
    /// m² in it that nobody looked at; `None` where it is not known who looked where.
    pub(in crate::layers) unsearched: Option<f64>,
}

impl Piece {
    /// Whether a place lies in it, in metres.
    pub(in crate::layers) fn holds(&self, at: Coord<f64>) -> bool {
        let (low, high) = (self.frame.min(), self.frame.max());
        (low.x..=high.x).contains(&at.x)
            && (low.y..=high.y).contains(&at.y)
            && self.outline.contains(&Point(at))
    }
}

/// The ground that holds `share` of the density that `query` asks for with `kernel` and
/// `bandwidth`, as the layer `density` draws it; within, why there is no surface.
pub(in crate::layers) fn densest(
    snapshot: &Snapshot,
    query: &LayerQuery,
    scope: Scope,
    share: f64,
) -> Result<Result<Densest, NoSurface>, LayerError> {
    // What is counted, and how it is tested, are choices of other layers here.
    let Choices { kernel, bandwidth, .. } = query.choices.clone();
    let choices = Choices { kernel, bandwidth, ..Choices::default() };
    let query = LayerQuery { choices, ..query.clone() };
    let asked = Asked::of(&query, scope)?;
    let cells = Cells::of(snapshot, &looking(&query), scope)?;
    let made = surface(snapshot, &query, &asked, &cells)?;
    let none = |nothing| Ok(Err(NoSurface::of(nothing, &asked, &seasons(snapshot, &asked))));
    let field = match &*made {
        Ok(field) => field,
        Err(nothing) => return none(*nothing),
    };
    let Surface::Dense(density) = &field.surface else { return none(Nothing::TooFew) };
    let levels = volumes(&field.domain, &density.values, &[share]);
    let Some(level) = levels.first().map(|it| it.level) else { return none(Nothing::TooFew) };
    let seen = Seen::of(snapshot, &query, &asked)?;
    let each =
        contours(&field.domain, &density.values, level).0.into_iter().filter_map(|outline| {
            let ground = MultiPolygon(vec![outline.clone()]);
            Some(Piece {
                frame: outline.bounding_rect()?,
                shape: degrees(snapshot.metric(), &ground)?,
                ground: square_metres(&ground),
                unsearched: None,
                outline,
            })
        });
    let mut pieces: Vec<Piece> = each.collect();
    // Of each piece the ground of its cells, and of those that nobody looked at: a cell at the line
    // lies partly beyond it, so their share is what the piece is told by.
    let mut sums = vec![(0.0, 0.0); pieces.len()];
    for (centre, area, looked) in searched_at(field, &density.values, level, &seen) {
        let Some(place) = pieces.iter().position(|piece| piece.holds(centre)) else { continue };
        sums[place].0 += area;
        sums[place].1 += if looked { 0.0 } else { area };
    }
    for (piece, (all, unknown)) in pieces.iter_mut().zip(sums) {
        piece.unsearched = (all > 0.0).then(|| piece.ground * unknown / all);
    }
    Ok(Ok(Densest {
        radius: field.bandwidth.radius,
        rule: field.bandwidth.rule.word(),
        cell: field.domain.lattice.cell_area(),
        simulated: field.plots.simulated || seen.simulated,
        pieces,
    }))
}

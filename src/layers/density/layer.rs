//! density: where plots lie most densely, and where they grew since the season before.
//!
//! Kernel density of the season's plots (analysis/density), edges given back by the true outline,
//! drawn as volume contours: the smallest ground that holds 25, 50, 75, 95 % of it. With
//! `method=risk` the season against an earlier one. Ground that nobody searched is a feature of its
//! own: unknown, never low.

use std::{cell::Cell, sync::Arc};

use geo::{BoundingRect, Contains, Intersects};
use geo_types::{MultiPolygon, Point, Polygon, Rect};

use super::{
    field::{
        Asked, FEW, Field, KERNELS, KM2, METHODS, Nothing, RULES, SHUFFLES, Surface, VALUES,
        degrees, ground_of, looking, searched_at, seasons,
    },
    figures::figures,
    looked::Seen,
    patches::{resolved, square_metres},
    surface::{raster, surface},
    words::{PROPERTIES, Words},
};
use crate::{
    analysis::density::{SHARES, contours, volumes},
    domain::{Language, Season, Text},
    layers::{
        Choice, Features, Figure, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery,
        Parameter, Property, RasterOf, Shape, Value,
        cells::{Cells, season::Domain as Looked},
        say::{count, day, measure, text, told},
        scope::Scope,
        table::{Row, Table, answers_from_table},
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The layer.
pub struct DensityLayer;

/// What all features of an answer have in common.
pub(super) struct Answer {
    pub(super) scope: Scope,
    pub(super) seasons: Vec<Season>,
    pub(super) asked: Asked,
    /// `Err`: why there is no surface.
    pub(super) made: Result<Made, Nothing>,
    pub(super) looked: Looked,
    pub(super) bounded: bool,
    simulated: bool,
}

/// A surface in figures.
#[derive(Clone, Copy)]
pub(super) struct Made {
    pub(super) radius: f64,
    pub(super) sigma: f64,
    pub(super) rule: &'static str,
    pub(super) edge: &'static str,
    pub(super) cell: f64,
    /// The ground of the surface, m².
    pub(super) domain: f64,
    /// Plots on the surface.
    pub(super) plots: usize,
    /// Plots of the season that is compared with.
    pub(super) old: usize,
    /// Whether only ground is compared that both seasons looked at.
    pub(super) clipped: bool,
    pub(super) outside: usize,
    /// Plots of the season that is compared with, elsewhere.
    pub(super) old_outside: usize,
    pub(super) unmeasured: usize,
}

/// What a feature is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Inside it lies this share of the density.
    Volume(f64),
    /// The new season has more.
    Grew,
    /// It has less.
    Shrank,
    /// Nobody looked; of a comparison, not in both seasons.
    NotSurveyed,
    /// Nothing can be said.
    NoAnswer,
}

impl Kind {
    /// Maps draw features in the order of their ids: the densest comes on top of the others.
    fn id(self) -> u64 {
        match self {
            Self::NoAnswer => 101,
            Self::NotSurveyed => 102,
            Self::Grew => 201,
            Self::Shrank => 202,
            Self::Volume(share) => 400 - (share * 100.0).round() as u64,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Volume(share) if share <= 0.25 => "densest-25",
            Self::Volume(share) if share <= 0.5 => "densest-50",
            Self::Volume(share) if share <= 0.75 => "densest-75",
            Self::Volume(_) => "densest-95",
            Self::Grew => "grew",
            Self::Shrank => "shrank",
            Self::NotSurveyed => "not-surveyed",
            Self::NoAnswer => "no-answer",
        }
    }
}

pub(super) struct DensityRow {
    pub(super) answer: Arc<Answer>,
    pub(super) kind: Kind,
    shape: MultiPolygon<f64>,
    /// Density at the line, per km².
    level: Option<f64>,
    /// m².
    pub(super) area: f64,
    pub(super) inside: Option<usize>,
    /// m² in it that nobody looked at.
    pub(super) unsearched: Option<f64>,
}

impl Row for DensityRow {
    fn draw<'s>(&self, _snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let answer = &*self.answer;
        let Asked { kernel, compare, alpha, seed, .. } = &answer.asked;
        let made = answer.made.ok();
        let of_made = |value: &dyn Fn(Made) -> Value<'static>| made.map_or(Value::Null, value);
        let status = match answer.made {
            Err(nothing) => nothing.word(),
            Ok(made) if made.plots < FEW => "few",
            Ok(_) => "answered",
        };
        let share = match self.kind {
            Kind::Volume(share) => Some(share),
            _ => None,
        };
        let compared = |value: Value<'static>| if *compare { value } else { Value::NotAsked };
        LayerFeature {
            id: self.kind.id(),
            shape: Shape::Area(std::borrow::Cow::Owned(self.shape.clone())),
            values: vec![
                text(self.kind.word()),
                told(Words::season(answer)),
                day(Some(answer.scope.day)),
                text(status),
                measure(share, 2),
                measure(self.level, 6),
                text(answer.asked.unit()),
                measure(self.area / KM2, 3),
                self.inside.map_or(Value::Null, |inside| count(inside as u64)),
                of_made(&|made| count(made.plots as u64)),
                compared(of_made(&|made| count(made.old as u64))),
                measure(self.unsearched.map(|area| area / KM2), 3),
                of_made(&|made| measure(made.radius, 1)),
                of_made(&|made| measure(made.sigma, 1)),
                of_made(&|made| text(made.rule)),
                text(kernel.word()),
                of_made(&|made| text(made.edge)),
                of_made(&|made| measure(made.cell, 1)),
                of_made(&|made| count(made.outside as u64)),
                of_made(&|made| count(made.unmeasured as u64)),
                compared(measure(*alpha, 6)),
                compared(count(u64::from(SHUFFLES))),
                compared(count(*seed)),
                text(answer.looked.word()),
                text(if answer.bounded { "boundaries" } else { "around-facts" }),
                Value::Bool(answer.simulated),
                told(Words::sentence(self, Language::Vi)),
                told(Words::sentence(self, Language::En)),
            ],
        }
    }

    fn meets(&self, _snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        self.shape.intersects(&rect)
    }
}

/// The rows of a surface: lines by density, or where it grew and shrank.
fn lines(
    snapshot: &Snapshot,
    answer: &Arc<Answer>,
    field: &Field,
    seen: &Seen,
) -> (Vec<DensityRow>, usize) {
    let left_out = Cell::new(0);
    let places = &field.plots.places;
    let line = |kind: Kind, values: &[f64], level: f64, told: Option<f64>| {
        let all = contours(&field.domain, values, level);
        // A plot alone is a small patch of the densest ground, and no speck.
        let plotted = |patch: &Polygon<f64>| {
            matches!(kind, Kind::Volume(_))
                && places.iter().any(|place| patch.contains(&Point(*place)))
        };
        let (ground, specks) = resolved(all, field.domain.lattice.cell_area(), plotted);
        left_out.set(left_out.get() + specks);
        let shape = degrees(snapshot.metric(), &ground)?;
        let area = square_metres(&ground);
        let holds = |place: &&geo_types::Coord<f64>| ground.contains(&Point(**place));
        let inside = places.iter().filter(holds).count();
        // A comparison looks only where both seasons did.
        let unknown = match kind {
            Kind::Volume(_) => {
                let cells = searched_at(field, values, level, seen);
                cells.filter(|(_, _, looked)| !looked).map(|(_, area, _)| area).sum()
            }
            _ => 0.0,
        };
        Some(DensityRow {
            answer: Arc::clone(answer),
            kind,
            shape,
            level: told,
            area,
            inside: Some(inside),
            unsearched: (seen.domain == Looked::Surveyed).then_some(unknown),
        })
    };
    let rows = match &field.surface {
        Surface::Dense(density) => {
            let levels = volumes(&field.domain, &density.values, &SHARES);
            let each = levels.iter().filter_map(|it| {
                line(Kind::Volume(it.share), &density.values, it.level, Some(it.level * KM2))
            });
            each.collect()
        }
        Surface::Compared { risk, .. } => {
            let both = [(Kind::Grew, true), (Kind::Shrank, false)];
            let each = both.into_iter().filter_map(|(kind, upper)| {
                let p: Vec<f64> = risk
                    .tallies
                    .iter()
                    .map(|it| it.map_or(-1.0, |it| if upper { -it.upper() } else { -it.lower() }))
                    .collect();
                line(kind, &p, -answer.asked.alpha, None)
            });
            each.collect()
        }
    };
    (rows, left_out.get())
}

/// All lines, and what they have in common.
struct Whole {
    table: Arc<Table<DensityRow>>,
    answer: Arc<Answer>,
    /// Patches too small for the surface to tell.
    left_out: usize,
    /// Whether the surface has a line.
    lines: bool,
}

impl DensityLayer {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn whole(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Whole>>, LayerError> {
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let asked = Asked::of(query, scope)?;
        let cells = Cells::of(snapshot, &looking(query), scope)?;
        let key = asked.key(&cells);
        let bytes = |made: &Whole| made.table.bytes();
        let whole = wanted(snapshot, &query.asker, &key, bytes, || {
            let (answer, rows, left_out) = rows(snapshot, query, &asked, &cells)?;
            let line = |kind| !matches!(kind, Kind::NotSurveyed | Kind::NoAnswer);
            let lines = rows.iter().any(|(_, row)| line(row.kind));
            Ok(Whole { table: Arc::new(Table::drawn(snapshot, rows)), answer, left_out, lines })
        })?;
        Ok(Some(whole))
    }

    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<DensityRow>>>, LayerError> {
        Ok(self.whole(snapshot, query)?.map(|whole| Arc::clone(&whole.table)))
    }
}

/// What the rows have in common; the rows, each with its frame; and how many patches were too
/// small for them.
type Rows = (Arc<Answer>, Vec<(Rect<f64>, DensityRow)>, usize);

fn rows(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: &Asked,
    cells: &Arc<Cells>,
) -> Result<Rows, LayerError> {
    let seen = Seen::of(snapshot, query, asked)?;
    let found = surface(snapshot, query, asked, cells)?;
    let made = (*found).as_ref().map_err(|nothing| *nothing).map(|field| {
        let plots = field.spread();
        let (old, clipped, old_outside) = match &field.surface {
            Surface::Dense(_) => (0, false, 0),
            Surface::Compared { risk, clipped, outside } => (risk.old, *clipped, *outside),
        };
        Made {
            radius: field.bandwidth.radius,
            sigma: field.bandwidth.sigma,
            rule: field.bandwidth.rule.word(),
            edge: field.edge.word(),
            cell: field.domain.lattice.cell,
            domain: field.domain.area(),
            plots,
            old,
            clipped,
            outside: field.plots.places.len() - plots,
            old_outside,
            unmeasured: field.plots.unmeasured,
        }
    });
    let simulated = seen.simulated || (*found).as_ref().is_ok_and(|field| field.plots.simulated);
    let answer = Arc::new(Answer {
        scope: asked.scope,
        seasons: seasons(snapshot, asked),
        asked: asked.clone(),
        made,
        looked: seen.domain,
        bounded: cells.bounded,
        simulated,
    });
    let (mut rows, left_out) = match &*found {
        Ok(field) => lines(snapshot, &answer, field, &seen),
        Err(_) => (Vec::new(), 0),
    };
    // Ground that nobody looked at, or that cannot be compared; where nothing can be said at all, all of it.
    let kind = if found.is_ok() { Kind::NotSurveyed } else { Kind::NoAnswer };
    let (ground, area) = ground_of(cells, |place| {
        kind == Kind::NoAnswer || !seen.looked_at(cells.middle(snapshot, place))
    });
    if let Some(shape) = degrees(snapshot.metric(), &ground) {
        let (level, inside) = (None, None);
        let answer = Arc::clone(&answer);
        rows.push(DensityRow { answer, kind, shape, level, area, inside, unsearched: None });
    }
    let framed = rows.into_iter().filter_map(|row| Some((row.shape.bounding_rect()?, row)));
    Ok((answer, framed.collect(), left_out))
}

impl Layer for DensityLayer {
    fn id(&self) -> &'static str {
        "density"
    }

    fn title(&self) -> Text {
        Text::new("Mật độ nương", "Density of plots")
    }

    fn description(&self) -> Text {
        Text::new(
            "Nơi nương dày nhất trong niên vụ: phần đất nhỏ nhất chứa 25, 50, 75, 95 % mật độ; hoặc \
             (method=risk) nơi tỷ trọng nương tăng, giảm so với niên vụ trước. Đất chưa rà soát là chưa biết.",
            "Where the season's plots lie most densely: the smallest ground that holds 25, 50, 75, 95 % of \
             the density; or (method=risk) where their share grew or shrank since the season before. Unsurveyed ground \
             is unknown.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::MultiPolygon
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            Parameter::Seasons,
            Parameter::Datetime,
            Parameter::UnitsOn,
            Parameter::Method(METHODS),
            Parameter::Value(VALUES),
            Parameter::Kernel(KERNELS),
            Parameter::Bandwidth(RULES),
            Parameter::Alpha,
            Parameter::Seed,
        ]
    }

    fn heeds(&self, choice: Choice, method: &str) -> bool {
        match choice {
            // A comparison counts plots, whatever their area.
            Choice::Of(Parameter::Value(_)) => method == "volume",
            Choice::Of(Parameter::Alpha | Parameter::Seed) => method == "risk",
            _ => true,
        }
    }

    fn summary(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
        Ok(self
            .whole(snapshot, query)?
            .map_or_else(Vec::new, |whole| figures(&whole.answer, whole.left_out, whole.lines)))
    }

    fn raster(&self) -> Option<RasterOf> {
        Some(raster)
    }

    answers_from_table!();
}

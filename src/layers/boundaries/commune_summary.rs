//! commune-summary: each commune's season in figures, every share with numerator and denominator.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use geo::Intersects;
use geo_types::Rect;

use super::summary_properties::PROPERTIES;
use crate::{
    analysis::{
        coverage::{
            eradication::Eradication,
            outreach::{Held, visited_share},
        },
        geometry::cover::TooMany,
    },
    domain::{Level, Outreach, Text},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Refusal, Shape, Value,
        cells::season::Origins,
        say::{count, day, measure, text, told},
        scope::Scope,
        search::commune_search::{CommuneSearch, searched},
        table::{Row, Table, answers_from_table, frame},
    },
    snapshot::{Atlas, PlotKind, Snapshot, Unit, UnitRef},
};

/// The layer.
pub struct CommuneSummary;

/// What all rows have in common.
struct Answer {
    scope: Scope,
    season: String,
    /// Whether anything is known of outreach in the season.
    outreach: bool,
    visited: usize,
    communes: usize,
    plots_elsewhere: u64,
}

/// One commune's season.
#[derive(Default)]
struct Figures {
    plots: Eradication,
    recultivated: u64,
    simulated: bool,
    /// m² of ground, and of it times the probability of detection.
    ground: f64,
    searched: Option<f64>,
    held: Held,
}

struct SummaryRow {
    answer: Arc<Answer>,
    unit: UnitRef,
    figures: Figures,
}

impl Row for SummaryRow {
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let Self { answer, figures, .. } = self;
        let unit = snapshot.unit(self.unit);
        let Eradication { found, destroyed, verified, in_time } = figures.plots;
        let told_of = |value: Value<'static>| if answer.outreach { value } else { Value::Null };
        let share = figures.searched.filter(|_| figures.ground > 0.0);
        LayerFeature {
            id: unit.id(),
            shape: Shape::Area(Cow::Borrowed(unit.outline())),
            values: vec![
                text(unit.name()),
                text(unit.code()),
                told(answer.season.clone()),
                day(Some(answer.scope.day)),
                count(found.plots),
                count(found.unmeasured),
                measure(found.known_area(), 1),
                count(destroyed.plots),
                count(destroyed.unmeasured),
                measure(destroyed.known_area(), 1),
                count(verified.plots),
                count(verified.unmeasured),
                measure(verified.known_area(), 1),
                count(in_time.plots),
                count(in_time.unmeasured),
                measure(in_time.known_area(), 1),
                measure(figures.plots.claimed_share(), 6),
                measure(figures.plots.verified_share(), 6),
                measure(figures.plots.in_time_share(), 6),
                measure(found.area.get(), 1),
                count(figures.recultivated),
                measure(share.map(|searched| searched / figures.ground), 6),
                measure(figures.searched, 0),
                measure(figures.ground, 0),
                told_of(Value::Bool(figures.held.visited())),
                told_of(count(figures.held.meetings)),
                told_of(figures.held.known_pledges().map_or(Value::Null, count)),
                told_of(count(figures.held.uncounted)),
                told_of(count(figures.held.hamlets.len() as u64)),
                told_of(count(answer.visited as u64)),
                count(answer.communes as u64),
                count(answer.plots_elsewhere),
                Value::Bool(figures.simulated),
            ],
        }
    }

    fn meets(&self, snapshot: &Snapshot, rect: Rect<f64>) -> bool {
        snapshot.unit(self.unit).outline().intersects(&rect)
    }
}

impl CommuneSummary {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<SummaryRow>>>, LayerError> {
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let Some(atlas) = snapshot.atlas_on(scope.units_on) else { return Ok(None) };
        let key = format!("commune-summary {} {} {}", atlas.from(), scope.season, scope.day);
        let made = snapshot.memo().get_or_make(key, || {
            let searched = searched(snapshot, atlas, scope)?;
            let table = Table::drawn(snapshot, rows(snapshot, atlas, scope, &searched));
            Ok::<_, TooMany>(Arc::new(table))
        });
        made.as_ref().clone().map(Some).map_err(|too_many| {
            LayerError::TooMuch(Refusal::new(
                format!("Có xã rộng hơn {} km²: ranh giới của xã có đúng không?", too_many.most),
                format!(
                    "a commune here is larger than {} km²: is its outline right?",
                    too_many.most
                ),
            ))
        })
    }
}

fn rows(
    snapshot: &Snapshot,
    atlas: &Atlas,
    scope: Scope,
    searched: &HashMap<UnitRef, CommuneSearch>,
) -> Vec<(Rect<f64>, SummaryRow)> {
    let communes: Vec<UnitRef> = atlas.units(Level::Commune).map(Unit::reference).collect();
    let mut figures: HashMap<UnitRef, Figures> =
        communes.iter().map(|unit| (*unit, Figures::default())).collect();
    let plots_elsewhere = count_plots(snapshot, scope, &mut figures);
    for (unit, search) in searched {
        if let Some(commune) = figures.get_mut(unit) {
            commune.ground = search.ground;
            commune.searched = search.searched;
            commune.simulated |= search.simulated;
        }
    }
    let mut outreach = false;
    for held in snapshot.outreach(Some(scope.season)).filter(|held| held.date <= scope.day) {
        outreach = true;
        let commune = commune_of(snapshot, atlas, held, scope);
        if let Some(commune) = commune.and_then(|unit| figures.get_mut(&unit)) {
            commune.held.count(held);
        }
    }
    let (visited, communes_count, _) =
        visited_share(figures.values().map(|of| &of.held)).unwrap_or_default();
    let answer = Arc::new(Answer {
        scope,
        season: scope.season.to_string(),
        outreach,
        visited,
        communes: communes_count,
        plots_elsewhere,
    });
    let row = |unit: UnitRef| {
        let figures = figures.remove(&unit).unwrap_or_default();
        let row = SummaryRow { answer: Arc::clone(&answer), unit, figures };
        (frame(snapshot.unit(unit).extent()), row)
    };
    communes.into_iter().map(row).collect()
}

/// Counts each plot in its commune, and its ground in every commune that its outline meets. Tells
/// how many lie in none.
fn count_plots(snapshot: &Snapshot, scope: Scope, figures: &mut HashMap<UnitRef, Figures>) -> u64 {
    let origins = Origins::of(snapshot);
    let on = Some(scope.units_on);
    let mut elsewhere = 0;
    for view in snapshot.plots(Some(scope.season)).filter(|it| it.plot.counts_on(scope.day)) {
        let home = snapshot.units_of(view, on).commune;
        let mut shares = Vec::new();
        if view.plot.outline.is_some() {
            shares = snapshot.shares_of(view, on);
        }
        if shares.is_empty() {
            shares.extend(home.map(|home| (home, 1.0)));
        }
        let mut home_share = None;
        for (unit, share) in shares {
            if Some(unit) == home {
                home_share = Some(share);
            } else if let Some(figures) = figures.get_mut(&unit) {
                figures.plots.count_part(view.plot, scope.day, share, false);
            }
        }
        let Some(figures) = home.and_then(|home| figures.get_mut(&home)) else {
            elsewhere += 1;
            continue;
        };
        figures.plots.count_part(view.plot, scope.day, home_share.unwrap_or(0.0), true);
        figures.recultivated += u64::from(snapshot.kind_of(view) == PlotKind::Recultivated);
        figures.simulated |= origins.simulated(&view.plot.dataset);
    }
    elsewhere
}

/// The commune shown for one entry of outreach: that with its code on its day, and where other
/// boundaries are shown, the one that has most of its ground.
fn commune_of(
    snapshot: &Snapshot,
    shown: &Atlas,
    held: &Outreach,
    scope: Scope,
) -> Option<UnitRef> {
    let then = snapshot.atlas_on(held.date)?;
    let commune = then.units(Level::Commune).find(|unit| unit.code() == held.commune)?.reference();
    if shown.holds_on(held.date) {
        return Some(commune);
    }
    let lineage = snapshot.lineage(held.date, scope.units_on, Level::Commune);
    let heirs = lineage.iter().filter(|pair| pair.from == commune);
    heirs.max_by(|a, b| a.share_of_from.total_cmp(&b.share_of_from)).map(|pair| pair.to)
}

impl Layer for CommuneSummary {
    fn id(&self) -> &'static str {
        "commune-summary"
    }

    fn title(&self) -> Text {
        Text::new("Tổng hợp theo xã", "Commune summary")
    }

    fn description(&self) -> Text {
        Text::new(
            "Niên vụ của từng xã: phát hiện, phá nhổ, xác minh, đúng hạn, rà soát, tuyên truyền; \
             mỗi tỷ lệ có tử số và mẫu số.",
            "Each commune's season: reported, destroyed, verified, in time, searched, outreach; \
             every share with numerator and denominator.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::MultiPolygon
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[Parameter::Season, Parameter::Datetime, Parameter::UnitsOn]
    }

    answers_from_table!();
}

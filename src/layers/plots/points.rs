//! plots: every plot as a point.

use rayon::prelude::*;

use super::{
    pyramid::{Cluster, Spot, level_of, lies_in, merge, sort, whole_squares, within},
    values::{Asked, PROPERTIES, incomplete, values},
    walk::{asked, wide},
};
use crate::{
    domain::{Extent, Metres, Text},
    layers::{
        Cursor, Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter,
        Property, Shape, Value,
        cells::season::Origins,
        say::{count, measure, text, told},
        scope::check,
    },
    snapshot::{PlotView, Snapshot},
};

/// The layer.
pub struct Plots;

/// So few plots are merged anew for every question.
const FEW: usize = 20_000;

fn draw<'s>(snapshot: &'s Snapshot, view: PlotView<'s>, asked: Asked) -> LayerFeature<'s> {
    LayerFeature {
        id: view.plot.number,
        shape: Shape::Point(view.plot.position.into()),
        values: values(snapshot, view, asked),
    }
}

fn within_extent(view: &PlotView<'_>, extent: Extent) -> bool {
    lies_in(view.plot.position.coord(), extent)
}

/// Plots merged to points that can be told apart, in keyset order.
fn merged(snapshot: &Snapshot, query: &LayerQuery, resolution: Metres) -> Vec<(Cursor, Cluster)> {
    let level = level_of(resolution.get());
    let asked = Asked::of(query);
    let few = snapshot.plot_count(query.season) <= FEW;
    let placed =
        |cluster: &Cluster| query.extent.is_none_or(|extent| lies_in(cluster.at.0, extent));
    let clusters: Vec<Cluster> = match query.extent {
        Some(extent) if few || !wide(extent) => {
            let whole = whole_squares(extent, level);
            let views = snapshot.plots_in(whole, query.season);
            let views: Vec<_> = views.filter(|view| within_extent(view, whole)).collect();
            merge(&spots(snapshot, query, &views), level).into_iter().filter(placed).collect()
        }
        None if few => {
            let views: Vec<_> = snapshot.plots(query.season).collect();
            merge(&spots(snapshot, query, &views), level)
        }
        Some(_) | None => {
            let key = format!("{:?} {} {:?}", query.season, asked.day, query.datetime);
            let all = snapshot.memo().get_or_make(format!("spots {key}"), || {
                let views: Vec<_> = snapshot.plots(query.season).collect();
                spots(snapshot, query, &views)
            });
            let clusters = snapshot
                .memo()
                .get_or_make(format!("clusters {level} {key}"), || merge(&all, level));
            within(&clusters, level, query.extent.unwrap_or(Extent::WORLD))
                .into_iter()
                .cloned()
                .collect()
        }
    };
    let mut placed: Vec<(Cursor, Cluster)> = clusters
        .into_iter()
        .map(|cluster| {
            let alone = (cluster.plots == 1).then(|| snapshot.plot(cluster.number)).flatten();
            let incomplete = alone.is_none_or(|view| incomplete(snapshot, &view, asked));
            (Cursor { incomplete, id: cluster.number }, cluster)
        })
        .filter(|(cursor, _)| query.after.is_none_or(|after| *cursor > after))
        .collect();
    placed.sort_unstable_by_key(|(cursor, _)| *cursor);
    placed
}

fn spots(snapshot: &Snapshot, query: &LayerQuery, views: &[PlotView<'_>]) -> Vec<Spot> {
    let (asked, origins) = (Asked::of(query), Origins::of(snapshot));
    let mut spots: Vec<Spot> = views
        .par_iter()
        .filter(|view| asked.about(query, view))
        .filter_map(|view| {
            let state = view.plot.state_on(asked.day)?;
            Some(Spot::new(view, state, origins.simulated(&view.plot.dataset)))
        })
        .collect();
    sort(&mut spots);
    spots
}

/// One point for several plots: what they have in common, and nothing else.
fn draw_merged(cluster: &Cluster) -> LayerFeature<'static> {
    let said = |property: &Property| match property.name {
        "season" => cluster.season.map_or(Value::Null, |season| told(season.to_string())),
        "plots" => count(cluster.plots),
        "state" => text(cluster.state.word()),
        "area_m2" => measure(cluster.area, 1),
        "simulated" => Value::Bool(cluster.simulated),
        _ => Value::Null,
    };
    LayerFeature {
        id: cluster.number,
        shape: Shape::Point(cluster.at),
        values: PROPERTIES.iter().map(said).collect(),
    }
}

impl Layer for Plots {
    fn id(&self) -> &'static str {
        "plots"
    }

    fn title(&self) -> Text {
        Text::new("Nương", "Plots")
    }

    fn description(&self) -> Text {
        Text::new(
            "Mọi nương với tình trạng vào ngày hỏi, diện tích, các mốc ngày, xã khi đó, khoảng cách đến \
             đường giáp ranh và số ngày đến khi có thể rạch nhựa.",
            "Every plot with its state on the day asked, area, dates, commune at its date, distance to the \
             nearest line and days left until lancing.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::Point
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[Parameter::Season, Parameter::Datetime, Parameter::UnitsOn]
    }

    fn features<'s>(
        &self,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
    ) -> Result<Features<'s>, LayerError> {
        check(query)?;
        let about = Asked::of(query);
        let Some(resolution) = query.resolution else {
            let views = asked(snapshot, query, within_extent);
            return Ok(Box::new(views.map(move |view| draw(snapshot, view, about))));
        };
        let clusters = merged(snapshot, query, resolution).into_iter();
        Ok(Box::new(clusters.map(move |(_, cluster)| {
            let alone = (cluster.plots == 1).then(|| snapshot.plot(cluster.number)).flatten();
            match alone {
                Some(view) => draw(snapshot, view, about),
                None => draw_merged(&cluster),
            }
        })))
    }

    fn count(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<usize, LayerError> {
        check(query)?;
        let whole = LayerQuery { after: None, ..query.clone() };
        if let Some(resolution) = whole.resolution {
            return Ok(merged(snapshot, &whole, resolution).len());
        }
        Ok(super::walk::count(snapshot, &whole, within_extent))
    }

    fn feature<'s>(
        &self,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
        id: u64,
    ) -> Result<Option<LayerFeature<'s>>, LayerError> {
        check(query)?;
        let view = super::walk::one(snapshot, query, id);
        Ok(view.map(|view| draw(snapshot, view, Asked::of(query))))
    }
}

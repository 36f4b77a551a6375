//! plot-outlines: the plots of which somebody took an outline.

use std::borrow::Cow;

use geo::Intersects;

use super::{
    values::{Asked, PROPERTIES, values},
    walk::{asked, one},
};
use crate::{
    domain::{Extent, Text},
    layers::{
        Features, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter, Property,
        Shape, scope::check,
    },
    snapshot::{PlotView, Snapshot},
};

/// The layer.
pub struct PlotOutlines;

/// Whether there is an outline, and it meets the extent.
fn outline_in(view: &PlotView<'_>, extent: Extent) -> bool {
    let meets = |rect: &geo_types::Rect<f64>| {
        view.plot.outline.as_ref().is_some_and(|outline| outline.get().intersects(rect))
    };
    extent.rectangles().iter().any(meets)
}

fn draw<'s>(snapshot: &'s Snapshot, view: PlotView<'s>, asked: Asked) -> Option<LayerFeature<'s>> {
    let outline = view.plot.outline.as_ref()?;
    Some(LayerFeature {
        id: view.plot.number,
        shape: Shape::Area(Cow::Borrowed(outline.get())),
        values: values(snapshot, view, asked),
    })
}

impl Layer for PlotOutlines {
    fn id(&self) -> &'static str {
        "plot-outlines"
    }

    fn title(&self) -> Text {
        Text::new("Đường bao nương", "Plot outlines")
    }

    fn description(&self) -> Text {
        Text::new(
            "Những nương có đường bao; các thuộc tính như lớp plots.",
            "The plots that have an outline, with the properties of plots.",
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

    fn features<'s>(
        &self,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
    ) -> Result<Features<'s>, LayerError> {
        check(query)?;
        let about = Asked::of(query);
        let views = asked(snapshot, query, outline_in);
        Ok(Box::new(views.filter_map(move |view| draw(snapshot, view, about))))
    }

    fn count(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<usize, LayerError> {
        check(query)?;
        let about = Asked::of(query);
        let outlined =
            |view: &PlotView<'_>| view.plot.outline.is_some() && about.about(query, view);
        Ok(match query.extent {
            Some(extent) => snapshot
                .plots_in(extent, query.season)
                .filter(|view| outlined(view) && outline_in(view, extent))
                .count(),
            None => snapshot.plots(query.season).filter(outlined).count(),
        })
    }

    fn feature<'s>(
        &self,
        snapshot: &'s Snapshot,
        query: &LayerQuery,
        id: u64,
    ) -> Result<Option<LayerFeature<'s>>, LayerError> {
        check(query)?;
        let view = one(snapshot, query, id);
        Ok(view.and_then(|view| draw(snapshot, view, Asked::of(query))))
    }
}

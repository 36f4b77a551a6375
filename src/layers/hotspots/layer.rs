//! hotspots: where plots crowd more than chance would have it.
//!
//! Unless asked otherwise Gi* of the number of plots (analysis/local/getis_ord.rs) as the effect size, p
//! from shuffled maps under the total null (analysis/chance/permutation), classes by Benjamini and
//! Hochberg (analysis/chance/significance.rs), over surveyed cells only. See docs/decisions/hotspots.md.

use std::sync::Arc;

use super::{
    figures::figures,
    map::{self, Hotspot},
    measured::MEASURED,
    properties::PROPERTIES,
    question::{METHODS, Question, Usual},
};
use crate::{
    analysis::chance::{permutation::Null, significance::Adjust, tally::Tail},
    domain::Text,
    layers::{
        Features, Figure, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter,
        Property,
        table::{Table, answers_from_table},
    },
    snapshot::Snapshot,
};

/// The layer.
pub struct Hotspots;

impl Hotspots {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<Hotspot>>>, LayerError> {
        map::table(snapshot, query)
    }
}

impl Layer for Hotspots {
    fn id(&self) -> &'static str {
        "hotspots"
    }

    fn title(&self) -> Text {
        Text::new("Điểm nóng", "Hotspots")
    }

    fn description(&self) -> Text {
        Text::new(
            "Nơi nương tụ lại nhiều hơn mức ngẫu nhiên, theo ô hoặc xã đã rà soát: Gi* (hoặc Gi, Moran, đếm cặp), \
             p từ xáo trộn, phân loại sau khi kiểm soát tỷ lệ phát hiện sai. Nơi chưa rà soát là chưa biết.",
            "Where plots crowd more than chance would have it, by surveyed cell or commune: Gi* (or Gi, local \
             Moran, join counts), p from permutations, classes after control of the false-discovery rate. \
             Unsurveyed ground is unknown.",
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
            Parameter::Cell,
            Parameter::Permutations,
            Parameter::Seed,
            Parameter::Alpha,
            Parameter::Method(METHODS),
            Parameter::Weights,
            Parameter::Value(MEASURED),
            Parameter::Null(&Null::WORDS),
            Parameter::Adjust(&Adjust::WORDS),
            Parameter::Tail(&Tail::WORDS),
            Parameter::Stability,
        ]
    }

    fn usual(&self, parameter: Parameter, method: &str) -> Option<&'static str> {
        match parameter {
            Parameter::Method(_) => METHODS.first().copied(),
            Parameter::Value(_) => Some(Usual::with(method).measured.word()),
            Parameter::Null(_) => Some(Usual::with(method).null.word()),
            Parameter::Tail(_) => Some(Usual::with(method).tail.word()),
            other => other.offered().first().copied(),
        }
    }

    fn summary(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
        Question::of(query)?;
        figures(snapshot, query)
    }

    answers_from_table!();
}

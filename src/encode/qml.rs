//! A layer's legend as a QGIS style: rules in the legend's order, the last for all others.

use std::fmt::Write as _;

use super::html::Escaped;
use crate::layers::{Entry, GeometryKind, Layer, Legend, Mark, When, legend};

/// The style of `layer` for QGIS 3.22 or newer.
pub fn qml_style(layer: &dyn Layer) -> String {
    let legend = legend(layer);
    let (mut rules, mut symbols) = (String::new(), String::new());
    for (place, entry) in legend.entries.iter().enumerate() {
        let label = format!("{} / {}", entry.label.vi, entry.label.en);
        // Writing to a string cannot fail.
        let _ = write!(
            rules,
            "<rule key=\"{{r{place}}}\" symbol=\"{place}\" label=\"{}\" filter=\"{}\"/>",
            Escaped(&label),
            Escaped(&filter(legend, place)),
        );
        symbols.push_str(&symbol(layer.geometry(), place, entry));
    }
    let kind = match layer.geometry() {
        GeometryKind::Point => 0,
        GeometryKind::MultiLineString => 1,
        GeometryKind::MultiPolygon => 2,
    };
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology\">\
         <renderer-v2 type=\"RuleRenderer\" forceraster=\"0\" symbollevels=\"0\" enableorderby=\"0\">\
         <rules key=\"{{root}}\">{rules}</rules><symbols>{symbols}</symbols></renderer-v2>\
         <layerGeometryType>{kind}</layerGeometryType></qgis>"
    )
}

/// The features that meet the entry at `place` and none before it, as a QGIS expression.
fn filter(legend: &Legend, place: usize) -> String {
    let Some(property) = legend.property else { return String::new() };
    let meets = |entry: &Entry| match entry.when {
        When::Is(word) => Some(format!("coalesce(\"{property}\" = '{word}', false)")),
        When::AtLeast(least) => Some(format!("coalesce(\"{property}\" >= {least}, false)")),
        When::Any => None,
    };
    let before = legend.entries[..place].iter().filter_map(meets).map(|met| format!("not {met}"));
    let own = meets(&legend.entries[place]);
    before.chain(own).collect::<Vec<_>>().join(" and ")
}

fn symbol(kind: GeometryKind, place: usize, entry: &Entry) -> String {
    let word = match kind {
        GeometryKind::Point => "marker",
        GeometryKind::MultiLineString => "line",
        GeometryKind::MultiPolygon => "fill",
    };
    let (colour, edge) = (rgb(entry.colour), rgb(entry.edge));
    let width = entry.width;
    let dash = if entry.mark == Mark::Dashes { "dash" } else { "solid" };
    let (class, options) = match kind {
        GeometryKind::Point => (
            "SimpleMarker",
            vec![
                ("name", "circle".to_owned()),
                ("color", colour),
                ("outline_color", edge),
                ("size", (width * 1.5).to_string()),
                ("size_unit", "Pixel".to_owned()),
            ],
        ),
        GeometryKind::MultiLineString => (
            "SimpleLine",
            vec![
                ("line_color", colour),
                ("line_width", width.to_string()),
                ("line_width_unit", "Pixel".to_owned()),
                ("line_style", dash.to_owned()),
            ],
        ),
        GeometryKind::MultiPolygon => {
            let style = match entry.mark {
                Mark::Fill | Mark::Dot => "solid",
                Mark::Hatch => "b_diagonal",
                Mark::Line | Mark::Dashes => "no",
            };
            (
                "SimpleFill",
                vec![
                    ("color", colour),
                    ("outline_color", edge),
                    ("outline_width", width.to_string()),
                    ("outline_width_unit", "Pixel".to_owned()),
                    ("outline_style", dash.to_owned()),
                    ("style", style.to_owned()),
                ],
            )
        }
    };
    // Layers without a fill say opacity 0, which would hide their edge too.
    let opacity = if entry.opacity > 0.0 { entry.opacity } else { 1.0 };
    let mut said = String::new();
    for (name, value) in options {
        let _ = write!(said, "<Option name=\"{name}\" type=\"QString\" value=\"{value}\"/>");
    }
    format!(
        "<symbol type=\"{word}\" name=\"{place}\" alpha=\"{opacity}\" clip_to_extent=\"1\">\
         <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\">\
         <Option type=\"Map\">{said}</Option></layer></symbol>"
    )
}

/// `#rrggbb` as QGIS writes it.
fn rgb(colour: &str) -> String {
    let part = |at: usize| {
        colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0)
    };
    format!("{},{},{},255", part(1), part(3), part(5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::CATALOGUE;

    #[test]
    fn colours_are_written_as_numbers() {
        assert_eq!(rgb("#d55e00"), "213,94,0,255");
    }

    #[test]
    fn every_layer_has_a_rule_for_each_entry() {
        for layer in CATALOGUE {
            let style = qml_style(*layer);
            let wanted = legend(*layer).entries.len();
            assert_eq!(style.matches("<rule ").count(), wanted, "{}", layer.id());
            assert_eq!(style.matches("<symbol ").count(), wanted, "{}", layer.id());
        }
    }
}

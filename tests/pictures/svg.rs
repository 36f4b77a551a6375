//! A sheet to draw on: numbers of the data go in, an SVG with calm colours comes out. Coordinates
//! are rounded, so that the same picture is the same bytes everywhere.

use std::fmt::Write as _;

pub const INK: &str = "#1d2a2b";
pub const SOFT: &str = "#6b7a79";
pub const LAND: &str = "#f1efe6";
pub const LINE: &str = "#c9cec6";
pub const HOT: [&str; 3] = ["#f6cd8b", "#ea8443", "#b02a1f"];
pub const COLD: &str = "#6f9fcb";
pub const TEAL: &str = "#17686f";
pub const BAND: &str = "#d6e9e4";

/// Where data lie on the sheet.
#[derive(Clone, Copy)]
pub struct Frame {
    pub x: (f64, f64),
    pub y: (f64, f64),
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        (self.left + across * self.width, self.top + (1.0 - up) * self.height)
    }
}

pub struct Sheet {
    width: f64,
    height: f64,
    title: String,
    body: String,
}

impl Sheet {
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        Self { width, height, title: escaped(title), body: String::new() }
    }

    fn put(&mut self, markup: &str) {
        self.body.push_str(markup);
        self.body.push('\n');
    }

    pub fn polygon(&mut self, points: &[(f64, f64)], fill: &str, edge: &str) {
        let points = listed(points);
        self.put(&format!(
            "<polygon points=\"{points}\" fill=\"{fill}\" stroke=\"{edge}\" stroke-linejoin=\"round\"/>"
        ));
    }

    pub fn line(&mut self, points: &[(f64, f64)], color: &str, width: f64, dash: &str) {
        let points = listed(points);
        let dash =
            if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
        self.put(&format!(
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{dash}/>"
        ));
    }

    pub fn circle(&mut self, (x, y): (f64, f64), radius: f64, fill: &str, edge: &str) {
        self.put(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{fill}\" stroke=\"{edge}\"/>"
        ));
    }

    pub fn text(&mut self, (x, y): (f64, f64), anchor: &str, color: &str, words: &str) {
        let words = escaped(words);
        self.put(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{color}\">{words}</text>"
        ));
    }

    /// The two axes of a frame with a few round numbers on them.
    pub fn axes(&mut self, frame: &Frame, x_name: &str, y_name: &str) {
        let Frame { x, y, .. } = *frame;
        let corner = frame.at(x.0, y.0);
        self.line(&[frame.at(x.0, y.1), corner, frame.at(x.1, y.0)], SOFT, 1.0, "");
        for value in round_numbers(x) {
            let (at, below) = frame.at(value, y.0);
            self.line(&[(at, below), (at, below + 4.0)], SOFT, 1.0, "");
            self.text((at, below + 17.0), "middle", SOFT, &number(value));
        }
        for value in round_numbers(y) {
            let (left, at) = frame.at(x.0, value);
            self.line(&[(left - 4.0, at), (left, at)], SOFT, 1.0, "");
            self.text((left - 8.0, at + 4.0), "end", SOFT, &number(value));
        }
        let (right, below) = frame.at(x.1, y.0);
        self.text((right, below + 34.0), "end", INK, x_name);
        let (left, above) = frame.at(x.0, y.1);
        self.text((left - 4.0, above - 10.0), "start", INK, y_name);
    }

    pub fn finish(self) -> String {
        let Self { width, height, title, body } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\" \
             aria-label=\"{title}\">\n<title>{title}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n"
        )
    }
}

fn listed(points: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (x, y) in points {
        // Writing to a string cannot fail.
        let _ = write!(text, "{x:.1},{y:.1} ");
    }
    text.trim_end().to_owned()
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// About five multiples of 1, 2 or 5 × 10ⁿ within the range.
fn round_numbers((low, high): (f64, f64)) -> Vec<f64> {
    let rough = (high - low) / 5.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(power * 10.0);
    let (first, last) = ((low / step).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).map(|n| n as f64 * step).collect()
}

fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

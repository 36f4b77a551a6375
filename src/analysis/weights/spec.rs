//! Weights in a few words: `queen`, `rook:50`, `knn:8`, `band:1500`, … read, written and made.

use std::{fmt, str::FromStr};

use geo_types::{Coord, MultiPolygon};
use thiserror::Error;

use super::{
    BadTable, Bandwidth, Contiguity, Kernel, MOST_LINKS, NoContiguity, NoInverse, Summary,
    TooManyLinks, Weights, band, contiguity, from_table, inverse_distance, islands_joined,
    k_nearest, kernel, least_band,
};

/// Which weights are meant. Distances are in the units of the plane: metres, in a metric CRS.
#[derive(Clone, Debug, PartialEq)]
pub enum WeightsSpec {
    /// `queen`, `rook`, `queen:50`, `queen+knn:1`: who borders on whom.
    Contiguity {
        /// A point or a line in common.
        kind: Contiguity,
        /// How far apart lines may lie and still be one; 0 asks for the same vertices.
        tolerance: f64,
        /// Units that border on nobody are joined to so many nearest; 0 leaves them alone.
        islands: usize,
    },
    /// `knn:8`: so many nearest.
    Nearest(usize),
    /// `band:1500`: everybody within a distance. `band`: the least at which nobody is alone.
    Band(Option<f64>),
    /// `idw`, `idw:2000`, `idw:2000:2`, `idw:all:2`: one over the distance.
    Inverse {
        /// Only within this distance; everybody where there is none.
        within: Option<f64>,
        /// The power of the distance.
        power: f64,
    },
    /// `kernel:gaussian:1500`, `kernel:quartic:knn:8` (each unit's own bandwidth),
    /// `kernel:quartic:widest:8` (one bandwidth, from the largest of these).
    Kernel {
        /// The curve.
        kernel: Kernel,
        /// How far it reaches.
        bandwidth: Bandwidth,
    },
    /// `links.csv`: a table of `i,j,w`.
    File(String),
}

/// A text that names no weights.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{text}` {detail}")]
pub struct BadSpec {
    /// What was given.
    pub text: String,
    /// What is wrong, and what would be right.
    pub detail: String,
}

/// What weights may be made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ground<'g> {
    /// How many units there are.
    pub count: usize,
    /// Where they are, in the plane; finite.
    pub points: Option<&'g [Coord<f64>]>,
    /// Their outlines, in the plane.
    pub outlines: Option<&'g [MultiPolygon<f64>]>,
    /// The text of the table that [`WeightsSpec::File`] names.
    pub table: Option<&'g str>,
}

/// Why there are no weights.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum NoWeights {
    /// The units have no places.
    #[error("`{0}` needs a place for every unit")]
    NoPoints(String),
    /// The units have no outlines.
    #[error("`{0}` needs an outline for every unit; for points take knn:8 or band:1500")]
    NoOutlines(String),
    /// Nobody has read the table.
    #[error("the table `{0}` was not read")]
    NoTable(String),
    /// Outlines cannot be compared.
    #[error(transparent)]
    Contiguity(#[from] NoContiguity),
    /// Too many links.
    #[error(transparent)]
    TooMany(#[from] TooManyLinks),
    /// Distances cannot be inverted.
    #[error(transparent)]
    Inverse(#[from] NoInverse),
    /// The table is wrong.
    #[error("{file}, {fault}")]
    Table {
        /// Its name.
        file: String,
        /// What is wrong with it.
        fault: BadTable,
    },
}

const KINDS: &str = "is no kind of weights: take queen, rook, queen:50, queen+knn:1, knn:8, \
     band:1500, idw:2000, kernel:gaussian:1500, kernel:epanechnikov:knn:8, or a table such as \
     links.csv";

impl FromStr for WeightsSpec {
    type Err = BadSpec;

    fn from_str(text: &str) -> Result<Self, BadSpec> {
        read(text.trim()).map_err(|detail| BadSpec { text: text.trim().into(), detail })
    }
}

fn read(text: &str) -> Result<WeightsSpec, String> {
    if text.to_ascii_lowercase().ends_with(".csv") {
        return Ok(WeightsSpec::File(text.into()));
    }
    let (first, islands) = match text.split_once('+') {
        None => (text, 0),
        Some((first, rest)) => match rest.split_once(':') {
            Some(("knn", k)) => (first, count(k)?),
            _ => return Err("has something after `+` that is not knn:1".into()),
        },
    };
    let parts: Vec<&str> = first.split(':').collect();
    let kind = match parts[0] {
        "queen" => Some(Contiguity::Queen),
        "rook" => Some(Contiguity::Rook),
        _ => None,
    };
    if islands > 0 && kind.is_none() {
        return Err("joins islands, which only queen and rook can".into());
    }
    let spec = match (kind, &parts[1..]) {
        (Some(kind), []) => WeightsSpec::Contiguity { kind, tolerance: 0.0, islands },
        (Some(kind), [tolerance]) => {
            let tolerance = number(tolerance, "tolerance", |it| it >= 0.0, "of 0 or more")?;
            WeightsSpec::Contiguity { kind, tolerance, islands }
        }
        (None, rest) => match (parts[0], rest) {
            ("knn", [k]) => WeightsSpec::Nearest(count(k)?),
            ("band", []) => WeightsSpec::Band(None),
            ("band", [distance]) => WeightsSpec::Band(Some(length(distance, "distance")?)),
            ("idw", []) => WeightsSpec::Inverse { within: None, power: 1.0 },
            ("idw", [distance, power @ ..]) if power.len() < 2 => {
                let within = match *distance {
                    "all" => None,
                    distance => Some(length(distance, "distance")?),
                };
                let power = power.first().map_or(Ok(1.0), |power| length(power, "power"))?;
                WeightsSpec::Inverse { within, power }
            }
            ("kernel", [form, reach @ ..]) => {
                let kernel = Kernel::from_word(form).ok_or_else(|| {
                    let words = Kernel::ALL.map(Kernel::word).join(", ");
                    format!("names no kernel: `{form}` is none of {words}")
                })?;
                let bandwidth = match reach {
                    ["knn", k] => Bandwidth::Adaptive(count(k)?),
                    ["widest", k] => Bandwidth::Widest(count(k)?),
                    [h] => Bandwidth::Fixed(length(h, "bandwidth")?),
                    _ => {
                        return Err(format!(
                            "needs a bandwidth, such as kernel:{form}:1500 or kernel:{form}:knn:8"
                        ));
                    }
                };
                WeightsSpec::Kernel { kernel, bandwidth }
            }
            _ => return Err(KINDS.into()),
        },
        _ => return Err(KINDS.into()),
    };
    Ok(spec)
}

fn count(text: &str) -> Result<usize, String> {
    let count = text.parse::<u32>().ok().filter(|count| *count > 0);
    count.map(|count| count as usize).ok_or_else(|| {
        format!("needs a number of neighbours of 1 or more, such as knn:8, and not `{text}`")
    })
}

fn length(text: &str, what: &str) -> Result<f64, String> {
    number(text, what, |it| it > 0.0, "above 0")
}

fn number(text: &str, what: &str, fits: fn(f64) -> bool, right: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && fits(*number));
    number.ok_or_else(|| format!("needs a {what} {right}, and not `{text}`"))
}

impl fmt::Display for WeightsSpec {
    /// The text that it can be read from again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contiguity { kind, tolerance, islands } => {
                f.write_str(kind.word())?;
                if *tolerance > 0.0 {
                    write!(f, ":{tolerance}")?;
                }
                if *islands > 0 {
                    write!(f, "+knn:{islands}")?;
                }
                Ok(())
            }
            Self::Nearest(k) => write!(f, "knn:{k}"),
            Self::Band(None) => f.write_str("band"),
            Self::Band(Some(distance)) => write!(f, "band:{distance}"),
            Self::Inverse { within, power } => {
                match within {
                    None => f.write_str("idw:all")?,
                    Some(distance) => write!(f, "idw:{distance}")?,
                }
                write!(f, ":{power}")
            }
            Self::Kernel { kernel, bandwidth } => {
                write!(f, "kernel:{}:", kernel.word())?;
                match bandwidth {
                    Bandwidth::Fixed(h) => write!(f, "{h}"),
                    Bandwidth::Widest(k) => write!(f, "widest:{k}"),
                    Bandwidth::Adaptive(k) => write!(f, "knn:{k}"),
                }
            }
            Self::File(name) => f.write_str(name),
        }
    }
}

impl WeightsSpec {
    /// Whether places are needed.
    pub fn needs_points(&self) -> bool {
        match self {
            Self::Contiguity { islands, .. } => *islands > 0,
            Self::Nearest(_) | Self::Band(_) | Self::Inverse { .. } | Self::Kernel { .. } => true,
            Self::File(_) => false,
        }
    }

    /// Whether outlines are needed.
    pub fn needs_outlines(&self) -> bool {
        matches!(self, Self::Contiguity { .. })
    }

    /// Makes the weights of `ground`, and tells in words how, with the number of islands.
    ///
    /// # Errors
    ///
    /// [`NoWeights`].
    pub fn make(&self, ground: Ground<'_>) -> Result<(Weights, String), NoWeights> {
        let points = || ground.points.ok_or_else(|| NoWeights::NoPoints(self.to_string()));
        let few_enough = |k: usize| {
            if ground.count.saturating_mul(k) > MOST_LINKS { Err(TooManyLinks) } else { Ok(()) }
        };
        let (weights, words) = match self {
            Self::Contiguity { kind, tolerance, islands } => {
                let outlines =
                    ground.outlines.ok_or_else(|| NoWeights::NoOutlines(self.to_string()))?;
                let mut found = contiguity(outlines, *kind, *tolerance)?;
                let mut words = match (kind, *tolerance > 0.0) {
                    (Contiguity::Queen, false) => "queen: a vertex in common".to_owned(),
                    (Contiguity::Rook, false) => "rook: an edge in common".to_owned(),
                    (Contiguity::Queen, true) => format!("queen: outlines within {tolerance}"),
                    (Contiguity::Rook, true) => format!("rook: outlines along within {tolerance}"),
                };
                if *islands > 0 {
                    let lone = (0..found.len()).filter(|at| found.count(*at) == 0).count();
                    few_enough(*islands)?;
                    found = islands_joined(&found, points()?, *islands);
                    words = format!("{words}; islands joined to their {islands} nearest: {lone}");
                }
                (Weights::binary(&found), words)
            }
            Self::Nearest(k) => {
                few_enough(*k)?;
                (k_nearest(points()?, *k), format!("the {k} nearest"))
            }
            Self::Band(distance) => {
                let least = || least_band(points()?).map_or(Ok(0.0), Ok::<_, NoWeights>);
                let within = distance.map_or_else(least, Ok)?;
                let how =
                    if distance.is_some() { "" } else { ", the least that leaves nobody alone" };
                (Weights::binary(&band(points()?, within)?), format!("within {within}{how}"))
            }
            Self::Inverse { within, power } => {
                let reach = within.map_or_else(|| "all".into(), |it| format!("within {it}"));
                let words = format!("inverse distance to the power of {power}, {reach}");
                (inverse_distance(points()?, *within, *power)?, words)
            }
            Self::Kernel { kernel: form, bandwidth } => {
                let reach = match bandwidth {
                    Bandwidth::Fixed(h) => format!("of {h}"),
                    Bandwidth::Widest(k) => format!("of the largest distance to a nearest no. {k}"),
                    Bandwidth::Adaptive(k) => format!("to each unit's nearest no. {k}"),
                };
                if let Bandwidth::Widest(k) | Bandwidth::Adaptive(k) = bandwidth {
                    few_enough(*k)?;
                }
                let words = format!("{} kernel, bandwidth {reach}", form.word());
                (kernel(points()?, *form, *bandwidth)?, words)
            }
            Self::File(name) => {
                let table = ground.table.ok_or_else(|| NoWeights::NoTable(name.clone()))?;
                let made = from_table(table, ground.count);
                let made = made.map_err(|fault| NoWeights::Table { file: name.clone(), fault })?;
                (made, format!("from {name}"))
            }
        };
        let islands = match Summary::of(&weights).islands {
            0 => String::new(),
            1 => "; 1 unit has no neighbour".into(),
            some => format!("; {some} units have no neighbour"),
        };
        Ok((weights, words + &islands))
    }
}

#[cfg(test)]
mod tests {
    use geo_types::Rect;

    use super::*;

    fn spec(text: &str) -> WeightsSpec {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_is_read_and_written_again() {
        for text in [
            "queen",
            "rook",
            "queen:50",
            "rook:0.5",
            "queen+knn:1",
            "rook:20+knn:3",
            "knn:8",
            "band",
            "band:1500",
            "idw:2000:1",
            "idw:all:2",
            "idw:2000:1.5",
            "kernel:gaussian:1500",
            "kernel:epanechnikov:knn:8",
            "kernel:quartic:widest:12",
            "weights/Links.CSV",
        ] {
            assert_eq!(spec(text).to_string(), text);
        }
        assert_eq!(spec(" idw:2000 "), WeightsSpec::Inverse { within: Some(2000.0), power: 1.0 });
        assert_eq!(spec("idw").to_string(), "idw:all:1");
        assert_eq!(spec("queen:0"), spec("queen"));
        assert_eq!(spec("kernel:quadratic:9"), spec("kernel:epanechnikov:9"));
        assert!(spec("queen+knn:1").needs_points() && !spec("queen").needs_points());
        assert!(spec("rook").needs_outlines() && !spec("knn:1").needs_outlines());
    }

    #[test]
    fn what_is_wrong_is_told_with_what_would_be_right() {
        let told = |text: &str| text.parse::<WeightsSpec>().unwrap_err().to_string();
        assert!(told("qeen").starts_with("`qeen` is no kind of weights: take queen, rook"));
        assert!(told("knn").contains("no kind"));
        assert!(told("queen:1:2").contains("no kind"));
        assert_eq!(
            told("knn:0"),
            "`knn:0` needs a number of neighbours of 1 or more, such as knn:8, and not `0`"
        );
        assert_eq!(told("band:-5"), "`band:-5` needs a distance above 0, and not `-5`");
        assert_eq!(told("queen:x"), "`queen:x` needs a tolerance of 0 or more, and not `x`");
        assert_eq!(told("idw:5:nan"), "`idw:5:nan` needs a power above 0, and not `nan`");
        assert!(told("kernel:conic:5").contains("none of triangular, uniform"));
        assert!(told("kernel:gaussian").contains("such as kernel:gaussian:1500"));
        assert!(told("knn:4+knn:1").contains("only queen and rook"));
        assert!(told("queen+rook").contains("not knn:1"));
    }

    #[test]
    fn weights_are_made_of_what_there_is() {
        let place = |x: f64| Rect::new((x, 0.0), (x + 1.0, 1.0)).to_polygon();
        let outlines: Vec<MultiPolygon<f64>> =
            [0.0, 1.0, 9.0].into_iter().map(|x| place(x).into()).collect();
        let points = [0.5, 1.5, 9.5].map(|x| Coord { x, y: 0.5 });
        let ground = Ground {
            count: 3,
            points: Some(&points),
            outlines: Some(&outlines),
            table: Some("0,2,5"),
        };
        let made = |text: &str| spec(text).make(ground).unwrap();
        let (queen, words) = made("queen");
        assert_eq!(
            (queen.islands(), &*words),
            (1, "queen: a vertex in common; 1 unit has no neighbour")
        );
        let (joined, words) = made("queen+knn:1");
        assert_eq!((joined.places(1), joined.islands()), (&[0, 2][..], 0));
        assert_eq!(words, "queen: a vertex in common; islands joined to their 1 nearest: 1");
        let (least, words) = made("band");
        assert_eq!(least.places(1), &[0, 2]);
        assert_eq!(words, "within 8, the least that leaves nobody alone");
        assert_eq!(made("rook:0.1").0.links(), 2);
        assert_eq!(made("knn:1").0.places(2), &[1]);
        assert_eq!(made("idw:2").0.values(0), &[1.0]);
        assert_eq!(made("kernel:triangular:2").0.values(0), &[1.0, 0.5]);
        let (table, words) = made("links.csv");
        assert_eq!(
            (table.values(0), &*words),
            (&[5.0][..], "from links.csv; 2 units have no neighbour")
        );

        let without = Ground { count: 3, ..Ground::default() };
        let told = |text: &str| spec(text).make(without).unwrap_err().to_string();
        assert_eq!(told("knn:2"), "`knn:2` needs a place for every unit");
        assert_eq!(
            told("rook"),
            "`rook` needs an outline for every unit; for points take knn:8 or band:1500"
        );
        assert_eq!(told("a.csv"), "the table `a.csv` was not read");
        let many = Ground { count: 3_000_000, ..ground };
        assert!(matches!(spec("knn:8").make(many), Err(NoWeights::TooMany(_))));
        let bad = Ground { table: Some("0,9,1"), ..ground };
        assert!(
            spec("a.csv").make(bad).unwrap_err().to_string().starts_with("a.csv, line 1: j is")
        );
        let nobody = Ground { points: Some(&[]), ..Ground::default() };
        assert!(spec("band").make(nobody).unwrap().0.is_empty());
    }
}

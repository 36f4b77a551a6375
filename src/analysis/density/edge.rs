//! What a kernel spreads beyond the domain, given back.
//!
//! Beside the border of a province half of a plot's kernel falls on ground where nobody looked, and
//! the density there would look low. *Uniform* divides the density at a place by the mass of the
//! kernel around that place inside the domain; *Diggle* divides what each point adds by the mass of its own
//! kernel inside, and keeps the sum. Source: Diggle (1985), equation 2; Jones (1993), *Simple
//! boundary correction for kernel density estimation*. Cost: uniform, one more density, of the cells of
//! the domain; Diggle, points × cells in reach.

use geo_types::Coord;
use rayon::prelude::*;

use super::{Domain, Kernel, Source, estimate};

/// How edges are corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Not at all.
    #[default]
    None,
    /// By the mass around the place.
    Uniform,
    /// By the mass around each point.
    Diggle,
}

impl Edge {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::None, Self::Uniform, Self::Diggle];

    /// The word in parameters and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Uniform => "uniform",
            Self::Diggle => "diggle",
        }
    }

    /// The way of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|edge| edge.word() == word)
    }
}

/// A density with its sum checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// At every centre of the domain's lattice, per square unit; outside of the domain it speaks of
    /// nothing.
    pub values: Vec<f64>,
    /// The sum over the cells: of an uncorrected density over the whole lattice, of a corrected one
    /// over the domain.
    pub integral: f64,
    /// The weight of the points spread. Without correction (on a lattice that holds every kernel
    /// whole) and by Diggle's the integral is this; by the uniform one it is near it.
    pub expected: f64,
    /// Points outside of the domain, left out.
    pub outside: usize,
}

impl Density {
    /// How far the integral is off, as a part of what was spread; `None` of nothing.
    pub fn defect(&self) -> Option<f64> {
        (self.expected > 0.0).then(|| self.integral / self.expected - 1.0)
    }
}

/// The mass of the kernel around every centre that lies inside the domain, 0 to about 1.
pub fn mass(domain: &Domain, kernel: Kernel, radius: f64) -> Vec<f64> {
    estimate(kernel, &grounds(domain, radius), &domain.lattice)
}

/// The mass of the kernel around one place inside the domain. Cost: the cells in its reach.
pub fn mass_at(domain: &Domain, kernel: Kernel, place: Coord<f64>, radius: f64) -> f64 {
    let lattice = &domain.lattice;
    let at = lattice.steps(place);
    let reach = radius * kernel.reach() / lattice.cell;
    let span = |at: f64, count: usize| {
        let from = (at - reach).ceil().max(0.0) as usize;
        let to = ((at + reach).floor() + 1.0).clamp(0.0, count as f64) as usize;
        from..to
    };
    let mut sum = 0.0;
    for row in span(at.y, lattice.rows) {
        for col in span(at.x, lattice.cols) {
            let (dx, dy) = (col as f64 - at.x, row as f64 - at.y);
            let u2 = (dx * dx + dy * dy) * lattice.cell_area() / (radius * radius);
            sum += domain.cover[row * lattice.cols + col] * kernel.profile(u2);
        }
    }
    sum * kernel.peak(radius) * lattice.cell_area()
}

/// The cells of a domain as points that weigh their ground.
fn grounds(domain: &Domain, radius: f64) -> Vec<Source> {
    let (lattice, area) = (&domain.lattice, domain.lattice.cell_area());
    let cells = domain.cover.iter().enumerate().filter(|(_, cover)| **cover > 0.0);
    let source = |(place, cover): (usize, &f64)| Source {
        at: lattice.centre(place % lattice.cols, place / lattice.cols),
        weight: cover * area,
        radius,
    };
    cells.map(source).collect()
}

/// The density of the points inside `domain`. The uniform correction takes the mass of the widest
/// radius for all of them: with radii that differ Diggle's is the right one.
pub fn corrected(kernel: Kernel, sources: &[Source], domain: &Domain, edge: Edge) -> Density {
    let mut inside: Vec<Source> =
        sources.iter().filter(|source| domain.holds(source.at)).copied().collect();
    let outside = sources.len() - inside.len();
    let expected = inside.iter().map(|source| source.weight).sum();
    let widest = inside.iter().map(|source| source.radius).fold(0.0, f64::max);
    if edge == Edge::Diggle && !inside.is_empty() {
        inside.par_iter_mut().for_each(|source| {
            let mass = mass_at(domain, kernel, source.at, source.radius);
            source.weight /= mass.max(LEAST);
        });
    }
    let mut values = estimate(kernel, &inside, &domain.lattice);
    if edge == Edge::Uniform && !inside.is_empty() {
        for (value, mass) in values.iter_mut().zip(mass(domain, kernel, widest)) {
            *value = if mass > LEAST { *value / mass } else { 0.0 };
        }
    }
    let integral = match edge {
        Edge::None => values.iter().sum::<f64>() * domain.lattice.cell_area(),
        Edge::Uniform | Edge::Diggle => domain.integral(&values),
    };
    Density { values, integral, expected, outside }
}

/// A place with less of a kernel's mass than this is none of the domain.
const LEAST: f64 = 1e-3;

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, polygon};

    use super::*;
    use crate::analysis::density::{Lattice, sources};

    fn province() -> Domain {
        let outline: MultiPolygon<f64> = polygon![
            (x: 0.0, y: 0.0), (x: 4000.0, y: 130.0), (x: 3500.0, y: 2900.0), (x: 1800.0, y: 1700.0),
            (x: 200.0, y: 3100.0)
        ]
        .into();
        let low = Coord { x: 0.0, y: 0.0 };
        let high = Coord { x: 4000.0, y: 3100.0 };
        let lattice = Lattice::around(low, high, 900.0, 50.0, 100_000).unwrap();
        Domain::inside(lattice, &outline)
    }

    fn points() -> Vec<Coord<f64>> {
        let lattice = province();
        (0..400)
            .map(|i| Coord {
                x: f64::from(i * 211 % 4001) + 0.3,
                y: f64::from(i * 157 % 3103) + 0.7,
            })
            .filter(|place| lattice.holds(*place))
            .collect()
    }

    #[test]
    fn sums_are_kept() {
        let domain = province();
        for kernel in [Kernel::Quartic, Kernel::Epanechnikov] {
            let spread = sources(&points(), None, 600.0);
            let plain = corrected(kernel, &spread, &domain, Edge::None);
            assert!(plain.defect().unwrap().abs() < 1e-3, "{:?}", plain.defect());
            // A good part of it lies outside.
            assert!(domain.integral(&plain.values) < 0.95 * plain.expected);
            let diggle = corrected(kernel, &spread, &domain, Edge::Diggle);
            assert!(diggle.defect().unwrap().abs() < 1e-3, "{:?}", diggle.defect());
            let uniform = corrected(kernel, &spread, &domain, Edge::Uniform);
            assert!(uniform.defect().unwrap().abs() < 0.1, "{:?}", uniform.defect());
            assert_eq!((plain.outside, plain.expected), (0, points().len() as f64));
        }
    }

    #[test]
    fn one_mass_is_that_of_all() {
        let domain = province();
        let masses = mass(&domain, Kernel::Quartic, 500.0);
        for place in [3000, 5001, 7777] {
            let (col, row) = (place % domain.lattice.cols, place / domain.lattice.cols);
            let one = mass_at(&domain, Kernel::Quartic, domain.lattice.centre(col, row), 500.0);
            assert!((one - masses[place]).abs() < 1e-9, "{one} {}", masses[place]);
        }
        // Deep inside it is 1, on a straight side about a half.
        let inside = mass_at(&domain, Kernel::Quartic, Coord { x: 1800.0, y: 800.0 }, 500.0);
        assert!((inside - 1.0).abs() < 1e-3, "{inside}");
        let side = mass_at(&domain, Kernel::Quartic, Coord { x: 2000.0, y: 65.0 }, 500.0);
        assert!((side - 0.5).abs() < 0.01, "{side}");
    }

    #[test]
    fn an_even_spread_stays_even_up_to_the_edge() {
        // One point in every cell: corrected, the density is that of the cells everywhere.
        let domain = province();
        let even = grounds(&domain, 450.0);
        let density = corrected(Kernel::Quartic, &even, &domain, Edge::Uniform);
        for (place, value) in density.values.iter().enumerate() {
            assert!(!domain.has(place) || (value - 1.0).abs() < 1e-9, "{value}");
        }
    }

    #[test]
    fn points_outside_are_counted_and_nothing_is_nothing() {
        let domain = province();
        let far = sources(&[Coord { x: 9e6, y: 0.0 }, Coord { x: 1800.0, y: 2900.0 }], None, 300.0);
        for edge in Edge::ALL {
            let density = corrected(Kernel::Quartic, &far, &domain, edge);
            assert_eq!((density.outside, density.integral, density.defect()), (2, 0.0, None));
            assert_eq!(Edge::from_word(edge.word()), Some(edge));
        }
        let mut mixed = sources(&points(), None, 300.0);
        for (i, source) in mixed.iter_mut().enumerate() {
            source.radius += 20.0 * (i % 9) as f64;
        }
        let diggle = corrected(Kernel::Quartic, &mixed, &domain, Edge::Diggle);
        assert!(diggle.defect().unwrap().abs() < 1e-3);
    }
}

//! Which patches a surface can tell.

use geo_types::{MultiPolygon, Polygon};

use crate::analysis::geometry::ground::{rings, shoelace};

/// The m² of ground in metres.
pub(super) fn square_metres(ground: &MultiPolygon<f64>) -> f64 {
    rings(ground).iter().map(|ring| shoelace(ring)).sum()
}

/// `ground` without the patches smaller than a cell of the surface (m²), unless `keep` holds one
/// all the same; and how many those were. So small a patch is a single centre of a cell above the
/// line, and its outline no more than a guess between centres.
pub(super) fn resolved(
    ground: MultiPolygon<f64>,
    cell: f64,
    keep: impl Fn(&Polygon<f64>) -> bool,
) -> (MultiPolygon<f64>, usize) {
    let all = ground.0.len();
    let told = ground
        .into_iter()
        .filter(|patch| square_metres(&MultiPolygon(vec![patch.clone()])) >= cell || keep(patch));
    let told: MultiPolygon<f64> = told.collect();
    let left_out = all - told.0.len();
    (told, left_out)
}

#[cfg(test)]
mod tests {
    use geo::Contains;
    use geo_types::{Point, Rect};

    use super::*;

    #[test]
    fn a_patch_smaller_than_a_cell_is_left_out_and_counted() {
        let block = |west: f64, side: f64| Rect::new((west, 0.0), (west + side, side)).to_polygon();
        let ground = MultiPolygon(vec![block(0.0, 9.0), block(20.0, 10.0), block(40.0, 5.0)]);
        let (told, left_out) = resolved(ground.clone(), 100.0, |_| false);
        assert_eq!((square_metres(&told), left_out), (100.0, 2));
        let (told, left_out) =
            resolved(ground.clone(), 100.0, |patch| patch.contains(&Point::new(42.0, 1.0)));
        assert_eq!((square_metres(&told), left_out), (125.0, 1));
        assert_eq!(resolved(ground.clone(), 1.0, |_| false), (ground, 0));
    }
}

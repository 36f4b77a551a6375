//! The rectangle around points.

use geo_types::Coord;

/// The south-west and the north-east corner of the rectangle around `points`; `None` where there is
/// none. Coordinates that are not a number are passed over.
pub fn bounds<'p>(
    points: impl IntoIterator<Item = &'p Coord<f64>>,
) -> Option<(Coord<f64>, Coord<f64>)> {
    let mut points = points.into_iter();
    let first = *points.next()?;
    Some(points.fold((first, first), |(low, high), at| {
        (
            Coord { x: low.x.min(at.x), y: low.y.min(at.y) },
            Coord { x: high.x.max(at.x), y: high.y.max(at.y) },
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_within_its_bounds() {
        let points = [(3.0, -1.0), (-2.0, 5.0), (0.0, 9.0)].map(|(x, y)| Coord { x, y });
        let corners = (Coord { x: -2.0, y: -1.0 }, Coord { x: 3.0, y: 9.0 });
        assert_eq!(bounds(&points), Some(corners));
        assert_eq!(bounds(&points[..1]), Some((points[0], points[0])));
        assert_eq!(bounds(&[]), None);
    }
}

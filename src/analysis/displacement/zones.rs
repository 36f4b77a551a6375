//! Which ground is response, which is around it, which is control: by distance.
//!
//! Units: metres between the middles of places. Cost: about n for scattered places.

use geo_types::Coord;
use rayon::prelude::*;

use crate::analysis::geometry::{near::Buckets, shape::Shape};

/// What a place is in the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// Something was done here.
    Response,
    /// In the ring of this number around it, the innermost 0.
    Ring(u32),
    /// Farther away than any ring.
    Control,
}

/// The zone of each place: response where something was done, else the first of `radii`
/// (ascending) that reaches from the nearest response to it, else control. Without any response
/// all is control.
pub fn zones(middles: &[Coord<f64>], response: &[bool], radii: &[f64]) -> Vec<Zone> {
    let shapes: Vec<Shape> = middles.iter().map(|at| Shape::point(*at)).collect();
    let places: Vec<usize> =
        response.iter().enumerate().filter(|(_, it)| **it).map(|(at, _)| at).collect();
    let buckets = Buckets::new(&shapes, &places);
    (0..middles.len())
        .into_par_iter()
        .map(|at| {
            if response[at] {
                return Zone::Response;
            }
            let metres = buckets.nearest(&shapes, &shapes[at]).map_or(f64::INFINITY, |(_, m)| m);
            let ring = radii.partition_point(|radius| *radius < metres);
            if ring < radii.len() { Zone::Ring(ring as u32) } else { Zone::Control }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_closed_outwards() {
        let middles: Vec<Coord<f64>> =
            (0..6).map(|x| Coord { x: f64::from(x) * 1000.0, y: 0.0 }).collect();
        let response = [false, true, false, false, false, false];
        let [ring_0, ring_1] = [0, 1].map(Zone::Ring);
        let all = [ring_0, Zone::Response, ring_0, ring_1, ring_1, Zone::Control];
        assert_eq!(zones(&middles, &response, &[1000.0, 3000.0]), all);
        assert_eq!(zones(&middles, &[false; 6], &[1000.0]), [Zone::Control; 6]);
        let rest = zones(&middles, &response, &[]);
        assert_eq!(rest.iter().filter(|zone| **zone == Zone::Control).count(), 5);
        assert!(zones(&[], &[], &[5.0]).is_empty());
    }
}

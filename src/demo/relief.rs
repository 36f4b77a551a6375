//! Made-up hills: where valleys lead the walkers and where fields hide.
//!
//! Smooth noise over a lattice of longitude and latitude, no elevation of any real place.

use geo_types::Coord;

/// Height from 0 (valley) to 1 (ridge).
pub(super) fn height(place: Coord<f64>) -> f64 {
    let layer = |size: f64, salt: u64| smooth(place.x / size, place.y / size, salt);
    0.5 * layer(0.075, 1) + 0.33 * layer(0.031, 2) + 0.17 * layer(0.013, 3)
}

/// Even numbers at the corners of the lattice, smoothly joined between.
fn smooth(x: f64, y: f64, salt: u64) -> f64 {
    let (column, row) = (x.floor(), y.floor());
    let (fx, fy) = (ease(x - column), ease(y - row));
    let (column, row) = (column as i64, row as i64);
    let corner = |dx: i64, dy: i64| even(column + dx, row + dy, salt);
    let south = corner(0, 0) * (1.0 - fx) + corner(1, 0) * fx;
    let north = corner(0, 1) * (1.0 - fx) + corner(1, 1) * fx;
    south * (1.0 - fy) + north * fy
}

fn ease(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}

/// From 0 to 1 by the corner: the mixing steps of SplitMix64 (Steele et al. 2014).
fn even(column: i64, row: i64, salt: u64) -> f64 {
    let mut bits = (column as u64)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add((row as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
        .wrapping_add(salt.wrapping_mul(0x1656_67B1_9E37_79F9));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^= bits >> 31;
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hills_are_smooth_and_within_bounds() {
        for step in 0..2000 {
            let place = Coord { x: 102.0 + f64::from(step) * 1e-3, y: 22.3 };
            let (here, there) = (height(place), height(Coord { x: place.x + 1e-4, ..place }));
            assert!((0.0..=1.0).contains(&here));
            assert!((here - there).abs() < 0.02, "a cliff at {place:?}");
        }
    }
}

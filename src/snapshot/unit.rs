//! A unit as the snapshot holds it.

use std::{num::NonZeroU32, sync::OnceLock};

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    crs::{Epsg, MetricCrs, WGS84, transform},
    domain::{Boundary, Extent, Level, Metres, SquareMetres, UnitKey},
};

/// No edge in metres is longer than this many degrees (about 2 km): a straight line in degrees
/// bends in metres, at this length by 3 cm.
const LONGEST_EDGE: f64 = 0.02;

/// Which unit of a snapshot. Its order is that of the units' keys.
///
/// Good for the snapshot that gave it and for those made from it by changes of plots only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitRef(NonZeroU32);

impl UnitRef {
    pub(super) fn new(index: usize) -> Self {
        let index = u32::try_from(index).unwrap_or(u32::MAX - 1);
        Self(NonZeroU32::MIN.saturating_add(index))
    }

    /// Its place in [`super::Snapshot::units`].
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A unit: its boundary with what was derived from it.
#[derive(Debug)]
pub struct Unit {
    reference: UnitRef,
    id: u64,
    boundary: Boundary,
    extent: Extent,
    metric: Option<MultiPolygon<f64>>,
    area: OnceLock<SquareMetres>,
}

impl Unit {
    /// Units in the order of `boundaries`, all threads at work.
    pub(super) fn all(boundaries: Vec<Boundary>, metric: MetricCrs) -> Vec<Self> {
        boundaries
            .into_par_iter()
            .enumerate()
            .map(|(index, boundary)| Self {
                reference: UnitRef::new(index),
                id: stable_id(&boundary.key),
                extent: boundary.outline.extent(),
                metric: in_metres(boundary.outline.get(), metric),
                area: OnceLock::new(),
                boundary,
            })
            .collect()
    }

    /// Which unit it is.
    pub fn reference(&self) -> UnitRef {
        self.reference
    }

    /// For GeoPackage and tiles: a hash of its key, below 2^53, the same in every snapshot.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its key.
    pub fn key(&self) -> &UnitKey {
        &self.boundary.key
    }

    /// How high it stands.
    pub fn level(&self) -> Level {
        self.boundary.key.level
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.boundary.key.code
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.boundary.name
    }

    /// All that was imported about it.
    pub fn boundary(&self) -> &Boundary {
        &self.boundary
    }

    /// 1 σ of the position of its lines.
    pub fn error(&self) -> Metres {
        self.boundary.error
    }

    /// Its ground in degrees (WGS 84).
    pub fn outline(&self) -> &MultiPolygon<f64> {
        self.boundary.outline.get()
    }

    /// The rectangle around it in degrees.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// Its ground in the metric CRS, long edges divided so that they follow the straight lines in
    /// degrees; `None` where the projection does not reach.
    pub fn metric(&self) -> Option<&MultiPolygon<f64>> {
        self.metric.as_ref()
    }

    /// Its area on the ellipsoid, measured when first asked.
    pub fn area(&self) -> SquareMetres {
        *self.area.get_or_init(|| SquareMetres::of(&self.boundary.outline))
    }
}

/// SHA-256 of the key, its first 53 bits.
fn stable_id(key: &UnitKey) -> u64 {
    id_of([&key.scheme, key.level.word(), &key.code, &key.valid_from.to_string()])
}

/// SHA-256 of words, its first 53 bits: the same on every machine and in every release.
pub(super) fn id_of<'w>(words: impl IntoIterator<Item = &'w str>) -> u64 {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word.as_bytes());
    }
    let hash = hash.finalize();
    hash.iter().take(8).fold(0_u64, |id, byte| (id << 8) | u64::from(*byte)) >> 11
}

/// Polygons in metres, long edges divided; `None` where the projection does not reach.
pub(super) fn in_metres(
    ground: &MultiPolygon<f64>,
    metric: MetricCrs,
) -> Option<MultiPolygon<f64>> {
    changed(ground, WGS84, metric.epsg(), divided)
}

/// Polygons in metres back to degrees.
pub(super) fn in_degrees(
    ground: &MultiPolygon<f64>,
    metric: MetricCrs,
) -> Option<MultiPolygon<f64>> {
    changed(ground, metric.epsg(), WGS84, <[_]>::to_vec)
}

/// On the calling thread only: it is called inside `OnceLock`s, and a worker that waits for its
/// parts there would take up a job that waits for it.
fn changed(
    ground: &MultiPolygon<f64>,
    from: Epsg,
    to: Epsg,
    prepare: fn(&[Coord<f64>]) -> Vec<Coord<f64>>,
) -> Option<MultiPolygon<f64>> {
    let ring = |ring: &LineString<f64>| {
        let mut coords = prepare(&ring.0);
        transform(from, to, &mut coords).ok()?;
        Some(LineString(coords))
    };
    let polygons = ground.iter().map(|polygon| {
        let holes = polygon.interiors().iter().map(ring).collect::<Option<Vec<_>>>()?;
        Some(Polygon::new(ring(polygon.exterior())?, holes))
    });
    polygons.collect::<Option<Vec<_>>>().map(MultiPolygon)
}

/// The same line with vertices added so that no edge is longer than [`LONGEST_EDGE`].
pub(super) fn divided(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut coords = Vec::with_capacity(line.len());
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        coords.push(from);
        let parts = ((to - from).x.hypot((to - from).y) / LONGEST_EDGE).ceil();
        for part in 1..parts as u32 {
            // From the lower end whichever way the line runs, so that neighbours divide a shared
            // edge at the same places.
            let (low, high, share) = if (from.x, from.y) <= (to.x, to.y) {
                (from, to, f64::from(part) / parts)
            } else {
                (to, from, (parts - f64::from(part)) / parts)
            };
            coords.push(low + (high - low) * share);
        }
    }
    coords.extend(line.last());
    coords
}

//! An outline's ground shared out among units.

use std::collections::BTreeMap;

use geo::{Area, BooleanOps, BoundingRect, InteriorPoint};
use geo_types::{Coord, MultiPolygon, Polygon};

use super::{Atlas, Unit, UnitRef, sheet::Sheet, unit::in_metres};
use crate::domain::Level;

/// Ground below this part of the outline is an effect of rounding and no gap or overlap.
const ROUNDING: f64 = 1e-9;

impl Atlas {
    /// How `outline` (WGS 84 degrees) is shared out among the units of a level, by key.
    ///
    /// Measured in the metric CRS. Ground in an overlap or a gap of bad files goes whole, polygon by
    /// polygon, to the unit that has a point inside of it by the rule for points; but a gap goes to
    /// the nearest unit however far, as long as some of the outline lies in a unit. The shares
    /// sum to exactly 1 in the order given; empty where the outline lies outside of all units.
    pub fn shares(&self, level: Level, outline: &MultiPolygon<f64>) -> Vec<(UnitRef, f64)> {
        let sheet = self.sheet(level);
        let (Some(frame), false) = (outline.bounding_rect(), sheet.units.is_empty()) else {
            return Vec::new();
        };
        if let Some(place) = sheet.ground.whole(frame.min(), frame.max()) {
            return vec![(sheet.units[place], 1.0)];
        }
        let settled = || {
            let inside = outline.interior_point().map(|point| point.0);
            let unit = self.settle(level, inside?, None).unit?;
            Some((unit, 1.0))
        };
        let Some(metric) = in_metres(outline, self.rules().crs) else {
            return settled().into_iter().collect();
        };
        let Some(frame) = metric.bounding_rect() else { return Vec::new() };
        if sheet.edges(self.all()).about_ray(frame.min(), frame.max()).next().is_none() {
            return settled().into_iter().collect();
        }
        let places = sheet.ground.meeting(&outline_frame(outline));
        let areas = self.areas(level, sheet, &places, &metric);
        as_shares(areas.into_iter().map(|(place, area)| (sheet.units[place], area)).collect())
    }

    /// The ground of each unit in m², gaps and overlaps settled.
    fn areas(
        &self,
        level: Level,
        sheet: &Sheet,
        places: &[usize],
        outline: &MultiPolygon<f64>,
    ) -> BTreeMap<usize, f64> {
        let least = area(outline) * ROUNDING;
        let mut pieces: Vec<(usize, MultiPolygon<f64>)> = (places.iter())
            .filter_map(|place| {
                let unit: &Unit = &self.all()[sheet.units[*place].index()];
                let piece = outline.intersection(unit.metric()?);
                (area(&piece) > least).then_some((*place, piece))
            })
            .collect();
        for one in 0..pieces.len() {
            for other in one + 1..pieces.len() {
                let both = pieces[one].1.intersection(&pieces[other].1);
                for part in both.0.into_iter().filter(|part| area_of(part) > least) {
                    let winner = self.winner(level, sheet, &part);
                    let loser = if winner == Some(pieces[other].0) { one } else { other };
                    pieces[loser].1 = pieces[loser].1.difference(&part);
                }
            }
        }
        let mut areas: BTreeMap<usize, f64> =
            pieces.iter().map(|(place, piece)| (*place, area(piece))).collect();
        let gaps = pieces.iter().fold(outline.clone(), |gaps, (_, piece)| gaps.difference(piece));
        for gap in gaps.0.iter().filter(|gap| area_of(gap) > least) {
            let Some(inside) = gap.interior_point() else { continue };
            let Some((edge, metres)) = sheet.edges(self.all()).nearest(inside.0) else { continue };
            if !pieces.is_empty() || metres <= self.rules().tolerance {
                *areas.entry(edge.place as usize).or_default() += area_of(gap);
            }
        }
        areas
    }

    /// The place of the unit that has a point inside of `part`, in metres, by the rule for points.
    fn winner(&self, level: Level, sheet: &Sheet, part: &Polygon<f64>) -> Option<usize> {
        let mut inside = [part.interior_point()?.0];
        let metric = inside[0];
        self.rules().degrees(&mut inside)?;
        let unit = self.settle(level, inside[0], Some(metric)).unit?;
        sheet.units.binary_search(&unit).ok()
    }
}

/// Areas as shares that sum to exactly 1: the last takes what the others leave.
fn as_shares(areas: Vec<(UnitRef, f64)>) -> Vec<(UnitRef, f64)> {
    let whole: f64 = areas.iter().map(|(_, area)| area).sum();
    let mut shares: Vec<(UnitRef, f64)> = areas
        .into_iter()
        .map(|(unit, area)| (unit, area / whole))
        .filter(|(_, share)| *share > ROUNDING)
        .collect();
    let others: f64 = shares.iter().rev().skip(1).rev().map(|(_, share)| share).sum();
    if let Some((_, last)) = shares.last_mut() {
        *last = 1.0 - others;
    }
    shares
}

fn outline_frame(outline: &MultiPolygon<f64>) -> [Coord<f64>; 2] {
    outline.bounding_rect().map_or([Coord::zero(); 2], |frame| [frame.min(), frame.max()])
}

#[expect(clippy::disallowed_methods, reason = "in the metric CRS, for proportions")]
pub(super) fn area(ground: &MultiPolygon<f64>) -> f64 {
    ground.unsigned_area()
}

#[expect(clippy::disallowed_methods, reason = "in the metric CRS, for proportions")]
fn area_of(ground: &Polygon<f64>) -> f64 {
    ground.unsigned_area()
}

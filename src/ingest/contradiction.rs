//! Do the shapes of units contradict their names? In one published file the districts Sìn Hồ and
//! Phong Thổ carry each other's shapes; every plot in them would be counted in the wrong district.

use std::collections::{BTreeMap, HashMap};

use geo::{BoundingRect, Contains};
use geo_types::{Point, Rect};

use super::{heading::name_key, request::ChildCentre};
use crate::domain::{Boundary, Level};

/// A unit of the file, with the name of the one above it where the file says that.
pub struct Named<'a> {
    /// The unit.
    pub unit: &'a Boundary,
    /// The name of the unit above.
    pub parent_name: Option<&'a str>,
}

/// Fewer children than this prove nothing.
const ENOUGH: usize = 3;

/// The units most of whose children, by their published centres, lie inside another unit of the
/// file; as one sentence. `None`: no contradiction.
pub fn find(units: &[Named<'_>], centres: &[ChildCentre]) -> Option<String> {
    let boxes: Vec<Option<Rect<f64>>> =
        units.iter().map(|named| named.unit.outline.get().bounding_rect()).collect();
    let contains = |index: usize, point: &Point<f64>| {
        boxes[index].is_some_and(|rect| rect.contains(point))
            && units[index].unit.outline.get().contains(point)
    };
    let children = children_by_name(centres);
    let mut found = Vec::new();
    for (index, named) in units.iter().enumerate() {
        let unit = named.unit;
        let Some(of_name) = children.get(&(unit.key.level, name_key(&unit.name))) else { continue };
        let province =
            named.parent_name.filter(|_| unit.key.level == Level::District).map(name_key);
        let mine: Vec<&&ChildCentre> = of_name
            .iter()
            .filter(|c| province.as_ref().is_none_or(|p| *p == name_key(&c.province)))
            .collect();
        if mine.len() < ENOUGH {
            continue;
        }
        let mut inside = 0;
        let mut elsewhere: BTreeMap<usize, usize> = BTreeMap::new();
        for centre in &mine {
            let point = Point::from(centre.position);
            if contains(index, &point) {
                inside += 1;
            } else if let Some(other) = (0..units.len()).find(|other| {
                *other != index
                    && units[*other].unit.key.level == unit.key.level
                    && contains(*other, &point)
            }) {
                *elsewhere.entry(other).or_default() += 1;
            }
        }
        let strays: usize = elsewhere.values().sum();
        if strays * 2 > mine.len()
            && let Some((other, count)) = elsewhere.iter().max_by_key(|(_, count)| **count)
        {
            let other = units[*other].unit;
            found.push(format!(
                "of the {} communes of {} ({}) whose centres are published, {inside} lie inside \
                 its shape and {count} inside the shape called {} ({})",
                mine.len(),
                unit.name,
                unit.key.code,
                other.name,
                other.key.code
            ));
        }
    }
    (!found.is_empty()).then(|| {
        format!(
            "shapes contradict names: {}. The shapes seem to be exchanged or misnamed; mend the \
             file (nothing is exchanged silently) and import it again",
            found.join("; ")
        )
    })
}

fn children_by_name(centres: &[ChildCentre]) -> HashMap<(Level, String), Vec<&ChildCentre>> {
    let mut children: HashMap<(Level, String), Vec<&ChildCentre>> = HashMap::new();
    for centre in centres {
        let province = (Level::Province, name_key(&centre.province));
        children.entry(province).or_default().push(centre);
        if let Some(district) = &centre.district {
            children.entry((Level::District, name_key(district))).or_default().push(centre);
        }
    }
    children
}

//! Which CRS is this? What is declared wins after a look whether it is plausible; only what declares
//! nothing is judged, and several that fit are refused with the metres between them.

use std::{cell::RefCell, collections::HashMap};

use geo_types::Coord;

use super::{ogr, raw::Declared};
use crate::{
    crs::{CrsError, Epsg, WGS84, transform},
    domain::CountryPack,
};

/// The CRS of a file, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The system.
    pub epsg: Epsg,
    /// Why, in a sentence.
    pub because: String,
}

/// Judges. `sample`: coordinates of the file, all finite, x = east. `given`: what the request says.
/// `hinted`: systems that the headings allow, all where it is empty.
///
/// # Errors
///
/// A sentence: what was tried, what fits, and what would be right.
pub fn judge(
    declared: &Declared,
    given: Option<u32>,
    hinted: &[u32],
    sample: &[Coord<f64>],
    pack: &CountryPack,
) -> Result<Verdict, String> {
    let verdict = |epsg: u32, because: String| Ok(Verdict { epsg: Epsg(epsg), because });
    if let Some(epsg) = given {
        known(epsg, pack).map_err(|error| format!("--crs says {error}"))?;
        contradiction(epsg, "--crs", sample, pack)?;
        let over = match declared {
            Declared::Epsg(other, place) if *other != epsg => {
                format!(", over EPSG:{other} that {place} declares")
            }
            _ => String::new(),
        };
        return verdict(epsg, format!("given with --crs{over}"));
    }
    match declared {
        Declared::Epsg(epsg, place) => {
            known(*epsg, pack).map_err(|error| format!("{place} declares {error}"))?;
            contradiction(*epsg, place, sample, pack)?;
            verdict(*epsg, format!("declared by {place}"))
        }
        Declared::Nameless(name, place) => Err(format!(
            "{place} declares `{name}`, which has no EPSG code: say the right one with --crs, such \
             as {}",
            list(&pack.candidate_crs)
        )),
        Declared::Nothing(why) => undeclared(why, hinted, sample, pack),
    }
}

fn undeclared(
    why: &str,
    hinted: &[u32],
    sample: &[Coord<f64>],
    pack: &CountryPack,
) -> Result<Verdict, String> {
    if sample.is_empty() {
        let because = "no row has coordinates, so it does not matter".to_owned();
        return Ok(Verdict { epsg: WGS84, because });
    }
    let candidates: Vec<u32> = match hinted {
        [] => pack.candidate_crs.clone(),
        _ => hinted.to_vec(),
    };
    let headings = if hinted.is_empty() { "" } else { "; the headings name its datum" };
    let fitting: Vec<u32> =
        candidates.iter().copied().filter(|epsg| most(*epsg, sample, pack, false)).collect();
    match fitting.as_slice() {
        [one] => Ok(Verdict {
            epsg: Epsg(*one),
            because: format!(
                "not declared ({why}){headings}; of {} only EPSG:{one} fits",
                list(&candidates)
            ),
        }),
        [] => {
            let swapped = candidates.iter().copied().find(|epsg| most(*epsg, sample, pack, true));
            Err(match swapped {
                Some(epsg) => format!(
                    "its coordinates are not declared ({why}) and fit none of {}; swapped they \
                     would fit {}: longitude (east) and latitude (north) seem to be exchanged. \
                     Exchange the two columns; nothing is swapped silently",
                    list(&candidates),
                    list(&[epsg])
                ),
                None => format!(
                    "its coordinates are not declared ({why}) and, such as {}, fit none of {}: say \
                     the right system with --crs",
                    shown(sample),
                    list(&candidates)
                ),
            })
        }
        several => Err(format!(
            "its coordinates are not declared ({why}){headings} and fit {}: {}. Say which with \
             --crs, such as --crs {}",
            list(several),
            apart(several, sample, pack),
            several[0]
        )),
    }
}

/// Refuses a system under which no coordinate is plausible while another one fits most of them.
fn contradiction(
    epsg: u32,
    who: &str,
    sample: &[Coord<f64>],
    pack: &CountryPack,
) -> Result<(), String> {
    if sample.is_empty() || share(epsg, sample, pack, false) > 0.0 {
        return Ok(());
    }
    let others: Vec<u32> = pack
        .candidate_crs
        .iter()
        .copied()
        .filter(|other| *other != epsg && most(*other, sample, pack, false))
        .collect();
    // Without another that fits, the rows say one by one where they lie and whether they are
    // swapped.
    if others.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{who} says {}, but no coordinate, such as {}, is plausible in it; {} would fit. Mend the \
         declaration or say the right one with --crs",
        list(&[epsg]),
        shown(sample),
        list(&others)
    ))
}

/// Whether the system is known, and has a way to degrees.
fn known(epsg: u32, pack: &CountryPack) -> Result<(), String> {
    let right = || {
        let codes: Vec<String> = pack.candidate_crs.iter().map(u32::to_string).collect();
        match codes.as_slice() {
            [] => "say one that is known, such as 4326".to_owned(),
            _ => format!("those of {} are {}", pack.title, codes.join(", ")),
        }
    };
    if !ogr::knows_epsg(epsg) {
        return Err(format!("EPSG:{epsg}, which is unknown; {}", right()));
    }
    // A coordinate without a counterpart is no fault of the system.
    match transform(Epsg(epsg), WGS84, &mut [Coord { x: 0.0, y: 0.0 }]) {
        Err(CrsError::NoWay { .. }) => {
            Err(format!("EPSG:{epsg}, which is no system of places on a map; {}", right()))
        }
        _ => Ok(()),
    }
}

fn most(epsg: u32, sample: &[Coord<f64>], pack: &CountryPack, swapped: bool) -> bool {
    share(epsg, sample, pack, swapped) > 0.5
}

/// The share of the sample that is plausible under `epsg`.
fn share(epsg: u32, sample: &[Coord<f64>], pack: &CountryPack, swapped: bool) -> f64 {
    let fits = sample
        .iter()
        .filter(|coord| {
            let coord = if swapped { Coord { x: coord.y, y: coord.x } } else { **coord };
            in_degrees(Epsg(epsg), coord).is_some_and(|place| is_plausible(place, pack))
        })
        .count();
    fits as f64 / sample.len() as f64
}

/// A coordinate of `epsg` in WGS 84 degrees; `None` where it has no place, is in metres where the
/// system has degrees, or in degrees where it has metres.
pub fn in_degrees(epsg: Epsg, coord: Coord<f64>) -> Option<Coord<f64>> {
    if !has_unit_of(epsg, coord) {
        return None;
    }
    let mut coords = [coord];
    transform(epsg, WGS84, &mut coords).ok()?;
    let place = coords[0];
    (place.x.abs() <= 180.0 && place.y.abs() <= 90.0).then_some(place)
}

/// Whether a coordinate can be degrees where the system has degrees, and metres where it has
/// metres. Asked before PROJ is, which complains to the terminal about latitudes of two million.
pub fn has_unit_of(epsg: Epsg, coord: Coord<f64>) -> bool {
    let small = coord.x.abs() <= 180.0 && coord.y.abs() <= 180.0;
    if is_geographic(epsg) { small && coord.y.abs() <= 90.0 } else { !small }
}

thread_local! {
    static GEOGRAPHIC: RefCell<HashMap<Epsg, bool>> = RefCell::new(HashMap::new());
}

/// Whether the system has degrees: a place of its own numbers stays where it is but for a datum.
fn is_geographic(epsg: Epsg) -> bool {
    GEOGRAPHIC.with_borrow_mut(|known| {
        *known.entry(epsg).or_insert_with(|| {
            let asked = Coord { x: 10.0, y: 10.0 };
            let mut coords = [asked];
            let moved = transform(epsg, WGS84, &mut coords);
            moved.is_ok()
                && (coords[0].x - asked.x).abs() < 0.1
                && (coords[0].y - asked.y).abs() < 0.1
        })
    })
}

/// Whether a place in degrees may belong to the deployment.
pub fn is_plausible(place: Coord<f64>, pack: &CountryPack) -> bool {
    let [west, south, east, north] = pack.plausible_extent.unwrap_or([-180.0, -90.0, 180.0, 90.0]);
    (west..=east).contains(&place.x) && (south..=north).contains(&place.y)
}

/// How far the same numbers lie apart when read in each of the systems.
fn apart(systems: &[u32], sample: &[Coord<f64>], pack: &CountryPack) -> String {
    let first = sample
        .iter()
        .find(|coord| {
            systems.iter().all(|epsg| {
                in_degrees(Epsg(*epsg), **coord).is_some_and(|place| is_plausible(place, pack))
            })
        })
        .unwrap_or(&sample[0]);
    let mut said = Vec::new();
    for (index, a) in systems.iter().enumerate() {
        for b in &systems[index + 1..] {
            let (Some(one), Some(two)) =
                (in_degrees(Epsg(*a), *first), in_degrees(Epsg(*b), *first))
            else {
                continue;
            };
            let metres = super::ground::metres_between(one, two);
            said.push(format!("EPSG:{a} and EPSG:{b} are {} apart", distance(metres)));
        }
    }
    said.join(", ")
}

fn distance(metres: f64) -> String {
    if metres < 10_000.0 { format!("{metres:.0} m") } else { format!("{:.0} km", metres / 1000.0) }
}

fn shown(sample: &[Coord<f64>]) -> String {
    format!("({}, {})", sample[0].x, sample[0].y)
}

/// Codes with the names that people know them by.
pub fn list(systems: &[u32]) -> String {
    let name = |epsg: &u32| match epsg {
        4326 => "EPSG:4326 (WGS 84)".to_owned(),
        4756 => "EPSG:4756 (VN-2000 degrees)".to_owned(),
        9205 => "EPSG:9205 (VN-2000 TM-3 103°)".to_owned(),
        3405 => "EPSG:3405 (VN-2000 UTM 48N)".to_owned(),
        32648 => "EPSG:32648 (WGS 84 UTM 48N)".to_owned(),
        other => format!("EPSG:{other}"),
    };
    systems.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: fn() -> Declared = || Declared::Nothing("CSV declares none".into());

    fn at(x: f64, y: f64) -> Vec<Coord<f64>> {
        vec![Coord { x, y }; 3]
    }

    #[test]
    fn degrees_that_declare_nothing_are_refused_with_222_metres() {
        let pack = CountryPack::lai_chau();
        let error = judge(&NOTHING(), None, &[], &at(102.7, 22.4), &pack).unwrap_err();
        assert!(error.contains("4326") && error.contains("4756"), "{error}");
        assert!(error.contains("222 m"), "{error}");
        let verdict = judge(&NOTHING(), Some(4326), &[], &at(102.7, 22.4), &pack).unwrap();
        assert_eq!(verdict.epsg, WGS84);
    }

    #[test]
    fn a_heading_that_names_the_datum_settles_it() {
        let pack = CountryPack::lai_chau();
        let verdict = judge(&NOTHING(), None, &[4326], &at(102.7, 22.4), &pack).unwrap();
        assert_eq!(verdict.epsg, WGS84);
    }

    #[test]
    fn swapped_numbers_are_said_to_be_swapped() {
        let pack = CountryPack::lai_chau();
        let error = judge(&NOTHING(), None, &[], &at(22.4, 102.7), &pack).unwrap_err();
        assert!(error.contains("exchanged"), "{error}");
    }

    #[test]
    fn a_declared_system_wins_unless_another_one_fits() {
        let pack = CountryPack::lai_chau();
        let declared = Declared::Epsg(4326, "RFC 7946".into());
        assert!(judge(&declared, None, &[], &at(102.7, 22.4), &pack).is_ok());
        let error = judge(&declared, None, &[], &at(263_000.0, 2_478_000.0), &pack).unwrap_err();
        assert!(error.contains("3405") && error.contains("RFC 7946"), "{error}");
    }

    #[test]
    fn unknown_systems_are_named() {
        let pack = CountryPack::lai_chau();
        let error = judge(&NOTHING(), Some(999_999), &[], &at(102.7, 22.4), &pack).unwrap_err();
        assert!(error.contains("EPSG:999999, which is unknown"), "{error}");
        assert!(error.contains("4326, 4756, 9205, 3405, 32648"), "{error}");
        let nameless = Declared::Nameless("VN_2000_Local".into(), "its .prj file".into());
        let error = judge(&nameless, None, &[], &at(102.7, 22.4), &pack).unwrap_err();
        assert!(error.contains("VN_2000_Local") && error.contains("--crs"), "{error}");
    }
}

//! Which column is which field: said with flags or a saved file, guessed from the headings where
//! nothing is said.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    fields::{FieldSpec, fields_of},
    fit::{Datum, Fit, fit, fit_of_given},
    heading,
    numbers::Notation,
    personal::is_personal,
    raw::Column,
};
use crate::domain::{DatasetKind, Level};

/// Which column is which field. Saved as TOML:
///
/// ```toml
/// kind = "plots"
/// crs = 4326
/// [fields]
/// date = "Ngày phát hiện"
/// area = "Diện tích (m2)"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The kind that the mapping is for; a check, where it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DatasetKind>,
    /// The EPSG code of the sender's coordinates; as with `--crs`, which wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crs: Option<u32>,
    /// Field → heading of the column.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// A mapping that does not fit.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum MappingError {
    /// A flag that is not `field=column`.
    #[error("`{0}` is no mapping: write field=column, such as date=\"Ngày phát hiện\"")]
    NoPair(String),
    /// A file that is no mapping.
    #[error("the mapping file cannot be read: {0}")]
    File(String),
    /// A mapping for another kind.
    #[error("the mapping is for {is}, the import is of {wanted}")]
    OtherKind {
        /// What it is for.
        is: DatasetKind,
        /// What is imported.
        wanted: DatasetKind,
    },
    /// A field that the kind does not have.
    #[error("{kind} have no field `{field}`; they have: {allowed}")]
    NoField {
        /// What is imported.
        kind: DatasetKind,
        /// What was asked for.
        field: String,
        /// What would be right.
        allowed: String,
    },
    /// A column that the file does not have.
    #[error("there is no column `{column}` for the field `{field}`; there are: {columns}")]
    NoColumn {
        /// The field.
        field: String,
        /// What was asked for.
        column: String,
        /// What would be right.
        columns: String,
    },
    /// A column that carries a person.
    #[error(
        "the column `{column}` carries personal data and can be mapped to no field (`{field}` was \
         asked for): this program keeps plots and places, never people"
    )]
    Personal {
        /// The field.
        field: String,
        /// The column.
        column: String,
    },
    /// A heading with a unit of area that is not read.
    #[error(
        "the column `{column}` for the field `{field}` is in a unit that is not read: give m², ha \
         or km²"
    )]
    Unit {
        /// The field.
        field: String,
        /// The column.
        column: String,
    },
}

impl Mapping {
    /// Reads a saved mapping (TOML).
    ///
    /// # Errors
    ///
    /// [`MappingError::File`] with the line.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        toml::from_str(text).map_err(|error| MappingError::File(error.to_string()))
    }

    /// As it is saved.
    ///
    /// # Errors
    ///
    /// [`MappingError::File`] where a text cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, MappingError> {
        toml::to_string_pretty(self).map_err(|error| MappingError::File(error.to_string()))
    }

    /// Takes one flag, `field=column`; it wins over what was there.
    ///
    /// # Errors
    ///
    /// [`MappingError::NoPair`].
    pub fn add(&mut self, flag: &str) -> Result<(), MappingError> {
        let wrong = || MappingError::NoPair(flag.to_owned());
        let (field, column) = flag.split_once('=').ok_or_else(wrong)?;
        let (field, column) = (field.trim(), column.trim());
        if field.is_empty() || column.is_empty() {
            return Err(wrong());
        }
        self.fields.insert(field.to_owned(), column.to_owned());
        Ok(())
    }
}

/// One field and the column that it is read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The field.
    pub spec: &'static FieldSpec,
    /// The column's index in the file.
    pub column: usize,
    /// Its heading.
    pub heading: String,
    /// Whether it was said and not guessed.
    pub given: bool,
    /// Whether the format holds numbers in it.
    pub numeric: bool,
    /// What its numbers are multiplied by to give m².
    pub factor: f64,
    /// The unit that the heading says.
    pub unit: Option<&'static str>,
    /// How its numbers are written; decided when the file has been read.
    pub notation: Notation,
}

/// The mapping of one file.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    /// The fields that have a column, in the order of the manual.
    pub slots: Vec<Slot>,
    by_name: HashMap<&'static str, usize>,
    /// Systems that the headings of the coordinates allow; empty: they say nothing.
    pub hinted: Vec<u32>,
    /// Columns that carry a person, by index.
    pub personal: Vec<usize>,
    /// Columns that are not used, by index.
    pub dropped: Vec<usize>,
}

impl Mapped {
    /// The place of a field among the wanted cells.
    pub fn place(&self, field: &str) -> Option<usize> {
        self.by_name.get(field).copied()
    }

    /// The column of a field.
    pub fn slot(&self, field: &str) -> Option<&Slot> {
        self.place(field).map(|place| &self.slots[place])
    }

    /// Takes a guess back: the column turned out to be something else. Its cells stay where they
    /// are, nobody finds them any more.
    pub fn withdraw(&mut self, field: &str) {
        if let Some(place) = self.by_name.remove(field) {
            self.dropped.push(self.slots[place].column);
        }
    }

    /// The fields that are used.
    pub fn used(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| self.by_name.contains_key(slot.spec.name))
    }

    fn put(&mut self, slot: Slot) {
        self.by_name.insert(slot.spec.name, self.slots.len());
        self.slots.push(slot);
    }
}

/// Finds the column of every field. `has_shapes`: the format holds geometries, so that columns of
/// coordinates are not needed. `level`: of a boundary file, where the request says it.
///
/// # Errors
///
/// [`MappingError`] for what was said and does not fit; guesses never fail.
pub fn resolve(
    mapping: &Mapping,
    kind: DatasetKind,
    columns: &[Column],
    has_shapes: bool,
    level: Option<Level>,
) -> Result<Mapped, MappingError> {
    if let Some(is) = mapping.kind.filter(|is| *is != kind) {
        return Err(MappingError::OtherKind { is, wanted: kind });
    }
    let specs = fields_of(kind);
    let keys: Vec<String> = columns.iter().map(|column| heading::key(&column.name)).collect();
    let listed = |key: &str| {
        specs.iter().any(|spec| spec.headings.iter().any(|other| heading::key(other) == key))
    };
    let personal: Vec<usize> = (0..columns.len())
        .filter(|index| is_personal(&columns[*index].name, kind) && !listed(&keys[*index]))
        .collect();
    let mut given: HashMap<&'static str, (usize, Fit)> = HashMap::new();
    for (name, column) in &mapping.fields {
        let spec = specs.iter().find(|spec| spec.name == name).ok_or_else(|| {
            let allowed = specs.iter().map(|spec| spec.name).collect::<Vec<_>>().join(", ");
            MappingError::NoField { kind, field: name.clone(), allowed }
        })?;
        let index = find_column(column, columns, &keys).ok_or_else(|| MappingError::NoColumn {
            field: name.clone(),
            column: column.clone(),
            columns: columns.iter().map(|c| format!("`{}`", c.name)).collect::<Vec<_>>().join(", "),
        })?;
        if personal.contains(&index) {
            let column = columns[index].name.clone();
            return Err(MappingError::Personal { field: name.clone(), column });
        }
        let fit = fit_of_given(&keys[index], spec.what).ok_or_else(|| MappingError::Unit {
            field: name.clone(),
            column: columns[index].name.clone(),
        })?;
        given.insert(spec.name, (index, fit));
    }
    let mut taken: Vec<bool> = vec![false; columns.len()];
    for index in given.values().map(|(index, _)| index).chain(&personal) {
        taken[*index] = true;
    }

    let place_given = given
        .keys()
        .any(|name| specs.iter().any(|spec| spec.name == *name && spec.what.is_place()));
    let mut mapped = Mapped::default();
    let mut hinted = Vec::new();
    for spec in specs {
        let found = given.get(spec.name).copied();
        let found_given = found.is_some();
        let guessable = !(spec.what.is_place() && (has_shapes || place_given));
        let found = found.or_else(|| {
            if !guessable {
                return None;
            }
            let found = guess(spec, columns, &keys, &taken, level)?;
            taken[found.0] = true;
            Some(found)
        });
        let Some((index, fit)) = found else { continue };
        hinted.extend(fit.datum);
        mapped.put(Slot {
            spec,
            column: index,
            heading: columns[index].name.clone(),
            given: found_given,
            numeric: columns[index].numeric,
            factor: fit.factor,
            unit: fit.unit,
            notation: Notation::default(),
        });
    }
    mapped.hinted = match hinted.as_slice() {
        [] => Vec::new(),
        all if all.iter().all(|datum| *datum == Datum::Wgs84) => vec![4326, 32648],
        all if all.iter().all(|datum| *datum == Datum::Vn2000) => vec![4756, 9205, 3405],
        _ => Vec::new(),
    };
    mapped.dropped = (0..columns.len()).filter(|index| !taken[*index]).collect();
    mapped.personal = personal;
    // Degrees are said by their headings; metres beside them are the same place again.
    if mapped.place("lon").is_some() && mapped.place("lat").is_some() {
        mapped.withdraw("x");
        mapped.withdraw("y");
    }
    Ok(mapped)
}

fn find_column(wanted: &str, columns: &[Column], keys: &[String]) -> Option<usize> {
    if let Some(index) = columns.iter().position(|column| column.name == wanted) {
        return Some(index);
    }
    let key = heading::key(wanted);
    let mut same = keys.iter().enumerate().filter(|(_, other)| **other == key);
    let (index, _) = same.next()?;
    same.next().is_none().then_some(index)
}

fn guess(
    spec: &FieldSpec,
    columns: &[Column],
    keys: &[String],
    taken: &[bool],
    level: Option<Level>,
) -> Option<(usize, Fit)> {
    let of_level = spec
        .of_level
        .iter()
        .find(|(other, _)| Some(*other) == level)
        .map_or(&[] as &[&str], |(_, headings)| *headings);
    for wanted in of_level.iter().chain(spec.headings) {
        let wanted = heading::key(wanted);
        for (index, key) in keys.iter().enumerate() {
            if taken[index] {
                continue;
            }
            let whole = fit(key, &wanted, spec.what);
            // A heading that the format cut short is the beginning of the right one.
            let cut = columns[index].cut && key.len() >= 8 && wanted.starts_with(key.as_str());
            let found = whole.or_else(|| cut.then_some(Fit::PLAIN));
            if let Some(fit) = found {
                return Some((index, fit));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<Column> {
        names.iter().map(|name| Column::text(*name)).collect()
    }

    fn guessed(names: &[&str], kind: DatasetKind) -> Vec<(&'static str, String)> {
        let mapped =
            resolve(&Mapping::default(), kind, &columns(names), false, Some(Level::Commune))
                .unwrap();
        mapped.used().map(|slot| (slot.spec.name, slot.heading.clone())).collect()
    }

    #[test]
    fn vietnamese_headings_are_guessed_with_and_without_marks() {
        for names in [
            [
                "Mã",
                "Ngày phát hiện",
                "Kinh độ",
                "Vĩ độ",
                "Diện tích (m2)",
                "Niên vụ",
                "Ngày phá nhổ",
            ],
            ["MA", "ngay_phat_hien", "kinh_do", "vi_do", "dien_tich_m2", "nien_vu", "NgayPhaNho"],
        ] {
            let fields: Vec<&str> =
                guessed(&names, DatasetKind::Plots).iter().map(|(field, _)| *field).collect();
            assert_eq!(fields, ["id", "date", "lon", "lat", "season", "area", "destroyed_on"]);
        }
    }

    #[test]
    fn the_unit_of_an_area_is_read_off_its_heading() {
        for (heading, factor) in [
            ("Diện tích (m2)", 1.0),
            ("Area_ha", 1e4),
            ("DT (ha)", 1e4),
            ("area_km2", 1e6),
            ("area", 1.0),
        ] {
            let mapped =
                resolve(&Mapping::default(), DatasetKind::Plots, &columns(&[heading]), false, None)
                    .unwrap();
            assert_eq!(mapped.slot("area").unwrap().factor, factor, "{heading}");
        }
        // Nobody knows here how large the sender's sào is.
        assert!(guessed(&["Diện tích (sào)"], DatasetKind::Plots).is_empty());
        let mut mapping = Mapping::default();
        mapping.add("area=Diện tích (sào)").unwrap();
        let columns = columns(&["Diện tích (sào)"]);
        let error = resolve(&mapping, DatasetKind::Plots, &columns, false, None).unwrap_err();
        assert!(matches!(error, MappingError::Unit { .. }));
    }

    #[test]
    fn what_was_said_wins_and_what_does_not_fit_is_named() {
        let columns = columns(&["Ngày", "Ngày báo", "Chủ nương", "Số hộ ký cam kết"]);
        let resolve = |flag: &str| {
            let mut mapping = Mapping::default();
            mapping.add(flag).unwrap();
            resolve(&mapping, DatasetKind::Plots, &columns, false, None)
        };
        let mapped = resolve("date=ngay bao").unwrap();
        assert_eq!(mapped.slot("date").unwrap().heading, "Ngày báo");
        assert_eq!(mapped.personal, [2, 3]);
        assert_eq!(mapped.dropped, [0]);
        assert!(matches!(resolve("day=Ngày"), Err(MappingError::NoField { .. })));
        assert!(matches!(resolve("date=Day"), Err(MappingError::NoColumn { .. })));
        assert!(matches!(resolve("site=Chủ nương"), Err(MappingError::Personal { .. })));
        assert!(Mapping::default().add("date").is_err());
        let pledges = guessed(&["Số hộ ký cam kết"], DatasetKind::Outreach);
        assert_eq!(pledges[0].0, "pledges");
    }

    #[test]
    fn a_mapping_is_saved_and_read_again() {
        let mut mapping =
            Mapping { kind: Some(DatasetKind::Plots), crs: Some(4326), ..Mapping::default() };
        mapping.add("date=Ngày phát hiện").unwrap();
        let text = mapping.to_toml().unwrap();
        assert_eq!(Mapping::from_toml(&text).unwrap(), mapping);
        assert!(Mapping::from_toml("colour = 1").is_err());
        let other = resolve(&mapping, DatasetKind::Tracks, &[], false, None).unwrap_err();
        assert!(other.to_string().contains("is for plots"), "{other}");
    }

    #[test]
    fn headings_of_boundaries_depend_on_the_level() {
        let names =
            ["commune_id", "commune", "commune_vn", "district_id", "district_vn", "province_vn"];
        assert_eq!(
            guessed(&names, DatasetKind::Boundaries),
            [
                ("code", "commune_id".to_owned()),
                ("name", "commune_vn".to_owned()),
                ("parent", "district_id".to_owned()),
                ("parent_name", "district_vn".to_owned()),
            ]
        );
    }

    #[test]
    fn headings_that_were_cut_short_are_guessed() {
        let columns = vec![Column { name: "ngay_phat_".into(), numeric: false, cut: true }];
        let mapped =
            resolve(&Mapping::default(), DatasetKind::Plots, &columns, true, None).unwrap();
        assert!(mapped.place("date").is_some());
    }
}

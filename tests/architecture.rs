//! The plan guards itself: data flows to the right, imports point to the left.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rooms in the order of the flow. A room may reach any room before it.
const FLOW: [&str; 10] =
    ["domain", "crs", "ingest", "store", "snapshot", "analysis", "layers", "encode", "demo", "app"];

/// The two doors of the house: both only call what is left of them, never each other.
const DOORS: [&str; 2] = ["http", "cli"];

/// A foreign crate and the files in which it may be named.
const HOMES: [(&str, &[&str]); 7] = [
    ("h3o", &["src/analysis/geometry/h3.rs"]),
    ("rstar", &["src/snapshot/", "src/ingest/"]),
    ("axum", &["src/http/"]),
    ("proj", &["src/crs.rs"]),
    ("rusqlite", &["src/store/"]),
    ("gdal", &["src/ingest/", "src/encode/"]),
    ("clap", &["src/cli/", "src/config.rs", "src/main.rs"]),
];

fn rust_files(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let mut files: Vec<_> =
        entries.flat_map(|entry| rust_files(&entry.expect("a readable folder").path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    files
}

/// The files of a room: its folder, or the file of its name.
fn room(name: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = rust_files(&src.join(name));
    files.extend(rust_files(&src.join(format!("{name}.rs"))));
    files
}

fn reaches(text: &str, name: &str) -> bool {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        [format!("crate::{name}::"), format!("crate::{name};"), format!("poppywatch::{name}")]
            .iter()
            .any(|reach| line.contains(reach.as_str()))
    }) || text.split("use crate::{").skip(1).any(|group| {
        // `use crate::{domain::X, http::Y}` over several lines: the names at the first depth.
        let mut depth = 0;
        let mut word = String::new();
        for character in group.chars() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' | ':' | '\n' | ' ' if depth == 0 => {
                    if word == name {
                        return true;
                    }
                    word.clear();
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                word.push(character);
            }
        }
        word == name
    })
}

#[test]
fn the_rooms_are_there() {
    for name in FLOW.iter().chain(&DOORS) {
        assert!(!room(name).is_empty(), "the room `{name}` is empty: did it get another name?");
    }
}

#[test]
fn imports_point_to_the_left() {
    let mut wrong = Vec::new();
    for (place, name) in FLOW.iter().enumerate() {
        for file in room(name) {
            let text = fs::read_to_string(&file).expect("a source file");
            for right in FLOW[place + 1..].iter().chain(&DOORS) {
                if reaches(&text, right) {
                    wrong.push(format!("{} reaches {right}", file.display()));
                }
            }
        }
    }
    for (door, other) in [(DOORS[0], DOORS[1])] {
        for file in room(door) {
            if reaches(&fs::read_to_string(&file).expect("a source file"), other) {
                wrong.push(format!("{} reaches {other}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_foreign_crate_has_one_home() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&src) {
        let shown =
            file.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("inside").display().to_string();
        let text = fs::read_to_string(&file).expect("a source file");
        for (krate, homes) in HOMES {
            let named = text.lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//")
                    && (line.starts_with(&format!("use {krate}::"))
                        || line.contains(&format!(" {krate}::"))
                        || line.contains(&format!("({krate}::")))
            });
            if named && !homes.iter().any(|home| shown.starts_with(home)) {
                wrong.push(format!("{shown} names {krate}, whose home is {}", homes.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_no_field_for_a_person() {
    // Words that would name a person, a household or an ethnic group as a field of ours. The room
    // that refuses such columns has to know the words; nobody else does.
    let words =
        ["owner", "person", "person_name", "household", "ethnicity", "ethnic_group", "grower"];
    let forbidden = words.map(|word| format!("pub {word}:"));
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&src) {
        let text = fs::read_to_string(&file).expect("a source file");
        for word in &forbidden {
            assert!(!text.contains(word), "{} has a field `{word}`", file.display());
        }
    }
}

//! The page for planners in both languages: the same sections, pictures and commands; every method
//! and every choice of the layers is in it; every command runs as it is typed.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use poppywatch::{
    app::analyse::METHODS,
    layers::{CATALOGUE, Parameter},
};

const PAGES: [&str; 2] = ["docs/statistics.md", "docs/statistics.vi.md"];

/// The layers that the page is about.
const LAYERS: [&str; 5] = ["hotspots", "hotspot-areas", "density", "recultivation", "displacement"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> [String; 2] {
    PAGES.map(|page| fs::read_to_string(root().join(page)).unwrap())
}

/// What stands between backticks in `text`.
fn codes(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The level of each heading and the code in it, in order.
fn sections(page: &str) -> Vec<(usize, Vec<&str>)> {
    page.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| (line.bytes().take_while(|byte| *byte == b'#').count(), codes(line)))
        .collect()
}

fn pictures(page: &str) -> Vec<&str> {
    page.split("](statistics/").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// The indented lines that call the program.
fn commands(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with("poppywatch "))
        .collect()
}

/// The lines of the README that ask a method of the example files.
fn of_readme(readme: &str) -> impl Iterator<Item = &str> {
    let asks = |line: &&str| line.starts_with("poppywatch analyse ") && line.contains(" data/");
    readme.lines().filter(asks)
}

#[test]
fn both_pages_have_the_same_sections_pictures_and_commands() {
    let pages = pages();
    let [en, vi] = [&pages[0], &pages[1]];
    assert_eq!(sections(en), sections(vi));
    assert_eq!(pictures(en), pictures(vi));
    assert_eq!(commands(en), commands(vi));
    let drawn: BTreeSet<String> = fs::read_dir(root().join("docs/statistics"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let shown: BTreeSet<String> = pictures(en).into_iter().map(str::to_owned).collect();
    assert_eq!(drawn, shown, "each picture is on the page");
    assert!(en.contains("](statistics.vi.md)") && vi.contains("](statistics.md)"));
}

/// Where a link within the page leads, as GitHub makes it of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || [' ', '-'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn links_within_a_page_lead_somewhere() {
    for (page, name) in pages().iter().zip(PAGES) {
        let headings = page.lines().filter(|line| line.starts_with('#'));
        let anchors: BTreeSet<String> = headings.map(anchor).collect();
        for link in page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(anchors.contains(link), "{name}: no heading for #{link}");
        }
    }
}

#[test]
fn every_method_and_every_choice_is_told() {
    for (page, name) in pages().iter().zip(PAGES) {
        let told: BTreeSet<&str> = codes(page).into_iter().collect();
        for method in METHODS {
            assert!(told.contains(method.name), "{name} does not name the method {}", method.name);
            let call = format!("    poppywatch analyse {} ", method.name);
            assert!(page.contains(&call), "{name} has no command of {}", method.name);
        }
        for layer in CATALOGUE.iter().filter(|layer| LAYERS.contains(&layer.id())) {
            assert!(told.contains(layer.id()), "{name} does not name the layer {}", layer.id());
            for parameter in layer.parameters() {
                let word = parameter.word();
                let said = told.iter().any(|code| {
                    *code == word || code.strip_prefix(word).is_some_and(|it| it.starts_with('='))
                });
                assert!(said, "{name} does not tell {word} of {}", layer.id());
                let (Parameter::Method(words)
                | Parameter::Value(words)
                | Parameter::Null(words)
                | Parameter::Adjust(words)
                | Parameter::Tail(words)
                | Parameter::Kernel(words)
                | Parameter::Bandwidth(words)) = parameter
                else {
                    continue;
                };
                for choice in *words {
                    let asked = format!("{word}={choice}");
                    let told = told.contains(choice) || told.contains(&*asked);
                    assert!(told, "{name} does not tell {asked} of {}", layer.id());
                }
            }
        }
    }
}

#[test]
fn every_command_runs_as_it_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    // A clean checkout, as far as commands see it.
    std::os::unix::fs::symlink(root().join("data"), folder.path().join("data")).unwrap();
    let [en, _] = pages();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(of_readme(&readme).count() > 0);
    for line in commands(&en).into_iter().chain(of_readme(&readme)) {
        let mut words = line.split_whitespace();
        assert_eq!(words.next(), Some("poppywatch"));
        let ran = Command::new(env!("CARGO_BIN_EXE_poppywatch"))
            .args(words)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let trouble = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line}\n{trouble}");
    }
}

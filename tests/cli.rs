//! The program as it is called: what it says, how it ends, and what it leaves alone.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const GOOD: &str = "Mã,Ngày phát hiện,Kinh độ,Vĩ độ,Diện tích (m2),Họ tên\n\
                    a1,2025-01-20,102.70,22.40,150,X\n\
                    a2,21/01/2025,102.71,22.41,\"1.070\",Y\n";

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a writable folder");
        path
    }

    /// Runs the program on the store of this desk.
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_poppywatch"))
            .args(arguments)
            .arg("--store")
            .arg(self.path("season.gpkg"))
            .current_dir(self.folder.path())
            .output()
            .expect("the program runs")
    }

    fn import(&self, name: &str, content: &[u8], more: &[&str]) -> Output {
        self.file(name, content);
        self.run(&[&["import", name, "--kind", "plots", "--crs", "4326"][..], more].concat())
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[track_caller]
fn ends(output: &Output, code: i32, words: &[&str]) {
    let text = said(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    for word in words {
        assert!(text.contains(word), "`{word}` is not in: {text}");
    }
    assert!(!text.contains("panicked"), "{text}");
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a readable file")
}

#[test]
fn an_import_says_what_it_did_and_a_second_one_changes_nothing() {
    let desk = Desk::new();
    let first = desk.import("plots.csv", GOOD.as_bytes(), &[]);
    ends(&first, 0, &["Ngày phát hiện", "Họ tên", "new facts"]);
    assert!(!said(&first).contains(",X"), "what a personal column said is not repeated");
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 0, &["0 new facts, 0 superseded"]);
    let changed = GOOD.replace(",150,", ",160,");
    ends(&desk.import("plots.csv", changed.as_bytes(), &[]), 0, &["2 superseded, 3 unchanged"]);
    ends(&desk.run(&["verify"]), 0, &["the chain is whole"]);
}

#[test]
fn a_dry_run_stores_nothing() {
    let desk = Desk::new();
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &["--dry-run"]), 0, &["nothing was stored"]);
    assert!(!desk.path("season.gpkg").exists(), "not even an empty store");
    ends(&desk.run(&["import", "nothere.csv", "--kind", "plots"]), 2, &["nothere.csv"]);
    assert!(!desk.path("season.gpkg").exists(), "a mistyped name leaves no store");
}

#[test]
fn no_flag_writes_over_the_store_or_the_input() {
    let desk = Desk::new();
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 0, &[]);
    let store = "season.gpkg";
    let over = ["export", "plots", "--out", store, "--overwrite"];
    ends(&desk.run(&over), 2, &["the store itself"]);
    for flag in ["--report", "--save-mapping"] {
        for (out, said) in [(store, "the store itself"), ("./plots.csv", "the file that is read")] {
            ends(&desk.import("plots.csv", GOOD.as_bytes(), &[flag, out]), 2, &[said]);
        }
    }
    std::os::unix::fs::symlink(desk.path(store), desk.path("link.gpkg")).expect("a link");
    let linked = ["export", "plots", "--out", "link.gpkg", "--overwrite"];
    ends(&desk.run(&linked), 2, &["the store itself"]);
    ends(&desk.run(&["verify"]), 0, &["the chain is whole"]);
    assert_eq!(bytes(&desk.path("plots.csv")), GOOD.as_bytes());
}

#[test]
fn rejected_rows_say_row_field_wrong_and_right() {
    let desk = Desk::new();
    let text = format!("{GOOD}a3,2025-02-30,102.7,22.4,10,\na4,2025-01-02,22.4,102.7,10,\n");
    let output = desk.import("plots.csv", text.as_bytes(), &[]);
    ends(&output, 0, &["2025-02-30", "a4"]);
    ends(&desk.import("strict.csv", text.as_bytes(), &["--strict"]), 2, &["nothing was stored"]);
    let none = "id,date,lon,lat\nb1,yesterday,102.7,22.4\n";
    ends(&desk.import("none.csv", none.as_bytes(), &[]), 2, &["yesterday", "nothing was stored"]);
}

#[test]
fn wrong_files_end_with_2_and_leave_the_store_alone() {
    let desk = Desk::new();
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 0, &[]);
    ends(&desk.run(&["verify", "--json"]), 0, &["\"hash\""]);
    let head = said(&desk.run(&["verify", "--json"]));
    let broken: [(&str, &[u8]); 6] = [
        ("empty.csv", b""),
        ("headings.csv", b"id,date,lon,lat\n"),
        ("broken.csv", b"id,date,lon,lat\nc1,2025-01-02,102.7,22.\xff\n"),
        ("fake.gpkg", b"this is no GeoPackage"),
        ("bomb.zip", b"PK\x03\x04"),
        ("broken.geojson", b"{\"type\": \"FeatureCollection\", \"features\": ["),
    ];
    for (name, content) in broken {
        ends(&desk.import(name, content, &[]), 2, &[name]);
    }
    for path in ["/vsicurl/http://127.0.0.1:1/x.gpkg", "missing.csv", "."] {
        ends(&desk.run(&["import", path, "--kind", "plots"]), 2, &[]);
    }
    for flags in [["--season", "2025"], ["--crs", "1"], ["--season", "2025-2027"]] {
        let output = desk.run(&["import", "plots.csv", "--kind", "plots", flags[0], flags[1]]);
        ends(&output, 2, &[]);
    }
    assert_eq!(said(&desk.run(&["verify", "--json"])), head, "the log is as it was");
}

#[test]
fn somebody_elses_file_is_no_store_and_stays_as_it_is() {
    let desk = Desk::new();
    let theirs = desk.file("season.gpkg", b"notes of mine");
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 2, &["season.gpkg"]);
    assert_eq!(bytes(&theirs), b"notes of mine");
}

#[test]
fn exports_are_whole_files_and_replace_nothing_unasked() {
    let desk = Desk::new();
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 0, &[]);
    for name in ["plots.geojson", "plots.csv.csv", "plots.gpkg"] {
        ends(&desk.run(&["export", "plots", "--out", name]), 0, &["2 features"]);
        let before = bytes(&desk.path(name));
        ends(&desk.run(&["export", "plots", "--out", name]), 2, &["--overwrite"]);
        assert_eq!(bytes(&desk.path(name)), before);
    }
    ends(&desk.run(&["export", "poppies", "--out", "x.csv"]), 2, &["hotspots"]);
    ends(&desk.run(&["export", "plots", "--out", "x.docx"]), 2, &[".geojson"]);
    ends(
        &desk.run(&["export", "plots", "--out", "x.csv", "--datetime", "2025-02-1"]),
        2,
        &["--datetime"],
    );
    let upside_down = desk.run(&["export", "plots", "--out", "x.csv", "--bbox", "104,23,102,21"]);
    ends(&upside_down, 2, &["--bbox", "upside down"]);
    let left: Vec<_> = fs::read_dir(desk.folder.path())
        .expect("a readable folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.contains("part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_past_state_can_be_asked_for() {
    let desk = Desk::new();
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 0, &[]);
    let more = "id,date,lon,lat\nz9,2025-01-22,102.72,22.42\n";
    ends(&desk.import("more.csv", more.as_bytes(), &[]), 0, &[]);
    ends(&desk.run(&["export", "plots", "--out", "now.csv"]), 0, &["3 features"]);
    let then = desk.run(&["export", "plots", "--out", "then.csv", "--as-of", "7"]);
    ends(&then, 0, &["2 features"]);
    let never = desk.run(&["export", "plots", "--out", "never.csv", "--as-of", "999999"]);
    ends(&never, 2, &["999999"]);
}

#[test]
fn a_backup_is_a_store_and_never_overwrites() {
    let desk = Desk::new();
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 0, &[]);
    ends(&desk.run(&["backup", "copy.gpkg"]), 0, &["copy.gpkg"]);
    ends(&desk.run(&["backup", "copy.gpkg"]), 2, &["copy.gpkg"]);
    let copy = Command::new(env!("CARGO_BIN_EXE_poppywatch"))
        .args(["verify", "--store"])
        .arg(desk.path("copy.gpkg"))
        .output()
        .expect("the program runs");
    ends(&copy, 0, &["the chain is whole"]);
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let desk = Desk::new();
    ends(&desk.import("plots.csv", GOOD.as_bytes(), &[]), 0, &[]);
    let there = || {
        let entries = fs::read_dir(desk.folder.path()).expect("a readable folder");
        let mut names: Vec<_> =
            entries.filter_map(|it| it.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        names
    };
    for name in ["e.csv", "e.geojson", "e.gpkg", "b.gpkg"] {
        fs::create_dir(desk.path(name)).expect("a new folder");
    }
    let before = there();
    for name in ["e.csv", "e.geojson", "e.gpkg"] {
        let out = ["export", "plots", "--overwrite", "--out", name];
        ends(&desk.run(&out), 2, &["is a folder"]);
    }
    ends(&desk.run(&["backup", "b.gpkg"]), 2, &["b.gpkg"]);
    assert_eq!(there(), before);
    std::os::unix::fs::symlink("real.csv", desk.path("link.csv")).expect("a link");
    ends(&desk.run(&["export", "plots", "--out", "link.csv"]), 0, &["2 features"]);
    assert!(desk.path("link.csv").is_symlink() && desk.path("real.csv").is_file());
    ends(&desk.run(&["export", "plots", "--out", "loud.GPKG"]), 0, &["2 features"]);
    let named = Command::new(env!("CARGO_BIN_EXE_poppywatch"))
        .arg("verify")
        .env("POPPYWATCH_STORE", "")
        .current_dir(desk.folder.path())
        .output()
        .expect("the program runs");
    ends(&named, 2, &["POPPYWATCH_STORE", "is empty"]);
}

#[test]
fn help_teaches() {
    let desk = Desk::new();
    ends(&desk.run(&["--help"]), 0, &["First steps", "Exit codes"]);
    ends(&desk.run(&["import", "--help"]), 0, &["--save-mapping", "--crs"]);
}

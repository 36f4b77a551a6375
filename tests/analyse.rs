//! `poppywatch analyse`, as a statistician calls it: every method is listed, explains itself, runs
//! on a plain file, and does not care about the order of its rows.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "analyse/careless.rs"]
mod careless;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Output},
};

use poppywatch::app::analyse::{METHODS, example, flags};
use serde_json::Value;

/// What the program offers, as planners were told.
const PROMISED: [&str; 22] = [
    "gi",
    "gistar",
    "moran",
    "join-counts",
    "global-moran",
    "geary",
    "general-g",
    "incremental-moran",
    "rates",
    "scan",
    "density",
    "dbscan",
    "hdbscan",
    "st-dbscan",
    "mann-kendall",
    "emerging",
    "knox",
    "near-repeat",
    "recultivation",
    "displacement",
    "pai",
    "weights",
];

/// Every method with a file and flags on which it has something to say.
const CASES: &[(&str, &str, &[&str])] = &[
    ("recultivation", "plots.csv", &["--time", "season", "--destroyed", "destroyed"]),
    (
        "displacement",
        "map.csv",
        &["--before", "value", "--after", "next", "--response", "present", "--radii", "1000"],
    ),
    ("pai", "map.csv", &["--predicted", "value", "--actual", "next", "--area", "area"]),
    ("gi", "map.csv", &["--value", "value", "--weights", "w.csv"]),
    (
        "gi",
        "map.csv",
        &["--value", "value", "--weights", "w.csv", "--null", "total", "--style", "row"],
    ),
    ("gistar", "map.csv", &["--value", "value", "--weights", "w.csv"]),
    ("gistar", "map.csv", &["--value", "value", "--weights", "w.csv", "--tail", "two-sided"]),
    ("moran", "map.csv", &["--value", "value", "--weights", "w.csv"]),
    ("moran", "map.csv", &["--value", "value", "--weights", "w.csv", "--transform", "ranks"]),
    ("join-counts", "map.csv", &["--value", "present", "--weights", "w.csv"]),
    ("density", "plots.csv", &["--bandwidth", "esri", "--value", "area"]),
    (
        "density",
        "plots.csv",
        &["--kernel", "gaussian", "--contours", "volume", "--adaptive", "yes"],
    ),
    (
        "density",
        "plots.csv",
        &["--label", "season", "--against", "2021-2022", "--permutations", "99"],
    ),
    ("dbscan", "plots.csv", &["--eps", "900", "--value", "area", "--time", "season"]),
    ("dbscan", "plots.csv", &["--min-pts", "4", "--rows", "clusters"]),
    ("hdbscan", "plots.csv", &["--min-cluster-size", "6", "--time", "day"]),
    ("hdbscan", "plots.csv", &["--min-cluster-size", "6", "--rows", "clusters"]),
    ("st-dbscan", "plots.csv", &["--eps", "900", "--eps-time", "1", "--time", "season"]),
    ("mann-kendall", "cube.csv", &["--value", "value", "--time", "season"]),
    ("mann-kendall", "map.csv", &["--values", "value,next,population", "--tail", "upper"]),
    ("emerging", "cube.csv", &["--value", "value", "--time", "season", "--weights", "w.csv"]),
    (
        "emerging",
        "cube.csv",
        &[
            "--value",
            "value",
            "--time",
            "season",
            "--weights",
            "knn:4",
            "--reference",
            "window",
            "--permutations",
            "999",
        ],
    ),
    ("knox", "plots.csv", &["--time", "day", "--delta", "500,2000", "--tau", "14"]),
    (
        "near-repeat",
        "plots.csv",
        &["--time", "day", "--distances", "0,500,2000", "--intervals", "0,14,60"],
    ),
    ("recultivation", "plots.csv", &["--time", "season", "--destroyed", "destroyed"]),
    ("displacement", "map.csv", &["--before", "value", "--after", "next", "--response", "present"]),
    ("pai", "map.csv", &["--predicted", "value", "--actual", "next", "--area", "area"]),
    ("global-moran", "map.csv", &["--value", "value", "--weights", "w.csv"]),
    ("geary", "map.csv", &["--value", "value", "--weights", "w.csv"]),
    ("general-g", "map.csv", &["--value", "value", "--weights", "w.csv"]),
    ("global-join-counts", "map.csv", &["--value", "value", "--weights", "w.csv", "--above", "2"]),
    ("incremental-moran", "map.csv", &["--value", "value"]),
    ("rates", "map.csv", &["--value", "value", "--population", "population", "--weights", "w.csv"]),
    (
        "rates",
        "map.csv",
        &["--value", "present", "--population", "population", "--interval", "binomial"],
    ),
    ("weights", "map.csv", &["--weights", "w.csv"]),
    ("scan", "map.csv", &["--cases", "value", "--population", "population"]),
    (
        "scan",
        "map.csv",
        &[
            "--cases",
            "value",
            "--population",
            "population",
            "--secondary",
            "gini",
            "--gini-p",
            "0.1",
        ],
    ),
    ("scan", "map.csv", &["--value", "present", "--model", "bernoulli", "--controls", "next"]),
    (
        "scan",
        "cube.csv",
        &[
            "--cases",
            "value",
            "--population",
            "population",
            "--time",
            "season",
            "--scope",
            "space-time",
            "--rows",
            "members",
            "--permutations",
            "99",
        ],
    ),
];

/// A map of 6 × 6 units of 1 km, crowded in the south-west, one unit unknown.
fn map() -> Vec<String> {
    let unit = |n: usize| {
        let (col, row) = (n % 6, n / 6);
        let (x, y) = (300_000 + 1000 * col, 2_400_000 + 1000 * row);
        let count = (6 - col.max(row)) * usize::from(!n.is_multiple_of(5))
            + usize::from(n.is_multiple_of(7));
        let value = if n == 17 { String::new() } else { count.to_string() };
        let (present, people) = (usize::from(count > 2), 40 + (n * 37) % 60);
        let (next, m2) = ((count * 3 + n * 11) % 7, 1_000_000);
        format!("{n},{x},{y},{value},{present},{people},{next},{m2}")
    };
    (0..36).map(unit).collect()
}

const MAP: &str = "id,x,y,value,present,population,next,area";

/// The same places over six seasons: a row a place and season.
fn cube() -> Vec<String> {
    let row = |n: usize| {
        let (place, year) = (n % 36, n / 36);
        let (col, row) = (place % 6, place / 6);
        let (x, y) = (300_000 + 1000 * col, 2_400_000 + 1000 * row);
        let grows = if col < 2 && row < 2 { 2 * year } else { 0 };
        let value = (place * 7 + year * 3) % 3 + grows;
        format!("{place},{x},{y},{}-{},{value},{}", 2019 + year, 2020 + year, 50 + place)
    };
    (0..216).map(row).collect()
}

const CUBE: &str = "id,x,y,season,value,population";

/// 60 plots over three seasons, in two crowds and alone, half of them destroyed.
fn plots() -> Vec<String> {
    let plot = |n: usize| {
        let spread = [(0, 0), (4000, 1500), (9000, 8000)][n % 3];
        let wide = if n % 3 == 2 { 900 } else { 60 };
        let x = 300_000 + spread.0 + (n * 37) % 11 * wide;
        let y = 2_400_000 + spread.1 + (n * 53) % 13 * wide;
        let (year, day) = (2021 + n / 20, 1 + n % 28);
        let destroyed = if n.is_multiple_of(2) { "true" } else { "false" };
        let season = format!("{year}-{}", year + 1);
        format!("p{n},{x},{y},{season},{}-03-{day:02},{destroyed},{}", year + 1, 100 + n)
    };
    (0..60).map(plot).collect()
}

const PLOTS: &str = "id,x,y,season,day,destroyed,area";

fn neighbours() -> Vec<String> {
    let mut links = Vec::new();
    for i in 0..36_i32 {
        for j in 0..36_i32 {
            let (dx, dy) = ((i % 6 - j % 6).abs(), (i / 6 - j / 6).abs());
            if i != j && dx <= 1 && dy <= 1 {
                links.push(format!("{i},{j},1"));
            }
        }
    }
    links
}

/// The files, rows as they are or turned round. Weights name places in the file, so that a turned
/// file has turned weights.
fn write_files(folder: &Path, turned: bool) {
    let write = |name: &str, head: &str, mut rows: Vec<String>| {
        if turned {
            rows.reverse();
        }
        let text = rows.iter().fold(format!("{head}\n"), |mut text, row| {
            writeln!(text, "{row}").unwrap();
            text
        });
        fs::write(folder.join(name), text).unwrap();
    };
    write("map.csv", MAP, map());
    write("cube.csv", CUBE, cube());
    write("plots.csv", PLOTS, plots());
    let links = neighbours().iter().fold("i,j,w\n".to_owned(), |mut text, link| {
        let mut fields = link.split(',').map(|field| field.parse::<i32>().unwrap());
        let (i, j) = (fields.next().unwrap(), fields.next().unwrap());
        let (i, j) = if turned { (35 - i, 35 - j) } else { (i, j) };
        writeln!(text, "{i},{j},1").unwrap();
        text
    });
    fs::write(folder.join("w.csv"), links).unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_poppywatch"))
        .arg("analyse")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn every_method_that_was_promised_is_there_and_explains_itself() {
    let there: BTreeSet<_> = METHODS.iter().map(|method| method.name).collect();
    let missing: Vec<_> = PROMISED.iter().filter(|name| !there.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(there.len(), METHODS.len(), "two methods of one name");
    for method in METHODS {
        let help = said(&run(Path::new("."), &[method.name, "--help"]));
        let mut names = BTreeSet::new();
        for column in method.columns {
            assert!(names.insert(column.name), "{}: `{}` twice", method.name, column.name);
            let snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(column.name.chars().all(snake), "{}: `{}`", method.name, column.name);
            assert!(!column.about.is_empty() && help.contains(column.name), "{}", column.name);
        }
        for column in method.summary {
            assert!(!column.about.is_empty() && help.contains(column.name), "{}", column.name);
        }
        let mut names = BTreeSet::new();
        for option in flags(method) {
            assert!(names.insert(option.name), "{}: --{} twice", method.name, option.name);
            assert!(help.contains(&format!("--{}", option.name)), "{}", option.name);
        }
        assert!(help.contains("Source: "), "{}", method.name);
        assert_eq!(help.contains("geojson|tif"), method.has_raster(), "{}", method.name);
        let flags = example(method.name).expect(method.name);
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(flags), "{}", method.name);
        // What stands on the page is run by its own test.
        let page = fs::read_to_string("docs/statistics.md").unwrap();
        let line = format!("    poppywatch analyse {} {flags}", method.name);
        assert!(page.contains(&line), "{line}");
    }
}

#[test]
fn local_methods_share_their_first_columns() {
    for name in ["gi", "gistar", "moran", "join-counts"] {
        let method = METHODS.iter().find(|method| method.name == name).unwrap();
        let first: Vec<_> = method.columns.iter().take(8).map(|column| column.name).collect();
        assert_eq!(first, ["id", "value", "statistic", "z", "p", "q", "class", "reason"], "{name}");
    }
}

#[test]
fn every_method_answers_and_the_order_of_the_rows_decides_nothing() {
    let (plain, turned) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_files(plain.path(), false);
    write_files(turned.path(), true);
    let tested: BTreeSet<_> = CASES.iter().map(|(method, ..)| *method).collect();
    for method in METHODS {
        assert!(tested.contains(method.name), "{} has no case here", method.name);
    }
    for (method, file, flags) in CASES {
        let arguments = [&[*method, "--input", file, "--format", "json"], *flags].concat();
        let answer = |folder: &Path| -> Value {
            let output = run(folder, &arguments);
            assert!(output.status.success(), "{method} {flags:?}: {}", said(&output));
            serde_json::from_slice(&output.stdout).unwrap()
        };
        let (one, other) = (answer(plain.path()), answer(turned.path()));
        let about = METHODS.iter().find(|known| known.name == *method).unwrap();
        assert_eq!(one["provenance"]["method"], *method);
        assert_eq!(one["summary"].as_object().unwrap().len(), about.summary.len(), "{method}");
        assert!(!one["rows"].as_array().unwrap().is_empty(), "{method}: no rows");
        for row in one["rows"].as_array().unwrap() {
            assert_eq!(row.as_object().unwrap().len(), about.columns.len(), "{method}: {row}");
        }
        assert_eq!(one["summary"], other["summary"], "{method} {flags:?}");
        assert_eq!(sorted(&one, method), sorted(&other, method), "{method} {flags:?}");
    }
}

/// "Not looked" is not "not grown": a unit of unknown value is nobody's neighbour, not even a
/// nearest one.
#[test]
fn a_unit_of_unknown_value_is_as_if_it_were_not_there() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), false);
    let known = map().into_iter().filter(|row| !row.starts_with("17,")).collect::<Vec<_>>();
    fs::write(folder.path().join("known.csv"), format!("{MAP}\n{}\n", known.join("\n"))).unwrap();
    let mut compared = 0;
    for method in ["gi", "gistar", "moran", "global-moran", "geary", "general-g"] {
        for weights in ["knn:4", "band:1500", "band", "idw:2500", "kernel:quartic:knn:5"] {
            let rows = |file: &str| -> Vec<String> {
                let flags = ["--value", "value", "--weights", weights, "--permutations", "199"];
                let arguments =
                    [&[method, "--input", file, "--format", "json"], flags.as_slice()].concat();
                let output = run(folder.path(), &arguments);
                assert!(output.status.success(), "{method} {weights}: {}", said(&output));
                let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
                let rows = answer["rows"].as_array().unwrap().iter();
                rows.filter(|row| row["id"] != "17").map(Value::to_string).collect()
            };
            let (all, without) = (rows("map.csv"), rows("known.csv"));
            assert_eq!(all, without, "{method} {weights}");
            compared += all.len();
        }
    }
    assert_eq!(compared, 5 * (3 * 35 + 3));
}

/// Rows in an order of their own, without what names places in the file.
fn sorted(answer: &Value, method: &str) -> Vec<String> {
    let rows = answer["rows"].as_array().unwrap().iter().cloned();
    let mut rows: Vec<String> = rows
        .map(|mut row| {
            if let Some(row) = row.as_object_mut().filter(|_| method == "weights") {
                row.retain(|name, _| name != "i" && name != "j");
            }
            row.to_string()
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn what_is_wrong_is_said_with_its_flag_row_and_column() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), false);
    fs::write(folder.path().join("bad.csv"), "id,x,y,value\na,1,2,3\na,2,3,4\n").unwrap();
    fs::write(folder.path().join("words.csv"), "id,x,y,value\na,1,2,3\nb,2,three,4\n").unwrap();
    fs::write(folder.path().join("links.csv"), "i,j,w\n0,1,1\n0,99,1\n").unwrap();
    fs::write(folder.path().join("person.csv"), "id,x,y,ho_ten\na,1,2,X\n").unwrap();
    for (arguments, words) in [
        (
            &["weights", "--input", "none.csv", "--weights", "w.csv"][..],
            &["none.csv", "no such file"][..],
        ),
        (&["weights", "--input", "bad.csv", "--weights", "w.csv"], &["row 3", "`a`", "row 2"]),
        (&["weights", "--input", "words.csv", "--weights", "w.csv"], &["row 3", "`y`", "three"]),
        (&["weights", "--input", "map.csv", "--weights", "links.csv"], &["links.csv", "99"]),
        (&["weights", "--input", "map.csv"], &["--weights"]),
        (
            &["weights", "--input", "map.csv", "--weights", "w.csv", "--id", "no"],
            &["--id", "no such column", "population"],
        ),
        (
            &["weights", "--input", "person.csv", "--weights", "w.csv", "--id", "ho_ten"],
            &["carries a person"],
        ),
        (
            &["join-counts", "--input", "map.csv", "--weights", "w.csv", "--value", "area"],
            &["--value", "`0`", "1000000", "--above 0"],
        ),
        (
            &[
                "join-counts",
                "--input",
                "map.csv",
                "--weights",
                "w.csv",
                "--value",
                "present",
                "--null",
                "total",
            ],
            &["--null", "conditional"],
        ),
        (
            &["gi", "--input", "map.csv", "--weights", "w.csv", "--value", "x", "--alpha", "0.2"],
            &["--alpha", "at most 0.1"],
        ),
        (
            &["weights", "--input", "map.csv", "--weights", "w.csv", "--crs", "1"],
            &["--crs", "EPSG"],
        ),
        (
            &[
                "weights",
                "--input",
                "map.csv",
                "--weights",
                "w.csv",
                "--out",
                "map.csv",
                "--overwrite",
            ],
            &["file that is read"],
        ),
        (
            &["weights", "--input", "map.csv", "--weights", "w.csv", "--out", "x.pdf"],
            &["ending", ".geojson"],
        ),
    ] {
        let output = run(folder.path(), arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: no `{word}` in\n{said}");
        }
    }
}

#[test]
fn a_table_on_disk_has_its_metadata_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), false);
    let arguments = ["weights", "--input", "map.csv", "--weights", "w.csv", "--out", "links.csv"];
    assert!(run(folder.path(), &arguments).status.success());
    let about: Value =
        serde_json::from_slice(&fs::read(folder.path().join("links.csv-metadata.json")).unwrap())
            .unwrap();
    assert_eq!(about["tableSchema"]["columns"][0]["name"], "i");
    assert_eq!(about["provenance"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(about["provenance"]["parameters"]["weights"], "w.csv");
    let table = fs::read_to_string(folder.path().join("links.csv")).unwrap();
    assert_eq!(table.lines().count(), 1 + neighbours().len());
    // What is there stays unless it may be replaced.
    assert_eq!(run(folder.path(), &arguments).status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("links.csv")).unwrap(), table);
}

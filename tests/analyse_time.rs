//! `poppywatch analyse` of trends, emerging hot spots and pairs in time, on plain files.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

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

fn answer(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn row<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let rows = answer["rows"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id}: {rows:?}"))
}

/// 12 × 12 places of 1 km over ten seasons; the corner crowds from the seventh on. `rows` says
/// which place and season is in the file.
fn cube(rows: impl Fn(usize, usize) -> bool) -> String {
    let mut text = "id,x,y,season,plots\n".to_owned();
    for season in 0..10 {
        for place in (0..144).filter(|place| rows(*place, season)) {
            let (col, line) = (place % 12, place / 12);
            let crowd = season >= 6 && col < 3 && line < 3;
            let value = usize::from((place * 7 + season * 5) % 11 == 0) + 9 * usize::from(crowd);
            let (x, y, year) = (300_000 + 1000 * col, 2_400_000 + 1000 * line, 2010 + season);
            writeln!(text, "p{place},{x},{y},{year}-{},{value}", year + 1).unwrap();
        }
    }
    text
}

#[test]
fn a_corner_that_crowds_of_late_is_a_consecutive_hot_spot() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("cube.csv", cube(|_, _| true));
    let ask = |file: &str, more: &[&str]| {
        let fixed =
            ["emerging", "--input", file, "--value", "plots", "--time", "season", "--weights"];
        answer(folder.path(), &[&fixed, more].concat())
    };
    let whole = ask("cube.csv", &["band:1500"]);
    let corner = row(&whole, "p13");
    assert_eq!(
        (&corner["class"], &corner["states"]),
        (&"consecutive-hot".into(), &"nnnnnnhhhh".into())
    );
    assert_eq!(corner["neighbours"], 17);
    assert_eq!(corner["cautions"], Value::Null);
    assert_eq!(row(&whole, "p100")["class"], "no-pattern");
    assert_eq!(whole["summary"]["tested"], 1440);
    assert_eq!(whole["summary"]["last"], "2019-2020");

    // Nobody looked anywhere in the fourth season, nor in the last one at a place of the corner.
    write("gaps.csv", cube(|place, season| season != 3 && (place, season) != (13, 9)));
    let gaps = ask("gaps.csv", &["band:1500"]);
    assert_eq!(gaps["summary"]["seasons"], 10);
    let corner = row(&gaps, "p13");
    assert_eq!(
        (&corner["class"], &corner["reason"]),
        (&Value::Null, &"last-season-not-surveyed".into())
    );
    assert_eq!(corner["states"], "nnn-nnhhh-");
    let beside = row(&gaps, "p14");
    assert_eq!((&beside["class"], &beside["tested"]), (&"consecutive-hot".into(), &9.into()));
    assert_eq!(beside["cautions"], "few-seasons gaps");

    // Kernel weights do not fit, and a row twice is said.
    let uneven = ["emerging", "--input", "cube.csv", "--value", "plots", "--time", "season"];
    let output = run(folder.path(), &[&uneven[..], &["--weights", "idw:3000"]].concat());
    assert!(said(&output).contains("count alike"), "{}", said(&output));
    let first = cube(|place, season| place == 0 && season == 0);
    write("twice.csv", cube(|_, _| true) + first.lines().nth(1).unwrap());
    let output = run(
        folder.path(),
        &["mann-kendall", "--input", "twice.csv", "--value", "plots", "--time", "season"],
    );
    assert!(said(&output).contains("`p0` has 2010-2011 in row 2 too"), "{}", said(&output));
}

#[test]
fn long_and_wide_tables_have_the_same_trends() {
    let folder = tempfile::tempdir().unwrap();
    let series: [(&str, [Option<f64>; 6]); 3] = [
        ("a", [Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0), Some(6.0)]),
        ("b", [Some(4.0), None, Some(3.0), Some(1.0), Some(2.0), None]),
        ("c", [None, Some(1.0), None, Some(2.0), None, None]),
    ];
    let (mut long, mut wide) = (
        "id,season,m2\n".to_owned(),
        "id,2010-2011,2011-2012,2012-2013,2013-2014,2014-2015,2015-2016\n".to_owned(),
    );
    for (id, values) in series {
        write!(wide, "{id}").unwrap();
        for (year, value) in values.iter().enumerate() {
            let value = value.map_or(String::new(), |value| value.to_string());
            write!(wide, ",{value}").unwrap();
            writeln!(long, "{id},{}-{},{value}", 2010 + year, 2011 + year).unwrap();
        }
        wide.push('\n');
    }
    fs::write(folder.path().join("long.csv"), long).unwrap();
    fs::write(folder.path().join("wide.csv"), wide).unwrap();
    let long = answer(
        folder.path(),
        &["mann-kendall", "--input", "long.csv", "--value", "m2", "--time", "season"],
    );
    let columns = "2010-2011,2011-2012,2012-2013,2013-2014,2014-2015,2015-2016";
    let wide = answer(folder.path(), &["mann-kendall", "--input", "wide.csv", "--values", columns]);
    assert_eq!(long["rows"], wide["rows"]);
    // S = 15 of six: two orders of 720.
    let a = row(&long, "a");
    assert_eq!(
        (&a["statistic"], &a["class"], &a["slope"]),
        (&15.into(), &"up".into(), &1.0.into())
    );
    assert!((a["p"].as_f64().unwrap() - 1.0 / 360.0).abs() < 1e-15);
    // All slopes are 1.
    assert_eq!((&a["slope_low"], &a["slope_high"]), (&1.0.into(), &1.0.into()));
    let b = row(&long, "b");
    assert_eq!((&b["n"], &b["missing"], &b["statistic"]), (&4.into(), &2.into(), &(-4).into()));
    assert_eq!(b["slope_low"], Value::Null);
    assert_eq!(row(&long, "c")["reason"], "too-few");
    assert_eq!(row(&long, "c")["p"], Value::Null);
}

#[test]
fn plots_that_come_in_turns_are_near_in_space_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "id,x,y,day\n".to_owned();
    // Ten valleys, each with three plots within a week; one row without a day.
    for n in 0..30 {
        let (valley, at) = (n / 3, n % 3);
        let day = format!("2019-{:02}-{:02}", 1 + valley, 1 + 2 * at);
        writeln!(text, "{n},{},{},{day}", 5000 * valley + 100 * at, 7000 * (valley % 3)).unwrap();
    }
    text.push_str("30,0,0,\n");
    fs::write(folder.path().join("plots.csv"), text).unwrap();
    let knox = answer(
        folder.path(),
        &["knox", "--input", "plots.csv", "--time", "day", "--delta", "200,50", "--tau", "4"],
    );
    let [near, none] = &knox["rows"].as_array().unwrap()[..] else { panic!("{knox}") };
    assert_eq!(
        (&near["near"], &near["soon"], &near["observed"]),
        (&30.into(), &30.into(), &30.into())
    );
    assert_eq!(near["p"], 0.001);
    assert!((near["expected"].as_f64().unwrap() - 900.0 / 435.0).abs() < 1e-12);
    assert_eq!((&none["reason"], &none["p"]), (&"none-near-in-space".into(), &1.0.into()));
    assert_eq!(
        (&knox["summary"]["left_out"], &knox["summary"]["time_unit"]),
        (&1.into(), &"days".into())
    );

    let table = answer(
        folder.path(),
        &[
            "near-repeat",
            "--input",
            "plots.csv",
            "--time",
            "day",
            "--distances",
            "0,150,250",
            "--intervals",
            "0,3,5,400",
        ],
    );
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!((&rows[0]["space"], &rows[0]["time"]), (&"[0,150)".into(), &"[0,3)".into()));
    assert_eq!((&rows[0]["observed"], &rows[4]["observed"]), (&20.into(), &10.into()));
    assert_eq!(rows[1]["observed"], 0);
    let wrong = [
        "near-repeat",
        "--input",
        "plots.csv",
        "--time",
        "day",
        "--distances",
        "0",
        "--intervals",
        "0,3",
    ];
    assert!(said(&run(folder.path(), &wrong)).contains("one limit makes no band"));
}

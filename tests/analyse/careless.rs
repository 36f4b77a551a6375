//! What a careless user does: degrees as metres, marks of no data, commas, links, full disks. Nothing
//! of it may be answered silently.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use super::{run, said, write_files};

/// Every method with flags by which it measures distances.
const MEASURING: &[(&str, &[&str])] = &[
    ("gistar", &["--value", "n", "--weights", "knn:3"]),
    ("global-moran", &["--value", "n", "--weights", "band:1500"]),
    ("incremental-moran", &["--value", "n"]),
    ("weights", &["--weights", "knn:2"]),
    ("scan", &["--cases", "n", "--population", "population"]),
    ("density", &["--bandwidth", "1000"]),
    ("dbscan", &["--eps", "900"]),
    ("hdbscan", &["--min-cluster-size", "4"]),
    ("st-dbscan", &["--eps", "900", "--eps-time", "1", "--time", "year"]),
    ("emerging", &["--value", "n", "--time", "year", "--weights", "knn:2"]),
    ("knox", &["--time", "year", "--delta", "500", "--tau", "1"]),
    ("near-repeat", &["--time", "year", "--distances", "0,500", "--intervals", "0,1"]),
    ("recultivation", &["--time", "year", "--destroyed", "gone"]),
    ("displacement", &["--before", "n", "--after", "population", "--response", "gone"]),
];

/// Twelve places, by what makes x and y of a row of 4 and a row of 3.
fn places(head: &str, at: impl Fn(usize, usize) -> String) -> String {
    (0..12).fold(format!("id,{head},n,population,year,gone\n"), |mut text, n| {
        let (col, row) = (n % 4, n / 4);
        let gone = if n < 3 { "true" } else { "false" };
        let year = format!("20{}-20{}", 18 + n % 3, 19 + n % 3);
        writeln!(text, "p{n},{},{},{},{year},{gone}", at(col, row), n % 5, 40 + n).unwrap();
        text
    })
}

#[test]
fn degrees_are_not_measured_as_metres() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    let degrees = |col, row| format!("103.{col}5,22.{row}5");
    write("degrees.csv", places("east,north", degrees));
    write("swapped.csv", places("east,north", |col, row| format!("22.{row}5,103.{col}5")));
    write("named.csv", places("lon,lat", degrees));
    write("metres.csv", places("x,y", |col, row| format!("30{col}000,240{row}000")));
    let at = ["--x", "east", "--y", "north"];
    for (method, flags) in MEASURING {
        let ask = |more: &[&str]| run(folder.path(), &[&[*method][..], more, flags].concat());
        let refused = ask(&[&["--input", "degrees.csv"][..], &at].concat());
        let words = said(&refused);
        assert_eq!(refused.status.code(), Some(2), "{method}: {words}");
        assert!(words.contains("look like degrees") && words.contains("--crs 4326"), "{words}");
        let swapped = ask(&[&["--input", "swapped.csv"][..], &at].concat());
        let words = said(&swapped);
        assert_eq!(swapped.status.code(), Some(2), "{method}: {words}");
        assert!(words.contains("in each other's place") && words.contains("--crs 4326"), "{words}");
        let wrong = ask(&[&["--input", "degrees.csv", "--crs", "3405"][..], &at].concat());
        assert_eq!(wrong.status.code(), Some(2), "{method}: {}", said(&wrong));
        assert!(said(&wrong).contains("EPSG:3405 has metres"), "{}", said(&wrong));
        let plane = ask(&[&["--input", "metres.csv", "--crs", "plane"][..]].concat());
        assert!(plane.status.success(), "{method}: {}", said(&plane));
        assert!(!said(&plane).contains("is not known"), "{method}: {}", said(&plane));
        let taken = ask(&["--input", "metres.csv"]);
        assert!(taken.status.success(), "{method}: {}", said(&taken));
        assert_eq!(said(&taken).matches("taken as metres").count(), 1, "{method}");
        let known = ask(&["--input", "named.csv"]);
        assert!(known.status.success(), "{method}: {}", said(&known));
        assert!(!said(&known).contains("is not known"), "{method}: {}", said(&known));
    }
    // Who measures nothing need not know where things are.
    fs::write(folder.path().join("w.csv"), "i,j,w\n0,1,1\n1,0,1\n").unwrap();
    let silent = ["--input", "degrees.csv", "--x", "east", "--y", "north", "--weights", "w.csv"];
    for method in [&["weights"][..], &["gistar", "--value", "n"]] {
        let output = run(folder.path(), &[method, &silent].concat());
        assert!(output.status.success(), "{}", said(&output));
        assert!(!said(&output).contains("is not known"), "{}", said(&output));
    }
}

#[test]
fn degrees_beyond_the_globe_are_refused_with_their_row() {
    let folder = tempfile::tempdir().unwrap();
    for (x, y, words) in [
        ("463.2", "22.1", &["row 3", "longitude 463.2"][..]),
        ("22.1", "103.2", &["row 3", "latitude 103.2", "changed places"]),
        ("301000", "2401000", &["row 3", "look like metres"]),
    ] {
        let text = format!("id,lon,lat,n\na,103.1,22.2,1\nb,{x},{y},2\n");
        fs::write(folder.path().join("far.csv"), text).unwrap();
        let output = run(folder.path(), &["weights", "--input", "far.csv", "--weights", "knn:1"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        for word in words {
            assert!(said(&output).contains(word), "no `{word}` in {}", said(&output));
        }
    }
}

#[test]
fn a_unit_without_an_outline_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let square =
        "{\"type\":\"Polygon\",\"coordinates\":[[[103,22],[103.1,22],[103.1,22.1],[103,22]]]}";
    let feature = |id: &str, shape: &str| {
        format!("{{\"type\":\"Feature\",\"properties\":{{\"id\":\"{id}\"}},\"geometry\":{shape}}}")
    };
    let features = [feature("whole", square), feature("bare", "null")].join(",");
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}");
    fs::write(folder.path().join("u.geojson"), text).unwrap();
    let output = run(folder.path(), &["weights", "--input", "u.geojson", "--weights", "queen"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("row 2: unit `bare` has no outline"), "{}", said(&output));
}

#[track_caller]
fn ends(folder: &Path, arguments: &[&str], code: i32, words: &[&str]) {
    let output = run(folder, arguments);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{arguments:?}: no `{word}` in\n{text}");
    }
}

#[test]
fn marks_of_what_is_not_known_are_no_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, cell: &str| {
        let text =
            format!("id,x,y,n\na,300000,2400000,1\nb,301000,2400000,{cell}\nc,302000,2400000,4\n");
        fs::write(folder.path().join(name), text).unwrap();
    };
    let ask = |name: &str, code, words: &[&str]| {
        let flags = ["--value", "n", "--weights", "knn:1", "--crs", "32648"];
        ends(folder.path(), &[&["gistar", "--input", name], &flags[..]].concat(), code, words);
    };
    for cell in ["-1.7976931348623157e308", "1e308"] {
        write("huge.csv", cell);
        ask("huge.csv", 2, &["row 3", "`n`", "no-data mark"]);
    }
    for cell in ["-9999", "-99999", "-3.4028234663852886e38"] {
        write("mark.csv", cell);
        ask("mark.csv", 0, &["warning: column `n`: -", "leave the cell empty"]);
    }
    let far = "id,x,y,n\na,300000,2400000,1\nb,-1.7976931348623157e308,2400000,2\n";
    fs::write(folder.path().join("far.csv"), far).unwrap();
    ask("far.csv", 2, &["row 3", "no-data mark"]);
    let wide = ["dbscan", "--input", "mark.csv", "--eps", "1e308"];
    ends(folder.path(), &wide, 2, &["--eps 1e308: is larger"]);
}

/// A file of weights answers as the words do that made it, missing values or not.
#[test]
fn weights_from_a_file_are_those_of_the_methods() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), false);
    let asked = ["weights", "--input", "map.csv", "--weights", "knn:4", "--crs", "plane"];
    let made = [&asked[..], &["--value", "value", "--out", "k.csv"]].concat();
    ends(folder.path(), &made, 0, &["units: 35"]);
    let answer = |weights: &str| {
        let flags = ["--value", "value", "--permutations", "99", "--weights", weights];
        let output = run(folder.path(), &[&["gistar", "--input", "map.csv"], &flags[..]].concat());
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(answer("knn:4"), answer("k.csv"));
    ends(folder.path(), &["weights", "--help"], 0, &["--value", "is not known"]);
}

#[test]
fn a_heading_that_stands_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = "id,x,y,plots,plots\na,300000,2400000,1,5\nb,301000,2400000,2,6\n";
    fs::write(folder.path().join("twice.csv"), text).unwrap();
    let at = ["--input", "twice.csv", "--weights", "knn:1", "--crs", "plane"];
    let value = [&["gistar", "--value", "plots"], &at[..]].concat();
    ends(folder.path(), &value, 2, &["--value plots: twice.csv has 2 columns"]);
    ends(folder.path(), &[&["weights"], &at[..]].concat(), 0, &[]);
}

#[test]
fn tables_as_offices_write_them_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("dot.csv", "id,lon,lat,m2\na,103.1,22.1,1070.5\nb,103.2,22.2,12\nc,103.3,22.1,7\n");
    write(
        "comma.csv",
        "id;Kinh độ;Vĩ_độ;m2\na;103,1;22,1;1070,5\nb;103,2;22,2;12\nc;103,3;22,1;7\n",
    );
    let shapes =
        "id;wkt;m2\na;POINT (103.1 22.1);1070,5\nb;POINT (103.2 22.2);12\nc;POINT (103.3 22.1);7\n";
    write("shapes.csv", shapes);
    write("links.csv", "i;j;w\n0;1;0,5\n1;2;1\n2;0;1\n");
    let answer = |file: &str, weights: &str| {
        let flags =
            ["--value", "m2", "--weights", weights, "--permutations", "99", "--crs", "4326"];
        let output = run(folder.path(), &[&["gistar", "--input", file], &flags[..]].concat());
        assert!(output.status.success(), "{file}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    for weights in ["knn:1", "links.csv"] {
        assert_eq!(answer("dot.csv", weights), answer("comma.csv", weights));
        assert_eq!(answer("dot.csv", weights), answer("shapes.csv", weights));
    }
    let known = ["weights", "--input", "comma.csv", "--weights", "knn:1"];
    ends(folder.path(), &known, 0, &["a,b"]);
    write("mixed.csv", "id;lon;lat;m2\na;103.1;22.1;1.070,5\nb;103.2;22.2;12\n");
    let mixed = ["gistar", "--input", "mixed.csv", "--value", "m2", "--weights", "knn:1"];
    ends(folder.path(), &mixed, 2, &["row 2", "`m2`", "1.070,5"]);
    write("bad.csv", "id;wkt\na;POINT (103.1 22.1)\nb;POINT 103\n");
    let bad = ["weights", "--input", "bad.csv", "--weights", "knn:1", "--crs", "4326"];
    ends(folder.path(), &bad, 2, &["row 3", "`wkt`"]);
}

#[test]
fn a_plane_that_stretches_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.csv"), "id,lon,lat\na,103.1,22.1\nb,103.2,22.2\n").unwrap();
    let ask = ["weights", "--input", "p.csv", "--weights", "knn:1", "--metric"];
    ends(
        folder.path(),
        &[&ask[..], &["3857"]].concat(),
        0,
        &["EPSG:3857", "8.5 % too long", "32648"],
    );
    let output = run(folder.path(), &[&ask[..], &["32648"]].concat());
    assert!(output.status.success() && !said(&output).contains("too long"), "{}", said(&output));
}

#[test]
fn a_table_of_bands_has_bounds_and_a_file_without_links_is_told() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), false);
    let many = (0..=5000).map(|it| it.to_string()).collect::<Vec<_>>().join(",");
    let ask = ["near-repeat", "--input", "plots.csv", "--time", "day", "--intervals", "0,14"];
    let words = ["--distances names 5001 numbers", "201"];
    ends(folder.path(), &[&ask[..], &["--distances", &many]].concat(), 2, &words);
    fs::write(folder.path().join("none.csv"), "i,j,w\n").unwrap();
    let alone = ["weights", "--input", "map.csv", "--weights", "none.csv"];
    ends(folder.path(), &alone, 0, &["not one link"]);
}

#[test]
fn no_answer_is_written_over_what_is_read_or_left_half() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), false);
    let path = |name: &str| folder.path().join(name);
    let ask = ["weights", "--input", "map.csv", "--weights", "w.csv"];
    let out = |more: &[&str], code, words: &[&str]| {
        ends(folder.path(), &[&ask[..], more].concat(), code, words);
    };
    let before = fs::read(path("w.csv")).unwrap();
    out(&["--out", "w.csv", "--overwrite"], 2, &["the file that is read"]);
    assert_eq!(fs::read(path("w.csv")).unwrap(), before);
    fs::write(path("z.csv-metadata.json"), "mine").unwrap();
    out(&["--out", "z.csv"], 2, &["z.csv-metadata.json", "--overwrite"]);
    assert!(!path("z.csv").exists());
    fs::create_dir(path("folder.csv")).unwrap();
    out(&["--out", "folder.csv", "--overwrite"], 2, &["is a folder"]);
    out(&["--out", "none/a.csv"], 1, &["none/a.csv"]);
    std::os::unix::fs::symlink("real.csv", path("link.csv")).unwrap();
    out(&["--out", "link.csv"], 0, &[]);
    assert!(path("link.csv").is_symlink() && path("real.csv").is_file());
    out(&["--out", "loud.CSV"], 0, &[]);
    out(&["--out", "x.tif"], 2, &["--format tif", "no raster"]);
    let lines = ["density", "--input", "plots.csv", "--contours", "volume", "--out", "x.tif"];
    ends(folder.path(), &lines, 2, &["--contours volume", "no lines"]);
    let names = fs::read_dir(folder.path()).unwrap();
    let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!names.any(|name| name.contains("part")));
}

#[test]
fn a_full_disk_is_no_success_and_a_closed_pipe_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), false);
    let program = |stdout: Stdio, format: &str| {
        Command::new(env!("CARGO_BIN_EXE_poppywatch"))
            .args(["analyse", "weights", "--input", "map.csv", "--weights", "w.csv"])
            .args(["--format", format])
            .env("POPPYWATCH_STORE", "")
            .current_dir(folder.path())
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    for format in ["csv", "json"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program(full.into(), format).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {}", said(&output));
        assert!(said(&output).contains("error: writing to standard output"), "{}", said(&output));
        let mut child = program(Stdio::piped(), format);
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}: {}", said(&output));
        assert_eq!(said(&output), "", "{format}");
    }
}

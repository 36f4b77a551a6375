//! The server on a loopback socket, as GDAL and hostile clients meet it. Bounded in number and time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use poppywatch::http::ServeLimits;
use support::{
    PLACES,
    loopback::{Running, run},
    state,
};

#[test]
fn ogrinfo_reads_every_layer() {
    let server = Running::start(state(), ServeLimits::default());
    let root = format!("OAPIF:http://{}/", server.address);
    for (layer, shape) in [
        ("plots", "Point"),
        ("plot-outlines", "Multi Polygon"),
        ("patrol-tracks", "Multi Line String"),
    ] {
        let arguments = ["-so", &root, layer, "-oo", "PAGE_SIZE=1000"];
        let Some(text) = run("ogrinfo", &arguments) else {
            println!("0 cases: ogrinfo is not installed");
            return;
        };
        for wanted in [
            format!("Geometry: {shape}"),
            format!("Feature Count: {PLACES}"),
            "area_m2: Real".to_owned(),
            "visits: Integer".to_owned(),
            "reported_on: Date".to_owned(),
            "on_the_line: Integer(Boolean)".to_owned(),
        ] {
            assert!(text.contains(&wanted), "{layer}: {wanted} is missing in {text}");
        }
    }
    let filtered = ["-so", &root, "plots", "-where", "reported_on >= '2026/01/20'"];
    assert!(run("ogrinfo", &filtered).unwrap().contains("Feature Count:"));
    println!("3 layers read by ogrinfo");
}

#[test]
fn ogr2ogr_takes_every_feature_once() {
    let server = Running::start(state(), ServeLimits::default());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.gpkg");
    let root = format!("OAPIF:http://{}/?season=2025-2026&cell=square:1000", server.address);
    let arguments = ["-f", "GPKG", file.to_str().unwrap(), &root, "plots", "-oo", "PAGE_SIZE=1000"];
    if run("ogr2ogr", &arguments).is_none() {
        println!("0 cases: ogr2ogr is not installed");
        return;
    }
    let out = gdal::Dataset::open(&file).unwrap();
    let mut layer = out.layer(0).unwrap();
    let mut names = Vec::new();
    for feature in gdal::vector::LayerAccess::features(&mut layer) {
        names.push(feature.field_as_string_by_name());
    }
    assert_eq!(names.len() as u64, PLACES);
    assert_eq!(names[0].as_deref(), Some("Tà \"Tổng\" \\"));
}

/// The column `name`, whatever its place.
trait Name {
    fn field_as_string_by_name(&self) -> Option<String>;
}

impl Name for gdal::vector::Feature<'_> {
    fn field_as_string_by_name(&self) -> Option<String> {
        self.field_as_string(self.field_index("name").unwrap()).unwrap()
    }
}

#[test]
fn qgis_loads_features_and_tiles() {
    let server = Running::start(state(), ServeLimits::default());
    let layers: Vec<_> = ["plots:1", "plot-outlines:6", "patrol-tracks:5"]
        .iter()
        .map(|layer| format!("{layer}:{PLACES}"))
        .collect();
    server.open_in_qgis("2025-2026", &layers, "Tà \"Tổng\" \\");
}

#[test]
fn field_names_are_in_title_case() {
    let server = Running::start(state(), ServeLimits::default());
    let answer = server.exchange(
        b"GET /collections/plots/items?limit=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    for name in ["\r\nContent-Type: ", "\r\nEtag: ", "\r\nLink: ", "\r\nContent-Crs: "] {
        assert!(answer.contains(name), "{name} in {answer}");
    }
}

#[test]
fn bodies_and_floods_are_not_read() {
    let server = Running::start(state(), ServeLimits::default());
    // Ten gigabytes are announced; we answer without them and close.
    let begun = Instant::now();
    let answer = server.exchange(
        b"GET /collections HTTP/1.1\r\nHost: a\r\nContent-Length: 10737418240\r\n\r\nxxxx",
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(15));
    let many = "X-Flood: 1\r\n".repeat(1000);
    let answer = server.exchange(format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{answer}");
    let long = "x".repeat(1 << 20);
    let answer = server.exchange(format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
    for garbage in [&b"\x16\x03\x01\x02\x00"[..], b"GET\r\n\r\n", b"\0\0\0\0\r\n\r\n"] {
        let answer = server.exchange(&[garbage, b"\r\n\r\n"].concat());
        assert!(answer.starts_with("HTTP/1.1 400") || answer.is_empty(), "{answer}");
    }
    let fine =
        server.exchange(b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(fine.starts_with("HTTP/1.1 200"));
}

/// Twelve clients that say a little and then nothing, on a server with eight places.
#[test]
fn slow_clients_are_let_go_and_others_served() {
    let limits = ServeLimits {
        connections: 8,
        header_time: Duration::from_millis(300),
        ..ServeLimits::default()
    };
    let server = Running::start(state(), limits);
    let mut slow: Vec<TcpStream> = (0..12)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET / HTTP/1.1\r\nHost:").unwrap();
            stream
        })
        .collect();
    let fine =
        server.exchange(b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
    for stream in &mut slow {
        let mut rest = Vec::new();
        // Closed or reset; anything but an endless wait.
        let _ = stream.read_to_end(&mut rest);
    }
    // An idle connection after an answer ends too.
    let mut idle = server.connect();
    idle.write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut rest = Vec::new();
    assert!(idle.read_to_end(&mut rest).is_ok());
}

#[test]
fn a_client_that_takes_nothing_is_given_up() {
    let limits = ServeLimits {
        connections: 1,
        stall_time: Duration::from_millis(300),
        ..ServeLimits::default()
    };
    let server = Running::start(state(), limits);
    let mut deaf = server.connect();
    // More than both ends' buffers hold, asked for again and again and never read.
    let asked = "GET /collections/patrol-tracks/items?limit=10000 HTTP/1.1\r\nHost: a\r\n\r\n";
    let _ = deaf.write_all(asked.repeat(40).as_bytes());
    // There is one place only: this is answered once the deaf client has lost it.
    let fine =
        server.exchange(b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
    drop(deaf);
}

#[test]
fn the_server_ends_in_order_although_somebody_listens() {
    let server = Running::start(state(), ServeLimits::default());
    let mut listening = server.connect();
    listening.write_all(b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut some = [0; 64];
    assert!(listening.read(&mut some).unwrap() > 0);
    let took = server.stop();
    assert!(took < ServeLimits::default().farewell_time, "{took:?}");
}

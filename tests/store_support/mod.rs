//! Events for the tests of the store: small pools, so that records, plots and units meet often.

#![allow(dead_code, reason = "every test binary uses a part of it")]

use geo_types::{MultiLineString, MultiPolygon, line_string, polygon};
use jiff::{Timestamp, civil::date};
use poppywatch::domain::{
    AreaMethod, BorderLine, Boundary, CountryPack, Dataset, DatasetKind, Destruction,
    DestructionMethod, EmptySearch, Event, Footprint, GrowthStage, Level, Measurement, Metres,
    Outreach, PatrolLeg, PlotId, Position, RecordRef, Rejection, RejectionReason, SearchedGround,
    Season, Sighting, SightingSource, SiteId, SiteLink, SquareMetres, Track, UnitKey, Verification,
    VerificationResult,
};
use proptest::prelude::*;

pub fn pack() -> CountryPack {
    CountryPack::lai_chau()
}

pub fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

pub fn quiet(_: u64) {}

/// A square with its south-west corner at (103 + x, 22 + y) hundredths of a degree.
pub fn square(x: u8, y: u8) -> Footprint {
    let (west, south) = (103.0 + f64::from(x) / 100.0, 22.0 + f64::from(y) / 100.0);
    let (east, north) = (west + 0.001, south + 0.001);
    let ring = polygon![(x: west, y: south), (x: east, y: south), (x: east, y: north), (x: west, y: north)];
    Footprint::new(&MultiPolygon(vec![ring])).unwrap()
}

pub fn position(x: u8, y: u8) -> Position {
    Position::new(103.0 + f64::from(x) / 100.0, 22.0 + f64::from(y) / 100.0).unwrap()
}

pub fn source(dataset: &str, record: impl ToString) -> RecordRef {
    RecordRef { dataset: dataset.to_owned(), record: record.to_string() }
}

pub fn dataset(id: &str, accepted: u64) -> Event {
    Event::DatasetImported(Dataset {
        id: id.to_owned(),
        kind: DatasetKind::Plots,
        file: format!("{id}.csv"),
        sha256: "00".repeat(32),
        title: None,
        licence: Some("CC0-1.0".to_owned()),
        attribution: None,
        simulated: true,
        approximate: None,
        accepted,
        rejected: 0,
        personal_columns: vec![("họ tên".to_owned(), 3)],
    })
}

pub fn sighting(plot: &str, x: u8, y: u8, outline: bool, source: RecordRef) -> Event {
    let day = date(2024, 12, 1 + i8::try_from(x % 28).unwrap());
    Event::PlotSighted(Sighting {
        plot: PlotId(plot.to_owned()),
        season: Season::of(day),
        date: day,
        by: SightingSource::ALL[usize::from(y) % SightingSource::ALL.len()],
        position: position(x, y),
        error: (x % 2 == 0).then(|| Metres::new(f64::from(y) + 0.5).unwrap()),
        outline: outline.then(|| square(x, y)),
        stage: GrowthStage::ALL.get(usize::from(x % 8)).copied(),
        source,
    })
}

pub fn measurement(plot: &str, area: f64, source: RecordRef) -> Event {
    Event::PlotMeasured(Measurement {
        plot: PlotId(plot.to_owned()),
        date: date(2025, 2, 20),
        area: SquareMetres::new(area).unwrap(),
        method: AreaMethod::Tape,
        source,
    })
}

pub fn destruction(plot: &str, area: Option<f64>, source: RecordRef) -> Event {
    Event::PlotDestroyed(Destruction {
        plot: PlotId(plot.to_owned()),
        date: date(2025, 2, 21),
        method: Some(DestructionMethod::Uproot),
        area: area.map(|area| SquareMetres::new(area).unwrap()),
        unit: None,
        source,
    })
}

pub fn boundary(code: &str, x: u8, source: RecordRef) -> Event {
    Event::BoundaryDeclared(Boundary {
        key: UnitKey {
            scheme: "gso".to_owned(),
            level: Level::Commune,
            code: code.to_owned(),
            valid_from: date(2020, 1, 1),
        },
        name: format!("Tà Tổng {x}"),
        aliases: vec!["Ta Tong".to_owned()],
        parent: None,
        outline: square(x, x),
        error: Metres::whole(50),
        valid_to: (x % 2 == 0).then(|| date(2025, 7, 1)),
        legal_act: None,
        source,
    })
}

pub fn leg(id: &str, x: u8, source: RecordRef) -> Event {
    let start = time(0);
    Event::LegWalked(PatrolLeg {
        id: id.to_owned(),
        season: Season::of(date(2025, 3, 1)),
        date: date(2025, 3, 1),
        team: Some("T1".to_owned()),
        track: Track(lines(x)),
        walked: (x % 2 == 0)
            .then(|| (start, start + jiff::SignedDuration::from_nanos(5_000_000_001))),
        sweep_width: (x % 3 == 0).then(|| Metres::whole(28)),
        source,
    })
}

pub fn lines(x: u8) -> MultiLineString<f64> {
    let x = 103.0 + f64::from(x) / 100.0;
    MultiLineString(vec![line_string![(x: x, y: 22.0), (x: x + 0.01, y: 22.01)]])
}

/// Any event, with few data sets, records, plots and units to choose from.
pub fn event() -> impl Strategy<Value = Event> {
    let source = (0..2_u8, 0..5_u8)
        .prop_map(|(set, record)| source(["khảo sát", "patrol-2024"][usize::from(set)], record));
    (0..14_u8, 0..4_u8, 0..6_u8, 0..6_u8, any::<bool>(), source).prop_map(
        |(kind, plot, x, y, flag, source)| {
            let id = format!("2024-2025/{plot}");
            let day = date(2025, 2, 10 + i8::try_from(y).unwrap());
            let plot = PlotId(id.clone());
            let area = SquareMetres::new(f64::from(x) * 100.0 + 0.25).unwrap();
            match kind {
                0 => dataset(&source.dataset, u64::from(x % 2)),
                1 => boundary(&format!("0{}", y % 3), x, source),
                2 => Event::BorderLineDeclared(BorderLine {
                    level: Level::Country,
                    name: "Việt Nam – Trung Quốc".to_owned(),
                    sides: ["Việt Nam".to_owned(), "Trung Quốc".to_owned()],
                    line: lines(x),
                    error: Metres::whole(30),
                    valid_from: date(2009, 7, 14),
                    valid_to: None,
                    source,
                }),
                3..=5 => sighting(&id, x, y, flag, source),
                6 => Event::PlotMeasured(Measurement {
                    plot,
                    date: day,
                    area,
                    method: AreaMethod::ALL[usize::from(y)],
                    source,
                }),
                7 => Event::PlotDestroyed(Destruction {
                    plot,
                    date: day,
                    method: DestructionMethod::ALL.get(usize::from(x)).copied().filter(|_| flag),
                    area: flag.then_some(area),
                    unit: Some("E1".to_owned()),
                    source,
                }),
                8 => Event::PlotVerified(Verification {
                    plot,
                    date: day,
                    result: VerificationResult::ALL[usize::from(x) % VerificationResult::ALL.len()],
                    remaining: flag.then_some(area),
                    unit: None,
                    source,
                }),
                9 => Event::PlotRejected(Rejection {
                    plot,
                    date: day,
                    reason: match x % 3 {
                        0 => RejectionReason::NotPoppy,
                        1 => RejectionReason::NotFound,
                        _ => RejectionReason::DuplicateOf(PlotId("2024-2025/9".to_owned())),
                    },
                    source,
                }),
                10 => Event::SiteLinked(SiteLink {
                    plot,
                    site: SiteId(format!("S{}", y % 3)),
                    date: day,
                    rule: "nearest-within-2-sigma/1".to_owned(),
                    source,
                }),
                11 => leg(&format!("L{y}"), x, source),
                12 => Event::SearchedEmpty(EmptySearch {
                    id: format!("E{y}"),
                    season: Season::of(day),
                    date: day,
                    team: None,
                    ground: if flag {
                        SearchedGround::Within(square(x, y))
                    } else {
                        SearchedGround::Around {
                            centre: position(x, y),
                            radius: Metres::whole(200),
                        }
                    },
                    source,
                }),
                _ => Event::OutreachHeld(Outreach {
                    id: format!("O{y}"),
                    season: Season::of(day),
                    date: day,
                    commune: "03434".to_owned(),
                    hamlet: flag.then(|| "bản Nậm Ngà".to_owned()),
                    meetings: u32::from(x),
                    pledges: flag.then_some(u32::from(y)),
                    source,
                }),
            }
        },
    )
}

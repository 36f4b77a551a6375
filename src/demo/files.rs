//! The simulated seasons as files, as an office would send them: Vietnamese headings, dates with
//! the day first, numbers and words that people type, and no column about a person.

use std::fmt::Write;

use geo_types::Coord;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{
    seasons::{Simulated, simulate},
    world::World,
};
use crate::domain::{
    AreaMethod, Destruction, DestructionMethod, EmptySearch, GrowthStage, Measurement, Outreach,
    PatrolLeg, PlotFacts, PlotId, Rejection, RejectionReason, SearchedGround, Season, Sighting,
    SightingSource, SquareMetres, Verification, VerificationResult,
};

/// The seed of the demo that ships.
pub const SEED: u64 = 1670;

/// A file of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFile {
    /// Its name in `data/demo/simulated/`.
    pub name: String,
    /// Its bytes, UTF-8.
    pub text: String,
}

const PLOT_HEADINGS: [&str; 24] = [
    "Mã bản ghi",
    "Thuộc nương",
    "Niên vụ",
    "Huyện",
    "Xã",
    "Ngày phát hiện",
    "Kinh độ",
    "Vĩ độ",
    "Sai số vị trí (m)",
    "Nguồn phát hiện",
    "Giai đoạn",
    "Diện tích (m2)",
    "Cách đo diện tích",
    "Ngày đo",
    "Ngày phá nhổ",
    "Cách phá nhổ",
    "Diện tích phá nhổ (m2)",
    "Đơn vị phá nhổ",
    "Ngày kiểm tra",
    "Kết quả kiểm tra",
    "Diện tích còn lại (m2)",
    "Đơn vị kiểm tra",
    "Ngày loại",
    "Lý do loại",
];
const DUPLICATE_OF: &str = "Trùng với nương";

/// Every file of the simulation: `plots-*.csv` and `plots-outlined-*.geojson` (plots of which an
/// outline was taken), `patrol-tracks-*.geojson`, `empty-searches-*.csv` and `outreach-*.csv`, one
/// of each a season. The same `world` and `seed` give the same bytes.
pub fn files(world: &World, seed: u64) -> Vec<DemoFile> {
    let mut found = Vec::new();
    for season in simulate(world, seed) {
        let mut file = |kind: &str, ending: &str, text: String| {
            found.push(DemoFile { name: format!("{kind}-{}.{ending}", season.season), text });
        };
        if !season.plots.is_empty() {
            let (outlined, plain) = split(&season);
            file("plots", "csv", plot_table(world, &plain));
            file("plots-outlined", "geojson", plot_features(world, &outlined));
        }
        if !season.legs.is_empty() {
            file("patrol-tracks", "geojson", collection(season.legs.iter().map(leg)));
        }
        if !season.empty_searches.is_empty() {
            file("empty-searches", "csv", empty_table(&season.empty_searches));
        }
        if !season.outreach.is_empty() {
            file("outreach", "csv", outreach_table(&season.outreach));
        }
    }
    found
}

type Story<'a> = (&'a PlotId, &'a PlotFacts);

/// Plots of which somebody took an outline, and the others.
fn split(season: &Simulated) -> (Vec<Story<'_>>, Vec<Story<'_>>) {
    season
        .plots
        .iter()
        .map(|(id, facts)| (id, facts))
        .partition(|(_, facts)| facts.sightings.iter().any(|it| it.outline.is_some()))
}

/// One row: at most one fact of each sort.
struct Row<'a> {
    plot: &'a PlotId,
    season: Option<Season>,
    number: usize,
    sighting: Option<&'a Sighting>,
    measurement: Option<&'a Measurement>,
    destruction: Option<&'a Destruction>,
    verification: Option<&'a Verification>,
    rejection: Option<&'a Rejection>,
}

fn rows((plot, facts): Story<'_>) -> impl Iterator<Item = Row<'_>> {
    let count = facts
        .sightings
        .len()
        .max(facts.measurements.len())
        .max(facts.destructions.len())
        .max(facts.verifications.len())
        .max(facts.rejections.len());
    (0..count).map(move |number| Row {
        plot,
        season: facts.sightings.first().map(|it| it.season),
        number,
        sighting: facts.sightings.get(number),
        measurement: facts.measurements.get(number),
        destruction: facts.destructions.get(number),
        verification: facts.verifications.get(number),
        rejection: facts.rejections.get(number),
    })
}

/// The cells of a row under `PLOT_HEADINGS` and `DUPLICATE_OF`, empty where nothing is told.
fn cells(world: &World, row: &Row<'_>) -> Vec<String> {
    let area = |it: Option<SquareMetres>| it.map(|area| format!("{:.0}", area.get()));
    let place = row.sighting.map(|it| it.position.coord());
    let commune = row.sighting.and_then(|it| world.commune_at(it.position.coord(), it.date));
    let (sighting, measured) = (row.sighting, row.measurement);
    let (destroyed, verified, rejected) = (row.destruction, row.verification, row.rejection);
    let measured_on =
        measured.map(|it| it.date).filter(|day| sighting.map(|it| it.date) != Some(*day));
    let cells: Vec<Option<String>> = vec![
        Some(format!("{}/{}", row.plot, row.number + 1)),
        Some(row.plot.to_string()),
        row.season.map(|it| it.to_string()),
        commune.and_then(|it| it.district.clone()),
        commune.map(|it| it.boundary.name.clone()),
        sighting.map(|it| day_first(it.date)),
        place.map(|it| format!("{:.6}", it.x)),
        place.map(|it| format!("{:.6}", it.y)),
        sighting.and_then(|it| it.error).map(|it| format!("{:.0}", it.get())),
        sighting.map(|it| source(it.by).to_owned()),
        sighting.and_then(|it| it.stage).map(|it| stage(it).to_owned()),
        area(measured.map(|it| it.area)),
        measured.map(|it| area_method(it.method).to_owned()),
        measured_on.map(day_first),
        destroyed.map(|it| day_first(it.date)),
        destroyed.and_then(|it| it.method).map(|it| destruction_method(it).to_owned()),
        area(destroyed.and_then(|it| it.area)),
        destroyed.and_then(|it| it.unit.clone()),
        verified.map(|it| day_first(it.date)),
        verified.map(|it| result(it.result).to_owned()),
        area(verified.and_then(|it| it.remaining)),
        verified.and_then(|it| it.unit.clone()),
        rejected.map(|it| day_first(it.date)),
        rejected.map(|it| reason(&it.reason).to_owned()),
        rejected.and_then(|it| match &it.reason {
            RejectionReason::DuplicateOf(other) => Some(other.to_string()),
            RejectionReason::NotPoppy | RejectionReason::NotFound => None,
        }),
    ];
    cells.into_iter().map(Option::unwrap_or_default).collect()
}

fn plot_table(world: &World, plots: &[Story<'_>]) -> String {
    let headings = PLOT_HEADINGS.iter().chain([&DUPLICATE_OF]).map(|it| (*it).to_owned()).collect();
    table(headings, plots.iter().flat_map(|&plot| rows(plot)).map(|row| cells(world, &row)))
}

fn plot_features(world: &World, plots: &[Story<'_>]) -> String {
    collection(plots.iter().flat_map(|&plot| rows(plot)).map(|row| {
        let mut properties = Map::new();
        let headings = PLOT_HEADINGS.iter().chain([&DUPLICATE_OF]);
        for (heading, cell) in headings.zip(cells(world, &row)) {
            // The geometry says where.
            if !cell.is_empty() && !matches!(*heading, "Kinh độ" | "Vĩ độ") {
                properties.insert((*heading).to_owned(), Value::String(cell));
            }
        }
        let geometry = row.sighting.map(|it| match &it.outline {
            None => {
                let place = it.position.coord();
                json!({ "type": "Point", "coordinates": [place.x, place.y] })
            }
            Some(outline) => {
                let rings: Vec<Value> = outline
                    .get()
                    .iter()
                    .map(|polygon| json!(pairs(&polygon.exterior().0, 1e7)))
                    .collect();
                json!({ "type": "Polygon", "coordinates": rings })
            }
        });
        json!({ "type": "Feature", "properties": properties, "geometry": geometry })
    }))
}

fn leg(leg: &PatrolLeg) -> Value {
    let mut properties = Map::new();
    let mut tell = |heading: &str, value: Value| properties.insert(heading.to_owned(), value);
    tell("Mã chặng", json!(leg.id));
    tell("Ngày đi", json!(day_first(leg.date)));
    if let Some((start, end)) = leg.walked {
        let local = |time: jiff::Timestamp| {
            let zoned = time.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(7)));
            zoned.strftime("%Y-%m-%dT%H:%M:%S+07:00").to_string()
        };
        tell("Bắt đầu", json!(local(start)));
        tell("Kết thúc", json!(local(end)));
    }
    if let Some(team) = &leg.team {
        tell("Mã đội", json!(team));
    }
    if let Some(width) = leg.sweep_width {
        tell("Bề rộng rà soát (m)", json!(width.get()));
    }
    let parts: Vec<_> = leg.track.0.iter().map(|part| pairs(&part.0, 1e6)).collect();
    let geometry = match parts.as_slice() {
        [only] => json!({ "type": "LineString", "coordinates": only }),
        _ => json!({ "type": "MultiLineString", "coordinates": parts }),
    };
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

fn empty_table(searches: &[EmptySearch]) -> String {
    let headings = ["Mã", "Ngày rà soát", "Mã đội", "Kinh độ", "Vĩ độ", "Bán kính (m)"];
    let rows = searches.iter().filter_map(|it| match &it.ground {
        SearchedGround::Around { centre, radius } => Some(vec![
            it.id.clone(),
            day_first(it.date),
            it.team.clone().unwrap_or_default(),
            format!("{:.6}", centre.lon()),
            format!("{:.6}", centre.lat()),
            format!("{:.0}", radius.get()),
        ]),
        // The simulation makes no searches within an outline.
        SearchedGround::Within(_) => None,
    });
    table(headings.map(str::to_owned).to_vec(), rows)
}

fn outreach_table(meetings: &[Outreach]) -> String {
    let headings = ["Mã", "Ngày tuyên truyền", "Mã xã", "Bản", "Số buổi", "Số cam kết"];
    let rows = meetings.iter().map(|it| {
        vec![
            it.id.clone(),
            day_first(it.date),
            it.commune.clone(),
            it.hamlet.clone().unwrap_or_default(),
            it.meetings.to_string(),
            it.pledges.map(|pledges| pledges.to_string()).unwrap_or_default(),
        ]
    });
    table(headings.map(str::to_owned).to_vec(), rows)
}

/// CSV with a byte order mark, without which Excel garbles Vietnamese. No cell of ours holds a
/// comma, a quotation mark or a line end.
fn table(headings: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::from("\u{feff}");
    for row in std::iter::once(headings).chain(rows) {
        text.push_str(&row.join(","));
        text.push('\n');
    }
    text
}

/// One feature a line, so that a change shows which one changed.
fn collection(features: impl Iterator<Item = Value>) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
    for (number, feature) in features.enumerate() {
        let comma = if number == 0 { "" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(text, "{comma}\n{feature}");
    }
    text.push_str("\n]}\n");
    text
}

fn pairs(coords: &[Coord<f64>], per_degree: f64) -> Vec<[f64; 2]> {
    let round = |x: f64| (x * per_degree).round() / per_degree;
    coords.iter().map(|it| [round(it.x), round(it.y)]).collect()
}

fn day_first(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// The words that people type; [`std::str::FromStr`] of each type reads them back.
const fn source(source: SightingSource) -> &'static str {
    match source {
        SightingSource::Sweep => "truy quét",
        SightingSource::Stationed => "cắm bản",
        SightingSource::Commune => "xã báo",
        SightingSource::Tip => "tin báo",
        SightingSource::Drone => "flycam",
        SightingSource::Satellite => "vệ tinh",
        SightingSource::Neighbour => "giáp ranh",
        SightingSource::Unknown => "không rõ",
    }
}

const fn stage(stage: GrowthStage) -> &'static str {
    match stage {
        GrowthStage::Seedling => "cây con",
        GrowthStage::Rosette => "lá",
        GrowthStage::Stem => "vươn ngồng",
        GrowthStage::Flower => "ra hoa",
        GrowthStage::Capsule => "có quả",
        GrowthStage::Lanced => "đã rạch",
    }
}

const fn area_method(method: AreaMethod) -> &'static str {
    match method {
        AreaMethod::Tape => "đo thước",
        AreaMethod::DroneOrtho => "ảnh flycam",
        AreaMethod::GpsPolygon => "gps",
        AreaMethod::Outline => "đường bao",
        AreaMethod::Satellite => "vệ tinh",
        AreaMethod::Plants => "đếm cây",
        AreaMethod::Pace => "bước chân",
        AreaMethod::Eye => "ước lượng",
        AreaMethod::Unknown => "không rõ",
    }
}

const fn destruction_method(method: DestructionMethod) -> &'static str {
    match method {
        DestructionMethod::Uproot => "phá nhổ",
        DestructionMethod::Slash => "phát",
        DestructionMethod::Herbicide => "phun thuốc",
        DestructionMethod::Burn => "đốt",
        DestructionMethod::OwnHand => "tự phá nhổ",
        DestructionMethod::Other => "khác",
    }
}

const fn result(result: VerificationResult) -> &'static str {
    match result {
        VerificationResult::Complete => "sạch",
        VerificationResult::Partial => "một phần",
        VerificationResult::Regrown => "tái mọc",
        VerificationResult::NotDone => "chưa phá",
        VerificationResult::NotFound => "không thấy",
    }
}

const fn reason(reason: &RejectionReason) -> &'static str {
    match reason {
        RejectionReason::NotPoppy => "không phải thuốc phiện",
        RejectionReason::NotFound => "không tìm thấy",
        RejectionReason::DuplicateOf(_) => "trùng lặp",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read_back() {
        fn same<T: std::str::FromStr + PartialEq + Copy>(all: &[T], word: fn(T) -> &'static str) {
            assert!(all.iter().all(|&it| word(it).parse().ok() == Some(it)));
        }
        same(SightingSource::ALL, source);
        same(GrowthStage::ALL, stage);
        same(AreaMethod::ALL, area_method);
        same(DestructionMethod::ALL, destruction_method);
        same(VerificationResult::ALL, result);
    }
}

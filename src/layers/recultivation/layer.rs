//! recultivation: cleared ground, and whether poppy came back to it.
//!
//! One feature a plot that was cleared in an earlier season. See analysis/recultivation for what a
//! place, a return and a search are; the figures about the whole are in `recultivation_figures`.

use std::sync::Arc;

use geo_types::{Point, Rect};

use super::{cleared::Cleared, figures::figures};
use crate::{
    analysis::recultivation::{DISTANCE, Return},
    domain::{Language, Season, Text},
    layers::{
        Features, Figure, GeometryKind, Layer, LayerError, LayerFeature, LayerQuery, Parameter,
        Property, Refusal, Shape, Value, ValueKind,
        say::{count, day, measure, number, property, text, told, unit},
        scope::Scope,
        shared_properties::{DAY, REASON_EN, REASON_VI, SIMULATED},
        table::{Row, Table, answers_from_table},
        wanted::wanted,
    },
    snapshot::Snapshot,
};

/// The layer.
pub struct Recultivation;

/// The farthest that two plots may be apart and be called one place, metres.
const MOST_DISTANCE: f64 = 5000.0;

const PROPERTIES: &[Property] = &[
    property("plot", ValueKind::Text, ("Nương", "Plot"), (
        "Mã nương đã phá.",
        "The id of the plot that was cleared.",
    )),
    property("site", ValueKind::Text, ("Điểm", "Site"), (
        "Mã điểm qua các niên vụ; rỗng nếu chưa gắn.",
        "The place over all seasons; empty where it is linked to none.",
    )),
    property("season", ValueKind::Text, ("Niên vụ hỏi", "Season asked"), (
        "Niên vụ mà câu hỏi tái trồng nói tới.",
        "The season in which it is asked whether poppy came back.",
    )),
    DAY,
    property("commune", ValueKind::Text, ("Xã khi đó", "Commune then"), (
        "Tên xã theo ranh giới có hiệu lực vào ngày của chính nương ấy.",
        "The commune by the boundaries in force on the plot's own date.",
    )),
    property("commune_code", ValueKind::Text, ("Mã xã", "Commune's code"), ("Mã xã.", "The commune's code.")),
    property("cleared_season", ValueKind::Text, ("Niên vụ đã phá", "Season cleared"), (
        "Niên vụ mà nương bị phá nhổ.",
        "The season in which it was cleared.",
    )),
    property("destroyed_on", ValueKind::Date, ("Ngày phá nhổ", "Destroyed on"), (
        "Ngày phá nhổ sau cùng được báo.",
        "The last claimed destruction.",
    )),
    property("seasons_since", ValueKind::Integer, ("Số niên vụ từ khi phá", "Seasons since"), (
        "Số niên vụ từ niên vụ đã phá đến niên vụ hỏi.",
        "Seasons from the one in which it was cleared to the one asked.",
    )),
    property("state", ValueKind::Text, ("Tình trạng", "State"), (
        "returned: đã tìm lại và có nương; returned-unsearched: có nương nhưng không ghi nhận lần tìm nào, \
         không tính vào tỷ lệ; clear: đã tìm lại, không thấy; unknown: không ghi nhận ai tìm lại, chưa biết; \
         returned-before: đã tái trồng ở niên vụ trước đó.",
        "returned: searched again, and poppy was there; returned-unsearched: poppy was there but no search is \
         recorded, not in the rate; clear: searched again, none found; unknown: no search is recorded; \
         returned-before: poppy came back in an earlier season already.",
    ))
    .one_of(&["returned", "returned-unsearched", "clear", "unknown", "returned-before"]),
    property("searched_again", ValueKind::Bool, ("Đã tìm lại", "Searched again"), (
        "Trong niên vụ hỏi có đường tuần tra đi qua trong nửa bề rộng quét (cộng 2 σ), hoặc lần tìm không thấy \
         phủ lên chỗ này; trống nếu niên vụ không có dữ liệu rà soát.",
        "In the season asked a track passed within half its sweep width (and 2 sigma), or an empty search covers \
         the place; empty where the season has no effort data.",
    )),
    property("came_back", ValueKind::Bool, ("Tái trồng", "Came back"), (
        "Có nương trên chỗ này trong niên vụ hỏi hay trước đó; trống nếu chưa biết.",
        "There was a plot on the place by the season asked; empty where nobody knows.",
    )),
    property("returned_season", ValueKind::Text, ("Niên vụ tái trồng", "Season of return"), (
        "Niên vụ đầu tiên có nương trở lại.",
        "The first later season with a plot on the place.",
    )),
    property("returned_plot", ValueKind::Text, ("Nương tái trồng", "Plot that came back"), (
        "Mã nương đó; gần nhất nếu có nhiều.",
        "The id of that plot, the nearest of several.",
    )),
    property("distance_m", ValueKind::Real, ("Khoảng cách", "Distance"), (
        "Từ mép đến mép nương đó (giữa hai điểm nếu không có đường bao).",
        "Edge to edge to that plot (between points where no outline is known).",
    ))
    .in_unit("m"),
    property("overlap_m2", ValueKind::Real, ("Phần chồng lấn", "Overlap"), (
        "Phần đất đã phá mà các nương của niên vụ đó nằm lên; trống nếu không có đường bao.",
        "The cleared ground under the plots of that season; empty where outlines are not known.",
    ))
    .in_unit("m2"),
    property("overlap_share", ValueKind::Real, ("Tỷ lệ chồng lấn", "Share overlapped"), (
        "Phần chồng lấn trên diện tích đã phá.",
        "The overlap as a share of the cleared ground.",
    )),
    property("last_searched", ValueKind::Text, ("Lần tìm lại cuối", "Last searched"), (
        "Niên vụ cuối cùng có người tìm lại chỗ này; trống nếu chưa có lần nào.",
        "The last season in which somebody looked at the place again; empty where nobody did.",
    )),
    SIMULATED,
    REASON_VI,
    REASON_EN,
];

/// What is known of a cleared plot in the season asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Returned,
    ReturnedUnsearched,
    Clear,
    Unknown,
    ReturnedBefore,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::ReturnedUnsearched => "returned-unsearched",
            Self::Clear => "clear",
            Self::Unknown => "unknown",
            Self::ReturnedBefore => "returned-before",
        }
    }
}

struct ClearedRow {
    cleared: Arc<Cleared>,
    scope: Scope,
    distance: f64,
    at: usize,
}

fn season_name(year: i32) -> String {
    let season = i16::try_from(year).ok().and_then(|year| Season::starting(year).ok());
    season.map_or_else(|| year.to_string(), |season| season.to_string())
}

impl ClearedRow {
    fn state(&self) -> State {
        let year = self.cleared.year();
        let looked = self.cleared.looked(self.at, year);
        match self.cleared.returns[self.at] {
            Some(back) if back.season < year => State::ReturnedBefore,
            Some(_) if looked => State::Returned,
            Some(_) => State::ReturnedUnsearched,
            None if looked => State::Clear,
            None => State::Unknown,
        }
    }

    /// What is known of the place, and in which commune it lay on the plot's own date: the
    /// boundaries on the map may be of another.
    fn sentence(
        &self,
        state: State,
        back: Option<Return>,
        commune: &Value<'_>,
        language: Language,
    ) -> String {
        let known = self.known(state, back, language);
        match (commune, language) {
            (Value::Text(name), Language::Vi) => {
                format!("{known} Xã vào ngày phát hiện nương: {name}.")
            }
            (Value::Text(name), Language::En) => {
                format!("{known} Commune on the plot's own date: {name}.")
            }
            _ => known,
        }
    }

    fn known(&self, state: State, back: Option<Return>, language: Language) -> String {
        let cleared = season_name(self.cleared.year_of(self.at));
        let asked = self.scope.season;
        let near = number(self.distance, 0, language);
        let away = back.map_or_else(String::new, |back| number(back.metres, 0, language));
        let when = back.map_or_else(String::new, |back| season_name(back.season));
        match (state, language) {
            (State::Returned, Language::Vi) => format!(
                "Đã phá ở niên vụ {cleared}; niên vụ {asked} có người tìm lại và có nương cách {away} m."
            ),
            (State::Returned, Language::En) => format!(
                "Cleared in {cleared}; searched again in {asked}, and there was a plot again {away} m away."
            ),
            (State::ReturnedUnsearched, Language::Vi) => format!(
                "Đã phá ở niên vụ {cleared}; niên vụ {asked} lại có nương cách {away} m, nhưng không ghi nhận \
                 lần tìm nào ở đây nên không tính vào tỷ lệ."
            ),
            (State::ReturnedUnsearched, Language::En) => format!(
                "Cleared in {cleared}; in {asked} there was a plot again {away} m away, but no search of the \
                 place is recorded, so that it is not in the rate."
            ),
            (State::Clear, Language::Vi) => format!(
                "Đã phá ở niên vụ {cleared}; niên vụ {asked} có người tìm lại, không thấy nương nào trong {near} m."
            ),
            (State::Clear, Language::En) => format!(
                "Cleared in {cleared}; searched again in {asked}, and no plot was found within {near} m."
            ),
            (State::Unknown, Language::Vi) => format!(
                "Đã phá ở niên vụ {cleared}; niên vụ {asked} không ghi nhận ai tìm lại: chưa biết có tái trồng hay không."
            ),
            (State::Unknown, Language::En) => format!(
                "Cleared in {cleared}; no search of the place is recorded in {asked}: whether poppy came back is unknown."
            ),
            (State::ReturnedBefore, Language::Vi) => format!(
                "Đã phá ở niên vụ {cleared}; đã tái trồng từ niên vụ {when}, cách {away} m."
            ),
            (State::ReturnedBefore, Language::En) => {
                format!("Cleared in {cleared}; poppy came back in {when} already, {away} m away.")
            }
        }
    }
}

impl Row for ClearedRow {
    fn draw<'s>(&self, snapshot: &'s Snapshot) -> LayerFeature<'s> {
        let (cleared, at) = (&self.cleared, self.at);
        let id = cleared.number(at);
        let back = cleared.returns[at];
        let state = self.state();
        let view = snapshot.plot(id);
        let plot = view.map(|view| view.plot);
        let place = plot.map_or(Point::new(0.0, 0.0), |plot| Point(plot.position.coord()));
        let [commune, code] =
            unit(snapshot, view.and_then(|it| snapshot.units_of(it, None).commune));
        let returned = back.and_then(|back| snapshot.plot(cleared.number(back.plot)));
        let overlap = back.and_then(|back| back.overlap);
        let looked = cleared.effort.then(|| cleared.looked(at, cleared.year()));
        let came_back = match state {
            State::Returned | State::ReturnedUnsearched | State::ReturnedBefore => Some(true),
            State::Clear => Some(false),
            State::Unknown => None,
        };
        let known = |value: Option<bool>| value.map_or(Value::Null, Value::Bool);
        let [vi, en] = [Language::Vi, Language::En]
            .map(|language| self.sentence(state, back, &commune, language));
        LayerFeature {
            id,
            shape: Shape::Point(place),
            values: vec![
                plot.map_or(Value::Null, |plot| text(&plot.id.0)),
                plot.and_then(|plot| plot.site.as_ref()).map_or(Value::Null, |site| text(&site.0)),
                told(self.scope.season.to_string()),
                day(Some(self.scope.day)),
                commune,
                code,
                told(season_name(cleared.year_of(at))),
                day(plot.and_then(|plot| plot.destroyed_on)),
                count(u64::from((cleared.year() - cleared.year_of(at)).unsigned_abs())),
                text(state.word()),
                known(looked),
                known(came_back),
                back.map_or(Value::Null, |back| told(season_name(back.season))),
                returned.map_or(Value::Null, |view| text(&view.plot.id.0)),
                measure(back.map(|back| back.metres), 1),
                measure(overlap.map(|it| it.area), 1),
                measure(overlap.map(|it| it.share), 4),
                cleared.last_looked(at).map_or(Value::Null, |year| told(season_name(year))),
                Value::Bool(cleared.simulated),
                told(vi),
                told(en),
            ],
        }
    }
}

/// The distance that was asked for.
pub(super) fn distance(query: &LayerQuery) -> Result<f64, LayerError> {
    let asked = query.choices.distance.unwrap_or(DISTANCE);
    if asked > 0.0 && asked <= MOST_DISTANCE {
        return Ok(asked);
    }
    Err(LayerError::Parameter {
        parameter: "distance",
        reason: Refusal::new(
            format!("{asked} m: chọn trên 0 và tối đa {MOST_DISTANCE}, ví dụ 30"),
            format!("{asked} m: ask for more than 0 and at most {MOST_DISTANCE}, such as 30"),
        ),
    })
}

/// What is known of cleared ground, kept with the snapshot.
pub(super) fn cleared(
    snapshot: &Snapshot,
    query: &LayerQuery,
    scope: Scope,
    distance: f64,
) -> Result<Arc<Cleared>, LayerError> {
    let key = format!("cleared {:?} {} {} {distance}", query.since, scope.season, scope.day);
    wanted(snapshot, &query.asker, &key, Cleared::bytes, || {
        Cleared::of(snapshot, query, scope, distance)
    })
}

impl Recultivation {
    #[expect(clippy::unused_self, reason = "as every layer over a table has it")]
    fn table(
        &self,
        snapshot: &Snapshot,
        query: &LayerQuery,
    ) -> Result<Option<Arc<Table<ClearedRow>>>, LayerError> {
        let distance = distance(query)?;
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(None) };
        let all = cleared(snapshot, query, scope, distance)?;
        let key =
            format!("recultivation {:?} {} {} {distance}", query.since, scope.season, scope.day);
        Ok(Some(snapshot.memo().get_or_make_weighed(key, Table::bytes, || {
            let rows = (0..all.len()).filter(|at| all.cleared_before(*at)).filter_map(|at| {
                let coord = snapshot.plot(all.number(at))?.plot.position.coord();
                let row = ClearedRow { cleared: Arc::clone(&all), scope, distance, at };
                Some((Rect::new(coord, coord), row))
            });
            Table::drawn(snapshot, rows)
        })))
    }
}

impl Layer for Recultivation {
    fn id(&self) -> &'static str {
        "recultivation"
    }

    fn title(&self) -> Text {
        Text::new("Tái trồng", "Re-cultivation")
    }

    fn description(&self) -> Text {
        Text::new(
            "Nương đã phá ở các niên vụ trước: niên vụ này có ai tìm lại chỗ đó không, có tái trồng không, cách bao xa. \
             Chỗ không ai tìm lại là chưa biết, không tính vào mẫu số của tỷ lệ.",
            "Plots cleared in earlier seasons: did anybody look at the place again in this one, did poppy come back, \
             how far away? Places that nobody looked at are unknown and in no denominator.",
        )
    }

    fn geometry(&self) -> GeometryKind {
        GeometryKind::Point
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[
            Parameter::Seasons,
            Parameter::Datetime,
            Parameter::Distance(&[]),
            Parameter::Permutations,
            Parameter::Seed,
        ]
    }

    fn summary(&self, snapshot: &Snapshot, query: &LayerQuery) -> Result<Vec<Figure>, LayerError> {
        let distance = distance(query)?;
        let Some(scope) = Scope::of(snapshot, query)? else { return Ok(Vec::new()) };
        let all = cleared(snapshot, query, scope, distance)?;
        figures(snapshot, query, &all, distance)
    }

    answers_from_table!();
}

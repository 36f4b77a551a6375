//! What a plot says of itself, in plots and plot-outlines.

use jiff::civil::Date;

use crate::{
    domain::{Level, RejectionReason, SquareMetres},
    layers::{
        LayerQuery, Property, Value, ValueKind,
        say::{count, day, measure, property, text, told},
        scope::{held, horizon},
        shared_properties::{MADE_UP, SEASON},
    },
    snapshot::{Atlas, PlotView, Snapshot, UnitRef},
};

pub(super) const PROPERTIES: &[Property] = &[
    property("plot", ValueKind::Text, ("Nương", "Plot"), (
        "Mã nương; trống khi nhiều nương gộp thành một điểm ở tỷ lệ nhỏ.",
        "The plot's id; empty where several are merged into one point at a small scale.",
    )),
    SEASON,
    property("plots", ValueKind::Integer, ("Số nương", "Plots"), (
        "Số nương mà điểm này đại diện: 1, hoặc nhiều hơn khi gộp.",
        "How many plots this point stands for: 1, or more where merged.",
    )),
    property("state", ValueKind::Text, ("Tình trạng", "State"), (
        "Tình trạng vào ngày hỏi; khi gộp: tình trạng cần hành động nhất.",
        "Where it stands on the day asked; where merged: the state that asks most for action.",
    ))
    .one_of(&["reported", "confirmed", "late", "destroyed", "verified", "lost", "rejected"]),
    property("kind", ValueKind::Text, ("Loại", "Kind"), (
        "new: trồng mới; recultivated: tái trồng; known: chỗ cũ chưa rõ đã phá; unlinked: chưa nối với chỗ nào.",
        "new; recultivated: one was destroyed there in an earlier season; known: an old place, not known \
         to be destroyed; unlinked: linked to no place.",
    ))
    .one_of(&["new", "recultivated", "known", "unlinked"]),
    property("area_m2", ValueKind::Real, ("Diện tích", "Area"), (
        "Diện tích theo phương pháp tin cậy nhất; khi gộp: tổng các diện tích đã biết; trống nếu chưa ai đo.",
        "By the best-ranked method; where merged: the known sum; empty where nobody measured.",
    ))
    .in_unit("m2"),
    property("area_method", ValueKind::Text, ("Cách đo", "Method"), (
        "Cách đo diện tích.",
        "How the area was measured.",
    ))
    .one_of(&[
        "tape", "drone-ortho", "gps-polygon", "outline", "satellite", "plants", "pace", "eye",
        "unknown",
    ]),
    property("reported_on", ValueKind::Date, ("Ngày phát hiện", "Reported on"), (
        "Lần phát hiện đầu tiên.",
        "The first sighting.",
    )),
    property("confirmed_on", ValueKind::Date, ("Ngày xác nhận", "Confirmed on"), (
        "Lần đầu có người đến tận nơi.",
        "The first sighting by somebody who stood there.",
    )),
    property("lancing_on", ValueKind::Date, ("Ngày có thể rạch nhựa", "Lancing from"), (
        "Sớm nhất có thể rạch nhựa.",
        "When it can be lanced at the earliest.",
    )),
    property("lancing_assumed", ValueKind::Bool, ("Ngày rạch giả định", "Lancing assumed"), (
        "Theo lịch chung, không theo giai đoạn sinh trưởng đã thấy.",
        "By the deployment's calendar and not from a stage that was seen.",
    )),
    property("days_to_lancing", ValueKind::Integer, ("Số ngày đến khi rạch", "Days to lancing"), (
        "Số ngày từ ngày hỏi (trong niên vụ) đến ngày có thể rạch nhựa; âm là đã qua. Có nghĩa khi nương còn đứng.",
        "Days from the day asked (inside the season) to the lancing date; negative: past. Meaningful while it stands.",
    ))
    .in_unit("d"),
    property("destroyed_on", ValueKind::Date, ("Ngày phá nhổ", "Destroyed on"), (
        "Lần phá nhổ cuối theo báo cáo.",
        "The last claimed destruction.",
    )),
    property("destroyed_m2", ValueKind::Real, ("Diện tích đã phá", "Area destroyed"), (
        "Diện tích đã phá nhổ theo báo cáo.",
        "The area claimed as destroyed.",
    ))
    .in_unit("m2"),
    property("verified_on", ValueKind::Date, ("Ngày xác minh", "Verified on"), (
        "Ngày đơn vị khác xác minh đã phá.",
        "When another unit verified the destruction.",
    )),
    property("remaining_m2", ValueKind::Real, ("Diện tích còn đứng", "Still standing"), (
        "Diện tích còn đứng vào ngày hỏi; trống nếu không ai đo.",
        "The ground that still stands on the day asked; null where nobody measured.",
    ))
    .in_unit("m2"),
    property("stage", ValueKind::Text, ("Giai đoạn", "Stage"), (
        "Giai đoạn sinh trưởng thấy lần cuối.",
        "The last growth stage seen.",
    ))
    .one_of(&["seedling", "rosette", "stem", "flower", "capsule", "lanced"]),
    property("source", ValueKind::Text, ("Nguồn tin", "Source"), (
        "Lần đầu được biết bằng cách nào.",
        "How it first became known.",
    ))
    .one_of(&[
        "sweep", "stationed", "commune", "tip", "drone", "satellite", "neighbour", "unknown",
    ]),
    property("site", ValueKind::Text, ("Chỗ", "Site"), (
        "Mã chỗ qua các niên vụ; rỗng nếu chưa nối.",
        "The place over all seasons; empty while linked to none.",
    )),
    property("rejection", ValueKind::Text, ("Lý do loại", "Rejection"), (
        "Vì sao bị loại; rỗng nếu không bị loại.",
        "Why it was rejected; empty where it was not.",
    ))
    .one_of(&["not-poppy", "duplicate-of", "not-found"]),
    property("commune", ValueKind::Text, ("Xã", "Commune"), (
        "Xã vào ngày phát hiện, hoặc vào ngày `units_on`; trống nếu ngoài mọi xã; rỗng nếu khi đó không có cấp này.",
        "The commune on its date, or on `units_on`; null outside of all; an empty text where that level did not exist.",
    )),
    property("commune_code", ValueKind::Text, ("Mã xã", "Commune code"), (
        "Mã xã.",
        "Its code.",
    )),
    property("district", ValueKind::Text, ("Huyện", "District"), (
        "Huyện, như xã; rỗng từ 1/7/2025.",
        "The district, as the commune; an empty text since 1 July 2025.",
    )),
    property("district_code", ValueKind::Text, ("Mã huyện", "District code"), (
        "Mã huyện.",
        "Its code.",
    )),
    property("province", ValueKind::Text, ("Tỉnh", "Province"), (
        "Tỉnh, như xã.",
        "The province, as the commune.",
    )),
    property("province_code", ValueKind::Text, ("Mã tỉnh", "Province code"), (
        "Mã tỉnh.",
        "Its code.",
    )),
    property("settled", ValueKind::Text, ("Cách xác định", "Settled by"), (
        "Cách xác định đơn vị nhỏ nhất.",
        "How the narrowest unit was settled.",
    ))
    .one_of(&["inside", "edge", "overlap", "gap", "outside", "no-boundaries"]),
    property("line_m", ValueKind::Real, ("Cách đường giáp ranh", "Distance to the nearest line"), (
        "Khoảng cách đến đường giáp ranh gần nhất.",
        "How far the nearest shared line is.",
    ))
    .in_unit("m"),
    property("line_level", ValueKind::Text, ("Cấp của đường", "Level of the line"), (
        "Cấp mà đường đó phân chia.",
        "The level that line parts.",
    ))
    .one_of(&["country", "province", "district", "commune"]),
    property("line_sides", ValueKind::Text, ("Hai bên đường", "Sides of the line"), (
        "Hai đơn vị có chung đường đó.",
        "The two units that share that line.",
    )),
    property("on_the_line", ValueKind::Bool, ("Nằm trên đường", "On the line"), (
        "Gần đường hơn sai số: không ai nói được thuộc bên nào.",
        "Nearer than the error of both: nobody can tell on which side.",
    )),
    property("error_m", ValueKind::Real, ("Sai số vị trí", "Position error"), (
        "Sai số (1 σ mỗi trục) của vị trí.",
        "1 σ per axis of the position.",
    ))
    .in_unit("m"),
    property("error_assumed", ValueKind::Bool, ("Sai số giả định", "Error assumed"), (
        "Sai số mặc định theo nguồn tin.",
        "The source's default and not a measured one.",
    )),
    property("outlined", ValueKind::Bool, ("Có đường bao", "Outlined"), (
        "Có đường bao trong lớp plot-outlines.",
        "There is an outline in plot-outlines.",
    )),
    MADE_UP,
    property("dataset", ValueKind::Text, ("Bộ dữ liệu", "Data set"), (
        "Bộ dữ liệu của vị trí.",
        "The data set of the position.",
    )),
];

/// What of a question concerns single plots.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// States and dates are those of this day. Area, stage and position are what is known now, and
    /// of several destructions the last one counts: `as_of` tells what was known then.
    pub(super) day: Date,
    pub(super) units_on: Option<Date>,
}

impl Asked {
    pub(super) fn of(query: &LayerQuery) -> Self {
        Self { day: horizon(query), units_on: query.units_on }
    }

    /// Whether the question is about this plot: reported by then, and in its interval. A plot
    /// holds from its report to the end of its season.
    pub(super) fn about(self, query: &LayerQuery, view: &PlotView<'_>) -> bool {
        view.plot.reported_on <= self.day
            && held(query, view.plot.reported_on, Some(view.plot.season.last_day()))
    }

    fn by(self, date: Option<Date>) -> Option<Date> {
        date.filter(|date| *date <= self.day)
    }

    fn atlas<'s>(self, snapshot: &'s Snapshot, view: &PlotView<'_>) -> Option<&'s Atlas> {
        snapshot.atlas_on(self.units_on.unwrap_or(view.plot.reported_on))
    }
}

/// Whether any of [`values`] is null, for less than making them.
pub(super) fn incomplete(snapshot: &Snapshot, view: &PlotView<'_>, asked: Asked) -> bool {
    let plot = view.plot;
    let destroyed = asked.by(plot.destroyed_on);
    if plot.area.is_none()
        || plot.stage.is_none()
        || asked.by(plot.confirmed_on).is_none()
        || destroyed.is_none()
        || plot.destroyed_area.is_none()
        || plot.remaining_on(asked.day).is_none()
        || asked.by(plot.verified_on).is_none()
        || view.on_grid().is_none()
    {
        return true;
    }
    let Some(atlas) = asked.atlas(snapshot, view) else { return true };
    let units = snapshot.units_of(*view, asked.units_on);
    let of_level = [
        (Level::Commune, units.commune),
        (Level::District, units.district),
        (Level::Province, units.province),
    ];
    of_level.iter().any(|(level, unit)| unit.is_none() && atlas.units(*level).len() > 0)
        || Level::ALL.iter().all(|level| atlas.lines(*level).is_empty())
}

/// The values of one plot, in the order of [`PROPERTIES`].
pub(super) fn values<'s>(
    snapshot: &'s Snapshot,
    view: PlotView<'s>,
    asked: Asked,
) -> Vec<Value<'s>> {
    let plot = view.plot;
    let atlas = asked.atlas(snapshot, &view);
    let units = snapshot.units_of(view, asked.units_on);
    let unit = |level: Level, unit: Option<UnitRef>| -> [Value<'s>; 2] {
        match unit.map(|unit| snapshot.unit(unit)) {
            Some(unit) => [text(unit.name()), text(unit.code())],
            None if atlas.is_none_or(|atlas| atlas.units(level).len() == 0) => [text(""), text("")],
            None => [Value::Null, Value::Null],
        }
    };
    let [commune, commune_code] = unit(Level::Commune, units.commune);
    let [district, district_code] = unit(Level::District, units.district);
    let [province, province_code] = unit(Level::Province, units.province);
    let lines = snapshot.lines_of(view, asked.units_on);
    let line = lines.iter().min_by(|a, b| a.metres.total_cmp(&b.metres));
    let sides = line.map(|line| line.sides.map(|side| side.unwrap_or("?")).join(" – "));
    let destroyed_on = asked.by(plot.destroyed_on);
    let today = plot.season.clamp(asked.day);
    let rejection = plot.rejected.as_ref().filter(|(date, _)| *date <= asked.day);
    let rejection = match rejection.map(|(_, reason)| reason) {
        None => "",
        Some(RejectionReason::NotPoppy) => "not-poppy",
        Some(RejectionReason::DuplicateOf(_)) => "duplicate-of",
        Some(RejectionReason::NotFound) => "not-found",
    };
    vec![
        text(&plot.id.0),
        told(plot.season.to_string()),
        count(1),
        plot.state_on(asked.day).map_or(Value::Null, |state| text(state.word())),
        text(snapshot.kind_of(view).word()),
        measure(plot.area.map(SquareMetres::get), 1),
        plot.area_method.map_or(Value::Null, |method| text(method.word())),
        Value::Date(plot.reported_on),
        day(asked.by(plot.confirmed_on)),
        Value::Date(plot.lancing_on),
        Value::Bool(plot.lancing_assumed),
        Value::Integer(i64::from((plot.lancing_on - today).get_days())),
        day(destroyed_on),
        measure(destroyed_on.and(plot.destroyed_area).map(SquareMetres::get), 1),
        day(asked.by(plot.verified_on)),
        measure(plot.remaining_on(asked.day).map(SquareMetres::get), 1),
        plot.stage.map_or(Value::Null, |stage| text(stage.word())),
        text(plot.first_source.word()),
        text(plot.site.as_ref().map_or("", |site| site.0.as_str())),
        text(rejection),
        commune,
        commune_code,
        district,
        district_code,
        province,
        province_code,
        text(units.settled.word()),
        measure(line.map(|line| line.metres), 1),
        line.map_or(Value::Null, |line| text(line.level.word())),
        sides.map_or(Value::Null, told),
        line.map_or(Value::Null, |line| Value::Bool(line.on_the_line)),
        measure(plot.error.get(), 1),
        Value::Bool(plot.error_assumed),
        Value::Bool(plot.outline.is_some()),
        Value::Bool(snapshot.dataset(&plot.dataset).is_some_and(|set| set.simulated)),
        text(&plot.dataset),
    ]
}

//! The fields of patrols: legs, and searches that found nothing.

use super::place::{LAT, LON, WKT, X, Y};
use crate::ingest::fields::{FieldSpec, What, field, required};

const TEAM: FieldSpec = field(
    "team",
    What::Code,
    "mã tổ, đội (không phải tên người)",
    "code of the team (never a name)",
    &["team", "tổ", "đội", "mã tổ", "mã đội", "tổ công tác", "team_code", "unit", "đơn vị"],
);

/// Chặng tuần tra.
pub const TRACKS: &[FieldSpec] = &[
    field(
        "id",
        What::Code,
        "mã chặng",
        "id of the leg",
        &["id", "mã", "mã chặng", "leg", "leg_id", "uuid"],
    ),
    field(
        "date",
        What::Date,
        "ngày đi",
        "the day",
        &["date", "ngày", "ngày đi", "ngày tuần tra", "patrol_date"],
    ),
    field(
        "start",
        What::Time,
        "giờ bắt đầu",
        "start",
        &["start", "start_time", "bắt đầu", "giờ bắt đầu", "time_start", "begin", "started"],
    ),
    field(
        "end",
        What::Time,
        "giờ kết thúc",
        "end",
        &["end", "end_time", "kết thúc", "giờ kết thúc", "time_end", "ended"],
    ),
    TEAM,
    field(
        "sweep_width",
        What::Metres,
        "bề rộng rà soát hiệu dụng (m)",
        "effective sweep width (m)",
        &["sweep_width", "bề rộng rà soát", "width"],
    ),
    WKT,
];

/// Rà soát không phát hiện.
pub const EMPTY_SEARCHES: &[FieldSpec] = &[
    field("id", What::Code, "mã bản ghi", "id of the record", &["id", "mã", "uuid"]),
    required(field(
        "date",
        What::Date,
        "ngày rà soát",
        "the day",
        &["date", "ngày", "ngày rà soát", "searched_on"],
    )),
    TEAM,
    LON,
    LAT,
    X,
    Y,
    WKT,
    field(
        "radius",
        What::Metres,
        "bán kính đã rà soát quanh điểm (m)",
        "how far around the point they looked (m)",
        &["radius", "bán kính", "bk"],
    ),
];

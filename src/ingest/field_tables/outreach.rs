//! The fields of outreach.

use crate::ingest::fields::{FieldSpec, What, field, required};

/// Tuyên truyền.
pub const OUTREACH: &[FieldSpec] = &[
    field("id", What::Code, "mã bản ghi", "id of the record", &["id", "mã", "uuid"]),
    required(field(
        "date",
        What::Date,
        "ngày tuyên truyền",
        "the day",
        &["date", "ngày", "ngày họp", "ngày tuyên truyền", "held_on"],
    )),
    required(field(
        "commune",
        What::Code,
        "mã xã, dạng chữ",
        "code of the commune as text",
        &["commune", "mã xã", "commune_code", "commune_id", "ward_code", "xã"],
    )),
    field(
        "hamlet",
        What::Text,
        "tên bản, thôn",
        "name of the hamlet",
        &["hamlet", "bản", "thôn", "tên bản", "tên thôn", "village", "bản/thôn"],
    ),
    required(field(
        "meetings",
        What::Count,
        "số buổi tuyên truyền",
        "meetings held",
        &["meetings", "số buổi", "số buổi tuyên truyền", "số cuộc", "số cuộc họp"],
    )),
    field(
        "pledges",
        What::Count,
        "số cam kết đã ký (chỉ đếm)",
        "pledges signed (a count)",
        &["pledges", "cam kết", "số cam kết", "ký cam kết", "số hộ ký cam kết", "pledges_signed"],
    ),
];

//! The fields of plots.

use super::place::{LAT, LON, WKT, X, Y};
use crate::ingest::fields::{FieldSpec, What, field};

/// Words of [`crate::domain::SightingSource`].
pub const SOURCES: &[&str] =
    &["sweep", "stationed", "commune", "tip", "drone", "satellite", "neighbour", "unknown"];
/// Words of [`crate::domain::GrowthStage`].
pub const STAGES: &[&str] = &["seedling", "rosette", "stem", "flower", "capsule", "lanced"];
/// Words of [`crate::domain::AreaMethod`].
pub const AREA_METHODS: &[&str] = &[
    "tape",
    "drone-ortho",
    "gps-polygon",
    "outline",
    "satellite",
    "plants",
    "pace",
    "eye",
    "unknown",
];
/// Words of [`crate::domain::DestructionMethod`].
pub const DESTRUCTION_METHODS: &[&str] = &["uproot", "slash", "herbicide", "burn", "self", "other"];
/// Words of [`crate::domain::VerificationResult`].
pub const RESULTS: &[&str] = &["complete", "partial", "regrown", "not-done", "not-found"];
/// Words of [`crate::domain::RejectionReason`].
const REJECTIONS: &[&str] = &["not-poppy", "not-found", "duplicate"];

/// Nương.
pub const PLOTS: &[FieldSpec] = &[
    field(
        "id",
        What::Code,
        "mã của bản ghi tại nơi gửi; nhập lại cùng mã là cập nhật",
        "the sender's id of the record; the same id again is an update",
        &[
            "id",
            "mã",
            "mã nương",
            "mã điểm",
            "mã số",
            "mã bản ghi",
            "số hiệu",
            "uuid",
            "_uuid",
            "record_id",
            "globalid",
            "code",
        ],
    ),
    field(
        "plot",
        What::Code,
        "nương mà bản ghi nói tới, khi khác với mã",
        "the plot that the record tells about, where that is not its id",
        &["plot", "plot_id", "thuộc nương", "mã nương gốc", "nương"],
    ),
    field(
        "date",
        What::Date,
        "ngày phát hiện",
        "the day of the sighting",
        &[
            "date",
            "ngày phát hiện",
            "ngày",
            "ngày ghi nhận",
            "ngày báo",
            "ngày khảo sát",
            "reported_on",
            "sighted_on",
            "found_on",
            "detected_on",
            "date_found",
            "date_reported",
            "survey_date",
            "AcquiDate",
            "acq_date",
            "acquisition_date",
        ],
    ),
    LON,
    LAT,
    X,
    Y,
    WKT,
    field(
        "error",
        What::Metres,
        "sai số vị trí (1σ mỗi trục, m)",
        "error of the position (1 σ per axis, m)",
        &[
            "error",
            "sai số",
            "sai số vị trí",
            "sigma",
            "độ chính xác",
            "accuracy",
            "gps_accuracy",
            "gps_error",
            "_gps_precision",
        ],
    ),
    field(
        "source",
        What::Words(SOURCES),
        "nguồn phát hiện",
        "how the plot became known",
        &["source", "nguồn", "nguồn tin", "nguồn phát hiện", "sighting_source"],
    ),
    field(
        "stage",
        What::Words(STAGES),
        "giai đoạn sinh trưởng",
        "growth stage",
        &["stage", "growth_stage", "giai đoạn", "giai đoạn sinh trưởng", "tình trạng cây"],
    ),
    field(
        "season",
        What::Season,
        "niên vụ, ví dụ 2018-2019",
        "season, such as 2018-2019",
        &["season", "niên vụ", "mùa vụ", "vụ"],
    ),
    field(
        "site",
        What::Code,
        "mã địa điểm qua nhiều niên vụ",
        "id of the place over several seasons",
        &["site", "site_id", "mã địa điểm"],
    ),
    field(
        "area",
        What::Area,
        "diện tích đo được",
        "measured area",
        &["area", "diện tích", "dt", "diện tích nương", "diện tích phát hiện", "diện tích đo"],
    ),
    field(
        "area_method",
        What::Words(AREA_METHODS),
        "cách đo diện tích",
        "how the area was measured",
        &["area_method", "cách đo", "cách đo diện tích", "phương pháp đo"],
    ),
    field(
        "measured_on",
        What::Date,
        "ngày đo (nếu khác ngày phát hiện)",
        "the day of the measurement, where not that of the sighting",
        &["measured_on", "ngày đo", "ngày đo diện tích"],
    ),
    field(
        "plants",
        What::Count,
        "số cây; chỉ để kiểm tra diện tích, không lưu",
        "number of plants; only checks the area, not stored",
        &["plants", "plant_count", "số cây"],
    ),
    field(
        "destroyed_on",
        What::Date,
        "ngày phá nhổ",
        "the day of the destruction",
        &[
            "destroyed_on",
            "ngày phá nhổ",
            "ngày phá",
            "ngày triệt phá",
            "ngày tiêu hủy",
            "date_destroyed",
            "destruction_date",
            "eradicated_on",
        ],
    ),
    field(
        "destruction_method",
        What::Words(DESTRUCTION_METHODS),
        "cách phá nhổ",
        "how it was destroyed",
        &["destruction_method", "cách phá nhổ", "hình thức phá nhổ", "phương pháp phá nhổ"],
    ),
    field(
        "destroyed_area",
        What::Area,
        "diện tích phá nhổ; bỏ trống là toàn bộ",
        "area destroyed; empty means all of it",
        &[
            "destroyed_area",
            "diện tích phá nhổ",
            "diện tích đã phá",
            "diện tích đã phá nhổ",
            "dt phá nhổ",
            "area_destroyed",
        ],
    ),
    field(
        "destroyed_by",
        What::Code,
        "mã đơn vị phá nhổ (không phải tên người)",
        "code of the unit that destroyed it (never a name)",
        &["destroyed_by", "đơn vị phá nhổ", "destruction_unit"],
    ),
    field(
        "verified_on",
        What::Date,
        "ngày kiểm tra lại",
        "the day of the verification",
        &[
            "verified_on",
            "ngày kiểm tra",
            "ngày phúc tra",
            "ngày nghiệm thu",
            "ngày xác minh",
            "verification_date",
        ],
    ),
    field(
        "verification_result",
        What::Words(RESULTS),
        "kết quả kiểm tra lại",
        "what the verification found",
        &["verification_result", "kết quả", "kết quả kiểm tra", "kết quả phúc tra", "result"],
    ),
    field(
        "remaining_area",
        What::Area,
        "diện tích còn lại",
        "area that still stands",
        &["remaining_area", "diện tích còn lại", "còn lại"],
    ),
    field(
        "verified_by",
        What::Code,
        "mã đơn vị kiểm tra, khác đơn vị phá nhổ",
        "code of the unit that verified, never the one that destroyed",
        &["verified_by", "đơn vị kiểm tra", "đơn vị phúc tra", "verification_unit"],
    ),
    field(
        "rejected_on",
        What::Date,
        "ngày loại",
        "the day on which it was found to be no plot",
        &["rejected_on", "ngày loại", "ngày loại bỏ"],
    ),
    field(
        "rejection_reason",
        What::Words(REJECTIONS),
        "lý do loại",
        "why it is no plot",
        &["rejection_reason", "lý do loại", "lý do loại bỏ"],
    ),
    field(
        "duplicate_of",
        What::Code,
        "trùng với nương nào",
        "of which plot it is a duplicate",
        &["duplicate_of", "trùng với", "trùng với nương"],
    ),
];

//! The tables of fields, one a kind: names, meanings, headings that are guessed.

use super::fields::{FieldSpec, What, field, of_level, required};
use crate::domain::Level;

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
/// Words of [`Level`].
pub const LEVELS: &[&str] = &["country", "province", "district", "commune"];

const LON: FieldSpec = field(
    "lon",
    What::Longitude,
    "kinh độ, độ thập phân",
    "longitude, decimal degrees east",
    &["lon", "long", "longitude", "lng", "kinh độ", "kinh độ (E)", "gps_lon", "_gps_longitude"],
);
const LAT: FieldSpec = field(
    "lat",
    What::Latitude,
    "vĩ độ, độ thập phân",
    "latitude, decimal degrees north",
    &["lat", "latitude", "vĩ độ", "vĩ độ (N)", "gps_lat", "_gps_latitude"],
);
const X: FieldSpec = field(
    "x",
    What::East,
    "tọa độ hướng đông (m); bản đồ Việt Nam thường gọi là Y",
    "coordinate to the east (m); Vietnamese maps often call it Y",
    &["x", "easting", "east", "tọa độ x", "x_coord", "point_x", "đông", "e"],
);
const Y: FieldSpec = field(
    "y",
    What::North,
    "tọa độ hướng bắc (m); bản đồ Việt Nam thường gọi là X",
    "coordinate to the north (m); Vietnamese maps often call it X",
    &["y", "northing", "north", "tọa độ y", "y_coord", "point_y", "bắc", "n"],
);
const WKT: FieldSpec = field(
    "wkt",
    What::Wkt,
    "hình dạng viết theo WKT",
    "geometry as WKT",
    &["wkt", "geometry_wkt", "wkt_geom", "geom", "geometry", "the_geom", "hình học"],
);

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

/// Địa giới.
pub const BOUNDARIES: &[FieldSpec] = &[
    field(
        "level",
        What::Words(LEVELS),
        "cấp: tỉnh, huyện, xã",
        "level: country, province, district, commune",
        &["level", "cấp", "admin_level"],
    ),
    field(
        "scheme",
        What::Text,
        "hệ mã, ví dụ gso",
        "who hands out the codes, such as gso",
        &["scheme", "hệ mã", "code_scheme"],
    ),
    of_level(
        required(field(
            "code",
            What::Code,
            "mã đơn vị hành chính, dạng chữ (giữ số 0 ở đầu)",
            "code of the unit as text, leading zeros kept",
            &["code", "mã", "mã đơn vị", "gso_code", "id"],
        )),
        &[
            (Level::Country, &["A3", "iso_a3", "iso3", "adm0_a3", "adm0_pcode"]),
            (Level::Province, &["mã tỉnh", "province_code", "level1_id", "province_id"]),
            (Level::District, &["mã huyện", "district_code", "level2_id", "district_id"]),
            (
                Level::Commune,
                &["mã xã", "ward_code", "commune_code", "level3_id", "ward_id", "commune_id"],
            ),
        ],
    ),
    of_level(
        field(
            "name",
            What::Text,
            "tên đơn vị; bỏ trống thì lấy mã",
            "name of the unit; empty: its code",
            &["name", "tên", "tên đơn vị"],
        ),
        &[
            (Level::Country, &["tên nước", "country", "admin"]),
            (Level::Province, &["tên tỉnh", "province_vn", "tỉnh", "province_name"]),
            (Level::District, &["tên huyện", "district_vn", "huyện", "district_name"]),
            (
                Level::Commune,
                &["tên xã", "commune_vn", "ward_name", "commune_name", "xã", "ward", "phường"],
            ),
        ],
    ),
    field(
        "aliases",
        What::Text,
        "tên khác, cách nhau bằng dấu ;",
        "other spellings, parted by ;",
        &["aliases", "alias", "tên khác", "nameEn", "name_en"],
    ),
    of_level(
        field(
            "parent",
            What::Code,
            "mã đơn vị cấp trên",
            "code of the unit above",
            &["parent", "parent_code", "mã cấp trên"],
        ),
        &[
            (Level::District, &["mã tỉnh", "province_code", "level1_id", "province_id"]),
            (
                Level::Commune,
                &[
                    "mã huyện",
                    "district_code",
                    "level2_id",
                    "district_id",
                    "mã tỉnh",
                    "province_code",
                ],
            ),
        ],
    ),
    of_level(
        field(
            "parent_name",
            What::Text,
            "tên đơn vị cấp trên; chỉ để kiểm tra, không lưu",
            "name of the unit above; only checks, not stored",
            &["parent_name", "tên cấp trên"],
        ),
        &[
            (Level::District, &["tên tỉnh", "province_vn", "level1_name", "tỉnh"]),
            (Level::Commune, &["tên huyện", "district_vn", "level2_name", "huyện"]),
        ],
    ),
    field(
        "valid_from",
        What::Date,
        "ngày bắt đầu có hiệu lực",
        "the first day in force",
        &["valid_from", "hiệu lực từ", "ngày hiệu lực", "từ ngày"],
    ),
    field(
        "valid_to",
        What::Date,
        "ngày đầu tiên không còn hiệu lực",
        "the first day no longer in force",
        &["valid_to", "hết hiệu lực", "ngày hết hiệu lực", "đến ngày"],
    ),
    field(
        "legal_act",
        What::Text,
        "văn bản pháp lý",
        "the legal act",
        &["legal_act", "văn bản", "nghị quyết"],
    ),
    field(
        "error",
        What::Metres,
        "sai số đường ranh (1σ, m)",
        "error of the lines (1 σ, m)",
        &["error", "sai số"],
    ),
    WKT,
];

/// Đường biên giới.
pub const BORDER_LINES: &[FieldSpec] = &[
    field("id", What::Code, "mã đường", "id of the line", &["id", "mã", "code"]),
    field("name", What::Text, "tên đường", "name of the line", &["name", "tên"]),
    field(
        "level",
        What::Words(LEVELS),
        "cấp mà đường ngăn cách; bỏ trống là quốc gia",
        "what the line parts; empty: country",
        &["level", "cấp"],
    ),
    required(field(
        "side_a",
        What::Text,
        "đơn vị bên này",
        "the unit on this side",
        &["side_a", "a", "bên a", "left"],
    )),
    required(field(
        "side_b",
        What::Text,
        "đơn vị bên kia",
        "the unit on the other side",
        &["side_b", "b", "bên b", "right"],
    )),
    field(
        "valid_from",
        What::Date,
        "ngày bắt đầu có hiệu lực",
        "the first day in force",
        &["valid_from", "hiệu lực từ", "ngày hiệu lực", "từ ngày"],
    ),
    field(
        "valid_to",
        What::Date,
        "ngày đầu tiên không còn hiệu lực",
        "the first day no longer in force",
        &["valid_to", "hết hiệu lực", "đến ngày"],
    ),
    field(
        "error",
        What::Metres,
        "sai số đường ranh (1σ, m)",
        "error of the line (1 σ, m)",
        &["error", "sai số"],
    ),
    WKT,
];

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

//! The fields of boundaries and of border lines.

use super::place::WKT;
use crate::{
    domain::Level,
    ingest::fields::{FieldSpec, What, field, of_level, required},
};

/// Words of [`Level`].
pub const LEVELS: &[&str] = &["country", "province", "district", "commune"];

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

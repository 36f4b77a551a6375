//! Properties that several layers say in the same words.

use super::{Property, ValueKind, say::property};

pub(super) const SEASON: Property =
    property("season", ValueKind::Text, ("Niên vụ", "Season"), ("Niên vụ.", "The season."));

pub(super) const DAY: Property = property(
    "day",
    ValueKind::Date,
    ("Tính đến ngày", "As of"),
    ("Ngày cuối cùng được tính.", "The last day that counts."),
);

pub(super) const UNMEASURED: Property = property(
    "unmeasured",
    ValueKind::Integer,
    ("Nương chưa đo", "Plots of unknown area"),
    ("Số nương chưa ai đo diện tích.", "Plots among them whose area nobody measured."),
);

pub(super) const DATASET: Property = property(
    "dataset",
    ValueKind::Text,
    ("Bộ dữ liệu", "Data set"),
    ("Bộ dữ liệu gốc.", "The data set it came from."),
);

/// Of a fact: it is made up itself.
pub(super) const MADE_UP: Property = property(
    "simulated",
    ValueKind::Bool,
    ("Mô phỏng", "Simulated"),
    ("Dữ liệu mô phỏng.", "Made up by a program."),
);

/// Of an answer: some of what it is made of is made up.
pub(super) const SIMULATED: Property = property(
    "simulated",
    ValueKind::Bool,
    ("Mô phỏng", "Simulated"),
    ("Có dữ liệu mô phỏng.", "Simulated data are in it."),
);

pub(super) const REASON_VI: Property = property(
    "reason_vi",
    ValueKind::Text,
    ("Lý do", "Reason in Vietnamese"),
    ("Vì sao, trong một câu.", "Why, in a sentence of Vietnamese."),
);

pub(super) const REASON_EN: Property = property(
    "reason_en",
    ValueKind::Text,
    ("Lý do bằng tiếng Anh", "Reason"),
    ("Vì sao, một câu tiếng Anh.", "Why, in a sentence."),
);

pub(super) const CELL: Property = property(
    "cell",
    ValueKind::Text,
    ("Ô", "Cell"),
    (
        "Mã cố định của ô (hệ toạ độ, kích thước, cột, hàng) hoặc mã xã.",
        "The permanent id of the cell (CRS, size, column, row), or the commune's code.",
    ),
);

pub(super) const CELL_NAME: Property = property(
    "name",
    ValueKind::Text,
    ("Tên", "Name"),
    ("Tên xã; rỗng với ô lưới.", "The commune's name; empty for a grid cell."),
);

pub(super) const CELL_GROUND: Property =
    property("ground", ValueKind::Text, ("Mặt đất", "Ground"), (
        "boundaries: phần ô nằm trong các xã; around-facts: không có địa giới, lấy các ô quanh dữ liệu.",
        "boundaries: the cell's part of the communes; around-facts: no boundaries, cells around the data.",
    ))
    .one_of(&["boundaries", "around-facts"]);

pub(super) const CELL_GROUND_M2: Property = property(
    "ground_m2",
    ValueKind::Real,
    ("Diện tích đất", "Ground"),
    ("Diện tích của ô trong phạm vi.", "The cell's ground."),
)
.in_unit("m2");

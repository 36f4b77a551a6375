//! What commune-summary says, property by property.

use crate::layers::{
    Property, ValueKind,
    say::property,
    shared_properties::{DAY, SEASON, SIMULATED},
};

const fn plots(
    name: &'static str,
    title: (&'static str, &'static str),
    description: (&'static str, &'static str),
) -> Property {
    property(name, ValueKind::Integer, title, description)
}

const fn area(
    name: &'static str,
    title: (&'static str, &'static str),
    description: (&'static str, &'static str),
) -> Property {
    property(name, ValueKind::Real, title, description).in_unit("m2")
}

const fn share(
    name: &'static str,
    title: (&'static str, &'static str),
    description: (&'static str, &'static str),
) -> Property {
    property(name, ValueKind::Real, title, description).in_unit("1")
}

pub(super) const PROPERTIES: &[Property] = &[
    property("name", ValueKind::Text, ("Xã", "Commune"), ("Tên xã.", "The commune's name.")),
    property(
        "code",
        ValueKind::Text,
        ("Mã", "Code"),
        ("Mã xã, dạng chữ.", "The commune's code as text."),
    ),
    SEASON,
    DAY,
    plots(
        "plots",
        ("Nương phát hiện", "Plots reported"),
        ("Số nương phát hiện, không kể nương bị loại.", "Plots reported, rejected ones left out."),
    ),
    plots(
        "unmeasured",
        ("Nương chưa đo", "Plots of unknown area"),
        (
            "Số nương chưa ai đo diện tích: không nằm trong tỷ lệ nào.",
            "Plots among them whose area nobody measured: in no share.",
        ),
    ),
    area(
        "area_m2",
        ("Diện tích phát hiện", "Area reported"),
        (
            "Tổng diện tích đã biết; trống nếu có nương mà chưa ai đo.",
            "The known area; empty where there are plots and nobody measured any.",
        ),
    ),
    plots(
        "destroyed_plots",
        ("Nương đã phá nhổ", "Plots destroyed"),
        (
            "Số nương đã phá nhổ theo báo cáo của đơn vị phá, chưa mọc lại.",
            "Plots destroyed as the destroying unit claims, not seen standing again.",
        ),
    ),
    plots(
        "destroyed_unmeasured",
        ("Đã phá, chưa đo", "Destroyed, of unknown area"),
        ("Trong đó chưa rõ diện tích.", "Those among them of unknown area."),
    ),
    area(
        "destroyed_m2",
        ("Diện tích đã phá nhổ", "Area destroyed"),
        (
            "Diện tích đã phá nhổ theo báo cáo: tử số của claimed_share.",
            "The area claimed as destroyed: the numerator of claimed_share.",
        ),
    ),
    plots(
        "verified_plots",
        ("Nương đã xác minh", "Plots verified"),
        (
            "Số nương mà đơn vị khác đã xác minh là phá xong, toàn bộ hay một phần.",
            "Plots whose destruction another unit has verified, whole or in part.",
        ),
    ),
    plots(
        "verified_unmeasured",
        ("Xác minh, chưa đo", "Verified, of unknown area"),
        ("Trong đó chưa rõ diện tích.", "Those among them of unknown area."),
    ),
    area(
        "verified_m2",
        ("Diện tích đã xác minh", "Area verified"),
        (
            "Diện tích đã xác minh: tử số của verified_share.",
            "The verified area: the numerator of verified_share.",
        ),
    ),
    plots(
        "in_time_plots",
        ("Nương phá đúng hạn", "Plots destroyed in time"),
        (
            "Số nương phá (ít nhất một phần) không muộn hơn ngày có thể rạch nhựa.",
            "Plots destroyed, at least in part, on or before the lancing date.",
        ),
    ),
    plots(
        "in_time_unmeasured",
        ("Đúng hạn, chưa đo", "In time, of unknown area"),
        ("Trong đó chưa rõ diện tích.", "Those among them of unknown area."),
    ),
    area(
        "in_time_m2",
        ("Diện tích phá đúng hạn", "Area destroyed in time"),
        (
            "Diện tích phá không muộn hơn ngày có thể rạch nhựa: tử số của in_time_share.",
            "The area destroyed on or before the lancing date: the numerator of in_time_share.",
        ),
    ),
    share(
        "claimed_share",
        ("Tỷ lệ phá nhổ", "Claimed share"),
        (
            "destroyed_m2 / measured_m2; trống nếu không có gì để chia.",
            "destroyed_m2 / measured_m2; empty where there is nothing to divide.",
        ),
    ),
    share(
        "verified_share",
        ("Tỷ lệ đã xác minh", "Verified share"),
        (
            "verified_m2 / measured_m2; trống nếu không có gì để chia.",
            "verified_m2 / measured_m2; empty where there is nothing to divide.",
        ),
    ),
    share(
        "in_time_share",
        ("Tỷ lệ đúng hạn", "In-time share"),
        (
            "in_time_m2 / measured_m2; trống nếu không có gì để chia.",
            "in_time_m2 / measured_m2; empty where there is nothing to divide.",
        ),
    ),
    area(
        "measured_m2",
        ("Diện tích đã đo", "Measured area"),
        (
            "Mẫu số của ba tỷ lệ: tổng diện tích các nương đã đo.",
            "The denominator of the three shares: the area of all measured plots.",
        ),
    ),
    plots(
        "recultivated",
        ("Tái trồng", "Re-cultivated"),
        (
            "Số nương trên đất đã phá nhổ ở niên vụ trước.",
            "Plots on ground where one was destroyed in an earlier season.",
        ),
    ),
    share(
        "searched_share",
        ("Tỷ lệ rà soát", "Searched share"),
        (
            "searched_m2 / ground_m2; trống nếu niên vụ không có dữ liệu rà soát.",
            "searched_m2 / ground_m2; empty where the season has no effort data.",
        ),
    ),
    area(
        "searched_m2",
        ("Diện tích rà soát hiệu quả", "Effectively searched"),
        (
            "Xã chia theo lưới ô vuông 1 km: tổng diện tích từng phần nhân xác suất phát hiện tính riêng \
             cho phần đó; đường đi và nơi đã tìm ở xã bên cạnh không được tính.",
            "The commune cut into squares of 1 km: sum over these pieces of ground times the probability \
             of detection from effort inside the piece; none of a neighbour's counts.",
        ),
    ),
    area(
        "ground_m2",
        ("Diện tích đất", "Ground"),
        ("Diện tích xã trên lưới.", "The commune's ground on the grid."),
    ),
    property(
        "visited",
        ValueKind::Bool,
        ("Đã tuyên truyền", "Visited"),
        (
            "Có họp hoặc ký cam kết trong niên vụ; trống nếu niên vụ không có số liệu tuyên truyền.",
            "A meeting or pledges in the season; empty where the season has no outreach data.",
        ),
    ),
    plots("meetings", ("Số buổi họp", "Meetings"), ("Số buổi họp đã tổ chức.", "Meetings held.")),
    plots(
        "pledges",
        ("Số cam kết", "Pledges"),
        (
            "Số bản cam kết đã ký; trống nếu không ai đếm.",
            "Pledges signed; empty where nobody counted.",
        ),
    ),
    plots(
        "pledges_uncounted",
        ("Lần không đếm", "Entries without a count"),
        (
            "Số lần tuyên truyền không cho biết số cam kết.",
            "Entries of outreach that do not tell how many pledges were signed.",
        ),
    ),
    plots(
        "hamlets",
        ("Số bản", "Hamlets"),
        ("Số bản có tên đã đến.", "Hamlets visited that are named."),
    ),
    plots(
        "communes_visited",
        ("Số xã đã đến", "Communes visited"),
        ("Số xã đã tuyên truyền trong cả địa bàn.", "Communes visited in the whole area."),
    ),
    plots(
        "communes",
        ("Tổng số xã", "Communes"),
        ("Tổng số xã trong cả địa bàn.", "Communes in the whole area."),
    ),
    plots(
        "plots_elsewhere",
        ("Nương ngoài mọi xã", "Plots in no commune"),
        ("Số nương của niên vụ nằm ngoài mọi xã.", "Plots of the season that lie in no commune."),
    ),
    SIMULATED,
];

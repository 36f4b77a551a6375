//! What hotspots says of a cell, property by property, in the order of the values in
//! [`super::map`].

use super::{
    measured::MEASURED,
    question::{METHODS, NULLS},
    trend::{SEASONS_HOT, SEASONS_TESTED, TREND, TREND_P},
};
use crate::{
    analysis::chance::{significance::Adjust, tally::Tail},
    layers::{
        Property, ValueKind,
        say::property,
        shared_properties::{
            CELL, CELL_GROUND, CELL_GROUND_M2, CELL_NAME, DAY, REASON_EN, REASON_VI, SEASON,
            SIMULATED, UNMEASURED,
        },
    },
};

pub(super) const PROPERTIES: &[Property] = &[
    CELL,
    CELL_NAME,
    SEASON,
    DAY,
    property("class", ValueKind::Text, ("Phân loại", "Class"), (
        "Điểm nóng hoặc điểm lạnh ở mức 99, 95, 90 % sau khi kiểm soát nhiều phép thử \
         (`adjust`, từng mức riêng, chỉ các mức không vượt `alpha`); với Moran: nơi cao giữa các nơi thấp, \
         nơi thấp giữa các nơi cao; không; chưa biết; hoặc chưa rà soát.",
        "Hot or cold at the 99, 95, 90 % level after control of many tests (`adjust`, each level by \
         itself, only levels within `alpha`); of Moran also high among low and low among high; none; \
         unknown; or not surveyed.",
    ))
    .one_of(&[
        "hot-99", "hot-95", "hot-90", "none", "cold-90", "cold-95", "cold-99", "high-low", "low-high",
        "unknown", "not-surveyed",
    ]),
    property("status", ValueKind::Text, ("Tình trạng phép thử", "Status of the test"), (
        "tested: đã thử; few: dưới 30 ô, đọc thận trọng; constant: mọi ô như nhau; too-few: dưới 3 ô; \
         saturated: mọi ô đều là lân cận; island: không có ô lân cận; at-mean: bằng trung bình; \
         absent: không có nương (chỉ với join-counts); unknown-value: chưa biết giá trị; \
         not-surveyed: chưa rà soát; \
         no-data: niên vụ không có dữ liệu rà soát và không có phát hiện, không thử gì.",
        "tested; few: under 30 cells, read with care; constant: all cells alike; too-few: under 3 cells; \
         saturated: every cell is a neighbour; island: no neighbour; at-mean: exactly the mean; \
         absent: no plot in it (join counts only); unknown-value; not-surveyed; \
         no-data: the season has neither effort data nor sightings, and nothing is tested.",
    ))
    .one_of(&[
        "tested", "few", "constant", "too-few", "saturated", "island", "at-mean", "absent",
        "unknown-value", "not-surveyed", "no-data",
    ]),
    property("surveyed", ValueKind::Bool, ("Đã rà soát", "Surveyed"), (
        "Có chặng tuần tra từ 200 m, lần tìm không thấy, hoặc phát hiện trong niên vụ; \
         trống nếu niên vụ không có dữ liệu rà soát.",
        "A leg of at least 200 m, an empty search or a sighting in the season; \
         empty where the season has no effort data.",
    )),
    property("domain", ValueKind::Text, ("Phạm vi", "Domain"), (
        "surveyed: chỉ ô đã rà soát; assumed_all: có phát hiện mà không có dữ liệu rà soát, \
         coi như mọi ô được rà soát; no-data: không có cả hai.",
        "surveyed: surveyed cells only; assumed_all: sightings but no effort data, \
         every cell taken as surveyed; no-data: neither.",
    ))
    .one_of(&["surveyed", "assumed_all", "no-data"]),
    CELL_GROUND,
    CELL_GROUND_M2,
    property("count", ValueKind::Integer, ("Số nương", "Plots"), (
        "Số nương trong ô, xã hoặc huyện, theo vị trí; trống nếu chưa rà soát.",
        "Plots in the cell, commune or district, by position; empty where nobody surveyed.",
    )),
    UNMEASURED,
    property("area_m2", ValueKind::Real, ("Diện tích nương", "Area of plots"), (
        "Tổng diện tích đã biết; đường bao nằm trên nhiều ô, xã hoặc huyện thì chia theo phần.",
        "The known area here; outlines across cells, communes or districts are shared out.",
    ))
    .in_unit("m2"),
    property("neighbourhood", ValueKind::Integer, ("Nương trong vùng", "Plots in the neighbourhood"), (
        "Số nương ở đây và ở các lân cận đã rà soát.",
        "Plots here and in its surveyed neighbours.",
    )),
    property("searched_km2", ValueKind::Real, ("Diện tích đã rà soát", "Ground searched"), (
        "Diện tích ở đây nhân với xác suất đã thấy một nương nếu có; trống nếu chưa rà soát, rà soát dưới 1 %, hoặc không vết tuần tra nào cho biết.",
        "The ground here times the chance that a plot there would have been found; empty where nobody surveyed, under 1 % was searched, or no track tells.",
    ))
    .in_unit("km2"),
    property("rate", ValueKind::Real, ("Nương trên km² đã rà soát", "Plots per km² searched"), (
        "Số nương do rà soát tìm thấy ở đây chia cho diện tích đã rà soát: tỷ lệ thô, không dùng để xếp hạng.",
        "Plots found by search here over the ground searched: raw, ranks nothing.",
    )),
    property("rate_low", ValueKind::Real, ("Đầu dưới của tỷ lệ", "Low end of the rate"), (
        "Khoảng tin cậy chính xác 95 % (Garwood).",
        "Of its exact 95 % interval (Garwood).",
    )),
    property("rate_high", ValueKind::Real, ("Đầu trên của tỷ lệ", "High end of the rate"), (
        "Khoảng tin cậy chính xác 95 % (Garwood).",
        "Of its exact 95 % interval (Garwood).",
    )),
    property("searched_around_km2", ValueKind::Real, ("Diện tích đã rà soát quanh đây", "Ground searched around"), (
        "Diện tích đã rà soát ở đây và ở các lân cận; với tỷ lệ theo Gi và Moran: chỉ ở các lân cận.",
        "The ground searched here and in its neighbours; of rates by Gi and Moran in its neighbours alone.",
    ))
    .in_unit("km2"),
    property("plots_searched", ValueKind::Integer, ("Nương trên đất đã rà soát", "Plots on searched ground"), (
        "Số nương do rà soát tìm thấy trên diện tích ấy (nguồn là truy quét, hoặc không rõ nguồn).",
        "Plots that search found on that ground (known from a sweep, or nobody said how).",
    )),
    property("expected", ValueKind::Real, ("Nương theo mức rà soát", "Plots by search alone"), (
        "Số nương mà đất đã rà soát ấy sẽ có nếu mọi nơi đã rà soát đều như nhau; trống nếu không biết đã rà soát bao nhiêu.",
        "The plots that this searched ground would hold if all searched ground were alike; empty where it is not known \
         how much was searched.",
    )),
    property("neighbours", ValueKind::Integer, ("Số lân cận", "Neighbours"), (
        "Số ô, xã hoặc huyện lân cận đã rà soát.",
        "Surveyed neighbours.",
    )),
    property("gi_z", ValueKind::Real, ("Gi* z", "Gi* z"), (
        "Độ lớn của hiệu ứng (Ord và Getis 1995); không dùng để suy ra p; trống với phương pháp khác Gi và Gi*.",
        "The effect size (Ord and Getis 1995); no p is read off it; empty for methods other than Gi and Gi*.",
    )),
    property("p", ValueKind::Real, ("p (nhiều)", "p (many)"), (
        "Phần số bản đồ xáo trộn có nhiều như thế hoặc hơn trong vùng (với Moran: giống lân cận như thế hoặc hơn); với tỷ \
         lệ: xác suất của bằng ấy nương hoặc hơn trên đất đã rà soát, khi tỷ lệ các ô khác nhau chỉ do ngẫu nhiên (gamma-Poisson).",
        "The share of shuffled maps with as much or more around (of Moran: as like its neighbours or more); of rates \
         the chance of as many plots or more on the ground searched, where rates differ from cell to cell by chance \
         (gamma-Poisson).",
    )),
    property("p_low", ValueKind::Real, ("p (ít)", "p (few)"), (
        "Như p, của ít như thế hoặc ít hơn (với Moran: khác lân cận như thế hoặc hơn).",
        "As p, of as little or less (of Moran: as unlike its neighbours or more).",
    )),
    property("q", ValueKind::Real, ("q", "q"), (
        "Tỷ lệ nhỏ nhất mà ở đó ô này là một phát hiện, sau khi hiệu chỉnh (`adjust`) p của phía đã cho phân loại; \
         không có phân loại thì của phía được hỏi (`tail`).",
        "The smallest rate at which the cell is a find after `adjust`: of the side that its class claims, without \
         a class of the side that `tail` asks.",
    )),
    property("occupied", ValueKind::Bool, ("Có nương", "Occupied"), (
        "Ở chính đây có nương; nơi không có nương vẫn có thể là điểm nóng vì các nơi quanh nó.",
        "There is a plot here itself; a place without one may be hot for its neighbours.",
    )),
    property("tested", ValueKind::Integer, ("Số phép thử", "Tests"), (
        "Số ô, xã hoặc huyện đã rà soát, tức số phép thử.",
        "Surveyed cells, communes or districts, which is the number of tests.",
    )),
    property("permutations", ValueKind::Integer, ("Số lần xáo trộn", "Permutations"), (
        "Số bản đồ xáo trộn; trống với tỷ lệ, vì không xáo trộn.",
        "Shuffled maps; empty of rates, for which none is shuffled.",
    )),
    property("seed", ValueKind::Integer, ("Hạt giống", "Seed"), (
        "Hạt giống: cùng hạt giống thì cùng kết quả.",
        "The seed: the same one gives the same answer.",
    )),
    property("alpha", ValueKind::Real, ("alpha", "alpha"), (
        "Tỷ lệ phát hiện sai.",
        "The false-discovery rate.",
    )),
    property("method", ValueKind::Text, ("Phương pháp", "Method"), (
        "Gi*, Gi, Moran cục bộ hoặc đếm cặp cục bộ.",
        "Gi*, Gi, local Moran or local join counts.",
    ))
    .one_of(METHODS),
    property("weights", ValueKind::Text, ("Lân cận", "Neighbourhood"), (
        "Ai là lân cận của ai: queen (chung điểm), rook (chung cạnh), knn:8, band:3000 (mét).",
        "Who is whose neighbour: queen (a point in common), rook (an edge), knn:8, band:3000 (metres).",
    )),
    property("compared", ValueKind::Text, ("Giá trị so sánh", "What is compared"), (
        "Số nương; diện tích đã biết (m²); có hay không; hoặc số nương trên mỗi km² đã rà soát, chuẩn hoá theo \
         diện tích ấy.",
        "Plots; their known area (m²); whether there is any; or plots per km² of ground searched, standardised for \
         how much that is.",
    ))
    .one_of(MEASURED),
    property("null", ValueKind::Text, ("Cách xáo trộn", "Null"), (
        "total: xáo trộn tất cả; conditional: ô giữ nguyên, xáo trộn các ô khác; gamma-poisson (luôn luôn với tỷ lệ): tỷ lệ \
         các ô khác nhau theo phân bố gamma, không phụ thuộc lân cận.",
        "total: all are shuffled; conditional: the cell stays, the others are shuffled; gamma-poisson (always of \
         rates): rates differ from cell to cell by a gamma distribution, whatever their neighbours have.",
    ))
    .one_of(NULLS),
    property("adjust", ValueKind::Text, ("Hiệu chỉnh", "Control of many tests"), (
        "Cách kiểm soát nhiều phép thử.",
        "How many tests at once are controlled.",
    ))
    .one_of(&Adjust::WORDS),
    property("tail", ValueKind::Text, ("Phía", "Tail"), (
        "Phía được hỏi: upper là nhiều (nơi ít vẫn được thử, như một họ riêng), lower chỉ là ít, two-sided là cả hai; \
         với Moran: giống lân cận, khác lân cận, cả hai.",
        "Which side is asked: upper for more (less is tested too, as a family of its own), lower for less alone, \
         two-sided for either; of Moran like its neighbours, unlike them, either.",
    ))
    .one_of(&Tail::WORDS),
    property("value", ValueKind::Real, ("Giá trị", "Value"), (
        "Giá trị được so sánh; với tỷ lệ là khoảng cách chuẩn hoá tới tỷ lệ chung (Assunção và Reis 1999); trống nếu \
         chưa biết.",
        "The value that is compared; of rates the standardised distance from the overall one (Assunção and Reis \
         1999); empty where it is not known.",
    )),
    property("around", ValueKind::Real, ("Tổng trong vùng", "Sum around"), (
        "Tổng giá trị của các lân cận; với Gi* kể cả giá trị ở đây.",
        "The sum of its neighbours' values; of Gi* with its own.",
    )),
    property("statistic", ValueKind::Real, ("Thống kê", "Statistic"), (
        "G (không có với tỷ lệ), I cục bộ (trọng số chuẩn hoá theo hàng) hoặc BB.",
        "G (none of rates), local I (row-standardised weights) or BB.",
    )),
    property("z", ValueKind::Real, ("z", "z"), (
        "Độ lớn của hiệu ứng của phương pháp; không dùng để suy ra p.",
        "The method's effect size; no p is read off it.",
    )),
    property("quadrant", ValueKind::Text, ("Góc phần tư", "Quadrant"), (
        "Với Moran: HH, LH, LL, HL (ô, rồi lân cận, cao hay thấp hơn trung bình); rỗng với phương pháp khác.",
        "Of Moran: HH, LH, LL, HL (the cell, then its neighbours, above or below the mean); else empty.",
    ))
    .one_of(&["", "HH", "LH", "LL", "HL"]),
    property("stability", ValueKind::Real, ("Độ ổn định", "Stability"), (
        "Phần số cách chia ô (cỡ ô, dịch lưới, lân cận) mà nơi này vẫn là điểm nóng: chính bản đồ này, và các bản đồ khác theo Gi* của số nương; \
         chỉ có khi hỏi `stability=true`, không có với xã và H3; không phải p.",
        "The share of ways to draw cells (sizes, shifts, neighbourhoods) in which the place is hot: this map, and \
         others by Gi* of the number of plots; only where `stability=true` asks for it, not of communes and H3; it is no p.",
    )),
    property("stability_maps", ValueKind::Integer, ("Số cách chia ô", "Maps of stability"), (
        "Trong bao nhiêu cách chia ô nơi này được thử; rỗng nếu không hỏi độ ổn định.",
        "In how many of these ways the place is tested; empty where stability was not asked.",
    )),
    TREND,
    TREND_P,
    SEASONS_HOT,
    SEASONS_TESTED,
    property("plots_elsewhere", ValueKind::Integer, ("Nương không thuộc nơi nào", "Plots in no place"), (
        "Số nương của niên vụ nằm ngoài mọi ô, xã hoặc huyện được hỏi: không mất, nhưng không được thử.",
        "Plots of the season that lie in no cell, commune or district asked about: not lost, but not tested.",
    )),
    SIMULATED,
    REASON_VI,
    REASON_EN,
];

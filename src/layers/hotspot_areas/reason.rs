//! Why an area is one, in words that a coordinator would use.

use super::Area;
use crate::{
    domain::Language,
    layers::say::{number, rough},
};

/// Why, in a sentence or two.
pub(super) fn sentence(area: &Area, language: Language) -> String {
    match language {
        Language::Vi => vi(area),
        Language::En => en(area),
    }
}

/// The level of a class, such as `95 %`.
fn level(class: &str) -> String {
    format!("{} %", class.rsplit('-').next().unwrap_or_default())
}

fn en(area: &Area) -> String {
    let Area { asked, drawn, .. } = area;
    let n = |value: f64, decimals| number(value, decimals, Language::En);
    let plots = match drawn.held.plots {
        0 => "no plot".to_owned(),
        1 => "1 plot".to_owned(),
        some => format!("{} plots", n(some as f64, 0)),
    };
    let span = if asked.since == asked.scope.season {
        format!("in season {}", asked.scope.season)
    } else {
        format!("in the seasons {} to {}", asked.since, asked.scope.season)
    };
    let cells = |count: usize| match count {
        1 => format!("1 {}", asked.cell.one(Language::En)),
        _ => format!("{} {}", n(count as f64, 0), asked.cell.several(Language::En)),
    };
    match asked.method {
        "dbscan" => format!(
            "{plots} {span}, chained by places with at least {} plots within {} m. \
             A group, not a test: chance alone makes some.",
            asked.min_pts,
            n(asked.distance, 0)
        ),
        "hdbscan" => format!(
            "{plots} {span} that hold together more than what lies around them, in groups of at least {}. \
             A group, not a test: chance alone makes some.",
            asked.min_pts
        ),
        "density" => en_dense(area, &plots.replace("no plot", "No plot"), &span),
        "scan" => format!(
            "{}{} with {plots} {span}{}, where {} lets expect {}; p = {} for the whole map, however many circles were \
             tried, if plots fall one by one: two or three that belong together look like this too.",
            cells(drawn.cells.unwrap_or_default()),
            if drawn.cells == Some(1) { "" } else { " whose middles one circle holds," },
            match (drawn.searched_km2, drawn.observed) {
                (Some(_), Some(observed)) => format!(", {observed} of them found by search"),
                _ => String::new(),
            },
            match drawn.searched_km2 {
                Some(km2) => format!("the {} km² searched there", rough(km2, 2, Language::En)),
                None => "their ground (all of it taken as searched)".to_owned(),
            },
            rough(drawn.expected.unwrap_or_default(), 2, Language::En),
            n(drawn.p.unwrap_or(1.0), 4)
        ),
        _ => {
            let joined = match drawn.cells.unwrap_or_default() {
                1 => format!("{}, a hotspot by itself", cells(1)),
                some => format!("{} beside each other, every one a hotspot", cells(some)),
            };
            format!(
                "{joined}, the strongest at the {} level (q = {}); {plots} in it {span}{}.",
                level(drawn.class),
                n(drawn.q.unwrap_or(1.0), 6),
                match around(area) {
                    Some(around) => format!(
                        "; hot for what lies around: its strongest {} has {} with its neighbours",
                        asked.cell.one(Language::En),
                        n(around as f64, 0)
                    ),
                    None => String::new(),
                }
            )
        }
    }
}

/// Plots in the strongest cell and its neighbours, where the area itself holds less than half of them.
fn around(area: &Area) -> Option<u64> {
    area.drawn.around.filter(|around| 2 * area.drawn.held.plots < *around)
}

fn vi(area: &Area) -> String {
    let Area { asked, drawn, .. } = area;
    let n = |value: f64, decimals| number(value, decimals, Language::Vi);
    let plots = match drawn.held.plots {
        0 => "không có nương nào".to_owned(),
        some => format!("{} nương", n(some as f64, 0)),
    };
    let span = if asked.since == asked.scope.season {
        format!("trong niên vụ {}", asked.scope.season)
    } else {
        format!("trong các niên vụ {} đến {}", asked.since, asked.scope.season)
    };
    let unit = asked.cell.one(Language::Vi);
    let cells = n(drawn.cells.unwrap_or_default() as f64, 0);
    match asked.method {
        "dbscan" => format!(
            "{plots} {span}, nối nhau qua những nơi có ít nhất {} nương trong vòng {} m. \
             Đây là một nhóm, không phải phép thử: ngẫu nhiên cũng tạo ra nhóm.",
            asked.min_pts,
            n(asked.distance, 0)
        ),
        "hdbscan" => format!(
            "{plots} {span} nằm gần nhau hơn so với xung quanh, nhóm từ {} nương trở lên. \
             Đây là một nhóm, không phải phép thử: ngẫu nhiên cũng tạo ra nhóm.",
            asked.min_pts
        ),
        "density" => vi_dense(area, &plots.replace("không có", "Không có"), &span),
        "scan" => format!(
            "{cells} {unit}{} có {plots} {span}{}, trong khi {} chỉ cho kỳ vọng {}; p = {} cho cả bản đồ, dù đã thử bao \
             nhiêu vòng tròn, nếu nương nằm rời từng cái: hai, ba nương vốn cùng một chỗ trông cũng như vậy.",
            if drawn.cells == Some(1) { "" } else { " có tâm nằm trong một vòng tròn," },
            match (drawn.searched_km2, drawn.observed) {
                (Some(_), Some(observed)) => format!(", rà soát thấy {observed}"),
                _ => String::new(),
            },
            match drawn.searched_km2 {
                Some(km2) => format!("{} km² đã rà soát ở đó", rough(km2, 2, Language::Vi)),
                None => "diện tích ấy (coi như được rà soát hết)".to_owned(),
            },
            rough(drawn.expected.unwrap_or_default(), 2, Language::Vi),
            n(drawn.p.unwrap_or(1.0), 4)
        ),
        _ => {
            let joined = if drawn.cells == Some(1) {
                format!("Một {unit} là điểm nóng đứng riêng")
            } else {
                format!("{cells} {unit} liền nhau, {unit} nào cũng là điểm nóng")
            };
            format!(
                "{joined}, mạnh nhất ở mức {} (q = {}); có {plots} {span}{}.",
                level(drawn.class),
                n(drawn.q.unwrap_or(1.0), 6),
                match around(area) {
                    Some(around) => format!(
                        "; nóng vì quanh đó: {unit} mạnh nhất cùng các lân cận có {}",
                        n(around as f64, 0)
                    ),
                    None => String::new(),
                }
            )
        }
    }
}

/// The densest ground: what it is, what is not known of it, and that it is no test.
fn en_dense(area: &Area, plots: &str, span: &str) -> String {
    let drawn = &area.drawn;
    let n = |value: f64, decimals| number(value, decimals, Language::En);
    let unknown = drawn
        .unsearched
        .filter(|m2| *m2 > 0.0)
        .map(|m2| format!(" Nobody searched {} km² of it: unknown.", n(m2 / 1e6, 2)));
    format!(
        "{plots} {span} on {} km² of the smallest ground that holds half of the density of all plots, each \
         spread over {} m.{} A line around dense ground, not a test: plots thrown at random have dense ground \
         too.",
        n(drawn.ground.unwrap_or_default() / 1e6, 2),
        n(drawn.spread.map_or(0.0, |(radius, _)| radius), 0),
        unknown.unwrap_or_default()
    )
}

fn vi_dense(area: &Area, plots: &str, span: &str) -> String {
    let drawn = &area.drawn;
    let n = |value: f64, decimals| number(value, decimals, Language::Vi);
    let unknown = drawn
        .unsearched
        .filter(|m2| *m2 > 0.0)
        .map(|m2| format!(" {} km² trong đó chưa ai rà soát: chưa biết.", n(m2 / 1e6, 2)));
    format!(
        "{plots} {span} trên {} km², thuộc phần đất nhỏ nhất chứa một nửa mật độ của mọi nương (mỗi nương trải ra \
         {} m).{} Đây là đường bao nơi dày, không phải phép thử: nương rải ngẫu nhiên cũng có nơi dày.",
        n(drawn.ground.unwrap_or_default() / 1e6, 2),
        n(drawn.spread.map_or(0.0, |(radius, _)| radius), 0),
        unknown.unwrap_or_default()
    )
}

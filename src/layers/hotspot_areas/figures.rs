//! Figures about all areas together: how many plots they hold, and where there is none, why.

use super::{
    Asked,
    learnt::{Kth, Learnt, Patches, Unscanned},
    methods::{DISTANCES, spans},
};
use crate::{
    analysis::scan::Reason,
    domain::{Language, Season},
    layers::{
        Figure,
        say::{count, figure, measure, number, text, told},
    },
};

/// What the figures are about.
pub(super) struct Whole<'a> {
    pub(super) asked: Asked,
    /// The first season that was asked for, also where the method looks at the last one only.
    pub(super) since: Option<Season>,
    pub(super) areas: u64,
    /// Plots in them, and plots in all.
    pub(super) held: u64,
    pub(super) all: u64,
    pub(super) learnt: &'a Learnt,
}

/// The figures of an answer.
pub(super) fn figures(whole: &Whole<'_>) -> Vec<Figure> {
    let mut figures = vec![held(whole)];
    figures.extend((whole.areas == 0).then(|| why_none(whole)));
    if let Learnt::Groups { kth: Some(kth), .. } = whole.learnt {
        figures.push(nearest(whole.asked, *kth));
    }
    if let Learnt::Dense(Ok(patches)) = whole.learnt {
        figures.extend((patches.empty + patches.small > 0).then(|| left_out(*patches)));
    }
    if let Learnt::Scan { unscanned, .. } = whole.learnt {
        figures.extend(
            (unscanned.plots + unscanned.other_ways > 0)
                .then(|| not_scanned(whole.asked, *unscanned)),
        );
    }
    let asked = &whole.asked;
    let last = asked.scope.season;
    if !spans(asked.method) && whole.since.is_some_and(|since| since < last) {
        figures.push(last_only(last));
    }
    figures
}

/// The figure where there are no data at all.
pub(super) fn no_data() -> Vec<Figure> {
    let vi = "Chưa có dữ liệu của niên vụ nào.".to_owned();
    let en = "There are no data of any season yet.".to_owned();
    vec![none("no-data", (vi, en))]
}

/// The same number in Vietnamese and English.
fn both(value: f64, decimals: i32) -> [String; 2] {
    [Language::Vi, Language::En].map(|language| number(value, decimals, language))
}

fn held(whole: &Whole<'_>) -> Figure {
    let Whole { held, all, areas, .. } = *whole;
    let share = (all > 0).then(|| held as f64 / all as f64);
    let [[held_vi, held_en], [all_vi, all_en], [areas_vi, areas_en]] =
        [held, all, areas].map(|it| both(it as f64, 0));
    let (plots, lie) = match (all, held) {
        (1, 1) => ("plot", "lies"),
        (1, _) => ("plot", "lie"),
        (_, 1) => ("plots", "lies"),
        _ => ("plots", "lie"),
    };
    let noun = if areas == 1 { "area" } else { "areas" };
    let [half_vi, half_en] = match whole.learnt {
        Learnt::Dense(Ok(patches)) => {
            let [vi, en] = both(patches.radius, 0);
            [
                format!(
                    " Một nửa là nửa của mật độ (mỗi nương trải ra {vi} m), không phải nửa số nương: nơi dày có thể chứa \
                     nhiều nương hơn."
                ),
                format!(
                    " The half is half of the density (each plot spread over {en} m), not half of the plots: dense \
                     ground may hold more of them."
                ),
            ]
        }
        _ => Default::default(),
    };
    // Who reads how many lie in areas must not take the others for looked at.
    let [out_vi, out_en] = match whole.learnt {
        Learnt::Scan { unscanned, .. } if unscanned.plots + unscanned.other_ways > 0 => {
            let (vi, en) = unscanned_said(whole.asked, *unscanned);
            [format!(" {vi}"), format!(" {en}")]
        }
        _ => Default::default(),
    };
    let said = (
        format!("{held_vi} trên {all_vi} nương nằm trong {areas_vi} khu vực.{half_vi}{out_vi}"),
        format!("{held_en} of {all_en} {plots} {lie} in {areas_en} {noun}.{half_en}{out_en}"),
    );
    let title = ("Phần nương trong các khu vực", "Share of plots in areas");
    figure("plots_in_areas", title, measure(share, 6), said)
}

fn none(code: &'static str, said: (String, String)) -> Figure {
    figure("why_none", ("Vì sao không có khu vực", "Why there is no area"), text(code), said)
}

/// Why there is no area, and what can be asked.
fn why_none(whole: &Whole<'_>) -> Figure {
    let asked = whole.asked;
    match whole.learnt {
        Learnt::Dense(Err(why)) => none(why.word, (why.vi.clone(), why.en.clone())),
        _ if whole.all == 0 => none(
            "no-plots",
            (
                "Không có nương nào để gom.".to_owned(),
                "There is no plot that could be in one.".to_owned(),
            ),
        ),
        Learnt::Dense(Ok(_)) => none(
            "no-patch",
            (
                "Không mảnh đất dày nhất nào đủ lớn và có nương.".to_owned(),
                "No patch of the densest ground is large enough and has a plot.".to_owned(),
            ),
        ),
        Learnt::Cells { tested } => no_cell(asked, *tested),
        Learnt::Groups { placed, kth } => no_group(asked, *placed, *kth),
        Learnt::Scan { places, least, .. } => no_circle(asked, whole.all, *places, *least),
    }
}

fn no_cell(asked: Asked, tested: usize) -> Figure {
    let [vi, en] = both(tested as f64, 0);
    let [one, several] = [asked.cell.one(Language::Vi), asked.cell.several(Language::En)];
    if tested == 0 {
        return none(
            "not-searched",
            (
                format!("Chưa biết ai đã rà soát {one} nào: không xét được."),
                format!(
                    "No {} is known to have been searched: nothing can be tested.",
                    asked.cell.one(Language::En)
                ),
            ),
        );
    }
    let [alpha_vi, alpha_en] = both(asked.alpha * 100.0, 2);
    let were = if tested == 1 { asked.cell.one(Language::En) } else { several };
    none(
        "none-hot",
        (
            format!(
                "Trong {vi} {one} được xét không có {one} nào nóng ở mức sai sót {alpha_vi} %: chưa thấy gì khác mức ngẫu \
                 nhiên. Đổi cỡ ô cho đến khi có {one} nóng không phải là phát hiện."
            ),
            format!(
                "Of {en} {were} tested none is hot at a false-discovery rate of {alpha_en} %: nothing beyond chance was \
                 seen. Trying sizes until something is hot is no finding."
            ),
        ),
    )
}

fn no_group(asked: Asked, placed: usize, kth: Option<Kth>) -> Figure {
    let least = asked.min_pts;
    let [vi, en] = both(placed as f64, 0);
    let plots = if placed == 1 { "plot" } else { "plots" };
    if asked.method == "hdbscan" {
        return none(
            if placed < 2 * least { "too-few-plots" } else { "one-group" },
            (
                format!(
                    "{vi} nương không chia được thành hai nhóm, mỗi nhóm ít nhất {least} nương, chặt hơn xung quanh."
                ),
                format!(
                    "{en} {plots} do not fall into two groups of at least {least} that hold together more than what lies \
                     around them."
                ),
            ),
        );
    }
    let Some(kth) = kth else {
        return none(
            "too-few-plots",
            (
                format!("Chỉ có {vi} nương: một nhóm cần ít nhất {least}."),
                format!("There are only {en} {plots}: a group takes at least {least}."),
            ),
        );
    };
    let [near_vi, near_en] = both(asked.distance, 0);
    let [least_vi, least_en] = both(kth.least, 0);
    let [median_vi, median_en] = both(kth.median, 0);
    let wider = wider(kth.least);
    let [then_vi, then_en] = wider.map_or_else(Default::default, |distance| {
        [
            format!(
                " Hỏi distance={distance} nếu cách nhau như thế vẫn là một nơi; chọn khoảng cách cho đến khi có nhóm không \
                 phải là phát hiện."
            ),
            format!(
                " Ask for distance={distance} if plots so far apart are one place to you; a distance chosen until a group \
                 shows is no finding."
            ),
        ]
    });
    none(
        "too-sparse",
        (
            format!(
                "Không nơi nào có {least} nương trong vòng {near_vi} m: nương thứ {least} (kể cả chính nó) cách trung vị \
                 {median_vi} m, gần nhất {least_vi} m.{then_vi}"
            ),
            format!(
                "No place has {least} plots within {near_en} m: the {least}th (the plot itself counted) lies at a median \
                 of {median_en} m, at the least {least_en} m.{then_en}"
            ),
        ),
    )
}

/// The distance to ask for so that a place is dense: one that a menu offers, else whole kilometres.
fn wider(least: f64) -> Option<f64> {
    let offered = DISTANCES.iter().filter_map(|word| word.parse::<f64>().ok());
    let enough = offered.filter(|distance| *distance >= least).min_by(f64::total_cmp);
    enough.or(Some((least / 1000.0).ceil() * 1000.0)).filter(|distance| *distance <= 100_000.0)
}

fn no_circle(
    asked: Asked,
    plots: u64,
    places: usize,
    least: Result<Option<f64>, Reason>,
) -> Figure {
    let [vi, en] = both(places as f64, 0);
    let [plots_vi, plots_en] = both(plots as f64, 0);
    let one = asked.cell.one(Language::Vi);
    let several =
        if places == 1 { asked.cell.one(Language::En) } else { asked.cell.several(Language::En) };
    let (code, said) = match least {
        Ok(least) => {
            let [alpha_vi, alpha_en] = both(asked.alpha, 4);
            let [p_vi, p_en] = least.map_or_else(Default::default, |p| both(p, 4));
            let [strong_vi, strong_en] = match least {
                Some(_) => {
                    [format!(" (mạnh nhất: p = {p_vi})"), format!(" (of the strongest p = {p_en})")]
                }
                None => Default::default(),
            };
            (
                "not-significant",
                (
                    format!(
                        "Đã quét {vi} {one}: không vòng tròn nào có nương nhiều hơn mức ngẫu nhiên với p ≤ {alpha_vi}{strong_vi}."
                    ),
                    format!(
                        "{en} {several} were scanned: no circle has more plots than chance at p ≤ {alpha_en}{strong_en}."
                    ),
                ),
            )
        }
        Err(Reason::TooFewCases) => (
            Reason::TooFewCases.word(),
            (
                format!(
                    "Chỉ có {plots_vi} nương: phép quét cần ít nhất hai nương ở nơi đã rà soát."
                ),
                format!(
                    "A scan takes two plots on searched ground at least; there are {plots_en} in all."
                ),
            ),
        ),
        Err(Reason::NoWindow) => (
            Reason::NoWindow.word(),
            (
                format!(
                    "Vòng tròn nào cũng chứa hơn nửa diện tích đã rà soát của {vi} {one}: chọn ô nhỏ hơn."
                ),
                format!(
                    "Every circle holds more than half of the ground searched in the {en} {several}: ask for smaller cells."
                ),
            ),
        ),
        Err(reason) => (
            reason.word(),
            (
                format!("Chỉ có {vi} {one} được rà soát: quá ít để quét, cần ít nhất ba."),
                format!("{en} {several} searched: too few to scan, it takes three at least."),
            ),
        ),
    };
    none(code, said)
}

fn nearest(asked: Asked, kth: Kth) -> Figure {
    let least = asked.min_pts;
    let [median_vi, median_en] = both(kth.median, 0);
    let said = (
        format!(
            "Tính cả chính nó, nương thứ {least} gần một nương nhất cách trung vị {median_vi} m."
        ),
        format!(
            "The plot itself counted, the {least}th nearest to a plot lies at a median of {median_en} m."
        ),
    );
    let title = ("Khoảng cách tới nương thứ k", "Distance to the k-th nearest plot");
    let value = measure(kth.median, 1);
    Figure { unit: Some("m"), ..figure("kth_nearest_m", title, value, said) }
}

fn left_out(patches: Patches) -> Figure {
    let Patches { cell, empty, small, plots, .. } = patches;
    let [cell_vi, cell_en] = both(cell / 1e6, 3);
    let are = |count: usize| if count == 1 { "patch" } else { "patches" };
    let mut vi = Vec::new();
    let mut en = Vec::new();
    if empty > 0 {
        let [n_vi, n_en] = both(empty as f64, 0);
        vi.push(format!("{n_vi} mảnh không có nương nào"));
        en.push(format!("{n_en} {} without a plot", are(empty)));
    }
    if small > 0 {
        let [n_vi, n_en] = both(small as f64, 0);
        let [plots_vi, plots_en] = both(plots as f64, 0);
        let noun = if plots == 1 { "plot" } else { "plots" };
        vi.push(format!(
            "{n_vi} mảnh nhỏ hơn một ô của mặt mật độ ({cell_vi} km²), có {plots_vi} nương"
        ));
        en.push(format!(
            "{n_en} {} smaller than a cell of the surface ({cell_en} km²), with {plots_en} {noun}",
            are(small)
        ));
    }
    let said = (
        format!("Không tính là khu vực: {}.", vi.join("; ")),
        format!("Not told as areas: {}.", en.join("; ")),
    );
    figure("left_out", ("Mảnh bỏ qua", "Patches left out"), count((empty + small) as u64), said)
}

fn not_scanned(asked: Asked, unscanned: Unscanned) -> Figure {
    let said = unscanned_said(asked, unscanned);
    let title = ("Nương không quét được", "Plots not scanned");
    figure("left_out", title, count(unscanned.plots + unscanned.other_ways), said)
}

/// Which plots could not be scanned, in Vietnamese and English.
fn unscanned_said(asked: Asked, unscanned: Unscanned) -> (String, String) {
    let Unscanned { cells, plots, other_ways } = unscanned;
    let [cells_vi, cells_en] = both(cells as f64, 0);
    let [plots_vi, plots_en] = both(plots as f64, 0);
    let [other_vi, other_en] = both(other_ways as f64, 0);
    let are = |count: u64| if count == 1 { "plot" } else { "plots" };
    let several =
        if cells == 1 { asked.cell.one(Language::En) } else { asked.cell.several(Language::En) };
    (
        format!(
            "Không quét: {plots_vi} nương trong {cells_vi} {} hầu như chưa rà soát, hoặc không vết tuần tra nào cho biết đã rà \
             soát bao nhiêu; {other_vi} nương biết qua tin báo hay cách khác.",
            asked.cell.one(Language::Vi)
        ),
        format!(
            "Not scanned: {plots_en} {} in {cells_en} {several} where hardly anything was searched, or no track tells how \
             much; {other_en} {} that became known by other ways.",
            are(plots),
            are(other_ways)
        ),
    )
}

fn last_only(season: Season) -> Figure {
    let said = (
        format!("Phương pháp này chỉ xét một niên vụ: {season}, niên vụ cuối của khoảng được hỏi."),
        format!("This method looks at one season: {season}, the last of those asked for."),
    );
    let title = ("Chỉ niên vụ cuối", "The last season only");
    figure("last_season_only", title, told(season.to_string()), said)
}

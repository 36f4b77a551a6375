//! Circles of cells with more plots than the ground searched in them lets expect (analysis/scan).
//!
//! Cases are the plots that were found by search, the population is searched ground: plots are found
//! where people look, and against all ground a crowd of patrols would pass for one of plots. Where
//! nothing tells who looked where, all plots are held against all ground.
//!
//! The replicas throw plots one by one, as those of Kulldorff do: two or three that belong together
//! look like a cluster to it, which the answer says.

use geo_types::Coord;

use super::{
    Asked,
    area::Drawn,
    learnt::{Learnt, Unscanned},
    methods::{Made, areas_of_cells},
};
use crate::{
    analysis::{
        chance::draws::Draws,
        scan::{self, Question, scan},
    },
    layers::{
        LayerError, LayerQuery, Refusal,
        cells::{
            Cells,
            season::{Found, Searched},
        },
    },
    snapshot::{PlotView, Snapshot},
};

/// The most cells that are scanned at a request: some seconds.
const MOST_SCANNED: usize = 4000;

/// The draws of the scan, with its version.
const ANALYSIS: &str = "hotspot-areas/scan/3";

/// The significant clusters, in no order.
///
/// # Errors
///
/// [`LayerError::TooMuch`] for too many cells, [`LayerError::Gone`] where nobody waits any more.
pub(super) fn scanned(
    snapshot: &Snapshot,
    query: &LayerQuery,
    asked: Asked,
    plots: &[PlotView<'_>],
) -> Result<Made, LayerError> {
    let cells = Cells::of(snapshot, query, asked.scope)?;
    let searched = Searched::of(snapshot, &cells, asked.scope);
    let found = Found::of(snapshot, &cells, asked.scope);
    let population = |place: usize| {
        if searched.known() {
            return searched.km2(&cells, place);
        }
        Some(cells.area(place) / 1e6).filter(|km2| *km2 > 0.0)
    };
    let cases_of = |place: usize| {
        let here = found.cells[place];
        if searched.known() { here.by_search } else { here.plots }
    };
    let mut places = Vec::new();
    let mut km2 = Vec::new();
    let mut unscanned = Unscanned::default();
    for place in (0..cells.len()).filter(|place| searched.tested(*place)) {
        let plots = found.cells[place].plots;
        if let Some(one) = population(place) {
            places.push(place);
            km2.push(one);
            unscanned.other_ways += plots - cases_of(place);
        } else {
            unscanned.cells += 1;
            unscanned.plots += plots;
        }
    }
    if places.len() > MOST_SCANNED {
        return Err(LayerError::TooMuch(Refusal::new(
            format!(
                "Phải quét {} ô, mỗi lần hỏi chỉ được {MOST_SCANNED}: chọn ô lớn hơn, ví dụ \
                 cell=square:5000, hoặc theo xã (cell=commune)",
                places.len()
            ),
            format!(
                "{} cells to scan, and a request may ask for {MOST_SCANNED}: ask for larger cells, \
                 such as cell=square:5000, or cell=commune",
                places.len()
            ),
        )));
    }
    let at: Vec<Coord<f64>> = places.iter().map(|place| cells.middle(snapshot, *place)).collect();
    let cases: Vec<u32> = places.iter().map(|it| cases_of(*it) as u32).collect();
    let question = Question::on_places(&at, &cases, &km2);
    let draws = Draws { permutations: asked.permutations, seed: asked.seed, analysis: ANALYSIS };
    // Where the map cannot be scanned (too few cells, too few plots) there is no area.
    let answer = match scan(&question, draws, &query.asker)? {
        Ok(answer) => answer,
        Err(reason) => {
            let learnt = Learnt::Scan { places: places.len(), least: Err(reason), unscanned };
            return Ok((Vec::new(), learnt));
        }
    };
    let least = answer.clusters.iter().map(|cluster| cluster.p).min_by(f64::total_cmp);
    let learnt = Learnt::Scan { places: places.len(), least: Ok(least), unscanned };
    let clusters: Vec<&scan::Cluster> =
        answer.clusters.iter().filter(|cluster| cluster.p <= asked.alpha).collect();
    let members: Vec<Vec<usize>> = clusters
        .iter()
        .map(|cluster| {
            let mut members: Vec<usize> =
                cluster.members.iter().map(|member| places[member.place]).collect();
            members.sort_unstable();
            members
        })
        .collect();
    let made = areas_of_cells(snapshot, asked, &cells, &members, plots);
    let each = made.into_iter().zip(clusters).filter_map(|(area, cluster)| {
        let km2 = cluster.members.iter().map(|member| km2[member.place]);
        Some(Drawn {
            class: "significant",
            p: Some(cluster.p),
            observed: Some(cluster.observed),
            expected: Some(cluster.expected),
            searched_km2: searched.known().then(|| km2.sum()),
            relative_risk: cluster.relative_risk,
            llr: Some(cluster.llr),
            ..area?
        })
    });
    Ok((each.collect(), learnt))
}

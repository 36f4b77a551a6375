//! The stability figure of hotspots: in how many ways to draw the cells a place is hot.
//!
//! See analysis/scale/stability.rs. Each of 24 maps counts the plots anew and tests them by Gi* under
//! the total null; its ground is that of the cells which the answer itself tests, so that the map
//! drawn as the answer's own is the answer's own.

use geo_types::Coord;

use crate::{
    analysis::{
        chance::draws::Draws,
        geometry::grid::Cell,
        scale::stability::{
            Ground, HotMap, Setting, Stable, hot_map, samples, settings, stability,
        },
    },
    layers::{LayerError, LayerQuery, Refusal, cells::Cells, scope::Scope},
    snapshot::Snapshot,
};

/// The most cells tested for which it is made: 24 maps of some ten thousand cells take a second.
const MOST_TESTED: usize = 50_000;

/// The most permutations of each of the maps.
const MOST_PERMUTATIONS: u32 = 9_999;

/// The draws of this analysis, with its version.
const ANALYSIS: &str = "hotspots/stability/1";

/// The stability of each cell at `tested`, in that order. `None` where the cells
/// are communes or of H3: there is one way to draw them.
pub(super) fn stability_of(
    snapshot: &Snapshot,
    query: &LayerQuery,
    cells: &Cells,
    scope: Scope,
    tested: &[usize],
) -> Result<Option<Vec<Stable>>, LayerError> {
    let Some((grid, covered)) = cells.on_grid() else { return Ok(None) };
    if tested.len() > MOST_TESTED {
        return Err(LayerError::TooMuch(Refusal::new(
            format!(
                "{} ô được thử, độ bền vững cần 24 bản đồ: chỉ làm cho tối đa {MOST_TESTED} ô; chọn ô lớn hơn, \
                 hoặc bỏ độ bền vững",
                tested.len()
            ),
            format!(
                "{} cells are tested, and their stability takes 24 maps: it is made for {MOST_TESTED} \
                 at most; ask for larger cells, or leave stability out",
                tested.len()
            ),
        )));
    }
    let own: Vec<Cell> = tested.iter().map(|place| covered[*place].cell).collect();
    let ground: Vec<Coord<f64>> = own.iter().flat_map(|cell| samples(grid, *cell)).collect();
    let ground = Ground {
        samples: &ground,
        each: grid.cell_area() * own.len() as f64 / ground.len().max(1) as f64,
    };
    let plots: Vec<(Coord<f64>, f64)> = snapshot
        .plots(Some(scope.season))
        .filter(|view| view.plot.counts_on(scope.day))
        .filter_map(|view| Some((view.on_grid()?, 1.0)))
        .collect();
    let draws = Draws {
        permutations: query.permutations.min(MOST_PERMUTATIONS),
        seed: query.seed,
        analysis: ANALYSIS,
    };
    let map = |setting: &Setting| hot_map(*setting, &plots, ground, draws, query.alpha);
    let centres: Vec<Coord<f64>> = own.iter().map(|cell| grid.centre(*cell)).collect();
    Ok(Some(stability(&centres, &settings(grid), map, HotMap::at, &query.asker)?))
}

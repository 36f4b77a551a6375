//! The stability figure of hotspots: in how many ways to draw the cells a place is hot.
//!
//! See analysis/scale/stability.rs. The answer is one of 24 maps, with its own verdicts. Each of the
//! others counts the plots anew and tests them by Gi* under the total null; its ground is that of the
//! cells which the answer itself tests.

use geo_types::Coord;

use crate::{
    analysis::{
        chance::draws::Draws,
        geometry::grid::Cell,
        scale::stability::{
            Ground, HotMap, Setting, Stable, hot_map, samples, settings, stability,
        },
    },
    domain::Language,
    layers::{LayerError, LayerQuery, Refusal, cells::Cells, scope::Scope},
    snapshot::Snapshot,
};

/// The most cells tested for which it is made: 24 maps of some ten thousand cells take a second.
const MOST_TESTED: usize = 50_000;

/// The most permutations of each of the maps.
const MOST_PERMUTATIONS: u32 = 9_999;

/// The draws of this analysis, with its version.
const ANALYSIS: &str = "hotspots/stability/1";

/// What is said of a hot cell, with a space before it.
pub(super) fn sentence(stable: Stable, language: Language) -> String {
    let Stable { hot, runs } = stable;
    let few = 2 * hot < runs;
    match language {
        Language::Vi => {
            let few = if few { ", phụ thuộc nhiều vào cách chia ô" } else { "" };
            format!(
                " Chia ô theo những cách khác (cỡ ô, dịch lưới, lân cận): nóng trên {hot} trong {runs} bản đồ, \
                 kể cả bản đồ này{few}."
            )
        }
        Language::En => {
            let few = if few { ": much of it is where the lines were drawn" } else { "" };
            format!(
                " With cells drawn in other ways (sizes, shifts, neighbours): hot on {hot} of {runs} maps, \
                 this one among them{few}."
            )
        }
    }
}

/// The stability of each cell at `tested`, in that order; `own` tells whether the answer itself finds
/// it hot, `None` where it tests nothing there. `None` where the cells are communes or of H3: there
/// is one way to draw them.
pub(super) fn stability_of(
    snapshot: &Snapshot,
    query: &LayerQuery,
    cells: &Cells,
    scope: Scope,
    (tested, own): (&[usize], &[Option<bool>]),
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
    let drawn: Vec<Cell> = tested.iter().map(|place| covered[*place].cell).collect();
    let ground: Vec<Coord<f64>> = drawn.iter().flat_map(|cell| samples(grid, *cell)).collect();
    let ground = Ground {
        samples: &ground,
        each: grid.cell_area() * drawn.len() as f64 / ground.len().max(1) as f64,
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
    let centres: Vec<Coord<f64>> = drawn.iter().map(|cell| grid.centre(*cell)).collect();
    let mut others = settings(grid);
    others.retain(|setting| *setting != Setting::own(grid));
    let stable = stability(&centres, &others, map, HotMap::at, &query.asker)?;
    Ok(Some(stable.into_iter().zip(own).map(|(stable, own)| stable.and(*own)).collect()))
}

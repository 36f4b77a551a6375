//! How much of "hot" is the choice of cells? The share of settings at which a place is hot.
//!
//! A hotspot of one grid may be none of another (the modifiable areal unit problem: Openshaw 1984).
//! So the map is made again with other cell sizes, with the grid moved by half a cell, and with
//! wider neighbourhoods; a place that is hot in 23 of 24 maps is hot, one that is hot in 3 is a
//! matter of where the lines were drawn. It is no p: every map is made of the same plots.
//!
//! Source: METHODS §3. Units: metres of the grid's CRS. A place where a map has no tested cell is
//! not asked of that map; without any there is no share. Cost: as many maps as settings, each a
//! pass over points and ground and a permutation test with shared draws.

use std::sync::atomic::{AtomicU64, Ordering};

use geo_types::Coord;
use rayon::prelude::*;

use crate::analysis::{
    chance::{
        draws::Draws,
        permutation::{Null, counts},
        significance::cut_off,
    },
    geometry::grid::{Cell, CellForm, Grid, SIZE_MAX, SIZE_STEP},
    local::getis_ord::TOO_FEW,
    watch::{Gone, Watch},
    weights::Neighbours,
};

/// How many of the maps that test a place find it hot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stable {
    /// Maps in which it is hot.
    pub hot: u32,
    /// Maps in which it is tested.
    pub runs: u32,
}

impl Stable {
    /// The share; `None` where no map tests the place.
    pub fn share(self) -> Option<f64> {
        (self.runs > 0).then(|| f64::from(self.hot) / f64::from(self.runs))
    }
}

/// Asks every run whether each of `places` is hot: `map` makes a run's map, `hot` reads it at a
/// place, `None` where the map tests nothing there. In the order of `places`.
///
/// # Errors
///
/// [`Gone`] where the asker has gone.
pub fn stability<R: Sync, M>(
    places: &[Coord<f64>],
    runs: &[R],
    map: impl Fn(&R) -> M + Sync,
    hot: impl Fn(&M, Coord<f64>) -> Option<bool> + Sync,
    watch: &dyn Watch,
) -> Result<Vec<Stable>, Gone> {
    let done = AtomicU64::new(0);
    let none = || vec![Stable::default(); places.len()];
    let ask = |mut all: Vec<Stable>, run: &R| {
        watch.go_on()?;
        let map = map(run);
        for (stable, place) in all.iter_mut().zip(places) {
            if let Some(hot) = hot(&map, *place) {
                stable.runs += 1;
                stable.hot += u32::from(hot);
            }
        }
        watch.tell(done.fetch_add(1, Ordering::Relaxed) + 1, runs.len() as u64);
        Ok(all)
    };
    let add = |mut a: Vec<Stable>, b: Vec<Stable>| {
        for (a, b) in a.iter_mut().zip(b) {
            a.runs += b.runs;
            a.hot += b.hot;
        }
        Ok(a)
    };
    runs.par_iter().with_max_len(1).try_fold(none, ask).try_reduce(none, add)
}

/// One way to draw the cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Form and size.
    pub grid: Grid,
    /// By how much the grid is moved, metres.
    pub shift: Coord<f64>,
    /// A cell's neighbours are those within this many steps.
    pub steps: u32,
}

impl Setting {
    /// The grid as it stands, with the neighbours next to a cell.
    pub fn own(grid: Grid) -> Self {
        Self { grid, shift: Coord { x: 0.0, y: 0.0 }, steps: 1 }
    }
}

impl Stable {
    /// With one map more, which found the place hot or did not; `None` where it was not tested.
    #[must_use]
    pub fn and(self, hot: Option<bool>) -> Self {
        hot.map_or(self, |hot| Self { hot: self.hot + u32::from(hot), runs: self.runs + 1 })
    }
}

/// The settings around a grid: three quarters, once and one and a half times its size (rounded to
/// what a grid can have), each as it stands and moved by half a cell east, north and both, each
/// with neighbours one step and two steps away; at most 3 × 4 × 2.
pub fn settings(grid: Grid) -> Vec<Setting> {
    let size = grid.size();
    let step = |size: u32| (size.div_ceil(SIZE_STEP) * SIZE_STEP).clamp(SIZE_STEP, SIZE_MAX);
    let mut sizes = vec![step(size * 3 / 4), size, step(size.saturating_mul(3) / 2)];
    sizes.sort_unstable();
    sizes.dedup();
    let grids = sizes.iter().filter_map(|size| Grid::new(grid.crs(), grid.form(), *size).ok());
    let moved = |grid: Grid| {
        let half = f64::from(grid.size()) / 2.0;
        [(0.0, 0.0), (half, 0.0), (0.0, half), (half, half)].map(|(x, y)| (grid, Coord { x, y }))
    };
    let both = |(grid, shift)| [1, 2].map(|steps| Setting { grid, shift, steps });
    grids.flat_map(moved).flat_map(both).collect()
}

/// The ground that was surveyed: evenly spread samples, each standing for as many m².
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Where, in metres.
    pub samples: &'a [Coord<f64>],
    /// m² that each stands for.
    pub each: f64,
}

/// Four by four samples of a square, its middle and half-way to each corner of a hexagon; each
/// stands for the same part of the cell. Give all surveyed cells' samples to [`Ground`].
pub fn samples(grid: Grid, cell: Cell) -> Vec<Coord<f64>> {
    let centre = grid.centre(cell);
    match grid.form() {
        CellForm::Square => {
            let size = f64::from(grid.size());
            let at = |k: u32| (f64::from(k) - 1.5) * size / 4.0;
            let rows = (0..4).flat_map(|row| (0..4).map(move |col| (row, col)));
            rows.map(|(row, col)| Coord { x: centre.x + at(col), y: centre.y + at(row) }).collect()
        }
        CellForm::Hexagon => {
            let half = |corner: (i32, i32)| {
                let corner = grid.corner(corner);
                Coord { x: f64::midpoint(centre.x, corner.x), y: f64::midpoint(centre.y, corner.y) }
            };
            [centre].into_iter().chain(grid.corners(cell).into_iter().map(half)).collect()
        }
    }
}

/// One map: its tested cells, and which of them are hot.
#[derive(Clone, Debug, PartialEq)]
pub struct HotMap {
    setting: Setting,
    /// Ascending.
    cells: Vec<Cell>,
    hot: Vec<bool>,
}

impl HotMap {
    /// Whether the cell at a place is hot; `None` where it is not tested.
    pub fn at(&self, place: Coord<f64>) -> Option<bool> {
        let cell = cell_of(self.setting, place)?;
        self.cells.binary_search(&cell).ok().map(|at| self.hot[at])
    }
}

/// Gi* of the values that fall into each tested cell, under the total null, upper tail, hot where
/// it passes Benjamini and Hochberg at `alpha`. A cell is tested where at least half of it was
/// surveyed; values elsewhere count in no cell. A map of fewer than three tested cells tests
/// nothing.
pub fn hot_map(
    setting: Setting,
    points: &[(Coord<f64>, f64)],
    ground: Ground<'_>,
    draws: Draws<'_>,
    alpha: f64,
) -> HotMap {
    let mut sampled: Vec<Cell> =
        ground.samples.iter().filter_map(|place| cell_of(setting, *place)).collect();
    sampled.sort_unstable();
    let enough = setting.grid.cell_area() / 2.0 * (1.0 - 1e-9);
    let mut cells = Vec::new();
    for same in sampled.chunk_by(|a, b| a == b) {
        if same.len() as f64 * ground.each >= enough {
            cells.push(same[0]);
        }
    }
    if cells.len() < TOO_FEW {
        return HotMap { setting, cells: Vec::new(), hot: Vec::new() };
    }
    let mut values = vec![0.0; cells.len()];
    for (place, value) in points {
        let cell = cell_of(setting, *place);
        if let Some(at) = cell.and_then(|cell| cells.binary_search(&cell).ok()) {
            values[at] += value;
        }
    }
    let near = within_steps(&Neighbours::on_grid(setting.grid, &cells), setting.steps);
    let shuffled = counts(&values, &near, Null::Total, draws);
    let p: Vec<f64> = (0..values.len()).map(|at| shuffled.upper(at)).collect();
    let cut = cut_off(&p, alpha);
    let hot = p.iter().map(|p| cut.is_some_and(|cut| *p <= cut)).collect();
    HotMap { setting, cells, hot }
}

fn cell_of(setting: Setting, place: Coord<f64>) -> Option<Cell> {
    setting.grid.cell_at(place - setting.shift)
}

/// Everybody within `steps` links.
fn within_steps(near: &Neighbours, steps: u32) -> Neighbours {
    if steps <= 1 {
        return near.clone();
    }
    let reach = |unit: usize| {
        let mut found = near.of(unit).to_vec();
        for _ in 1..steps {
            let further: Vec<u32> =
                found.iter().flat_map(|other| near.of(*other as usize)).copied().collect();
            found.extend(further);
            found.sort_unstable();
            found.dedup();
        }
        found
    };
    Neighbours::from_lists((0..near.len()).map(reach))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::{analysis::watch::Nobody, crs::MetricCrs};

    static CRS: LazyLock<MetricCrs> = LazyLock::new(|| MetricCrs::new(3405).unwrap());

    fn grid(form: CellForm) -> Grid {
        Grid::new(*CRS, form, 1000).unwrap()
    }

    /// Cells, their ground, and places with their plots.
    type Valley = (Vec<Cell>, Vec<Coord<f64>>, Vec<(Coord<f64>, f64)>);

    /// Surveyed ground of 24 × 24 cells, and two plots in each of 5 × 5 cells of it.
    fn valley(grid: Grid) -> Valley {
        let cells: Vec<Cell> =
            (2400..2424).flat_map(|row| (300..324).map(move |col| Cell { row, col })).collect();
        let ground = cells.iter().flat_map(|cell| samples(grid, *cell)).collect();
        let crowd =
            |cell: &&Cell| (2408..2413).contains(&cell.row) && (308..313).contains(&cell.col);
        let plots = cells.iter().filter(crowd).map(|cell| (grid.centre(*cell), 2.0)).collect();
        (cells, ground, plots)
    }

    const DRAWS: Draws<'_> = Draws { permutations: 999, seed: 1, analysis: "test" };

    #[test]
    fn a_crowd_is_hot_however_cells_are_drawn() {
        for form in [CellForm::Square, CellForm::Hexagon] {
            let grid = grid(form);
            let (cells, samples_of, plots) = valley(grid);
            let each = grid.cell_area() / samples(grid, cells[0]).len() as f64;
            let ground = Ground { samples: &samples_of, each };
            let runs = settings(grid);
            assert_eq!(runs.len(), 24);
            let centres: Vec<Coord<f64>> = cells.iter().map(|cell| grid.centre(*cell)).collect();
            let map = |setting: &Setting| hot_map(*setting, &plots, ground, DRAWS, 0.05);
            let all = stability(&centres, &runs, map, HotMap::at, &Nobody).unwrap();
            let at =
                |row, col| all[cells.iter().position(|cell| *cell == Cell { row, col }).unwrap()];
            let middle = at(2410, 310);
            assert!(middle.share().unwrap() > 0.9 && middle.runs == 24, "{form:?} {middle:?}");
            assert_eq!(at(2421, 321).hot, 0);
            assert!(at(2421, 321).runs >= 20);
            // At the crowd's edge it depends on how cells are drawn.
            let edge = at(2410, 314).share().unwrap();
            assert!(edge > 0.0 && edge < 1.0, "{edge}");
        }
    }

    #[test]
    fn what_no_map_tests_has_no_share() {
        let grid = grid(CellForm::Square);
        let ground = Ground { samples: &[], each: 1.0 };
        let map = |setting: &Setting| hot_map(*setting, &[], ground, DRAWS, 0.05);
        let place = [grid.centre(Cell { row: 1, col: 1 })];
        let all = stability(&place, &settings(grid), map, HotMap::at, &Nobody).unwrap();
        assert_eq!((all[0].runs, all[0].share()), (0, None));
        assert_eq!(Stable { hot: 1, runs: 4 }.share(), Some(0.25));
    }

    #[test]
    fn sizes_are_those_that_a_grid_can_have() {
        let sizes = |size| {
            let grid = Grid::new(*CRS, CellForm::Square, size).unwrap();
            let mut sizes: Vec<u32> = settings(grid).iter().map(|it| it.grid.size()).collect();
            sizes.dedup();
            sizes
        };
        assert_eq!(sizes(1000), [750, 1000, 1500]);
        assert_eq!(sizes(50), [50, 100]);
        assert_eq!(sizes(50_000), [37_500, 50_000]);
    }

    #[test]
    fn half_surveyed_cells_are_tested_and_less_are_not() {
        let grid = grid(CellForm::Square);
        let cells: Vec<Cell> = (0..4).map(|col| Cell { row: 10, col }).collect();
        let mut ground: Vec<Coord<f64>> =
            cells[..3].iter().flat_map(|cell| samples(grid, *cell)).collect();
        ground.extend(&samples(grid, cells[3])[..7]);
        let setting = Setting { grid, shift: Coord { x: 0.0, y: 0.0 }, steps: 1 };
        let at = |ground: &[Coord<f64>]| {
            let ground = Ground { samples: ground, each: grid.cell_area() / 16.0 };
            hot_map(setting, &[], ground, DRAWS, 0.05).at(grid.centre(cells[3]))
        };
        assert_eq!(at(&ground), None);
        ground.push(samples(grid, cells[3])[7]);
        assert_eq!(at(&ground), Some(false));
    }

    #[test]
    fn two_steps_reach_further_and_never_back() {
        let near = Neighbours::from_pairs(4, [(0, 1), (1, 2), (2, 3)]);
        let two = within_steps(&near, 2);
        assert_eq!((two.of(0), two.of(1)), (&[1, 2][..], &[0, 2, 3][..]));
        assert_eq!(within_steps(&near, 1), near);
    }
}

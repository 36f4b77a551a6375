//! Points sorted into square cells, and which cells lie within reach of which.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    axis::{SLACK, strips},
    points::Points,
};

/// The most cells that one thread takes at a time.
const CHUNK: usize = 1024;

/// Points in cells of side reach/√2 (and, with times, slabs as deep as the reach in time), so that
/// all points of one cell are within reach of each other, and points within reach of each other
/// lie at most two cells apart on every axis.
pub(super) struct Cells {
    /// The points' places, by cell and within one ascending; a point's *position* is its number
    /// in this order.
    pub(super) order: Vec<u32>,
    /// By cell its first position; the number of points at the end.
    starts: Vec<u32>,
    /// By cell its column.
    columns: Vec<u32>,
    /// Runs of cells with the same slab and row, ascending.
    lines: Vec<Line>,
    /// Slabs on either side within reach.
    slabs: i64,
}

/// Cells of one row (of one slab).
struct Line {
    slab: u32,
    row: u32,
    cells: Range<usize>,
}

impl Cells {
    /// Sorts points into cells; `times` and their reach where time counts. Cost: a sort.
    pub(super) fn of(points: Points<'_>, reach: f64, times: Option<(&[f64], f64)>) -> Self {
        let axis = |of: fn(&geo_types::Coord<f64>) -> f64| {
            let values: Vec<f64> = points.get().iter().map(of).collect();
            strips(&values, reach, reach / std::f64::consts::SQRT_2 * (1.0 - SLACK))
        };
        let (columns, rows) = rayon::join(|| axis(|at| at.x), || axis(|at| at.y));
        let slabs = times.map(|(times, reach)| strips(times, reach, reach * (1.0 - SLACK)));
        let slab = |place: usize| slabs.as_ref().map_or(0, |slabs| slabs[place]);
        let mut sorted: Vec<(u64, u32, u32)> = (0..points.len())
            .into_par_iter()
            .map(|place| {
                let line = u64::from(slab(place)) << 32 | u64::from(rows[place]);
                (line, columns[place], place as u32)
            })
            .collect();
        sorted.par_sort_unstable();
        let mut cells = Self {
            order: sorted.iter().map(|(_, _, place)| *place).collect(),
            starts: Vec::new(),
            columns: Vec::new(),
            lines: Vec::new(),
            slabs: if times.is_some() { 2 } else { 0 },
        };
        let mut last = None;
        for (position, (line, column, _)) in sorted.iter().enumerate() {
            if last == Some((line, column)) {
                continue;
            }
            let cell = cells.columns.len();
            if last.is_none_or(|(before, _)| before != line) {
                let (slab, row) = ((line >> 32) as u32, *line as u32);
                cells.lines.push(Line { slab, row, cells: cell..cell });
            }
            if let Some(line) = cells.lines.last_mut() {
                line.cells.end = cell + 1;
            }
            cells.starts.push(position as u32);
            cells.columns.push(*column);
            last = Some((line, column));
        }
        cells.starts.push(sorted.len() as u32);
        cells
    }

    /// How many cells hold a point.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// The positions of the points of a cell.
    pub(super) fn positions(&self, cell: usize) -> Range<usize> {
        self.starts[cell] as usize..self.starts[cell + 1] as usize
    }

    /// The positions of the points of a run of cells.
    pub(super) fn span(&self, cells: &Range<usize>) -> Range<usize> {
        self.starts[cells.start] as usize..self.starts[cells.end] as usize
    }

    /// All cells in order, cut into pieces for threads.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let cut = |(line, of): (usize, &Line)| {
            let end = of.cells.end;
            of.cells
                .clone()
                .step_by(CHUNK)
                .map(move |first| Piece { line, cells: first..end.min(first + CHUNK) })
        };
        self.lines.iter().enumerate().flat_map(cut).collect()
    }

    /// Visits every cell of a piece together with the runs of cells within reach, its own among
    /// them (the nearest lines first). Cost: linear, by pointers that only move on.
    pub(super) fn sweep(&self, piece: &Piece, mut visit: impl FnMut(usize, &[Range<usize>])) {
        let lines = self.lines_near(&self.lines[piece.line]);
        let first = self.columns[piece.cells.start].saturating_sub(2);
        let mut runs: Vec<Range<usize>> = lines
            .iter()
            .map(|line| {
                let start =
                    line.start + self.columns[line.clone()].partition_point(|at| *at < first);
                start..start
            })
            .collect();
        for cell in piece.cells.clone() {
            let column = self.columns[cell];
            for (run, line) in runs.iter_mut().zip(&lines) {
                while run.start < line.end && self.columns[run.start] + 2 < column {
                    run.start += 1;
                }
                run.end = run.end.max(run.start);
                while run.end < line.end && self.columns[run.end] <= column + 2 {
                    run.end += 1;
                }
            }
            visit(cell, &runs);
        }
    }

    /// The cells of the lines at most two rows and slabs away, the line itself first.
    fn lines_near(&self, own: &Line) -> Vec<Range<usize>> {
        let mut steps: Vec<(i64, i64)> = (-self.slabs..=self.slabs)
            .flat_map(|slab| (-2..=2).map(move |row| (slab, row)))
            .collect();
        steps.sort_by_key(|(slab, row)| (slab.abs() + row.abs(), *slab, *row));
        let find = |(slab, row): (i64, i64)| {
            let slab = u32::try_from(i64::from(own.slab) + slab).ok()?;
            let row = u32::try_from(i64::from(own.row) + row).ok()?;
            let key = |line: &Line| (line.slab, line.row);
            let line = self.lines.binary_search_by_key(&(slab, row), key).ok()?;
            Some(self.lines[line].cells.clone())
        };
        steps.into_iter().filter_map(find).collect()
    }
}

/// Some cells of one line, in order.
pub(super) struct Piece {
    line: usize,
    cells: Range<usize>,
}

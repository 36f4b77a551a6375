"""Quartic density on 500 by 500 cells: KDEpy's FFT, which is approximate. spatstat: density.R."""

import numpy as np
from KDEpy import FFTKDE

from common import SMALL, points, say, timed


def main():
    places = points()
    cells, side = 500, 50_000.0
    cell = side / cells
    # KDEpy wants every point within the grid: half a cell more on each side.
    nodes = np.linspace(-cell / 2, side + cell / 2, cells + 2)
    grid = np.stack(np.meshgrid(nodes, nodes, indexing="ij"), -1).reshape(-1, 2)
    for radius in (1000, 3000):
        kde = FFTKDE(kernel="biweight", norm=2, bw=radius / np.sqrt(7.0))
        work = lambda: kde.fit(places).evaluate(grid)
        work()
        seconds, density = timed(work, 1 if SMALL else 5)
        peak = float(density.max() * len(places))
        say(f"density-{radius}", "kdepy-fft", seconds, "approximate: binned", about_peak=peak)


if __name__ == "__main__":
    main()

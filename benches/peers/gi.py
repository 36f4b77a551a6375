"""Gi* with 999 conditional permutations: pygeoda (look-up table) and esda."""

import esda
import geopandas
import libpysal
import numpy as np
import pygeoda
import shapely

from common import SMALL, THREADS, by_two_runs, numbers, say, timed


def lattice(side):
    """The same squares as ours, for pygeoda, which makes weights of polygons only."""
    row, col = np.divmod(np.arange(side * side), side)
    frame = geopandas.GeoDataFrame(geometry=shapely.box(col, row, col + 1, row + 1))
    opened = pygeoda.open(frame)
    return opened, pygeoda.queen_weights(opened)


def main():
    values = numbers("values")
    side = int(round(np.sqrt(len(values))))
    weights = libpysal.weights.lat2W(side, side, rook=False)

    _, queen = lattice(side)
    work = lambda: pygeoda.local_gstar(
        queen,
        list(values),
        permutations=999,
        permutation_method="lookup",
        cpu_threads=THREADS,
        seed=1,
    )
    seconds, _ = timed(work, 1 if SMALL else 3)
    say("gi", "pygeoda", seconds, f"look-up table, {THREADS} threads")

    def g_local(permutations):
        return esda.G_Local(
            values,
            weights,
            transform="B",
            star=True,
            permutations=permutations,
            n_jobs=1,
            seed=1,
            keep_simulations=False,
        )

    g_local(3)  # numba compiles
    seconds, found, note = by_two_runs(g_local, 999)
    say("gi", "esda", seconds, note, sum_of_z=float(np.abs(found.Zs).sum()))


if __name__ == "__main__":
    main()

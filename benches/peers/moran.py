"""Local Moran with 999 conditional permutations: pygeoda (look-up table) and esda."""

import esda
import libpysal
import numpy as np
import pygeoda

from common import SMALL, THREADS, by_two_runs, numbers, say, timed
from gi import lattice


def main():
    values = numbers("values")
    side = int(round(np.sqrt(len(values))))
    weights = libpysal.weights.lat2W(side, side, rook=False)

    _, queen = lattice(side)
    work = lambda: pygeoda.local_moran(
        queen,
        list(values),
        permutations=999,
        permutation_method="lookup",
        cpu_threads=THREADS,
        seed=1,
    )
    seconds, _ = timed(work, 1 if SMALL else 3)
    say("moran", "pygeoda", seconds, f"look-up table, {THREADS} threads")

    def local(permutations):
        return esda.Moran_Local(
            values, weights, permutations=permutations, n_jobs=1, seed=1, keep_simulations=False
        )

    local(3)  # numba compiles
    seconds, found, note = by_two_runs(local, 999)
    say("moran", "esda", seconds, note, high_high=int((found.q == 1).sum()))


if __name__ == "__main__":
    main()

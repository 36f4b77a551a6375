"""What the peers' scripts share: the data that our side wrote, timing, and one line an answer."""

import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np

warnings.filterwarnings("ignore")

FOLDER = Path(sys.argv[1])
SMALL = len(sys.argv) > 2
THREADS = os.cpu_count() or 1


def numbers(name):
    return np.fromfile(FOLDER / name, dtype="<f8")


def points(name="points"):
    return numbers(name).reshape(-1, 2)


def outlines(name):
    """Polygons of one ring each."""
    import shapely

    corners = numbers(f"{name}.corners").reshape(-1, 2)
    counts = numbers(f"{name}.counts").astype(int)
    ring_of = np.repeat(np.arange(len(counts)), counts)
    return shapely.polygons(shapely.linearrings(corners, indices=ring_of))


def timed(work, runs=1):
    """The median of the seconds that `work` takes, and its answer."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[len(seconds) // 2], answer


def say(work, peer, seconds, note="", **figures):
    """One line for the run: which work, who, how long, figures of the answer, a remark."""
    told = " ".join(f"{name}={value}" for name, value in figures.items())
    print(work, peer, repr(float(seconds)), told, f"# {note}" if note else "", flush=True)


def by_two_runs(work, permutations, few=19, more=59):
    """Seconds for `permutations` by the straight line through two shorter runs, and the answer.

    What does not grow with the permutations (reading, lags) is so counted once and not many times.
    """
    if SMALL or permutations <= more:
        return *timed(lambda: work(permutations)), ""
    short, _ = timed(lambda: work(few))
    longer, answer = timed(lambda: work(more))
    each = max(longer - short, 0) / (more - few)
    note = f"{permutations} permutations by the line through {few} and {more}"
    return longer + each * (permutations - more), answer, note

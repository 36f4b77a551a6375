"""Knox's test with 999 permutations: pointpats."""

from pointpats import Knox

from common import by_two_runs, numbers, points, say


def main():
    places, times = points(), numbers("times").reshape(-1, 1)

    def test(permutations):
        return Knox(places, times, delta=500.0, tau=5.0, permutations=permutations)

    seconds, found, note = by_two_runs(test, 999, few=5, more=15)
    (both, near_only), (soon_only, _) = found.observed
    say(
        "knox",
        "pointpats",
        seconds,
        note,
        near=int(both + near_only),
        soon=int(both + soon_only),
        both=int(both),
    )


if __name__ == "__main__":
    main()

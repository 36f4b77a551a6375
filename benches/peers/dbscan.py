"""DBSCAN: scikit-learn."""

from sklearn.cluster import DBSCAN

from common import THREADS, points, say, timed


def main():
    places = points()
    work = lambda: DBSCAN(eps=150.0, min_samples=10, n_jobs=THREADS).fit(places)
    seconds, found = timed(work, 1)
    say(
        "dbscan",
        "scikit-learn",
        seconds,
        f"{THREADS} jobs",
        clusters=int(found.labels_.max()) + 1,
        core=len(found.core_sample_indices_),
    )


if __name__ == "__main__":
    main()

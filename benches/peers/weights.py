"""Weights: libpysal's Graph (its newest and quickest)."""

import geopandas
import shapely
from libpysal.graph import Graph

from common import outlines, points, say, timed


def main():
    communes = geopandas.GeoDataFrame(geometry=outlines("communes"))
    seconds, graph = timed(lambda: Graph.build_contiguity(communes, rook=False), 3)
    say("queen", "libpysal", seconds, links=graph.n_edges)
    strict = lambda: Graph.build_contiguity(communes, rook=False, strict=True)
    seconds, graph = timed(strict, 1)
    say("queen", "libpysal-strict", seconds, "by overlay of outlines", links=graph.n_edges)

    places = geopandas.GeoSeries(shapely.points(points()))
    seconds, graph = timed(lambda: Graph.build_knn(places, 8), 1)
    say("knn-8", "libpysal", seconds, links=graph.n_edges)
    seconds, graph = timed(lambda: Graph.build_distance_band(places, 500.0), 1)
    say("band-500", "libpysal", seconds, links=graph.n_edges)


if __name__ == "__main__":
    main()

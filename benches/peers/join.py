"""Points into polygons: SedonaDB and geopandas."""

import geopandas
import sedonadb
import shapely

from common import outlines, points, say, timed


def main():
    places = points()
    left = geopandas.GeoDataFrame(geometry=shapely.points(places))
    for name in ("join-100", "join-11025"):
        right = geopandas.GeoDataFrame({"unit": range(int(name[5:]))}, geometry=outlines(name))
        seconds, found = timed(
            lambda: geopandas.sjoin(left, right, how="inner", predicate="intersects"), 1
        )
        say(name, "geopandas", seconds, inside=len(found))

        database = sedonadb.connect()
        database.create_data_frame(left).to_memtable().to_view("places", overwrite=True)
        database.create_data_frame(right).to_memtable().to_view("units", overwrite=True)
        question = (
            "SELECT count(*) AS inside FROM places JOIN units "
            "ON ST_Intersects(places.geometry, units.geometry)"
        )
        work = lambda: int(database.sql(question).to_pandas()["inside"][0])
        work()
        seconds, inside = timed(work, 3)
        say(name, "sedonadb", seconds, "data in memory, second run", inside=inside)


if __name__ == "__main__":
    main()

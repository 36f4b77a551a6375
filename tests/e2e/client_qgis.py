"""QGIS 3.22 as a client: every collection loads, answers and draws; tiles too; the store opens as it is.

Usage: /usr/bin/python3 client_qgis.py http://127.0.0.1:PORT/ STORE.gpkg FOLDER_FOR_PICTURES
"""
import json
import os
import sys
import urllib.request

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["XDG_RUNTIME_DIR"] = sys.argv[3]

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

base, store, folder = sys.argv[1], sys.argv[2], sys.argv[3]
app = QgsApplication([], False)
app.initQgis()
passed, failed = 0, []


def check(name, right, detail=""):
    global passed
    if right:
        passed += 1
    else:
        failed.append(f"{name}: {detail}")
        print(f"FAILED {name}: {detail}")


def why(layer):
    # QgsError.summary() of a layer without error crashes.
    return "" if layer.isValid() else layer.error().message()


def ask(path):
    request = urllib.request.Request(base + path, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def draw(layers, extent, name):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(700, 500))
    settings.setBackgroundColor(QColor("white"))
    settings.setDestinationCrs(layers[0].crs())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(os.path.join(folder, f"{name}.png"))
    colours = {image.pixel(x, y) for x in range(0, 700, 2) for y in range(0, 500, 2)}
    return len(colours)


season = "season=2024-2025"
for collection in [c["id"] for c in ask("collections")["collections"]]:
    hits = ask(f"collections/{collection}/items?{season}&limit=1&f=json")["numberMatched"]
    uri = f"url='{base}?{season}' typename='{collection}' pagingEnabled='true'"
    layer = QgsVectorLayer(uri, collection, "OAPIF")
    check(f"{collection} is valid", layer.isValid(), why(layer))
    if not layer.isValid():
        continue
    features = list(layer.getFeatures())
    check(f"{collection} gives every feature", len(features) == hits, f"{len(features)} of {hits}")
    check(f"{collection} has fields", layer.fields().count() > 2, str(layer.fields().names()))
    schema = ask(f"collections/{collection}/schema?f=json")["properties"]
    for field in layer.fields():
        kind = schema.get(field.name(), {})
        if kind.get("type") in ("integer", "number") and any(f[field.name()] is not None and str(f[field.name()]) != "NULL" for f in features):
            check(f"{collection}.{field.name()} is a number", field.isNumeric() or field.typeName() == "bool", field.typeName())
    if hits:
        check(f"{collection} draws", draw([layer], layer.extent(), f"qgis-{collection}") > 1, "one colour only")

for collection in ("plots", "hotspots", "coverage", "communes"):
    tiles = f"{base}collections/{collection}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?{season}".replace("{", "%7B").replace("}", "%7D").replace("&", "%26")
    layer = QgsVectorTileLayer(f"type=xyz&url={tiles}&zmin=0&zmax=14", collection)
    check(f"tiles of {collection} are valid", layer.isValid())
    extent = QgsRectangle(11_380_000, 2_480_000, 11_600_000, 2_620_000)
    check(f"tiles of {collection} draw", draw([layer], extent, f"qgis-tiles-{collection}") > 1, "one colour only")

for table in ("plot", "boundary", "patrol_leg"):
    layer = QgsVectorLayer(f"{store}|layername={table}", table, "ogr")
    check(f"the store's table {table} opens", layer.isValid() and layer.featureCount() > 0, why(layer))

print(f"qgis: {passed} passed, {len(failed)} failed")
sys.stdout.flush()
os._exit(1 if failed else 0)

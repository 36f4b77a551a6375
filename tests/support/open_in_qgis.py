"""Loads our layers the way a person does in QGIS: OGC API Features and vector tiles."""

import os
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize

base, places = sys.argv[1], int(sys.argv[2])
app = QgsApplication([], False)
app.initQgis()


def drawn(layer, crs, extent):
    """How many pixels of a picture of the layer are not white."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    settings.setExtent(extent)
    settings.setOutputSize(QSize(200, 200))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return sum(
        image.pixelColor(x, y).name() != "#ffffff" for x in range(200) for y in range(200)
    )


for name, kind in [("plots", 1), ("plot-outlines", 6), ("patrol-tracks", 5)]:
    uri = f"url='{base}/?season=2025-2026' typename='{name}' pagingEnabled='true'"
    layer = QgsVectorLayer(uri, name, "OAPIF")
    assert layer.isValid(), f"{name}: {layer.error().message()}"
    assert layer.wkbType() == kind, f"{name}: {layer.wkbType()}"
    fields = {field.name(): field.typeName() for field in layer.fields()}
    assert fields["area_m2"].lower() in ("real", "double"), fields
    names = [feature["name"] for feature in layer.getFeatures()]
    assert len(names) == places, f"{name}: {len(names)} of {places}"
    assert 'Tà "Tổng" \\' in names, f"{name}: QGIS corrupted a name: {sorted(set(map(str, names)))}"
    pixels = drawn(layer, "EPSG:4326", QgsRectangle(102.2, 21.7, 103.9, 22.9))
    assert pixels > 100, f"{name}: {pixels} pixels drawn"
    print(f"{name}: {len(names)} features, {pixels} pixels")

    template = f"{base}/collections/{name}/tiles/WebMercatorQuad/%7Bz%7D/%7By%7D/%7Bx%7D"
    tiles = QgsVectorTileLayer(f"type=xyz&url={template}&zmin=0&zmax=14", name)
    assert tiles.isValid(), f"tiles of {name}: {tiles.error().message()}"
    pixels = drawn(tiles, "EPSG:3857", QgsRectangle(11376000, 2480000, 11566000, 2620000))
    assert pixels > 100, f"tiles of {name}: {pixels} pixels drawn"
    print(f"tiles of {name}: {pixels} pixels")

print("all loaded", flush=True)
os._exit(0)

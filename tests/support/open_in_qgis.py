"""Loads our layers the way a person does in QGIS: OGC API Features with our style, and vector tiles.

Arguments: base address, season, a text that one of the values must be, then name:wkbType:count.
"""

import os
import sys
import tempfile
import urllib.request

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize

base, season, text = sys.argv[1:4]
app = QgsApplication([], False)
app.initQgis()
degrees = QgsCoordinateReferenceSystem("EPSG:4326")
mercator = QgsCoordinateReferenceSystem("EPSG:3857")
turn = QgsCoordinateTransform(degrees, mercator, QgsProject.instance())


def drawn(layer, crs, extent):
    """How many pixels of a picture of the layer are not white."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(200, 200))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return sum(
        image.pixelColor(x, y).name() != "#ffffff" for x in range(200) for y in range(200)
    )


seen = set()
for name, kind, count in (argument.split(":") for argument in sys.argv[4:]):
    uri = f"url='{base}/?season={season}' typename='{name}' pagingEnabled='true'"
    layer = QgsVectorLayer(uri, name, "OAPIF")
    assert layer.isValid(), f"{name}: {layer.error().message()}"
    assert layer.wkbType() == int(kind), f"{name}: {layer.wkbType()}"
    features = list(layer.getFeatures())
    assert len(features) == int(count), f"{name}: {len(features)} of {count}"
    for feature in features:
        seen.update(map(str, feature.attributes()))
    extent = features[0].geometry().boundingBox()
    for feature in features:
        extent.combineExtentWith(feature.geometry().boundingBox())
    extent.grow(0.01)

    with tempfile.NamedTemporaryFile(suffix=".qml") as style:
        address = f"{base}/collections/{name}/styles/default?f=qml"
        style.write(urllib.request.urlopen(address, timeout=20).read())
        style.flush()
        message, fine = layer.loadNamedStyle(style.name)
        assert fine, f"style of {name}: {message}"
    rules = len(layer.renderer().rootRule().children())
    pixels = drawn(layer, degrees, extent)
    assert pixels > 10, f"{name}: {pixels} pixels drawn"

    template = f"{base}/collections/{name}/tiles/WebMercatorQuad/%7Bz%7D/%7By%7D/%7Bx%7D"
    tiles = QgsVectorTileLayer(
        f"type=xyz&url={template}?season%3D{season}&zmin=0&zmax=14", name
    )
    assert tiles.isValid(), f"tiles of {name}: {tiles.error().message()}"
    from_tiles = drawn(tiles, mercator, turn.transformBoundingBox(extent))
    assert from_tiles > 10, f"tiles of {name}: {from_tiles} pixels drawn"
    print(f"{name}: {len(features)} features, {rules} rules, {pixels} and {from_tiles} pixels")

assert text in seen, f"QGIS corrupted {text!r}"
print("all loaded", flush=True)
os._exit(0)

"""Run inside QGIS by ``make desk``: load the sample township and show the plugin's docks."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, plugins

SAMPLE = os.environ["SYSB_SAMPLE"]
STYLES = Path(os.environ["QGIS_PLUGINPATH"]) / "three_opt_three_protect" / "resources" / "styles"
# From the bottom of the map to the top; `parcels_next` is the second survey year and would hide the first.
LAYERS = ("villages", "settlements", "parcels", "farmland", "boundary", "redline", "retained", "reclaim", "newbuild")
TABLES = ("population", "targets")


def load() -> None:
    """Add the layers of the sample; QGIS names what it cannot open."""
    for name in TABLES + LAYERS:
        layer = QgsVectorLayer(f"{SAMPLE}|layername={name}", name, "ogr")
        if not layer.isValid():
            raise RuntimeError(f"{SAMPLE} has no layer {name}")
        style = STYLES / f"{name}.qml"
        if style.is_file():
            layer.loadNamedStyle(str(style))
        QgsProject.instance().addMapLayer(layer)
        if name == "parcels":
            iface.mapCanvas().setExtent(layer.extent())


def show() -> None:
    """Show the docks the plugin added."""
    if "three_opt_three_protect" not in plugins:
        raise RuntimeError("QGIS did not load the plugin three_opt_three_protect")
    for dock in iface.mainWindow().findChildren(QDockWidget):
        if dock.objectName().startswith("sysb"):
            dock.show()
            dock.raise_()
    iface.mapCanvas().refresh()


load()
show()

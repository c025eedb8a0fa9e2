"""QGIS, areas a layer: *Overlap analysis* (``native:calculatevectoroverlaps``)."""

from __future__ import annotations

from benchmarks.cases import LAYERS, files_of_command_line
from benchmarks.peers.qgis_session import session


def main() -> None:
    """One call for all layers; the fields are called after the layers."""
    files = files_of_command_line()
    with session() as processing:
        from qgis.core import QgsVectorLayer

        layers = [QgsVectorLayer(files.source(name), name, "ogr") for name in LAYERS]
        target = f"ogr:dbname='{files.output}' table=\"areas\" (geom)"
        inputs = {"INPUT": files.source("parcels"), "LAYERS": layers, "OUTPUT": target}
        processing.run("native:calculatevectoroverlaps", inputs)
        layers.clear()  # a layer that outlives QGIS crashes the process


if __name__ == "__main__":
    main()

"""QGIS, all combinations: *Union* (``native:union``) with one layer after another."""

from __future__ import annotations

from benchmarks.cases import LAYERS, files_of_command_line
from benchmarks.peers.qgis_session import session


def main() -> None:
    """Memory layers between, a GeoPackage at the end."""
    files = files_of_command_line()
    target = f"ogr:dbname='{files.output}' table=\"pieces\" (geom)"
    with session() as processing:
        pieces = files.source("parcels")
        for layer in LAYERS:
            inputs = {"INPUT": pieces, "OVERLAY": files.source(layer), "OVERLAY_FIELDS_PREFIX": f"{layer}_"}
            output = target if layer == LAYERS[-1] else "TEMPORARY_OUTPUT"
            pieces = processing.run("native:union", {**inputs, "OUTPUT": output})["OUTPUT"]
        del pieces  # a layer that outlives QGIS crashes the process


if __name__ == "__main__":
    main()

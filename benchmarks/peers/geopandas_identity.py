"""GeoPandas, all combinations: one identity overlay a layer."""

from __future__ import annotations

import geopandas

from benchmarks.cases import LAYERS, PARCEL_ID, ZONE_ID, files_of_command_line


def main() -> None:
    """Read, overlay layer by layer, write the pieces."""
    files = files_of_command_line()
    pieces = geopandas.read_file(files.parcels, layer="parcels", columns=[PARCEL_ID])
    for layer in LAYERS:
        zones = geopandas.read_file(files.zones, layer=layer, columns=[ZONE_ID]).rename(columns={ZONE_ID: layer})
        pieces = geopandas.overlay(pieces, zones, how="identity", keep_geom_type=True)
    pieces.to_file(files.output, layer="pieces", driver="GPKG")


if __name__ == "__main__":
    main()

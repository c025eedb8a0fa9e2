"""GeoPandas, areas a layer: intersect the parcels with each layer, sum by parcel."""

from __future__ import annotations

import geopandas
import numpy as np

from benchmarks.cases import LAYERS, PARCEL_ID, ZONE_ID, files_of_command_line
from benchmarks.peers.plain_shapely import write_areas


def main() -> None:
    """Read, intersect, write one row a parcel."""
    files = files_of_command_line()
    parcels = geopandas.read_file(files.parcels, layer="parcels", columns=[PARCEL_ID])
    areas = {}
    for layer in LAYERS:
        zones = geopandas.read_file(files.zones, layer=layer, columns=[ZONE_ID])
        cut = geopandas.overlay(parcels, zones, how="intersection", keep_geom_type=True)
        found = cut.area.groupby(cut[PARCEL_ID]).sum()
        areas[layer] = found.reindex(parcels[PARCEL_ID], fill_value=0.0).to_numpy()
    write_areas(files, parcels[PARCEL_ID].to_numpy(dtype=np.object_), areas)


if __name__ == "__main__":
    main()

"""Features without geometry in GeoPackages: QGIS writes them as empty polygons, which are another thing."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable

from osgeo import gdal
from qgis.core import QgsFeature


class NoGeometry:
    """What has passed on its way into a sink: features without geometry, and ones whose geometry is empty."""

    def __init__(self) -> None:
        self._null = self._empty = False

    def look(self, features: Iterable[QgsFeature]) -> None:
        """Note what ``features`` have."""
        for feature in features:
            if not feature.hasGeometry():
                self._null = True
            elif feature.geometry().isEmpty():
                self._empty = True

    def restore(self, destination: str, table: str) -> None:
        """Take the empty geometries away again that stand for none; where real ones are among them, all stay.

        Parameters
        ----------
        destination
            Where a finished sink has written; only GeoPackages are looked into.
        table
            In it; ``""`` = the only one.
        """
        path = Path(destination.split("|", 1)[0])
        if not self._null or self._empty or path.suffix.lower() != ".gpkg":
            return
        data = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
        layer = data.GetLayerByName(table) if table else data.GetLayer(0)
        if layer is not None and layer.GetGeometryColumn():
            empty = [feature.GetFID() for feature in layer if _is_empty(feature)]
            layer.StartTransaction()
            for fid in empty:
                feature = layer.GetFeature(fid)
                feature.SetGeometry(None)
                layer.SetFeature(feature)
            layer.CommitTransaction()
        # closes it
        layer = None
        data = None


def _is_empty(feature: object) -> bool:
    shape = feature.GetGeometryRef()  # type: ignore[attr-defined]
    return shape is not None and bool(shape.IsEmpty())

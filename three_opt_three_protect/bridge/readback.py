"""Files looked into once more after QGIS has written them: on a full disk some formats stop in silence."""

from __future__ import annotations

from pathlib import Path

from osgeo import gdal

_SILENT = (".geojson", ".json", ".gml", ".kml", ".kmz", ".fgb", ".sqlite", ".xlsx", ".ods")
"""Formats whose driver says nothing when it could not write all; QGIS reports the failures of the others."""
_UNCOUNTED = (".xlsx", ".ods")
"""Sheets, whose empty rows are not counted; cut short, they do not open."""


def is_cut_short(path: Path, written: int) -> bool:
    """True where the file does not open again, or has fewer features than were written; for silent formats only."""
    suffix = path.suffix.lower()
    if suffix not in _SILENT:
        return False
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        data = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_READONLY)
        if data is None:
            return True
        there = sum(data.GetLayer(row).GetFeatureCount() for row in range(data.GetLayerCount()))
        return suffix not in _UNCOUNTED and there < written
    except RuntimeError:  # where another plugin has asked osgeo for exceptions
        return True
    finally:
        data = None  # closes it
        gdal.PopErrorHandler()

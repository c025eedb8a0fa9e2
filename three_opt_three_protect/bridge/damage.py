"""What GDAL complains of while a layer is read: a damaged file reads as a shorter one, and QGIS says nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator, List

from osgeo import gdal


_ONE_SHAPE = ("WKB", "geometry")
"""In what GDAL says of one feature's geometry: the feature comes without it, as checks and repairs tell."""


@contextmanager
def complaints() -> Iterator[List[str]]:
    """The failures (no mere warnings) GDAL reports in this thread while the block runs, as it words them."""
    said: List[str] = []

    def note(level: int, number: int, message: str) -> None:
        if level >= gdal.CE_Failure and not any(word in message for word in _ONE_SHAPE):
            said.append(str(message))

    gdal.PushErrorHandler(note)
    try:
        yield said
    finally:
        gdal.PopErrorHandler()

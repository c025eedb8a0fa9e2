"""What GDAL complains of while a layer is read: a damaged file reads as a shorter one, and QGIS says nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator, Union

from osgeo import gdal

_ONE_SHAPE = ("WKB", "geometry")
"""In what GDAL says of one feature's geometry: the feature comes without it, as checks and repairs tell."""


class Complaints:
    """The first failure (no mere warning) GDAL had in this thread, as it words it; ``""`` for none.

    GDAL keeps the last only: look often. A handler of our own would hear all, and fails on words that are not UTF-8.
    """

    def __init__(self) -> None:
        self.said = ""

    def look(self) -> None:
        """Take note of the failure there was since the last look."""
        if self.said or gdal.GetLastErrorType() < gdal.CE_Failure:
            return
        words: Union[str, bytes] = gdal.GetLastErrorMsg()
        message = words if isinstance(words, str) else words.decode("utf-8", "replace")
        if not any(word in message for word in _ONE_SHAPE):
            self.said = message or "?"


@contextmanager
def complaints() -> Iterator[Complaints]:
    """The failures while the block runs."""
    found = Complaints()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    gdal.ErrorReset()
    try:
        yield found
    finally:
        found.look()
        gdal.PopErrorHandler()

"""A QGIS without a window, for the peers that run in it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Iterator


@contextmanager
def session() -> Iterator[Any]:
    """Start QGIS with Processing and give ``processing``."""
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    processing = import_module("processing")  # can be found only now
    import_module("processing.core.Processing").Processing.initialize()
    try:
        yield processing
    finally:
        application.exitQgis()

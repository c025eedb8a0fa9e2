"""Packages that are there on a command line but not in every QGIS."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Iterator

from three_opt_three_protect.core.errors import MissingPackageError


def package(name: str) -> Any:
    """The module ``name``.

    Raises
    ------
    MissingPackageError
        ``package_missing``: names the package and how to get it.
    """
    try:
        if name.startswith("pyogrio") and "qgis.core" in sys.modules:
            with _without_pyproj():
                return import_module(name)
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingPackageError("package_missing", package=name.partition(".")[0]) from error


@contextmanager
def _without_pyproj() -> Iterator[None]:
    """Keep pyproj out while another package is imported that takes it along.

    pyproj's wheel brings a second libproj, and QGIS on Linux crashes when it closes with two of
    them. Nothing done inside QGIS needs pyproj.
    """
    if "pyproj" in sys.modules:
        yield
        return
    sys.modules["pyproj"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["pyproj"]

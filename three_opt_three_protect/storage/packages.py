"""Packages that are there on a command line but not in every QGIS."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from three_opt_three_protect.core.errors import MissingPackageError


def package(name: str) -> Any:
    """The module ``name``.

    Raises
    ------
    MissingPackageError
        ``package_missing``: names the package and how to get it.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingPackageError("package_missing", package=name.partition(".")[0]) from error

"""Packages that are there on a command line but not in every QGIS."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Iterator, Mapping, Sequence, Tuple

from three_opt_three_protect.core.errors import MissingPackageError

SUPPORTED: Mapping[str, str] = {
    "numpy": ">=1.24",
    "shapely": ">=2.0.7,<2.1",
    "scipy": ">=1.10",
    "highspy": ">=1.8",
    "pyogrio": ">=0.9",
    "fiona": ">=1.9",
    "pyproj": ">=3.4",
    "PyYAML": ">=6.0",
    "XlsxWriter": ">=3.0",
    "python-docx": ">=1.0",
    "matplotlib": ">=3.5",
}
"""Distribution → versions the program works with.

shapely below 2.1: on Linux its calls land in the GEOS that QGIS has loaded, 3.11 on the oldest
system supported, and objects of two GEOS versions in one process crash it.
"""


def is_supported(name: str, version: str) -> bool:
    """Whether ``version`` of the distribution ``name`` (``""`` = absent) is one the program works with."""
    if not version:
        return False
    found = _numbers(version)
    wanted = next((spec for key, spec in SUPPORTED.items() if key.lower() == name.lower()), "")
    for bound in filter(None, wanted.split(",")):
        limit = _numbers(bound.lstrip("<>="))
        if found >= limit if bound.startswith("<") else found < limit:
            return False
    return True


def requirement(name: str) -> str:
    """``"shapely>=2.0.7,<2.1"``, as pip takes it."""
    return next((f"{key}{spec}" for key, spec in SUPPORTED.items() if key.lower() == name.lower()), name)


def _numbers(version: str) -> Tuple[int, ...]:
    """``"2.0.7rc1"`` → ``(2, 0, 7)``."""
    parts: Sequence[str] = re.findall(r"\d+", version)
    return tuple(int(part) for part in parts[:3])


def package(name: str) -> Any:
    """The module ``name``.

    Raises
    ------
    MissingPackageError
        ``package_missing``: names the package and how to get it.
    """
    try:
        if name.startswith("pyogrio"):
            with _without(("pyproj",) if "qgis.core" in sys.modules else _UNUSED):
                return import_module(name)
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingPackageError("package_missing", package=name.partition(".")[0]) from error


_UNUSED = ("geopandas", "pandas", "pyarrow")
"""What pyogrio takes along where it is installed, and what takes longer to load than a township to read.

Only in a process of one's own: in QGIS another plugin may want pyogrio with them.
"""


@contextmanager
def _without(names: Sequence[str]) -> Iterator[None]:
    """Keep packages out while another one is imported that takes them along; nothing done here needs them.

    pyproj's wheel brings a second libproj, and QGIS on Linux crashes when it closes with two of them.
    """
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]

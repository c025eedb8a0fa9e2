"""Python packages QGIS does not bring: which is missing and how to get it. Nothing is installed from here."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import Optional, Sequence, Tuple

from qgis.core import QgsApplication

from three_opt_three_protect.core.errors import MissingPackageError

LOWEST = {
    "shapely": "2.0.7",
    "scipy": "1.10",
    "pyogrio": "0.9",
    "fiona": "1.9",
    "highspy": "1.7",
    "xlsxwriter": "3.0",
    "python-docx": "1.0",
    "matplotlib": "3.5",
}
"""Lowest version of each package that the plugin works with."""


def missing_package(needs: Sequence[str]) -> Optional[MissingPackageError]:
    """The first of ``needs`` (names of distributions) that is absent or too old; None when all are there."""
    for package in needs:
        try:
            found = metadata.version(package)
        except metadata.PackageNotFoundError:
            found = ""
        lowest = LOWEST.get(package, "")
        if not found or _numbers(found) < _numbers(lowest):
            return MissingPackageError("package_missing_here", package=package, command=command(package))
    return None


def command(package: str) -> str:
    """The command that installs ``package`` for this QGIS, to be typed by the user.

    Into the profile's own python folder, which needs no administrator and is found before the
    system's packages; without dependencies, so that QGIS's numpy stays.
    """
    lowest = LOWEST.get(package, "")
    wanted = f"{package}>={lowest}" if lowest else package
    folder = f"{QgsApplication.qgisSettingsDirPath()}python"
    return f'{_python()} -m pip install --no-deps --target "{folder}" "{wanted}"'


def _python() -> str:
    """How this platform's user calls the Python of QGIS (on Windows in the OSGeo4W Shell)."""
    if sys.platform == "darwin":
        return f"{QgsApplication.prefixPath()}/bin/python3"
    return "python3"


def _numbers(version: str) -> Tuple[int, ...]:
    """``"2.0.7rc1"`` → ``(2, 0, 7)``."""
    parts = []
    for part in version.split("."):
        digits = "".join(character for character in part if character.isdigit())
        if not digits:
            break
        parts.append(int(digits))
    return tuple(parts)

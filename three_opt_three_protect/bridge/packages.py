"""Python packages QGIS does not bring: which is missing and how to get it. Nothing is installed from here."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import Optional, Sequence

from qgis.core import QgsApplication

from three_opt_three_protect.core.errors import MissingPackageError
from three_opt_three_protect.storage.packages import is_supported, requirement


def missing_package(needs: Sequence[str]) -> Optional[MissingPackageError]:
    """The first of ``needs`` (names of distributions) that is absent or too old; None when all are there."""
    for package in needs:
        try:
            found = metadata.version(package)
        except metadata.PackageNotFoundError:
            found = ""
        if not is_supported(package, found):
            return MissingPackageError("package_missing_here", package=package, command=command(package))
    return None


def command(package: str) -> str:
    """The command that installs ``package`` for this QGIS, to be typed by the user.

    Into the profile's own python folder, which needs no administrator and is found before the
    system's packages; without dependencies, so that QGIS's numpy stays.
    """
    folder = f"{QgsApplication.qgisSettingsDirPath()}python"
    return f'{_python()} -m pip install --no-deps --target "{folder}" "{requirement(package)}"'


def _python() -> str:
    """How this platform's user calls the Python of QGIS (on Windows in the OSGeo4W Shell)."""
    if sys.platform == "darwin":
        return f"{QgsApplication.prefixPath()}/bin/python3"
    return "python3"

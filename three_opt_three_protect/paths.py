"""Where the files that come with the package lie.

In a checkout they lie beside the package, in an installed plugin inside it: QGIS installs one
folder.  This is the only module that knows.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
"""The folder of the package."""


def _home(package: Path) -> Path:
    """The folder that holds ``resources``, ``i18n`` and ``metadata.txt``."""
    return package if (package / "resources").is_dir() else package.parent


HOME = _home(PACKAGE)
RESOURCES = HOME / "resources"
TRANSLATIONS = HOME / "i18n"
METADATA = HOME / "metadata.txt"


def resource(*parts: str) -> Path:
    """Path of a shipped resource.

    Parameters
    ----------
    *parts
        Folders and file name below ``resources``, e.g. ``resource("messages", "en.yaml")``.
    """
    return RESOURCES.joinpath(*parts)

"""三优三保 for QGIS: special plans of township land."""

from __future__ import annotations

from typing import Any


def classFactory(iface: Any) -> Any:  # noqa: N802  QGIS looks for this name.
    """The plugin, for QGIS to load; ``iface`` is None under qgis_process."""
    from three_opt_three_protect.plugin import Plugin

    return Plugin(iface)

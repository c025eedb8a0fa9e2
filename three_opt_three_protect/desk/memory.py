"""What the dock remembers: in the project its layers, profile and plots left out; in the settings the unit."""

from __future__ import annotations

from pathlib import Path
from typing import FrozenSet, Optional, Tuple

from qgis.core import QgsProject, QgsSettings

from three_opt_three_protect.desk.figures import DEFAULT_UNIT, UNITS

Plot = Tuple[str, str]
"""Role (reclaim, newbuild) and plot id: feature ids change when an edit is saved."""

_SCOPE = "three_opt_three_protect"
_UNIT = f"{_SCOPE}/area_unit"


class ProjectMemory:
    """Entries of the current project; another project has its own."""

    def layer_id(self, role: str) -> Optional[str]:
        """The layer chosen for ``role``; ``""`` = the planner wants none, None = never chosen."""
        value, found = QgsProject.instance().readEntry(_SCOPE, f"balance/role_{role}", "")
        return str(value) if found else None

    def keep_layer(self, role: str, layer_id: str) -> None:
        """Remember the planner's choice."""
        QgsProject.instance().writeEntry(_SCOPE, f"balance/role_{role}", layer_id)

    def profile(self) -> str:
        """Id or path of the profile, ``""`` = the default; a path beside the project is absolute here."""
        value, _ = QgsProject.instance().readEntry(_SCOPE, "balance/profile", "")
        home = QgsProject.instance().homePath()
        if home and value.lower().endswith((".yaml", ".yml")) and not Path(value).is_absolute():
            return str(Path(home) / value)
        return str(value)

    def keep_profile(self, profile: str) -> None:
        """Remember the profile; a file below the project's folder by its relative path, so that both may move."""
        home = QgsProject.instance().homePath()
        path = Path(profile)
        if home and path.is_absolute() and Path(home) in path.parents:
            profile = path.relative_to(home).as_posix()
        QgsProject.instance().writeEntry(_SCOPE, "balance/profile", profile)

    def excluded(self) -> FrozenSet[Plot]:
        """Plots left out of the balance."""
        found = set()
        for role in ("reclaim", "newbuild"):
            ids, _ = QgsProject.instance().readListEntry(_SCOPE, f"balance/left_out_{role}", [])
            found |= {(role, str(plot_id)) for plot_id in ids}
        return frozenset(found)

    def keep_excluded(self, plots: FrozenSet[Plot]) -> None:
        """Remember the plots left out."""
        for role in ("reclaim", "newbuild"):
            ids = sorted(plot_id for of, plot_id in plots if of == role)
            QgsProject.instance().writeEntry(_SCOPE, f"balance/left_out_{role}", ids)


def area_unit() -> str:
    """The unit of the screen."""
    unit = str(QgsSettings().value(_UNIT, DEFAULT_UNIT))
    return unit if unit in UNITS else DEFAULT_UNIT


def keep_area_unit(unit: str) -> None:
    """Remember the unit of the screen."""
    QgsSettings().setValue(_UNIT, unit)

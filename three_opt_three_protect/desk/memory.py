"""What the docks remember: in the project its layers, fields, profile and plots left out; in the settings the unit."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, FrozenSet, Iterable, Mapping, Optional, Tuple

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QObject, pyqtSignal

from three_opt_three_protect.desk.figures import DEFAULT_UNIT, UNITS

Plot = Tuple[str, str]
"""Role (reclaim, newbuild) and plot id: feature ids change when an edit is saved."""

_SCOPE = "three_opt_three_protect"
_UNIT = f"{_SCOPE}/area_unit"
_LAYERS, _FOUND, _SCENARIO = "layers/choices", "layers/found", "scenarios/choices"
_FIELDS, _FOUND_FIELDS, _SYSTEM, _AS_OF, _UNUSED = "fields", "found", "system", "as_of", "unused"


class Remembered(QObject):
    """Tells every dock what another has written down: a project has no signal for its entries."""

    roles = pyqtSignal()
    """Which layer plays which role."""
    layer = pyqtSignal(str)
    """Id of a layer whose fields, classification or year have changed."""
    plots = pyqtSignal()
    """Which plots are left out of the balance."""
    candidates = pyqtSignal()
    """Which layer holds the candidates for reclamation."""


remembered = Remembered()


class ProjectMemory:
    """Entries of the current project; another project has its own."""

    def layer_id(self, role: str) -> Optional[str]:
        """The layer chosen for ``role``; ``""`` = the planner wants none, None = never chosen."""
        value, found = QgsProject.instance().readEntry(_SCOPE, f"balance/role_{role}", "")
        return str(value) if found else None

    def keep_layer(self, role: str, layer_id: str) -> None:
        """Remember the planner's choice."""
        if self.layer_id(role) != layer_id:
            QgsProject.instance().writeEntry(_SCOPE, f"balance/role_{role}", layer_id)
            remembered.roles.emit()

    def forget_layer(self, role: str) -> None:
        """Back to guessing the layer of ``role``."""
        if self.layer_id(role) is not None:
            QgsProject.instance().removeEntry(_SCOPE, f"balance/role_{role}")
            remembered.roles.emit()

    def role_of(self, layer_id: str, roles: Iterable[str]) -> Optional[str]:
        """The role of ``roles`` the planner has given a layer, None = none."""
        return next((role for role in roles if self.layer_id(role) == layer_id), None)

    def found_roles(self, layer_ids: Iterable[str]) -> Dict[str, str]:
        """Role → id of the layer found for it by what stands in the layers.

        Empty when the project now has a layer that was not there when they were looked through.
        """
        found = self._read(_FOUND)
        return dict(found.get("roles", {})) if set(layer_ids) <= set(found.get("layers", ())) else {}

    def keep_found_roles(self, roles: Mapping[str, str], layer_ids: Iterable[str]) -> None:
        """Write down what was found; a guess leaves a saved project saved."""
        before = self._read(_FOUND)
        after = {"roles": dict(roles), "layers": sorted(layer_ids)} if roles else {}
        if before != after:
            self._write_quietly(_FOUND, after)
            remembered.roles.emit()

    # A layer by itself

    def mapping(self, layer_id: str) -> Dict[str, str]:
        """Role field → field of the layer: what the planner chose, and what only its contents tell.

        ``""`` = the planner wants no field there.  What is left out goes by the names of the standards.
        """
        entry = self._of(layer_id)
        return {**entry.get(_FOUND_FIELDS, {}), **entry.get(_FIELDS, {})}

    def chosen_fields(self, layer_id: str) -> Dict[str, str]:
        """The planner's part of :meth:`mapping`."""
        return dict(self._of(layer_id).get(_FIELDS, {}))

    def keep_fields(self, layer_id: str, fields: Mapping[str, str]) -> None:
        """Remember the planner's choice of fields; empty = back to what is guessed."""
        self._keep(layer_id, _FIELDS, dict(fields))

    def keep_found_fields(self, layer_id: str, fields: Mapping[str, str]) -> None:
        """Write down fields found by alias or contents; a guess leaves a saved project saved."""
        if self._of(layer_id).get(_FOUND_FIELDS, {}) != dict(fields):
            self._keep(layer_id, _FOUND_FIELDS, dict(fields), quietly=True)

    def unused(self, layer_id: str) -> bool:
        """The planner wants no role for a layer."""
        return bool(self._of(layer_id).get(_UNUSED, False))

    def give_role(self, layer_id: str, role: Optional[str], roles: Iterable[str]) -> None:
        """Remember that a layer plays ``role`` and no other of ``roles``; ``""`` = none, None = back to guessing."""
        for other in roles:
            if other != role and self.layer_id(other) == layer_id:
                self.forget_layer(other)
        if self.unused(layer_id) != (role == ""):
            self._keep(layer_id, _UNUSED, True if role == "" else None)
            remembered.roles.emit()
        if role:
            self.keep_layer(role, layer_id)

    def class_system(self, layer_id: str) -> Optional[str]:
        """The classification the planner chose for a layer, None = find out."""
        return self._of(layer_id).get(_SYSTEM)

    def keep_class_system(self, layer_id: str, system: Optional[str]) -> None:
        """Remember the classification of a layer."""
        self._keep(layer_id, _SYSTEM, system)

    def as_of(self, layer_id: str) -> Optional[int]:
        """The year a layer's data stand for (数据时点), as the planner said; None = not said."""
        year = self._of(layer_id).get(_AS_OF)
        return None if year is None else int(year)

    def keep_as_of(self, layer_id: str, year: Optional[int]) -> None:
        """Remember the year of a layer."""
        self._keep(layer_id, _AS_OF, year)

    def _of(self, layer_id: str) -> Dict[str, Any]:
        return dict(self._read(_LAYERS).get(layer_id, {}))

    def _keep(self, layer_id: str, name: str, value: Any, quietly: bool = False) -> None:
        everything = self._read(_LAYERS)
        entry = {**everything.get(layer_id, {}), name: value}
        everything[layer_id] = {key: kept for key, kept in entry.items() if kept not in (None, {})}
        after = {key: kept for key, kept in everything.items() if kept}
        if quietly:
            self._write_quietly(_LAYERS, after)
        else:
            self._write(_LAYERS, after)
        remembered.layer.emit(layer_id)

    # Layer ids are no names XML would take, so one entry holds them all.

    def _read(self, key: str) -> Dict[str, Any]:
        return dict(_parsed(QgsProject.instance().readEntry(_SCOPE, key, "")[0]))

    def _write(self, key: str, value: Mapping[str, Any]) -> None:
        QgsProject.instance().writeEntry(_SCOPE, key, json.dumps(value, ensure_ascii=False, sort_keys=True))

    def _write_quietly(self, key: str, value: Mapping[str, Any]) -> None:
        project = QgsProject.instance()
        dirty = project.isDirty()
        self._write(key, value)
        project.setDirty(dirty)

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

    def scenario(self) -> Dict[str, Any]:
        """What was chosen in the scenario dock by name: folder, layers, objective, comparisons and so on."""
        return dict(self._read(_SCENARIO))

    def keep_scenario(self, **values: Any) -> None:
        """Remember choices of the scenario dock; None forgets one."""
        before = self.scenario()
        after = {name: value for name, value in {**before, **values}.items() if value is not None}
        if after != before:
            self._write(_SCENARIO, after)
        if after.get("candidates") != before.get("candidates"):
            remembered.candidates.emit()

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


@lru_cache(maxsize=4)
def _parsed(text: str) -> Mapping[str, Any]:
    """An entry; every layer asks for it, so it is taken apart once."""
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        # Edited by hand or cut off: as if nothing had been chosen.
        return {}
    return value if isinstance(value, dict) else {}


def area_unit() -> str:
    """The unit of the screen."""
    unit = str(QgsSettings().value(_UNIT, DEFAULT_UNIT))
    return unit if unit in UNITS else DEFAULT_UNIT


def keep_area_unit(unit: str) -> None:
    """Remember the unit of the screen."""
    QgsSettings().setValue(_UNIT, unit)

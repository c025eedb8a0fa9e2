"""A plan database opened for drawing: its layers in a project of their own, its tables, its facts."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from three_opt_three_protect.bridge.crs import crs_info
from three_opt_three_protect.bridge.sources import read_table
from three_opt_three_protect.core.errors import CrsError, InputError, SchemaError
from three_opt_three_protect.core.landuse import ClassSystem, detect
from three_opt_three_protect.core.roles import guess_fields
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import CrsInfo, LayerTable, as_real, as_text, text
from three_opt_three_protect.sheets.figures import Figures, Judged
from three_opt_three_protect.sheets.frame import Extent
from three_opt_three_protect.sheets.settings import SheetSettings
from three_opt_three_protect.sheets.words import survey_day
from three_opt_three_protect.storage.catalogue import (
    load_class_systems,
    load_detection_limits,
    load_profile,
    load_role_schemas,
)

DRAWN = (
    "newbuild", "reclaim", "township", "villages", "retained", "boundary", "redline", "farmland", "parcels",
)  # fmt: skip
"""Roles a sheet may show, the uppermost first."""

_FRAME_ROLES = ("township", "villages", "parcels")
_ZONE_WIDTH = 3.0
"""Degrees; the zone of large scales (05-crs-and-encoding)."""


@dataclass
class Plan:
    """An open plan; the project and its layers live as long as :func:`open_plan` is entered.

    Attributes
    ----------
    path
        The GeoPackage.
    project
        Holds nothing but the plan's layers.
    layers
        Role → layer with at least one feature.
    fields
        Role → role field → field of the layer.
    meta
        ``plan_meta``.
    crs
        Of the map: the parcels' own, or its 3° projection when that is in degrees.
    system
        The classification of the parcels, None when there are no parcels.
    warnings
        Message id and values of what could not be found out.
    """

    path: Path
    project: QgsProject
    layers: Dict[str, QgsVectorLayer]
    fields: Dict[str, Mapping[str, str]]
    meta: Mapping[str, str]
    crs: QgsCoordinateReferenceSystem
    system: Optional[ClassSystem] = None
    warnings: List[Tuple[str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def crs_info(self) -> CrsInfo:
        """The map's CRS as plain data."""
        return crs_info(self.crs)

    def extent(self) -> Extent:
        """The township in the map's CRS."""
        layer = self.layers[next(role for role in _FRAME_ROLES if role in self.layers)]
        transform = QgsCoordinateTransform(layer.crs(), self.crs, self.project)
        box = transform.transformBoundingBox(layer.extent())
        return Extent(box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())

    def field(self, role: str, role_field: str) -> str:
        """The layer's field that plays ``role_field``, ``""`` when it has none."""
        return self.fields.get(role, {}).get(role_field, "")

    def texts(self, role: str, role_field: str) -> List[str]:
        """The values of a field as text, missing left out."""
        name = self.field(role, role_field)
        if not name:
            return []
        table = read_table(self.layers[role], fields=[name])
        return [str(value) for value in as_text(table.column(name)) if value is not None]

    def add(self, layer: QgsVectorLayer, features: Sequence[QgsFeature]) -> None:
        """Fill a memory layer and keep it as long as the plan is open."""
        ok, _ = layer.dataProvider().addFeatures(features)
        if not ok or self.project.addMapLayer(layer, False) is None:
            raise InputError("sheet_not_written", file=layer.name())
        layer.updateExtents()


@contextmanager
def open_plan(path: Path, settings: SheetSettings) -> Iterator[Plan]:
    """Open ``path`` in a project of its own; on leaving, all its layers are closed.

    Raises
    ------
    InputError
        ``no_such_file``, ``sheet_no_frame``.
    SchemaError
        ``not_a_plan``, ``plan_too_new``.
    CrsError
        ``no_crs``, ``sheet_crs``.
    """
    if not path.is_file():
        raise InputError("no_such_file", path=path.name)
    project = QgsProject()
    try:
        yield _open(path, project, settings)
    finally:
        project.removeAllMapLayers()
        project.clear()


def _open(path: Path, project: QgsProject, settings: SheetSettings) -> Plan:
    names = _names(path)
    meta = _meta(path, names)
    layers: Dict[str, QgsVectorLayer] = {}
    for role in DRAWN:
        if role in names:
            layer = QgsVectorLayer(f"{path}|layername={names[role]}", role, "ogr")
            if layer.isValid() and layer.featureCount() > 0 and project.addMapLayer(layer, False) is not None:
                layers[role] = layer
    frame = next((role for role in _FRAME_ROLES if role in layers), None)
    if frame is None:
        raise InputError("sheet_no_frame", path=path.name, layers=", ".join(_FRAME_ROLES))
    crs = _map_crs(layers[frame], settings)
    project.setCrs(crs)
    schemas = load_role_schemas()
    fields = {role: guess_fields(_without_rows(layer), schemas[role]) for role, layer in layers.items()}
    plan = Plan(path, project, layers, fields, meta, crs)
    if "parcels" in layers:
        plan.system = _class_system(plan)
    return plan


def _names(path: Path) -> Dict[str, str]:
    """Role or table → name in the file."""
    from three_opt_three_protect.storage.plandb import STANDARD_NAMES

    found = [layer.name() for layer in QgsProviderRegistry.instance().querySublayers(str(path))]
    return {STANDARD_NAMES.get(name.upper(), name): name for name in found}


def _without_rows(layer: QgsVectorLayer) -> LayerTable:
    """The fields of a layer, for guessing."""
    return LayerTable(layer.name(), np.empty(0, np.int64), columns={one.name(): text([]) for one in layer.fields()})


def _table(path: Path, name: str) -> Optional[LayerTable]:
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    return read_table(layer) if layer.isValid() else None


def _meta(path: Path, names: Mapping[str, str]) -> Mapping[str, str]:
    from three_opt_three_protect.storage.plandb import META, SCHEMA_VERSION

    table = _table(path, names[META]) if META in names else None
    if table is None:
        raise SchemaError("not_a_plan", path=path.name)
    pairs = zip(as_text(table.column("key")), as_text(table.column("value")))
    meta = {str(key): "" if value is None else str(value) for key, value in pairs}
    version = meta.get("schema_version", "")
    if not version.isdecimal():
        raise SchemaError("not_a_plan", path=path.name)
    if int(version) > SCHEMA_VERSION:
        raise SchemaError("plan_too_new", path=path.name, version=version, known=SCHEMA_VERSION)
    return meta


def _map_crs(layer: QgsVectorLayer, settings: SheetSettings) -> QgsCoordinateReferenceSystem:
    """The layer's CRS; for degrees the 3° projection of its zone (05-crs-and-encoding)."""
    crs = layer.crs()
    if not crs.isValid():
        raise CrsError("no_crs", layer=layer.name())
    info = crs_info(crs)
    if not info.is_geographic:
        if abs(info.metres_per_unit - 1.0) > 1e-9:
            raise CrsError("sheet_crs", layer=layer.name(), crs=info.authid or crs.description())
        return crs
    datum = settings.datums.get(info.datum)
    if datum is None:
        raise CrsError("sheet_crs", layer=layer.name(), crs=info.authid or crs.description())
    zone = round(layer.extent().center().x() / _ZONE_WIDTH)
    return QgsCoordinateReferenceSystem(f"EPSG:{datum.zone3 + zone}")


def _class_system(plan: Plan) -> ClassSystem:
    """The classification the plan states, else the one detected; a tie is drawn by the best and said."""
    systems = load_class_systems()
    if plan.meta.get("class_system", "") in systems:
        return systems[plan.meta["class_system"]]
    code, name = plan.field("parcels", "class_code"), plan.field("parcels", "class_name")
    if not code:
        return next(iter(systems.values()))
    table = read_table(plan.layers["parcels"], fields=[one for one in (code, name) if one])
    found = detect(
        as_text(table.column(code)),
        as_text(table.column(name)) if name else None,
        np.zeros(len(table)),
        list(systems.values()),
        "DLTB" if code.upper() == "DLBM" else "",
        code,
        limits=load_detection_limits(),
    )
    best = found.system or next(iter(found.scores))
    if found.system is None:
        plan.warnings.append(("sheet_class_system", {"field": code, "system": systems[best].name}))
    return systems[best]


def read_figures(plan: Plan) -> Figures:
    """The township's lines of ``accounts`` and ``verdicts``."""
    accounts, verdicts = _table(plan.path, "accounts"), _table(plan.path, "verdicts")
    values: Dict[str, Optional[float]] = {}
    if accounts is not None:
        for unit, line, value in zip(
            as_text(accounts.column("unit_code")), as_text(accounts.column("line")), as_real(accounts.column("value"))
        ):
            if not unit:
                values[str(line)] = None if np.isnan(value) else float(value)
    judged: Sequence[Judged] = ()
    if verdicts is not None:
        judged = [
            Judged(str(result), hard == 1.0)
            for unit, result, hard in zip(
                as_text(verdicts.column("unit_code")),
                as_text(verdicts.column("result")),
                as_real(verdicts.column("hard")),
            )
            if not unit
        ]
    return Figures(values, judged)


def township_name(plan: Plan) -> str:
    """Of the township layer, else of ``plan_meta``, else a blank to be filled in by hand."""
    names = plan.texts("township", "unit_name") if "township" in plan.layers else []
    return names[0] if names else plan.meta.get("township", "××镇")


def plan_name_and_period(plan: Plan, settings: SheetSettings) -> Tuple[str, str]:
    """What the plan calls itself, and its years; from ``plan_meta``, else from its profile."""
    profile_id = plan.meta.get("profile", "")
    name = plan.meta.get("plan_name") or settings.plan_names.get(profile_id, settings.plan_name)
    period = plan.meta.get("period", "")
    if period or not profile_id:
        return name, period
    profile = _profile(plan, profile_id)
    if profile is None:
        return name, ""
    first, last = profile.period
    return name, f"{first}-{last}"


def _profile(plan: Plan, profile_id: str) -> Optional[Profile]:
    try:
        return load_profile(profile_id, [plan.path.parent])
    except SchemaError:
        plan.warnings.append(("sheet_no_profile", {"profile": profile_id}))
        return None


def data_day(plan: Plan) -> str:
    """What day the parcels speak of (数据时点): ``plan_meta``'s ``as_of``, else their latest survey year."""
    if plan.meta.get("as_of"):
        return plan.meta["as_of"]
    years = [float(year) for year in plan.texts("parcels", "data_year") if year.replace(".", "").isdecimal()]
    return survey_day(int(max(years))) if years else ""

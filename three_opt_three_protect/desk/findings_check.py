"""Layers by role → what the data checks find in them; everything here runs in a worker thread."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsCoordinateTransformContext

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.progress import Part, Progress
from three_opt_three_protect.core.roles import role_text
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.desk.role_guess import NEXT_YEAR
from three_opt_three_protect.storage.findings_store import SEVERITIES, WHOLE, CheckedLayer, Findings, Skipped

if TYPE_CHECKING:
    from three_opt_three_protect.core.measure import ToLonLat
    from three_opt_three_protect.core.quality.runner import Checked
    from three_opt_three_protect.plans.checks import RoleLayer

_PARENT: Mapping[str, str] = {"parcels": "villages", NEXT_YEAR: "villages", "villages": "township"}
"""Role → role of the layer it nests in."""
_NAMED_BY: Mapping[str, str] = {"reclaim": "plot_id", "newbuild": "plot_id", "parcels": "parcel_id"}
"""The field that names a feature from one run to the next, where its values are unique."""


@dataclass(frozen=True)
class ToCheck:
    """A layer in a role, read; ``fields`` are the planner's choices of fields, ``system`` of the classification."""

    role: str
    table: LayerTable
    layer_id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    system: Optional[str] = None


def check_layers(
    layers: Mapping[str, ToCheck],
    wanted: Tuple[str, ...],
    profile: Profile,
    context: QgsCoordinateTransformContext,
    progress: Progress,
) -> Findings:
    """Check the layers of the roles ``wanted`` against each other and the others in ``layers``.

    Raises
    ------
    Cancelled
        The user asked to stop.
    CrsError
        Two layers have different datums.
    """
    parts = [
        _check(layers, role, profile, context, Part(progress, number / len(wanted), 1.0 / len(wanted)))
        for number, role in enumerate(wanted)
    ]
    return joined(parts)


def _check(
    layers: Mapping[str, ToCheck],
    role: str,
    profile: Profile,
    context: QgsCoordinateTransformContext,
    progress: Progress,
) -> Findings:
    from three_opt_three_protect.bridge.crs import bring_to
    from three_opt_three_protect.plans.checks import RoleLayer, Setting, check_layer
    from three_opt_three_protect.storage.catalogue import load_class_systems

    own = layers[role]
    lies = own.table.geometry is not None and own.table.crs is not None

    def beside(other: ToCheck) -> RoleLayer:
        there = other.table.geometry is not None and other.table.crs is not None
        table = bring_to(other.table, own.table, context) if lies and there else other.table
        return RoleLayer(table, _plain_role(other.role), other.fields)

    others = {name: beside(other) for name, other in layers.items() if name not in (role, NEXT_YEAR)}
    if role == NEXT_YEAR and "parcels" in others:
        others["previous"] = others["parcels"]
    parent = others.get(_PARENT.get(role, ""))
    system = None if own.system is None else load_class_systems().get(own.system)
    setting = Setting(profile.period, system, to_lonlat=_lonlat(own.table))
    layer = RoleLayer(own.table, _plain_role(role), own.fields)
    found = check_layer(layer, others, setting, time.perf_counter, parent=parent, progress=progress)
    progress.check(1.0)
    return _findings(own, found)


def _plain_role(role: str) -> str:
    """The second survey year is land parcels too."""
    return "parcels" if role == NEXT_YEAR else role


def _findings(own: ToCheck, found: Any) -> Findings:
    """What was found in one layer."""
    import shapely

    from three_opt_three_protect.core.quality.runner import order_of
    from three_opt_three_protect.plans.findings import findings_table, why_not

    checked: Checked = found.checked
    table = findings_table(found, _words)
    number, at, fid = order_of(checked, own.table.fid)
    rules = list(dict.fromkeys((rule.id, rule.group) for rule, _ in checked.found))
    rule_of = np.array([rules.index((rule.id, rule.group)) for rule, _ in checked.found], dtype=np.int64)
    weight = np.array([SEVERITIES.index(checked.severity(rule)) for rule, _ in checked.found], dtype=np.int64)
    exact = _has_place(checked, number, at)
    places = np.where(exact, table.shapes, None)
    names = feature_names(own.table, found.case.layer.mapping, own.role)
    column = {name: _texts(table.column(name).values) for name in ("field", "message", "other")}
    crs = own.table.crs
    layer = CheckedLayer(
        own.table.name,
        own.role,
        own.layer_id,
        "" if crs is None else crs.authid or crs.wkt,
        len(own.table),
        checked.statutory,
    )
    row_of = {value: row for row, value in enumerate(own.table.fid.tolist())}
    return Findings(
        (layer,),
        tuple(rules),
        rule_of[number] if len(rule_of) else number,
        weight[number] if len(weight) else number,
        np.zeros(len(fid), dtype=np.int64),
        fid,
        _objects(["" if each == WHOLE else names[row_of[each]] for each in fid.tolist()]),
        column["field"],
        column["message"],
        np.asarray(table.column("measure").values, dtype=np.float64),
        _spots(column["other"], shapely.bounds(places).reshape(-1, 4)),
        _objects(shapely.to_wkb(places, output_dimension=2)),
        tuple(Skipped(0, run.rule.id, why_not(run, _words)) for run in checked.runs if not run.ran),
    )


def _has_place(checked: Checked, number: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """``(n,)`` True where the place is not the feature itself."""
    import shapely

    known = [
        np.zeros(len(one), dtype=np.bool_) if one.places is None else ~shapely.is_missing(one.places)
        for _, one in checked.found
    ]
    return np.array([known[i][k] for i, k in zip(number.tolist(), at.tolist())], dtype=np.bool_)


def _spots(other: Any, boxes: NDArray[np.float64]) -> Any:
    """What tells two findings of a rule on one feature apart: the other feature, else the middle of the place."""
    middles = ((boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2)
    return _objects(
        [
            name or ("" if x != x else f"{x:.9g} {y:.9g}")
            for name, x, y in zip(other, middles[0].tolist(), middles[1].tolist())
        ]
    )


def feature_names(table: LayerTable, mapping: Mapping[str, str], role: str) -> Any:
    """``(n,)`` what names each feature from one run to the next: its number where only it has it, else its id."""
    ids = _objects([str(fid) for fid in table.fid.tolist()])
    field_name = _NAMED_BY.get(role)
    if field_name is None or field_name not in mapping:
        return ids
    names = role_text(table, mapping, field_name)
    counts: Dict[Optional[str], int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    lone = np.array([name is not None and counts[name] == 1 for name in names], dtype=np.bool_)
    return np.where(lone, names, ids)


def joined(parts: List[Findings]) -> Findings:
    """All findings, the most serious first, then by layer, rule and feature."""
    rules = list(dict.fromkeys(rule for part in parts for rule in part.rules))
    rule = [np.array([rules.index(each) for each in part.rules], dtype=np.int64)[part.rule] for part in parts]
    layer = np.concatenate([np.full(len(part), number, dtype=np.int64) for number, part in enumerate(parts)])
    severity = np.concatenate([part.severity for part in parts])
    order = np.lexsort((layer, severity))

    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])[order]

    return Findings(
        tuple(part.layers[0] for part in parts),
        tuple(rules),
        np.concatenate(rule)[order],
        severity[order],
        layer[order],
        column("fid"),
        column("feature"),
        column("field"),
        column("message"),
        column("measure"),
        column("spot"),
        column("place"),
        tuple(Skipped(number, each.rule, each.lacks) for number, part in enumerate(parts) for each in part.skipped),
    )


def _lonlat(table: LayerTable) -> Optional[ToLonLat]:
    """QGIS's inverse projection where core has none of its own."""
    from three_opt_three_protect.bridge.crs import to_lonlat
    from three_opt_three_protect.core.measure import lonlat_of

    return None if table.crs is None or lonlat_of(table.crs) is not None else to_lonlat(table.crs, table.name)


def _words(message_id: str, **values: Any) -> str:
    return sentence(message_id, values)


def _texts(values: Any) -> Any:
    return _objects(["" if value is None else value for value in values])


def _objects(values: Any) -> Any:
    found = np.empty(len(values), dtype=np.object_)
    found[:] = list(values)
    return found

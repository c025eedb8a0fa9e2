"""The plots of a scenario between layers, files and the balance; everything here runs in a worker thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Dict, FrozenSet, List, Mapping, Optional, Tuple

import numpy as np
from qgis.core import QgsCoordinateTransformContext, QgsFeature, QgsFields, QgsGeometry, QgsWkbTypes

from three_opt_three_protect.core.roles import RoleSchema, guess_names
from three_opt_three_protect.core.rules import FAIL, PASS, UNKNOWN, WARN
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.desk.memory import Plot
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.desk.survey_task import Survey

if TYPE_CHECKING:
    from three_opt_three_protect.core.balance import Balance
    from three_opt_three_protect.core.tables import Geometries

ROLES = ("reclaim", "newbuild")
FIGURES = (
    "reclaimed_m2",
    "added_m2",
    "net_reduction_m2",
    "cultivated_gain_m2",
    "cultivated_loss_m2",
    "cultivated_net_gain_m2",
)
"""Account lines of the township kept with a scenario for its line in the list."""
HARD = "hard."
"""Before a result: only of the hard rules."""


def plots_of(
    snapshots: Mapping[str, Snapshot], excluded: FrozenSet[Plot], like: Optional[LayerTable], context: Any
) -> Tuple[Dict[str, LayerTable], int]:
    """The plots that take part, under the field names of the plan database, and how many were left out.

    Parameters
    ----------
    snapshots
        Of reclaim and newbuild; a role without a layer is a plan without such plots.
    like
        In whose coordinate system, None = as they are.
    """
    from three_opt_three_protect.bridge.crs import bring_to
    from three_opt_three_protect.storage.catalogue import load_role_schemas

    schemas = load_role_schemas()
    found: Dict[str, LayerTable] = {}
    left_out = 0
    for role, snapshot in snapshots.items():
        table = snapshot.read()
        if like is None:
            like = table
        source = snapshot.source(bring_to(table, like, context), schemas[role])
        own = own_names(role, source.table, source.mapping(schemas[role]), schemas[role])
        ids = as_text(own.column("plot_id"))
        kept = np.array([(role, plot_id) not in excluded for plot_id in ids], dtype=np.bool_)
        left_out += int((~kept).sum())
        found[role] = own.take(kept)
    crs = None if like is None else like.crs
    for role in ROLES:
        if role not in found:
            found[role] = replace(_empty(role, schemas[role]), crs=crs)
    return {role: replace(found[role], name=role) for role in ROLES}, left_out


def own_names(role: str, table: LayerTable, mapping: Mapping[str, str], schema: RoleSchema) -> LayerTable:
    """A layer with the field names of the plan database and every field of its role."""
    from three_opt_three_protect.plans.gathering import gather
    from three_opt_three_protect.storage.words import load_words

    role_of = {source: name for name, source in mapping.items()}
    taken = set(role_of.values())
    columns = {}
    for name, column in table.columns.items():
        wanted = role_of.get(name)
        columns[wanted or (f"{name}_" if name in taken else name)] = column
    named = replace(table, columns=columns)
    if "plot_id" in columns:
        # A plot without a number goes by its feature id in the balance: so it does here.
        ids = as_text(columns["plot_id"])
        given = np.array([each or str(fid) for each, fid in zip(ids, table.fid)], dtype=np.object_)
        from three_opt_three_protect.core.tables import text

        columns["plot_id"] = text(given, columns["plot_id"].alias, columns["plot_id"].width)
    return gather(role, named, schema, load_words()).table


def _empty(role: str, schema: RoleSchema) -> LayerTable:
    from three_opt_three_protect.plans.gathering import gather
    from three_opt_three_protect.storage.words import load_words

    nothing = LayerTable(role, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.object_))
    return gather(role, nothing, schema, load_words()).table


def balance_of(
    survey: Survey,
    layers: Mapping[str, LayerTable],
    targets: Optional[Snapshot],
    other: Optional[Snapshot],
    context: QgsCoordinateTransformContext,
) -> Balance:
    """The balance of plots under the field names of the plan database.

    Parameters
    ----------
    targets, other
        The tables of assigned figures and of other changes of cultivated land, None where the project has none.
    """
    from three_opt_three_protect.bridge.crs import bring_to
    from three_opt_three_protect.core.balance import TOWNSHIP, balance
    from three_opt_three_protect.core.pieces import SNAP_M
    from three_opt_three_protect.plans.inputs import Source, plot_inputs
    from three_opt_three_protect.plans.otherchanges import other_changes
    from three_opt_three_protect.storage.catalogue import load_role_schemas

    schemas = load_role_schemas()
    parcels = survey.base.parcels.table
    sources = {role: Source(bring_to(layers[role], parcels, context)) for role in ROLES if role in layers}
    goals = None if targets is None else targets.source(targets.read(), schemas["targets"])
    changed = None if other is None else other.source(other.read(), schemas["other_changes"])
    read = plot_inputs(sources.get("reclaim"), sources.get("newbuild"), goals)
    found = balance(
        survey.base,
        read.reclaim,
        read.newbuild,
        survey.profile,
        survey.system,
        read.targets,
        snap=SNAP_M,
        other=other_changes(changed, survey.profile),
    )
    found.accounts.value("total_m2", TOWNSHIP)
    return found


def figures_of(balance: Balance) -> Tuple[Dict[str, float], Dict[str, int]]:
    """Account lines of the township that are known, and how many verdicts there are of each result.

    How many of these are of hard rules stands under :data:`HARD` and the result: by them the plan stands or falls.
    """
    values = {line: balance.accounts.value(line) for line in FIGURES}
    results = {result: balance.count(result) for result in (PASS, FAIL, WARN, UNKNOWN)}
    hard = [verdict.result for verdict in balance.verdicts if verdict.hard]
    results.update({f"{HARD}{result}": hard.count(result) for result in (FAIL, UNKNOWN)})
    return {line: value for line, value in values.items() if value is not None}, results


@dataclass(frozen=True)
class Target:
    """A layer that plots are to be put into; taken in the main thread.

    Attributes
    ----------
    mapping
        Role field → field as the project remembers them.
    """

    layer_id: str
    name: str
    fields: QgsFields
    mapping: Mapping[str, str]
    wkb_type: Any
    like: LayerTable


@dataclass(frozen=True)
class Ready:
    """Features for a layer, and the fields with values it has no place for."""

    layer_id: str
    features: List[QgsFeature]
    lost: Tuple[str, ...]


def features_for(table: LayerTable, target: Target, schema: RoleSchema, context: Any) -> Ready:
    """The rows of ``table`` (field names of the plan database) as features of a layer."""
    import shapely

    from three_opt_three_protect.bridge.crs import bring_to
    from three_opt_three_protect.bridge.sinks import values_of

    table = bring_to(table, target.like, context)
    names = [field.name() for field in target.fields]
    chosen = {**guess_names(names, schema), **{role: name for role, name in target.mapping.items() if name}}
    role_of = {name: role for role, name in chosen.items()}
    columns: Dict[str, List[Any]] = {}
    used = set()
    for name in names:
        source = role_of.get(name, name)
        if name.lower() not in ("fid", "ogc_fid") and source in table.columns:
            columns[name] = values_of(table.columns[source])
            used.add(source)
    lost = [name for name, column in table.columns.items() if name not in used and not column.is_missing.all()]
    shapes = shapely.to_wkb(_parts(table.shapes, QgsWkbTypes.isMultiType(target.wkb_type)), output_dimension=2)
    features = []
    for row, wkb in enumerate(shapes):
        feature = QgsFeature(target.fields)
        for name, values in columns.items():
            feature.setAttribute(name, _fitted(values[row], target.fields.field(name)))
        geometry = QgsGeometry()
        if wkb is not None:
            geometry.fromWkb(wkb)
        feature.setGeometry(geometry)
        features.append(feature)
    return Ready(target.layer_id, features, tuple(name for name in lost if name not in ("fid", "ogc_fid")))


def _parts(shapes: Geometries, multi: bool) -> Geometries:
    """Polygons as the layer wants them; what has several parts stays so, for QGIS to say what it thinks of that."""
    import shapely

    lone = shapely.get_type_id(shapes) == (shapely.GeometryType.POLYGON if multi else shapely.GeometryType.MULTIPOLYGON)
    out = shapes.copy()
    for row in np.flatnonzero(lone & (shapely.get_num_geometries(shapes) == 1)).tolist():
        out[row] = shapely.multipolygons([shapes[row]]) if multi else shapely.get_geometry(shapes[row], 0)
    return out


def _fitted(value: Any, field: Any) -> Any:
    """A value as the field holds it; what it cannot hold stays as it is, for QGIS to say so."""
    if value is None:
        return None
    try:
        return field.convertCompatible(value)
    except ValueError:
        return value

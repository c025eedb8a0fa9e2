"""``repairdata``: the planner's own layers repaired on request, every change listed and reversible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, Mapping, Sequence, Tuple

from qgis.core import QgsProcessingParameterField

from three_opt_three_protect.algorithms.base import TABLE, PlanAlgorithm, Results, Run
from three_opt_three_protect.algorithms.checks import MAY_BE_NEW
from three_opt_three_protect.algorithms.parameters import REPAIRED
from three_opt_three_protect.algorithms.survey import default_profile
from three_opt_three_protect.bridge.crs import no_crs_of
from three_opt_three_protect.core.errors import InputError

if TYPE_CHECKING:
    from three_opt_three_protect.core.measure import Tolerance
    from three_opt_three_protect.core.mending.changes import Change, Mended
    from three_opt_three_protect.core.mending.mend import Operation
    from three_opt_three_protect.core.roles import RoleSchema
    from three_opt_three_protect.core.tables import LayerTable

ROLES = (
    "reclaim", "newbuild", "settlements", "retained", "roads", "plan", "village_boundary", "approved_unbuilt",
    "illegal_built", "demolished", "temporary", "past_projects", "reserve_farmland", "zone",
    "parcels", "villages", "township", "farmland", "boundary", "redline",
)  # fmt: skip
"""The planner's own first; the statutory ones after them are refused with a reason."""

AREA_FIELD = "area_m2"
"""Added where no field for areas is named and none is known."""
_AREAS = ("area", "net_area")
"""Role fields that measured areas may be written into; others, as the accepted area, are facts of another kind."""
_FEWEST, _CLEARLY = 5, 2
"""A layer with so many fields of a survey layer, and so many times more than of its own role, looks like one."""
_NAMED = 5
"""Features a line of the log names."""


class RepairData(PlanAlgorithm):
    """A repaired copy of a layer and the list of what is different, or the layer as it was before."""

    ID = "repairdata"
    GROUP = "prepare"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Repair own layers")

    def summary(self) -> str:
        return self.tr("Repairs a copy of a layer of your own, lists every change, and takes changes back.")

    def about(self) -> str:
        return self.tr(
            "Works on a copy: makes polygons valid, snaps vertices, merges slivers, cleans codes, computes areas, "
            "or makes areas add up to a control area. Every value changed is listed with what it was; given that "
            "list, the repaired layer becomes again what it was. Survey data and statutory lines are refused, but "
            "for exchanged x and y, which is a fault of the file alone. "
            "Keep copy and list in GeoPackages: a shapefile holds no long text and fewer decimals."
        )

    def declare(self) -> None:
        self.add_polygons("INPUT", self.tr("Layer to repair"), self.tr("A layer of your own; it stays as it is."))
        self.add_word("ROLE", self.tr("Role"), self.tr("What the layer is to the plan."), ROLES)
        self.add_text(
            "OPERATIONS",
            self.tr("Repairs"),
            self.tr(
                "Words by commas, done in this order: axes (exchange x and y), valid (make valid), snap (vertices), "
                "slivers (merge), codes (clean text), areas (compute), control (add up to the control area)."
            ),
            "valid,codes",
        )
        self.add_polygons(
            "REFERENCE",
            self.tr("Snap onto"),
            self.tr("Layer whose vertices stand, such as land parcels; left out: the layer's own vertices."),
            True,
        )
        self.add_number(
            "TOLERANCE",
            self.tr("Snapping tolerance (m)"),
            self.tr("Vertices at most this far apart become one."),
            default=0.01,
            minimum=0.0,
            maximum=10.0,
        )
        self.add_field(
            "AREA_FIELD",
            self.tr("Area field"),
            self.tr(
                "Field that areas are written into, in m²; one the layer does not have is added. "
                "Left out: found by its standard names, else area_m2 is added."
            ),
            "INPUT",
        )
        field = self.parameterDefinition("AREA_FIELD")
        if isinstance(field, QgsProcessingParameterField):
            field.setDataType(QgsProcessingParameterField.DataType.Numeric)
            field.setMetadata({MAY_BE_NEW: True})
        self.add_number(
            "CONTROL",
            self.tr("Control area (m²)"),
            self.tr("What the areas must add up to, for the repair control."),
            minimum=0.0,
        )
        self.add_area_method()
        self.add_datum_shift()
        self.add_table(
            "UNDO",
            self.tr("Changes to take back"),
            self.tr("List of changes of an earlier run on this layer: no repair is done, they are taken back."),
            True,
        )
        self._declare_outputs()

    def _declare_outputs(self) -> None:
        self.add_sink("OUTPUT", self.tr("Repaired copy"), self.tr("The layer with all its fields, repaired."))
        self.add_sink(
            "CHANGES",
            self.tr("Changes"),
            self.tr("One row a changed value: feature, field or geometry, what it was and is."),
            TABLE,
            True,
        )
        self.add_geometry_report()
        self.add_figure("CHANGED", self.tr("Values changed"), self.tr("Number of rows of the list of changes."))
        self.add_figure("FEATURES", self.tr("Features changed"), self.tr("Number of features with a change."))
        self.add_figure(
            "LEFT", self.tr("Not repaired"), self.tr("Number of features that could not be repaired and stayed.")
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.core.mending.mend import AXES, mend, operations_of, require_own

        role = run.word("ROLE")
        table = run.table("INPUT")
        if run.has("UNDO"):
            return _undone(run, table, role)
        words = operations_of(run.text("OPERATIONS"))
        require_own(role, table.name, words)
        _warn_of_survey(run, table, role)
        # with x and y exchanged a layer fits no coordinate system: it gets one afterwards
        if table.crs is None and words != (AXES,):
            raise no_crs_of(table)
        done = mend(table, role, self._operations(run, table, words), words)
        if AXES in words:
            run.log("log_axes_swapped", layer=table.name, count=len(done.table))
        for operation, fids in _left(done).items():
            named = ", ".join(map(str, fids[:_NAMED])) + (" …" if len(fids) > _NAMED else "")
            run.warn("mend_left", layer=table.name, operation=operation, count=len(fids), features=named)
        _tell_of_kept(run, done)
        return _results(done, run)

    def _operations(self, run: Run, table: LayerTable, words: Tuple[str, ...]) -> List[Operation]:
        from three_opt_three_protect.core.mending.areas import add_area_field, apportion_control, recompute_areas
        from three_opt_three_protect.core.mending.axes import exchange_axes
        from three_opt_three_protect.core.mending.codes import trim_codes
        from three_opt_three_protect.core.mending.snapping import snap_vertices
        from three_opt_three_protect.core.mending.valid import make_valid

        method, progress = run.area_method(), run.progress
        lonlat = None if table.crs is None else run.lonlat(table.crs)
        onto = run.maybe_polygons("REFERENCE", (), table) if "snap" in words else None
        shapes = None if onto is None else onto.shapes
        reach = run.number("TOLERANCE") or 0.0
        field = _area_field(run, table) if {"areas", "control"} & set(words) else ""
        control = _control(run) if "control" in words else 0.0
        spread = _tolerance()
        known: Mapping[str, Operation] = {
            "axes": exchange_axes,
            "valid": lambda each: make_valid(each, progress),
            "snap": lambda each: snap_vertices(each, reach, shapes, progress),
            "slivers": lambda each: _merge(run, each),
            "codes": trim_codes,
            "areas": lambda each: recompute_areas(each, field, method, lonlat, progress),
            "control": lambda each: apportion_control(each, field, control, spread, method, lonlat, progress),
        }
        done = [known[word] for word in words]
        if field and field not in table.columns:
            word = "areas" if "areas" in words else "control"
            done.insert(words.index(word), lambda each: add_area_field(each, field, word))
        return done


def _merge(run: Run, table: LayerTable) -> Mended:
    """Slivers as the data check ``sliver`` defines them, of whole features."""
    from three_opt_three_protect.core.mending.slivers import merge_slivers, slivers
    from three_opt_three_protect.core.quality.case import Subject
    from three_opt_three_protect.storage.rulebook import load_rules

    rule = load_rules()["sliver"]
    subject = Subject(table, method=run.area_method(), to_lonlat=run.lonlat(table.crs), progress=run.progress)
    return merge_slivers(table, slivers(subject, rule.least, rule.option("width")), run.progress)


def _undone(run: Run, table: LayerTable, role: str) -> Results:
    from three_opt_three_protect.core.mending.changes import Mended, read_changes, undo
    from three_opt_three_protect.core.mending.mend import require_own

    changes = read_changes(run.table("UNDO"))
    require_own(role, table.name, {change.operation for change in changes})
    restored = undo(table, changes)
    run.log("mend_undone", layer=table.name, count=len(changes))
    return _results(Mended(restored), run, len(changes), _features(changes))


def _tell_of_kept(run: Run, done: Mended) -> None:
    """Say how much of the control area is recorded of features without a polygon."""
    import numpy as np

    kept = np.isin(done.table.fid, [fid for operation, fid in done.left if operation == "control"])
    if kept.any():
        area = float(np.nansum(done.table.column(_area_field(run, done.table)).values[kept]))
        run.log("mend_control_kept", layer=done.table.name, count=int(kept.sum()), area=area)


def _results(done: Mended, run: Run, changed: int = 0, features: int = 0) -> Results:
    from three_opt_three_protect.core.mending.changes import change_table

    return Results(
        layers={"OUTPUT": done.table, "CHANGES": change_table(done.changes)},
        figures={
            "CHANGED": len(done.changes) or changed,
            "FEATURES": _features(done.changes) or features,
            "LEFT": len({fid for _, fid in done.left}),
            REPAIRED: run.report.repaired() + sum(change.operation == "valid" for change in done.changes),
        },
    )


def _features(changes: Sequence[Change]) -> int:
    from three_opt_three_protect.core.mending.changes import WHOLE_FIELD

    return len({change.fid for change in changes if change.row != WHOLE_FIELD})


def _left(done: Mended) -> Dict[str, List[int]]:
    """Operation → features it could not repair."""
    found: Dict[str, List[int]] = {}
    for operation, fid in done.left:
        found.setdefault(operation, []).append(fid)
    return found


def _area_field(run: Run, table: LayerTable) -> str:
    """The field chosen, or the one that plays the role's ``area``, or one to be added.

    Raises
    ------
    InputError
        ``area_field_is_other``: the field is known to hold something else; ``area_field_not_chosen``: the role knows
        an area, but the layer has fields for it under no known name.
    """
    from three_opt_three_protect.core.roles import guess_fields
    from three_opt_three_protect.core.tables import Kind
    from three_opt_three_protect.storage.catalogue import load_role_schemas

    schemas = load_role_schemas()
    schema = schemas[run.word("ROLE")]
    chosen, reserved = run.field("AREA_FIELD"), _reserved([schema, schemas["reclaim"]])
    if chosen and chosen.upper() in reserved:
        alias = reserved[chosen.upper()]
        raise InputError("area_field_is_other", layer=table.name, field=chosen, alias=alias, new=AREA_FIELD)
    field = chosen or guess_fields(table, schema).get("area")
    fitting = [
        name for name, column in table.columns.items() if column.kind is Kind.REAL and name.upper() not in reserved
    ]
    if not field and "area" in schema.fields and fitting and AREA_FIELD not in fitting:
        raise InputError("area_field_not_chosen", layer=table.name, fields=", ".join(fitting), new=AREA_FIELD)
    return field or AREA_FIELD


def _reserved(schemas: Sequence[RoleSchema]) -> Dict[str, str]:
    """Names of fields that hold no measured area, upper case → what they hold."""
    fields = [each for schema in schemas for each in schema.fields.values() if each.id not in _AREAS]
    return {name.upper(): each.alias for each in fields for name in (*each.names, each.alias)}


def _warn_of_survey(run: Run, table: LayerTable, role: str) -> None:
    """Say so when the fields are those of a survey layer: a wrong role opens what is not the planner's to change."""
    from three_opt_three_protect.core.quality.runner import STATUTORY
    from three_opt_three_protect.storage.schemas import load_standards

    standards, names = load_standards(), list(table.columns)

    def followed(of: str) -> Tuple[int, str]:
        layer = standards.best(names, of)
        return (0, "") if layer is None else (len(layer.by_field(names)), layer.id)

    count, layer = max(followed(each) for each in STATUTORY)
    if role not in STATUTORY and count >= max(_FEWEST, _CLEARLY * followed(role)[0]):
        title = standards.layers[layer].alias
        run.warn("mend_looks_statutory", layer=table.name, title=title, standard=layer, role=role)


def _control(run: Run) -> float:
    control = run.number("CONTROL")
    if control is None:
        raise InputError("control_not_given", parameter="CONTROL")
    return control


def _tolerance() -> Tolerance:
    from three_opt_three_protect.core.measure import Tolerance

    profile = default_profile()
    return Tolerance(profile.number("area_tolerance_share"), profile.number("area_tolerance_m2"))

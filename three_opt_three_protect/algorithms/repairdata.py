"""``repairdata``: the planner's own layers repaired on request, every change listed and reversible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, Mapping, Tuple

from three_opt_three_protect.algorithms.base import TABLE, PlanAlgorithm, Results, Run
from three_opt_three_protect.algorithms.survey import default_profile
from three_opt_three_protect.bridge.crs import no_crs_of
from three_opt_three_protect.core.errors import InputError

if TYPE_CHECKING:
    from three_opt_three_protect.core.measure import Tolerance
    from three_opt_three_protect.core.mending.changes import Mended
    from three_opt_three_protect.core.mending.mend import Operation
    from three_opt_three_protect.core.tables import LayerTable

ROLES = (
    "reclaim", "newbuild", "settlements", "retained", "roads", "plan", "village_boundary", "approved_unbuilt",
    "illegal_built", "demolished", "temporary", "past_projects", "reserve_farmland", "zone",
    "parcels", "villages", "township", "farmland", "boundary", "redline",
)  # fmt: skip
"""The planner's own first; the statutory ones after them are refused with a reason."""

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
            self.tr("Field that areas are written into, in m²; left out: found by its standard names."),
            "INPUT",
        )
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
        # with x and y exchanged a layer fits no coordinate system: it gets one afterwards
        if table.crs is None and words != (AXES,):
            raise no_crs_of(table)
        done = mend(table, role, self._operations(run, table, words), words)
        if AXES in words:
            run.log("log_axes_swapped", layer=table.name, count=len(done.table))
        for operation, fids in _left(done).items():
            named = ", ".join(map(str, fids[:_NAMED])) + (" …" if len(fids) > _NAMED else "")
            run.warn("mend_left", layer=table.name, operation=operation, count=len(fids), features=named)
        return _results(done)

    def _operations(self, run: Run, table: LayerTable, words: Tuple[str, ...]) -> List[Operation]:
        from three_opt_three_protect.core.mending.areas import apportion_control, recompute_areas
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
        return [known[word] for word in words]


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
    return _results(Mended(restored), len(changes), len({change.fid for change in changes}))


def _results(done: Mended, changed: int = 0, features: int = 0) -> Results:
    from three_opt_three_protect.core.mending.changes import change_table

    return Results(
        layers={"OUTPUT": done.table, "CHANGES": change_table(done.changes)},
        figures={
            "CHANGED": len(done.changes) or changed,
            "FEATURES": len({change.fid for change in done.changes}) or features,
            "LEFT": len({fid for _, fid in done.left}),
        },
    )


def _left(done: Mended) -> Dict[str, List[int]]:
    """Operation → features it could not repair."""
    found: Dict[str, List[int]] = {}
    for operation, fid in done.left:
        found.setdefault(operation, []).append(fid)
    return found


def _area_field(run: Run, table: LayerTable) -> str:
    """The field chosen, or the one that plays the role's ``area``."""
    from three_opt_three_protect.core.roles import guess_fields
    from three_opt_three_protect.storage.catalogue import load_role_schemas

    role = run.word("ROLE")
    field = run.field("AREA_FIELD") or guess_fields(table, load_role_schemas()[role]).get("area")
    if not field:
        raise InputError("area_field_not_chosen", layer=table.name, fields=", ".join(table.columns))
    return field


def _control(run: Run) -> float:
    control = run.number("CONTROL")
    if control is None:
        raise InputError("control_not_given", parameter="CONTROL")
    return control


def _tolerance() -> Tolerance:
    from three_opt_three_protect.core.measure import Tolerance

    profile = default_profile()
    return Tolerance(profile.number("area_tolerance_share"), profile.number("area_tolerance_m2"))

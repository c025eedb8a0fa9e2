"""``checkdata``: the data checks of one layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, Mapping, Optional

from three_opt_three_protect.algorithms.base import TABLE, PlanAlgorithm, Results, Run
from three_opt_three_protect.algorithms.parameters import POLYGON

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.checks import RoleLayer, Setting

ROLES = (
    "parcels", "villages", "township", "settlements", "farmland", "boundary", "redline", "retained", "reclaim",
    "newbuild", "roads", "plan", "lines", "points", "approved_unbuilt", "illegal_built", "temporary", "demolished",
    "past_projects", "village_boundary", "reserve_farmland", "control", "use_zone",
)  # fmt: skip

OTHERS: Mapping[str, str] = {
    "FARMLAND": "farmland",
    "BOUNDARY": "boundary",
    "REDLINE": "redline",
    "PARCELS": "parcels",
    "RECLAIM": "reclaim",
    "NEWBUILD": "newbuild",
    "TOWNSHIP": "township",
    "PAST_PROJECTS": "past_projects",
    "LINES": "lines",
    "POINTS": "points",
}
"""Layer parameter → role."""

FIELDS: Mapping[str, str] = {"CODE_FIELD": "unit_code", "CLASS_FIELD": "class_code", "AREA_FIELD": "area"}
PARENT_FIELDS: Mapping[str, str] = {"PARENT_CODE": "unit_code"}
"""Field parameter → role field."""

COMPUTING = 0.9
"""Share of the computing that the rules take; the rest goes into sentences."""


class CheckData(PlanAlgorithm):
    """One layer through all rules that can run."""

    ID = "checkdata"
    GROUP = "analysis"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Data checks")

    def summary(self) -> str:
        return self.tr("Checks a layer: fields, codes, areas, shapes, overlaps, nesting, lines, plots.")

    def about(self) -> str:
        return self.tr(
            "Runs every rule for the layer's role that has what it needs; the others are listed with what they lack. "
            "The layer is read as drawn and never changed. Errors of statutory survey data fold into at most ten "
            "groups, everything else on it is a note. Each finding says what is wrong, where, and shows the place."
        )

    def declare(self) -> None:
        self.add_table("INPUT", self.tr("Layer to check"), self.tr("Any layer or table, read as it is."))
        self.add_word("ROLE", self.tr("Role"), self.tr("What the layer is to the plan."), ROLES)
        self.add_text(
            "SCHEMA",
            self.tr("Standard layer"),
            self.tr("Id of the standard layer to hold it against (third_survey.DLTB); left out: found by its fields."),
            optional=True,
        )
        self._declare_parent()
        self._declare_others()
        self.add_text(
            "RULES", self.tr("Rules"), self.tr("Ids of rules by commas; left out: all that can run."), optional=True
        )
        self.add_number(
            "TOLERANCE",
            self.tr("Tolerance"),
            self.tr("Takes the place of the tolerance of every rule run, in that rule's own unit."),
            minimum=0.0,
            advanced=True,
        )
        self.add_area_method()
        self.add_class_system()
        self.add_profile()
        self.add_datum_shift()
        self._declare_outputs()

    def _declare_parent(self) -> None:
        self.add_table(
            "PARENT",
            self.tr("Layer it nests in"),
            self.tr("Villages for parcels, the township for villages: the layer must lie in it and add up to it."),
            True,
        )
        self.add_field(
            "CODE_FIELD",
            self.tr("Unit code of the layer"),
            self.tr("Code that begins with the code of the unit above; left out: found by its standard names."),
            "INPUT",
        )
        self.add_field(
            "CLASS_FIELD",
            self.tr("Land class field"),
            self.tr("Land class code; left out: found by its standard names."),
            "INPUT",
        )
        self.add_field(
            "AREA_FIELD",
            self.tr("Recorded area field"),
            self.tr("Recorded area in m²; left out: found by its standard names."),
            "INPUT",
        )
        self.add_field(
            "PARENT_CODE",
            self.tr("Unit code of the layer it nests in"),
            self.tr("Code of the unit above; left out: found by its standard names."),
            "PARENT",
        )

    def _declare_others(self) -> None:
        held = self.tr("Held against the layer by the rules that need it.")
        self.add_polygons("FARMLAND", self.tr("Permanent basic farmland"), held, True)
        self.add_polygons("BOUNDARY", self.tr("Urban development boundary"), held, True)
        self.add_polygons("REDLINE", self.tr("Ecological redline"), held, True)
        self.add_polygons("PARCELS", self.tr("Land parcels"), held, True)
        self.add_polygons("RECLAIM", self.tr("Reclaim plots"), held, True)
        self.add_polygons("NEWBUILD", self.tr("New-build plots"), held, True)
        self.add_table(
            "PREVIOUS", self.tr("Same layer, the year before"), self.tr("The same layer of the year before."), True
        )
        self.add_polygons("TOWNSHIP", self.tr("Township"), held, True)
        self.add_polygons("PAST_PROJECTS", self.tr("Earlier projects"), held, True)
        self.add_lines("LINES", self.tr("Line features (XZDW)"), held, True)
        self.add_points("POINTS", self.tr("Point features (LXDW)"), held, True)

    def _declare_outputs(self) -> None:
        self.add_sink(
            "FINDINGS",
            self.tr("Findings"),
            self.tr(
                "One row a finding, the most serious first, with the polygon of its place. feature is the id of the "
                "feature, as fid is where the format does not number fid itself (a GeoPackage does)."
            ),
            POLYGON,
        )
        self.add_sink(
            "RULES_RUN",
            self.tr("Rules run"),
            self.tr("One row a rule: whether it ran, why not, how much it found, how long it took."),
            TABLE,
            True,
        )
        self.add_figure("ERRORS", self.tr("Errors"), self.tr("Number of findings that must be put right."))
        self.add_figure("WARNINGS", self.tr("Warnings"), self.tr("Number of findings to look at."))
        self.add_figure("INFOS", self.tr("Notes"), self.tr("Number of notes."))
        self.add_figure("GROUPS", self.tr("Blocking groups"), self.tr("Number of groups of rules with an error."))

    def compute(self, run: Run) -> Results:
        from time import perf_counter

        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.checks import RoleLayer, check_layer
        from three_opt_three_protect.plans.findings import findings_table, rules_run_table, why_not
        from three_opt_three_protect.storage.messages import Messages

        layer = RoleLayer(run.table("INPUT"), run.word("ROLE"), _chosen(run, FIELDS))
        others, parent = self._layers(run, layer)
        wanted = tuple(name.strip() for name in run.text("RULES").replace("，", ",").split(",") if name.strip())
        found = check_layer(
            layer,
            others,
            self._setting(run, layer.table),
            perf_counter,
            wanted,
            run.number("TOLERANCE"),
            parent,
            run.progress.part(COMPUTING),
        )
        for finding in found.said:
            tell = run.log if finding.severity == "info" else run.warn
            tell(finding.id, **finding.values)
        checked, words = found.checked, Messages(language())
        counts = {name: checked.count(name) for name in ("error", "warning", "info")}
        ran = sum(each.ran for each in checked.runs)
        for each in checked.runs:
            if wanted and not each.ran:
                run.warn("rule_not_run", rule=each.rule.id, why=why_not(each, words.text))
        run.log("log_checked", layer=layer.table.name, rules=ran, left=len(checked.runs) - ran, **counts)
        return Results(
            layers={
                "FINDINGS": findings_table(found, words.text, run.progress.part(1.0 - COMPUTING)),
                "RULES_RUN": rules_run_table(checked, words.text, words.language),
            },
            figures={
                "ERRORS": counts["error"],
                "WARNINGS": counts["warning"],
                "INFOS": counts["info"],
                "GROUPS": len(checked.blocking_groups),
            },
        )

    def _layers(self, run: Run, layer: RoleLayer) -> tuple[Dict[str, RoleLayer], Optional[RoleLayer]]:
        """The layers it is held against, by role, and the one it nests in."""
        from three_opt_three_protect.plans.checks import RoleLayer

        def read(parameter: str) -> Optional[LayerTable]:
            # A plain table lies nowhere: what it is held against stays where it is.
            beside = layer.table.geometry is not None
            return run.maybe_features(parameter, None, layer.table) if beside else run.maybe_table(parameter)

        found = {role: (read(parameter), role) for parameter, role in OTHERS.items()}
        found["previous"] = (read("PREVIOUS"), layer.role)
        chosen = layer.fields
        others = {
            key: RoleLayer(table, role, chosen if key == "previous" else {})
            for key, (table, role) in found.items()
            if table is not None
        }
        parent = read("PARENT")
        return others, None if parent is None else RoleLayer(parent, "", _chosen(run, PARENT_FIELDS))

    def _setting(self, run: Run, table: LayerTable) -> Setting:
        from three_opt_three_protect.plans.checks import Setting
        from three_opt_three_protect.storage.catalogue import load_class_system

        system = run.text("CLASS_SYSTEM")
        return Setting(
            run.profile().period,
            load_class_system(system) if system else None,
            run.text("SCHEMA"),
            run.area_method(),
            None if table.crs is None else run.lonlat(table.crs),
        )


def _chosen(run: Run, fields: Mapping[str, str]) -> Dict[str, str]:
    """Role field → field, for the field parameters that were given."""
    named = {role_field: run.field(parameter) for parameter, role_field in fields.items()}
    return {role_field: name for role_field, name in named.items() if name}

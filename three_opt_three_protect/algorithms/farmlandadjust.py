"""``farmlandadjust``: permanent basic farmland released and added, T10, and the register of changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping, Optional, Tuple

from qgis.core import QgsWkbTypes

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import NUMBERS, SurveyAlgorithm, require_numbers

if TYPE_CHECKING:
    from three_opt_three_protect.core.factor import Texts
    from three_opt_three_protect.core.farmland.adjust import Adjustment, Around
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.farmlandadjust import FarmlandSources, PlotFacts
    from three_opt_three_protect.plans.inputs import Source, SurveyInputs

CHOICES = ("both", "greedy", "optimal")

FIELDS: Mapping[str, str] = {
    "ID_FIELD": "parcel_id",
    "CLASS_FIELD": "class_code",
    "UNIT_FIELD": "unit_code",
    "AREA_FIELD": "area",
    "DEDUCT_FIELD": "deduct_rate",
    "GRADE_FIELD": "grade",
    "SLOPE_FIELD": "slope",
    "REFINE_FIELD": "refine_code",
    "PLANTING_FIELD": "planting_code",
}
"""Field parameter → role field."""

LINES: Mapping[str, str] = {
    "FARMLAND": "farmland",
    "BOUNDARY": "boundary",
    "REDLINE": "redline",
    "APPROVED_UNBUILT": "approved_unbuilt",
    "ILLEGAL_BUILT": "illegal_built",
    "VILLAGES": "villages",
}
"""Layer parameter → role of the lines that parcels are cut with."""

PLOTS: Mapping[str, str] = {"NEWBUILD": "newbuild", "RECLAIM": "reclaim", "RESERVE": "reserve"}


class FarmlandAdjust(SurveyAlgorithm):
    """What leaves the permanent basic farmland and what comes in."""

    ID = "farmlandadjust"
    GROUP = "balance"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Adjustment of permanent basic farmland")

    def summary(self) -> str:
        return self.tr("Releases permanent basic farmland for listed reasons and adds land that may come in (T10).")

    def about(self) -> str:
        return self.tr(
            "Farmland is released only for reasons the policy profile lists (planned construction, boundary, land "
            "that is cultivated no more, slope …), each with its code. Added is stable cultivated land outside "
            "boundary, new-build plots and the core of the redline, with a grade no worse than what is released, "
            "together with farmland that stays; reserve area first, then town fringe and roadside. The task must be "
            "met by net area, the weighted grade and the contiguity must not get worse. Chosen by rank and by the "
            "optimiser; METHODS says why they differ. What cannot be met is said with what is missing. A township "
            "cannot change the line by itself: the result is a proposal for the county."
        )

    def declare(self) -> None:
        self._declare_parcels()
        self._declare_layers()
        self._declare_plots()
        self._declare_choices()
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self._declare_outputs()

    def _declare_parcels(self) -> None:
        self.add_polygons(
            "PARCELS",
            self.tr("Land parcels"),
            self.tr("Land-use parcels of the survey (DLTB). All other layers are brought to its coordinate system."),
        )
        for name, label, about in (
            (
                "ID_FIELD",
                self.tr("Parcel id field"),
                self.tr("Identifies a parcel in results; left out: the feature id."),
            ),
            (
                "CLASS_FIELD",
                self.tr("Land class field"),
                self.tr("Land class code; left out: DLBM or another standard name."),
            ),
            (
                "UNIT_FIELD",
                self.tr("Village field"),
                self.tr(
                    "Code of the village, its first 12 characters count; left out: ZLDWDM or another standard name."
                ),
            ),
            (
                "AREA_FIELD",
                self.tr("Recorded area field"),
                self.tr(
                    "Recorded area in m² (TBMJ) that the pieces of a parcel must add up to; left out: the "
                    "parcel's own area by the area method, rounded to 0.01 m²."
                ),
            ),
            (
                "DEDUCT_FIELD",
                self.tr("Deduction rate field"),
                self.tr("Rate of field ridges to deduct; left out: KCXS or another standard name, for tasks are net."),
            ),
            (
                "GRADE_FIELD",
                self.tr("Quality grade field"),
                self.tr("Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name."),
            ),
            (
                "SLOPE_FIELD",
                self.tr("Slope level field"),
                self.tr("Slope level of cultivated land (1–5, 5 above 25°); left out: GDPDJB or the like."),
            ),
            (
                "REFINE_FIELD",
                self.tr("Refinement code field"),
                self.tr("Tells unstable cultivated land; left out: TBXHDM or another standard name."),
            ),
            (
                "PLANTING_FIELD",
                self.tr("Planting code field"),
                self.tr("Tells land that is not cultivated; left out: ZZSXDM or another standard name."),
            ),
        ):
            self.add_field(name, label, about, "PARCELS")

    def _declare_layers(self) -> None:
        self.add_polygons(
            "FARMLAND", self.tr("Permanent basic farmland"), self.tr("Polygons of permanent basic farmland.")
        )
        self.add_polygons(
            "BOUNDARY",
            self.tr("Urban development boundary"),
            self.tr("Area inside the development boundary; land near it comes in first."),
            True,
        )
        self.add_polygons(
            "REDLINE",
            self.tr("Ecological redline"),
            self.tr("Redline areas; a field level (1 or 2) gives the control level, without it level 1 is assumed."),
            True,
        )

    def _declare_plots(self) -> None:
        self.add_polygons(
            "NEWBUILD",
            self.tr("New-build plots"),
            self.tr("Plots to be built on; quota from the province or above (quota_src) is a key project."),
            True,
        )
        self.add_polygons(
            "RECLAIM",
            self.tr("Reclaim plots"),
            self.tr("Plots to be reclaimed; their land comes in once it is accepted (acc_date) as cultivated land."),
            True,
        )
        self.add_polygons(
            "RESERVE",
            self.tr("Reserve of permanent basic farmland"),
            self.tr("Reserve area: the first source of what comes in."),
            True,
        )
        self.add_conversions(("APPROVED_UNBUILT", "ILLEGAL_BUILT"))

    def _declare_choices(self) -> None:
        self.add_table("ROADS", self.tr("Roads"), self.tr("Lines or polygons; land near them comes in first."), True)
        self.add_polygons(
            "VILLAGES",
            self.tr("Villages"),
            self.tr("Village areas with a code; they give the village of parcels that state none."),
            True,
        )
        self.add_table(
            "TARGETS",
            self.tr("Targets"),
            self.tr("Assigned figures; farmland_m2 is the task of the township and of villages."),
            True,
        )
        self.add_date(
            "AS_OF",
            self.tr("As of"),
            self.tr("Only plots accepted or built by this day count; left out: the whole plan."),
        )
        self.add_word(
            "CHOICE",
            self.tr("Way of choosing"),
            self.tr("greedy: by rank; optimal: by the optimiser; both: both, and the optimiser's choice stands."),
            CHOICES,
        )
        self.add_profile()

    def _declare_outputs(self) -> None:
        self.add_sink(
            "OUTPUT",
            self.tr("Farmland before and after"),
            self.tr("Every piece with change keep, release or add, reason and code, source, areas and score."),
        )
        for name, label, about, kind in (
            (
                "SUMMARY",
                self.tr("Adjustment by village (T10)"),
                self.tr("One row a village; the last row, with an empty unit_code, is the township."),
                TABLE,
            ),
            (
                "VERDICTS",
                self.tr("Verdicts"),
                self.tr("Task, supplement, grade, contiguity and what must not be there: pass, fail, warn or unknown."),
                TABLE,
            ),
            (
                "METHODS",
                self.tr("Ways of choosing"),
                self.tr("By rank and by the optimiser line by line, the difference and why."),
                TABLE,
            ),
            (
                "SHORTAGES",
                self.tr("Shortages"),
                self.tr("What cannot be kept, by how much, and what to do; empty when nothing is short."),
                TABLE,
            ),
            (
                "EXCLUDED",
                self.tr("Land that may not come in"),
                self.tr("Cultivated land outside the farmland by reason and village."),
                TABLE,
            ),
            ("FINDINGS", self.tr("Findings"), self.tr("What to look at, with severity and advice."), TABLE),
        ):
            self.add_sink(name, label, about, kind, True)
        self.add_sink(
            "REGISTER",
            self.tr("Register of changes (JBNTHRHC)"),
            self.tr("Fields released and added with the fields of the standard layer JBNTHRHC."),
            optional=True,
        )
        self.add_sink(
            "OFFENDERS",
            self.tr("Farmland cultivated no more"),
            self.tr("Permanent basic farmland that is pond, garden, construction land or the like by now."),
            optional=True,
        )
        self.add_file_output(
            "XLSX", self.tr("Workbook"), self.tr("T10 and the register formatted for print."), "Excel (*.xlsx)"
        )
        self._declare_figures()
        self.add_geometry_report()

    def _declare_figures(self) -> None:
        for name, label, about in (
            ("AREA_BEFORE_M2", self.tr("Farmland before (m²)"), self.tr("Net area on parcels.")),
            ("AREA_AFTER_M2", self.tr("Farmland after (m²)"), self.tr("Before minus released plus added.")),
            ("RELEASED_M2", self.tr("Released (m²)"), self.tr("Net area.")),
            ("ADDED_M2", self.tr("Added (m²)"), self.tr("Net area.")),
            ("GRADE_BEFORE", self.tr("Grade before"), self.tr("Weighted by net area; NULL where nothing is graded.")),
            ("GRADE_AFTER", self.tr("Grade after"), self.tr("Weighted by net area; NULL where nothing is graded.")),
            (
                "CONTIGUITY_BEFORE",
                self.tr("Contiguity before (ha)"),
                self.tr("Mean size of the patches of farmland, weighted by area."),
            ),
            (
                "CONTIGUITY_AFTER",
                self.tr("Contiguity after (ha)"),
                self.tr("Mean size of the patches of farmland, weighted by area."),
            ),
            ("FAILED", self.tr("Rules failed"), self.tr("Number of verdicts that fail.")),
            ("UNKNOWN", self.tr("Rules without data"), self.tr("Number of verdicts that lack data.")),
        ):
            self.add_figure(name, label, about)
        self.add_string(
            "STATUS", self.tr("Status"), self.tr("kept or short; of the optimiser optimal, gap or infeasible.")
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.core.base import base_state
        from three_opt_three_protect.core.farmland.adjust import adjust
        from three_opt_three_protect.core.farmland.settings import settings_of
        from three_opt_three_protect.plans.farmlandadjust import facts_of, plot_facts, plot_ids, tasks_of
        from three_opt_three_protect.plans.farmlandregister import numbers_used, register_layer
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.names import village_names

        settings = settings_of(run.profile())
        survey, sources, roads = self._read(run)
        plots = plot_facts(sources, run.date("AS_OF"))
        snap = run.number("TOLERANCE") or 0.0
        base = base_state(survey.parcels, survey.lines, survey.spec, snap, run.progress.part(0.4), survey.coverage)
        self.say(run, base.report.findings)
        facts = facts_of(base, survey, settings, sources, plots)
        tasks = tasks_of(plots.plots.targets, survey.profile)
        around = self._around(survey, roads)
        held = adjust(base, facts, settings, tasks, around, run.word("CHOICE"), run.progress.part(0.5))
        findings = self._findings(run, held, survey, plots, tasks)
        villages = run.tables.get("VILLAGES")
        names = village_names(Source(survey.parcels.table), None if villages is None else Source(villages))
        ids = plot_ids(base, sources, plots)
        register = register_layer(held, ids, names, numbers_used(Source(run.tables["FARMLAND"])))
        layers = {**self._layers(held, survey, ids, names, findings), "REGISTER": register}

        def workbook(draft: Path) -> None:
            self._write_workbook(run, draft, held, survey, register, names)

        return Results(layers, _figures(held), {"XLSX": workbook})

    def _read(self, run: Run) -> Tuple[SurveyInputs, FarmlandSources, Optional[Source]]:
        """Parcels and lines, the plots they are cut with besides, and the roads."""
        from three_opt_three_protect.plans.farmlandadjust import PARCEL_GUESS, FarmlandSources
        from three_opt_three_protect.plans.inputs import Source, survey_inputs
        from three_opt_three_protect.storage.catalogue import load_class_system

        fields = {role: str(run.field(name)) for name, role in FIELDS.items() if run.field(name)}
        table = run.polygons("PARCELS", self._parcel_fields(run, fields))
        for role, name in fields.items():
            if role in NUMBERS:
                require_numbers(table, name)
        lines: Dict[str, Source] = {}
        for parameter, role in LINES.items():
            read = run.polygons if parameter == "FARMLAND" else run.maybe_polygons
            found = read(parameter, None, table)
            if found is not None:
                lines[role] = Source(found, repaired=run.report.of(parameter))
        plots: Dict[str, Source] = {}
        for parameter, role in PLOTS.items():
            found = run.maybe_polygons(parameter, None, table)
            if found is not None:
                plots[role] = Source(found, repaired=run.report.of(parameter))
        targets = run.maybe_table("TARGETS")
        sources = FarmlandSources(**plots, targets=None if targets is None else Source(targets))
        chosen = run.text("CLASS_SYSTEM")
        survey = survey_inputs(
            Source(table, fields, PARCEL_GUESS, run.report.of("PARCELS")),
            lines,
            sources.zones(),
            run.profile(),
            run.area_method(),
            load_class_system(chosen) if chosen else None,
            run.lonlat(table.crs) if table.crs is not None else None,
            run.progress.part(0.1),
        )
        self.say(run, survey.findings)
        return survey, sources, self._roads(run, table)

    def _parcel_fields(self, run: Run, chosen: Mapping[str, str]) -> Optional[List[str]]:
        """The fields needed of the parcels; None = all, so that a message can name them."""
        from three_opt_three_protect.core.roles import guess_names
        from three_opt_three_protect.plans.farmlandadjust import PARCEL_GUESS
        from three_opt_three_protect.storage.catalogue import load_role_schemas

        found = guess_names(run.field_names("PARCELS"), load_role_schemas()["parcels"])
        wanted = {"unit_name", "data_year", *PARCEL_GUESS}
        names = [name for role, name in found.items() if role in wanted] + list(chosen.values())
        return list(dict.fromkeys(names)) or None

    def _roads(self, run: Run, parcels: LayerTable) -> Optional[Source]:
        """Roads as lines or polygons."""
        from three_opt_three_protect.plans.inputs import Source

        if not run.has("ROADS"):
            return None
        kind = QgsWkbTypes.geometryType(run.source("ROADS").wkbType())
        if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
            table = run.maybe_polygons("ROADS", (), parcels)
            return None if table is None else Source(table, repaired=run.report.of("ROADS"))
        table = run.maybe_features("ROADS", (), parcels)
        return None if table is None else Source(table)

    def _around(self, survey: SurveyInputs, roads: Optional[Source]) -> Around:
        from three_opt_three_protect.core.farmland.adjust import Around
        from three_opt_three_protect.plans.potential import road_shapes

        town = None if survey.lines.boundary is None else survey.lines.boundary.geometry
        return Around(town, None if roads is None else road_shapes(roads))

    def _findings(
        self, run: Run, held: Adjustment, survey: SurveyInputs, plots: PlotFacts, tasks: Mapping[str, float]
    ) -> Tuple[Finding, ...]:
        """Everything to look at, said in the log."""
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.farmlandadjust import recorded_m2, uncovered_m2
        from three_opt_three_protect.plans.farmlandfindings import input_findings, result_findings, task_findings
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.storage.messages import Messages

        lines = survey.lines.farmland
        off = (0.0, 0.0) if lines is None else uncovered_m2(held.base, lines.geometry)
        words = Messages(language()).text
        name = run.tables["NEWBUILD"].name if "NEWBUILD" in run.tables else ""
        units = sorted({unit for unit in held.base.unit_code if unit is not None})
        farmland = run.tables["FARMLAND"]
        recorded, undated = recorded_m2(Source(farmland)), (name, plots.undated)
        found = input_findings(held, survey, farmland.name, off, recorded, undated, words)
        found += task_findings(tasks, units) + result_findings(held, words)
        self.say(run, tuple(found))
        return (*survey.findings, *held.base.report.findings, *found)

    def _layers(
        self,
        held: Adjustment,
        survey: SurveyInputs,
        ids: Texts,
        names: Mapping[str, str],
        findings: Tuple[Finding, ...],
    ) -> Dict[str, LayerTable]:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans import farmlandtables as made
        from three_opt_three_protect.plans.outputs import finding_table
        from three_opt_three_protect.storage.messages import Messages

        words = Messages(language()).text
        return {
            "OUTPUT": made.change_layer(held, ids, words),
            "SUMMARY": made.summary_table(held, names),
            "VERDICTS": made.verdict_table(held, words),
            "METHODS": made.method_table(held, words),
            "SHORTAGES": made.shortage_table(held, words),
            "EXCLUDED": made.excluded_table(held, words),
            "FINDINGS": finding_table(findings, words),
            "OFFENDERS": made.offender_layer(held, survey.system),
        }

    def _write_workbook(
        self,
        run: Run,
        draft: Path,
        held: Adjustment,
        survey: SurveyInputs,
        register: LayerTable,
        names: Mapping[str, str],
    ) -> None:
        """T10 and the register, and where their figures come from."""
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.workbook import data_time, write_tables
        from three_opt_three_protect.reports.farmlandadjust import adjustment_table, register_table
        from three_opt_three_protect.reports.rounding import AreaUnit
        from three_opt_three_protect.storage.messages import Messages

        words = Messages(language()).text
        tables = (
            adjustment_table(held.rows, held.settings.reasons, words, AreaUnit.HA, names),
            register_table(register, words, AreaUnit.HA),
        )
        roles = {"PARCELS": "parcels", **LINES, **PLOTS}
        layers = {role: run.tables[name] for name, role in roles.items() if name in run.tables}
        origin = self.origin(run, survey, survey.profile, layers)
        write_tables(draft, tables, self.title(), origin, words, data_time(survey), progress=run.writing)


def _figures(held: Adjustment) -> Dict[str, object]:
    row = held.township
    results = [verdict.result for verdict in held.verdicts]
    return {
        "AREA_BEFORE_M2": row.before / 100,
        "AREA_AFTER_M2": row.after / 100,
        "RELEASED_M2": row.released_all / 100,
        "ADDED_M2": row.added_all / 100,
        "GRADE_BEFORE": _number(row.grade_before),
        "GRADE_AFTER": _number(row.grade_after),
        "CONTIGUITY_BEFORE": _number(held.index[0]),
        "CONTIGUITY_AFTER": _number(held.index[1]),
        "FAILED": results.count("fail"),
        "UNKNOWN": results.count("unknown"),
        "STATUS": held.methods[-1].status,
    }


def _number(value: float) -> Optional[float]:
    return None if value != value else round(float(value), 4)  # NaN: not known

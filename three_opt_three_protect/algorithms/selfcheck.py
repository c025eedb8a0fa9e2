"""``selfcheck``: two survey years held against the plan (专项自查, T16)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, Mapping, Optional, Tuple

import numpy as np

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import LINES, SurveyAlgorithm, require_numbers

if TYPE_CHECKING:
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.core.landuse import ClassSystem
    from three_opt_three_protect.core.selfcheck import Checked
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import Source
    from three_opt_three_protect.plans.selfcheck import CheckInputs, CheckSources

FIELDS: Mapping[str, str] = {
    "ID": "parcel_id",
    "CLASS": "class_code",
    "UNIT": "unit_code",
    "AREA": "area",
    "DEDUCT": "deduct_rate",
    "YEAR": "data_year",
    "SETTLEMENT": "settlement_code",
    "OWNER": "owner_name",
}
"""End of a field parameter → role field."""

NUMBERS = frozenset({"area", "deduct_rate", "data_year"})

LAYERS: Mapping[str, str] = {
    **LINES,
    "APPROVED_UNBUILT": "approved_unbuilt",
    "TEMPORARY": "temporary",
    "BULLDOZED": "bulldozed",
    "SUSPECTS": "suspects",
}
"""Layer parameter → role."""

ROLES: Mapping[str, str] = {
    "BEFORE": "parcels",
    "AFTER": "parcels_next",
    "RECLAIM": "reclaim",
    "NEWBUILD": "newbuild",
    **LAYERS,
    "CONCORDANCE": "concordance",
    "TARGETS": "targets",
    "PREVIOUS": "selfcheck",
}
"""Parameter → role, as the sheet of sources lists them."""

Words = Callable[..., str]


class SelfCheckAlgorithm(SurveyAlgorithm):
    """The yearly self-check."""

    ID = "selfcheck"
    GROUP = "analysis"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Yearly self-check")

    def summary(self) -> str:
        return self.tr("Holds two survey years against the plan: what was reclaimed and built, and what was not.")

    def about(self) -> str:
        return self.tr(
            "The earlier year's parcels are cut with the later year's, the plots and the lines. Every part gets a "
            "status by a decision table: reclaimed, not started, built again, built outside the plan, permanent basic "
            "farmland taken and so on. Differences that come only from another classification are told apart. The "
            "areas of all statuses add up to the earlier year. A concordance says which villages were merged or "
            "renumbered; suspects of remote sensing and an earlier self-check can be held against the result."
        )

    def declare(self) -> None:
        self._add_years()
        self._add_plan()
        self.add_area_method()
        self.add_snapping()
        self.add_datum_shift()
        self.add_profile()
        self.add_file(
            "STATUSES",
            self.tr("Decision table"),
            self.tr("Decision table of your own (CSV, columns as shipped); left out: the shipped one."),
            optional=True,
            pattern="CSV (*.csv)",
            advanced=True,
        )
        self.add_switch(
            "ALL", self.tr("Also unchanged land"), self.tr("Put land that did not change into the result layer too.")
        )
        self._add_results()

    def _add_years(self) -> None:
        self.add_polygons(
            "BEFORE",
            self.tr("Parcels of the earlier year"),
            self.tr("Land-use parcels (DLTB) of the earlier survey; other layers are brought to its coordinates."),
        )
        self._add_fields("BEFORE", self.tr("earlier year"))
        self.add_polygons(
            "AFTER", self.tr("Parcels of the later year"), self.tr("Land-use parcels (DLTB) of the later survey.")
        )
        self._add_fields("AFTER", self.tr("later year"))

    def _add_fields(self, year: str, named: str) -> None:
        """Fields of one survey year; most are found by their standard names."""
        found = self.tr("Left out: found by its standard name.")
        for end, label, about in (
            ("ID", self.tr("Parcel id field"), self.tr("Identifies a parcel; left out: the feature id.")),
            ("CLASS", self.tr("Land class field"), found),
            ("UNIT", self.tr("Village field"), found),
            ("AREA", self.tr("Recorded area field"), self.tr("Recorded area in m²; left out: the parcel's own area.")),
            (
                "DEDUCT",
                self.tr("Deduction rate field"),
                self.tr("Rate of field ridges (KCXS); left out: net area = gross area."),
            ),
            ("YEAR", self.tr("Data year field"), found),
            ("SETTLEMENT", self.tr("Settlement code field (CZCSXM)"), found),
            ("OWNER", self.tr("Owner field"), found),
        ):
            self.add_field(f"{year}_{end}", f"{label} ({named})", about, year)
        self.add_text(
            f"{year}_SYSTEM",
            self.tr("Land classification") + f" ({named})",
            self.tr("Id of the classification or path of a code table of your own; left out: detected."),
            optional=True,
        )

    def _add_plan(self) -> None:
        self.add_polygons(
            "RECLAIM", self.tr("Reclaim plots"), self.tr("Plots to be reclaimed, fields as in the plan database."), True
        )
        self.add_polygons(
            "NEWBUILD", self.tr("New-build plots"), self.tr("Plots to be built on, as in the plan database."), True
        )
        self.add_lines_of_control()
        for name, label, about in (
            ("APPROVED_UNBUILT", self.tr("Approved, not built"), self.tr("Land approved and not built on before.")),
            ("TEMPORARY", self.tr("Temporary land use"), self.tr("Land used for a time only.")),
            ("BULLDOZED", self.tr("Bulldozed land (TTQ)"), self.tr("Land where works have begun.")),
            ("SUSPECTS", self.tr("Suspect polygons"), self.tr("Places remote sensing found changed.")),
        ):
            self.add_polygons(name, label, about, True)
        self.add_table(
            "CONCORDANCE",
            self.tr("Concordance of village codes"),
            self.tr("Table old_code, new_code, date: villages that were merged or renumbered between the years."),
            True,
        )
        self.add_table(
            "TARGETS",
            self.tr("Targets"),
            self.tr("Assigned figures; of them the start-up quota (start_quota_m2) counts until it is due."),
            True,
        )
        self.add_table(
            "PREVIOUS",
            self.tr("Earlier self-check"),
            self.tr("Result layer or totals of an earlier self-check, to compare with; photos are taken over."),
            True,
        )
        self.add_date(
            "AS_OF", self.tr("As of"), self.tr("Day of the check; left out: 31 December of the later year's data.")
        )

    def _add_results(self) -> None:
        self.add_sink("OUTPUT", self.tr("Self-check"), self.tr("What changed or was planned, with its status."))
        self.add_sink(
            "SUMMARY", self.tr("Self-check (T16)"), self.tr("Number and area by village and status."), TABLE, True
        )
        self.add_sink(
            "OFFENDERS", self.tr("Offenders"), self.tr("Serious cases by plot or parcel, with owner."), TABLE, True
        )
        self.add_sink(
            "INSPECTIONS",
            self.tr("Later inspections"),
            self.tr("Accepted reclaim plots with their last and next inspection."),
            TABLE,
            True,
        )
        self.add_sink(
            "SUSPECT_RESULT",
            self.tr("Suspects checked"),
            self.tr("Every suspect polygon: violation, explained by the plan, other change or no change."),
            optional=True,
        )
        self.add_sink(
            "CHANGES",
            self.tr("Changes since"),
            self.tr("What is new, gone, worse or better since the earlier self-check."),
            TABLE,
            True,
        )
        self.add_sink("FINDINGS", self.tr("Findings"), self.tr("What to look at in the data."), TABLE, True)
        self.add_file_output(
            "XLSX", self.tr("Workbook"), self.tr("T16 and its totals formatted for print."), "Excel (*.xlsx)"
        )
        self._add_figures()
        self.add_geometry_report()

    def _add_figures(self) -> None:
        for name, label, about in (
            ("TOTAL_M2", self.tr("Total area (m²)"), self.tr("Area of the earlier year, sum of all statuses.")),
            ("CHANGED_M2", self.tr("Changed (m²)"), self.tr("Land whose class changed on the ground.")),
            ("UNPLANNED_M2", self.tr("Unplanned construction (m²)"), self.tr("Built on outside the plan.")),
            (
                "FARMLAND_LOST_M2",
                self.tr("Permanent basic farmland lost (m²)"),
                self.tr("No longer cultivated; empty without the layer."),
            ),
            ("CULTIVATED_NET_M2", self.tr("Net change of cultivated land (m²)"), self.tr("Net area, gains − losses.")),
            ("ONLY_BEFORE_M2", self.tr("Only in the earlier year (m²)"), self.tr("Land the later year lacks.")),
            ("ONLY_AFTER_M2", self.tr("Only in the later year (m²)"), self.tr("Land the earlier year lacks.")),
            ("ERRORS", self.tr("Serious parts"), self.tr("Number of parts with a serious status.")),
            ("ERRORS_M2", self.tr("Serious (m²)"), self.tr("Their area.")),
            ("WARNINGS", self.tr("Parts to look at"), self.tr("Number of parts with a warning.")),
            ("WARNINGS_M2", self.tr("To look at (m²)"), self.tr("Their area.")),
            ("INFOS", self.tr("Parts noted"), self.tr("Number of parts only noted.")),
            ("INFOS_M2", self.tr("Noted (m²)"), self.tr("Their area.")),
        ):
            self.add_figure(name, label, about)

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.core.selfcheck import self_check
        from three_opt_three_protect.plans.selfcheck import check_inputs
        from three_opt_three_protect.plans.selfcheckfindings import check_findings
        from three_opt_three_protect.storage.messages import Messages

        sources = self._sources(run)
        crs = sources.before.table.crs
        given = check_inputs(
            sources,
            run.profile(),
            run.area_method(),
            run.lonlat(crs) if crs is not None else None,
            run.progress.part(0.3),
        )
        self.say(run, given.findings)
        checked = self_check(
            given.years,
            given.plan,
            given.around,
            given.judged,
            given.spec,
            given.renamed,
            run.number("TOLERANCE") or 0.0,
            given.coverage,
            run.progress.part(0.7),
        )
        found = check_findings(checked, given.dated)
        self.say(run, found)
        return self._results(run, given, checked, (*given.findings, *found), Messages(language()).text)

    def _results(
        self, run: Run, given: CheckInputs, checked: Checked, findings: Tuple[Finding, ...], words: Words
    ) -> Results:
        from three_opt_three_protect.plans import selfcheckoutputs as outputs
        from three_opt_three_protect.plans.outputs import finding_table
        from three_opt_three_protect.plans.selfcheckfindings import previous_findings
        from three_opt_three_protect.plans.selfcheckobjects import Photos, change_table, read_previous

        earlier = run.maybe_table("PREVIOUS")
        previous = None if earlier is None else read_previous(earlier, checked.judged.rules)
        photos = Photos() if previous is None else previous.photos
        if earlier is not None and previous is not None:
            found = previous_findings(checked, previous, earlier.name)
            self.say(run, found)
            findings = (*findings, *found)
        suspects = run.tables.get("SUSPECTS")
        layers = {
            "OUTPUT": outputs.part_layer(checked, photos, suspects, run.switch("ALL")),
            "SUMMARY": outputs.summary_table(checked),
            "OFFENDERS": outputs.offender_table(checked, photos, words),
            "INSPECTIONS": outputs.inspection_table(checked, given.inspected),
            "SUSPECT_RESULT": outputs.suspect_layer(checked, suspects),
            "CHANGES": change_table(checked, previous),
            "FINDINGS": finding_table(findings, words),
        }

        def workbook(draft: Path) -> None:
            from three_opt_three_protect.plans.inputs import Source
            from three_opt_three_protect.plans.names import village_names
            from three_opt_three_protect.plans.workbook import write_tables
            from three_opt_three_protect.reports.selfcheck import check_tables

            names = village_names(Source(checked.years[1].parcels.table), None)
            tables = check_tables(checked, names, words)
            read = {role: run.tables[name] for name, role in ROLES.items() if name in run.tables}
            origin = self.origin_of(run, read, profile=given.profile.id, as_of=_written(checked.judged.as_of))
            write_tables(
                draft, tables, words("table.T16"), origin, words, _written(checked.judged.seen_on), progress=run.writing
            )

        return Results(layers=layers, figures=outputs.figures(checked), files={"XLSX": workbook})

    def _sources(self, run: Run) -> CheckSources:
        """Every layer given, in the CRS of the earlier year."""
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.selfcheck import CheckSources

        before = self._year(run, "BEFORE", None)
        after = self._year(run, "AFTER", before.table)
        layers: Dict[str, Source] = {}
        for name, role in {**LAYERS, "RECLAIM": "reclaim", "NEWBUILD": "newbuild"}.items():
            found = run.maybe_polygons(name, like=before.table)
            if found is not None:
                layers[role] = Source(found, repaired=run.report.of(name))
        concordance, targets = (run.maybe_table(name) for name in ("CONCORDANCE", "TARGETS"))
        statuses = self.parameterAsFile(run.parameters, "STATUSES", run.context)
        return CheckSources(
            before,
            after,
            (_system(run, "BEFORE_SYSTEM"), _system(run, "AFTER_SYSTEM")),
            layers.pop("reclaim", None),
            layers.pop("newbuild", None),
            layers,
            None if concordance is None else Source(concordance),
            None if targets is None else Source(targets),
            run.date("AS_OF"),
            Path(statuses) if statuses else None,
        )

    def _year(self, run: Run, year: str, like: Optional[LayerTable]) -> Source:
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.selfcheck import year_fields

        chosen = {role: str(run.field(f"{year}_{end}")) for end, role in FIELDS.items() if run.field(f"{year}_{end}")}
        table = run.polygons(year, year_fields(run.field_names(year), chosen) or None, like)
        for role, name in chosen.items():
            if role in NUMBERS:
                require_numbers(table, name)
        return Source(table, chosen, repaired=run.report.of(year))


def _system(run: Run, name: str) -> Optional[ClassSystem]:
    from three_opt_three_protect.storage.catalogue import load_class_system

    return load_class_system(run.text(name)) if run.text(name) else None


def _written(day: np.datetime64) -> str:
    return "" if np.isnat(day) else str(day)

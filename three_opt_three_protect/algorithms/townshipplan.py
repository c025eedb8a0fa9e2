"""``townshipplan``: the whole plan of a township in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QDate, Qt

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.planbalance import UNITS, BalanceAlgorithm
from three_opt_three_protect.algorithms.survey import CONVERSIONS
from three_opt_three_protect.bridge.feedback import FeedbackProgress
from three_opt_three_protect.bridge.mainthread import on_main_thread
from three_opt_three_protect.bridge.words import error_line, sentence
from three_opt_three_protect.core.errors import Cancelled, PlanningError
from three_opt_three_protect.core.tables import LayerTable

CARRIED: Mapping[str, str] = {"TOWNSHIP": "township", "RETAINED": "retained", "ROADS": "roads"}
"""Layers that are only carried into the plan database and onto the sheets."""

PLAN_ROLES: Mapping[str, str] = {
    "PARCELS": "parcels",
    "VILLAGES": "villages",
    "SETTLEMENTS": "settlements",
    "TOWNSHIP": "township",
    "FARMLAND": "farmland",
    "BOUNDARY": "boundary",
    "REDLINE": "redline",
    **CONVERSIONS,
    "RETAINED": "retained",
    "ROADS": "roads",
    "RECLAIM": "reclaim",
    "NEWBUILD": "newbuild",
    "POPULATION": "population",
    "TARGETS": "targets",
    "OTHER_CHANGES": "other_changes",
}
"""Layer parameter → layer of the plan database, in its order."""


class TownshipPlan(BalanceAlgorithm):
    """Balance, plan database, workbook and map sheet."""

    ID = "townshipplan"
    GROUP = "balance"
    NEEDS = ("shapely", "scipy", "pyogrio", "fiona", "xlsxwriter")

    def __init__(self) -> None:
        super().__init__()
        self._sheets: Optional[Tuple[Path, Path]] = None

    def title(self) -> str:
        return self.tr("Township plan")

    def summary(self) -> str:
        return self.tr("The whole plan in one run: balance, plan database, workbook and map sheet.")

    def about(self) -> str:
        return self.tr(
            "Takes all layers of a township by role, computes the accounts and verdicts and writes the plan database "
            "with all layers and results, the workbook of tables and the map sheet. Fields are recognised by their "
            "standard names; recorded areas (TBMJ) are controls that pieces add up to."
        )

    def declare(self) -> None:
        self.add_polygons("PARCELS", self.tr("Land parcels"), self.tr("Land-use parcels of the survey (DLTB)."))
        self.add_plan()
        self.add_polygons("TOWNSHIP", self.tr("Township"), self.tr("Area of the township, for the sheets."), True)
        self.add_polygons("RETAINED", self.tr("Retained settlements"), self.tr("Settlements that stay."), True)
        self.add_table("ROADS", self.tr("Roads"), self.tr("Roads, for the sheets."), True)
        self.add_table(
            "POPULATION", self.tr("Population"), self.tr("Households and population of natural villages."), True
        )
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self.add_file_output(
            "PLAN",
            self.tr("Plan database"),
            self.tr("GeoPackage with all layers and results."),
            "GeoPackage (*.gpkg)",
            optional=False,
        )
        self.add_sink("ACCOUNTS", self.tr("Accounts"), self.tr("One row an account line and unit."), TABLE, True)
        self.add_sink(
            "VERDICTS", self.tr("Verdicts"), self.tr("One row a rule: pass, fail, warn or unknown."), TABLE, True
        )
        self.add_file_output(
            "XLSX", self.tr("Workbook"), self.tr("Tables T2, T5, T6, T8, T19 and T20."), "Excel (*.xlsx)"
        )
        self.add_folder_output(
            "FOLDER", self.tr("Folder for map sheets"), self.tr("Gets the map sheet as PDF and PNG.")
        )
        self.add_result_figures()
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.plandress import PlanFile, write_dressed
        from three_opt_three_protect.bridge.provenance import now, plugin_version
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.gathering import fields_of, gather
        from three_opt_three_protect.plans.outputs import account_table, evidence_table, verdict_table
        from three_opt_three_protect.plans.workbook import write_accounts
        from three_opt_three_protect.storage.catalogue import load_role_schemas
        from three_opt_three_protect.storage.digest import digest
        from three_opt_three_protect.storage.geopackage import require_target
        from three_opt_three_protect.storage.messages import Messages
        from three_opt_three_protect.storage.words import load_words

        require_target(run.file_output("PLAN") or "")
        words = Messages(language()).text
        survey = self.read_survey(run, "PARCELS", UNITS, guess_all=True)
        profile = survey.profile
        plots = self.read_plots(run, "PARCELS")
        carried = {name: run.maybe_table(name) for name in (*CARRIED, "POPULATION")}
        found = self.balance_of(run, survey, plots)
        results = {
            "accounts": account_table(found),
            "verdicts": verdict_table(found, words),
            "evidence": evidence_table(found),
        }
        given = {**run.tables, **{name: table for name, table in carried.items() if table is not None}}
        layers: Dict[str, LayerTable] = {role: given[name] for name, role in PLAN_ROLES.items() if name in given}
        meta = {
            "created": now(),
            "program": plugin_version(),
            "profile": profile.id,
            "class_system": survey.system.id,
            "area_method": survey.spec.method.name.lower(),
            **{f"input.{role}": f"{table.name} sha256 {digest(table)}" for role, table in layers.items()},
        }

        schemas, spelled = load_role_schemas(), load_words()
        kept = {role: gather(role, table, schemas[role], spelled).table for role, table in layers.items()}
        file = PlanFile({role: role for role in kept}, kept, fields_of(kept), meta, results)

        def plan(draft: Path) -> None:
            write_dressed(draft, file, profile.period, run.warn, survey.system, run.writing.part(0.7))

        def workbook(draft: Path) -> None:
            write_accounts(draft, found, survey, profile, self.origin(run, survey, profile, layers), words)

        folder = run.file_output("FOLDER")
        if folder:
            # Sheets are built on the main thread, after the run.
            self._sheets = (Path(run.file_output("PLAN") or ""), Path(folder))
        return Results(
            layers={"ACCOUNTS": results["accounts"], "VERDICTS": results["verdicts"]},
            figures={**self.result_figures(found), **({"FOLDER": folder} if folder else {})},
            files={"PLAN": plan, "XLSX": workbook},
        )

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Dict[str, Any]:
        """Draw the sheets: layouts belong to the main thread.

        What is returned here would take the place of the results.
        """
        super().postProcessAlgorithm(context, feedback)
        if self._sheets is not None:
            try:
                on_main_thread(lambda: self._draw(feedback))
            except Cancelled:
                return {}
            except PlanningError as error:
                raise QgsProcessingException(error_line(error)) from error
        return {}

    def _draw(self, feedback: QgsProcessingFeedback) -> None:
        from three_opt_three_protect.sheets.request import SheetRequest
        from three_opt_three_protect.sheets.series import draw_sheets
        from three_opt_three_protect.sheets.settings import load_settings

        if self._sheets is None:
            return
        plan, folder = self._sheets
        numbers = tuple(sorted(load_settings().sheets))
        today = str(QDate.currentDate().toString(Qt.DateFormat.ISODate))
        request = SheetRequest(numbers, today, formats=("pdf", "png"))
        done = draw_sheets(plan, folder, request, FeedbackProgress(feedback, lambda step: sentence(step, {})))
        for message, values in done.warnings:
            feedback.pushWarning(sentence(message, values))
        for number, why in done.skipped:
            feedback.pushInfo(sentence("sheet_skipped", {"sheet": number, "why": sentence(why, {})}))

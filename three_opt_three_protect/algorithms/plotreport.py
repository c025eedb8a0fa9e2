"""``plotreport``: what any polygons lie on: land classes (T19) and lines (T20)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import LINES, SurveyAlgorithm, default_profile, measured_m2

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import LayerTable


class PlotReportAlgorithm(SurveyAlgorithm):
    """Any polygons × land parcels × lines."""

    ID = "plotreport"
    GROUP = "analysis"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Plot report: land classes and lines")

    def summary(self) -> str:
        return self.tr("Present land classes of any polygons (T19) and the lines they touch (T20).")

    def about(self) -> str:
        return self.tr(
            "Takes any polygons, as drawn or from CAD, and tells what each lies on: area by land class, of which "
            "cultivated land, paddy and permanent basic farmland, and area inside each line. Plots that overlap are "
            "each reported in full. What lies on no parcel is said and not counted."
        )

    def declare(self) -> None:
        self.add_polygons("PLOTS", self.tr("Plots"), self.tr("Any polygons; a field plot_id names them, else the id."))
        self.add_parcels("PARCELS")
        self.add_lines_of_control()
        self.add_many_polygons(
            "OTHER_ZONES", self.tr("Further layers"), self.tr("Any further layers, reported as other1, other2 …")
        )
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self.add_sink(
            "CLASSES", self.tr("Land classes of plots (T19)"), self.tr("One row a plot and land class."), TABLE
        )
        self.add_sink(
            "LINES", self.tr("Lines of plots (T20)"), self.tr("One row a plot and line, with share."), TABLE, True
        )
        self.add_sink(
            "FINDINGS", self.tr("Findings"), self.tr("What to look at, with severity and advice."), TABLE, True
        )
        self.add_file_output("XLSX", self.tr("Workbook"), self.tr("Both tables formatted for print."), "Excel (*.xlsx)")
        self.add_figure("TOTAL_M2", self.tr("Total area (m²)"), self.tr("Area of all plots on parcels."))
        self.add_figure(
            "UNCOVERED_M2", self.tr("Outside parcels (m²)"), self.tr("Area of plots that lies on no parcel.")
        )
        self.add_figure("OVERLAP_M2", self.tr("Plot overlap (m²)"), self.tr("Area that plots share."))
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.core.base import base_state
        from three_opt_three_protect.core.measure import to_m2
        from three_opt_three_protect.core.plotreport import plot_report
        from three_opt_three_protect.plans.outputs import finding_table, plot_class_table, plot_line_table
        from three_opt_three_protect.plans.plots import report_findings, table_ids
        from three_opt_three_protect.storage.messages import Messages

        survey = self.read_survey(run, "PARCELS")
        plots = run.polygons("PLOTS", like=run.tables["PARCELS"])
        snap = run.number("TOLERANCE") or 0.0
        base = base_state(survey.parcels, survey.lines, survey.spec, snap, run.progress.part(0.6), survey.coverage)
        report = plot_report(base, plots.shapes, snap, run.progress.part(0.3))
        ids = table_ids(plots)
        findings = survey.findings + report_findings(report, plots)
        self.say(run, findings[len(survey.findings) :])
        words = Messages(language()).text

        def workbook(draft: Path) -> None:
            from three_opt_three_protect.plans.workbook import write_plot_report

            profile = default_profile()
            origin = self.origin(run, survey, profile, _layers(run))
            write_plot_report(draft, report, ids, survey, profile, origin, words)

        return Results(
            layers={
                "CLASSES": plot_class_table(report, ids, survey.system),
                "LINES": plot_line_table(report, ids),
                "FINDINGS": finding_table(findings, words),
            },
            figures={
                "TOTAL_M2": float(to_m2(report.area.sum())),
                "UNCOVERED_M2": measured_m2(float(report.uncovered.sum())),
                "OVERLAP_M2": measured_m2(report.overlap_m2),
            },
            files={"XLSX": workbook},
        )


def _layers(run: Run) -> Dict[str, LayerTable]:
    """Role → layer read; the further layers as other1, other2 … in the order given."""
    found = {"parcels": run.tables["PARCELS"]}
    found.update({role: run.tables[name] for name, role in LINES.items() if name in run.tables})
    further = sorted((name for name in run.tables if "." in name), key=lambda name: int(name.split(".")[1]))
    found.update({f"other{number}": run.tables[name] for number, name in enumerate(further, 1)})
    return found

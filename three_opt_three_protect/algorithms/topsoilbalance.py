"""``topsoilbalance``: topsoil stripped by new building, needed by reclamation, and where it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, Optional, Tuple

from qgis.core import QgsProcessing, QgsProcessingParameterFeatureSource

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.charts import PATTERN, chart_kind
from three_opt_three_protect.algorithms.parameters import LINE
from three_opt_three_protect.algorithms.survey import CONVERSIONS, LINES, SurveyAlgorithm

if TYPE_CHECKING:
    from three_opt_three_protect.core.base import BaseState
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.core.topsoilplan import TopsoilPlan
    from three_opt_three_protect.plans.inputs import Source, SurveyInputs

ROLES = {**LINES, "VILLAGES": "villages", **CONVERSIONS}
"""Layer parameters of the survey → roles."""


class TopsoilBalance(SurveyAlgorithm):
    """Donors, receivers and stores of topsoil, matched by the least haul."""

    ID = "topsoilbalance"
    GROUP = "balance"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Topsoil stripping and reuse")

    def summary(self) -> str:
        return self.tr("Topsoil that new building strips against what reclamation needs, with the least haul (T18).")

    def about(self) -> str:
        return self.tr(
            "New-build plots strip the topsoil of the cultivated land they occupy: net area times depth. Plots "
            "reclaimed to cultivated land, and other projects, need it on their new cultivated land. As much soil as "
            "possible is used, that of permanent basic farmland and of good grades first; of all ways to do so the one "
            "with the least haul is taken (a transport problem, solved exactly). What is left goes to the storage "
            "sites given. Soil is stripped at the date of use and laid at the date of reclamation. Volumes are those "
            "in place; the volume on the lorry stands beside. Depths, the detour and the loosening are unverified "
            "values of the profile."
        )

    def declare(self) -> None:
        self.add_parcels("PARCELS")
        self.add_field(
            "GRADE_FIELD",
            self.tr("Quality grade field"),
            self.tr("Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name."),
            "PARCELS",
        )
        self.add_polygons(
            "RECLAIM", self.tr("Reclaim plots"), self.tr("Plots to be reclaimed; depth_m gives the depth to be laid.")
        )
        self.add_polygons(
            "NEWBUILD", self.tr("New-build plots"), self.tr("Plots to be built on; depth_m gives the depth stripped.")
        )
        self._declare_depths()
        self.add_polygons(
            "RECEIVERS",
            self.tr("Other projects that take topsoil"),
            self.tr("Development and improvement projects: plot_id, depth_m or need_m3, area_m2, use_date or phase."),
            True,
        )
        kind = [int(QgsProcessing.SourceType.TypeVectorAnyGeometry)]
        self._add(
            QgsProcessingParameterFeatureSource("STORAGE", self.tr("Storage sites"), kind, None, True),
            self.tr("Points or polygons with capacity_m3; soil that nobody needs is kept there."),
        )
        self.add_lines_of_control()
        self.add_polygons(
            "VILLAGES",
            self.tr("Villages"),
            self.tr("Village areas with a code; they give the village of parcels that state none."),
            True,
        )
        self.add_conversions()
        self.add_date(
            "AS_OF", self.tr("As of"), self.tr("Only plots that happen by this day count; left out: the whole plan.")
        )
        self.add_profile()
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self._declare_outputs()
        self.add_geometry_report()

    def _declare_depths(self) -> None:
        self.add_number(
            "DEPTH",
            self.tr("Depth stripped (m)"),
            self.tr("For plots that state none in depth_m; left out: as the profile has it (0.20)."),
        )
        self.add_number(
            "NEED_DEPTH",
            self.tr("Depth laid (m)"),
            self.tr("For receivers that state none in depth_m; left out: as the profile has it (0.20)."),
            advanced=True,
        )
        self.add_number(
            "MAX_DISTANCE",
            self.tr("Longest way (m)"),
            self.tr("Soil is not carried farther; left out: any way."),
            minimum=0.0,
        )
        self.add_switch(
            "IN_ORDER",
            self.tr("Not used before it is stripped"),
            self.tr(
                "Soil goes only where it is laid on the day it is stripped or later; off: days do not count, and "
                "days below zero in the result show where the order is wrong."
            ),
            True,
        )

    def _declare_outputs(self) -> None:
        self.add_sink(
            "OUTPUT",
            self.tr("Topsoil flows"),
            self.tr(
                "A line from each donor to each receiver or storage site, with volume, way, haul and days between."
            ),
            LINE,
        )
        self.add_sink(
            "PLOTS",
            self.tr("Topsoil of plots"),
            self.tr("Donors and receivers with the volume stripped, needed, used, left and short, and why."),
            optional=True,
        )
        self.add_sink(
            "SUMMARY", self.tr("Topsoil balance (T18)"), self.tr("One row a place, then the totals."), TABLE, True
        )
        self.add_file_output("XLSX", self.tr("Workbook"), self.tr("T18 formatted for print."), "Excel (*.xlsx)")
        self.add_file_output(
            "CHART",
            self.tr("Flow map"),
            self.tr("Plots and flows as a picture, PNG or SVG by the ending of its name; width by volume."),
            PATTERN,
        )
        for name, label, about in (
            ("STRIPPED_M3", self.tr("Stripped (m³)"), self.tr("Topsoil that new building strips, in place.")),
            ("NEEDED_M3", self.tr("Needed (m³)"), self.tr("Topsoil that new cultivated land needs, in place.")),
            ("USED_M3", self.tr("Used (m³)"), self.tr("Stripped soil that goes to a receiver.")),
            ("LEFT_M3", self.tr("Left (m³)"), self.tr("Stripped soil that is not used, stored or not.")),
            ("SHORT_M3", self.tr("Short (m³)"), self.tr("Need that is not met.")),
            ("STORED_M3", self.tr("Stored (m³)"), self.tr("Soil left that has a place in a storage site.")),
            ("PEAK_M3", self.tr("Waiting at most (m³)"), self.tr("Most used soil that waits for its use at a time.")),
            ("HAUL_M3KM", self.tr("Haul (m³·km)"), self.tr("Volume times way of the soil used.")),
        ):
            self.add_figure(name, label, about)

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.topsoiltables import (
            flow_layer,
            place_layer,
            summary_table,
            topsoil_figures,
        )
        from three_opt_three_protect.storage.messages import Messages

        kind = chart_kind(run, "CHART")
        survey = self.read_survey(run, "PARCELS", {"VILLAGES": "villages", **CONVERSIONS})
        snap = run.number("TOLERANCE") or 0.0
        base = survey.cut(snap, run.progress.part(0.5))
        plan = self._plan(run, survey, base, snap)
        words = Messages(language()).text

        def workbook(draft: Path) -> None:
            from three_opt_three_protect.plans.workbook import data_time, labels, write_tables
            from three_opt_three_protect.reports.topsoil import flow_table, topsoil_table

            layers = _layers(run)
            tables = (topsoil_table(plan, words, labels(survey, layers)), flow_table(plan, words))
            origin = self.origin(run, survey, survey.profile, layers)
            write_tables(draft, tables, words("table.T18"), origin, words, data_time(survey), progress=run.writing)

        def chart(draft: Path) -> None:
            from three_opt_three_protect.plans.topsoilfigures import topsoil_picture
            from three_opt_three_protect.reports.topsoilchart import topsoil_chart

            draft.write_bytes(topsoil_chart(topsoil_picture(plan, base), words, kind))

        return Results(
            layers={
                "OUTPUT": flow_layer(plan, base),
                "PLOTS": place_layer(plan, base),
                "SUMMARY": summary_table(plan),
            },
            figures=topsoil_figures(plan),
            files={"XLSX": workbook, "CHART": chart},
        )

    def _plan(self, run: Run, survey: SurveyInputs, base: BaseState, snap: float) -> TopsoilPlan:
        from three_opt_three_protect.core.base import plot_pieces
        from three_opt_three_protect.core.change import changes
        from three_opt_three_protect.core.plotfindings import plot_findings
        from three_opt_three_protect.plans.inputs import Source, plot_inputs
        from three_opt_three_protect.plans.topsoil import TopsoilChoices, TopsoilSources, plan_topsoil

        like = run.tables["PARCELS"]
        out, new = Source(run.polygons("RECLAIM", like=like)), Source(run.polygons("NEWBUILD", like=like))
        plots = plot_inputs(out, new, None)
        day = run.date("AS_OF")
        cut = plot_pieces(
            base, plots.reclaim.repaired.geometry, plots.newbuild.repaired.geometry, snap, run.progress.part(0.2)
        )
        change = changes(
            base, cut, plots.reclaim, plots.newbuild, survey.profile, survey.system, "" if day is None else str(day)
        )
        self.say(run, plot_findings(base, change, plots.reclaim, plots.newbuild, survey.profile))
        choices = TopsoilChoices(
            run.number("DEPTH"), run.number("NEED_DEPTH"), run.number("MAX_DISTANCE"), run.switch("IN_ORDER")
        )
        sources = TopsoilSources(out, new, *_further(run, like))
        plan, findings = plan_topsoil(
            base, change, plots.reclaim, plots.newbuild, sources, choices, survey.profile, run.progress.part(0.2)
        )
        self.say(run, findings)
        return plan


def _further(run: Run, like: LayerTable) -> Tuple[Optional[Source], Optional[Source]]:
    """Projects and stores, where they are given."""
    from three_opt_three_protect.plans.inputs import Source

    projects = run.maybe_polygons("RECEIVERS", like=like)
    stores = run.maybe_features("STORAGE", None, like)
    return None if projects is None else Source(projects), None if stores is None else Source(stores)


def _layers(run: Run) -> Dict[str, LayerTable]:
    """Role → layer read."""
    roles = {
        "PARCELS": "parcels", "RECLAIM": "reclaim", "NEWBUILD": "newbuild", **ROLES, "RECEIVERS": "soil_projects",
        "STORAGE": "soil_stores",
    }  # fmt: skip
    return {role: run.tables[name] for name, role in roles.items() if name in run.tables}

"""``plantables``: the official tables a plan is handed in with, as far as what is given goes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping, Optional

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.planbalance import UNITS, BalanceAlgorithm
from three_opt_three_protect.algorithms.survey import CONVERSIONS, LINES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import Source, SurveyInputs
    from three_opt_three_protect.reports.zones import Zones

ZONES: Mapping[str, str] = {"CONTROL": "control", "USE_ZONE": "use_zone"}
"""Layer parameters of zones by code → roles."""

REGISTERS: Mapping[str, str] = {
    "PROJECTS": "projects",
    "STOCK": "stock",
    "ENTERPRISES": "enterprises",
    "OPINIONS": "opinions",
    "POPULATION": "population",
}
"""Parameters of lists beside the plan → roles."""


class PlanTables(BalanceAlgorithm):
    """All official tables of a plan that can be made."""

    ID = "plantables"
    GROUP = "results"

    def __init__(self) -> None:
        super().__init__()
        self._zones: List[Zones] = []

    def title(self) -> str:
        return self.tr("Tables of a plan")

    def summary(self) -> str:
        return self.tr("The official tables of a plan (T1–T28) in one workbook, as far as the inputs go.")

    def about(self) -> str:
        return self.tr(
            "Prints every official table that the layers given allow, with live sums, and says of each of the others "
            "what it needs or which algorithm makes it. Beside the plan it takes zones of construction control or "
            "land use (T11; also a development boundary with zone names), key projects (T12), stock land and "
            "enterprises (T24), opinions (T26) and population (T22). A plot has the same figure in every table; what "
            "is not known stays empty."
        )

    def declare(self) -> None:
        self.add_polygons("PARCELS", self.tr("Land parcels"), self.tr("Land-use parcels of the survey (DLTB)."))
        self.add_plan()
        self.add_polygons("TOWNSHIP", self.tr("Township"), self.tr("Its name stands in the headings."), True)
        self._declare_registers()
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self.add_sink(
            "SUMMARY",
            self.tr("Tables made"),
            self.tr("One row a table: rows, made 0/1, and why it is not."),
            TABLE,
            True,
        )
        self.add_file_output("XLSX", self.tr("Workbook"), self.tr("One sheet a table."), "Excel (*.xlsx)", False)
        self.add_figure("MADE", self.tr("Tables made"), self.tr("Number of tables in the workbook."))
        self.add_geometry_report()

    def _declare_registers(self) -> None:
        self.add_polygons(
            "CONTROL",
            self.tr("Construction control zones"),
            self.tr("Zones with a code (GZQLXDM: 010 allowed, 020 conditional, 030 restricted, 040 forbidden)."),
            True,
        )
        self.add_polygons(
            "USE_ZONE", self.tr("Land use zones"), self.tr("Land use zones with a code (TDYTQLXDM)."), True
        )
        self.add_table(
            "PROJECTS",
            self.tr("Key projects"),
            self.tr("Project, kind, years, investment; plots named in a row give its areas."),
            True,
        )
        self.add_table(
            "STOCK",
            self.tr("Stock construction land"),
            self.tr("Layer or table of idle, vacant, unsupplied, unused and low-efficient land."),
            True,
        )
        self.add_polygons(
            "ENTERPRISES",
            self.tr("Enterprise land"),
            self.tr("Enterprises below the limits of the policy profile are listed as low-efficient land."),
            True,
        )
        self.add_table("OPINIONS", self.tr("Opinions"), self.tr("Opinion, from whom, adopted or not, reply."), True)
        self.add_table(
            "POPULATION", self.tr("Population"), self.tr("Households and population of natural villages."), True
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.plantables import (
            RegisterSources,
            made_summary,
            made_tables,
            read_registers,
            write_plan_tables,
        )
        from three_opt_three_protect.plans.workbook import labels
        from three_opt_three_protect.storage.messages import Messages

        words = Messages(language()).text
        survey = self.read_survey(run, "PARCELS", UNITS, guess_all=True)
        plots = self.read_plots(run, "PARCELS")
        township = run.maybe_table("TOWNSHIP")
        lists = self._lists(run)
        found = self.balance_of(run, survey, plots)
        layers = _layers(run, township)
        registers = read_registers(
            RegisterSources(**lists), found, survey.profile, lambda table: self._measured(run, survey, table)
        )
        beside = replace(labels(survey, layers), targets=plots.targets, registers=registers)
        day = run.date("AS_OF")
        made = made_tables(found, survey, beside, self._zones, words, "" if day is None else str(day))

        def workbook(draft: Path) -> None:
            origin = self.origin(run, survey, survey.profile, layers)
            write_plan_tables(draft, made, survey, survey.profile, origin, words, run.writing)

        return Results(
            layers={"SUMMARY": made_summary(made, words)},
            figures={"MADE": sum(each.table is not None for each in made)},
            files={"XLSX": workbook},
        )

    def _lists(self, run: Run) -> Dict[str, Optional[Source]]:
        """The registers given, by role."""
        from three_opt_three_protect.plans.inputs import Source

        like = run.tables["PARCELS"]
        out: Dict[str, Optional[Source]] = {}
        for name, role in REGISTERS.items():
            table = run.maybe_polygons(name, like=like) if name == "ENTERPRISES" else run.maybe_table(name)
            out[role] = None if table is None else Source(table)
        return out

    def _other_zones(self, run: Run, parcels: LayerTable, whole: bool) -> List[Source]:
        """The zones of T11, as further layers of the base state."""
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.plantables import read_zones

        self._zones = []
        sources: List[Source] = []
        for name, kind in (*ZONES.items(), ("BOUNDARY", "planning")):
            table = run.tables.get(name) or run.maybe_polygons(name, None, parcels)
            if table is None:
                continue
            source = Source(table, repaired=run.report.of(name))
            zones = read_zones(kind, len(sources), source)
            if zones is not None:
                self._zones.append(zones)
                sources.append(source)
        return sources

    def _measured(self, run: Run, survey: SurveyInputs, table: LayerTable) -> Optional[NDArray[np.float64]]:
        """Area in m² of the polygons of a list, None where it has no geometry."""
        import shapely

        from three_opt_three_protect.core.measure import measure
        from three_opt_three_protect.core.repair import repair_polygons

        if table.geometry is None or table.crs is None or shapely.is_missing(table.geometry).all():
            return None
        shapes = repair_polygons(table.shapes).geometry
        return measure(shapes, table.crs, survey.spec.method, run.lonlat(table.crs))


def _layers(run: Run, township: Optional[LayerTable]) -> Dict[str, LayerTable]:
    """Role → layer read, as the sheet of sources lists them."""
    roles = {"PARCELS": "parcels", **LINES, **UNITS, **CONVERSIONS, **ZONES, **REGISTERS}
    roles.update(RECLAIM="reclaim", NEWBUILD="newbuild", TARGETS="targets")
    found = {role: run.tables[name] for name, role in roles.items() if name in run.tables}
    return found if township is None else {**found, "township": township}

"""``redlineconflicts``: where the three lines and the plots run into each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, FrozenSet, Optional, Tuple

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import LINES, SurveyAlgorithm, needed_fields
from three_opt_three_protect.core.errors import InputError

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.conflicts import Conflicts, ConflictSources
    from three_opt_three_protect.plans.inputs import Source

PLOTS = {"NEWBUILD": "newbuild", "RECLAIM": "reclaim"}

FIGURES = (
    "FARMLAND_BOUNDARY_M2",
    "FARMLAND_REDLINE_M2",
    "BOUNDARY_REDLINE_M2",
    "NEWBUILD_FARMLAND_M2",
    "NEWBUILD_REDLINE_M2",
    "NEWBUILD_OUTSIDE_BOUNDARY_M2",
    "RECLAIM_REDLINE_M2",
)


class RedlineConflictsAlgorithm(SurveyAlgorithm):
    """Farmland × boundary × redline × new-build × reclaim."""

    ID = "redlineconflicts"
    GROUP = "analysis"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Conflicts of lines and plots")

    def summary(self) -> str:
        return self.tr("Where the three lines overlap each other, and where plots run into a line they must not.")

    def about(self) -> str:
        return self.tr(
            "Takes at least two of permanent basic farmland, development boundary, ecological redline, new-build and "
            "reclaim plots and shows every place where they conflict, with redline level, area, policy basis and "
            "advice. With parcels the areas add up to their recorded areas, and net and cultivated areas are told. "
            "Places under the minimum area, or narrower than a sliver of the data checks, are listed apart and not "
            "counted. A township moves no line: the advice names the procedure and the levels that may."
        )

    def declare(self) -> None:
        self.add_lines_of_control()
        self.add_polygons(
            "NEWBUILD",
            self.tr("New-build plots"),
            self.tr("New-build plots; without a use a plot cannot be held against the development boundary."),
            True,
        )
        self.add_polygons("RECLAIM", self.tr("Reclaim plots"), self.tr("Reclaim plots with their direction."), True)
        self.add_parcels("PARCELS", True)
        self.add_polygons(
            "VILLAGES", self.tr("Villages"), self.tr("Villages for sub-totals, where no parcels state one."), True
        )
        self.add_number(
            "MIN_AREA",
            self.tr("Minimum area (m²)"),
            self.tr("Smaller places are slivers: listed apart and not counted."),
            default=1.0,
            minimum=0.0,
        )
        self.add_area_method()
        self.add_class_system()
        self.add_profile()
        self.add_datum_shift()
        self._declare_outputs()

    def _declare_outputs(self) -> None:
        self.add_sink(
            "OUTPUT", self.tr("Conflicts"), self.tr("One polygon a place, with kind, level, area, basis and advice.")
        )
        self.add_sink(
            "SUMMARY", self.tr("Conflicts by village"), self.tr("One row a kind, level and village."), TABLE, True
        )
        self.add_file_output(
            "XLSX",
            self.tr("Workbook"),
            self.tr("Plots and lines (T20), overlaps of the lines and the list of conflicts, formatted for print."),
            "Excel (*.xlsx)",
        )
        self.add_figure("COUNT", self.tr("Conflicts"), self.tr("Number of conflicts without slivers."))
        self.add_figure("FAILED", self.tr("Not allowed"), self.tr("Number of conflicts that must be removed."))
        self.add_figure("WARNED", self.tr("To be looked at"), self.tr("Number of conflicts that need a statement."))
        self.add_figure("SLIVERS", self.tr("Slivers"), self.tr("Number of slivers."))
        self.add_figure("SLIVER_M2", self.tr("Slivers (m²)"), self.tr("Area of all slivers."))
        self.add_figure(
            "OVERLAP_M2",
            self.tr("Claimed twice (m²)"),
            self.tr("Conflict area that several features of one layer claim; it is counted once."),
        )
        labels = {
            "FARMLAND_BOUNDARY_M2": self.tr("Permanent basic farmland in the boundary (m²)"),
            "FARMLAND_REDLINE_M2": self.tr("Permanent basic farmland in the redline (m²)"),
            "BOUNDARY_REDLINE_M2": self.tr("Boundary in the redline (m²)"),
            "NEWBUILD_FARMLAND_M2": self.tr("New-build on permanent basic farmland (m²)"),
            "NEWBUILD_REDLINE_M2": self.tr("New-build in the redline (m²)"),
            "NEWBUILD_OUTSIDE_BOUNDARY_M2": self.tr("New-build outside the boundary (m²)"),
            "RECLAIM_REDLINE_M2": self.tr("Reclaim plots in the redline (m²)"),
        }
        for name in FIGURES:
            self.add_figure(name, labels[name], self.tr("Area without slivers; none where a layer was not given."))
        self.add_geometry_report()

    def _control_fields(self, run: Run) -> FrozenSet[str]:
        from three_opt_three_protect.plans.inputs import PRINT_FIELDS

        return PRINT_FIELDS if run.file_output("XLSX") else frozenset()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.conflicts import (
            area_spec,
            conflict_figures,
            conflict_layer,
            conflict_summary,
            find_conflicts,
        )
        from three_opt_three_protect.storage.messages import Messages

        self._require_layers(run)
        sources, first = self._sources(run)
        profile = run.profile()
        lonlat = None if first.crs is None else run.lonlat(first.crs)
        spec = sources.survey.spec if sources.survey else area_spec(first, profile, run.area_method(), lonlat)
        found = find_conflicts(sources, spec, profile, run.number("MIN_AREA") or 0.0, run.progress)
        self.say(run, found.findings)
        words = Messages(language()).text

        def workbook(draft: Path) -> None:
            self._write_workbook(run, draft, found, sources)

        return Results(
            layers={"OUTPUT": conflict_layer(found, words), "SUMMARY": conflict_summary(found)},
            figures=conflict_figures(found),
            files={"XLSX": workbook},
        )

    def _require_layers(self, run: Run) -> None:
        """Say so before anything is read."""
        from three_opt_three_protect.core.conflicts import FEWEST

        count = sum(run.has(name) for name in (*LINES, *PLOTS))
        if count < FEWEST:
            raise InputError("conflict_layers_needed", count=count, least=FEWEST)

    def _sources(self, run: Run) -> Tuple[ConflictSources, LayerTable]:
        """Everything given, in the CRS of the parcels or else of the first layer."""
        from three_opt_three_protect.plans.conflicts import ConflictSources

        survey = self.read_survey(run, "PARCELS", {"VILLAGES": "villages"}) if run.has("PARCELS") else None
        like: Optional[LayerTable] = run.tables.get("PARCELS")
        lines: Dict[str, Source] = {}
        plots: Dict[str, Source] = {}
        for parameter, role in {**LINES, **PLOTS}.items():
            source = self._source(run, parameter, role, like)
            if source is not None:
                (plots if parameter in PLOTS else lines)[role] = source
                like = like or source.table
        villages = self._source(run, "VILLAGES", "villages", like)
        first = like if like is not None else next(iter({**lines, **plots}.values())).table
        return ConflictSources(lines, plots, survey, villages), first

    def _source(self, run: Run, parameter: str, role: str, like: Optional[LayerTable]) -> Optional[Source]:
        from three_opt_three_protect.plans.inputs import Source

        if parameter in run.tables and parameter not in PLOTS:
            return Source(run.tables[parameter], repaired=run.report.of(parameter))  # read with the parcels
        fields = None if parameter in PLOTS else needed_fields(run, parameter, role)
        table = run.maybe_polygons(parameter, fields, like)
        return None if table is None else Source(table, repaired=run.report.of(parameter))

    def _write_workbook(self, run: Run, draft: Path, found: Conflicts, sources: ConflictSources) -> None:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.conflicttables import conflict_tables
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.names import village_names
        from three_opt_three_protect.plans.workbook import data_time, write_tables
        from three_opt_three_protect.storage.messages import Messages

        words = Messages(language()).text
        layers = dict(found.layers)
        if "PARCELS" in run.tables:
            layers["parcels"] = run.tables["PARCELS"]
        origin = self.origin_of(run, layers, profile=found.profile.id, crs=found.spec.crs.authid)
        survey = sources.survey
        names = village_names(None if survey is None else Source(survey.parcels.table), sources.villages)
        time = "" if survey is None else data_time(survey)
        write_tables(
            draft, conflict_tables(found, words, names), words("table.T20"), origin, words, time, progress=run.writing
        )

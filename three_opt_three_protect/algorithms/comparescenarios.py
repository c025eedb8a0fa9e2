"""``comparescenarios``: the plans of several plan databases side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping

from qgis.core import QgsProcessingParameterMultipleLayers

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.charts import PATTERN, chart_kind
from three_opt_three_protect.algorithms.checks import entries, input_layer
from three_opt_three_protect.algorithms.survey import LINES, SurveyAlgorithm
from three_opt_three_protect.bridge.crs import bring_to, no_crs_of
from three_opt_three_protect.bridge.sources import Reading, file_of
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import Progress

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import Source
    from three_opt_three_protect.plans.scenarios import Comparison, ScenarioLayers


class CompareScenarios(SurveyAlgorithm):
    """Accounts, verdicts and plots of scenarios, held against the first."""

    ID = "comparescenarios"
    GROUP = "balance"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Compare scenarios")

    def summary(self) -> str:
        return self.tr("Accounts and verdicts of several plan databases side by side, on the same parcels.")

    def about(self) -> str:
        return self.tr(
            "Computes the balance of every scenario anew, all on the parcels given here, and holds each against the "
            "first. A scenario is a plan database with a layer of reclaim plots or new-build plots. Its lines, units, "
            "base conversions and targets are those of its own file; layers given here take their place in all "
            "scenarios. Where scenarios have different lines the log says so. A plot is known by its number: what "
            "has the same number on other land or in another year is listed as another form of it."
        )

    def declare(self) -> None:
        self.add_polygons("PARCELS", self.tr("Land parcels"), self.tr("Land-use parcels of the survey (DLTB)."))
        self._add(
            QgsProcessingParameterMultipleLayers("SCENARIOS", self.tr("Scenarios"), TABLE),
            self.tr("Plan databases (.gpkg), or any one layer of each; the first is what the others are held against."),
        )
        self.add_lines_of_control()
        self.add_table(
            "TARGETS", self.tr("Targets"), self.tr("Assigned figures: indicator, value, unit, year, unit_code."), True
        )
        self.add_date(
            "AS_OF",
            self.tr("As of"),
            self.tr("Only what happens by this day counts, judged by the rules of that day; left out: the whole plan."),
        )
        self.add_profile()
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self.add_sink(
            "TABLE",
            self.tr("Comparison"),
            self.tr("One row an account line or verdict and scenario, with the difference to the first scenario."),
            TABLE,
        )
        self.add_sink(
            "PLOTS",
            self.tr("Plots compared"),
            self.tr("Every form of every plot: in which scenarios, only in one, otherwise elsewhere."),
            optional=True,
        )
        self.add_file_output(
            "CHART",
            self.tr("Chart"),
            self.tr("Main figures and verdicts as a picture, PNG or SVG by the ending of its name."),
            PATTERN,
        )
        self.add_figure("COUNT", self.tr("Scenarios"), self.tr("Number of scenarios compared."))
        self.add_figure(
            "BALANCED",
            self.tr("Balanced scenarios"),
            self.tr("Scenarios in which no binding rule fails or is unknown."),
        )
        self.add_figure("SHARED", self.tr("Plots in all"), self.tr("Plot numbers that every scenario has."))
        self.add_figure("SINGLE", self.tr("Plots in one only"), self.tr("Plot numbers that only one scenario has."))
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.plans.scenarioplots import how_often
        from three_opt_three_protect.plans.scenariotables import comparison_table, plot_table

        kind = chart_kind(run, "CHART")
        paths = _paths(run, "SCENARIOS")
        parcels = run.polygons("PARCELS")
        found = self._compare(run, parcels, self._read(run, parcels, paths))
        self.say(run, found.findings)
        for name, one in zip(found.names, found.balances):
            run.log("log_scenario", name=name, failed=one.count("fail"), unknown=one.count("unknown"))
        times = how_often(found.plots, len(paths))
        return Results(
            layers={"TABLE": comparison_table(found), "PLOTS": plot_table(found, parcels.crs)},
            figures={
                "COUNT": len(paths),
                "BALANCED": sum(one.balanced for one in found.balances),
                "SHARED": int(times[-1]),
                "SINGLE": int(times[0]),
            },
            files={"CHART": lambda draft: _draw(draft, found, kind)},
        )

    def _compare(self, run: Run, parcels: LayerTable, scenarios: List[ScenarioLayers]) -> Comparison:
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.scenarios import compare
        from three_opt_three_protect.storage.catalogue import load_class_system

        chosen, day = run.text("CLASS_SYSTEM"), run.date("AS_OF")
        return compare(
            Source(parcels, repaired=run.report.of("PARCELS")),
            scenarios,
            run.profile(),
            run.area_method(),
            load_class_system(chosen) if chosen else None,
            run.lonlat(parcels.crs) if parcels.crs is not None else None,
            run.number("TOLERANCE") or 0.0,
            "" if day is None else str(day),
            run.progress.part(0.75),
        )

    def _read(self, run: Run, parcels: LayerTable, paths: List[Path]) -> List[ScenarioLayers]:
        """Every scenario's layers; those given as parameters take the place of its own."""
        from three_opt_three_protect.bridge.scenarioplans import read_roles, scenario_names
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.scenarios import PLOT_ROLES, ROLES, ScenarioLayers

        instead: Dict[str, Source] = {}
        for parameter, role in LINES.items():
            table = run.maybe_polygons(parameter, like=parcels)
            if table is not None:
                instead[role] = Source(table, repaired=run.report.of(parameter))
        targets = run.maybe_table("TARGETS")
        if targets is not None:
            instead["targets"] = Source(targets)
        progress = run.progress.part(0.2)
        out = []
        for number, (path, name) in enumerate(zip(paths, scenario_names(paths)), 1):
            part = progress.part(1.0 / len(paths))
            part.step("reading", 1.0)
            readings = read_roles(path, [role for role in ROLES if role not in instead], name, part)
            if not any(role in readings for role in PLOT_ROLES):
                raise InputError("scenario_without_plots", path=path.name)
            read = {
                role: _usable(run, f"SCENARIOS.{number}.{role}", reading, parcels, part)
                for role, reading in readings.items()
            }
            out.append(ScenarioLayers(name, {**read, **instead}))
        return out


def _usable(run: Run, key: str, reading: Reading, parcels: LayerTable, progress: Progress) -> Source:
    """A layer of a plan database: repaired, counted and in the CRS of the parcels; a table as it is."""
    from three_opt_three_protect.core.repair import repair_polygons
    from three_opt_three_protect.plans.inputs import Source

    run.report.read(key, reading)
    table = reading.table
    if table.geometry is None:
        run.tables[key] = table
        return Source(table)
    if table.crs is None:
        raise no_crs_of(table)

    def tell(message_id: str, values: Mapping[str, str]) -> None:
        run.log(message_id, **values)

    table = bring_to(table, parcels, run.context.transformContext(), tell, progress, run.datum_shift())
    fixed = repair_polygons(table.shapes)
    run.report.repair(key, table, fixed)
    if fixed.issues:
        run.warn("log_geometry", layer=table.name, repaired=fixed.repaired, dropped=fixed.dropped)
    run.tables[key] = replace(table, geometry=fixed.geometry)
    return Source(run.tables[key], repaired=fixed)


def _paths(run: Run, name: str) -> List[Path]:
    """The files of the scenarios in the order given.

    Raises
    ------
    InputError
        ``no_such_layer_given``, ``scenario_no_file``.
    """
    paths = []
    for number, entry in enumerate(entries(run.parameters.get(name)), 1):
        layer = input_layer(entry, run.context)
        values = {"parameter": name, "number": number, "entry": str(entry)[-60:]}
        if layer is None:
            raise InputError("no_such_layer_given", **values)
        file = file_of(layer)
        if not file or Path(file).suffix.lower() != ".gpkg":
            raise InputError("scenario_no_file", **{**values, "entry": layer.name()})
        paths.append(Path(file))
    return paths


def _draw(draft: Path, comparison: Comparison, kind: str) -> None:
    from three_opt_three_protect.bridge.words import language
    from three_opt_three_protect.plans.scenariotables import scenario_figures
    from three_opt_three_protect.reports.charts import scenario_chart
    from three_opt_three_protect.storage.messages import Messages

    words = Messages(language()).text
    draft.write_bytes(scenario_chart(scenario_figures(comparison, words), words, kind))

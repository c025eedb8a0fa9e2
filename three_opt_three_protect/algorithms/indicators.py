"""``indicators``: what a plan makes of a township, in the figures it is judged by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, FrozenSet, List, Mapping, Optional, Sequence

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.planbalance import UNITS, BalanceAlgorithm

if TYPE_CHECKING:
    from three_opt_three_protect.core.indicators.facts import Stated
    from three_opt_three_protect.core.potential.population import Population
    from three_opt_three_protect.core.targets import Target
    from three_opt_three_protect.plans.indicators import PlanIndicators
    from three_opt_three_protect.plans.inputs import SurveyInputs


class Indicators(BalanceAlgorithm):
    """Indicators by township and village, held against targets, and a ranking."""

    ID = "indicators"
    GROUP = "balance"

    def title(self) -> str:
        return self.tr("Indicators and ranking")

    def summary(self) -> str:
        return self.tr(
            "Development intensity, redline share, land per GDP, the five quantities, by village and ranked."
        )

    def about(self) -> str:
        return self.tr(
            "Computes the indicators of a plan by township and village at the base and after the plan, holds them "
            "against assigned figures, published figures of the region and warning levels, and ranks the villages. "
            "What has no figure to be held against, or lacks data, is unknown, never passed. Intensity is shown with "
            "and without large lakes. Without plots it shows the present state."
        )

    def declare(self) -> None:
        self.add_parcels("INPUT")
        self.add_plan(optional=True)
        self.add_table(
            "POPULATION",
            self.tr("Population"),
            self.tr("Registered households and population by village or natural village."),
            True,
        )
        self.add_table(
            "ECONOMY",
            self.tr("Economy"),
            self.tr(
                "Figures by unit and year: indicator (GDP, output, tax, investment, land supply …), value, unit. The "
                "tool Table to fill in writes it."
            ),
            True,
        )
        self.add_integer("FIRST_YEAR", self.tr("Base year"), self.tr("Of the economy; left out: the earliest stated."))
        self.add_integer("LAST_YEAR", self.tr("Present year"), self.tr("Of the economy; left out: the latest stated."))
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self.add_sink(
            "OUTPUT", self.tr("Indicators"), self.tr("One row a unit, indicator and figure it is held against."), TABLE
        )
        self.add_sink("RANKING", self.tr("Ranking"), self.tr("Villages, and townships where several."), TABLE, True)
        self.add_sink("FIVE", self.tr("Five quantities"), self.tr("Indicators by the five quantities."), TABLE, True)
        self.add_file_output(
            "XLSX", self.tr("Workbook"), self.tr("T1, T23 and the ranking formatted for print."), "Excel (*.xlsx)"
        )
        for name, label, about in (
            ("INTENSITY_PCT", self.tr("Development intensity (%)"), self.tr("Construction land after the plan.")),
            (
                "INTENSITY_NO_LAKES_PCT",
                self.tr("Development intensity without large lakes (%)"),
                self.tr("The same, large lakes left out of the total."),
            ),
            ("REDLINE_PCT", self.tr("Share of the ecological redline (%)"), self.tr("NULL without redline.")),
            ("LAND_PER_GDP", self.tr("Construction land per GDP (mu/100 million yuan)"), self.tr("NULL without GDP.")),
            ("FALL_PCT", self.tr("Fall of land per GDP (%)"), self.tr("From the base year to the present year.")),
            ("FAILED", self.tr("Failed"), self.tr("Indicators that miss a binding figure.")),
            ("WARNED", self.tr("Warned"), self.tr("Indicators that miss an expected figure or reach a limit.")),
            ("UNKNOWN", self.tr("Unknown"), self.tr("Of the whole: no data, or nothing to be held against.")),
        ):
            self.add_figure(name, label, about)
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.indicators import (
            five_table,
            indicator_table,
            plan_indicators,
            ranking_table,
        )
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.names import village_names

        survey = self.read_survey(run, "INPUT", UNITS)
        plots = self.read_plots(run, "INPUT")
        economy = self._economy(run)
        people_table = run.maybe_table("POPULATION")
        balance = self.balance_of(run, survey, plots)
        found = plan_indicators(
            balance,
            survey,
            self._targets(run),
            economy,
            self._people(run, balance, people_table),
            run.integer("FIRST_YEAR"),
            run.integer("LAST_YEAR"),
        )
        self._tell(run, found, economy)
        villages = run.tables.get("VILLAGES")
        names = village_names(Source(survey.parcels.table), None if villages is None else Source(villages))
        return Results(
            layers={
                "OUTPUT": indicator_table(found, names, language()),
                "RANKING": ranking_table(found, names),
                "FIVE": five_table(found, language()),
            },
            figures=_figures(found),
            files={"XLSX": lambda draft: self._workbook(draft, run, survey, found, names)},
        )

    def _control_fields(self, run: Run) -> FrozenSet[str]:
        from three_opt_three_protect.plans.inputs import POTENTIAL_FIELDS, PRINT_FIELDS

        return POTENTIAL_FIELDS | PRINT_FIELDS

    def _economy(self, run: Run) -> Sequence[Stated]:
        from three_opt_three_protect.plans.indicators import read_economy
        from three_opt_three_protect.plans.inputs import Source

        table = run.maybe_table("ECONOMY")
        return () if table is None else read_economy(Source(table))

    def _targets(self, run: Run) -> Sequence[Target]:
        """The assigned figures with the codes of their units: of a county every township has its own."""
        from three_opt_three_protect.plans.indicators import contradictions
        from three_opt_three_protect.plans.inputs import Source, stated_targets

        table = run.tables.get("TARGETS")
        if table is None:
            return ()
        targets = stated_targets(Source(table), own_codes=True)
        twice = contradictions(targets)
        if twice:
            run.warn("log_target_twice", layer=table.name, figures=", ".join(twice[:3]))
        return targets

    def _people(self, run: Run, balance: Any, table: Any) -> Optional[Population]:
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.potentialpeople import people_of

        settlements = run.tables.get("SETTLEMENTS")
        return people_of(
            balance.base,
            None if table is None else Source(table),
            None if settlements is None else Source(settlements, repaired=run.report.of("SETTLEMENTS")),
        )

    def _tell(self, run: Run, found: PlanIndicators, economy: Sequence[Stated]) -> None:
        from three_opt_three_protect.bridge.words import sentence

        run.log("log_village_land", by=sentence(f"village_land.{found.village_land_by}", {}))
        if not economy:
            run.log("log_economy_none")
            return
        run.log("log_economy_years", years=", ".join(str(year) for year in found.years))
        units = found.units
        strangers: List[str] = sorted(
            code for code in {one.unit_code for one in economy} if units.unit_of(code) not in units.codes
        )
        if strangers:
            run.warn("log_economy_unit", layer=run.tables["ECONOMY"].name, units=", ".join(strangers[:3]))

    def _workbook(
        self, draft: Path, run: Run, survey: SurveyInputs, found: PlanIndicators, names: Mapping[str, str]
    ) -> None:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.workbook import data_time, write_tables
        from three_opt_three_protect.reports.indicators import divided_table, main_table, ranking_table
        from three_opt_three_protect.reports.rounding import AreaUnit
        from three_opt_three_protect.storage.messages import Messages

        words, unit = Messages(language()).text, AreaUnit.HA
        layers = {"parcels" if name == "INPUT" else name.lower(): table for name, table in run.tables.items()}
        tables = [
            main_table(found.held, survey.profile.period, words, language(), unit),
            divided_table(found.held, found.units, names, words, unit),
            *(
                ranking_table(ranked, found.indicators, names, words, language(), title)
                for ranked, title in (
                    (found.townships, "table.ranking_townships"),
                    (found.villages, "table.ranking"),
                )
                if ranked
            ),
        ]
        origin = self.origin(run, survey, survey.profile, layers)
        write_tables(draft, tables, self.title(), origin, words, data_time(survey), progress=run.writing)


def _figures(found: PlanIndicators) -> Dict[str, Any]:
    from three_opt_three_protect.core.indicators.facts import TOTAL

    results = [one.result for one in found.held]
    shown = {
        "INTENSITY_PCT": "intensity_pct",
        "INTENSITY_NO_LAKES_PCT": "intensity_no_lakes_pct",
        "REDLINE_PCT": "redline_share_pct",
        "LAND_PER_GDP": "construction_per_gdp",
        "FALL_PCT": "construction_per_gdp_fall_pct",
    }
    values = {name: found.value(indicator) for name, indicator in shown.items()}
    return {
        **{name: None if value is None else round(value, 4) for name, value in values.items()},
        "FAILED": results.count("fail"),
        "WARNED": results.count("warn"),
        "UNKNOWN": sum(one.result == "unknown" and one.unit_code == TOTAL for one in found.held),
    }

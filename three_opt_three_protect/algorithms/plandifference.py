"""``plandifference``: two to four plans compared in size, layout and timing (四规融合)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping, Optional

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import SurveyAlgorithm, needed_fields

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import Source
    from three_opt_three_protect.plans.plandifference import PlanDifference
    from three_opt_three_protect.plans.planlayers import PlanSource

PLANS: Mapping[str, str] = {
    "LAND_PLAN": "land",
    "TOWN_PLAN": "town",
    "ECOLOGICAL": "ecological",
    "DEVELOPMENT": "development",
}
"""Layer parameter → plan; the first part of its name begins the names of its field parameters."""

REQUIRED = ("LAND_PLAN", "TOWN_PLAN")

READING_SHARE = 0.1
"""Share of the computing that telling classes and years has."""


def prefix(parameter: str) -> str:
    """``LAND`` of ``LAND_PLAN``."""
    return parameter.split("_")[0]


class PlanDifferenceAlgorithm(SurveyAlgorithm):
    """Land plan × town plan × ecological plan × development plan."""

    ID = "plandifference"
    GROUP = "analysis"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Differences between plans")

    def summary(self) -> str:
        return self.tr("Compares two to four plans in size, layout and timing, in common categories of use (T15).")

    def about(self) -> str:
        return self.tr(
            "Plans of different classifications are brought to common categories; a code without one clear category "
            "is to be refined and counted, never guessed. Size: totals by category and village, and whether "
            "another plan has more construction land than the land plan. Layout: polygons where the plans differ. "
            "Timing: land both plans build on in different years; a missing year is unknown. The matrix of each pair "
            "adds up to both plans. Differences under the minimum mapping area go to the neighbouring difference or "
            "stand apart as slivers; only the drawing changes, no total."
        )

    def declare(self) -> None:
        self.add_polygons(
            "LAND_PLAN",
            self.tr("Land-use plan"),
            self.tr("Polygons of the land-use plan; all other layers are brought to its coordinate system."),
        )
        self.add_polygons("TOWN_PLAN", self.tr("Town plan"), self.tr("Polygons of the town (urban and rural) plan."))
        self.add_polygons(
            "ECOLOGICAL",
            self.tr("Ecological plan"),
            self.tr("Land classes, or zones where building is forbidden or restricted; without either: forbidden."),
            True,
        )
        self.add_polygons(
            "DEVELOPMENT",
            self.tr("Development plan"),
            self.tr("Land classes, or areas planned for building; without either all of it is planned for building."),
            True,
        )
        for parameter in PLANS:
            self._declare_fields(parameter)
        self.add_polygons("VILLAGES", self.tr("Villages"), self.tr("Villages for sub-totals."), True)
        self.add_number(
            "MIN_AREA",
            self.tr("Minimum mapping area (m²)"),
            self.tr(
                "Smaller differences are slivers; 0 draws everything. Left out: that of the policy profile, "
                "by construction land and other land."
            ),
            minimum=0.0,
        )
        self.add_area_method()
        self.add_profile()
        self.add_snapping()
        self.add_datum_shift()
        self._declare_outputs()

    def _declare_fields(self, parameter: str) -> None:
        name = prefix(parameter)
        self.add_field(
            f"{name}_CLASS",
            {
                "LAND_PLAN": self.tr("Class field of the land-use plan"),
                "TOWN_PLAN": self.tr("Class field of the town plan"),
                "ECOLOGICAL": self.tr("Class or zone field of the ecological plan"),
                "DEVELOPMENT": self.tr("Class or zone field of the development plan"),
            }[parameter],
            self.tr("Code of the planned use; left out: GHDLDM, YDYHFLDM or another standard name."),
            parameter,
        )
        self.add_field(
            f"{name}_YEAR",
            {
                "LAND_PLAN": self.tr("Year field of the land-use plan"),
                "TOWN_PLAN": self.tr("Year field of the town plan"),
                "ECOLOGICAL": self.tr("Year field of the ecological plan"),
                "DEVELOPMENT": self.tr("Year field of the development plan"),
            }[parameter],
            self.tr("Planned year or date; left out: GHNF or another standard name, else unknown."),
            parameter,
        )
        self.add_text(
            f"{name}_SYSTEM",
            {
                "LAND_PLAN": self.tr("Classification of the land-use plan"),
                "TOWN_PLAN": self.tr("Classification of the town plan"),
                "ECOLOGICAL": self.tr("Classification of the ecological plan"),
                "DEVELOPMENT": self.tr("Classification of the development plan"),
            }[parameter],
            self.tr("Id of the classification (land_plan, land_sea_2023, gb50137_2011 …). Left out: detected."),
            optional=True,
        )

    def _declare_outputs(self) -> None:
        self.add_sink(
            "OUTPUT",
            self.tr("Differences"),
            self.tr("One row a difference with both plans' classes, categories and years; size rows have no polygon."),
        )
        self.add_sink(
            "SUMMARY",
            self.tr("Sizes and matrices"),
            self.tr("Sizes by category and village with verdict, matrices of every pair, layout and timing by kind."),
            TABLE,
            True,
        )
        self.add_file_output(
            "XLSX",
            self.tr("Workbook"),
            self.tr("List of differences (T15), matrices and sizes, formatted for print."),
            "Excel (*.xlsx)",
        )
        for name, label, about in (
            ("COMPARED_M2", self.tr("Compared area (m²)"), self.tr("Land of at least one plan, over all pairs.")),
            ("DIFFERENCES", self.tr("Layout differences"), self.tr("Polygons without slivers.")),
            ("LAYOUT_M2", self.tr("Layout differences (m²)"), self.tr("Land where the plans contradict each other.")),
            ("NO_PLAN_M2", self.tr("Covered by one plan (m²)"), self.tr("Land only one plan of a pair covers.")),
            ("TO_REFINE_M2", self.tr("To be refined (m²)"), self.tr("Land whose classes could not be compared.")),
            ("TIMING_M2", self.tr("Timing differences (m²)"), self.tr("Land both plans build on in other years.")),
            ("YEAR_UNKNOWN_M2", self.tr("Year unknown (m²)"), self.tr("Land both plans build on, a year missing.")),
            ("SLIVERS", self.tr("Slivers"), self.tr("Differences too small to be mapped that stand apart.")),
            ("SLIVER_M2", self.tr("Slivers (m²)"), self.tr("Area of all slivers that stand apart.")),
            ("MERGED", self.tr("Slivers merged"), self.tr("Slivers that went to the neighbouring difference.")),
            (
                "TO_REFINE",
                self.tr("Polygons to be refined"),
                self.tr("Polygons whose code is unknown or has no one clear category."),
            ),
            ("OVERLAP_M2", self.tr("Overlap (m²)"), self.tr("Area that polygons of one plan share; counted once.")),
            (
                "CLOSURE_M2",
                self.tr("Closure (m²)"),
                self.tr("Largest difference between a plan's rounded polygons and its pieces."),
            ),
            ("SIZE_FAILED", self.tr("Plans above the land plan"), self.tr("Plans with more construction land.")),
            ("SIZE_UNKNOWN", self.tr("Size verdict unknown"), self.tr("Plans for which it cannot be told.")),
        ):
            self.add_figure(name, label, about)
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.differencetables import difference_layer, summary_table
        from three_opt_three_protect.plans.plandifference import difference_figures, limits_of, plan_difference
        from three_opt_three_protect.plans.planlayers import plan_layers
        from three_opt_three_protect.storage.messages import Messages

        profile = run.profile()
        sources = self._sources(run)
        first = run.tables["LAND_PLAN"]
        villages = self._villages(run, first)
        lonlat = None if first.crs is None else run.lonlat(first.crs)
        reading = run.progress.part(READING_SHARE)
        layers = plan_layers(sources, villages, profile, run.area_method(), lonlat, reading)
        limits = limits_of(profile, run.number("MIN_AREA"))
        found = plan_difference(layers, limits, run.number("TOLERANCE") or 0.0, run.progress.part(1.0 - READING_SHARE))
        self.say(run, found.findings)
        words = Messages(language()).text

        def workbook(draft: Path) -> None:
            self._write_workbook(run, draft, found, villages, profile.id)

        return Results(
            layers={"OUTPUT": difference_layer(found, words), "SUMMARY": summary_table(found)},
            figures=difference_figures(found),
            files={"XLSX": workbook},
        )

    def _sources(self, run: Run) -> Dict[str, PlanSource]:
        """Every plan given, in the CRS of the land plan."""
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.planlayers import PlanSource
        from three_opt_three_protect.storage.catalogue import load_class_system

        found: Dict[str, PlanSource] = {}
        first: Optional[LayerTable] = None
        for parameter, role in PLANS.items():
            name = prefix(parameter)
            chosen = {"class_code": run.field(f"{name}_CLASS"), "year": run.field(f"{name}_YEAR")}
            fields = {role_field: field for role_field, field in chosen.items() if field}
            read = run.polygons if parameter in REQUIRED else run.maybe_polygons
            table = read(parameter, self._needed(run, parameter, fields), first)
            if table is not None:
                first = first or table
                system = run.text(f"{name}_SYSTEM")
                source = Source(table, fields, repaired=run.report.of(parameter))
                found[role] = PlanSource(source, load_class_system(system) if system else None)
        return found

    def _needed(self, run: Run, parameter: str, chosen: Mapping[str, str]) -> Optional[List[str]]:
        """Fields to read; None = all, so that a message can name them."""
        from three_opt_three_protect.core.roles import guess_names
        from three_opt_three_protect.plans.planlayers import NEEDED, ROLE
        from three_opt_three_protect.storage.catalogue import load_role_schemas

        known = {**guess_names(run.field_names(parameter), load_role_schemas()[ROLE]), **chosen}
        fields = [field for name, field in known.items() if name in NEEDED]
        return list(dict.fromkeys(fields)) if {"class_code", "zone"} & set(known) else None

    def _villages(self, run: Run, like: LayerTable) -> Optional[Source]:
        from three_opt_three_protect.plans.inputs import Source

        table = run.maybe_polygons("VILLAGES", needed_fields(run, "VILLAGES", "villages"), like)
        return None if table is None else Source(table, repaired=run.report.of("VILLAGES"))

    def _write_workbook(
        self, run: Run, draft: Path, found: PlanDifference, villages: Optional[Source], profile: str
    ) -> None:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.names import village_names
        from three_opt_three_protect.plans.workbook import write_tables
        from three_opt_three_protect.reports.plandifference import difference_tables
        from three_opt_three_protect.reports.table import Labels
        from three_opt_three_protect.storage.messages import Messages

        words = Messages(language()).text
        tables = {f"{plan.role}_plan": table for plan, table in zip(found.layers.plans, found.layers.tables)}
        if villages is not None:
            tables["villages"] = villages.table
        names = {} if villages is None else village_names(villages, villages)
        systems = "; ".join(
            f"{words(f'plan_short.{role}')}: {name}" for role, name in found.layers.systems.items() if name
        )
        origin = self.origin_of(run, tables, profile=profile, class_system=systems, crs=found.layers.spec.crs.authid)
        printed = difference_tables(found.comparison, found.patches, found.verdicts, words, Labels(villages=names))
        write_tables(draft, printed, words("sheet_title.plandifference"), origin, words, progress=run.writing)

"""``reclamationpotential``: where reclamation can come from, measured, weighed, scored and graded (T4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Dict, FrozenSet, List, Mapping, Optional, Tuple

from qgis.core import QgsProcessingParameterFeatureSource, QgsWkbTypes

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.parameters import LINE, POLYGON
from three_opt_three_protect.algorithms.survey import CONVERSIONS, LINES, SurveyAlgorithm
from three_opt_three_protect.core.errors import InputError

if TYPE_CHECKING:
    from three_opt_three_protect.core.errors import Value
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.core.potential.potential import Choice, Potential
    from three_opt_three_protect.core.potential.weights import Indicator
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import Source, SurveyInputs

UNITS = {"VILLAGES": "villages", "SETTLEMENTS": "settlements", **CONVERSIONS}
"""Layer parameters beside the lines → roles."""

FURTHER = {
    "RETAINED": "retained",
    "HERITAGE": "heritage",
    "PAST_PROJECTS": "past_projects",
    "ROADS": "roads",
    "ENTERPRISES": "enterprises",
}
"""Layer parameters that only the potential knows → roles."""

METHODS = ("ahp", "entropy", "combined", "topsis")
GRADINGS = ("thresholds", "breaks", "quantiles")
THEORIES = ("mean", "per_head", "per_household", "idle_rate", "settlement_plan")
STAGES = ("none", "planning", "implementation")
"""Words of the parameters; a test holds them against core's, which needs packages QGIS does not bring."""


class ReclamationPotential(SurveyAlgorithm):
    """Candidates of reclamation outside the development boundary."""

    ID = "reclamationpotential"
    GROUP = "potential"
    NEEDS = ("shapely", "scipy")

    def __init__(self) -> None:
        super().__init__()
        self._further: Dict[str, Source] = {}

    def title(self) -> str:
        return self.tr("Reclamation potential")

    def summary(self) -> str:
        return self.tr("Finds, scores and grades the construction land that could be reclaimed (T4).")

    def about(self) -> str:
        return self.tr(
            "Every part of a parcel that is construction land outside the development boundary is a candidate, unless "
            "it lies in a retained settlement, on approved land, in a road corridor, in a heritage or past project "
            "area, belongs to transport or water works, is land of special use, or is too small; each exclusion is "
            "listed. Candidates are measured by the indicators of resources/potential/indicators.csv, weighed, scored "
            "from 0 to 1 and graded, "
            "1 first. Consent and legal origin exclude by stage and never score. Theoretical potential is computed for "
            "each village; realistic potential is that times the mean score, at most the candidates' area. OUTPUT can "
            "be used as reclaim plots or as the candidates of the allocation."
        )

    def declare(self) -> None:
        self.add_parcels("INPUT")
        self.add_field(
            "GRADE_FIELD",
            self.tr("Quality grade field"),
            self.tr("Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name."),
            "INPUT",
        )
        self._declare_lines()
        self._declare_further()
        self._declare_units()
        self.add_conversions()
        self._declare_choices()
        self.add_profile()
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self._declare_outputs()
        self.add_geometry_report()

    def _declare_lines(self) -> None:
        self.add_polygons(
            "BOUNDARY",
            self.tr("Urban development boundary"),
            self.tr("Area inside the development boundary; land in it is stock to be used again, not reclaimed."),
        )
        self.add_polygons(
            "RETAINED",
            self.tr("Retained settlements"),
            self.tr("Settlements that stay; left out: those that natural villages or the population table keep."),
            True,
        )
        self.add_polygons(
            "SETTLEMENTS",
            self.tr("Natural villages"),
            self.tr("Natural villages with a name; fields class, households and population are used where there."),
            True,
        )
        self.add_polygons(
            "FARMLAND", self.tr("Permanent basic farmland"), self.tr("Polygons of permanent basic farmland."), True
        )
        self.add_polygons(
            "REDLINE",
            self.tr("Ecological redline"),
            self.tr("Land in it may be reclaimed, but never counts as new cultivated land."),
            True,
        )

    def _declare_further(self) -> None:
        kinds = [int(LINE), int(POLYGON)]
        self._add(
            QgsProcessingParameterFeatureSource("ROADS", self.tr("Roads"), kinds, None, True),
            self.tr(
                "Lines or polygons; the corridor along them (policy profile) is left out. A field width (m) adds half "
                "of it on either side of a line."
            ),
        )
        self.add_table(
            "POPULATION",
            self.tr("Population"),
            self.tr(
                "Registered households and people by village or natural village: unit_code, settlement, households, "
                "population, idle_rate, class, retained, consent, signed, right_type."
            ),
            True,
        )
        self.add_polygons(
            "HERITAGE", self.tr("Heritage areas"), self.tr("Protected villages and monuments; left out."), True
        )
        self.add_polygons(
            "PAST_PROJECTS",
            self.tr("Past projects"),
            self.tr("Areas of earlier reclamation or consolidation projects; not counted a second time."),
            True,
        )
        self.add_polygons(
            "ENTERPRISES",
            self.tr("Enterprise land"),
            self.tr("With invest_mu, tax_mu, tax (10 000 yuan) and far, for industrial candidates."),
            True,
        )

    def _declare_units(self) -> None:
        self.add_polygons(
            "VILLAGES",
            self.tr("Villages"),
            self.tr("Village areas with a code; they give the village of parcels that state none."),
            True,
        )

    def _declare_choices(self) -> None:
        self.add_word(
            "METHOD_W",
            self.tr("Weighing"),
            self.tr(
                "ahp: weights as judged (table of weights, else the indicator list); entropy: by how much an indicator "
                "tells candidates apart; combined: both; topsis: judged weights, score by nearness to the best values."
            ),
            METHODS,
        )
        self.add_table(
            "WEIGHTS",
            self.tr("Weights"),
            self.tr(
                "Table with indicator and weight, or a square of comparisons in pairs: indicator and one column for "
                "each indicator. Comparisons that contradict each other (CR of 0.1 or more) are refused."
            ),
            True,
        )
        self.add_word(
            "GRADES",
            self.tr("Grading"),
            self.tr("thresholds: of the policy profile; breaks: natural breaks; quantiles: classes of equal number."),
            GRADINGS,
        )
        self.add_word(
            "THEORY",
            self.tr("Theoretical potential"),
            self.tr(
                "mean of the methods whose data is there, or one of them: per_head and per_household (village land "
                "beyond the standard), idle_rate (idle share of village land), settlement_plan (all candidates)."
            ),
            THEORIES,
        )
        self.add_word(
            "STAGE",
            self.tr("Consent asked for"),
            self.tr(
                "none; planning: two thirds of the village in favour; implementation: besides, every household has "
                "signed and the legal origin of the land is stated. What is unknown stays and is counted."
            ),
            STAGES,
        )

    def _declare_outputs(self) -> None:
        self.add_sink(
            "OUTPUT",
            self.tr("Candidates"),
            self.tr("Candidates with their indicators, score (0–1) and grade (1 first), fields as reclaim plots."),
        )
        self.add_sink(
            "SUMMARY",
            self.tr("Potential by village (T4)"),
            self.tr("One row a village; the last row, with an empty unit_code, is the township."),
            TABLE,
            True,
        )
        self.add_sink(
            "EXCLUDED",
            self.tr("Excluded land"),
            self.tr("Construction land that is no candidate, by reason and village."),
            TABLE,
            True,
        )
        self.add_sink(
            "SENSITIVITY",
            self.tr("Sensitivity"),
            self.tr("Share of candidates that change grade when a weight moves by a tenth up or down."),
            TABLE,
            True,
        )
        self.add_sink(
            "WEIGHTS_USED",
            self.tr("Weights used"),
            self.tr("Every indicator with its weight; NULL where its data is missing."),
            TABLE,
            True,
        )
        self.add_file_output("XLSX", self.tr("Workbook"), self.tr("T4 formatted for print."), "Excel (*.xlsx)")
        for name, label, about in (
            ("THEORETICAL_M2", self.tr("Theoretical potential (m²)"), self.tr("Of all villages.")),
            ("REALISTIC_M2", self.tr("Realistic potential (m²)"), self.tr("Of all villages.")),
            ("CANDIDATES", self.tr("Number of candidates"), self.tr("Parts of parcels that could be reclaimed.")),
            ("CANDIDATES_M2", self.tr("Candidates (m²)"), self.tr("Their area.")),
            ("EXCLUDED_M2", self.tr("Excluded (m²)"), self.tr("Construction land that is no candidate.")),
            (
                "CONSISTENCY",
                self.tr("Consistency ratio (CR)"),
                self.tr("Of the comparisons in pairs; NULL where none were given."),
            ),
            (
                "SENSITIVITY_MAX",
                self.tr("Largest change of grades"),
                self.tr("Largest share of candidates that change grade when one weight moves by a tenth."),
            ),
        ):
            self.add_figure(name, label, about)

    def compute(self, run: Run) -> Results:
        import shapely

        from three_opt_three_protect.core.base import base_state
        from three_opt_three_protect.core.potential.sensitivity import largest
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.potential import PotentialSources, potential_of
        from three_opt_three_protect.storage.indicatorlist import load_indicators

        listed = load_indicators()
        people, weights = run.maybe_table("POPULATION"), run.maybe_table("WEIGHTS")
        survey = self.read_survey(run, "INPUT", UNITS)
        if survey.lines.boundary is None or not (~shapely.is_missing(survey.lines.boundary.geometry)).any():
            raise InputError("empty_layer", layer=run.tables["BOUNDARY"].name)
        choice = self._choice(run, weights, listed, survey)
        snap = run.number("TOLERANCE") or 0.0
        base = base_state(survey.parcels, survey.lines, survey.spec, snap, run.progress.part(0.4), survey.coverage)
        self.say(run, base.report.findings)
        settlements = run.tables.get("SETTLEMENTS")
        given = PotentialSources(
            self._further,
            None if people is None else Source(people),
            None if settlements is None else Source(settlements, repaired=run.report.of("SETTLEMENTS")),
            run.word("STAGE"),
            {role: run.tables[name].name for name, role in {**LINES, **UNITS}.items() if name in run.tables},
        )
        found = potential_of(base, replace(survey, coverage=None), given, listed, choice, run.progress.part(0.5))
        self.say(run, _titled(found.findings, listed))
        return Results(
            layers=_layers(found, run),
            figures={
                "THEORETICAL_M2": _township(found, "theory_m2"),
                "REALISTIC_M2": _township(found, "real_m2"),
                "CANDIDATES": len(found),
                "CANDIDATES_M2": _township(found, "cand_m2"),
                "EXCLUDED_M2": sum(row.area for row in found.excluded) / 100,
                "CONSISTENCY": found.ratio,
                "SENSITIVITY_MAX": largest(found.changes),
            },
            files={"XLSX": lambda draft: self._workbook(draft, run, survey, found)},
        )

    def _workbook(self, draft: Path, run: Run, survey: SurveyInputs, found: Potential) -> None:
        """T4 as it is handed in."""
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.names import village_names
        from three_opt_three_protect.plans.workbook import data_time, write_tables
        from three_opt_three_protect.reports.potential import potential_table
        from three_opt_three_protect.storage.messages import Messages

        words = Messages(language()).text
        layers = _read_layers(run)
        villages = None if "villages" not in layers else Source(layers["villages"])
        table = potential_table(
            found.villages, found.grade_names, words, names=village_names(Source(survey.parcels.table), villages)
        )
        origin = self.origin(run, survey, survey.profile, layers)
        write_tables(draft, (table,), table.title, origin, words, data_time(survey), progress=run.writing)

    def _choice(
        self, run: Run, weights: Optional[LayerTable], listed: Tuple[Indicator, ...], survey: SurveyInputs
    ) -> Choice:
        from three_opt_three_protect.core.potential.potential import Choice
        from three_opt_three_protect.plans.weightstable import judgement_of

        judged = None if weights is None else judgement_of(weights, listed, survey.profile)
        method = run.word("METHOD_W")
        if judged is not None and method == "entropy":
            run.warn("weights_not_used", layer=weights.name if weights is not None else "")
        return Choice(method, run.word("GRADES"), run.word("THEORY"), judged)

    def _control_fields(self, run: Run) -> FrozenSet[str]:
        from three_opt_three_protect.plans.inputs import POTENTIAL_FIELDS, PRINT_FIELDS

        return POTENTIAL_FIELDS | PRINT_FIELDS

    def _other_zones(self, run: Run, parcels: LayerTable, whole: bool) -> List[Source]:
        """The layers that exclude; with the others that only the potential knows they are kept for later."""
        from three_opt_three_protect.plans.potential import zones_of

        self._further = {}
        for parameter, role in FURTHER.items():
            found = _further_layer(run, parameter, parcels)
            if found is not None:
                self._further[role] = found
        if parcels.crs is None:
            return []
        return zones_of(self._further, run.profile(), parcels.crs, run.progress.part(0.05))


def _further_layer(run: Run, parameter: str, parcels: LayerTable) -> Optional[Source]:
    from three_opt_three_protect.plans.inputs import Source

    if not run.has(parameter):
        return None
    kind = QgsWkbTypes.geometryType(run.source(parameter).wkbType())
    if parameter == "ROADS" and kind != QgsWkbTypes.GeometryType.PolygonGeometry:
        roads = run.maybe_features(parameter, None, parcels)
        return None if roads is None else Source(roads)
    fields = None if parameter in ("ROADS", "ENTERPRISES") else ()
    table = run.maybe_polygons(parameter, fields, parcels)
    return None if table is None else Source(table, repaired=run.report.of(parameter))


def _read_layers(run: Run) -> Dict[str, LayerTable]:
    """Role → layer read."""
    roles = {"INPUT": "parcels", **LINES, **UNITS, **FURTHER, "POPULATION": "population"}
    return {role: run.tables[name] for name, role in roles.items() if name in run.tables}


def _layers(found: Potential, run: Run) -> Dict[str, LayerTable]:
    from three_opt_three_protect.plans.potentialtables import (
        candidate_layer,
        excluded_table,
        sensitivity_table,
        summary_table,
        weight_table,
    )

    names = _village_names(run)
    return {
        "OUTPUT": candidate_layer(found, names),
        "SUMMARY": summary_table(found, names),
        "EXCLUDED": excluded_table(found, _said),
        "SENSITIVITY": sensitivity_table(found),
        "WEIGHTS_USED": weight_table(found),
    }


def _village_names(run: Run) -> Mapping[str, str]:
    from three_opt_three_protect.plans.inputs import Source
    from three_opt_three_protect.plans.potentialtables import village_names

    table = run.tables.get("VILLAGES")
    return {} if table is None else village_names(Source(table))


def _township(found: Potential, column: str) -> Optional[float]:
    value = float(found.villages.values[column][-1])
    return None if value != value else value  # NaN: not known


def _said(message_id: str) -> str:
    from three_opt_three_protect.bridge.words import sentence

    return sentence(message_id, {})


def _titled(findings: Tuple[Finding, ...], listed: Tuple[Indicator, ...]) -> Tuple[Finding, ...]:
    """Findings name indicators and reasons by their ids: here by their names in the language of the screen."""
    from three_opt_three_protect.bridge.words import language

    title = {each.id: each.title[language()] for each in listed}

    def named(key: str, value: Value) -> Value:
        if key == "reason":
            return _said(f"excluded.{value}")
        return title[str(value)] if key == "indicator" else value

    return tuple(
        replace(found, values={key: named(key, value) for key, value in found.values.items()}) for found in findings
    )

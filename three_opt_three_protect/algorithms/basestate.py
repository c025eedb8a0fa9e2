"""``basestate``: the plan's base: survey classes corrected by approvals (规划基数转换, T27)."""

from __future__ import annotations

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import CONVERSIONS, SurveyAlgorithm


class BaseStateAlgorithm(SurveyAlgorithm):
    """Parcels cut along the layers of conversions, with the class of the survey and of the base."""

    ID = "basestate"
    GROUP = "prepare"
    NEEDS = ("shapely", "scipy")

    def title(self) -> str:
        return self.tr("Base conversion")

    def summary(self) -> str:
        return self.tr("Corrects the survey's land classes by approvals, for the plan's base.")

    def about(self) -> str:
        return self.tr(
            "Land approved and not built counts as construction land, buildings without approval and temporary use as "
            "what was there before, cleared land with a standing approval as construction land. Parcels are cut along "
            "these layers; each part has the class of the survey, the class of the base and the reason. The parcels "
            "themselves stay as they are. What a layer does is stated in the policy profile (base_conversion)."
        )

    def declare(self) -> None:
        self.add_parcels("INPUT")
        self.add_conversions()
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self.add_profile()
        self.add_sink(
            "OUTPUT", self.tr("Base state"), self.tr("Parts of parcels: class_survey, class_base, base_reason.")
        )
        self.add_sink(
            "SUMMARY",
            self.tr("Base conversion (T27)"),
            self.tr("Areas by village, class of the survey, class of the base and reason."),
            TABLE,
            optional=True,
        )
        self.add_figure(
            "CONVERTED_M2", self.tr("Converted (m²)"), self.tr("Area whose base class is not the survey's.")
        )
        self.add_figure(
            "UNCLEAR_M2",
            self.tr("Class before not stated (m²)"),
            self.tr("Converted area whose layer does not state the class before."),
        )
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.core.base import base_state
        from three_opt_three_protect.core.measure import to_m2
        from three_opt_three_protect.plans.basestate import base_layer, base_summary

        survey = self.read_survey(run, "INPUT", CONVERSIONS)
        snap = run.number("TOLERANCE") or 0.0
        base = base_state(survey.parcels, survey.lines, survey.spec, snap, run.progress.part(0.9), survey.coverage)
        self.say(run, base.report.findings)
        return Results(
            layers={"OUTPUT": base_layer(base), "SUMMARY": base_summary(base)},
            figures={
                "CONVERTED_M2": float(to_m2(base.area[base.converted].sum())),
                "UNCLEAR_M2": float(to_m2(base.area[base.unclear].sum())),
            },
        )

"""``planbalance``: a plan's plots held against parcels, lines and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsProcessingParameterDefinition

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import CONVERSIONS, SurveyAlgorithm

if TYPE_CHECKING:
    from three_opt_three_protect.core.balance import Balance
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import PlotInputs, SurveyInputs

UNITS = {"VILLAGES": "villages", "SETTLEMENTS": "settlements", **CONVERSIONS}
"""Layer parameters beside the lines → roles."""


class BalanceAlgorithm(SurveyAlgorithm):
    """Base of the algorithms that compute a balance."""

    NEEDS = ("shapely", "scipy")

    def add_plan(self, optional: bool = False) -> None:
        """Plots, units, targets, date and profile; with ``optional`` plots may be left out."""
        self.add_polygons(
            "RECLAIM",
            self.tr("Reclaim plots"),
            self.tr("Plots to be reclaimed, fields as in the plan database."),
            optional,
        )
        self.add_polygons(
            "NEWBUILD",
            self.tr("New-build plots"),
            self.tr("Plots to be built on, fields as in the plan database."),
            optional,
        )
        self.add_lines_of_control()
        self.add_polygons(
            "VILLAGES",
            self.tr("Villages"),
            self.tr("Village areas with a code; they give the village of parcels that state none."),
            True,
        )
        self.add_polygons(
            "SETTLEMENTS", self.tr("Natural villages"), self.tr("Natural villages with a name, for sub-totals."), True
        )
        self.add_conversions()
        self.add_table(
            "TARGETS", self.tr("Targets"), self.tr("Assigned figures: indicator, value, unit, year, unit_code."), True
        )
        self.add_table(
            "OTHER_CHANGES",
            self.tr("Other changes of cultivated land"),
            self.tr(
                "What else takes or makes cultivated land: kind, village, date or year, area, unit, paddy, grade. Left "
                "out or empty: not known, and so are the accounts of all kinds; a row with area 0 says there is none."
            ),
            True,
        )
        self.add_date(
            "AS_OF",
            self.tr("As of"),
            self.tr("Only what happens by this day counts, judged by the rules of that day; left out: the whole plan."),
        )
        self.add_profile()

    def add_result_figures(self) -> None:
        """Numbers every balance gives."""
        for name, label, about in (
            ("RECLAIMED_M2", self.tr("Reclaimed R (m²)"), self.tr("Base construction land that is reclaimed.")),
            ("ADDED_M2", self.tr("New construction N (m²)"), self.tr("Land newly built on, at its date of use.")),
            (
                "ADDED_LINKED_M2",
                self.tr("New construction on reclaim quota (m²)"),
                self.tr("Part of N that is paid by reclamation."),
            ),
            ("NET_REDUCTION_M2", self.tr("Net reduction R − N (m²)"), self.tr("Decrease of construction land.")),
            (
                "CULTIVATED_GAIN_M2",
                self.tr("New cultivated land F (m²)"),
                self.tr("Cultivated land after reclamation minus cultivated land there before."),
            ),
            ("CULTIVATED_LOSS_M2", self.tr("Occupied cultivated land Z (m²)"), self.tr("By new-build plots.")),
            ("BALANCED", self.tr("Balanced"), self.tr("1 when no hard rule fails or is unknown, else 0.")),
            ("FAILED", self.tr("Rules failed"), self.tr("Number of verdicts that fail.")),
            ("WARNED", self.tr("Rules with a warning"), self.tr("Number of verdicts that warn.")),
            ("UNKNOWN", self.tr("Rules without data"), self.tr("Number of verdicts that lack data.")),
        ):
            self.add_figure(name, label, about)

    def result_figures(self, balance: Balance) -> dict[str, object]:
        """Values of :meth:`add_result_figures`."""
        lines = {
            "RECLAIMED_M2": "reclaimed_m2",
            "ADDED_M2": "added_m2",
            "ADDED_LINKED_M2": "added_linked_m2",
            "NET_REDUCTION_M2": "net_reduction_m2",
            "CULTIVATED_GAIN_M2": "cultivated_gain_m2",
            "CULTIVATED_LOSS_M2": "cultivated_loss_m2",
        }
        return {
            **{name: balance.accounts.value(line) for name, line in lines.items()},
            "BALANCED": int(balance.balanced),
            "FAILED": balance.count("fail"),
            "WARNED": balance.count("warn"),
            "UNKNOWN": balance.count("unknown"),
        }

    def read_plots(self, run: Run, parcels: str) -> PlotInputs:
        """Plots and targets as given."""
        from three_opt_three_protect.plans.inputs import Source, plot_inputs

        like = run.tables[parcels]
        targets = run.maybe_table("TARGETS")
        out, new = (
            run.maybe_polygons(name, like=like) if self._optional(name) else run.polygons(name, like=like)
            for name in ("RECLAIM", "NEWBUILD")
        )
        return plot_inputs(
            None if out is None else Source(out),
            None if new is None else Source(new),
            None if targets is None else Source(targets),
        )

    def _optional(self, name: str) -> bool:
        flag = QgsProcessingParameterDefinition.Flag.FlagOptional
        return bool(self.parameterDefinition(name).flags() & flag)

    def balance_of(self, run: Run, survey: SurveyInputs, plots: PlotInputs) -> Balance:
        """Base state and balance, findings said in the log."""
        from three_opt_three_protect.core.balance import balance
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.otherchanges import other_changes

        table = run.maybe_table("OTHER_CHANGES")
        other = other_changes(None if table is None else Source(table), survey.profile)
        snap = run.number("TOLERANCE") or 0.0
        base = survey.cut(snap, run.progress.part(0.6))
        day = run.date("AS_OF")
        found = balance(
            base,
            plots.reclaim,
            plots.newbuild,
            survey.profile,
            survey.system,
            plots.targets,
            "" if day is None else str(day),
            snap,
            run.progress.part(0.3),
            other,
        )
        self.say(run, found.findings)
        return found


class PlanBalance(BalanceAlgorithm):
    """Accounts and verdicts of a plan."""

    ID = "planbalance"
    GROUP = "balance"

    def title(self) -> str:
        return self.tr("Balance of a plan")

    def summary(self) -> str:
        return self.tr("Accounts of construction land, cultivated land, quality, lines and time, with verdicts.")

    def about(self) -> str:
        return self.tr(
            "Overlays reclaim and new-build plots with parcels and lines and holds the plan against a policy "
            "profile. Only construction land of the base state counts as reclaimed; new-build counts against the "
            "state at its date; new cultivated land is what is added to what was there. A rule whose data is "
            "missing is unknown, never passed. Each verdict shows both sides, the margin, its legal basis and "
            "whether that basis is verified."
        )

    def declare(self) -> None:
        self.add_parcels("INPUT")
        self.add_field(
            "GRADE_FIELD",
            self.tr("Quality grade field"),
            self.tr("Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name."),
            "INPUT",
        )
        self.add_plan()
        self.add_polygons(
            "CANDIDATES",
            self.tr("Candidates to close gaps"),
            self.tr("Further reclaim plots; for every verdict that falls short CLOSING names the best of them."),
            True,
        )
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self.add_sink("ACCOUNTS", self.tr("Accounts"), self.tr("One row an account line and unit."), TABLE)
        self.add_sink(
            "VERDICTS", self.tr("Verdicts"), self.tr("One row a rule: pass, fail, warn or unknown."), TABLE, True
        )
        self.add_sink("EVIDENCE", self.tr("Evidence"), self.tr("Plots and parcels behind each verdict."), TABLE, True)
        self.add_sink(
            "CLOSING",
            self.tr("Candidates that close a gap"),
            self.tr("For each verdict that falls short up to three offers: plots, what they add, what is left over."),
            TABLE,
            True,
        )
        self.add_result_figures()
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.outputs import account_table, evidence_table, verdict_table
        from three_opt_three_protect.storage.messages import Messages

        survey = self.read_survey(run, "INPUT", UNITS)
        plots = self.read_plots(run, "INPUT")
        found = self.balance_of(run, survey, plots)
        return Results(
            layers={
                "ACCOUNTS": account_table(found),
                "VERDICTS": verdict_table(found, Messages(language()).text),
                "EVIDENCE": evidence_table(found),
                "CLOSING": self._closing(run, found, survey, plots),
            },
            figures=self.result_figures(found),
        )

    def _closing(self, run: Run, found: Balance, survey: SurveyInputs, plots: PlotInputs) -> LayerTable:
        """What of the candidates closes each gap; nothing where none are given."""
        from three_opt_three_protect.core.allocation.gaps import Remaining, gaps
        from three_opt_three_protect.plans.inputs import Source, plot_inputs
        from three_opt_three_protect.plans.proposal import closing_table

        table = run.maybe_polygons("CANDIDATES", like=run.tables["INPUT"])
        if table is None:
            return closing_table([], ())
        candidates = plot_inputs(Source(table), None, None).reclaim
        remaining = Remaining(
            found,
            candidates,
            survey.profile,
            survey.system,
            plots.targets,
            run.number("TOLERANCE") or 0.0,
            run.progress.part(0.1),
        )
        offers = [(gap.verdict, gap.offers) for gap in gaps(found, remaining)]
        return closing_table(
            [(verdict.rule, verdict.unit_code, verdict.unit, offered) for verdict, offered in offers],
            candidates.plot_id,
        )

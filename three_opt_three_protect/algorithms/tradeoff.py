"""What ``allocate`` can say besides the best plan: what one objective costs of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Dict, Optional

from three_opt_three_protect.algorithms.base import TABLE, Run
from three_opt_three_protect.algorithms.charts import PATTERN, chart_kind
from three_opt_three_protect.algorithms.survey import SurveyAlgorithm
from three_opt_three_protect.bridge.words import language

if TYPE_CHECKING:
    from pathlib import Path

    from three_opt_three_protect.core.allocation.propose import Proposal
    from three_opt_three_protect.core.allocation.tradeoff import TradeOff
    from three_opt_three_protect.core.optimiser.problem import Effort

NONE = "none"
SECOND_OBJECTIVES = (NONE, "cost", "cultivated", "households", "contiguity")
"""Words of the parameter."""

CHART = "FRONTIER_CHART"


class TradeOffAlgorithm(SurveyAlgorithm):
    """Base of an algorithm that may trade its objective off against another."""

    def declare_trade_off(self) -> None:
        """Against what, and how finely."""
        self.add_word(
            "FRONTIER_WITH",
            self.tr("Trade off against"),
            self.tr(
                "A second objective: FRONTIER then lists plans from the best in OBJECTIVE to the best in this one, "
                "none of which is better in one without being worse in the other. contiguity counts here as metres of "
                "edge that border neither on cultivated land nor on other reclaimed land. none: no frontier."
            ),
            SECOND_OBJECTIVES,
        )
        self.add_integer(
            "FRONTIER_POINTS",
            self.tr("Plans on the frontier"),
            self.tr("Most plans; each is a search of its own, and the time limit is that of all of them together."),
            8,
            2,
            50,
        )

    def declare_trade_off_outputs(self) -> None:
        """The points, and their chart."""
        self.add_sink(
            "FRONTIER",
            self.tr("Frontier"),
            self.tr(
                "One row a plan: both objectives, what no plan goes beyond, number and ids of the plots; the ids can "
                "be put into LOCK_IN as they are."
            ),
            TABLE,
            True,
        )
        self.add_file_output(
            CHART,
            self.tr("Chart of the frontier"),
            self.tr("The frontier as a picture, PNG or SVG by the ending of its name."),
            PATTERN,
        )

    def against(self, run: Run) -> str:
        """The second objective, ``""`` when none is asked for.

        Raises
        ------
        InputError
            ``frontier_pair``; ``chart_suffix``.
        """
        from three_opt_three_protect.core.allocation.tradeoff import check_pair

        word = run.word("FRONTIER_WITH")
        if word == NONE:
            return ""
        check_pair(run.word("OBJECTIVE"), word)
        chart_kind(run, CHART)
        return word

    def trade_off(self, run: Run, proposal: Proposal, effort: Effort) -> Optional[TradeOff]:
        """The frontier, where it is asked for; the log says what became of it."""
        from three_opt_three_protect.core.allocation.tradeoff import trade_off

        if run.word("FRONTIER_WITH") == NONE:
            if run.file_output(CHART) is not None:
                run.warn("frontier_not_asked")
            return None
        wanted = run.integer("FRONTIER_POINTS") or 0
        traded = trade_off(proposal, effort, wanted, run.progress.part(0.15))
        if traded is None or not traded.points:
            run.warn("frontier_none")
        else:
            run.log("frontier_found", count=len(traded.points), wanted=wanted)
            if any(point.plan.status == "time_limit" for point in traded.points):
                run.warn("allocation_time_limit")
        if traded is not None and traded.fallen:
            run.warn("frontier_fallen", count=traded.fallen)
        return traded

    def trade_off_files(self, run: Run, traded: Optional[TradeOff]) -> Dict[str, Callable[[Path], None]]:
        """What draws the chart; nothing where there is nothing to draw."""
        if traded is None or not traded.points:
            return {}
        found, kind = traded, chart_kind(run, CHART)
        return {CHART: lambda draft: _draw(draft, found, kind)}


def _draw(draft: Path, traded: TradeOff, kind: str) -> None:
    from three_opt_three_protect.plans.tradeoff import frontier_figures
    from three_opt_three_protect.reports.charts import frontier_chart
    from three_opt_three_protect.storage.messages import Messages

    words = Messages(language()).text
    draft.write_bytes(frontier_chart(frontier_figures(traded, words), words, kind))

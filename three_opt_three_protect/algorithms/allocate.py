"""``allocate``: which plots, which phase, under all accounts at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Dict, Optional, Tuple

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.survey import CONVERSIONS, LINES
from three_opt_three_protect.algorithms.tradeoff import TradeOffAlgorithm
from three_opt_three_protect.bridge.words import language

if TYPE_CHECKING:
    from three_opt_three_protect.core.allocation.propose import Proposal
    from three_opt_three_protect.core.allocation.setup import Options
    from three_opt_three_protect.core.optimiser.alternatives import Alternatives
    from three_opt_three_protect.core.pieces import AreaSpec
    from three_opt_three_protect.core.rules import Profile
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import PlotInputs, Source

UNITS = {"VILLAGES": "villages", "SETTLEMENTS": "settlements", **CONVERSIONS}
"""Layer parameters beside the lines → roles."""

OBJECTIVES = ("cost", "cultivated", "households", "contiguity", "weighted")
"""Words of the parameter; a test holds them against core's, which needs packages QGIS does not bring."""

_ROUNDING = 1e-9
"""Of a gap."""

_LESS = 0.9
"""A gap is worth a line of the log when it is less than this part of the one said before."""


class Allocate(TradeOffAlgorithm):
    """Choice of reclaim plots, new-build sites and their phases."""

    ID = "allocate"
    GROUP = "potential"
    NEEDS = ("shapely", "scipy", "highspy")

    def title(self) -> str:
        return self.tr("Propose a plan")

    def summary(self) -> str:
        return self.tr("Chooses reclaim plots, new-build sites and their phases under all accounts at once.")

    def about(self) -> str:
        return self.tr(
            "From candidates to reclaim and sites to build on, taken whole, chooses those that keep every rule of the "
            "policy profile, every target, the demand for land in each phase, reclamation before use and flats before "
            "demolition, and are best by the objective. Plots with a date are part of every plan. No plan is better "
            "than BOUND. The plan is then held against the rules by the balance itself. Where not everything can be "
            "kept, the layers are empty and REASONS says which accounts conflict, by how much, and what can be done; "
            "a rule that only warns is given up first. A rule whose data is missing is named there and not kept. The "
            "same input gives the same plan, unless the time limit ends the search."
        )

    def declare(self) -> None:
        self.add_polygons(
            "CANDIDATES",
            self.tr("Candidates to reclaim"),
            self.tr(
                "Fields as of reclaim plots in the plan database; the output of the reclamation potential will do."
            ),
        )
        self.add_polygons(
            "SITES",
            self.tr("Sites to build on"),
            self.tr("Fields as of new-build plots; households = how many a resettlement site can house."),
        )
        self.add_parcels("PARCELS", optional=True)
        self.add_field(
            "GRADE_FIELD",
            self.tr("Quality grade field"),
            self.tr("Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name."),
            "PARCELS",
        )
        self.add_lines_of_control()
        self._declare_units()
        self.add_conversions()
        self._declare_needs()
        self._declare_choice()
        self._declare_search()
        self.declare_trade_off()
        self.add_profile()
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self._declare_outputs()
        self.add_geometry_report()

    def _declare_units(self) -> None:
        self.add_polygons(
            "VILLAGES",
            self.tr("Villages"),
            self.tr("Village areas with a code; they give the village of parcels that state none."),
            True,
        )
        self.add_polygons(
            "SETTLEMENTS", self.tr("Natural villages"), self.tr("Natural villages with a name, for sub-totals."), True
        )

    def _declare_needs(self) -> None:
        self.add_table(
            "DEMAND",
            self.tr("Demand for land"),
            self.tr(
                "Columns use, phase, area_m2 (and unit): land of sites wanted by the end of a phase, added up over the "
                "phases; without phase by the end of the last."
            ),
            True,
        )
        self.add_table(
            "TARGETS",
            self.tr("Targets"),
            self.tr(
                "Assigned figures of the township and of villages: indicator, value, unit, year, unit_code. Besides "
                "start_quota_m2 (start-up quota until the end of year), resettlement_households (flats there are), "
                "transition_households (temporary housing until the end of year) and budget_yuan."
            ),
            True,
        )

    def _declare_choice(self) -> None:
        self.add_text("PHASES", self.tr("Phases"), self.tr("Years by commas, ascending, such as 2015,2016,2017."))
        self.add_word(
            "OBJECTIVE",
            self.tr("Objective"),
            self.tr(
                "cost: least cost of reclamation; cultivated: most new cultivated land; households: fewest households "
                "moved; contiguity: largest share of the edge of reclaimed land that borders on cultivated land or on "
                "other reclaimed land; weighted: several of these, by the weights below."
            ),
            OBJECTIVES,
        )
        self.add_text(
            "OBJECTIVE_WEIGHTS",
            self.tr("Weights of the objectives"),
            self.tr(
                "For weighted, such as cost=0.5,cultivated=0.5. Each objective is divided by its sum over all "
                "candidates first."
            ),
            optional=True,
        )
        self.add_switch(
            "WHOLE_VILLAGES",
            self.tr("Natural villages as a whole"),
            self.tr("Candidates of one natural village are reclaimed together and in one phase, or not at all."),
            True,
        )
        self.add_text(
            "LOCK_IN",
            self.tr("Locked in"),
            self.tr("Ids of plots, by commas, that must be in the plan; the field locked = in does the same."),
            optional=True,
        )
        self.add_text(
            "LOCK_OUT",
            self.tr("Locked out"),
            self.tr("Ids of plots, by commas, that may not be in the plan; the field locked = out does the same."),
            optional=True,
        )

    def _declare_search(self) -> None:
        self.add_number(
            "GAP",
            self.tr("Gap to the best possible"),
            self.tr("The search ends when the plan is within this share (0.01 = 1 %) of what no plan can beat."),
            0.01,
            0.0,
            1.0,
        )
        self.add_number(
            "TIME_LIMIT",
            self.tr("Time limit (s)"),
            self.tr("0 = none. A search ended by time may give another plan next time, and says so in STATUS."),
            60.0,
            0.0,
        )
        self.add_integer(
            "SEED", self.tr("Seed"), self.tr("Of the solver; the same seed gives the same plan."), 1, 0, advanced=True
        )
        self.add_integer(
            "NODE_LIMIT",
            self.tr("Node limit"),
            self.tr("Most branch-and-bound nodes of one search; left out: none. Ends a search repeatably."),
            None,
            1,
            advanced=True,
        )
        self.add_integer(
            "ALTERNATIVE_COUNT",
            self.tr("Further plans"),
            self.tr("Plans within 2 % of the best that leave out plots of at least 10 % of its area; 0 = none."),
            0,
            0,
            10,
        )

    def _declare_outputs(self) -> None:
        self.add_sink(
            "RECLAIM", self.tr("Reclaim plots chosen"), self.tr("Candidates chosen, with their fields and phase.")
        )
        self.add_sink(
            "NEWBUILD",
            self.tr("New-build plots chosen"),
            self.tr("Sites chosen, with their fields and phase."),
            optional=True,
        )
        self.add_sink(
            "SCENARIO", self.tr("Figures of the plan"), self.tr("Objective, bound, gap and account lines."), TABLE, True
        )
        self.add_sink(
            "REASONS",
            self.tr("Reasons"),
            self.tr("Accounts that conflict and by how much; rules given up or without data; plots that are closed."),
            TABLE,
            True,
        )
        self.add_sink(
            "ALTERNATIVES",
            self.tr("Further plans"),
            self.tr("Plots and phases of each; plan 0 is the best."),
            TABLE,
            True,
        )
        self.add_sink(
            "FREQUENCY", self.tr("How often chosen"), self.tr("Of all plans, how many have each plot."), TABLE, True
        )
        self.declare_trade_off_outputs()
        self.add_string(
            "STATUS", self.tr("Status"), self.tr("optimal, gap, time_limit, infeasible or cancelled: how it ended.")
        )
        self.add_figure(
            "OBJECTIVE_VALUE", self.tr("Value of the objective"), self.tr("Yuan, m², households or a share.")
        )
        self.add_figure("BOUND", self.tr("Bound"), self.tr("No plan is better than this."))
        self.add_figure(
            "GAP_REACHED", self.tr("Gap reached"), self.tr("Between value and bound, as a share of the value.")
        )
        self.add_figure(
            "FAILED",
            self.tr("Rules failed"),
            self.tr("Verdicts of the balance that fail although the plan keeps their limits: none."),
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.plans.proposal import (
            alternative_tables,
            chosen_layer,
            proposal_findings,
            reason_table,
            scenario_table,
            shown_value,
        )
        from three_opt_three_protect.plans.tradeoff import frontier_layer
        from three_opt_three_protect.storage.messages import Messages

        options = self._options(run)
        proposal, candidates, sites = self._propose(run, options)
        words = Messages(language()).text
        self.say(run, proposal_findings(proposal, words))
        if proposal.balance is not None:
            self.say(run, proposal.balance.findings)
        shown = shown_value(proposal)
        found: Dict[str, LayerTable] = {
            "RECLAIM": chosen_layer(proposal.reclaim, candidates, "reclaim"),
            "NEWBUILD": chosen_layer(proposal.newbuild, sites, "newbuild"),
            "SCENARIO": scenario_table(proposal, shown),
            "REASONS": reason_table(proposal, words),
        }
        others = self._alternatives(run, proposal, options)
        found["ALTERNATIVES"], found["FREQUENCY"] = alternative_tables(proposal, others)
        self._say_gap(run, proposal, options)
        traded = self.trade_off(run, proposal, options.effort)
        found["FRONTIER"] = frontier_layer(proposal, traded)
        return Results(
            layers=found,
            figures={
                "STATUS": proposal.plan.status,
                "OBJECTIVE_VALUE": shown["value"],
                "BOUND": shown["bound"],
                "GAP_REACHED": proposal.plan.gap,
                "FAILED": None if proposal.balance is None else len(proposal.checked),
            },
            files=self.trade_off_files(run, traded),
        )

    def _say_gap(self, run: Run, proposal: Proposal, options: Options) -> None:
        """A gap wider than asked for is said, whatever ended the search."""
        reached, wanted = proposal.plan.gap, options.effort.gap
        if reached is not None and reached > wanted + _ROUNDING:
            run.warn("allocation_gap_missed", reached=f"{reached * 100:.2f}", wanted=f"{wanted * 100:g}")

    def _options(self, run: Run) -> Options:
        """What is asked for, read before any layer: a slip of the pen is said at once."""
        from three_opt_three_protect.core.allocation.moments import check_phases
        from three_opt_three_protect.core.allocation.setup import Options
        from three_opt_three_protect.plans.allocation import read_effort, read_ids, read_phases, read_weights

        return Options(
            check_phases(read_phases(run.text("PHASES"))),
            run.word("OBJECTIVE"),
            read_weights(run.text("OBJECTIVE_WEIGHTS")),
            read_ids(run.text("LOCK_IN")),
            read_ids(run.text("LOCK_OUT")),
            None,
            run.switch("WHOLE_VILLAGES"),
            read_effort(run.number("GAP"), run.number("TIME_LIMIT"), run.integer("NODE_LIMIT"), run.integer("SEED")),
            run.number("TOLERANCE") or 0.0,
            self.against(run),
        )

    def _propose(self, run: Run, options: Options) -> Tuple[Proposal, Source, Source]:
        from three_opt_three_protect.core.allocation.propose import propose, propose_plain
        from three_opt_three_protect.plans.allocation import read_demand, read_locked
        from three_opt_three_protect.plans.inputs import Source, plot_inputs

        survey = self.read_survey(run, "PARCELS", UNITS) if run.has("PARCELS") else None
        like = None if survey is None else survey.parcels.table
        candidates = Source(run.polygons("CANDIDATES", like=like))
        sites = Source(run.polygons("SITES", like=like or candidates.table))
        tables = {name: run.maybe_table(name) for name in ("TARGETS", "DEMAND")}
        targets, demand = (None if table is None else Source(table) for table in tables.values())
        plots = plot_inputs(candidates, sites, targets, run.progress.part(0.05))
        wanted = () if demand is None else read_demand(demand)
        asked = replace(options, locked=(read_locked(candidates, "reclaim"), read_locked(sites, "newbuild")))
        watch = _Said(run, -1.0 if asked.objective == "cultivated" else 1.0)
        if survey is None:
            spec, profile = self._plain_spec(run, candidates)
            self._say_unused(run, plots, profile)
            proposal = propose_plain(
                plots.reclaim,
                plots.newbuild,
                wanted,
                plots.targets,
                profile,
                spec,
                asked,
                run.progress.part(0.7),
                watch,
            )
            return proposal, candidates, sites
        self._say_unused(run, plots, survey.profile)
        base = survey.cut(asked.snap, run.progress.part(0.3))
        proposal = propose(
            base,
            plots.reclaim,
            plots.newbuild,
            wanted,
            plots.targets,
            survey.profile,
            survey.system,
            asked,
            run.progress.part(0.3),
            watch,
        )
        return proposal, candidates, sites

    def _say_unused(self, run: Run, plots: PlotInputs, profile: Profile) -> None:
        """Targets that play no part: most often a slip of the pen."""
        from three_opt_three_protect.plans.allocation import unused_targets

        unused = unused_targets(plots.targets, profile)
        if unused:
            run.warn("allocation_targets_unused", count=len(unused), names=", ".join(unused))

    def _plain_spec(self, run: Run, candidates: Source) -> Tuple[AreaSpec, Profile]:
        """How plots are measured where there are no parcels."""
        from three_opt_three_protect.core.measure import Tolerance
        from three_opt_three_protect.core.pieces import AreaSpec

        profile, crs = run.profile(), candidates.table.crs  # polygons without one are refused when read
        if any(run.has(name) for name in (*LINES, *UNITS)):
            run.warn("allocation_lines_unused")
        tolerance = Tolerance(profile.number("area_tolerance_share"), profile.number("area_tolerance_m2"))
        return AreaSpec(crs, run.area_method(), tolerance, run.lonlat(crs)), profile

    def _alternatives(self, run: Run, proposal: Proposal, options: Options) -> Optional[Alternatives]:
        """Further plans, where they are asked for."""
        from three_opt_three_protect.core.allocation.propose import others

        count = run.integer("ALTERNATIVE_COUNT") or 0
        if not count or not proposal.plan.found:
            return None
        found = others(proposal, options, count, run.progress.part(0.1))
        run.log("allocation_alternatives", count=len(found.plans), wanted=count)
        if found.status == "infeasible":
            run.log("allocation_no_more_alternatives")
        elif len(found.plans) < count:
            run.log("allocation_maybe_more_alternatives")
        return found


class _Said:
    """Says in the log how far a search has come, whenever the gap has closed by a good part.

    Parameters
    ----------
    sign
        −1 where what is made as large as possible is minimised with the other sign.
    """

    def __init__(self, run: Run, sign: float) -> None:
        self._run, self._sign = run, sign
        self._last: Optional[float] = None

    def found(self, value: Optional[float], bound: Optional[float], gap: Optional[float]) -> None:
        """Value of the best plan, what no plan can beat, gap between them."""
        if gap is None or value is None or bound is None or (self._last is not None and gap > self._last * _LESS):
            return
        self._last = gap
        shown, best = self._sign * value, self._sign * bound
        self._run.log("allocation_reached", value=f"{shown:.2f}", bound=f"{best:.2f}", gap=f"{gap * 100:.2f}")

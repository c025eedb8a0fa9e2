"""``finance``: what a plan costs and brings in, year by year (T14)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, List

from three_opt_three_protect.algorithms.base import TABLE, Results, Run
from three_opt_three_protect.algorithms.planbalance import UNITS, BalanceAlgorithm
from three_opt_three_protect.algorithms.survey import LINES

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import LayerTable


class FinanceAlgorithm(BalanceAlgorithm):
    """Investment and funds of a plan."""

    ID = "finance"
    GROUP = "balance"

    def title(self) -> str:
        return self.tr("Financial balance of a plan")

    def summary(self) -> str:
        return self.tr("What a plan costs and brings in, by plot, item and year, and the price that closes it (T14).")

    def about(self) -> str:
        return self.tr(
            "Multiplies households, areas and floors of the plots by the prices of the profile's items; the price "
            "table gives the prices of your town, also by village and year. A plot's own cost (yuan, with compensation "
            "and works) and price (10 000 yuan a mu) come first. Few prices have a source: the others are blank, and "
            "an item without its price is unknown, never 0; what is known is given as a lower bound. Interest is due "
            "on the gap at the end of the year before. The break-even price is that of a mu of transferred land at "
            "which income covers all expenses."
        )

    def declare(self) -> None:
        self.add_parcels("PARCELS")
        self.add_field(
            "GRADE_FIELD",
            self.tr("Quality grade field"),
            self.tr("Utilisation grade of cultivated land (1 best); left out: GDDB or another standard name."),
            "PARCELS",
        )
        self.add_plan()
        self.add_table(
            "PRICES",
            self.tr("Prices"),
            self.tr(
                "Columns item (id or name), price, unit (such as yuan/household); unit_code and year where they "
                "differ. The tool Table to fill in writes it with all items."
            ),
            True,
        )
        self.add_text(
            "ITEMS",
            self.tr("Further items"),
            self.tr("Ids, by commas, of optional items of the profile, such as quota_green; priced ones count anyway."),
            optional=True,
        )
        self.add_area_method()
        self.add_class_system()
        self.add_snapping()
        self.add_datum_shift()
        self._declare_outputs()
        self.add_geometry_report()

    def _declare_outputs(self) -> None:
        self.add_sink(
            "OUTPUT", self.tr("Money of plots"), self.tr("Every plot with its expenses, incomes and what is lacking.")
        )
        self.add_sink(
            "SUMMARY", self.tr("Financial table (T14)"), self.tr("One row an item, then the sums."), TABLE, True
        )
        self.add_sink(
            "PHASES",
            self.tr("Money by year"),
            self.tr("Expenses, interest, incomes, balance, gap."),
            TABLE,
            True,
        )
        self.add_sink("VERDICTS", self.tr("Verdicts"), self.tr("Whether funding is closed."), TABLE, True)
        self.add_file_output("XLSX", self.tr("Workbook"), self.tr("T14 formatted for print."), "Excel (*.xlsx)")
        for name, label, about in (
            ("COST_YUAN", self.tr("Expenses (yuan)"), self.tr("All expenses with interest; None when one is unknown.")),
            ("INCOME_YUAN", self.tr("Incomes (yuan)"), self.tr("All incomes; None when one is unknown.")),
            ("BALANCE_YUAN", self.tr("Balance (yuan)"), self.tr("Incomes less expenses.")),
            ("COST_PER_MU", self.tr("Cost of quota (yuan/mu)"), self.tr("Expenses a mu of net quota.")),
            (
                "BREAK_EVEN_YUAN_MU",
                self.tr("Break-even price (yuan/mu)"),
                self.tr("Of transferred land, at which incomes cover expenses."),
            ),
            ("LARGEST_GAP_YUAN", self.tr("Largest gap (yuan)"), self.tr("At the end of any year.")),
            ("KNOWN_COST_YUAN", self.tr("Known expenses (yuan)"), self.tr("At least this much.")),
            ("KNOWN_INCOME_YUAN", self.tr("Known incomes (yuan)"), self.tr("At least this much.")),
            ("MISSING_ITEMS", self.tr("Items not known"), self.tr("Items that lack a price or a quantity.")),
        ):
            self.add_figure(name, label, about)

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.finance import (
            money_figures,
            money_layer,
            money_table,
            phase_table,
            plan_money,
            with_verdicts,
        )
        from three_opt_three_protect.plans.inputs import Source
        from three_opt_three_protect.plans.outputs import verdict_table
        from three_opt_three_protect.storage.messages import Messages

        survey = self.read_survey(run, "PARCELS", UNITS)
        plots = self.read_plots(run, "PARCELS")
        prices = run.maybe_table("PRICES")
        balance = self.balance_of(run, survey, plots)
        day = run.date("AS_OF")
        found, findings = plan_money(
            balance,
            Source(run.tables["NEWBUILD"]),
            None if prices is None else Source(prices),
            _ids(run.text("ITEMS")),
            plots.targets,
            survey.profile,
            "" if day is None else str(day),
        )
        self.say(run, findings)
        spoken = Messages(language())
        for one in found.amounts:
            if one.missing:
                run.warn("finance_item_missing", item=one.item.title[spoken.language], count=one.missing)

        def workbook(draft: Path) -> None:
            from three_opt_three_protect.plans.workbook import data_time, write_tables
            from three_opt_three_protect.reports import finance as printed

            words, origin = spoken.text, self.origin(run, survey, survey.profile, _layers(run))
            tables = (printed.money_table(found, words, spoken.language), printed.phase_table(found, words))
            write_tables(draft, tables, words("table.T14"), origin, words, data_time(survey), progress=run.writing)

        return Results(
            layers={
                "OUTPUT": money_layer(found, balance),
                "SUMMARY": money_table(found, spoken.language),
                "PHASES": phase_table(found),
                "VERDICTS": verdict_table(with_verdicts(balance, found), spoken.text),
            },
            figures=money_figures(found),
            files={"XLSX": workbook},
        )


def _ids(text: str) -> List[str]:
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


def _layers(run: Run) -> Dict[str, LayerTable]:
    """Role → layer read."""
    roles = {
        "PARCELS": "parcels", "RECLAIM": "reclaim", "NEWBUILD": "newbuild", **LINES, **UNITS, "TARGETS": "targets",
        "PRICES": "prices",
    }  # fmt: skip
    return {role: run.tables[name] for name, role in roles.items() if name in run.tables}

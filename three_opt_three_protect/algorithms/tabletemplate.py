"""``tabletemplate``: tables to fill in, as .xlsx with Chinese headings that are read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, Sequence

from three_opt_three_protect.algorithms.base import PlanAlgorithm, Results, Run

KINDS = ("population", "targets", "prices", "demand", "other_changes", "economy", "projects", "stock", "opinions")


class TableTemplate(PlanAlgorithm):
    """An empty table of a role, with what is known already filled in."""

    ID = "tabletemplate"
    GROUP = "prepare"
    NEEDS = ("xlsxwriter",)

    def title(self) -> str:
        return self.tr("Table to fill in")

    def summary(self) -> str:
        return self.tr(
            "Writes an Excel table to fill in and read back: population, targets, prices, demand, other changes of "
            "cultivated land, economy, and the lists the printed tables need."
        )

    def about(self) -> str:
        return self.tr(
            "The table has Chinese headings, lists to choose from and notes on what each column wants; required "
            "columns are orange. With the layer of natural villages the table of population already names them; the "
            "table of prices names the items of the policy profile, with the prices it has. A filled table is used "
            "as it is: choose it, or drag it into QGIS, where a table is asked for."
        )

    def declare(self) -> None:
        about = self.tr(
            "population, targets, prices, demand, other_changes (of cultivated land), economy, projects, stock "
            "or opinions."
        )
        self.add_word("KIND", self.tr("Table"), about, KINDS)
        self.add_polygons(
            "SETTLEMENTS", self.tr("Natural villages"), self.tr("Named in the table of population already."), True
        )
        self.add_profile()
        self.add_file_output(
            "OUTPUT", self.tr("Table"), self.tr("Excel file to write."), "Excel (*.xlsx)", optional=False
        )

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.provenance import now
        from three_opt_three_protect.bridge.words import language
        from three_opt_three_protect.plans.choices import choices_of, price_choices, price_rows
        from three_opt_three_protect.reports.templates import template_bytes
        from three_opt_three_protect.storage.catalogue import load_role_schemas
        from three_opt_three_protect.storage.messages import Messages

        kind = run.word("KIND")
        choices, given = dict(choices_of(kind)), _villages(run) if kind == "population" else {}
        if kind == "prices":
            profile = run.profile()
            choices.update(price_choices(profile))
            given = price_rows(profile)

        def write(draft: Path) -> None:
            words = Messages(language()).text
            draft.write_bytes(template_bytes(load_role_schemas()[kind], choices, words, now()[:10], given))

        return Results(files={"OUTPUT": write})


def _villages(run: Run) -> Mapping[str, Sequence[Any]]:
    """The natural villages given, for the table of population."""
    from three_opt_three_protect.core.roles import guess_fields, role_text
    from three_opt_three_protect.storage.catalogue import load_role_schemas

    villages = run.maybe_table("SETTLEMENTS")
    if villages is None:
        return {}
    found = guess_fields(villages, load_role_schemas()["settlements"])
    return {name: role_text(villages, found, name).tolist() for name in ("unit_code", "settlement", "class")}

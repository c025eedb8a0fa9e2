"""The workbooks of a plan and of a plot report: names and sources put beside core's results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.conversion import KINDS
from three_opt_three_protect.core.plotreport import PlotReport
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.registers import Registers
from three_opt_three_protect.core.registertables import read_places
from three_opt_three_protect.core.roles import RoleSchema, guess_fields, role_column, role_text
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.plans.inputs import Source, SurveyInputs, plot_inputs
from three_opt_three_protect.plans.names import village_names
from three_opt_three_protect.plans.tablelabels import right_names
from three_opt_three_protect.reports.table import Labels, Table, Words
from three_opt_three_protect.reports.tables import (
    AreaUnit,
    InputLayer,
    Sheet,
    accounts_sheets,
    class_table,
    fact_table,
    input_table,
    line_table,
    report_classes,
    report_lines,
)
from three_opt_three_protect.reports.workbook import Heading, write_workbook
from three_opt_three_protect.storage.catalogue import load_role_schemas


@dataclass(frozen=True)
class Origin:
    """Where figures come from.

    ``facts`` are (fact id, value) pairs as the sheet of sources prints them; ``layers`` role → layer
    read; ``digests`` role → SHA-256 of what was read; ``date`` the ISO date of the run.
    """

    date: str
    facts: Tuple[Tuple[str, str], ...]
    layers: Mapping[str, LayerTable]
    digests: Mapping[str, str]


def write_accounts(
    path: Path, balance: Balance, survey: SurveyInputs, profile: Profile, origin: Origin, words: Words
) -> None:
    """``accounts.xlsx``: verdicts, findings, the official tables of a plan and sources."""
    sheets = accounts_sheets(
        balance,
        survey.system,
        profile,
        words,
        AreaUnit.HA,
        labels(survey, origin.layers),
        survey.findings,
        origin.facts,
        input_layers(origin),
    )
    write_workbook(path, sheets, heading(profile, survey, origin, words), words)


def input_layers(origin: Origin) -> List[InputLayer]:
    """The layers a run read, as the sheet of sources lists them."""
    return [
        InputLayer(role, table.name, len(table), table.crs.authid if table.crs else "", origin.digests.get(role, ""))
        for role, table in origin.layers.items()
    ]


def write_plot_report(
    path: Path,
    report: PlotReport,
    plot_ids: Sequence[str],
    survey: SurveyInputs,
    profile: Profile,
    origin: Origin,
    words: Words,
) -> None:
    """T19 and T20 of any polygons as a workbook."""
    unit = AreaUnit.HA
    names = labels(survey, origin.layers)
    tables = (
        class_table(report_classes(report, plot_ids, unit), survey.system, words, unit),
        line_table(report_lines(report, plot_ids, unit), words, unit, names),
    )
    sheets = [Sheet(table.number, (table,)) for table in tables]
    write_workbook(path, sheets, heading(profile, survey, origin, words), words)


def write_tables(
    path: Path,
    tables: Sequence[Table],
    title: str,
    origin: Origin,
    words: Words,
    data_time: str = "",
    progress: Progress = SILENT,
) -> None:
    """Printed tables, a sheet each, and where their figures come from.

    Parameters
    ----------
    title
        What stands in the heading of every page.
    data_time
        ISO day of the data (数据时点), ``""`` where it is not stated.
    """
    sheets = [Sheet(sheet_name(table.number or table.title), (table,)) for table in tables]
    sources = (fact_table(origin.facts, words), input_table(input_layers(origin), words))
    sheets.append(Sheet(words("sheet.sources"), sources))
    write_workbook(path, sheets, Heading(title, "", data_time, origin.date), words, progress)


def labels(survey: SurveyInputs, layers: Mapping[str, LayerTable]) -> Labels:
    """What readers need beside the accounts: names, field names, approvals, targets and people.

    Village names come from the villages layer, else from the parcels; parcel numbers are TBBH where there are any.
    """
    table, schemas = survey.parcels.table, load_role_schemas()
    given = {role: guess_fields(layers[role], schemas[role]) for role in ("reclaim", "newbuild") if role in layers}
    villages = village_names(Source(table), Source(layers["villages"]) if "villages" in layers else None)
    numbers = role_column(table, guess_fields(table, schemas["parcels"]), "parcel_no")
    others = tuple(layer.name for role, layer in layers.items() if role.startswith("other"))
    people = layers.get("population")
    return Labels(
        villages,
        None if numbers is None else list(as_text(numbers)),
        others,
        {"parcels": guess_fields(table, schemas["parcels"]), **given},
        right_names(),
        {kind: _approvals(layers[kind], schemas[kind]) for kind in KINDS if kind in layers},
        plot_inputs(None, None, Source(layers["targets"])).targets if "targets" in layers else (),
        Registers(places=None if people is None else read_places(people, guess_fields(people, schemas["population"]))),
    )


def _approvals(table: LayerTable, schema: RoleSchema) -> Sequence[Optional[str]]:
    return list(role_text(table, guess_fields(table, schema), "approval_no"))


def heading(profile: Profile, survey: SurveyInputs, origin: Origin, words: Words) -> Heading:
    """What stands round every table; the office and the signatures are left to the planner."""
    township = origin.layers.get("township")
    name = ""
    if township is not None and len(township):
        column = role_column(township, guess_fields(township, load_role_schemas()["township"]), "unit_name")
        name = "" if column is None else str(as_text(column)[0] or "")
    start, end = profile.period
    title = words("plan_title", township=name or survey.parcels.table.name, start=start, end=end)
    return Heading(title, "", data_time(survey), origin.date)


def data_time(survey: SurveyInputs) -> str:
    """31 December of the survey's year (SJNF), ``""`` when it states none."""
    table = survey.parcels.table
    column = role_column(table, guess_fields(table, load_role_schemas()["parcels"]), "data_year")
    years = sorted({year for year in as_text(column) if year is not None}) if column is not None else []
    return f"{years[-1]}-12-31" if years else ""


_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_SHEET_NAME = 31
"""Characters the name of a sheet may have."""


def sheet_name(title: str) -> str:
    """A title as the name of a sheet: without what spreadsheets refuse, and not too long."""
    return " ".join(title.translate(_FORBIDDEN).split())[:_SHEET_NAME].strip(" '")

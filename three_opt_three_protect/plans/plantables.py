"""The printed tables of a plan, those of its registers among them, and what each of the others still needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.registers import Registers, Stock
from three_opt_three_protect.core.registertables import (
    low_efficient_stock,
    read_opinions,
    read_places,
    read_projects,
    read_stock,
)
from three_opt_three_protect.core.roles import role_column, role_text
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable, first_features, integer, text
from three_opt_three_protect.plans.inputs import Source, SurveyInputs
from three_opt_three_protect.plans.resulttables import result_table
from three_opt_three_protect.plans.workbook import Origin, heading, input_layers
from three_opt_three_protect.reports.opinions import opinion_table
from three_opt_three_protect.reports.progressledger import ledger_table
from three_opt_three_protect.reports.stock import stock_table
from three_opt_three_protect.reports.table import PLAN_TABLES, Labels, Table, Words
from three_opt_three_protect.reports.tables import AreaUnit, Sheet, contents_table, fact_table, input_table, plan_table
from three_opt_three_protect.reports.workbook import write_workbook
from three_opt_three_protect.reports.zones import CONTROL, PLANNING, USE_ZONE, Zones, zone_table
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.schemas import load_standards
from three_opt_three_protect.storage.words import load_words

_DOMAINS: Mapping[str, str] = {CONTROL: "GZQLXDM", USE_ZONE: "TDYTQLXDM"}
"""Kind of zones → domain of their codes; planning zones are told by their names."""

ELSEWHERE: Mapping[str, str] = {
    "T1": "indicators",
    "T4": "reclamationpotential",
    "T10": "farmlandadjust",
    "T14": "finance",
    "T15": "plandifference",
    "T16": "selfcheck",
    "T18": "topsoilbalance",
    "T23": "indicators",
    "T25": "surveytxtexport",
}
"""Tables that another algorithm makes from inputs of its own."""

NUMBERS = tuple(f"T{number}" for number in range(1, 29))
"""All official tables (00-supplement 3.2)."""

Measure = Callable[[LayerTable], Optional[NDArray[np.float64]]]
"""Area in m² of every polygon of a layer, None where it has none."""


@dataclass(frozen=True)
class RegisterSources:
    """The lists given beside the plan, None = not given."""

    projects: Optional[Source] = None
    stock: Optional[Source] = None
    enterprises: Optional[Source] = None
    opinions: Optional[Source] = None
    population: Optional[Source] = None


def read_registers(given: RegisterSources, balance: Balance, profile: Profile, measure: Measure) -> Registers:
    """All lists that are given; land without a stated area is measured.

    Raises
    ------
    InputError
        What is wrong in which list, see ``core.registertables``.
    """
    schemas, words = load_role_schemas(), load_words()
    found = Registers()
    if given.projects is not None:
        table, mapping = given.projects.table, given.projects.mapping(schemas["projects"])
        plots = [str(plot) for plot in (*balance.reclaim.plot_id, *balance.newbuild.plot_id)]
        found = replace(found, projects=read_projects(table, mapping, words["area_unit"], plots))
    if given.opinions is not None:
        table, mapping = given.opinions.table, given.opinions.mapping(schemas["opinions"])
        found = replace(found, opinions=read_opinions(table, mapping, words["adopted"]))
    if given.population is not None:
        table, mapping = given.population.table, given.population.mapping(schemas["population"])
        found = replace(found, places=read_places(table, mapping))
    if given.stock is not None or given.enterprises is not None:
        found = replace(found, stock=_stock(given, profile, measure))
    return found


def _stock(given: RegisterSources, profile: Profile, measure: Measure) -> Tuple[Stock, ...]:
    """Stock land as listed, then enterprises below the limits that are not listed already."""
    schemas, words = load_role_schemas(), load_words()
    listed: Tuple[Stock, ...] = ()
    if given.stock is not None:
        table, mapping = given.stock.table, given.stock.mapping(schemas["stock"])
        listed = read_stock(table, mapping, words["stock_kind"], words["area_unit"], measure(table))
    if given.enterprises is None:
        return listed
    table, mapping = given.enterprises.table, given.enterprises.mapping(schemas["enterprises"])
    area = measure(table)
    limits = profile.number_of("low_efficiency")
    low = low_efficient_stock(table, mapping, limits, np.zeros(len(table)) if area is None else area)
    named = {each.user for each in listed if each.user is not None}
    return (*listed, *(each for each in low if each.user not in named))


def read_zones(kind: str, layer: int, source: Source) -> Optional[Zones]:
    """What the zones of a layer are called; None for planning zones without names.

    Parameters
    ----------
    layer
        Place among the further layers of the base state.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_zone_code``.
    """
    table = source.table
    mapping = source.mapping(load_role_schemas()["boundary" if kind == PLANNING else kind])
    if kind == PLANNING:
        column = role_column(table, mapping, "zone_name")
        if column is None or column.is_missing.all():
            return None
        code, name = (list(role_text(table, mapping, field)) for field in ("zone_code", "zone_name"))
        return Zones(kind, layer, code, name)
    if "zone_code" not in mapping:
        raise InputError("field_needed", layer=table.name, field="zone_code", fields=", ".join(table.columns))
    known = load_standards().domains[_DOMAINS[kind]].values
    stated = role_text(table, mapping, "zone_code")
    # Sub-codes such as 011 and 012 are parts of zone 010 (03-schemas 3.6).
    codes = [f"{str(code or '')[:2]}0" for code in stated]
    wrong = np.array([code not in known for code in codes], dtype=np.bool_)
    if wrong.any():
        raise InputError(
            "unknown_zone_code",
            layer=table.name,
            features=first_features(table, wrong),
            field=mapping["zone_code"],
            value=str(stated[wrong][0] or ""),
            allowed=", ".join(known),
        )
    return Zones(kind, layer, codes, [known[code] for code in codes])


@dataclass(frozen=True)
class Made:
    """A table, or why there is none."""

    number: str
    table: Optional[Table]
    why: str


def made_tables(
    balance: Balance,
    survey: SurveyInputs,
    labels: Labels,
    zones: Sequence[Zones],
    words: Words,
    as_of: str = "",
) -> Tuple[Made, ...]:
    """Every official table in order: made, made by another algorithm, or what it needs.

    Parameters
    ----------
    labels
        With the registers.
    as_of
        ISO day of the management register (T17), ``""`` = not stated.
    """
    system, profile, unit = survey.system, survey.profile, AreaUnit.HA
    registers = labels.registers
    makers: Dict[str, Callable[[], Table]] = {
        number: (lambda number=number: plan_table(number, balance, system, profile, words, unit, labels))  # type: ignore[misc]
        for number in PLAN_TABLES
    }
    makers["T17"] = lambda: ledger_table(balance, words, unit, labels, as_of)
    if registers.stock is not None:
        stock = registers.stock
        makers["T24"] = lambda: stock_table(stock, system, words, unit)
    if registers.opinions is not None:
        opinions = registers.opinions
        makers["T26"] = lambda: opinion_table(opinions, words)
    out: List[Made] = []
    for number in NUMBERS:
        if number == "T11" and zones:
            tables = [zone_table(balance, system, profile, each, words, unit) for each in zones]
            out += [Made(number, table, words("plan_table.made")) for table in tables]
        elif number in makers:
            out.append(Made(number, makers[number](), words("plan_table.made")))
        else:
            out.append(Made(number, None, _why(number, words)))
    return tuple(out)


def _why(number: str, words: Words) -> str:
    if number in ELSEWHERE:
        return words("plan_table.elsewhere", algorithm=ELSEWHERE[number])
    if number == "T11":
        return words("plan_table.no_zones")
    return words("plan_table.missing", roles=words("role.stock" if number == "T24" else "role.opinions"))


def made_summary(made: Sequence[Made], words: Words) -> LayerTable:
    """What was made (``plantables`` SUMMARY): table, title, rows, made, why."""
    return result_table(
        "tables",
        {
            "table": text([each.number for each in made], alias="表号", width=6),
            "title": text([_title(each, words) for each in made], alias="表名", width=60),
            "rows": integer(
                [0 if each.table is None else _leaves(each.table, words) for each in made],
                np.array([each.table is None for each in made], dtype=np.bool_),
                alias="行数",
            ),
            "made": integer([int(each.table is not None) for each in made], alias="已生成", width=1),
            "why": text([each.why for each in made], alias="说明", width=100),
        },
    )


def _title(each: Made, words: Words) -> str:
    return words(f"table.{each.number}") if each.table is None else each.table.title


def _leaves(table: Table, words: Words) -> int:
    """Rows that are no sums; the sum of an empty table adds nothing and is told by its label."""
    label = words("row.total")
    return sum(row.adds is None and label not in row.cells for row in table.rows)


def write_plan_tables(
    path: Path,
    made: Sequence[Made],
    survey: SurveyInputs,
    profile: Profile,
    origin: Origin,
    words: Words,
    progress: Progress = SILENT,
) -> None:
    """Contents, a sheet a table, and where the figures come from."""
    sheets: List[Sheet] = []
    for each in made:
        if each.table is not None:
            again = sum(sheet.tables[0].number == each.number for sheet in sheets)
            sheets.append(Sheet(each.number if not again else f"{each.number}-{again + 1}", (each.table,)))
    sources = (fact_table(origin.facts, words), input_table(input_layers(origin), words))
    sheets.append(Sheet(words("sheet.sources"), sources))
    contents = contents_table([sheet.tables[0] for sheet in sheets], [sheet.name for sheet in sheets], words)
    whole = [Sheet(words("sheet.contents"), (contents,)), *sheets]
    write_workbook(path, whole, heading(profile, survey, origin, words), words, progress)

"""Results of core → the printed tables of a plan; the one door for workbook, document and docks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Mapping, Sequence, Tuple

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.findings import Finding
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.reports.conversion import conversion_table
from three_opt_three_protect.reports.cultivated import compensation_table, flow_table
from three_opt_three_protect.reports.lists import (
    InputLayer,
    contents_table,
    fact_table,
    finding_table,
    input_table,
    verdict_table,
)
from three_opt_three_protect.reports.owners import owner_table
from three_opt_three_protect.reports.plotland import (
    class_table,
    line_table,
    plan_classes,
    plan_lines,
    report_classes,
    report_lines,
)
from three_opt_three_protect.reports.plots import newbuild_table, reclaim_table
from three_opt_three_protect.reports.progressledger import ledger_table
from three_opt_three_protect.reports.projects import project_table
from three_opt_three_protect.reports.quota import quota_table
from three_opt_three_protect.reports.resettlement import resettlement_table
from three_opt_three_protect.reports.rounding import AreaUnit
from three_opt_three_protect.reports.structure import structure_table
from three_opt_three_protect.reports.table import NO_LABELS, PLAN_TABLES, Labels, Table, Words
from three_opt_three_protect.reports.transfer import transfer_table
from three_opt_three_protect.reports.willingness import willingness_table
from three_opt_three_protect.reports.yearly import yearly_table


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: tables one below the other."""

    name: str
    tables: Tuple[Table, ...]


def plan_table(
    number: str,
    balance: Balance,
    system: ClassSystem,
    profile: Profile,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
) -> Table:
    """One of :data:`PLAN_TABLES` of a plan; parameters as of :func:`plan_tables`."""
    make: Mapping[str, Callable[[], Table]] = {
        "T2": lambda: structure_table(balance, system, profile, words, unit),
        "T3": lambda: transfer_table(balance, system, profile, words, unit),
        "T5": lambda: reclaim_table(balance, system, words, unit, labels),
        "T6": lambda: newbuild_table(balance, system, words, unit, labels),
        "T7": lambda: resettlement_table(balance, words, unit, labels),
        "T8": lambda: quota_table(balance, profile, words, unit, labels),
        "T9": lambda: compensation_table(balance, profile, words, unit, labels),
        "T12": lambda: project_table(balance, profile, words, unit, labels),
        "T13": lambda: yearly_table(balance, profile, words, unit, labels),
        "T17": lambda: ledger_table(balance, words, unit, labels),
        "T19": lambda: class_table(plan_classes(balance, unit), system, words, unit),
        "T20": lambda: line_table(plan_lines(balance, unit), words, unit, labels),
        "T21": lambda: owner_table(balance, words, unit, labels),
        "T22": lambda: willingness_table(balance, words, labels),
        "T27": lambda: conversion_table(balance, system, words, unit, labels),
        "T28": lambda: flow_table(balance, profile, words, unit, labels),
    }
    return make[number]()


def plan_tables(
    balance: Balance,
    system: ClassSystem,
    profile: Profile,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
) -> Tuple[Table, ...]:
    """All of :data:`PLAN_TABLES` of a plan.

    Parameters
    ----------
    balance
        With the base state and plots the figures come from.
    words
        ``storage.messages.Messages(language).text``.
    unit
        Of every area; 公顷 has 亩 beside it where the plot tables print both.
    labels
        Names of villages, parcels and further layers.
    """
    return tuple(plan_table(number, balance, system, profile, words, unit, labels) for number in PLAN_TABLES)


def accounts_sheets(
    balance: Balance,
    system: ClassSystem,
    profile: Profile,
    words: Words,
    unit: AreaUnit = AreaUnit.HA,
    labels: Labels = NO_LABELS,
    findings: Sequence[Finding] = (),
    facts: Sequence[Tuple[str, str]] = (),
    layers: Sequence[InputLayer] = (),
) -> Tuple[Sheet, ...]:
    """All sheets of ``accounts.xlsx``: contents, verdicts, findings, the tables, sources.

    Parameters
    ----------
    findings
        Those of the inputs; the findings on the plots come with the balance.
    facts, layers
        See :func:`fact_table` and :func:`input_table`.

    The other parameters are those of :func:`plan_tables`.
    """
    verdicts = verdict_table(balance.verdicts, words, unit, labels)
    found = finding_table((*balance.findings, *findings), words)
    body = [Sheet(words("sheet.verdicts"), (verdicts,)), Sheet(words("table.findings"), (found,))]
    for table in plan_tables(balance, system, profile, words, unit, labels):
        body.append(Sheet(table.number, (table,)))
    body.append(Sheet(words("sheet.sources"), (fact_table(facts, words), input_table(layers, words))))
    contents = contents_table([sheet.tables[0] for sheet in body], [sheet.name for sheet in body], words)
    return (Sheet(words("sheet.contents"), (contents,)), *body)


__all__ = [
    "PLAN_TABLES",
    "AreaUnit",
    "InputLayer",
    "Labels",
    "Sheet",
    "Table",
    "accounts_sheets",
    "class_table",
    "contents_table",
    "fact_table",
    "finding_table",
    "input_table",
    "line_table",
    "newbuild_table",
    "plan_classes",
    "plan_lines",
    "plan_table",
    "plan_tables",
    "quota_table",
    "reclaim_table",
    "report_classes",
    "report_lines",
    "structure_table",
    "verdict_table",
]

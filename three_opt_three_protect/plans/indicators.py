"""Indicators of a plan: figures read, held against targets, ranked, and laid out as tables (``indicators``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import Texts, is_none
from three_opt_three_protect.core.indicators.definition import GROUPS, Facts, Floats, Indicator
from three_opt_three_protect.core.indicators.facts import (
    TOTAL,
    Stated,
    Units,
    land_facts,
    stated_facts,
    with_construction,
)
from three_opt_three_protect.core.indicators.hold import Benchmark, Held, hold
from three_opt_three_protect.core.indicators.ranking import Ranked, ranking
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.potential.population import NOWHERE, Population
from three_opt_three_protect.core.roles import refuse_words, role_real, role_text
from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.plans.inputs import Fields, Source, SurveyInputs, indicator_tokens, stated_factors
from three_opt_three_protect.plans.potential import land_of
from three_opt_three_protect.plans.resulttables import figures, result_table
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.planindicators import load_benchmarks, load_plan_indicators
from three_opt_three_protect.storage.words import load_words

HEADS = ("population", "residents", "households")
"""Figures that are counted, not measured."""

YEARLY = {"annual_plan_m2": "annual_plan_total_m2"}
"""Quotas given by the year → the target of the whole period they add up to."""


@dataclass(frozen=True)
class PlanIndicators:
    """Everything ``indicators`` found; ``years`` are those of the economy that were compared."""

    indicators: Tuple[Indicator, ...]
    benchmarks: Tuple[Benchmark, ...]
    units: Units
    held: Tuple[Held, ...]
    villages: Tuple[Ranked, ...]
    townships: Tuple[Ranked, ...]
    years: Tuple[int, ...]
    village_land_by: str

    def value(self, indicator: str, unit_code: str = TOTAL) -> Optional[float]:
        """Value of an indicator of a unit, None where it is not known."""
        found = (one for one in self.held if one.indicator.id == indicator and one.unit_code == unit_code)
        return next((one.value for one in found), None)


def read_economy(source: Source) -> Tuple[Stated, ...]:
    """The table of economic figures (社会经济指标表): one row a unit, figure and year.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_word``, ``target_unit_missing``, ``no_number``, ``figure_twice``.
    """
    table, mapping = source.table, source.mapping(load_role_schemas()["economy"])
    for name in ("indicator", "value"):
        if name not in mapping:
            raise InputError("field_needed", layer=table.name, field=name, fields=", ".join(table.columns))
    stated = role_text(table, mapping, "indicator")
    stated[:] = indicator_tokens(table, mapping, stated)
    _require_known(table, mapping, stated)
    unit, code = role_text(table, mapping, "unit"), role_text(table, mapping, "unit_code")
    year = role_real(table, mapping, "year")
    value = role_real(table, mapping, "value") * stated_factors(table, mapping, stated, unit.copy())
    value = value * _head_factors(table, mapping, stated, unit)
    found: Dict[Tuple[str, str, Optional[int]], Stated] = {}
    for row in range(len(table)):
        if stated[row] is None or np.isnan(value[row]):
            continue
        when = None if np.isnan(year[row]) else int(year[row])
        unit_code, feature = str(code[row] or "")[:VILLAGE_DIGITS], str(table.fid[row])
        one = Stated(unit_code, str(stated[row]), float(value[row]), when, feature)
        key = (one.unit_code, one.figure, one.year)
        if key in found:
            raise InputError("figure_twice", layer=table.name, features=feature, figure=one.figure)
        found[key] = one
    return tuple(found.values())


def _figures_used() -> FrozenSet[str]:
    """Figures an indicator can take from the table: those the accounts do not know, and construction land."""
    terms = {
        term
        for one in load_plan_indicators()
        for part in (one.top, one.bottom, one.before_top, one.before_bottom)
        for term in part
    }
    plain = {term[: -len(ending)] for term in terms for ending in ("_before", "_growth") if term.endswith(ending)}
    return frozenset(terms | plain | set(HEADS) | {"construction_m2"})


def _require_known(table: LayerTable, mapping: Fields, names: Texts) -> None:
    known = _figures_used()
    wrong = np.array([name is not None and name not in known for name in names], dtype=np.bool_)
    spelled = [word for word, token in load_words()["indicator"].items() if token in known and not word.isascii()]
    refuse_words(table, mapping.get("indicator", "indicator"), names, wrong, spelled)


def _head_factors(table: LayerTable, mapping: Fields, names: Texts, unit: Texts) -> Floats:
    words = load_words()["head_unit"]
    counted = np.isin(names.astype(str), HEADS) & np.array([word is not None for word in unit], dtype=np.bool_)
    wrong = counted & np.array([word not in words for word in unit], dtype=np.bool_)
    refuse_words(table, mapping.get("unit", "unit"), unit, wrong, words)
    return np.array([float(words[word]) if here else 1.0 for word, here in zip(unit.tolist(), counted.tolist())])


def plan_indicators(
    balance: Balance,
    survey: SurveyInputs,
    targets: Sequence[Target],
    economy: Sequence[Stated],
    people: Optional[Population],
    first: Optional[int] = None,
    last: Optional[int] = None,
) -> PlanIndicators:
    """All indicators of a plan.

    Parameters
    ----------
    targets
        Assigned figures, each with the code its table states.
    economy
        See :func:`read_economy`.
    people
        Registered people, where the table of population or of settlements states them.
    first, last
        Years of the economy that are compared.

    Raises
    ------
    InputError
        ``economy_years_swapped``, ``figure_twice``.
    """
    if first is not None and last is not None and first > last:
        raise InputError("economy_years_swapped", first=first, last=last)
    units, profile = Units.of(balance.base), survey.profile
    targets = [replace(one, unit_code=units.unit_of(one.unit_code)) for one in targets]
    told = land_of(balance.base, survey)
    stated, years = stated_facts(_by_unit(economy, units), units, first, last)
    facts = {**land_facts(balance, units, told.here, profile), **_heads(people, units)}
    # A figure stated for the year counts before the register.
    for name, values in stated.items():
        own = facts.get(name)
        facts[name] = values if own is None else np.where(np.isnan(values), own, values)
    indicators = load_plan_indicators()
    complete = with_construction(facts, max(years, default=None), profile.period[0] - 1)
    benchmarks = load_benchmarks()
    held = hold(indicators, units.codes, complete, (*targets, *_period(targets)), benchmarks, profile)
    count, first_village = len(units.codes), 1 + len(units.townships)
    return PlanIndicators(
        indicators,
        benchmarks,
        units,
        held,
        ranking(indicators, units.codes, range(first_village, count), complete, count),
        ranking(indicators, units.codes, range(1, first_village), complete, count),
        years,
        told.told_by,
    )


def _by_unit(economy: Sequence[Stated], units: Units) -> List[Stated]:
    """The figures by unit: the township's own code and no code mean the same."""
    found: Dict[Tuple[str, str, Optional[int]], Stated] = {}
    for row in economy:
        one = replace(row, unit_code=units.unit_of(row.unit_code))
        key = (one.unit_code, one.figure, one.year)
        if key in found:
            raise InputError("figure_twice", layer="ECONOMY", features=one.feature, figure=one.figure)
        found[key] = one
    return list(found.values())


def contradictions(targets: Sequence[Target]) -> List[str]:
    """Assigned figures that are stated with several values for one unit and year; the last one counts."""
    values: Dict[Tuple[str, str, Optional[int]], float] = {}
    found: Dict[str, None] = {}
    for one in targets:
        key = (one.unit_code, one.indicator, one.year)
        if values.setdefault(key, one.value) != one.value:
            found[one.indicator] = None
    return list(found)


def _period(targets: Sequence[Target]) -> List[Target]:
    """Yearly quotas added up to that of the period."""
    total: Dict[Tuple[str, str], float] = {}
    for target in targets:
        if target.indicator in YEARLY:
            key = (target.unit_code, YEARLY[target.indicator])
            total[key] = total.get(key, 0.0) + target.value
    return [Target(unit, name, value, "m2") for (unit, name), value in total.items()]


def _heads(people: Optional[Population], units: Units) -> Facts:
    """People and households by unit; a unit without a row, or with one whose people nobody states, is not known."""
    if people is None:
        return {}
    return {
        "population": _counted(people, people.population, units),
        "households": _counted(people, people.households, units),
    }


def _counted(people: Population, values: Floats, units: Units) -> Floats:
    counts, counted = people.counted_at(values)
    known = (counts != NOWHERE) & ~np.isnan(counted[counts])
    codes = people.unit_code.astype(str)
    # The row of a whole village that leaves its people to the rows of its natural villages.
    heading = people.whole & np.isnan(values) & np.isin(codes, codes[~people.whole])
    total = np.full(len(units.codes), np.nan)
    for row, unit in enumerate(units.codes):
        inside = np.char.startswith(codes, unit) & ~is_none(people.unit_code) & ~heading
        if inside.any() and known[inside].all():
            total[row] = np.nansum(counted[inside])
    return total


# Tables


def indicator_table(found: PlanIndicators, names: Mapping[str, str], language: str) -> LayerTable:
    """One row a unit, indicator and figure it is held against (``OUTPUT``)."""
    rows = found.held
    return result_table(
        "indicators",
        {
            "unit_code": text([one.unit_code for one in rows], alias="行政区代码", width=12),
            "unit_name": text([names.get(one.unit_code) for one in rows], alias="名称", width=60),
            "quantity": text([one.indicator.group for one in rows], alias="五量", width=12),
            "indicator": text([one.indicator.id for one in rows], alias="指标", width=40),
            "title": text([one.indicator.title[language] for one in rows], alias="指标名称", width=60),
            "value": figures([_rounded(one.value) for one in rows], "数值"),
            "before": figures([_rounded(one.before) for one in rows], "基期数值"),
            "unit": text([one.indicator.unit for one in rows], alias="单位", width=16),
            "against": text([one.against or None for one in rows], alias="对照", width=10),
            "target": figures([one.target for one in rows], "目标值"),
            "margin": figures([_rounded(one.margin) for one in rows], "富余"),
            "result": text([one.result for one in rows], alias="结论", width=10),
            "near": integer([int(one.near) for one in rows], alias="接近限值", width=1),
            "basis": text([one.basis for one in rows], alias="政策依据", width=200),
            "bas_status": text([one.status for one in rows], alias="依据核实", width=12),
        },
    )


def _rounded(value: Optional[float]) -> Optional[float]:
    return None if value is None else round(value, 4)


def ranking_table(found: PlanIndicators, names: Mapping[str, str]) -> LayerTable:
    """Villages, and townships where there are several, in their order (``RANKING``)."""
    rows = [("township", one) for one in found.townships] + [("village", one) for one in found.villages]
    judged = [one for one in found.indicators if one.ranked and one.better]
    columns = {
        "level": text([level for level, _ in rows], alias="层级", width=10),
        "unit_code": text([one.unit_code for _, one in rows], alias="行政区代码", width=12),
        "unit_name": text([names.get(one.unit_code) for _, one in rows], alias="名称", width=60),
        "rank": _places([one.rank for _, one in rows], "名次"),
        "score": real([np.nan if one.score is None else one.score for _, one in rows], "得分", 10, 6),
        "known": integer([one.known for _, one in rows], alias="参评指标数", width=3),
    }
    for indicator in judged:
        columns[indicator.id] = _places([one.ranks[indicator.id] for _, one in rows], f"{indicator.title['zh']}名次")
    return result_table("ranking", columns)


def _places(values: Sequence[Optional[int]], alias: str) -> Column:
    missing = np.array([value is None for value in values], dtype=np.bool_)
    return integer(np.array([value or 0 for value in values], dtype=np.int64), missing, alias, 6)


def five_table(found: PlanIndicators, language: str) -> LayerTable:
    """The five quantities of the whole (五量, ``FIVE``)."""
    rows: List[Held] = []
    for group in GROUPS:
        seen = set()
        for one in found.held:
            if one.unit_code == TOTAL and one.indicator.group == group and one.indicator.id not in seen:
                seen.add(one.indicator.id)
                rows.append(one)
    return result_table(
        "five",
        {
            "quantity": text([one.indicator.group for one in rows], alias="五量", width=12),
            "indicator": text([one.indicator.id for one in rows], alias="指标", width=40),
            "title": text([one.indicator.title[language] for one in rows], alias="指标名称", width=60),
            "before": figures([_rounded(one.before) for one in rows], "基期数值"),
            "value": figures([_rounded(one.value) for one in rows], "数值"),
            "unit": text([one.indicator.unit for one in rows], alias="单位", width=16),
        },
    )

"""Choosing plots: what the planner gives as text and tables, as core takes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.factor import is_none
from three_opt_three_protect.core.measure import M2_PER_UNIT
from three_opt_three_protect.core.roles import refuse_words, role_real, role_text
from three_opt_three_protect.core.tables import LayerTable, first_features
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.words import load_words

if TYPE_CHECKING:
    from three_opt_three_protect.core.allocation.needs import Demand
    from three_opt_three_protect.core.optimiser.problem import Effort
    from three_opt_three_protect.core.rules import Profile
    from three_opt_three_protect.core.targets import Target

_COMMAS = re.compile(r"[,，、;；\n]+")


def read_phases(written: str) -> Tuple[int, ...]:
    """Years by commas.

    Raises
    ------
    InputError
        ``phases_missing``, ``phase_is_no_year``.
    """
    years = []
    for word in _words(written):
        if not re.fullmatch(r"\d{4}", word):
            raise InputError("phase_is_no_year", value=word)
        years.append(int(word))
    if not years:
        raise InputError("phases_missing")
    return tuple(years)


def read_ids(written: str) -> Tuple[str, ...]:
    """Ids by commas, Chinese ones too; each once."""
    return tuple(dict.fromkeys(_words(written)))


def _words(written: str) -> List[str]:
    return [word.strip() for word in _COMMAS.split(written) if word.strip()]


def read_weights(written: str) -> Mapping[str, float]:
    """``cost=0.5,cultivated=0.5`` as objective → weight.

    Raises
    ------
    InputError
        ``weight_unreadable``.
    """
    weights: Dict[str, float] = {}
    for entry in _words(written):
        name, _, number = (part.strip() for part in entry.partition("="))
        if not re.fullmatch(r"\d*\.?\d+", number) or name in weights:
            raise InputError("weight_unreadable", value=entry)
        weights[name] = float(number)
    return weights


def read_demand(source: Source) -> Tuple[Demand, ...]:
    """Land wanted by use and phase (``demand``); in m² unless a unit is stated.

    Raises
    ------
    InputError
        ``field_needed``, ``unknown_word``, ``demand_area_wrong``, ``phase_is_no_year``, ``no_number``.
    """
    from three_opt_three_protect.core.allocation.needs import Demand

    table, mapping = source.table, source.mapping(load_role_schemas()["demand"])
    for name in ("use", "area"):
        if name not in mapping:
            raise InputError("field_needed", layer=table.name, field=name, fields=", ".join(table.columns))
    use = _known(table, mapping, "use", load_words()["use"])
    area = role_real(table, mapping, "area") * _unit_factors(table, mapping)
    wrong = ~np.isfinite(area) | (area < 0)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("demand_area_wrong", layer=table.name, features=features, field=mapping["area"])
    year = role_real(table, mapping, "phase")
    broken = ~np.isnan(year) & (year % 1 != 0)
    if broken.any():
        raise InputError("phase_is_no_year", value=f"{year[broken][0]:g}")
    return tuple(
        Demand(str(word), float(amount), None if np.isnan(when) else int(when))
        for word, amount, when in zip(use, area, year)
    )


def _unit_factors(table: LayerTable, mapping: Mapping[str, str]) -> NDArray[np.float64]:
    words = load_words()["area_unit"]
    stated = role_text(table, mapping, "unit")
    unknown = ~is_none(stated) & np.array([word not in words for word in stated], dtype=np.bool_)
    refuse_words(table, mapping.get("unit", "unit"), stated, unknown, words.values())
    return np.array([1.0 if word is None else M2_PER_UNIT[words[word]] for word in stated])


def _known(
    table: LayerTable, mapping: Mapping[str, str], field: str, words: Mapping[str, str], needed: bool = True
) -> NDArray[np.object_]:
    """Words of a coded field as tokens."""
    stated = role_text(table, mapping, field)
    wrong = np.array([(word is None and needed) or (word is not None and word not in words) for word in stated])
    refuse_words(table, mapping.get(field, field), stated, wrong.astype(np.bool_), words.values())
    return np.array([None if word is None else words[word] for word in stated], dtype=np.object_)


def unused_targets(targets: Sequence[Target], profile: Profile) -> Tuple[str, ...]:
    """Targets that no choice looks at: a name no rule reads, or of a village what counts for the township only."""
    from three_opt_three_protect.core.allocation.money import BUDGET
    from three_opt_three_protect.core.allocation.needs import HOUSED, TRANSITION
    from three_opt_three_protect.core.targets import START_QUOTA

    lines = {line for rule in profile.rules for line in (*rule.left, *rule.right)}
    whole = {*profile.word_of("yearly_quotas"), BUDGET, HOUSED, TRANSITION, START_QUOTA}
    names = [
        f"{target.indicator} {target.unit_code}".rstrip()
        for target in targets
        if f"target.{target.indicator}" not in lines and (target.indicator not in whole or target.unit_code)
    ]
    return tuple(dict.fromkeys(names))


def read_locked(source: Source, role: str) -> NDArray[np.object_]:
    """``(n,)`` what the field ``locked`` says: in, out or None.

    Raises
    ------
    InputError
        ``unknown_word``.
    """
    mapping = source.mapping(load_role_schemas()[role])
    return _known(source.table, mapping, "locked", load_words()["locked"], needed=False)


def read_effort(gap: Optional[float], seconds: Optional[float], nodes: Optional[int], seed: Optional[int]) -> Effort:
    """When the search stops; 0 seconds = no limit.

    Raises
    ------
    InputError
        ``effort_negative``.
    """
    from three_opt_three_protect.core.optimiser.problem import Effort

    for name, value in (("GAP", gap), ("TIME_LIMIT", seconds), ("NODE_LIMIT", nodes)):
        if value is not None and value < 0:
            raise InputError("effort_negative", parameter=name, value=value)
    standard = Effort()
    return Effort(standard.gap if gap is None else gap, seconds or None, nodes, standard.seed if seed is None else seed)

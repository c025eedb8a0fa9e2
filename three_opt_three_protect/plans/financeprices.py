"""The price table (单价表) → prices of items in yuan a unit of their driver."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.financeitems import Item
from three_opt_three_protect.core.financeprices import Key, Prices
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.core.measure.units import M2_PER_UNIT
from three_opt_three_protect.core.roles import role_real, role_text
from three_opt_three_protect.core.tables import LayerTable, first_features
from three_opt_three_protect.plans.inputs import Source, township_code
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.words import load_words

_YUAN = {"yuan": 1.0, "10k_yuan": 1e4, "100m_yuan": 1e8}
_SHARE = {"percent": 0.01, "share": 1.0}


def read_prices(source: Source, items: Sequence[Item]) -> Tuple[Prices, Tuple[Finding, ...]]:
    """Prices by item, village and year; an item is known by its id or its name.

    Raises
    ------
    InputError
        ``field_needed``, ``finance_item_unknown``, ``amount_out_of_range``, ``price_unit_missing``,
        ``price_unit_wrong``, ``price_twice``, ``no_number``.
    """
    table, mapping = source.table, source.mapping(load_role_schemas()["prices"])
    for name in ("item", "price", "unit"):
        if name not in mapping:
            raise InputError("field_needed", layer=table.name, field=name, fields=", ".join(table.columns))
    named, units, codes, bases = (role_text(table, mapping, name) for name in ("item", "unit", "unit_code", "basis"))
    price, year = role_real(table, mapping, "price"), role_real(table, mapping, "year")
    wrong = (price < 0) | np.isinf(price)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("amount_out_of_range", layer=table.name, features=features, field=mapping["price"])
    known = _by_name(items)
    found: Dict[Key, float] = {}
    basis: Dict[str, Dict[str, None]] = {}
    empty: List[int] = []
    for row in range(len(table)):
        if named[row] is None:
            continue
        item = known.get(str(named[row]))
        if item is None:
            raise InputError("finance_item_unknown", item=str(named[row]), known=", ".join(one.id for one in items))
        if np.isnan(price[row]):
            empty.append(row)
            continue
        when = None if np.isnan(year[row]) else int(year[row])
        key = (item.id, township_code(codes[row]), when)
        if key in found:
            raise InputError("price_twice", layer=table.name, features=str(table.fid[row]), item=item.id)
        found[key] = float(price[row]) * _factor(table, row, item, units[row])
        if bases[row] is not None:
            basis.setdefault(item.id, {})[str(bases[row])] = None
    return Prices(found, {name: "；".join(texts) for name, texts in basis.items()}), _empty(table, empty)


def _by_name(items: Sequence[Item]) -> Mapping[str, Item]:
    names = {title: item for item in items for title in item.title.values()}
    return {**names, **{item.id: item for item in items}}


def _factor(table: LayerTable, row: int, item: Item, unit: Optional[str]) -> float:
    """What brings a stated price to yuan a unit of the item's driver, or to a share."""
    if unit is None:
        raise InputError("price_unit_missing", layer=table.name, features=str(table.fid[row]), item=item.id)
    factor = _converted(unit.replace("／", "/").replace(" ", ""), item.per)
    if factor is None:
        raise InputError(
            "price_unit_wrong", layer=table.name, features=str(table.fid[row]), item=item.id, unit=unit,
            expected=unit_words(item.per),
        )  # fmt: skip
    return factor


def _converted(unit: str, per: str) -> Optional[float]:
    words = load_words()
    if per == "share":
        return _SHARE.get(words["price_per"].get(unit, ""))
    money, _, rest = unit.partition("/")
    token = words["money_unit"].get(money)
    if token is None:
        return None
    stated = words["price_per"].get(rest, "") if rest else ""
    if rest and not stated:
        return None
    if stated in M2_PER_UNIT and per in M2_PER_UNIT:
        return _YUAN[token] * M2_PER_UNIT[per] / M2_PER_UNIT[stated]
    return _YUAN[token] if stated == per else None


def unit_words(per: str) -> str:
    """How a price of this kind is written, as a planner writes it."""
    if per == "share":
        return "%"
    words: Dict[str, str] = {}
    for word, token in load_words()["price_per"].items():
        if not word.isascii():
            words.setdefault(token, word)
    return f"元/{words[per]}" if per else "元"


def _empty(table: LayerTable, rows: List[int]) -> Tuple[Finding, ...]:
    if not rows:
        return ()
    values: Dict[str, Value] = {"layer": table.name, "features": first_features(table, rows), "count": len(rows)}
    return (Finding("price_empty", WARNING, table.name, values),)

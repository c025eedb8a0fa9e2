"""The register of what comes in and goes out (JBNTHRHC, 03-schemas 3.5)."""

from __future__ import annotations

from typing import Dict, Hashable, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.farmland.adjust import Adjustment
from three_opt_three_protect.core.farmland.facts import Bools, Ints
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.measure import to_m2
from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.roles import role_text
from three_opt_three_protect.core.tables import Column, Geometries, LayerTable, real, text
from three_opt_three_protect.plans.farmlandtables import Texts, reason_tokens
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.schemas import load_standards

LAYER, STANDARD = "JBNTHRHC", "farmland_2010.JBNTHRHC"

IN, OUT = "1", "2"

NO_VILLAGE = "0" * VILLAGE_DIGITS
"""Stands in the number of a field whose village nobody states."""

_DIGITS = 6


def register_layer(held: Adjustment, plot_ids: Texts, names: Mapping[str, str], used: Mapping[str, int]) -> LayerTable:
    """Every field released or added, fields as in the standard; what goes out first.

    Pieces of a parcel that change alike are one field, whatever lines cut it.  TBMJ is dealt out without a
    rest: cultivated land net of ridges (GDMJ), the ridges with the other agricultural land (QTNYDMJ).  YSDM and the
    approval (PZJG, PZWH, PZRQ) are left to whoever approves.

    Parameters
    ----------
    plot_ids
        ``(n, 3)`` see :func:`three_opt_three_protect.plans.farmlandadjust.plot_ids`.
    names
        Village code → name.
    used
        See :func:`numbers_used`.
    """
    base = held.base
    released = held.releases.released
    rows = np.concatenate([np.flatnonzero(released), np.flatnonzero(held.added)])
    goes = released[rows]
    units = [unit or "" for unit in base.unit_code[rows]]
    tokens = reason_tokens(held, held.releases.reason)[rows]
    projects = np.where(goes, plot_ids[rows, 0], plot_ids[rows, 1])
    number, geometry = _fields(base.geometry[rows], list(zip(base.parcel[rows], goes, units, tokens, projects)))
    areas = breakdown(held, rows, number)
    first = np.unique(number, return_index=True)[1]
    texts = _texts(held, goes[first], [units[row] for row in first], tokens[first], projects[first], names, used)
    columns: Dict[str, Column] = {}
    for entry in load_standards().layers[STANDARD].fields:
        if entry.name in areas:
            columns[entry.name] = real(areas[entry.name], entry.alias, entry.width, entry.decimals)
        else:
            columns[entry.name] = text(texts[entry.name], entry.alias, entry.width)
    return LayerTable(LAYER, np.arange(1, len(first) + 1, dtype=np.int64), geometry, columns, base.spec.crs)


def _texts(
    held: Adjustment,
    goes: Bools,
    units: List[str],
    tokens: Texts,
    projects: Texts,
    names: Mapping[str, str],
    used: Mapping[str, int],
) -> Mapping[str, List[Optional[str]]]:
    """What the register says in words of every field."""
    codes = {entry.token: entry.code or None for entry in held.settings.reasons}
    nothing: List[Optional[str]] = [None] * len(units)
    return {
        "YSDM": nothing,
        "XZQDM": [unit or None for unit in units],
        "XZQMC": [names.get(unit) for unit in units],
        "HRHCLXDM": [OUT if each else IN for each in goes],
        "HRHCTBBH": list(numbers(units, goes, used)),
        "HCYY": [codes.get(token) if each else None for token, each in zip(tokens, goes)],
        "SJXMMC": list(projects),
        "PZJG": nothing,
        "PZWH": nothing,
        "PZRQ": nothing,
    }


def _fields(shapes: Geometries, keys: Sequence[Hashable]) -> Tuple[Ints, Geometries]:
    """``(n,)`` number of the field each piece is in, counted as they come, and the polygons of every field."""
    alike: Dict[Hashable, int] = {}
    number = np.array([alike.setdefault(key, len(alike)) for key in keys], dtype=np.int64)
    pieces = np.split(shapes[np.argsort(number, kind="stable")], np.cumsum(np.bincount(number))[:-1])
    geometry = np.empty(len(alike), dtype=np.object_)
    geometry[:] = [each[0] if len(each) == 1 else shapely.union_all(each) for each in pieces if len(each)]
    return number, geometry


def numbers_used(farmland: Source) -> Mapping[str, int]:
    """Village → the highest number one of its fields of farmland has (JBNTTBBH: the code and six digits)."""
    found: Dict[str, int] = {}
    for stated in role_text(farmland.table, farmland.mapping(load_role_schemas()["farmland"]), "farmland_id"):
        if stated is not None and len(stated) == VILLAGE_DIGITS + _DIGITS and stated.isdigit():
            unit, number = stated[:VILLAGE_DIGITS], int(stated[VILLAGE_DIGITS:])
            found[unit] = max(found.get(unit, 0), number)
    return found


def numbers(units: List[str], goes: Bools, used: Mapping[str, int]) -> List[str]:
    """Number of each field: the village's code and six digits counted within it, ``HC`` after what goes out.

    What comes in goes on after the numbers in use, for it will stand in the same layer.
    """
    counted: Dict[Tuple[str, bool], int] = {(unit, False): number for unit, number in used.items()}
    out = []
    for unit, each in zip(units, goes.tolist()):
        key = (unit, each)
        counted[key] = counted.get(key, 0) + 1
        out.append(f"{unit or NO_VILLAGE}{counted[key]:0{_DIGITS}d}{'HC' if each else ''}")
    return out


def breakdown(held: Adjustment, rows: Ints, number: Ints) -> Mapping[str, NDArray[np.float64]]:
    """TBMJ and what of it is cultivated, other agricultural, construction, unused land, m²; NaN where not known.

    What was reclaimed and accepted after the survey is cultivated land with the net area that counts.

    Parameters
    ----------
    rows, number
        ``(r,)`` base pieces and the field each of them is in.
    """
    base, facts = held.base, held.facts
    area, net = base.area[rows], facts.net[rows]
    grown = (facts.eligible | facts.accepted)[rows]
    group = np.where(grown, LandGroup.AGRICULTURAL, base.group[rows])
    count = int(number.max(initial=-1)) + 1
    known = np.bincount(number, group == LandGroup.UNKNOWN, count) == 0

    def m2(hundredths: Ints) -> NDArray[np.float64]:
        return np.where(known, summed(hundredths), np.nan)

    def summed(hundredths: Ints) -> NDArray[np.float64]:
        return to_m2(np.bincount(number, hundredths, count).astype(np.int64))

    cultivated = np.where(grown, net, 0)
    return {
        "TBMJ": summed(area),
        "GDMJ": m2(cultivated),
        "QTNYDMJ": m2(np.where(group == LandGroup.AGRICULTURAL, area - cultivated, 0)),
        "JSYDMJ": m2(np.where(group == LandGroup.CONSTRUCTION, area, 0)),
        "WLYDMJ": m2(np.where(group == LandGroup.UNUSED, area, 0)),
    }

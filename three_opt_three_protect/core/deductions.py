"""What is taken off a parcel's area: ridges, and on the second survey line and point features.

Third survey: KCMJ = round(TBMJ · KCXS, 2), TBDLMJ = TBMJ − KCMJ.  Second survey: TKMJ = round((TBMJ − ΣXZDWMJ
− ΣLXDWMJ) · TKXS, 2), TBDLMJ = TBMJ − ΣXZDWMJ − ΣLXDWMJ − TKMJ; a line's area is its length to 0.1 m times
its width, KCBL of it is taken off the first parcel and the rest off the second (04-area 4.5, 03-schemas 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Hashable, Mapping, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import BalanceError, InputError
from three_opt_three_protect.core.measure import Floats, Ints, round_half_away, share_out, to_m2, to_units
from three_opt_three_protect.core.roles import role_real
from three_opt_three_protect.core.tables import Geometries, LayerTable, first_features

ELSEWHERE = -1
"""Row of a parcel that the layer does not have: of a neighbour's survey, or not stated."""

NO_FEATURE = -1
"""Source of an area that a parcel records without a feature."""

_PERCENT = 100.0
_NAMED = 5


@dataclass(frozen=True)
class Features:
    """Shares of line or point features, one row for every parcel that bears one.

    Attributes
    ----------
    source
        ``(k,)`` int64, row of the feature in its layer.
    geometry
        ``(k,)`` lines or points.
    parcel
        ``(k,)`` int64, row of the parcel, −1 = :data:`ELSEWHERE`.
    area
        ``(k,)`` int64 hundredths of a m².
    """

    source: Ints
    geometry: Geometries
    parcel: Ints
    area: Ints

    def on(self, count: int) -> Ints:
        """``(count,)`` hundredths borne by each parcel."""
        here = self.parcel != ELSEWHERE
        total = np.zeros(count, dtype=np.int64)
        np.add.at(total, self.parcel[here], self.area[here])
        return total

    def closed(self, recorded: Ints) -> Features:
        """The same features with the sums that parcels record (their XZDWMJ or LXDWMJ).

        Parameters
        ----------
        recorded
            ``(m,)`` int64 hundredths.  What a parcel records without a feature becomes a row without
            geometry, ``source`` −1, and is shared out by area when the parcel is cut.
        """
        here = np.flatnonzero(self.parcel != ELSEWHERE)
        area = self.area.copy()
        area[here] = share_out(recorded, self.area[here], self.parcel[here])
        bare = np.flatnonzero((recorded > 0) & (self.on(len(recorded)) == 0))
        return Features(
            np.concatenate([self.source, np.full(len(bare), NO_FEATURE)]),
            np.concatenate([self.geometry, np.full(len(bare), None)]),
            np.concatenate([self.parcel, bare]),
            np.concatenate([area, recorded[bare]]),
        )


@dataclass(frozen=True)
class Deducted:
    """Areas of parcels or pieces, ``(m,)`` int64 hundredths: gross = line + point + ridge + net."""

    line: Ints
    point: Ints
    ridge: Ints
    net: Ints


def ridge_rate(table: LayerTable, mapping: Mapping[str, str]) -> Floats:
    """``(n,)`` KCXS or TKXS as a share; missing is 0.

    Databases state it as 0.0812 or as 8.12 (03-schemas 3.3): in percent where most rates are above 1, for
    the whole field, so that one slip of the pen is refused and not read as percent.

    Parameters
    ----------
    mapping
        Field ``deduct_rate``.

    Raises
    ------
    InputError
        ``no_such_field``, ``no_number``; ``deduct_rate_out_of_range``.
    """
    stated = np.nan_to_num(role_real(table, mapping, "deduct_rate"))
    rate = stated / _PERCENT if in_percent(stated) else stated
    wrong = (rate < 0) | (rate >= 1)
    if wrong.any():
        features = first_features(table, wrong)
        raise InputError("deduct_rate_out_of_range", layer=table.name, features=features, field=mapping["deduct_rate"])
    return rate


def in_percent(stated: Floats) -> bool:
    """True when most of the rates that are not 0 are above 1."""
    above = np.count_nonzero(stated > 1)
    return bool(above > np.count_nonzero(stated > 0) - above)


def line_areas(length_m: Floats, width_m: Floats) -> Ints:
    """XZDWMJ: length rounded to 0.1 m times width, rounded to 0.01 m², in hundredths."""
    return to_units(round_half_away(length_m, 1) * width_m)


def line_features(table: LayerTable, area: Ints, first: Ints, second: Ints, share: Optional[Floats] = None) -> Features:
    """Line features (线状地物, XZDW) and the one or two parcels they are taken off.

    Parameters
    ----------
    table
        ``(k,)`` lines.
    area
        ``(k,)`` int64 hundredths, XZDWMJ; see :func:`line_areas` where it is not recorded.
    first, second
        ``(k,)`` int64, rows of the parcels (KCTBBH1, KCTBBH2), −1 where there is none.
    share
        ``(k,)`` KCBL, the part the first parcel bears; NaN or left out = all where there is no second
        parcel, else half.

    Raises
    ------
    InputError
        ``line_share_out_of_range``.
    """
    alone = (second == ELSEWHERE) | (second == first)
    stated = np.full(len(area), np.nan) if share is None else np.asarray(share, dtype=np.float64)
    part = np.where(np.isnan(stated), np.where(alone, 1.0, 0.5), stated)
    wrong = (part < 0) | (part > 1)
    if wrong.any():
        raise InputError("line_share_out_of_range", layer=table.name, features=first_features(table, wrong))
    of_first = to_units(to_m2(area) * part)
    source = np.arange(len(area))
    shares = np.concatenate([of_first, area - of_first])
    borne = np.flatnonzero(shares)
    return Features(
        np.concatenate([source, source])[borne],
        np.concatenate([table.shapes, table.shapes])[borne],
        np.concatenate([first, second])[borne],
        shares[borne],
    )


def point_features(table: LayerTable, area_m2: Floats, parcel: Ints) -> Features:
    """Point features (零星地物, LXDW) and the parcels they are taken off (ZLTBBH), −1 where there is none."""
    return Features(np.arange(len(parcel)), table.shapes, parcel, to_units(area_m2))


def rows_of(wanted: Sequence[Hashable], known: Sequence[Hashable]) -> Ints:
    """Rows of the parcels that features name, −1 where the layer has no such parcel.

    Parameters
    ----------
    wanted, known
        Unit code and parcel number as one key (such as a tuple), of the features and of the parcels.
    """
    row = {key: number for number, key in enumerate(known)}
    return np.array([row.get(key, ELSEWHERE) for key in wanted], dtype=np.int64)


def deduct_second_survey(
    gross: Ints,
    lines: Ints,
    points: Ints,
    rate: Floats,
    parcel_id: Optional[NDArray[np.object_]] = None,
    ridges_of_gross: bool = False,
) -> Deducted:
    """Net area of parcels of the second survey.

    Parameters
    ----------
    gross, lines, points
        ``(m,)`` int64 hundredths: TBMJ, ΣXZDWMJ, ΣLXDWMJ.
    rate
        ``(m,)`` TKXS, 0 ≤ rate < 1.
    parcel_id
        ``(m,)`` names for messages; left out: row numbers.
    ridges_of_gross
        True: TKMJ = TBMJ · TKXS, as some software has it; False: of what lines and points leave.

    Raises
    ------
    BalanceError
        ``deductions_exceed_area``: more would be taken off than the parcels have; names them.
    """
    left = gross - lines - points
    ridge = to_units(to_m2(gross if ridges_of_gross else left) * rate)
    wrong = np.flatnonzero(left - ridge < 0)
    if len(wrong):
        names = wrong if parcel_id is None else parcel_id[wrong]
        raise BalanceError(
            "deductions_exceed_area",
            parcels=", ".join(str(name) for name in names[:_NAMED]),
            count=len(wrong),
            area=float(to_m2((ridge - left)[wrong].max())),
        )
    return Deducted(lines, points, ridge, left - ridge)

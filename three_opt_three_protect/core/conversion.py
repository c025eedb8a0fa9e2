"""Base conversion (基数转换): the survey's class of every piece corrected by approvals.

Source: 00-supplement 1.3.  Land approved and not yet built counts as construction although the survey shows fields;
land built without approval, and land used for a time only, counts as what it was before; construction land cleared
with its approval still standing keeps counting as construction.  Which kind has which effect is the profile's
(``base_conversion``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, List, Mapping, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import Classified, LandGroup
from three_opt_three_protect.core.tables import LayerTable

if TYPE_CHECKING:
    from three_opt_three_protect.core.findings import Finding

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

KINDS: Tuple[str, ...] = ("approved_unbuilt", "illegal_built", "temporary", "demolished")
"""Roles of the layers that convert, in the order in which the first that applies to a piece decides."""

CONSTRUCTION, BEFORE = "construction", "before"
"""What a layer makes of a piece: construction land, or what the layer says it was before."""


@dataclass(frozen=True)
class Statement:
    """What a layer of conversions states, row by row of the layer.

    Attributes
    ----------
    effect
        :data:`CONSTRUCTION` or :data:`BEFORE`.
    code
        ``(m,)`` the approved use, or the class before; None where it is not stated.
    classes
        What these codes mean.
    table
        The layer, for messages.
    """

    effect: str
    code: Factor
    classes: Classified
    table: Optional[LayerTable] = None


def unstated(count: int) -> Statement:
    """What a layer of ``count`` approved polygons says that states no use."""
    nothing = np.zeros(count, dtype=np.bool_)
    classes = Classified(np.zeros(count, dtype=np.int8), nothing, nothing, nothing, nothing)
    return Statement(CONSTRUCTION, Factor.constant(None, count), classes)


@dataclass(frozen=True)
class BaseClasses:
    """The base class of every piece, ``(n,)`` each.

    Attributes
    ----------
    code
        ``class_base``: the survey's code, the approved use, or the class before; None where it is not stated.
    group, cultivated, paddy
        By the base class; the group is unknown where a class before is needed and not stated.
    reason
        The kind of conversion, None where base and survey agree.
    """

    code: Factor
    group: NDArray[np.int8]
    cultivated: Bools
    paddy: Bools
    reason: Factor

    @property
    def unclear(self) -> Bools:
        """``(n,)`` True where the survey's class does not count and the class before is not stated."""
        return np.asarray(~self.reason.missing & (self.group == LandGroup.UNKNOWN))


def base_classes(
    code: Factor, classes: Classified, parcel: Ints, zones: Mapping[str, Ints], stated: Mapping[str, Statement]
) -> BaseClasses:
    """Convert the survey's classes.

    Parameters
    ----------
    code, classes
        Of the parcels.
    parcel
        ``(n,)`` row of the parcel of every piece.
    zones
        Kind → ``(n,)`` row of the layer's feature the piece lies in, −1 outside.
    stated
        Kind → what the layer states.
    """
    survey = classes.group[parcel]
    group, cultivated, paddy = survey.copy(), classes.cultivated[parcel].copy(), classes.paddy[parcel].copy()
    levels = list(code.levels)
    level, reason = code.code[parcel].astype(np.int64), np.zeros(len(parcel), dtype=np.int64)
    for number, kind in enumerate(KINDS, 1):
        if kind not in zones:
            continue
        said, row = stated[kind], zones[kind]
        makes = said.effect == CONSTRUCTION
        # Construction land is what the one kind makes and the other takes away.
        here = (row >= 0) & (reason == 0) & ((survey == LandGroup.CONSTRUCTION) != makes)
        there = row[here]
        reason[here] = number
        level[here] = len(levels) + said.code.code[there]
        levels += said.code.levels.tolist()
        group[here] = np.int8(LandGroup.CONSTRUCTION) if makes else said.classes.group[there]
        cultivated[here] = not makes and said.classes.cultivated[there]
        paddy[here] = not makes and said.classes.paddy[there]
    return BaseClasses(Factor.picked(levels, level), group, cultivated, paddy, Factor.picked([None, *KINDS], reason))


def unclear_findings(found: BaseClasses, zones: Mapping[str, Ints], stated: Mapping[str, Statement]) -> List[Finding]:
    """One finding a layer that sets the survey's class aside and does not say what was there before."""
    from three_opt_three_protect.core.findings import WARNING, feature_finding

    findings: List[Finding] = []
    for kind in KINDS:
        table = stated[kind].table if kind in stated else None
        if table is None:
            continue
        here = found.unclear & found.reason.where(lambda word, kind=kind: word == kind)  # type: ignore[misc]
        rows = np.unique(zones[kind][here])
        findings += feature_finding("class_before_missing", WARNING, table, np.isin(np.arange(len(table)), rows), 0.0)
    return findings

"""The self-check against a decision of its own, square by square of 10 m."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest

from tests.core.selfcheckcase import by_status, check

Rectangle = Tuple[int, int, int, int]
"""West, south, east, north in squares."""

SIDE = 8
"""Squares along the township; a parcel has two by two."""
STEP = 10
CODES = ("0101", "0102", "0201", "0301", "0702", "1003", "0601", "1104", "1202", "1006", "1206", "1101", "9999")
CONSTRUCTION, CULTIVATED = {"0702", "1003", "0601"}, {"0101", "0102"}
KINDS = {"0201": "garden", "0301": "forest", "1104": "pond", "1202": "facility", "1006": "road"}
BEFORE, AFTER, APPROVED = "2014-12-31", "2015-12-31", "approved"


@dataclass
class Plot:
    """A plot and what the check knows of it."""

    at: Rectangle
    day: str
    accepted: bool = False
    directed: bool = False
    linked: bool = False
    becomes: str = "0601"


@dataclass
class Case:
    """Two years on a grid of parcels, plots and layers of rectangles."""

    before: np.ndarray
    after: np.ndarray
    reclaim: List[Plot]
    newbuild: List[Plot]
    layers: Dict[str, Rectangle] = field(default_factory=dict)


def inside(at: Rectangle, x: int, y: int) -> bool:
    return at[0] <= x < at[2] and at[1] <= y < at[3]


def first(plots: Sequence[Plot], x: int, y: int) -> Optional[Plot]:
    return next((plot for plot in plots if inside(plot.at, x, y)), None)


def drawn(seed: int) -> Case:
    random = np.random.default_rng(seed)

    def rectangle() -> Rectangle:
        x, y = random.integers(-1, SIDE - 1, 2).tolist()
        return (x, y, x + int(random.integers(1, 6)), y + int(random.integers(1, 6)))

    def codes() -> np.ndarray:
        return random.choice(CODES, (SIDE // 2, SIDE // 2))

    before = codes()
    after = np.where(random.random(before.shape) < 0.4, before, codes())
    days = ("2013-05-01", "2014-12-31", "2015-03-01", "2015-09-01", "2016-05-01")
    reclaim = [
        Plot(rectangle(), str(random.choice(days)), bool(random.random() < 0.6), bool(random.random() < 0.3))
        for _ in range(random.integers(0, 4))
    ]
    newbuild = [
        Plot(rectangle(), str(random.choice(days)), linked=bool(random.random() < 0.5), becomes=str(becomes))
        for becomes in random.choice(["0601", "0601", "1006"], random.integers(0, 4))
    ]
    names = ("farmland", "redline", APPROVED, "temporary", "bulldozed")
    return Case(before, after, reclaim, newbuild, {name: rectangle() for name in names if random.random() < 0.6})


def metres(at: Rectangle) -> Tuple[int, int, int, int]:
    west, south, east, north = (STEP * one for one in at)
    return west, south, east, north


def computed(case: Case) -> Dict[str, float]:
    def year(codes: np.ndarray) -> List[Dict[str, Any]]:
        return [
            {"shape": metres((2 * x, 2 * y, 2 * x + 2, 2 * y + 2)), "code": str(code)}
            for (x, y), code in np.ndenumerate(codes)
        ]

    reclaim = [
        {
            "shape": metres(plot.at),
            "plot_id": f"R{number}",
            "direction": "forest" if plot.directed else "cultivated",
            "acc_date": plot.day if plot.accepted else None,
            "phase": int(plot.day[:4]),
        }
        for number, plot in enumerate(case.reclaim)
    ]
    newbuild = [
        {
            "shape": metres(plot.at),
            "plot_id": f"N{number}",
            "use": "infrastructure",
            "cls_after": plot.becomes,
            "use_date": plot.day,
            "quota_src": "linked" if plot.linked else "stock",
        }
        for number, plot in enumerate(case.newbuild)
    ]
    layers: Dict[str, Any] = {name: [metres(at)] for name, at in case.layers.items()}
    if "redline" in layers:
        layers["redline"] = [(layers["redline"][0], 1)]
    return by_status(check(year(case.before), year(case.after), reclaim, newbuild, (BEFORE, AFTER), **layers))


def kind(code: str) -> str:
    if code == "9999":
        return "unknown"
    return "construction" if code in CONSTRUCTION else "cultivated" if code in CULTIVATED else KINDS.get(code, code)


class Brute:
    """The decision by plain conditions, the gravest first."""

    def __init__(self, case: Case) -> None:
        self.case = case
        squares = [(x, y) for x in range(SIDE) for y in range(SIDE)]
        self.quota = {id(plot): self._quota(plot, squares) for plot in case.newbuild}
        self.beyond = {(x // 2, y // 2) for x, y in squares if self._new_outside(x, y) and self._beside(x, y)}
        self.areas: Dict[str, float] = {}
        for x, y in squares:
            status = self.status(x, y)
            self.areas[status] = self.areas.get(status, 0.0) + STEP * STEP

    def codes(self, x: int, y: int) -> Tuple[str, str]:
        return str(self.case.before[x // 2, y // 2]), str(self.case.after[x // 2, y // 2])

    def on(self, name: str, x: int, y: int) -> bool:
        return name in self.case.layers and inside(self.case.layers[name], x, y)

    def _new_outside(self, x: int, y: int) -> bool:
        before, after = map(kind, self.codes(x, y))
        plots = first(self.case.reclaim, x, y) or first(self.case.newbuild, x, y)
        return plots is None and before != "construction" and after == "construction"

    def _beside(self, x: int, y: int) -> bool:
        around = ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1))
        return any(first(self.case.newbuild, *one) is not None for one in around)

    def _quota(self, plot: Plot, squares: List[Tuple[int, int]]) -> str:
        had = sum(self._credit(one, squares) for one in self.case.reclaim if one.accepted and one.day <= plot.day)
        # What is due by its phase only, at the year's end, may have been reclaimed.
        perhaps = [one for one in self.case.reclaim if not one.accepted and f"{one.day[:4]}-12-31" <= plot.day]
        used = {id(one): self._debit(one, squares) for one in self.case.newbuild if one.day <= plot.day}
        if not used[id(plot)]:
            return "none"
        needed = sum(used.values())
        if had >= needed:
            return "covered"
        return "unknown" if had + sum(self._credit(one, squares) for one in perhaps) >= needed else "short"

    def _credit(self, plot: Plot, squares: List[Tuple[int, int]]) -> float:
        mine = [self.codes(*one)[0] for one in squares if first(self.case.reclaim, *one) is plot]
        day = plot.day if plot.accepted else f"{plot.day[:4]}-12-31"
        counted = mine if day <= BEFORE else [code for code in mine if code in CONSTRUCTION and code != "1003"]
        return float(STEP * STEP * len(counted))

    def _debit(self, plot: Plot, squares: List[Tuple[int, int]]) -> float:
        if not plot.linked or plot.becomes == "1006":
            return 0.0
        mine = [one for one in squares if first(self.case.newbuild, *one) is plot and not self.on(APPROVED, *one)]
        taken = [one for one in mine if plot.day <= BEFORE or self.codes(*one)[0] not in CONSTRUCTION]
        return float(STEP * STEP * len(taken))

    def status(self, x: int, y: int) -> str:
        was, now = self.codes(x, y)
        before, after = kind(was), kind(now)
        out, new = first(self.case.reclaim, x, y), first(self.case.newbuild, x, y)
        accepted = out is not None and out.accepted and out.day <= AFTER
        farmed, strict = self.on("farmland", x, y), self.on("redline", x, y)
        approved, temporary = self.on(APPROVED, x, y), self.on("temporary", x, y)
        grown = before != "construction" and after == "construction"
        if accepted and after == "construction":
            if new is not None and grown:
                return "newbuild_on_reclaimed"
            if was == "1003":
                return "reclaim_kept"
            return "temporary" if temporary and not strict and grown and before != "unknown" else "reclaim_rebuilt"
        if new is None and out is not None and was == "1003" and after == "construction":
            return "reclaim_kept"
        if "unknown" in (before, after):
            return "unclassed"
        lost = before == "cultivated" and after not in ("cultivated", "construction")
        if lost and farmed and not approved:
            return f"farmland_to_{KINDS.get(now, 'other')}"
        if grown and new is None and not approved and farmed and not temporary:
            return "unplanned_farmland"
        if grown and new is None and not approved and strict:
            return "unplanned_redline"
        if new is not None:
            return self._in_newbuild(x, y, new, out if accepted else None)
        return self._outside(x, y) if out is None else self._in_reclaim(x, y, out, accepted)

    def _in_newbuild(self, x: int, y: int, plot: Plot, out: Optional[Plot]) -> str:
        was, now = self.codes(x, y)
        before, after = kind(was), kind(now)
        tilled = before in ("cultivated", "construction") or was == "1206"
        if out is not None and tilled and not out.directed and after in ("garden", "forest", "pond"):
            return "reclaim_degraded"
        # On accepted reclaimed land acceptance is what counts, not the day of the new-build plot.
        later = plot.day > AFTER and out is None
        lane = plot.becomes == "1006"
        if lane and now == "1006" and not later:
            return "newbuild_done"
        if lane and now == "1006" and was != now:
            return "newbuild_early"
        if after == "construction":
            return self._built(x, y, plot, later)
        if self.on("bulldozed", x, y):
            return "newbuild_bulldozed"
        if before == "cultivated" and after in KINDS.values():
            return f"cultivated_to_{after if after in ('facility', 'road') else 'other'}"
        return "newbuild_not_due" if later else "newbuild_not_started"

    def _built(self, x: int, y: int, plot: Plot, later: bool) -> str:
        approved = self.on(APPROVED, x, y)
        if self.codes(x, y)[0] in CONSTRUCTION:
            return "newbuild_stock"
        if self.on("farmland", x, y) and not approved:
            return "newbuild_farmland"
        if self.on("redline", x, y) and not approved:
            return "newbuild_redline"
        if approved:
            return "newbuild_on_approved"
        if plot.becomes == "1006":
            return "unplanned_construction"
        if later:
            return "newbuild_early"
        return "newbuild_before_reclaim" if self.quota[id(plot)] == "short" else "newbuild_done"

    def _in_reclaim(self, x: int, y: int, plot: Plot, accepted: bool) -> str:
        was, now = self.codes(x, y)
        before, after = kind(was), kind(now)
        later = not accepted and (plot.day if plot.accepted else f"{plot.day[:4]}-12-31") > AFTER
        if later and was == now:
            return "reclaim_not_due"
        if after == "cultivated":
            original = before == "cultivated" and not (accepted and plot.day <= BEFORE)
            return "reclaim_residual" if original else "reclaim_cultivated"
        if now == "1206":
            return "reclaim_demolished"
        if after == "construction":
            if before != "construction":
                return "reclaim_used_early"
            return "reclaim_not_due" if later else "reclaim_not_started"
        if plot.directed and was != now:
            return "reclaim_as_planned"
        tilled = before in ("cultivated", "construction") or was == "1206"
        if accepted and tilled and after in ("garden", "forest", "pond"):
            return "reclaim_degraded"
        return "reclaim_residual" if was == now else "reclaim_other"

    def _outside(self, x: int, y: int) -> str:
        was, now = self.codes(x, y)
        before, after = kind(was), kind(now)
        strict = self.on("redline", x, y)
        if before != "construction" and after == "construction":
            if self.on("temporary", x, y) and not strict:
                return "temporary"
            if self.on(APPROVED, x, y):
                return "approved_built"
            return "unplanned_beyond" if (x // 2, y // 2) in self.beyond else "unplanned_construction"
        if "construction" not in (before, after) and self.on("bulldozed", x, y):
            return "unplanned_bulldozed"
        if before == "construction" and after != "construction":
            return "unplanned_reduction"
        if before == "cultivated" and after != "cultivated":
            return f"cultivated_to_{after if after in ('facility', 'road') else 'other'}"
        if after == "cultivated" and before != "cultivated":
            return "cultivated_gained"
        return "unchanged" if was == now else "other_change"


@pytest.mark.parametrize("seed", range(40))
def test_every_square_as_decided_by_hand(seed: int) -> None:
    case = drawn(seed)
    assert computed(case) == pytest.approx(Brute(case).areas, abs=0.005)

"""Fields of a small township on a grid, their facts, and the adjustment of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import pytest

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.farmland.adjust import Adjustment, Around, adjust
from three_opt_three_protect.core.farmland.facts import Facts
from three_opt_three_protect.core.farmland.settings import Settings, settings_of
from three_opt_three_protect.storage.catalogue import load_class_system
from three_opt_three_protect.storage.profiles import load_profile

FLAGS = (
    "steep",
    "unstable",
    "fallow",
    "newbuild",
    "in_time",
    "key_project",
    "reclaim",
    "accepted",
    "unseen",
    "reserve",
)

NOWHERE = Around()


class Fields:
    """Fields as rows: ``shape``, ``farm`` (is farmland), class, grade, unit, and any of :data:`FLAGS`."""

    def __init__(self, kit: Any) -> None:
        self.kit = kit
        self.settings = settings_of(load_profile("suzhou-2014"))

    def base(self, rows: Sequence[Mapping[str, Any]], **lines: Any) -> BaseState:
        farm = [row["shape"] for row in rows if row.get("farm")]
        parcels: List[Dict[str, Any]] = []
        for number, row in enumerate(rows):
            known = {key: value for key, value in row.items() if key not in ("farm", "gentle", *FLAGS)}
            parcels.append({"class_code": "0101", "parcel_id": str(number), "unit_code": "V1", **known})
        return self.kit.base(parcels, farmland=self.kit.areas(*farm), **lines)

    def facts(self, base: BaseState, rows: Sequence[Mapping[str, Any]]) -> Facts:
        system = load_class_system("third_survey")
        found = [system.find(code) for code in base.class_base.values]
        word = ["" if each is None else each.farmland for each in found]

        def flag(name: str) -> Any:
            return np.array([bool(rows[parcel].get(name)) for parcel in base.parcel], dtype=bool)

        return Facts(
            np.array([each == "yes" for each in word], dtype=bool),
            np.array([each == "no" for each in word], dtype=bool),
            *(flag(name) for name in FLAGS[:3]),
            np.array([float(rows[parcel].get("gentle", np.nan)) for parcel in base.parcel], dtype=np.float64),
            *(flag(name) for name in FLAGS[3:]),
            base.net,
            np.ones(len(base.area), dtype=bool),
            np.where(base.cultivated, base.parcels.grade[base.parcel], np.nan),
            np.zeros(len(base.area), dtype=bool),
        )

    def adjust(
        self,
        rows: Sequence[Mapping[str, Any]],
        tasks: Optional[Mapping[str, float]] = None,
        choice: str = "both",
        settings: Optional[Settings] = None,
        around: Around = NOWHERE,
        **lines: Any,
    ) -> Adjustment:
        base = self.base(rows, **lines)
        return adjust(base, self.facts(base, rows), settings or self.settings, tasks or {}, around, choice)

    def changed(self, **settings: Any) -> Settings:
        return replace(self.settings, **settings)

    def added(self, held: Adjustment) -> List[int]:
        """Numbers of the rows that come in."""
        return sorted(held.base.parcel[held.added].tolist())

    def released(self, held: Adjustment) -> Dict[int, str]:
        """Number of a row → token of its reason."""
        where = held.releases.released
        tokens = [held.settings.reasons[number].token for number in held.releases.reason[where]]
        return dict(zip(held.base.parcel[where].tolist(), tokens))

    def excluded(self, held: Adjustment) -> Dict[int, str]:
        """Number of a row → why it may not come in."""
        from three_opt_three_protect.core.farmland.candidates import EXCLUSIONS

        rows = np.flatnonzero(held.excluded >= 0)
        return {int(held.base.parcel[row]): EXCLUSIONS[held.excluded[row]] for row in rows}

    def verdict(self, held: Adjustment, check: str, unit: str = "") -> Any:
        (found,) = [one for one in held.verdicts if one.rule == f"pbf_{check}" and one.unit_code == unit]
        return found


@pytest.fixture(scope="session")
def fields(kit: Any) -> Fields:
    return Fields(kit)

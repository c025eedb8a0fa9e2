"""Cancel on a county of 200 000 parcels: obeyed within a second while reading, cutting and writing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, List

import numpy as np
import pytest
import shapely
from qgis.core import QgsProcessingFeedback

from three_opt_three_protect.core.tables import CrsInfo, LayerTable, text
from three_opt_three_protect.storage.geopackage import write_layers

SIDE = 450
METRES = 50.0
PATIENCE = 1.0
"""Seconds of the processor from cancel to the end: the machine may be busy with other things."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: Any) -> Path:
    """202 500 square parcels, and zones that cut some of them."""
    path = tmp_path_factory.mktemp("county") / "county.gpkg"
    crs = CrsInfo("EPSG:4528")
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    x, y = 40550000 + column * METRES, 3450000 + row * METRES
    parcels = shapely.box(x, y, x + METRES, y + METRES)
    west = 40550000 + 725.0 * np.arange(30)
    zones = shapely.box(west, 3450010.0, west + 310, 3450000 + SIDE * METRES - 10)
    codes = text(np.where(column % 3 == 0, "0103", "0702").astype(object), width=5)
    number = np.arange(1, len(parcels) + 1, dtype=np.int64)
    write_layers(
        path,
        {
            "parcels": LayerTable("parcels", number, parcels, {"DLBM": codes}, crs),
            "zones": LayerTable("zones", number[: len(zones)], zones, {}, crs),
        },
    )
    return path


class StopsAt(QgsProcessingFeedback):
    """Cancels when a step has begun and the bar has moved on from there; notes the processor's clock."""

    def __init__(self, step: str, looks: int) -> None:
        super().__init__(False)
        self.at = 0.0
        self._step, self._looks, self._begun = step, looks, False
        self.progressChanged.connect(self._look)

    def pushInfo(self, info: str) -> None:  # noqa: N802
        self._begun = self._begun or info == self._step

    def _look(self, value: float) -> None:
        if self._begun and not self.isCanceled():
            self._looks -= 1
            if self._looks < 0:
                self.at = time.process_time()
                self.cancel()


STEPS = ["Reading layers", "Checking and repairing geometry", "Joining edges", "Cutting parcels", "Measuring areas",
         "Putting results together", "Writing results"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("looks", [1, 3])
@pytest.mark.parametrize("step", STEPS)
def test_cancel_is_obeyed_within_a_second_in_every_step(
    run: Any, county: Path, tmp_path: Path, step: str, looks: int
) -> None:
    left: List[Path] = []
    feedback = StopsAt(step, looks)
    layer = f"{county}|layername="
    result = run(
        "zoneoverlay", feedback=feedback, INPUT=layer + "parcels", FARMLAND=layer + "zones",
        CLASS_SYSTEM="third_survey", OUTPUT=str(tmp_path / "a.gpkg"), SUMMARY=str(tmp_path / "b.gpkg"),
    )  # fmt: skip
    left.extend(tmp_path.iterdir())
    if not feedback.isCanceled():
        pytest.skip("the step was over before it was looked at so often")
    assert time.process_time() - feedback.at <= PATIENCE
    assert (result, left) == ({}, [])

"""Seconds from cancel to the end of a run, in QGIS, on a township of 8 000 parcels.

    python -m benchmarks.cancel [--parcels 8000] [--rounds 3]

The processor's clock is what counts: the wall shows other programs' work as well. Nobody should wait for a second.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional, Sequence

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from benchmarks.peers.qgis_session import session
from three_opt_three_protect.plugin import Plugin

NAMES = ("sampletownship", "ellipsoidalarea", "zoneoverlay", "plotreport", "planbalance", "townshipplan", "checkdata")
SHARES = (0.2, 0.4, 0.55, 0.7, 0.85)
"""Of the whole run's duration: when the button is pressed."""


class Moment(NamedTuple):
    """Both clocks, in seconds."""

    processor: float
    wall: float


def moment() -> Moment:
    """Both clocks now."""
    return Moment(time.process_time(), time.monotonic())


def parameters(name: str, sample: str, out: Path, parcels: int = 8000) -> Dict[str, Any]:
    """Inputs and outputs of the algorithm ``name`` on the plan database ``sample``, written to ``out``."""
    layer = f"{sample}|layername="
    lines = {role.upper(): layer + role for role in ("farmland", "boundary", "redline")}
    zones = [layer + "villages", layer + "settlements"]
    return {
        "sampletownship": {"PARCELS": parcels, "YEARS": 1, "OUTPUT": str(out / "a.gpkg")},
        "ellipsoidalarea": {"INPUT": layer + "parcels", "OUTPUT": str(out / "a.gpkg")},
        "zoneoverlay": {
            "INPUT": layer + "parcels", **lines, "OTHER_ZONES": zones, "OUTPUT": str(out / "a.gpkg"),
            "SUMMARY": str(out / "b.csv"),
        },
        "plotreport": {
            "PARCELS": layer + "parcels", "PLOTS": layer + "settlements", **lines, "CLASSES": str(out / "a.shp"),
            "LINES": str(out / "b.gpkg"), "XLSX": str(out / "c.xlsx"),
        },
        "planbalance": {
            "INPUT": layer + "parcels", "RECLAIM": layer + "reclaim", "NEWBUILD": layer + "newbuild", **lines,
            "SETTLEMENTS": layer + "settlements", "ACCOUNTS": str(out / "a.gpkg"), "VERDICTS": str(out / "b.csv"),
        },
        "checkdata": {
            "INPUT": layer + "parcels", "ROLE": "parcels", "PARENT": layer + "villages", "PREVIOUS": layer + "parcels",
            "FINDINGS": str(out / "a.gpkg"), "RULES_RUN": str(out / "b.csv"),
        },
        "townshipplan": {
            **{role.upper(): layer + role for role in (
                "parcels", "villages", "settlements", "township", "reclaim", "newbuild", "population", "targets",
            )},
            **lines, "PLAN": str(out / "a.gpkg"), "XLSX": str(out / "b.xlsx"),
        },
    }[name]  # fmt: skip


class Cancelling(QgsProcessingFeedback):  # type: ignore[misc]  # QGIS's bindings have no types
    """Cancels from another thread, as the button does; notes when."""

    def __init__(self, after: float) -> None:
        super().__init__(False)
        self.at = Moment(0.0, 0.0)
        self._timer = threading.Timer(after, self._stop)

    def __enter__(self) -> Cancelling:
        self._timer.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._timer.cancel()

    def _stop(self) -> None:
        self.at = moment()
        self.cancel()


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Measure each algorithm and print the longest wait."""
    parser = argparse.ArgumentParser(description="Seconds from cancel to the end of a run.")
    parser.add_argument("--parcels", type=int, default=8000, help="of the sample township (8000)")
    parser.add_argument("--rounds", type=int, default=3, help="of each algorithm (3)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, session() as processing:
        plugin = Plugin(None)
        plugin.initProcessing()
        sample = str(Path(folder) / "sample.gpkg")
        processing.run("sysb:sampletownship", {"PARCELS": chosen.parcels, "YEARS": 1, "OUTPUT": sample})
        print(f"{'algorithm':<18}{'cpu s':>8}{'wall s':>8}   longest wait of {chosen.rounds * len(SHARES)}")
        for name in NAMES:
            longest = wait(processing, name, sample, Path(folder), chosen.parcels, chosen.rounds)
            print(f"{name:<18}{longest.processor:8.2f}{longest.wall:8.2f}")
        plugin.unload()


def wait(processing: Any, name: str, sample: str, folder: Path, parcels: int, rounds: int) -> Moment:
    """The longest wait on either clock."""
    out = Path(tempfile.mkdtemp(dir=folder))
    given = parameters(name, sample, out, parcels)
    start = moment()
    processing.run(f"sysb:{name}", given)
    whole = moment().wall - start.wall
    waits = [Moment(0.0, 0.0)]
    for share in SHARES * rounds:
        with Cancelling(share * whole) as feedback:
            try:
                processing.run(f"sysb:{name}", given, feedback=feedback)
            except QgsProcessingException:
                if not feedback.isCanceled():
                    raise
            now = moment()
        if feedback.isCanceled():
            waits.append(Moment(now.processor - feedback.at.processor, now.wall - feedback.at.wall))
    return Moment(max(each.processor for each in waits), max(each.wall for each in waits))


if __name__ == "__main__":
    main()

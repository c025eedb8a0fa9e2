"""What is measured on: the files of one case, by name and size. Imports no package, so that every peer may use it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Optional, Sequence

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "benchmarks" / "data"
RESULTS = ROOT / "build" / "bench"

LAYERS = ("farmland", "boundary", "redline", "villages")
"""Zone layers of every case, in the order in which they are overlaid."""

ZONE_ID = "zone_id"
"""The only field of a zone: 1 … n."""

PARCEL_ID = "BSM"
"""The field by which results of different tools are compared parcel by parcel."""

CASES = ("aligned", "misaligned", "overlapping", "huge")
"""What they are: :mod:`benchmarks.data`."""

SIZES = (10_000, 50_000, 200_000, 1_000_000)


@dataclass(frozen=True)
class Case:
    """One set of zones over one county of about ``size`` parcels."""

    name: str
    size: int
    folder: Path = DATA

    @property
    def parcels(self) -> Path:
        """GeoPackage with the layer ``parcels``, shared by all cases of one size."""
        return self.folder / f"county{self.size}.gpkg"

    @property
    def zones(self) -> Path:
        """GeoPackage with the zone layers."""
        return self.folder / f"{self.name}{self.size}.gpkg"

    @property
    def truth(self) -> Path:
        """Areas a parcel and layer by :mod:`benchmarks.truth`."""
        return self.folder / f"{self.name}{self.size}_truth.gpkg"


@dataclass(frozen=True)
class Files:
    """What a peer reads and writes."""

    parcels: Path
    zones: Path
    output: Path

    def source(self, layer: str) -> str:
        """The layer as QGIS and this project name it."""
        return f"{self.parcels if layer == 'parcels' else self.zones}|layername={layer}"


def files_of_command_line(arguments: Optional[Sequence[str]] = None) -> Files:
    """Every peer is run as ``python -m benchmarks.peers.NAME PARCELS.gpkg ZONES.gpkg OUT.gpkg``."""
    parser = argparse.ArgumentParser()
    for name in ("parcels", "zones", "output"):
        parser.add_argument(name, type=Path)
    return Files(**vars(parser.parse_args(arguments)))


def numbers(text: str) -> List[int]:
    """Numbers by commas, for argparse."""
    return [int(word) for word in text.split(",")]


def words(known: Sequence[str]) -> Callable[[str], List[str]]:
    """Known words by commas, for argparse."""

    def parse(text: str) -> List[str]:
        unknown = [word for word in text.split(",") if word not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"not known: {', '.join(unknown)}; known: {', '.join(known)}")
        return text.split(",")

    return parse

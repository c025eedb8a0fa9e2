"""The limit: read the parcels' geometry, decode it and compute its areas once. No overlay can be faster."""

from __future__ import annotations

import pyogrio
import shapely

from benchmarks.cases import files_of_command_line


def main() -> None:
    """Read and measure; nothing is written."""
    files = files_of_command_line()
    wkb = pyogrio.raw.read(files.parcels, layer="parcels", columns=[])[2]
    print(f"{shapely.area(shapely.from_wkb(wkb)).sum():.2f} m²")


if __name__ == "__main__":
    main()

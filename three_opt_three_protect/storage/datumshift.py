"""The planner's own transformation parameters, read from a file, and what they can be.

The file is YAML, one ``name: value`` a line, as ``core.datumshift.parse_shift`` takes them::

    dx: -12.345      # m
    dy: 3.21
    dz: 98.7
    rx: 0.12         # arc seconds
    ry: -0.034
    rz: 1.25
    m: -2.1          # ppm
    convention: coordinate_frame
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.datumshift import DatumShift, Limit, parse_shift
from three_opt_three_protect.storage.yamlfile import read_yaml


def read_shift(path: Path) -> DatumShift:
    """4 or 7 parameters from a YAML file.

    Raises
    ------
    CrsError
        As ``core.datumshift.parse_shift``.
    SchemaError
        ``resource_…`` errors with file and line.
    """
    return parse_shift({key: entry.text() for key, entry in read_yaml(path).mapping().items()}, shift_limits())


@cache
def shift_limits() -> Tuple[Limit, ...]:
    """What parameters there are and between what they lie (``resources/crs``)."""
    with paths.resource("crs", "shift_parameters.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Limit(row["model"], row["parameter"], row["unit"], float(row["least"]), float(row["most"]))
            for row in csv.DictReader(file)
        )

"""The planner's own transformation parameters, read from a file, and what they can be.

The file is YAML, one ``name: value`` a line, as ``core.datumshift.parse_shift`` takes them, and the datums they lead
from and to, by name or authority id::

    from: 1980西安坐标系
    to: 2000国家大地坐标系
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
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.datumshift import DatumShift, Limit, parse_shift
from three_opt_three_protect.storage.crs import zone_families
from three_opt_three_protect.storage.surveycrs import datum_name, datum_of
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml

_FROM, _TO = "from", "to"


def read_shift(path: Path) -> DatumShift:
    """4 or 7 parameters from a YAML file.

    Raises
    ------
    CrsError
        As ``core.datumshift.parse_shift``.
    SchemaError
        ``resource_…`` errors with file and line.
    """
    entries = dict(read_yaml(path).mapping((_FROM, _TO)))
    source, target = _datum(entries.pop(_FROM)), _datum(entries.pop(_TO))
    shift = parse_shift({key: entry.text() for key, entry in entries.items()}, shift_limits())
    return replace(shift, source=source, target=target)


def _datum(entry: Entry) -> str:
    written = "".join(entry.text().split()).upper()
    known = list(dict.fromkeys(family.datum for family in zone_families()))
    datum = written if written in known else datum_of(written)
    if not datum:
        entry.wrong(", ".join(datum_name(one) or one for one in known))
    return datum


@cache
def shift_limits() -> Tuple[Limit, ...]:
    """What parameters there are and between what they lie (``resources/crs``)."""
    with paths.resource("crs", "shift_parameters.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Limit(row["model"], row["parameter"], row["unit"], float(row["least"]), float(row["most"]))
            for row in csv.DictReader(file)
        )

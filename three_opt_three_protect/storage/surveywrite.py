"""Plots written as a survey coordinate file (勘测定界 TXT), whole or not at all."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.boundarypoints import BoundaryPoints, boundary_points
from three_opt_three_protect.core.errors import CrsError, InputError, Value
from three_opt_three_protect.core.findings import WARNING, Finding
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable, first_features
from three_opt_three_protect.storage.surveycrs import Zone, datum_name, zone_of
from three_opt_three_protect.storage.surveyforms import SurveyForm

Floats = NDArray[np.float64]
Texts = Mapping[str, Sequence[Optional[str]]]
"""Word of a plot's line (``number``, ``name``, ``sheet``, ``use``, ``class_code``) → one text a plot."""

_M2_OF_HA = 10_000.0
_MILLION = 1_000_000.0


@dataclass(frozen=True)
class SurveySheet:
    """Plots ready to be written: what the text file, the table and the layer of boundary points share.

    Attributes
    ----------
    points
        The boundary points, eastings as the layer has them.
    east
        ``(n,)`` float64, eastings as the form wants them: with the zone number or without.
    areas_ha
        ``(plots,)`` float64, hectares by the rounded coordinates, rounded as the form says.
    zone
        The zone the eastings are in.
    """

    points: BoundaryPoints
    east: Floats
    areas_ha: Floats
    zone: Zone


def survey_sheet(
    table: LayerTable, form: SurveyForm, decimals: Optional[int] = None, progress: Progress = SILENT
) -> SurveySheet:
    """Order, number and round the boundary points of ``table`` as ``form`` says.

    Parameters
    ----------
    table
        Polygons in a Gauss–Krüger zone; rows without geometry are passed over.
    decimals
        Digits of the coordinates; left out: the form's.

    Raises
    ------
    CrsError
        ``no_crs``, ``survey_needs_zone``.
    GeometryError
        ``ring_collapses``.
    """
    if table.crs is None:
        raise CrsError("no_crs", layer=table.name)
    zone = zone_of(table.crs)
    if zone is None:
        raise CrsError("survey_needs_zone", layer=table.name, crs=table.crs.authid or "?")
    points = boundary_points(table, form.numbering, form.decimals if decimals is None else decimals, progress)
    shift = zone.number * _MILLION * (int(form.zone_prefix) - int(zone.prefixed))
    areas = np.round(points.areas(len(table)) / _M2_OF_HA, form.area_decimals)
    return SurveySheet(points, points.xy[:, 0] + shift, areas, zone)


def survey_text(
    table: LayerTable, sheet: SurveySheet, form: SurveyForm, texts: Texts, day: str, maker: str = ""
) -> Tuple[str, Tuple[Finding, ...]]:
    """The file as text, lines ended by CR LF, and what had to be changed in names.

    Parameters
    ----------
    table, sheet
        The plots, and :func:`survey_sheet` of them.
    texts
        What stands in a plot's line; a word that is left out stays empty.
    day
        ISO date of the file.
    maker
        The office that hands it in.
    """
    plain = {word: [_plain(value, form) for value in values] for word, values in texts.items()}
    changed = [
        row
        for row in range(len(table))
        if any(plain[word][row] != (values[row] or "") for word, values in texts.items())
    ]
    lines = [f"[{form.header_section}]", *_header(sheet, form, day, maker), f"[{form.parcels_section}]"]
    body, rings = (
        _points_by_plot(sheet, form),
        np.bincount(sheet.points.row[sheet.points.closing], minlength=len(table)),
    )
    for row in range(len(table)):
        if row in body:
            uncounted = int(rings[row]) if form.closed and not form.counts_closing else 0
            lines.append(_plot_line(row, len(body[row]) - uncounted, sheet, form, plain))
            lines += body[row]
    content = "".join(line + "\r\n" for line in lines)
    if not changed:
        return content, ()
    features = first_features(table, changed)
    values: Mapping[str, Value] = {"layer": table.name, "count": len(changed), "features": features}
    return content, (Finding("survey_text_changed", WARNING, table.name, values),)


def encoded(content: str, encoding: str) -> bytes:
    """``content`` in GBK or UTF-8 (without BOM).

    Raises
    ------
    InputError
        ``survey_not_in_encoding``: names the character.
    """
    try:
        return content.encode(encoding)
    except UnicodeEncodeError as error:
        line = content.count("\n", 0, error.start) + 1
        sign = content[error.start]
        raise InputError("survey_not_in_encoding", sign=sign, line=line, encoding=encoding.upper()) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` as ``path``; a reader sees the old or the new file, never half of one.

    Raises
    ------
    InputError
        ``no_such_folder``, ``cannot_write``, ``not_written``.
    """
    if not path.absolute().parent.is_dir():
        raise InputError("no_such_folder", path=str(path.absolute().parent))
    try:
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.absolute().parent) as folder:
            draft = Path(folder) / path.name
            draft.write_bytes(content)
            os.replace(draft, path)
    except PermissionError as error:
        raise InputError("cannot_write", path=str(path)) from error
    except OSError as error:
        raise InputError("not_written", path=str(path), why=error.strerror or str(error)) from error


def _plain(value: Optional[str], form: SurveyForm) -> str:
    """A name that cannot be taken for a separator or for the end of the line: those signs in their full width."""
    wide = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in form.separator + form.end if "!" <= sign <= "~"}
    return " ".join((value or "").translate(wide).split())


def _header(sheet: SurveySheet, form: SurveyForm, day: str, maker: str) -> List[str]:
    decimals = sheet.points.decimals
    values = {
        "maker": " ".join(maker.split()),
        "date": day,
        "datum": datum_name(sheet.zone.datum),
        "step": sheet.zone.step,
        "zone": sheet.zone.number,
        "precision": f"{10.0**-decimals:.{decimals}f}",
    }
    return [f"{key}={value.format(**values)}" for key, value in form.header]


def _points_by_plot(sheet: SurveySheet, form: SurveyForm) -> Dict[int, List[str]]:
    """Row of a plot → its lines of points."""
    points, digits = sheet.points, sheet.points.decimals
    out: Dict[int, List[str]] = {}
    columns = (points.row, points.ring, points.number, points.closing, points.xy[:, 1], sheet.east)
    for row, ring, number, closing, north, east in zip(*(column.tolist() for column in columns)):
        if closing and not form.closed:
            continue
        words = {
            "point": f"{form.point_prefix}{number}",
            "ring": str(ring),
            "north": f"{north:.{digits}f}",
            "east": f"{east:.{digits}f}",
        }
        out.setdefault(row, []).append(form.separator.join(words.get(word, "") for word in form.vertex))
    return out


def _plot_line(row: int, count: int, sheet: SurveySheet, form: SurveyForm, texts: Mapping[str, List[str]]) -> str:
    words = {word: values[row] for word, values in texts.items()}
    words["count"] = str(count)
    words["area"] = f"{sheet.areas_ha[row]:.{form.area_decimals}f}"
    words["kind"], words["end"] = form.kind, form.end
    return form.separator.join(words.get(word, "") for word in form.parcel)

"""Survey coordinate files (勘测定界 TXT) read into a LayerTable.

Reading is tolerant of the form (:mod:`storage.surveyforms` says how forms differ) and strict about the
figures: a line that cannot be meant is an error with its number, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, NoReturn, Optional, Sequence, Set, Tuple, Union

import numpy as np
import shapely
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.extent import require_fitting
from three_opt_three_protect.core.findings import INFO, WARNING, Finding
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rings import polygon_of_rings
from three_opt_three_protect.core.tables import Column, CrsInfo, LayerTable, integer, real, text
from three_opt_three_protect.storage.surveycrs import DATUM_KEY, METRE, UNIT_KEY, Axes, axes_of, datum_of, stated_crs
from three_opt_three_protect.storage.surveyforms import SurveyForm, load_forms

Floats = NDArray[np.float64]

_LINES = re.compile("\r\n|\r|\n")
_BETWEEN_LOOKS = 20_000
"""Lines between two looks at the cancel button."""
_COUNT_DIGITS = 9
"""A count or a ring's number with more digits is none."""
_M2_OF_HA = 10_000.0
_SEEN = 100
"""Characters of a path that a message shows: its end tells one file from another."""


@dataclass(frozen=True)
class SurveyText:
    """What survey files hold: plots, and what the planner should know of the reading."""

    table: LayerTable
    findings: Tuple[Finding, ...]


@dataclass
class _Plot:
    """One plot's line and its points, as they stand."""

    line: int
    fields: List[str]
    points: List[Tuple[int, List[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    """A plot understood: its entries by word, its rings with the coordinates in the order of the file.

    ``points`` are its boundary points, closing points left out.
    """

    line: int
    entries: Mapping[str, str]
    rings: Tuple[Floats, ...]
    points: int


@dataclass
class _Reading:
    """What is known while a file is read."""

    file: str
    findings: List[Finding] = field(default_factory=list)

    def fail(self, message_id: str, line: int, **values: Union[str, int, float]) -> NoReturn:
        """Raise: this line cannot be meant."""
        raise InputError(message_id, file=self.file, line=line, **values)

    def note(self, finding_id: str, severity: str, **values: Union[str, int, float]) -> None:
        """Say something that does not stop the reading."""
        self.findings.append(Finding(finding_id, severity, self.file, {"file": self.file, **values}))


def read_survey_files(
    files: Sequence[Path],
    form: Optional[SurveyForm] = None,
    crs: Optional[CrsInfo] = None,
    axes: Axes = Axes.AUTO,
    progress: Progress = SILENT,
) -> SurveyText:
    """Read one or several files of the same coordinate system; see :func:`read_survey`.

    Raises
    ------
    InputError
        ``no_such_file``, ``survey_unreadable`` and those of :func:`read_survey`.
    CrsError
        ``survey_two_crs``: the files state different coordinate systems.
    """
    read = []
    for number, path in enumerate(files):
        progress.check(number / len(files))
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise InputError("no_such_file", path=str(path)[-_SEEN:]) from error
        except OSError as error:
            raise InputError("survey_unreadable", file=path.name, why=error.strerror or str(error)) from error
        read.append(read_survey(data, path.name, form, crs, axes, progress, str(path)))
    first = read[0].table.crs
    for item in read:
        if first is not None and item.table.crs is not None and item.table.crs.authid != first.authid:
            one, other = read[0].table.name, item.table.name
            raise CrsError("survey_two_crs", one=one, crs=first.authid, other=other, other_crs=item.table.crs.authid)
    findings = [finding for item in read for finding in item.findings]
    table = _joined([item.table for item in read], ";".join(str(path) for path in files))
    return SurveyText(table, tuple(findings) + tuple(_twice(table)))


def read_survey(
    data: bytes,
    file: str,
    form: Optional[SurveyForm] = None,
    crs: Optional[CrsInfo] = None,
    axes: Axes = Axes.AUTO,
    progress: Progress = SILENT,
    source: str = "",
) -> SurveyText:
    """Read the content of one file.

    Parameters
    ----------
    data
        In UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030 (which GBK is part of).
    file
        As the planner knows it; named in errors and findings, and the layer's name.
    form
        Left out: the one whose lines of points are like those of the file.
    crs
        Chosen by the planner; left out: what the header states. A datum is never guessed.
    axes
        Which coordinate stands first; ``AUTO``: by their size, else as the form says.
    progress
        Asked every some thousand lines.
    source
        Path, for provenance.

    Returns
    -------
    SurveyText
        Columns ``plot_id``, ``name``, ``area_ha`` (as stated), ``map_sheet``, ``use``, ``class_code``,
        ``points``, ``rings``, ``file``, ``line``; one polygon or multipolygon a plot.

    Raises
    ------
    InputError
        ``survey_…``: names the file and the line.
    CrsError
        ``survey_no_datum``, ``survey_no_zone``, ``survey_zone_differs``, ``survey_unit``,
        ``coordinates_outside_crs``.
    """
    reading = _Reading(file)
    header, plots, end = _sections(_decoded(data, reading), reading, form, progress)
    if not plots:
        reading.fail("survey_no_plots", 1)
    used = form or _guessed_form(plots, reading)
    progress.check(0.0)
    read = _plots(plots, used, reading, progress, strict=form is not None)
    if not read:
        reading.fail("survey_no_plots", end)
    turned = _in_order(read, used, axes, reading)
    east = np.concatenate([ring[:, 0] for plot in turned for ring in plot.rings])
    found = _crs(header, east, crs, reading)
    table = _table(turned, found, used, file, source)
    require_fitting(table)
    _check_shapes(table, used, reading)
    return SurveyText(table, tuple(reading.findings))


def _decoded(data: bytes, reading: _Reading) -> str:
    """The text, strictly: what is in none of the encodings is told with its line."""
    if not data.strip():
        raise InputError("survey_empty", file=reading.file)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Tuple[str, ...] = ("utf-16",)
    else:
        if b"\0" in data:
            reading.fail("survey_nul", data[: data.index(b"\0")].count(b"\n") + 1)
        encodings = ("utf-8-sig", "gb18030")
    furthest = 0
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    return reading.fail("survey_encoding", data[:furthest].count(b"\n") + 1)


def _sections(
    content: str, reading: _Reading, form: Optional[SurveyForm], progress: Progress
) -> Tuple[Dict[str, str], List[_Plot], int]:
    """Header, plots with their points, and the number of the last line."""
    forms = [form] if form is not None else list(load_forms().values())
    headers, parcels = {one.header_section for one in forms}, {one.parcels_section for one in forms}
    separators, ends = {one.separator for one in forms}, {one.end for one in forms}
    header: Dict[str, str] = {}
    plots: List[_Plot] = []
    section, number = "", 0
    for number, raw in enumerate(_LINES.split(content), 1):
        if number % _BETWEEN_LOOKS == 0:
            progress.check(0.0)
        line = raw.strip().replace("【", "[").replace("】", "]")
        if not line:
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
            if section not in headers | parcels:
                reading.fail("survey_unknown_section", number, section=section)
        elif not section:
            reading.fail("survey_no_section", number, sections="".join(f"[{name}]" for name in sorted(parcels)))
        elif section in headers:
            key, equals, value = line.partition("=")
            if not equals:
                reading.note("survey_line_passed_over", WARNING, line=number, text=line[:30])
            header[key.strip()] = value.strip()
        else:
            entries = [entry.strip() for entry in re.split("|".join(map(re.escape, separators)), line)]
            _add(plots, entries, number, ends, reading)
    return header, plots, number


def _add(plots: List[_Plot], entries: List[str], number: int, ends: Set[str], reading: _Reading) -> None:
    if entries[-1] in ends:
        plots.append(_Plot(number, entries))
    elif plots:
        plots[-1].points.append((number, entries))
    else:
        reading.fail("survey_point_without_plot", number, text=",".join(entries)[:30])


def _guessed_form(plots: Sequence[_Plot], reading: _Reading) -> SurveyForm:
    """The form whose lines of points are like the first one of the file."""
    lines = [line for plot in plots for line in plot.points]
    if not lines:
        reading.fail("survey_count", plots[0].line, stated=plots[0].fields[0] or "–", found=0)
    number, entries = lines[0]
    for form in load_forms().values():
        if _fits(form, entries):
            reading.note("survey_form_found", INFO, form=form.id)
            return form
    return reading.fail("survey_form_unknown", number, text=",".join(entries)[:40])


def _fits(form: SurveyForm, entries: Sequence[str]) -> bool:
    found = _by_word(form.vertex, entries)
    if found is None or not _is_whole(found["ring"]):
        return False
    return all(_number(found[word]) is not None for word in ("north", "east"))


def _by_word(words: Sequence[str], entries: Sequence[str]) -> Optional[Dict[str, str]]:
    """The entries of a line by what they mean, None where their number is another; empty ones at the end are free."""
    kept = list(entries)
    while len(kept) > len(words) and not kept[-1]:
        kept.pop()
    if len(kept) != len(words):
        return None
    return {word: entry for word, entry in zip(words, kept) if word != "blank"}


def _is_whole(entry: str) -> bool:
    """A whole number a file can count to; ``²`` is a digit and none."""
    return entry.isdecimal() and len(entry) <= _COUNT_DIGITS


def _number(entry: str) -> Optional[float]:
    try:
        value = float(entry)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _plots(
    plots: Sequence[_Plot], form: SurveyForm, reading: _Reading, progress: Progress, strict: bool
) -> List[_Read]:
    """Every plot understood; what is no polygon is left out and told."""
    total = sum(len(plot.points) for plot in plots)
    done, looked = 0, 0
    out = []
    for plot in plots:
        entries = _plot_entries(plot, form, reading, strict)
        kind = entries.get("kind", "")
        if kind and kind != form.kind:
            reading.note("survey_not_polygon", WARNING, line=plot.line, kind=kind)
        else:
            out.append(_plot(plot, entries, form, reading))
        done += len(plot.points)
        if done - looked >= _BETWEEN_LOOKS:
            looked = done
            progress.check(done / total)
    return out


def _plot_entries(plot: _Plot, form: SurveyForm, reading: _Reading, strict: bool) -> Dict[str, str]:
    """The entries of a plot's line; without a form stated also where there are more, or fewer, than usual."""
    found = _by_word(form.parcel, plot.fields)
    if found is not None:
        return found
    if strict:
        reading.fail("survey_fields", plot.line, found=len(plot.fields), expected=len(form.parcel))
    reading.note("survey_other_fields", INFO, line=plot.line, found=len(plot.fields), expected=len(form.parcel))
    words = [word for word in form.parcel if word != "end"]
    return {word: entry for word, entry in zip(words, plot.fields[:-1]) if word != "blank"}


def _plot(plot: _Plot, entries: Dict[str, str], form: SurveyForm, reading: _Reading) -> _Read:
    rings = _rings(plot, form, reading)
    if not _is_whole(entries["count"]):
        reading.fail("survey_not_a_number", plot.line, text=entries["count"] or "–")
    stated, found = int(entries["count"]), len(plot.points)
    uncounted = len(rings) if form.closed else 0
    if stated not in (found, found - uncounted):
        reading.fail("survey_count", plot.line, stated=stated, found=found)
    if form.counts_closing and stated != found:
        reading.note("survey_closing_not_counted", INFO, line=plot.line)
    area = entries.get("area", "")
    if area and _number(area) is None:
        reading.note("survey_area_unread", WARNING, line=plot.line, text=area[:30])
    return _Read(plot.line, entries, tuple(rings), sum(len(ring) - 1 for ring in rings))


def _rings(plot: _Plot, form: SurveyForm, reading: _Reading) -> List[Floats]:
    """The rings of a plot, coordinates in the order of the file; where the ring's number changes another begins."""
    rings: List[List[Tuple[float, float]]] = []
    lines: List[int] = []
    last = ""
    for line, fields in plot.points:
        found = _by_word(form.vertex, fields)
        if found is None:
            reading.fail("survey_fields", line, found=len(fields), expected=len(form.vertex))
        if not _is_whole(found["ring"]):
            reading.fail("survey_not_a_number", line, text=found["ring"] or "–")
        first, second = ("north", "east") if form.north_first else ("east", "north")
        values = [_number(found[word]) for word in (first, second)]
        if values[0] is None or values[1] is None:
            reading.fail("survey_not_a_number", line, text=found[first if values[0] is None else second] or "–")
        if found["ring"] != last or (form.closed and _is_closed(rings[-1])):
            rings.append([])
            lines.append(line)
        last, lines[-1] = found["ring"], line
        rings[-1].append((values[0], values[1]))
    return [_closed(ring, line, form, reading) for ring, line in zip(rings, lines)]


def _is_closed(ring: Sequence[Tuple[float, float]]) -> bool:
    return len(ring) > 3 and ring[0] == ring[-1]


def _closed(ring: List[Tuple[float, float]], line: int, form: SurveyForm, reading: _Reading) -> Floats:
    """The ring, closed as the form says; ``line`` is that of its last point."""
    if len(set(ring)) < 3:
        reading.fail("survey_too_few_points", line, found=len(set(ring)))
    if not form.closed and ring[0] != ring[-1]:
        ring = [*ring, ring[0]]
    if ring[0] != ring[-1]:
        gap = float(np.hypot(ring[0][0] - ring[-1][0], ring[0][1] - ring[-1][1]))
        reading.fail("survey_ring_open", line, gap=gap)
    return np.array(ring, dtype=np.float64)


def _in_order(plots: Sequence[_Read], form: SurveyForm, axes: Axes, reading: _Reading) -> List[_Read]:
    """The plots with east as first and north as second coordinate."""
    first = np.concatenate([ring[:, 0] for plot in plots for ring in plot.rings])
    second = np.concatenate([ring[:, 1] for plot in plots for ring in plot.rings])
    usual = Axes.XY if form.north_first else Axes.YX
    seen = axes_of(first, second)
    found = seen if axes is Axes.AUTO else axes
    if found is None:
        raise InputError("survey_axes", file=reading.file)
    if found != usual:
        reading.note("survey_axes_found", WARNING if axes is Axes.AUTO else INFO, axes=found.value)
    if seen is not None and found != seen:
        reading.note("survey_axes_unlikely", WARNING, axes=found.value, likely=seen.value)
    if found is Axes.YX:
        return list(plots)
    return [_Read(plot.line, plot.entries, tuple(ring[:, ::-1] for ring in plot.rings), plot.points) for plot in plots]


def _crs(header: Mapping[str, str], east: Floats, chosen: Optional[CrsInfo], reading: _Reading) -> CrsInfo:
    unit = header.get(UNIT_KEY, METRE) or METRE
    if unit != METRE and chosen is None:
        raise CrsError("survey_unit", file=reading.file, unit=unit)
    if chosen is None:
        found = stated_crs(header, east, reading.file)
        reading.note("survey_crs_found", INFO, crs=found.authid)
        return found
    stated = datum_of(header.get(DATUM_KEY, ""))
    if stated and stated != chosen.datum:
        crs = chosen.authid or chosen.datum
        reading.note("survey_crs_overridden", WARNING, stated=header[DATUM_KEY], crs=crs)
    return chosen


def _table(plots: Sequence[_Read], crs: CrsInfo, form: SurveyForm, file: str, source: str) -> LayerTable:
    shapes = np.empty(len(plots), dtype=np.object_)
    for row, plot in enumerate(plots):
        shapes[row] = polygon_of_rings(plot.rings)

    def texts(word: str, alias: str, width: int) -> Column:
        return text([plot.entries.get(word) or None for plot in plots], alias=alias, width=width)

    # A form with room for one of the two has the plot's number there, or its name where it has no other.
    number, name = (word if word in form.parcel else other for word, other in (("number", "name"), ("name", "number")))
    areas = [_number(plot.entries.get("area", "")) for plot in plots]
    columns = {
        "plot_id": texts(number, "地块编号", 100),
        "name": texts(name, "地块名称", 100),
        "area_ha": real([np.nan if area is None else area for area in areas], alias="记载面积", width=18, decimals=4),
        "map_sheet": texts("sheet", "图幅号", 60),
        "use": texts("use", "地块用途", 60),
        "class_code": texts("class_code", "地类编码", 20),
        "points": integer([plot.points for plot in plots], alias="界址点数"),
        "rings": integer([len(plot.rings) for plot in plots], alias="圈数"),
        "file": text([file] * len(plots), alias="文件", width=200),
        "line": integer([plot.line for plot in plots], alias="行号"),
    }
    return LayerTable(file, np.arange(1, len(plots) + 1, dtype=np.int64), shapes, columns, crs, source or file)


def _check_shapes(table: LayerTable, form: SurveyForm, reading: _Reading) -> None:
    """Say which plots cross themselves, and which are drawn larger or smaller than stated."""
    lines = table.columns["line"].values
    for row in np.flatnonzero(~shapely.is_valid(table.shapes)):
        reading.note("survey_invalid", WARNING, line=int(lines[row]))
    if table.crs is None or table.crs.is_geographic:
        return
    stated = table.columns["area_ha"].values
    drawn = shapely.area(table.shapes) * table.crs.metres_per_unit**2 / _M2_OF_HA
    with np.errstate(invalid="ignore"):
        # A stated area is rounded: half of its last digit is no difference.
        half = 0.5 * 10.0**-form.area_decimals
        differs = np.abs(stated - drawn) > np.maximum(form.area_tolerance * drawn, half)
    for row in np.flatnonzero(differs):
        reading.note(
            "survey_area_differs", WARNING, line=int(lines[row]), stated=float(stated[row]), drawn=float(drawn[row])
        )


def _twice(table: LayerTable) -> List[Finding]:
    """Plot numbers that stand more than once."""
    counts: Dict[str, int] = {}
    for plot_id in table.columns["plot_id"].values:
        if plot_id is not None:
            counts[plot_id] = counts.get(plot_id, 0) + 1
    names = [plot_id for plot_id, count in counts.items() if count > 1]
    if not names:
        return []
    return [Finding("survey_number_twice", WARNING, table.name, {"count": len(names), "names": ", ".join(names)})]


def _joined(tables: Sequence[LayerTable], source: str) -> LayerTable:
    """The plots of all files, numbered through."""
    first = tables[0]
    if len(tables) == 1:
        return first
    columns = {
        name: Column(
            np.concatenate([table.columns[name].values for table in tables]),
            column.kind,
            alias=column.alias,
            width=column.width,
            decimals=column.decimals,
        )
        for name, column in first.columns.items()
    }
    shapes = np.concatenate([table.shapes for table in tables])
    fid = np.arange(1, len(shapes) + 1, dtype=np.int64)
    return LayerTable(first.name, fid, shapes, columns, first.crs, source)

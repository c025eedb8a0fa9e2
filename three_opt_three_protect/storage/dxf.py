"""Drawings (DXF) read: polylines by layer and texts, everything else counted.

A reader of its own, because GDAL does not say of older drawings whether a line was a polyline or a
circle, and takes Chinese layer names for Western letters where the code page is not stated or wrong.
Source: Autodesk DXF Reference, group codes of LWPOLYLINE, POLYLINE, VERTEX, TEXT and MTEXT.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from io import BytesIO
from typing import Dict, Iterator, List, NoReturn, Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.arcs import arc_points
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress

Floats = NDArray[np.float64]
_Pairs = List[Tuple[int, bytes]]

_BETWEEN_LOOKS = 50_000
"""Pairs of lines between two looks at the cancel button."""
_MULTIBYTE = {"ANSI_936": "gb18030", "GB2312": "gb18030", "ANSI_950": "cp950", "ANSI_932": "cp932", "ANSI_949": "cp949"}
_HEAD = 65_536
"""Bytes among which the version and the code page stand."""
_DWG, _BINARY = re.compile(rb"AC\d{4}"), b"AutoCAD Binary DXF"
_CLOSED, _SPLINE_FRAME, _MESHES = 1, 16, 16 | 64
_MIRRORED = (0.0, 0.0, -1.0)
_PLAIN = (0.0, 0.0, 1.0)

# MTEXT: paragraph, no-break space, formats with an argument, switches, stacks, braces
_FORMATS = (
    (re.compile(r"\\P|\\~|\^J"), " "),
    (re.compile(r"\\[fFHCcWQTAp][^;\\]*;"), ""),
    (re.compile(r"\\[LlOoKk]"), ""),
    (re.compile(r"\\S([^;]*);"), r"\1"),
    (re.compile(r"(?<!\\)[{}]"), ""),
    (re.compile(r"\\([\\{}])"), r"\1"),
)
_SIGNS = (("%%d", "°"), ("%%p", "±"), ("%%c", "⌀"), ("%%u", ""), ("%%o", ""))
_UNICODE = re.compile(r"\\U\+([0-9A-Fa-f]{4})")


@dataclass(frozen=True)
class Line:
    """A polyline: its layer, its handle in the drawing, its points with arcs drawn out.

    ``points`` are ``(n, 2)`` float64; of a closed one first and last are equal.
    """

    layer: str
    handle: str
    points: Floats

    @property
    def is_closed(self) -> bool:
        """First and last point are the same."""
        return len(self.points) > 1 and bool((self.points[0] == self.points[-1]).all())

    @property
    def gap(self) -> float:
        """From the last point to the first."""
        return float(np.hypot(*(self.points[-1] - self.points[0])))


@dataclass(frozen=True)
class Label:
    """A text, where it stands, on which layer, and how high it is (0 = not stated)."""

    text: str
    x: float
    y: float
    layer: str
    height: float = 0.0


@dataclass
class Drawing:
    """What a drawing holds.

    Attributes
    ----------
    lines, labels
        Polylines and texts of the model space.
    passed_over
        Kind of entity → how many were not read.
    encoding, stated
        How its texts were read, and the code page it states (``""`` = none).
    """

    lines: List[Line] = field(default_factory=list)
    labels: List[Label] = field(default_factory=list)
    passed_over: Dict[str, int] = field(default_factory=dict)
    encoding: str = ""
    stated: str = ""


def read_dxf(data: bytes, file: str, progress: Progress = SILENT) -> Drawing:
    """Read the content of a drawing.

    Parameters
    ----------
    data
        A DXF in text form, of any version.
    file
        As the planner knows it; named in errors.
    progress
        Asked every some thousand lines.

    Raises
    ------
    InputError
        ``survey_empty``, ``dxf_is_dwg``, ``dxf_binary``, ``dxf_bad_line``, ``dxf_cut_short``.
    """
    data = data[len(BOM_UTF8) :] if data.startswith(BOM_UTF8) else data
    if not data.strip():
        raise InputError("survey_empty", file=file)
    if _DWG.match(data):
        raise InputError("dxf_is_dwg", file=file)
    if data.startswith(_BINARY):
        raise InputError("dxf_binary", file=file)
    reader = _Reader(file, len(data), progress)
    reader.drawing.stated, reader.drawing.encoding = encoding_of(data)
    for pairs in _entities(reader.pairs(data), reader):
        reader.take(pairs)
    return reader.drawing


def encoding_of(data: bytes) -> Tuple[str, str]:
    """The code page a drawing states, and the encoding its texts are read in.

    UTF-8 where the whole of it is UTF-8, as since AutoCAD 2007; else an East Asian code page that is
    stated; else GB18030, where all of it can be: drawings say ANSI_1252 whose names are Chinese.
    """
    found = re.search(rb"\$DWGCODEPAGE\s+3\s+(\S+)", data[:_HEAD])
    stated = found.group(1).decode("ascii", "replace").upper() if found else ""
    for encoding in ("utf-8", _MULTIBYTE.get(stated, "gb18030"), "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return stated, encoding
    return stated, "cp1252"


def _entities(pairs: Iterator[Tuple[int, bytes]], reader: _Reader) -> Iterator[_Pairs]:
    """The entities of the model: each from its code 0 to the next."""
    section, named = b"", False
    entity: _Pairs = []
    for code, value in pairs:
        if code == 0:
            if section == b"ENTITIES" and entity:
                yield entity
            entity = [(code, value)]
            named = value == b"SECTION"
            if value == b"ENDSEC":
                section, entity = b"", []
            if value == b"EOF":
                return
        elif code == 2 and named:
            section, entity, named = value, [], False
        elif section == b"ENTITIES":
            entity.append((code, value))
    reader.fail("dxf_cut_short")


class _Reader:
    """One drawing being read."""

    def __init__(self, file: str, size: int, progress: Progress) -> None:
        self.file, self.size, self.progress = file, size, progress
        self.drawing = Drawing()
        self.line = 0
        self._polyline: Optional[_Pairs] = None
        self._vertices: List[Dict[int, bytes]] = []

    def fail(self, message_id: str) -> NoReturn:
        """Raise: the drawing cannot be read from here."""
        raise InputError(message_id, file=self.file, line=self.line)

    def pairs(self, data: bytes) -> Iterator[Tuple[int, bytes]]:
        """Group codes and values."""
        lines = BytesIO(data)
        for first in lines:
            self.line += 2
            if self.line % (2 * _BETWEEN_LOOKS) == 0:
                self.progress.check(lines.tell() / self.size)
            try:
                code = int(first)
            except ValueError:
                if not first.strip() and not lines.read(1):
                    return  # an empty line at the end
                self.line -= 1
                self.fail("dxf_bad_line")
            value = lines.readline()
            if not value:
                self.fail("dxf_cut_short")
            yield code, value.strip()

    def take(self, pairs: _Pairs) -> None:
        """Keep an entity, or count it."""
        kind = pairs[0][1].decode("ascii", "replace").upper()
        codes = dict(pairs)  # the last of a repeated code
        if kind == "VERTEX" and self._polyline is not None:
            self._vertices.append(codes)
        elif kind == "SEQEND" and self._polyline is not None:
            self._end_polyline(self._polyline)
        elif codes.get(67) == b"1":
            self._pass_over("PAPER SPACE")
        elif kind == "POLYLINE":
            self._polyline, self._vertices = pairs, []
        elif kind == "LWPOLYLINE":
            self._keep(pairs, _light_vertices(pairs, self), self._flags(codes))
        elif kind in ("TEXT", "MTEXT"):
            self._keep_label(kind, pairs, codes)
        elif kind not in ("SEQEND", "ATTRIB"):
            self._pass_over(kind)

    def _pass_over(self, kind: str) -> None:
        self.drawing.passed_over[kind] = self.drawing.passed_over.get(kind, 0) + 1

    def _end_polyline(self, pairs: _Pairs) -> None:
        flags = self._flags(dict(pairs))
        self._polyline = None
        if flags & _MESHES:
            self._pass_over("MESH")
            return
        frames = [codes for codes in self._vertices if not self._flags(codes) & _SPLINE_FRAME]
        vertices = [(self._number(codes, 10), self._number(codes, 20), self._number(codes, 42)) for codes in frames]
        self._keep(pairs, vertices, flags)

    def _keep(self, pairs: _Pairs, vertices: List[Tuple[float, float, float]], flags: int) -> None:
        codes = dict(pairs)
        facing = tuple(self._number(codes, code, default) for code, default in zip((210, 220, 230), _PLAIN))
        if facing not in (_PLAIN, _MIRRORED):
            self._pass_over("TILTED")
            return
        if facing == _MIRRORED:
            vertices = [(-x, y, -bulge) for x, y, bulge in vertices]
        if len(vertices) < 2:
            self._pass_over("POINTLESS")
            return
        with np.errstate(over="ignore", invalid="ignore"):
            points = _drawn_out(vertices, bool(flags & _CLOSED))
        if not np.isfinite(points).all():
            self.fail("dxf_bad_line")  # an arc of infinite radius
        self.drawing.lines.append(Line(self.text(codes.get(8, b"0")), self.text(codes.get(5, b"")), points))

    def _keep_label(self, kind: str, pairs: _Pairs, codes: Dict[int, bytes]) -> None:
        raw = b"".join(value for code, value in pairs if code in (1, 3))
        text = self.text(raw)
        if kind == "MTEXT":
            for pattern, plain in _FORMATS:
                text = pattern.sub(plain, text)
        for sign, plain in _SIGNS:
            text = text.replace(sign, plain).replace(sign.upper(), plain)
        text = " ".join(text.split())
        # A text that is not set flush left stands at its second point.
        aligned = kind == "TEXT" and 11 in codes and any(self._flags(codes, code) for code in (72, 73))
        x, y = (self._number(codes, code + int(aligned)) for code in (10, 20))
        if text:
            self.drawing.labels.append(Label(text, x, y, self.text(codes.get(8, b"0")), self._number(codes, 40)))

    def text(self, raw: bytes) -> str:
        """A text of the drawing in the encoding found."""
        plain = raw.decode(self.drawing.encoding, "replace")
        if "\\U+" not in plain:
            return plain
        units = _UNICODE.sub(lambda found: chr(int(found.group(1), 16)), plain)
        # Rare characters are written as two numbers.
        return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _flags(self, codes: Dict[int, bytes], code: int = 70) -> int:
        return int(self._number(codes, code))

    def _number(self, codes: Dict[int, bytes], code: int, default: float = 0.0) -> float:
        return self.number(codes[code]) if code in codes else default

    def number(self, raw: bytes) -> float:
        """A number of the drawing."""
        try:
            value = float(raw)
        except ValueError:
            self.fail("dxf_bad_line")
        if not np.isfinite(value):
            self.fail("dxf_bad_line")
        return value


def _light_vertices(pairs: _Pairs, reader: _Reader) -> List[Tuple[float, float, float]]:
    """(x, y, bulge) of an LWPOLYLINE, whose vertices are pairs one after the other."""
    out: List[Tuple[float, float, float]] = []
    for code, value in pairs:
        if code == 10:
            out.append((reader.number(value), 0.0, 0.0))
        elif code == 20 and out:
            out[-1] = (out[-1][0], reader.number(value), 0.0)
        elif code == 42 and out:
            out[-1] = (out[-1][0], out[-1][1], reader.number(value))
    return out


def _drawn_out(vertices: List[Tuple[float, float, float]], closed: bool) -> Floats:
    """The points of a polyline, arcs drawn out, the first again at the end of a closed one; no point twice running."""
    array = np.array(vertices, dtype=np.float64)
    points, bulges = array[:, :2], array[:, 2]
    if closed and (points[0] != points[-1]).any():
        points, bulges = np.vstack([points, points[:1]]), np.append(bulges, 0.0)
    pieces = []
    for at in range(len(points) - 1):
        pieces.append(points[at : at + 1])
        if bulges[at]:
            pieces.append(arc_points(points[at], points[at + 1], float(bulges[at])))
    out = np.vstack([*pieces, points[-1:]])
    kept = np.ones(len(out), dtype=np.bool_)
    kept[1:] = (out[1:] != out[:-1]).any(axis=1)
    return out[kept]

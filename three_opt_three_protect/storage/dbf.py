"""The encoding of a shapefile's attributes: what it states, and whether that is true.

Order of the domain notes (05-crs-and-encoding): .cpg, language byte, strict UTF-8, GB18030.  What is stated is
held against the text itself, because a wrong statement turns names into nonsense without a word.
"""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import AbstractSet, BinaryIO, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

import numpy as np

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import InputError, Value

CPG, LANGUAGE_BYTE, UTF8, GB18030, CHOSEN = "cpg", "language_byte", "utf8", "gb18030", "chosen"
SUFFIXES = (".shp", ".dbf")

Notes = List[Tuple[str, Dict[str, Value]]]
"""Message ids and their values."""

_HEADER = 32
_DESCRIPTOR = 32
_NAME_BYTES = 11
_LANGUAGE_BYTE = 29
_END_OF_FIELDS = 0x0D
_ASCII = 0x80
_CHUNK = 50_000
"""Records at a time."""
_FIRST_WIDE, _LATIN = 0x2E80, range(0xA0, 0x250)
"""Unicode: from the first on characters are Chinese, Japanese or Korean; the others are western."""


@dataclass(frozen=True)
class DbfEncoding:
    """How the text of a shapefile or DBF is to be read.

    Attributes
    ----------
    encoding
        A name Python, GDAL and Qt know.
    why
        ``cpg`` or ``language_byte``: it is stated and fits; ``utf8``: the text is valid UTF-8;
        ``gb18030``: it is not, and is valid GB18030; ``chosen``: by the planner, and fits.
    stated
        What the .cpg file says (or the language byte, as ``"0x4D"``) where it was not followed: it contradicts the
        text, or ``is_known`` is False.
    is_known
        Whether ``stated`` names an encoding.
    is_plain
        All text is ASCII: every encoding reads it.
    cut_names
        Field names that end inside a character, as far as they can be read.
    cut_values
        How many different texts end inside a character.
    """

    encoding: str
    why: str
    stated: str = ""
    is_known: bool = True
    is_plain: bool = False
    cut_names: Tuple[str, ...] = ()
    cut_values: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether something ends inside a character, which a reader of whole characters refuses."""
        return bool(self.cut_names or self.cut_values)

    def notes(self, layer: str) -> Notes:
        """What the planner is told: message ids and values, none where all is as stated."""
        said: Notes = []
        if self.stated and not self.is_plain:
            told = "encoding_stated_wrongly" if self.is_known else "encoding_stated_unknown"
            said.append((told, {"layer": layer, "stated": self.stated, "encoding": self.encoding}))
        elif self.why in (UTF8, GB18030) and not self.is_plain:
            said.append(("log_encoding", {"layer": layer, "encoding": self.encoding}))
        if self.cut_names:
            said.append(("field_names_cut", {"layer": layer, "fields": ", ".join(self.cut_names)}))
        if self.cut_values:
            said.append(("texts_cut", {"layer": layer, "count": self.cut_values}))
        return said


def dbf_encoding(path: Path, chosen: str = "") -> Optional[DbfEncoding]:
    """The encoding to read a shapefile or DBF with; None for any other format and where there is no table.

    Parameters
    ----------
    chosen
        What the planner chose, which comes before what the file states; ``""`` = nothing.

    Raises
    ------
    InputError
        ``dbf_truncated``, ``not_a_vector_file`` (no DBF), ``text_not_readable`` (neither what is stated, nor UTF-8,
        nor GB18030).
    """
    table = sibling(path, ".dbf") if path.suffix.lower() in SUFFIXES else None
    if table is None:
        return None
    with table.open("rb") as file:
        head = read_head(file, table)
        words = _words(file, head)
    stated, codec, why = (chosen, _codec_of(chosen), CHOSEN) if chosen else _statement(table, head.language)
    names = [name for name in head.names if not name.isascii()]
    judged = _judged(codec, {*words, *names})
    if judged is None:
        tried = ", ".join(dict.fromkeys(filter(None, (codec, "UTF-8", "GB18030"))))
        raise InputError("text_not_readable", layer=path.stem, encoding=tried)
    followed = judged == codec
    return DbfEncoding(
        judged,
        why if followed else UTF8 if judged == "UTF-8" else GB18030,
        "" if followed else stated,
        codec is not None or not stated,
        not (words or names),
        tuple(_whole_part(name, judged) for name in names if _cut(name, judged)),
        sum(_cut(word, judged) for word in words),
    )


def stated_encoding(path: Path) -> Optional[str]:
    """The encoding a shapefile or DBF states, true or not; None where it states none."""
    table = sibling(path, ".dbf") if path.suffix.lower() in SUFFIXES else None
    if table is None:
        return None
    with table.open("rb") as file:
        header = file.read(_HEADER)
    return _statement(table, header[_LANGUAGE_BYTE])[1] if len(header) == _HEADER else None


def known_encoding(name: str) -> str:
    """The encoding called ``name``, as a .cpg file or a planner writes it.

    Raises
    ------
    InputError
        ``unknown_encoding``.
    """
    found = _codec_of(name)
    if found is None:
        raise InputError("unknown_encoding", encoding=name)
    return found


def sibling(path: Path, suffix: str) -> Optional[Path]:
    """The part of a shapefile with ``suffix``, in lower or upper case; None where there is none."""
    for one in (suffix, suffix.upper()):
        if path.with_suffix(one).exists():
            return path.with_suffix(one)
    return None


class Head(NamedTuple):
    """Header of a DBF: what it states of its records, and where text stands in one."""

    rows: int
    length: int
    record: int
    language: int
    names: Sequence[bytes]
    texts: Sequence[slice]


def read_head(file: BinaryIO, path: Path) -> Head:
    """The header of an open DBF (dBASE III and later, Xbase file format description).

    Raises
    ------
    InputError
        ``not_a_vector_file``, ``dbf_truncated``: names how many records are there.
    """
    first = file.read(_HEADER)
    if len(first) < _HEADER:
        raise InputError("not_a_vector_file", path=path.name)
    rows, length = int.from_bytes(first[4:8], "little"), int.from_bytes(first[8:10], "little")
    record = int.from_bytes(first[10:12], "little")
    there = path.stat().st_size - length
    if there < 0 or record == 0:
        raise InputError("not_a_vector_file", path=path.name)
    if there < rows * record:
        raise InputError("dbf_truncated", path=path.name, count=there // record, stated=rows)
    names, texts = [], []
    start = 1  # the first byte of a record marks a deleted one
    for field in _descriptors(file.read(length - _HEADER)):
        names.append(field[:_NAME_BYTES].split(b"\0")[0])
        width = field[16] + (field[17] << 8 if field[11:12] == b"C" else 0)
        if field[11:12] == b"C":
            texts.append(slice(start, start + width))
        start += width
    return Head(rows, length, record, first[_LANGUAGE_BYTE], names, texts)


def _descriptors(block: bytes) -> Iterator[bytes]:
    for start in range(0, len(block) - _DESCRIPTOR + 1, _DESCRIPTOR):
        if block[start] == _END_OF_FIELDS:
            return
        yield block[start : start + _DESCRIPTOR]


def _words(file: BinaryIO, head: Head) -> Set[bytes]:
    """The different texts that are not ASCII, without the blanks behind them."""
    found: Set[bytes] = set()
    file.seek(head.length)
    for start in range(0, head.rows, _CHUNK):
        count = min(_CHUNK, head.rows - start)
        records = np.frombuffer(file.read(count * head.record), dtype=np.uint8).reshape(count, head.record)
        high = np.bitwise_or.reduce(records, axis=0) >= _ASCII
        for text in head.texts:
            if high[text].any():
                cells = np.ascontiguousarray(records[:, text])
                words = cells.view(f"S{cells.shape[1]}").ravel().tolist()
                found.update(word.rstrip(b" \0") for word in set(words) if not word.isascii())
    return found


def _statement(table: Path, language: int) -> Tuple[str, Optional[str], str]:
    """What is stated, the encoding meant (None = none or unknown), and where: ``cpg`` before ``language_byte``."""
    file = sibling(table, ".cpg")
    said = "" if file is None else file.read_text(encoding="ascii", errors="replace").strip("\ufffd\0 \t\r\n")
    if said:
        return said[:20], _codec_of(said), CPG
    byte = f"{language:02X}"
    codec = _stated()[LANGUAGE_BYTE].get(byte)
    return f"0x{byte}" if codec else "", codec, LANGUAGE_BYTE


@cache
def _stated() -> Mapping[str, Mapping[str, str]]:
    """``cpg`` and ``language_byte`` → what stands there → encoding (``resources/encodings.csv``)."""
    found: Dict[str, Dict[str, str]] = {CPG: {}, LANGUAGE_BYTE: {}}
    with paths.resource("encodings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["source"]][row["stated"]] = row["encoding"]
    return found


def _codec_of(said: str) -> Optional[str]:
    plain = re.sub(r"[\s_\-]", "", said).upper()
    if plain in _stated()[CPG]:
        return _stated()[CPG][plain]
    for name in (said.strip(), f"CP{plain}"):
        try:
            return codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
    return None


def _judged(codec: Optional[str], words: AbstractSet[bytes]) -> Optional[str]:
    """The encoding of ``words``: ``codec`` unless they contradict it; None where nothing fits."""
    if codec is not None and not _contradicts(codec, words):
        return codec
    utf8, gb = _fits(words, "UTF-8"), _fits(words, "GB18030")
    # a few short names in GBK can be valid UTF-8 by accident, then of letters nobody writes here
    if utf8 and not (gb and not _is_likely(words)):
        return "UTF-8"
    return "GB18030" if gb else None


def _contradicts(codec: str, words: AbstractSet[bytes]) -> bool:
    if not words or not _fits(words, codec):
        return bool(words)
    if codec == "UTF-8":
        return False
    if _fits(words, "UTF-8") and any(ord(letter) >= _FIRST_WIDE for letter in _letters(words)):
        return True
    # every byte is a letter of a western code page: that it can be read says nothing
    return not _has_chinese(codec) and _fits(words, "GB2312")


def _has_chinese(codec: str) -> bool:
    try:
        "地".encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _is_likely(words: AbstractSet[bytes]) -> bool:
    """True for UTF-8 with wide characters, or of Latin letters alone."""
    letters = [ord(letter) for letter in _letters(words)]
    return any(one >= _FIRST_WIDE for one in letters) or all(one < _ASCII or one in _LATIN for one in letters)


def _letters(words: AbstractSet[bytes]) -> Iterator[str]:
    for word in words:
        yield from word.decode("UTF-8", "ignore")


def _fits(words: AbstractSet[bytes], codec: str) -> bool:
    try:
        for word in words:
            # a text is cut at its field's width, maybe inside a character: an open end is no error
            codecs.getincrementaldecoder(codec)().decode(word)
    except UnicodeDecodeError:
        return False
    return True


def _cut(word: bytes, codec: str) -> bool:
    try:
        word.decode(codec)
    except UnicodeDecodeError:
        return True
    return False


def _whole_part(word: bytes, codec: str) -> str:
    return codecs.getincrementaldecoder(codec)().decode(word)

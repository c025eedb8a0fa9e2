"""YAML with line numbers: what is wrong in a resource is said with file and line.

Plain YAML loses where a value stood and silently keeps the last of two equal keys; an
:class:`Entry` keeps the line, refuses doubles and hands out values only of the kind asked for.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, NoReturn, Optional, Sequence, Tuple, Union

import yaml

from three_opt_three_protect.core.errors import SchemaError

Scalar = Union[str, int, float, bool, None]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WRITTEN_CODE = re.compile(r"0\d+|\d+(:\d+)+")
"""YAML 1.1 reads 0101 as an octal and 10:30 as a base-60 number; here they are text."""


@dataclass(frozen=True)
class Entry:
    """A value of a YAML file and the line it stands on.

    ``raw`` is the text as written (of a scalar), ``value`` a scalar, a tuple or a mapping of entries.
    """

    file: Path
    line: int
    name: str
    value: Union[Scalar, Tuple[Entry, ...], Mapping[str, Entry]]
    raw: str = ""

    def fail(self, message_id: str, **values: Union[str, int]) -> NoReturn:
        """Raise a SchemaError that names file and line."""
        raise SchemaError(message_id, file=self.file.name, line=self.line, **values)

    def wrong(self, expected: str) -> NoReturn:
        """Raise: this value is not what it must be."""
        self.fail("resource_wrong_value", key=self.name, value=self.raw or "…", expected=expected)

    def mapping(self, required: Sequence[str] = (), optional: Optional[Sequence[str]] = None) -> Mapping[str, Entry]:
        """The entries by key; with ``optional`` given, no other keys may stand here.

        Raises
        ------
        SchemaError
            ``resource_wrong_value``, ``resource_missing_key``, ``resource_unknown_key``.
        """
        if not isinstance(self.value, Mapping):
            self.wrong("key: value")
        for key in required:
            if key not in self.value:
                self.fail("resource_missing_key", where=self.name, key=key)
        if optional is not None:
            known = [*required, *optional]
            for key, entry in self.value.items():
                if key not in known:
                    entry.fail("resource_unknown_key", where=self.name, key=key, known=", ".join(known))
        return self.value

    def list(self) -> Tuple[Entry, ...]:
        """The entries of a list."""
        if not isinstance(self.value, tuple):
            self.wrong("[a, b]")
        return self.value

    def text(self) -> str:
        """A text; a number or date is taken as written."""
        if self.value is None or isinstance(self.value, (tuple, Mapping, bool)):
            self.wrong("text")
        return self.raw

    def word_of(self, words: Sequence[str]) -> str:
        """A text that is one of ``words``."""
        word = self.text()
        if word not in words:
            self.wrong(", ".join(words))
        return word

    def texts(self) -> Tuple[str, ...]:
        """A list of texts, each as written (a code keeps its leading zero)."""
        return tuple(entry.text() for entry in self.list())

    def number(self) -> float:
        """A number that is not a yes or no."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            self.wrong("number")
        return float(self.value)

    def whole(self) -> int:
        """A whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.wrong("whole number")
        return self.value

    def switch(self) -> bool:
        """``true`` or ``false``."""
        if not isinstance(self.value, bool):
            self.wrong("true, false")
        return self.value


def read_yaml(path: Path) -> Entry:
    """The root of a YAML file.

    Raises
    ------
    SchemaError
        ``resource_not_found``, ``resource_unreadable``, ``resource_duplicate_key``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SchemaError("resource_not_found", file=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError("resource_unreadable", file=str(path), line=0, problem=str(error)) from error
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise SchemaError("resource_unreadable", file=path.name, line=1, problem="empty")
        return _entry(path, path.stem, node, loader)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        line = 0 if mark is None else mark.line + 1
        raise SchemaError("resource_unreadable", file=path.name, line=line, problem=problem) from error
    finally:
        loader.dispose()


def plain_yaml(text: str) -> Any:
    """The values of a YAML text without their lines, as ``yaml.safe_load`` gives them, by the fast loader.

    Raises
    ------
    yaml.YAMLError
    """
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _entry(path: Path, name: str, node: yaml.Node, loader: yaml.SafeLoader) -> Entry:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        entries: Dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            entry = _entry(path, key, value_node, loader)
            # A nested value may start on the next line, or at an anchor far away: what counts is the key's line.
            entry = Entry(path, key_node.start_mark.line + 1, key, entry.value, entry.raw)
            if key in entries:
                entry.fail("resource_duplicate_key", key=key)
            entries[key] = entry
        return Entry(path, line, name, entries)
    if isinstance(node, yaml.SequenceNode):
        return Entry(path, line, name, tuple(_entry(path, name, item, loader) for item in node.value))
    return Entry(path, line, name, _scalar(node, loader), str(node.value))


def _scalar(node: yaml.Node, loader: yaml.SafeLoader) -> Scalar:
    if _WRITTEN_CODE.fullmatch(node.value):
        return str(node.value)
    value = loader.construct_object(node)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return str(node.value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(node.value)

"""Shipped and user's resources → frozen dataclasses of core.

Code tables, role schemas and policy packages are read and checked once; what is wrong in one is
an error with file and line.  core takes them as arguments and reads no file.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Dict, List, Mapping, NoReturn, Optional, Sequence, TypeVar, Union

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.landuse import (
    GROUP_TOKEN,
    ClassSystem,
    Conversion,
    ConvertedCode,
    DetectionLimits,
    LandClass,
    LandGroup,
    SettlementCode,
)
from three_opt_three_protect.core.roles import FieldSchema, RoleSchema
from three_opt_three_protect.core.tables import Kind
from three_opt_three_protect.storage.profiles import load_profile, profile_ids
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml

__all__ = [
    "load_class_system",
    "load_class_systems",
    "load_conversion",
    "load_detection_limits",
    "load_profile",
    "load_role_schemas",
    "load_settlement_codes",
    "profile_ids",
]

_GROUP = {token or "": group for group, token in GROUP_TOKEN.items()}
_YES_NO = {"1": True, "0": False, "yes": True, "no": False, "": False}
_FARMLAND = ("yes", "conditional", "no")
_CLASS_REQUIRED = ("code", "name", "group")
_CLASS_OPTIONAL = (
    "level1", "level1_name", "cultivated", "paddy", "adjustable", "farmland", "parent", "aliases", "status",
)  # fmt: skip
_SETTLEMENT_KINDS = ("city", "town", "village", "mining", "special")
_GEOMETRIES = ("polygon", "line", "point", "table", "any")
_Parsed = TypeVar("_Parsed")


class _Row:
    """One line of a CSV file, that can say where it stands."""

    def __init__(self, path: Path, line: int, cells: Mapping[str, str]) -> None:
        self.path, self.line, self.cells = path, line, cells

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def required(self, column: str) -> str:
        if not self.text(column):
            self.fail("resource_missing_key", where=self.text("code"), key=column)
        return self.text(column)

    def choice(self, column: str, choices: Mapping[str, _Parsed]) -> _Parsed:
        if self.text(column) not in choices:
            expected = ", ".join(choice for choice in choices if choice)
            self.fail("resource_wrong_value", key=column, value=self.text(column), expected=expected)
        return choices[self.text(column)]

    def fail(self, message_id: str, **values: Union[str, int]) -> NoReturn:
        raise SchemaError(message_id, file=self.path.name, line=self.line, **values)


def load_class_systems(extra: Optional[Path] = None) -> Mapping[str, ClassSystem]:
    """All shipped classifications by id, in order of preference, then the user's.

    Parameters
    ----------
    extra
        A user's code table or a folder of them; one of a shipped id takes its place.

    Raises
    ------
    SchemaError
        ``resource_…`` errors with file and line.
    """
    shipped = _shipped_systems()
    if extra is None:
        return shipped
    files = sorted(extra.glob("*.csv")) if extra.is_dir() else [extra]
    return MappingProxyType({**shipped, **{system.id: system for system in map(_own_system, files)}})


def load_class_system(id_or_path: Union[str, Path]) -> ClassSystem:
    """One classification: a shipped id, or the path of a user's code table.

    A table of one's own has the columns of ``resources/classes/README.md``, of which ``code``,
    ``name`` and ``group`` are required; its id and name are the file's.
    """
    shipped = _shipped_systems()
    if str(id_or_path) in shipped:
        return shipped[str(id_or_path)]
    if Path(id_or_path).suffix.lower() != ".csv":
        raise SchemaError("no_such_class_system", system=str(id_or_path), known=", ".join(shipped))
    return _own_system(Path(id_or_path))


@cache
def load_detection_limits() -> DetectionLimits:
    """How sure the detection of a classification must be."""
    names = ("tie_share", "minimum_share", "layer_bonus", "field_bonus", "mixed_share")
    keys = _systems_file()["detection"].mapping(names, ())
    return DetectionLimits(*(_share(keys[name]) for name in names))


@cache
def load_settlement_codes() -> Mapping[str, SettlementCode]:
    """The values of 城镇村属性码 (CZCSXM) by code."""
    kinds = {kind: kind for kind in _SETTLEMENT_KINDS}
    found = {
        row.required("code"): SettlementCode(
            row.text("code"), row.required("name"), row.choice("kind", kinds), row.choice("industry", _YES_NO)
        )
        for row in _rows(
            paths.resource("classes", "settlement_codes.csv"), ("code", "name", "kind"), ("industry", "status")
        )
    }
    return MappingProxyType(found)


@cache
def load_conversion(conversion: str) -> Conversion:
    """A shipped conversion between two classifications, e.g. ``"third_land_sea"``.

    Raises
    ------
    SchemaError
        ``no_such_conversion`` or a ``resource_…`` error with file and line.
    """
    entries = {entry.mapping()["id"].text(): entry for entry in _systems_file()["conversions"].list()}
    if conversion not in entries:
        raise SchemaError("no_such_conversion", conversion=conversion, known=", ".join(entries))
    keys = entries[conversion].mapping(("id", "file", "source", "target"), ())
    systems = _shipped_systems()
    for side in ("source", "target"):
        keys[side].word_of(tuple(systems))
    target = systems[keys["target"].text()]
    codes: Dict[str, ConvertedCode] = {}
    required, optional = ("from_code",), ("to_code", "settlement", "ambiguous", "note", "status")
    for row in _rows(paths.resource("classes", keys["file"].text()), required, optional):
        if row.text("to_code") and row.text("to_code") not in target.classes:
            row.fail("resource_wrong_value", key="to_code", value=row.text("to_code"), expected=target.id)
        codes[row.required("from_code")] = ConvertedCode(
            row.text("to_code") or None, row.choice("ambiguous", _YES_NO), row.text("settlement"), row.text("note")
        )
    return Conversion(conversion, keys["source"].text(), target.id, MappingProxyType(codes))


@cache
def load_role_schemas() -> Mapping[str, RoleSchema]:
    """The layer roles and their fields by role."""
    root = read_yaml(paths.resource("schemas", "roles.yaml")).mapping(("roles",), ())
    return MappingProxyType({role: _role(entry) for role, entry in root["roles"].mapping().items()})


def _role(entry: Entry) -> RoleSchema:
    keys = entry.mapping(("alias", "layers", "fields"), ("geometry",))
    return RoleSchema(
        entry.name,
        keys["alias"].text(),
        keys["layers"].texts(),
        MappingProxyType({name: _field(field) for name, field in keys["fields"].mapping().items()}),
        keys["geometry"].word_of(_GEOMETRIES) if "geometry" in keys else "polygon",
    )


def _field(entry: Entry) -> FieldSchema:
    keys = entry.mapping(("names", "alias", "kind"), ("width", "decimals", "required"))
    return FieldSchema(
        entry.name,
        keys["names"].texts(),
        keys["alias"].text(),
        Kind(keys["kind"].word_of(tuple(kind.value for kind in Kind))),
        keys["width"].whole() if "width" in keys else 0,
        keys["decimals"].whole() if "decimals" in keys else 0,
        keys["required"].switch() if "required" in keys else False,
    )


@cache
def _systems_file() -> Mapping[str, Entry]:
    return read_yaml(paths.resource("classes", "systems.yaml")).mapping(("detection", "systems", "conversions"), ())


@cache
def _shipped_systems() -> Mapping[str, ClassSystem]:
    systems = [_shipped_system(entry) for entry in _systems_file()["systems"].list()]
    return MappingProxyType({system.id: system for system in systems})


def _shipped_system(entry: Entry) -> ClassSystem:
    keys = entry.mapping(("id", "file", "kind", "title", "layers", "fields"), ("letters", "digits"))
    title = {language: text.text() for language, text in keys["title"].mapping(("zh", "en"), ()).items()}
    return ClassSystem(
        keys["id"].text(),
        title["zh"],
        keys["kind"].word_of(("survey", "plan")),
        _classes(paths.resource("classes", keys["file"].text())),
        MappingProxyType(title),
        keys["layers"].texts(),
        keys["fields"].texts(),
        keys["letters"].text() if "letters" in keys else "",
        keys["digits"].whole() if "digits" in keys else 0,
    )


def _own_system(path: Path) -> ClassSystem:
    title = {"zh": path.stem, "en": path.stem}
    return ClassSystem(path.stem, path.stem, "survey", _classes(path), MappingProxyType(title))


def _classes(path: Path) -> Mapping[str, LandClass]:
    rows = _rows(path, _CLASS_REQUIRED, _CLASS_OPTIONAL)
    classes: Dict[str, LandClass] = {}
    for row in rows:
        entry = _land_class(row)
        if entry.code in classes:
            row.fail("resource_duplicate_key", key=entry.code)
        classes[entry.code] = entry
    for row in rows:
        if row.text("parent") and row.text("parent") not in classes:
            row.fail("resource_wrong_value", key="parent", value=row.text("parent"), expected="code")
    return MappingProxyType(classes)


def _land_class(row: _Row) -> LandClass:
    code, group = row.required("code"), row.choice("group", _GROUP)
    cultivated, paddy = row.choice("cultivated", _YES_NO), row.choice("paddy", _YES_NO)
    if cultivated and group is not LandGroup.AGRICULTURAL:
        row.fail("resource_wrong_value", key="group", value=row.text("group"), expected="agricultural")
    if paddy and not cultivated:
        row.fail("resource_wrong_value", key="paddy", value="1", expected="0")
    return LandClass(
        code,
        row.required("name"),
        row.text("level1"),
        row.text("level1_name"),
        group,
        cultivated,
        paddy,
        row.choice("adjustable", _YES_NO),
        row.choice("farmland", {"": "no", **{word: word for word in _FARMLAND}}),
        row.text("parent"),
        tuple(alias.strip() for alias in row.text("aliases").split("|") if alias.strip()),
    )


def _rows(path: Path, required: Sequence[str], optional: Sequence[str]) -> List[_Row]:
    """The rows of a CSV file whose columns are checked; a user's file may be UTF-8 or GB 18030."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    header = tuple(name.strip() for name in next(reader, []))
    head = _Row(path, 1, {})
    for column in required:
        if column not in header:
            head.fail("resource_missing_key", where=path.name, key=column)
    for column in header:
        if column not in (*required, *optional):
            head.fail("resource_unknown_key", where=path.name, key=column, known=", ".join((*required, *optional)))
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        row = _Row(path, reader.line_num, dict(zip(header, (cell.strip() for cell in cells))))
        if len(cells) != len(header):
            row.fail("resource_wrong_columns", count=len(cells), expected=len(header))
        rows.append(row)
    return rows


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SchemaError("resource_not_found", file=str(path)) from None
    except OSError as error:
        raise SchemaError("resource_unreadable", file=str(path), line=0, problem=str(error)) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            problem = str(error)
    raise SchemaError("resource_unreadable", file=path.name, line=0, problem=problem)


def _share(entry: Entry) -> float:
    if not 0 <= entry.number() <= 1:
        entry.wrong("0–1")
    return entry.number()

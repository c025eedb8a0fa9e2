"""Every module imports only what its row in docs/house.md allows, and the plugin always loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, FrozenSet, Iterator, List, Mapping, Tuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAME = "three_opt_three_protect"
PACKAGE = ROOT / NAME
QT = frozenset({"qgis", "PyQt5", "PyQt6", "processing"})
STANDARD = frozenset(getattr(sys, "stdlib_module_names", ()))
CORE_MAY_NOT = frozenset(
    {"os", "pathlib", "io", "time", "tempfile", "shutil", "glob", "sqlite3", "configparser"}
    | {"socket", "urllib", "http", "random", "secrets", "subprocess"}
)
CORE_CALLS_NOT = frozenset({"open", "now", "today", "utcnow"})
NOT_BROUGHT_BY_QGIS = ("shapely", "fiona", "pyogrio", "scipy", "highspy", "xlsxwriter", "docx", "matplotlib", "pyproj")
START_UP_ROOMS = ("algorithms", "bridge", "desk", "sheets")


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    rooms: FrozenSet[str]
    rooms_inside: FrozenSet[str]
    qgis: str
    packages: FrozenSet[str]
    packages_inside: FrozenSet[str]


@dataclass(frozen=True)
class Import:
    """One imported module; ``inside`` a function, or for type checking only."""

    module: str
    inside: bool
    line: int


def names(cell: str) -> FrozenSet[str]:
    """The names of a cell."""
    return frozenset(name.strip(" `*") for name in cell.split(",")) - {"–", ""}


def read_table() -> Dict[str, Row]:
    """The table under "Who may import what"."""
    text = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    section = text.split("## Who may import what")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    table = {}
    for cells in rows:
        room, rooms, inside, qgis, packages, packages_inside = (cell.strip() for cell in cells)
        table[room.strip("`")] = Row(names(rooms), names(inside), qgis, names(packages), names(packages_inside))
    return table


TABLE = read_table()


def modules() -> List[Path]:
    """Every module of the package."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def room_of(path: Path) -> str:
    """The room a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].replace(".py", "")


def imports(tree: ast.AST, inside: bool = False) -> Iterator[Import]:
    """All imports below ``tree``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, inside, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            if node.module == NAME:
                for alias in node.names:
                    yield Import(f"{NAME}.{alias.name}", inside, node.lineno)
            else:
                yield Import("." * node.level + (node.module or ""), inside, node.lineno)
        function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        yield from imports(node, inside or function or typing_only)


def breach(room: str, found: Import, table: Mapping[str, Row]) -> str:
    """Why ``room`` may not import ``found``; "" when it may."""
    row = table[room]
    top, *rest = found.module.split(".")
    if found.module.startswith("."):
        return "relative import"
    if top in {"PyQt5", "PyQt6"}:
        return "Qt only through qgis.PyQt"
    if top == NAME:
        target = rest[0] if rest else "__init__"
        allowed = row.rooms | {room} | (row.rooms_inside if found.inside else frozenset())
        return "" if target in allowed or (found.inside and "all" in row.rooms_inside) else f"room {target}"
    if top in QT:
        return "" if row.qgis == "yes" or (row.qgis == "inside functions" and found.inside) else "QGIS"
    if top in STANDARD:
        return ""
    allowed = row.packages | (row.packages_inside if found.inside else frozenset())
    return "" if top in allowed else f"package {top}"


def breaches(path: Path) -> List[str]:
    """All breaches of one module, as lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    where = path.relative_to(ROOT)
    return [
        f"{where}:{found.line}: {found.module}: {why}"
        for found in imports(tree)
        for why in [breach(room_of(path), found, TABLE)]
        if why
    ]


def test_every_room_has_its_row() -> None:
    assert {room_of(path) for path in modules()} <= set(TABLE)


def test_rows_name_rooms_that_exist() -> None:
    named = {name for row in TABLE.values() for name in row.rooms | row.rooms_inside} - {"all"}
    assert named <= set(TABLE)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_keeps_to_the_table(path: Path) -> None:
    assert breaches(path) == []


@pytest.mark.parametrize(
    ("room", "module", "inside", "why"),
    [
        ("core", "qgis.core", True, "QGIS"),
        ("core", f"{NAME}.storage.catalogue", True, "room storage"),
        ("core", "yaml", False, "package yaml"),
        ("storage", f"{NAME}.bridge.sources", False, "room bridge"),
        ("algorithms", "shapely", False, "package shapely"),
        ("algorithms", f"{NAME}.batch.run", True, "room batch"),
        ("desk", "PyQt5.QtCore", True, "Qt only through qgis.PyQt"),
        ("desk", ".table", False, "relative import"),
        ("plugin", f"{NAME}.desk.balance", False, "room desk"),
        ("__main__", "qgis.core", False, "QGIS"),
    ],
)
def test_what_the_table_forbids_is_found(room: str, module: str, inside: bool, why: str) -> None:
    assert breach(room, Import(module, inside, 1), TABLE) == why


@pytest.mark.parametrize(
    ("room", "module", "inside"),
    [
        ("core", "shapely.strtree", False),
        ("algorithms", "shapely", True),
        ("desk", "qgis.PyQt.QtWidgets", False),
        ("plugin", f"{NAME}.desk.balance", True),
        ("bridge", f"{NAME}.bridge.compat", False),
    ],
)
def test_what_the_table_allows_passes(room: str, module: str, inside: bool) -> None:
    assert breach(room, Import(module, inside, 1), TABLE) == ""


def core_offences(tree: ast.AST) -> Iterator[str]:
    """Files, clock, network and chance in a module of core."""
    for found in imports(tree):
        if found.module.split(".")[0] in CORE_MAY_NOT:
            yield f"{found.line}: import {found.module}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in CORE_CALLS_NOT:
                yield f"{node.lineno}: {called}()"


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) == "core"], ids=lambda path: path.name)
def test_core_knows_no_files_and_no_clock(path: Path) -> None:
    assert list(core_offences(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_files_and_clock_in_core_are_found() -> None:
    tree = ast.parse("import os\nfrom datetime import date\nday = date.today()\ntext = open('x')\n")
    assert list(core_offences(tree)) == ["1: import os", "3: today()", "4: open()"]


BLOCKED_START = """
import importlib, sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Block())
failed = []
for module in {modules!r}:
    try:
        importlib.import_module(module)
    except ImportError as error:
        failed.append(f"{{module}}: {{error}}")
print("\\n".join(failed))
"""


def python(code: str) -> Tuple[str, int]:
    """Output and exit status of ``code`` in a fresh interpreter at the root of the project."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    return (done.stdout + done.stderr).strip(), done.returncode


def start_up_modules() -> List[str]:
    """What QGIS imports, and what the docks and algorithms import from their rooms."""
    paths = [path for path in modules() if room_of(path) in (*START_UP_ROOMS, "plugin", "__init__")]
    dotted = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return [module.replace(".__init__", "") for module in dotted]


@pytest.mark.needs_qgis
def test_plugin_loads_without_the_packages_qgis_does_not_bring() -> None:
    code = BLOCKED_START.format(blocked=NOT_BROUGHT_BY_QGIS, modules=start_up_modules())
    assert python(code) == ("", 0)


def test_importing_the_package_imports_no_qgis() -> None:
    code = f"import sys, {NAME}; print(sorted({{m.split('.')[0] for m in sys.modules}} & {set(QT)!r}))"
    assert python(code) == ("[]", 0)

"""Inside QGIS on Linux the GEOS of the system answers shapely's wheel.

The program ``qgis`` (and ``qgis_process``) is linked with the system's libgeos_c, so every function that
library has is taken from there, also by shapely; only what it lacks comes from the wheel's own, newer
GEOS and is then handed objects of the other one.  On Debian 12 (GEOS 3.11) that crashes QGIS.  Python
alone does not show it, but ``LD_PRELOAD`` of the system's library does.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "three_opt_three_protect"
CRASHES = {
    "contains_xy", "intersects_xy", "coverage_is_valid", "coverage_invalid_edges", "coverage_simplify",
    "coverage_clean", "disjoint_subset_union", "disjoint_subset_union_all", "equals_identical", "orient_polygons",
    "relate_pattern", "has_m", "get_m",
}  # fmt: skip
WRITES = {"to_wkb", "to_wkt"}
NOT_GEOMETRY = {"crs", "info", "first", "second", "here", "there", "raw", "batch"}
"""What has a .wkt or .wkb and is no geometry: coordinate systems and batches of features."""
COPIES = {"copy.deepcopy", "copy.copy", "pickle.dumps", "pickle.dump", "pickle.loads"}
"""Copying a geometry these ways writes it as WKB without saying the dimension."""
SYSTEM_GEOS = Path("/usr/lib/x86_64-linux-gnu/libgeos_c.so.1")


def unsafe(tree: ast.AST) -> Iterator[str]:
    """Calls that must not be made inside QGIS."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("wkt", "wkb", "wkb_hex") and not _of_crs(node):
            yield f"{node.lineno}: .{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module in ("copy", "pickle"):
            yield f"{node.lineno}: from {node.module}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in COPIES:
            yield f"{node.lineno}: {ast.unparse(node.func)}"
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if not isinstance(node.func.value, ast.Name) or node.func.value.id != "shapely":
            continue
        name = node.func.attr
        named = {keyword.arg for keyword in node.keywords}
        if name in CRASHES or (name in WRITES and "output_dimension" not in named):
            yield f"{node.lineno}: shapely.{name}"


def _of_crs(node: ast.Attribute) -> bool:
    """True for the text of a coordinate system, or the bytes of a batch: no geometry of shapely's."""
    return ast.unparse(node.value).rsplit(".", 1)[-1] in NOT_GEOMETRY


def test_nothing_is_called_that_crashes_a_real_qgis() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line in unsafe(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("shapely.contains_xy(a, 1, 2)", ["1: shapely.contains_xy"]),
        ("shapely.to_wkb(a)", ["1: shapely.to_wkb"]),
        ("shapely.to_wkb(a, output_dimension=2)", []),
        ("shape.wkt", ["1: .wkt"]),
        ("shapes[0].wkb", ["1: .wkb"]),
        ("table.crs.wkt", []),
        ("from copy import deepcopy", ["1: from copy"]),
        ("copy.deepcopy(shape)", ["1: copy.deepcopy"]),
        ("pickle.dumps(shape)", ["1: pickle.dumps"]),
    ],
)
def test_unsafe_calls_are_found(code: str, found: List[str]) -> None:
    assert list(unsafe(ast.parse(code))) == found


@pytest.mark.skipif(not SYSTEM_GEOS.exists(), reason="no GEOS of the system")
def test_what_bridge_uses_works_on_the_geos_of_the_system() -> None:
    code = (
        "import numpy as np, shapely\n"
        "from three_opt_three_protect.core.tables import LayerTable\n"
        "from three_opt_three_protect.storage.digest import digest\n"
        "from three_opt_three_protect.bridge.sinks import _wkb\n"
        "shapes = np.array([shapely.box(0, 0, 1, 1), None], dtype=np.object_)\n"
        "table = LayerTable('t', np.arange(2), shapes)\n"
        "digest(table)\n"
        "print(shapely.area(shapely.from_wkb(_wkb(table)))[0])\n"
        "print(shapely.set_coordinates(shapes.copy(), shapely.get_coordinates(shapes) + 1)[0].bounds)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            "LD_PRELOAD": str(SYSTEM_GEOS),
            "PYTHONPATH": ":".join([str(ROOT), *filter(None, sys.path)]),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.returncode) == ("1.0\n(1.0, 1.0, 2.0, 2.0)\n", 0), done.stderr

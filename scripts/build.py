"""Assemble ``build/plugins/three_opt_three_protect``: what QGIS loads and what is zipped.

Package, metadata.txt, LICENSE, resources and compiled translations, each file only when it changed,
so that a QGIS that runs from the folder is not disturbed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent
NAME = "three_opt_three_protect"
TARGET = ROOT / "build" / "plugins" / NAME
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "*.orig", "*.rej", "*~")
# Debian's /usr/bin/lrelease is a chooser that may point at another Qt.
LRELEASE = ("/usr/lib/qt5/bin/lrelease", "lrelease-qt5", "lrelease", "lrelease6")


def main() -> int:
    """Build; 0 when everything is there, translations included."""
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / NAME
        shutil.copytree(ROOT / NAME, staged, ignore=LEFT_OUT)
        shutil.copytree(ROOT / "resources", staged / "resources", ignore=LEFT_OUT)
        for name in ("metadata.txt", "LICENSE"):
            shutil.copy(ROOT / name, staged / name)
        count = translate(staged / "i18n")
        mirror(staged, TARGET)
    print(f"build: {TARGET.relative_to(ROOT)}, {count} translation(s)")
    return 0


def translate(folder: Path) -> int:
    """Compile every ``i18n/*.ts`` into ``folder``; says so when there is nothing to compile with."""
    sources = sorted((ROOT / "i18n").glob("*.ts"))
    folder.mkdir()
    program = find_lrelease()
    if sources and program is None:
        print("build: no lrelease (Debian: qttools5-dev-tools): the screen will be in English", file=sys.stderr)
        return 0
    for source in sources:
        target = folder / source.with_suffix(".qm").name
        subprocess.run([str(program), "-silent", str(source), "-qm", str(target)], check=True)
    return len(sources)


def find_lrelease() -> Optional[str]:
    """The first lrelease there is."""
    return next((found for found in map(shutil.which, LRELEASE) if found), None)


def mirror(source: Path, target: Path) -> None:
    """Make ``target`` equal to ``source``, touching only files that differ."""
    target.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(source) for path in source.rglob("*")}
    for path in sorted(target.rglob("*"), reverse=True):
        if path.relative_to(target) not in wanted:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in sorted(wanted):
        fresh, old = source / name, target / name
        if fresh.is_dir():
            old.mkdir(exist_ok=True)
        elif not old.exists() or old.read_bytes() != fresh.read_bytes():
            shutil.copy(fresh, old)


if __name__ == "__main__":
    sys.exit(main())

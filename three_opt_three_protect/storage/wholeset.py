"""Several files or a folder put in place together: the old set or the new one, never half of each.

A shapefile is five files and more, a file geodatabase a folder, and a run may have several outputs.  Here the old
ones step aside first, and come back when anything fails.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, NamedTuple, Sequence, Tuple

from three_opt_three_protect.core.errors import InputError

_SHAPEFILE = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".fbn", ".fbx", ".ain",
    ".aih", ".ixs", ".mxs", ".atx", ".shp.xml", ".qmd",
)  # fmt: skip
"""Files that belong to a shapefile: an old index beside new shapes would be wrong, and so would QGIS's metadata."""


class FileSet(NamedTuple):
    """Files that belong together, and what they replace.

    Attributes
    ----------
    new
        Drafts on the same disk as ``folder``, under their final names.
    folder
        Where they are to be.
    old
        Files or folders they replace, companions under other names too.
    aside
        Empty folder on the same disk for what is replaced; the caller removes it.
    """

    new: Sequence[Path]
    folder: Path
    old: Sequence[Path]
    aside: Path


def parts_of(path: Path) -> List[Path]:
    """What is there of the file or folder ``path`` and is to be replaced; of a shapefile all that belongs to it."""
    path = path.absolute()
    if path.suffix.lower() != ".shp":
        return [path] if path.exists() else []
    names = {path.stem.lower() + suffix for suffix in _SHAPEFILE}
    return sorted(each for each in path.parent.iterdir() if each.name.lower() in names and each.is_file())


def put_in_place(sets: Sequence[FileSet]) -> None:
    """Move all drafts to where they are to be, in the place of the old files.

    Raises
    ------
    InputError
        ``file_in_use``: another program has an old one open (Windows); everything is as it was.
    """
    moved: List[Tuple[Path, Path]] = []
    for source, target, known in _steps(sets):
        try:
            os.replace(source, target)
        except OSError as error:
            for there, back in reversed(moved):
                os.replace(back, there)
            if isinstance(error, PermissionError):
                raise InputError("file_in_use", path=str(known)) from error
            raise
        moved.append((source, target))


def _steps(sets: Sequence[FileSet]) -> List[Tuple[Path, Path, Path]]:
    """From where to where, and the file the planner knows: first everything old steps aside.

    QGIS describes a.shp and a.csv in the same a.qmd: a file that several sets have is moved once, the last one stays.
    """
    old = {each: one.aside / each.name for one in sets for each in one.old}
    new = {one.folder / each.name: each for one in sets for each in one.new}
    return [(each, to, each) for each, to in old.items()] + [(each, to, to) for to, each in new.items()]

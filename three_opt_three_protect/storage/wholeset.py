"""Several files or a folder put in place together: the old set or the new one, never half of each.

A single file is replaced in one step (``os.replace``); a shapefile is five files and a file geodatabase a folder.
Here the old ones step aside first, and come back when anything fails.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Sequence, Tuple

from three_opt_three_protect.core.errors import InputError


def put_in_place(new: Sequence[Path], folder: Path, old: Sequence[Path], aside: Path) -> None:
    """Move the files or folders ``new`` into ``folder`` in the place of ``old``.

    Parameters
    ----------
    new
        Drafts on the same disk as ``folder``, under their final names.
    old
        What they replace, companions under other names too.
    aside
        Empty folder on the same disk for what is replaced; the caller removes it.

    Raises
    ------
    InputError
        ``file_in_use``: another program has an old one open; everything is as it was.
    """
    steps = [(each, aside / each.name) for each in old] + [(each, folder / each.name) for each in new]
    moved: List[Tuple[Path, Path]] = []
    try:
        for source, target in steps:
            os.replace(source, target)
            moved.append((source, target))
    except OSError as error:
        for source, target in reversed(moved):
            os.replace(target, source)
        if isinstance(error, PermissionError):
            raise InputError("file_in_use", path=str(folder / new[0].name)) from error
        raise

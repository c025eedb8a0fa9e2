"""Files written beside their place and put there when everything else of a run is done."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator, List, Tuple, Union

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.geopackage import require_target
from three_opt_three_protect.storage.wholeset import FileSet, parts_of, put_in_place

_ASIDE = ".replaced"
"""Folder beside a draft for what it replaces."""


class Drafts:
    """The files of one run: all of them appear, or none does and what was there before stays."""

    def __init__(self) -> None:
        self._begun: List[Tuple[Path, Path]] = []

    def begin(self, path: Union[str, Path]) -> Path:
        """Where to write what will become ``path``; whatever else is written there beside it comes along.

        Raises
        ------
        InputError
            ``no_such_folder``, ``cannot_write``, ``path_too_long``, ``file_in_use``.
        """
        path = Path(path).absolute()
        require_target(path)
        with _told(path):
            draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=path.parent)) / path.name
        self._begun.append((draft, path))
        return draft

    def write(self, path: Union[str, Path], writer: Callable[[Path], None]) -> Path:
        """Let ``writer`` write what will become ``path``; returns where it lies until then.

        Raises
        ------
        InputError
            As :meth:`begin`; ``not_written``, and what ``writer`` raises.
        """
        path = Path(path).absolute()
        draft = self.begin(path)
        try:
            with _told(path):
                writer(draft)
        except InputError as error:
            if error.values.get("path") == str(draft):  # the planner knows the file by its own name
                raise InputError(error.message_id, **{**error.values, "path": str(path)}) from error
            raise
        return draft

    def put_in_place(self) -> None:
        """Give the drafts their names.

        Raises
        ------
        InputError
            ``file_in_use``: another program has one of the old files open (Windows); all of them are as they were.
        """
        put_in_place([_replacing(draft.parent, path) for draft, path in self._begun])
        self.remove()

    def remove(self) -> None:
        """Take the drafts away."""
        for draft, _ in self._begun:
            shutil.rmtree(draft.parent, ignore_errors=True)
        self._begun.clear()


def _replacing(drafts: Path, path: Path) -> FileSet:
    """What was written in the folder ``drafts`` for ``path``, and all that it replaces."""
    new = sorted(drafts.iterdir())
    taken = [path.parent / each.name for each in new if (path.parent / each.name).exists()]
    aside = drafts / _ASIDE
    aside.mkdir()
    return FileSet(new, path.parent, sorted({*parts_of(path), *taken}), aside)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system says in the planner's words."""
    try:
        yield
    except PermissionError as error:
        raise InputError("cannot_write", path=str(path)) from error
    except OSError as error:
        raise InputError("not_written", path=str(path), why=error.strerror or str(error)) from error

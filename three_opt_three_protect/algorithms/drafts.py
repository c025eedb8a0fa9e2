"""Files written beside their place and put there when everything else of a run is done."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Callable, List, Tuple, Union

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.geopackage import require_target


class Drafts:
    """The files of one run: all of them appear, or none does and what was there before stays."""

    def __init__(self) -> None:
        self._folders: List[Path] = []
        self._moves: List[Tuple[Path, Path]] = []

    def write(self, path: Union[str, Path], writer: Callable[[Path], None]) -> Path:
        """Let ``writer`` write what will become ``path``; returns where it lies until then.

        Raises
        ------
        InputError
            ``no_such_folder``, ``cannot_write``, ``file_in_use``, and what ``writer`` raises.
        """
        path = Path(path).absolute()
        require_target(path)
        try:
            folder = Path(tempfile.mkdtemp(prefix=".writing-", dir=path.parent))
            self._folders.append(folder)
            draft = folder / path.name
            writer(draft)
        except InputError as error:
            if error.values.get("path") == str(folder / path.name):  # the planner knows the file by its own name
                raise InputError(error.message_id, **{**error.values, "path": str(path)}) from error
            raise
        except PermissionError as error:
            raise InputError("cannot_write", path=str(path)) from error
        except OSError as error:
            raise InputError("not_written", path=str(path), why=error.strerror or str(error)) from error
        self._moves.append((draft, path))
        return draft

    def put_in_place(self) -> None:
        """Give the drafts their names.

        Raises
        ------
        InputError
            ``file_in_use``: another program has one of the old files open (Windows).
        """
        for draft, path in self._moves:
            try:
                os.replace(draft, path)
            except PermissionError as error:
                raise InputError("file_in_use", path=str(path)) from error
        self.remove()

    def remove(self) -> None:
        """Take the drafts away."""
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)
        self._folders.clear()
        self._moves.clear()

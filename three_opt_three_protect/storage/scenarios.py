"""Scenarios (规划方案) kept beside a project: each a plan database of its own, called by the scenario's name.

The name of the file is the name of the scenario, so that there is nothing that could contradict it.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence

from three_opt_three_protect.core.errors import InputError, PlanningError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage.plandb import read_plan, write_plan

FOLDER = "_scenarios"
"""After the name of the project's file."""
SUFFIX = ".gpkg"
DRAWN, PROPOSED = "drawn", "proposed"
"""Where a scenario comes from."""
ROLES = ("reclaim", "newbuild")

MOST = 60
"""Letters of a name: with three bytes a letter it still is a file name everywhere."""
_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(("CON", "PRN", "AUX", "NUL")) | {f"{kind}{n}" for kind in ("COM", "LPT") for n in range(1, 10)}
_ASIDE = ".deleted"

_FIGURE, _RESULT, _COUNT = "figure.", "result.", "count."
_WORDS = ("created", "profile", "source", "note", "objective", "unit", "status")
_NUMBERS = ("value", "bound", "gap")
_PARCELS = "input.parcels"

Meta = Mapping[str, str]
ReadMeta = Callable[[Path], Meta]
"""Reads ``plan_meta`` of a file; raises a PlanningError where it cannot."""


@dataclass(frozen=True)
class Made:
    """How a scenario came about, and how it stood when it was saved.

    Attributes
    ----------
    created
        ISO local time.
    source
        :data:`DRAWN` or :data:`PROPOSED`.
    objective, unit, status, value, bound, gap
        Of a proposal, as in ``core.optimiser.problem``.
    figures
        Account line of the township → its value; a line that was not known is left out.
    results
        Result of a verdict → how many.
    counts
        Role → plots.
    parcels
        Digest of the parcels the figures were computed on, ``""`` = none were there.
    """

    created: str = ""
    profile: str = ""
    source: str = DRAWN
    note: str = ""
    objective: str = ""
    unit: str = ""
    status: str = ""
    value: Optional[float] = None
    bound: Optional[float] = None
    gap: Optional[float] = None
    figures: Mapping[str, float] = field(default_factory=dict)
    results: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    parcels: str = ""

    def as_meta(self) -> Dict[str, str]:
        """Lines for ``plan_meta``."""
        lines = {name: str(getattr(self, name)) for name in _WORDS}
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        lines.update({name: repr(float(value)) for name, value in numbers.items() if value is not None})
        lines[_PARCELS] = self.parcels
        lines.update({f"{_FIGURE}{line}": repr(float(value)) for line, value in self.figures.items()})
        lines.update({f"{_RESULT}{result}": str(count) for result, count in self.results.items()})
        lines.update({f"{_COUNT}{role}": str(count) for role, count in self.counts.items()})
        return {key: value for key, value in lines.items() if value}


@dataclass(frozen=True)
class Scenario:
    """A scenario of the list; ``made`` is None where its file is damaged, and ``error`` says how."""

    name: str
    path: Path
    made: Optional[Made] = None
    error: Optional[PlanningError] = None


def made_of(meta: Meta) -> Made:
    """What ``plan_meta`` says of a scenario; a line that is no number counts as not there."""
    value, bound, gap = (_number(meta.get(name, "")) for name in _NUMBERS)
    created, profile, source, note, objective, unit, status = (meta.get(name, "") for name in _WORDS)
    return Made(
        created,
        profile,
        source or DRAWN,
        note,
        objective,
        unit,
        status,
        value,
        bound,
        gap,
        _numbers(meta, _FIGURE),
        {name: int(count) for name, count in _numbers(meta, _RESULT).items()},
        {name: int(count) for name, count in _numbers(meta, _COUNT).items()},
        meta.get(_PARCELS, ""),
    )


def _numbers(meta: Meta, start: str) -> Dict[str, float]:
    found = {key[len(start) :]: _number(value) for key, value in meta.items() if key.startswith(start)}
    return {key: value for key, value in found.items() if value is not None}


def _number(text: str) -> Optional[float]:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value - value == 0 else None  # neither infinite nor NaN


def require_name(name: str) -> str:
    """``name`` as it is kept, where every system can have a file of that name.

    Raises
    ------
    InputError
        ``scenario_name`` with the reason.
    """
    kept = unicodedata.normalize("NFC", name).strip()
    bad = sorted({letter for letter in kept if letter in _FORBIDDEN or unicodedata.category(letter).startswith("C")})
    device = kept.partition(".")[0].strip().upper() in _DEVICES
    if bad or not kept or kept.startswith(".") or kept.endswith(".") or device or len(kept) > MOST:
        raise InputError("scenario_name", name=kept, forbidden=" ".join(sorted(_FORBIDDEN)), most=MOST)
    return kept


class ScenarioStore:
    """The scenarios of one folder.

    Parameters
    ----------
    folder
        Made when the first scenario is saved.
    read_meta
        How files are looked into; inside QGIS one that shares QGIS's SQLite.
    in_use
        Files a program has open here (the layers of a project): they are listed and otherwise left alone.
    """

    def __init__(
        self, folder: Path, read_meta: ReadMeta = lambda path: read_plan(path).meta, in_use: Sequence[Path] = ()
    ) -> None:
        self.folder = folder
        self._read_meta = read_meta
        self._in_use = tuple(in_use)

    def list(self) -> List[Scenario]:
        """All scenarios, the latest first, then by name; damaged ones last, with the reason.

        Raises
        ------
        InputError
            ``scenario_folder``: the folder cannot be looked into.
        """
        try:
            paths = sorted(path for path in self.folder.glob(f"*{SUFFIX}") if not path.name.startswith("."))
        except OSError as error:
            raise InputError("scenario_folder", path=str(self.folder), why=str(error.strerror)) from error
        found = [self._look(path) for path in paths]
        found.sort(key=lambda one: one.name)
        found.sort(key=lambda one: "" if one.made is None else one.made.created, reverse=True)
        return sorted(found, key=lambda one: one.made is None)

    def names(self) -> List[str]:
        """Names that are taken."""
        return [path.stem for path in self.folder.glob(f"*{SUFFIX}")]

    def free_name(self, wanted: str) -> str:
        """``wanted``, with a number where it is taken."""
        taken = {_same(name) for name in self.names()}
        number, name = 1, wanted
        while _same(name) in taken:
            number += 1
            name = f"{wanted} {number}"
        return name

    def path(self, name: str) -> Path:
        """Where the scenario of that name is or would be."""
        return self.folder / f"{name}{SUFFIX}"

    def save(
        self,
        name: str,
        layers: Mapping[str, LayerTable],
        made: Made,
        further: Meta = {},  # noqa: B006 (read only)
        replace: bool = False,
        progress: Progress = SILENT,
    ) -> Path:
        """Write a scenario, whole or not at all.

        Parameters
        ----------
        layers
            reclaim and newbuild (and what else belongs to it), as ``plans.gathering.gather`` makes them.
        further
            More lines for ``plan_meta``.
        replace
            One of the same name is replaced; otherwise it is refused.

        Raises
        ------
        InputError
            ``scenario_name``, ``scenario_exists``, ``scenario_open``, and as ``plandb.write_plan``.
        """
        name = require_name(name)
        if not replace:
            self._require_free(name)
        path = self.path(name)
        self._require_closed(path)
        made = replaced(made, counts={role: len(table) for role, table in layers.items()})
        self._make_folder()
        write_plan(path, layers, {**further, **made.as_meta()}, progress)
        return path

    def copy(self, name: str, new: str) -> Path:
        """A second scenario like the first.

        Raises
        ------
        InputError
            ``scenario_gone``, ``scenario_open``, ``scenario_name``, ``scenario_exists``, ``cannot_write``.
        """
        old, path = self._existing(name), self._new(new)
        draft = path.with_name(f".{path.name}.draft")
        try:
            shutil.copyfile(old, draft)
            os.replace(draft, path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise InputError("cannot_write", path=str(path)) from error
        return path

    def rename(self, name: str, new: str) -> Path:
        """Give a scenario another name; only letters in capitals may be all that changes.

        Raises
        ------
        InputError
            As :meth:`copy`.
        """
        old = self._existing(name)
        path = self.path(require_name(new)) if _same(name) == _same(new.strip()) else self._new(new)
        return self._move(old, path)

    def set_aside(self, name: str) -> Path:
        """Take a scenario from the list where there is no system trash: its file gets another ending.

        Raises
        ------
        InputError
            ``scenario_gone``, ``scenario_open``, ``cannot_write``.
        """
        old = self._existing(name)
        number, aside = 1, old.with_name(old.name + _ASIDE)
        while aside.exists():
            number += 1
            aside = old.with_name(f"{old.name}{_ASIDE}{number}")
        return self._move(old, aside)

    def require_usable(self, name: str) -> Path:
        """The file of a scenario that may be moved or thrown away.

        Raises
        ------
        InputError
            ``scenario_gone``, ``scenario_open``.
        """
        return self._existing(name)

    # Inside

    def _look(self, path: Path) -> Scenario:
        try:
            return Scenario(path.stem, path, made_of(self._read_meta(path)))
        except PlanningError as error:
            return Scenario(path.stem, path, error=error)

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError("cannot_write", path=str(self.folder)) from error

    def _existing(self, name: str) -> Path:
        path = self.path(name)
        if not path.is_file():
            raise InputError("scenario_gone", name=name)
        self._require_closed(path)
        return path

    def _new(self, name: str) -> Path:
        name = require_name(name)
        self._require_free(name)
        return self.path(name)

    def _require_free(self, name: str) -> None:
        if _same(name) in {_same(taken) for taken in self.names()}:
            raise InputError("scenario_exists", name=name)

    def _require_closed(self, path: Path) -> None:
        if not path.exists():
            return
        if any(one.exists() and os.path.samefile(path, one) for one in self._in_use):
            raise InputError("scenario_open", name=path.stem)

    def _move(self, old: Path, new: Path) -> Path:
        try:
            os.replace(old, new)
        except OSError as error:
            raise InputError("cannot_write", path=str(new)) from error
        return new


def folder_of(project: Path) -> Path:
    """The folder of a project's scenarios, beside its file."""
    return project.with_name(project.stem + FOLDER)


def _same(name: str) -> str:
    """What two names must not share on any system."""
    return unicodedata.normalize("NFC", name).casefold()

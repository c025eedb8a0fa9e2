"""Runs of the data checks, kept: their findings, and what the planner marked as fixed or accepted.

A plain SQLite file and no GeoPackage.  QGIS never opens it, so this SQLite may live beside QGIS's own; a mark is one
small transaction; findings of statutory data do not turn up in a layer list.  Every call opens the file, does one
transaction and closes it: what is read is whole, what is written is there or not at all.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.severity import SEVERITIES

Ints = NDArray[np.int64]
Texts = NDArray[np.object_]
Key = Tuple[str, str, str, str, str]
"""What makes a finding the same in a later run: rule, layer, feature, field, spot."""

OPEN, AGAIN, FIXED, ACCEPTED = range(4)
STATES = ("open", "again", "fixed", "accepted")
"""``again``: was marked as fixed after an earlier run and has been found once more."""

WHOLE = -1
"""Instead of a feature id: the layer as a whole. Features drawn and not saved yet have −2, −3, …"""

VERSION = 1
_TABLES = (
    "CREATE TABLE about (version INTEGER NOT NULL)",
    "CREATE TABLE names (layer_id TEXT NOT NULL PRIMARY KEY, known_as TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, project TEXT NOT NULL,
    layers TEXT NOT NULL, rules TEXT NOT NULL, skipped TEXT NOT NULL,
    errors INTEGER NOT NULL, warnings INTEGER NOT NULL, infos INTEGER NOT NULL)""",
    """CREATE TABLE findings (
    run INTEGER NOT NULL, row INTEGER NOT NULL, rule INTEGER NOT NULL, severity INTEGER NOT NULL,
    layer INTEGER NOT NULL, fid INTEGER NOT NULL, feature TEXT NOT NULL, field TEXT NOT NULL, message TEXT NOT NULL,
    measure REAL, spot TEXT NOT NULL, place BLOB, PRIMARY KEY (run, row)) WITHOUT ROWID""",
    """CREATE TABLE marks (
    rule TEXT NOT NULL, layer TEXT NOT NULL, feature TEXT NOT NULL, field TEXT NOT NULL, spot TEXT NOT NULL,
    state INTEGER NOT NULL, note TEXT NOT NULL, run INTEGER NOT NULL, marked TEXT NOT NULL, author TEXT NOT NULL,
    PRIMARY KEY (rule, layer, feature, field, spot)) WITHOUT ROWID""",
)


@dataclass(frozen=True)
class CheckedLayer:
    """A layer of a run.

    Attributes
    ----------
    layer_id
        In the project.
    crs
        Authority id, or WKT where it has none, ``""`` = none.
    statutory
        The planner may not change it.
    known_as
        What names the layer from one run to the next, whatever it is called meanwhile; told when the run is kept.
    """

    name: str
    role: str
    layer_id: str
    crs: str
    features: int
    statutory: bool
    known_as: str = ""


@dataclass(frozen=True)
class Skipped:
    """A rule that did not run on a layer, and what it lacked."""

    layer: int
    rule: str
    lacks: str


@dataclass(frozen=True)
class Findings:
    """What a run found, column by column; ``n`` findings in the order of the screen.

    Attributes
    ----------
    rules
        Rule id and its group.
    rule, severity, layer
        ``(n,)`` numbers into ``rules``, :data:`SEVERITIES` and ``layers``.
    fid
        ``(n,)`` feature id, :data:`WHOLE` = the layer as a whole.
    feature
        ``(n,)`` what names the feature from one run to the next: a plot's number, else its feature id.
    spot
        ``(n,)`` where in the feature, ``""`` = the whole of it.
    measure
        ``(n,)`` NaN = nothing to measure.
    place
        ``(n,)`` WKB of the exact place in the layer's CRS, None = the feature itself.
    """

    layers: Tuple[CheckedLayer, ...]
    rules: Tuple[Tuple[str, str], ...]
    rule: Ints
    severity: Ints
    layer: Ints
    fid: Ints
    feature: Texts
    field: Texts
    message: Texts
    measure: NDArray[np.float64]
    spot: Texts
    place: Texts
    skipped: Tuple[Skipped, ...] = ()

    def __len__(self) -> int:
        return len(self.rule)

    @property
    def counts(self) -> Tuple[int, int, int]:
        """How many findings of each severity."""
        found = np.bincount(self.severity, minlength=len(SEVERITIES))
        return int(found[0]), int(found[1]), int(found[2])

    def keys(self) -> List[Key]:
        """What names each finding from one run to the next."""
        rules = [rule for rule, _ in self.rules]
        names = [layer.known_as or layer.name for layer in self.layers]
        return [
            (rules[rule], names[layer], feature, field, spot)
            for rule, layer, feature, field, spot in zip(
                self.rule.tolist(), self.layer.tolist(), self.feature, self.field, self.spot
            )
        ]


@dataclass(frozen=True)
class Run:
    """A run in the list; ``started`` is ISO local time, ``counts`` go by severity."""

    id: int
    started: str
    project: str
    layers: Tuple[CheckedLayer, ...]
    counts: Tuple[int, int, int]


@dataclass(frozen=True)
class Mark:
    """What the planner said of a finding, in which run, when and who."""

    state: int
    note: str
    run: int
    marked: str = ""
    author: str = ""


class FindingsStore:
    """The file of one project.

    Parameters
    ----------
    path
        Made when the first run is added.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def runs(self) -> List[Run]:
        """All runs, the latest first."""
        if not self.path.exists():
            return []
        with self._open() as database:
            rows = database.execute(
                "SELECT id, started, project, layers, errors, warnings, infos FROM runs ORDER BY id DESC"
            ).fetchall()
        return [Run(row[0], row[1], row[2], _layers(row[3]), (row[4], row[5], row[6])) for row in rows]

    def add(self, findings: Findings, started: str, project: str) -> int:
        """Keep a run; gives its number.

        Raises
        ------
        InputError
            ``findings_not_kept``.
        """
        with self._open(make=True) as database:
            layers = _known(database, findings.layers)
            run = database.execute(
                "INSERT INTO runs (started, project, layers, rules, skipped, errors, warnings, infos)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    started,
                    project,
                    json.dumps([asdict(layer) for layer in layers], ensure_ascii=False),
                    json.dumps(findings.rules),
                    json.dumps([asdict(each) for each in findings.skipped]),
                    *findings.counts,
                ),
            ).lastrowid
            database.executemany(
                "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _rows(int(run or 0), findings)
            )
        return int(run or 0)

    def findings(self, run: int) -> Findings:
        """What a run found."""
        with self._open() as database:
            head = database.execute("SELECT layers, rules, skipped FROM runs WHERE id = ?", (run,)).fetchone()
            rows = database.execute(
                "SELECT rule, severity, layer, fid, feature, field, message, measure, spot, place"
                " FROM findings WHERE run = ? ORDER BY row",
                (run,),
            ).fetchall()
        if head is None:
            raise InputError("findings_run_gone", path=str(self.path))
        columns = list(zip(*rows)) if rows else [()] * 10
        rule, severity, layer, fid = (np.array(column, dtype=np.int64) for column in columns[:4])
        feature, field, message, spot, place = (_objects(columns[i]) for i in (4, 5, 6, 8, 9))
        return Findings(
            _layers(head[0]),
            tuple((rule, group) for rule, group in json.loads(head[1])),
            rule,
            severity,
            layer,
            fid,
            feature,
            field,
            message,
            np.array([np.nan if value is None else value for value in columns[7]], dtype=np.float64),
            spot,
            place,
            tuple(Skipped(**each) for each in json.loads(head[2])),
        )

    def delete(self, run: int) -> None:
        """Forget a run; marks stay, they belong to the findings and not to the run."""
        with self._open() as database:
            database.execute("DELETE FROM findings WHERE run = ?", (run,))
            database.execute("DELETE FROM runs WHERE id = ?", (run,))

    def marks(self) -> Dict[Key, Mark]:
        """Everything marked."""
        if not self.path.exists():
            return {}
        with self._open() as database:
            rows = database.execute(
                "SELECT rule, layer, feature, field, spot, state, note, run, marked, author FROM marks"
            )
            return {(row[0], row[1], row[2], row[3], row[4]): Mark(*row[5:]) for row in rows}

    def mark(self, keys: Sequence[Key], mark: Mark) -> None:
        """Mark findings; :data:`OPEN` takes marks away."""
        with self._open(make=True) as database:
            if mark.state == OPEN:
                database.executemany(
                    "DELETE FROM marks WHERE rule = ? AND layer = ? AND feature = ? AND field = ? AND spot = ?", keys
                )
                return
            entry = (mark.state, mark.note, mark.run, mark.marked, mark.author)
            database.executemany(
                "INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [(*key, *entry) for key in keys]
            )

    def copy_to(self, path: Path) -> FindingsStore:
        """The same runs in another file, for a project saved elsewhere; what is there already stays.

        Raises
        ------
        InputError
            ``findings_not_kept``.
        """
        if self.path.exists() and not path.exists():
            draft = path.with_name(f"{path.name}.draft")
            try:
                shutil.copyfile(self.path, draft)
                draft.replace(path)
            except OSError as error:
                draft.unlink(missing_ok=True)
                raise InputError("findings_not_kept", path=str(path), why=error.strerror or str(error)) from error
        return FindingsStore(path)

    def remove(self) -> None:
        """Delete the file: the project it belongs to was never saved."""
        self.path.unlink(missing_ok=True)

    @contextmanager
    def _open(self, make: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction.

        Raises
        ------
        InputError
            ``findings_not_kept``: no place, no right to write, locked, broken.
        SchemaError
            ``findings_newer``: a later version of the plugin wrote it.
        """
        try:
            if make:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            address = address_of(self.path.absolute(), "rwc" if make else "rw")
            with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
                if make:
                    database.execute("PRAGMA auto_vacuum = FULL")  # A deleted run leaves nothing in the file.
                database.execute("BEGIN IMMEDIATE" if make else "BEGIN")
                self._prepare(database)
                yield database
                database.execute("COMMIT")  # Closing without it takes everything back.
        except (OSError, sqlite3.Error) as error:
            raise InputError("findings_not_kept", path=str(self.path), why=str(error)[-60:]) from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        known = database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'about'").fetchone()
        if known is None:
            for statement in _TABLES:
                database.execute(statement)
            database.execute("INSERT INTO about VALUES (?)", (VERSION,))
            return
        version = database.execute("SELECT version FROM about").fetchone()
        if version is not None and version[0] > VERSION:
            raise SchemaError("findings_newer", path=str(self.path))


def address_of(path: PurePath, mode: str) -> str:
    """A file as SQLite takes it; that of a network share (``//server/…``) has no host but a longer path."""
    uri = path.as_uri()
    return f"{uri if uri.startswith('file:///') else uri.replace('file://', 'file:////', 1)}?mode={mode}"


def _known(database: sqlite3.Connection, layers: Sequence[CheckedLayer]) -> List[CheckedLayer]:
    """The layers of a run with what names them: what each was called first, so that marks outlive another name.

    A layer taken out and added again has another id and is known by its name.
    """
    known = dict(database.execute("SELECT layer_id, known_as FROM names").fetchall())
    taken = {known[layer.layer_id] for layer in layers if layer.layer_id in known}
    for layer in layers:
        if layer.layer_id not in known:
            name = f"{layer.name} ({layer.role})" if layer.name in taken else layer.name
            taken.add(name)
            known[layer.layer_id] = name
            database.execute("INSERT INTO names VALUES (?, ?)", (layer.layer_id, name))
    return [replace(layer, known_as=known[layer.layer_id]) for layer in layers]


def _rows(run: int, findings: Findings) -> Iterator[Tuple[Any, ...]]:
    measure = [None if value != value else value for value in findings.measure.tolist()]
    return zip(
        (run,) * len(findings),
        range(len(findings)),
        findings.rule.tolist(),
        findings.severity.tolist(),
        findings.layer.tolist(),
        findings.fid.tolist(),
        findings.feature,
        findings.field,
        findings.message,
        measure,
        findings.spot,
        findings.place,
    )


def _layers(text: str) -> Tuple[CheckedLayer, ...]:
    return tuple(CheckedLayer(**each) for each in json.loads(text))


def _objects(values: Sequence[Any]) -> Texts:
    found = np.empty(len(values), dtype=np.object_)
    found[:] = list(values)
    return found


def standing(keys: Sequence[Key], marks: Mapping[Key, Mark], run: int) -> Tuple[Ints, Texts]:
    """State and note of each finding of ``run``.

    An accepted finding stays accepted.  One marked as fixed in an earlier run has come again; so has one of the same
    rule on the same feature and field whose place has shifted since.

    Returns
    -------
    tuple
        ``(n,)`` numbers into :data:`STATES`, ``(n,)`` notes.
    """
    state = np.zeros(len(keys), dtype=np.int64)
    note = np.full(len(keys), "", dtype=np.object_)
    if not marks:
        return state, note
    fixed = {key[:4]: mark for key, mark in marks.items() if mark.state == FIXED and key[2] and mark.run < run}
    for row, key in enumerate(keys):
        mark = marks.get(key) or fixed.get(key[:4])
        if mark is not None:
            state[row] = AGAIN if mark.state == FIXED and mark.run < run else mark.state
            note[row] = mark.note
    return state, note

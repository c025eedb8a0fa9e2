"""The runs of the project that is open: kept beside it, loaded, deleted and marked without holding up the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any, List, Optional, Sequence, Set, Tuple

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QDateTime, QObject, Qt, QTimer, QUuid, pyqtSignal
from qgis.PyQt.QtGui import QPalette

from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.desk.findings_rows import FindingRows
from three_opt_three_protect.desk.table_work import Background
from three_opt_three_protect.storage.findings_store import Findings, FindingsStore, Key, Mark, Run, standing

_SCOPE = "three_opt_three_protect"
_ENTRY = "checks/project"
_SUFFIX = "_质检.sqlite"


class ProjectRuns(QObject):
    """Follows the project: another project brings its own runs.

    A saved project keeps them beside its file, a project that has no file (not saved yet, or in a database) in the
    QGIS profile.  Runs of a project that was never saved go with it.

    Parameters
    ----------
    palette
        For the colours of the rows.
    """

    listed = pyqtSignal(object)
    """The runs there are, the latest first."""
    loaded = pyqtSignal(object, object)
    """Run and its FindingRows."""
    switched = pyqtSignal()
    """Another project is open."""
    moved = pyqtSignal(object, object)
    """The file the runs were kept in, and the store they are in since the project was saved."""
    failed = pyqtSignal(str)

    def __init__(self, palette: QPalette, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._palette = QPalette(palette)
        self.work = Background(self)
        self._store: Optional[FindingsStore] = None
        self._unsaved = False
        self._lost: Set[Path] = set()
        # Opening a project clears it first, then reads it: once is enough.
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self.follow)
        project = QgsProject.instance()
        project.cleared.connect(self._settle.start)
        project.readProject.connect(self._soon)
        project.projectSaved.connect(self._on_saved)

    def stop(self) -> None:
        """Disconnect from the project and finish what is being written."""
        project = QgsProject.instance()
        project.cleared.disconnect(self._settle.start)
        project.readProject.disconnect(self._soon)
        project.projectSaved.disconnect(self._on_saved)
        self._settle.stop()
        self.work.stop()

    @property
    def busy(self) -> bool:
        """Something is being read or written."""
        return self.work.busy or self._settle.isActive()

    @property
    def store(self) -> FindingsStore:
        """The file of the project that is open; a project without one gets a number of its own."""
        if self._store is None:
            path, self._unsaved = _path_of_project(make=True)
            self._store = FindingsStore(path) if path is not None else None
        if self._store is None:
            raise RuntimeError("a project that was given a number has a store")
        return self._store

    def is_lost(self, store: FindingsStore) -> bool:
        """The store was one of a project that was never saved and is open no more."""
        return store.path in self._lost

    def follow(self) -> None:
        """Turn to the project that is open now."""
        path, unsaved = _path_of_project()
        if self._store is not None and path != self._store.path and self._unsaved:
            # Its number is lost with the project, so nobody would find these findings again.
            self._lost.add(self._store.path)
            self.work.run(self._store.remove, failed=self._fail)
        self._store = None if path is None else FindingsStore(path)
        self._unsaved = unsaved
        self.switched.emit()
        self.list()

    def list(self, then_load: Optional[int] = None) -> None:
        """Read the list of runs, then load one of them."""
        store = self._store
        if store is None:
            self.listed.emit([])
            return

        def done(runs: List[Run]) -> None:
            if store is self._store:
                self.listed.emit(runs)
                wanted = [run for run in runs if then_load is None or run.id == then_load]
                if wanted:
                    self.load(wanted[0])

        self.work.run(store.runs, done, self._fail)

    def keep(self, findings: Findings, started: str, store: FindingsStore, project: str) -> None:
        """Keep a run in the store of the project it was made for; it is shown when that is still open."""

        def done(run: int) -> None:
            if self._store is not None and store.path == self._store.path:
                self.list(run)

        def not_kept(error: Exception) -> None:
            # A read-only folder, say: minutes of checking are not thrown away, they are shown as long as it is open.
            self._fail(error)
            if self._store is not None and store.path == self._store.path:
                self._show(findings, Run(0, started, project, findings.layers, findings.counts))

        self.work.run(lambda: store.add(findings, started, project), done, not_kept)

    def _show(self, findings: Findings, run: Run) -> None:
        """Show findings that are in no file."""
        palette = self._palette

        def rows() -> FindingRows:
            keys = findings.keys()
            return FindingRows(findings, keys, *standing(keys, {}, run.id), palette).prepare()

        self.work.run(rows, lambda made: self.loaded.emit(run, made), self._fail)

    def load(self, run: Run) -> None:
        """Read the findings of a run and what was marked."""
        store, palette = self._store, self._palette
        if store is None:
            return

        def read() -> Tuple[Run, FindingRows]:
            findings = store.findings(run.id)
            keys = findings.keys()
            state, note = standing(keys, store.marks(), run.id)
            return run, FindingRows(findings, keys, state, note, palette).prepare()

        def done(both: Tuple[Run, FindingRows]) -> None:
            if store is self._store:
                self.loaded.emit(*both)

        self.work.run(read, done, self._fail)

    def delete(self, run: Run) -> None:
        """Forget a run."""
        store = self._store
        if store is not None:
            self.work.run(lambda: store.delete(run.id), lambda _: self.list(), self._fail)

    def mark(self, keys: Sequence[Key], state: int, note: str, run: int) -> None:
        """Keep what the planner said of findings."""
        store = self._store
        if store is not None:
            mark = Mark(state, note, run, now(), str(QgsApplication.userFullName() or QgsApplication.userLoginName()))
            self.work.run(lambda: store.mark(keys, mark), failed=self._fail)

    def _soon(self, *_what: Any) -> None:
        self._settle.start()

    def _on_saved(self) -> None:
        """The project has a file now, or another one: its runs go with it."""
        path, unsaved = _path_of_project()
        old, was_unsaved = self._store, self._unsaved
        if path is None or old is None or old.path == path:
            return

        def move() -> None:
            old.copy_to(path)
            if was_unsaved:
                old.remove()

        self._store, self._unsaved = FindingsStore(path), unsaved
        self.moved.emit(old.path, self._store)
        self.work.run(move, lambda _: self.list(), self._fail)

    def _fail(self, error: Exception) -> None:
        self.failed.emit(error_line(error) if isinstance(error, PlanningError) else str(error))


def _path_of_project(make: bool = False) -> Tuple[Optional[Path], bool]:
    """Where the runs of the open project are, None = it has none yet; and whether it was never saved.

    Parameters
    ----------
    make
        Give a project without a file a number.
    """
    project = QgsProject.instance()
    file = Path(project.fileName()) if project.fileName() else None
    if file is not None and file.suffix.lower() in (".qgs", ".qgz"):
        return file.with_name(file.stem + _SUFFIX), False
    number, found = project.readEntry(_SCOPE, _ENTRY, "")
    if not found or not number:
        if not make:
            return None, False
        number = QUuid.createUuid().toString(QUuid.StringFormat.WithoutBraces)
        project.writeEntry(_SCOPE, _ENTRY, number)
    folder = Path(QgsApplication.qgisSettingsDirPath()) / _SCOPE / "checks"
    return folder / f"{number}.sqlite", file is None and not project.fileName()


def project_name() -> str:
    """What the user calls the project."""
    project = QgsProject.instance()
    return str(project.title() or project.baseName())


def now() -> str:
    """Local time as ISO text, to the second."""
    return str(QDateTime.currentDateTime().toString(Qt.DateFormat.ISODate))

"""The scenarios of the project that is open: kept beside it, listed, copied, renamed, deleted in the background."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, List, Optional

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QFile, QObject, QTimer, pyqtSignal

from three_opt_three_protect.bridge.planfiles import plan_meta, project_files
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.table_work import Background

if TYPE_CHECKING:
    from three_opt_three_protect.storage.scenarios import Scenario, ScenarioStore


class ProjectScenarios(QObject):
    """Follows the project: another project brings its own scenarios.

    A saved project keeps them in a folder beside its file, one without a file where the planner says.
    """

    listed = pyqtSignal(object)
    """The scenarios there are, the latest first."""
    switched = pyqtSignal()
    """Another project is open."""
    said = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, memory: ProjectMemory, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self.work = Background(self)
        self._seen: Optional[Path] = None
        # Opening a project clears it first, then reads it: once is enough.
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self.follow)
        project = QgsProject.instance()
        self._signals = [
            (project.cleared, self._soon),
            (project.readProject, self._soon),
            (project.projectSaved, self._on_saved),
        ]
        for signal, slot in self._signals:
            signal.connect(slot)

    def stop(self) -> None:
        """Disconnect from the project and finish what is being written."""
        for signal, slot in self._signals:
            signal.disconnect(slot)
        self._settle.stop()
        self.work.stop()

    @property
    def busy(self) -> bool:
        """Something is being read or written."""
        return self.work.busy or self._settle.isActive()

    @property
    def folder(self) -> Optional[Path]:
        """Where the scenarios are or will be; None = the project has no file and no folder was chosen."""
        from three_opt_three_protect.storage.scenarios import folder_of

        file = Path(QgsProject.instance().fileName() or "")
        if file.suffix.lower() in (".qgs", ".qgz"):
            return folder_of(file)
        chosen = self._memory.scenario().get("folder", "")
        return Path(chosen) if chosen else None

    def choose_folder(self, folder: str) -> None:
        """Keep the scenarios of a project without a file here."""
        self._memory.keep_scenario(folder=folder)
        self.follow()

    @property
    def store(self) -> Optional[ScenarioStore]:
        """The scenarios, with the files the project has open at this moment; asked for in the main thread."""
        from three_opt_three_protect.storage.scenarios import ScenarioStore

        folder = self.folder
        return None if folder is None else ScenarioStore(folder, plan_meta, tuple(project_files(QgsProject.instance())))

    def next_name(self) -> str:
        """The first of 方案 1, 方案 2, … that no scenario's name begins with."""
        store = self.store
        taken = [] if store is None else store.names()
        number = 1
        while True:
            name = self.tr("Scenario {number}").format(number=number)
            if not any(each.startswith(name) and not each[len(name) : len(name) + 1].isdigit() for each in taken):
                return str(name)
            number += 1

    def follow(self) -> None:
        """Turn to the project that is open now."""
        self._seen = self.folder
        self.switched.emit()
        self.list()

    def list(self) -> None:
        """Look for scenarios."""
        store = self.store
        if store is None:
            self.listed.emit([])
            return

        def done(found: List[Scenario]) -> None:
            if self.folder == store.folder:
                self.listed.emit(found)

        self.work.run(store.list, done, self._fail)

    # What the planner does

    def copy(self, name: str, new: str) -> None:
        """A second scenario like the first."""
        self._change(lambda store: store.copy(name, new), self.tr("Copied: {name}").format(name=new))

    def rename(self, name: str, new: str) -> None:
        """Give a scenario another name."""
        self._change(lambda store: store.rename(name, new), self.tr("Renamed: {name}").format(name=new))

    def delete(self, names: List[str]) -> None:
        """Put scenarios into the trash; where there is none, their files are set aside."""
        gone = self.tr("In the trash: {names}")
        aside = self.tr("There is no trash here; kept in the folder with another ending: {names}")

        def work(store: ScenarioStore) -> str:
            left = [name for name in names if not QFile.moveToTrash(str(store.require_usable(name)))[0]]
            for name in left:
                store.set_aside(name)
            return (aside if left else gone).format(names=", ".join(left or names))

        self._change(work)

    def _change(self, work: Callable[[ScenarioStore], Any], line: str = "") -> None:
        store = self.store
        if store is None:
            return

        def done(result: Any) -> None:
            self.said.emit(line or str(result))
            self.list()

        def failed(error: Exception) -> None:
            self._fail(error)
            self.list()

        self.work.run(lambda: work(store), done, failed)

    # The project

    def _soon(self, *_what: Any) -> None:
        self._settle.start()

    def _on_saved(self) -> None:
        """The project has another file now: its scenarios are copied beside it, the old ones stay."""
        old, new = self._seen, self.folder
        self._seen = new
        if old is None or new is None or old == new:
            self.list()
            return
        line = self.tr("{count} scenarios copied beside the project")

        def copy() -> int:
            files = [] if not old.is_dir() or new.exists() else sorted(old.glob("*.gpkg"))
            if files:
                new.mkdir()
            for file in files:
                shutil.copyfile(file, new / file.name)
            return len(files)

        def done(count: int) -> None:
            if count:
                self.said.emit(line.format(count=count))
            self.list()

        self.work.run(copy, done, self._fail)

    def _fail(self, error: Exception) -> None:
        self.failed.emit(error_line(error) if isinstance(error, PlanningError) else str(error))

"""All layers of the project with what is known of each: listens, looks in the background, remembers choices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Tuple, Union

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QThreadPool, QTimer, pyqtSignal

from three_opt_three_protect.bridge.relations import relate
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.core.fieldguess import LayerSample
from three_opt_three_protect.core.roles import guess_names
from three_opt_three_protect.desk.layers_facts import LayerFacts, shapefile_of
from three_opt_three_protect.desk.layers_job import ROWS, Brake, Coding, CodingJob, Look, LookJob, Seen, WarmJob
from three_opt_three_protect.desk.layers_listen import LayerNews
from three_opt_three_protect.desk.layers_state import LayerState
from three_opt_three_protect.desk.memory import ProjectMemory, remembered
from three_opt_three_protect.desk.project_roles import open_roles, project_layers
from three_opt_three_protect.desk.role_guess import ROLES, all_roles, geometry_of
from three_opt_three_protect.desk.snapshot import Snapshot

Job = Union[WarmJob, LookJob, CodingJob]
_WAIT_MS = 50
"""Opening a project adds its layers one group at a time."""


class LayersModel(QObject):
    """The layers of the project and what they seem to be."""

    changed = pyqtSignal()
    """States are new; ask for :meth:`states`."""
    said = pyqtSignal(str)
    """A line for the planner."""

    def __init__(self, memory: ProjectMemory, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._facts = LayerFacts(memory)
        self._news: Dict[str, LayerNews] = {}
        self._jobs: List[Job] = []
        self._related: FrozenSet[str] = frozenset()
        self._number = 0
        self._brake = Brake()
        self._active = self._warm = False
        self._listening = True
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_WAIT_MS)
        self._settle.timeout.connect(self._look)
        for signal, slot in self._signals():
            signal.connect(slot)

    def _signals(self) -> List[Tuple[Any, Any]]:
        project = QgsProject.instance()
        return [
            (project.layersWillBeRemoved, self._on_will_be_removed),
            (project.layersRemoved, self._soon),
            (project.layersAdded, self._soon),
            (project.readProject, self._soon),
            (project.cleared, self._soon),
            (remembered.roles, self._soon),
            (remembered.layer, self._soon),
        ]

    # What the dock says

    def set_active(self, active: bool) -> None:
        """Look only while somebody looks; what changed meanwhile is caught up on."""
        self._active = active
        if active and not self._warm and not self._jobs:
            self._start(WarmJob(), self._on_warm)
        elif active:
            self._soon()
        else:
            self._settle.stop()

    def stop(self) -> None:
        """Disconnect from everything and end the work."""
        if not self._listening:
            return
        self._listening = False
        self.set_active(False)
        for signal, slot in self._signals():
            signal.disconnect(slot)
        for news in self._news.values():
            news.stop()
        self._news.clear()
        self._number += 1
        self._brake.pulled = True
        self._pool.clear()
        self._pool.waitForDone()

    @property
    def busy(self) -> bool:
        """Something is being read or about to be."""
        return self._settle.isActive() or bool(self._jobs)

    def states(self) -> List[LayerState]:
        """Every layer of the project, those of the plan in the order of the roles, the others after them by name."""
        order = {role: number for number, role in enumerate(all_roles())}
        given = self._facts.given(project_layers())
        found = [self._facts.state(layer, given) for layer in project_layers()]
        return sorted(found, key=lambda state: (order.get(state.role or "", len(order)), state.name))

    # What the planner says

    def choose_role(self, layer_id: str, role: Optional[str]) -> None:
        """Give a layer a role; ``""`` = none, None = back to guessing."""
        self._memory.give_role(layer_id, role, all_roles())

    def choose_field(self, layer_id: str, role_field: str, source: Optional[str]) -> None:
        """Map a role field to a field of the layer; ``""`` = to none, None = back to guessing."""
        fields = self._memory.chosen_fields(layer_id)
        fields.pop(role_field, None)
        if source is not None:
            fields[role_field] = source
        self._memory.keep_fields(layer_id, fields)

    def choose_system(self, layer_id: str, system: Optional[str]) -> None:
        """Say in which classification a layer is coded; None = find out."""
        self._memory.keep_class_system(layer_id, system)

    def choose_year(self, layer_id: str, year: Optional[int]) -> None:
        """Say which year the data of a layer stand for; None = as the layer says."""
        self._memory.keep_as_of(layer_id, year)

    def reset(self, layer_id: str) -> None:
        """Drop what the planner chose for a layer."""
        self._memory.give_role(layer_id, None, all_roles())
        self._memory.keep_fields(layer_id, {})
        self._memory.keep_class_system(layer_id, None)
        self._memory.keep_as_of(layer_id, None)

    def set_crs(self, layer_id: str, authid: str) -> None:
        """Give the layer another CRS in this project; its data stay as they are."""
        layer = QgsProject.instance().mapLayer(layer_id)
        if isinstance(layer, QgsVectorLayer):
            layer.setCrs(QgsCoordinateReferenceSystem(authid))
            self.said.emit(self.tr("{layer}: coordinate system set to {crs}; the data are unchanged").format(
                layer=layer.name(), crs=authid))  # fmt: skip

    def apply_encoding(self, layer_id: str) -> None:
        """Have QGIS read a shapefile's text with the encoding it is in."""
        from three_opt_three_protect.bridge.encodings import set_right_encoding

        layer = QgsProject.instance().mapLayer(layer_id)
        if not isinstance(layer, QgsVectorLayer):
            return
        try:
            set_right_encoding(layer)
        except PlanningError as error:
            self.said.emit(error_line(error))
            return
        self._forget(layer_id)
        layer.triggerRepaint()

    def guess_again(self) -> None:
        """Read all layers anew and drop what was found, not what the planner chose."""
        self._facts.clear()
        self._soon()

    # Listening

    def _on_warm(self, fault: Optional[Exception]) -> None:
        if fault is not None:
            self._fault(fault)
        self._warm = True
        self._soon()

    def _fault(self, fault: Exception) -> None:
        """What a planner can act on becomes a line; a fault of the program flies, here where it is seen."""
        if isinstance(fault, PlanningError):
            self.said.emit(error_line(fault))
            return
        self.said.emit(self.tr("Fault of the program: {what}").format(what=repr(fault)))
        raise fault

    def _soon(self, *_what: object) -> None:
        if self._active and self._warm:
            self._settle.start()

    def _on_will_be_removed(self, layer_ids: List[str]) -> None:
        for layer_id in layer_ids:
            news = self._news.pop(layer_id, None)
            if news is not None:
                news.stop()
            self._facts.drop(layer_id)

    def _forget(self, layer_id: str) -> None:
        """The layer has other fields, another source or another CRS."""
        self._facts.drop(layer_id)
        self._soon()

    def _on_name(self, layer_id: str) -> None:
        """A name is part of what tells role and classification."""
        self._facts.asked.pop(layer_id, None)
        self._soon()

    def _listen(self, layers: List[QgsVectorLayer]) -> None:
        for layer in layers:
            if layer.id() not in self._news:
                news = LayerNews(layer)
                news.changed.connect(self._forget)
                news.renamed.connect(self._on_name)
                self._news[layer.id()] = news

    # Looking

    def _look(self) -> None:
        layers = project_layers()
        self._listen(layers)
        self._relate(layers)
        self._number += 1
        fresh = [layer for layer in layers if layer.id() not in self._facts.samples]
        files = {layer.id(): shapefile_of(layer) for layer in layers if layer.id() not in self._facts.encodings}
        look = Look(
            self._number,
            {layer.id(): Snapshot(layer, most=ROWS, as_shown=True) for layer in fresh},
            self._read_samples(layers),
            {layer.id(): geometry_of(layer) for layer in layers},
            {layer_id: path for layer_id, path in files.items() if path is not None},
            open_roles(self._memory),
            self._facts.given(layers),
        )
        self._start(LookJob(look, self._brake), self._on_seen)
        self.changed.emit()

    def _relate(self, layers: List[QgsVectorLayer]) -> None:
        """Set up the relations of a plan database, once for every change of layers."""
        there = frozenset(layer.id() for layer in layers)
        if there != self._related:
            self._related = there
            relate(QgsProject.instance())

    def _read_samples(self, layers: List[QgsVectorLayer]) -> Dict[str, LayerSample]:
        """What has been read, under the names the layers have now."""
        read = ((layer, self._facts.samples.get(layer.id())) for layer in layers)
        return {layer.id(): replace(sample, name=str(layer.name())) for layer, sample in read if sample is not None}

    def _start(self, job: Job, then: Callable[[Any], None]) -> None:
        job.setAutoDelete(False)
        job.signals.done.connect(lambda result: self._ended(job, then, result))
        self._jobs.append(job)
        self._pool.start(job)

    def _ended(self, job: Job, then: Callable[[Any], None], result: Any) -> None:
        self._jobs.remove(job)
        if self._listening:
            then(result)

    def _on_seen(self, seen: Seen) -> None:
        if seen.number != self._number:
            return
        if seen.fault is not None:
            self._fault(seen.fault)
            return
        self._facts.take(seen)
        self._write_down(seen.by_name)
        self._find_codings()
        self.changed.emit()

    def _write_down(self, by_name: Mapping[str, str]) -> None:
        """Leave what only the contents tell where the other docks find it."""
        layers, schemas = project_layers(), all_roles()
        for layer in layers:
            guess = self._facts.guesses.get(layer.id())
            fields = {} if guess is None else guess.fields
            role = None if guess is None else guess.role
            plain = {} if role is None else guess_names(layer.fields().names(), schemas[role])
            beyond = {name: found.source for name, found in fields.items() if plain.get(name) != found.source}
            self._memory.keep_found_fields(layer.id(), beyond)
        given = self._facts.given(layers)
        guesses = [guess for guess in self._facts.guesses.values() if guess.layer not in given]
        by_contents = {guess.role: guess.layer for guess in guesses if guess.role is not None}
        differs = any(by_contents.get(role) != by_name.get(role) for role in ROLES)
        self._memory.keep_found_roles(by_contents if differs else {}, [layer.id() for layer in layers])

    def _find_codings(self) -> None:
        layers = project_layers()
        given = self._facts.given(layers)
        for layer in layers:
            fields = self._facts.fields(layer.id(), given)
            if "class_code" not in fields:
                self._facts.codings.pop(layer.id(), None)
                self._facts.asked.pop(layer.id(), None)
                continue
            named = (fields.get(name) for name in ("class_code", "class_name", "area"))
            code, name, area = (found.source if found is not None else "" for found in named)
            key = (code, name, area)
            if self._facts.asked.get(layer.id()) != key:
                self._facts.asked[layer.id()] = key
                self._facts.codings.pop(layer.id(), None)
                self._start(
                    CodingJob(layer.id(), Snapshot(layer, shapes=not area, as_shown=True), key, self._brake),
                    self._on_coding,
                )

    def _on_coding(self, coding: Coding) -> None:
        if self._facts.asked.get(coding.layer_id) != coding.key:
            return
        self._facts.codings[coding.layer_id] = coding
        self.changed.emit()
        if coding.fault is not None:
            self._fault(coding.fault)

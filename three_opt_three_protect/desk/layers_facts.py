"""What has been found out about the layers, and what the planner says to it: both together are their states."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from qgis.core import QgsMapLayer, QgsVectorLayer

from three_opt_three_protect.bridge.sources import file_of
from three_opt_three_protect.bridge.words import error_line
from three_opt_three_protect.core.errors import PlanningError
from three_opt_three_protect.core.fieldguess import FoundField, LayerSample
from three_opt_three_protect.core.roleguess import RoleGuess
from three_opt_three_protect.desk.layers_job import Coding, Seen
from three_opt_three_protect.desk.layers_state import CHOSEN, Encoded, LayerState, YearOf, year_of
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.project_roles import chosen_layers
from three_opt_three_protect.desk.role_guess import all_roles, geometry_of
from three_opt_three_protect.storage.dbf import SUFFIXES, DbfEncoding

if TYPE_CHECKING:
    from three_opt_three_protect.core.crsguess import CrsGuess


class LayerFacts:
    """Facts by layer id.

    Attributes
    ----------
    asked
        The fields a classification was last looked for in; what comes back for others is out of date.
    """

    def __init__(self, memory: ProjectMemory) -> None:
        self._memory = memory
        self.samples: Dict[str, LayerSample] = {}
        self.encodings: Dict[str, DbfEncoding] = {}
        self.crs: Dict[str, CrsGuess] = {}
        self.guesses: Dict[str, RoleGuess] = {}
        self.errors: Dict[str, Exception] = {}
        self.codings: Dict[str, Coding] = {}
        self.asked: Dict[str, Tuple[str, str, str]] = {}

    def take(self, seen: Seen) -> None:
        """What a look has found."""
        self.samples.update(seen.samples)
        self.encodings.update(seen.encodings)
        self.crs.update(seen.crs)
        self.errors = dict(seen.errors)
        self.guesses = dict(seen.guesses)

    def drop(self, layer_id: str) -> None:
        """Forget a layer."""
        for kept in (self.guesses, *self._read()):
            kept.pop(layer_id, None)

    def clear(self) -> None:
        """Forget what was read; the guesses stay on the screen until there are new ones."""
        for kept in self._read():
            kept.clear()

    def _read(self) -> List[Dict[str, Any]]:
        return [self.samples, self.encodings, self.crs, self.errors, self.codings, self.asked]

    def given(self, layers: List[QgsVectorLayer]) -> Dict[str, str]:
        """Layer → role the planner gave it, ``""`` = none."""
        given = {layer.id(): role for role, layer in chosen_layers(self._memory).items()}
        return {**{layer.id(): "" for layer in layers if self._memory.unused(layer.id())}, **given}

    def role(self, layer_id: str, given: Mapping[str, str]) -> Optional[str]:
        """The role the planner gave a layer, else the one guessed."""
        guess = self.guesses.get(layer_id)
        return given.get(layer_id, (guess.role if guess is not None else None) or "") or None

    def fields(self, layer_id: str, given: Mapping[str, str]) -> Mapping[str, FoundField]:
        """What was found, overruled by the planner."""
        guess, sample = self.guesses.get(layer_id), self.samples.get(layer_id)
        role = self.role(layer_id, given)
        # A role chosen a moment ago has not been looked at yet.
        fields = dict(guess.fields) if guess is not None and guess.role == role else {}
        known = {} if role is None else all_roles()[role].fields
        for role_field, source in self._memory.chosen_fields(layer_id).items():
            if role_field not in known:
                continue
            fields.pop(role_field, None)
            if source and sample is not None and source in sample.columns:
                fields[role_field] = FoundField(source, CHOSEN)
        return fields

    def state(self, layer: QgsVectorLayer, given: Mapping[str, str]) -> LayerState:
        """All that is known of a layer."""
        layer_id = layer.id()
        guess, sample = self.guesses.get(layer_id), self.samples.get(layer_id)
        role, fields = self.role(layer_id, given), self.fields(layer_id, given)
        coding = self.codings.get(layer_id)
        system = self._memory.class_system(layer_id)
        year = self._memory.as_of(layer_id)
        return LayerState(
            layer_id,
            str(layer.name()),
            geometry_of(layer),
            role,
            layer_id in given,
            0.0 if guess is None else guess.confidence,
            sample is not None,
            self._error(layer_id),
            None if role is None else all_roles()[role],
            fields,
            {} if sample is None else sample.columns,
            coding,
            system or (None if coding is None else coding.system),
            system is not None,
            layer.crs().authid() or layer.crs().description(),
            self.crs.get(layer_id),
            self._encoded(layer),
            year_of(sample, fields, layer.name()) if year is None else YearOf(year, CHOSEN),
        )

    def _error(self, layer_id: str) -> str:
        error = self.errors.get(layer_id)
        if error is None:
            return ""
        return error_line(error) if isinstance(error, PlanningError) else str(error)

    def _encoded(self, layer: QgsVectorLayer) -> Optional[Encoded]:
        from three_opt_three_protect.bridge.encodings import shown_encoding

        if shapefile_of(layer) is None:
            return None
        return Encoded(shown_encoding(layer), self.encodings.get(layer.id()))


def shapefile_of(layer: QgsMapLayer) -> Optional[Path]:
    """The shapefile (or DBF) a layer lies in, None for everything else."""
    if layer.providerType() != "ogr":
        return None
    file = file_of(layer)
    return Path(file) if file and Path(file).suffix.lower() in SUFFIXES else None

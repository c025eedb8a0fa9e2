"""One run of an algorithm: its inputs as tables and plain values, its log, its progress."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, Sequence, Set

import numpy as np
from qgis.core import (
    QgsFeatureSource,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMultipleLayers,
    QgsVectorLayer,
)

from three_opt_three_protect.algorithms.checks import input_layer, is_whole
from three_opt_three_protect.algorithms.geometryreport import GeometryReport
from three_opt_three_protect.algorithms.parameters import DATUM_SHIFT
from three_opt_three_protect.bridge.compat import chosen_fields
from three_opt_three_protect.bridge.crs import bring_to, no_crs_of, to_lonlat
from three_opt_three_protect.bridge.feedback import FeedbackProgress
from three_opt_three_protect.bridge.sinks import Copy
from three_opt_three_protect.bridge.sources import Reading, origin_of, read_layer, title_of
from three_opt_three_protect.bridge.surroundings import Surroundings
from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.errors import InputError, Value
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import CrsInfo, LayerTable

if TYPE_CHECKING:
    from three_opt_three_protect.core.datumshift import DatumShift
    from three_opt_three_protect.core.measure import AreaMethod, ToLonLat
    from three_opt_three_protect.core.rules import Profile

READING_SHARE = 0.3
"""Share of the progress bar that reading takes; writing takes WRITING_SHARE."""
WRITING_SHARE = 0.1


@dataclass(frozen=True)
class Results:
    """What ``compute`` hands back; written when everything is there.

    Attributes
    ----------
    layers
        Sink parameter → table (or :class:`Copy` of an input with more columns).
    figures
        Output name → number, text or None (cannot be known).
    files
        File parameter → what writes the file at the path it is given: a draft beside the one
        wanted, put in its place when everything else is written.
    """

    layers: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Callable[[Path], None]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Input:
    """A layer parameter: its features, the layer behind them, and the layer again when they are all of it."""

    name: str
    source: QgsFeatureSource
    layer: Optional[QgsVectorLayer]
    whole: Optional[QgsVectorLayer]


class Run:
    """Everything ``compute`` needs; nothing of it touches the project or the window.

    Attributes
    ----------
    progress
        To be handed to core; fills what reading and writing leave of the bar.
    surroundings
        What was noted of the project before the run.
    tables
        Layer parameter → table as read, for provenance.
    report
        What happened to the geometry of these layers.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        surroundings: Surroundings,
    ) -> None:
        self._algorithm = algorithm
        self.parameters = dict(parameters)
        self.context = context
        self.feedback = feedback
        self.surroundings = surroundings
        whole = FeedbackProgress(feedback, lambda step: sentence(step, {}))
        self._reading = FeedbackProgress(feedback, _Once(), 0.0, READING_SHARE)
        whole.part(READING_SHARE)
        self.progress = whole.part(1.0 - READING_SHARE - WRITING_SHARE)
        self.writing = whole.part(WRITING_SHARE)
        self._read_share = 1.0 / max(1, self._count_layers())
        self.tables: Dict[str, LayerTable] = {}
        self.report = GeometryReport()
        self._file_outputs: Dict[str, Optional[str]] = {}

    # Layers

    def has(self, name: str) -> bool:
        """True when the layer parameter ``name`` was given."""
        return self._source(name) is not None

    def table(self, name: str, fields: Optional[Sequence[str]] = None) -> LayerTable:
        """The layer or table given as ``name``, geometry as it is.

        Parameters
        ----------
        fields
            The fields needed, None = all.

        Raises
        ------
        InputError
            ``layer_missing``, ``empty_layer``.
        """
        found = self.maybe_table(name, fields)
        if found is None:
            raise InputError("layer_missing", parameter=name)
        if not len(found):
            raise InputError("empty_layer", layer=found.name)
        return found

    def maybe_table(self, name: str, fields: Optional[Sequence[str]] = None) -> Optional[LayerTable]:
        """As :meth:`table`; None when it was not given, and empty is allowed."""
        source = self._source(name)
        if source is None:
            return None
        return self._read(self._input(name, source), fields, self._next_reading()).table

    def polygons(
        self, name: str, fields: Optional[Sequence[str]] = None, like: Optional[LayerTable] = None
    ) -> LayerTable:
        """The polygon layer given as ``name``: repaired, counted, in the CRS of ``like``.

        Rows stay as they are; ``geometry`` is None where a feature was left out.

        Raises
        ------
        InputError
            ``layer_missing``, ``empty_layer``.
        CrsError
            ``no_crs``, ``two_datums``, ``transform_failed``.
        """
        found = self.maybe_polygons(name, fields, like)
        if found is None:
            raise InputError("layer_missing", parameter=name)
        if not len(found):
            raise InputError("empty_layer", layer=found.name)
        return found

    def maybe_polygons(
        self, name: str, fields: Optional[Sequence[str]] = None, like: Optional[LayerTable] = None
    ) -> Optional[LayerTable]:
        """As :meth:`polygons`; None when it was not given, and empty is allowed."""
        source = self._source(name)
        if source is None:
            return None
        return self._read_polygons(self._input(name, source), fields, like)

    def many_polygons(
        self, name: str, fields: Optional[Sequence[str]] = None, like: Optional[LayerTable] = None
    ) -> List[LayerTable]:
        """The polygon layers given as ``name``, in the order given."""
        layers = self._algorithm.parameterAsLayerList(self.parameters, name, self.context)
        return [
            self._read_polygons(_Input(f"{name}.{number}", layer, layer, layer), fields, like)
            for number, layer in enumerate(layers, 1)
        ]

    def maybe_features(self, name: str, fields: Optional[Sequence[str]], like: LayerTable) -> Optional[LayerTable]:
        """The lines or points given as ``name``, geometry as it is, in the CRS of ``like``; None when not given.

        Raises
        ------
        CrsError
            ``no_crs``, ``two_datums``, ``transform_failed``.
        """
        table = self.maybe_table(name, fields)
        return None if table is None else self._brought(table, like, SILENT)

    def field_names(self, name: str) -> List[str]:
        """Names of the fields of the layer parameter ``name``; none when it was not given."""
        source = self._source(name)
        return [] if source is None else [str(item.name()) for item in source.fields()]

    def source(self, name: str) -> QgsFeatureSource:
        """The source itself, for a :class:`Copy`.

        Raises
        ------
        InputError
            ``layer_missing``.
        """
        source = self._source(name)
        if source is None:
            raise InputError("layer_missing", parameter=name)
        return source

    # Plain values

    def field(self, name: str) -> Optional[str]:
        """Name of the field chosen, None when none was."""
        chosen = chosen_fields(self._algorithm, self.parameters, name, self.context)
        return str(chosen[0]) if chosen else None

    def word(self, name: str) -> str:
        """The word chosen."""
        return str(self._algorithm.parameterAsEnumString(self.parameters, name, self.context))

    def choice(self, name: str) -> int:
        """Number of the option chosen."""
        return int(self._algorithm.parameterAsEnum(self.parameters, name, self.context))

    def area_method(self, name: str = "AREA_METHOD") -> AreaMethod:
        """The area method chosen."""
        from three_opt_three_protect.core.measure import AreaMethod

        return AreaMethod(self.choice(name))

    def number(self, name: str) -> Optional[float]:
        """A real number, None when it was left out."""
        if self._left_out(name):
            return None
        return float(self._algorithm.parameterAsDouble(self.parameters, name, self.context))

    def integer(self, name: str) -> Optional[int]:
        """A whole number, None when it was left out."""
        if self._left_out(name):
            return None
        return int(self._algorithm.parameterAsInt(self.parameters, name, self.context))

    def switch(self, name: str) -> bool:
        """Yes or no."""
        return bool(self._algorithm.parameterAsBool(self.parameters, name, self.context))

    def text(self, name: str) -> str:
        """A line of text, ``""`` when it was left out."""
        return str(self._algorithm.parameterAsString(self.parameters, name, self.context)).strip()

    def date(self, name: str) -> Optional[np.datetime64]:
        """A day, None when it was left out."""
        if self._left_out(name):
            return None
        moment = self._algorithm.parameterAsDateTime(self.parameters, name, self.context)
        day = moment.date()
        return np.datetime64(f"{day.year():04d}-{day.month():02d}-{day.day():02d}") if day.isValid() else None

    def file_output(self, name: str) -> Optional[str]:
        """Path of a file or folder to write, None when it is not wanted."""
        if name not in self._file_outputs:
            # A temporary output gets another name each time QGIS is asked.
            path = self._algorithm.parameterAsFileOutput(self.parameters, name, self.context)
            self._file_outputs[name] = path or None
        return self._file_outputs[name]

    def _left_out(self, name: str) -> bool:
        given = self.parameters.get(name)
        return given is None and self._algorithm.parameterDefinition(name).defaultValue() is None

    def profile(self, name: str = "PROFILE") -> Profile:
        """The policy profile named: a path, or an id looked up beside the project, then in the user's folder.

        Raises
        ------
        PlanningError
            ``profile_…`` errors with file and line.
        """
        from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE, load_profile

        return load_profile(self.text(name) or DEFAULT_PROFILE, self.surroundings.profiles)

    def datum_shift(self) -> Optional[DatumShift]:
        """The planner's own parameters between two datums, None where none were given.

        Raises
        ------
        CrsError
            ``shift_…`` errors.
        SchemaError
            ``resource_…`` errors with file and line.
        """
        if self._algorithm.parameterDefinition(DATUM_SHIFT) is None:
            return None
        path = str(self._algorithm.parameterAsFile(self.parameters, DATUM_SHIFT, self.context))
        if not path:
            return None
        from three_opt_three_protect.storage.datumshift import read_shift

        return read_shift(Path(path))

    # Help for core

    def lonlat(self, crs: CrsInfo) -> Optional[ToLonLat]:
        """QGIS's inverse projection where core has none of its own, else None."""
        from three_opt_three_protect.core.measure import lonlat_of

        return None if lonlat_of(crs) is not None else to_lonlat(crs)

    def log(self, message_id: str, **values: Value) -> None:
        """One line in the log."""
        self.feedback.pushInfo(sentence(message_id, values))

    def warn(self, message_id: str, **values: Value) -> None:
        """One line in the log that stands out."""
        self.feedback.pushWarning(sentence(message_id, values))

    def _source(self, name: str) -> Optional[QgsFeatureSource]:
        return self._algorithm.parameterAsSource(self.parameters, name, self.context)

    def _count_layers(self) -> int:
        count = 0
        for definition in self._algorithm.parameterDefinitions():
            given = self.parameters.get(definition.name())
            if isinstance(definition, QgsProcessingParameterFeatureSource) and given is not None:
                count += 1
            elif isinstance(definition, QgsProcessingParameterMultipleLayers) and given:
                count += len(given) if isinstance(given, (list, tuple)) else 1
        return count

    def _next_reading(self) -> FeedbackProgress:
        return self._reading.part(self._read_share)

    def _input(self, name: str, source: QgsFeatureSource) -> _Input:
        given = self.parameters.get(name)
        layer = input_layer(given, self.context)
        return _Input(name, source, layer, layer if is_whole(given) else None)

    def _read(self, given: _Input, fields: Optional[Sequence[str]], progress: FeedbackProgress) -> Reading:
        layer = given.layer
        title = title_of(layer, self.surroundings.listed) if layer is not None else given.source.sourceName()
        origin = origin_of(layer) if layer is not None else ""
        progress.step("reading", 1.0)
        reading = read_layer(given.source, title, progress, fields, origin, given.whole)
        self.tables[given.name] = reading.table
        self.report.read(given.name, reading)
        if reading.table.flattened:
            self.log("log_flattened", layer=title, count=reading.table.flattened)
        if reading.segmented:
            self.log("log_segmented", layer=title, count=reading.segmented)
        return reading

    def _read_polygons(self, given: _Input, fields: Optional[Sequence[str]], like: Optional[LayerTable]) -> LayerTable:
        from three_opt_three_protect.core.repair import repair_polygons

        progress = self._next_reading()
        table = self._read(given, fields, progress.part(0.6)).table
        if table.geometry is None:
            raise InputError("no_geometry", layer=table.name)
        if table.crs is None:
            raise no_crs_of(table)
        if like is not None:
            table = self._brought(table, like, progress.part(0.1))
        repairing = progress.part(0.3)
        repairing.step("repairing", 1.0)
        fixed = repair_polygons(table.shapes, repairing)
        self.report.repair(given.name, table, fixed)
        if fixed.issues:
            self.warn("log_geometry", layer=table.name, repaired=fixed.repaired, dropped=fixed.dropped)
        return replace(table, geometry=fixed.geometry)

    def _brought(self, table: LayerTable, like: LayerTable, progress: Progress) -> LayerTable:
        return bring_to(table, like, self.context.transformContext(), self._tell, progress, self.datum_shift())

    def _tell(self, message_id: str, values: Mapping[str, str]) -> None:
        self.feedback.pushInfo(sentence(message_id, values))


class _Once:
    """Words of a step the first time it begins: reading and repairing alternate from layer to layer."""

    def __init__(self) -> None:
        self._said: Set[str] = set()

    def __call__(self, step: str) -> str:
        if step in self._said:
            return ""
        self._said.add(step)
        return sentence(step, {})


__all__ = ["Copy", "Results", "Run"]

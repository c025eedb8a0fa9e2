"""One run of an algorithm: its inputs as tables and plain values, its log, its progress."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

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

from three_opt_three_protect.algorithms.checks import input_layer
from three_opt_three_protect.bridge.compat import chosen_fields
from three_opt_three_protect.bridge.crs import bring_to, to_lonlat
from three_opt_three_protect.bridge.feedback import FeedbackProgress
from three_opt_three_protect.bridge.profiles import profile_folders
from three_opt_three_protect.bridge.sinks import Copy
from three_opt_three_protect.bridge.sources import Reading, origin_of, read_layer, title_of
from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.errors import CrsError, InputError, Value
from three_opt_three_protect.core.tables import CrsInfo, LayerTable, integer, real, text

if TYPE_CHECKING:
    from three_opt_three_protect.core.measure import AreaMethod, ToLonLat
    from three_opt_three_protect.core.repair import Repaired
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
class _Issue:
    layer: str
    fid: int
    reason: str
    area_was: float
    area_is: float


class Run:
    """Everything ``compute`` needs; nothing of it touches the project or the window.

    Attributes
    ----------
    progress
        To be handed to core; fills what reading and writing leave of the bar.
    tables
        Layer parameter → table as read, for provenance.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._algorithm = algorithm
        self.parameters = dict(parameters)
        self.context = context
        self.feedback = feedback
        whole = FeedbackProgress(feedback, lambda step: sentence(step, {}))
        self._reading = whole.part(READING_SHARE)
        self.progress = whole.part(1.0 - READING_SHARE - WRITING_SHARE)
        self.writing = whole.part(WRITING_SHARE)
        self._read_share = 1.0 / max(1, self._count_layers())
        self.tables: Dict[str, LayerTable] = {}
        self._file_outputs: Dict[str, Optional[str]] = {}
        self._issues: List[_Issue] = []
        self._counts: Dict[str, Tuple[int, int]] = {}

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
        layer = input_layer(self.parameters.get(name), self.context)
        return self._read(name, source, layer, fields, self._next_reading()).table

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
        layer = input_layer(self.parameters.get(name), self.context)
        return self._read_polygons(name, source, layer, fields, like)

    def many_polygons(
        self, name: str, fields: Optional[Sequence[str]] = None, like: Optional[LayerTable] = None
    ) -> List[LayerTable]:
        """The polygon layers given as ``name``, in the order given."""
        layers = self._algorithm.parameterAsLayerList(self.parameters, name, self.context)
        return [
            self._read_polygons(f"{name}.{number}", layer, layer, fields, like)
            for number, layer in enumerate(layers, 1)
        ]

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

        return load_profile(self.text(name) or DEFAULT_PROFILE, profile_folders(self.context.project()))

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

    # Geometry report

    def repaired(self, name: str = "") -> int:
        """Polygons made valid in the layer parameter ``name``, or in all."""
        return sum(count for key, (count, _) in self._counts.items() if name in ("", key))

    def dropped(self, name: str = "") -> int:
        """Features left out of the layer parameter ``name``, or of all."""
        return sum(count for key, (_, count) in self._counts.items() if name in ("", key))

    def issues(self) -> LayerTable:
        """The table ISSUES: ``layer``, ``fid``, ``reason``, ``area_was``, ``area_is`` (m²)."""
        found = self._issues
        return LayerTable(
            "issues",
            np.arange(len(found), dtype=np.int64),
            columns={
                "layer": text([item.layer for item in found], alias="图层"),
                "fid": integer([item.fid for item in found], alias="要素编号"),
                "reason": text([item.reason for item in found], alias="原因"),
                "area_was": real([item.area_was for item in found], alias="原面积"),
                "area_is": real([item.area_is for item in found], alias="现面积"),
            },
        )

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

    def _read(
        self,
        name: str,
        source: QgsFeatureSource,
        layer: Optional[QgsVectorLayer],
        fields: Optional[Sequence[str]],
        progress: FeedbackProgress,
    ) -> Reading:
        title = title_of(layer, self.context.project()) if layer is not None else source.sourceName()
        origin = origin_of(layer) if layer is not None else ""
        reading = read_layer(source, title, progress, fields, origin)
        self.tables[name] = reading.table
        if reading.table.flattened:
            self.log("log_flattened", layer=title, count=reading.table.flattened)
        if reading.segmented:
            self.log("log_segmented", layer=title, count=reading.segmented)
        return reading

    def _read_polygons(
        self,
        name: str,
        source: QgsFeatureSource,
        layer: Optional[QgsVectorLayer],
        fields: Optional[Sequence[str]],
        like: Optional[LayerTable],
    ) -> LayerTable:
        from three_opt_three_protect.core.repair import repair_polygons

        progress = self._next_reading()
        reading = self._read(name, source, layer, fields, progress.part(0.6))
        table = reading.table
        if table.geometry is None:
            raise InputError("no_geometry", layer=table.name)
        if table.crs is None:
            raise CrsError("no_crs", layer=table.name)
        if like is not None:
            table = bring_to(table, like, self.context.transformContext(), self._tell, progress.part(0.1))
        fixed = repair_polygons(table.shapes, progress.part(0.3))
        self._counts[name] = (fixed.repaired, fixed.dropped)
        self._issues.extend(_issues(table, fixed, dict(reading.unusable)))
        if fixed.issues:
            self.warn("log_geometry", layer=table.name, repaired=fixed.repaired, dropped=fixed.dropped)
        return replace(table, geometry=fixed.geometry)

    def _tell(self, message_id: str, values: Mapping[str, str]) -> None:
        self.feedback.pushInfo(sentence(message_id, values))


def _issues(table: LayerTable, fixed: Repaired, unusable: Mapping[int, str]) -> List[_Issue]:
    """Issues in the user's terms: feature ids, m²; a geometry lost at the door keeps its reason."""
    crs = table.crs
    factor = np.nan if crs is None or crs.is_geographic else crs.metres_per_unit**2
    found = []
    for issue in fixed.issues:
        fid = int(table.fid[issue.row])
        reason = unusable.get(fid, issue.reason) if issue.reason == "null" else issue.reason
        found.append(_Issue(table.name, fid, reason, issue.area_was * factor, issue.area_is * factor))
    return found


__all__ = ["Copy", "Results", "Run"]

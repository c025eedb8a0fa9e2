"""What a run has computed, written: all outputs appear, or none does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional

from qgis.core import (
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMultipleLayers,
    QgsWkbTypes,
)

from three_opt_three_protect.algorithms.run import Copy, Run
from three_opt_three_protect.bridge.sinks import Outputs, multi_type
from three_opt_three_protect.bridge.wholefile import layer_name, whole_file
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.tables import LayerTable

if TYPE_CHECKING:
    from three_opt_three_protect.algorithms.base import PlanAlgorithm


class Writing:
    """The outputs of one run: files and GeoPackages written in bulk, everything else through sinks.

    Attributes
    ----------
    outputs
        The sinks.
    """

    def __init__(self, algorithm: PlanAlgorithm, run: Run) -> None:
        self._algorithm = algorithm
        self._run = run
        self.outputs = Outputs(
            algorithm, run.parameters, run.context, lambda message_id, values: run.warn(message_id, **values)
        )
        self._written: Dict[str, Any] = {}

    def write(self, files: Mapping[str, Callable[[Path], None]], layers: Mapping[str, Any]) -> Dict[str, Any]:
        """Write everything; what was made is taken away again when that does not succeed.

        Parameters
        ----------
        files
            File parameter → what writes the file.
        layers
            Sink parameter → table or :class:`Copy`.

        Returns
        -------
        dict
            Parameter → where it lies, for the outputs that are wanted.
        """
        run = self._run
        run.writing.step("writing", 1.0)
        try:
            for name, writer in files.items():
                self._write_file(name, writer)
            for name, layer in layers.items():
                self._write_layer(name, layer, run.writing.part(1.0 / len(layers)))
            self._describe()
            run.writing.check(1.0)
            self.outputs.put_in_place()
        except Exception:
            self._undo()
            raise
        return self._written

    def _write_file(self, name: str, writer: Callable[[Path], None]) -> None:
        path = self._run.file_output(name)
        if path is not None:
            self.outputs.drafts.write(path, writer)
            self._written[name] = path
        self._run.writing.check(0.0)

    def _write_layer(self, name: str, layer: Any, progress: Progress) -> None:
        destination: Optional[str]
        kind = multi_type(self._algorithm.sink_types[name])
        if isinstance(layer, Copy):
            destination = self.outputs.copy(name, layer, progress)
        else:
            destination = self._write_whole(name, layer, kind, progress)
            if destination is None:
                destination = self.outputs.write(name, layer, kind, progress)
        if destination is not None:
            self._written[name] = destination

    def _write_whole(self, name: str, table: LayerTable, kind: Any, progress: Progress) -> Optional[str]:
        """Write a GeoPackage in bulk; None when a sink has to do it."""
        run, value = self._run, self._run.parameters.get(name)
        is_polygon = kind == QgsWkbTypes.Type.MultiPolygon
        path = whole_file(value, run.context, table, is_polygon, run.surroundings.files)
        if path is None:
            return None
        from three_opt_three_protect.storage.geopackage import write_layers

        layers = {layer_name(path): table}
        draft = self.outputs.drafts.write(path, lambda file: write_layers(file, layers, progress))
        return self.outputs.adopt(name, draft, table)

    def _undo(self) -> None:
        for left in self.outputs.remove():
            self._run.warn("log_output_left", output=left[-80:])

    def _describe(self) -> None:
        """Write where they come from into the outputs that are files."""
        files = self.outputs.files
        if not files:
            return
        from three_opt_three_protect.bridge.provenance import layer_metadata, save_metadata

        facts = self._facts()
        for name, destination in files.items():
            title = f"{self._algorithm.title()}: {self._algorithm.parameterDefinition(name).description()}"
            why = save_metadata(destination, layer_metadata(title, facts))
            if why:
                self._run.warn("log_no_metadata", output=name, why=why)

    def _facts(self) -> Dict[str, str]:
        """Algorithm, time, versions, parameters and inputs with their hashes."""
        from three_opt_three_protect.bridge.provenance import now, versions
        from three_opt_three_protect.storage.digest import digest

        facts = {"algorithm": self._algorithm.id(), "time": now()}
        facts.update({f"version {name}": version for name, version in versions().items()})
        layers = (QgsProcessingParameterFeatureSource, QgsProcessingParameterMultipleLayers)
        for item in self._algorithm.parameterDefinitions():
            if not item.isDestination() and not isinstance(item, layers):
                value = self._run.parameters.get(item.name(), item.defaultValue())
                facts[f"parameter {item.name()}"] = item.valueAsPythonString(value, self._run.context)
        for name, table in self._run.tables.items():
            self._run.writing.check(1.0)
            facts[f"input {name}"] = f"{table.name}, {table.source}, {len(table)}, sha256 {digest(table)}"
        return facts

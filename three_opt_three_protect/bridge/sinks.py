"""Results → QGIS: feature sinks, created only when everything is computed.

A file is written beside its place and put there at the end.  A run that fails or is cancelled takes away again what
it has created.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsFeatureSource,
    QgsFields,
    QgsGeometry,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, Qt

from three_opt_three_protect.bridge.compat import finish_sink, make_field
from three_opt_three_protect.bridge.crs import qgis_crs
from three_opt_three_protect.bridge.destinations import (
    destination_file,
    destination_text,
    in_file,
    load_on_completion,
)
from three_opt_three_protect.bridge.features import open_features
from three_opt_three_protect.bridge.nogeometry import NoGeometry
from three_opt_three_protect.bridge.readback import is_cut_short
from three_opt_three_protect.bridge.shapefiles import (
    Content,
    Tell,
    encoding_of,
    fitted_fields,
    is_shapefile,
    source_content,
    table_content,
    with_encoding,
)
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Column, Geometries, Kind, LayerTable
from three_opt_three_protect.storage.drafts import Drafts

BATCH = 5_000
"""Features handed to QGIS at once, between two looks at the cancel button."""


@dataclass(frozen=True)
class Copy:
    """An output that is an input, feature by feature as it was, with more columns.

    Attributes
    ----------
    source
        The input; its geometries keep Z, M and curves, its fields their types.
    fid
        ``(n,)`` int64, the source's feature ids the rows of ``columns`` belong to.
    columns
        What is added; a field of the same name is replaced.
    """

    source: QgsFeatureSource
    fid: Any
    columns: Mapping[str, Column]


def fields_of(columns: Mapping[str, Column]) -> QgsFields:
    """QGIS fields for ``columns``, with the Chinese names as aliases."""
    fields = QgsFields()
    for name, column in columns.items():
        fields.append(make_field(name, column.kind, column.width, column.decimals, column.alias))
    return fields


def values_of(column: Column) -> List[Any]:
    """Plain Python values for QGIS, None (NULL) where there is none."""
    if column.kind is Kind.DATE:
        days = np.datetime_as_string(column.values)
        return [
            None if missing else QDate.fromString(str(day), Qt.DateFormat.ISODate)
            for day, missing in zip(days, column.is_missing)
        ]
    values = column.values.tolist()
    missing = column.is_missing
    if missing.any():
        for row in np.flatnonzero(missing):
            values[row] = None
    return values


class Outputs:
    """The sinks of one run of an algorithm.

    Parameters
    ----------
    algorithm, parameters, context
        As Processing handed them to ``processAlgorithm``.
    tell
        Told ``shapefile_names_shortened``.

    Attributes
    ----------
    drafts
        The files of the run until :meth:`put_in_place`.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        tell: Optional[Tell] = None,
    ) -> None:
        self._algorithm = algorithm
        self._tell: Tell = tell or (lambda message_id, values: None)
        self._parameters = dict(parameters)
        self._context = context
        self._created: Dict[str, _Created] = {}
        self.drafts = Drafts()

    def write(self, name: str, table: LayerTable, wkb_type: Any, progress: Progress = SILENT) -> Optional[str]:
        """Write ``table`` to the sink parameter ``name``.

        Parameters
        ----------
        wkb_type
            QgsWkbTypes.Type of the output; NoGeometry for a plain table.

        Returns
        -------
        str or None
            Identifier of the layer made, None when the output is not wanted; that of a file holds once it is put
            in place.

        Raises
        ------
        InputError
            ``write_failed``: names the output and what the format says; ``shapefile_…``: it does not fit into one;
            ``no_such_folder``, ``cannot_write``, ``path_too_long``.
        Cancelled
            The user asked to stop.
        """
        crs = qgis_crs(table.crs) if table.crs is not None else QgsCoordinateReferenceSystem()
        fields = self._fitted(name, fields_of(table.columns), lambda encoding: table_content(table, encoding))
        flag = _key_flag(table.columns)
        return self._write(name, fields, wkb_type, crs, _features(table, fields), len(table), flag, progress)

    def copy(self, name: str, copy: Copy, progress: Progress = SILENT) -> Optional[str]:
        """Write ``copy`` to the sink parameter ``name``; returns and raises as :meth:`write`."""
        fields = QgsFields()
        for item in copy.source.fields():
            if item.name() not in copy.columns:
                fields.append(item)
        for item in fields_of(copy.columns):
            fields.append(item)
        fields = self._fitted(name, fields, lambda encoding: source_content(copy.source, copy.columns, encoding))
        return self._write(
            name,
            fields,
            copy.source.wkbType(),
            copy.source.sourceCrs(),
            _copied(copy, fields),
            max(len(copy.fid), 1),
            _copy_key_flag(copy.source),
            progress,
        )

    def _fitted(self, name: str, fields: QgsFields, content: Callable[[str], Content]) -> QgsFields:
        """``fields`` as the output takes them; a shapefile gets an encoding and is held against its limits."""
        value = self._parameters.get(name)
        file, _ = destination_file(value, self._context)
        if file is None or not is_shapefile(file):
            return fields
        definition = with_encoding(value, self._context)
        self._parameters[name] = definition
        encoding = encoding_of(definition)
        return fitted_fields(content(encoding), fields, encoding, self._tell)

    def _write(
        self,
        name: str,
        fields: QgsFields,
        wkb_type: Any,
        crs: QgsCoordinateReferenceSystem,
        features: Iterator[QgsFeature],
        total: int,
        flag: Any,
        progress: Progress,
    ) -> Optional[str]:
        given = self._parameters.get(name)
        created = _Created.planned(given, self._context)
        draft = self.drafts.begin(created.file) if created.file is not None and created.is_whole else None
        parameters = self._parameters if draft is None else {**self._parameters, name: in_file(given, draft)}
        try:
            sink, written = self._algorithm.parameterAsSink(
                parameters, name, self._context, fields, wkb_type, crs, flag
            )
        except QgsProcessingException as error:
            if draft is None and created.file is not None and not created.existed:
                created.destination = str(created.file)
                created.remove(self._context)  # some formats fail after the file is begun
            raise InputError(
                "write_failed", output=name, why=str(error).rsplit("OGR error: ", 1)[-1].rstrip(").")
            ) from error
        if sink is None:
            return None
        created.written(str(written), draft, destination_text(given, self._context))
        created.aliases = _aliases(fields)
        self._created[name] = created
        batch: List[QgsFeature] = []
        passed, done = NoGeometry(), 0
        for feature in features:
            batch.append(feature)
            if len(batch) == BATCH:
                passed.look(batch)
                self._add(sink, batch, name)
                done += len(batch)
                batch = []
                progress.check(min(1.0, done / total))
        passed.look(batch)
        self._add(sink, batch, name)
        ok, why = finish_sink(sink)
        if not ok:
            raise InputError("write_failed", output=name, why=why)
        # The file is complete only when the last reference to the sink has gone.
        del sink
        if created.file is not None and is_cut_short(draft or created.file, done + len(batch)):
            raise InputError("output_cut_short", output=name, file=created.file.name)
        if wkb_type != QgsWkbTypes.Type.NoGeometry:
            passed.restore(created.lies, created.table)
        progress.check(1.0)
        return created.destination

    def adopt(self, name: str, draft: Path, table: LayerTable) -> str:
        """Count the output ``name``, whose draft was written in another way, among the sinks; as :meth:`write`."""
        given = self._parameters.get(name)
        created = _Created.planned(given, self._context)
        created.written(str(draft), draft, destination_text(given, self._context))
        created.aliases = _aliases(fields_of(table.columns))
        self._created[name] = created
        return created.destination

    def put_in_place(self) -> None:
        """Put all files where they are to be; those the user wants to see are loaded after the run.

        Raises
        ------
        InputError
            ``file_in_use``: another program has one of the old files open (Windows); all of them are as they were.
        """
        self.drafts.put_in_place()
        for name, created in self._created.items():
            if created.draft:
                created.draft = ""
                definition = self._algorithm.parameterDefinition(name)
                load_on_completion(definition, self._parameters[name], created.destination, self._context)

    @staticmethod
    def _add(sink: Any, batch: List[QgsFeature], name: str) -> None:
        if batch and not sink.addFeatures(batch, QgsFeatureSink.Flag.FastInsert):
            raise InputError("write_failed", output=name, why=sink.lastError())

    @property
    def files(self) -> Dict[str, str]:
        """Output parameter → where it lies now, for the outputs that lie in files."""
        return {name: created.lies for name, created in self._created.items() if created.file is not None}

    def set_aliases(self, context: QgsProcessingContext) -> None:
        """Set field aliases on the layers that are in memory or about to be shown.

        Other files stay closed: an open one could not be replaced or deleted on Windows.
        """
        for created in self._created.values():
            in_memory = context.temporaryLayerStore().mapLayer(created.destination) is not None
            if in_memory or context.willLoadLayerOnCompletion(created.destination):
                layer = QgsProcessingUtils.mapLayerFromString(created.destination, context)
                for name, alias in created.aliases.items():
                    layer.setFieldAlias(layer.fields().lookupField(name), alias)

    def shown(self, context: QgsProcessingContext) -> Dict[str, Optional[QgsMapLayer]]:
        """Output parameter → layer, for the layers that QGIS is about to show; none in a run without a project."""
        return {
            name: QgsProcessingUtils.mapLayerFromString(created.destination, context)
            for name, created in self._created.items()
            if context.willLoadLayerOnCompletion(created.destination)
        }

    def remove(self) -> Sequence[str]:
        """Take away what has been created.

        Returns
        -------
        sequence of str
            What could not be taken away and is incomplete: tables of databases.
        """
        left: List[str] = []
        loading = self._context.layersToLoadOnCompletion()
        for created in self._created.values():
            loading.pop(created.destination, None)
            if not created.draft and not created.remove(self._context):
                left.append(created.destination)
        self._context.setLayersToLoadOnCompletion(loading)
        self._created.clear()
        self.drafts.remove()
        return left


def _aliases(fields: QgsFields) -> Dict[str, str]:
    return {item.name(): item.alias() for item in fields if item.alias()}


def _key_flag(columns: Mapping[str, Column]) -> Any:
    """GeoPackage takes a field ``fid`` as its key: let it number anew unless the values can serve."""
    for name, column in columns.items():
        if name.lower() == "fid":
            unique = len(np.unique(column.values)) == len(column) and not column.is_missing.any()
            if column.kind is not Kind.INT or not unique:
                return QgsFeatureSink.SinkFlag.RegeneratePrimaryKey
    return QgsFeatureSink.SinkFlags()


def _copy_key_flag(source: QgsFeatureSource) -> Any:
    """As :func:`_key_flag`, for a source that is copied."""
    for index, item in enumerate(source.fields()):
        if item.name().lower() == "fid" and len(source.uniqueValues(index)) != source.featureCount():
            return QgsFeatureSink.SinkFlag.RegeneratePrimaryKey
    return QgsFeatureSink.SinkFlags()


def _features(table: LayerTable, fields: QgsFields) -> Iterator[QgsFeature]:
    """The rows of ``table`` as features, made as they are asked for."""
    for start in range(0, len(table), BATCH):
        part = table.take(np.arange(start, min(start + BATCH, len(table))))
        columns = [values_of(column) for column in part.columns.values()]
        rows: Any = zip(*columns) if columns else [()] * len(part)
        shapes = _wkb(part)
        for row, attributes in enumerate(rows):
            feature = QgsFeature(fields)
            feature.setAttributes(list(attributes))
            if shapes is not None and shapes[row] is not None:
                geometry = QgsGeometry()
                geometry.fromWkb(shapes[row])
                feature.setGeometry(geometry)
            yield feature


def _wkb(table: LayerTable) -> Optional[Any]:
    if table.geometry is None:
        return None
    import shapely

    return shapely.to_wkb(_multipart(table.geometry), output_dimension=2)


def _multipart(geometries: Geometries) -> Geometries:
    """Points, lines and polygons as multiparts of one part: the outputs are multipart."""
    import shapely

    out = geometries.copy()
    types = shapely.get_type_id(out)
    for single, collect in (
        (shapely.GeometryType.POINT, shapely.multipoints),
        (shapely.GeometryType.LINESTRING, shapely.multilinestrings),
        (shapely.GeometryType.POLYGON, shapely.multipolygons),
    ):
        rows = np.flatnonzero(types == single)
        if len(rows):
            out[rows] = collect(out[rows], indices=np.arange(len(rows)))
    return out


def _copied(copy: Copy, fields: QgsFields) -> Iterator[QgsFeature]:
    """The source's features with the values of ``copy.columns`` behind their own."""
    row_of = {int(fid): row for row, fid in enumerate(copy.fid)}
    added = [values_of(column) for column in copy.columns.values()]
    kept = [index for index, item in enumerate(copy.source.fields()) if item.name() not in copy.columns]
    nothing = [None] * len(added)
    iterator = open_features(copy.source, QgsFeatureRequest())
    try:
        for source in iterator:
            attributes = source.attributes()
            row = row_of.get(source.id())
            feature = QgsFeature(fields)
            own = [attributes[index] for index in kept]
            feature.setAttributes(own + (nothing if row is None else [values[row] for values in added]))
            feature.setGeometry(source.geometry())
            yield feature
    finally:
        iterator.close()


@dataclass
class _Created:
    """An output that has been created, whether its file was there before, and where it lies until it is in place."""

    file: Optional[Path] = None
    table: str = ""
    existed: bool = False
    destination: str = ""
    draft: str = ""
    aliases: Dict[str, str] = field(default_factory=dict)

    @classmethod
    def planned(cls, value: Any, context: QgsProcessingContext) -> _Created:
        file, table = destination_file(value, context)
        return cls(file, table, file is not None and os.path.exists(file))

    @property
    def is_whole(self) -> bool:
        """True where the file is the output; not a folder, a table among others, or a database QGIS has open."""
        file = self.file
        return file is not None and not self.table and not os.path.isdir(file) and not os.path.exists(f"{file}-wal")

    @property
    def lies(self) -> str:
        """Where it can be read now."""
        return self.draft or self.destination

    def written(self, written: str, draft: Optional[Path], wanted: str) -> None:
        """Note where a sink has written, and where that will be when the planner wanted it in the file ``wanted``."""
        self.destination = written
        if draft is not None:
            self.draft = written
            # QGIS gives a file without suffix one.
            self.destination = wanted[: len(wanted) - len(draft.name)] + written[len(str(draft.parent)) + 1 :]

    def remove(self, context: QgsProcessingContext) -> bool:
        """Take the output away; False when that is left to the user."""
        store = context.temporaryLayerStore()
        if store.mapLayer(self.destination) is not None:
            store.removeMapLayer(self.destination)
            return True
        path = Path(self.destination.split("|", 1)[0])
        if path.suffix.lower() == ".shp" and not os.path.exists(path):
            # A table without geometry: of the shapefile there is only the table.
            path = path.with_suffix(".dbf")
        if not os.path.isfile(path):
            return False
        from osgeo import gdal

        path.with_suffix(".qmd").unlink(missing_ok=True)
        if self.table and self.existed:
            return _drop_table(path, self.table)
        driver = gdal.IdentifyDriver(str(path))
        if driver is not None and driver.Delete(str(path)) == 0:
            return True
        try:
            path.unlink(missing_ok=True)  # begun, and no format yet
        except OSError:
            return False
        return True


def _drop_table(path: Path, table: str) -> bool:
    """Delete one table of a GeoPackage that holds others."""
    from osgeo import gdal

    data = gdal.OpenEx(str(path), gdal.OF_VECTOR | gdal.OF_UPDATE)
    if data is None:
        return False
    names = [data.GetLayer(index).GetName() for index in range(data.GetLayerCount())]
    dropped = table in names and data.DeleteLayer(names.index(table)) == 0
    data = None  # closes it
    return dropped


def multi_type(source_type: Any) -> Any:
    """Multipart 2-D type for a Processing source type (polygon, line, point); NoGeometry for a table."""
    from qgis.core import QgsProcessing

    kinds = QgsProcessing.SourceType
    return {
        int(kinds.TypeVectorPolygon): QgsWkbTypes.Type.MultiPolygon,
        int(kinds.TypeVectorLine): QgsWkbTypes.Type.MultiLineString,
        int(kinds.TypeVectorPoint): QgsWkbTypes.Type.MultiPoint,
    }.get(int(source_type), QgsWkbTypes.Type.NoGeometry)

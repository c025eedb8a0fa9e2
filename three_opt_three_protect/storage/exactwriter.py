"""Layers written exactly as a database standard wants them: GeoPackage, file geodatabase or shapefile.

For the command line, batch, tests and algorithms: what is written is new, so that no lock of QGIS is lost.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Sequence, Tuple, Union

import numpy as np

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.schema import StandardLayer
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage.exactshapefile import ENCODINGS, write_shapefile
from three_opt_three_protect.storage.fitting import fit
from three_opt_three_protect.storage.geodatabase import write_geodatabase
from three_opt_three_protect.storage.geopackage import write_layers

SUFFIXES = (".gpkg", ".gdb", ".shp")

_GEOMETRIES: Mapping[str, str] = {"polygon": "Polygon", "line": "LineString", "point": "Point", "table": ""}
# GEOS type ids: 0 point, 1 line, 2 ring, 3 polygon, 4–6 their multi forms
_BY_TYPE = (({3, 6}, "Polygon"), ({1, 2, 5}, "LineString"), ({0}, "Point"), ({0, 4}, "MultiPoint"))


class Delivery(NamedTuple):
    """A layer to be written.

    Attributes
    ----------
    standard
        Its form.
    table
        Its content.
    roles
        Role field → field of the layer, for fields whose names the standard does not know.
    name
        Of the layer in the file; ``""`` = as the standard calls it.
    """

    standard: StandardLayer
    table: LayerTable
    roles: Mapping[str, str] = {}
    name: str = ""


class Written(NamedTuple):
    """What became of a layer: its name and rows, and what was changed to make it fit.

    Attributes
    ----------
    name, rows
        Of the layer in the file.
    absent, left_out, rounded
        As in :class:`storage.fitting.Fitted`.
    widened
        Text fields of a shapefile → bytes, where the standard's width counts characters and was not enough.
    """

    name: str
    rows: int
    absent: Tuple[str, ...]
    left_out: Tuple[str, ...]
    rounded: Mapping[str, int]
    widened: Mapping[str, int] = {}


def write_standard(
    path: Union[str, Path],
    deliveries: Sequence[Union[Delivery, Tuple[StandardLayer, LayerTable]]],
    encoding: str = "UTF-8",
    extra: bool = False,
    progress: Progress = SILENT,
) -> Tuple[Written, ...]:
    """Write layers in the form of their standards, all or none.

    Parameters
    ----------
    path
        ``.gpkg``, ``.gdb`` or ``.shp`` (one layer); what stands there is replaced at the end, as a whole.
    deliveries
        The layers, in the order to write.
    encoding
        ``UTF-8``, ``GBK`` or ``GB18030``, for the text of a shapefile; said in its .cpg.
    extra
        Keep fields that the standard does not know, after its own.

    Returns
    -------
    tuple
        What was left out, empty, rounded or widened, layer by layer.

    Raises
    ------
    InputError
        As :func:`storage.fitting.fit`; ``unknown_format``, ``unknown_encoding``, ``layer_twice``, ``no_such_folder``,
        ``file_in_use``, ``cannot_write``, ``not_written``; for a shapefile ``shapefile_one_layer``,
        ``field_name_bytes``, ``text_bytes``, ``text_not_in_encoding``.
    MissingPackageError
        ``package_missing``, ``gdb_not_writable``.
    Cancelled
        The user asked to stop; nothing was written.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError("unknown_format", path=path.name, known=", ".join(SUFFIXES))
    if encoding.upper() not in ENCODINGS:
        raise InputError("unknown_encoding", encoding=encoding)
    given = [each if isinstance(each, Delivery) else Delivery(*each) for each in deliveries]
    tables, written = _fitted(given, extra)
    geometries = {name: _geometry(each.standard, table) for each, (name, table) in zip(given, tables.items())}
    try:
        widened = _write(path, tables, geometries, encoding.upper(), progress)
    except PermissionError as error:
        raise InputError("cannot_write", path=str(path)) from error
    except OSError as error:
        raise InputError("not_written", path=str(path), why=str(error.strerror or error)[-60:]) from error
    return tuple(each._replace(widened=widened) for each in written)


def _write(
    path: Path, tables: Mapping[str, LayerTable], geometries: Mapping[str, str], encoding: str, progress: Progress
) -> Mapping[str, int]:
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        write_layers(path, tables, progress)
    elif suffix == ".gdb":
        write_geodatabase(path, tables, geometries, progress)
    elif len(tables) != 1 or not all(geometries.values()):
        raise InputError("shapefile_one_layer", path=path.name, count=len(tables))
    else:
        name, table = next(iter(tables.items()))
        return write_shapefile(path, table, geometries[name], encoding, progress)
    return {}


def _fitted(given: Sequence[Delivery], extra: bool) -> Tuple[Dict[str, LayerTable], Tuple[Written, ...]]:
    tables: Dict[str, LayerTable] = {}
    written: List[Written] = []
    for each in given:
        fitted = fit(each.standard, each.table, each.roles, extra)
        name = each.name or each.standard.name
        if name.upper() in (one.upper() for one in tables):
            raise InputError("layer_twice", layer=name)
        tables[name] = replace(fitted.table, name=name)
        written.append(Written(name, len(fitted.table), fitted.absent, fitted.left_out, fitted.rounded))
    return tables, tuple(written)


def _geometry(standard: StandardLayer, table: LayerTable) -> str:
    """What the layer is made of: as the standard says, else as its shapes are; ``""`` for a table."""
    if table.geometry is None:
        return ""
    if standard.geometry in _GEOMETRIES:
        return _GEOMETRIES[standard.geometry]
    import shapely

    there = set(np.unique(shapely.get_type_id(table.geometry)).tolist()) - {-1}
    return next((name for kinds, name in _BY_TYPE if there <= kinds), "Unknown")

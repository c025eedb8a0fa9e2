"""A shapefile with exact fields: widths in bytes of its encoding, decimals, a .cpg that says the encoding."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Mapping, Tuple, Type

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Column, Kind, LayerTable
from three_opt_three_protect.storage.fitting import longest, refuse_texts
from three_opt_three_protect.storage.geopackage import require_target
from three_opt_three_protect.storage.packages import package
from three_opt_three_protect.storage.shapefilelimits import NAME_BYTES, TEXT_BYTES, require_fits
from three_opt_three_protect.storage.wholeset import FileSet, parts_of, put_in_place

ENCODINGS = ("UTF-8", "GBK", "GB18030")
"""In which a shapefile is written."""

_DRIVER = "ESRI Shapefile"
_DBF_WHOLE = 18
_DBF_REAL = "float:24.15"
_AT_ONCE = 50_000


def write_shapefile(
    path: Path, table: LayerTable, geometry: str, encoding: str = "UTF-8", progress: Progress = SILENT
) -> Mapping[str, int]:
    """Write ``table`` as the shapefile ``path``, replacing what was there.

    A dbf counts bytes, a standard characters: 种植粮食作物 has six, but twelve bytes in GBK and eighteen in UTF-8.
    A text field has the standard's width in bytes where all its values fit, else the width of the longest.

    Parameters
    ----------
    path
        The .shp to make; its companions are made beside it and put in place together.
    table
        Numbers with their width and decimals; text of at most 254 bytes.
    geometry
        ``Polygon``, ``LineString``, ``Point`` or ``MultiPoint``.
    encoding
        One of :data:`ENCODINGS`.

    Returns
    -------
    Mapping[str, int]
        Text fields wider than the standard says, and their width in bytes.

    Raises
    ------
    InputError
        ``field_name_bytes``, ``text_not_in_encoding``, ``text_bytes``, ``field_twice``,
        ``shapefile_too_many_fields``, ``shapefile_too_large``; ``no_such_folder``, ``cannot_write``,
        ``file_in_use``, ``not_written``.
    """
    require_target(path)
    declared = {name: _declared(column, encoding) for name, column in table.columns.items()}
    for name in table.columns:
        _require_fit(table, name, encoding)
    require_fits(table, path, encoding)
    fiona = package("fiona")
    crs = table.crs
    stated: Dict[str, Any] = {} if crs is None else {"crs": crs.authid} if crs.authid else {"crs_wkt": crs.wkt}
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.absolute().parent) as work:
        drafts, aside = Path(work) / "new", Path(work) / "aside"
        drafts.mkdir()
        aside.mkdir()
        draft = drafts / path.name
        try:
            with fiona.open(
                draft,
                "w",
                driver=_DRIVER,
                schema={"geometry": geometry, "properties": declared},
                encoding=encoding,
                **stated,
            ):
                pass  # fiona makes the fields exactly, pyogrio fills them five times as fast
            for start in range(0, len(table), _AT_ONCE):
                progress.check(start / len(table))
                _append(draft, table, geometry, encoding, slice(start, start + _AT_ONCE))
        except (fiona.errors.FionaError, *_failures()) as error:
            raise InputError("not_written", path=str(path), why=str(error)[-60:]) from error
        _require_encoded(table, draft, encoding)
        draft.with_suffix(".cpg").write_text(encoding, encoding="ascii")
        put_in_place([FileSet(sorted(drafts.iterdir()), path.absolute().parent, parts_of(path), aside)])
    wide = {name: _text_bytes(column, encoding) for name, column in table.columns.items() if column.kind is Kind.TEXT}
    return {name: width for name, width in wide.items() if width > min(table.columns[name].width, TEXT_BYTES) > 0}


def _size(encoding: str) -> Callable[[str], int]:
    return lambda value: len(value.encode(encoding, errors="replace"))


def _text_bytes(column: Column, encoding: str) -> int:
    return min(TEXT_BYTES, max(column.width, longest(column, _size(encoding)), 1))


def _declared(column: Column, encoding: str) -> str:
    """As fiona declares a field; a number whose width is not stated takes what a dbf holds."""
    if column.kind is Kind.TEXT:
        return f"str:{_text_bytes(column, encoding)}"
    if column.kind is Kind.REAL:
        return f"float:{column.width}.{column.decimals}" if column.width else _DBF_REAL
    if column.kind is Kind.INT:
        return f"int:{column.width or _DBF_WHOLE}"
    return "date" if column.kind is Kind.DATE else "int:1"


def _require_fit(table: LayerTable, name: str, encoding: str) -> None:
    """Refuse what a shapefile would cut or turn into question marks."""
    size = _size(encoding)
    if size(name) > NAME_BYTES:
        raise InputError("field_name_bytes", layer=table.name, field=name, encoding=encoding)
    refuse_texts("text_not_in_encoding", table, name, lambda value: not _fits(value, encoding), encoding=encoding)
    refuse_texts("text_bytes", table, name, lambda value: size(value) > TEXT_BYTES, encoding=encoding, width=TEXT_BYTES)


def _fits(value: str, encoding: str) -> bool:
    try:
        value.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _recoding() -> Iterator[None]:
    """Texts are recoded: QGIS switches that off for the whole process when it opens a layer, also for this GDAL."""
    pyogrio = package("pyogrio")
    before = pyogrio.get_gdal_config_option("SHAPE_ENCODING")
    pyogrio.set_gdal_config_options({"SHAPE_ENCODING": None})
    try:
        yield
    finally:
        # An empty text would be taken for "not set": QGIS's own value must come back as it was.
        pyogrio.set_gdal_config_options({"SHAPE_ENCODING": before})


def _require_encoded(table: LayerTable, draft: Path, encoding: str) -> None:
    """Look into the file: a text that is not ASCII must stand there in the encoding its .cpg will state."""
    for name, column in table.columns.items():
        texts = column.factor.levels if column.kind is Kind.TEXT else ()
        strange = next((text for text in texts if text and not text.isascii()), None)
        if strange is None:
            continue
        with draft.with_suffix(".dbf").open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            if content.find(strange.encode(encoding)) < 0:
                raise InputError("not_written", path=draft.name, why=f"{name}: {encoding}")
        return


def _append(draft: Path, table: LayerTable, geometry: str, encoding: str, rows: slice) -> None:
    import shapely

    columns = list(table.columns.values())
    with warnings.catch_warnings(), _recoding():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # it stands in the file already
        package("pyogrio.raw").write(
            draft,
            shapely.to_wkb(table.shapes[rows], output_dimension=2),
            [_stored(column, rows) for column in columns],
            list(table.columns),
            field_mask=[
                None if column.kind in (Kind.REAL, Kind.DATE) else column.is_missing[rows] for column in columns
            ],
            driver=_DRIVER,
            geometry_type=geometry,
            encoding=encoding,
            append=True,
        )


def _stored(column: Column, rows: slice) -> NDArray[Any]:
    values = column.values[rows]
    if column.kind is Kind.DATE:
        return values.astype("datetime64[ms]")
    return values.astype(np.int64) if column.kind is Kind.BOOL else values


def _failures() -> Tuple[Type[Exception], ...]:
    errors = package("pyogrio.errors")
    return (errors.DataSourceError, errors.DataLayerError)

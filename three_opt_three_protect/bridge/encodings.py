"""The encoding QGIS reads a shapefile's text with, held against what the file says and holds.

QGIS takes UTF-8 where a shapefile says nothing, and believes a wrong .cpg: Chinese names and field names
are then nonsense that cannot be turned back. Only another reading with the right encoding helps.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Optional, Tuple

from qgis.core import QgsVectorLayer

from three_opt_three_protect.bridge.sources import file_of
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.dbf import (
    SUFFIXES,
    DbfEncoding,
    dbf_encoding,
    known_encoding,
    sibling,
    stated_encoding,
)

_UTF8 = "UTF-8"
"""What QGIS takes where nothing is stated."""

_OPTION = "|option:ENCODING="
"""Part of a source whose encoding was chosen when it was added."""


def encoding_of(layer: QgsVectorLayer) -> Optional[Tuple[str, str]]:
    """Encoding of the text of a shapefile and why: ``cpg language_byte utf8 gb18030 chosen``.

    Returns
    -------
    tuple
        None for every layer that is no shapefile: other formats know their encoding.

    Raises
    ------
    InputError
        ``text_not_readable``, ``dbf_truncated``.
    """
    found = found_encoding(layer)
    return None if found is None else (found.encoding, found.why)


def found_encoding(layer: QgsVectorLayer) -> Optional[DbfEncoding]:
    """As :func:`encoding_of`, with all that was found; an encoding the planner chose in QGIS counts if it fits."""
    return ShownText(layer).found()


class ShownText:
    """How QGIS shows the text of a layer: noted on the layer's own thread, judged and put right on any."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._path = _shapefile(layer)
        self._name, self._source = str(layer.name()), str(layer.source())
        self._shown, self._said = shown_encoding(layer), str(layer.dataProvider().encoding())
        fields = layer.fields()
        provided = all(fields.fieldOrigin(index) == fields.FieldOrigin.OriginProvider for index in range(len(fields)))
        self._only_here = layer.isEditable() or not provided

    def found(self) -> Optional[DbfEncoding]:
        """The encoding the text is in, None for every layer that is no shapefile.

        Raises
        ------
        InputError
            As :func:`encoding_of`.
        """
        path, shown = self._path, self._shown
        if path is None:
            return None
        stamp = _stamp(path)
        chosen = shown not in (_UTF8, "", stated_encoding(path))
        try:
            found = _judged(path, stamp, "")
        except InputError:
            if not chosen:
                raise
            return _judged(path, stamp, shown)
        return found if found is None or found.encoding == shown or not chosen else _judged(path, stamp, shown)

    def is_right(self) -> bool:
        """Whether QGIS shows the text as it is meant; raises as :meth:`found`."""
        found = self.found()
        return found is None or found.is_plain or found.encoding == self._shown

    def opened_right(self) -> QgsVectorLayer:
        """The same source opened again with the right encoding, in the thread that asks.

        Raises
        ------
        InputError
            ``encoding_and_edits``: what is only in the window (edits, joins, virtual fields) would be lost.
        """
        found = self.found()
        if found is not None and self._only_here:
            raise self.stands_in_the_way(found)
        again = QgsVectorLayer(self._source, self._name, "ogr")
        if found is not None:
            again.setProviderEncoding(found.encoding)
        return again

    def stands_in_the_way(self, found: DbfEncoding) -> InputError:
        """The error for a layer that cannot be opened again."""
        return InputError("encoding_and_edits", layer=self._name, shown=self._said, encoding=found.encoding)


def shown_encoding(layer: QgsVectorLayer) -> str:
    """The encoding QGIS reads the layer with, ``""`` where that is no encoding ("System")."""
    try:
        return known_encoding(str(layer.dataProvider().encoding()))
    except InputError:
        return ""


def is_read_right(layer: QgsVectorLayer) -> bool:
    """Whether QGIS shows the text of the layer as it is meant.

    Raises
    ------
    InputError
        As :func:`encoding_of`.
    """
    return ShownText(layer).is_right()


def set_right_encoding(layer: QgsVectorLayer) -> bool:
    """Have QGIS read the layer with the right encoding, for this layer and the project it is saved in.

    The file is not changed. Call it on the layer's own thread.

    Returns
    -------
    bool
        Whether that changed anything.

    Raises
    ------
    InputError
        ``encoding_and_edits``: the layer is being edited; or as :func:`encoding_of`.
    """
    text = ShownText(layer)
    found = text.found()
    if found is None or text.is_right():
        return False
    if layer.isEditable():
        raise text.stands_in_the_way(found)
    layer.setProviderEncoding(found.encoding)
    return True


def rightly_read(layer: QgsVectorLayer) -> QgsVectorLayer:
    """The same layer opened again with the right encoding: same filter, selection and CRS.

    Raises
    ------
    InputError
        ``encoding_and_edits``: what is only in the window (edits, joins, virtual fields) would be lost.
    """
    again = ShownText(layer).opened_right()
    again.setCrs(layer.crs())
    again.selectByIds(layer.selectedFeatureIds())
    return again


def _shapefile(layer: QgsVectorLayer) -> Optional[Path]:
    if layer.providerType() != "ogr" or _OPTION in layer.source():
        return None
    file = file_of(layer)
    path = Path(file) if file else None
    return path if path is not None and path.suffix.lower() in SUFFIXES and path.is_file() else None


def _stamp(path: Path) -> Tuple[Tuple[int, int], ...]:
    """Changes when the table or its .cpg does."""
    parts = (sibling(path, suffix) for suffix in (".dbf", ".cpg"))
    return tuple((part.stat().st_mtime_ns, part.stat().st_size) for part in parts if part is not None)


@lru_cache(maxsize=64)
def _judged(path: Path, stamp: Tuple[Tuple[int, int], ...], chosen: str) -> Optional[DbfEncoding]:
    """The whole table is read for it, and asked for several times a run."""
    return dbf_encoding(path, chosen)

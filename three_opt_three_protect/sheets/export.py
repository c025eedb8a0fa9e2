"""A finished page → PDF, PNG, JPG; every file whole or not there."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, List

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout

from three_opt_three_protect.core.errors import InputError

DPI = 300
WORLD_FILE = {"png": ".pgw", "jpg": ".jgw"}
"""Written beside an image, so that it lies in its place when it is loaded."""


def export_page(layout: QgsPrintLayout, folder: Path, name: str, words: List[str], located: bool) -> List[Path]:
    """Write the page in every format of ``words`` into ``folder``.

    Parameters
    ----------
    located
        Whether the files may say where they lie (world file, georeference in the PDF): never in
        the public edition (00-supplement 3.4).

    Returns
    -------
    list of Path
        What was written, world files included.

    Raises
    ------
    InputError
        ``sheet_not_written``.
    """
    written = []
    for word in words:
        path = folder / f"{name}.{word}"
        if _WRITERS[word](layout, path, located) != QgsLayoutExporter.ExportResult.Success or not path.is_file():
            raise InputError("sheet_not_written", file=path.name)
        written.append(path)
        world = path.with_suffix(WORLD_FILE.get(word, ".none"))
        if world.is_file():
            written.append(world)
    return written


def _pdf(layout: QgsPrintLayout, path: Path, located: bool) -> object:
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = DPI
    settings.forceVectorOutput = True
    settings.appendGeoreference = located
    settings.exportMetadata = False
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText
    return QgsLayoutExporter(layout).exportToPdf(str(path), settings)


def _image(layout: QgsPrintLayout, path: Path, located: bool) -> object:
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DPI
    settings.generateWorldFile = located
    settings.exportMetadata = False
    return QgsLayoutExporter(layout).exportToImage(str(path), settings)


_WRITERS: Dict[str, Callable[[QgsPrintLayout, Path, bool], object]] = {"pdf": _pdf, "png": _image, "jpg": _image}

"""Maps of conflicts, plan differences, farmland change and self-check of the sample township, as pictures.

``python scripts/result_maps.py FOLDER [--sample plan.gpkg] [--packs plan survey] [--maps conflicts …]`` with QGIS and
without a screen. Without ``--sample`` townships are drawn first. A map whose algorithm or
layers are not there is left out, and said.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsLayoutExporter,
    QgsLayoutItemMap,
    QgsProcessingException,
    QgsProject,
    QgsRectangle,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)
from qgis.PyQt.QtCore import QLocale
from qgis.PyQt.QtGui import QColor

DPI = 130
SOFT = 0.62
"""How far land colours are mixed with white under the results."""
PLOTS = ("newbuild", "reclaim")
LINES = ("redline", "boundary")
"""Shown over the land and under the results, as outlines, where the map does not say otherwise."""
BORDERS = ("township", "villages")
ROW = 9.4
"""Height of a result in the legend, mm: two lines of text."""
UNDER = frozenset({"farmland"})
"""Lines whose fill is shown too, faintly, as on the sheets of a small scale."""
STAMP = "示例数据（虚构）"


@dataclass(frozen=True)
class ResultMap:
    """One map: what is run, with which layers of the sample, and what lies round the result."""

    title: str
    algorithm: str
    inputs: Mapping[str, str]
    output: str = "OUTPUT"
    optional: Tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Tuple[str, ...] = LINES
    parcels: str = "parcels"
    defects: int = 0


MAPS: Mapping[str, ResultMap] = {
    "conflicts": ResultMap(
        "三线冲突图",
        "redlineconflicts",
        {role.upper(): role for role in ("farmland", "boundary", "redline", *PLOTS)},
        lines=(*LINES, "farmland"),
        defects=1,
    ),
    "differences": ResultMap(
        "规划差异图",
        "plandifference",
        {name.upper(): name for name in ("land_plan", "town_plan", "ecological", "development")},
        optional=("ECOLOGICAL", "DEVELOPMENT"),
        values={"TOWN_SYSTEM": "land_sea_2023"},
        lines=("boundary",),
    ),
    "farmland": ResultMap(
        "永久基本农田调整图",
        "farmlandadjust",
        {
            # The planted rate in per cent is refused; the other planted plots are what makes land leave.
            "RECLAIM": 'reclaim|subset="rate" <= 1',
            **{name.upper(): name for name in ("parcels", "farmland", "boundary", "redline", "newbuild", "targets")},
        },
        defects=1,
    ),
    "selfcheck": ResultMap(
        "专项自查图",
        "selfcheck",
        {
            "BEFORE": "parcels",
            "AFTER": "parcels_next",
            "RECLAIM": "reclaim",
            "NEWBUILD": "newbuild",
            "FARMLAND": "farmland",
            "SUSPECTS": "suspects",
            "CONCORDANCE": "concordance",
        },
        optional=("FARMLAND", "SUSPECTS", "CONCORDANCE"),
        lines=("boundary",),
        parcels="parcels_next",
    ),
}


def main() -> int:
    """Draw the maps asked for in every pack."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--sample", type=Path)
    wanted.add_argument("--parcels", type=int, default=3000, help="of a sample that is drawn for this")
    wanted.add_argument("--packs", nargs="+", default=["plan", "survey", "territorial"])
    wanted.add_argument("--maps", nargs="+", default=list(MAPS), choices=list(MAPS))
    wanted.add_argument("--language", default="zh-Hans")
    wanted.add_argument("--dpi", type=int, default=DPI)
    given = wanted.parse_args()
    application = _qgis(given.language)
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        samples: Dict[int, Path] = {}
        for name in given.maps:
            defects = MAPS[name].defects
            if defects not in samples:
                path = Path(work) / f"sample{defects}.gpkg"
                samples[defects] = given.sample or _drawn_sample(path, given.parcels, defects)
            sample = samples[defects]
            result = _result(MAPS[name], sample, Path(work) / f"{name}.gpkg")
            for pack in given.packs if result is not None else ():
                target = given.folder / f"{name}_{pack}.png"
                if _draw(MAPS[name], sample, str(result), pack, target, given.dpi):
                    print(target)
    del application
    return 0


def _qgis(language: str) -> QgsApplication:
    application = QgsApplication([], True)
    QLocale.setDefault(QLocale(language))
    application.setLocale(QLocale(language))
    application.initQgis()
    sys.path.append(str(Path(application.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    from three_opt_three_protect.plugin import Plugin

    application.plugin = Plugin(None)
    application.plugin.initProcessing()
    return application


def _drawn_sample(path: Path, parcels: int, defects: int) -> Path:
    from qgis import processing

    algorithm = QgsApplication.processingRegistry().algorithmById("sysb:sampletownship")
    parameters: Dict[str, Any] = {"SEED": 1, "PARCELS": parcels, "DEFECTS": defects, "OUTPUT": str(path)}
    if algorithm.parameterDefinition("PLANS") is not None:
        parameters["PLANS"] = True
    processing.run("sysb:sampletownship", parameters)
    return path


def _result(what: ResultMap, sample: Path, path: Path) -> Optional[Path]:
    """Run the algorithm of a map; None where it, or a layer it needs, is not there."""
    from qgis import processing

    if QgsApplication.processingRegistry().algorithmById(f"sysb:{what.algorithm}") is None:
        print(f"no algorithm {what.algorithm}")
        return None
    inputs = {name: _layer(sample, layer) for name, layer in what.inputs.items()}
    missing = [name for name, layer in inputs.items() if layer is None and name not in what.optional]
    if missing:
        print(f"{what.algorithm}: no layers for {', '.join(missing)}")
        return None
    addresses = {name: layer.source() for name, layer in inputs.items() if layer is not None}
    inputs.clear()
    try:
        processing.run(f"sysb:{what.algorithm}", {**addresses, **what.values, what.output: str(path)})
    except QgsProcessingException as error:
        print(f"{what.algorithm}: {error}")
        return None
    return path


def _layer(file: Path, name: str) -> Optional[QgsVectorLayer]:
    layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
    return layer if layer.isValid() else None


def _draw(what: ResultMap, sample: Path, result: str, pack: str, target: Path, dpi: int) -> bool:
    """One page: result over lines over softened land, with title, legend and scale; False without a style."""
    from three_opt_three_protect.bridge.resultstyles import style_result
    from three_opt_three_protect.bridge.styles import style_layer
    from three_opt_three_protect.sheets.frame import Box, Extent, centred, choose_scale
    from three_opt_three_protect.sheets.furniture import draw_head, draw_neat_lines, draw_north, draw_scale, plate
    from three_opt_three_protect.sheets.legend import cultivated_symbol, draw_legend
    from three_opt_three_protect.sheets.page import Page, chinese_font
    from three_opt_three_protect.sheets.settings import load_settings

    settings = load_settings()
    project = QgsProject()
    found = QgsVectorLayer(result, what.title, "ogr")
    if not style_result(found, what.algorithm, what.output, pack):
        print(f"resources/styles/results.csv has no rows for {what.algorithm} {what.output}")
        return False
    parcels = _layer(sample, what.parcels)
    style_layer(parcels, "parcels", pack, "DLBM", None, SOFT)
    lines = [_layer(sample, role) for role in what.lines]
    for role, layer in zip(what.lines, lines):
        layer.setRenderer(_outlines(role))
    shown = [found, *lines, *(_border(sample, role) for role in reversed(BORDERS)), parcels]
    project.addMapLayers(shown, False)
    width, height = settings.papers["a3"]
    page = Page(project, width, height, 1.0, chinese_font(settings.fonts))
    place = plate(page.box, 1.0, False)
    around = parcels.extent()
    around.combineExtentWith(found.extent())
    content = Extent(around.xMinimum(), around.yMinimum(), around.xMaximum(), around.yMaximum())
    scale = choose_scale(content, place.map, settings.scales)
    extent = centred(content, place.map, scale)
    item = QgsLayoutItemMap(page.layout)
    page.put(item, place.map)
    item.setKeepLayerSet(True)
    item.setLayers(shown)
    item.setCrs(parcels.crs())
    item.setExtent(QgsRectangle(extent.west, extent.south, extent.east, extent.north))
    item.setBackgroundColor(QColor("white"))
    draw_neat_lines(page, place)
    draw_head(page, place, f"{_township(sample)}{what.title}", (STAMP,))
    legend = Box(place.panel.x, place.panel.y, place.panel.width, place.panel.height - 34)
    top = _draw_results(page, legend, what, found, cultivated_symbol(pack, SOFT))
    for section in _sections(what, parcels, pack):
        # One by one: the land classes close up where there is little room left, not the names on two lines.
        top = draw_legend(page, Box(legend.x, top, legend.width, legend.bottom - top), [section])
    draw_north(page, Box(place.panel.x + place.panel.width / 2 - 6, place.panel.bottom - 30, 12, 16))
    draw_scale(page, Box(place.panel.x, place.panel.bottom - 12, place.panel.width, 12), scale)
    image = QgsLayoutExporter.ImageExportSettings()
    image.dpi = dpi
    image.generateWorldFile = False
    if QgsLayoutExporter(page.layout).exportToImage(str(target), image) != QgsLayoutExporter.ExportResult.Success:
        raise SystemExit(f"{target} could not be written")
    project.clear()
    return True


def _outlines(role: str) -> Any:
    """A renderer of a line without fill and hatch, kind by kind: the result is what is to be seen."""
    from three_opt_three_protect.bridge.styles import KIND_FIELD, area_symbol, kinds_of

    kinds = kinds_of(role)
    if role in UNDER:
        return QgsSingleSymbolRenderer(area_symbol(kinds[""], small=True))
    bare = {kind: area_symbol(replace(symbol, fill=None, hatch=None)) for kind, symbol in kinds.items()}
    if list(bare) == [""]:
        return QgsSingleSymbolRenderer(bare[""])
    categories = [QgsRendererCategory(kind, symbol, kind) for kind, symbol in bare.items()]
    return QgsCategorizedSymbolRenderer(KIND_FIELD[role], categories)


def _border(sample: Path, role: str) -> QgsVectorLayer:
    """Every border once: two dashed lines on each other would look solid."""
    from qgis import processing

    from three_opt_three_protect.bridge.styles import border_symbol, kinds_of

    def run(algorithm: str, layer: Any) -> QgsVectorLayer:
        return processing.run(algorithm, {"INPUT": layer, "OUTPUT": "memory:"})["OUTPUT"]

    lines = run("native:dissolve", run("native:polygonstolines", _layer(sample, role)))
    lines = run("native:mergelines", lines)
    if role != BORDERS[0]:
        outer = run("native:buffer", run("native:polygonstolines", _layer(sample, BORDERS[0])))
        overlay = {"INPUT": lines, "OVERLAY": outer, "OUTPUT": "memory:"}
        lines = processing.run("native:difference", overlay)["OUTPUT"]
    lines.setRenderer(QgsSingleSymbolRenderer(border_symbol(kinds_of(role)[""])))
    return lines


def _township(sample: Path) -> str:
    layer = _layer(sample, "township")
    return "" if layer is None else str(next(layer.getFeatures())["XZQMC"])


def _draw_results(page: Any, box: Any, what: ResultMap, found: QgsVectorLayer, ground: Any) -> float:
    """Symbols that occur with number and area of what they stand for, one below the other; the lower edge, mm."""
    from three_opt_three_protect.sheets.frame import Box
    from three_opt_three_protect.sheets.legend import GAP, HEADING, HEADING_SIZE, SWATCH_HEIGHT, SWATCH_WIDTH
    from three_opt_three_protect.sheets.legend import TEXT_SIZE as SIZE
    from three_opt_three_protect.sheets.page import RIGHT

    count, area = Box(box.right - 24, box.y, 8, HEADING), Box(box.right - 16, box.y, 16, HEADING)
    page.text(what.title[:-1], Box(box.x, box.y, box.width - 24, HEADING), HEADING_SIZE, bold=True)
    page.text("个数", count, SIZE, RIGHT)
    page.text("面积（公顷）", area, SIZE * 0.85, RIGHT)
    top = box.y + HEADING
    for label, symbol, number, hectares in _found(found):
        swatch = Box(box.x, top + (ROW - SWATCH_HEIGHT) / 2, SWATCH_WIDTH, SWATCH_HEIGHT)
        page.rectangle(swatch, ground)
        page.rectangle(swatch, symbol, "swatch")
        page.text(_broken(label), Box(swatch.right + GAP, top, count.x - swatch.right - GAP, ROW), SIZE)
        page.text(str(number), replace(count, y=top, height=ROW), SIZE, RIGHT)
        page.text(f"{hectares:.2f}", replace(area, y=top, height=ROW), SIZE, RIGHT)
        top += ROW
    return top


def _found(found: QgsVectorLayer) -> List[Tuple[str, Any, int, float]]:
    """Label, symbol, number and hectares of every category that occurs."""
    from three_opt_three_protect.bridge.compat import is_null

    renderer = found.renderer()
    values, _ = QgsVectorLayerUtils.getValues(found, renderer.classAttribute())
    areas, _ = QgsVectorLayerUtils.getValues(found, "area_m2")
    listed = {str(category.value()) for category in renderer.categories()}
    texts = ["" if is_null(value) or str(value) not in listed else str(value) for value in values]
    out = []
    for category in renderer.categories():
        mine = [float(area) for text, area in zip(texts, areas) if text == str(category.value())]
        if mine:
            out.append((category.label(), category.symbol().clone(), len(mine), sum(mine) / 1e4))
    return out


def _sections(what: ResultMap, parcels: QgsVectorLayer, pack: str) -> List[Any]:
    """Lines, and land classes that occur."""
    from three_opt_three_protect.bridge.compat import is_null
    from three_opt_three_protect.bridge.stylepacks import load_pack
    from three_opt_three_protect.bridge.styles import (
        area_symbol,
        border_symbol,
        class_symbol,
        default_system,
        group_codes,
        kinds_of,
    )
    from three_opt_three_protect.sheets.legend import Entry, Section, cultivated_symbol

    codes = [value for value in parcels.uniqueValues(parcels.fields().lookupField("DLBM")) if not is_null(value)]
    classes = group_codes(codes, load_pack(pack), default_system())
    ground = cultivated_symbol(pack, SOFT)
    lines = []
    for role in (*what.lines, *BORDERS):
        for symbol in kinds_of(role).values():
            if role in UNDER:
                lines.append(Entry(symbol.name, area_symbol(symbol, small=True), ground))
            else:
                lines.append(Entry(_broken(symbol.name), border_symbol(symbol)))
    return [
        Section("控制线与界线", lines),
        Section("土地利用现状", [Entry(entry.name, class_symbol(entry, SOFT)) for entry, _ in classes]),
    ]


def _broken(label: str, longest: int = 11) -> str:
    """A long label on two lines, where a word ends if that is near the middle."""
    if len(label) <= longest:
        return label
    half = math.ceil(len(label) / 2)
    ends = [at + (letter != "（") for at, letter in enumerate(label) if letter in "与用在（、，"]
    at = min(ends, key=lambda end: abs(end - half), default=half)
    at = at if abs(at - half) <= 4 else half
    return f"{label[:at]}\n{label[at:]}"


if __name__ == "__main__":
    sys.exit(main())

"""A township of four parcels, its plan, and a dock that looks at it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional, Sequence

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsSettings,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

EAST, NORTH, SIDE = 40557000, 3453000, 100
UNIT = "3205991012000000000"

PARCELS = [
    # BSM, DLBM: a village, two paddies, a pond; 100 m by 100 m each, side by side.
    ("P1", "0702"),
    ("P2", "0101"),
    ("P3", "0101"),
    ("P4", "1104"),
]


def square(place: float, width: float = 1.0) -> str:
    """WKT of a parcel-high rectangle, ``place`` parcels from the west."""
    x_min, x_max = EAST + SIDE * place, EAST + SIDE * (place + width)
    y_min, y_max = NORTH, NORTH + SIDE
    return f"POLYGON(({x_min} {y_min},{x_max} {y_min},{x_max} {y_max},{x_min} {y_max},{x_min} {y_min}))"


def memory_layer(name: str, fields: str, rows: Sequence[Sequence[Any]], kind: str = "Polygon") -> QgsVectorLayer:
    """A memory layer from (WKT, *attributes) rows; a table's rows have no WKT."""
    crs = "" if kind == "None" else "crs=EPSG:4528&"
    layer = QgsVectorLayer(f"{kind}?{crs}" + "&".join(f"field={item}" for item in fields.split()), name, "memory")
    assert layer.isValid()
    features = []
    for row in rows:
        feature = QgsFeature(layer.fields())
        wkt, values = (None, row) if kind == "None" else (row[0], row[1:])
        feature.setAttributes(list(values))
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    layer.updateExtents()
    return layer


def gbk_shapefile(folder: Path, name: str, fields: str, rows: Sequence[Sequence[Any]]) -> QgsVectorLayer:
    """GBK, its language byte 0 and no .cpg: QGIS takes it for UTF-8."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.fileEncoding = "ESRI Shapefile", "GBK"
    path = folder / f"{name}.shp"
    context = QgsCoordinateTransformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(memory_layer("x", fields, rows), str(path), context, options)
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0
    path.with_suffix(".dbf").write_bytes(table)
    layer = QgsVectorLayer(str(path), name, "ogr")
    layer.setProviderEncoding("UTF-8")
    return layer


def parcels() -> QgsVectorLayer:
    """地类图斑; the recorded area makes every parcel exactly 10 000 m²."""
    rows = [(square(place), name, code, 10000.0, UNIT) for place, (name, code) in enumerate(PARCELS)]
    return memory_layer("DLTB", "BSM:string DLBM:string TBMJ:double ZLDWDM:string", rows)


def reclaim() -> QgsVectorLayer:
    """拆旧地块: the village, nine tenths of it to become cultivated land."""
    fields = "plot_id:string village:string direction:string rate:double phase:integer consent:double"
    return memory_layer("拆旧地块", fields, [(square(0), "R1", "东村", "cultivated", 0.9, 2015, 0.8)])


def newbuild() -> QgsVectorLayer:
    """建新地块: the first paddy."""
    fields = "plot_id:string village:string use:string cls_after:string quota_src:string phase:integer"
    return memory_layer("建新地块", fields, [(square(1), "N1", "东村", "town", "0701", "linked", 2016)])


def boundary() -> QgsVectorLayer:
    """城镇开发边界 round the two paddies."""
    return memory_layer("CZKFBJ", "GHFQDM:string", [(square(1, 2), "410")])


@pytest.fixture
def township(qgis_new_project: Any) -> Iterator[List[QgsVectorLayer]]:
    """The four layers in a project of their own."""
    layers = [parcels(), boundary(), reclaim(), newbuild()]
    QgsProject.instance().addMapLayers(layers)
    yield layers
    QgsProject.instance().clear()


def come_to_rest(busy: Callable[[], bool], seconds: float, turns: int = 3) -> None:
    """Let Qt run until nothing has been busy for some turns of its loop."""
    ends, quiet = time.monotonic() + seconds, 0
    while quiet < turns:
        QgsApplication.processEvents()
        quiet = 0 if busy() else quiet + 1
        assert time.monotonic() < ends, "the dock does not come to rest"
        time.sleep(0.002)


def settle(dock: Any, seconds: float = 20.0) -> None:
    """Let Qt run until the dock has nothing left to do."""
    come_to_rest(lambda: dock.live.busy or dock.roles._settle.isActive(), seconds)


def line(dock: Any, name: str) -> Optional[float]:
    """An account line of the township as the dock shows it last."""
    return None if dock._outcome is None else dock._outcome.balance.accounts.value(name)


def texts(panel: Any) -> List[List[str]]:
    """What a table shows, row by row."""
    model = panel.model
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


@pytest.fixture
def make_dock(qgis_iface: Any) -> Iterator[Callable[[], Any]]:
    """Docks that are stopped and gone when the test ends."""
    from three_opt_three_protect.desk.balance_dock import BalanceDock

    made: List[Any] = []
    unit = QgsSettings().value("three_opt_three_protect/area_unit")
    QgsSettings().remove("three_opt_three_protect/area_unit")

    def make() -> Any:
        dock = BalanceDock(qgis_iface)
        made.append(dock)
        dock.show()
        settle(dock)
        return dock

    yield make
    for dock in made:
        dock.close()
        dock.deleteLater()
    if unit is not None:
        QgsSettings().setValue("three_opt_three_protect/area_unit", unit)
    QgsApplication.processEvents()


@pytest.fixture
def dock(township: List[QgsVectorLayer], make_dock: Callable[[], Any]) -> Any:
    """A dock that has balanced the township."""
    return make_dock()

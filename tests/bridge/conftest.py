"""Small layers made on the spot; every QGIS object is closed before the interpreter ends."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Optional, Sequence

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

MakeLayer = Callable[..., QgsVectorLayer]

SQUARE = "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000))"
BOW_TIE = "POLYGON((40557000 3453000,40557100 3453100,40557100 3453000,40557000 3453100,40557000 3453000))"


@pytest.fixture
def make_layer(qgis_app: Any) -> Iterator[MakeLayer]:
    """A memory layer from (WKT or None, *attributes) rows."""
    made: List[QgsVectorLayer] = []

    def make(
        rows: Sequence[Sequence[Any]] = (),
        fields: str = "",
        crs: Optional[str] = "EPSG:4528",
        name: str = "图斑",
        kind: str = "Polygon",
    ) -> QgsVectorLayer:
        parts = ([f"crs={crs}"] if crs else []) + [f"field={item}" for item in fields.split() if item]
        layer = QgsVectorLayer(f"{kind}?{'&'.join(parts)}", name, "memory")
        assert layer.isValid()
        for wkt, *values in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes(list(values))
            if isinstance(wkt, QgsGeometry):
                feature.setGeometry(wkt)
            elif wkt is not None:
                feature.setGeometry(QgsGeometry.fromWkt(wkt))
            assert layer.dataProvider().addFeatures([feature])[0]
        made.append(layer)
        return layer

    yield make
    made.clear()

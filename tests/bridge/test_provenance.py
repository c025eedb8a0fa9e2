from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from three_opt_three_protect.bridge.provenance import plugin_version
from three_opt_three_protect.core.tables import LayerTable, integer, text
from three_opt_three_protect.storage.digest import digest

TABLE = LayerTable(
    "图斑",
    np.array([1, 2]),
    np.array([shapely.Point(0, 0), None], dtype=np.object_),
    {"a": text(["x", None]), "n": integer([1, 2], np.array([False, True]))},
)


def test_digest_follows_the_content_only() -> None:
    same = digest(replace(TABLE, name="别名", source="elsewhere", fid=np.array([7, 8])))
    assert digest(TABLE) == same
    assert digest(replace(TABLE, columns={**TABLE.columns, "a": text(["x", ""])})) != same
    assert digest(replace(TABLE, columns={**TABLE.columns, "a": text([None, "x"])})) != same
    assert digest(replace(TABLE, geometry=TABLE.shapes[::-1])) != same
    assert digest(TABLE.take(np.array([1, 0]))) != same


def test_version_is_that_of_the_metadata() -> None:
    assert plugin_version().count(".") == 2

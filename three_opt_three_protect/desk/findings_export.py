"""Findings as a workbook and as a GeoPackage; everything here runs in a worker thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, AbstractSet, Any, Dict, List, Mapping

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsCoordinateTransformContext

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.tables import LayerTable, integer, real, text
from three_opt_three_protect.desk.findings_rows import (
    FIELD,
    LAYER,
    MESSAGE,
    NOTE,
    RULE,
    SEVERITY,
    STATE,
    FindingRows,
    rule_unit,
)
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.storage.findings_store import AGAIN, SEVERITIES, STATES

if TYPE_CHECKING:
    from three_opt_three_protect.reports.table import Table

Ints = NDArray[np.int64]

_KINDS = (("findings_areas", {3, 6}), ("findings_lines", {1, 2, 5}), ("findings_points", {0, 4}))
"""Layer of the GeoPackage and its GEOS types: QGIS shows a layer of mixed types as several."""


def words(message_id: str, **values: Any) -> str:
    """What reports ask for their words."""
    return sentence(message_id, values)


def write_xlsx(path: Path, rows: FindingRows, shown: Ints, project: str, day: str) -> None:
    """Write the rows shown as a workbook ready to print.

    Raises
    ------
    InputError
        ``cannot_write``, ``not_written``.
    """
    from three_opt_three_protect.reports.tables import Sheet
    from three_opt_three_protect.reports.workbook import Heading, write_workbook

    table = printable(rows, shown)
    write_workbook(path, [Sheet(table.title, (table,))], Heading(project, "", "", day), words)


def printable(rows: FindingRows, shown: Ints) -> Table:
    """The rows shown, in their order, as a table of the reports."""
    from three_opt_three_protect.reports.table import Column, Kind, Row, Table

    columns = (
        Column("place", words("column.place"), Kind.NUMBER, width=6),
        Column("severity", words("column.severity"), width=8),
        Column("rule", words("column.rule"), width=26),
        Column("layer", words("column.layer"), width=16),
        Column("fid", words("column.feature"), Kind.NUMBER, width=9),
        Column("field", words("column.field"), width=10),
        Column("text", words("column.text"), width=60),
        Column("measure", words("column.measure"), Kind.NUMBER, width=11, decimals=None),
        Column("unit", words("column.unit_of"), width=8),
        Column("state", words("column.state"), width=10),
        Column("note", words("column.note"), width=20),
    )
    printed = {at: rows.copied(at, shown) for at in (SEVERITY, RULE, LAYER, FIELD, MESSAGE, STATE, NOTE)}
    found = rows.findings
    units = [_unit_word(rule_unit(rule)) for rule, _ in found.rules]
    body: List[Row] = []
    for place, row in enumerate(shown.tolist()):
        measure, fid = float(found.measure[row]), int(found.fid[row])
        known = measure == measure
        cells = (
            place + 1,
            printed[SEVERITY][place],
            printed[RULE][place],
            printed[LAYER][place],
            fid if fid >= 0 else None,
            printed[FIELD][place] or None,
            printed[MESSAGE][place],
            round(measure, 2 if abs(measure) >= 1 else 6) if known else None,
            units[int(found.rule[row])] if known else None,
            printed[STATE][place],
            printed[NOTE][place] or None,
        )
        # Most rows are errors: what stands out is what was said to be fixed and is not.
        body.append(Row(cells, alert=bool(rows.state[row] == AGAIN)))
    return Table("", words("table.check_findings"), "", columns, tuple(body), signed=False)


def _unit_word(unit: str) -> str:
    word = words(f"unit.{unit}") if unit else ""
    return "" if word == f"unit.{unit}" else word


def write_gpkg(
    path: Path,
    rows: FindingRows,
    shown: Ints,
    layers: Mapping[int, Snapshot],
    context: QgsCoordinateTransformContext,
    in_use: AbstractSet[Path],
) -> None:
    """Write the rows shown with their places, areas, lines and points apart, in the CRS of the first layer.

    Parameters
    ----------
    layers
        Number of a layer in the findings → the layer, for the places that are whole features.
    in_use
        Files the project has open: a second SQLite must not touch them.

    Raises
    ------
    InputError
        ``findings_file_open``, ``cannot_write``, ``not_written``, ``file_in_use``.
    """
    import shapely

    from three_opt_three_protect.bridge.wholefile import is_one_of
    from three_opt_three_protect.storage.geopackage import write_layers

    if is_one_of(path, in_use):
        raise InputError("findings_file_open", path=str(path))
    places, crs = _places(rows, shown, layers, context)
    types = np.where(shapely.is_missing(places), -1, shapely.get_type_id(places))
    tables: Dict[str, LayerTable] = {}
    left = np.ones(len(shown), dtype=np.bool_)
    for name, wanted in _KINDS:
        here = np.isin(types, list(wanted))
        if here.any() or (name == _KINDS[0][0] and not len(shown)):
            tables[name] = _table(rows, shown[here], words(f"layername.{name}"), places[here], crs)
        left &= ~here
    if left.any():
        tables["findings_other"] = _table(rows, shown[left], words("layername.findings_other"), None, None)
    write_layers(path, tables)


def _places(
    rows: FindingRows, shown: Ints, layers: Mapping[int, Snapshot], context: QgsCoordinateTransformContext
) -> Any:
    """``(k,)`` geometries of the rows shown in one CRS, and that CRS."""
    import shapely

    from three_opt_three_protect.bridge.crs import bring_to, crs_info
    from three_opt_three_protect.desk.findings_map import crs_of

    found = rows.findings
    places = shapely.from_wkb(found.place[shown])
    target: Any = None
    for number, layer in enumerate(found.layers):
        here = np.flatnonzero(found.layer[shown] == number)
        if not len(here):
            continue
        crs = crs_of(layer.crs)
        whole = here[shapely.is_missing(places[here])]
        if number in layers and len(whole):
            shapes = layers[number].read()
            if shapes.geometry is not None:
                known = dict(zip(shapes.fid.tolist(), shapes.geometry))
                places[whole] = [known.get(fid) for fid in found.fid[shown[whole]].tolist()]
        if not crs.isValid():
            continue
        own = LayerTable(layer.name, found.fid[shown[here]], places[here], {}, crs_info(crs))
        target = own if target is None else target
        places[here] = bring_to(own, target, context).geometry
    return places, None if target is None else target.crs


def _table(rows: FindingRows, shown: Ints, name: str, places: Any, crs: Any) -> LayerTable:
    found = rows.findings
    rules = np.array([rule for rule, _ in found.rules], dtype=np.object_)
    groups = np.array([group for _, group in found.rules], dtype=np.object_)
    tokens = {
        "rule": rules[found.rule[shown]],
        "rule_group": groups[found.rule[shown]],
        "severity": np.array(SEVERITIES, dtype=np.object_)[found.severity[shown]],
        "state": np.array(STATES, dtype=np.object_)[rows.state[shown]],
    }
    aliases = {"rule": "rule", "rule_group": "group", "severity": "severity", "state": "state"}
    columns = {field: text(values, words(f"column.{aliases[field]}")) for field, values in tokens.items()}
    columns["layer"] = text(rows.copied(LAYER, shown), words("column.layer"))
    columns["feature"] = integer(found.fid[shown], found.fid[shown] < 0, words("column.feature"))
    columns["field"] = text(found.field[shown], words("column.field"))
    columns["message"] = text(found.message[shown], words("column.text"))
    columns["measure"] = real(found.measure[shown], words("column.measure"))
    columns["note"] = text(rows.note[shown], words("column.note"))
    return LayerTable(name, np.arange(1, len(shown) + 1, dtype=np.int64), places, columns, crs)

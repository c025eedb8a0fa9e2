"""What the data checks found, as the tables the interface promises.

``findings_table(checked, words)`` is FINDINGS, ``rules_run_table(checked, words)`` RULES_RUN; ``words`` is
``storage.messages.Messages(language).text``.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

import numpy as np
import shapely

from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.quality.case import LAYER, Case, Found, RuleSpec, Subject
from three_opt_three_protect.core.quality.runner import Checked, RuleRun, measures, order_of
from three_opt_three_protect.core.repair import POLYGON_TYPES
from three_opt_three_protect.core.tables import Column, Geometries, LayerTable, integer, real, text
from three_opt_three_protect.plans.checks import LayerCheck
from three_opt_three_protect.storage.catalogue import load_role_schemas

Words = Callable[..., str]
"""Message id and values → sentence, see ``storage.messages``."""

_FACTS = (
    "geometry", "crs", "schema", "system", "parent", "parent_geometry", "period", "role", "previous",
    "previous_geometry",
)  # fmt: skip
"""What a rule may lack that is no layer and no field."""

_SAID = 2_000
"""Sentences between two looks at the cancel button."""

MARK = 0.5
"""Metres: half the width at which a line or point is drawn as a polygon, so that it is seen on a map."""


def findings_table(found: LayerCheck, words: Words, progress: Progress = SILENT) -> LayerTable:
    """Every finding (``checkdata`` FINDINGS): errors first, then by rule and feature; polygons of the places."""
    case, checked = found.case, found.checked
    number, place, fid = order_of(checked, case.layer.table.fid)
    rules = [rule for rule, _ in checked.found]
    severity = [checked.severity(rule) for rule in rules]
    size = [measures(one) for _, one in checked.found]
    said = [_sentences(case, rule, one, words, progress) for rule, one in checked.found]
    others = [_others(one) for _, one in checked.found]
    shapes = [_places(case.layer, one) for _, one in checked.found]
    at = list(zip(number.tolist(), place.tolist()))
    columns: Dict[str, Column] = {
        "rule": text([rules[i].id for i, _ in at], alias="规则", width=40),
        "severity": text([severity[i] for i, _ in at], alias="严重程度", width=8),
        "layer": _fitting([case.layer.table.name] * len(at), "图层", 100),
        "fid": integer(np.where(fid == LAYER, 0, fid), fid == LAYER, alias="要素号"),
        "field": _fitting([checked.found[i][1].column or None for i, _ in at], "字段", 80),
        "message": text([said[i][k] for i, k in at], alias="说明", width=254),
        "measure": real([size[i][k] for i, k in at], alias="数值", width=20, decimals=6),
        "group": text([rules[i].group for i, _ in at], alias="分组", width=16),
        "blocking": integer([int(severity[i] == "error") for i, _ in at], alias="必改", width=1),
        "other": _fitting([others[i][k] for i, k in at], "相关要素", 80),
        # A GeoPackage takes a field called fid for its own key and numbers it anew.
        "feature": integer(np.where(fid == LAYER, 0, fid), fid == LAYER, alias="要素号"),
    }
    geometry = np.empty(len(at), dtype=np.object_)
    geometry[:] = [shapes[i][k] for i, k in at]
    ids = np.arange(1, len(at) + 1, dtype=np.int64)
    return LayerTable("findings", ids, geometry, columns, case.layer.table.crs)


def _fitting(values: Sequence[Optional[str]], alias: str, width: int) -> Column:
    """Texts as wide as the column: a format that counts would refuse the whole row for a long name."""
    cut = [value if value is None or len(value) <= width else f"{value[: width - 1]}…" for value in values]
    return text(cut, alias=alias, width=width)


def rules_run_table(checked: Checked, words: Words, language: str = "zh") -> LayerTable:
    """Every rule asked for (``checkdata`` RULES_RUN): whether it ran, and if not what it lacked.

    ``language`` (``zh``, ``en``) is that of the rules' titles.
    """
    runs = checked.runs
    count = [run.count for run in runs]
    idle = np.array([not run.ran for run in runs], dtype=np.bool_)
    columns: Dict[str, Column] = {
        "rule": text([run.rule.id for run in runs], alias="规则", width=40),
        "ran": integer([int(run.ran) for run in runs], alias="已执行", width=1),
        "why": text([None if run.ran else why_not(run, words) for run in runs], alias="未执行原因", width=254),
        "count": integer(np.array(count, dtype=np.int64), idle, alias="问题数"),
        "seconds": real([round(run.seconds, 3) if run.ran else np.nan for run in runs], alias="用时_秒", width=10),
        "title": text([run.rule.title.get(language) for run in runs], alias="名称", width=120),
    }
    return LayerTable("rules_run", np.arange(1, len(runs) + 1, dtype=np.int64), columns=columns)


def why_not(run: RuleRun, words: Words) -> str:
    """What a rule lacked, as a sentence."""
    kind, _, name = run.lacks.rpartition(":")
    if kind in ("field", "parent_field", "previous_field"):
        return words(f"lacks.{kind}", field=" / ".join(map(_field_name, name.split("|"))))
    if kind == "system":
        return words("lacks.system_of", role=words(f"role.{name}"))
    if run.lacks in _FACTS:
        return words(f"lacks.{run.lacks}")
    return words("lacks.layer", role=words(f"role.{run.lacks}"))


def _field_name(role_field: str) -> str:
    """Chinese name and standard name of a field: ``地类编码 DLBM``."""
    for schema in load_role_schemas().values():
        known = schema.fields.get(role_field)
        if known is not None:
            standard = next((name for name in known.names if name.isascii() and name.isupper()), role_field)
            return f"{known.alias} {standard}"
    return role_field


def _sentences(case: Case, rule: RuleSpec, found: Found, words: Words, progress: Progress) -> List[str]:
    """One line a finding."""
    table = case.layer.table
    fid = np.where(found.rows == LAYER, -1, table.fid[np.maximum(found.rows, 0)] if len(table) else -1)
    columns = {name: value.tolist() for name, value in found.values.items() if isinstance(value, np.ndarray)}
    fixed = {name: value for name, value in found.values.items() if name not in columns}
    common: Mapping[str, Any] = {"layer": table.name, "field": found.column, "tolerance": rule.tolerance, **fixed}
    size = measures(found).tolist()
    lines = []
    for at, each in enumerate(fid.tolist()):
        if not at % _SAID:
            progress.check(at / len(fid))
        own = {name: column[at] for name, column in columns.items()}
        values = {"fid": None if each == LAYER else each, "measure": size[at], **common, **own}
        lines.append(words(f"check.{rule.id}", **values))
    return lines


def _others(found: Found) -> List[Optional[str]]:
    """The other feature or unit concerned, where the rule names one as ``other``."""
    other = found.values.get("other")
    if isinstance(other, np.ndarray):
        return [None if value is None else str(value) for value in other.tolist()]
    return [None if other is None else str(other)] * len(found)


def _places(layer: Subject, found: Found) -> Geometries:
    """``(k,)`` polygon of the place, or of the feature where that is the place; None for the layer as a whole."""
    out = np.full(len(found), None, dtype=np.object_)
    if found.places is not None:
        out[:] = found.places
    if layer.table.geometry is not None:
        for shapes in (layer.shapes, layer.table.shapes):
            whole = np.flatnonzero(shapely.is_missing(out) & (found.rows != LAYER))
            out[whole] = shapes[found.rows[whole]]
    kinds = shapely.get_type_id(out)
    thin = np.flatnonzero(~shapely.is_missing(out) & ~np.isin(kinds, POLYGON_TYPES))
    out[thin] = shapely.buffer(out[thin], MARK / layer.metres_per_unit, quad_segs=4)
    out[shapely.is_empty(out)] = None
    return out

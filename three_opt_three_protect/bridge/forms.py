"""Attribute forms saved with a plan's layers, so that QGIS's own editing is safe."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

from qgis.core import QgsDefaultValue, QgsEditorWidgetSetup, QgsFieldConstraints, QgsVectorLayer

from three_opt_three_protect.bridge.compat import kind_of
from three_opt_three_protect.core.tables import Kind
from three_opt_three_protect.storage.forms import FieldForm
from three_opt_three_protect.storage.messages import Messages

Period = Tuple[int, int]
"""First and last year of the plan."""

_LANGUAGE = "zh"
"""The form is part of the file, which goes from office to office."""

_HARD = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard


def apply_form(layer: QgsVectorLayer, form: Mapping[str, FieldForm], period: Period) -> List[str]:
    """Set widgets, constraints and defaults of the fields of ``layer``.

    Parameters
    ----------
    form
        Field → what it may hold.
    period
        Years the expressions call ``{first}`` and ``{last}``.

    Returns
    -------
    list of str
        Fields of the form the layer does not have.
    """
    missing = []
    for name, field in form.items():
        index = layer.fields().indexOf(name)
        if index < 0:
            missing.append(name)
            continue
        layer.setEditorWidgetSetup(index, _widget(field, kind_of(layer.fields().at(index)), period))
        _constrain(layer, index, name, field, period)
        default = _filled(field.default, period) or _next_number(name, field.prefix)
        if default:
            layer.setDefaultValueDefinition(index, QgsDefaultValue(default, False))
    return missing


def _widget(field: FieldForm, kind: Kind, period: Period) -> QgsEditorWidgetSetup:
    shown: Dict[str, str] = {token: Messages(_LANGUAGE).text(f"{field.words}.{token}") for token in field.tokens}
    shown.update(field.values)
    if shown:
        return QgsEditorWidgetSetup("ValueMap", {"map": [{words: value} for value, words in shown.items()]})
    if kind is Kind.DATE:
        settings = {
            "display_format": "yyyy-MM-dd",
            "field_format": "yyyy-MM-dd",
            "calendar_popup": True,
            "allow_null": True,
        }
        return QgsEditorWidgetSetup("DateTime", settings)
    if field.low and field.high:
        low, high = _limits(field, period)
        step = 1 if kind is Kind.INT else 0.01
        # A spin box without room for "no value" would write its least value into every feature.
        settings = {"Min": low, "Max": high, "Step": step, "AllowNull": True, "Style": "SpinBox"}
        if kind is not Kind.INT:
            settings["Precision"] = 4
        return QgsEditorWidgetSetup("Range", settings)
    return QgsEditorWidgetSetup("TextEdit", {})


def _constrain(layer: QgsVectorLayer, index: int, name: str, field: FieldForm, period: Period) -> None:
    of = QgsFieldConstraints.Constraint
    if field.required:
        layer.setFieldConstraint(index, of.ConstraintNotNull, _HARD)
    if field.unique:
        layer.setFieldConstraint(index, of.ConstraintUnique, _HARD)
    check = _filled(field.check, period)
    if not check and field.low and field.high:
        low, high = _limits(field, period)
        check = f'"{name}" IS NULL OR ("{name}" >= {low:g} AND "{name}" <= {high:g})'
    if check:
        layer.setConstraintExpression(index, check, _filled(field.say, period))
        layer.setFieldConstraint(index, of.ConstraintExpression, _HARD)


def _limits(field: FieldForm, period: Period) -> Tuple[float, float]:
    years: Dict[str, Any] = {"first": period[0], "last": period[1]}
    low, high = (float(years.get(limit, limit)) for limit in (field.low, field.high))
    return low, high


def _filled(text: str, period: Period) -> str:
    return text.replace("{first}", str(period[0])).replace("{last}", str(period[1]))


def _next_number(name: str, prefix: str) -> str:
    """Expression for the prefix and the number after the largest in use."""
    if not prefix:
        return ""
    number = f"to_int(coalesce(nullif(regexp_substr(\"{name}\", '^{prefix}([0-9]+)$'), ''), '0'))"
    return f"'{prefix}' || lpad(to_string(coalesce(maximum({number}), 0) + 1), 3, '0')"

"""Attribute forms saved with a plan's layers, so that QGIS's own editing is safe."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any, Dict, List, Mapping, Tuple

from qgis.core import QgsDefaultValue, QgsEditorWidgetSetup, QgsFieldConstraints, QgsVectorLayer

from three_opt_three_protect.bridge.compat import kind_of
from three_opt_three_protect.core.tables import Kind
from three_opt_three_protect.storage.forms import FieldForm
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.words import load_words

Period = Tuple[int, int]
"""First and last year of the plan."""

SAME: Mapping[str, str] = MappingProxyType({})
"""Fields are called by their role fields."""

_LANGUAGE = "zh"
"""The form is part of the file, which goes from office to office."""

_HARD = QgsFieldConstraints.ConstraintStrength.ConstraintStrengthHard


def apply_form(
    layer: QgsVectorLayer, form: Mapping[str, FieldForm], period: Period, called: Mapping[str, str] = SAME
) -> List[str]:
    """Set widgets, constraints and defaults of the fields of ``layer``.

    Parameters
    ----------
    form
        Role field → what it may hold.
    period
        Years the expressions call ``{first}`` and ``{last}``.
    called
        Role field → field of the layer, where they differ; such a layer holds words, not tokens.

    Returns
    -------
    list of str
        Fields of the form the layer does not have.
    """
    missing = []
    renamed = any(name != own for name, own in called.items())
    for role_field, field in form.items():
        name = called.get(role_field, role_field)
        index = layer.fields().indexOf(name)
        if index < 0:
            missing.append(name)
            continue
        shown = _shown(field, renamed)
        layer.setEditorWidgetSetup(index, _widget(field, shown, kind_of(layer.fields().at(index)), period))
        _constrain(layer, index, name, replace(field, check=_in_names(field.check, called)), period)
        default = _stored(_filled(field.default, period), shown) or _next_number(name, field.prefix)
        if default:
            layer.setDefaultValueDefinition(index, QgsDefaultValue(default, False))
    return missing


def _shown(field: FieldForm, words: bool) -> Dict[str, str]:
    """Value → what is shown for it; with ``words`` the words themselves are the values."""
    shown = {token: Messages(_LANGUAGE).text(f"{field.words}.{token}") for token in field.tokens}
    if words:
        spelled: Dict[str, str] = {}
        for word, token in load_words().get(field.words, {}).items():
            if not word.isascii():
                spelled.setdefault(token, word)
        shown = {spelled.get(token, token): spelled.get(token, name) for token, name in shown.items()}
    return {**shown, **field.values}


def _stored(default: str, shown: Mapping[str, str]) -> str:
    """A default that is a token, where the layer holds words: no default rather than a value no list knows."""
    token = default.strip("'")
    return "" if default.startswith("'") and shown and token not in shown else default


def _in_names(check: str, called: Mapping[str, str]) -> str:
    """An expression with the fields as the layer calls them."""
    for role_field, name in called.items():
        check = check.replace(f'"{role_field}"', f'"{name}"')
    return check


def _widget(field: FieldForm, shown: Mapping[str, str], kind: Kind, period: Period) -> QgsEditorWidgetSetup:
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

"""The steps of a plan (``resources/schemas/steps.yaml``)."""

from __future__ import annotations

from functools import cache
from typing import Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.readiness import PlanStep
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml


@cache
def load_steps() -> Tuple[PlanStep, ...]:
    """All steps in the order of the work.

    Raises
    ------
    SchemaError
        With file and line.
    """
    root = read_yaml(paths.resource("schemas", "steps.yaml")).mapping(["steps"], [])
    return tuple(_step(entry) for entry in root["steps"].list())


def _step(entry: Entry) -> PlanStep:
    parts = entry.mapping(["id", "title", "needs"], ["least", "among", "helps"])
    return PlanStep(
        parts["id"].text(),
        {language: text.text() for language, text in parts["title"].mapping(["zh", "en"], []).items()},
        {role: fields.texts() for role, fields in parts["needs"].mapping().items()},
        parts["least"].whole() if "least" in parts else 0,
        parts["among"].texts() if "among" in parts else (),
        parts["helps"].texts() if "helps" in parts else (),
    )

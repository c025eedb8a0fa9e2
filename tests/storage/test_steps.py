"""The steps of a plan are read once, in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.storage import steps


def test_the_shipped_steps() -> None:
    found = {step.id: step for step in steps.load_steps()}
    assert next(iter(found)) == "overlay"
    assert found["overlay"].needs == {"parcels": ("class_code",)}
    assert (found["conflicts"].least, len(found["conflicts"].among)) == (2, 3)


def test_an_unknown_key_is_an_error_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "steps.yaml"
    file.write_text("steps:\n  - id: a\n    title: {zh: 甲, en: A}\n    needs: {}\n    colour: red\n", encoding="utf-8")
    monkeypatch.setattr(paths, "resource", lambda *parts: file)
    with pytest.raises(SchemaError) as raised:
        steps.load_steps.__wrapped__()
    assert (raised.value.message_id, raised.value.values["line"]) == ("resource_unknown_key", 5)

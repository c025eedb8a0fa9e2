from __future__ import annotations

from typing import Any

import pytest
from qgis.core import QgsApplication

from three_opt_three_protect.bridge import packages, words
from three_opt_three_protect.core.errors import InputError

ERROR = InputError("no_such_field", layer="图斑", field="DLBM", fields="A, B")


@pytest.mark.parametrize(
    ("locale", "expected"), [("zh-Hans", "zh"), ("zh_CN", "zh"), ("zh", "zh"), ("en_GB", "en"), ("C", "en")]
)
def test_every_chinese_locale_is_chinese(
    qgis_app: Any, monkeypatch: pytest.MonkeyPatch, locale: str, expected: str
) -> None:
    class Application:
        @staticmethod
        def locale() -> str:
            return locale

    monkeypatch.setattr(QgsApplication, "instance", staticmethod(Application))
    assert words.language() == expected


def test_an_error_is_one_line_in_the_language_of_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "language", lambda: "en")
    assert words.error_line(ERROR).startswith("图斑 has no field DLBM")
    monkeypatch.setattr(words, "language", lambda: "zh")
    assert words.error_line(ERROR).startswith("图斑 没有字段 DLBM")


def test_a_package_that_is_absent_or_too_old_is_named_with_its_command(
    qgis_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert packages.missing_package(["shapely"]) is None
    monkeypatch.setattr(packages.metadata, "version", lambda name: "1.8.5.post1")
    found = packages.missing_package(["shapely"])
    assert found is not None
    command = str(found.values["command"])
    assert command.startswith("python3 -m pip install --no-deps --target ")
    assert command.endswith('"shapely>=2.0.7,<2.1"')
    assert command in words.error_line(found)
    monkeypatch.undo()
    absent = packages.missing_package(["shapely", "no-such-package"])
    assert absent is not None
    assert absent.values["package"] == "no-such-package"

"""Every algorithm explains itself, every parameter and every output, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple
from xml.etree import ElementTree

import pytest
from qgis.core import QgsProcessingAlgorithm, QgsProcessingOutputDefinition
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from three_opt_three_protect.algorithms.base import PlanAlgorithm
from three_opt_three_protect.bridge import words

ROOT = Path(__file__).resolve().parent.parent.parent
CHINESE = re.compile("[\u4e00-\u9fff]")


class FromSource(QTranslator):
    """Translates straight from the .ts file, so that the test needs no compiler."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.words: Dict[Tuple[str, str], str] = {}
        for context in ElementTree.parse(path).iter("context"):
            for message in context.iter("message"):
                key = (context.findtext("name") or "", message.findtext("source") or "")
                self.words[key] = message.findtext("translation") or ""

    def translate(self, context: str, source: str, disambiguation: Any = None, n: int = -1) -> Optional[str]:
        # None is a null string: not found.
        return self.words.get((context, source))


@pytest.fixture(params=["en", "zh"])
def screen(request: Any, qgis_app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The screen in one language, both what is translated and what is a message (names of roles)."""
    monkeypatch.setattr(words, "language", lambda: request.param)
    translator = FromSource(ROOT / "i18n" / "three_opt_three_protect_zh-Hans.ts")
    if request.param == "zh":
        QCoreApplication.installTranslator(translator)
    yield request.param
    QCoreApplication.removeTranslator(translator)


def own(provider: Any) -> List[PlanAlgorithm]:
    return [item.create() for item in provider.algorithms() if isinstance(item, PlanAlgorithm)]


def texts(algorithm: PlanAlgorithm) -> Iterator[Tuple[str, str]]:
    """Everything a planner reads before running it."""
    for part in ("displayName", "group", "shortDescription", "about"):
        yield part, getattr(algorithm, part)()
    for item in algorithm.parameterDefinitions():
        yield f"{item.name()} label", item.description()
        yield f"{item.name()} help", item.help()
    parameters = {item.name() for item in algorithm.parameterDefinitions()}
    for output in algorithm.outputDefinitions():
        if output.name() not in parameters:
            yield f"{output.name()} label", output.description()
            yield f"{output.name()} help", algorithm.output_help.get(output.name(), "")


def lacking(algorithm: PlanAlgorithm, language: str) -> List[str]:
    def good(text: str) -> bool:
        return bool(text.strip()) and (language == "en" or bool(CHINESE.search(text)))

    return [f"{algorithm.name()} {what}: {text!r}" for what, text in texts(algorithm) if not good(text)]


def test_everything_has_help_in_both_languages(provider: Any, screen: str) -> None:
    assert [line for algorithm in own(provider) for line in lacking(algorithm, screen)] == []


def test_a_missing_help_is_found(provider: Any) -> None:
    algorithm = own(provider)[0]
    algorithm.parameterDefinitions()[0].setHelp("")
    assert len(lacking(algorithm, "en")) == 1


def test_names_are_stable_ascii(provider: Any) -> None:
    for algorithm in own(provider):
        assert re.fullmatch(r"[a-z][a-z0-9]*", algorithm.name())
        assert re.fullmatch(r"[a-z][a-z0-9]*", algorithm.groupId())
        outputs: List[QgsProcessingOutputDefinition] = algorithm.outputDefinitions()
        for item in [*algorithm.parameterDefinitions(), *outputs]:
            assert re.fullmatch(r"[A-Z][A-Z0-9_]*", item.name())


def test_only_the_first_output_is_made_by_default(provider: Any) -> None:
    for algorithm in own(provider):
        required = [item.name() for item in algorithm.destinationParameterDefinitions() if not is_optional(item)]
        assert len(required) <= 1 or algorithm.name() in {"reclamationpotential"}, algorithm.name()


def is_optional(item: Any) -> bool:
    return bool(item.flags() & type(item).Flag.FlagOptional)


def test_the_help_page_names_every_input_and_output(provider: Any) -> None:
    for algorithm in own(provider):
        page = algorithm.shortHelpString()
        for _, text in texts(algorithm):
            assert (
                text.split("'")[0][:20] in page
                or text in (algorithm.displayName(), algorithm.group())
                or (text == algorithm.shortDescription())
            )


def test_an_algorithm_without_its_package_says_which_and_how(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Needy(type(own(provider)[0])):  # type: ignore[misc]
        NEEDS = ("no-such-package",)

    ok, why = Needy().canExecute()
    assert not ok
    assert "no-such-package" in why
    assert "pip install" in why
    assert isinstance(Needy(), QgsProcessingAlgorithm)

"""Sentences: both languages say the same, and every id the code uses has its sentence."""

from __future__ import annotations

import ast
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, FrozenSet, Iterator, List, Optional, Set
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "three_opt_three_protect"
MESSAGES = ROOT / "resources" / "messages"
LONGEST = 200
PLAIN_VALUE = 8  # Characters a named value usually takes.
LONG_VALUE = {"fields": 40, "features": 30, "layer": 12, "names": 40, "path": 40, "file": 40}


def read(language: str) -> Dict[str, str]:
    """The sentences of one language."""
    return yaml.safe_load((MESSAGES / f"{language}.yaml").read_text(encoding="utf-8")) or {}


EN, ZH = read("en"), read("zh")


def placeholders(text: str) -> FrozenSet[str]:
    """The names a sentence wants filled in."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


@dataclass(frozen=True)
class Use:
    """One place in the code that names a sentence."""

    where: str
    message_id: str
    values: Optional[FrozenSet[str]]  # None where they are handed on as **values


def error_classes() -> Set[str]:
    """PlanningError and everything derived from it, anywhere in the package."""
    bases = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
    found = {"PlanningError"}
    while True:
        more = {name for name, parents in bases.items() if parents & found} - found
        if not more:
            return found
        found |= more


def uses(tree: ast.AST, where: str, errors: Set[str]) -> Iterator[Use]:
    """Errors and findings made, and progress steps named, with an id written out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = node.args[0] if node.args else None
        for keyword in node.keywords:
            if keyword.arg in {"message_id", "id"}:
                given = keyword.value
        if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
            continue
        if called in errors:
            named = [keyword.arg for keyword in node.keywords if keyword.arg != "message_id"]
            values = None if None in named else frozenset(name for name in named if name)
            yield Use(f"{where}:{node.lineno}", given.value, values)
        elif called == "Finding":
            yield Use(f"{where}:{node.lineno}", given.value, dictionary_keys(node))
        elif called == "step" and isinstance(node.func, ast.Attribute):
            yield Use(f"{where}:{node.lineno}", given.value, None)


def dictionary_keys(call: ast.Call) -> Optional[FrozenSet[str]]:
    """Keys of the dictionary written out in a call; None when there is none."""
    for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(value, ast.Dict) and all(isinstance(key, ast.Constant) for key in value.keys):
            return frozenset(str(key.value) for key in value.keys if isinstance(key, ast.Constant))
    return None


def all_uses() -> List[Use]:
    """Every use in the package."""
    errors = error_classes()
    return [
        use
        for path in sorted(PACKAGE.rglob("*.py"))
        for use in uses(ast.parse(path.read_text(encoding="utf-8")), str(path.relative_to(ROOT)), errors)
    ]


def test_both_languages_have_the_same_ids() -> None:
    assert sorted(set(EN) ^ set(ZH)) == []


def test_both_languages_name_the_same_values() -> None:
    assert [key for key in sorted(set(EN) & set(ZH)) if placeholders(EN[key]) != placeholders(ZH[key])] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_id_stands_twice(language: str) -> None:
    # YAML lets the last one win without a word.
    text = (MESSAGES / f"{language}.yaml").read_text(encoding="utf-8")
    keys = re.findall(r"^([A-Za-z_][\w.-]*)\s*:", text, flags=re.MULTILINE)
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


@pytest.mark.parametrize("messages", [EN, ZH], ids=["en", "zh"])
def test_sentences_fit_one_line(messages: Dict[str, str]) -> None:
    long = []
    for key, text in messages.items():
        filled = text.format_map({name: "x" * LONG_VALUE.get(name, PLAIN_VALUE) for name in placeholders(text)})
        if len(filled) > LONGEST or "\n" in filled.strip():
            long.append(f"{key}: {len(filled)}")
    assert long == []


def test_chinese_sentences_are_chinese() -> None:
    """A sentence of signs and values alone (``%``) reads the same everywhere."""
    words = {key: re.sub(r"\{[^}]*\}", "", text) for key, text in ZH.items()}
    assert [
        key for key, text in words.items() if re.search("[A-Za-z]", text) and not re.search(r"[\u4e00-\u9fff]", text)
    ] == []


def test_every_id_in_the_code_has_its_sentence() -> None:
    assert [f"{use.where}: {use.message_id}" for use in all_uses() if use.message_id not in EN] == []


def test_the_code_gives_every_value_a_sentence_names() -> None:
    lacking = [
        f"{use.where}: {use.message_id} lacks {sorted(placeholders(EN[use.message_id]) - use.values)}"
        for use in all_uses()
        if use.values is not None and use.message_id in EN and not placeholders(EN[use.message_id]) <= use.values
    ]
    assert lacking == []


def test_uses_are_found() -> None:
    tree = ast.parse(
        "raise InputError('a', layer=name)\n"
        "raise CrsError(message_id='b', **values)\n"
        "progress.step('c', 0.5)\n"
        "found = Finding('e', 'info', 'layer', {'share': 1})\n"
        "raise ValueError('d')\n"
    )
    found = sorted((use.message_id, use.values) for use in uses(tree, "x.py", {"InputError", "CrsError"}))
    assert found == [("a", frozenset({"layer"})), ("b", None), ("c", None), ("e", frozenset({"share"}))]


def test_derived_errors_are_known() -> None:
    assert {"PlanningError", "InputError", "MissingPackageError"} <= error_classes()
    assert "Cancelled" not in error_classes()


def screen_words() -> List[ElementTree.Element]:
    """Every entry of the Chinese translation of the screen."""
    tree = ElementTree.parse(ROOT / "i18n" / "three_opt_three_protect_zh-Hans.ts")
    return [entry for entry in tree.iter("message") if entry.find("translation").get("type") != "obsolete"]


def test_screen_is_translated_completely() -> None:
    lacking = [
        entry.findtext("source")
        for entry in screen_words()
        if entry.find("translation").get("type") == "unfinished" or not entry.findtext("translation")
    ]
    assert lacking == []


def test_translations_keep_the_placeholders() -> None:
    # Both ways of naming values: {name} and Qt's %1 and %n.
    def named(text: str) -> List[str]:
        return sorted([*placeholders(text), *re.findall(r"%[0-9n]", text)])

    changed = [
        entry.findtext("source")
        for entry in screen_words()
        if named(entry.findtext("source")) != named(entry.findtext("translation"))
    ]
    assert changed == []


def screen_sources() -> Set[str]:
    """The words `tr` and `translate` are called with, whatever the class."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = {"tr": 0, "translate": 1}.get(called)
            if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                found.add(node.args[at].value)
    return found


def test_translation_source_is_up_to_date() -> None:
    """`make i18n` brings it up to date."""
    known = {entry.findtext("source") for entry in screen_words()}
    assert sorted(text for text in screen_sources() - known if isinstance(text, str)) == []

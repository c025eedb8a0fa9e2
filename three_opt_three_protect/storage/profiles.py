"""Policy packages (政策规则包): YAML files → :class:`core.rules.Profile`.

A package may extend another; what it says replaces or adds to what it extends.  Everything is
checked when it is read, so that a run never meets half a rule.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Dict, List, Mapping, Optional, Sequence, Tuple, Union

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.rules import FAIL, Profile, Rule, Setting, SettingValue
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml

DEFAULT_PROFILE = "suzhou-2014"
"""The package where none is named; a stable default of the interface, not a coefficient."""

_RULE_REQUIRED = ("id", "left", "right", "unit", "basis", "status")
_RULE_OPTIONAL = ("hard", "severity", "scope", "needs", "start", "end", "evidence", "doubts")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class _Words:
    """The words a package may use (``resources/schemas/profile.yaml``)."""

    units: Tuple[str, ...]
    statuses: Tuple[str, ...]
    scopes: Tuple[str, ...]
    severities: Tuple[str, ...]


def load_profile(id_or_path: Union[str, Path], folders: Sequence[Path] = ()) -> Profile:
    """Read and check a policy package and what it extends.

    Parameters
    ----------
    id_or_path
        Path of a YAML file, or the id of a package: a file ``<id>.yaml`` in ``folders`` or
        among the shipped ones.
    folders
        Where packages are looked for before the shipped ones: the project's, then the user's.

    Raises
    ------
    SchemaError
        ``profile_not_found``, ``profile_circular`` or one of the ``resource_…`` and
        ``profile_…`` errors with file and line.
    """
    return _read(_locate(id_or_path, folders, ()), tuple(folders), ())


def profile_ids(folders: Sequence[Path] = ()) -> Tuple[str, ...]:
    """Ids that :func:`load_profile` finds, sorted."""
    found = {path.stem for folder in (*folders, paths.resource("profiles")) for path in folder.glob("*.yaml")}
    return tuple(sorted(found))


def _locate(id_or_path: Union[str, Path], folders: Sequence[Path], chain: Tuple[Path, ...]) -> Path:
    wanted = Path(id_or_path)
    if wanted.suffix.lower() in (".yaml", ".yml"):
        near = [folder / wanted for folder in folders]
        candidates = [wanted, *near] if not wanted.is_absolute() else [wanted]
    else:
        candidates = [folder / f"{id_or_path}.yaml" for folder in (*folders, paths.resource("profiles"))]
    existing = [path.resolve() for path in candidates if os.path.isfile(path)]
    # A user's package may extend the shipped one of the same name.
    unread = [path for path in existing if path not in chain]
    if unread:
        return unread[0]
    if existing:
        raise SchemaError("profile_circular", profile=str(id_or_path), file=chain[-1].name)
    raise SchemaError("profile_not_found", profile=str(id_or_path), known=", ".join(profile_ids(folders)))


def _read(path: Path, folders: Tuple[Path, ...], chain: Tuple[Path, ...]) -> Profile:
    chain = (*chain, path)
    root = read_yaml(path)
    keys = root.mapping(("id", "title"), ("extends", "settings", "rules", "drop_rules"))
    base: Optional[Profile] = None
    if "extends" in keys:
        base = _read(_locate(keys["extends"].text(), (path.parent, *folders), chain), folders, chain)
    words = _words()
    settings = {} if base is None else dict(base.settings)
    if "settings" in keys:
        settings.update({key: _setting(entry, words) for key, entry in keys["settings"].mapping().items()})
    rules = _rules(keys, () if base is None else base.rules, settings, words)
    for rule in rules:
        _check_factors(rule, settings, keys["id"])
    return Profile(keys["id"].text(), _title(keys["title"]), MappingProxyType(settings), rules, str(path))


def _title(entry: Entry) -> Mapping[str, str]:
    return MappingProxyType({key: text.text() for key, text in entry.mapping(("zh", "en"), ()).items()})


def _setting(entry: Entry, words: _Words) -> Setting:
    keys = entry.mapping(("value", "basis", "status"), ("unit",))
    value = _value(keys["value"])
    numeric = _is_numeric(value)
    if numeric and "unit" not in keys:
        entry.fail("resource_missing_key", where=entry.name, key="unit")
    unit = _unit(keys["unit"], words) if numeric else _no_unit(keys.get("unit"))
    return Setting(entry.name, value, unit, _basis(keys["basis"]), keys["status"].word_of(words.statuses))


def _value(entry: Entry) -> SettingValue:
    if isinstance(entry.value, tuple):
        return entry.texts()
    if isinstance(entry.value, Mapping):
        parts = entry.value
        if all(isinstance(part.value, (int, float)) and not isinstance(part.value, bool) for part in parts.values()):
            return MappingProxyType({key: part.number() for key, part in parts.items()})
        return MappingProxyType({key: part.text() for key, part in parts.items()})
    if isinstance(entry.value, bool):
        return entry.value
    if isinstance(entry.value, (int, float)):
        return entry.number()
    return entry.text()


def _is_numeric(value: SettingValue) -> bool:
    if isinstance(value, Mapping):
        return any(isinstance(part, float) for part in value.values())
    return isinstance(value, float)


def _unit(entry: Entry, words: _Words) -> str:
    unit = entry.text()
    if unit not in words.units:
        entry.fail("profile_wrong_unit", unit=unit, known=", ".join(words.units))
    return unit


def _no_unit(entry: Optional[Entry]) -> str:
    # A word, a list or a switch has no unit; "" and none say so, anything else is a slip.
    if entry is not None and entry.text() not in ("", "none"):
        entry.fail("profile_wrong_unit", unit=entry.text(), known="none")
    return ""


def _basis(entry: Entry) -> str:
    text = entry.text().strip()
    if not text:
        entry.wrong("text")
    return text


def _rules(
    keys: Mapping[str, Entry], inherited: Sequence[Rule], settings: Mapping[str, Setting], words: _Words
) -> Tuple[Rule, ...]:
    rules: Dict[str, Rule] = {rule.id: rule for rule in inherited}
    if "drop_rules" in keys:
        for entry in keys["drop_rules"].list():
            if entry.text() not in rules:
                entry.fail("profile_no_such_rule", rule=entry.text())
            del rules[entry.text()]
    here: List[str] = []
    for entry in keys["rules"].list() if "rules" in keys else ():
        rule = _rule(entry, settings, words)
        if rule.id in here:
            entry.fail("profile_duplicate_rule", rule=rule.id)
        here.append(rule.id)
        rules[rule.id] = rule
    return tuple(rules.values())


def _rule(entry: Entry, settings: Mapping[str, Setting], words: _Words) -> Rule:
    keys = entry.mapping(_RULE_REQUIRED, _RULE_OPTIONAL)
    return Rule(
        keys["id"].text(),
        _terms(keys["left"], settings),
        _terms(keys["right"], settings),
        _unit(keys["unit"], words),
        _basis(keys["basis"]),
        keys["status"].word_of(words.statuses),
        keys["hard"].switch() if "hard" in keys else False,
        keys["severity"].word_of(words.severities) if "severity" in keys else FAIL,
        tuple(part.word_of(words.scopes) for part in keys["scope"].list()) if "scope" in keys else ("township",),
        keys["needs"].texts() if "needs" in keys else (),
        _day(keys.get("start")),
        _day(keys.get("end")),
        keys["evidence"].text() if "evidence" in keys else "",
        keys["doubts"].texts() if "doubts" in keys else (),
    )


def _terms(entry: Entry, settings: Mapping[str, Setting]) -> Mapping[str, Union[float, str]]:
    terms: Dict[str, Union[float, str]] = {}
    for line, factor in entry.mapping().items():
        if isinstance(factor.value, str):
            _numeric_setting(factor, factor.value, settings)
            terms[line] = factor.value
        else:
            terms[line] = factor.number()
    return MappingProxyType(terms)


def _check_factors(rule: Rule, settings: Mapping[str, Setting], where: Entry) -> None:
    # An inherited rule may lean on a setting that the extending package turned into a word.
    for factor in (*rule.left.values(), *rule.right.values()):
        if isinstance(factor, str):
            _numeric_setting(where, factor, settings)


def _numeric_setting(entry: Entry, key: str, settings: Mapping[str, Setting]) -> None:
    if key not in settings:
        entry.fail("profile_unknown_setting", key=key)
    if not isinstance(settings[key].value, float):
        entry.fail("profile_setting_is_no_number", key=key)


def _day(entry: Optional[Entry]) -> str:
    if entry is None or entry.raw == "":
        return ""
    if not _DAY.fullmatch(entry.text()):
        entry.wrong("2025-01-01")
    return entry.text()


@cache
def _words() -> _Words:
    keys = read_yaml(paths.resource("schemas", "profile.yaml")).mapping(
        ("units", "statuses", "scopes", "severities"), ()
    )
    return _Words(*(keys[name].texts() for name in ("units", "statuses", "scopes", "severities")))

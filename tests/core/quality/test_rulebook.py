"""Every rule of ``resources/rules.csv`` has its function and its sentences, and nothing is left over."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Dict, Set

import pytest
import yaml

from three_opt_three_protect.core.quality.functions import FUNCTIONS
from three_opt_three_protect.core.quality.runner import STATUTORY
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.rulebook import load_rules

ROOT = Path(__file__).resolve().parents[3]
LAYERS = {"parcels", "farmland", "boundary", "redline", "reclaim", "newbuild", "township", "past_projects", "previous"}
FACTS = {"geometry", "crs", "schema", "system", "parent", "parent_geometry", "previous_geometry", "period"}


def sentences(language: str) -> Dict[str, str]:
    return yaml.safe_load((ROOT / "resources" / "messages" / f"{language}.yaml").read_text(encoding="utf-8"))


def test_every_rule_has_a_function_and_every_function_a_rule() -> None:
    assert sorted(set(load_rules()) ^ set(FUNCTIONS)) == []


def test_there_are_enough_rules_in_ten_groups() -> None:
    rules = load_rules().values()
    assert len(rules) >= 40
    assert len({rule.group for rule in rules}) == 10


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_has_a_sentence(language: str) -> None:
    written = {key[len("check.") :] for key in sentences(language) if key.startswith("check.")}
    assert sorted(written ^ set(load_rules())) == []


@pytest.mark.parametrize("rule", sorted(load_rules()))
def test_a_rule_is_stated_whole(rule: str) -> None:
    found = load_rules()[rule]
    roles = load_role_schemas()
    assert found.title["zh"]
    assert found.title["en"]
    assert found.status in {"text", "repo", "web", "practice", "computed", "unverified"}
    assert set(found.roles) <= set(roles)
    assert (found.tolerance is None) == (found.unit == "")
    # On survey data, which may not be changed, nothing weighs more than on the planner's own.
    order = ("error", "warning", "info")
    assert order.index(found.statutory) >= order.index(found.severity)
    fields: Set[str] = {field for schema in roles.values() for field in schema.fields}
    for need in found.needs:
        kind, _, name = need.partition(":")
        if kind in ("field", "parent_field", "previous_field"):
            assert set(name.split("|")) <= fields
        else:
            assert need in FACTS | LAYERS or (kind, name) == ("system", "parcels")


@pytest.mark.parametrize("rule", sorted(FUNCTIONS))
def test_a_function_says_what_it_finds(rule: str) -> None:
    function = FUNCTIONS[rule]
    assert inspect.getdoc(function)
    assert list(inspect.signature(function).parameters) == ["case", "rule", "progress"]


def test_statutory_roles_exist() -> None:
    assert set(STATUTORY) <= set(load_role_schemas())


@pytest.mark.parametrize("rule", sorted(load_rules()))
def test_why_a_rule_did_not_run_is_a_sentence(rule: str) -> None:
    from three_opt_three_protect.core.quality.runner import RuleRun
    from three_opt_three_protect.plans.findings import why_not

    words = Messages("zh").text
    for need in load_rules()[rule].needs:
        said = why_not(RuleRun(load_rules()[rule], False, need), words)
        assert said.endswith("。")
        assert "lacks." not in said
        assert "role." not in said


def test_the_list_in_the_docs_is_up_to_date() -> None:
    """``make docs`` writes it."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from rules_page import page
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == page()

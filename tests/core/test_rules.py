"""Rules over accounts: margins, what is missing, dates, scopes."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.rules import (
    FAIL,
    PASS,
    UNKNOWN,
    WARN,
    Accounts,
    Line,
    Profile,
    Rule,
    Setting,
    Verdict,
    is_balanced,
    judge,
    rules_on,
)


def setting(key: str, value: object) -> Setting:
    return Setting(key, value, "ratio", "basis", "practice")  # type: ignore[arg-type]


SETTINGS = {
    entry.key: entry
    for entry in (
        setting("k_red", 0.9),
        setting("basis", "reduced_construction"),
        setting("strict", True),
        setting("uses", ("town", "industry")),
        setting("class_of", {"town": "0701"}),
        setting("ratio_of", {"small": 0.85}),
    )
}
RULE = Rule("R3", {"R": "k_red"}, {"N": 1.0}, "m2", "国土资函〔2014〕54号", "text", hard=True, evidence="growth")


def profile(*rules: Rule) -> Profile:
    return Profile("p", {"zh": "口径", "en": "package"}, SETTINGS, rules)


def accounts(values: Dict[str, Optional[float]], unit_code: str = "", facts: frozenset = frozenset()) -> Accounts:
    return Accounts(tuple(Line("construction", unit_code, line, value, "m2") for line, value in values.items()), facts)


def one(rule: Rule, values: Dict[str, Optional[float]], **more: object) -> Verdict:
    verdicts = judge(accounts(values, **more), profile(rule))  # type: ignore[arg-type]
    assert len(verdicts) == 1
    return verdicts[0]


def test_margin_and_what_a_verdict_says() -> None:
    # 0.9 × 11 200 = 10 080; − 6 800 = 3 280 (figures of 00-supplement 1.11).
    verdict = one(RULE, {"R": 11_200.0, "N": 6_800.0})
    assert (verdict.left, verdict.right, verdict.margin) == (10_080.0, 6_800.0, 3_280.0)
    assert (verdict.result, verdict.hard, verdict.unit) == (PASS, True, "m2")
    assert (verdict.basis, verdict.basis_status, verdict.evidence) == ("国土资函〔2014〕54号", "text", "growth")
    assert verdict.missing == ()


@pytest.mark.parametrize(
    ("newbuild", "severity", "result"),
    [(10_080.0, FAIL, PASS), (10_080.01, FAIL, FAIL), (10_080.01, WARN, WARN), (10_079.99, WARN, PASS)],
)
def test_equal_passes_and_a_hundredth_more_does_not(newbuild: float, severity: str, result: str) -> None:
    assert one(replace(RULE, severity=severity), {"R": 11_200.0, "N": newbuild}).result == result


def test_rounding_noise_is_no_breach() -> None:
    rule = Rule("r", {"a": 1.0, "b": 1.0}, {"c": 1.0}, "m2", "b", "text")
    assert 0.1 + 0.2 != 0.3
    assert one(rule, {"a": 0.1, "b": 0.2, "c": 0.3}).margin == 0.0


def test_constant_adds_its_factor_itself() -> None:
    rule = Rule("r", {"share": 100.0, "constant": 5.0}, {"constant": 30.0}, "percent", "b", "text")
    verdict = one(rule, {"share": 0.24})
    assert (verdict.left, verdict.right, verdict.margin, verdict.result) == (29.0, 30.0, -1.0, FAIL)


def test_an_empty_side_is_zero() -> None:
    assert one(Rule("r", {}, {"conflict": 1.0}, "m2", "b", "text"), {"conflict": 0.0}).result == PASS
    assert one(Rule("r", {}, {"conflict": 1.0}, "m2", "b", "text"), {"conflict": 0.01}).result == FAIL


def test_a_line_not_known_or_absent_makes_it_unknown() -> None:
    for values in ({"R": 1.0, "N": None}, {"R": 1.0}):
        verdict = one(RULE, values)
        assert (verdict.result, verdict.margin, verdict.right, verdict.missing) == (UNKNOWN, None, None, ("N",))
        assert verdict.left == 0.9  # what is known is still shown


def test_a_missing_fact_makes_it_unknown_even_when_the_figures_are_there() -> None:
    rule = replace(RULE, needs=("farmland", "grades"))
    verdict = one(rule, {"R": 10.0, "N": 0.0}, facts=frozenset({"grades"}))
    assert (verdict.result, verdict.margin, verdict.missing) == (UNKNOWN, None, ("farmland",))
    assert one(rule, {"R": 10.0, "N": 0.0}, facts=frozenset({"grades", "farmland"})).result == PASS


def test_scopes_and_order() -> None:
    wide = replace(RULE, id="wide", scope=("township", "village"))
    narrow = replace(RULE, id="narrow", scope=("settlement",))
    lines = tuple(
        Line("construction", unit, line, value, "m2")
        for unit, values in {"": (20.0, 9.0), "v1": (10.0, 9.0), "v2": (10.0, 9.1), "s1": (0.0, 1.0)}.items()
        for line, value in zip(("R", "N"), values)
    )
    verdicts = judge(Accounts(lines), profile(wide, narrow), villages=("v1", "v2"), settlements=("s1",))
    assert [(each.rule, each.unit_code, each.result) for each in verdicts] == [
        ("wide", "", PASS),
        ("wide", "v1", PASS),
        ("wide", "v2", FAIL),
        ("narrow", "s1", FAIL),
    ]


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        ("2014-01-01", ["always", "old"]),
        ("2024-12-31", ["always", "old"]),
        ("2025-01-01", ["always", "new"]),
        ("", ["always", "old", "new"]),
    ],
)
def test_rules_in_force(day: str, rules: list) -> None:
    # 占补平衡 changed on 2025-01-01 (00-supplement 6): the event is judged by the rule of its date.
    shipped = profile(
        replace(RULE, id="always"),
        replace(RULE, id="old", end="2024-12-31"),
        replace(RULE, id="new", start="2025-01-01"),
    )
    assert [rule.id for rule in rules_on(shipped, day)] == rules
    assert [each.rule for each in judge(accounts({"R": 1.0, "N": 0.0}), shipped, day=day)] == rules


def test_balanced_means_no_hard_rule_fails_or_is_unknown() -> None:
    good, bad = {"R": 10.0, "N": 1.0}, {"R": 0.0, "N": 1.0}
    soft, hard = replace(RULE, hard=False), RULE
    assert is_balanced([one(hard, good)])
    assert not is_balanced([one(hard, good), one(hard, bad)])
    assert not is_balanced([one(hard, {"R": 1.0})])
    assert is_balanced([one(soft, bad), one(soft, {"R": 1.0}), one(hard, good)])
    assert is_balanced([one(replace(hard, severity=WARN), bad)])


def test_settings_by_kind() -> None:
    package = profile()
    assert package.number("k_red") == 0.9
    assert package.word("basis") == "reduced_construction"
    assert package.switch("strict") is True
    assert package.words("uses") == ("town", "industry")
    assert package.word_of("class_of") == {"town": "0701"}
    assert package.number_of("ratio_of") == {"small": 0.85}


@pytest.mark.parametrize(
    ("reader", "key", "message_id"),
    [
        ("number", "basis", "setting_is_no_number"),
        ("number", "strict", "setting_is_no_number"),
        ("word", "k_red", "setting_is_no_word"),
        ("switch", "k_red", "setting_is_no_switch"),
        ("words", "basis", "setting_is_no_list"),
        ("word_of", "uses", "setting_is_no_mapping"),
        ("number_of", "k_red", "setting_is_no_mapping"),
        ("number", "nothing", "no_such_setting"),
    ],
)
def test_a_setting_of_another_kind_is_an_error(reader: str, key: str, message_id: str) -> None:
    with pytest.raises(SchemaError) as caught:
        getattr(profile(), reader)(key)
    assert caught.value.message_id == message_id
    assert caught.value.values == {"profile": "p", "key": key}


def test_accounts_give_values_by_line_and_unit() -> None:
    book = Accounts((Line("c", "", "R", 1.0, "m2"), Line("c", "v2", "R", 2.0, "m2"), Line("c", "v1", "R", None, "m2")))
    assert (book.value("R"), book.value("R", "v2"), book.value("R", "v1"), book.value("N")) == (1.0, 2.0, None, None)
    assert book.units() == ("", "v1", "v2")


CENTS = st.integers(min_value=-(10**12), max_value=10**12).map(lambda cents: cents / 100)


@given(left=CENTS, right=CENTS)
def test_the_verdict_is_the_sign_of_the_margin(left: float, right: float) -> None:
    rule = Rule("r", {"a": 1.0}, {"b": 1.0}, "m2", "b", "text")
    verdict = one(rule, {"a": left, "b": right})
    assert verdict.margin == pytest.approx(left - right, abs=1e-5)
    assert (verdict.result == PASS) == (round(left * 100) >= round(right * 100))

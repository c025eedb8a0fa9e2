"""Ids and values → one line a planner can act on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.storage.messages import LONGEST, Messages, plain, read_sentences, sentence


def test_both_languages() -> None:
    error = InputError("no_such_field", layer="地类图斑", field="TBMJ", fields="DLBM, DLMC")
    assert sentence(error, "en") == "地类图斑 has no field TBMJ. It has: DLBM, DLMC. Choose one of them."
    assert sentence(error, "zh") == "地类图斑 没有字段 TBMJ。现有字段：DLBM, DLMC。请从中选择。"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-Hans", "zh"), ("zh_CN", "zh"), ("ZH", "zh"), ("en_US", "en"), ("de", "en"), ("", "en")],
)
def test_locale_names(locale: str, language: str) -> None:
    assert Messages(locale).language == language


def test_id_with_values_and_error_with_more_values() -> None:
    messages = Messages("en")
    by_id = messages.text("no_geometry", layer="VILLAGES")
    assert by_id == "VILLAGES is a table without geometry. Choose a layer with areas."
    assert messages.text(InputError("no_geometry"), layer="VILLAGES") == by_id


def test_an_unknown_id_gives_id_and_values() -> None:
    messages = Messages("zh")
    assert messages.text("never_written", layer="L", count=3) == "never_written: layer=L, count=3"
    assert messages.text("never_written") == "never_written"
    assert messages.text(SchemaError("with {braces}", x=1)) == "with {braces}: x=1"


def test_a_broken_file_of_sentences_hides_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("a: [1", "- a", ""):
        (tmp_path / "en.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path / parts[-1])
        assert dict(read_sentences.__wrapped__("en")) == {}
        assert dict(read_sentences.__wrapped__("zh")) == {}  # not there at all


def test_a_value_that_is_not_given_is_a_question_mark() -> None:
    assert Messages("en").text("no_geometry") == "? is a table without geometry. Choose a layer with areas."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1800.0, "1800"),
        (12.35, "12.35"),
        (1234567.891, "1234567.89"),
        (1e16, "10000000000000000"),
        (0.05, "0.05"),
        (0.00012, "0.0001"),
        (0.0, "0"),
        (-0.00001, "0"),
        (-3.5, "-3.5"),
        (float("nan"), "–"),
        (None, "–"),
        (42, "42"),
        ("two\nlines", "two lines"),
        ([1, 2.50, "c"], "1, 2.5, c"),
    ],
)
def test_plain_numbers(value: object, text: str) -> None:
    assert plain(value) == text


def test_a_long_list_is_cut_and_the_sentence_kept() -> None:
    features = ", ".join(str(number) for number in range(1000, 1400))
    error = InputError(
        "two_code_systems", layer="DLTB", field="DLBM", system="third_survey", other="second_survey", codes="011, 203",
        features=features,
    )  # fmt: skip
    for language in ("en", "zh"):
        line = sentence(error, language)
        assert len(line) <= LONGEST
        assert "1000, 1001" in line
        assert "…" in line
        assert "DLTB" in line
        assert "011, 203" in line
    assert sentence(error, "en").endswith("Convert them to one system.")
    assert sentence(error, "zh").endswith("请先统一为一套。")


def test_a_list_is_cut_at_a_comma() -> None:
    line = Messages("en").text("no_such_field", layer="L", field="F", fields=", ".join(["FIELDNAME"] * 60))
    assert "FIELDNAME…" in line


@given(
    st.dictionaries(
        st.sampled_from(["layer", "field", "fields", "features", "system", "other", "codes", "anything"]),
        st.one_of(
            st.text(max_size=400), st.floats(), st.integers(), st.none(), st.lists(st.text(max_size=30), max_size=30)
        ),
    ),
    st.sampled_from(["two_code_systems", "no_such_field", "unheard_of", "{", "}{0}"]),
    st.sampled_from(["zh", "en"]),
)
def test_never_longer_than_a_line_and_never_raises(values: dict, message_id: str, language: str) -> None:
    line = Messages(language).text(message_id, **values)
    assert 0 < len(line) <= LONGEST
    assert "\n" not in line


def test_a_role_goes_by_its_name() -> None:
    said = Messages("zh").text("statutory_not_changed", layer="DLTB", role="parcels")
    assert said.startswith("DLTB 的角色是 地类图斑，")
    assert "no role" in Messages("en").text("statutory_not_changed", layer="DLTB", role="no role")

"""Forms and relations as data."""

from __future__ import annotations

from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.forms import load_forms, load_relations
from three_opt_three_protect.storage.messages import Messages
from three_opt_three_protect.storage.words import load_words


def test_every_field_of_a_form_is_a_field_of_the_role() -> None:
    schemas = load_role_schemas()
    for role, form in load_forms().items():
        assert set(form) <= set(schemas[role].fields), role


def test_every_token_of_a_form_has_its_words_in_both_languages() -> None:
    for form in load_forms().values():
        for field in form.values():
            for token in field.tokens:
                assert token in load_words()[field.words].values()
                for language in ("zh", "en"):
                    assert Messages(language).text(f"{field.words}.{token}")


def test_limits_are_numbers_or_years_of_the_plan() -> None:
    phase = load_forms()["reclaim"]["phase"]
    assert (phase.low, phase.high) == ("first", "last")
    assert load_forms()["reclaim"]["rate"].high == "1.0"


def test_relations_join_fields_of_roles() -> None:
    schemas = load_role_schemas()
    for one in load_relations():
        assert one.parent_field in schemas[one.parent].fields
        assert one.child_field in schemas[one.child].fields

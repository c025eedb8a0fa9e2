"""What a step of the plan still lacks."""

from __future__ import annotations

from three_opt_three_protect.core.readiness import Lacking, PlanStep, lacking
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.steps import load_steps

NEXT_YEAR = "parcels_next"
BALANCE = PlanStep("b", {}, {"parcels": ("class_code", "unit_code"), "reclaim": ()}, helps=("redline",))
LINES = PlanStep("c", {}, least=2, among=("farmland", "boundary", "redline"))


def test_layers_and_fields_that_are_not_there() -> None:
    assert lacking(BALANCE, {}) == Lacking(("parcels", "reclaim"), helpful=("redline",))
    found = lacking(BALANCE, {"parcels": {"class_code"}, "redline": ()})
    assert found == Lacking(("reclaim",), (("parcels", "unit_code"),))
    assert not found.ready
    assert lacking(BALANCE, {"parcels": ["class_code", "unit_code"], "reclaim": []}).ready


def test_some_of_several() -> None:
    assert lacking(LINES, {"farmland": ()}) == Lacking(more=1, among=("boundary", "redline"))
    assert lacking(LINES, {"farmland": (), "redline": ()}) == Lacking()


def test_a_layer_that_cannot_be_used_stops_the_step() -> None:
    there = {"parcels": ["class_code", "unit_code"], "reclaim": [], "redline": []}
    assert lacking(BALANCE, there, {"redline", "roads"}) == Lacking(broken=("redline",))
    assert not lacking(BALANCE, there, {"redline"}).ready


def test_the_shipped_steps_name_roles_and_fields_that_exist() -> None:
    schemas = load_role_schemas()
    assert len(load_steps()) == len({step.id for step in load_steps()}) >= 8
    for step in load_steps():
        assert set(step.title) == {"zh", "en"}
        assert all(step.title.values())
        for role in (*step.needs, *step.among, *step.helps):
            assert role in schemas or role == NEXT_YEAR, role
        for role, fields in step.needs.items():
            assert set(fields) <= set(schemas["parcels" if role == NEXT_YEAR else role].fields)
        assert step.least <= len(step.among)

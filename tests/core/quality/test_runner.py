"""Which rules run, what the others lack, what is said of the run, and how it is stopped."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any, Iterable, List, Tuple

import numpy as np
import pytest
import shapely

from three_opt_three_protect.core import tables
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.progress import Progress
from three_opt_three_protect.core.quality.case import Case, Found, RuleSpec, Subject, on_layer, on_rows
from three_opt_three_protect.core.quality.runner import Bar, order_of, rules_for, run_rules
from three_opt_three_protect.core.tables import LayerTable


def table(size: int = 3) -> LayerTable:
    return LayerTable("图层", np.arange(10, 10 + size), columns={"ZLDWDM": tables.text(["1"] * size)})


def rule(name: str, severity: str = "error", statutory: str = "warning", **more: Any) -> RuleSpec:
    return RuleSpec(name, "structure", severity, statutory, **more)


def finds(*found: Found) -> Any:
    def function(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
        return iter(found)

    return function


class Heard:
    """What a progress bar is told."""

    def __init__(self, stop_at: float = 2.0) -> None:
        self.fractions: List[float] = []
        self.steps: List[Tuple[str, float]] = []
        self._stop_at = stop_at

    def step(self, name: str, share: float) -> None:
        self.steps.append((name, share))

    def check(self, fraction: float) -> None:
        self.fractions.append(fraction)
        if fraction >= self._stop_at:
            raise Cancelled


def test_rules_that_lack_something_do_not_run() -> None:
    system = ClassSystem("one", "one", "survey", {})
    parent = Subject(table(), "villages", {"unit_code": "ZLDWDM"})
    parcels = Subject(table(), "parcels", system=system)
    lying = Subject(replace(table(), geometry=np.array([shapely.Point(0, 0)] * len(table()), dtype=np.object_)))
    others = {"parcels": parcels, "redline": parent, "boundary": lying, "previous": parcels}
    case = Case(Subject(table(), "parcels", {"unit_code": "ZLDWDM"}), parent, others)
    there = (
        "parent", "boundary", "previous", "field:unit_code", "field:area|unit_code", "parent_field:unit_code",
        "system:parcels",
    )  # fmt: skip
    # A plain table may be the parent or the year before; what lies beside the layer must lie somewhere.
    lacking = (
        "geometry", "crs", "schema", "system", "period", "farmland", "field:area", "parent_field:area",
        "previous_field:unit_code", "system:redline", "system:farmland", "parent_geometry", "previous_geometry",
        "redline",
    )  # fmt: skip
    assert [need for need in there if not case.has(need)] == []
    assert [need for need in lacking if case.has(need)] == []
    rules = [rule("a", needs=("parent", "field:area", "geometry")), rule("b", needs=("parent",))]
    held = run_rules(case, rules, {"b": finds()}, count().__next__)
    assert [(run.rule.id, run.ran, run.lacks) for run in held.runs] == [("a", False, "field:area"), ("b", True, "")]


def test_counts_seconds_and_severities() -> None:
    rules = [rule("a"), rule("b", "warning", "info")]
    functions = {"a": finds(on_rows(np.array([True, False, True])), on_layer()), "b": finds(on_rows([1]), on_rows([]))}
    clock = iter([0.0, 2.0, 5.0, 6.0])
    own = run_rules(Case(Subject(table(), "reclaim")), rules, functions, clock.__next__)
    assert [(run.count, run.seconds) for run in own.runs] == [(3, 2.0), (1, 1.0)]
    assert [own.count(name) for name in ("error", "warning", "info")] == [3, 1, 0]
    assert own.blocking_groups == ("structure",)
    survey = run_rules(Case(Subject(table(), "parcels")), rules, functions, iter(range(4)).__next__)
    assert [survey.count(name) for name in ("error", "warning", "info")] == [0, 3, 1]
    assert survey.blocking_groups == ()


def test_the_most_serious_first_then_by_rule_and_feature() -> None:
    rules = [rule("note", "info"), rule("two"), rule("one")]
    functions = {"note": finds(on_rows([0])), "two": finds(on_rows([2, 0]), on_layer()), "one": finds(on_rows([1]))}
    case = Case(Subject(table(), "reclaim"))
    held = run_rules(case, rules, functions, lambda: 0.0)
    number, place, fid = order_of(held, case.layer.table.fid)
    named = [held.found[i][0].id for i in number]
    assert list(zip(named, place.tolist(), fid.tolist())) == [
        ("two", 1, 10), ("two", 0, 12), ("two", 0, -1), ("one", 0, 11), ("note", 0, 10),
    ]  # fmt: skip


def test_nothing_found_has_no_order() -> None:
    case = Case(Subject(table(0), "reclaim"))
    held = run_rules(case, [rule("a")], {"a": finds()}, lambda: 0.0)
    assert [len(each) for each in order_of(held, case.layer.table.fid)] == [0, 0, 0]


def test_rules_for_a_role() -> None:
    book = {
        each.id: each for each in (rule("all"), rule("plots", roles=("reclaim",)), rule("survey", roles=("parcels",)))
    }
    assert [each.id for each in rules_for("reclaim", book)] == ["all", "plots"]
    assert [each.id for each in rules_for("reclaim", book, ["plots", "all"])] == ["all", "plots"]
    assert rules_for("reclaim", book, ["survey"]) == ()
    with pytest.raises(InputError) as error:
        rules_for("reclaim", book, ["plot"])
    assert (error.value.message_id, error.value.values["known"]) == ("no_such_rule", "all, plots, survey")


def test_the_bar_only_runs_on() -> None:
    def stepping(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
        progress.check(0.5)
        progress.step("joining_edges", 0.4)
        progress.check(1.0)
        progress.step("cutting", 0.6)
        progress.check(1.0)
        case.layer.progress.check(0.9)
        return []

    heard = Heard()
    bar = Bar(heard)
    case = Case(Subject(table(), "reclaim", progress=bar.still()))
    run_rules(case, [rule("a"), rule("b")], {"a": stepping, "b": stepping}, lambda: 0.0, bar)
    assert heard.fractions == sorted(heard.fractions)
    assert heard.fractions[-1] == 1.0
    assert {0.25, 0.5, 1.0} <= set(heard.fractions)
    assert heard.steps == []


def test_a_run_stops_between_rules() -> None:
    ran = []

    def remembering(case: Case, rule: RuleSpec, progress: Progress) -> Iterable[Found]:
        ran.append(rule.id)
        return []

    rules = [rule("a"), rule("b")]
    with pytest.raises(Cancelled):
        run_rules(Case(Subject(table(), "")), rules, {"a": remembering, "b": remembering}, lambda: 0.0, Heard(0.5))
    assert ran == ["a"]


def test_a_coverage_whose_edges_are_gone_is_made_again(kit: Any) -> None:
    subject = Subject(kit.layer("DLTB", [{"shape": (0, 0, 1, 1)}]))
    first = subject.coverage
    assert subject.coverage is first
    first.forget_edges()
    assert subject.coverage is not first
    assert subject.coverage.has_edges

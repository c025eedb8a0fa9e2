"""Plans to print: the worked example, and a small township with everything that makes rounding hard."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

import numpy as np
import pytest
import shapely

from tests.core.test_worked_example import CRS, layer, objects
from tests.core.test_worked_example import run as run_worked_example
from three_opt_three_protect.core import scenario, tables
from three_opt_three_protect.core.balance import Balance, balance
from three_opt_three_protect.core.base import Areas, Lines, base_state
from three_opt_three_protect.core.measure import AreaMethod, Tolerance
from three_opt_three_protect.core.parcels import read_parcels
from three_opt_three_protect.core.pieces import AreaSpec
from three_opt_three_protect.core.sample.draw import draw_township
from three_opt_three_protect.plans.inputs import Source, plot_inputs, survey_inputs
from three_opt_three_protect.reports.tables import AreaUnit, Table, plan_tables
from three_opt_three_protect.storage.catalogue import load_class_system, load_profile
from three_opt_three_protect.storage.messages import read_sentences

SYSTEM = load_class_system("third_survey")
PROFILE = load_profile("suzhou-2014")

CODES = ["0101", "0702", "1104", "0601", "1006", "1101", "0102", "9999"]
HEIGHT = 131.37  # m; nothing comes out in whole square metres


def strip(left: float, width: float, bottom: float = 0.0, top: float = HEIGHT) -> shapely.Polygon:
    return shapely.box(40_550_000 + left, 3_460_000 + bottom, 40_550_000 + left + width, 3_460_000 + top)


def words_of(language: str) -> Callable[..., str]:
    """The words of a language; an id without words is a failure, not a label."""
    sentences = read_sentences(language)

    def words(message_id: str, **values: Any) -> str:
        return sentences[message_id].format(**values)

    return words


def synthetic() -> Balance:
    """Two villages, ridges, approved land, plots across villages and one over the other."""
    widths = [11.31, 7.77, 5.03, 13.19, 3.01, 9.97, 21.13, 2.02]
    lefts = np.concatenate([[0.0], np.cumsum(widths)[:-1]])
    shapes, columns = [], {"DLBM": [], "ZLDWDM": [], "KCXS": [], "GDDB": []}  # type: ignore[var-annotated]
    for village, (bottom, top) in (("320507100001", (0.0, 61.11)), ("320507100002", (61.11, HEIGHT))):
        for code, left, width in zip(CODES, lefts, widths):
            shapes.append(strip(left, width, bottom, top))
            columns["DLBM"].append(code)
            columns["ZLDWDM"].append(village + "001")
            columns["KCXS"].append(0.0731 if code == "0102" else 0.0)
            columns["GDDB"].append(5.0 if code == "0101" else np.nan)
    table = layer(
        "DLTB",
        shapes,
        DLBM=tables.text(columns["DLBM"]),
        ZLDWDM=tables.text(columns["ZLDWDM"]),
        KCXS=tables.real(columns["KCXS"]),
        GDDB=tables.real(columns["GDDB"]),
    )
    mapping = {"class_code": "DLBM", "unit_code": "ZLDWDM", "deduct_rate": "KCXS", "grade": "GDDB"}
    parcels = read_parcels(table, mapping, SYSTEM)
    lines = Lines(
        farmland=Areas(objects([strip(0, 4, 0, 50)])),
        boundary=Areas(objects([strip(30, 60)])),
        approved_unbuilt=Areas(objects([strip(50, 3.3, 10, 60)])),
    )
    base = base_state(parcels, lines, AreaSpec(CRS, AreaMethod.STRIP, Tolerance(0.005, 1.0)))
    reclaim_table = layer(
        "reclaim",
        [strip(9, 13, 20, 110), strip(26, 12, 5, 55), strip(46, 4, 70, 120)],
        plot_id=tables.text(["=1+1", "R2", "R3"]),
        direction=tables.text(["cultivated", "water", None]),
        acc_date=tables.date(["2015-06-30", "2015-06-30", "2019-06-30"]),
        cost=tables.real([123456.78, np.nan, 5000.0]),
        households=tables.real([12, 3, np.nan]),
        right_type=tables.text(["@SUM(A1)", None, "-2"]),
    )
    newbuild_table = layer(
        "newbuild",
        [strip(11, 4, 30, 90), strip(38, 20, 40, 100), strip(1, 6, 0, 20), strip(60, 3, 0, 40)],
        plot_id=tables.text(["N1", "+N2", "N3", "N4"]),
        use=tables.text(["industry", "resettlement", "infrastructure", None]),
        cls_after=tables.text([None, None, "1006", None]),
        quota_src=tables.text(["linked", "annual_plan", None, "stock"]),
        use_date=tables.date(["2016-01-01", "2016-01-01", "2017-01-01", "2017-01-01"]),
        batch=tables.text(["http://example.org", None, "第1批", None]),
    )
    token = {word: word for word in _WORDS}
    reclaim = scenario.read_reclaim(reclaim_table, _own(reclaim_table), token)
    newbuild = scenario.read_newbuild(newbuild_table, _own(newbuild_table), token, token)
    return balance(base, reclaim, newbuild, PROFILE, SYSTEM)


_WORDS = (
    "cultivated garden forest pond water ecological town industry resettlement infrastructure reserved "
    "linked annual_plan provincial stock"
).split()


def _own(table: tables.LayerTable) -> Dict[str, str]:
    return {name: name for name in table.columns if name not in ("right_type", "batch")}


def sample() -> Balance:
    """A small sample township with its plan."""
    layers = draw_township(seed=1, parcels=600, years=1)
    roles = ("farmland", "boundary", "redline", "villages", "settlements")
    lines = {role: Source(layers[role], {}) for role in roles}
    survey = survey_inputs(Source(layers["parcels"], {}), lines, (), PROFILE, system=SYSTEM)
    base = base_state(survey.parcels, survey.lines, survey.spec)
    plots = plot_inputs(*(Source(layers[role], {}) for role in ("reclaim", "newbuild", "targets")))
    return balance(base, plots.reclaim, plots.newbuild, PROFILE, SYSTEM, plots.targets)


PLANS = {"worked example": run_worked_example, "synthetic": synthetic, "sample": sample}


@pytest.fixture(scope="session", params=list(PLANS))
def plan(request: pytest.FixtureRequest) -> Balance:
    return PLANS[request.param]()


@pytest.fixture(scope="session")
def example() -> Balance:
    return run_worked_example()


@pytest.fixture(scope="session")
def odd() -> Balance:
    return synthetic()


@pytest.fixture(params=list(AreaUnit), ids=lambda unit: unit.value)
def unit(request: pytest.FixtureRequest) -> AreaUnit:
    return request.param


def printed(plan: Balance, unit: AreaUnit, language: str = "zh") -> Dict[str, Table]:
    """The tables of a plan by number."""
    found: Tuple[Table, ...] = plan_tables(plan, SYSTEM, PROFILE, words_of(language), unit)
    return {table.number: table for table in found}

"""The drawn township taken through core without QGIS."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tests.hand.layers import layers, table

EXPECTED = Path(__file__).resolve().parent / "expected"
LINES = ("farmland", "boundary", "redline", "villages", "approved_unbuilt", "illegal_built", "temporary")


def source(role: str, **fields: str) -> Any:
    """The layer in a role."""
    from three_opt_three_protect.plans.inputs import Source

    return Source(table(layers()[role]), fields)


def survey(profile: str = "suzhou-2014") -> Any:
    """Parcels and lines, areas on the plane."""
    from three_opt_three_protect.core.measure import AreaMethod
    from three_opt_three_protect.plans.inputs import survey_inputs
    from three_opt_three_protect.storage.profiles import load_profile

    return survey_inputs(
        source("parcels"),
        {role: source(role) for role in LINES},
        [source("boundary")],
        load_profile(profile),
        AreaMethod.PLANAR,
    )


def balance_of(survey: Any, with_other_changes: bool = False) -> Any:
    """The balance of the plan."""
    from three_opt_three_protect.core.balance import balance
    from three_opt_three_protect.core.base import base_state
    from three_opt_three_protect.plans.inputs import plot_inputs

    plots = plot_inputs(source("reclaim"), source("newbuild"), source("targets"))
    base = base_state(survey.parcels, survey.lines, survey.spec)
    changed = None
    if with_other_changes:
        from three_opt_three_protect.plans.otherchanges import other_changes

        changed = other_changes(source("other_changes"), survey.profile)
    return balance(base, plots.reclaim, plots.newbuild, survey.profile, survey.system, plots.targets, other=changed)


def words(message: str, **values: Any) -> str:
    """Printed words in Chinese."""
    from three_opt_three_protect.storage.messages import Messages

    return Messages("zh").text(message, **values)


def expected_rows(name: str) -> list[dict[str, str]]:
    """Rows of a table typed in by hand; lines that begin with # are remarks."""
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def printed(found: Any) -> list[dict[str, Any]]:
    """Rows of a printed table by column key."""
    return [{column.key: cell for column, cell in zip(found.columns, row.cells)} for row in found.rows]


def plain(cell: Any) -> str:
    """A label without the list of what it holds in brackets."""
    return "" if cell is None else str(cell).partition("（")[0]


def differences(found: list[dict[str, Any]], wanted: list[dict[str, str]], keys: tuple[str, ...]) -> list[str]:
    """What differs from the figures typed in: "-" must be empty, "" is not looked at."""
    out = []
    for row in wanted:
        same = [one for one in found if all(row[key] == plain(one[key]) for key in keys)]
        label = " ".join(row[key] for key in keys)
        if len(same) != 1:
            out.append(f"{label}: {len(same)} rows")
            continue
        for column, want in row.items():
            if column in keys or want == "":
                continue
            have = same[0][column]
            if not _equal(have, want):
                out.append(f"{label} {column}: {have!r}, by hand {want}")
    return out


def _equal(have: Any, want: str) -> bool:
    if want == "-":
        return have is None
    try:
        return have is not None and abs(float(have) - float(want)) < 1e-9
    except ValueError:
        return bool(str(have) == want)


ACCOUNT_LINE = {
    "construction_before": "construction_base_m2",
    "reclaimed": "reclaimed_m2",
    "added": "added_m2",
    "construction_after": "construction_after_m2",
    "cultivated_before": "cultivated_base_m2",
    "gained": "cultivated_gain_m2",
    "lost": "cultivated_loss_m2",
    "cultivated_after": "cultivated_after_m2",
}
"""Name in expected/township.yaml → account line."""


def off(have: Any, want: float, name: str) -> list[str]:
    """Nothing where two figures agree to the last digit that is kept."""
    return [] if have is not None and abs(float(have) - want) < 5e-5 else [f"{name}: {have}, by hand {want}"]

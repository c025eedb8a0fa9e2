"""The searches over several programmes are tried with the exhaustive solver and with the real one."""

from __future__ import annotations

import pytest

from tests.core.optimiser import exhaustive
from three_opt_three_protect.core.optimiser import alternatives, contiguity, frontier


@pytest.fixture(params=["exhaustive", "highs"])
def either_solver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both give the same, so what they are called from is tried with both."""
    if request.param == "exhaustive":
        for module in (alternatives, contiguity, frontier):
            monkeypatch.setattr(module, "solve", exhaustive.solve)
    return str(request.param)

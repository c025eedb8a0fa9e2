"""Tables of people for small maps."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import pytest

from three_opt_three_protect.core.potential.population import Population

NUMBERS = ("households", "population", "idle_rate", "consent", "signed", "retained")
TEXTS = ("unit_code", "settlement", "right_type", "settlement_class")


def population(*rows: dict) -> Population:
    """Rows of what is known; the rest is unknown."""
    texts = {}
    for name in TEXTS:
        texts[name] = np.empty(len(rows), dtype=object)
        texts[name][:] = [row.get(name) for row in rows]
    numbers = {name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in NUMBERS}
    return Population(**texts, **numbers)


@pytest.fixture(scope="session")
def people() -> Callable[..., Population]:
    return population


@pytest.fixture(scope="session")
def profile() -> Any:
    from three_opt_three_protect.storage.catalogue import load_profile

    return load_profile("suzhou-2014")

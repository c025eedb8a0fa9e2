from __future__ import annotations

import pytest

from three_opt_three_protect.core.sample import draw_township


@pytest.fixture(scope="session")
def small():
    """A township of 1 000 parcels, two years, no defects. Nobody may change it."""
    return draw_township(seed=1, parcels=1000)


@pytest.fixture(scope="session")
def large():
    """The township everybody gets: 8 000 parcels. Nobody may change it."""
    return draw_township()

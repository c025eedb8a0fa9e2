from __future__ import annotations

from typing import Any

import pytest

from three_opt_three_protect.storage.catalogue import load_profile


@pytest.fixture(scope="session")
def profile() -> Any:
    return load_profile("suzhou-2014")

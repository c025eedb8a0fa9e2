"""A part of a progress fills its share and no more."""

from __future__ import annotations

from typing import List, Tuple, Union

import pytest

from three_opt_three_protect.core.progress import Part


class Heard:
    def __init__(self) -> None:
        self.said: List[Union[float, Tuple[str, float]]] = []

    def step(self, name: str, share: float) -> None:
        self.said.append((name, share))

    def check(self, fraction: float) -> None:
        self.said.append(fraction)


def test_what_is_checked_in_a_part_lies_in_its_share() -> None:
    heard = Heard()
    part = Part(heard, 0.5, 0.4)
    part.check(0.0)
    Part(part, 0.5, 0.5).check(1.0)
    assert heard.said == pytest.approx([0.5, 0.9])


def test_steps_of_a_part_are_smaller_and_their_checks_their_own() -> None:
    heard = Heard()
    part = Part(heard, 0.5, 0.4)
    part.step("cutting", 0.5)
    part.check(0.5)
    assert heard.said == [("cutting", pytest.approx(0.2)), 0.5]

"""Figures as a planner reads them: areas in the unit of the screen, everything else in its own."""

from __future__ import annotations

from typing import Mapping, Optional, Tuple

import numpy as np

from three_opt_three_protect.bridge.words import sentence

UNITS: Tuple[str, ...] = ("mu", "ha", "m2")
"""Area units of the screen, the default first."""
DEFAULT_UNIT = UNITS[0]

_DECIMALS = {"m2": 2, "ha": 4, "mu": 2}
_YUAN_IN_10K = 10_000.0
_WHOLE = ("plots", "households", "persons", "count", "years")
_SIGNS = {"percent": "%", "%": "%", "none": ""}
UNKNOWN = "—"
MINUS = "-"


def unit_word(unit: str) -> str:
    """``unit`` (of an account line or of the screen) in the user's language."""
    if unit in _SIGNS:
        return _SIGNS[unit]
    return sentence(f"unit.{unit}", {})


def area(m2: float, unit: str) -> str:
    """``m2`` in ``unit`` with the unit's own decimals; 亩 come from hectares of four decimals."""
    from three_opt_three_protect.core import measure

    value = np.array([m2], dtype=np.float64)
    if unit == "ha":
        shown = measure.to_ha(value)
    elif unit == "mu":
        shown = measure.to_mu(value)
    else:
        shown = measure.round_half_away(value, _DECIMALS[unit])
    return _plain(float(shown[0]), _DECIMALS[unit])


def figure(value: Optional[float], unit: str, screen: str) -> Tuple[str, str]:
    """A figure and the word of its unit.

    Parameters
    ----------
    value
        In ``unit``; None = not known.
    unit
        Of the account line: ``m2``, ``share``, ``percent``, ``grade``, ``yuan``, …
    screen
        Area unit of the screen.
    """
    if unit == "m2":
        return (UNKNOWN if value is None else area(value, screen)), unit_word(screen)
    if unit == "share":
        return (UNKNOWN if value is None else _plain(100 * value, 2)), unit_word("percent")
    if unit == "yuan":
        return (UNKNOWN if value is None else _plain(value / _YUAN_IN_10K, 2)), unit_word("10k_yuan")
    return (UNKNOWN if value is None else _plain(value, 0 if unit in _WHOLE else 2)), unit_word(unit)


def number(text: str) -> Optional[float]:
    """The number ``text`` shows, None when it shows none."""
    try:
        return float(text)
    except ValueError:
        return None


def _plain(value: float, decimals: int) -> str:
    """No separator, no exponent, no "-0.00"."""
    text = f"{value:.{decimals}f}"
    return text[1:] if text.startswith(MINUS) and not text.strip("-0.") else text


def with_unit(title: str, screen: str) -> str:
    """A heading with the unit of its figures."""
    return f"{title} ({unit_word(screen)})"


def line_title(line: str) -> str:
    """Title of an account line."""
    return sentence(f"line.{line}", {})


def unit_name(code: str, names: Mapping[str, str]) -> str:
    """Township, village name, or village and settlement."""
    if not code:
        return sentence("role.township", {})
    village, _, settlement = code.partition("/")
    name = names.get(village, village)
    return f"{name} {settlement}" if settlement else name

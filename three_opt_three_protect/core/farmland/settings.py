"""What a profile says of permanent basic farmland: settings ``farmland_…``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Tuple

import numpy as np

from three_opt_three_protect.core.errors import SchemaError
from three_opt_three_protect.core.measure import to_units
from three_opt_three_protect.core.rules import FAIL, WARN, Profile

LISTED = "listed"

REASONS = (
    "key_project",
    "approved",
    "newbuild",
    "boundary",
    "redline",
    "not_eligible",
    "slope",
    "unstable",
    "illegal",
)
"""Reasons to release that this program can tell from the data."""

CHECKS = ("task", "supplement", "grade", "contiguity", "cap", "eligible", "newbuild", "unlisted")
"""What a result is judged by."""


@dataclass(frozen=True)
class Reason:
    """A reason to release (划出原因): its HCYY code (``""`` = none known) and whether the profile lists it."""

    token: str
    code: str
    listed: bool
    basis: str
    status: str


@dataclass(frozen=True)
class Check:
    """How a breach is judged (``fail`` or ``warn``), and on which basis."""

    severity: str
    basis: str
    status: str


@dataclass(frozen=True)
class Settings:
    """Coefficients and lists of the adjustment.

    Attributes
    ----------
    reasons
        In the order in which the first that applies is taken.
    supplement_ratio
        Added area for each released one.
    cap_share
        Largest share of the farmland that may be released; 1 = no cap.
    gap_m
        Metres within which two fields lie together.
    min_patch, sliver
        Hundredths of a m²: the least a field must have to be added; less than that is noise between lines.
    steep, unstable, fallow
        Slope levels above 25°, refinement codes (TBXHDM) and planting codes (ZZSXDM) that cannot be added.
    levels, gentle
        All slope levels there are; those of at most 15°, which come first.
    core_levels
        Control levels of the redline that are its core.
    fringe_m, road_m
        Metres from town and road within which nearness counts.
    weights
        Of town, road, patch, grade, slope.
    radius_m
        Around a field without a grade.
    """

    reasons: Tuple[Reason, ...]
    checks: Mapping[str, Check]
    supplement_ratio: float
    cap_share: float
    gap_m: float
    min_patch: int
    sliver: int
    steep: Tuple[str, ...]
    unstable: Tuple[str, ...]
    fallow: Tuple[str, ...]
    levels: Tuple[str, ...]
    gentle: Tuple[str, ...]
    core_levels: Tuple[int, ...]
    fringe_m: float
    road_m: float
    weights: Mapping[str, float]
    radius_m: float


def settings_of(profile: Profile) -> Settings:
    """Read the settings.

    Raises
    ------
    SchemaError
        ``no_such_setting`` and the like; ``farmland_reason_unknown``, ``farmland_check_unknown``.
    """
    levels = profile.words("farmland_core_levels")
    return Settings(
        tuple(_reason(profile, token) for token in profile.words("farmland_release_order")),
        {name: _check(profile, name) for name in CHECKS},
        profile.number("farmland_supplement_ratio"),
        profile.number("farmland_adjust_cap_share"),
        profile.number("farmland_gap_m"),
        _hundredths(profile, "farmland_min_patch_m2"),
        _hundredths(profile, "farmland_sliver_m2"),
        profile.words("farmland_steep_levels"),
        profile.words("farmland_unstable_codes"),
        profile.words("farmland_fallow_codes"),
        profile.words("farmland_slope_levels"),
        profile.words("farmland_gentle_levels"),
        tuple(int(level) for level in levels if level.isdigit()),
        profile.number("farmland_fringe_m"),
        profile.number("farmland_road_m"),
        profile.number_of("farmland_weights"),
        profile.number("infer_grade_radius_m"),
    )


def _reason(profile: Profile, token: str) -> Reason:
    if token not in REASONS:
        raise SchemaError("farmland_reason_unknown", profile=profile.id, reason=token, known=", ".join(REASONS))
    key = f"farmland_release_{token}"
    said = profile.word_of(key)
    setting = profile.settings[key]
    return Reason(token, said.get("code", ""), said.get("state") == LISTED, setting.basis, setting.status)


def _check(profile: Profile, name: str) -> Check:
    key = f"farmland_check_{name}"
    severity = profile.word(key)
    if severity not in (FAIL, WARN):
        raise SchemaError("farmland_check_unknown", profile=profile.id, key=key, value=severity)
    setting = profile.settings[key]
    return Check(severity, setting.basis, setting.status)


def _hundredths(profile: Profile, key: str) -> int:
    return int(to_units(np.array([profile.number(key)]))[0])

"""The scale quality grades are stated in: its range, its bands, what a 亩 of each grade yields.

Sources: 06-balance 6.3 (bands, yield), 00-supplement 1.6 (three scales that must not be mixed). All figures stand in
the profile: ``grade_scale``, ``grade_scales``, ``grade_bands``, ``productivity_kg_mu``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.measure import M2_PER_UNIT, UNITS_PER_M2, round_half_away
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import LayerTable, first_features

BEST = 1.0
"""The best grade of every scale."""

UNGRADED = "ungraded"
"""Band of land without a grade."""

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class GradeScale:
    """One scale: 1 is best, ``worst`` its last grade.

    Attributes
    ----------
    band_names, band_ends
        Bands from the best on, and the last grade of each.
    kg_grades, kg_mu
        Grades and what a 亩 of them yields, kg; between two grades it is on the straight line.
    """

    id: str
    worst: float
    band_names: Tuple[str, ...]
    band_ends: Tuple[float, ...]
    kg_grades: Tuple[float, ...]
    kg_mu: Tuple[float, ...]

    def kg_per_mu(self, grade: Reals) -> Reals:
        """``(n,)`` yield of each grade, NaN where there is none or the table does not reach."""
        return np.asarray(np.interp(grade, self.kg_grades, self.kg_mu, left=np.nan, right=np.nan))

    def band(self, grade: Reals) -> NDArray[np.int64]:
        """``(n,)`` row of :attr:`bands` of each grade; the last of them is :data:`UNGRADED`."""
        inside = np.searchsorted(self.band_ends, grade, side="left")
        return np.where(np.isnan(grade), len(self.band_ends), np.minimum(inside, len(self.band_ends) - 1))

    @property
    def bands(self) -> Tuple[str, ...]:
        """Names of the bands, the best first, then :data:`UNGRADED`."""
        return (*self.band_names, UNGRADED)

    def worse(self, grade: Reals, step: float) -> Reals:
        """``(n,)`` grades that are ``step`` worse, at most the scale's last."""
        return np.asarray(np.minimum(grade + step, self.worst))

    def productivity(self, area: Reals, grade: Reals) -> Reals:
        """``(n,)`` whole hundredths of a kg on ``area`` hundredths of a m²; NaN on land whose grade is not known."""
        per_unit = self.kg_per_mu(grade) / (M2_PER_UNIT["mu"] * UNITS_PER_M2)
        # Where there is no land its grade does not matter.
        return round_half_away(np.where(area == 0, 0.0, area * per_unit * 100.0), 0)


def grade_scale(profile: Profile) -> GradeScale:
    """The scale a profile's grades are in.

    Raises
    ------
    SchemaError
        ``no_such_setting`` and the others of :class:`~core.rules.Profile`.
    InputError
        ``grade_scale_unknown``: the profile names a scale whose range it does not give.
    """
    name, worst = profile.word("grade_scale"), profile.number_of("grade_scales")
    if name not in worst:
        raise InputError("grade_scale_unknown", profile=profile.id, scale=name, known=", ".join(worst))
    bands = sorted(profile.number_of("grade_bands").items(), key=lambda entry: entry[1])
    yields = sorted((float(grade), kg) for grade, kg in profile.number_of("productivity_kg_mu").items())
    return GradeScale(
        name,
        worst[name],
        tuple(band for band, _ in bands),
        tuple(end for _, end in bands),
        tuple(grade for grade, _ in yields),
        tuple(kg for _, kg in yields),
    )


def require_scale(
    scale: GradeScale, table: LayerTable, grade: Reals, stated: Optional[NDArray[np.object_]] = None
) -> None:
    """Refuse grades of another scale.

    Parameters
    ----------
    grade
        ``(n,)`` NaN where there is none.
    stated
        ``(n,)`` the scale each row says its grade is in, None where it does not.

    Raises
    ------
    InputError
        ``grade_scale_mixed``, ``grade_out_of_scale``.
    """
    if stated is not None:
        other = np.array([word is not None and word != scale.id for word in stated], dtype=np.bool_)
        other &= ~np.isnan(grade)
        if other.any():
            features, word = first_features(table, other), str(stated[other][0])
            raise InputError("grade_scale_mixed", layer=table.name, features=features, stated=word, scale=scale.id)
    wrong = (grade < BEST) | (grade > scale.worst)
    if wrong.any():
        raise InputError(
            "grade_out_of_scale",
            layer=table.name,
            features=first_features(table, wrong),
            value=f"{grade[wrong][0]:g}",
            scale=scale.id,
            worst=f"{scale.worst:g}",
        )

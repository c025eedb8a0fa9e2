"""The ellipsoid an area is measured on."""

from __future__ import annotations

from dataclasses import dataclass

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.tables import CrsInfo


@dataclass(frozen=True)
class Ellipsoid:
    """Semi-major axis in metres and inverse flattening."""

    semi_major: float
    inverse_flattening: float

    @property
    def semi_minor(self) -> float:
        """Semi-minor axis in metres."""
        return self.semi_major * (1 - 1 / self.inverse_flattening)

    @property
    def eccentricity2(self) -> float:
        """First eccentricity squared, e²."""
        flattening = 1 / self.inverse_flattening
        return flattening * (2 - flattening)


def ellipsoid_of(crs: CrsInfo) -> Ellipsoid:
    """The ellipsoid of ``crs``.

    Raises
    ------
    CrsError
        ``no_ellipsoid``: the CRS does not say which it is.
    """
    if crs.semi_major <= 0 or crs.inverse_flattening <= 0:
        raise CrsError("no_ellipsoid", crs=crs.authid or crs.wkt[:40])
    return Ellipsoid(crs.semi_major, crs.inverse_flattening)

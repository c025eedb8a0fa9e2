"""The planner's own 4 or 7 parameters between two datums, as an operation for PROJ.

The official parameters are not public and none are known here: what the planner was given is checked for
plausibility and written as a PROJ pipeline, which QGIS takes as the operation between two coordinate systems
(Project Properties > Transformations) and ``storage.crs.bring_to`` as ``operation``.  Nothing is guessed.
Source: PROJ documentation, Helmert transform; EPSG Guidance Note 7-2, methods 9606, 9607 and 9621.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple, Union

from three_opt_three_protect.core.errors import CrsError
from three_opt_three_protect.core.tables import CrsInfo

CONVENTION = "convention"
CONVENTIONS = ("coordinate_frame", "position_vector")
"""Which way the rotations of 7 parameters turn; the Bursa model of Chinese manuals is ``coordinate_frame``."""

_MILLION = 1e6


@dataclass(frozen=True)
class Limit:
    """One parameter of a model and the range it can lie in (a row of ``resources/crs/shift_parameters.csv``)."""

    model: str
    parameter: str
    unit: str
    least: float
    most: float


@dataclass(frozen=True)
class DatumShift:
    """4 parameters of the plane (``dx dy rotation scale``) or 7 in space (``dx dy dz rx ry rz m``), checked.

    ``source`` and ``target`` are the datums (authority ids) they lead from and to, ``""`` = not stated.
    """

    model: str
    values: Mapping[str, float]
    convention: str = ""
    source: str = ""
    target: str = ""

    @property
    def written(self) -> str:
        """The parameters on one line, for the log: ``"dx=-12.345 dy=3.21 …"``."""
        parts = [f"{name}={value:.12g}" for name, value in self.values.items()]
        return " ".join([*parts, self.convention]).rstrip()


def parse_shift(given: Mapping[str, Union[str, float]], limits: Sequence[Limit]) -> DatumShift:
    """The parameters given by name.

    Parameters
    ----------
    given
        Name → value. 4 parameters: ``dx``, ``dy`` (m, added to easting and northing), ``rotation`` (arc seconds,
        counter-clockwise), ``scale`` (factor near 1). 7: ``dx dy dz`` (m), ``rx ry rz`` (arc seconds), ``m`` (ppm) and
        ``convention`` (:data:`CONVENTIONS`).
    limits
        Parameters of the models and their ranges.

    Raises
    ------
    CrsError
        ``shift_parameters`` (some are missing or unknown), ``shift_parameter_implausible``, ``shift_convention``.
    """
    names = set(given) - {CONVENTION}
    models: Dict[str, List[Limit]] = {}
    for limit in limits:
        models.setdefault(limit.model, []).append(limit)
    model = next((name for name, own in models.items() if names == {limit.parameter for limit in own}), None)
    if model is None:
        known = "; ".join(", ".join(limit.parameter for limit in own) for own in models.values())
        raise CrsError("shift_parameters", given=", ".join(sorted(names)) or "–", known=known)
    values = {limit.parameter: _number(given[limit.parameter], limit) for limit in models[model]}
    convention = str(given.get(CONVENTION, "")).strip()
    if "rz" in values and convention not in CONVENTIONS:
        raise CrsError("shift_convention", given=convention or "–", known=", ".join(CONVENTIONS))
    return DatumShift(model, values, convention)


def shift_pipeline(shift: DatumShift, source: CrsInfo, target: CrsInfo) -> str:
    """``shift`` as a PROJ pipeline from ``source`` to ``target``, x east and y north in the CRS's own units.

    4 parameters hold for coordinates without zone number, as surveyors state them: it is taken off and put back.

    Raises
    ------
    CrsError
        ``shift_not_planar``, ``shift_other_meridian``, ``shift_no_ellipsoid``.
    """
    values = shift.values
    if "rz" not in values:
        steps = _plane_steps(values, source, target)
    else:
        rotation = f"+rx={values['rx']!r} +ry={values['ry']!r} +rz={values['rz']!r} +s={values['m']!r}"
        move = f"+proj=helmert +x={values['dx']!r} +y={values['dy']!r} +z={values['dz']!r} {rotation}"
        steps = [
            _projection(source)[1],
            f"+proj=cart {_shape(source)}",
            f"{move} +convention={shift.convention}",
            f"+inv +proj=cart {_shape(target)}",
            _projection(target)[0],
        ]
    return "+proj=pipeline " + " ".join(f"+step {step}" for step in steps)


def shift_between(shift: DatumShift, layer: str, source: CrsInfo, target: CrsInfo) -> str:
    """:func:`shift_pipeline` where ``shift`` leads from the datum of ``source`` to that of ``target``.

    The other way round the same figures would move the land twice as far from where it lies.

    Parameters
    ----------
    layer
        Named in the error.

    Raises
    ------
    CrsError
        ``shift_other_datums``; or as :func:`shift_pipeline`.
    """
    if (shift.source, shift.target) != (source.datum, target.datum):
        raise CrsError(
            "shift_other_datums",
            layer=layer,
            datum=source.datum or "?",
            other_datum=target.datum or "?",
            source=shift.source or "?",
            target=shift.target or "?",
        )
    return shift_pipeline(shift, source, target)


def _number(value: Union[str, float], limit: Limit) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not limit.least <= number <= limit.most:
        raise CrsError(
            "shift_parameter_implausible",
            parameter=limit.parameter,
            value=str(value),
            unit=limit.unit,
            least=limit.least,
            most=limit.most,
        )
    return number


def _plane_steps(values: Mapping[str, float], source: CrsInfo, target: CrsInfo) -> List[str]:
    for crs in (source, target):
        if crs.central_meridian is None:
            raise CrsError("shift_not_planar", crs=crs.authid or crs.wkt[:40])
    if source.central_meridian != target.central_meridian:
        raise CrsError("shift_other_meridian", crs=source.authid, target=target.authid)
    off, on = (crs.false_easting // _MILLION * _MILLION for crs in (source, target))
    # the turn is PROJ's theta with the other sign: its matrix turns clockwise
    turn = f"+s={values['scale']!r} +theta={-values['rotation']!r}"
    return [
        f"+proj=affine +xoff={-off!r}",
        f"+proj=helmert +x={values['dx']!r} +y={values['dy']!r} {turn}",
        f"+proj=affine +xoff={on!r}",
    ]


def _shape(crs: CrsInfo) -> str:
    if not crs.semi_major or not crs.inverse_flattening:
        raise CrsError("shift_no_ellipsoid", crs=crs.authid or crs.wkt[:40])
    return f"+a={crs.semi_major!r} +rf={crs.inverse_flattening!r}"


def _projection(crs: CrsInfo) -> Tuple[str, str]:
    """The step from radians to ``crs`` and what undoes it."""
    if crs.is_geographic:
        return "+proj=unitconvert +xy_in=rad +xy_out=deg", "+proj=unitconvert +xy_in=deg +xy_out=rad"
    if crs.central_meridian is None:
        raise CrsError("shift_not_planar", crs=crs.authid or crs.wkt[:40])
    projection = f"+proj=tmerc +lat_0=0 +lon_0={crs.central_meridian!r} +k=1 +x_0={crs.false_easting!r} +y_0=0"
    step = f"{projection} {_shape(crs)}"
    return step, f"+inv {step}"

"""Which construction land is village land (村庄建设用地; 00-supplement 1.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Optional

import numpy as np

from three_opt_three_protect.core.base import BaseState, Bools
from three_opt_three_protect.core.factor import Factor, is_none
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.rules import Profile


@dataclass(frozen=True)
class VillageLand:
    """Village land.

    Attributes
    ----------
    here
        ``(n,)`` bool of the base pieces.
    told_by
        ``settlement_code``, ``settlements`` or ``homestead_classes``: what tells it from the rest.
    """

    here: Bools
    told_by: str


def village_land(
    base: BaseState, settlement_code: Optional[Factor], village_codes: AbstractSet[str], profile: Profile
) -> VillageLand:
    """Tell village land: construction land whose settlement code is a village's (203, 203A), without trunk works.

    Parameters
    ----------
    settlement_code
        Of the parcels (CZCSXM); None, or nothing stated: construction land in settlements, and where the layer of
        settlements was not given, homestead classes.
    village_codes
        The codes that mean village.
    """
    works = set(profile.words("classes_kept"))
    construction = (base.group == LandGroup.CONSTRUCTION) & ~base.class_base.where(lambda code: code in works)
    if settlement_code is not None and not settlement_code.missing.all():
        of_parcel = settlement_code.where(lambda code: code in village_codes)
        return VillageLand(np.asarray(construction & of_parcel[base.parcel]), "settlement_code")
    if "settlements" in base.given:
        return VillageLand(np.asarray(construction & ~is_none(base.settlement)), "settlements")
    homestead = set(profile.words("homestead_classes"))
    return VillageLand(
        np.asarray(construction & base.class_base.where(lambda code: code in homestead)), "homestead_classes"
    )

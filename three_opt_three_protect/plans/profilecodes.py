"""A profile's land codes in the classification of the parcels.

A profile states its codes in one classification (``class_system_survey``). The same digits mean other land
in another one (00-supplement 1.1), so they are never used there as they stand: a setting of its own
(``use_class_second_survey``) or the class of the same name takes their place, and a code that has neither
is left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Dict, Mapping, Optional

from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.rules import Profile, Setting, SettingValue

CODED = (
    "use_class",
    "direction_class",
    "residual_class",
    "classes_kept",
    "industrial_classes",
    "homestead_classes",
    "special_classes",
    "water_classes",
    "large_lake_classes",
    "other_construction_classes",
)
"""Settings whose values are land codes."""


def profile_in(profile: Profile, system: ClassSystem, systems: Mapping[str, ClassSystem]) -> Profile:
    """``profile`` with its land codes in ``system``."""
    stated = systems.get(profile.word("class_system_survey"))
    if stated is None or stated.id == system.id:
        return profile
    by_name = {entry.name: code for code, entry in system.classes.items()}

    def translated(code: str) -> Optional[str]:
        found = stated.find(code)
        return None if found is None else by_name.get(found.name)

    settings: Dict[str, Setting] = dict(profile.settings)
    for key in CODED:
        own = settings.get(f"{key}_{system.id}")
        value = _translated(settings[key].value, translated) if own is None else own.value
        settings[key] = replace(settings[key] if own is None else own, key=key, value=value)
    return replace(profile, settings=settings)


def _translated(value: SettingValue, translated: Callable[[str], Optional[str]]) -> SettingValue:
    if isinstance(value, tuple):
        return tuple(code for code in map(translated, value) if code is not None)
    if isinstance(value, Mapping):
        return {word: translated(str(code)) or "" for word, code in value.items()}
    return translated(str(value)) or ""

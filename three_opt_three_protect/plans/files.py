"""Files → overlay and balance: what the command line runs, without QGIS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.base import BaseState
from three_opt_three_protect.core.conversion import KINDS
from three_opt_three_protect.core.datumshift import DatumShift, shift_between
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.landuse import ClassSystem
from three_opt_three_protect.core.measure import AreaMethod, ToLonLat, lonlat_of
from three_opt_three_protect.core.pieces import SNAP_M
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.plans.controls import ControlSources, area_controls
from three_opt_three_protect.plans.inputs import (
    Fields,
    Source,
    SurveyInputs,
    plot_inputs,
    survey_fields,
    survey_inputs,
)
from three_opt_three_protect.plans.otherchanges import ROLE as OTHER_CHANGES
from three_opt_three_protect.plans.otherchanges import other_changes
from three_opt_three_protect.storage.crs import bring_to, same_datum, to_lonlat
from three_opt_three_protect.storage.told import warn
from three_opt_three_protect.storage.vectorfile import read_layer, split_source

if TYPE_CHECKING:
    from three_opt_three_protect.core.balance import Balance

LINE_ROLES = ("farmland", "boundary", "redline", *KINDS, "villages", "settlements")

NOTHING = ControlSources()
"""Recorded areas alone bind."""


@dataclass(frozen=True)
class Options:
    """How to measure and cut; ``snap`` in metres, ``shift`` brings layers on another datum over."""

    profile: Profile
    method: AreaMethod = AreaMethod.STRIP
    snap: float = SNAP_M
    shift: Optional[DatumShift] = None


@dataclass(frozen=True)
class Survey:
    """Parcels cut along the lines, and the inputs they were cut from."""

    inputs: SurveyInputs
    base: BaseState


def read_source(
    source: str, role: str, fields: Optional[Fields] = None, guess: Optional[frozenset[str]] = None
) -> LayerTable:
    """The layer ``"file"`` or ``"file|layername=name"``, with the fields the survey needs of it.

    Parameters
    ----------
    role
        What the layer is: ``"parcels"``, ``"lines"``, ``"points"``, one of :data:`LINE_ROLES` or ``"zones"``.
    fields, guess
        As in ``plans.inputs.Source``.
    """
    path, layer = split_source(source)
    if role == "zones":
        return read_layer(path, layer, columns=())
    return read_layer(path, layer, columns=lambda names: survey_fields(names, role, fields or {}, guess))


def overlay_layers(
    parcels: LayerTable,
    lines: Mapping[str, LayerTable],
    others: Sequence[LayerTable],
    fields: Fields,
    options: Options,
    guess: Optional[frozenset[str]] = None,
    system: Optional[ClassSystem] = None,
    progress: Progress = SILENT,
    controls: ControlSources = NOTHING,
) -> Survey:
    """Cut parcels along lines and further layers.

    Parameters
    ----------
    lines
        Role (:data:`LINE_ROLES`) → layer; all layers are brought to the parcels' CRS.
    fields
        Role field of the parcels → field, as chosen.
    guess
        Role fields of the parcels found by their standard names when not chosen; None = all.
    system
        The classification of the land codes, None = find out.
    controls
        Control areas and features of the second survey.

    Raises
    ------
    InputError, CrsError
        What is wrong with which layer.
    """
    crs, shift = parcels.crs, options.shift
    inputs = survey_inputs(
        Source(parcels, fields, guess),
        {role: Source(_brought(table, crs, shift), {}) for role, table in lines.items()},
        [_brought(table, crs, shift) for table in others],
        options.profile,
        options.method,
        system,
        to_lonlat=_inverse(crs, options.method),
        progress=progress,
    )
    bound = area_controls(_controls_brought(controls, crs, shift), inputs.mapping)
    base = inputs.cut(options.snap, progress, bound)
    return Survey(replace(inputs, coverage=None), base)


def balance_plan(
    layers: Mapping[str, LayerTable], options: Options, as_of: str = "", progress: Progress = SILENT
) -> Tuple[Survey, Balance]:
    """Hold the plots of a plan database against its survey and the profile's rules.

    Parameters
    ----------
    layers
        Role → layer, as ``storage.plandb.read_plan`` gives them.
    as_of
        ISO date, ``""`` = the whole plan.

    Raises
    ------
    InputError
        ``no_such_role``: there are no parcels; or what is wrong with which layer.
    """
    if "parcels" not in layers:
        raise InputError("no_such_role", role="parcels", layers=", ".join(layers))
    from three_opt_three_protect.core.balance import balance

    parcels = layers["parcels"]
    lines = {role: layers[role] for role in LINE_ROLES if role in layers}
    survey = overlay_layers(parcels, lines, (), {}, options, progress=progress)
    plots = plot_inputs(
        _source(layers, "reclaim", parcels.crs, options.shift),
        _source(layers, "newbuild", parcels.crs, options.shift),
        _source(layers, "targets", parcels.crs, options.shift),
        progress,
    )
    held = balance(
        survey.base,
        plots.reclaim,
        plots.newbuild,
        survey.inputs.profile,
        survey.inputs.system,
        plots.targets,
        as_of,
        options.snap,
        progress,
        other_changes(_source(layers, OTHER_CHANGES, parcels.crs, options.shift), survey.inputs.profile),
    )
    return survey, held


def _source(
    layers: Mapping[str, LayerTable], role: str, crs: Optional[CrsInfo], shift: Optional[DatumShift]
) -> Optional[Source]:
    return Source(_brought(layers[role], crs, shift), {}) if role in layers else None


def _brought(table: LayerTable, crs: Optional[CrsInfo], shift: Optional[DatumShift]) -> LayerTable:
    """``table`` in the CRS of the parcels; where the planner's parameters are used for it, that is said."""
    if crs is None:
        return table
    here = table.crs
    if shift is None or here is None or same_datum(here, crs):
        return bring_to(table, crs)
    moved = bring_to(table, crs, shift_between(shift, table.name, here, crs))
    datums = {"datum": here.datum, "other_datum": crs.datum}
    warn("log_datum_parameters", {"layer": table.name, **datums, "parameters": shift.written})
    return moved


def _controls_brought(controls: ControlSources, crs: Optional[CrsInfo], shift: Optional[DatumShift]) -> ControlSources:
    """Villages count by their codes alone; lines and points are brought to the parcels."""
    lines, points = (
        None if source is None else replace(source, table=_brought(source.table, crs, shift))
        for source in (controls.lines, controls.points)
    )
    return replace(controls, lines=lines, points=points)


def _inverse(crs: Optional[CrsInfo], method: AreaMethod) -> Optional[ToLonLat]:
    """PROJ's inverse, where degrees are needed and core has none of its own."""
    if crs is None or method is AreaMethod.PLANAR or lonlat_of(crs) is not None:
        return None
    return to_lonlat(crs)

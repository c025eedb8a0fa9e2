"""Looking into layers in a worker thread: a first few rows of each, what they seem to be, which classification."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from qgis.PyQt.QtCore import QRunnable

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.fieldguess import LayerSample
from three_opt_three_protect.core.roleguess import Known, RoleGuess, fields_of, guess_all
from three_opt_three_protect.core.roles import RoleSchema
from three_opt_three_protect.core.tables import LayerTable, as_factor, as_real
from three_opt_three_protect.desk.balance_job import JobSignals
from three_opt_three_protect.desk.layers_crs import crs_word
from three_opt_three_protect.desk.role_guess import ROLES, all_roles, are_candidates
from three_opt_three_protect.desk.snapshot import Snapshot
from three_opt_three_protect.storage.catalogue import load_class_systems, load_detection_limits
from three_opt_three_protect.storage.dbf import DbfEncoding, dbf_encoding
from three_opt_three_protect.storage.words import load_words

if TYPE_CHECKING:
    from three_opt_three_protect.core.crsguess import CrsGuess
    from three_opt_three_protect.core.landuse import ClassSystem

ROWS = 2000
"""Rows of a layer that are looked at."""


@dataclass(frozen=True)
class Look:
    """What a look into the layers is to find out.

    Attributes
    ----------
    snapshots
        Layer → its first rows, where they have not been read yet.
    samples
        Layer → what has been read; all layers in the end.
    geometry
        Layer → ``polygon``, ``line``, ``point`` or ``table``.
    files
        Layer → the shapefile it lies in.
    roles
        Roles to be guessed.
    given
        Layer → role the planner gave it, ``""`` = none.
    """

    number: int
    snapshots: Mapping[str, Snapshot]
    samples: Mapping[str, LayerSample]
    geometry: Mapping[str, str]
    files: Mapping[str, Path]
    roles: Sequence[str]
    given: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """What a look has found.

    ``by_name`` is role → layer as far as names and fields tell, ``encodings`` are those of shapefiles,
    ``crs`` those of layers read in this look, ``errors`` layers that could not be read.
    """

    number: int
    samples: Mapping[str, LayerSample] = field(default_factory=dict)
    encodings: Mapping[str, DbfEncoding] = field(default_factory=dict)
    crs: Mapping[str, CrsGuess] = field(default_factory=dict)
    guesses: Mapping[str, RoleGuess] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Exception] = field(default_factory=dict)
    fault: Optional[Exception] = None


class Brake:
    """Core's Progress that shows nothing and ends the reading when the page is closed."""

    def __init__(self) -> None:
        self.pulled = False

    def step(self, name: str, share: float) -> None:
        """A step begins."""
        self.check(0.0)

    def check(self, fraction: float) -> None:
        """Raises Cancelled when the brake is pulled."""
        if self.pulled:
            raise Cancelled


class WarmJob(QRunnable):
    """Reads the resources the page needs: code tables and schemas take longer than a click may."""

    def __init__(self) -> None:
        super().__init__()
        self.signals = JobSignals()

    def run(self) -> None:
        """In the worker thread; what is wrong with a resource is said when it is asked for."""
        fault: Optional[Exception] = None
        try:
            known_contents()
            all_roles()
            sentence("role.parcels", {})
            crs_word("EPSG:4528")
        except Exception as raised:  # Handed to the main thread: what flies here is lost.
            fault = raised
        self.signals.done.emit(fault)


class LookJob(QRunnable):
    """Reads first rows and guesses."""

    def __init__(self, look: Look, brake: Brake) -> None:
        super().__init__()
        self.signals = JobSignals()
        self._look, self._brake = look, brake

    def run(self) -> None:
        """In the worker thread; touches neither project nor window."""
        try:
            seen = self._see()
        except Exception as raised:  # Handed to the main thread: what flies here is lost.
            seen = Seen(self._look.number, fault=raised)
        self.signals.done.emit(seen)

    def _see(self) -> Seen:
        from three_opt_three_protect.core.crsguess import guess_of
        from three_opt_three_protect.storage.crs import zone_families

        look = self._look
        samples: Dict[str, LayerSample] = dict(look.samples)
        errors: Dict[str, Exception] = {}
        crs: Dict[str, CrsGuess] = {}
        for layer_id, snapshot in look.snapshots.items():
            try:
                table = snapshot.read(self._brake)
                samples[layer_id] = _sample(layer_id, table, look.geometry[layer_id])
                if table.geometry is not None:
                    crs[layer_id] = guess_of(table, zone_families())
            except Exception as raised:  # One layer that cannot be read must not hide the others.
                errors[layer_id] = raised
        schemas, known = all_roles(), known_contents()
        free = [sample for layer_id, sample in samples.items() if layer_id not in look.given]
        # The fields of candidates are those of reclaim plots: they would pass for the plan.
        choices = [sample for sample in free if are_candidates(sample.columns)]
        free = [sample for sample in free if not are_candidates(sample.columns)]
        guesses = {guess.layer: guess for guess in guess_all(free, schemas, known, look.roles)}
        guesses.update({sample.id: RoleGuess(sample.id) for sample in choices})
        of_balance = [role for role in ROLES if role in look.roles]
        by_name = guess_all([_emptied(sample) for sample in free], schemas, Known(), of_balance)
        for layer_id, role in look.given.items():
            if layer_id in samples:
                guesses[layer_id] = _given(samples[layer_id], role, schemas, known)
        named = {guess.role: guess.layer for guess in by_name if guess.role is not None}
        return Seen(look.number, samples, self._encodings(errors), crs, guesses, named, errors)

    def _encodings(self, errors: Dict[str, Exception]) -> Mapping[str, DbfEncoding]:
        found: Dict[str, DbfEncoding] = {}
        for layer_id, path in self._look.files.items():
            try:
                encoding = dbf_encoding(path)
            except (InputError, OSError) as raised:
                errors[layer_id] = raised
                continue
            if encoding is not None:
                found[layer_id] = encoding
        return found


def known_contents() -> Known:
    """What the values of fields are held against."""
    words = {name: frozenset(entries) for name, entries in load_words().items()}
    return Known(tuple(load_class_systems().values()), {**words, "level": words["redline_level"]})


def _given(sample: LayerSample, role: str, schemas: Mapping[str, RoleSchema], known: Known) -> RoleGuess:
    if not role:
        return RoleGuess(sample.id)
    return RoleGuess(sample.id, role, 1.0, fields_of(sample, schemas[role], known))


def _emptied(sample: LayerSample) -> LayerSample:
    """The layer as it looks before a row is read."""
    nothing = np.empty(0, dtype=np.int64)
    return replace(sample, columns={name: each.take(nothing) for name, each in sample.columns.items()}, area_m2=None)


def _sample(layer_id: str, table: LayerTable, geometry: str) -> LayerSample:
    area = _areas(table) if geometry == "polygon" else None
    return LayerSample(layer_id, table.name, geometry, table.columns, area)


def _areas(table: LayerTable) -> NDArray[np.float64]:
    """m² on the plane: near enough to recognise a recorded area."""
    import shapely

    area = shapely.area(table.shapes)
    missing = np.array([shape is None for shape in table.shapes], dtype=bool)
    metres = 1.0 if table.crs is None else table.crs.metres_per_unit
    if table.crs is not None and table.crs.is_geographic:
        area = area * np.cos(np.radians(shapely.bounds(table.shapes)[:, 1]))
    return np.asarray(np.where(missing, np.nan, area * metres**2), dtype=np.float64)


@dataclass(frozen=True)
class Coding:
    """In which classification a layer is coded.

    Attributes
    ----------
    system
        Found, None = nothing fits or two fit alike.
    shares
        System → share of the coded area that fits, best first.
    tie
        Two fit alike: the planner must choose.
    """

    layer_id: str
    key: Tuple[str, ...]
    system: Optional[str] = None
    shares: Mapping[str, float] = field(default_factory=dict)
    tie: bool = False
    fault: Optional[Exception] = None


class CodingJob(QRunnable):
    """Finds the classification of a layer from all its rows.

    Parameters
    ----------
    key
        Code field, name field and area field, ``""`` where there is none; the coding is told with it.
    """

    def __init__(self, layer_id: str, snapshot: Snapshot, key: Tuple[str, str, str], brake: Brake) -> None:
        super().__init__()
        self.signals = JobSignals()
        self._layer_id, self._snapshot, self._key, self._brake = layer_id, snapshot, key, brake

    def run(self) -> None:
        """In the worker thread; touches neither project nor window."""
        try:
            coding = self._coding()
        except Exception as raised:  # Handed to the main thread: what flies here is lost.
            coding = Coding(self._layer_id, self._key, fault=raised)
        self.signals.done.emit(coding)

    def _coding(self) -> Coding:
        from three_opt_three_protect.core.landuse import detect

        code, name, area = self._key
        table = self._snapshot.read(self._brake, [entry for entry in self._key if entry])
        codes = as_factor(table.column(code))
        names = as_factor(table.column(name)) if name else None
        areas = np.nan_to_num(as_real(table.column(area)) if area else self._plane(table))
        systems: List[ClassSystem] = list(load_class_systems().values())
        limits = load_detection_limits()
        found = detect(codes, names, areas, systems, table.name, code, limits=limits)
        best = max(found.scores.values(), default=0.0)
        tie = found.system is None and best >= limits.minimum_share
        return Coding(self._layer_id, self._key, found.system, found.scores, tie)

    def _plane(self, table: LayerTable) -> NDArray[np.float64]:
        import shapely

        if table.geometry is None:
            return np.ones(len(table))
        return np.asarray(shapely.area(table.geometry), dtype=np.float64)

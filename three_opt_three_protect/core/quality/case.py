"""What a rule is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable, Iterable, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from three_opt_three_protect.core.factor import Factor
from three_opt_three_protect.core.landuse import Classified, ClassSystem, SettlementCode
from three_opt_three_protect.core.measure import AreaMethod, ToLonLat, measure
from three_opt_three_protect.core.overlay import Coverage
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.repair import Repaired, repair_polygons
from three_opt_three_protect.core.roles import role_column, role_factor
from three_opt_three_protect.core.schema import Domain, StandardLayer
from three_opt_three_protect.core.tables import Geometries, Kind, LayerTable, as_real

if TYPE_CHECKING:
    from three_opt_three_protect.core.quality.nest import Nest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LAYER = -1
"""Row of a finding on the layer as a whole."""


@dataclass(frozen=True)
class Subject:
    """A layer as the rules see it; what takes time is found once, when a rule first asks for it.

    Attributes
    ----------
    table
        As read: geometry as drawn, nothing repaired.
    role
        What the layer is to the plan.
    mapping
        Role field → field of the layer.
    schema
        The standard layer it is held against, None = none.
    system
        The classification of its codes, None = it has none or none was found.
    method, to_lonlat
        How areas are measured.
    progress
        Asked while something is found.
    """

    table: LayerTable
    role: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    schema: Optional[StandardLayer] = None
    system: Optional[ClassSystem] = None
    method: AreaMethod = AreaMethod.STRIP
    to_lonlat: Optional[ToLonLat] = None
    progress: Progress = SILENT

    def __len__(self) -> int:
        return len(self.table)

    def has(self, role_field: str) -> bool:
        """Whether a field plays ``role_field``."""
        return role_field in self.mapping

    def field(self, role_field: str) -> str:
        """Name of the field that plays ``role_field``, ``""`` when none does."""
        return self.mapping.get(role_field, "")

    def text(self, role_field: str) -> Factor:
        """Text of the field that plays ``role_field``, stripped, blank = missing; all missing when none does."""
        return role_factor(self.table, self.mapping, role_field)

    def number(self, role_field: str) -> Floats:
        """``(n,)`` numbers of the field that plays ``role_field``, NaN where there is none or it is no number."""
        column = role_column(self.table, self.mapping, role_field)
        if column is None or column.kind is Kind.DATE:
            return np.full(len(self), np.nan)
        return as_real(column)

    @cached_property
    def repaired(self) -> Repaired:
        """Usable polygons and what was done to get them."""
        return repair_polygons(self.table.shapes, self.progress)

    @property
    def shapes(self) -> Geometries:
        """``(n,)`` valid polygons, None where there is none."""
        return self.repaired.geometry

    @cached_property
    def area(self) -> Floats:
        """``(n,)`` areas of the valid polygons in m², without a CRS in units of the layer; 0 where there is none."""
        if self.table.crs is None:
            from shapely import area

            return np.asarray(np.nan_to_num(area(self.shapes)))
        return measure(self.shapes, self.table.crs, self.method, self.to_lonlat, self.progress)

    @property
    def coverage(self) -> Coverage:
        """Who lies beside and over whom; made again where an overlay has let go of the edges."""
        held: Optional[Coverage] = vars(self).get("_coverage")
        if held is None or not held.has_edges:
            held = vars(self)["_coverage"] = Coverage(self.shapes, self.progress)
        return held

    @cached_property
    def classes(self) -> Classified:
        """What the class codes mean; only where ``system`` is known."""
        if self.system is None:
            raise ValueError("the layer has no classification")
        return self.system.classify(self.text("class_code"))

    @property
    def metres_per_unit(self) -> float:
        """Metres in one unit of the coordinates (of a degree: at the equator)."""
        return 1.0 if self.table.crs is None else self.table.crs.metres_per_unit


@dataclass(frozen=True)
class RuleSpec:
    """A rule as ``resources/rules.csv`` states it.

    Attributes
    ----------
    id
        Stable; the name of the function that runs it.
    group
        One of the ten groups that findings fold into.
    severity
        ``error``, ``warning`` or ``info`` on the planner's own layers.
    statutory
        The same on statutory survey data, which the planner may not change.
    roles
        Layers it is for; empty = every layer.
    needs
        What it cannot run without: ``geometry``, ``crs``, ``schema``, ``system``, ``parent``, ``period``, another
        layer by its role, the geometry of the parent (``parent_geometry``) or of the year before
        (``previous_geometry``), which may be plain tables, a field of the role (``field:area``,
        ``field:area|control_area``: one of them), of the parent (``parent_field:unit_code``) or of the year before
        (``previous_field:…``), or the classification of another layer (``system:parcels``).
    tolerance, unit
        What stays unsaid, and in what it is measured (``m``, ``m2``, ``share``, …); None = the rule has none.
    options
        Further figures and words by name.
    basis, status
        Where the rule comes from and how far that is verified.
    title
        Language → one line.
    """

    id: str
    group: str
    severity: str
    statutory: str
    roles: Tuple[str, ...] = ()
    needs: Tuple[str, ...] = ()
    tolerance: Optional[float] = None
    unit: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    basis: str = ""
    status: str = ""
    title: Mapping[str, str] = field(default_factory=dict)

    @property
    def least(self) -> float:
        """The tolerance, 0 where the rule has none."""
        return self.tolerance or 0.0

    def option(self, name: str) -> float:
        """The figure called ``name``.

        Raises
        ------
        KeyError
            The rule has no such option.
        """
        return float(self.options[name])

    def words(self, name: str) -> Tuple[str, ...]:
        """The list called ``name`` (``a|b|c``), empty when it is not stated."""
        stated = self.options.get(name, "")
        return tuple(stated.split("|")) if stated else ()


@dataclass(frozen=True)
class Case:
    """A layer to be checked and everything it may be held against.

    Attributes
    ----------
    layer
        The layer.
    parent
        The layer it nests in: villages for parcels, the township for villages.
    others
        Role → layer: ``farmland``, ``boundary``, ``redline``, ``parcels``, ``reclaim``, ``newbuild``, ``township``,
        ``past_projects``, and ``previous``, the same layer a year before.  All in the CRS of ``layer``.
    systems
        All classifications by id.
    settlement_codes
        城镇村属性码 by code.
    domains
        Values of coded fields by the domain's id.
    period
        First and last year of the plan.
    words
        Coded field → spelling → token (``use``: ``城镇`` → ``town``).
    """

    layer: Subject
    parent: Optional[Subject] = None
    others: Mapping[str, Subject] = field(default_factory=dict)
    systems: Mapping[str, ClassSystem] = field(default_factory=dict)
    settlement_codes: Mapping[str, SettlementCode] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict)
    period: Optional[Tuple[int, int]] = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def nest(self) -> Nest:
        """How the layer lies in its parent; only where there is one."""
        from three_opt_three_protect.core.quality.nest import Nest

        if self.parent is None:
            raise ValueError("the layer has no parent")
        return Nest(self.layer, self.parent)

    def has(self, need: str) -> bool:
        """Whether what a rule needs is there; see :attr:`RuleSpec.needs`."""
        kind, _, name = need.partition(":")
        holder = {"field": self.layer, "parent_field": self.parent, "previous_field": self.others.get("previous")}
        if kind in holder:
            of = holder[kind]
            return of is not None and any(of.has(each) for each in name.split("|"))
        if kind == "system" and name:
            other = self.others.get(name)
            return other is not None and other.system is not None
        previous = self.others.get("previous")
        simple = {
            "geometry": self.layer.table.geometry is not None,
            "crs": self.layer.table.crs is not None,
            "schema": self.layer.schema is not None,
            "system": self.layer.system is not None,
            "parent": self.parent is not None,
            "parent_geometry": self.parent is not None and self.parent.table.geometry is not None,
            "previous": previous is not None,
            "previous_geometry": previous is not None and previous.table.geometry is not None,
            "period": self.period is not None,
        }
        if need in simple:
            return simple[need]
        # Every other layer is there to lie beside this one.
        return need in self.others and self.others[need].table.geometry is not None


@dataclass(frozen=True)
class Found:
    """What a rule found in some rows, column by column.

    Attributes
    ----------
    rows
        ``(k,)`` rows of the layer; :data:`LAYER` for the layer as a whole, or for what lies in another layer, such as
        a parent that its children do not add up to: ``values`` name it and ``places`` show it.
    column
        Field of the layer concerned, ``""`` = none.
    measure
        ``(k,)`` how much: m², m, a share or a count as the rule's unit says; NaN = nothing to measure.
    values
        What the rule's sentence names besides: ``(k,)`` each, or one value for all.
    places
        ``(k,)`` where exactly (the overlap, the gap), None where the feature itself is the place.
    """

    rows: Ints
    column: str = ""
    measure: Optional[Floats] = None
    values: Mapping[str, Any] = field(default_factory=dict)
    places: Optional[Geometries] = None

    def __len__(self) -> int:
        return len(self.rows)


def on_rows(rows: Any, column: str = "", measure: Union[Sequence[float], Floats, None] = None, **values: Any) -> Found:
    """A :class:`Found` at ``rows`` (mask or indices) without places."""
    where = np.asarray(rows)
    index = np.flatnonzero(where) if where.dtype == np.bool_ else where.astype(np.int64)
    size = None if measure is None else np.asarray(measure, dtype=np.float64)
    return Found(index.astype(np.int64), column, size, values)


def on_layer(column: str = "", measure: float = np.nan, **values: Any) -> Found:
    """A :class:`Found` on the layer as a whole."""
    return Found(np.array([LAYER], dtype=np.int64), column, np.array([measure]), values)


RuleFunction = Callable[[Case, RuleSpec, Progress], Iterable[Found]]
"""Raises nothing for bad data: that is what it is there to find."""

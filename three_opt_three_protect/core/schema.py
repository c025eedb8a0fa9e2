"""Standard layers: how a database standard describes a layer, its fields and what they may hold.

A *role* (:mod:`three_opt_three_protect.core.roles`) says what a layer is to the plan; a *standard layer* says how
one generation of a standard wants it handed in.  Reading is tolerant (roles), writing and checking are exact (this).
The standards themselves are data, ``resources/schemas/standards``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.core.roles import is_cut
from three_opt_three_protect.core.tables import Kind


@dataclass(frozen=True)
class Domain:
    """The values a coded field may take: ``values`` is code → name in Chinese."""

    id: str
    title: str
    values: Mapping[str, str]
    status: str = ""


@dataclass(frozen=True)
class StandardField:
    """A field of a standard layer.

    Attributes
    ----------
    name, alias
        As printed in the standard: ``DLBM``, ``地类编码``.
    names
        Names other drafts and programs give the same field.
    kind, width, decimals
        Text has a width in characters, real a width and decimals; 0 = not stated.
    required
        The standard asks for a value in every row (必填).
    optional
        The field itself may be absent from the layer.
    unique
        No value may stand in two rows.
    length
        Exact number of characters of every value, 0 = free.
    domain
        Id of the :class:`Domain` of its values, ``""`` = free.
    low, high
        Least and greatest value of a number; None = free.
    role
        The role field it plays (``class_code``), ``""`` = none.
    status
        How far the field is verified, ``""`` = as its layer.
    """

    name: str
    alias: str
    kind: Kind
    names: Tuple[str, ...] = ()
    width: int = 0
    decimals: int = 0
    required: bool = False
    optional: bool = False
    unique: bool = False
    length: int = 0
    domain: str = ""
    low: Optional[float] = None
    high: Optional[float] = None
    role: str = ""
    status: str = ""


@dataclass(frozen=True)
class StandardLayer:
    """A layer of a standard.

    Attributes
    ----------
    id
        Standard and name: ``third_survey.DLTB``.
    standard, name, alias
        ``third_survey``, ``DLTB``, ``地类图斑``.
    role
        The role it plays, ``""`` = none of the plan's.
    geometry
        ``polygon``, ``line``, ``point``, ``table`` or ``any``.
    fields
        In the order of the standard; none where only the layer's name is known.
    names
        Other customary names of the layer.
    status
        How far the layer is verified.
    """

    id: str
    standard: str
    name: str
    alias: str
    role: str
    geometry: str
    fields: Tuple[StandardField, ...]
    names: Tuple[str, ...] = ()
    status: str = ""

    def find(self, name: str) -> Optional[StandardField]:
        """The field called ``name`` (or one of its other names, or its alias), upper or lower case."""
        wanted = name.upper()
        if not wanted:
            return None
        for each in self.fields:
            if each.name.upper() == wanted:
                return each
        for each in self.fields:
            if wanted in (other.upper() for other in (*each.names, each.alias)):
                return each
        return None

    def in_full(self, names: Sequence[str]) -> List[str]:
        """``names``, those a shapefile cut written out where one field alone begins so (扣除地 begins three)."""
        return [self._in_full(name) for name in names]

    def _in_full(self, name: str) -> str:
        fitting = [] if self.find(name) else [each for each in self.fields if is_cut(name, (each.alias, *each.names))]
        return fitting[0].name if len(fitting) == 1 else name

    def by_field(self, names: Sequence[str]) -> Mapping[str, str]:
        """Field of the standard → field of a layer that has the fields ``names``.

        Of several that fit, the one called as in the standard, else the first.
        """
        found: Dict[str, str] = {}
        for name in names:
            each = self.find(name)
            if each is None:
                continue
            held = found.get(each.name, "")
            own = each.name.upper()
            if not held or (name.upper() == own and held.upper() != own):
                found[each.name] = name
        return found


@dataclass(frozen=True)
class Standards:
    """All standard layers by id, the domains of their coded fields by id, and the names of the standards."""

    layers: Mapping[str, StandardLayer]
    domains: Mapping[str, Domain] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def of_role(self, role: str) -> Tuple[StandardLayer, ...]:
        """The standard layers that play ``role``, in the order of the resources."""
        return tuple(layer for layer in self.layers.values() if layer.role == role)

    def best(self, names: Sequence[str], role: str) -> Optional[StandardLayer]:
        """The standard layer of ``role`` that a layer with the fields ``names`` follows most closely; None = none.

        The one with the largest share of its own fields there and of the layer's fields known to it.
        A layer that has fewer than half of the required fields follows none.
        """
        best, best_score = None, 0.0
        for layer in self.of_role(role):
            found = layer.by_field(layer.in_full(names))
            needed = [each.name for each in layer.fields if each.required]
            if not found or sum(name in found for name in needed) * 2 < len(needed):
                continue
            score = len(found) / len(layer.fields) + len(found) / max(len(names), 1)
            if score > best_score:
                best, best_score = layer, score
        return best

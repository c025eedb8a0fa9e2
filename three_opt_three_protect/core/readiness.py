"""Whether the material for a step of the plan is complete: which layers and fields it still lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Collection, Mapping, Tuple


@dataclass(frozen=True)
class PlanStep:
    """A step and what it needs.

    Attributes
    ----------
    title
        Language (``zh``, ``en``) → name.
    needs
        Role → role fields that must be known; the layer itself where there are none.
    least, among
        So many of these roles must be there, whichever.
    helps
        Roles without which the step runs but says less.
    """

    id: str
    title: Mapping[str, str]
    needs: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)
    least: int = 0
    among: Tuple[str, ...] = ()
    helps: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Lacking:
    """What a step still lacks.

    Attributes
    ----------
    roles
        Layers it cannot do without.
    fields
        (role, role field) of layers that are there.
    more, among
        So many more of these roles.
    broken
        Roles whose layer is there and cannot be used as it is.
    helpful
        Layers that would let it say more.
    """

    roles: Tuple[str, ...] = ()
    fields: Tuple[Tuple[str, str], ...] = ()
    more: int = 0
    among: Tuple[str, ...] = ()
    broken: Tuple[str, ...] = ()
    helpful: Tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """The step can be taken."""
        return not (self.roles or self.fields or self.more or self.broken)


def lacking(step: PlanStep, there: Mapping[str, Collection[str]], broken: Collection[str] = ()) -> Lacking:
    """What ``step`` lacks when the roles in ``there`` have a layer, each with these role fields.

    Layers of the roles in ``broken`` (no coordinate system, say) stop every step they would take part in.
    """
    open_among = tuple(role for role in step.among if role not in there)
    more = max(0, step.least - (len(step.among) - len(open_among)))
    return Lacking(
        tuple(role for role in step.needs if role not in there),
        tuple((role, name) for role, names in step.needs.items() if role in there for name in names
              if name not in there[role]),
        more,
        open_among if more else (),
        tuple(role for role in dict.fromkeys((*step.needs, *step.among, *step.helps)) if role in broken),
        tuple(role for role in step.helps if role not in there),
    )  # fmt: skip

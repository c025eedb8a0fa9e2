"""Several repairs one after the other, on layers that are the planner's to change."""

from __future__ import annotations

from typing import Callable, Collection, List, Sequence, Tuple

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.mending.areas import AREAS, CONTROL
from three_opt_three_protect.core.mending.axes import AXES
from three_opt_three_protect.core.mending.changes import Change, Mended
from three_opt_three_protect.core.mending.codes import CODES
from three_opt_three_protect.core.mending.slivers import SLIVERS
from three_opt_three_protect.core.mending.snapping import SNAP
from three_opt_three_protect.core.mending.valid import VALID
from three_opt_three_protect.core.quality.runner import STATUTORY
from three_opt_three_protect.core.tables import LayerTable

OPERATIONS: Tuple[str, ...] = (AXES, VALID, SNAP, SLIVERS, CODES, AREAS, CONTROL)
"""In the order in which they are done: shapes first, then what is measured on them."""

Operation = Callable[[LayerTable], Mended]


def require_own(role: str, layer: str, words: Collection[str] = ()) -> None:
    """Refuse survey data and lines that a township does not change (00-supplement 1.10).

    Exchanging axes alone is allowed on a copy of these too: the land stays where it is, only its file had the
    two numbers of every point in the other order.

    Parameters
    ----------
    words
        The repairs asked for.

    Raises
    ------
    InputError
        ``statutory_not_changed``.
    """
    if role in STATUTORY and set(words) != {AXES}:
        raise InputError("statutory_not_changed", layer=layer, role=role)


def operations_of(written: str) -> Tuple[str, ...]:
    """The operations named in a line of text, separated by commas, in the order in which they are done.

    Raises
    ------
    InputError
        ``no_such_operation``: names those there are.
    """
    words = [word.strip().lower() for word in written.replace("，", ",").replace("、", ",").split(",") if word.strip()]
    for word in words:
        if word not in OPERATIONS:
            raise InputError("no_such_operation", operation=word, known=", ".join(OPERATIONS))
    if not words:
        raise InputError("no_such_operation", operation="", known=", ".join(OPERATIONS))
    return tuple(word for word in OPERATIONS if word in words)


def mend(table: LayerTable, role: str, operations: Sequence[Operation], words: Collection[str] = ()) -> Mended:
    """Do ``operations``, called ``words``, in their order and number their changes.

    Raises
    ------
    InputError
        ``statutory_not_changed``, and what the operations raise.
    """
    require_own(role, table.name, words)
    changes: List[Change] = []
    left: List[Tuple[str, int]] = []
    for step, operation in enumerate(operations, 1):
        done = operation(table)
        table = done.table
        changes += [change._replace(step=step) for change in done.changes]
        left += done.left
    return Mended(table, tuple(changes), tuple(left))

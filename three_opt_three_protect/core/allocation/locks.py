"""Plots the planner has decided on: locked in (锁定选用) or locked out (锁定排除)."""

from __future__ import annotations

from typing import List, Sequence, Tuple

import numpy as np

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.optimiser.problem import Bools, Texts

IN, OUT = "in", "out"

_NAMED = 5


def locks(
    ids: Tuple[Texts, Texts],
    stated: Tuple[Texts, Texts],
    lock_in: Sequence[str] = (),
    lock_out: Sequence[str] = (),
) -> Tuple[Bools, Bools, Bools, Bools]:
    """Candidates in, sites in, candidates out, sites out: ``(n,)``, ``(m,)`` bool each.

    Parameters
    ----------
    ids
        Plot ids of candidates and sites.
    stated
        What the field ``locked`` of each layer says: ``in``, ``out`` or None.
    lock_in, lock_out
        Ids given besides; they overrule the field.

    Raises
    ------
    InputError
        ``lock_unknown``: no plot has the id; ``lock_both``: an id is locked in and out; ``lock_ambiguous``: a
        candidate and a site have the id.
    """
    both = sorted(set(lock_in) & set(lock_out))
    if both:
        raise InputError("lock_both", ids=_few(both))
    known = [{str(name) for name in layer} for layer in ids]
    given = [*lock_in, *lock_out]
    unknown = [name for name in given if name not in known[0] | known[1]]
    if unknown:
        raise InputError("lock_unknown", ids=_few(unknown))
    ambiguous = [name for name in given if name in known[0] & known[1]]
    if ambiguous:
        raise InputError("lock_ambiguous", ids=_few(ambiguous))
    found: List[Bools] = []
    for word, mine, others in ((IN, lock_in, lock_out), (OUT, lock_out, lock_in)):
        for layer in (0, 1):
            by_field = np.array([value == word for value in stated[layer]], dtype=np.bool_)
            by_id = [np.isin(ids[layer].astype(str), list(names)) for names in (mine, others)]
            found.append(np.asarray((by_field & ~by_id[1]) | by_id[0], dtype=np.bool_))
    return found[0], found[1], found[2], found[3]


def _few(names: Sequence[str]) -> str:
    more = "…" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more

"""The table of other changes of cultivated land → what core takes."""

from __future__ import annotations

from typing import Optional

from three_opt_three_protect.core.otherchanges import ChangeWords, OtherChanges, read_other_changes
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.words import load_words

ROLE = "other_changes"


def other_changes(source: Optional[Source], profile: Profile) -> Optional[OtherChanges]:
    """Other changes as stated; None where no table is given, or one without a row: nothing is known then.

    Raises
    ------
    InputError
        What is wrong in which row: see :func:`core.otherchanges.read_other_changes`.
    """
    if source is None:
        return None
    words = load_words()
    spelled = ChangeWords(words["change"], words["area_unit"], words["scale"])
    return read_other_changes(source.table, source.mapping(load_role_schemas()[ROLE]), spelled, profile)

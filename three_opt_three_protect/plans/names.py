"""What a plan's layers call places: the accounts know codes, readers know names."""

from __future__ import annotations

from typing import Dict, Mapping, Optional

from three_opt_three_protect.core.parcels import VILLAGE_DIGITS
from three_opt_three_protect.core.roles import role_column
from three_opt_three_protect.core.tables import as_text
from three_opt_three_protect.plans.inputs import Source
from three_opt_three_protect.storage.catalogue import load_role_schemas


def village_names(parcels: Optional[Source], villages: Optional[Source]) -> Mapping[str, str]:
    """Village code → name: from the villages layer, else from the parcels."""
    schemas = load_role_schemas()
    names: Dict[str, str] = {}
    for role, source in (("parcels", parcels), ("villages", villages)):
        if source is None:
            continue
        mapping = source.mapping(schemas[role])
        code = role_column(source.table, mapping, "unit_code")
        name = role_column(source.table, mapping, "unit_name")
        if code is not None and name is not None:
            pairs = zip(as_text(code), as_text(name))
            names.update({key[:VILLAGE_DIGITS]: word for key, word in pairs if key is not None and word is not None})
    return names

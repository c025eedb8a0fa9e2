"""What printed tables take from a plan's layers beside the accounts: field names, names of rights."""

from __future__ import annotations

from typing import Mapping, Sequence

from three_opt_three_protect.core.balance import Balance
from three_opt_three_protect.core.roles import guess_fields
from three_opt_three_protect.core.targets import Target
from three_opt_three_protect.reports.table import Labels
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.schemas import load_standards


def plan_labels(balance: Balance, villages: Mapping[str, str], targets: Sequence[Target] = ()) -> Labels:
    """Labels for a plan that has only been balanced.

    Parameters
    ----------
    villages
        Village code → name.
    """
    return Labels(villages, fields=layer_fields(balance), rights=right_names(), targets=tuple(targets))


def layer_fields(balance: Balance) -> Mapping[str, Mapping[str, str]]:
    """Role → role field → field of the layers a balance was made of, by their standard names."""
    schemas = load_role_schemas()
    tables = {
        "parcels": balance.base.parcels.table,
        "reclaim": balance.reclaim.table,
        "newbuild": balance.newbuild.table,
    }
    return {role: guess_fields(table, schemas[role]) for role, table in tables.items()}


def right_names() -> Mapping[str, str]:
    """Code of the kind of right (QSXZ) → its name."""
    return load_standards().domains["QSXZ"].values

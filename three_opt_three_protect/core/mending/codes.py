"""Codes and names cleaned of what cannot be seen."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Dict, Optional, Sequence

from three_opt_three_protect.core.mending.changes import Mended, mended
from three_opt_three_protect.core.tables import Column, Kind, LayerTable, factor_column

CODES = "codes"

_LINES = "\r\n\t"


def trim_codes(table: LayerTable, fields: Optional[Sequence[str]] = None) -> Mended:
    """Take spaces at the ends and invisible characters out of text; make full-width codes plain (NFKC).

    Only what becomes a plain code is made plain: ``０１０１`` → ``0101``, but ``（一）村`` keeps its brackets.  Text of
    spaces alone becomes missing.

    Parameters
    ----------
    table
        The layer.
    fields
        Its text fields to clean, None = all.

    Raises
    ------
    InputError
        ``no_such_field``.
    """
    names = list(table.columns) if fields is None else list(fields)
    columns: Dict[str, Column] = dict(table.columns)
    for name in names:
        column = table.column(name)
        if column.kind is Kind.TEXT:
            columns[name] = factor_column(column.factor.map(cleaned), column.alias, column.width)
    return mended(CODES, table, replace(table, columns=columns))


def cleaned(value: Optional[str]) -> Optional[str]:
    """A text without spaces at its ends and invisible characters, None where nothing is left."""
    if value is None:
        return None
    seen = "".join(letter for letter in value if letter in _LINES or unicodedata.category(letter) not in ("Cc", "Cf"))
    seen = seen.strip()
    plain = "".join(unicodedata.normalize("NFKC", seen).split())
    if plain.isascii() and plain.replace("-", "").replace("_", "").isalnum():
        return plain if not seen.isascii() else seen
    return seen or None

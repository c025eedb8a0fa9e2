"""A printable table: what the workbook, the document and the docks show alike. It knows no file format."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Callable, List, Mapping, Optional, Sequence, Tuple, Union

from three_opt_three_protect.core.registers import NO_REGISTERS, Registers
from three_opt_three_protect.core.tables import Column as ValueColumn
from three_opt_three_protect.core.tables import LayerTable, as_real, as_text

if TYPE_CHECKING:
    from three_opt_three_protect.core.targets import Target

Words = Callable[..., str]
"""``storage.messages.Messages(language).text``: id and values → the words of one language."""

Cell = Union[str, int, float, None]
"""None = not known or not applicable; never 0, never ``""``."""


PLAN_TABLES = ("T2", "T3", "T5", "T6", "T7", "T8", "T9", "T12", "T13", "T17", "T19", "T20", "T21", "T22", "T27", "T28")
"""Official tables of a plan, in the order of the workbook."""


class Kind(str, Enum):
    """What the cells of a column hold; DATE is ISO text, PERCENT is 0–100."""

    TEXT = "text"
    AREA = "area"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    groups
        Headings above the title, the topmost first; equal neighbours are one merged heading.
    width
        In characters of the body font.
    decimals
        Digits after the point; None = as many as the value has.
    total
        Sum rows add this column.
    terms
        (key of another column, +1 or −1): the cell is their sum; they stand to the left.
    span
        Columns of the sheet the cell covers, where tables of different shape stand on one sheet.
    merged
        Equal neighbours one below the other are one merged cell.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    groups: Tuple[str, ...] = ()
    width: float = 10.0
    decimals: Optional[int] = 0
    total: bool = False
    terms: Tuple[Tuple[str, int], ...] = ()
    span: int = 1
    merged: bool = False

    @property
    def headings(self) -> Tuple[str, ...]:
        """From the topmost group down to the title."""
        return (*self.groups, self.title)


@dataclass(frozen=True)
class Row:
    """One row.

    ``adds`` are the first and last row (inclusive) a sum row adds, sum rows among them left out;
    ``alert`` makes a row stand out that must not be overlooked.
    """

    cells: Tuple[Cell, ...]
    adds: Optional[Tuple[int, int]] = None
    alert: bool = False


@dataclass(frozen=True)
class Labels:
    """What the accounts do not need and readers do: names, and lists that stand beside the plan.

    Attributes
    ----------
    villages
        Village code → name; a code without one is printed itself.
    parcel_numbers
        图斑编号 of every parcel, row by row; None = the parcel ids are printed.
    layers
        Names of the further zone layers of the base state, in their order.
    fields
        Role (parcels, reclaim, newbuild) → role field → source field; what is left out has the name it has in the
        plan database.
    rights
        Code of the kind of right (QSXZ) → its name.
    approvals
        Kind of base conversion → approval number of every feature of its layer.
    targets
        Assigned figures.
    registers
        Projects, stock land, opinions, people.
    """

    villages: Mapping[str, str] = field(default_factory=dict)
    parcel_numbers: Optional[Sequence[Optional[str]]] = None
    layers: Tuple[str, ...] = ()
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)
    approvals: Mapping[str, Sequence[Optional[str]]] = field(default_factory=dict)
    targets: Tuple[Target, ...] = ()
    registers: Registers = NO_REGISTERS

    def column(self, role: str, table: LayerTable, role_field: str) -> Optional[ValueColumn]:
        """The column of a layer that plays ``role_field``, None where it has none."""
        return table.columns.get(self.fields.get(role, {}).get(role_field, role_field))

    def texts(self, role: str, table: LayerTable, role_field: str) -> Sequence[Optional[str]]:
        """The same as text, row by row."""
        column = self.column(role, table, role_field)
        return [None] * len(table) if column is None else list(as_text(column))

    def numbers(self, role: str, table: LayerTable, role_field: str) -> Sequence[Optional[float]]:
        """The same as numbers; None where there is none."""
        column = self.column(role, table, role_field)
        if column is None or column.kind.value == "date":
            return [None] * len(table)
        return [None if math.isnan(value) else float(value) for value in as_real(column)]


NO_LABELS = Labels()


@dataclass(frozen=True)
class Table:
    """A table ready to print.

    ``number`` is the table's official number (``T2``), ``""`` for a list without one; ``unit`` the
    note above its right end; ``signed`` asks for the line of maker, checker and date.
    """

    number: str
    title: str
    unit: str
    columns: Tuple[Column, ...]
    rows: Tuple[Row, ...]
    notes: Tuple[str, ...] = ()
    signed: bool = True

    @property
    def depth(self) -> int:
        """Rows of the heading."""
        return max(len(column.headings) for column in self.columns)

    def index(self, key: str) -> int:
        """Place of the column ``key``."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)

    def values(self, key: str) -> List[Cell]:
        """Cells of the column ``key``, sum rows left out."""
        place = self.index(key)
        return [row.cells[place] for row in self.rows if row.adds is None]

    def total(self, key: str) -> Cell:
        """The column ``key`` in the last row."""
        return self.rows[-1].cells[self.index(key)]


@dataclass
class Rows:
    """Rows under construction: works out sums and calculated columns as they are added."""

    columns: Tuple[Column, ...]
    rows: List[Row] = field(default_factory=list)

    def add(self, cells: Mapping[str, Cell], alert: bool = False) -> None:
        """Add a row; columns that are not named stay empty."""
        values = dict(cells)
        for column in self.columns:
            if column.terms:
                parts = [(values.get(key), sign) for key, sign in column.terms]
                known = [sign * float(part) for part, sign in parts if part is not None]
                values[column.key] = round(sum(known), column.decimals) if known else None
        self.rows.append(Row(tuple(values.get(column.key) for column in self.columns), alert=alert))

    def blank(self, *keys: str) -> None:
        """Empty cells of the last row: what was added up there is not known."""
        last = self.rows[-1]
        cells = [None if column.key in keys else cell for column, cell in zip(self.columns, last.cells)]
        self.rows[-1] = replace(last, cells=tuple(cells))

    def reserve(self) -> int:
        """Keep a place for a sum row that stands above the rows it adds."""
        self.rows.append(Row(()))
        return len(self.rows) - 1

    def sum(self, first: int, cells: Mapping[str, Cell], at: Optional[int] = None) -> None:
        """Add a sum row over the rows from ``first`` to the last one, or put it at a reserved place."""
        adds = (first, len(self.rows) - 1)
        leaves = [row for row in self.rows[first:] if row.adds is None and row.cells]
        values: List[Cell] = []
        for place, column in enumerate(self.columns):
            if column.total:
                known = [float(row.cells[place] or 0) for row in leaves if row.cells[place] is not None]
                values.append(round(sum(known), column.decimals) if known else None)
            else:
                values.append(cells.get(column.key))
        row = Row(tuple(values), adds if leaves else None)
        if at is None:
            self.rows.append(row)
        else:
            self.rows[at] = row


def shown(cell: Cell, column: Column) -> str:
    """A cell as it is printed; ``""`` where nothing is known."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if column.decimals is None:
        return f"{cell:.4f}".rstrip("0").rstrip(".")
    return f"{cell:.{column.decimals}f}"

"""Errors of the planning science.

An error carries an id and named values, never a sentence: the sentence stands in
``resources/messages/{en,zh}.yaml`` under the same id and is put together by
``storage.messages``.
"""

from __future__ import annotations

from typing import Dict, Union

Value = Union[str, int, float, None]


class PlanningError(Exception):
    """Something the planner must know and can act on.

    Parameters
    ----------
    message_id
        Key of the sentence in the message files.
    **values
        What the sentence names: ``layer``, ``features``, ``field``, ``unit`` and so on.
    """

    def __init__(self, message_id: str, **values: Value) -> None:
        self.message_id = message_id
        self.values: Dict[str, Value] = dict(values)
        named = ", ".join(f"{key}={value}" for key, value in values.items())
        super().__init__(f"{message_id}: {named}" if named else message_id)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message_id, self.values)


def _rebuild(kind: type[PlanningError], message_id: str, values: Dict[str, Value]) -> PlanningError:
    return kind(message_id, **values)


class InputError(PlanningError):
    """A layer, field or parameter cannot be used as given."""


class SchemaError(PlanningError):
    """A resource or a database does not have the expected form."""


class CrsError(PlanningError):
    """A coordinate reference system is missing, unknown or of another datum."""


class GeometryError(PlanningError):
    """A geometry cannot be used and cannot be repaired."""


class BalanceError(PlanningError):
    """Figures that must agree do not."""


class InfeasibleError(PlanningError):
    """No plan satisfies the rules."""


class LedgerError(PlanningError):
    """An event contradicts the ledger."""


class MissingPackageError(PlanningError):
    """A Python package or driver is not installed."""


class Cancelled(Exception):
    """The user stopped the run. Not an error."""

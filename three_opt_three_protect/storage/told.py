"""What a reader found that the planner must know, although the layer could be read."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Mapping

from three_opt_three_protect.core.errors import Value

Tell = Callable[[str, Mapping[str, Value]], None]
"""Told a message id and its values."""


class ReadingWarning(UserWarning):
    """A note nobody asked for by a ``Tell``: id and values of its sentence."""

    def __init__(self, message_id: str, values: Mapping[str, Value]) -> None:
        self.message_id = message_id
        self.values = dict(values)
        super().__init__(f"{message_id}: " + ", ".join(f"{key}={value}" for key, value in values.items()))


def warn(message_id: str, values: Mapping[str, Value]) -> None:
    """The ``Tell`` of those who gave none: a :class:`ReadingWarning`."""
    warnings.warn(ReadingWarning(message_id, values), stacklevel=4)


@contextmanager
def heard(tell: Tell) -> Iterator[None]:
    """Have ``tell`` hear every :class:`ReadingWarning`; other warnings are shown as before."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", ReadingWarning)
        shown: Callable[..., None] = warnings.showwarning

        def hear(message: Any, *where: Any, **more: Any) -> None:
            if isinstance(message, ReadingWarning):
                tell(message.message_id, message.values)
            else:
                shown(message, *where, **more)

        warnings.showwarning = hear
        yield

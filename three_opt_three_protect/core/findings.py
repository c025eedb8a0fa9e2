"""A finding: something a planner should look at that does not stop the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping

from three_opt_three_protect.core.errors import Value

ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True)
class Finding:
    """Id and values of one line for the planner; its sentence stands in the message files."""

    id: str
    severity: str
    layer: str
    values: Mapping[str, Value] = field(default_factory=dict)

"""How grave a finding is, in the data checks as in every other run."""

from __future__ import annotations

SEVERITIES = ("error", "warning", "info")
"""The gravest first."""

"""The sample: a drawn, wholly invented Jiangnan water township, gapless and without overlaps.

``outline`` draws borders, ``water`` the canals, ``town`` built-up areas, ``settlements`` natural
villages, ``fields`` what is tilled; ``township`` puts them together, ``survey`` turns the drawing
into a survey database, ``places``, ``lines``, ``plots`` and ``targets`` into a plan, ``change``
into a second year and into defects.
"""

from __future__ import annotations

from three_opt_three_protect.core.sample.draw import draw_county, draw_township

__all__ = ["draw_county", "draw_township"]

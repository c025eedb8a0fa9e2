"""Texts on the screen in the user's language."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


class Translated:
    """Looks a text up under the class it stands in, as pylupdate files it."""

    def tr(self, text: str) -> str:
        """``text`` in the language of the screen; English when there is no translation."""
        for owner in type(self).__mro__:
            found = QCoreApplication.translate(owner.__name__, text)
            if found != text:
                return str(found)
        return text

"""What every dock of the plugin does: it works while it is seen, and leaves nothing behind."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDockWidget


class PlanDock(QDockWidget):
    """Base of the docks: they say what to do when seen, when hidden and at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._stopped = False
        self.visibilityChanged.connect(self._on_visible)

    def activate(self) -> None:
        """Start working; done when the dock is seen."""
        raise NotImplementedError

    def _rest(self) -> None:
        """The dock is hidden."""
        raise NotImplementedError

    def _leave(self) -> None:
        """Disconnect from project, layers and map; called once."""
        raise NotImplementedError

    def close(self) -> bool:
        """Also the end of the plugin."""
        self.stop()
        return bool(super().close())

    def stop(self) -> None:
        """Leave nothing behind; a second call does nothing."""
        if self._stopped:
            return
        self._stopped = True
        self.visibilityChanged.disconnect(self._on_visible)
        self._leave()

    def _on_visible(self, visible: bool) -> None:
        if visible:
            self.activate()
        else:
            self._rest()

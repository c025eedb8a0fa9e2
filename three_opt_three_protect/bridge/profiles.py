"""Where policy profiles are looked for before the shipped ones."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional

from qgis.core import QgsApplication, QgsProject


def profile_folders(project: Optional[QgsProject]) -> List[Path]:
    """Beside the project when it is saved, then in the user's folder."""
    home = "" if project is None else str(project.homePath())
    own = Path(QgsApplication.qgisSettingsDirPath()) / "three_opt_three_protect" / "profiles"
    return [*([Path(home)] if home else []), own]

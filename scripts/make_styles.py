"""Write ``resources/styles/*.qml`` from the colour tables beside them: ``make_styles.py [folder]``.

For planners who load a layer by hand: Layer properties > Style > Load style.  Parcels are styled by
DLBM in the codes of the third survey; docks and sheets make the same styles for any classification.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CLASS_FIELD = "DLBM"
SYSTEM = "third_survey"


def main() -> int:
    """Write all files; 0."""
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "resources" / "styles"
    folder.mkdir(parents=True, exist_ok=True)
    for name in write_styles(folder):
        print(name)
    application.exitQgis()
    return 0


def write_styles(folder: Path) -> Dict[str, str]:
    """File name → role, of what was written into ``folder``."""
    from qgis.core import QgsMapLayer, QgsVectorLayer

    written = {}
    for name, (role, renderer) in renderers().items():
        layer = QgsVectorLayer("MultiPolygon?crs=EPSG:4528", role, "memory")
        layer.setRenderer(renderer)
        message, ok = layer.saveNamedStyle(str(folder / name), QgsMapLayer.StyleCategory.Symbology)
        if not ok:
            raise OSError(message)
        written[name] = role
    return written


def renderers() -> Dict[str, tuple]:
    """File name → role and renderer."""
    from qgis.core import QgsVectorLayer

    from three_opt_three_protect.bridge.stylepacks import PACKS, load_symbols
    from three_opt_three_protect.bridge.styles import KIND_FIELD, class_renderer, role_renderer
    from three_opt_three_protect.storage.catalogue import load_class_system

    system = load_class_system(SYSTEM)
    found = {
        f"parcels_{pack}.qml": ("parcels", class_renderer(system.classes, pack, CLASS_FIELD, system)) for pack in PACKS
    }
    for role in dict.fromkeys(role for role, _ in load_symbols() if role != "other"):
        field = f"&field={KIND_FIELD[role]}:string" if role in KIND_FIELD else ""
        layer = QgsVectorLayer(f"MultiPolygon?crs=EPSG:4528{field}", role, "memory")
        found[f"{role}.qml"] = (role, role_renderer(layer, role))
    return found


if __name__ == "__main__":
    sys.exit(main())

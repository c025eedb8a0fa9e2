"""The relations a plan database lists, set up between its layers in a project."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Tuple

from qgis.core import (
    QgsFeatureRequest,
    QgsProject,
    QgsProviderRegistry,
    QgsRelation,
    QgsRelationContext,
    QgsVectorLayer,
)

from three_opt_three_protect.bridge.features import open_features

PREFIX = "sysb_"
"""Of the ids, so that a second call finds what the first has made."""


def relate(project: QgsProject) -> List[str]:
    """Set up the relations of every plan database whose layers lie in ``project``.

    Relations by a part of a code (village and parcel: the first 12 characters) are listed in the file for other
    programs, but QGIS relates equal values only: they are set up where the codes are equal as they stand.

    Returns
    -------
    list of str
        Ids of the relations that are new.
    """
    from three_opt_three_protect.storage.plandb import RELATIONS

    manager = project.relationManager()
    made = []
    for path, layers in _plans(project).items():
        table = QgsVectorLayer(f"{path}|layername={RELATIONS}", RELATIONS, "ogr")
        if not table.isValid():
            continue
        for row in open_features(table, QgsFeatureRequest()):
            parent, child = layers.get(row["parent"]), layers.get(row["child"])
            if parent is None or child is None:
                continue
            fields = str(row["par_field"]), str(row["chi_field"])
            relation = _relation(project, str(row["name"]), (parent, child), fields)
            if relation is not None and not manager.relation(relation.id()).isValid():
                manager.addRelation(relation)
                made.append(str(relation.id()))
        del table
    return made


def _relation(
    project: QgsProject, name: str, layers: Tuple[QgsVectorLayer, QgsVectorLayer], fields: Tuple[str, str]
) -> Optional[QgsRelation]:
    (parent, child), (own, its) = layers, fields
    if parent.fields().indexOf(own) < 0 or child.fields().indexOf(its) < 0:
        return None
    relation = QgsRelation(QgsRelationContext(project))
    relation.setId(f"{PREFIX}{name}_{parent.id()}")
    relation.setName(f"{parent.name()} → {child.name()}")
    relation.setReferencedLayer(parent.id())
    relation.setReferencingLayer(child.id())
    relation.addFieldPair(its, own)
    return relation if relation.isValid() else None


def _plans(project: QgsProject) -> Dict[str, Dict[str, QgsVectorLayer]]:
    """GeoPackage → its layers in the project by their name in the file."""
    found: Dict[str, Dict[str, QgsVectorLayer]] = {}
    for layer in project.mapLayers().values():
        if isinstance(layer, QgsVectorLayer) and layer.providerType() == "ogr":
            parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
            path, name = str(parts.get("path") or ""), str(parts.get("layerName") or "")
            if Path(path).suffix.lower() == ".gpkg" and name:
                found.setdefault(path, {})[name] = layer
    return found

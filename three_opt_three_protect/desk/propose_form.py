"""What a proposal is to be made from: layers, years, what it is to be best in, how long to search."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from qgis.core import QgsMapLayerProxyModel, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from three_opt_three_protect.bridge.words import sentence
from three_opt_three_protect.core.roles import guess_names
from three_opt_three_protect.desk.memory import ProjectMemory
from three_opt_three_protect.desk.project_roles import project_layers
from three_opt_three_protect.desk.scenario_choice import CANDIDATES, SITES, choice_layer, states_cost
from three_opt_three_protect.desk.scenario_rows import objective_word
from three_opt_three_protect.storage.catalogue import load_role_schemas

AIMS = ("cost", "cultivated", "households", "contiguity")
WEIGHTED = "weighted"
_YEARS = re.compile(r"\d{4}")
_STAGES = 3
_MOST_YEARS = 20
_GAP, _SECONDS = 1.0, 60


@dataclass(frozen=True)
class Wish:
    """A filled form; layers by id.

    Attributes
    ----------
    weights
        Aim → weight, for ``weighted``.
    gap
        A share.
    """

    candidates: str
    sites: str
    demand: str
    phases: Tuple[int, ...]
    objective: str
    weights: Mapping[str, float] = field(default_factory=dict)
    gap: float = _GAP / 100
    seconds: int = _SECONDS
    whole_villages: bool = True


class ProposeForm(QWidget):
    """The form; what was chosen stays in the project."""

    def __init__(self, memory: ProjectMemory, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(5)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        polygon, plain = QgsMapLayerProxyModel.Filter.PolygonLayer, QgsMapLayerProxyModel.Filter.NoGeometry
        self.candidates = self._layer(self.tr("Reclaim candidates"), polygon, self._candidates_tip())
        self.candidates.activated.connect(lambda _: self._keep_candidates())
        self.sites = self._layer(self.tr("Building sites"), polygon, self.tr("Plots that may be built on, whole"))
        self.demand = self._layer(sentence("role.demand", {}), plain, self.tr("How much land each use needs, by year"))
        self.phases = QLineEdit()
        self.phases.setToolTip(self.tr("Years in which plots are reclaimed and built on"))
        self._row(self.tr("Years"), self.phases)
        self.objective = QComboBox()
        for aim in (*AIMS, WEIGHTED):
            self.objective.addItem(objective_word(aim), aim)
        self.objective.currentIndexChanged.connect(lambda _: self._show_weights())
        self._row(self.tr("Objective"), self.objective)
        self._add_weights()
        self._add_effort()
        self.whole = QCheckBox(self.tr("Natural villages as a whole"))
        self.whole.setToolTip(self.tr("All candidates of a natural village are reclaimed together, or none of them"))
        self._form.addRow("", self.whole)
        self._show_weights()

    def _candidates_tip(self) -> str:
        return str(self.tr("Plots that may be reclaimed, as the reclamation potential gives them"))

    def _keep_candidates(self) -> None:
        """Chosen once, candidates are also offered in the balance dock to close gaps."""
        layer = self.candidates.currentLayer()
        self._memory.keep_scenario(candidates=None if layer is None else str(layer.id()))

    def _layer(self, title: str, kind: Any, tip: str) -> QgsMapLayerComboBox:
        box = QgsMapLayerComboBox()
        box.setFilters(kind)
        box.setAllowEmptyLayer(True)
        box.setLayer(None)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(5)
        box.setToolTip(tip)
        self._row(title, box)
        return box

    def _row(self, title: str, box: Any) -> None:
        label = QLabel(title)
        label.setBuddy(box)
        box.setAccessibleName(title)
        self._form.addRow(label, box)

    def _add_weights(self) -> None:
        self._weights: Dict[str, QSpinBox] = {}
        self._weight_box = QWidget()
        grid = QGridLayout(self._weight_box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        for place, aim in enumerate(AIMS):
            box = QSpinBox()
            box.setRange(0, 100)
            box.setSuffix(" %")
            box.setToolTip(objective_word(aim))
            box.setAccessibleName(objective_word(aim))
            self._weights[aim] = box
            grid.addWidget(QLabel(objective_word(aim)), place, 0)
            grid.addWidget(box, place, 1)
        grid.setColumnStretch(1, 1)
        self._weight_label = QLabel(self.tr("Weights"))
        self._form.addRow(self._weight_label, self._weight_box)

    def _add_effort(self) -> None:
        self.gap = QDoubleSpinBox()
        self.gap.setRange(0.0, 20.0)
        self.gap.setDecimals(1)
        self.gap.setSingleStep(0.5)
        self.gap.setPrefix("≤ ")
        self.gap.setSuffix(" %")
        self.gap.setToolTip(self.tr("The search ends when no plan can be better by more than this"))
        self.seconds = QSpinBox()
        self.seconds.setRange(5, 3600)
        self.seconds.setSuffix(self.tr(" s"))
        self.seconds.setToolTip(self.tr("The search ends after this time with the best plan found by then"))
        line = QHBoxLayout()
        line.addWidget(self.gap, 1)
        line.addSpacing(6)
        line.addWidget(QLabel(self.tr("Longest")))
        line.addWidget(self.seconds, 1)
        label = QLabel(self.tr("Gap to the best"))
        label.setBuddy(self.gap)
        self._form.addRow(label, line)

    def _show_weights(self) -> None:
        weighted = self.objective.currentData() == WEIGHTED
        self._weight_box.setVisible(weighted)
        self._weight_label.setVisible(weighted)

    # Filled in

    def prefill(self, demand: Optional[QgsVectorLayer], period: Optional[Tuple[int, int]]) -> None:
        """What was chosen before, else what roles and names of layers suggest."""
        kept = self._memory.scenario()
        layers = {layer.id(): layer for layer in project_layers()}
        for name, box in ((CANDIDATES, self.candidates), (SITES, self.sites)):
            box.setLayer(choice_layer(self._memory, name))
        wanted = layers.get(str(kept.get("demand", "")))
        self.demand.setLayer(demand if wanted is None else wanted)
        years = kept.get("phases") or _years_of(self.demand.currentLayer())
        years = years or (_thirds(*period) if period is not None else [])
        self.phases.setText(", ".join(map(str, years)))
        # The reclamation potential knows no prices: least cost would be refused.
        first = "cost" if states_cost(self.candidates.currentLayer()) else "cultivated"
        self.objective.setCurrentIndex(max(0, self.objective.findData(kept.get("objective", first))))
        weights = kept.get("aims", {})
        for aim, box in self._weights.items():
            box.setValue(int(weights.get(aim, 100 // len(AIMS))))
        self.gap.setValue(float(kept.get("gap", _GAP)))
        self.seconds.setValue(int(kept.get("seconds", _SECONDS)))
        self.whole.setChecked(bool(kept.get("whole", True)))

    def wish(self) -> Wish:
        """What is filled in; kept in the project."""
        years = sorted({int(year) for year in _YEARS.findall(self.phases.text())})
        aims = {aim: box.value() for aim, box in self._weights.items()}
        ids = {
            name: "" if box.currentLayer() is None else str(box.currentLayer().id())
            for name, box in (("candidates", self.candidates), ("sites", self.sites), ("demand", self.demand))
        }
        objective = str(self.objective.currentData())
        self._memory.keep_scenario(
            **{name: layer or None for name, layer in ids.items()},
            phases=years or None,
            objective=objective,
            aims=aims,
            gap=self.gap.value(),
            seconds=self.seconds.value(),
            whole=self.whole.isChecked(),
        )
        total = sum(aims.values())
        weights = {aim: weight / total for aim, weight in aims.items()} if objective == WEIGHTED and total else {}
        return Wish(
            ids["candidates"],
            ids["sites"],
            ids["demand"],
            tuple(years),
            objective,
            weights,
            self.gap.value() / 100,
            self.seconds.value(),
            self.whole.isChecked(),
        )

    def lacking(self) -> str:
        """What must be filled in first, ``""`` = nothing."""
        if self.candidates.currentLayer() is None:
            return str(
                self.tr("Choose the layer of candidates for reclamation; the tool “Reclamation potential” makes one.")
            )
        if self.sites.currentLayer() is None:
            return str(self.tr("Choose the layer of sites for building."))
        if not _YEARS.findall(self.phases.text()):
            return str(self.tr("Give the years of the plan, e.g. 2016, 2018, 2020."))
        if self.objective.currentData() == WEIGHTED and not any(box.value() for box in self._weights.values()):
            return str(self.tr("Give at least one objective a weight."))
        return ""


def _years_of(demand: Optional[QgsVectorLayer]) -> List[int]:
    """The years in which land is wanted: what is built by then must be reclaimed for by then."""
    if demand is None:
        return []
    names = guess_names([field.name() for field in demand.fields()], load_role_schemas()["demand"])
    at = demand.fields().indexOf(names.get("phase", ""))
    words = [] if at < 0 else [str(value) for value in demand.uniqueValues(at, _MOST_YEARS)]
    return sorted({int(word) for word in words if _YEARS.fullmatch(word)})


def _thirds(first: int, last: int) -> List[int]:
    """The last years of three stages of about the same length."""
    count = min(_STAGES, last - first + 1)
    return [first - 1 + round((last - first + 1) * (number + 1) / count) for number in range(count)]

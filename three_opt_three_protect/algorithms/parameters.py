"""How an algorithm declares its parameters and outputs: one line each, none without help."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from three_opt_three_protect.algorithms.translated import Translated
from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE

POLYGON = QgsProcessing.SourceType.TypeVectorPolygon
LINE = QgsProcessing.SourceType.TypeVectorLine
POINT = QgsProcessing.SourceType.TypeVectorPoint
TABLE = QgsProcessing.SourceType.TypeVector

DATUM_SHIFT = "DATUM_SHIFT"
ISSUES = "ISSUES"
REPAIRED = "REPAIRED"
DROPPED = "DROPPED"


class Parameters(Translated, QgsProcessingAlgorithm):  # type: ignore[misc]
    """The ``add_…`` methods of an algorithm's ``declare``.

    Every parameter takes a name, a label and a help text, both already translated
    (``self.tr("…")``).
    """

    def __init__(self) -> None:
        super().__init__()
        self.output_help: Dict[str, str] = {}
        self.sink_types: Dict[str, int] = {}

    def _add(self, definition: QgsProcessingParameterDefinition, about: str, advanced: bool = False) -> None:
        definition.setHelp(about)
        if advanced:
            flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
            definition.setFlags(definition.flags() | flag)
        name = definition.name()
        if not self.addParameter(definition):
            # QGIS has deleted it already.
            raise ValueError(f"{name} is declared twice")

    def _add_output(self, definition: QgsProcessingOutputDefinition, about: str) -> None:
        name = definition.name()
        if not self.addOutput(definition):
            raise ValueError(f"{name} is declared twice")
        self.output_help[name] = about

    # Inputs

    def add_polygons(self, name: str, label: str, about: str, optional: bool = False) -> None:
        """A polygon layer; a selection, a path or a layer id will do."""
        self._add(QgsProcessingParameterFeatureSource(name, label, [int(POLYGON)], None, optional), about)

    def add_lines(self, name: str, label: str, about: str, optional: bool = False) -> None:
        """A line layer."""
        self._add(QgsProcessingParameterFeatureSource(name, label, [int(LINE)], None, optional), about)

    def add_points(self, name: str, label: str, about: str, optional: bool = False) -> None:
        """A point layer."""
        self._add(QgsProcessingParameterFeatureSource(name, label, [int(POINT)], None, optional), about)

    def add_table(self, name: str, label: str, about: str, optional: bool = False) -> None:
        """A table, with or without geometry."""
        self._add(QgsProcessingParameterFeatureSource(name, label, [int(TABLE)], None, optional), about)

    def add_many_polygons(self, name: str, label: str, about: str) -> None:
        """Any number of polygon layers, also none; their order counts."""
        self._add(QgsProcessingParameterMultipleLayers(name, label, POLYGON, None, True), about)

    def add_field(self, name: str, label: str, about: str, of: str, optional: bool = True, many: bool = False) -> None:
        """A field of the layer parameter ``of``."""
        kind = QgsProcessingParameterField.DataType.Any
        self._add(QgsProcessingParameterField(name, label, None, of, kind, many, optional), about)

    def add_word(
        self,
        name: str,
        label: str,
        about: str,
        words: Sequence[str],
        default: Optional[str] = None,
        advanced: bool = False,
    ) -> None:
        """One of ``words``, passed as the word itself in every language."""
        first = words[0] if default is None else default
        parameter = QgsProcessingParameterEnum(name, label, list(words), defaultValue=first, usesStaticStrings=True)
        self._add(parameter, about, advanced)

    def add_choice(self, name: str, label: str, about: str, options: Sequence[str], default: int = 0) -> None:
        """One of ``options`` (translated), passed by its number."""
        self._add(QgsProcessingParameterEnum(name, label, list(options), defaultValue=default), about)

    def add_area_method(self, name: str = "AREA_METHOD") -> None:
        """How areas are measured: 0 official strip formula, 1 geodesic, 2 planar."""
        self.add_choice(
            name,
            self.tr("Area method"),
            self.tr(
                "0: official strip formula of the land survey on the layer's ellipsoid; 1: geodesic area; "
                "2: planar area in the projection. Reported figures use 0."
            ),
            [self.tr("Official ellipsoidal area"), self.tr("Geodesic area"), self.tr("Planar area")],
        )

    def add_profile(self, name: str = "PROFILE") -> None:
        """The policy profile that holds every coefficient."""
        self.add_text(
            name,
            self.tr("Policy profile"),
            self.tr("Id of a policy profile (suzhou-2014, territorial-2021) or the path of your own profile file."),
            DEFAULT_PROFILE,
            optional=True,
        )

    def add_class_system(self) -> None:
        """The classification, when it is not to be detected."""
        self.add_text(
            "CLASS_SYSTEM",
            self.tr("Land classification"),
            self.tr(
                "Id of the classification (third_survey, second_survey, gbt21010_2017, land_plan, land_sea_2023 …) "
                "or the path of a code table of your own (CSV). Left out: detected from codes and names."
            ),
            optional=True,
        )

    def add_datum_shift(self) -> None:
        """The planner's own parameters between two datums; used wherever a layer is brought to another's CRS."""
        self.add_file(
            DATUM_SHIFT,
            self.tr("Transformation parameters"),
            self.tr(
                "File (YAML) with your own 4 or 7 parameters and the datums they lead from and to, for layers on "
                "another datum (such as Xi'an 80). Left out: layers on another datum are refused, unless an operation "
                "is set in the project."
            ),
            optional=True,
            pattern="YAML (*.yaml *.yml)",
            advanced=True,
        )

    def add_number(
        self,
        name: str,
        label: str,
        about: str,
        default: Optional[float] = None,
        minimum: Optional[float] = None,
        maximum: Optional[float] = None,
        advanced: bool = False,
    ) -> None:
        """A real number; without a default it may be left out."""
        self._number(QgsProcessingParameterNumber.Type.Double, name, label, about, default, minimum, maximum, advanced)

    def add_integer(
        self,
        name: str,
        label: str,
        about: str,
        default: Optional[int] = None,
        minimum: Optional[int] = None,
        maximum: Optional[int] = None,
        advanced: bool = False,
    ) -> None:
        """A whole number; without a default it may be left out."""
        self._number(QgsProcessingParameterNumber.Type.Integer, name, label, about, default, minimum, maximum, advanced)

    def _number(
        self,
        kind: Any,
        name: str,
        label: str,
        about: str,
        default: Optional[float],
        minimum: Optional[float],
        maximum: Optional[float],
        advanced: bool,
    ) -> None:
        definition = QgsProcessingParameterNumber(name, label, kind, default, default is None)
        if minimum is not None:
            definition.setMinimum(minimum)
        if maximum is not None:
            definition.setMaximum(maximum)
        self._add(definition, about, advanced)

    def add_switch(self, name: str, label: str, about: str, default: bool = False) -> None:
        """Yes or no."""
        self._add(QgsProcessingParameterBoolean(name, label, default), about)

    def add_text(
        self, name: str, label: str, about: str, default: Optional[str] = None, optional: bool = False
    ) -> None:
        """A line of text."""
        self._add(QgsProcessingParameterString(name, label, default, False, optional), about)

    def add_date(self, name: str, label: str, about: str) -> None:
        """A day; may be left out."""
        kind = QgsProcessingParameterDateTime.Type.Date
        self._add(QgsProcessingParameterDateTime(name, label, kind, None, True), about)

    def add_file(
        self,
        name: str,
        label: str,
        about: str,
        extension: str = "",
        optional: bool = False,
        pattern: str = "",
        advanced: bool = False,
    ) -> None:
        """A file to read; ``pattern`` is a file filter such as ``"TXT (*.txt);;* (*)"``."""
        kind = QgsProcessingParameterFile.Behavior.File
        self._add(QgsProcessingParameterFile(name, label, kind, extension, None, optional, pattern), about, advanced)

    def add_crs(self, name: str, label: str, about: str, optional: bool = False) -> None:
        """A coordinate system."""
        self._add(QgsProcessingParameterCrs(name, label, None, optional), about)

    # Outputs

    def add_sink(self, name: str, label: str, about: str, geometry: Any = POLYGON, optional: bool = False) -> None:
        """A layer or table to make; the first of an algorithm is required, the others are optional."""
        kind = QgsProcessing.SourceType.TypeVector if geometry == TABLE else geometry
        definition = QgsProcessingParameterFeatureSink(name, label, kind, None, optional, createByDefault=not optional)
        self.sink_types[name] = int(geometry)
        self._add(definition, about)

    def add_file_output(self, name: str, label: str, about: str, pattern: str, optional: bool = True) -> None:
        """A file to write; ``pattern`` is a file filter such as ``"Excel (*.xlsx)"``."""
        self._add(QgsProcessingParameterFileDestination(name, label, pattern, None, optional, not optional), about)

    def add_folder_output(self, name: str, label: str, about: str, optional: bool = True) -> None:
        """A folder to write into."""
        self._add(QgsProcessingParameterFolderDestination(name, label, None, optional, not optional), about)

    def add_figure(self, name: str, label: str, about: str) -> None:
        """A number in the result, for models and the log; None when it cannot be known."""
        self._add_output(QgsProcessingOutputNumber(name, label), about)

    def add_string(self, name: str, label: str, about: str) -> None:
        """A text in the result."""
        self._add_output(QgsProcessingOutputString(name, label), about)

    def add_geometry_report(self) -> None:
        """What every algorithm that reads polygons reports: ISSUES, REPAIRED, DROPPED."""
        self.add_sink(
            ISSUES,
            self.tr("Geometry issues"),
            self.tr("Every polygon that was made valid or left out, with layer, feature id, reason and areas."),
            TABLE,
            optional=True,
        )
        self.add_figure(
            REPAIRED, self.tr("Polygons repaired"), self.tr("Number of invalid polygons that were made valid.")
        )
        self.add_figure(
            DROPPED,
            self.tr("Features left out"),
            self.tr("Number of features without a usable polygon: no geometry, no area, or not finite."),
        )

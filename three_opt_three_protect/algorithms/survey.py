"""The parameters that say what parcels are and what they are overlaid with, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from three_opt_three_protect.algorithms.base import PlanAlgorithm, Run
from three_opt_three_protect.core.errors import InputError

if TYPE_CHECKING:
    from three_opt_three_protect.core.findings import Finding
    from three_opt_three_protect.core.parcelareas import AreaControls
    from three_opt_three_protect.core.rules import Profile
    from three_opt_three_protect.core.tables import LayerTable
    from three_opt_three_protect.plans.inputs import Source, SurveyInputs
    from three_opt_three_protect.plans.workbook import Origin

FIELDS: Mapping[str, str] = {
    "ID_FIELD": "parcel_id",
    "CLASS_FIELD": "class_code",
    "UNIT_FIELD": "unit_code",
    "AREA_FIELD": "area",
    "DEDUCT_FIELD": "deduct_rate",
    "GRADE_FIELD": "grade",
}
"""Field parameter → role field."""

NUMBERS = frozenset({"area", "deduct_rate", "grade"})
"""Role fields that hold numbers."""

LINES: Mapping[str, str] = {"FARMLAND": "farmland", "BOUNDARY": "boundary", "REDLINE": "redline"}

CONVERSIONS: Mapping[str, str] = {
    "APPROVED_UNBUILT": "approved_unbuilt",
    "ILLEGAL_BUILT": "illegal_built",
    "TEMPORARY": "temporary",
    "DEMOLISHED": "demolished",
}
"""Layer parameter → kind of base conversion."""

REPAIRS = frozenset({"geometry_left_out", "geometry_repaired"})

SURVEY_SHARE = 0.1
"""Share of the computing that taking parcels and lines out of their layers has."""


class SurveyAlgorithm(PlanAlgorithm):
    """Base of the algorithms that cut parcels along lines."""

    def add_parcels(self, name: str, optional: bool = False) -> None:
        """The parcel layer and its fields."""
        self.add_polygons(
            name,
            self.tr("Land parcels"),
            self.tr("Land-use parcels of the survey (DLTB). All other layers are brought to its coordinate system."),
            optional,
        )
        self.add_field(
            "ID_FIELD",
            self.tr("Parcel id field"),
            self.tr("Identifies a parcel in results; left out: the feature id."),
            name,
        )
        self.add_field(
            "CLASS_FIELD",
            self.tr("Land class field"),
            self.tr("Land class code; left out: DLBM or another standard name."),
            name,
        )
        self.add_field(
            "UNIT_FIELD",
            self.tr("Village field"),
            self.tr("Code of the village, its first 12 characters count; left out: ZLDWDM or another standard name."),
            name,
        )
        self.add_field(
            "AREA_FIELD",
            self.tr("Recorded area field"),
            self.tr(
                "Recorded area in m² (TBMJ) that the pieces of a parcel must add up to; left out: the "
                "parcel's own area by the area method, rounded to 0.01 m²."
            ),
            name,
        )
        self.add_field(
            "DEDUCT_FIELD",
            self.tr("Deduction rate field"),
            self.tr("Rate of field ridges to deduct (KCXS, 0 to below 1); left out: net area = gross area."),
            name,
        )

    def add_lines_of_control(self) -> None:
        """Farmland, boundary, redline."""
        self.add_polygons(
            "FARMLAND", self.tr("Permanent basic farmland"), self.tr("Polygons of permanent basic farmland."), True
        )
        self.add_polygons(
            "BOUNDARY", self.tr("Urban development boundary"), self.tr("Area inside the development boundary."), True
        )
        self.add_polygons(
            "REDLINE",
            self.tr("Ecological redline"),
            self.tr("Redline areas; a field level (1 or 2) gives the control level, without it level 1 is assumed."),
            True,
        )

    def add_conversions(self, wanted: Sequence[str] = tuple(CONVERSIONS)) -> None:
        """Layers that correct the survey's classes to the plan's base: those ``wanted`` of :data:`CONVERSIONS`."""
        texts = {
            "APPROVED_UNBUILT": (
                self.tr("Approved, not built"),
                self.tr("Land approved for construction and not built on: construction land in the base state."),
            ),
            "ILLEGAL_BUILT": (
                self.tr("Built without approval"),
                self.tr("Construction land without approval: in the base state what class_before says it was."),
            ),
            "TEMPORARY": (
                self.tr("Temporary land use"),
                self.tr("Land used for a time only: in the base state what class_before says it was."),
            ),
            "DEMOLISHED": (
                self.tr("Demolished construction land"),
                self.tr("Cleared land whose approval still stands: construction land in the base state."),
            ),
        }
        for name in wanted:
            self.add_polygons(name, *texts[name], True)

    def add_area_controls(self) -> None:
        """Control areas, and what the second survey takes off parcels."""
        self.add_table(
            "VILLAGES",
            self.tr("Control areas of villages"),
            self.tr(
                "Layer or table of villages with control areas: the areas of each village's parcels are brought to "
                "add up to them. Parcels belong to the village whose code they state."
            ),
            True,
        )
        self.add_field(
            "VILLAGE_CODE",
            self.tr("Code field of the control areas"),
            self.tr("Code of the village, its first 12 characters count; left out: XZQDM or another standard name."),
            "VILLAGES",
        )
        self.add_field(
            "VILLAGE_AREA",
            self.tr("Area field of the control areas"),
            self.tr(
                "Control area in m²; left out: DCMJ, else KZMJ. A village without one takes what its parcels have."
            ),
            "VILLAGES",
        )
        self.add_number(
            "TOWNSHIP_AREA",
            self.tr("Control area of the township (m²)"),
            self.tr("Control area of all parcels together; left out: the sum of what lies below."),
            minimum=0.01,
        )
        self.add_lines(
            "LINES",
            self.tr("Line features (XZDW)"),
            self.tr(
                "Line features of the second survey; their areas are taken off the parcels they name and shared out "
                "to the pieces by length. The deduction rate is then that of ridges (TKXS)."
            ),
            True,
        )
        self.add_points(
            "POINTS",
            self.tr("Point features (LXDW)"),
            self.tr("Point features of the second survey; their areas are taken off the pieces they lie in."),
            True,
        )
        self.add_word(
            "TK_BASE",
            self.tr("Ridges are taken of"),
            self.tr(
                "With line or point features: net = the ridge rate applies to what these leave of a parcel; "
                "gross = to the whole parcel, as some software has it."
            ),
            ("net", "gross"),
            advanced=True,
        )

    def add_snapping(self) -> None:
        """How far zone vertices may be moved onto parcel vertices."""
        self.add_number(
            "TOLERANCE",
            self.tr("Snapping tolerance (m)"),
            self.tr("Vertices of the other layers at most this far from a parcel vertex are moved onto it; 0 = off."),
            default=0.001,
            minimum=0.0,
            maximum=1.0,
            advanced=True,
        )

    def read_survey(
        self, run: Run, parcels: str, extra: Optional[Mapping[str, str]] = None, guess_all: bool = False
    ) -> SurveyInputs:
        """Read the parcels and lines given.

        Parameters
        ----------
        parcels
            Name of the parcel parameter.
        extra
            Further parameters → roles (villages, settlements, approved_unbuilt).
        guess_all
            Every field with a standard name is used, not only class, village and grade, and all
            fields are read.
        """
        from three_opt_three_protect.plans.inputs import GUESSED, Source, survey_inputs
        from three_opt_three_protect.storage.catalogue import load_class_system

        guess = None if guess_all else GUESSED | self._control_fields(run)
        fields = self._fields_chosen(run)
        needed = None if guess_all else needed_fields(run, parcels, "parcels", fields, guess)
        table = run.polygons(parcels, needed)
        for role_field, name in fields.items():
            if role_field in NUMBERS:
                require_numbers(table, name)
        lines: Dict[str, Source] = {}
        for parameter, role in {**LINES, **(extra or {})}.items():
            needed = None if guess_all else needed_fields(run, parameter, role)
            found = run.maybe_polygons(parameter, needed, table)
            if found is not None:
                lines[role] = Source(found, repaired=run.report.of(parameter))
        chosen = run.text("CLASS_SYSTEM")
        survey = survey_inputs(
            Source(table, fields, guess, run.report.of(parcels)),
            lines,
            self._other_zones(run, table, guess_all),
            run.profile() if self.parameterDefinition("PROFILE") is not None else default_profile(),
            run.area_method(),
            load_class_system(chosen) if chosen else None,
            run.lonlat(table.crs) if table.crs is not None else None,
            run.progress.part(SURVEY_SHARE),
        )
        self.say(run, survey.findings)
        return survey

    def _control_fields(self, run: Run) -> FrozenSet[str]:
        """Role fields of the parcels that control areas, features and printed tables need."""
        from three_opt_three_protect.plans.controls import fields_wanted
        from three_opt_three_protect.plans.inputs import PRINT_FIELDS

        declared = {item.name() for item in self.parameterDefinitions()}
        given = {name for name in ("VILLAGES", "LINES", "POINTS") if name in declared and run.has(name)}
        # Villages of a balance are lines to cut with: they bind no areas.
        bound = "VILLAGES" in given and "VILLAGE_AREA" in declared
        wanted = fields_wanted(bound, bool(given & {"LINES", "POINTS"}))
        printed = "XLSX" in declared and run.file_output("XLSX")
        return wanted | PRINT_FIELDS if printed else wanted

    def read_controls(self, run: Run, survey: SurveyInputs) -> AreaControls:
        """Read the control areas and features given."""
        from three_opt_three_protect.plans.controls import ControlSources, area_controls

        fields = {"unit_code": run.field("VILLAGE_CODE"), "control_area": run.field("VILLAGE_AREA")}
        chosen = {role: name for role, name in fields.items() if name}
        sources = ControlSources(
            self._control_source(run, "VILLAGES", "villages", chosen),
            run.number("TOWNSHIP_AREA"),
            self._control_source(run, "LINES", "lines", {}, survey.parcels.table),
            self._control_source(run, "POINTS", "points", {}, survey.parcels.table),
            run.word("TK_BASE"),
        )
        return area_controls(sources, survey.mapping)

    def _control_source(
        self, run: Run, parameter: str, role: str, chosen: Dict[str, str], like: Optional[LayerTable] = None
    ) -> Optional[Source]:
        from three_opt_three_protect.plans.inputs import Source

        fields = needed_fields(run, parameter, role, chosen)
        table = run.maybe_table(parameter, fields) if like is None else run.maybe_features(parameter, fields, like)
        return None if table is None else Source(table, chosen)

    def _fields_chosen(self, run: Run) -> Dict[str, str]:
        """Role field → field of the parcels, as chosen."""
        declared = {name: role for name, role in FIELDS.items() if self.parameterDefinition(name) is not None}
        return {role: str(run.field(name)) for name, role in declared.items() if run.field(name)}

    def _other_zones(self, run: Run, parcels: LayerTable, whole: bool) -> List[Source]:
        from three_opt_three_protect.plans.inputs import Source

        if self.parameterDefinition("OTHER_ZONES") is None:
            return []
        tables = run.many_polygons("OTHER_ZONES", None if whole else (), parcels)
        return [
            Source(table, repaired=run.report.of(f"OTHER_ZONES.{number}")) for number, table in enumerate(tables, 1)
        ]

    def origin(self, run: Run, survey: SurveyInputs, profile: Profile, layers: Mapping[str, LayerTable]) -> Origin:
        """Where the figures of a workbook come from.

        Parameters
        ----------
        layers
            Role → layer read.
        """
        return self.origin_of(
            run, layers, profile=profile.id, class_system=survey.system.name, crs=survey.spec.crs.authid
        )

    def origin_of(self, run: Run, layers: Mapping[str, LayerTable], **said: str) -> Origin:
        """As :meth:`origin`, for a run without a survey: ``said`` are facts that only the caller knows."""
        from three_opt_three_protect.bridge.provenance import now, plugin_version
        from three_opt_three_protect.plans.workbook import Origin
        from three_opt_three_protect.storage.digest import digest

        declared = {item.name() for item in self.parameterDefinitions()}
        shift = run.datum_shift()
        day = run.date("AS_OF") if "AS_OF" in declared else None
        facts = {
            "algorithm": f"{self.title()} ({self.id()})",
            "time": now(),
            "plugin": plugin_version(),
            "profile": "",
            "class_system": "",
            "area_method": "",
            "snap": str(run.number("TOLERANCE") or 0) if "TOLERANCE" in declared else "",
            "as_of": "" if day is None else str(day),
            "crs": "",
            "datum_shift": "" if shift is None else shift.written,
            "repaired": str(run.report.repaired()),
            "dropped": str(run.report.dropped()),
        }
        if "AREA_METHOD" in declared:
            methods = self.parameterDefinition("AREA_METHOD").options()
            facts["area_method"] = str(methods[run.choice("AREA_METHOD")])
        facts.update(said)
        stated = tuple((fact, value) for fact, value in facts.items() if value)
        return Origin(now()[:10], stated, layers, {role: digest(table) for role, table in layers.items()})

    def say(self, run: Run, findings: Tuple[Finding, ...]) -> None:
        """Findings as lines of the log, the serious ones so that they stand out."""
        for finding in findings:
            if finding.id in REPAIRS:
                continue  # said while reading
            tell = run.log if finding.severity == "info" else run.warn
            tell(finding.id, **finding.values)


def needed_fields(
    run: Run,
    parameter: str,
    role: str,
    chosen: Optional[Mapping[str, str]] = None,
    guess: Optional[FrozenSet[str]] = None,
) -> Optional[List[str]]:
    """Names of the fields the survey needs of a layer; None = all, so that a message can name them."""
    from three_opt_three_protect.plans.inputs import SURVEY_FIELDS, survey_fields

    found = survey_fields(run.field_names(parameter), role, chosen or {}, guess)
    return found if found or role not in SURVEY_FIELDS else None


def measured_m2(area: float) -> float:
    """An area in m² as reported where nothing is apportioned: no sign or digits that are only rounding."""
    return max(0.0, round(area, 4))


def require_numbers(table: LayerTable, field: str) -> None:
    """Refuse a text field chosen for numbers when a value of it is none.

    Raises
    ------
    InputError
        ``no_number``: names layer, field, value and features.
    """
    import numpy as np

    from three_opt_three_protect.core.tables import Kind, as_real, as_text, first_features

    column = table.column(field)
    if column.kind is not Kind.TEXT:
        return
    written = as_text(column)
    wrong = np.isnan(as_real(column)) & np.array([value is not None for value in written], dtype=np.bool_)
    if wrong.any():
        value, features = str(written[wrong][0]), first_features(table, wrong)
        raise InputError("no_number", layer=table.name, field=field, value=value, features=features)


def default_profile() -> Profile:
    """The profile where none can be chosen: only its rounding tolerances are used."""
    from three_opt_three_protect.storage.profiles import DEFAULT_PROFILE, load_profile

    return load_profile(DEFAULT_PROFILE)

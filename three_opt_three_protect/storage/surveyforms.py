"""The forms of survey coordinate files (勘测定界 TXT), read from ``resources/surveytxt``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Mapping, Tuple

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.core.numbering import Numbering, Restart
from three_opt_three_protect.storage.yamlfile import Entry, read_yaml

_STATUSES = ("text", "web", "repo", "practice", "computed", "unverified")
_PLOT_WORDS = ("count", "area", "number", "name", "kind", "sheet", "use", "class_code", "blank", "end")
_POINT_WORDS = ("point", "ring", "north", "east", "blank")
_KEYS = (
    "title basis status encoding separator header_section header parcels_section parcel vertex point_prefix kind end "
    "restart holes_clockwise closed counts_closing decimals area_decimals zone_prefix area_tolerance"
).split()


@dataclass(frozen=True)
class SurveyForm:
    """How one receiving system writes plots and their boundary points.

    Attributes
    ----------
    id
        Name of the file in ``resources/surveytxt``, the word of the parameter TEMPLATE.
    title
        Language → name.
    basis, status
        Where the form is known from, and how sure that is.
    encoding, separator
        ``"gbk"`` or ``"utf-8"``; what stands between the entries of a line.
    header_section, header, parcels_section
        Names of the two sections, and (key, value) of the first, words in braces to be filled in.
    parcel, vertex
        What stands in which place of a plot's and of a point's line.
    point_prefix, kind, end
        ``J`` before a point's number; the word for polygons; what ends a plot's line.
    numbering
        Where numbers begin anew, which way holes run.
    closed, counts_closing
        A ring ends with its first point; that point is counted.
    decimals, area_decimals
        Digits of coordinates, and of areas in hectares.
    zone_prefix
        Eastings carry the zone number.
    area_tolerance
        Share by which a stated area may differ from the drawn one without a word.
    """

    id: str
    title: Mapping[str, str]
    basis: str
    status: str
    encoding: str
    separator: str
    header_section: str
    header: Tuple[Tuple[str, str], ...]
    parcels_section: str
    parcel: Tuple[str, ...]
    vertex: Tuple[str, ...]
    point_prefix: str
    kind: str
    end: str
    numbering: Numbering
    closed: bool
    counts_closing: bool
    decimals: int
    area_decimals: int
    zone_prefix: bool
    area_tolerance: float

    @property
    def north_first(self) -> bool:
        """The northing stands before the easting."""
        return self.vertex.index("north") < self.vertex.index("east")


def form_ids() -> Tuple[str, ...]:
    """Ids of all forms, in their order, without reading them."""
    return tuple(sorted(path.stem for path in paths.resource("surveytxt").glob("*.yaml")))


@cache
def load_forms() -> Mapping[str, SurveyForm]:
    """All forms by id, in the order of their ids.

    Raises
    ------
    SchemaError
        ``resource_…``: a file of ``resources/surveytxt`` is not as it must be.
    """
    return {form: _form(paths.resource("surveytxt", f"{form}.yaml")) for form in form_ids()}


def form_of(form_id: str) -> SurveyForm:
    """The form called ``form_id``.

    Raises
    ------
    InputError
        ``survey_no_such_form``.
    """
    forms = load_forms()
    if form_id not in forms:
        raise InputError("survey_no_such_form", form=form_id, known=", ".join(forms))
    return forms[form_id]


def _form(path: Path) -> SurveyForm:
    entry = read_yaml(path).mapping(required=_KEYS, optional=())
    return SurveyForm(
        id=path.stem,
        title={language: title.text() for language, title in entry["title"].mapping(("zh", "en"), ()).items()},
        basis=entry["basis"].text(),
        status=entry["status"].word_of(_STATUSES),
        encoding=entry["encoding"].word_of(("gbk", "utf-8")),
        separator=entry["separator"].text(),
        header_section=entry["header_section"].text(),
        header=tuple((key, value.text()) for key, value in entry["header"].mapping().items()),
        parcels_section=entry["parcels_section"].text(),
        parcel=_line(entry["parcel"], _PLOT_WORDS, ("count", "end")),
        vertex=_line(entry["vertex"], _POINT_WORDS, ("point", "ring", "north", "east")),
        point_prefix=entry["point_prefix"].raw,
        kind=entry["kind"].text(),
        end=entry["end"].text(),
        numbering=Numbering(
            Restart(entry["restart"].word_of([word.value for word in Restart])), entry["holes_clockwise"].switch()
        ),
        closed=entry["closed"].switch(),
        counts_closing=entry["counts_closing"].switch(),
        decimals=entry["decimals"].whole(),
        area_decimals=entry["area_decimals"].whole(),
        zone_prefix=entry["zone_prefix"].switch(),
        area_tolerance=entry["area_tolerance"].number(),
    )


def _line(entry: Entry, words: Tuple[str, ...], needed: Tuple[str, ...]) -> Tuple[str, ...]:
    """The words of a line, each known, those needed among them once."""
    found = tuple(item.word_of(words) for item in entry.list())
    for word in needed:
        if found.count(word) != 1:
            entry.fail("resource_missing_key", where=entry.name, key=word)
    return found

"""``surveytxtexport``: plots → a survey coordinate file (勘测定界 TXT), boundary points and their table (T25)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Optional

from three_opt_three_protect.algorithms.base import PlanAlgorithm, Results, Run
from three_opt_three_protect.algorithms.parameters import POINT
from three_opt_three_protect.core.tables import LayerTable, as_text
from three_opt_three_protect.storage.surveyforms import SurveyForm, form_ids, form_of

if TYPE_CHECKING:
    from three_opt_three_protect.storage.surveywrite import SurveySheet

FIELDS = {
    "NO_FIELD": "number",
    "NAME_FIELD": "name",
    "USE_FIELD": "use",
    "CLASS_FIELD": "class_code",
    "SHEET_FIELD": "sheet",
}
"""Field parameter → what it is in a plot's line."""
USUAL = "approval"
ENCODINGS = {"gbk": "gbk", "utf8": "utf-8"}


class SurveyTxtExport(PlanAlgorithm):
    """Plots as a coordinate file of the receiving system."""

    ID = "surveytxtexport"
    GROUP = "prepare"

    def title(self) -> str:
        return self.tr("Export survey coordinates (TXT)")

    def summary(self) -> str:
        return self.tr("Writes plots as a survey coordinate file, with boundary points and their table (T25).")

    def about(self) -> str:
        return self.tr(
            "Orders and numbers the boundary points as land reports do: exterior rings clockwise from the "
            "north-west point, holes anticlockwise, the closing point repeats the first number. Areas in the file "
            "are those by the rounded coordinates. The layer must be in a Gauss–Krüger zone; the zone number is "
            "put before the easting where the template asks for it."
        )

    def declare(self) -> None:
        self.add_polygons("INPUT", self.tr("Plots"), self.tr("Polygons in a Gauss–Krüger zone."))
        self.add_word(
            "TEMPLATE",
            self.tr("Template"),
            self.tr(
                "approval: construction land approval (J1,ring,X,Y). linkage: linkage of urban and rural "
                "construction land (J1,X,Y,,ring). X is north."
            ),
            list(form_ids()),
            USUAL,
        )
        self.add_field(
            "NO_FIELD", self.tr("Plot number"), self.tr("Left out: the field plot_id, else the row's number."), "INPUT"
        )
        self.add_field("NAME_FIELD", self.tr("Plot name"), self.tr("Left out: the plot's number."), "INPUT")
        self.add_field("USE_FIELD", self.tr("Use"), self.tr("Left out: empty in the file."), "INPUT")
        self.add_field("CLASS_FIELD", self.tr("Land class code"), self.tr("Left out: empty in the file."), "INPUT")
        self.add_field("SHEET_FIELD", self.tr("Map sheet number"), self.tr("Left out: empty in the file."), "INPUT")
        self.add_word(
            "ENCODING",
            self.tr("Encoding"),
            self.tr("gbk is what the receiving systems expect; utf8 holds every character."),
            list(ENCODINGS),
        )
        self.add_integer("DECIMALS", self.tr("Decimals"), self.tr("Decimals of the coordinates in metres."), 3, 0, 6)
        self.add_text(
            "MAKER", self.tr("Office"), self.tr("The office that hands the file in, for its head."), optional=True
        )
        self.add_file_output("OUTPUT", self.tr("Coordinate file"), self.tr("The file to write."), "TXT (*.txt)", False)
        self.add_sink(
            "POINTS", self.tr("Boundary points"), self.tr("One point a boundary point, with its number."), POINT, True
        )
        self.add_file_output(
            "XLSX",
            self.tr("Workbook"),
            self.tr("The table of boundary points (T25), formatted for print."),
            "Excel (*.xlsx)",
        )
        self.add_figure("PLOTS", self.tr("Number of plots"), self.tr("Plots written."))
        self.add_figure(
            "COUNT", self.tr("Boundary points"), self.tr("Boundary points written, closing points left out.")
        )
        self.add_figure("TOTAL_HA", self.tr("Total area (ha)"), self.tr("Sum of the areas in the file."))
        self.add_geometry_report()

    def compute(self, run: Run) -> Results:
        import numpy as np
        import shapely

        from three_opt_three_protect.bridge.provenance import now
        from three_opt_three_protect.core.errors import InputError
        from three_opt_three_protect.core.extent import require_fitting
        from three_opt_three_protect.storage.surveywrite import encoded, survey_sheet, survey_text, write_whole

        form = form_of(run.word("TEMPLATE"))
        table = run.polygons("INPUT")
        require_fitting(table)
        kept = ~shapely.is_missing(table.shapes)
        if not kept.any():
            raise InputError("empty_layer", layer=table.name)
        sheet = survey_sheet(table, form, run.integer("DECIMALS"), run.progress)
        texts = plot_texts(table, {word: run.field(name) for name, word in FIELDS.items()})
        day = now()[:10]
        content, findings = survey_text(table, sheet, form, texts, day, run.text("MAKER"))
        data = encoded(content, ENCODINGS[run.word("ENCODING")])
        for finding in findings:
            run.warn(finding.id, **finding.values)

        def workbook(draft: Path) -> None:
            _write_workbook(draft, table.name, sheet, form, texts, run.text("MAKER"), day)

        return Results(
            layers={"POINTS": point_table(table, sheet, form, texts)},
            figures={
                "PLOTS": int(kept.sum()),
                "COUNT": int((~sheet.points.closing).sum()),
                "TOTAL_HA": float(np.round(sheet.areas_ha.sum(), form.area_decimals)),
            },
            files={"OUTPUT": lambda draft: write_whole(draft, data), "XLSX": workbook},
        )


def plot_texts(table: LayerTable, fields: Dict[str, Optional[str]]) -> Dict[str, List[Optional[str]]]:
    """What stands in the plots' lines, by word; every plot has a number and a name."""
    found = {word: list(as_text(table.column(name))) for word, name in fields.items() if name}
    usual = list(as_text(table.columns["plot_id"])) if "plot_id" in table.columns else [None] * len(table)
    numbers = found.get("number", usual)
    found["number"] = [number or str(row) for row, number in enumerate(numbers, 1)]
    names = found.get("name", found["number"])
    found["name"] = [name or number for name, number in zip(names, found["number"])]
    return found


def point_table(
    table: LayerTable, sheet: SurveySheet, form: SurveyForm, texts: Dict[str, List[Optional[str]]]
) -> LayerTable:
    """The boundary points as a layer; a ring's closing point is its first and does not stand twice."""
    import numpy as np
    import shapely

    from three_opt_three_protect.core.tables import integer, real, text

    points, kept = sheet.points, np.flatnonzero(~sheet.points.closing)
    rows = points.row[kept]
    columns = {
        "plot_id": text([texts["number"][row] for row in rows], alias="地块编号", width=60),
        "name": text([texts["name"][row] for row in rows], alias="地块名称", width=100),
        "ring": integer(points.ring[kept], alias="圈号"),
        "point": text([f"{form.point_prefix}{number}" for number in points.number[kept]], alias="点号", width=12),
        "x_north": real(points.xy[kept, 1], alias="X坐标", width=18, decimals=points.decimals),
        "y_east": real(sheet.east[kept], alias="Y坐标", width=18, decimals=points.decimals),
        "edge_m": real(points.length[kept], alias="边长", width=18, decimals=points.decimals),
    }
    shapes = np.asarray(shapely.points(points.xy[kept]), dtype=np.object_)
    return LayerTable("points", np.arange(1, len(kept) + 1, dtype=np.int64), shapes, columns, table.crs)


def _write_workbook(
    path: Path,
    layer: str,
    sheet: SurveySheet,
    form: SurveyForm,
    texts: Dict[str, List[Optional[str]]],
    maker: str,
    day: str,
) -> None:
    from three_opt_three_protect.bridge.words import language
    from three_opt_three_protect.reports.boundary import NUMBER, PrintedPlots, boundary_table
    from three_opt_three_protect.reports.tables import Sheet
    from three_opt_three_protect.reports.workbook import Heading, write_workbook
    from three_opt_three_protect.storage.messages import Messages
    from three_opt_three_protect.storage.surveycrs import datum_name

    words, zone = Messages(language()).text, sheet.zone
    where = words(
        "note.T25.crs", datum=datum_name(zone.datum), step=zone.step, zone=zone.number, meridian=zone.meridian
    )
    plots = PrintedPlots(texts["number"], texts["name"], sheet.areas_ha, form.area_decimals)
    notes = (words("note.T25.order"), where)
    table = boundary_table(sheet.points, sheet.east, plots, form.point_prefix, notes, words)
    heading = Heading(words("survey_title", layer=layer), maker, "", day)
    write_workbook(path, [Sheet(NUMBER, (table,))], heading, words)

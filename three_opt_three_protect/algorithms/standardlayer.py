"""``standardlayer``: a layer in the exact form of a database standard, as it is handed in."""

from __future__ import annotations

from typing import Tuple

from three_opt_three_protect.algorithms.base import PlanAlgorithm, Results, Run
from three_opt_three_protect.core.errors import InputError

ROLES: Tuple[str, ...] = (
    "parcels", "villages", "township", "settlements", "farmland", "boundary", "redline", "retained", "reclaim",
    "newbuild", "plan", "lines", "points", "approved_unbuilt", "temporary", "reserve_farmland", "control", "use_zone",
)  # fmt: skip
ENCODINGS = ("UTF-8", "GBK", "GB18030")


class StandardLayerAlgorithm(PlanAlgorithm):
    """Fields in the standard's order, with its names, types, widths and decimals."""

    ID = "standardlayer"
    GROUP = "results"
    NEEDS = ("shapely", "pyogrio", "fiona")

    def title(self) -> str:
        return self.tr("Layer in the form of a standard")

    def summary(self) -> str:
        return self.tr("Writes a layer with exactly the fields, types and widths of a database standard.")

    def about(self) -> str:
        return self.tr(
            "Fields known by any of their names are renamed and put in the standard's order, with its types, widths "
            "and decimals; fields the layer lacks are empty. A value that does not fit is an error that names the "
            "feature: nothing is cut. GeoPackage, file geodatabase, or shapefile in the encoding chosen, with its "
            ".cpg. What was left out, empty or rounded is said in the log."
        )

    def declare(self) -> None:
        self.add_table("INPUT", self.tr("Layer"), self.tr("Any layer or table; it stays as it is."))
        self.add_word("ROLE", self.tr("Role"), self.tr("What the layer is to the plan."), ROLES)
        self.add_text(
            "SCHEMA",
            self.tr("Standard layer"),
            self.tr("Id of the standard layer (third_survey.DLTB); left out: the one its fields follow."),
            optional=True,
        )
        self.add_word(
            "ENCODING", self.tr("Encoding"), self.tr("Of a shapefile; said in its .cpg file."), ENCODINGS, "GBK"
        )
        self.add_switch(
            "EXTRA", self.tr("Keep other fields"), self.tr("Yes: fields the standard does not know come after its own.")
        )
        self.add_file_output(
            "OUTPUT",
            self.tr("File"),
            self.tr("GeoPackage, file geodatabase (.gdb) or shapefile to write."),
            "GeoPackage (*.gpkg);;File geodatabase (*.gdb);;Shapefile (*.shp)",
            optional=False,
        )
        self.add_figure("FEATURES", self.tr("Features"), self.tr("Features written."))
        self.add_figure("ROUNDED", self.tr("Rounded values"), self.tr("Numbers rounded to the standard's decimals."))
        self.add_figure("LEFT_OUT", self.tr("Fields left out"), self.tr("Fields the standard does not know."))

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.core.roles import guess_fields
        from three_opt_three_protect.storage.catalogue import load_role_schemas
        from three_opt_three_protect.storage.exactwriter import Delivery, write_standard
        from three_opt_three_protect.storage.schemas import load_standards

        table, role, wanted = run.table("INPUT"), run.word("ROLE"), run.text("SCHEMA")
        standards = load_standards()
        standard = standards.layers.get(wanted) if wanted else standards.best(list(table.columns), role)
        if standard is None:
            known = [each.id for each in standards.of_role(role)] or list(standards.layers)
            raise InputError("no_such_standard", schema=wanted or "–", known=", ".join(known))
        roles = guess_fields(table, load_role_schemas()[role])
        (written,) = write_standard(
            run.file_output("OUTPUT") or "",
            [Delivery(standard, table, roles)],
            run.word("ENCODING"),
            run.switch("EXTRA"),
            run.progress,
        )
        run.log("standard_found", layer=table.name, standard=standard.id, title=standard.alias)
        for message, names in (("log_fields_absent", written.absent), ("log_fields_left_out", written.left_out)):
            if names:
                run.log(message, layer=table.name, count=len(names), fields=", ".join(names)[:80])
        return Results(
            figures={
                "FEATURES": written.rows,
                "ROUNDED": sum(written.rounded.values()),
                "LEFT_OUT": len(written.left_out),
                "OUTPUT": run.file_output("OUTPUT"),
            }
        )

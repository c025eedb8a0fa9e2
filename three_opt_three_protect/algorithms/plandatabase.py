"""``plandatabase``: all layers of a plan in one GeoPackage, with symbols, forms and relations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, List, Mapping, Tuple

from three_opt_three_protect.algorithms.base import PlanAlgorithm, Results, Run
from three_opt_three_protect.core.errors import InputError

if TYPE_CHECKING:
    from three_opt_three_protect.core.tables import LayerTable

POLYGONS: Tuple[str, ...] = (
    "parcels", "parcels_next", "villages", "settlements", "township", "farmland", "boundary", "redline", "retained",
    "reclaim", "newbuild", "approved_unbuilt", "illegal_built", "temporary", "demolished", "past_projects",
    "village_boundary", "reserve_farmland", "control", "use_zone", "plan",
)  # fmt: skip
TABLES: Tuple[str, ...] = ("roads", "lines", "points", "population", "targets", "other_changes")
"""Roles of lines, points and tables."""

OWN, STANDARD = "own", "standard"
_NAMED = 5
"""Features a line of the log names."""


def parameter(role: str) -> str:
    """Name of the role's parameter; PLAN is the file to write."""
    return "PLANNED_USE" if role == "plan" else role.upper()


class PlanDatabaseAlgorithm(PlanAlgorithm):
    """Gathers role layers; surveys stay as they are, plan layers get all their fields."""

    ID = "plandatabase"
    GROUP = "prepare"
    NEEDS = ("shapely", "pyogrio", "fiona")

    def title(self) -> str:
        return self.tr("Plan database")

    def summary(self) -> str:
        return self.tr("Gathers the layers of a plan into one GeoPackage with symbols, forms and relations.")

    def about(self) -> str:
        return self.tr(
            "Every layer goes into the plan database under the name of its role and in the coordinate system of the "
            "parcels. Surveys and lines stay as they are. Plan layers (reclaim, new-build, natural villages, targets) "
            "get every field of their role, plots without a number get one, and known words become tokens; what was "
            "done is said in the log. Symbols, attribute forms with lists and limits, and the relations between "
            "layers are saved in the file. With NAMES=standard layers and fields have the names of the database "
            "standard."
        )

    def declare(self) -> None:
        from three_opt_three_protect.bridge.words import sentence

        for role in POLYGONS:
            label = sentence(f"role.{role}", {})
            self.add_polygons(parameter(role), label, self.tr("Layer of the plan; any layer may be left out."), True)
        for role in TABLES:
            label = sentence(f"role.{role}", {})
            self.add_table(parameter(role), label, self.tr("Layer or table of the plan; any may be left out."), True)
        self.add_word(
            "NAMES",
            self.tr("Names"),
            self.tr("own: names of roles and fields; standard: names of the database standard."),
            (OWN, STANDARD),
        )
        self.add_profile()
        self.add_datum_shift()
        self.add_file_output(
            "PLAN", self.tr("Plan database"), self.tr("GeoPackage to write."), "GeoPackage (*.gpkg)", optional=False
        )
        self.add_figure("LAYERS", self.tr("Layers"), self.tr("Layers and tables written."))
        self.add_figure("FEATURES", self.tr("Features"), self.tr("Features of all layers; as many as were read."))

    def compute(self, run: Run) -> Results:
        from three_opt_three_protect.bridge.plandress import PlanFile, write_dressed
        from three_opt_three_protect.bridge.provenance import now, plugin_version
        from three_opt_three_protect.plans.gathering import fields_of, standard_names
        from three_opt_three_protect.storage.digest import digest
        from three_opt_three_protect.storage.geopackage import require_target
        from three_opt_three_protect.storage.schemas import load_standards
        from three_opt_three_protect.storage.words import load_words

        path = run.file_output("PLAN") or ""
        require_target(path)
        profile = run.profile()
        read = self._read(run)
        layers = self._gathered(run, read)
        names = {role: role for role in layers}
        written = layers
        if run.word("NAMES") == STANDARD:
            names, written = standard_names(layers, load_standards(), load_words())
        meta = {
            "created": now(),
            "program": plugin_version(),
            "profile": profile.id,
            **{f"layer.{role}": name for role, name in names.items() if name != role},
            **{f"input.{role}": f"{table.name} sha256 {digest(table)}" for role, table in read.items()},
        }
        plan = PlanFile(names, written, fields_of(written), meta)

        def write(draft: Path) -> None:
            write_dressed(draft, plan, profile.period, run.warn, progress=run.writing.part(0.9))

        return Results(
            figures={"LAYERS": len(layers), "FEATURES": sum(map(len, layers.values()))}, files={"PLAN": write}
        )

    def _read(self, run: Run) -> Dict[str, LayerTable]:
        """Every layer given as it is, in the coordinate system of the parcels, else of the first layer."""
        found: Dict[str, LayerTable] = {}
        like = None
        for role in (*POLYGONS, *TABLES):
            name = parameter(role)
            table = run.maybe_table(name) if like is None else run.maybe_features(name, None, like)
            if table is None:
                continue
            found[role] = table
            lost = run.report.unusable(name)
            if lost:
                features = ", ".join(map(str, lost[:_NAMED])) + (" …" if len(lost) > _NAMED else "")
                run.warn("log_unusable", layer=table.name, count=len(lost), features=features)
            if like is None and table.geometry is not None and table.crs is not None:
                like = table
        if not found:
            raise InputError("no_layer_given", layers=", ".join(name.upper() for name in POLYGONS[:5]))
        return found

    def _gathered(self, run: Run, read: Mapping[str, LayerTable]) -> Dict[str, LayerTable]:
        from three_opt_three_protect.plans.gathering import gather
        from three_opt_three_protect.storage.catalogue import load_role_schemas
        from three_opt_three_protect.storage.words import load_words

        schemas, words = load_role_schemas(), load_words()
        out: Dict[str, LayerTable] = {}
        for role, table in read.items():
            done = gather(role, table, schemas.get(role, schemas["parcels"]), words)
            out[role] = done.table
            said: List[Tuple[str, int]] = [
                ("log_ids_given", done.ids_given),
                ("log_words_changed", done.words_changed),
                ("log_fields_added", done.fields_added),
            ]
            for message, count in said:
                if count:
                    run.log(message, layer=table.name, count=count)
        return out

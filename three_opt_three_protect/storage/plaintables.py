"""Tables without geometry written as a GeoPackage by Python's own SQLite: no need to load GDAL for them.

Source: OGC 12-128r14 (GeoPackage 1.2), 1.1 and 2.4 (attributes).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, List, Mapping, Sequence

from three_opt_three_protect.core.factor import Texts
from three_opt_three_protect.core.progress import SILENT, Progress
from three_opt_three_protect.core.tables import Column, Kind, LayerTable

_DECLARED: Mapping[Kind, str] = {
    Kind.TEXT: "TEXT",
    Kind.INT: "INTEGER",
    Kind.REAL: "REAL",
    Kind.DATE: "DATE",
    Kind.BOOL: "BOOLEAN",
}

_SKELETON = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10200;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
   || 'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
   || 'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
"""
"""What every GeoPackage has (1.1.2 and 1.1.3)."""


def write_plain_tables(path: Path, tables: Mapping[str, LayerTable], progress: Progress = SILENT) -> None:
    """Make the GeoPackage ``path`` of tables without geometry.

    Parameters
    ----------
    tables
        Name in the file → table.
    progress
        Asked between tables.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")  # a draft: what is put in place later is whole or not there
        database.executescript(_SKELETON)
        database.execute("BEGIN")
        for number, (name, table) in enumerate(tables.items()):
            progress.check(number / len(tables))
            _write(database, name, table)
        database.execute("COMMIT")


def free_name(wanted: str, table: LayerTable) -> str:
    """``wanted``, with underscores put after it until no field is called so."""
    taken = {field.lower() for field in table.columns}
    while wanted in taken:
        wanted += "_"
    return wanted


def text_width(column: Column) -> int:
    """Width of a text field, widened to the longest value; 0 where none is stated."""
    if column.width == 0:
        return 0
    return max(column.width, max((len(value) for value in texts_of(column) if value is not None), default=0))


def texts_of(column: Column) -> Texts:
    """The texts of a column, each once where that is known already."""
    return column.factor.levels if column.has_factor else column.values


def quoted(name: str) -> str:
    """``name`` as SQL takes it; names cannot be given as parameters."""
    return '"' + name.replace('"', '""') + '"'


def _write(database: sqlite3.Connection, name: str, table: LayerTable) -> None:
    key = quoted(free_name("fid", table)) + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
    fields = [f"{quoted(field)} {_declared(column)}" for field, column in table.columns.items()]
    database.execute(" ".join(("CREATE TABLE", quoted(name), "(", ", ".join([key, *fields]), ")")))
    places = ", ".join("?" * (len(fields) + 1))
    rows = zip(range(1, len(table) + 1), *(_stored(column) for column in table.columns.values()))
    database.executemany(" ".join(("INSERT INTO", quoted(name), "VALUES (", places, ")")), rows)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'attributes', ?, 0)",
        (name, name),
    )


def _declared(column: Column) -> str:
    width = text_width(column) if column.kind is Kind.TEXT else 0
    return f"{_DECLARED[column.kind]}({width})" if width else _DECLARED[column.kind]


def _stored(column: Column) -> Sequence[Any]:
    """The values as SQLite takes them, None where there is none."""
    values: List[Any] = (column.values.astype(str) if column.kind is Kind.DATE else column.values).tolist()
    missing = column.is_missing
    return [None if gap else value for value, gap in zip(values, missing)] if missing.any() else values

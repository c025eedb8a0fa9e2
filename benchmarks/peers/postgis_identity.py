"""PostGIS, all combinations: zones subdivided and indexed, one identity a layer; loading included.

The server is this process's own child, so that its CPU time counts; making an empty cluster does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.cases import LAYERS, PARCEL_ID, Files, files_of_command_line
from benchmarks.data import write_layer
from benchmarks.peers.postgis_cluster import cluster, load, origin, rows

START = """
CREATE UNLOGGED TABLE pieces0 AS
SELECT id AS piece, id AS parcel, '{}'::integer[] AS zones, geom FROM parcels;
"""

SUBDIVIDE = """
CREATE UNLOGGED TABLE {layer}_parts AS SELECT id AS zone, ST_Subdivide(geom, 256) AS geom FROM {layer};
CREATE INDEX ON {layer}_parts USING gist (geom);
ANALYZE {layer}_parts;
"""

IDENTITY = """
CREATE INDEX ON pieces{before} USING gist (geom);
ANALYZE pieces{before};

CREATE UNLOGGED TABLE meeting{step} AS
SELECT p.piece, z.zone, ST_CoveredBy(p.geom, z.geom) AS whole, p.geom, z.geom AS part
FROM pieces{before} p JOIN {layer}_parts z ON ST_Intersects(p.geom, z.geom);

CREATE UNLOGGED TABLE taken{step} AS
SELECT piece, zone, true AS whole, geom FROM meeting{step} WHERE whole
UNION ALL
SELECT piece, zone, false, ST_Union(geom) FROM (
    SELECT piece, zone, ST_CollectionExtract(ST_Intersection(geom, part), 3) AS geom
    FROM meeting{step} WHERE NOT whole
) AS cut WHERE NOT ST_IsEmpty(geom) GROUP BY piece, zone;
ANALYZE taken{step};

CREATE UNLOGGED TABLE pieces{step} AS
SELECT row_number() OVER () AS piece, parcel, zones, geom FROM (
    SELECT p.parcel, p.zones || t.zone AS zones, t.geom
    FROM taken{step} t JOIN pieces{before} p USING (piece)
    UNION ALL
    SELECT p.parcel, p.zones || 0, CASE WHEN t.geom IS NULL THEN p.geom
        ELSE ST_CollectionExtract(ST_Difference(p.geom, t.geom), 3) END
    FROM pieces{before} p LEFT JOIN (
        SELECT piece, bool_or(whole) AS whole, ST_Union(geom) AS geom FROM taken{step} GROUP BY piece
    ) AS t USING (piece)
    WHERE t.whole IS NOT TRUE
) AS parts WHERE NOT ST_IsEmpty(geom);
"""


def main() -> None:
    """Load, cut layer by layer, write the pieces."""
    files = files_of_command_line()
    with cluster() as cursor:
        ids = load(cursor, files, "parcels")
        cursor.execute(START)
        for step, layer in enumerate(LAYERS, 1):
            load(cursor, files, layer)
            cursor.execute(SUBDIVIDE.format(layer=layer))
            cursor.execute(IDENTITY.format(layer=layer, step=step, before=step - 1))
        write(cursor, files, ids)


def write(cursor: Any, files: Files, ids: NDArray[np.object_]) -> None:
    """The pieces, back where they belong."""
    x, y = origin(files)
    query = f"SELECT parcel, zones, ST_AsBinary(ST_Translate(geom, {x}, {y})) FROM pieces{len(LAYERS)}"
    parcel, zones, wkb = zip(*rows(cursor, query))
    columns = {PARCEL_ID: ids[np.array(parcel) - 1], **dict(zip(LAYERS, np.array(zones).T))}
    write_layer(files.output, "pieces", shapely.from_wkb([bytes(shape) for shape in wkb]), columns)


if __name__ == "__main__":
    main()

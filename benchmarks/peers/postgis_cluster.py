"""A private PostgreSQL cluster with PostGIS: made, started, used by this process alone, and removed."""

from __future__ import annotations

import io
import os
import pwd
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

import numpy as np
import psycopg2
import pyogrio
from numpy.typing import NDArray

from benchmarks.cases import PARCEL_ID, ZONE_ID, Files

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "8GB",
    "jit": "off",
}
"""A server for one computation: nothing has to survive a power cut."""

FETCHED = 20_000
"""Rows taken from the server at once."""


def programs() -> Path:
    """The folder of the newest PostgreSQL's programs.

    Raises
    ------
    FileNotFoundError
        No server is installed.
    """
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not on_path and not found:
        raise FileNotFoundError("initdb: PostgreSQL's server is not installed")
    return Path(on_path).resolve().parent if on_path else found[-1].parent


@contextmanager
def cluster() -> Iterator[Any]:
    """A cursor in an empty PostGIS database; the server ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="bench-pg-"))
    try:
        begun = time.perf_counter()
        _make(folder)
        with _server(folder, "postgres") as cursor:
            cursor.execute("CREATE EXTENSION postgis")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"uncounted\t{used.ru_utime + used.ru_stime:.3f}\t{time.perf_counter() - begun:.3f}", flush=True)
        with _server(folder, "postgres") as cursor:
            yield cursor
    finally:
        shutil.rmtree(folder)


def _user() -> Dict[str, Any]:
    """PostgreSQL refuses to run as root: the package's own user then."""
    if os.getuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _make(folder: Path) -> None:
    owner = _user()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    options = ["--no-sync", "--auth=trust", "--username=bench", f"--pgdata={folder / 'data'}"]
    subprocess.run([str(programs() / "initdb"), *options], check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)


@contextmanager
def _server(folder: Path, database: str) -> Iterator[Any]:
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command = [str(programs() / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(command, stderr=log, stdout=log, cwd=folder, **_user())
    try:
        with closing(_connect(folder, database)) as connection:
            connection.autocommit = True
            yield connection.cursor()
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown: ends open sessions
        server.wait()


def _connect(folder: Path, database: str) -> Any:
    for _ in range(200):
        try:
            return psycopg2.connect(host=str(folder), dbname=database, user="bench")
        except psycopg2.OperationalError:
            time.sleep(0.05)
    raise TimeoutError((folder / "log").read_text())


def origin(files: Files) -> Tuple[float, float]:
    """Whole coordinates near the parcels: overlay is exact to 1e-9 m near the origin, not at x = 4e7."""
    west, south, _, _ = pyogrio.read_info(files.parcels, layer="parcels")["total_bounds"]
    return round(west), round(south)


def load(cursor: Any, files: Files, layer: str) -> NDArray[Any]:
    """Copy a layer into a table (id, geom), moved to the local origin; give its identifiers by id."""
    path, field = (files.parcels, PARCEL_ID) if layer == "parcels" else (files.zones, ZONE_ID)
    _, _, wkb, (names,) = pyogrio.raw.read(path, layer=layer, columns=[field])
    lines = io.StringIO("".join(f"{number}\t{shape.hex()}\n" for number, shape in enumerate(wkb, 1)))
    cursor.execute(f"CREATE UNLOGGED TABLE {layer}_read (id integer, geom geometry)")
    cursor.copy_expert(f"COPY {layer}_read FROM STDIN", lines)
    x, y = origin(files)
    moved = f"SELECT id, ST_Translate(geom, -{x}, -{y}) AS geom FROM {layer}_read"
    cursor.execute(f"CREATE UNLOGGED TABLE {layer} AS {moved}")
    return np.asarray(names)


def rows(cursor: Any, query: str) -> Iterator[Tuple[Any, ...]]:
    """The rows of a query, some at a time."""
    cursor.execute(f"BEGIN; DECLARE found NO SCROLL CURSOR FOR {query}")
    while True:
        cursor.execute(f"FETCH {FETCHED} FROM found")
        some = cursor.fetchall()
        if not some:
            break
        yield from some
    cursor.execute("COMMIT")

"""Runs of the data checks and their marks: kept whole, found again, never half written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any, Sequence, Tuple

import numpy as np
import pytest

from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.storage.findings_store import (
    ACCEPTED,
    AGAIN,
    FIXED,
    OPEN,
    SEVERITIES,
    CheckedLayer,
    Findings,
    FindingsStore,
    Mark,
    Skipped,
    address_of,
    standing,
)

LAYERS = (
    CheckedLayer("地类图斑", "parcels", "parcels_1", "EPSG:4528", 12, True),
    CheckedLayer("拆旧地块", "reclaim", "reclaim_1", "EPSG:4528", 3, False),
)


def objects(values: Sequence[Any]) -> Any:
    """An object array."""
    found = np.empty(len(values), dtype=np.object_)
    found[:] = list(values)
    return found


def findings(rows: Sequence[Tuple[int, int, int, int, str, str]]) -> Findings:
    """Findings from (rule, severity, layer, feature id, name, spot)."""
    rule, severity, layer, fid, feature, spot = (list(column) for column in zip(*rows))
    return Findings(
        LAYERS,
        (("overlap", "overlap"), ("too_small", "shapes")),
        np.array(rule),
        np.array(severity),
        np.array(layer),
        np.array(fid),
        objects(feature),
        objects([""] * len(rows)),
        objects([f"第 {each} 号有问题" for each in fid]),
        np.array([np.nan if each < 0 else 1.5 * each for each in fid]),
        objects(spot),
        objects([b"\x01\x02" if each else None for each in spot]),
        (Skipped(1, "overlap", "图层没有图形。"),),
    )


FIRST = findings([(0, 0, 0, 7, "P7", "8"), (0, 0, 1, 2, "R2", "1 1"), (0, 0, 0, -1, "", "5 5"), (1, 2, 0, 9, "P9", "")])


@pytest.fixture
def store(tmp_path: Path) -> FindingsStore:
    """A store that has not been written to."""
    return FindingsStore(tmp_path / "规划 成果" / "项目_质检.sqlite")


def same(one: Findings, other: Findings) -> bool:
    """Every column is equal."""
    names = ("rule", "severity", "layer", "fid", "feature", "field", "message", "spot", "place")
    columns = all(getattr(one, name).tolist() == getattr(other, name).tolist() for name in names)
    layers = [[replace(layer, known_as="") for layer in each.layers] for each in (one, other)]
    heads = layers[0] == layers[1] and (one.rules, one.skipped) == (other.rules, other.skipped)
    return columns and heads and bool(np.array_equal(one.measure, other.measure, equal_nan=True))


def test_what_is_kept_is_what_is_read(store: FindingsStore) -> None:
    assert store.runs() == []
    number = store.add(FIRST, "2026-01-05T10:00:00", "一号工程")
    assert same(FindingsStore(store.path).findings(number), FIRST)
    run = store.runs()[0]
    assert (run.id, run.started, run.project) == (number, "2026-01-05T10:00:00", "一号工程")
    assert run.layers == tuple(replace(layer, known_as=layer.name) for layer in LAYERS)
    assert run.counts == (3, 0, 1)


def test_a_run_without_findings_is_a_run(store: FindingsStore) -> None:
    nothing = replace(
        FIRST,
        **{name: getattr(FIRST, name)[:0] for name in ("rule", "severity", "layer", "fid", "feature", "field")},
        **{name: getattr(FIRST, name)[:0] for name in ("message", "measure", "spot", "place")},
    )
    number = store.add(nothing, "2026-01-05T10:00:00", "")
    assert len(store.findings(number)) == 0
    assert store.runs()[0].counts == (0, 0, 0)


def test_runs_are_kept_apart_the_latest_first(store: FindingsStore) -> None:
    first = store.add(FIRST, "2026-01-05T10:00:00", "")
    second = store.add(findings([(1, 2, 0, 3, "P3", "")]), "2026-01-05T11:00:00", "")
    assert [run.id for run in store.runs()] == [second, first]
    store.delete(first)
    assert [run.id for run in store.runs()] == [second]
    assert store.findings(second).fid.tolist() == [3]
    with pytest.raises(InputError, match="findings_run_gone"):
        store.findings(first)


def test_marks_outlive_the_run_and_the_session(store: FindingsStore) -> None:
    run = store.add(FIRST, "2026-01-05T10:00:00", "")
    keys = FIRST.keys()
    store.mark(keys[:1], Mark(FIXED, "", run))
    store.mark(keys[2:3], Mark(ACCEPTED, "河道，图上如此", run, "2026-01-05T10:05:00", "张"))
    state, note = standing(keys, FindingsStore(store.path).marks(), run)
    assert state.tolist() == [FIXED, OPEN, ACCEPTED, OPEN]
    assert note.tolist() == ["", "", "河道，图上如此", ""]
    store.delete(run)
    later = store.add(FIRST, "2026-02-01T09:00:00", "")
    assert later > run  # Numbers are not given twice, or a mark would pass for one of this run.
    state, note = standing(keys, store.marks(), later)
    # Accepted stays accepted; fixed and found once more has come again.
    assert state.tolist() == [AGAIN, OPEN, ACCEPTED, OPEN]


def renamed(*names: Tuple[str, str]) -> Findings:
    """The first run with other (name, id) of its layers."""
    layers = tuple(replace(layer, name=name, layer_id=of) for layer, (name, of) in zip(LAYERS, names))
    return replace(FIRST, layers=layers)


def keys_after(store: FindingsStore, found: Findings) -> Any:
    """Keys of the findings as the store gives them back."""
    return store.findings(store.add(found, "2026-01-05T10:00:00", "")).keys()


def test_marks_outlive_another_name_of_the_layer(store: FindingsStore) -> None:
    before = keys_after(store, renamed(("DLTB", "a"), ("拆旧地块", "b")))
    store.mark(before[:1], Mark(ACCEPTED, "河道", 1))
    after = keys_after(store, renamed(("地类图斑 2014", "a"), ("拆旧地块", "b")))
    state, note = standing(after, store.marks(), 2)
    assert (state[0], note[0]) == (ACCEPTED, "河道")
    # Taken out of the project and added again: another id, known by its name.
    assert keys_after(store, renamed(("DLTB", "c"), ("拆旧地块", "b"))) == before


def test_two_layers_of_one_name_keep_their_marks_apart(store: FindingsStore) -> None:
    keys = keys_after(store, renamed(("图层", "a"), ("图层", "b")))
    assert [key[1] for key in keys] == ["图层", "图层 (reclaim)", "图层", "图层"]
    # So do a layer renamed and another that has its old name now.
    again = keys_after(store, renamed(("旧", "a"), ("图层", "d")))
    assert [key[1] for key in again] == ["图层", "图层 (reclaim)", "图层", "图层"]


def test_a_network_share_is_a_place(tmp_path: Path) -> None:
    share = address_of(PureWindowsPath("//server/规划/a.sqlite"), "rw")
    assert share == "file:////server/%E8%A7%84%E5%88%92/a.sqlite?mode=rw"
    assert address_of(PureWindowsPath("D:/规划/a.sqlite"), "rw") == "file:///D:/%E8%A7%84%E5%88%92/a.sqlite?mode=rw"
    # SQLite takes the form with four strokes for the path it is.
    path = tmp_path / "a#b?c.sqlite"
    with closing(sqlite3.connect(address_of(path, "rwc").replace("file:///", "file:////"), uri=True)) as database:
        database.execute("CREATE TABLE t (x)")
    assert path.exists()


def test_an_open_finding_has_no_mark(store: FindingsStore) -> None:
    run = store.add(FIRST, "2026-01-05T10:00:00", "")
    store.mark(FIRST.keys(), Mark(ACCEPTED, "x", run))
    store.mark(FIRST.keys()[1:], Mark(OPEN, "", run))
    assert list(store.marks()) == [("overlap", "地类图斑", "P7", "", "8")]


def test_a_fixed_finding_whose_place_has_shifted_has_come_again() -> None:
    marks = {
        ("overlap", "地类图斑", "P7", "", "8"): Mark(FIXED, "", 1),
        ("overlap", "地类图斑", "", "", "5 5"): Mark(FIXED, "", 1),
        ("overlap", "拆旧地块", "R2", "", "1 1"): Mark(ACCEPTED, "", 1),
    }
    shifted = [
        ("overlap", "地类图斑", "P7", "", "9"),
        ("overlap", "地类图斑", "", "", "6 6"),  # Another gap: nothing says it is the same one.
        ("overlap", "拆旧地块", "R2", "", "2 2"),  # Accepted was another place.
    ]
    assert standing(shifted, marks, 2)[0].tolist() == [AGAIN, OPEN, OPEN]
    assert standing(shifted, marks, 1)[0].tolist() == [OPEN, OPEN, OPEN]


def test_a_run_that_cannot_be_written_whole_is_not_there(store: FindingsStore) -> None:
    first = store.add(FIRST, "2026-01-05T10:00:00", "")
    broken = replace(FIRST, feature=objects(["a", "b", object(), "d"]))
    with pytest.raises(InputError, match="findings_not_kept"):
        store.add(broken, "2026-01-05T11:00:00", "")
    assert [run.id for run in store.runs()] == [first]
    with closing(sqlite3.connect(store.path)) as database:
        assert database.execute("SELECT count(*) FROM findings").fetchone() == (4,)


def test_no_place_to_write_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="findings_not_kept"):
        FindingsStore(tmp_path / "file" / "a.sqlite").add(FIRST, "2026-01-05T10:00:00", "")


def test_a_file_that_is_no_store_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_text("no database, but longer than the head of one is" * 4, encoding="utf-8")
    with pytest.raises(InputError, match="findings_not_kept"):
        FindingsStore(tmp_path / "a.sqlite").runs()


def test_a_later_version_is_refused(store: FindingsStore) -> None:
    store.add(FIRST, "2026-01-05T10:00:00", "")
    with closing(sqlite3.connect(store.path)) as database, database:
        database.execute("UPDATE about SET version = 99")
    with pytest.raises(SchemaError, match="findings_newer"):
        store.runs()


def test_runs_go_along_when_the_project_is_saved_elsewhere(store: FindingsStore, tmp_path: Path) -> None:
    store.add(FIRST, "2026-01-05T10:00:00", "")
    other = store.copy_to(tmp_path / "副本_质检.sqlite")
    assert [run.counts for run in other.runs()] == [(3, 0, 1)]
    other.delete(1)
    # What is there already is another project's: it stays.
    assert store.copy_to(other.path).runs() == []
    assert len(store.runs()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["副本_质检.sqlite", "规划 成果"]


def test_severities_are_those_of_the_checks() -> None:
    from three_opt_three_protect.core.findings import ERROR, INFO, WARNING
    from three_opt_three_protect.core.quality import runner

    assert SEVERITIES is runner.SEVERITIES
    assert SEVERITIES == (ERROR, WARNING, INFO)

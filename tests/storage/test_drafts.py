from __future__ import annotations

import os
from pathlib import Path

import pytest

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.drafts import Drafts


def test_files_appear_together_at_the_end_and_replace_old_ones(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("old")
    drafts = Drafts()
    drafts.write(first, lambda draft: draft.write_text("new"))
    drafts.write(second, lambda draft: draft.write_text("other"))
    assert (first.read_text(), second.exists()) == ("old", False)
    drafts.put_in_place()
    assert (first.read_text(), second.read_text()) == ("new", "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]


def test_what_is_written_beside_a_draft_comes_along(tmp_path: Path) -> None:
    for turn in ("old", "new"):
        drafts = Drafts()
        for name in ("a.shp", "a.csv"):
            draft = drafts.begin(tmp_path / name)
            draft.write_text(turn)
            draft.with_suffix(".qmd").write_text(f"{turn} {name}")  # both have the same one
        drafts.put_in_place()
        found = {path.name: path.read_text() for path in tmp_path.iterdir()}
        assert found == {"a.shp": turn, "a.csv": turn, "a.qmd": f"{turn} a.csv"}


def test_when_one_cannot_be_replaced_all_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("old")
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        if source == tmp_path / "b.txt":
            raise PermissionError(13, "used by another process")  # as Windows says
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    drafts = Drafts()
    for name in ("a.txt", "b.txt"):
        drafts.write(tmp_path / name, lambda draft: draft.write_text("new"))
    with pytest.raises(InputError) as caught:
        drafts.put_in_place()
    drafts.remove()
    assert (caught.value.message_id, caught.value.values) == ("file_in_use", {"path": str(tmp_path / "b.txt")})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old", "b.txt": "old"}


def test_removed_drafts_leave_the_old_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    drafts = Drafts()
    drafts.write(path, lambda draft: draft.write_text("new"))
    drafts.remove()
    assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        draft.write_text("half")
        raise InputError("no_geometry", layer="a")

    drafts = Drafts()
    with pytest.raises(InputError):
        drafts.write(tmp_path / "a.txt", fail)
    drafts.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        Drafts().write(tmp_path / "nowhere" / "a.txt", lambda draft: draft.write_text("x"))


def test_an_error_names_the_file_wanted_and_not_the_draft(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        raise InputError("not_written", path=str(draft), why="full")

    drafts = Drafts()
    with pytest.raises(InputError) as caught:
        drafts.write(tmp_path / "a.gpkg", fail)
    drafts.remove()
    assert caught.value.values == {"path": str(tmp_path / "a.gpkg"), "why": "full"}

from __future__ import annotations

from pathlib import Path

import pytest

from three_opt_three_protect.algorithms.drafts import Drafts
from three_opt_three_protect.core.errors import InputError


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

"""Layers made ready for a plan database."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from three_opt_three_protect.core.tables import Column, LayerTable, integer, real, text
from three_opt_three_protect.plans.gathering import fields_of, gather, standard_names
from three_opt_three_protect.storage.catalogue import load_role_schemas
from three_opt_three_protect.storage.schemas import load_standards
from three_opt_three_protect.storage.words import load_words


def table(name: str, columns: Dict[str, Column]) -> LayerTable:
    count = len(next(iter(columns.values())))
    return LayerTable(name, np.arange(1, count + 1, dtype=np.int64), np.full(count, None, dtype=object), columns)


def gathered(role: str, columns: Dict[str, Column]) -> LayerTable:
    return gather(role, table(role, columns), load_role_schemas()[role], load_words()).table


def test_a_survey_layer_stays_as_it_is() -> None:
    before = table("DLTB", {"DLBM": text(["0101", None]), "随便": integer([1, 2])})
    done = gather("parcels", before, load_role_schemas()["parcels"], load_words())
    assert done.table.columns == before.columns
    assert (done.ids_given, done.words_changed, done.fields_added) == (0, 0, 0)


def test_the_feature_id_of_a_database_is_no_field() -> None:
    assert list(gathered("parcels", {"fid": integer([1, 2]), "DLBM": text(["0101", "0102"])}).columns) == ["DLBM"]
    # another number that happens to be called so stays
    assert "fid" in gathered("parcels", {"fid": integer([7, 9])}).columns


def test_plan_layers_get_the_fields_of_their_role() -> None:
    found = gathered("newbuild", {"YT": text(["工业", "x"]), "DKXH": text(["甲1", "甲2"]), "DJ": real([1.0, 2.0])})
    assert list(found.columns) == list(load_role_schemas()["newbuild"].fields)
    # what is no known word stays, for the checks to name
    assert found.columns["use"].values.tolist() == ["industry", "x"]
    assert found.columns["price"].values.tolist() == [1.0, 2.0]
    assert found.columns["phase"].is_missing.all()


def test_a_further_field_that_bears_a_roles_name_is_kept_beside_it() -> None:
    found = gathered("reclaim", {"plot_id": text(["a"]), "DKBH": text(["b"]), "备注": text(["c"])})
    assert found.columns["plot_id"].values.tolist() == ["a"]
    assert found.columns["DKBH"].values.tolist() == ["b"]
    assert found.columns["备注"].values.tolist() == ["c"]


@given(st.lists(st.one_of(st.none(), st.sampled_from(["R001", "R002", "甲", "R010"])), min_size=1, max_size=12))
def test_ids_given_are_new(ids: Sequence[Optional[str]]) -> None:
    found: List[Optional[str]] = gathered("reclaim", {"plot_id": text(list(ids))}).columns["plot_id"].values.tolist()
    assert [after for before, after in zip(ids, found) if before is not None] == [one for one in ids if one is not None]
    new = [after for before, after in zip(ids, found) if before is None]
    assert len(set(new)) == len(new)
    assert not set(new) & set(ids)
    assert None not in found


def test_names_of_the_standard_and_back() -> None:
    reclaim = gathered("reclaim", {"direction": text(["cultivated", "pond"]), "plot_id": text(["1", "2"])})
    names, tables = standard_names({"reclaim": reclaim}, load_standards(), load_words())
    assert names == {"reclaim": "SYSB_CJ"}
    assert tables["reclaim"].columns["FKFX"].values.tolist() == ["耕地", "坑塘"]
    back = gather("reclaim", tables["reclaim"], load_role_schemas()["reclaim"], load_words()).table
    assert back.columns["direction"].values.tolist() == ["cultivated", "pond"]


def test_relations_go_by_the_fields_that_are_there() -> None:
    layers = {"parcels": table("DLTB", {"DLBM": text(["0101"]), "ZLDWDM": text(["3205091002010000000"])})}
    assert fields_of(layers)["parcels"]["unit_code"] == "ZLDWDM"

"""Resources are read whole or refused with file and line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable

import pytest
import yaml

from three_opt_three_protect import paths
from three_opt_three_protect.core.errors import PlanningError, SchemaError
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.core.rules import Profile
from three_opt_three_protect.core.tables import Kind
from three_opt_three_protect.storage import catalogue, yamlfile
from three_opt_three_protect.storage.catalogue import (
    load_class_system,
    load_class_systems,
    load_conversion,
    load_detection_limits,
    load_profile,
    load_role_schemas,
    profile_ids,
)
from three_opt_three_protect.storage.messages import Messages

BASE = """\
id: base
title: {zh: 基本口径, en: basic package}
settings:
  k_red: {value: 1.0, unit: ratio, basis: "R4", status: text}
  method: {value: reduced_construction, basis: "1.4", status: practice}
  uses: {value: [town, 0701, 0101], unit: none, basis: "1.4", status: practice}
  class_of: {value: {town: 0701, rural: "0702"}, unit: none, basis: "1.4", status: unverified}
  ratio_of: {value: {small: 0.85, large: 0.9}, unit: share, basis: "Q3", status: unverified}
  strict: {value: true, basis: "R5", status: text}
  since: {value: 2025-01-01, basis: "204", status: web}
rules:
  - id: R4
    left: {R: k_red}
    right: {N: 1, target.new: 0.5, constant: 10}
    unit: m2
    basis: "国土资函〔2014〕54号"
    status: text
    hard: true
    severity: warn
    scope: [township, village]
    needs: [farmland]
    start: 2014-01-01
    end: "2024-12-31"
    evidence: growth
  - {id: R5, left: {G: 1.0}, right: {}, unit: ha, basis: R5, status: practice}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return _write


SENTENCES = {language: Messages(language) for language in ("en", "zh")}  # before a test redirects the resources


def refused(call: Callable[[], object]) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        call()
    for messages in SENTENCES.values():
        line = messages.text(caught.value)
        assert len(line) <= 200
        assert "?" not in line  # every value the sentence names is given
        assert not line.startswith(caught.value.message_id)  # it has a sentence
    return caught.value


# ---- policy packages


def test_profile_is_read_as_written(write: Callable[[str, str], Path]) -> None:
    path = write("base.yaml", BASE)
    package = load_profile(path)
    assert (package.id, dict(package.title)) == ("base", {"zh": "基本口径", "en": "basic package"})
    assert package.source == str(path.resolve())
    assert package.number("k_red") == 1.0
    assert package.settings["k_red"].unit == "ratio"
    assert package.word("method") == "reduced_construction"
    assert package.words("uses") == ("town", "0701", "0101")  # codes keep their zero
    assert package.word_of("class_of") == {"town": "0701", "rural": "0702"}
    assert package.number_of("ratio_of") == {"small": 0.85, "large": 0.9}
    assert package.switch("strict") is True
    assert package.word("since") == "2025-01-01"
    assert package.settings["class_of"].status == "unverified"
    first, second = package.rules
    assert dict(first.left) == {"R": "k_red"}
    assert dict(first.right) == {"N": 1.0, "target.new": 0.5, "constant": 10.0}
    assert (first.unit, first.basis, first.status, first.hard) == ("m2", "国土资函〔2014〕54号", "text", True)
    assert (first.severity, first.scope, first.needs) == ("warn", ("township", "village"), ("farmland",))
    assert (first.start, first.end, first.evidence) == ("2014-01-01", "2024-12-31", "growth")
    assert (second.hard, second.severity, second.scope, second.start) == (False, "fail", ("township",), "")


def test_extends_replaces_adds_and_drops(write: Callable[[str, str], Path]) -> None:
    write("base.yaml", BASE)
    path = write(
        "own.yaml",
        """\
id: own
title: {zh: 本镇, en: ours}
extends: base
drop_rules: [R5]
settings:
  k_red: {value: 0.9, unit: ratio, basis: "镇政府", status: practice}
rules:
  - {id: R9, left: {A: k_red}, right: {B: 1}, unit: m2, basis: b, status: text}
  - {id: R4, left: {R: 1}, right: {N: 1}, unit: m2, basis: b, status: text}
""",
    )
    package = load_profile(path)  # found beside the file that extends it
    assert package.number("k_red") == 0.9
    assert package.word("method") == "reduced_construction"
    assert [rule.id for rule in package.rules] == ["R4", "R9"]
    assert package.rules[0].left == {"R": 1.0}


def test_search_order_is_path_project_user_shipped(
    write: Callable[[str, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(title: str, more: str = "") -> str:
        return f"id: p\ntitle: {{zh: {title}, en: {title}}}\n{more}"

    shipped = write("resources/profiles/p.yaml", named("shipped")).parent
    user = write("user/p.yaml", named("user", "extends: p\n")).parent  # extends the shipped one of its name
    project = write("project/p.yaml", named("project")).parent
    given = write("elsewhere/p.yaml", named("given"))
    monkeypatch.setattr(paths, "resource", lambda *parts: shipped.parent.joinpath(*parts))
    words = Path(__file__).parents[2] / "resources" / "schemas" / "profile.yaml"
    write("resources/schemas/profile.yaml", words.read_text(encoding="utf-8"))

    def title(profile: Profile) -> str:
        return profile.title["en"]

    assert title(load_profile("p")) == "shipped"
    assert title(load_profile("p", [user])) == "user"
    assert title(load_profile("p", [project, user])) == "project"
    assert title(load_profile(given, [project, user])) == "given"
    assert profile_ids([project]) == ("p",)
    error = refused(lambda: load_profile("q", [project]))
    assert (error.message_id, error.values["profile"]) == ("profile_not_found", "q")


def test_circular_packages(write: Callable[[str, str], Path]) -> None:
    head = "title: {zh: a, en: a}\n"
    write("b.yaml", f"id: b\n{head}extends: a\n")
    path = write("a.yaml", f"id: a\n{head}extends: b\n")
    error = refused(lambda: load_profile(path))
    assert (error.message_id, error.values["file"]) == ("profile_circular", "b.yaml")


# what is changed in BASE → id of the error, line on which the planner finds it
SLIPS = [
    ("id: base\n", "id: base\ncolour: red\n", "resource_unknown_key", 2),
    ("{zh: 基本口径, en: basic package}", "{zh: 基本口径}", "resource_missing_key", 2),
    (
        '{value: 1.0, unit: ratio, basis: "R4", status: text}',
        "{value: 1.0, unit: ratio, status: text}",
        "resource_missing_key",
        4,
    ),
    ('unit: ratio, basis: "R4", status: text', 'unit: ratio, basis: "R4"', "resource_missing_key", 4),
    ("value: 1.0, unit: ratio", "value: 1.0", "resource_missing_key", 4),
    ("unit: ratio", "unit: acres", "profile_wrong_unit", 4),
    ('basis: "R4"', 'basis: ""', "resource_wrong_value", 4),
    ('"R4", status: text', '"R4", status: certain', "resource_wrong_value", 4),
    ('"R4", status: text', '"R4", status: text, min: 0', "resource_unknown_key", 4),
    ("value: reduced_construction,", "value: reduced_construction, unit: m2,", "profile_wrong_unit", 5),
    ("value: reduced_construction", "value: null", "resource_wrong_value", 5),
    ("{small: 0.85, large: 0.9}", "{small: 0.85, large: [1]}", "resource_wrong_value", 8),
    ("  strict:", "  k_red:", "resource_duplicate_key", 9),
    ("left: {R: k_red}", "left: {R: k_rde}", "profile_unknown_setting", 13),
    ("left: {R: k_red}", "left: {R: method}", "profile_setting_is_no_number", 13),
    ("left: {R: k_red}", "left: {R: strict}", "profile_setting_is_no_number", 13),
    ("left: {R: k_red}", "left: {R: true}", "resource_wrong_value", 13),
    ("left: {R: k_red}", "left: [R]", "resource_wrong_value", 13),
    ("    left: {R: k_red}\n", "", "resource_missing_key", 12),
    ("    unit: m2\n", "", "resource_missing_key", 12),
    ("    unit: m2\n", "    unit: m\n    colour: red\n", "resource_unknown_key", 16),
    ("    unit: m2\n", "    unit: qm\n", "profile_wrong_unit", 15),
    ('    basis: "国土资函〔2014〕54号"\n', "", "resource_missing_key", 12),
    ("    status: text\n", "", "resource_missing_key", 12),
    ("hard: true", "hard: very", "resource_wrong_value", 18),
    ("severity: warn", "severity: note", "resource_wrong_value", 19),
    ("[township, village]", "[county]", "resource_wrong_value", 20),
    ("2014-01-01", "2014", "resource_wrong_value", 22),
    ("{id: R5,", "{id: R4,", "profile_duplicate_rule", 25),
    ("rules:\n", "drop_rules: [R1]\nrules:\n", "profile_no_such_rule", 11),
    ("status: practice}\n", "status: practice\n", "resource_unreadable", None),
]


@pytest.mark.parametrize(
    ("old", "new", "message_id", "line"), SLIPS, ids=[f"{slip[2]}-{i}" for i, slip in enumerate(SLIPS)]
)
def test_slips_are_named_with_file_and_line(
    old: str, new: str, message_id: str, line: int, write: Callable[[str, str], Path]
) -> None:
    assert old in BASE
    path = write("base.yaml", BASE.replace(old, new, 1))
    error = refused(lambda: load_profile(path))
    assert (error.message_id, error.values["file"]) == (message_id, "base.yaml")
    if line is not None:
        assert error.values["line"] == line


def test_an_inherited_rule_whose_setting_becomes_a_word(write: Callable[[str, str], Path]) -> None:
    write("base.yaml", BASE)
    text = "id: o\ntitle: {zh: o, en: o}\nextends: base\nsettings:\n  k_red: {value: one, basis: b, status: text}\n"
    error = refused(lambda: load_profile(write("o.yaml", text)))
    assert (error.message_id, error.values["file"]) == ("profile_setting_is_no_number", "o.yaml")


@pytest.mark.parametrize("name", ["suzhou-2014", "territorial-2021"])
def test_shipped_packages(name: str) -> None:
    if not paths.resource("profiles", f"{name}.yaml").is_file():
        pytest.skip(f"{name} is not there yet")
    package = load_profile(name)
    assert package.id == name
    assert name in profile_ids()
    assert package.rules
    assert all(rule.basis for rule in package.rules)
    assert all(setting.basis for setting in package.settings.values())


# ---- YAML


def test_yaml_reads_codes_and_times_as_text(write: Callable[[str, str], Path]) -> None:
    root = yamlfile.read_yaml(write("x.yaml", "code: 0101\ntime: 10:30\nplain: 10\nzero: 0\nshare: 0.5\n")).mapping()
    assert [entry.value for entry in root.values()] == ["0101", "10:30", 10, 0, 0.5]


@pytest.mark.parametrize(
    ("text", "message_id"),
    [("", "resource_unreadable"), ("a: [1\nb: 2", "resource_unreadable"), ("a: 1\na: 2", "resource_duplicate_key")],
)
def test_broken_yaml(text: str, message_id: str, write: Callable[[str, str], Path]) -> None:
    assert refused(lambda: yamlfile.read_yaml(write("x.yaml", text))).message_id == message_id


def test_yaml_that_is_no_utf8_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes("id: 口径".encode("gbk"))
    assert refused(lambda: yamlfile.read_yaml(path)).message_id == "resource_unreadable"
    assert refused(lambda: yamlfile.read_yaml(tmp_path / "none.yaml")).message_id == "resource_not_found"


def test_yaml_builds_no_objects(write: Callable[[str, str], Path]) -> None:
    path = write("x.yaml", "a: !!python/object/apply:os.getcwd []\n")
    entry = yamlfile.read_yaml(path).mapping()["a"]
    assert entry.value == ()


# ---- classes


def test_systems_are_in_order_of_preference_and_named() -> None:
    systems = load_class_systems()
    assert list(systems)[:4] == ["third_survey", "gbt21010_2017", "second_survey", "gbt21010_2007"]
    assert systems["third_survey"].name == "三调工作分类"
    assert systems["third_survey"].title["en"] == "third survey working classification"
    assert {system.kind for system in systems.values()} == {"survey", "plan"}
    assert load_class_systems() is systems  # read once


def test_limits_come_from_the_resources() -> None:
    limits = load_detection_limits()
    assert limits.tie_share == 0.05  # 00-supplement 1.1
    assert limits.layer_bonus > limits.tie_share
    assert limits.field_bonus > limits.tie_share


OWN = """\
code,name,group,cultivated,farmland
Acker,Acker,agricultural,1,yes
Gebäude,Gebäude,construction,,
Fels,Fels,unused,0,no
"""


def test_a_users_own_table(write: Callable[[str, str], Path]) -> None:
    path = write("swiss.csv", OWN)
    system = load_class_system(path)
    assert (system.id, system.kind) == ("swiss", "survey")
    assert {code: entry.group for code, entry in system.classes.items()} == {
        "Acker": LandGroup.AGRICULTURAL,
        "Gebäude": LandGroup.CONSTRUCTION,
        "Fels": LandGroup.UNUSED,
    }
    assert system.find("Acker").cultivated
    assert not system.find("Gebäude").cultivated
    with_own = load_class_systems(path)
    assert list(with_own)[-1] == "swiss"
    assert list(load_class_systems(path.parent))[-1] == "swiss"
    assert "swiss" not in load_class_systems()
    assert load_class_system("third_survey").id == "third_survey"


def test_a_users_table_saved_by_a_spreadsheet(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-8-sig"):
        path = tmp_path / f"own_{encoding}.csv"
        path.write_bytes("code,name,group\r\n01,耕地,agricultural\r\n,,\r\n".encode(encoding))
        assert load_class_system(path).find("01").name == "耕地"


CSV_SLIPS = [
    ("code,name,group", "code,name", "resource_missing_key", 1),
    ("cultivated,farmland", "cultivated,colour", "resource_unknown_key", 1),
    ("Fels,Fels,unused,0,no", "Acker,Fels,unused,0,no", "resource_duplicate_key", 4),
    ("Fels,Fels,unused", "Fels,Fels,rock", "resource_wrong_value", 4),
    ("Fels,Fels,unused", ",Fels,unused", "resource_missing_key", 4),
    ("Fels,Fels,unused", "Fels,,unused", "resource_missing_key", 4),
    ("Gebäude,Gebäude,construction,,", "Gebäude,Gebäude,construction,1,", "resource_wrong_value", 3),
    ("agricultural,1,yes", "agricultural,x,yes", "resource_wrong_value", 2),
    ("agricultural,1,yes", "agricultural,1,maybe", "resource_wrong_value", 2),
    ("agricultural,1,yes", "agricultural,1,yes,more", "resource_wrong_columns", 2),
]


@pytest.mark.parametrize(("old", "new", "message_id", "line"), CSV_SLIPS)
def test_slips_in_a_table(old: str, new: str, message_id: str, line: int, write: Callable[[str, str], Path]) -> None:
    assert old in OWN
    path = write("own.csv", OWN.replace(old, new, 1))
    error = refused(lambda: load_class_system(path))
    assert (error.message_id, error.values["file"], error.values["line"]) == (message_id, "own.csv", line)


def test_parent_and_paddy_are_checked(write: Callable[[str, str], Path]) -> None:
    head = "code,name,group,cultivated,paddy,parent\n"
    error = refused(lambda: load_class_system(write("a.csv", f"{head}1,a,unused,,,9\n")))
    assert (error.message_id, error.values["line"], error.values["value"]) == ("resource_wrong_value", 2, "9")
    error = refused(lambda: load_class_system(write("b.csv", f"{head}1,a,agricultural,0,1,\n")))
    assert error.values["key"] == "paddy"


def test_unknown_systems_conversions_and_files(tmp_path: Path) -> None:
    assert refused(lambda: load_class_system("fourth_survey")).message_id == "no_such_class_system"
    assert refused(lambda: load_conversion("a_b")).message_id == "no_such_conversion"
    assert refused(lambda: load_class_system(tmp_path / "none.csv")).message_id == "resource_not_found"


def test_every_row_says_how_far_it_is_verified() -> None:
    folder = paths.resource("classes")
    for path in folder.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        status = [line.rsplit(",", 1)[1] for line in lines[1:]]
        words = {word.strip().split(":")[0] for each in status for word in each.split(";")}
        assert words - {"no group", "group as 1004 of the third survey", "group as 1107A of the third survey"} <= {
            "repo", "web", "practice", "computed", "unverified",
        }, path.name  # fmt: skip
        assert all(status), path.name


def test_every_table_is_listed_and_every_listed_one_is_there() -> None:
    folder = paths.resource("classes")
    listed = set(re.findall(r"\w+\.csv", (folder / "systems.yaml").read_text(encoding="utf-8")))
    assert listed | {"settlement_codes.csv"} == {path.name for path in folder.glob("*.csv")}


# ---- roles


def test_role_schemas() -> None:
    schemas = load_role_schemas()
    parcels = schemas["parcels"]
    assert parcels.alias == "地类图斑"
    assert parcels.fields["class_code"].required
    assert parcels.fields["deduct_rate"].kind is Kind.REAL
    assert (parcels.fields["deduct_rate"].width, parcels.fields["deduct_rate"].decimals) == (6, 4)
    assert schemas["targets"].geometry == "table"
    assert schemas["reclaim"].fields["acc_date"].kind is Kind.DATE
    assert load_role_schemas() is schemas


@pytest.mark.parametrize(
    ("text", "message_id"),
    [
        (
            "roles: {r: {alias: a, layers: [], fields: {f: {names: [F], alias: f, kind: number}}}}",
            "resource_wrong_value",
        ),
        ("roles: {r: {alias: a, layers: [], fields: {f: {names: F, alias: f, kind: text}}}}", "resource_wrong_value"),
        ("roles: {r: {alias: a, layers: [], fields: {f: {alias: f, kind: text}}}}", "resource_missing_key"),
        ("roles: {r: {alias: a, layers: [], fields: {}, geometry: cube}}", "resource_wrong_value"),
        ("roles: {r: {alias: a, layers: [], fields: {}, colour: red}}", "resource_unknown_key"),
        ("roles: {}\nmore: 1", "resource_unknown_key"),
        (
            "roles: {r: {alias: a, layers: [], fields: {f: {names: [F], alias: f, kind: text, width: wide}}}}",
            "resource_wrong_value",
        ),
    ],
)
def test_slips_in_roles(
    text: str, message_id: str, write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("roles.yaml", text)
    monkeypatch.setattr(catalogue.paths, "resource", lambda *parts: path)
    error = refused(catalogue.load_role_schemas.__wrapped__)
    assert (error.message_id, error.values["file"]) == (message_id, "roles.yaml")


def test_all_resources_parse_with_a_plain_reader_too() -> None:
    # What is read with line numbers must not be a dialect of our own.
    for path in (paths.resource("schemas", "roles.yaml"), paths.resource("classes", "systems.yaml")):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))
    assert SENTENCES["en"].text(PlanningError("profile_circular", file="f", profile="p")).startswith("f: ")

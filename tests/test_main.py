"""The command line: exit codes, one line on stderr, and nothing heavy before a command needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, NoReturn

import numpy as np
import pytest
import shapely

from three_opt_three_protect import __main__ as command_line
from three_opt_three_protect.core import sample, tables
from three_opt_three_protect.core.errors import Cancelled, InputError
from three_opt_three_protect.core.tables import LayerTable
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.plandb import read_plan, sha256_of, write_plan
from three_opt_three_protect.storage.vectorfile import list_layers, read_layer, write_layers

ROOT = Path(__file__).resolve().parent.parent
SHELL = {**os.environ, "PYTHONPATH": str(ROOT)}
COMMANDS = ("sample", "overlay", "plan", "doctor")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("SYSB_TRACEBACK", raising=False)


def township(**arguments: Any) -> dict[str, LayerTable]:
    shapes = np.array([shapely.box(x, 0, x + 1, 1) for x in range(arguments["parcels"])], dtype=np.object_)
    codes = tables.text(["0101"] * len(shapes))
    parcels = LayerTable("parcels", np.arange(1, len(shapes) + 1), shapes, {"DLBM": codes}, crs_info("EPSG:4528"))
    return {"parcels": parcels}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written without a folder lands here."""
    monkeypatch.chdir(tmp_path)


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def call(**arguments: Any) -> NoReturn:
        raise error

    return call


def test_sample_writes_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {}

    def draw(**arguments: Any) -> dict[str, LayerTable]:
        asked.update(arguments)
        return township(**arguments)

    monkeypatch.setattr(sample, "draw_township", draw)
    path = tmp_path / "样例.gpkg"
    assert (
        command_line.main(["sample", "--seed", "7", "--parcels", "5", "--years", "1", "--defects", "1", str(path)]) == 0
    )
    assert asked == {"seed": 7, "parcels": 5, "years": 1, "defects": 1}
    layers, meta = read_plan(path)
    assert len(layers["parcels"]) == 5
    assert (meta["sample.seed"], meta["sample.parcels"]) == ("7", "5")
    assert capsys.readouterr().out == "parcels\t5\n"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan database of a small township."""
    path = tmp_path_factory.mktemp("drawn") / "sample.gpkg"
    write_plan(path, sample.draw_township(parcels=1000, years=1), {"sample.seed": "1"})
    return path


def figures(out: str) -> dict[str, str]:
    """The lines of two cells as a mapping."""
    return dict(line.split("\t") for line in out.splitlines() if line.count("\t") == 1)


def test_overlay_closes_on_the_recorded_areas(drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"--{role}={drawn}|layername={role}" for role in ("farmland", "boundary", "redline")]
    zones = f"--zones={drawn}|layername=roads"
    fields = ["--id-field", "BSM", "--area-field", "TBMJ"]
    assert command_line.main(["overlay", f"{drawn}|layername=parcels", "pieces.gpkg", *lines, zones, *fields]) == 0
    parcels, pieces = read_layer(drawn, "parcels"), read_layer(tmp_path / "pieces.gpkg", "pieces")
    recorded = dict(zip(parcels.columns["BSM"].values, parcels.columns["TBMJ"].values))
    found = dict.fromkeys(recorded, 0.0)
    for parcel, area in zip(pieces.columns["parcel_id"].values, pieces.columns["area_m2"].values):
        found[parcel] += area
    assert {key: round(value, 2) for key, value in found.items()} == recorded
    said = figures(capsys.readouterr().out)
    assert (said["PARCELS"], said["PIECES"]) == (str(len(parcels)), str(len(pieces)))
    assert float(said["TOTAL_M2"]) == pytest.approx(sum(recorded.values()), abs=0.005)
    assert not pieces.columns["zone1"].is_missing.all()


XIAN, CGCS = "EPSG:2385", "EPSG:4549"


@pytest.fixture
def two_datums(tmp_path: Path) -> list[str]:
    """Arguments: a parcel of a hectare, and farmland on its western 40 m drawn 118.25 m west on the old datum."""
    x, y = 550_000.0, 3_460_000.0
    for name, crs, shape in (
        ("parcels", CGCS, shapely.box(x, y, x + 100, y + 100)),
        ("farmland", XIAN, shapely.box(x - 118.25, y + 4.75, x - 78.25, y + 104.75)),
    ):
        table = LayerTable(name, np.array([1]), np.array([shape], dtype=np.object_), {}, crs_info(crs))
        write_layers(tmp_path / f"{name}.gpkg", {name: table})
    return [str(tmp_path / "parcels.gpkg"), "--farmland", str(tmp_path / "farmland.gpkg"), "--area-method", "2"]


def test_overlay_across_datums(two_datums: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["overlay", *two_datums, "a.gpkg"]) == command_line.INPUT_ERROR
    assert "--datum-shift" in capsys.readouterr().err
    assert not (tmp_path / "a.gpkg").exists()
    file = tmp_path / "参数.yaml"
    file.write_text("from: 西安80\nto: CGCS2000\ndx: 118.25\ndy: -4.75\nrotation: 0\nscale: 1", encoding="utf-8")
    assert command_line.main(["overlay", *two_datums, "a.gpkg", "--datum-shift", str(file)]) == command_line.DONE
    pieces = read_layer(tmp_path / "a.gpkg", "pieces").columns
    assert sorted(zip(pieces["in_farm"].values.tolist(), pieces["area_m2"].values.tolist())) == [(0, 6000), (1, 4000)]
    said = [line for line in capsys.readouterr().out.splitlines() if "dx=118.25" in line]
    assert len(said) == 1
    assert said[0].startswith("info\tfarmland")


def test_overlay_takes_the_field_named(drawn: Path, tmp_path: Path) -> None:
    assert command_line.main(["overlay", f"{drawn}|layername=parcels", "a.gpkg", "--id-field", "TBBH"]) == 0
    ids = set(read_layer(tmp_path / "a.gpkg", "pieces").columns["parcel_id"].values)
    assert ids == set(read_layer(drawn, "parcels").columns["TBBH"].values)


def test_overlay_without_pieces_writes_the_same_sums(drawn: Path, tmp_path: Path) -> None:
    asked = ["overlay", f"{drawn}|layername=parcels", f"--zones={drawn}|layername=villages"]
    assert command_line.main([*asked, "all.gpkg"]) == 0
    assert command_line.main([*asked, "sums.gpkg", "--no-pieces"]) == 0
    assert list(list_layers(tmp_path / "all.gpkg")) == ["pieces", "summary"]
    assert list(list_layers(tmp_path / "sums.gpkg")) == ["summary"]
    one, other = (read_layer(tmp_path / name, "summary") for name in ("all.gpkg", "sums.gpkg"))
    assert list(one.columns) == list(other.columns)
    for name, column in one.columns.items():
        assert column.is_missing.tolist() == other.columns[name].is_missing.tolist()
        assert (column.kind, column.alias, column.width) == (
            other.columns[name].kind,
            other.columns[name].alias,
            other.columns[name].width,
        )
        there = ~column.is_missing
        assert column.values[there].tolist() == other.columns[name].values[there].tolist()


def test_overlay_says_what_parcels_share(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = np.array([shapely.box(x, 3_460_000, x + 10, 3_460_010) for x in (40_550_000, 40_550_008)], dtype=object)
    codes = {"DLBM": tables.text(["0101", "0102"])}
    write_layers("two.gpkg", {"DLTB": LayerTable("DLTB", np.array([1, 2]), shapes, codes, crs_info("EPSG:4528"))})
    assert command_line.main(["overlay", "two.gpkg", "a.gpkg", "--area-method", "2", "--no-pieces"]) == 0
    assert figures(capsys.readouterr().out)["PARCEL_OVERLAP_M2"] == "20.00"


def test_overlay_takes_the_class_system_given(drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["overlay", f"{drawn}|layername=parcels", "a.gpkg", "--no-pieces", "--class-system"]
    assert command_line.main([*asked, "second_survey"]) == 0
    out = capsys.readouterr().out
    assert "recognised as" not in out, "what is given is not looked for"
    assert int(figures(out)["UNKNOWN_CODES"]) > 0, "codes of the third survey"
    (tmp_path / "own.csv").write_text("code,name,group\n0101,水田,agricultural\n", encoding="utf-8")
    assert command_line.main([*asked, "own.csv"]) == 0
    assert read_layer(tmp_path / "a.gpkg").columns["land_group"].is_missing.any()
    assert command_line.main([*asked, "nowhere"]) == 2


def test_overlay_of_geopackages_loads_no_gdal(drawn: Path) -> None:
    program = (
        "import sys; from three_opt_three_protect.__main__ import main;"
        f"main(['overlay', {str(drawn)!r} + '|layername=parcels', 'a.gpkg', '--no-pieces']);"
        "print([name for name in ('pyogrio', 'fiona', 'pyproj', 'pandas', 'http') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], env=SHELL, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_overlay_does_not_replace_its_input(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = drawn.read_bytes()
    assert command_line.main(["overlay", f"{drawn}|layername=parcels", str(drawn)]) == 2
    assert "would overwrite sample.gpkg" in capsys.readouterr().err
    assert drawn.read_bytes() == before


def test_plan_keeps_the_layers_and_adds_accounts_and_verdicts(
    drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command_line.main(["plan", str(drawn), "--output", str(tmp_path)])
    given, (layers, meta) = read_plan(drawn), read_plan(tmp_path / "plan.gpkg")
    assert set(layers) == {*given.layers, "accounts", "verdicts", "evidence"}
    results = layers["verdicts"].columns["result"].values.tolist()
    assert code == int("fail" in results)
    said = [line.split("\t")[0] for line in capsys.readouterr().out.splitlines() if line.count("\t") == 4]
    assert said == results
    assert (meta["profile"], meta["sample.seed"]) == ("suzhou-2014", "1")
    assert meta["input.plan"] == f"sample.gpkg sha256:{sha256_of(drawn)}"


def test_a_rule_that_fails_is_exit_code_1(drawn: Path, tmp_path: Path) -> None:
    layers, _ = read_plan(drawn)
    # one plot to reclaim does not pay for all that is built
    layers["reclaim"] = layers["reclaim"].take(np.array([0]))
    write_plan("unpaid.gpkg", layers, {})
    assert command_line.main(["plan", "unpaid.gpkg", "--output", str(tmp_path)]) == 1
    assert "fail" in read_plan(tmp_path / "plan.gpkg").layers["verdicts"].columns["result"].values


def test_a_plan_without_parcels(drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_plan("a.gpkg", {"villages": read_plan(drawn).layers["villages"]}, {})
    assert command_line.main(["plan", "a.gpkg", "--output", str(tmp_path)]) == 2
    assert "parcels" in capsys.readouterr().err
    assert not (tmp_path / "plan.gpkg").exists()


def test_an_unknown_profile(drawn: Path, tmp_path: Path) -> None:
    assert command_line.main(["plan", str(drawn), "--output", str(tmp_path), "--profile", "无"]) == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("no_such_file", path="a.gpkg"), 2),
        (ModuleNotFoundError("No module named 'highspy'", name="highspy"), 2),
        (ModuleNotFoundError("No module", name="three_opt_three_protect.lost"), 3),
        (ZeroDivisionError("division\nby zero"), 3),
    ],
)
def test_what_goes_wrong_is_one_line_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, code: int
) -> None:
    monkeypatch.setattr(sample, "draw_township", raising(error))
    assert command_line.main(["sample", "a.gpkg"]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("three_opt_three_protect: ")
    assert said.err.count("\n") == 1
    assert len(said.err) <= 230


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled()])
def test_cancelled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException) -> None:
    monkeypatch.setattr(sample, "draw_township", raising(error))
    assert command_line.main(["sample", "a.gpkg"]) == 130
    assert capsys.readouterr().err == ""


def test_an_impossible_output_is_refused_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "draw_township", raising(AssertionError("drawn in vain")))
    assert command_line.main(["sample", "--parcels", "1", str(tmp_path / "无" / "a.gpkg")]) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [[], ["nope"], ["sample"], ["sample", "--years", "3", "a.gpkg"], ["sample", "--seed", "x", "a.gpkg"]]
)
def test_usage_errors(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert command_line.main(arguments) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--help" in said


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)])
def test_help(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert command_line.main(arguments) == 0
    assert "usage: three_opt_three_protect" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("system", "arguments", "expected"),
    [
        ("zh_CN.UTF-8", [], "不存在"),
        ("zh_CN.UTF-8", ["--language", "en"], "does not exist"),
        ("de_DE.UTF-8", [], "does not exist"),
        ("C", ["--language", "zh"], "不存在"),
    ],
)
def test_language_of_messages(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    system: str,
    arguments: list[str],
    expected: str,
) -> None:
    monkeypatch.setenv("LC_ALL", system)
    error = InputError("no_such_file", path="a.gpkg")
    monkeypatch.setattr(sample, "draw_township", raising(error))
    command_line.main([*arguments, "sample", "a.gpkg"])
    assert expected in capsys.readouterr().err


def test_doctor_when_all_is_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: "2.0.9" if name == "shapely" else "99.0")
    assert command_line.main(["doctor"]) == 0
    assert "shapely\t2.0.9\t>=2.0.7,<2.1\n" in capsys.readouterr().out


def test_doctor_names_what_is_too_old(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: "1.8.5" if name == "shapely" else "99.0")
    assert command_line.main(["doctor"]) == 1
    assert 'pip install "shapely>=2.0.7,<2.1"' in capsys.readouterr().out


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **variables}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


def test_as_a_process() -> None:
    done = run("-m", "three_opt_three_protect", "sample")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from three_opt_three_protect.__main__ import main; main(['--help']);"
        "heavy = {'qgis', 'PyQt5', 'numpy', 'shapely', 'pyogrio', 'fiona', 'pyproj', 'scipy', 'yaml'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    assert run("-c", code).stderr == "[]\n"


def test_a_narrow_console_ends_no_run() -> None:
    done = run("-m", "three_opt_three_protect", "--language", "zh", "nope", PYTHONIOENCODING="ascii")
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--as-of", "明年"),
        ("--as-of", "2016-02-30"),
        ("--tolerance", "-1"),
        ("--tolerance", "nan"),
        ("--tolerance", "1e9"),
    ],
)
def test_a_value_that_cannot_be_meant_is_an_input_error(
    option: str, value: str, drawn: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["plan", str(drawn), "--output", str(tmp_path / "out"), option, value]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert f"{option} = " in said
    assert not (tmp_path / "out").exists()


def test_a_negative_seed_is_an_input_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["sample", str(tmp_path / "a.gpkg"), "--seed", "-1"]) == 2
    assert "--seed = -1 is not allowed" in capsys.readouterr().err


def test_a_device_is_never_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["sample", os.devnull]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
@pytest.mark.parametrize("limit", [60_000, 300_000])
def test_a_full_disk_leaves_everything_as_it_was(limit: int, drawn: Path, tmp_path: Path) -> None:
    (tmp_path / "accounts.xlsx").write_text("old")
    code = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from three_opt_three_protect.__main__ import main\n"
        f"sys.exit(main(['plan', {str(drawn)!r}, '--output', {str(tmp_path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2, done.stderr
    (said,) = done.stderr.splitlines()
    assert "could not be written" in said
    assert [path.name for path in tmp_path.iterdir()] == ["accounts.xlsx"]
    assert (tmp_path / "accounts.xlsx").read_text() == "old"

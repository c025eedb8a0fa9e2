"""Survey coordinate files: both forms, holes, parts, encodings, zones, and every way they can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import CrsError, InputError, PlanningError
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.messages import Messages, sentence
from three_opt_three_protect.storage.surveycrs import Axes, Zone, axes_of, datum_of, zone_of
from three_opt_three_protect.storage.surveyforms import form_ids, form_of, load_forms
from three_opt_three_protect.storage.surveytxt import SurveyText, read_survey, read_survey_files
from three_opt_three_protect.storage.surveywrite import encoded, survey_sheet, survey_text, write_whole

HEAD = """[属性描述]
格式版本号=1.01版本
数据产生单位=莲荡镇
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
# 100 m × 100 m less 10 m × 10 m: 0.99 ha.
HOLED = """10,0.9900,JX-01,安置地块,面,I51G001001,住宅,0702,@
J1,1,3453100.000,40557000.000
J2,1,3453100.000,40557100.000
J3,1,3453000.000,40557100.000
J4,1,3453000.000,40557000.000
J1,1,3453100.000,40557000.000
J5,2,3453020.000,40557010.000
J6,2,3453010.000,40557010.000
J7,2,3453010.000,40557020.000
J8,2,3453020.000,40557020.000
J5,2,3453020.000,40557010.000
"""
LINKAGE = """5,0.2500,,拆旧一,,,,复垦耕地,@
J1,3453050.000,40557200.000,,1
J2,3453050.000,40557250.000,,1
J3,3453000.000,40557250.000,,1
J4,3453000.000,40557200.000,,1
J1,3453050.000,40557200.000,,1
"""
TRIANGLE = """4,0.5000,JX-02,三角,面,,,,@
J1,1,3453100.000,40557300.000
J2,1,3453000.000,40557400.000
J3,1,3453000.000,40557300.000
J1,1,3453100.000,40557300.000
"""


def gauss(code: str) -> CrsInfo:
    found = crs_info(code)
    assert found is not None
    return found


def read(content: str, encoding: str = "gbk", **options: Any) -> SurveyText:
    return read_survey(content.encode(encoding), "a.txt", **options)


def values(found: SurveyText, column: str) -> List[Any]:
    return list(found.table.columns[column].values)


def ids(found: SurveyText) -> List[str]:
    return [finding.id for finding in found.findings]


def refused(content: Any, **options: Any) -> PlanningError:
    data = content if isinstance(content, bytes) else content.encode("gb18030")
    with pytest.raises(PlanningError) as caught:
        read_survey(data, "坏.txt", **options)
    for language in ("zh", "en"):
        line = sentence(caught.value, language)
        assert "坏.txt" in line
        assert "?" not in line
        assert len(line) <= 200
        if "line" in caught.value.values:
            assert str(caught.value.values["line"]) in line
    return caught.value


def test_an_approval_file_is_read() -> None:
    found = read(HEAD + HOLED + TRIANGLE)
    assert values(found, "plot_id") == ["JX-01", "JX-02"]
    assert values(found, "name") == ["安置地块", "三角"]
    assert values(found, "map_sheet") == ["I51G001001", None]
    assert values(found, "use") == ["住宅", None]
    assert values(found, "class_code") == ["0702", None]
    assert values(found, "area_ha") == [0.99, 0.5]
    assert (values(found, "points"), values(found, "rings")) == ([8, 3], [2, 1])
    assert values(found, "line") == [12, 23]
    assert shapely.area(found.table.shapes).tolist() == [9900.0, 5000.0]
    assert shapely.bounds(found.table.shapes[0]).tolist() == [40557000, 3453000, 40557100, 3453100]
    assert found.table.crs is not None
    assert found.table.crs.authid == "EPSG:4528"
    assert ids(found) == ["survey_form_found", "survey_crs_found"]


def test_a_linkage_file_is_told_by_its_lines() -> None:
    found = read(HEAD + LINKAGE)
    assert found.findings[0].values["form"] == "linkage"
    assert (values(found, "name"), values(found, "use")) == (["拆旧一"], ["复垦耕地"])
    assert values(found, "plot_id") == ["拆旧一"]  # the form has one place for both
    assert shapely.area(found.table.shapes).tolist() == [2500.0]


def test_east_first_is_seen_by_the_size_and_said() -> None:
    swapped = HEAD + TRIANGLE
    for line in TRIANGLE.splitlines()[1:]:
        point, ring, north, east = line.split(",")
        swapped = swapped.replace(line, f"{point},{ring},{east},{north}")
    found = read(swapped)
    assert shapely.equals(found.table.shapes[0], read(HEAD + TRIANGLE).table.shapes[0])
    assert "survey_axes_found" in ids(found)


def test_what_the_size_cannot_tell_must_be_stated() -> None:
    local = HEAD + "4,0.5,1,a,面,,,,@\nJ1,1,5100.0,3300.0\nJ2,1,5000.0,3400.0\nJ3,1,5000.0,3300.0\nJ1,1,5100.0,3300.0\n"
    assert refused(local).message_id == "survey_axes"
    with pytest.raises(CrsError, match="survey_no_zone"):
        read(local, axes=Axes.XY)
    plain = CrsInfo("", "LOCAL_CS", datum="own")
    assert read(local, axes=Axes.XY, crs=plain).table.shapes[0].bounds == (3300, 5000, 3400, 5100)
    assert read(local, axes=Axes.YX, crs=plain).table.shapes[0].bounds == (5000, 3300, 5100, 3400)


def test_an_axis_order_against_the_size_is_said() -> None:
    found = read(HEAD + TRIANGLE, axes=Axes.YX, crs=CrsInfo("", "LOCAL_CS"))
    assert "survey_axes_unlikely" in ids(found)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert values(read(HEAD + TRIANGLE, encoding), "name") == ["三角"]


def test_line_ends_blank_lines_and_wide_brackets() -> None:
    content = (HEAD + TRIANGLE).replace("[", "【").replace("]", "】").replace("\n", "\r\n\r\n")
    assert values(read(content), "line") == [23]
    assert values(read((HEAD + TRIANGLE).replace("\n", "\r")), "name") == ["三角"]


def test_a_ring_with_the_same_number_after_a_closed_one_is_another() -> None:
    found = read(HEAD + HOLED.replace(",2,3453", ",1,3453"))
    assert values(found, "rings") == [2]
    assert shapely.area(found.table.shapes).tolist() == [9900.0]


def test_two_outer_rings_are_two_parts() -> None:
    moved = HOLED.replace("405570", "405579").splitlines()
    lines = HOLED.splitlines()[:6] + moved[6:]
    found = read(HEAD + "\n".join(lines))
    assert found.table.shapes[0].geom_type == "MultiPolygon"
    assert shapely.area(found.table.shapes[0]) == 10100.0


def test_a_count_without_closing_points_is_accepted_and_said() -> None:
    found = read(HEAD + HOLED.replace("10,0.99", "8,0.99"))
    assert "survey_closing_not_counted" in ids(found)


def test_what_is_no_polygon_is_left_out_and_said() -> None:
    line = "2,0,L-1,沟渠,线,,,,@\nJ1,1,3453000.0,40557000.0\nJ2,1,3453100.0,40557000.0\n"
    found = read(HEAD + line + TRIANGLE)
    assert values(found, "plot_id") == ["JX-02"]
    (finding,) = [finding for finding in found.findings if finding.id == "survey_not_polygon"]
    assert finding.values["line"] == 12
    assert refused(HEAD + line).message_id == "survey_no_plots"


def test_more_entries_are_read_when_no_template_is_named() -> None:
    content = HEAD + TRIANGLE.replace(",,,,@", ",,,0702,水浇地,1,备注,@")
    found = read(content)
    assert values(found, "class_code") == ["0702"]
    assert "survey_other_fields" in ids(found)
    assert refused(content, form=form_of("approval")).message_id == "survey_fields"


@pytest.mark.parametrize(("stated", "said"), [("0.5000", False), ("7.5000", True), ("5000", True), ("0.5040", False)])
def test_a_stated_area_in_another_unit_is_said(stated: str, said: bool) -> None:
    found = read(HEAD + TRIANGLE.replace("0.5000", stated))
    assert ("survey_area_differs" in ids(found)) is said


def test_a_plot_that_crosses_itself_stays_as_it_is_and_is_said() -> None:
    bow = "5,0.1,B,结,面,,,,@\nJ1,1,3453000.0,40557000.0\nJ2,1,3453100.0,40557100.0\n"
    bow += "J3,1,3453100.0,40557000.0\nJ4,1,3453000.0,40557100.0\nJ1,1,3453000.0,40557000.0\n"
    found = read(HEAD + bow)
    assert "survey_invalid" in ids(found)
    assert len(shapely.get_coordinates(found.table.shapes[0])) == 5


BAD: Dict[str, Any] = {
    "survey_empty": b"",
    "survey_nul": HEAD.encode("gbk") + b"4,0.5,\0",
    "survey_encoding": HEAD.encode("gbk") + b"\xff\xff\n" + TRIANGLE.encode("gbk"),
    "survey_unknown_section": "[扩展信息]\n" + HEAD + TRIANGLE,
    "survey_no_section": TRIANGLE,
    "survey_no_plots": HEAD,
    "survey_point_without_plot": HEAD + TRIANGLE.split("\n", 1)[1],
    "survey_count": HEAD + TRIANGLE.replace("4,0.5000", "5,0.5000"),
    "survey_ring_open": HEAD + TRIANGLE.replace("J1,1,3453100.000,40557300.000\n4", "").rsplit("J1", 1)[0],
    "survey_too_few_points": HEAD
    + "3,0,1,a,面,,,,@\nJ1,1,3453100,40557300\nJ2,1,3453000,40557300\nJ1,1,3453100,40557300",
    "survey_not_a_number": HEAD + TRIANGLE.replace("40557400.000", "4055740O.000"),
    "survey_fields": HEAD + TRIANGLE.replace("J2,1,3453000.000,40557400.000", "J2,1,3453000.000"),
    "survey_form_unknown": HEAD + "4,0.5,1,a,面,,,,@\n1;2;3\n",
}
LINE = {
    "survey_nul": 12,
    "survey_encoding": 12,
    "survey_unknown_section": 1,
    "survey_no_section": 1,
    "survey_point_without_plot": 12,
    "survey_count": 12,
    "survey_ring_open": 15,
    "survey_too_few_points": 15,
    "survey_not_a_number": 14,
    "survey_fields": 14,
    "survey_form_unknown": 13,
}


@pytest.mark.parametrize("message_id", BAD)
def test_bad_input_is_one_line_with_its_number(message_id: str) -> None:
    error = refused(BAD[message_id])
    assert error.message_id == message_id
    assert error.values.get("line") == LINE.get(message_id, error.values.get("line"))


@pytest.mark.parametrize("value", ["nan", "inf", "", "1e999"])
def test_what_is_not_finite_is_no_number(value: str) -> None:
    assert refused(HEAD + TRIANGLE.replace("40557400.000", value)).message_id == "survey_not_a_number"


@pytest.mark.parametrize("count", ["-5", "5.0", "²", "9" * 5000])
def test_a_count_or_ring_that_is_no_number_is_said_with_its_line(count: str) -> None:
    wrong = refused(HEAD + TRIANGLE.replace("4,0.5000", f"{count},0.5000"))
    assert (wrong.message_id, wrong.values["line"]) == ("survey_not_a_number", 12)
    wrong = refused(HEAD + TRIANGLE.replace("J2,1,", f"J2,{count},"))
    assert (wrong.message_id, wrong.values["line"]) == ("survey_not_a_number", 14)


@pytest.mark.parametrize("stated", ["半公顷", "1e999"])
def test_a_stated_area_that_is_no_number_is_said(stated: str) -> None:
    found = read(HEAD + TRIANGLE.replace("0.5000", stated))
    assert [one.values["text"] for one in found.findings if one.id == "survey_area_unread"] == [stated]
    assert np.isnan(found.table.columns["area_ha"].values[0])


@pytest.mark.parametrize("cut", range(10, len((HEAD + HOLED).encode("gbk")) - 1, 37))
def test_a_file_cut_off_is_refused_or_says_so(cut: int) -> None:
    with pytest.raises(PlanningError):
        read_survey((HEAD + HOLED).encode("gbk")[:cut], "a.txt")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "EPSG:4528"),
        ({"几度分带=3\n": ""}, "EPSG:4528"),
        ({"带号=40": "带号="}, "EPSG:4528"),
        ({"2000国家大地坐标系": "CGCS2000"}, "EPSG:4528"),
        ({"2000国家大地坐标系": "1980西安坐标系"}, "EPSG:2364"),
        ({"2000国家大地坐标系": "1954北京坐标系"}, "EPSG:2416"),
        ({",40557": ",557"}, "EPSG:4549"),
        ({",40557": ",557", "带号=40": "中央子午线=120°"}, "EPSG:4549"),
        ({",40557": ",557", "2000国家大地坐标系": "西安80"}, "EPSG:2385"),
        ({",40557": ",20557", "带号=40": "带号=20", "几度分带=3": "几度分带=6度带"}, "EPSG:4498"),
        ({",40557": ",557", "带号=40": "带号=20", "几度分带=3": "几度分带=6"}, "EPSG:4509"),
    ],
)
def test_zones_by_header_and_eastings(changes: Dict[str, str], code: str) -> None:
    content = HEAD + TRIANGLE
    for old, new in changes.items():
        assert old in content
        content = content.replace(old, new)
    found = read(content)
    assert found.table.crs is not None
    assert found.table.crs.authid == code


@pytest.mark.parametrize(
    ("changes", "message_id"),
    [
        ({"坐标系=2000国家大地坐标系\n": ""}, "survey_no_datum"),
        ({"2000国家大地坐标系": "苏州独立坐标系"}, "survey_no_datum"),
        ({"2000国家大地坐标系": "WGS84"}, "survey_no_zone"),
        ({",40557": ",557", "带号=40": "带号="}, "survey_no_zone"),
        ({"带号=40": "带号=39"}, "survey_zone_differs"),
        ({"J3,1,3453000.000,40557": "J3,1,3453000.000,39557"}, "survey_zone_differs"),
        ({"几度分带=3": "几度分带=6"}, "survey_no_zone"),
        ({"带号=40": "带号=" + "9" * 5000}, "survey_zone_differs"),
        ({"计量单位=米": "计量单位=英尺"}, "survey_unit"),
    ],
)
def test_a_datum_or_zone_is_never_guessed(changes: Dict[str, str], message_id: str) -> None:
    content = HEAD + TRIANGLE
    for old, new in changes.items():
        content = content.replace(old, new)
    assert refused(content).message_id == message_id


def test_a_zone_number_that_is_none_is_as_good_as_left_out() -> None:
    read_back = read_survey((HEAD + TRIANGLE).replace("带号=40", "带号=²").encode(), "a.txt")
    assert read_back.table.crs is not None
    assert read_back.table.crs.authid == "EPSG:4528"


def test_the_planner_may_choose_and_is_told_where_the_file_says_otherwise() -> None:
    found = read(HEAD.replace("2000国家大地坐标系", "西安80") + TRIANGLE, crs=gauss("EPSG:4528"))
    assert found.table.crs == gauss("EPSG:4528")
    assert "survey_crs_overridden" in ids(found)
    assert refused(HEAD + TRIANGLE, crs=gauss("EPSG:4549")).message_id == "coordinates_outside_crs"


def test_zones_and_datums_of_the_table() -> None:
    assert zone_of(gauss("EPSG:4528")) == Zone("EPSG:4490", 3, 40, True)
    assert zone_of(gauss("EPSG:4510")) == Zone("EPSG:4490", 6, 21, False)
    assert zone_of(gauss("EPSG:4509")).meridian == 117  # type: ignore[union-attr]
    assert zone_of(CrsInfo("EPSG:32651")) is None
    assert Zone("EPSG:4490", 3, 99, True).crs is None
    assert datum_of(" 1980 西安坐标系 ") == "EPSG:4610"
    assert axes_of(np.array([3.45e6]), np.array([557000.0])) is Axes.XY
    assert axes_of(np.array([120.5]), np.array([31.2])) is Axes.YX
    assert axes_of(np.array([557000.0]), np.array([557000.0])) is None


def test_several_files_become_one_layer(tmp_path: Path) -> None:
    folder = tmp_path / "规划 成果" / ("很长的文件夹名" * 8) / ("z" * 100)
    folder.mkdir(parents=True)
    assert len(str(folder)) > 200
    (folder / "一.txt").write_bytes((HEAD + HOLED).encode("gbk"))
    (folder / "二.txt").write_bytes((HEAD + TRIANGLE + TRIANGLE.replace("JX-02", "JX-01")).encode())
    found = read_survey_files([folder / "一.txt", folder / "二.txt"])
    assert values(found, "file") == ["一.txt", "二.txt", "二.txt"]
    assert found.table.fid.tolist() == [1, 2, 3]
    (finding,) = [finding for finding in found.findings if finding.id == "survey_number_twice"]
    assert finding.values["names"] == "JX-01"
    (folder / "三.txt").write_bytes((HEAD + TRIANGLE).replace("2000国家大地坐标系", "西安80").encode())
    with pytest.raises(CrsError, match="survey_two_crs"):
        read_survey_files([folder / "一.txt", folder / "三.txt"])
    with pytest.raises(InputError, match="no_such_file"):
        read_survey_files([folder / "四.txt"])


def layer(*shapes: Any, code: str = "EPSG:4528") -> LayerTable:
    array = np.empty(len(shapes), dtype=np.object_)
    array[:] = shapes
    return LayerTable("新村", np.arange(1, len(shapes) + 1), array, {}, gauss(code))


def written(table: LayerTable, form: str = "approval", decimals: Optional[int] = None, **texts: Any) -> str:
    used = form_of(form)
    return survey_text(table, survey_sheet(table, used, decimals), used, texts, "2026-01-05", "莲荡镇")[0]


def test_the_approval_file_is_written_to_the_letter() -> None:
    table = read(HEAD + HOLED).table
    content = written(
        table, number=["JX-01"], name=["安置地块"], sheet=["I51G001001"], use=["住宅"], class_code=["0702"]
    )
    assert content.replace("\r\n", "\n") == (HEAD + HOLED).replace(
        "数据产生单位=莲荡镇\n", "数据产生单位=莲荡镇\n数据产生日期=2026-01-05\n"
    )
    assert "\n" not in content.replace("\r\n", "")


def test_the_linkage_file_is_written_to_the_letter() -> None:
    content = written(read(HEAD + LINKAGE).table, "linkage", name=["拆旧一"], use=["复垦耕地"], number=["不写"])
    assert content.split("[地块坐标]\r\n")[1].replace("\r\n", "\n") == LINKAGE


def test_the_zone_number_is_added_where_the_form_wants_it() -> None:
    content = written(layer(shapely.box(557000, 3453000, 557010, 3453010), code="EPSG:4549"), number=["1"])
    assert "J1,1,3453010.000,40557000.000" in content
    assert "带号=40" in content
    assert shapely.equals(read(content).table.shapes[0], shapely.box(40557000, 3453000, 40557010, 3453010))


def test_layers_in_no_zone_are_refused() -> None:
    table = layer(shapely.box(0, 0, 1, 1))
    for crs in (CrsInfo("EPSG:4490", is_geographic=True), CrsInfo("EPSG:32651")):
        with pytest.raises(CrsError, match="survey_needs_zone"):
            survey_sheet(LayerTable("a", table.fid, table.geometry, {}, crs), form_of("approval"))


def test_signs_that_would_break_a_line_are_made_wide_and_said() -> None:
    form, table = form_of("approval"), read(HEAD + TRIANGLE).table
    texts = {"number": ["1"], "name": ["甲,乙\n@丙"]}
    content, findings = survey_text(table, survey_sheet(table, form), form, texts, "2026-01-05")
    assert values(read(content), "name") == ["甲，乙 ＠丙"]
    assert [finding.id for finding in findings] == ["survey_text_changed"]


def test_a_sign_gbk_lacks_is_named() -> None:
    assert encoded("测试", "gbk") == "测试".encode("gbk")
    with pytest.raises(InputError) as caught:
        encoded("一\r\n\U0002b82d\r\n", "gbk")
    assert caught.value.values == {"sign": "\U0002b82d", "line": 2, "encoding": "GBK"}
    assert encoded("\U0002b82d", "utf-8").decode("utf-8") == "\U0002b82d"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "规划 成果.txt"
    write_whole(path, b"old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="not_written"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(InputError, match="no_such_folder"):
        write_whole(tmp_path / "x" / "a.txt", b"")


def test_every_form_says_where_it_is_from_and_how_sure_that_is() -> None:
    assert set(form_ids()) == set(load_forms()) >= {"approval", "linkage"}
    assert load_forms()["linkage"].status == "unverified"
    assert all(form.basis and form.north_first for form in load_forms().values())
    with pytest.raises(InputError, match="survey_no_such_form"):
        form_of("nope")


def test_every_finding_has_its_sentence() -> None:
    content = (HEAD + HOLED).replace("10,0.99", "8,9.99").replace("精度=0.001", "精度").replace(",@", ",x,@")
    found = read(content)
    assert len(set(ids(found))) >= 5
    for language in ("zh", "en"):
        for finding in found.findings:
            line = Messages(language).text(finding.id, **finding.values)
            assert "?" not in line
            assert finding.id not in line


@st.composite
def plots(draw: Any) -> List[shapely.Polygon]:
    """Plots apart from each other, some with holes, some of two parts, to the millimetre."""
    made = []
    for place in range(draw(st.integers(1, 4))):
        x, y = 40_557_000 + place * 1000, 3_453_000

        def corner(low: int, high: int) -> float:
            return float(draw(st.integers(low * 1000, high * 1000))) / 1000

        outer = [(x + corner(0, 50), y + corner(0, 50)), (x + corner(150, 200), y + corner(0, 50)),
                 (x + corner(150, 200), y + corner(150, 200)), (x + corner(0, 50), y + corner(150, 200))]  # fmt: skip
        hole = [(x + corner(60, 80), y + 60), (x + 60, y + corner(90, 140)), (x + 140, y + corner(90, 140))]
        shape = shapely.Polygon(outer, [hole] if draw(st.booleans()) else [])
        if draw(st.booleans()):
            shape = shapely.MultiPolygon([shape, shapely.box(x + 300, y, x + 300 + corner(1, 9), y + 7)])
        made.append(shape)
    return made


@settings(max_examples=60, deadline=None)
@given(
    shapes=plots(), form=st.sampled_from(form_ids()), encoding=st.sampled_from(["gbk", "utf-8"]), named=st.booleans()
)
def test_what_is_written_is_read_back_to_the_millimetre(
    shapes: List[Any], form: str, encoding: str, named: bool
) -> None:
    table = layer(*shapes)
    names = [f"地块{row}" for row in range(len(shapes))]
    data = encoded(written(table, form, number=names, name=names, use=["住宅"] * len(names)), encoding)
    found = read_survey(data, "a.txt", form_of(form) if named else None)
    back = shapely.normalize(found.table.shapes)
    wanted = shapely.normalize(shapely.set_precision(table.shapes, 0.001))
    assert np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(wanted)).max() < 1e-7
    assert list(found.table.columns["name"].values) == names
    assert not {"survey_invalid", "survey_area_differs", "survey_axes_found"} & set(ids(found))
    # Written again it is the same to the letter.
    again = written(found.table, form, number=names, name=names, use=["住宅"] * len(names))
    assert encoded(again, encoding) == data

"""Drawings: polylines of every kind, texts, code pages, what is cut off, and what is written read back."""

from __future__ import annotations

import math
from typing import Any, List, Sequence, Tuple

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from three_opt_three_protect.core.boundarypoints import boundary_points
from three_opt_three_protect.core.errors import CrsError, InputError
from three_opt_three_protect.core.numbering import Numbering
from three_opt_three_protect.core.tables import CrsInfo, LayerTable
from three_opt_three_protect.storage.crs import crs_info
from three_opt_three_protect.storage.dxf import read_dxf
from three_opt_three_protect.storage.dxfplots import DrawnPlots, drawn_plots
from three_opt_three_protect.storage.dxfwrite import dxf_bytes, layer_names
from three_opt_three_protect.storage.messages import Messages, sentence

E, N = 40_557_000, 3_453_000
Places = Sequence[Tuple[float, float]]


def gauss() -> CrsInfo:
    found = crs_info("EPSG:4528")
    assert found is not None
    return found


def drawing(*entities: List[Any], encoding: str = "gbk", page: str = "ANSI_936", version: str = "AC1015") -> bytes:
    head: List[Any] = [0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, version]
    head += [9, "$DWGCODEPAGE", 3, page] if page else []
    body = [item for entity in entities for item in entity]
    # A block of the same name as the section, which must not be taken for it.
    blocks = [0, "SECTION", 2, "BLOCKS", 0, "BLOCK", 8, "0", 2, "ENTITIES", *light("B", square(0, 0, 1)), 0, "ENDBLK"]
    items = [*head, 0, "ENDSEC", *blocks, 0, "ENDSEC", 0, "SECTION", 2, "ENTITIES", *body, 0, "ENDSEC", 0, "EOF", ""]
    return "\r\n".join(str(item) for item in items).encode(encoding)


def square(x: float, y: float, size: float) -> Places:
    return [(E + x, N + y), (E + x + size, N + y), (E + x + size, N + y + size), (E + x, N + y + size)]


def light(
    layer: str, places: Places, closed: bool = True, bulges: Sequence[float] = (), more: Sequence[Any] = ()
) -> Any:
    entity: List[Any] = [0, "LWPOLYLINE", 5, "A1", 8, layer, 90, len(places), 70, int(closed), *more]
    for at, (x, y) in enumerate(places):
        entity += [10, x, 20, y, *([42, bulges[at]] if at < len(bulges) else [])]
    return entity


def heavy(layer: str, places: Places, flags: int = 1) -> List[Any]:
    entity: List[Any] = [0, "POLYLINE", 8, layer, 66, 1, 70, flags, 10, 0, 20, 0, 30, 0]
    for x, y in places:
        entity += [0, "VERTEX", 8, layer, 10, x, 20, y, 30, 3.5]
    return [*entity, 0, "SEQEND", 8, layer]


def text(
    words: str, x: float, y: float, layer: str = "注记", kind: str = "TEXT", more: Sequence[Any] = ()
) -> List[Any]:
    return [0, kind, 8, layer, 10, E + x, 20, N + y, 30, 0, 40, 2.5, 1, words, *more]


def plots(*entities: List[Any], **options: Any) -> DrawnPlots:
    return drawn_plots(read_dxf(drawing(*entities), "a.dxf"), "a.dxf", gauss(), **options)


def column(found: DrawnPlots, name: str) -> List[Any]:
    return list(found.table.columns[name].values)


def ids(found: DrawnPlots) -> List[str]:
    return [finding.id for finding in found.findings]


def test_closed_polylines_of_every_kind_become_plots_by_layer() -> None:
    again = [*square(400, 0, 20), square(400, 0, 20)[0]]
    found = plots(
        light("新建", square(0, 0, 100)), heavy("拆旧", square(200, 0, 50)), light("首末相同", again, closed=False)
    )
    assert column(found, "layer") == ["新建", "拆旧", "首末相同"]
    assert column(found, "handle") == ["A1", None, "A1"]
    assert column(found, "points") == [4, 4, 4]
    assert shapely.area(found.table.shapes).tolist() == [10000.0, 2500.0, 400.0]
    assert not shapely.has_z(found.table.shapes).any()
    assert found.findings == ()


def test_open_polylines_are_counted_by_layer_and_given() -> None:
    nearly = [*square(0, 0, 100), (E + 0.0, N + 0.004)]
    found = plots(light("新建", square(300, 0, 9)), light("新建", nearly, False), light("路", square(0, 0, 5), False))
    assert [line.values["gap"] for line in found.findings] == [pytest.approx(0.004, abs=1e-8), 5.0]
    assert [line.values["layer"] for line in found.findings] == ["新建", "路"]
    assert len(found.open_lines) == 2
    joined = plots(light("新建", nearly, False), light("路", square(0, 0, 5), False), close=0.01)
    assert shapely.area(joined.table.shapes[0]) == pytest.approx(10000, abs=0.5)
    assert ids(joined) == ["dxf_closed", "dxf_open"]


def test_arcs_are_drawn_out() -> None:
    found = plots(
        light("圆", [(E, N), (E + 100, N)], True, [1, 1]), light("弓", [(E, N), (E + 100, N)], True, [0.5, 0])
    )
    circle, segment = shapely.area(found.table.shapes)
    assert circle == pytest.approx(math.pi * 2500, rel=1e-6)
    # Segment of a circle: r²/2 (θ − sin θ), θ = 4 atan 0.5, r = c (1 + b²) / 4b = 62.5
    angle = 4 * math.atan(0.5)
    assert segment == pytest.approx(62.5**2 / 2 * (angle - math.sin(angle)), rel=1e-5)


def test_a_mark_of_the_byte_order_is_passed_over() -> None:
    data = b"\xef\xbb\xbf" + drawing(light("甲", square(0, 0, 10)), encoding="utf-8", version="AC1032")
    assert [line.layer for line in read_dxf(data, "图.dxf").lines] == ["甲"]


@pytest.mark.parametrize("bulge", [1e200, -1e200, 1e12])
def test_an_arc_far_out_is_refused_in_words(bulge: float) -> None:
    with pytest.raises(CrsError) as caught:
        plots(light("甲", square(0, 0, 10), bulges=[bulge] * 4))
    assert caught.value.message_id == "coordinates_outside_crs"


def test_a_mirrored_polyline_is_turned_back_and_a_tilted_one_counted() -> None:
    mirrored = [(-x, y) for x, y in square(0, 0, 10)]
    found = plots(
        light("镜像", mirrored, more=[210, 0, 220, 0, 230, -1]),
        light("斜", square(50, 0, 10), more=[210, 0.6, 220, 0, 230, 0.8]),
    )
    assert found.table.shapes[0].bounds == (E, N, E + 10, N + 10)
    assert [line.values.get("kind") for line in found.findings] == ["TILTED"]


def test_everything_else_is_counted() -> None:
    others = [
        [0, "HATCH", 8, "0", 70, 1],
        [0, "HATCH", 8, "0", 70, 1],
        [0, "CIRCLE", 8, "0", 40, 5],
        [0, "INSERT", 2, "块"],
    ]
    paper = light("图廓", square(0, 0, 9), more=[67, 1])
    mesh = heavy("面", square(0, 0, 9), flags=64)
    found = plots(light("新建", square(0, 0, 100)), *others, paper, mesh)
    counted = {line.values["kind"]: line.values["count"] for line in found.findings}
    assert counted == {"HATCH": 2, "CIRCLE": 1, "INSERT": 1, "PAPER SPACE": 1, "MESH": 1}
    assert len(found.table) == 1


def test_the_one_text_inside_is_the_plots_number() -> None:
    found = plots(
        light("新建", square(0, 0, 100)),
        light("新建", square(20, 20, 10)),
        light("新建", square(200, 0, 50)),
        light("新建", square(400, 0, 50)),
        text("JX-01", 80, 80),
        text("JX-02", 25, 25),
        text("甲", 210, 10),
        text("乙", 220, 20),
    )
    assert column(found, "plot_id") == ["JX-01", "JX-02", None, None]
    assert column(found, "texts") == [1, 1, 2, 0]
    assert ids(found) == ["dxf_inside", "dxf_several_texts"]


def test_a_text_at_a_vertex_names_the_vertex() -> None:
    corners = [text(f"P{number}", x, y, more=[40, 2]) for number, (x, y) in enumerate([(1, 1), (98, 1), (98, 98)])]
    plot = light("新建", square(0, 0, 100))
    assert column(plots(plot, *corners, text("JX-01", 50, 50, more=[40, 2])), "plot_id") == ["JX-01"]
    unclear = plots(plot, *corners, text("JX-01", 50, 50), text("甲", 40, 40))
    assert (column(unclear, "plot_id"), ids(unclear)) == ([None], ["dxf_several_texts"])
    assert "TEXT_LAYER" in Messages("zh").text(unclear.findings[0].id, **unclear.findings[0].values)


def test_inner_lines_of_other_drawings_stay_plots() -> None:
    entities = [light("甲", square(0, 0, 100)), light("甲", square(20, 20, 10)), light("乙", square(40, 40, 10))]
    assert len(plots(*entities, text("JX-01", 50, 10, "编号")).table) == 3
    own = plots(*entities, text("JX-01", 50, 10, "地块编号"))
    assert shapely.area(own.table.shapes).tolist() == [9900.0, 100.0]
    assert ids(own)[0] == "dxf_inner_holes"


def test_texts_of_one_layer_only() -> None:
    entities = [light("新建", square(0, 0, 100)), text("JX-01", 50, 50, "编号"), text("高程", 20, 20)]
    assert column(plots(*entities, text_layer="编号"), "plot_id") == ["JX-01"]
    with pytest.raises(InputError, match="dxf_no_text_layer"):
        plots(*entities, text_layer="无")


@pytest.mark.parametrize(
    ("written", "kind", "read"),
    [
        ("{\\fSimSun|b0;拆旧}一\\P（二）", "MTEXT", "拆旧一 （二）"),
        ("\\A1;\\H2.5x;\\LJX\\l-01", "MTEXT", "JX-01"),
        ("\\U+62C6\\U+65E7", "TEXT", "拆旧"),
        ("%%u标题%%u 45%%d", "TEXT", "标题 45°"),
    ],
)
def test_formats_of_texts_are_taken_off(written: str, kind: str, read: str) -> None:
    assert column(plots(light("0", square(0, 0, 100)), text(written, 50, 50, kind=kind)), "plot_id") == [read]


def test_a_centred_text_stands_at_its_second_point() -> None:
    centred = text("JX-01", -30, 50, more=[72, 1, 11, E + 50, 21, N + 50, 31, 0, 73, 2])
    assert column(plots(light("0", square(0, 0, 100)), centred), "plot_id") == ["JX-01"]


@pytest.mark.parametrize(
    ("encoding", "page", "version", "said"),
    [
        ("gbk", "ANSI_936", "AC1015", False),
        ("gbk", "", "AC1009", False),
        ("gbk", "ANSI_1252", "AC1015", True),
        ("utf-8", "ANSI_936", "AC1032", False),
        ("utf-8", "ANSI_1252", "AC1021", False),
        ("cp950", "ANSI_950", "AC1015", False),
    ],
)
def test_chinese_layer_names_whatever_the_code_page_says(encoding: str, page: str, version: str, said: bool) -> None:
    name = "拆舊" if encoding == "cp950" else "新建地"
    data = drawing(light(name, square(0, 0, 9)), encoding=encoding, page=page, version=version)
    found = drawn_plots(read_dxf(data, "a.dxf"), "a.dxf", gauss())
    assert column(found, "layer") == [name]
    assert ("dxf_encoding" in ids(found)) is said


def test_inner_polylines_are_holes_where_that_is_asked_for() -> None:
    entities = [
        light("甲", square(20, 20, 10)),
        light("甲", square(0, 0, 100)),
        light("乙", square(40, 40, 10)),
        light("甲", square(0, 0, 100)),
    ]
    apart = plots(*entities)
    assert (len(apart.table), ids(apart)) == (4, ["dxf_twice", "dxf_inside"])
    found = plots(*entities[:3], holes=True)
    assert column(found, "layer") == ["甲", "乙"]
    assert shapely.area(found.table.shapes).tolist() == [9900.0, 100.0]


def test_a_plot_that_crosses_itself_is_said() -> None:
    bow = [(E, N), (E + 10, N + 10), (E + 10, N), (E, N + 10)]
    assert ids(plots(light("0", bow))) == ["dxf_invalid"]


def test_layers_that_are_wanted() -> None:
    entities = [light("甲", square(0, 0, 9)), light("乙", square(20, 0, 9))]
    assert column(plots(*entities, layers=["乙"]), "layer") == ["乙"]
    with pytest.raises(InputError) as caught:
        plots(*entities, layers=["丙"])
    assert caught.value.values["known"] == "乙, 甲"


def test_coordinates_of_another_zone_are_refused() -> None:
    with pytest.raises(CrsError):
        plots(light("甲", [(x - 40_000_000, y) for x, y in square(0, 0, 9)]))


@pytest.mark.parametrize(
    ("data", "message_id"),
    [
        (b"", "survey_empty"),
        (b"AC1032\0\0\0\0", "dxf_is_dwg"),
        (b"AutoCAD Binary DXF\r\n\x1a\0", "dxf_binary"),
        (b"PK\x03\x04 not a drawing", "dxf_bad_line"),
        (drawing(light("0", square(0, 0, 9)))[:-8], "dxf_cut_short"),
        (drawing(light("0", square(0, 0, 9)))[:-120], "dxf_cut_short"),
        (drawing(light("0", [(E, "x")])), "dxf_bad_line"),  # type: ignore[list-item]
        (drawing(light("0", [(E, math.nan)])), "dxf_bad_line"),
        (drawing(light("0", square(0, 0, 9), bulges=[1e308])), "dxf_bad_line"),
        (drawing(light("0", square(0, 0, 9), closed=False)), "dxf_no_plots"),
    ],
)
def test_bad_input_is_one_line(data: bytes, message_id: str) -> None:
    with pytest.raises(InputError) as caught:
        drawn_plots(read_dxf(data, "坏.dxf"), "坏.dxf", gauss())
    assert caught.value.message_id == message_id
    for language in ("zh", "en"):
        line = sentence(caught.value, language)
        assert "坏.dxf" in line
        assert "?" not in line


def test_every_finding_has_its_sentence() -> None:
    nearly = [*square(0, 0, 100), (E + 0.0, N + 0.004)]
    found = drawn_plots(
        read_dxf(
            drawing(
                light("甲", square(0, 0, 90)), light("甲", square(0, 0, 90)), light("甲", square(2, 2, 5)),
                light("乙", nearly, False), light("乙", square(0, 0, 5), False), text("1", 50, 50), text("2", 60, 60),
                light("丙", [(E, N), (E + 9, N + 9), (E + 9, N), (E, N + 9)]), [0, "HATCH", 8, "0"], page="ANSI_1252",
            ),
            "a.dxf",
        ),
        "a.dxf", gauss(), close=0.01,
    )  # fmt: skip
    assert len(set(ids(found))) >= 7
    for language in ("zh", "en"):
        for finding in found.findings:
            line = Messages(language).text(finding.id, **finding.values)
            assert "?" not in line
            assert finding.id not in line


def layer_of(*shapes: Any) -> LayerTable:
    array = np.empty(len(shapes), dtype=np.object_)
    array[:] = shapes
    return LayerTable("新村", np.arange(1, len(shapes) + 1), array, {}, gauss())


def test_a_drawing_is_written_and_read_back() -> None:
    shape = shapely.Polygon(square(0, 0, 100), [square(20, 20, 10)])
    points = boundary_points(layer_of(shape), Numbering(), 3)
    labels = [("建-01\U0002b82d", E + 50.0, N + 50.0)]
    data = dxf_bytes(points, ["安置"], labels, 2.0, "界址点", "J", "编号")
    assert data.count(b"POINT\r\n") == 8
    read = read_dxf(data, "a.dxf")
    assert [label.text for label in read.labels] == ["建-01\U0002b82d", *(f"J{number}" for number in range(1, 9))]
    found = drawn_plots(read, "a.dxf", gauss(), text_layer="编号", holes=True)
    assert column(found, "layer") == ["安置"]
    assert column(found, "plot_id") == ["建-01\U0002b82d"]
    assert shapely.equals(found.table.shapes[0], shape)
    assert b"POINT\r\n" not in dxf_bytes(points, ["安置"], labels, 2.0)


def test_names_a_drawing_accepts() -> None:
    assert layer_names(["a/b", "a:b", "安置", "", "安置"]) == {"a/b": "a_b", "a:b": "a_b_2", "安置": "安置", "": "0"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 10**8)), min_size=3, max_size=9, unique=True))
def test_what_is_drawn_is_read_back_to_the_millimetre(corners: List[Tuple[int, int]]) -> None:
    hull = shapely.convex_hull(shapely.MultiPoint([(E + x / 1e6, N + y / 1e6) for x, y in corners]))
    if hull.geom_type != "Polygon" or hull.area < 1:
        return
    points = boundary_points(layer_of(hull), Numbering(), 3)
    data = dxf_bytes(points, ["甲"], [], 1.0)
    (line,) = read_dxf(data, "a.dxf").lines
    assert (line.points == points.xy).all()

"""Colours by class, symbols by role, and the style files that come with the plugin."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any, List, Tuple

import pytest
from qgis.core import QgsCategorizedSymbolRenderer, QgsRenderContext, QgsVectorLayer

from tests.conftest import MakeLayer
from three_opt_three_protect import paths
from three_opt_three_protect.bridge import stylepacks
from three_opt_three_protect.bridge.stylepacks import PACKS, ClassColour, load_pack, load_symbols
from three_opt_three_protect.bridge.styles import area_symbol, kind_of_value, style_layer
from three_opt_three_protect.core.errors import InputError, SchemaError
from three_opt_three_protect.core.landuse import LandGroup
from three_opt_three_protect.storage.catalogue import load_class_system, load_class_systems

ROOT = Path(__file__).resolve().parents[2]
SQUARE = "POLYGON((40557000 3453000,40557100 3453000,40557100 3453100,40557000 3453100,40557000 3453000))"


@pytest.mark.parametrize(
    ("pack", "system", "code", "rgb"),
    [
        ("survey", "third_survey", "0101", (248, 208, 114)),
        ("survey", "third_survey", "1104A", (114, 170, 207)),
        ("survey", "third_survey", "0201K", (214, 167, 201)),
        ("survey", "second_survey", "203", (236, 137, 138)),
        ("plan", "third_survey", "0103", (245, 255, 125)),
        ("plan", "land_plan", "212", (245, 140, 140)),
        ("plan", "land_plan_split", "212", (220, 100, 120)),
        ("territorial", "land_sea_2023", "070101", (255, 255, 45)),
        ("territorial", "third_survey", "1101", (51, 142, 192)),
    ],
)
def test_colours_of_the_standards(pack: str, system: str, code: str, rgb: Tuple[int, int, int]) -> None:
    found = load_pack(pack).find(code, load_class_system(system))
    assert found is not None
    assert found.fill == rgb


def test_the_same_code_of_two_systems_has_two_colours() -> None:
    # 111 is a river in the second survey and paddy in the land plan.
    river = load_pack("plan").find("111", load_class_system("second_survey"))
    paddy = load_pack("plan").find("111", load_class_system("land_plan"))
    assert river is not None
    assert paddy is not None
    assert (river.name, paddy.name) == ("河湖水面及滩涂", "耕地")


@pytest.mark.parametrize("pack", PACKS)
def test_every_class_on_land_has_a_colour(pack: str) -> None:
    colours = load_pack(pack)
    missing = [
        (system.id, code)
        for system in load_class_systems().values()
        for code, land in system.classes.items()
        if land.group is not LandGroup.UNKNOWN and colours.find(code, system) is None
    ]
    assert missing == []


@pytest.mark.parametrize("pack", PACKS)
def test_no_class_of_a_survey_falls_back_to_its_group(pack: str) -> None:
    colours = load_pack(pack)
    groups = {colours.entries[colours.entry_of[token]].name for token in ("agricultural", "construction", "unused")}
    for system_id in ("third_survey", "second_survey", "land_sea_2023"):
        system = load_class_system(system_id)
        for code, land in system.classes.items():
            found = colours.find(code, system)
            assert land.group is LandGroup.UNKNOWN or found is None or found.name not in groups, (system_id, code)


def test_a_code_nobody_knows_has_no_colour() -> None:
    assert load_pack("plan").find("9999", load_class_system("third_survey")) is None


def test_a_pack_that_is_not_there() -> None:
    with pytest.raises(SchemaError, match="style_pack_unknown"):
        load_pack("rainbow")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("甲,1/2,,,甲,x", "fill"),
        ("甲,1/2/256,,,甲,x", "fill"),
        ("甲,1/2/3,,line/a/1/1/2/3,甲,x", "pattern"),
        ("甲,1/2/3,,dots/0/1/1/2/3,甲,x", "pattern"),
        ("甲,1/2/3,,,乙|乙,x", "classes"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, key: str) -> None:
    (tmp_path / "plan.csv").write_text(f"name,fill,line,pattern,classes,status\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(stylepacks.paths, "resource", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(SchemaError) as caught:
        load_pack.__wrapped__("plan")
    assert (caught.value.values["file"], caught.value.values["line"], caught.value.values["key"]) == (
        "plan.csv",
        2,
        key,
    )


def categories(layer: QgsVectorLayer) -> List[Tuple[Any, str, str]]:
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    return [(one.value(), one.label(), one.symbol().symbolLayer(0).fillColor().name()) for one in renderer.categories()]


def test_parcels_get_one_category_a_legend_entry(make_layer: MakeLayer) -> None:
    rows = [(SQUARE, code) for code in ("0101", "1104A", "1104", "0102", "9999", None)]
    layer = make_layer(rows, "DLBM:string")
    style_layer(layer, "parcels", "survey", "DLBM")
    assert categories(layer) == [
        ("0101", "水田", "#f8d072"),
        ("0102", "水浇地", "#fcea9e"),
        (["1104", "1104A"], "坑塘水面", "#72aacf"),
        ("", "其他", "#ebebeb"),
    ]


def test_soft_colours_are_mixed_with_white(make_layer: MakeLayer) -> None:
    layer = make_layer([(SQUARE, "0101")], "DLBM:string")
    style_layer(layer, "parcels", "survey", "DLBM", soft=0.5)
    assert categories(layer)[0][2] == "#fce8b8"  # (248 + 255) / 2, (208 + 255) / 2, (114 + 255) / 2


def test_numeric_codes_are_matched(make_layer: MakeLayer) -> None:
    layer = make_layer([(SQUARE, 111)], "DLBM:integer")
    style_layer(layer, "parcels", "plan", "DLBM", load_class_system("land_plan"))
    assert categories(layer)[0][:2] == (111, "耕地")


def test_a_field_that_is_not_there(make_layer: MakeLayer) -> None:
    with pytest.raises(InputError, match="no_such_field"):
        style_layer(make_layer([(SQUARE, "1")], "A:string"), "parcels", "plan", "DLBM")


@pytest.mark.parametrize(
    ("role", "field", "value", "label"),
    [
        ("newbuild", "use", "resettlement", "建新地块（农民安置）"),
        ("newbuild", "YT", "安置", "建新地块（农民安置）"),
        ("newbuild", "use", "industry", "建新地块"),
        ("newbuild", "use", None, "建新地块"),
        ("redline", "level", "2", "生态保护红线（二级管控区）"),
        ("redline", "level", 2, "生态保护红线（二级管控区）"),
        ("redline", "level", "一级管控区", "生态保护红线（一级管控区）"),
        ("redline", "level", None, "生态保护红线（一级管控区）"),
    ],
)
def test_kinds_are_told_apart_by_their_words(
    make_layer: MakeLayer, role: str, field: str, value: Any, label: str
) -> None:
    kind = "integer" if isinstance(value, int) else "string"
    layer = make_layer([(SQUARE, value)], f"{field}:{kind}")
    style_layer(layer, role, class_field=field)
    renderer, context = layer.renderer(), QgsRenderContext()
    renderer.startRender(context, layer.fields())
    feature = next(layer.getFeatures())
    drawn = renderer.originalSymbolForFeature(feature, context).clone()
    renderer.stopRender(context)
    wanted = next(symbol for (of, _), symbol in load_symbols().items() if of == role and symbol.name == label)
    assert drawn.dump() == area_symbol(wanted).dump()
    assert _outline(drawn) == _outline(area_symbol(wanted))
    assert load_symbols()[role, kind_of_value(role, value)].name == label


def _outline(symbol: Any) -> Any:
    return symbol.symbolLayer(symbol.symbolLayerCount() - 1).properties()


def test_a_layer_without_the_field_gets_the_default_kind(make_layer: MakeLayer) -> None:
    layer = make_layer([(SQUARE,)])
    style_layer(layer, "redline")
    assert layer.renderer().type() == "singleSymbol"


def test_small_scales_have_thinner_lines(make_layer: MakeLayer) -> None:
    layer = make_layer([(SQUARE,)])
    widths = []
    for small in (False, True):
        style_layer(layer, "farmland", small=small)
        symbol = layer.renderer().embeddedRenderer().symbol()
        widths.append(symbol.symbolLayer(symbol.symbolLayerCount() - 1).strokeWidth())
    assert widths == [0.5, 0.12]  # 0.5 mm: 基本农田划区定界图示


def test_packs_keep_one_row_a_name() -> None:
    for pack in PACKS:
        names = [entry.name for entry in load_pack(pack).entries]
        assert len(names) == len(set(names))
        assert all(isinstance(entry, ClassColour) for entry in load_pack(pack).entries)


def _make_styles() -> Any:
    spec = importlib.util.spec_from_file_location("make_styles", ROOT / "scripts" / "make_styles.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _seen(renderer: Any) -> Any:
    """What a planner sees of a renderer: type, values, labels, colours, widths."""
    if renderer.type() == "mergedFeatureRenderer":
        return renderer.type(), _seen(renderer.embeddedRenderer())
    symbols = renderer.categories() if renderer.type() == "categorizedSymbol" else [None]
    rows = []
    for one in symbols:
        symbol = one.symbol() if one is not None else renderer.symbol()
        last = symbol.symbolLayer(symbol.symbolLayerCount() - 1)
        look: Any = last.layerType()
        if look == "SimpleFill":
            colours = last.fillColor().name(), last.fillColor().alpha(), last.strokeColor().name()
            look = (*colours, round(last.strokeWidth(), 3), int(last.strokeStyle()))
        value = None if one is None else (one.value() if isinstance(one.value(), list) else str(one.value()))
        rows.append((value, one.label() if one is not None else "", symbol.symbolLayerCount(), look))
    return renderer.type(), rows


def test_the_style_files_are_those_of_the_tables(qgis_app: Any) -> None:
    expected = _make_styles().renderers()
    folder = paths.resource("styles")
    assert sorted(path.name for path in folder.glob("*.qml")) == sorted(expected)
    for name, (role, renderer) in expected.items():
        layer = QgsVectorLayer("MultiPolygon?crs=EPSG:4528&field=DLBM:string", role, "memory")
        _, ok = layer.loadNamedStyle(str(folder / name))
        assert ok, name
        assert _seen(layer.renderer()) == _seen(renderer), f"{name}: run scripts/make_styles.py"

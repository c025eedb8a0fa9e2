"""The encoding of a shapefile: .cpg, language byte, UTF-8, GB18030 — and never a wrong statement followed silently."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import fiona
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from three_opt_three_protect.core.errors import InputError
from three_opt_three_protect.storage.dbf import DbfEncoding, dbf_encoding, known_encoding, stated_encoding
from three_opt_three_protect.storage.told import ReadingWarning, heard
from three_opt_three_protect.storage.vectorfile import read_layer

NAMES = ("水田", "农村宅基地", "果园")


def table(
    path: Path, words: Sequence[bytes], name: bytes = b"DLMC", cpg: Optional[str] = None, byte: int = 0, width: int = 20
) -> Path:
    """A DBF of one text field, byte by byte (dBASE III)."""
    fields = [(name, b"C", width, 0)]
    header = struct.pack("<B3BIHH16xBxxx", 3, 26, 1, 5, len(words), 32 + 32 * len(fields) + 1, 1 + width, 0)
    header = header[:29] + bytes([byte]) + header[30:]
    body = b"".join(struct.pack("<11scI2B14x", *_field(*field)) for field in fields) + b"\r"
    rows = b"".join(b" " + word[:width].ljust(width) for word in words)
    path.write_bytes(header[:32] + body + rows + b"\x1a")
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def _field(name: bytes, kind: bytes, width: int, decimals: int) -> Tuple[bytes, bytes, int, int, int]:
    return name[:10], kind, 0, width, decimals


def found(path: Path, chosen: str = "") -> DbfEncoding:
    encoding = dbf_encoding(path, chosen)
    assert encoding is not None
    return encoding


def encoded(encoding: str, words: Sequence[str] = NAMES) -> List[bytes]:
    return [word.encode(encoding) for word in words]


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("UTF-8")
    except UnicodeDecodeError:
        return False
    return True


def ids(encoding: DbfEncoding) -> List[str]:
    return [message_id for message_id, _ in encoding.notes("图斑")]


class TestStatedTruly:
    @pytest.mark.parametrize("said", ["GBK", "gbk", "CP936", "936", "ANSI 936", "GB2312", "GB18030", "54936"])
    def test_every_name_of_gbk(self, tmp_path: Path, said: str) -> None:
        encoding = found(table(tmp_path / "a.dbf", encoded("GBK"), cpg=said))
        assert (encoding.encoding, encoding.why, ids(encoding)) == ("GB18030", "cpg", [])

    @pytest.mark.parametrize("said", ["UTF-8", "utf8", "65001", "UTF_8", "UTF-8\r\n", "CP65001"])
    def test_every_name_of_utf8(self, tmp_path: Path, said: str) -> None:
        encoding = found(table(tmp_path / "a.dbf", encoded("UTF-8"), cpg=said))
        assert (encoding.encoding, encoding.why, ids(encoding)) == ("UTF-8", "cpg", [])

    @pytest.mark.parametrize(
        ("byte", "codec", "encoding"),
        [(0x4D, "GBK", "GB18030"), (0x7A, "GBK", "GB18030"), (0x78, "Big5", "Big5"), (0x4F, "Big5", "Big5")],
    )
    def test_language_byte(self, tmp_path: Path, byte: int, codec: str, encoding: str) -> None:
        words = encoded(codec, ["水田", "果園", "農村宅基地"] if codec == "Big5" else NAMES)
        judged = found(table(tmp_path / "a.dbf", words, byte=byte))
        assert (judged.encoding, judged.why, ids(judged)) == (encoding, "language_byte", [])

    def test_the_cpg_comes_before_the_language_byte(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a.dbf", encoded("UTF-8"), cpg="UTF-8", byte=0x4D)
        assert found(path).why == "cpg"
        assert stated_encoding(path) == "UTF-8"

    def test_western_names_stay_what_they_are(self, tmp_path: Path) -> None:
        judged = found(table(tmp_path / "a.dbf", encoded("ISO-8859-1", ["Vélizy", "Hérault"]), cpg="ISO-8859-1"))
        assert (judged.encoding, judged.why) == ("ISO-8859-1", "cpg")

    def test_ascii_says_nothing(self, tmp_path: Path) -> None:
        judged = found(table(tmp_path / "a.dbf", [b"0101", b"0702"], cpg="System"))
        assert judged.is_plain
        assert ids(judged) == []


class TestNotStated:
    @pytest.mark.parametrize(("codec", "why"), [("UTF-8", "utf8"), ("GBK", "gb18030")])
    @pytest.mark.parametrize("byte", [0x00, 0x57])
    def test_found_from_the_text(self, tmp_path: Path, codec: str, why: str, byte: int) -> None:
        judged = found(table(tmp_path / "a.dbf", encoded(codec), byte=byte))
        assert (judged.why, ids(judged)) == (why, ["log_encoding"])

    def test_one_short_name_in_gbk_that_is_valid_utf8(self, tmp_path: Path) -> None:
        # 一 is D2 BB in GBK, which is a Cyrillic letter in UTF-8
        assert found(table(tmp_path / "a.dbf", ["一".encode("GBK")])).why == "gb18030"

    def test_french_in_utf8(self, tmp_path: Path) -> None:
        # é is C3 A9, a Chinese character in GBK
        assert found(table(tmp_path / "a.dbf", ["Vélizy".encode()])).why == "utf8"

    @given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=3), min_size=4))
    def test_any_chinese_is_read_back(self, tmp_path_factory: Any, words: List[str]) -> None:
        assume(not is_utf8(b"".join(encoded("GBK", words))))
        folder = tmp_path_factory.mktemp("dbf")
        for codec in ("GBK", "UTF-8"):
            raw = encoded(codec, words)
            judged = found(table(folder / f"{codec}.dbf", raw, width=250))
            assert [word.decode(judged.encoding) for word in raw] == words


class TestStatedWrongly:
    @pytest.mark.parametrize(
        ("codec", "said", "encoding"),
        [
            ("GBK", "UTF-8", "GB18030"),
            ("GBK", "65001", "GB18030"),
            ("GBK", "ISO-8859-1", "GB18030"),
            ("GBK", "1252", "GB18030"),
            ("UTF-8", "GBK", "UTF-8"),
            ("UTF-8", "ANSI 936", "UTF-8"),
            ("UTF-8", "ISO-8859-1", "UTF-8"),
        ],
    )
    def test_the_text_counts_and_it_is_told(self, tmp_path: Path, codec: str, said: str, encoding: str) -> None:
        judged = found(table(tmp_path / "a.dbf", encoded(codec), cpg=said))
        assert (judged.encoding, judged.stated, ids(judged)) == (encoding, said, ["encoding_stated_wrongly"])

    def test_a_wrong_language_byte(self, tmp_path: Path) -> None:
        judged = found(table(tmp_path / "a.dbf", encoded("UTF-8"), byte=0x4D))
        assert (judged.encoding, judged.stated) == ("UTF-8", "0x4D")

    @pytest.mark.parametrize("said", ["System", "中文?", "hanzi"])
    def test_no_encoding_at_all(self, tmp_path: Path, said: str) -> None:
        path = table(tmp_path / "a.dbf", encoded("GBK"))
        path.with_suffix(".cpg").write_text(said, encoding="utf-8")
        judged = found(path)
        assert (judged.encoding, ids(judged)) == ("GB18030", ["encoding_stated_unknown"])

    def test_nothing_fits(self, tmp_path: Path) -> None:
        path = table(tmp_path / "图斑.dbf", [b"\xff\xff\xff", "水田".encode("GBK")], cpg="UTF-8")
        with pytest.raises(InputError) as caught:
            dbf_encoding(path)
        assert caught.value.message_id == "text_not_readable"
        assert caught.value.values == {"layer": "图斑", "encoding": "UTF-8, GB18030"}

    def test_what_the_planner_chose_counts_where_it_fits(self, tmp_path: Path) -> None:
        path = table(tmp_path / "a.dbf", encoded("Big5", ["果園", "農村宅基地"]))
        assert (found(path, "Big5").encoding, found(path, "Big5").why) == ("Big5", "chosen")
        assert found(table(tmp_path / "b.dbf", encoded("GBK")), "ISO-8859-1").encoding == "GB18030"


class TestCut:
    def test_a_field_name_in_utf8(self, tmp_path: Path) -> None:
        judged = found(table(tmp_path / "a.dbf", encoded("UTF-8"), name="地类名称".encode()))
        assert judged.cut_names == ("地类名",)
        assert "field_names_cut" in ids(judged)

    def test_five_characters_in_gbk_are_whole(self, tmp_path: Path) -> None:
        assert found(table(tmp_path / "a.dbf", encoded("GBK"), name="地类名称码".encode("GBK"))).cut_names == ()

    @pytest.mark.parametrize("codec", ["UTF-8", "GBK"])
    def test_texts_longer_than_their_field(self, tmp_path: Path, codec: str) -> None:
        words = encoded(codec, ["农村宅基地", "ab农村宅基地", "abc农村宅基地", "水田"])
        judged = found(table(tmp_path / "a.dbf", words, width=7, cpg=codec))
        cut = {"UTF-8": 3, "GBK": 2}[codec]  # of seven bytes: 6 + 1, 2 + 3 + 2, 3 + 3 + 1; 6 + 1, 2 + 4 + 1, 3 + 4
        assert judged.cut_values == cut
        assert judged.why == "cpg"

    def test_they_are_read_without_the_broken_character(self, tmp_path: Path) -> None:
        path = shapefile(tmp_path / "a.shp", "GBK", ["农村宅基地", "ab农村宅基地"], width=7)
        with pytest.warns(ReadingWarning, match="texts_cut"):
            assert list(read_layer(path).columns["DLMC"].values) == ["农村宅", "ab农村"]


def shapefile(path: Path, codec: str, words: Sequence[str], cpg: Optional[str] = None, width: int = 20) -> Path:
    schema: Dict[str, Any] = {"geometry": "Polygon", "properties": {"DLMC": f"str:{width}"}}
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=schema, crs="EPSG:4528", encoding="UTF-8") as file:
        for row, _ in enumerate(words):
            shape = shapely.geometry.mapping(shapely.box(4e7 + row, 3e6, 4e7 + row + 1, 3e6 + 1))
            file.write({"geometry": shape, "properties": {"DLMC": "x"}})
    path.with_suffix(".cpg").unlink()
    table(path.with_suffix(".dbf"), encoded(codec, words), cpg=cpg, width=width)
    return path


@pytest.mark.parametrize(
    ("codec", "cpg", "note"),
    [
        ("GBK", None, "log_encoding"),
        ("GBK", "UTF-8", "encoding_stated_wrongly"),
        ("UTF-8", "GBK", "encoding_stated_wrongly"),
        ("GBK", "System", "encoding_stated_unknown"),
        ("GBK", "GBK", ""),
    ],
)
def test_a_layer_is_read_right_and_told(tmp_path: Path, codec: str, cpg: Optional[str], note: str) -> None:
    path = shapefile(tmp_path / "图斑.shp", codec, NAMES, cpg)
    told: List[str] = []
    with heard(lambda message_id, values: told.append(message_id)):
        assert list(read_layer(path).columns["DLMC"].values) == list(NAMES)
    assert told == ([note] if note else [])
    said: List[Any] = []
    read_layer(path, tell=lambda *one: said.append(one))
    assert [one[0] for one in said] == told


def test_the_encoding_given_must_exist(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "图斑.shp", "GBK", NAMES)
    assert list(read_layer(path, encoding="ansi 936").columns["DLMC"].values) == list(NAMES)
    with pytest.raises(InputError) as caught:
        read_layer(path, encoding="GBKK")
    assert caught.value.message_id == "unknown_encoding"
    assert known_encoding("gb2312") == "GB18030"


def test_other_files_have_none(tmp_path: Path) -> None:
    assert dbf_encoding(tmp_path / "a.gpkg") is None
    assert dbf_encoding(tmp_path / "a.shp") is None

"""Invented names. No place is meant."""

from __future__ import annotations

from typing import Callable, List, Sequence, Set

from three_opt_three_protect.core.sample.shapes import Generator

TOWNSHIPS: Sequence[str] = (
    "荻溪", "蒲塘", "菱川", "苇桥", "澜渡", "鹭汀", "芡湖", "槐泾", "莼浦", "棹溪", "芦汀", "柘塘", "蓼汀", "桑泾",
    "鸥渚", "萍溪",
)  # fmt: skip
FIRST = "荻菱莼芡苇蒲柳桑槐榆梅杏枫栎鹭鸥雁鹤金银石玉东西南北上下前后新永福泰安和丰庆瑞祥"
SECOND = "溪泾浦塘荡漾湾渡渚汀田墩圩桥港泽墅林浜溇"
SURNAMES = "沈顾陆朱张王徐吴周姚钱陈孙潘许蒋金杨俞费凌邱范戴计庞"
TAILS = ("家浜", "家港", "家里", "家桥", "家埭", "家湾", "家圩", "巷", "家荡", "家角", "家兜", "家溇")
BEFORE = ("", "", "", "东", "西", "南", "北", "大", "小", "上", "下")
SOURCE = "示例数据，纯属虚构"
COUNTY = ("320599", "虚构县")


def township_name(number: int) -> str:
    """The name of the ``number``-th township of the invented county."""
    return TOWNSHIPS[number % len(TOWNSHIPS)] + "镇"


def village_names(rng: Generator, count: int) -> List[str]:
    """``count`` different names of administrative villages."""
    return [name + "村" for name in _different(rng, count, _village)]


def settlement_names(rng: Generator, count: int) -> List[str]:
    """``count`` different names of natural villages."""
    return _different(rng, count, _settlement)


def lake_name(rng: Generator) -> str:
    """Name of the lake."""
    return _pick(rng, "荻芡菱莼鹭鸥") + _pick(rng, "湖荡漾")


def _pick(rng: Generator, letters: Sequence[str]) -> str:
    return str(letters[int(rng.integers(len(letters)))])


def _village(rng: Generator) -> str:
    return _pick(rng, FIRST) + _pick(rng, SECOND)


def _settlement(rng: Generator) -> str:
    return _pick(rng, BEFORE) + _pick(rng, SURNAMES) + _pick(rng, TAILS)


def _different(rng: Generator, count: int, make: Callable[[Generator], str]) -> List[str]:
    found: List[str] = []
    known: Set[str] = set()
    for _ in range(count * 40):
        name = make(rng)
        if name not in known:
            known.add(name)
            found.append(name)
        if len(found) == count:
            return found
    return found + [f"{make(rng)}{number}" for number in range(2, count - len(found) + 2)]

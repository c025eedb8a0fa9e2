"""What is drawn: pieces of ground with what they are, before they become survey parcels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, List, Sequence, Tuple

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from three_opt_three_protect.core.sample.shapes import polygons


@dataclass(frozen=True)
class Piece:
    """One piece of ground.

    Attributes
    ----------
    shape
        Polygon, m.
    code
        Land class of the third survey's working classification.
    village
        Number of the administrative village.
    attribute
        城镇村属性码 (CZCSXM), "" outside settlements.
    site
        Number of the natural village, -1 = none.
    block
        Number of the polder the piece lies in, -1 = none.
    name
        Of a water, road or works; "" = none.
    """

    shape: Polygon
    code: str
    village: int
    attribute: str = ""
    site: int = -1
    block: int = -1
    name: str = ""


@dataclass(frozen=True)
class Stock:
    """Ground of one village that is still to be drawn on."""

    village: int
    shapes: Tuple[Polygon, ...]


def take_out(stock: Stock, zone: BaseGeometry) -> Tuple[List[Polygon], Stock]:
    """The polygons of ``stock`` inside ``zone``, and what is left."""
    inside: List[Polygon] = []
    left: List[Polygon] = []
    for shape in stock.shapes:
        if not shape.intersects(zone):
            left.append(shape)
            continue
        inside.extend(polygons(shape.intersection(zone)))
        left.extend(polygons(shape.difference(zone)))
    return inside, replace(stock, shapes=tuple(left))


def take_from_all(
    stocks: Sequence[Stock], zone: BaseGeometry, make: Callable[[Polygon, int], Piece]
) -> Tuple[List[Piece], List[Stock]]:
    """Cut ``zone`` out of every village and make a piece of each part."""
    pieces: List[Piece] = []
    left: List[Stock] = []
    for stock in stocks:
        inside, rest = take_out(stock, zone)
        pieces.extend(make(shape, stock.village) for shape in inside)
        left.append(rest)
    return pieces, left

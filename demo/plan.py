"""町の見取り図 of the invented town: seven streets and a river, and where on them each shop stands."""

from __future__ import annotations

import io
from math import hypot

import pylopdf_fonts_jp
from PIL import Image, ImageDraw, ImageFont

Point = tuple[float, float]

SIZE = (1_200, 800)
"""Pixels of the picture; everything else here is in thousandths of it, from the left and from the top."""
STREETS: dict[str, tuple[Point, Point, Point]] = {
    "駅前通り": ((40, 800), (700, 800), (40, 880)),
    "石畳横丁": ((330, 800), (330, 360), (180, 700)),
    "川端通り": ((60, 360), (960, 360), (60, 410)),
    "湯元通り": ((700, 800), (820, 80), (840, 60)),
    "灯籠坂": ((480, 360), (400, 40), (420, 40)),
    "山手台": ((60, 160), (400, 40), (60, 90)),
    "月見小路": ((880, 360), (960, 740), (860, 770)),
}
"""Where each begins, ends, and has its name."""
BLOCKS = 9
"""House numbers along a street, 「3-2」 being the third block of nine; odd lots stand on its one side, even ones on the other."""
BESIDE = 32
RIVER = ((0, 560), (300, 520), (600, 590), (1_000, 540))
GROUND, WATER, STREET, WORDS = "#f1ece0", "#bcd7e6", "#ffffff", "#6d6355"


def stands(address: str) -> tuple[int, int]:
    """Of 「駅前通り 3-1」."""
    street, number = address.split()[:2]
    block, lot = map(int, number.split("-"))
    (ax, ay), (bx, by), _ = STREETS[street]
    along = (block + 0.1 * lot) / (BLOCKS + 1)
    side = BESIDE * (1 if lot % 2 else -1) / hypot(bx - ax, by - ay)
    return round(ax + (bx - ax) * along - (by - ay) * side), round(ay + (by - ay) * along + (bx - ax) * side)


def drawn() -> bytes:
    """PNG."""
    picture = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(pylopdf_fonts_jp.sans_path()), 24)
    draw.line([_pixels(point) for point in RIVER], fill=WATER, width=46, joint="curve")
    for begin, end, _ in STREETS.values():
        draw.line([_pixels(begin), _pixels(end)], fill=STREET, width=26)
    for name, (_, _, place) in STREETS.items():
        draw.text(_pixels(place), name, fill=WORDS, font=font)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _pixels(point: Point) -> Point:
    return point[0] * SIZE[0] / 1_000, point[1] * SIZE[1] / 1_000

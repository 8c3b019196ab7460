"""Papers for the roll of a receipt printer: the same Typst templates as the PDF, as black and white dots of its head."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from web import pdf

DOTS_AN_INCH = 203.2
"""Eight a millimetre."""
INK = 150
"""Grey that is darker is printed: small letters stay whole, the white around them stays white."""


def dots(template: str, data: Mapping[str, Any], width: int) -> tuple[bytes, ...]:
    """Lines of dots of `web/papers/<template>.typ`, `width` (a multiple of 8) beside each other: packed eight a byte, 1 is black.

    The template is told by `roll` in its data how wide the roll is, in mm.
    """
    from PIL import Image  # slow to load, and only whoever prints needs it

    png = pdf.picture(template, {**data, "roll": width / 8}, ppi=DOTS_AN_INCH)
    with Image.open(io.BytesIO(png)) as drawn:
        flat = Image.new("L", drawn.size, 255)
        flat.paste(drawn.convert("RGBA"), mask=drawn.convert("RGBA").getchannel("A"))
        black = flat.point(lambda grey: 255 if grey < INK else 0, mode="1")
        sheet = Image.new("1", (width, black.height), 0)
        sheet.paste(black.crop((0, 0, width, black.height)), (0, 0))
    packed, across = sheet.tobytes(), width // 8
    return tuple(packed[place : place + across] for place in range(0, len(packed), across))

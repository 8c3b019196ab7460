"""QR codes as inline SVG: dark on white in every theme, quiet zone of 4 modules (ISO/IEC 18004, 6.3.8)."""

from __future__ import annotations

from typing import Any

import zxingcpp
from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
QUIET_MODULES = 4


def modules(text: str, level: str = "M") -> list[list[bool]]:
    """The dark modules of the smallest code that holds `text`, row by row, without the quiet zone."""
    code = QRCode(error_correction=LEVELS[level], border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def path(rows: list[list[bool]]) -> str:
    """One SVG path: each run of dark modules in a row is one rectangle."""
    steps = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                steps.append(f"M{x} {y}h{run}v1h-{run}z")
            x += run or 1
    return "".join(steps)


def svg(rows: list[list[bool]]) -> str:
    """The code as vector art with its quiet zone: one path, so that no printer draws seams between the modules."""
    side = len(rows) + 2 * QUIET_MODULES
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{QUIET_MODULES} -{QUIET_MODULES} {side} {side}">'
        f'<path d="M-{QUIET_MODULES} -{QUIET_MODULES}h{side}v{side}h-{side}z" fill="#fff"/><path d="{path(rows)}"/></svg>'
    )


def qr_svg(text: str, *, label: str, level: str = "M") -> Markup:
    """An inline SVG of `text`; `label` is what a screen reader says in its place."""
    rows = modules(text, level)
    side = len(rows) + 2 * QUIET_MODULES
    return Markup(
        f'<svg class="qr" viewBox="-{QUIET_MODULES} -{QUIET_MODULES} {side} {side}" role="img" aria-label="{escape(label)}">'
        f'<path d="M-{QUIET_MODULES} -{QUIET_MODULES}h{side}v{side}h-{side}z" fill="#fff"/><path d="{path(rows)}"/></svg>'
    )


def quick_modules(text: str, level: str = "M") -> list[list[bool]]:
    """As `modules`, by the scanner's own library and some hundred times as fast: for sheets with many codes."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    drawn: Any = code.to_image(scale=1, add_quiet_zones=False)  # a buffer of bytes, 0 for dark
    rows: Any = memoryview(drawn).tolist()
    return [[module == 0 for module in row] for row in rows]

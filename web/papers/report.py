"""A table of the desk on A4: a statement of the books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from base.clock import TOKYO
from base.yen import grouped
from web.i18n import _
from web.papers.letter import frame
from web.tables import TO_THE_RIGHT, Column


def report(
    *,
    title: str,
    about: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[str, Sequence[object]]],
    wide: int,
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
    made_by: str,
    to: Sequence[str] = (),
    lines: Sequence[str] = (),
) -> dict[str, Any]:
    """The data of `report`. `rows`: (style, cells), the style is head, sum, danger or empty; cells as `web.tables` takes them.

    `wide`: the place of the column that takes what the others leave. `made_by`: whoever printed it. `to`: whom it is sent to, if it is
    sent; `lines`: what stands before the table.

    Keys besides those of `web.papers.letter.frame`: name, wide, about, to, lines, columns (title, is_number), rows (style, cells as text).
    """
    data = frame(title=f"{title} {about}", district=district, association=association, contact=contact, made_at=made_at)
    data["labels"]["empty"] = _("この期間の記帳はありません。")
    return data | {
        "made": _("%(when)s・%(name)s", when=data["made"], name=made_by),
        "name": title,
        "wide": wide,
        "about": about,
        "to": [_("%(name)s 御中", name=name) for name in to],
        "lines": list(lines),
        "columns": [[column.title, column.holds in TO_THE_RIGHT] for column in columns],
        "rows": written_rows(columns, rows),
    }


def written_rows(columns: Sequence[Column], rows: Iterable[tuple[str, Sequence[object]]]) -> list[list[object]]:
    """(style, cells) with the cells as text."""
    return [[style, [_written(column, cell) for column, cell in zip(columns, cells, strict=True)]] for style, cells in rows]


def _written(column: Column, cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(TOKYO):%Y/%m/%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y/%m/%d}"
    return grouped(cell) if column.holds == "number" and isinstance(cell, int) else str(cell)

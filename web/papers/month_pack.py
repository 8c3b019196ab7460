"""月の報告書: everything that an assembly and an auditor want to see of a month, in one file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from base.yen import grouped
from web.i18n import _
from web.papers.letter import Anchor, dated, frame
from web.papers.report import written_rows
from web.tables import TO_THE_RIGHT, Column


@dataclass(frozen=True, slots=True)
class PackSection:
    """One table. `rows`: (style, cells) as of `report`; `wide`: the column that takes what the others leave, None where there are
    so many that nothing would be left; `breaks`: a new page."""

    name: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[tuple[str, Sequence[object]]]
    wide: int | None = 1
    breaks: bool = True


def month_pack(
    *,
    name: str,
    about: str,
    equation: Sequence[tuple[str, int]],
    facts: Sequence[tuple[str, str]],
    sections: Sequence[PackSection],
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
    made_by: str,
    anchor: Anchor | None,
) -> dict[str, Any]:
    """The data of `month_pack`. `equation`: the bank, people's, shops' and our own money, in words and yen; `facts`: what the cover says
    besides who made it and the newest state of the sealed log.

    Keys besides those of `web.papers.letter.frame`: name, about, equation, facts, sections (name, about, columns, rows, wide, breaks).
    """
    data = frame(title=f"{name} {about}", district=district, association=association, contact=contact, made_at=made_at, anchor=anchor)
    data["labels"] |= {
        "equation": _("預金は、だれのお金か（帳簿）"),
        "contents": _("目次"),
        "nothing": _("ありません"),
        "signs": [_("会計"), _("理事長"), _("監事")],
        "dated": _("　　年　　月　　日　印"),
    }
    return data | pack_data(data["made"], made_by, name, about, equation, [*facts, *_log(anchor)], sections)


def pack_data(
    made: str,
    made_by: str,
    name: str,
    about: str,
    equation: Sequence[tuple[str, int]],
    facts: Sequence[tuple[str, str]],
    sections: Sequence[PackSection],
) -> dict[str, Any]:
    """What every pack says besides its frame and its labels; `made`: when, in words."""
    by = _("%(when)s・%(name)s", when=made, name=made_by)
    return {
        "made": by,
        "name": name,
        "about": about,
        "equation": [[word, _("%(amount)s円", amount=grouped(amount))] for word, amount in equation],
        "facts": [[_("作成"), by], *map(list, facts)],
        "sections": [section_data(each) for each in sections],
    }


def section_data(section: PackSection) -> dict[str, Any]:
    """One table of a pack as the template reads it."""
    return {
        "name": section.name,
        "about": section.about,
        "columns": [[column.title, column.holds in TO_THE_RIGHT] for column in section.columns],
        "rows": written_rows(section.columns, section.rows),
        "wide": section.wide,
        "breaks": section.breaks,
    }


def _log(anchor: Anchor | None) -> list[tuple[str, str]]:
    """The whole root, so that the paper proves the book of that moment."""
    if anchor is None:
        return [(_("台帳の根"), _("まだ署名された記録がありません"))]
    return [
        (_("台帳の根"), b64encode(anchor.root).decode()),
        (_("刻まれた記録"), _("%(count)s件・%(when)sに署名", count=grouped(anchor.size), when=dated(anchor.signed_at))),
    ]

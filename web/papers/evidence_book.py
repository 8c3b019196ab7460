"""証憑の綴り: contents, and a numbered sheet for each page of each piece, on which the piece itself is then laid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from web.i18n import _
from web.papers.letter import frame


@dataclass(frozen=True, slots=True)
class BookPiece:
    """`title`: what it is; `about`: whose and for what; `sha256` in hex; `pages`: how many sheets it takes, 0 if it cannot be shown."""

    number: int
    title: str
    about: str
    sha256: str
    pages: int


def evidence_book(
    *, name: str, about: str, pieces: Sequence[BookPiece], district: str, association: str, contact: str, made_at: datetime
) -> dict[str, Any]:
    """The data of `evidence_book`.

    Keys besides those of `web.papers.letter.frame`: name, about, pieces (number, title, about, sha, sheets, note).
    """
    data = frame(title=f"{name} {about}", district=district, association=association, contact=contact, made_at=made_at)
    data["labels"] |= {"contents": _("目次"), "hash": _("指紋（SHA-256）"), "number": _("証憑"), "page": _("ページ")}
    return data | {
        "name": name,
        "about": about,
        "pieces": [
            {
                "number": str(each.number),
                "title": each.title,
                "about": each.about,
                "sha": each.sha256,
                "sheets": max(1, each.pages),
                "note": "" if each.pages else _("このファイルは紙に写せません。まとめた ZIP の中の、同じ番号の原本を見てください。"),
            }
            for each in pieces
        ],
    }

"""紙の商品券, printed: each booklet is its cover and its tickets, large enough for old eyes, to be cut and bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from base.clock import TOKYO
from web.i18n import _, date_parts, in_language, yen
from web.qr import QUIET_MODULES, path, quick_modules

LEVEL = "M"
PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class PrintedTicket:
    """One ticket, or the cover of a booklet. `says`: its QR; `typed`: the same in groups; `is_local`: for small shops only."""

    serial: str
    says: str
    typed: str
    is_cover: bool
    is_local: bool


def ticket_booklets(
    *,
    booklets: Sequence[Sequence[PrintedTicket]],
    lot: int,
    face: int,
    worth: int,
    last_day: date,
    where: str,
    has_parts: bool,
    money: str,
    money_en: str,
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
) -> dict[str, Any]:
    """The data of `ticket_booklets`, for `render_checked`. `face`, `worth`: yen of a ticket and of a booklet.

    `where`: at which shops the tickets for all can be used. Keys: made_at (ISO 8601), title, codes (what the QRs say, in order), booklets
    (lists of pieces: serial, typed, cover, qr path, side in modules, kind), the names given, and `ja` and `en` with the same sentences.
    """
    codes = [piece.says for pieces in booklets for piece in pieces]
    with in_language("ja"):
        title = _("%(money)s 紙の券 束 %(number)s", money=money, number=lot)
        japanese = _sentences(face, worth, last_day, len(booklets[0]) - 1)
        kinds = (where if not has_parts else _("共通券"), _("専用券（中小店だけ）"))
    with in_language("en"):
        english = _sentences(face, worth, last_day, len(booklets[0]) - 1)
    return {
        "made_at": made_at.isoformat(),
        "made": f"{made_at.astimezone(TOKYO):%Y-%m-%d}",
        "title": title,
        "codes": codes,
        "booklets": [[_piece(piece, kinds) for piece in pieces] for pieces in booklets],
        "quiet": QUIET_MODULES,
        "per_page": PER_PAGE,
        "money": money,
        "money_en": money_en,
        "district": district,
        "association": association,
        "contact": contact,
        "ja": japanese,
        "en": english,
    }


def _piece(piece: PrintedTicket, kinds: tuple[str, str]) -> dict[str, Any]:
    modules = quick_modules(piece.says, LEVEL)
    return {
        "serial": piece.serial,
        "typed": piece.typed,
        "cover": piece.is_cover,
        "local": piece.is_local,
        "kind": kinds[piece.is_local],
        "qr": path(modules),
        "modules": len(modules),
    }


def _sentences(face: int, worth: int, last_day: date, many: int) -> dict[str, str]:
    day = _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(last_day))
    return {
        "value": yen(face),
        "worth": yen(worth),
        "made_of": _("%(face)s × %(many)s枚", face=yen(face), many=many),
        "last_day": _("%(day)sまで", day=day),
        "cover": _("表紙（使えません）"),
        "scan": _("お店の人が、QRを読み取ります。切り離しても使えます。"),
        "rules": _(
            "お釣りは出ません。現金には替えられません。なくしたときや、QRが読めなくなったときは、買ったことの分かるものを持って組合へ"
            "お越しください。"
        ),
        "serial": _("券の番号"),
    }

"""What the A4 papers have in common: who made them and when, and what they are not."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any, Protocol

from base.clock import TOKYO
from base.yen import grouped
from web.i18n import _, date_parts, language


class Anchor(Protocol):
    """A signed state of the sealed log, to be kept on paper: so many transactions, this root."""

    @property
    def size(self) -> int: ...
    @property
    def root(self) -> bytes: ...
    @property
    def signed_at(self) -> datetime: ...


def frame(*, title: str, district: str, association: str, contact: str, made_at: datetime, anchor: Anchor | None = None) -> dict[str, Any]:
    """The keys of every A4 paper: made_at (ISO 8601), made, title, lang, district, association, `anchor` and `labels`.

    `anchor`: the newest state of the sealed log, in short at the foot of the paper, where there is one.
    """
    return {
        "made_at": made_at.isoformat(),
        "made": dated(made_at),
        "title": title,
        "lang": language(),
        "district": district,
        "association": association,
        "anchor": None if anchor is None else {"mark": _mark(anchor), "why": _why()},
        "labels": {
            "made": _("作成"),
            "footer": f"{association}　{contact}".strip(),
            "no_invoice": _("適格請求書ではありません。"),
            "no_invoice_why": _("電子地域通貨の利用の記録です。消費税の控除には、お店のレシートか領収書をお使いください。"),
        },
    }


def _mark(anchor: Anchor) -> str:
    """「台帳の印 12,345件 AbCdEfGhIjKlMnOp（…に署名）」: size and the beginning of the root, as /seal shows them."""
    root = b64encode(anchor.root).decode()[:16]
    return _("台帳の印 %(count)s件 %(root)s（%(when)sに署名）", count=grouped(anchor.size), root=root, when=dated(anchor.signed_at))


def _why() -> str:
    return _("この紙を残しておくと、あとで帳簿が書き換えられていないかを確かめられます。")


def dated(moment: datetime, *, seconds: bool = False) -> str:
    """「2026年11月24日(火) 12:41」 in Tokyo. A paper always names the year: it is read when it is another one."""
    local = moment.astimezone(TOKYO)
    day = _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(local))
    return f"{day} {local.hour}:{local:%M}" + (f":{local:%S}" if seconds else "")


def signed(amount: int) -> str:
    """+1,280 or −1,280, as the screens have it."""
    return f"+{grouped(amount)}" if amount > 0 else grouped(amount)

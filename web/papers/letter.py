"""What the A4 papers have in common: who made them and when, and what they are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from base.clock import TOKYO
from base.yen import grouped
from web.i18n import _, date_parts, language


def frame(*, title: str, district: str, association: str, contact: str, made_at: datetime) -> dict[str, Any]:
    """The keys of every A4 paper: made_at (ISO 8601), made, title, lang, district, association, and `labels`."""
    return {
        "made_at": made_at.isoformat(),
        "made": dated(made_at),
        "title": title,
        "lang": language(),
        "district": district,
        "association": association,
        "labels": {
            "made": _("作成"),
            "footer": f"{association}　{contact}".strip(),
            "no_invoice": _("適格請求書ではありません。"),
            "no_invoice_why": _("電子地域通貨の利用の記録です。消費税の控除には、お店のレシートか領収書をお使いください。"),
        },
    }


def dated(moment: datetime, *, seconds: bool = False) -> str:
    """「2026年11月24日(火) 12:41」 in Tokyo. A paper always names the year: it is read when it is another one."""
    local = moment.astimezone(TOKYO)
    day = _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(local))
    return f"{day} {local.hour}:{local:%M}" + (f":{local:%S}" if seconds else "")


def signed(amount: int) -> str:
    """+1,280 or −1,280, as the screens have it."""
    return f"+{grouped(amount)}" if amount > 0 else grouped(amount)

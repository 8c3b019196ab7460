"""参加ポイントのポスター, printed: how many points, until when, and the code that opens the wallet's page of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from base.yen import grouped
from web.i18n import _, in_language
from web.papers.coupon_poster import LEVEL
from web.qr import modules, svg


def point_poster(
    *,
    url: str,
    name: str,
    name_en: str,
    points: int,
    most: int,
    first_day: date,
    last_day: date,
    district: str,
    association: str,
    made_at: datetime,
) -> dict[str, Any]:
    """The data of `coupon_poster` with the words of points, A4, for `render_checked`. `url`: what the code says."""
    rows = modules(url, LEVEL)
    with in_language("ja"):
        japanese = _sentences(points, most, first_day, last_day)
    with in_language("en"):
        english = _sentences(points, most, first_day, last_day)
    return {
        "made_at": made_at.isoformat(),
        "code": url,
        "title": name,
        "qr": svg(rows),
        "modules": len(rows),
        "district": district,
        "association": association,
        "name": name,
        "name_en": name_en,
        "ja": japanese,
        "en": english,
    }


def _sentences(points: int, most: int, first_day: date, last_day: date) -> dict[str, str]:
    return {
        "off": _("%(points)sポイント", points=grouped(points)),
        "terms": _("1人1回・先着%(most)s人", most=grouped(most)),
        "until": f"{first_day:%Y-%m-%d} – {last_day:%Y-%m-%d}",
        "scan": _("カメラで読み取る"),
        "press": _("「もらう」を押す"),
        "qr_alt": _("参加ポイントのQR"),
    }

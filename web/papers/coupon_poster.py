"""クーポンのポスター, printed: what is off, until when, and the code that opens the wallet's page of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from base.yen import grouped
from web.i18n import _, in_language
from web.qr import modules, svg

LEVEL = "Q"


def coupon_poster(
    *,
    url: str,
    name: str,
    name_en: str,
    amount_off: int,
    percent: int | None,
    min_spend: int,
    first_day: date,
    last_day: date,
    per_person: int,
    district: str,
    association: str,
    made_at: datetime,
) -> dict[str, Any]:
    """The data of `coupon_poster`, A4, for `render_checked`. `amount_off`: yen, of a percentage the cap; `url`: what the code says.

    Keys: made_at (ISO 8601), code, title, qr (SVG), modules, district, association, name, name_en, and `ja` and `en` with the same
    sentences: off, terms, until, scan, press, qr_alt.
    """
    rows = modules(url, LEVEL)
    figures = (amount_off, percent, min_spend, first_day, last_day, per_person)
    with in_language("ja"):
        japanese = _sentences(*figures)
    with in_language("en"):
        english = _sentences(*figures)
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


def _sentences(amount_off: int, percent: int | None, min_spend: int, first_day: date, last_day: date, per_person: int) -> dict[str, str]:
    terms = _("お会計 %(min)s円以上で・1人 %(count)s枚まで", min=grouped(min_spend), count=per_person)
    if percent is not None:
        terms += _("・%(most)s円まで", most=grouped(amount_off))
    return {
        "off": _("%(off)s円引き", off=grouped(amount_off)) if percent is None else _("%(percent)s%%引き", percent=percent),
        "terms": terms,
        "until": f"{first_day:%Y-%m-%d} – {last_day:%Y-%m-%d}",
        "scan": _("カメラで読み取る"),
        "press": _("「もらう」を押す"),
        "qr_alt": _("クーポンのQR"),
    }

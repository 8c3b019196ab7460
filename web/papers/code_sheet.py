"""お店のQR, printed: shop, district, code, check word, how to pay (qr.md 29–34)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from base.clock import TOKYO
from web.i18n import _, in_language
from web.qr import modules, svg

LEVEL = "Q"
"""A quarter of the code may be scratched or dirty (rule 29)."""


def code_sheet(
    *,
    size: Literal["a6", "a4"],
    url: str,
    check_word: str,
    serial: int,
    made_at: datetime,
    shop_name: str,
    shop_name_en: str,
    public_number: str,
    district: str,
    association: str,
    money: str | None = None,
    money_en: str | None = None,
    rules: str = "",
) -> dict[str, Any]:
    """The data of `code_sheet`, for `render_checked`.

    `size`: A6 for a stand, A4 for a wall. `url`: what the code says. `serial`, `made_at`: which print this is,
    and since when the code stands. `money`, `money_en`: the coin's own names, where there is one. `rules`: where issuer,
    terms and contact can be read, without https://.
    The sheet always speaks Japanese, with English below where the catalogue has it.

    Keys: made_at (ISO 8601), code, title, size, qr (SVG), modules (dark symbol's side, in modules), made
    (date in Tokyo), serial, the names given, and `ja` and `en` with the same sentences: here, check_word,
    shop_number, check, scan, type, pay, serial, rules, qr_alt.
    """
    rows = modules(url, LEVEL)
    with in_language("ja"):
        title, japanese = _("%(shop)sのQR", shop=shop_name), _sentences(money)
    with in_language("en"):
        english = _sentences(money_en)
    return {
        "made_at": made_at.isoformat(),
        "code": url,
        "title": title,
        "size": size,
        "qr": svg(rows),
        "modules": len(rows),
        "made": f"{made_at.astimezone(TOKYO):%Y-%m-%d}",
        "serial": f"{serial:03d}",
        "shop_name": shop_name,
        "shop_name_en": shop_name_en,
        "public_number": public_number,
        "check_word": check_word,
        "district": district,
        "association": association,
        "rules": rules,
        "ja": japanese,
        "en": english,
    }


def _sentences(money: str | None) -> dict[str, str]:
    return {
        "here": _("%(money)sで支払えます", money=money) if money else _("このお店で支払えます"),
        "check_word": _("確認の文字"),
        "shop_number": _("お店の番号"),
        "check": _("お手元の画面のお店の名前を確かめてください"),
        "scan": _("カメラで読み取る"),
        "type": _("金額を入れる"),
        "pay": _("「支払う」を押す"),
        "serial": _("QR番号"),
        "rules": _("発行者・注意・お問い合わせ"),
        "qr_alt": _("支払いのQR"),
    }

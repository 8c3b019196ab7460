"""The print pack of a shop: a poster for the wall, a stand for the counter, stickers for tables and registers, all with the same code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from web.i18n import _, in_language
from web.papers.code_sheet import code_sheet
from web.papers.visitors import for_visitors

STICKERS = 12
CODES = 1 + 2 + STICKERS
"""On the poster, on both faces of the stand, and one each."""


def shop_pack(
    *,
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
    """The data of `shop_pack`, three pages of A4, for `render_checked`. The parameters are those of `code_sheet`.

    Keys: those of `code_sheet`, and codes (what every code must say), stickers (how many), visitors (the lines for those who read neither
    Japanese nor English), and in `ja` and `en` also poster, stand, sticker, fold and cut.
    """
    sheet = code_sheet(
        size="a4",
        url=url,
        check_word=check_word,
        serial=serial,
        made_at=made_at,
        shop_name=shop_name,
        shop_name_en=shop_name_en,
        public_number=public_number,
        district=district,
        association=association,
        money=money,
        money_en=money_en,
        rules=rules,
    )
    with in_language("ja"):
        sheet["title"], sheet["ja"] = _("%(shop)sの掲示物", shop=shop_name), sheet["ja"] | _more()
    with in_language("en"):
        sheet["en"] = sheet["en"] | _more()
    return sheet | {"codes": [url] * CODES, "stickers": STICKERS, "visitors": for_visitors(money_en)}


def _more() -> dict[str, str]:
    return {
        "fold": _("点線で山折りにして、両面を表にして立てます"),
        "cut": _("線で切って、机やレジに貼ります。QRの白い縁は残してください"),
    }

"""チャージ券, printed: ten to an A4 page, to be cut. Each has its QR, its signs, what it is worth and how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from base.clock import TOKYO
from web.i18n import _, date_parts, in_language, yen
from web.qr import QUIET_MODULES, path, quick_modules

LEVEL = "M"
PER_PAGE = 10


def top_up_codes(
    *,
    address: str,
    codes: Sequence[tuple[int, str]],
    batch: int,
    face_value: int,
    last_day: date,
    money: str,
    money_en: str,
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
) -> dict[str, Any]:
    """The data of `top_up_codes`, for `render_checked`. `address`: the wallet's page that redeems; `codes`: place and signs.

    A piece always speaks Japanese, with English below. Keys: made_at (ISO 8601), title, codes (what the QRs say, in order),
    pieces (serial, code, qr path, side of the QR in modules), the names given, and `ja` and `en` with the same sentences.
    """
    with in_language("ja"):
        title, japanese = _("チャージ券 No.%(number)s", number=batch), _sentences(money, face_value, last_day)
    with in_language("en"):
        english = _sentences(money_en, face_value, last_day)
    names = {"district": district, "association": association, "contact": contact}
    numbered = [(f"{batch}-{place:04d}", code) for place, code in codes]
    return _sheet(address, numbered, title, japanese, english, made_at) | names


def purchase_slips(
    *,
    address: str,
    codes: Sequence[tuple[int, str, int]],
    voucher: str,
    voucher_en: str,
    last_day: date,
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
) -> dict[str, Any]:
    """購入引換券, on the same sheet. `address`: of the wallet's form; `codes`: place, signs, units; `last_day`: of applications."""
    with in_language("ja"):
        title, japanese = _("「%(name)s」の購入引換券", name=voucher), _slip_sentences(voucher, last_day)
        worth = [_("%(units)s口まで", units=units) for _place, _code, units in codes]
    with in_language("en"):
        english = _slip_sentences(voucher_en, last_day)
    sheet = _sheet(address, [(f"No.{place}", code) for place, code, _units in codes], title, japanese, english, made_at)
    for piece, value in zip(sheet["pieces"], worth, strict=True):
        piece["value"] = value
    return sheet | {"district": district, "association": association, "contact": contact}


def _sheet(
    address: str, codes: Sequence[tuple[str, str]], title: str, japanese: dict[str, str], english: dict[str, str], made_at: datetime
) -> dict[str, Any]:
    says = [f"{address}/{code.replace('-', '')}" for _serial, code in codes]
    rows = [quick_modules(text, LEVEL) for text in says]
    return {
        "made_at": made_at.isoformat(),
        "made": f"{made_at.astimezone(TOKYO):%Y-%m-%d}",
        "title": title,
        "codes": says,
        "pieces": [
            {"serial": serial, "code": code, "qr": path(each), "modules": len(each)}
            for (serial, code), each in zip(codes, rows, strict=True)
        ],
        "quiet": QUIET_MODULES,
        "per_page": PER_PAGE,
        "ja": japanese,
        "en": english,
    }


def _slip_sentences(voucher: str, last_day: date) -> dict[str, str]:
    day = _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(last_day))
    return {
        "kind": _("%(name)s 購入引換券", name=voucher),
        "value": "",
        "last_day": _("申し込みは%(day)sまで", day=day),
        "scan": _("スマホのカメラで読み取り、「申し込む」を押してください。スマホがなければ、この券を窓口へお持ちください。"),
        "terms": _("1枚につき1回申し込めます。お金の代わりにはなりません。なくしたときは、券を送った役所へご連絡ください。"),
        "serial": _("券の番号"),
    }


def _sentences(money: str, face_value: int, last_day: date) -> dict[str, str]:
    day = _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(last_day))
    return {
        "kind": _("%(money)s チャージ券", money=money),
        "value": yen(face_value),
        "last_day": _("%(day)sまで", day=day),
        "scan": _("スマホのカメラで読み取り、「受け取る」を押すと、残高に入ります。"),
        "type": _("読み取れないときは、財布の「チャージ」で下の文字を入れてください。"),
        "terms": _("1回だけ使えます。現金には替えられません。この紙は現金と同じです。なくした券の再発行や払戻しはしません。"),
        "serial": _("券の番号"),
    }

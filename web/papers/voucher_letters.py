"""商品券の申し込みの手紙 and 宛名ラベル: for those who applied on paper. A letter's address shows in the window of a 長形3号 envelope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from web.i18n import _, date_parts, in_language, yen
from web.papers.letter import frame

LABELS_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class Addressee:
    """One application on paper. `given`: units won, None where nothing was drawn; `wanted` units; `refused`: why it was, None if not."""

    number: int
    name: str
    postal: str
    address: str
    wanted: int
    given: int | None
    pay_until: date | None
    refused: str | None = None


def voucher_letters(
    people: Sequence[Addressee],
    *,
    voucher: str,
    price: int,
    face: int,
    local_face: int,
    way: str,
    last_day: date,
    result: str,
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
) -> dict[str, Any]:
    """The data of `voucher_letters`, always in Japanese: it goes to people who wrote on paper.

    `local_face`: of `face`, what large shops do not take; `way`: application or eligible; `result`: where the draw is published.
    """
    with in_language("ja"):
        base = frame(
            title=_("「%(name)s」の申し込みの結果", name=voucher),
            district=district,
            association=association,
            contact=contact,
            made_at=made_at,
        )
        letters = [_letter(one, voucher, price, face, local_face, way, last_day) for one in people]
        words = {
            "number": _("申し込み番号"),
            "bring": _("お持ちいただくもの"),
            "things": _("この手紙、身分証、代金。スマホの方はスマホ、お持ちでない方には窓口でカードをお渡しします。"),
            "again": _("抽選の結果はだれでも確かめられます: %(where)s", where=result) if way == "application" and result else "",
        }
    return base | {"letters": letters, "words": words}


def _letter(one: Addressee, voucher: str, price: int, face: int, local_face: int, way: str, last_day: date) -> dict[str, Any]:
    units = 0 if one.refused is not None else one.wanted if way == "eligible" else one.given or 0
    facts = [[_("代金"), yen(price * units)], [_("使える額"), yen(face * units)]] if units else []
    if facts and local_face:
        facts.append([_("うち専用券（大型店では使えません）"), yen(local_face * units)])
    if one.refused is not None:
        says = _(
            "「%(name)s」の申し込みは、受け付けられませんでした。%(reason)s 心当たりがなければ、この番号を下の連絡先へお伝えください。",
            name=voucher,
            reason=_("理由: %(reason)s", reason=one.refused.rstrip("。") + "。") if one.refused else "",
        )
    elif units and one.pay_until is not None:
        says = _(
            "「%(name)s」に %(units)s口 当選しました。%(day)sまでに、窓口でお支払いください。過ぎると、次の順番の方に回ります。",
            name=voucher,
            units=units,
            day=_long(one.pay_until),
        )
    elif units:
        says = _(
            "「%(name)s」を %(units)s口までお買い求めいただけます。%(day)sまでに窓口へお越しください。",
            name=voucher,
            units=units,
            day=_long(last_day),
        )
    else:
        says = _(
            "「%(name)s」は、抽選の結果、補欠となりました。口数が回ってきたときは、あらためて手紙でお知らせします。",
            name=voucher,
        )
    return {
        "number": str(one.number),
        "postal": _postal(one.postal),
        "address": one.address,
        "to": _("%(name)s 様", name=one.name),
        "says": says,
        "facts": facts,
    }


def address_labels(people: Sequence[Addressee], *, title: str, association: str, made_at: datetime) -> dict[str, Any]:
    """The data of `address_labels`: twelve to an A4 page (86.4 × 42.3 mm)."""
    with in_language("ja"):
        labels = [
            {
                "postal": _postal(one.postal),
                "address": one.address,
                "to": _("%(name)s 様", name=one.name),
                "number": str(one.number),
            }
            for one in people
        ]
    return {"made_at": made_at.isoformat(), "title": title, "association": association, "labels": labels, "per_page": LABELS_A_PAGE}


def _postal(written: str) -> str:
    """As envelopes have it: 〒001-0010, however it was typed."""
    digits = written.replace("-", "")
    return f"〒{digits[:3]}-{digits[3:]}" if len(digits) == 7 and digits.isdecimal() else f"〒{written}" if written else ""


def _long(day: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(day))

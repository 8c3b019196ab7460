"""日計表 of a till: what its report says, in words. Nothing here computes an amount."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from textwrap import wrap
from typing import Any

from base.yen import grouped
from web.i18n import _, date_parts, language, yen
from web.papers.letter import dated
from web.papers.till_receipt import bearer_word

REDUCED = 8


def day_report(content: Mapping[str, Any], *, made_at: datetime) -> dict[str, Any]:
    """The data of `day_report`. Keys: title, made_at, lang, author, when, head (pairs), parts: (title, rows of name, detail, amount),
    anchor (two lines, or none)."""
    return {
        "made_at": made_at.isoformat(),
        "lang": language(),
        "author": content["shop"]["name"],
        "title": _("日計表 第%(number)s号", number=grouped(content["report"])),
        "when": dated(datetime.fromisoformat(content["at"]), seconds=True),
        "head": [
            [_("お店"), content["shop"]["name"]],
            [_("端末"), content["till"]["name"]],
            [_("締めた人"), content["staff"] or ("—" if content["counted"] is not None else _("店主（外した端末）"))],
            [_("レシート"), f"{content['first']} – {content['last']}" if content["first"] else "—"],
            *_offline(content),
        ],
        "parts": [
            [_("売上"), _sales(content)],
            [_("税率ごと"), [_rate(*row) for row in content["by_rate"]]],
            [_("払い方ごと"), [[_means(kind, name), "", yen(amount)] for kind, name, amount in content["by_means"]]],
            [_("クーポンをだれが負担するか"), [_coupon(*row) for row in content.get("coupons", [])]],
            [_("分類ごと"), [_category(*row) for row in content.get("by_category", [])]],
            [_("時間ごと"), [[_("%(hour)s時台", hour=hour), _count(count), yen(total)] for hour, count, total in content["by_hour"]]],
            [_("担当ごと"), [[name or _("担当なし"), _count(count), yen(total)] for name, count, total in content["by_staff"]]],
            [_("現金の出し入れ"), [[_moved(kind), f"{at} {reason}".strip(), yen(amount)] for kind, amount, reason, at in content["moved"]]],
            [_("割り勘の途中"), _shared(content)],
            [_("途中で数えた"), [_counted(*row) for row in content.get("counts", [])]],
            [_("金種"), [[yen(value), _("%(count)s枚", count=grouped(count)), yen(value * count)] for value, count in content["pieces"]]],
            [_("現金"), _cash(content)],
            [_("組合からの入金予定"), _to_come(content)],
        ],
        "anchor": _anchor(content),
    }


def _coupon(bearer: str, funder: str, amount: int) -> list[str]:
    """The shop's own part is a lower price: it is taken off the sales already."""
    return [bearer_word(bearer, funder) or _("負担者の記録なし"), _("値引に入っています") if bearer == "shop" else "", yen(amount)]


def _category(name: str, pieces: int, amount: int) -> list[str]:
    return [name or _("分類なし"), _("%(count)s点", count=grouped(pieces)) if pieces else "", yen(amount)]


def _to_come(content: Mapping[str, Any]) -> list[list[str]]:
    """What will be paid out and when, as it stood at the close; reports of before say nothing of it."""
    if "owed" not in content:
        return []
    rows = [[_day(day), _("換金済み"), yen(net)] for day, net in content["coming"]]
    closes, pays = [_day(day) for day in content["payday"] or ()] or ("", "")
    return [*rows, [pays or _("日は決まっていません"), _("%(day)sまでの分", day=closes) if closes else "", yen(content["owed"])]]


def _anchor(content: Mapping[str, Any]) -> list[str]:
    """照合値 of the sealed ledger: the book and its root in two lines."""
    if "anchor" not in content:
        return []
    size, root = content["anchor"]
    return [_("台帳の照合値（%(size)s件）", size=grouped(size)), " ".join(wrap(root, 8))]


def _day(said: str) -> str:
    return _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(date.fromisoformat(said)))


def _counted(counted: int, expected: int, reason: str, at: str) -> list[str]:
    """A count in the middle of the day; reports of before there were any say nothing of them."""
    return [_("%(time)s 数えた額", time=at), f"{_('あるはずの額')} {yen(expected)} {reason}".strip(), yen(counted)]


def _offline(content: Mapping[str, Any]) -> list[list[str]]:
    """Receipts of the day that the till made without the network, and where such a series ended. Older reports say nothing of them."""
    rows = []
    if content.get("offline"):
        first, last, count = content["offline"]
        rows.append([_("つながらない間のレシート"), f"{first} – {last}（{_count(count)}）"])
    for first, reason in content.get("lost", ()):
        rows.append([_("紛失として閉じた番号"), _("%(first)s から後（%(reason)s）", first=first, reason=reason)])
    return rows


def _shared(content: Mapping[str, Any]) -> list[list[str]]:
    """What phones had paid of bills that had no receipt at the close."""
    if "shared" not in content:
        return []
    count, came = content["shared"]
    return [[_("コインで受け取った分"), _("%(count)s。レシートは次の日計表に載ります", count=_count(count)), yen(came)]]


def _sales(content: Mapping[str, Any]) -> list[list[str]]:
    (sold, total), (returned, back) = content["sales"], content["returns"]
    return [
        [_("売上"), _count(sold), yen(total)],
        [_("返品・返金"), _count(returned), f"−{yen(back)}" if back else yen(0)],
        [_("差引き"), "", yen(total - back)],
        [_("うち値引"), "", yen(content["discounts"])],
    ]


def _cash(content: Mapping[str, Any]) -> list[list[str]]:
    difference = content["difference"]
    if difference is None:
        return [[_("あるはずの額"), "", yen(content["expected"])], [_("数えた額"), content["reason"], _("数えていない")]]
    word = _("ぴったりです") if not difference else _("多い") if difference > 0 else _("足りない")
    return [
        [_("あるはずの額"), "", yen(content["expected"])],
        [_("数えた額"), "", yen(content["counted"])],
        [_("過不足"), f"{word} {content['reason']}".strip(), yen(difference)],
    ]


def _count(count: int) -> str:
    return _("%(count)s件", count=grouped(count))


def _rate(rate: int, gross: int, tax: int) -> list[str]:
    return [f"{rate}%※" if rate == REDUCED else f"{rate}%", _("内消費税 %(tax)s", tax=yen(tax)), yen(gross)]


def _means(kind: str, name: str) -> str:
    if kind == "funded_coupon":
        return _("クーポン充当 %(name)s", name=name)
    if kind == "point":
        return _("ポイント充当 %(name)s", name=name)
    return {"cash": _("現金"), "card": _("カード・その他")}.get(kind, name)


def _moved(kind: str) -> str:
    words = {"open": _("釣銭準備金"), "in": _("現金を入れた"), "coin_in": _("コインを売った現金"), "coin_out": _("取り消したコインの返金")}
    return words.get(kind, _("現金を出した"))

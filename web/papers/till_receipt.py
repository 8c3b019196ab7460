"""レシート, 領収書 and 返品伝票 of a shop's till: what a receipt's content says, in words. Page, phone and PDF are drawn from this.

The content is that of the till (its names: shop, till, lines, discounts, by_rate, paid …); nothing here computes an amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from base.clock import TOKYO
from web.i18n import _, language, yen
from web.papers.letter import dated
from web.papers.payment_slip import earned_words
from web.qr import modules, svg

REDUCED = 8
HONORIFICS = ("様", "さま", "御中", "殿", "先生", "各位")


def till_receipt(
    content: Mapping[str, Any],
    *,
    made_at: datetime,
    again: int = 0,
    shops_own: bool = False,
    addressed: tuple[str, str] | None = None,
    on_paper: bool = True,
    practice: bool = False,
    beside: str = "",
    earned: tuple[int, date] | None = None,
    link: str = "",
) -> dict[str, Any]:
    """The data of `till_receipt`. `again`: how often it was made before, 0 for the original; `shops_own`: the shop keeps this one.

    `addressed`: 宛名 and 但し書き of a 領収書, each empty where it is written by hand. Data is never stamped: only what is `on_paper`.
    `beside`: what of this sale was handed over before: ryoshusho, paper or data. `earned`: points of the payment, and the day from which
    they can be spent. `link`: the same receipt in the payer's wallet, as a QR code.
    Keys: title, kind, made_at, lang, shop (lines), marks (再発行 and the like), addressed, head and facts (pairs), lines (name, detail,
    amount), discounts, total, rates, paid and change (pairs), notes, stamp, link (SVG or none) and link_words.
    """
    shop, is_return = content["shop"], content["kind"] == "return"
    at = datetime.fromisoformat(content["at"])
    return {
        "made_at": made_at.isoformat(),
        "lang": language(),
        "title": _("領収書") if addressed else _("返品・返金") if is_return else _("レシート"),
        "kind": "" if beside == "ryoshusho" else _kind(shop, is_return, bool(addressed and addressed[0])),
        "author": shop["name"],
        "shop": [line for line in (shop["address"], shop["phone"], _registered(shop)) if line],
        "name": shop["name"] if language() == "ja" or not shop["name_en"] else shop["name_en"],
        "marks": [*_marks(again, shops_own, practice), *_beside(beside), *_instead(content)],
        "addressed": None if addressed is None else _addressed(addressed),
        "when": dated(at, seconds=True),
        "day": f"{at.astimezone(TOKYO):%Y-%m-%d}",
        "facts": [*_facts(content), *([] if earned is None else [[_("ポイント付与予定"), earned_words(*earned)]])],
        "lines": _lines(content),
        "discounts": _discounts(content),
        "total": [_("返す金額（税込み）") if is_return else _("合計（税込み）"), yen(content["total"])],
        "rates": [_rate(row) for row in content["by_rate"]],
        "paid": [_paid(each, is_return) for each in content["paid"]],
        "change": _change(content),
        "notes": _notes(content),
        "stamp": _("収入印紙") if content["stamp"] and on_paper else "",
        "link": svg(modules(link)) if link else "",
        "link_words": _("電子のレシートと、支払いの証明（払った人だけが開けます）") if link else "",
    }


def till_goods(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be paid for, as its receipt will say it. Keys: lines, discounts, rates."""
    return {"lines": _lines(content), "discounts": _discounts(content), "rates": [_rate(row) for row in content["by_rate"]]}


def _kind(shop: Mapping[str, Any], is_return: bool, names_buyer: bool) -> str:
    """Only a registered business gives what is called an invoice (Consumption Tax Act art. 57-5); with the buyer's name a whole one."""
    if not shop["registration"]:
        return ""
    return _("適格返還請求書") if is_return else _("適格請求書") if names_buyer else _("適格簡易請求書")


def _registered(shop: Mapping[str, Any]) -> str:
    return _("登録番号 %(number)s", number=shop["registration"]) if shop["registration"] else ""


def _marks(again: int, shops_own: bool, practice: bool) -> list[str]:
    marks = [_("練習（お金は動いていません）")] if practice else []
    if again:
        marks.append(_("再発行（%(count)s回目）", count=again))
    return [*marks, _("お店の控え")] if shops_own else marks


def _beside(what: str) -> list[str]:
    """Two papers of one sale are never two originals: the later one says so (invoice 36)."""
    words = {
        "ryoshusho": _("領収書を発行済み（同じお買い物です）"),
        "paper": _("レシートと引き換え（同じお買い物です）"),
        "data": _("電子のレシートと同じお買い物です"),
    }
    return [words[what]] if what else []


def _instead(content: Mapping[str, Any]) -> list[str]:
    """A corrected invoice names the one for which it stands (CTA 57-4(4))."""
    wrong = content.get("corrects")
    return [_("直したレシート（%(number)s に替わるもの）", number=wrong["number"])] if wrong else []


def _addressed(addressed: tuple[str, str]) -> list[str]:
    name, purpose = addressed
    if not name:
        to = "　　　　　　　　　" + _("様")
    else:  # who was addressed already is not addressed twice
        to = name if name.rstrip().endswith(HONORIFICS) else _("%(name)s 様", name=name)
    return [to, purpose, _("上記の金額を、たしかに受け取りました。"), _("但し")]


def _facts(content: Mapping[str, Any]) -> list[list[str]]:
    facts = [[_("番号"), content["number"]], [_("端末"), content["till"]["name"]]]
    if content["staff"]:
        facts.append([_("担当"), content["staff"]])
    if content["eat_in"]:
        facts.append([_("お召し上がり"), _("店内")])
    first = content["of"] or content.get("corrects")
    if first:
        facts.append([_("もとのレシート"), first["number"]])
        facts.append([_("もとの日付"), dated(datetime.fromisoformat(first["at"]))])
    return facts


def _lines(content: Mapping[str, Any]) -> list[list[str]]:
    """Name with its mark, 540円 × 2, and the amount; a discount of a line stands below it."""
    rows: list[list[str]] = []
    for index, ((name, qty, price, rate, _article), amount) in enumerate(zip(content["lines"], content["amounts"], strict=True)):
        detail = f"{yen(price)} × {qty}" if qty > 1 else ""
        rows.append([f"{name} ※" if rate == REDUCED else name, detail, yen(amount)])
        rows += [[_off(each), "", f"−{yen(each['amount'])}"] for each in content["discounts"] if each["line"] == index]
    return rows


def _off(discount: Mapping[str, Any]) -> str:
    return _("　値引 %(percent)s%%", percent=discount["percent"]) if discount["percent"] else _("　値引")


def _discounts(content: Mapping[str, Any]) -> list[list[str]]:
    """Of the whole, with what each rate bears of it: so the buyer sees the price that was taxed."""
    rows = []
    for each in content["discounts"]:
        if each["line"] is None:
            shares = "、".join(f"{_rate_word(rate)} −{yen(part)}" for rate, part in each["shares"] if part)
            rows.append([_whole_off(each), shares, f"−{yen(each['amount'])}"])
    return rows


def _whole_off(each: Mapping[str, Any]) -> str:
    """The shop's own coupon is a lower price, and says so."""
    if each.get("coupon"):
        return _("クーポン値引（%(who)s負担） %(name)s", who=_("お店"), name=each["coupon"][0 if language() == "ja" else -1])
    return _("全体の値引 %(percent)s%%", percent=each["percent"]) if each["percent"] else _("全体の値引")


def _rate_word(rate: int) -> str:
    return _("非課税対象") if rate == 0 else _("8%※対象") if rate == REDUCED else _("%(rate)s%%対象", rate=rate)


def _rate(row: Sequence[int]) -> list[str]:
    rate, gross, tax, _net = row
    return [_rate_word(rate), yen(gross), _("内消費税 %(tax)s", tax=yen(tax)) if rate else ""]


def _paid(each: Mapping[str, Any], is_return: bool) -> list[str]:
    """A means of payment by its name, never a bare コード決済 (invoice 32); the payment's number with it."""
    fixed = {"cash": _("現金"), "card": _("カード・その他")}
    name = fixed.get(each["kind"]) or (each["name"] if language() == "ja" or not each["name_en"] else each["name_en"])
    if each["kind"] == "funded_coupon":
        name = coupon_word(each, name)
    elif each["kind"] == "point":
        name = _("ポイント充当 %(name)s", name=name)
    return [_("%(name)s に戻す", name=name) if is_return else name, each["number"] or "", yen(each["amount"])]


def coupon_word(each: Mapping[str, Any], name: str) -> str:
    """クーポン充当 with who pays for it (invoice 20); receipts of before that was kept say the name alone."""
    if not each.get("bearer"):
        return _("クーポン充当 %(name)s", name=name)
    return _("クーポン充当（%(who)s負担） %(name)s", who=bearer_word(each["bearer"], each["funder"]), name=name)


def bearer_word(bearer: str, funder: str) -> str:
    """Who bears a discount, in a word."""
    return {"association": _("組合"), "shop": _("お店")}.get(bearer, funder)


def _change(content: Mapping[str, Any]) -> list[list[str]]:
    if not content["received"] or content["kind"] == "return":
        return []
    return [[_("お預かり"), yen(content["received"])], [_("お釣り"), yen(content["change"])]]


def _notes(content: Mapping[str, Any]) -> list[str]:
    notes = [_("※は軽減税率（8%）の対象です。")] if any(line[3] == REDUCED for line in content["lines"]) else []
    if content["mode"] == "exclusive":
        notes.append(_("品目の金額は税抜きです。"))
    return notes

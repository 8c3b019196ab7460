"""支払通知書: what a shop was paid for a period, and the fee with its tax, as a qualified invoice where the association is registered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from base.yen import grouped
from web.i18n import _, date_parts, yen
from web.papers.letter import Anchor, frame, signed

Facts = Mapping[str, str | int | None]


def payment_advice(
    *,
    district: str,
    association: str,
    contact: str,
    facts: Facts,
    paid_on: date | None,
    made_at: datetime,
    anchor: Anchor | None = None,
) -> dict[str, Any]:
    """The data of `payment_advice`.

    `facts`: what the settlement wrote down about the shop: advice, payee, payee_address, after and closes_on (days, ISO 8601),
    registration (T and 13 digits, or None), and in yen opening, taken, given_back, other, payable, fee, tax, agent, net, with the
    counts takings and returns, fee_bp (hundredths of a percent) and tax_percent. Where a file paid it also
    transfer_fee and account_shown, the account by the end of its number. `paid_on`: None where nothing was left to transfer.

    Keys besides those of `web.papers.letter.frame`: payee, payee_address, net, facts and items (name, note, yen, is a sum), invoice
    (title, pairs, note), and in `labels`: title, net, items, amount.
    """
    title = _("支払通知書")
    title_line = f"{title} {facts['advice']}"
    data = frame(title=title_line, district=district, association=association, contact=contact, made_at=made_at, anchor=anchor)
    data["labels"] |= {"title": title, "net": _("お振込額"), "items": _("内訳"), "amount": _("金額（円）")}
    return data | {
        "payee": _("%(name)s 御中", name=facts["payee"]),
        "payee_address": str(facts["payee_address"] or ""),
        "net": yen(_yen(facts, "net")),
        "facts": [
            [_("通知書番号"), str(facts["advice"])],
            [_("対象期間"), _period(facts)],
            [_("振込日"), _("お振込はありません") if paid_on is None else dated(paid_on)],
            *([[_("振込先"), str(facts["account_shown"])]] if facts.get("account_shown") else []),
        ],
        "items": _items(facts),
        "invoice": _invoice(facts, association),
    }


def dated(day: date) -> str:
    """「2026年11月24日(火)」: a paper always names the year."""
    return _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(day))


def _yen(facts: Facts, name: str) -> int:
    return int(facts.get(name) or 0)


def _period(facts: Facts) -> str:
    last = dated(date.fromisoformat(str(facts["closes_on"])))
    if facts["after"] is None:
        return _("%(last)sまで", last=last)
    first = date.fromordinal(date.fromisoformat(str(facts["after"])).toordinal() + 1)
    return _("%(first)s〜%(last)s", first=dated(first), last=last)


def _items(facts: Facts) -> list[list[Any]]:
    """Name, note, yen with its sign, whether it is a sum; what is zero is left out, but never the takings."""
    rows = [
        (_("前回からの繰越"), "", _yen(facts, "opening"), False),
        (_("受け取り"), _("%(count)s件", count=grouped(_yen(facts, "takings"))), _yen(facts, "taken"), False),
        (_("返金"), _("%(count)s件", count=grouped(_yen(facts, "returns"))), -_yen(facts, "given_back"), False),
        (_("調整"), "", _yen(facts, "other"), False),
        (_("お支払いの対象"), "", _yen(facts, "payable"), True),
        (_("加盟店手数料"), _rate(facts), -_yen(facts, "fee"), False),
        (_("手数料の消費税"), f"{facts['tax_percent']}%", -_yen(facts, "tax"), False),
        (_("代理販売でお預かりいただいた現金"), _("差し引き"), -_yen(facts, "agent"), False),
        (_("振込手数料"), _("税込"), -_yen(facts, "transfer_fee"), False),
        (_("お振込額"), "", _yen(facts, "net"), True),
    ]
    return [
        [name, note, grouped(amount) if is_sum else signed(amount), is_sum]
        for place, (name, note, amount, is_sum) in enumerate(rows)
        if amount or is_sum or place == 1
    ]


def _rate(facts: Facts) -> str:
    whole, part = divmod(_yen(facts, "fee_bp"), 100)
    return f"{whole}.{part:02d}%".replace(".00%", "%")


def _invoice(facts: Facts, association: str) -> dict[str, Any]:
    """The fee once more, with all that a qualified invoice must name; or the sentence that it is none."""
    fee, tax = _yen(facts, "fee"), _yen(facts, "tax")
    pairs = [
        [_("%(rate)s%%対象の手数料（税抜）", rate=facts["tax_percent"]), yen(fee)],
        [_("消費税（%(rate)s%%）", rate=facts["tax_percent"]), yen(tax)],
        [_("手数料の合計（税込）"), yen(fee + tax)],
    ]
    if facts["registration"] is None:
        return {"title": _("加盟店手数料"), "pairs": pairs, "note": _("適格請求書ではありません。発行者に登録番号がないためです。")}
    issuer = [[_("発行者"), association], [_("登録番号"), str(facts["registration"])]]
    dated_on = [[_("取引の日"), dated(date.fromisoformat(str(facts["closes_on"])))], [_("内容"), _("加盟店手数料")]]
    note = _("この欄は、手数料についての適格請求書です。受け取りの額は、お店の売上として別に申告してください。")
    return {"title": _("加盟店手数料の適格請求書"), "pairs": issuer + dated_on + pairs, "note": note}

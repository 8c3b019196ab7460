"""探す, what is printed for campaigns and at tills: 冊 and 券 of paper vouchers, 購入番号, 請求番号, あとで払うQR."""

from __future__ import annotations

import re
from datetime import date

from flask import Flask, g, url_for
from flask.blueprints import BlueprintSetupState

import merchant.queries
from association import queries
from association.errors import TicketLotUnknown, TicketUnknown, VoucherUnknown
from association.queries import TicketName
from association.views.find_papers import applications
from association.views.frame import pages
from identity.commands import authorise
from ledger.queries import payment_number
from web import finders
from web.finders import Finder, Found, Question
from web.i18n import _, day, named, when, yen

_CLAIM = re.compile(r"^([0-9]{1,9})-([0-9]{1,2}-)?([0-9]{4})([0-9]{2})([0-9]{2})$")
_BUYING = re.compile(r"^([0-9]{1,9})-([0-9]{1,9})-[0-9]{4}$")
_BOOKLET = re.compile(r"^([0-9]{1,6})-([0-9]{4})(?:-([0-9]{2}))?$")
_LATER = re.compile(r"^[0-9]{1,9}-Q[0-9]{1,6}-[0-9]{3,6}$", re.IGNORECASE)


@pages.record_once
def add_voucher_finders(state: BlueprintSetupState) -> None:
    """Beside the numbers of other papers."""
    assert isinstance(state.app, Flask)
    for order, finder in ((13, by_booklet), (14, by_later), (18, by_buying_number), (19, by_claim)):
        finders.add(state.app, Finder(order, finder))


def by_booklet(asked: Question) -> list[Found]:
    """A booklet of paper vouchers (12-0345) or one of its tickets (12-0345-06): sold, stopped or used. The number proves nothing."""
    return booklet_found(asked.text)


def booklet_found(number: str) -> list[Found]:
    """The same for a number as it is printed."""
    told = _BOOKLET.match(number)
    if told is None:
        return []
    name = TicketName(int(told[1]), int(told[2]), int(told[3] or 0))
    try:
        seen = queries.printed_booklet(g.session, g.who, name)
    except (TicketLotUnknown, TicketUnknown):
        return []
    state = {
        "unsold": ("neutral", _("未販売")),
        "sold": ("ok", _("販売済み")),
        "stopped": ("danger", _("止めた冊")),
    }[seen.state]
    facts = [(_("商品券"), named(queries.one_voucher(g.session, g.who.district_id, seen.voucher_id)))]
    if seen.used_at is not None:
        state = ("neutral", _("使われました"))
        facts.append((_("いつ"), when(seen.used_at)))
    todo = _("本物かどうかは、QRを読み取って確かめます。なくした冊と汚れた冊は、ここから止めます。")
    links = ((_("紙の券を開く"), url_for("association.tickets", voucher_id=seen.voucher_id)),)
    return [Found(_("紙の商品券 %(number)s", number=number), state, tuple(facts), todo, links)]


def by_later(asked: Question) -> list[Found]:
    """あとで払うQR by the number under the code that a tablet showed."""
    if not _LATER.match(asked.text):
        return []
    authorise(g.session, g.who, "association.read")
    found = merchant.queries.later_named(g.session, g.who.district_id, asked.text.upper())
    if found is None:
        return []
    merchant_id, row = found
    shop = merchant.queries.merchant(g.session, g.who.district_id, merchant_id)
    state = {
        "open": ("neutral", _("払われていません")),
        "paid": ("ok", _("支払い済み")),
        "cancelled": ("neutral", _("取り下げ")),
    }[row.state]
    facts = ((_("いつ"), when(row.made_at)), (_("金額"), yen(row.amount)), (_("どこで"), f"{named(shop)}（{shop.public_number}）"))
    links = [(_("お店を開く"), url_for("association.shop", merchant_id=shop.id))]
    if row.transaction_id is not None:
        links.insert(0, (_("この支払いを開く"), url_for("association.find", q=payment_number(row.transaction_id))))
    todo = _("%(day)sまで払えます。お客様がスマホでもう一度QRを開くと払えます。取り下げるのはお店です。", day=day(row.expires_at))
    if row.state != "open":
        todo = _("することはありません。")
    return [Found(_("あとで払うQR %(number)s", number=row.name), state, facts, todo, tuple(links))]


def by_buying_number(asked: Question) -> list[Found]:
    """購入番号, which a winner tells: their application. Its last four digits are asked for where it is sold."""
    told = _BUYING.match(asked.text)
    return [] if told is None else applications(int(told[2]), voucher_id=int(told[1]))


def by_claim(asked: Question) -> list[Found]:
    """請求番号 of a claim on whoever pays a premium (campaign, place, day), or that of a whole statement."""
    told = _CLAIM.match(asked.text)
    if told is None:
        return []
    try:
        of = date(int(told[3]), int(told[4]), int(told[5]))
        campaign = queries.listed_voucher(g.session, g.who, int(told[1]), now=g.clock()).terms
    except (ValueError, VoucherUnknown):
        return []
    title = _("請求番号 %(number)s", number=asked.text) if told[2] else _("請求・精算書 %(number)s", number=asked.text)
    links = ((_("その日の請求・精算書を開く"), url_for("association.voucher_report", voucher_id=campaign.id, day=of)),)
    facts = ((_("商品券"), named(campaign)), (_("どの日の帳簿から"), day(of)))
    todo = _("開くと、その日の帳簿からの額が、負担する人ごとに出ています。")
    return [Found(title, ("info", _("請求・精算書")), facts, todo, links)]

"""探す, half a number: a shop's telephone number whole or by its end, and the beginning of a receipt's, a booklet's or a claim's number.

Ten answers are shown. Where there are more: how many, and that more digits are needed. Nobody reads out a long list to somebody who waits.
"""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Flask, g, url_for
from flask.blueprints import BlueprintSetupState

import merchant.queries
from association import queries
from association.errors import TicketLotUnknown, VoucherUnknown
from association.rules.telephone import WHOLE, plain_telephone
from association.views.find import named_shop
from association.views.find_papers import receipt_found
from association.views.find_vouchers import booklet_found
from association.views.frame import pages
from base.clock import tokyo_day
from identity.commands import authorise
from merchant.errors import ShopUnknown
from web import finders
from web.finders import Finder, Found, Question
from web.i18n import _, named

MOST, ENDING, LONGEST = 10, 4, 11
"""Answers that are shown; the fewest and the most digits of a telephone number."""
_RECEIPT = re.compile(r"^([0-9]{6})-([0-9]{1,9})(?:-([0-9]{0,5}))?$")
_BOOKLET = re.compile(r"^([0-9]{1,6})-([0-9]{0,3})$")
_CLAIM = re.compile(r"^([0-9]{1,9})-(?:[0-9]{1,2}-(?:2|20[0-9]{0,5})?|20[0-9]{3,5})$")


@pages.record_once
def add_half_number_finders(state: BlueprintSetupState) -> None:
    """Each after the finder of its whole number."""
    assert isinstance(state.app, Flask)
    for order, finder in ((14, by_receipts_beginning), (18, by_booklets_beginning), (19, by_claims_beginning), (22, by_telephone)):
        finders.add(state.app, Finder(order, finder))


def by_telephone(asked: Question) -> list[Found]:
    """A shop, or an application that waits, by its telephone number or the last digits of it."""
    number = plain_telephone(asked.text)
    if number is None or not ENDING <= len(number) <= LONGEST or (len(number) >= WHOLE and number[0] != "0"):
        return []
    found = queries.shops_called(g.session, g.who, number)
    if len(found) > MOST:
        return [_type_on(_("終わりが %(ending)s の電話番号", ending=number), len(found))]
    shops = {shop.id: shop for shop in merchant.queries.shops(g.session, g.who.district_id, ids=[each.merchant_id or 0 for each in found])}
    return [_called(each, shops) for each in found]


def _called(one: queries.Called, shops: dict[int, merchant.queries.Shop]) -> Found:
    told = one.telephone or _("加盟の申し込みに書かれた番号です")
    links: tuple[tuple[str, str], ...] = ()
    if one.application_id is not None:
        links = ((_("申し込みを開く"), url_for("association.application", application_id=one.application_id)),)
    if one.merchant_id is None:
        todo = _("申し込んだ人から電話があったら開きます。見たことは記録に残ります。")
        title = _("加盟の申し込み 番号 %(number)s", number=one.application_id)
        return Found(title, ("warn", _("これから")), ((_("電話番号"), told),), todo, links)
    found = named_shop(shops[one.merchant_id])
    return replace(found, facts=((_("電話番号"), told), *found.facts), links=(*found.links, *links))


def by_receipts_beginning(asked: Question) -> list[Found]:
    """The newest receipts of a till, or those whose serial begins so: 000017-7, 000017-7-0012."""
    told = _RECEIPT.match(asked.text)
    if told is None:
        return []
    authorise(g.session, g.who, "association.read")
    try:
        shop = merchant.queries.shop_by_number(g.session, g.who.district_id, told[1])
    except ShopUnknown:
        return []
    beginning = told[3] or ""
    count, newest = merchant.queries.receipts_beginning(g.session, g.who.district_id, shop.id, int(told[2]), beginning, limit=MOST)
    if count > MOST:
        return [_type_on(_("%(number)s で始まるレシート", number=asked.text), count, (_("お店を開く"), _shop(shop.id)))]
    return [receipt_found(shop, receipt) for receipt in newest]


def by_booklets_beginning(asked: Question) -> list[Found]:
    """冊 of a lot whose number begins so: 12-034 is 12-0340 to 12-0349."""
    told = _BOOKLET.match(asked.text)
    if told is None:
        return []
    try:
        lot = queries.ticket_lot(g.session, g.who, int(told[1]))
    except TicketLotUnknown:
        return []
    numbers = [number for number in range(1, lot.booklets + 1) if f"{number:04d}".startswith(told[2])]
    if len(numbers) > MOST:
        link = (_("紙の券を開く"), url_for("association.tickets", voucher_id=lot.voucher_id))
        return [_type_on(_("%(number)s で始まる紙の商品券", number=asked.text), len(numbers), link)]
    return [found for number in numbers for found in booklet_found(f"{lot.id}-{number:04d}")]


def by_claims_beginning(asked: Question) -> list[Found]:
    """請求番号 without its whole day: each day has its own statement, so the newest is there to be opened."""
    told = _CLAIM.match(asked.text)
    if told is None:
        return []
    try:
        campaign = queries.listed_voucher(g.session, g.who, int(told[1]), now=g.clock()).terms
    except VoucherUnknown:
        return []
    links = ((_("今日の請求・精算書を開く"), url_for("association.voucher_report", voucher_id=campaign.id, day=tokyo_day(g.clock()))),)
    facts = ((_("商品券"), named(campaign)),)
    todo = _("番号の終わりの8桁は、紙の日付です。日付まで入れると、その日の請求・精算書が開きます。")
    return [Found(_("%(number)s で始まる請求番号", number=asked.text), ("info", _("続きを入れてください")), facts, todo, links)]


def _type_on(title: str, count: int, *links: tuple[str, str]) -> Found:
    todo = _("多すぎて並べられません。番号の続きを聞いて、もう少し長く入れてください。")
    return Found(title, ("info", _("続きを入れてください")), ((_("あてはまる数"), _("%(count)s件", count=count)),), todo, links)


def _shop(merchant_id: int) -> str:
    return url_for("association.shop", merchant_id=merchant_id)

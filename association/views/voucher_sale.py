"""商品券の販売: for the customer whose code was read, cash against units, and taking a sale back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import ledger.queries
from association import commands, queries, titles
from association.commands import Apply, SellVoucher, UndoTopUp
from association.schemas import BuyingNumberSchema, CounterCodeSchema, LinkSchema, SellVoucherSchema, UndoSchema, VoucherSalePageSchema
from association.views.counter import name_of
from association.views.frame import asked, desk_page, pages
from association.views.selections import chosen_customer, signed_customer
from base.clock import tokyo_day
from identity.commands import authorise
from ledger.errors import TransactionUnknown
from ledger.queries import Series, TransactionLine
from web import forms


@pages.get("/desk/vouchers/sale")
def sell_voucher_page() -> str:
    """Which campaign, how many units, against how much cash, and what will be booked."""
    authorise(g.session, g.who, "association.sell_voucher", subject="page")
    typed = asked(VoucherSalePageSchema)
    person_id = chosen_customer(typed["to"])
    on_sale = queries.selling_vouchers(g.session, g.who.district_id, today=tokyo_day(g.clock()))
    terms = next((each for each in on_sale if each.id == typed["voucher_id"]), on_sale[0] if on_sale else None)
    cash = queries.own_cash(g.session, g.who)
    paper = None
    if terms is not None and typed["number"] is not None:
        paper = queries.look_at_application(g.session, g.who, terms.id, typed["number"])
    return desk_page(
        "association/voucher_sale.html",
        to=typed["to"],
        customer=identity.queries.nickname(g.session, g.who.district_id, person_id),
        on_sale=on_sale,
        terms=terms,
        allowed=None if terms is None else commands.may_buy(g.session, g.who.district_id, terms, person_id, now=g.clock()),
        stock=0 if terms is None else ledger.queries.units(g.session, g.who.district_id)[terms.units_series_id].stock,
        cash=cash,
        drawer_room=max((ledger.queries.ceiling(g.session, "drawer") or 0) - cash, 0),
        series=None if terms is None else ledger.queries.one_series(g.session, g.who.district_id, terms.id),
        shops=titles.VOUCHER_SHOPS,
        why_not=titles.WHY_NOT,
        call=None if terms is None else queries.call_of(g.session, g.who.district_id, terms.id),
        paper=None if paper is None or paper.applied.way != "paper" or paper.applied.state != "accepted" else paper.applied,
        paper_says=None if paper is None else paper.says,
    )


@pages.post("/desk/vouchers/sale/number")
def sell_by_number() -> Answer:
    """A winner tells their 購入番号: the sale goes on as if their code had been read."""
    voucher_id, person_id = queries.buyer_of(g.session, g.who, forms.load(BuyingNumberSchema)["number"])
    return redirect(url_for(".sell_voucher_page", to=signed_customer(person_id), voucher_id=voucher_id), 303)


@pages.post("/desk/vouchers/sale/link")
def link_application() -> Answer:
    """The holder of a paper stands here: it is theirs from now on, and the sale goes on."""
    form = forms.load(LinkSchema)
    commands.link_application(g.session, g.who, form["voucher_id"], form["number"], chosen_customer(form["to"]), now=g.clock())
    return redirect(url_for(".sell_voucher_page", to=form["to"], voucher_id=form["voucher_id"]), 303)


@pages.post("/desk/vouchers/sale/code")
def apply_at_counter() -> Answer:
    """A 購入引換券 is shown: an application for whoever stands here; where nothing is drawn the sale goes on."""
    form = forms.load(CounterCodeSchema)
    order = Apply(form["voucher_id"], form["units"], None, form["code"], form["key"])
    commands.type_application(g.session, g.who, order, person_id=chosen_customer(form["to"]), now=g.clock())
    return redirect(url_for(".sell_voucher_page", to=form["to"], voucher_id=form["voucher_id"]), 303)


@pages.post("/desk/vouchers/sale")
def sell_voucher() -> Answer:
    """Book it. Back, reload and a second press are harmless: the form carries its key."""
    form: dict[str, Any] = forms.load(SellVoucherSchema)
    terms = queries.one_voucher(g.session, g.who.district_id, form["voucher_id"])
    order = SellVoucher(
        voucher_id=terms.id,
        person_id=chosen_customer(form["to"]),
        units=form["units"],
        received=form["received"] or terms.price * form["units"],
        key=form["key"],
    )
    sold = commands.sell_voucher(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".voucher_sold", transaction_id=sold.transaction_id), 303)


@pages.get("/desk/vouchers/sales/<int:transaction_id>")
def voucher_sold(transaction_id: int) -> str:
    """What was booked, the change to give, and the matching word that the phone shows as well."""
    booked = ledger.queries.transaction(g.session, g.who.district_id, transaction_id)
    if booked.kind != "voucher_sale":
        raise TransactionUnknown(transaction=transaction_id)
    drawer, premium = (next(line for line in booked.lines if line.role == role) for role in ("drawer", "premium"))
    parts = [line for line in booked.lines if line.role in ("consumer", "voucher_paper")]
    on_paper = parts[0].role == "voucher_paper"
    received = int(booked.facts.get("received") or drawer.amount)
    return desk_page(
        "association/voucher_sold.html",
        booked=booked,
        customer=None if on_paper else name_of(parts[0].owner_id, drawer.owner_id),
        on_paper=on_paper,
        booklets=booked.facts.get("booklets"),
        terms=queries.one_voucher(g.session, g.who.district_id, parts[0].series_id),
        units=int(booked.facts.get("units") or 0),
        price=drawer.amount,
        premium=premium.amount,
        received=received,
        change=received - drawer.amount,
        parts=_by_series(parts),
        balance=sum(ledger.queries.balance(g.session, g.who.district_id, line.account_id) for line in parts),
        undone=bool(booked.refunds),
        undoable=drawer.owner_id == g.who.person_id and tokyo_day(booked.posted_at) == tokyo_day(g.clock()),
    )


@pages.post("/desk/vouchers/sales/<int:transaction_id>/undo")
def undo_voucher_sale(transaction_id: int) -> Answer:
    """Taken back; pressed twice, it is taken back once. The page of the sale then says so."""
    commands.undo_top_up(g.session, g.who, UndoTopUp(transaction_id, **forms.load(UndoSchema)), now=g.clock())
    return redirect(url_for(".voucher_sold", transaction_id=transaction_id), 303)


def _by_series(lines: Sequence[TransactionLine]) -> list[tuple[Series, int]]:
    """What was given of each part, in yen; of several booklets together."""
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.series_id] = sums.get(line.series_id, 0) - line.amount
    return [(ledger.queries.one_series(g.session, g.who.district_id, series_id), amount) for series_id, amount in sums.items()]

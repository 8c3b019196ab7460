"""チャージ: read the customer's code or card, take the cash, press once, hand back the change."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import ledger.queries
import wallet.commands
import wallet.queries
from association import commands, queries
from association.commands import LargeTopUp, TopUp, UndoTopUp
from association.errors import OwnWallet
from association.schemas import CodeSchema, CounterSchema, LargeTopUpSchema, TopUpSchema, UndoSchema
from association.views.frame import asked, desk_page, pages
from association.views.selections import chosen_customer, signed_card, signed_customer
from base.clock import tokyo_day
from identity.commands import authorise
from ledger.errors import TransactionUnknown
from web import forms

AMOUNTS = (1_000, 3_000, 5_000, 10_000, 20_000, 30_000)
NOTES = (1_000, 5_000, 10_000)
"""What customers usually ask for, and the notes they hand over, in yen."""


@pages.get("/desk/top-up")
def read_code() -> str:
    """Camera, hand scanner, or the digits."""
    authorise(g.session, g.who, "association.top_up", subject="page")
    return desk_page(
        "association/read_code.html",
        cash=queries.own_cash(g.session, g.who),
        recent=_recent(),
        is_stopped=ledger.queries.is_stopped(g.session, g.who.district_id, "issuing"),
    )


@pages.post("/desk/top-up")
def choose_customer() -> Answer:
    """Whose code or card it is; a blank card is given to somebody first. A phone's code is used up by it; the choice is
    carried on, signed, for ten minutes."""
    code = forms.load(CodeSchema)["code"]
    blank = wallet.commands.blank_at_counter(g.session, g.who, code, now=g.clock())
    if blank is not None:
        return redirect(url_for(".give_card", card=signed_card(blank)), 303)
    person_id = wallet.commands.take_code(g.session, g.who, code, _not_own, now=g.clock())
    return redirect(url_for(".counter", to=signed_customer(person_id)), 303)


@pages.get("/desk/top-up/amount")
def counter() -> str:
    """How much, against how much cash, and what will be booked. Without scripts the page is asked again for the last part."""
    typed = asked(CounterSchema)
    person_id = chosen_customer(typed["to"])
    running = ledger.queries.running_coins(g.session, g.who.district_id, now=g.clock())
    held = {each.series.id: each.balance for each in ledger.queries.balances(g.session, g.who.district_id, "consumer", person_id)}
    series = next((each for each in running if each.id == typed["series_id"]), running[0] if running else None)
    balance = held.get(series.id, 0) if series else 0
    cash = queries.own_cash(g.session, g.who)
    return desk_page(
        "association/counter.html",
        is_stopped=series is not None and series.is_stopped("issuing"),
        to=typed["to"],
        customer=identity.queries.nickname(g.session, g.who.district_id, person_id),
        card=wallet.queries.held_card(g.session, g.who.district_id, person_id),
        given=bool(typed["given"]),
        running=running,
        series=series,
        balance=balance,
        room=max(series.balance_max - balance, 0) if series else 0,
        amount=typed["amount"],
        received=typed["received"],
        cash=cash,
        drawer_room=max((ledger.queries.ceiling(g.session, "drawer") or 0) - cash, 0),
        sells_vouchers=bool(queries.selling_vouchers(g.session, g.who.district_id, today=tokyo_day(g.clock()))),
        amounts=AMOUNTS,
        notes=NOTES,
    )


@pages.post("/desk/top-up/amount")
def top_up() -> Answer:
    """Book it. Back, reload and a second press are harmless: the form carries its key."""
    receipt = commands.top_up(g.session, g.who, _order(forms.load(TopUpSchema)), now=g.clock())
    return redirect(url_for(".topped_up", transaction_id=receipt.transaction_id), 303)


@pages.post("/desk/top-up/large")
def propose_large() -> Answer:
    """The drawer would pass its ceiling: ask a second person, under the same key."""
    form: dict[str, Any] = forms.load(LargeTopUpSchema)
    number = commands.propose_large_top_up(g.session, g.who, LargeTopUp(_order(form), form["note"]), now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.get("/desk/top-up/<int:transaction_id>")
def topped_up(transaction_id: int) -> str:
    """What was booked, the change to give, and the matching word that the phone shows as well."""
    booked = ledger.queries.transaction(g.session, g.who.district_id, transaction_id)
    if booked.kind != "top_up":
        raise TransactionUnknown(transaction=transaction_id)
    consumer = next(line for line in booked.lines if line.role == "consumer")
    drawer = next(line for line in booked.lines if line.role == "drawer")
    return desk_page(
        "association/topped_up.html",
        booked=booked,
        customer=name_of(consumer.owner_id, drawer.owner_id),
        series=ledger.queries.one_series(g.session, g.who.district_id, consumer.series_id),
        change=int(booked.facts.get("received") or booked.amount) - booked.amount,
        received=int(booked.facts.get("received") or booked.amount),
        balance=ledger.queries.balance(g.session, g.who.district_id, consumer.account_id),
        undone=bool(booked.refunds),
        undoable=drawer.owner_id == g.who.person_id and tokyo_day(booked.posted_at) == tokyo_day(g.clock()),
    )


@pages.post("/desk/top-up/<int:transaction_id>/undo")
def undo(transaction_id: int) -> Answer:
    """Taken back; pressed twice, it is taken back once. The page of the top-up then says so."""
    commands.undo_top_up(g.session, g.who, UndoTopUp(transaction_id, **forms.load(UndoSchema)), now=g.clock())
    return redirect(url_for(".topped_up", transaction_id=transaction_id), 303)


def _order(form: dict[str, Any]) -> TopUp:
    return TopUp(
        person_id=chosen_customer(form["to"]),
        series_id=form["series_id"],
        amount=form["amount"],
        received=form["received"] or form["amount"],
        key=form["key"],
    )


def name_of(person_id: int, clerk_id: int) -> str | None:
    """Of a top-up's customer, for a desk that may know; None else. A look at another clerk's customer is written down."""
    if not queries.may_look(g.who):
        return None
    if clerk_id != g.who.person_id:
        authorise(g.session, g.who, "association.look_at_person", subject=f"person:{person_id}")
    return identity.queries.nickname(g.session, g.who.district_id, person_id)


def _not_own(person_id: int) -> int:
    if person_id == g.who.person_id:
        raise OwnWallet
    return person_id


def _recent() -> list[queries.JournalRow]:
    """The last few top-ups at the counter, so that a clerk sees whether the one before went through."""
    search = queries.Search(kind="top_up")
    return queries.journal_page(g.session, g.who, search, now=g.clock()).rows[:5]

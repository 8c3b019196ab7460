"""コインを売る: a shop that is an agent takes cash at its tablet and tops up the customer's phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import association.commands
import association.queries
import identity.commands
import ledger.queries
import wallet.commands
from association.commands import SellCoin, UndoSale
from association.errors import NotAnAgent, SelectionStale
from association.queries import AgentStanding
from base.clock import tokyo_day
from ledger.errors import TransactionUnknown
from ledger.queries import Series, Transaction
from merchant import queries
from merchant.schemas import SellCodeSchema, SellPlanSchema, SellSchema, UndoSaleSchema
from merchant.views.frame import Place, at_till, not_in_practice, pages, till_page
from web import forms, selection

CHOSEN_FOR = timedelta(minutes=10)
"""How long a customer stays chosen: the code itself is used up when it is read."""
AMOUNTS = (1_000, 3_000, 5_000, 10_000, 20_000, 30_000)
"""What guests usually ask for, in yen."""

ROUND = (1_000, 5_000, 10_000)
"""Cash comes in notes: what is handed over is the amount rounded up to one of these, in yen."""

View = TypeVar("View", bound=Callable[..., Any])


def agents_only(view: View) -> View:
    """Only for the tablet of a shop that sells coin. Fills `g.agent`. Raises NotAnAgent."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        place: Place = g.place
        if request.method == "POST":
            not_in_practice()
        g.agent = association.queries.agent(g.session, place.who.district_id, place.shop.id, now=g.clock())
        if not g.agent.is_agent and not g.agent.sold_today and not g.agent.debt:
            raise NotAnAgent
        return view(*args, **kwargs)

    return cast(View, at_till(inner))


@pages.get("/till/sell")
@agents_only
def sell() -> str:
    """How much, and whose code; what was sold today and what the shop owes."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return _sell_page("merchant/sell.html", running=_running(), amounts=AMOUNTS)


@pages.post("/till/sell")
@agents_only
def choose_buyer() -> Answer:
    """Whose code it is. It is used up by that; the choice is carried on, signed, for ten minutes."""
    form: dict[str, Any] = forms.load(SellCodeSchema)
    if not g.agent.is_agent:
        raise NotAnAgent
    person_id = wallet.commands.take_code(
        g.session, g.who, form["code"], lambda person: person, now=g.clock(), command="association.read_buyer"
    )
    to = selection.signed("merchant.buyer", _chooser(), person_id, now=g.clock())
    return redirect(url_for(".confirm_sale", to=to, amount=form["amount"], series_id=form["series_id"]), 303)


@pages.get("/till/sell/confirm")
@agents_only
def confirm_sale() -> str:
    """5,000円を受け取って、コインを渡しますか: the cash to take, what will be booked, and the PIN of whoever answers for it."""
    place: Place = g.place
    plan = SellPlanSchema().load(request.values)
    person_id = _chosen(plan["to"])
    series = ledger.queries.one_series(g.session, place.who.district_id, plan["series_id"])
    held = {each.series.id: each.balance for each in ledger.queries.balances(g.session, place.who.district_id, "consumer", person_id)}
    return _sell_page(
        "merchant/sell_confirm.html",
        to=plan["to"],
        amount=plan["amount"],
        series=series,
        room=max(series.balance_max - held.get(series.id, 0), 0),
        customer=queries.pseudonym_of(g.session, place.who.district_id, place.shop.id, person_id),
        people=queries.staff(g.session, place.who.district_id, place.shop.id),
        handed_over=sorted({-(-plan["amount"] // note) * note for note in ROUND} - {plan["amount"]}),
    )


@pages.post("/till/sell/confirm")
@agents_only
def sell_coin() -> Answer:
    """コインを渡す: pressed twice, it is sold once."""
    form: dict[str, Any] = forms.load(SellSchema)
    order = SellCoin(_chosen(form.pop("to")), **form)
    sold = association.commands.sell_coin(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".sold", transaction_id=sold.transaction_id), 303)


@pages.get("/till/sell/<int(max=9223372036854775807):transaction_id>")
@agents_only
def sold(transaction_id: int) -> str:
    """What was sold, the matching word that stands on the phone as well, and the way back on the same day."""
    place: Place = g.place
    identity.commands.authorise(g.session, place.who, "merchant.read")
    booked = ledger.queries.transaction(g.session, place.who.district_id, transaction_id)
    if booked.kind != "agent_top_up" or not any(line.role == "agent" and line.owner_id == place.shop.id for line in booked.lines):
        raise TransactionUnknown(transaction=transaction_id)
    consumer = next(line for line in booked.lines if line.role == "consumer")
    people = queries.staff(g.session, place.who.district_id, place.shop.id)
    return _sell_page(
        "merchant/sold.html",
        booked=booked,
        received=_received(booked),
        series=ledger.queries.one_series(g.session, place.who.district_id, consumer.series_id),
        customer=queries.pseudonym_of(g.session, place.who.district_id, place.shop.id, consumer.owner_id),
        seller=next((member.name for member in people if member.id == booked.facts.get("staff")), None),
        people=people,
        undone=bool(booked.refunds),
        undoable=not booked.refunds and tokyo_day(booked.posted_at) == tokyo_day(g.clock()),
    )


@pages.post("/till/sell/<int(max=9223372036854775807):transaction_id>")
@agents_only
def undo_sale(transaction_id: int) -> Answer:
    """取り消す: the coin goes, the cash is handed back."""
    form: dict[str, Any] = forms.load(UndoSaleSchema)
    association.commands.undo_sale(g.session, g.who, UndoSale(transaction_id, **form), now=g.clock())
    return redirect(url_for(".sold", transaction_id=transaction_id), 303)


def _received(sold: Transaction) -> int:
    """The cash handed over; where nobody said, exactly the amount."""
    told = sold.facts.get("received")
    return told if isinstance(told, int) else sold.amount


def _sell_page(template: str, **values: Any) -> str:
    agent: AgentStanding = g.agent
    return till_page(template, agent=agent, **values)


def _running() -> list[Series]:
    place: Place = g.place
    series = ledger.queries.series(g.session, place.who.district_id)
    return [each for each in series if each.is_coin and each.is_valid(g.clock())]


def _chooser() -> tuple[int, ...]:
    place: Place = g.place
    return (place.who.district_id, place.till.id)


def _chosen(text: str) -> int:
    """The buyer whose code this tablet read. Raises SelectionStale."""
    found = selection.chosen("merchant.buyer", _chooser(), text, now=g.clock(), lasts=CHOSEN_FOR)
    if found is None:
        raise SelectionStale
    return int(found[0])

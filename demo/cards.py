"""The town's people without a phone: the counter gave each a card with a PIN, and one of the cards lies on the demo's page."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import wallet.commands
import wallet.queries
from base.clock import day_bounds
from base.db import atomic
from demo.cast import CARD_HOLDER, CARD_PIN, Named, resident
from demo.joining import join, known
from demo.people import CARD_HOLDERS
from identity.queries import Principal
from wallet.commands import Blank, GiveCard, PrintedCard, Visit
from wallet.queries import CardView

LOT = 40
"""Cards of the town's one lot: most lie blank at the desk, and whoever wants to give one prints them anew."""

PINS = ("5073", "8264", "3915", "6482", "7358")
"""What the residents with a card chose, in their order. Nobody is told."""

LOST = "市川 トミ"
LOST_AFTER = timedelta(days=150)
LOST_HOW = Visit("relative", "長女。財布ごとなくした")
"""One of them has her second card: the desk shows how that went."""


def give_cards(session: Session, clerk: Principal, first_day: date) -> None:
    """Print a lot, give each neighbour a card, and replace the one that was lost: all of it, once. Again changes nothing."""
    if known(session, clerk.district_id, CARD_HOLDER) is not None:
        return
    opened_at = day_bounds(first_day)[0] + timedelta(hours=10)
    with atomic(session):
        lot = wallet.commands.make_lot(session, clerk, LOT, now=opened_at)
        papers = iter(wallet.commands.print_lot(session, clerk, lot, now=opened_at))
        _give(session, clerk, next(papers), CARD_HOLDER, CARD_PIN, now=opened_at)
        for (number, name), pin in zip(CARD_HOLDERS.items(), PINS, strict=True):
            card = _give(session, clerk, next(papers), resident(number, name), pin, now=opened_at)
            if name == LOST:
                then = opened_at + LOST_AFTER
                wallet.commands.replace_card(session, clerk, card.id, _read(session, clerk, next(papers), then), LOST_HOW, now=then)


def shown_card(session: Session, district_id: int) -> CardView | None:
    """The card whose number and PIN everybody is told; None before it is given, and once somebody has blocked it. Reads only."""
    holder = known(session, district_id, CARD_HOLDER)
    return None if holder is None else wallet.queries.card_of(session, district_id, holder)


def cards_of_residents(session: Session, district_id: int) -> dict[int, int]:
    """The card of each resident who has one, by their number among `demo.people`."""
    found: dict[int, int] = {}
    for number, name in CARD_HOLDERS.items():
        person_id = known(session, district_id, resident(number, name))
        card = None if person_id is None else wallet.queries.card_of(session, district_id, person_id)
        if card is not None:
            found[number] = card.id
    return found


def _give(session: Session, clerk: Principal, paper: PrintedCard, one: Named, pin: str, *, now: datetime) -> CardView:
    person_id = join(session, clerk.district_id, one, now=now)
    order = GiveCard(_read(session, clerk, paper, now), pin, person_id)
    return wallet.commands.give_card(session, clerk, order, now=now)


def _read(session: Session, clerk: Principal, paper: PrintedCard, now: datetime) -> Blank:
    """The paper in the clerk's hand, read at the counter."""
    seen = wallet.commands.card_at_counter(session, clerk, paper.text, now=now)
    return Blank(seen.id, seen.number)

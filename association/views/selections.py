"""What a clerk has chosen stays chosen from page to page: signed, for this clerk alone, and for minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g

from association.errors import SelectionStale
from wallet.commands import Blank
from wallet.queries import CardView
from web import selection

CHOSEN_FOR = timedelta(minutes=10)
"""A phone's code is used up when it is read, and a card lies on the counter no longer than this."""
CUSTOMER, BLANK_CARD = "association.customer", "association.blank_card"


def signed_customer(person_id: int) -> str:
    """A customer, for the address of the next page."""
    return _signed(CUSTOMER, person_id)


def chosen_customer(text: str) -> int:
    """The customer that this clerk chose. Raises SelectionStale."""
    (person_id,) = _chosen(CUSTOMER, text)
    return int(person_id)


def signed_card(card: CardView) -> str:
    """A blank card in the clerk's hand, for the address of the next page."""
    return _signed(BLANK_CARD, card.id, card.number)


def chosen_card(text: str) -> Blank:
    """The blank card that this clerk has read. Raises SelectionStale."""
    card_id, number = _chosen(BLANK_CARD, text)
    return Blank(int(card_id), str(number))


def _signed(what: str, *chosen: int | str) -> str:
    return selection.signed(what, (g.who.district_id, g.who.person_id), *chosen, now=g.clock())


def _chosen(what: str, text: str) -> list[Any]:
    found = selection.chosen(what, (g.who.district_id, g.who.person_id), text, now=g.clock(), lasts=CHOSEN_FOR)
    if found is None:
        raise SelectionStale
    return found

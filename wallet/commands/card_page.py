"""残高を見る: a card's balance on the public page, for its number and PIN.

Whoever tries is stopped by number first, then by device and by address last, whether the number is a card's or not; the card at
the counter is never locked by it, and no answer tells whether the number exists.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

import identity.commands
import identity.queries
from base.errors import TooMany
from base.ids import squeezed
from identity.queries import Principal
from wallet.errors import CardNotShown, CardPageLocked
from wallet.models import Card, CardState
from wallet.queries.cards import CardStatement, as_card, read_card, statement_of
from wallet.rules import ReadCard, card_marks, read_code

AN_HOUR = timedelta(hours=1)
OF_DEVICE, OF_PLACE = 60, 1_200
"""Tries an hour. An inn, a carrier or the association's own lobby may sit behind one address."""
OF_NUMBER = (("wallet.read_card:soon", timedelta(minutes=15), 5), ("wallet.read_card:day", timedelta(days=1), 20))
"""Tries with one number; the right PIN forgives them. Twenty a day leave four digits safe for more than a year."""


def read_card_balance(session: Session, who: Principal, number: str, pin: str) -> CardStatement:
    """Balance and latest movements. Raises CardNotShown, CardPageLocked, TooMany: nothing is changed but the count of tries."""
    identity.commands.authorise(session, who, "wallet.read_card")
    typed = squeezed(number)
    _count(session, who.district_id, typed)
    identity.commands.limit_caller(
        session,
        "wallet.read_card",
        who.address,
        device=who.device_token,
        each=OF_DEVICE,
        place=OF_PLACE,
        per=AN_HOUR,
        district_id=who.district_id,
    )
    found = _found(session, who, typed)
    if not identity.commands.card_pin_fits(session, who.district_id, None if found is None else found.person_id, pin) or found is None:
        raise CardNotShown
    for name, _, _ in OF_NUMBER:
        identity.commands.forgive_tries(session, name, typed, district_id=who.district_id)
    return statement_of(session, who.district_id, as_card(found))  # only now: what is read before would tell, by its time, that it exists


def _count(session: Session, district_id: int, typed: str) -> None:
    for name, per, most in OF_NUMBER:
        try:
            identity.commands.limit_tries(session, name, typed, per=per, count=most, district_id=district_id)
        except TooMany as error:
            seconds = int(error.facts["seconds"])
            raise CardPageLocked(minutes=-(-seconds // 60), seconds=seconds) from error


def _found(session: Session, who: Principal, typed: str) -> Card | None:
    """The card in use that has this number. Blocked, replaced, blank and unknown ones are all the same here."""
    read = read_code(typed)
    if not isinstance(read, ReadCard) or read.number is None:
        return None
    if read.mark not in card_marks(identity.queries.district(session, who.district_id).slug):
        return None
    card = read_card(session, who.district_id, read)
    return card if card is not None and card.state is CardState.active else None

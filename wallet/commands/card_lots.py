"""カードの束: cards are printed before they are anybody's. Their secrets exist on the paper, and here as fingerprints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

import identity.commands
import identity.queries
from base.db import atomic
from identity.queries import Principal
from wallet.errors import LotUnknown, LotUsedUp
from wallet.models import Card, CardLot, CardState
from wallet.rules import CARDS_IN_A_LOT, fingerprint_of, grouped_digits, make_card


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What goes onto one card. `text` goes into the QR and is stored nowhere."""

    serial: int
    text: str
    number: str

    @property
    def grouped(self) -> str:
        """The number as it is printed."""
        return grouped_digits(self.number)


def make_lot(session: Session, who: Principal, quantity: int, *, now: datetime) -> int:
    """Make `quantity` blank cards (1 to CARDS_IN_A_LOT), and give the lot's number. They are printed by `print_lot`."""
    assert who.person_id is not None and 1 <= quantity <= CARDS_IN_A_LOT
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.print_cards", subject=f"make:{quantity}")
        lot = CardLot(district_id=who.district_id, quantity=quantity, made_by=who.person_id, made_at=now, prints=0)
        session.add(lot)
        session.flush()
        rows = [
            {"district_id": who.district_id, "lot_id": lot.id, "serial": each.serial, "state": CardState.blank, **_stored(each)}
            for each in _fresh(session, who.district_id, list(range(1, quantity + 1)))
        ]
        session.execute(insert(Card), rows)
        return lot.id


def print_lot(session: Session, who: Principal, lot_id: int, *, now: datetime) -> list[PrintedCard]:
    """What to print for the blank cards of a lot, each with a new secret and a new number.

    Printing again is safe, since it makes all earlier sheets worthless: two papers never carry the same card. Cards
    that were given out are not touched, and not printed again. Raises LotUnknown, LotUsedUp.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.print_cards", subject=f"lot:{lot_id}")
        lot = session.get(CardLot, (who.district_id, lot_id), with_for_update=True, populate_existing=True)
        if lot is None:
            raise LotUnknown
        mine = (Card.district_id == who.district_id, Card.lot_id == lot_id, Card.state == CardState.blank)
        blank = list(session.execute(select(Card.id, Card.serial).where(*mine).order_by(Card.serial).with_for_update()))
        if not blank:
            raise LotUsedUp
        printed = _fresh(session, who.district_id, [serial for _, serial in blank])
        keys = [{"district_id": who.district_id, "id": card_id} for card_id, _ in blank]
        session.execute(update(Card), [key | _stored(each) for key, each in zip(keys, printed, strict=True)])
        lot.prints, lot.printed_at = lot.prints + 1, now
        session.flush()
        return printed


def _fresh(session: Session, district_id: int, serials: list[int]) -> list[PrintedCard]:
    """A new secret and a free number for each. Two that draw the same number at the same moment: one of 10^12."""
    slug = identity.queries.district(session, district_id).slug
    fresh: dict[str, str] = {}
    while len(fresh) < len(serials):
        drawn = {number: text for text, number in (make_card(slug) for _ in range(len(serials) - len(fresh)))}
        taken = set(session.scalars(select(Card.number).where(Card.district_id == district_id, Card.number.in_(drawn))))
        fresh |= {number: text for number, text in drawn.items() if number not in taken}
    return [PrintedCard(serial, text, number) for serial, (number, text) in zip(serials, fresh.items(), strict=True)]


def _stored(card: PrintedCard) -> dict[str, object]:
    return {"number": card.number, "fingerprint": fingerprint_of(card.text)}

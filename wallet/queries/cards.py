"""Cards as the desk, the till and their holders see them. A card's secret is nowhere; its number pays nothing by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

import identity.commands
import identity.queries
import ledger.queries
import merchant.queries
from base.ids import squeezed
from identity.queries import Principal
from wallet.errors import CardUnknown, LotUnknown
from wallet.models import Card, CardEvent, CardLot, CardPolicy, CardState
from wallet.queries.history import Movement, as_movements
from wallet.queries.purses import yen_balances
from wallet.rules import NO_PIN_DAY, NO_PIN_PAYMENT, ReadCard, grouped_digits, read_code

SHOWN_TO_HOLDER = timedelta(seconds=30)
"""How long after a payment its till may still show what the card has left: long enough to be read, and no longer."""
APPROVED_FOR = timedelta(minutes=30)
"""So long a second person's yes to a new PIN can be used: the holder stands at the counter."""
FOUND_MAX = 30
PIECE = 500
_SOME_DIGITS = re.compile(r"[0-9]{4,15}")


@dataclass(frozen=True, slots=True)
class CardView:
    """One card. `state`: blank, active, blocked or replaced. `serial`: its place in the lot."""

    id: int
    lot_id: int
    serial: int
    number: str
    state: str
    person_id: int | None
    given_at: datetime | None
    ended_at: datetime | None
    successor_id: int | None

    @property
    def grouped(self) -> str:
        """As it is printed: `4173 5926 0318 0000`."""
        return grouped_digits(self.number)

    @property
    def ending(self) -> str:
        """The last four digits, by which people tell cards apart."""
        return self.number[-4:]


@dataclass(frozen=True, slots=True)
class LotView:
    """A printing, with how many of its cards are in which state."""

    id: int
    quantity: int
    made_at: datetime
    made_by: str | None
    prints: int
    printed_at: datetime | None
    blank: int
    active: int
    blocked: int
    replaced: int


@dataclass(frozen=True, slots=True)
class CardStory:
    """What happened to a card. `by`: the clerk's name, or the holder's; None once they have left. `proposal_id`: of a new PIN."""

    at: datetime
    what: str
    by: str | None
    came: str
    note: str
    proposal_id: int | None


@dataclass(frozen=True, slots=True)
class PinAsked:
    """The last proposal of a new PIN for a card. `is_waiting`: nobody has decided; `is_usable`: approved lately, and not used."""

    proposal_id: int
    is_waiting: bool
    is_usable: bool


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card with its holder's name, where it has one."""

    card: CardView
    holder: str | None


@dataclass(frozen=True, slots=True)
class CardStatement:
    """What can be spent, in yen, and the latest movements, newest first. `frozen`: nothing can be paid for now."""

    ending: str
    person_id: int
    balance: int
    frozen: bool
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class NoPin:
    """How much a card pays without its PIN, in yen: in one payment, and in one day in Tokyo."""

    payment: int
    day: int


def no_pin_limits(session: Session, district_id: int) -> NoPin:
    """As the district has decided, else as the rules say."""
    row = session.get(CardPolicy, district_id, populate_existing=True)
    return NoPin(NO_PIN_PAYMENT, NO_PIN_DAY) if row is None else NoPin(row.no_pin_payment, row.no_pin_day)


def card_lots(session: Session, who: Principal) -> list[LotView]:
    """Every printing of the district, newest first."""
    identity.commands.authorise(session, who, "association.read")
    return _lots(session, who.district_id)


def card_lot(session: Session, who: Principal, lot_id: int) -> LotView:
    """One printing. Raises LotUnknown."""
    identity.commands.authorise(session, who, "association.read")
    found = _lots(session, who.district_id, CardLot.id == lot_id)
    if not found:
        raise LotUnknown
    return found[0]


def every_card(session: Session, who: Principal) -> Iterator[CardView]:
    """Every card of the district, the newest lot first, in order of place; read in pieces, for a file."""
    identity.commands.authorise(session, who, "wallet.look_at_card", subject="list")
    query = select(Card).where(Card.district_id == who.district_id).order_by(Card.lot_id.desc(), Card.serial)
    return (as_card(row) for row in session.scalars(query.execution_options(yield_per=PIECE)))


def one_card(session: Session, who: Principal, card_id: int) -> tuple[HeldCard, list[CardStory]]:
    """A card for the desk, with all that happened to it, the oldest first. Raises CardUnknown."""
    identity.commands.authorise(session, who, "wallet.look_at_card", subject=f"card:{card_id}")
    found = session.get(Card, (who.district_id, card_id), populate_existing=True)
    if found is None:
        raise CardUnknown
    (held,) = _held(session, who.district_id, [found])
    events = list(
        session.scalars(
            select(CardEvent).where(CardEvent.district_id == who.district_id, CardEvent.card_id == card_id).order_by(CardEvent.id)
        )
    )
    names = identity.queries.nicknames(session, who.district_id, [event.by_person for event in events])
    return held, [
        CardStory(event.at, event.what, names.get(event.by_person), event.came, event.note, event.proposal_id) for event in events
    ]


def pin_asked(session: Session, district_id: int, card_id: int) -> PinAsked | None:
    """What became of the last wish for a new PIN; None if there was none. Who may see it, the caller has asked."""
    of_card = select(CardEvent).where(
        CardEvent.district_id == district_id, CardEvent.card_id == card_id, CardEvent.proposal_id.is_not(None)
    )
    last = session.scalars(of_card.order_by(CardEvent.id.desc()).limit(1)).one_or_none()
    if last is None or last.proposal_id is None:
        return None
    proposal = ledger.queries.one_proposal(session, district_id, last.proposal_id)
    if proposal.decided_at is None:
        return PinAsked(proposal.id, is_waiting=True, is_usable=False)
    age = session.scalars(select(func.clock_timestamp())).one() - proposal.decided_at  # both by the book's clock
    return PinAsked(proposal.id, is_waiting=False, is_usable=bool(proposal.approved) and last.what == "pin_asked" and age < APPROVED_FOR)


def find_cards(session: Session, who: Principal, text: str) -> list[HeldCard]:
    """Cards that somebody holds or held, by QR, number, at least four digits of its end, or part of the holder's name."""
    identity.commands.authorise(session, who, "wallet.look_at_card", subject="search")
    read = read_code(text)
    plain = unicodedata.normalize("NFKC", text).strip()
    ending = squeezed(text)
    if isinstance(read, ReadCard):
        found = read_card(session, who.district_id, read)
        return [] if found is None else _held(session, who.district_id, [found])
    given = select(Card).where(Card.district_id == who.district_id, Card.person_id.is_not(None)).order_by(Card.given_at.desc())
    if _SOME_DIGITS.fullmatch(ending):
        return _held(session, who.district_id, list(session.scalars(given.where(Card.number.endswith(ending)).limit(FOUND_MAX))))
    if not plain:
        return []
    named = [
        each for each in _held(session, who.district_id, list(session.scalars(given))) if plain.casefold() in (each.holder or "").casefold()
    ]
    return named[:FOUND_MAX]


@dataclass(frozen=True, slots=True)
class CardEnding:
    """A card by its end, without whose it is."""

    id: int
    state: str
    given_at: datetime | None


def cards_ending(session: Session, district_id: int, ending: str) -> list[CardEnding]:
    """Cards that somebody holds or held whose number ends so, the newest first. Names nobody; for doors that have asked already."""
    given = select(Card).where(Card.district_id == district_id, Card.person_id.is_not(None), Card.number.endswith(ending))
    rows = session.scalars(given.order_by(Card.given_at.desc()).limit(FOUND_MAX))
    return [CardEnding(card.id, card.state, card.given_at) for card in rows]


def holders(session: Session, who: Principal, numbers: Collection[str]) -> dict[str, int | None]:
    """Card number → whose it is or was (None: nobody's yet), of those that are numbers of cards here; a list of a town names many."""
    identity.commands.authorise(session, who, "wallet.look_at_card", subject=f"list {len(numbers)}")
    query = select(Card.number, Card.person_id).where(Card.district_id == who.district_id, Card.number == func.any(list(numbers)))
    return {row.number: row.person_id for row in session.execute(query)} if numbers else {}


def read_card(session: Session, district_id: int, read: ReadCard) -> Card | None:
    """The card that was read, as it is stored now; None if there is none. For the wallet's own rooms."""
    by = Card.fingerprint == read.fingerprint if read.fingerprint is not None else Card.number == read.number
    query = select(Card).where(Card.district_id == district_id, by)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def card_of(session: Session, district_id: int, person_id: int) -> CardView | None:
    """The card that this person uses; None without one."""
    query = select(Card).where(Card.district_id == district_id, Card.person_id == person_id, Card.state == CardState.active)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    return None if found is None else as_card(found)


def held_card(session: Session, district_id: int, person_id: int) -> CardView | None:
    """The card that this person uses or has had blocked; None for whoever never had one."""
    theirs = (Card.district_id == district_id, Card.person_id == person_id, Card.state.in_((CardState.active, CardState.blocked)))
    query = select(Card).where(*theirs).order_by(Card.state == CardState.blocked, Card.given_at.desc()).limit(1)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    return None if found is None else as_card(found)


def statement_of(session: Session, district_id: int, card: CardView, *, count: int = 10) -> CardStatement:
    """What the holder of `card` has and did last. Who may see it, the caller has asked."""
    assert card.person_id is not None
    held = yen_balances(session, district_id, card.person_id)
    accounts = [one.account_id for one in held]
    entries = ledger.queries.entries(session, district_id, accounts, limit=count) if accounts else []
    return CardStatement(
        ending=card.ending,
        person_id=card.person_id,
        balance=sum(one.available for one in held if one.state == "open"),
        frozen=any(one.state == "frozen" for one in held),
        movements=tuple(as_movements(session, district_id, entries)),
    )


def left_on_card(session: Session, who: Principal, transaction_id: int, *, now: datetime) -> int | None:
    """What the holder of the card has left, in yen, for the till that was paid by it moments ago.

    None for every other payment, till and moment: a shop sees no balance but the one that its customer waits for.
    """
    if who.merchant_id is None:
        return None
    sale = merchant.queries.sale(session, who.district_id, who.merchant_id, transaction_id).sale
    if sale.way != "card" or sale.till_id != who.till_id or now - sale.posted_at > SHOWN_TO_HOLDER:
        return None
    paid = ledger.queries.transaction(session, who.district_id, transaction_id)
    holder = next(line.owner_id for line in paid.lines if line.role == "consumer")
    return sum(one.available for one in yen_balances(session, who.district_id, holder) if one.state == "open")


def as_card(row: Card) -> CardView:
    return CardView(
        id=row.id,
        lot_id=row.lot_id,
        serial=row.serial,
        number=row.number,
        state=row.state.value,
        person_id=row.person_id,
        given_at=row.given_at,
        ended_at=row.ended_at,
        successor_id=row.successor_id,
    )


def _held(session: Session, district_id: int, rows: list[Card]) -> list[HeldCard]:
    names = identity.queries.nicknames(session, district_id, [row.person_id for row in rows if row.person_id is not None])
    return [HeldCard(as_card(row), None if row.person_id is None else names.get(row.person_id)) for row in rows]


def _lots(session: Session, district_id: int, *only: ColumnElement[bool]) -> list[LotView]:
    lots = list(session.scalars(select(CardLot).where(CardLot.district_id == district_id, *only).order_by(CardLot.id.desc())))
    rows = session.execute(
        select(Card.lot_id, Card.state, func.count())
        .where(Card.district_id == district_id, Card.lot_id.in_([lot.id for lot in lots]))
        .group_by(Card.lot_id, Card.state)
    )
    counts = {(lot_id, state): count for lot_id, state, count in rows}
    names = identity.queries.nicknames(session, district_id, [lot.made_by for lot in lots])
    return [
        LotView(
            id=lot.id,
            quantity=lot.quantity,
            made_at=lot.made_at,
            made_by=names.get(lot.made_by),
            prints=lot.prints,
            printed_at=lot.printed_at,
            **{state.value: counts.get((lot.id, state), 0) for state in CardState},
        )
        for lot in lots
    ]

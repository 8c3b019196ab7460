"""カード: given at the counter, blocked when it is lost, let go again when it turns up, moved to a new one.

The wallet is a person's; a card only shows who pays. No clerk alone can pay out of a neighbour's wallet: a blocked card wants
its holder's PIN to live again, a moved one wants it before its first payment, and a new PIN wants a second person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
from base.db import atomic
from identity.commands import NewPerson
from identity.queries import Principal
from wallet.commands.card_reading import must_pay
from wallet.commands.lock import lock_wallet
from wallet.commands.sign_up import open_wallet, sign_up
from wallet.errors import (
    CardEnded,
    CardHeld,
    CardNotBlocked,
    CardPinNotApproved,
    CardTaken,
    CardUnknown,
    NoCard,
    NotThisCard,
    OwnCard,
)
from wallet.models import Card, CardEvent, CardState
from wallet.queries.cards import CardView, as_card, card_of, held_card, pin_asked
from wallet.rules import ReadCard, read_code

Came = Literal["holder", "relative", "other"]
PRESSED_AGAIN = timedelta(minutes=10)
NAME = "カード %s"
"""What a holder is called who tells no name: by the end of the first card's number."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank card in the clerk's hand. `number`: as it was read, so that a sheet printed again meanwhile is not given."""

    card_id: int
    number: str


@dataclass(frozen=True, slots=True)
class GiveCard:
    """Make a blank card somebody's. `person_id`: of somebody with a wallet; None for a new holder, called `nickname` or by the card."""

    blank: Blank
    pin: str
    person_id: int | None = None
    nickname: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stood at the counter, and what was said: "長女", "財布ごとなくした"."""

    came: Came = "holder"
    note: str = ""


def give_card(session: Session, who: Principal, order: GiveCard, *, now: datetime) -> CardView:
    """The card is active and has its PIN; its wallet is a new person's, or that of the phone that was read.

    Whoever has a card, if only a blocked one, gets no second one: it is moved. Pressed again, it is answered with the card as it
    is. Raises CardUnknown, CardTaken, CardHeld, OwnCard, PinWeak, NicknameInvalid.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.give_card", subject=f"card:{order.blank.card_id}")
        if order.person_id is not None and order.person_id == who.person_id:
            raise OwnCard
        if order.person_id is not None:
            lock_wallet(session, who.district_id, order.person_id)
        card = _locked(session, who.district_id, order.blank)
        if _is_just_given(session, who, card, now):
            return as_card(card)
        if card.state is not CardState.blank:
            raise CardTaken
        if order.person_id is not None and held_card(session, who.district_id, order.person_id) is not None:
            raise CardHeld  # a blocked one, too: it is moved, with its PIN, and no clerk chooses another one for it alone
        person_id = order.person_id
        if person_id is None:
            name = order.nickname.strip() or NAME % card.number[-4:]
            person_id = sign_up(session, who.district_id, NewPerson(name), now=now)
        else:
            open_wallet(session, who.district_id, person_id, now=now)
        identity.commands.set_card_pin(session, who.district_id, person_id, order.pin, now=now)
        _give(session, who, card, person_id, Visit(), now)
        return as_card(card)


def block_card(session: Session, who: Principal, card_id: int, visit: Visit, *, now: datetime) -> CardView:
    """The card is lost: it pays nothing from this moment. The balance stays. Blocked again, it stays blocked.

    Raises CardUnknown, CardEnded.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.block_card", subject=f"card:{card_id}")
        return _block(session, who, _in_use(session, who.district_id, card_id), visit, now)


def block_own_card(session: Session, who: Principal, *, now: datetime) -> CardView:
    """The holder blocks the lost card from the phone. Raises NoCard."""
    assert who.person_id is not None
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        mine = card_of(session, who.district_id, who.person_id)
        identity.commands.authorise(session, who, "wallet.block_own_card", subject="none" if mine is None else f"card:{mine.id}")
        if mine is None:
            raise NoCard
        return _block(session, who, session.get_one(Card, (who.district_id, mine.id)), Visit(), now)


def unblock_card(session: Session, who: Principal, card_id: int, code: str, pin: str, visit: Visit, *, now: datetime) -> CardView:
    """The blocked card has turned up and its holder is here with it: it pays again. Pressed again, it is answered as it is.

    `code`: its QR, as the clerk has read it; `pin`: as the holder typed it, a wrong one is counted. Whoever has forgotten the
    PIN gets a new card instead. Raises CardUnknown, CardBlank, NotThisCard, CardEnded, CardHeld where there is a newer card,
    OwnCard, PinWrong, PinLocked, PinMissing.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.unblock_card", subject=f"card:{card_id}")
        card = _in_hand(session, who, card_id, code)
        assert card.person_id is not None
        if card.state is CardState.replaced:
            raise CardEnded
        if card.state is CardState.active:
            if _last(session, card).what == "unblocked":
                return as_card(card)
            raise CardNotBlocked
        if card_of(session, who.district_id, card.person_id) is not None:
            raise CardHeld
        identity.commands.check_card_pin(session, who.district_id, card.person_id, pin, now=now)
        card.state, card.ended_at, card.pin_first = CardState.active, None, False
        session.flush()
        _tell(session, who, card, "unblocked", visit, now)
        return as_card(card)


def replace_card(session: Session, who: Principal, card_id: int, blank: Blank, visit: Visit, *, now: datetime) -> CardView:
    """The holder of `card_id` gets the blank card instead: same person, same balance, same PIN. Gives the new card.

    The new one pays nothing before it has paid once with the PIN: whoever took it from the counter is its holder, or knows them.
    The old one, lost and perhaps blocked before, says from now on that there is a newer one. The same again is answered
    with the new card. Raises CardUnknown, CardBlank, CardTaken, CardEnded, CardHeld, OwnCard.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.replace_card", subject=f"card:{card_id}")
        old = _in_use(session, who.district_id, card_id)
        person_id = old.person_id
        assert person_id is not None
        if person_id == who.person_id:
            raise OwnCard
        new = _locked(session, who.district_id, blank)
        if old.state is CardState.replaced and old.successor_id == new.id:
            return as_card(new)
        if old.state is CardState.replaced:
            raise CardEnded
        if new.state is not CardState.blank:
            raise CardTaken
        if old.state is CardState.blocked and card_of(session, who.district_id, person_id) is not None:
            raise CardHeld
        old.state, old.ended_at, old.successor_id = CardState.replaced, old.ended_at or now, new.id
        session.flush()  # before the new one is active: one active card a person
        _tell(session, who, old, "replaced", visit, now)
        new.pin_first = True
        _give(session, who, new, person_id, visit, now)
        return as_card(new)


def propose_card_pin(session: Session, who: Principal, card_id: int, code: str, *, now: datetime) -> int:
    """The holder has forgotten the PIN and is here with the card (`code`: its QR): lay it before a second person, who comes and
    sees both. Gives the proposal's number; the same again, while it waits or can be used, is the same proposal.

    Raises CardUnknown, CardBlank, NotThisCard, CardBlocked, CardReplaced, OwnCard.
    """
    assert who.person_id is not None, who
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.propose_card_pin", subject=f"card:{card_id}")
        card = _in_hand(session, who, card_id, code)
        must_pay(card)
        before = pin_asked(session, who.district_id, card_id)
        if before is not None and (before.is_waiting or before.is_usable):
            return before.proposal_id
        facts: dict[str, ledger.commands.Fact] = {"card": card.id, "ending": card.number[-4:]}
        number = ledger.commands.propose(session, who.district_id, who.person_id, "card_pin", [], facts=facts)
        _tell(session, who, card, "pin_asked", Visit(), now, proposal_id=number)
        return number


def set_card_pin(session: Session, who: Principal, card_id: int, pin: str, visit: Visit, *, now: datetime) -> None:
    """A new PIN that the holder types at the counter, within half an hour of the second person's yes, once; it unlocks the card
    as well. Raises CardUnknown, CardBlank, CardBlocked, CardReplaced, OwnCard, CardPinNotApproved, PinWeak."""
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.set_card_pin", subject=f"card:{card_id}")
        card = _in_use(session, who.district_id, card_id)
        person_id = must_pay(card)
        if person_id == who.person_id:
            raise OwnCard
        asked = pin_asked(session, who.district_id, card_id)
        if asked is None or not asked.is_usable:
            raise CardPinNotApproved
        identity.commands.set_card_pin(session, who.district_id, person_id, pin, now=now)
        _tell(session, who, card, "pin_set", visit, now, proposal_id=asked.proposal_id)


def _in_hand(session: Session, who: Principal, card_id: int, code: str) -> Card:
    """The card of the page, which the clerk has read by its QR; its number alone proves nothing. Raises NotThisCard, OwnCard, …"""
    card = _in_use(session, who.district_id, card_id)
    read = read_code(code)
    if not isinstance(read, ReadCard) or read.fingerprint != card.fingerprint:
        raise NotThisCard
    if card.person_id == who.person_id:
        raise OwnCard
    return card


def _in_use(session: Session, district_id: int, card_id: int) -> Card:
    """A card that was given out, under its holder's lock. Raises CardUnknown, CardBlank."""
    card = session.get(Card, (district_id, card_id), populate_existing=True)
    if card is None:
        raise CardUnknown
    if card.person_id is None:
        must_pay(card)
    else:
        lock_wallet(session, district_id, card.person_id)
        session.refresh(card)
    return card


def _locked(session: Session, district_id: int, blank: Blank) -> Card:
    """The card in the clerk's hand, locked; wallets are locked before cards. Raises CardUnknown, CardTaken."""
    query = select(Card).where(Card.district_id == district_id, Card.id == blank.card_id).with_for_update()
    card = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if card is None:
        raise CardUnknown
    if card.number != blank.number:
        raise CardTaken
    return card


def _is_just_given(session: Session, who: Principal, card: Card, now: datetime) -> bool:
    """Whether this very clerk has given it a moment ago: a second press, not a second holder."""
    if card.state is CardState.blank:
        return False
    told = _last(session, card)
    return (told.what, told.by_person) == ("given", who.person_id) and now - told.at < PRESSED_AGAIN


def _last(session: Session, card: Card) -> CardEvent:
    """What happened last to a card that was given out."""
    events = select(CardEvent).where(CardEvent.district_id == card.district_id, CardEvent.card_id == card.id)
    return session.scalars(events.order_by(CardEvent.id.desc()).limit(1)).one()


def _block(session: Session, who: Principal, card: Card, visit: Visit, now: datetime) -> CardView:
    if card.state is CardState.replaced:
        raise CardEnded
    if card.state is CardState.active:
        card.state, card.ended_at = CardState.blocked, now
        _tell(session, who, card, "blocked", visit, now)
    return as_card(card)


def _give(session: Session, who: Principal, card: Card, person_id: int, visit: Visit, now: datetime) -> None:
    card.state, card.person_id, card.given_at = CardState.active, person_id, now
    _tell(session, who, card, "given", visit, now)


def _tell(session: Session, who: Principal, card: Card, what: str, visit: Visit, now: datetime, *, proposal_id: int | None = None) -> None:
    assert who.person_id is not None
    event = {"district_id": who.district_id, "card_id": card.id, "at": now, "what": what, "by_person": who.person_id}
    session.add(CardEvent(**event, came=visit.came, note=visit.note, proposal_id=proposal_id))
    session.flush()

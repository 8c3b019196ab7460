"""What tests of cards do at the counter."""

from __future__ import annotations

from sqlalchemy import event

import wallet.commands
import wallet.queries
from identity.queries import nobody
from tests.town import CARD_PIN, PaperCard
from wallet.commands import Visit

WRONG = "9517"


HOLDER_CAME = Visit()


def gives(district, order, clerk=None):
    return wallet.commands.give_card(district.session, (clerk or district.clerk()).who, order, now=district.now)


def blocks(district, holder, visit=HOLDER_CAME):
    return wallet.commands.block_card(district.session, district.clerk().who, holder.card.id, visit, now=district.now)


def moves(district, holder, blank, visit=HOLDER_CAME):
    """The clerk moves the holder's wallet onto a blank card; gives the new paper."""
    new = wallet.commands.replace_card(
        district.session, district.clerk().who, holder.card.id, blank.as_read(district), visit, now=district.now
    )
    return PaperCard(new.id, blank.text, blank.number)


def statements_of(district, action):
    """How many statements the database is sent for it."""
    sent = []

    def notes(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(district.engine, "before_cursor_execute", notes)
    action()
    event.remove(district.engine, "before_cursor_execute", notes)
    return len(sent)


def looks(district, number, pin, *, address="192.0.2.77"):
    return wallet.commands.read_card_balance(district.session, nobody(district.district_id, address=address), number, pin)


def slug_of(district):
    return district.host.removesuffix(".localhost")


def unblocks(district, holder, *, pin=CARD_PIN, code=None, clerk=None):
    seen = code or holder.card.text
    who = (clerk or district.clerk()).who
    return wallet.commands.unblock_card(district.session, who, holder.card.id, seen, pin, HOLDER_CAME, now=district.now)


def asks_for_a_pin(district, holder, *, code=None):
    """The clerk reads the card of a holder who has forgotten the PIN; gives the proposal."""
    return wallet.commands.propose_card_pin(
        district.session, district.clerk().who, holder.card.id, code or holder.card.text, now=district.now
    )


def sets_pin(district, holder, pin):
    wallet.commands.set_card_pin(district.session, district.clerk().who, holder.card.id, pin, HOLDER_CAME, now=district.now)

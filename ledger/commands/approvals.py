"""What two people decide: proposals, months, and how a log goes on after a return."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import as_array
from base.errors import MeguriError
from ledger.commands.drafts import Alike, Draft, Line, Mandate, in_columns, refusal, refusals
from ledger.commands.posting import post_many
from ledger.rules import BATCH_MAX, Fact, Posted

PROPOSE = text(
    "SELECT ledger.propose(:district_id, :maker, :purpose, CAST(:about AS jsonb), CAST(:kinds AS text[]), CAST(:keys AS uuid[]),"
    " ARRAY(SELECT decode(each, 'hex') FROM unnest(CAST(:hashes AS text[])) AS each),"
    " CAST(:refers AS bigint[]), ARRAY(SELECT jsonb_array_elements(CAST(:facts AS jsonb))),"
    " CAST(:counts AS int[]), CAST(:accounts AS bigint[]), CAST(:amounts AS bigint[]), CAST(:at AS timestamptz))"
)
PROPOSE_ALIKE = text(
    "SELECT ledger.propose_alike(:district_id, :maker, :purpose, CAST(:about AS jsonb), :kind, :seed, CAST(:facts AS jsonb), :debit,"
    " CAST(:credits AS bigint[]), CAST(:amounts AS bigint[]))"
)


class ItemAnswer(NamedTuple):
    """What became of the transaction at `place` of a proposal: it was posted, or the book refused it."""

    place: int
    transaction_id: int | None
    refused: MeguriError | None


def propose(
    session: Session,
    district_id: int,
    maker: int,
    purpose: str,
    drafts: Sequence[Draft],
    *,
    facts: Mapping[str, Fact] | None = None,
    mandate: Mandate | None = None,
    at: datetime | None = None,
) -> int:
    """Lay transactions before a second person and give the proposal's number. Nothing moves yet.

    `maker`: the person who proposes, and who can never decide. `mandate`: what may be created once it is approved. `at` is for the demo
    and for tests only.
    Raises KeyReused when one of the keys was proposed before.
    """
    about = json.dumps(dict(facts or {}) | ({} if mandate is None else {"mandate": mandate.as_fact()}))
    values = in_columns(drafts) | {"district_id": district_id, "maker": maker, "purpose": purpose, "about": about, "at": at}
    with refusals():
        return int(session.execute(PROPOSE, values).scalar_one())


def propose_alike(
    session: Session, district_id: int, maker: int, purpose: str, alike: Alike, *, facts: Mapping[str, Fact] | None = None
) -> int:
    """As `propose`, for a list of a hundred thousand that are alike. Raises KeyReused when this list was proposed before."""
    values = {
        "district_id": district_id,
        "maker": maker,
        "purpose": purpose,
        "about": json.dumps(dict(facts or {})),
        "kind": alike.kind,
        "seed": alike.seed,
        "facts": json.dumps(dict(alike.facts)),
        "debit": alike.debit,
        "credits": as_array(alike.credits),
        "amounts": as_array(alike.amounts),
    }
    with refusals():
        return int(session.execute(PROPOSE_ALIKE, values).scalar_one())


def decide(
    session: Session,
    district_id: int,
    proposal_id: int,
    checker: int,
    *,
    approved: bool,
    note: str = "",
    at: datetime | None = None,
) -> None:
    """Record the one decision on a proposal; `at` is for the demo and for tests only.

    Raises ProposalUnknown, SameHands, AlreadyDecided, ProposalExpired.
    """
    values = {"district_id": district_id, "proposal_id": proposal_id, "checker": checker, "approved": approved, "note": note, "at": at}
    with refusals():
        session.execute(
            text("SELECT ledger.decide(:district_id, :proposal_id, :checker, :approved, :note, CAST(:at AS timestamptz))"), values
        )


def withdraw(session: Session, district_id: int, proposal_id: int, maker: int) -> None:
    """Take back what `maker` proposed, while nobody has decided. Raises ProposalUnknown (also of what another made), AlreadyDecided."""
    values = {"district_id": district_id, "proposal_id": proposal_id, "maker": maker}
    with refusals():
        session.execute(text("SELECT ledger.withdraw(:district_id, :proposal_id, :maker)"), values)


def expire_proposals(session: Session) -> int:
    """Decline what nobody has decided within two weeks, in all districts; how many there were. It could not be approved any more before."""
    return int(session.execute(text("SELECT ledger.expire_proposals()")).scalar_one())


def post_approved(
    session: Session, district_id: int, proposal_id: int, *, first: int = 1, limit: int = BATCH_MAX, posted_at: datetime | None = None
) -> list[Posted]:
    """Post the proposal's transactions, in order, from place `first` on. Again is harmless: each key answers once.

    `posted_at` is for the demo and for tests only.
    Raises NotApproved, and whatever the book says to one of them: nothing of this piece is written then.
    """
    rows = session.execute(
        text(
            "SELECT kind, key, command_hash, refers_to, facts, accounts, amounts FROM ledger.proposal_item"
            " WHERE district_id = :district_id AND proposal_id = :proposal_id AND place >= :first ORDER BY place LIMIT :limit"
        ),
        {"district_id": district_id, "proposal_id": proposal_id, "first": first, "limit": limit},
    ).all()
    drafts = [
        Draft(
            row.kind,
            row.key,
            bytes(row.command_hash),
            tuple(map(Line, row.accounts, row.amounts)),
            row.facts,
            row.refers_to,
            None,
            posted_at,
        )
        for row in rows
    ]
    return post_many(session, district_id, drafts) if drafts else []


def post_items(session: Session, district_id: int, proposal_id: int, *, first: int = 1, limit: int = BATCH_MAX) -> list[ItemAnswer]:
    """Post a piece of an approved proposal, each transaction for itself: those from place `first` on that have no answer yet.

    What the book refuses of it leaves the others alone, binds no key and can be tried again. Nothing is left where nothing comes back.
    Raises NotApproved.
    """
    piece = text("SELECT place, transaction_id, refused, detail FROM ledger.post_items(:district_id, :proposal_id, :first, :limit)")
    values = {"district_id": district_id, "proposal_id": proposal_id, "first": first, "limit": limit}
    with refusals():
        rows = session.execute(piece, values).all()
    return [ItemAnswer(place, number, None if state is None else refusal(state, detail)) for place, number, state, detail in rows]


def close_month(session: Session, district_id: int, month: date, person_id: int) -> int:
    """月次締め of the month that begins on `month`: what it holds is written down, and nothing can be added. Gives the close's number.

    Waits some seconds for what is under way. Raises MonthClosed, MonthsInOrder, MonthNotOver, BookBusy.
    """
    values = {"district_id": district_id, "month": month, "person_id": person_id}
    with refusals():
        return int(session.execute(text("SELECT ledger.close_month(:district_id, :month, :person_id)"), values).scalar_one())


def reopen_month(session: Session, district_id: int, proposal_id: int) -> None:
    """Open the newest closed month again, as an approved proposal of the purpose `reopen_month` names it (`closing` in its facts).

    Again is harmless. Raises NotApproved, MonthsInOrder.
    """
    with refusals():
        session.execute(text("SELECT ledger.reopen_month(:district_id, :id)"), {"district_id": district_id, "id": proposal_id})


def resume_log(session: Session, district_id: int) -> None:
    """Nothing is missing: the held log of a district is signed on, in this place. Harmless where it is not held."""
    session.execute(text("SELECT ledger.resume_log(:district_id)"), {"district_id": district_id})


def prepare_epoch(session: Session, district_id: int, *, size: int, largest: int, returned_to: datetime, public_key: str) -> int:
    """Lay a new epoch ready for two people, and give its number: the log goes on from the checkpoint of `size`. Raises EpochWrong.

    `largest`: the largest size that anybody is known to have seen signed. `public_key`: who signs from then on.
    """
    values = {"district_id": district_id, "size": size, "largest": largest, "returned_to": returned_to, "public_key": public_key}
    with refusals():
        return int(
            session.execute(
                text("SELECT ledger.prepare_epoch(:district_id, :size, :largest, :returned_to, :public_key)"), values
            ).scalar_one()
        )


def begin_epoch(session: Session, district_id: int, proposal_id: int) -> None:
    """The prepared epoch that an approved proposal of the purpose `new_epoch` names (`epoch` in its facts); the sealer signs it.

    Again is harmless. Raises NotApproved, EpochWrong.
    """
    with refusals():
        session.execute(text("SELECT ledger.begin_epoch(:district_id, :id)"), {"district_id": district_id, "id": proposal_id})

"""チャージ券: codes on paper, issued in batches by two people, redeemed once, cancelled by two people while unused.

A code is derived, never stored: it is spelled from a MAC of the district, the batch and the place in it, under a random secret of the
batch, which is kept sealed with the master key of the installation, and that is not in the database. So neither the key without the
database nor the database without the key tells a code; and the sheet can be made after the approval, and again if the
printer jams, while the database alone (a backup, a thief's copy) holds fingerprints that tell no code. A code has 94 bits:
nobody finds one by trying.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.codes_end import left_of
from association.commands.proposals import earlier_proposal, propose
from association.commands.top_up import must_be_coin
from association.errors import (
    BatchNotIssued,
    BatchUnknown,
    CodesEndWrong,
    CodesTooLarge,
    NothingToCancel,
    TopUpCodeCancelled,
    TopUpCodeExpired,
    TopUpCodeForeign,
    TopUpCodeUnknown,
    TopUpCodeUnreadable,
    TopUpCodeUsed,
)
from association.models import CodeBatch, TopUpCode
from association.queries.codes import SECRET, codes_of
from association.queries.lot_secrets import new_secret
from association.queries.notice import current_version
from association.rules.codes import LENGTH, OLD_LENGTH, read_code
from base.clock import tokyo_day
from base.db import atomic, wake
from base.ids import fingerprint
from identity.commands import authorise, limit_tries, note_wrong
from identity.queries import Principal, person_topic
from ledger.commands import Posted

TRIES_A_MINUTE = 10
NEXT_BATCH = text("SELECT nextval(pg_get_serial_sequence('code_batch', 'id'))")


@dataclass(frozen=True, slots=True)
class NewBatch:
    """`pieces` codes of `face_value` yen each, usable to `last_day` in Tokyo. `paid_from`: where the money comes from."""

    series_id: int
    face_value: int
    pieces: int
    paid_from: Literal["safe", "bank", "promotion"]
    last_day: date
    note: str
    key: UUID


@dataclass(frozen=True, slots=True)
class CancelCodes:
    """One code of a batch by its `place`, or all that are left of it (None)."""

    batch_id: int
    place: int | None
    reason: str
    key: UUID


def propose_codes(session: Session, who: Principal, new: NewBatch, *, now: datetime) -> int:
    """Lay a batch before a second person and give its number. Nothing can be redeemed, nor printed, before the approval.

    The same key gives the same batch. Raises NoticeMissing, SeriesUnknown, CodesEndWrong, CodesTooLarge, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_codes", subject=f"series:{new.series_id} {new.pieces} x {new.face_value}")
        content = book.hash_command(
            "association.propose_codes", who.person_id, new.series_id, new.face_value, new.pieces, new.paid_from, new.last_day, new.note
        )
        found = earlier_proposal(session, who, new.key, content)
        if found is not None:
            return session.execute(
                select(CodeBatch.id).where(CodeBatch.district_id == who.district_id, CodeBatch.proposal_id == found)
            ).scalar_one()
        must_be_coin(session, who.district_id, new.series_id)
        series = read.one_series(session, who.district_id, new.series_id)
        ends = None if series.valid_until is None else tokyo_day(series.valid_until - timedelta(microseconds=1))
        if new.last_day < tokyo_day(now) or (ends is not None and new.last_day > ends):
            raise CodesEndWrong
        if new.face_value > series.balance_max:
            raise CodesTooLarge(limit=series.balance_max)
        batch_id = int(session.execute(NEXT_BATCH).scalar_one())
        account = book.open_account(session, who.district_id, "top_up_code", batch_id, series.id)
        source = book.open_account(session, who.district_id, new.paid_from, 0, 0)
        facts = {"batch": batch_id, "face_value": new.face_value, "pieces": new.pieces, "staff": who.person_id}
        draft = book.Draft(
            kind="code_issue",
            key=new.key,
            command_hash=content,
            lines=book.transfer(source, account, new.face_value * new.pieces),
            facts={**facts, "notice": current_version(session, who.district_id)},
        )
        batch = CodeBatch(
            district_id=who.district_id,
            id=batch_id,
            series_id=series.id,
            account_id=account,
            face_value=new.face_value,
            pieces=new.pieces,
            paid_from=new.paid_from,
            last_day=new.last_day,
            signs=LENGTH,
            secret=new_secret(session, SECRET, who.district_id, batch_id),
            note=new.note,
            proposal_id=propose(session, who, "code_issue", [draft], {"note": new.note}),
            made_by=who.person_id,
            made_at=now,
        )
        session.add(batch)
        session.flush()
        prints = [fingerprint(code) for code in codes_of(session, batch, range(1, new.pieces + 1))]
        rows = [
            {"district_id": who.district_id, "fingerprint": each, "batch_id": batch_id, "place": place}
            for place, each in enumerate(prints, start=1)
        ]
        session.execute(insert(TopUpCode), rows)
        return batch_id


def propose_code_cancel(session: Session, who: Principal, order: CancelCodes, *, now: datetime) -> int:
    """Lay before a second person that unused codes end, their money going back to where it came from.

    From now on they cannot be redeemed; if the proposal is declined, they can again. The same key gives the same proposal.
    Raises BatchUnknown, BatchNotIssued, NothingToCancel, KeyReused.
    """
    with atomic(session):
        authorise(session, who, "association.propose_codes", subject=f"batch:{order.batch_id} cancel {order.place or 'rest'}")
        content = book.hash_command("association.propose_code_cancel", who.person_id, order.batch_id, order.place)
        found = earlier_proposal(session, who, order.key, content)
        if found is not None:
            return found
        batch = session.get(CodeBatch, (who.district_id, order.batch_id))
        if batch is None:
            raise BatchUnknown
        if not read.outcomes(session, who.district_id, [batch.proposal_id]).get(batch.proposal_id):
            raise BatchNotIssued
        codes = left_of(session, batch, order.place)
        if not codes:
            raise NothingToCancel
        source = book.open_account(session, who.district_id, batch.paid_from, 0, 0)
        draft = book.Draft(
            kind="code_cancel",
            key=order.key,
            command_hash=content,
            lines=book.transfer(batch.account_id, source, batch.face_value * len(codes)),
            facts={"batch": batch.id, "pieces": len(codes), "place": order.place, "staff": who.person_id},
        )
        number = propose(session, who, "code_cancel", [draft], {"note": order.reason})
        for code in codes:
            code.cancel_proposal_id = number
        return number


def redeem_code(session: Session, who: Principal, typed: str, key: UUID, *, now: datetime) -> Posted:
    """Put what a code is worth onto the asking consumer's account, once; the phone is told at once.

    Ten tries a minute, right or wrong. The same key gives the same answer. Raises TooMany, TopUpCodeUnreadable,
    TopUpCodeUnknown, TopUpCodeForeign, TopUpCodeUsed, TopUpCodeCancelled, TopUpCodeExpired, and the book's CeilingPassed
    (the code stays unused), SeriesEnded, SeriesNotYet, AccountFrozen, KeyReused.
    """
    authorise(session, who, "association.redeem_code", subject="code")
    assert who.person_id is not None, who
    limit_tries(
        session, "association.redeem", str(who.person_id), per=timedelta(minutes=1), count=TRIES_A_MINUTE, district_id=who.district_id
    )
    code = read_code(typed, LENGTH, OLD_LENGTH)
    if code is None:
        note_wrong(session, who.district_id, "code", f"person:{who.person_id}", now=now)
        raise TopUpCodeUnreadable
    with atomic(session):
        secret = fingerprint(code)
        row = session.get(TopUpCode, (who.district_id, secret), with_for_update=True, populate_existing=True)
        if row is None:
            note_wrong(session, who.district_id, "code", f"person:{who.person_id}", now=now)
            raise _elsewhere(session, secret)
        content = book.hash_command("association.redeem_code", who.person_id, row.batch_id, row.place)
        known = read.find_key(session, who.district_id, key, content)
        if known is not None:
            return known
        batch = session.get_one(CodeBatch, (who.district_id, row.batch_id))
        _must_be_redeemable(session, batch, row, now=now)
        draft = book.Draft(
            kind="code_redeem",
            key=key,
            command_hash=content,
            lines=book.transfer(
                batch.account_id,
                book.open_account(session, who.district_id, "consumer", who.person_id, batch.series_id),
                batch.face_value,
            ),
            facts={"way": "code", "batch": batch.id, "place": row.place},
        )
        posted = book.post(session, who.district_id, draft)
        row.transaction_id = posted.transaction_id
        wake(session, person_topic(who.district_id, who.person_id))
        return posted


def _must_be_redeemable(session: Session, batch: CodeBatch, row: TopUpCode, *, now: datetime) -> None:
    asked = [number for number in (batch.proposal_id, row.cancel_proposal_id) if number is not None]
    outcomes = read.outcomes(session, batch.district_id, asked)
    if not outcomes.get(batch.proposal_id):
        raise TopUpCodeUnknown
    if row.transaction_id is not None:
        raise TopUpCodeUsed(at=read.transaction(session, batch.district_id, row.transaction_id).posted_at)
    if row.cancel_proposal_id is not None and outcomes.get(row.cancel_proposal_id, True):
        raise TopUpCodeCancelled
    if row.expiry_id is not None or tokyo_day(now) > batch.last_day:
        raise TopUpCodeExpired(day=batch.last_day)


def _elsewhere(session: Session, secret: bytes) -> TopUpCodeUnknown | TopUpCodeForeign:
    """Whoever holds the whole code of another district may be told where it is good."""
    district_id = session.scalar(select(TopUpCode.district_id).where(TopUpCode.fingerprint == secret).limit(1))
    if district_id is None:
        return TopUpCodeUnknown()
    return TopUpCodeForeign(district=identity.queries.district(session, district_id).name)

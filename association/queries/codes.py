"""チャージ券: batches with what became of their codes, and the sheet to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries as book
from association.errors import BatchNotIssued, BatchUnknown
from association.models import CodeBatch, TopUpCode
from association.queries.lot_secrets import code_under, opened_secret
from association.rules.codes import LENGTH, OLD_LENGTH, grouped_code, read_code, spelled
from base.clock import tokyo_day
from base.ids import fingerprint
from identity.commands import authorise
from identity.queries import Principal, nicknames
from identity.vault import vault
from ledger.queries import Series

PURPOSE = "association.top_up_code"
"""Of codes of batches without a secret of their own, made earlier: spelled under the master key itself."""
SECRET = "association.code_batch"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of codes. Pieces, and amounts in yen. `state`: waiting, one of book.FALLEN, open, ended. `expired`: booked out
    after the last day.

    `cancelling`: laid down to be cancelled, not decided. `left_amount`: what stands on the batch's account in the book.
    """

    id: int
    series: Series
    face_value: int
    pieces: int
    paid_from: str
    last_day: date
    note: str
    proposal_id: int
    made_by_name: str | None
    made_at: datetime
    state: str
    redeemed: int
    cancelled: int
    cancelling: int
    expired: int
    left_amount: int

    @property
    def is_issued(self) -> bool:
        return self.state in ("open", "ended")

    @property
    def left(self) -> int:
        """Codes that can still be redeemed, or are about to be cancelled."""
        return self.pieces - self.redeemed - self.cancelled - self.expired if self.is_issued else 0


@dataclass(frozen=True, slots=True)
class BatchCode:
    """One code of a batch by its place. `state`: left, used, cancelling, cancelled, expired. The code itself is shown on its paper only."""

    place: int
    state: str
    transaction_id: int | None


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A code as it is printed: its place in the batch and its signs in groups of four."""

    place: int
    code: str


def codes_of(session: Session, batch: CodeBatch, places: Sequence[int]) -> list[str]:
    """The codes at these places of a batch, in as many signs as it has. Only the master key tells them: see commands/codes.py."""
    if batch.secret is None:
        digests = [vault(session).keyed_hash(PURPOSE, batch.district_id, batch.id, place) for place in places]
    else:
        secret = opened_secret(session, batch.secret, SECRET, batch.district_id, batch.id)
        digests = [code_under(secret, batch.district_id, batch.id, place) for place in places]
    return [spelled(digest, batch.signs) for digest in digests]


def batches(session: Session, who: Principal, *, now: datetime) -> list[Batch]:
    """All batches, the newest first."""
    authorise(session, who, "association.read")
    query = select(CodeBatch).where(CodeBatch.district_id == who.district_id).order_by(CodeBatch.id.desc())
    return _listed(session, who.district_id, session.scalars(query).all(), now)


def batch(session: Session, who: Principal, batch_id: int, *, now: datetime) -> Batch:
    """One batch. Raises BatchUnknown."""
    authorise(session, who, "association.read")
    row = session.get(CodeBatch, (who.district_id, batch_id))
    if row is None:
        raise BatchUnknown
    return _listed(session, who.district_id, [row], now)[0]


def batch_codes(session: Session, who: Principal, batch_id: int) -> list[BatchCode]:
    """What became of each code of a batch, by place."""
    authorise(session, who, "association.read")
    return _codes(session, who.district_id, [batch_id]).get(batch_id, [])


SHEET = 100
"""Codes in one file: a few seconds of drawing, during which other papers of this process wait."""


def sheets_of(codes: Sequence[BatchCode]) -> list[int]:
    """Which hundreds of a batch, from 1, still have a code to print. By place: what is redeemed meanwhile moves no code to another."""
    return sorted({(code.place - 1) // SHEET + 1 for code in codes if code.state == "left"})


def codes_to_print(session: Session, who: Principal, batch_id: int, part: int) -> list[PrintedCode]:
    """Of one hundred of a batch the codes that can be redeemed now: whoever has seen them could redeem them, so each time is on record.

    Raises BatchUnknown, BatchNotIssued.
    """
    authorise(session, who, "association.read")
    row = session.get(CodeBatch, (who.district_id, batch_id))
    if row is None:
        raise BatchUnknown
    if not book.outcomes(session, who.district_id, [row.proposal_id]).get(row.proposal_id):
        raise BatchNotIssued
    codes = _codes(session, who.district_id, [batch_id])[batch_id]
    places = [code.place for code in codes if code.state == "left" and part in sheets_of([code])]
    if places:  # what shows nothing is not on record as a sheet that somebody has
        authorise(session, who, "association.print_codes", subject=f"{_of_batch(batch_id)} part {part}")
    return [PrintedCode(place, grouped_code(code)) for place, code in zip(places, codes_of(session, row, places), strict=True)]


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """Somebody has taken a sheet away. `part`: which hundred; None: not written down, as it was before."""

    at: datetime
    name: str | None
    part: int | None


def sheets_taken(session: Session, who: Principal, batch_id: int) -> list[SheetTaken]:
    """Each time, the first one first, as the log has it: a second sheet is a second copy of the same money. Raises BatchUnknown."""
    authorise(session, who, "association.read")
    row = session.get(CodeBatch, (who.district_id, batch_id))
    if row is None:
        raise BatchUnknown
    logged = identity.queries.done_so_far(session, who.district_id, "association.print_codes", _of_batch(batch_id), since=row.made_at)
    taken = [(at, person, about.split(" ")) for at, person, about in logged]
    mine = [one for one in taken if one[2][0] == _of_batch(batch_id)]  # not batch:12 where batch:1 is asked
    names = nicknames(session, who.district_id, {person for _at, person, _about in mine if person is not None})
    return [SheetTaken(at, names.get(person or 0), int(about[-1]) if len(about) > 1 else None) for at, person, about in mine]


def _of_batch(batch_id: int) -> str:
    return f"batch:{batch_id}"


def code_at(session: Session, who: Principal, batch_id: int, place: int, *, now: datetime) -> tuple[Batch, BatchCode] | None:
    """The code at a place of a batch, with its batch; None where there is none."""
    authorise(session, who, "association.read")
    row = session.get(CodeBatch, (who.district_id, batch_id))
    code = next((each for each in batch_codes(session, who, batch_id) if each.place == place), None)
    return None if row is None or code is None else (_listed(session, who.district_id, [row], now)[0], code)


def code_that_reads(session: Session, who: Principal, typed: str, *, now: datetime) -> tuple[Batch, BatchCode] | None:
    """The same by the signs of the code; None for what is no code, or of nobody here."""
    authorise(session, who, "association.read")
    code = read_code(typed, LENGTH, OLD_LENGTH)
    row = None if code is None else session.get(TopUpCode, (who.district_id, fingerprint(code)), populate_existing=True)
    return None if row is None else code_at(session, who, row.batch_id, row.place, now=now)


def batch_names(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, str]:
    """Batch → what the desk calls it: number and purpose. For doors that have asked already."""
    query = select(CodeBatch.id, CodeBatch.note).where(CodeBatch.district_id == district_id, CodeBatch.id.in_(ids))
    return {number: f"No.{number} {note}".strip() for number, note in session.execute(query)}


def _codes(session: Session, district_id: int, batch_ids: Sequence[int]) -> dict[int, list[BatchCode]]:
    query = select(TopUpCode.batch_id, TopUpCode.place, TopUpCode.transaction_id, TopUpCode.cancel_proposal_id, TopUpCode.expiry_id).where(
        TopUpCode.district_id == district_id, TopUpCode.batch_id.in_(batch_ids)
    )
    rows = session.execute(query.order_by(TopUpCode.batch_id, TopUpCode.place)).all()
    asked = {row.cancel_proposal_id for row in rows if row.cancel_proposal_id is not None}
    outcomes = book.outcomes(session, district_id, asked) if asked else {}
    found: dict[int, list[BatchCode]] = {}
    for row in rows:
        state = "used" if row.transaction_id is not None else "expired" if row.expiry_id is not None else "left"
        if state == "left" and row.cancel_proposal_id is not None:
            state = {True: "cancelled", False: "left", None: "cancelling"}[outcomes.get(row.cancel_proposal_id)]
        found.setdefault(row.batch_id, []).append(BatchCode(row.place, state, row.transaction_id or row.expiry_id))
    return found


def _listed(session: Session, district_id: int, rows: Sequence[CodeBatch], now: datetime) -> list[Batch]:
    if not rows:
        return []
    codes = _codes(session, district_id, [row.id for row in rows])
    laid = [row.proposal_id for row in rows]
    outcomes, fallen = book.outcomes(session, district_id, laid), book.fallen(session, district_id, laid)
    names = nicknames(session, district_id, {row.made_by for row in rows})
    series = {one.id: one for one in book.series(session, district_id)}
    today = tokyo_day(now)

    def state(row: CodeBatch) -> str:
        if not outcomes.get(row.proposal_id):
            return fallen.get(row.proposal_id, "waiting")
        return "open" if today <= row.last_day else "ended"

    def count(row: CodeBatch, wanted: str) -> int:
        return sum(1 for code in codes.get(row.id, ()) if code.state == wanted)

    return [
        Batch(
            id=row.id,
            series=series[row.series_id],
            face_value=row.face_value,
            pieces=row.pieces,
            paid_from=row.paid_from,
            last_day=row.last_day,
            note=row.note,
            proposal_id=row.proposal_id,
            made_by_name=names.get(row.made_by),
            made_at=row.made_at,
            state=state(row),
            redeemed=count(row, "used"),
            cancelled=count(row, "cancelled"),
            cancelling=count(row, "cancelling"),
            expired=count(row, "expired"),
            left_amount=book.balance(session, district_id, row.account_id),
        )
        for row in rows
    ]

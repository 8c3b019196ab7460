"""銀行照合: lines that the bank made by itself are booked by two people on the account that they choose, and matched with that at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.bank import BANK_LOCK, match
from association.errors import BankLineProposed, BankRoleWrong, MatchEmpty, MatchItemUnknown, MatchTaken
from association.queries.bank import kept_lines, live_matches
from association.queries.reconciliation import ROLE
from association.rules.accounts import BANK_ROLES
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Posted
from ledger.queries import Proposal

BOOKING = UUID("6d656775-7269-5b61-9761-696e00000002")
"""Names the keys under which lines of the bank are booked: each line has one, and a new one only after somebody declined the last."""
PURPOSE = "bank_line"


def propose_bank_lines(session: Session, who: Principal, lines: Sequence[int], role: str, *, reason: str, now: datetime) -> int:
    """Put open lines of the bank before a second person, to be booked on `role`, a transaction each. Gives the proposal's number; where
    these lines wait already, that.

    Raises BankRoleWrong, MatchEmpty, MatchItemUnknown, MatchTaken, BankLineProposed.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.match_bank", subject=f"book:{len(lines)}")
        _alone(session, who.district_id)
        chosen = sorted(set(lines))
        if role not in BANK_ROLES:
            raise BankRoleWrong
        if not chosen:
            raise MatchEmpty
        kept = {line.id: line for line in kept_lines(session, who.district_id, ids=set(chosen))}
        if set(chosen) != kept.keys():
            raise MatchItemUnknown
        if live_matches(session, who.district_id).lines.keys() & kept.keys():
            raise MatchTaken
        there, other = (book.open_account(session, who.district_id, each, 0, 0) for each in (ROLE, role))
        drafts, before = [], set[int]()
        for line in (kept[each] for each in chosen):
            content = book.hash_command("association.propose_bank_lines", line.id)
            attempt = 1
            while (number := read.find_proposal(session, who.district_id, _key(who, line.id, attempt), content)) is not None:
                if read.one_proposal(session, who.district_id, number).approved is not False:
                    before.add(number)
                attempt += 1
            facts: dict[str, book.Fact] = {"line": line.id, "day": line.day.isoformat(), "about": line.about}
            moved = book.transfer(there, other, line.amount) if line.amount > 0 else book.transfer(other, there, -line.amount)
            drafts.append(book.Draft("bank_line", _key(who, line.id, attempt), content, moved, facts))
        if before:
            first = read.one_proposal(session, who.district_id, min(before))
            if first.is_waiting and [item.facts["line"] for item in first.items] == chosen:
                return first.id
            raise BankLineProposed
        return book.propose(
            session, who.district_id, who.person_id, PURPOSE, drafts, facts={"account": role, "lines": len(chosen), "note": reason}
        )


def refuse_if_matched(session: Session, district_id: int, proposal: Proposal) -> None:
    """For whoever approves: a line may have been matched otherwise since it was proposed to book it. Raises MatchTaken."""
    _alone(session, district_id)
    if live_matches(session, district_id).lines.keys() & {item.facts["line"] for item in proposal.items}:
        raise MatchTaken


def match_booked(session: Session, who: Principal, proposal: Proposal, posted: Sequence[Posted], now: datetime) -> None:
    """Each line with the transaction that it became, in the transaction that posted it; again is harmless."""
    live = live_matches(session, who.district_id)
    for item, each in zip(proposal.items, posted, strict=True):
        line = item.facts["line"]
        assert isinstance(line, int), item
        if line not in live.lines and not each.replayed:
            match(session, who, {line}, {each.transaction_id}, now)


def _alone(session: Session, district_id: int) -> None:
    session.execute(select(func.pg_advisory_xact_lock(BANK_LOCK, district_id)))


def _key(who: Principal, line_id: int, attempt: int) -> UUID:
    return uuid5(BOOKING, f"{who.district_id} {line_id} {attempt}")

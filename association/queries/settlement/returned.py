"""Which of our transfers the bank may have sent back, and what its own lines say of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from association.models import SettlementRun, TransferLine
from association.queries.bank import kept_lines, live_matches
from association.queries.bank_details import opened
from association.queries.settlement.runs import Run, RunLine, run_of
from association.rules.returned_transfers import LATE_DAYS, Match, Returned, Sent, is_return, match, reason_of
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class SentTransfer:
    """A transfer that may come back: to whom (`payees`), of which run, and how it is matched. `is_back`: somebody has said so already."""

    sent: Sent
    run: Run
    payees: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class ReturnLines:
    """What the bank says, each line with its transfer, and every transfer by its key."""

    matches: tuple[Match, ...]
    transfers: dict[str, SentTransfer]

    def is_known(self, line: Match) -> bool:
        """Whether this line's transfer has been said to have come back."""
        return line.sent is not None and self.transfers[line.sent.key].is_back


def returns_at_bank(session: Session, who: Principal, *, now: datetime) -> ReturnLines:
    """Lines of the bank that say that a transfer came back, and are in no match yet."""
    authorise(session, who, "association.read")
    live, since = live_matches(session, who.district_id), tokyo_day(now) - timedelta(days=LATE_DAYS)
    lines = [
        Returned(line.day, line.amount, line.about, reason_of(line.about), True)
        for line in kept_lines(session, who.district_id)
        if line.amount > 0 and line.day >= since and line.id not in live.lines and is_return(line.about)
    ]
    return matched_returns(session, who, lines, now=now) if lines else ReturnLines((), {})


def matched_returns(session: Session, who: Principal, lines: list[Returned], *, now: datetime) -> ReturnLines:
    """Each line with the transfer that it probably is. Of a statement only lines that say so themselves, or fit by name and amount."""
    authorise(session, who, "association.read")
    transfers = {each.sent.key: each for each in _sent(session, who.district_id, now)}
    found = match(lines, [each.sent for each in transfers.values()])
    return ReturnLines(tuple(each for each in found if each.line.is_said or (each.is_sure and each.charge == 0)), transfers)


def _sent(session: Session, district_id: int, now: datetime) -> list[SentTransfer]:
    """The transfers of two months, the oldest first."""
    since = tokyo_day(now) - timedelta(days=LATE_DAYS)
    query = select(SettlementRun.id).where(SettlementRun.district_id == district_id, SettlementRun.pay_on >= since)
    found: list[SentTransfer] = []
    for run_id in session.scalars(query.order_by(SettlementRun.id)).all():
        run = run_of(session, district_id, run_id)
        if run.state in ("settled", "paying", "posting_payout", "paid"):
            found += _of_run(session, district_id, run)
    return found


def paid_together(session: Session, run: Run, merchant_id: int) -> tuple[int, ...]:
    """The shops whose money went in one transfer with this one's, itself first: a bank sends back the whole of it or nothing.

    What is back already, or asked for, is left out. For doors that have asked already.
    """
    rows = session.scalars(select(TransferLine).where(TransferLine.district_id == run.district_id, TransferLine.run_id == run.id)).all()
    group = next((row.shops for row in rows if merchant_id in row.shops), ())
    out = {line.merchant_id for line in run.lines if line.transit and line.state in ("settled", "paid")}
    return (merchant_id, *(shop for shop in group if shop in out and shop != merchant_id))


def _of_run(session: Session, district_id: int, run: Run) -> list[SentTransfer]:
    """Those of its file, each to one account; of a run that is paid by hand, one a shop."""
    mine = (TransferLine.district_id == district_id, TransferLine.run_id == run.id)
    rows = session.scalars(select(TransferLine).where(*mine).order_by(TransferLine.place)).all()
    lines = {line.merchant_id: line for line in run.lines if line.transit and line.state in ("settled", "paid", "returning", "returned")}
    groups = [tuple(lines[shop] for shop in row.shops if shop in lines) for row in rows] or [(line,) for line in lines.values()]
    accounts = opened(session, district_id, {line.account_id for line in lines.values() if line.account_id is not None})
    return [_transfer(run, group, {number: account.holder for number, account in accounts.items()}) for group in groups if group]


def _transfer(run: Run, group: tuple[RunLine, ...], holders: dict[int, str]) -> SentTransfer:
    payees = [str(line.facts["payee"]) for line in group]
    kana = [line.shop.name_kana for line in group if line.shop]
    key = f"{run.id}:{','.join(str(line.merchant_id) for line in group)}"
    names = dict.fromkeys([*(holders[line.account_id] for line in group if line.account_id in holders), *payees, *kana])
    day = run.paid_on or run.pay_on
    sent = Sent(key, min(day, run.pay_on), sum(line.transit for line in group), tuple(names))
    return SentTransfer(sent, run, "、".join(payees), any(line.state in ("returning", "returned") for line in group))

"""The town pays its shops: every closing day of its year, put forward and approved through the real doors as soon as it is due.

The newest closing day that has ended is left to whoever sits at the desk: the demo's visitor can settle it themselves.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

import association.commands
import association.queries
import merchant.queries
from association.commands import Account, Band, NewTerms, NewTransferTerms, Sender, normalised
from association.errors import NothingToSettle
from association.queries import Terms
from association.queries.bank_details import WAITS
from base.clock import TOKYO, day_bounds, tokyo_day
from base.db import atomic
from demo.cast import ADMINISTRATOR, APPROVER, ISSUER, Named
from demo.opening import Report, Town
from identity.queries import Principal

TERMS = NewTerms(closing="half_month", weekday=0, pay_after_days=10, shift="next", fee_bp=100, registration_number="T9000000000000")
"""The 15th and the month's end, ten days later, for one percent. The number is invented."""


BANKS = (("0991", "ﾋﾉｻﾜ"), ("0992", "ﾔﾏｱｲｼﾝｷﾝ"))
TRANSFERS = NewTransferTerms(
    sender=Sender("0991", "ﾋﾉｻﾜ", "012", "ﾕﾓﾄ", "1", "0001234", "ﾋﾉｻﾜｵﾝｾﾝｼﾖｳﾃﾝｶﾞｲ", "9000000001"),
    fee_bearer="association",
    bands=(Band(1, 0, 110, 165), Band(30_000, 0, 220, 330)),
    minimum=1,
    lead_days=2,
    recall_bearer="merchant",
    recall_fee=880,
    has_line_ends=True,
    has_end_mark=False,
)


def decide_terms(session: Session, town: Town, *, now: datetime) -> None:
    """The administrator sets the terms of settlement, once."""
    if association.queries.terms(session, town.district_id) is None:
        association.commands.set_settlement_terms(session, _principal(town, ADMINISTRATOR), TERMS, now=now)


def settle_past(session: Session, town: Town, report: Report, *, now: datetime) -> int:
    """Settle every closing day up to `now` but the newest, and pay what is due, the last of them by a file for the bank; gives how many
    were settled. Again is harmless."""
    decide_terms(session, town, now=day_bounds(town.first_day)[0])
    terms = association.queries.terms(session, town.district_id)
    assert terms is not None
    issuer, approver = _principal(town, ISSUER), _principal(town, APPROVER)
    settled = 0
    done = max((head.closes_on for head in association.queries.runs(session, issuer)), default=town.first_day)
    closings = _closings(terms, done + timedelta(days=1), tokyo_day(now))[:-1]
    for closes_on in closings:
        put_forward, approved = _put_forward(closes_on), _at(closes_on + timedelta(days=1), 14)
        if closes_on == closings[-1]:
            open_accounts(session, town, now=put_forward)
        try:
            with atomic(session):  # what was proposed long ago would expire before it is approved
                run_id = association.commands.submit_run(session, issuer, closes_on, now=put_forward, at=put_forward)
                association.commands.approve(session, approver, run_id, now=approved, posted_at=approved)
        except NothingToSettle:
            continue
        settled += 1
        report(f"shops settled for {closes_on}")
    for head in association.queries.runs(session, issuer):
        if head.state != "settled" or head.pay_on >= tokyo_day(now):
            continue
        run, said, confirmed = association.queries.run(session, issuer, head.id), _at(head.pay_on, 11), _at(head.pay_on, 15)
        if run.made_at != _put_forward(head.closes_on):
            continue  # a visitor settled it, and says that it is paid
        with atomic(session):
            if run.transfer_version is not None:
                association.commands.write_transfer_file(session, issuer, head.id, head.pay_on, now=_at(head.pay_on, 9))
            payout = association.commands.submit_payout(session, issuer, head.id, paid_on=head.pay_on, now=said, at=said)
            association.commands.approve(session, approver, payout, now=confirmed, posted_at=confirmed)
    return settled


def open_accounts(session: Session, town: Town, *, now: datetime) -> None:
    """From where the association pays and to where, once, in force at `now`: what was put forward before was paid by hand. Banks,
    numbers and holders are invented."""
    if association.queries.transfer_terms(session, town.district_id) is not None:
        return
    issuer, approver, administrator = (_principal(town, one) for one in (ISSUER, APPROVER, ADMINISTRATOR))
    asked, decided = now - WAITS - timedelta(days=2), now - WAITS - timedelta(days=1)
    for place, shop in enumerate(merchant.queries.shops(session, town.district_id, states=("open",))):
        bank_code, bank_name = BANKS[place % len(BANKS)]
        account = Account(bank_code, bank_name, "012", "ﾕﾓﾄ", "1", f"{7_000_000 + 137 * shop.id}", normalised(shop.name_kana))
        with atomic(session):
            number = association.commands.propose_account(session, issuer, shop.id, account, now=asked, at=asked)
            association.commands.approve(session, approver, number, now=decided, posted_at=decided)
    with atomic(session):
        number = association.commands.propose_transfer_terms(session, administrator, TRANSFERS, now=now)
        association.commands.approve(session, approver, number, now=now)


def _closings(terms: Terms, first: date, today: date) -> list[date]:
    days = (first + timedelta(days=step) for step in range((today - first).days))
    return [day for day in days if terms.closes(day)]


def _put_forward(closes_on: date) -> datetime:
    return _at(closes_on + timedelta(days=1), 10)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), TOKYO)


def _principal(town: Town, one: Named) -> Principal:
    return Principal(town.district_id, town.people[one.mailbox], None, one.roles, address="demo")

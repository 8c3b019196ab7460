"""申し立て: somebody says that a payment was not right. The shop's share can be held, and the outcome books, each by two people.

Held money stands on an account of the case: neither the shop's balance nor a settlement reaches it. An outcome lets all of it go and, where
the customer is right, gives back what was decided as a refund like any other, in one database transaction: so coupons, vouchers and what
came of a coin that has ended go the ways that refunds go. What a till has given back meanwhile is never given back twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.commands
import merchant.queries
from association.commands.announcements import tell_person
from association.commands.keys import own_key
from association.commands.proposals import earlier_proposal, propose
from association.commands.settlement import alone
from association.errors import (
    ComplaintUnknown,
    DisputeClosed,
    DisputeMoved,
    DisputeOpen,
    DisputeUnknown,
    DisputeWaits,
    DueOver,
    NotDisputable,
    NothingToHold,
    PartWrong,
)
from association.models import Dispute, DisputeNote, RegisterEntry
from association.queries.announcements import Words
from association.queries.disputes import PAYMENTS, held_of, kept_by_shop, waiting_of
from base.clock import tokyo_day
from base.db import atomic, wake
from base.errors import N_
from base.yen import grouped
from identity.commands import authorise, queue_mail
from identity.letters import words
from identity.queries import Letter, Principal, district, grants, nickname, profile
from ledger.errors import KeyReused, TransactionUnknown
from ledger.queries import Proposal, Transaction, payment_number

DISPUTE_LOCK = 6_870
"""First key of the advisory lock under which a district's cases change."""
HOLD, OUTCOME = "dispute_hold", "dispute_outcome"

SHOP_LETTER = Letter(
    N_("%(district)s: 支払いの申し立てについて"),
    N_(
        "お店「%(shop)s」の受け取り（受付番号 %(number)s）について、申し立てがあるか、その内容が変わりました。\n"
        "お店のページの「入金」か、端末でその受け取りを開いて確かめてください。\n"
        "分からないときは、組合（%(contact)s）に電話してください。"
    ),
)

OPENED = (
    N_("支払い %(number)s を確認しています"),
    N_(
        "受付番号 %(number)s の支払いについて、組合が事情を確認しています。結果の目安は %(day)s です。"
        "利用明細を開くと、いまの様子が分かります。"
    ),
)
SAID = (
    N_("支払い %(number)s について、説明があります"),
    N_("受付番号 %(number)s の支払いの利用明細で、組合からの説明を読めます。結果の目安は %(day)s です。"),
)
GIVEN_BACK = (
    N_("支払い %(number)s の分が戻りました"),
    N_("受付番号 %(number)s の支払いの確認が終わり、%(back)s円を返しました。利用明細で、理由を読めます。"),
)
UNCHANGED = (
    N_("支払い %(number)s の確認が終わりました"),
    N_("受付番号 %(number)s の支払いは、そのままです。利用明細で、理由を読めます。"),
)
"""What the customer's inbox says: title and text."""


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """`raised_by`: consumer, shop or association. `reason`: without names or numbers of cards. `complaint_id`: a line of the register."""

    transaction_id: int
    raised_by: str
    reason: str
    due_on: date
    complaint_id: int | None
    key: UUID


@dataclass(frozen=True, slots=True)
class Outcome:
    """`kind`: `shop` is right, `consumer` is (all that is left goes back), or `partly`: `amount` yen go back. `words` are told to both."""

    dispute_id: int
    kind: str
    amount: int
    words: str
    key: UUID


def open_dispute(session: Session, who: Principal, order: OpenDispute, *, now: datetime) -> int:
    """Write the case down and give its number; the same key gives the same. Both sides are told. Nothing moves.

    Raises NotDisputable, DisputeOpen, ComplaintUnknown, DueOver, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.handle_dispute", subject=f"transaction:{order.transaction_id}")
        _alone(session, who.district_id)
        known = session.scalar(select(Dispute).where(Dispute.district_id == who.district_id, Dispute.key == order.key))
        if known is not None:
            if known.transaction_id != order.transaction_id:
                raise KeyReused
            return known.id
        payment = _payment(session, who.district_id, order.transaction_id)
        about = (Dispute.district_id == who.district_id, Dispute.transaction_id == payment.id, Dispute.closed_at.is_(None))
        other = session.scalar(select(Dispute.id).where(*about))
        if other is not None:
            raise DisputeOpen(dispute=other)
        if order.due_on <= tokyo_day(now):
            raise DueOver
        if order.complaint_id is not None:
            line = session.get(RegisterEntry, (who.district_id, order.complaint_id))
            if line is None or line.register != "complaint":
                raise ComplaintUnknown
        row = insert(Dispute).values(
            district_id=who.district_id,
            key=order.key,
            transaction_id=payment.id,
            merchant_id=next(line.owner_id for line in payment.lines if line.role == "payable"),
            person_id=next(line.owner_id for line in payment.lines if line.role == "consumer"),
            raised_by=order.raised_by,
            reason=order.reason,
            due_on=order.due_on,
            complaint_id=order.complaint_id,
            opened_by=who.person_id,
            opened_at=now,
        )
        dispute_id = session.execute(row.returning(Dispute.id)).scalar_one()
        _tell(session, who, _open_case(session, who, dispute_id), "opened", OPENED, now=now)
        return dispute_id


def add_dispute_note(
    session: Session, who: Principal, dispute_id: int, said_by: str, words: str, *, is_told: bool, due_on: date | None = None, now: datetime
) -> None:
    """Add what was said or done; with `due_on` the deadline moves. Raises DisputeUnknown, DisputeClosed, DueOver."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.handle_dispute", subject=f"dispute:{dispute_id}")
        _alone(session, who.district_id)
        row = _open_case(session, who, dispute_id)
        if due_on is not None and due_on != row.due_on:
            if due_on <= tokyo_day(now):
                raise DueOver
            row.due_on = due_on
        _note(session, who, row, said_by, words, is_told=is_told, now=now)
        if is_told:
            _tell(session, who, row, f"note {now.timestamp()}", SAID, now=now)


def propose_dispute_hold(session: Session, who: Principal, dispute_id: int, key: UUID) -> int:
    """Lay it before a second person that the shop's share be held. Gives the proposal's number; the same key gives the same.

    Raises DisputeUnknown, DisputeClosed, DisputeWaits, NothingToHold, KeyReused.
    """
    with atomic(session):
        authorise(session, who, "association.handle_dispute", subject=f"dispute:{dispute_id} hold")
        content = book.hash_command("association.dispute_hold", who.person_id, dispute_id)
        found = earlier_proposal(session, who, key, content)
        if found is not None:
            return found
        _alone(session, who.district_id)
        row = _open_case(session, who, dispute_id)
        _must_not_wait(session, row)
        payment = read.transaction(session, who.district_id, row.transaction_id)
        kept = kept_by_shop(payment, _refunds(session, who.district_id, payment))
        if not kept or held_of(session, who.district_id, dispute_id):
            raise NothingToHold
        lines: list[book.Line] = []
        for account_id, (series_id, amount) in kept.items():
            held = book.open_account(session, who.district_id, "dispute", dispute_id, series_id)
            lines += book.transfer(account_id, held, amount)
        facts: dict[str, book.Fact] = {"dispute": dispute_id, "merchant": row.merchant_id, "payment": row.transaction_id}
        draft = book.Draft("dispute_hold", key, content, tuple(lines), facts)
        laid = {**facts, "refunds": len(payment.refunds), "note": row.reason}
        row.hold_proposal_id = propose(session, who, HOLD, [draft], laid)
        return row.hold_proposal_id


def propose_dispute_outcome(session: Session, who: Principal, order: Outcome, *, now: datetime) -> int | None:
    """Lay the outcome before a second person and give the proposal's number. None: nothing is to be booked, and the case is closed now.

    Raises DisputeUnknown, DisputeClosed, DisputeWaits, PartWrong, RefundTooLarge, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.handle_dispute", subject=f"dispute:{order.dispute_id} {order.kind}")
        content = book.hash_command("association.dispute_outcome", who.person_id, order.dispute_id, order.kind, order.amount)
        found = earlier_proposal(session, who, order.key, content)
        if found is not None:
            return found
        _alone(session, who.district_id)
        row = _open_case(session, who, order.dispute_id)
        _must_not_wait(session, row)
        payment = read.transaction(session, who.district_id, row.transaction_id)
        refunds = _refunds(session, who.district_id, payment)
        left = sum(share.left for share in merchant.commands.shares_left(payment, refunds))
        back = {"shop": 0, "consumer": left, "partly": order.amount}[order.kind]
        if (order.kind == "partly" and not 0 < back < left) or (order.kind == "consumer" and not left):
            raise PartWrong(left=grouped(left))
        facts: dict[str, book.Fact] = {"dispute": row.id, "merchant": row.merchant_id, "payment": row.transaction_id}
        drafts = _release(session, row, facts, content)
        if back:
            named = own_key(session, "dispute refund", row.district_id, row.id, str(order.key)), content
            told: dict[str, book.Fact] = {
                "merchant": row.merchant_id,
                "till": None,
                "staff": None,
                "note": order.words[:80],
                "dispute": row.id,
            }
            drafts.append(merchant.commands.draft_refund(session, row.district_id, payment, refunds, back, named, told, now=now))
        if not drafts:
            _close(session, who, row, order.kind, 0, order.words, now=now)
            return None
        # Under the asker's key stands what comes first, so that pressing again finds it.
        drafts[0] = _under(drafts[0], order.key)
        laid: dict[str, book.Fact] = {**facts, "outcome": order.kind, "back": back, "refunds": len(refunds), "note": order.words}
        row.outcome_proposal_id = propose(session, who, OUTCOME, drafts, laid)
        return row.outcome_proposal_id


def refuse_if_moved(session: Session, who: Principal, proposal: Proposal) -> None:
    """For whoever approves: the case is still open, and no till has given back anything since it was proposed.

    One after the other with runs of settlement, so that a run pays out nothing that is held by then. Raises DisputeClosed, DisputeMoved.
    """
    alone(session, who.district_id)
    _alone(session, who.district_id)
    row = _open_case(session, who, int(str(proposal.facts["dispute"])))
    merchant.commands.one_refund_at_a_time(session, who.district_id, row.transaction_id)
    payment = read.transaction(session, who.district_id, row.transaction_id)
    if len(payment.refunds) != proposal.facts.get("refunds", len(payment.refunds)):
        raise DisputeMoved


def slip_of_outcome(session: Session, who: Principal, proposal: Proposal, *, now: datetime) -> None:
    """Once an outcome is booked: where the payment has a receipt of the shop's till, what was given back has its return slip."""
    row = session.get_one(Dispute, (who.district_id, int(str(proposal.facts["dispute"]))))
    for back in _refunds(session, who.district_id, read.transaction(session, who.district_id, row.transaction_id)):
        if back.facts.get("dispute") == row.id:
            merchant.commands.slip_of_refund(session, who.district_id, None, None, back, 0, now=now)


def carry_out_outcome(session: Session, who: Principal, proposal: Proposal, *, now: datetime) -> None:
    """For whoever approves an outcome, in the transaction that books it: the case is closed, and both sides are told."""
    row = _open_case(session, who, int(str(proposal.facts["dispute"])))
    facts = proposal.facts
    _close(session, who, row, str(facts["outcome"]), int(str(facts["back"])), str(facts["note"]), now=now)


@contextmanager
def past_suspension(session: Session, district_id: int, proposal: Proposal) -> Iterator[None]:
    """For whoever posts an outcome: the customer gets back what two people have decided, also from a shop that is suspended."""
    accounts = {line.account_id for item in proposal.items for line in item.lines if line.role == "payable"}
    with merchant.commands.let_through(session, district_id, int(str(proposal.facts["merchant"])), accounts):
        yield


def _release(session: Session, row: Dispute, facts: dict[str, book.Fact], content: bytes) -> list[book.Draft]:
    """All that is held goes back onto the shop's accounts."""
    lines: list[book.Line] = []
    for one in held_of(session, row.district_id, row.id):
        payable = merchant.commands.payable_account(session, row.district_id, row.merchant_id, one.series.id)
        lines += book.transfer(one.account_id, payable, one.balance)
    key = own_key(session, "dispute release", row.district_id, row.id, len(lines))
    return [book.Draft("dispute_release", key, content, tuple(lines), facts)] if lines else []


def _under(draft: book.Draft, key: UUID) -> book.Draft:
    return book.Draft(draft.kind, key, draft.command_hash, draft.lines, draft.facts, draft.refers_to)


def _close(session: Session, who: Principal, row: Dispute, outcome: str, back: int, words: str, *, now: datetime) -> None:
    row.outcome, row.refunded, row.closed_by, row.closed_at = outcome, back, who.person_id, now
    _note(session, who, row, "association", words, is_told=True, now=now)
    _tell(session, who, row, "closed", GIVEN_BACK if back else UNCHANGED, now=now)


def _note(session: Session, who: Principal, row: Dispute, said_by: str, words: str, *, is_told: bool, now: datetime) -> None:
    note = DisputeNote(district_id=row.district_id, dispute_id=row.id, said_by=said_by, words=words, is_told=is_told)
    note.made_by, note.made_at = int(who.person_id or 0), now
    session.add(note)


def _tell(session: Session, who: Principal, row: Dispute, step: str, text: tuple[str, str], *, now: datetime) -> None:
    """The customer by the inbox, the shop's owners by mail; both see it on the page of the payment."""
    number = payment_number(row.transaction_id)
    if nickname(session, row.district_id, row.person_id) is not None:
        key = own_key(session, "dispute told", row.district_id, row.id, step)
        tell_person(session, who, row.person_id, _words(row, number, text), key=key, now=now)
    shop = merchant.queries.merchant(session, row.district_id, row.merchant_id)
    place = district(session, row.district_id)
    said: dict[str, str | int] = {"district": place.name, "contact": place.contact, "shop": shop.name, "number": number}
    for grant in grants(session, row.district_id, merchant_id=row.merchant_id):
        person = profile(session, row.district_id, grant.person_id)
        if grant.role == "owner" and person.email is not None:
            queue_mail(session, row.district_id, person.email, SHOP_LETTER, said, language=person.language, now=now)
    wake(session, shop.topic)


def _words(row: Dispute, number: str, text: tuple[str, str]) -> Words:
    """What the inbox says, in both languages, as an announcement keeps it."""
    facts = {"number": number, "day": f"{row.due_on.month}月{row.due_on.day}日", "back": grouped(row.refunded)}
    english = facts | {"day": f"{row.due_on:%-d %B}"}
    title, body = text
    say = words("en")
    return Words(title % facts, body % facts, say.ugettext(title) % english, say.ugettext(body) % english)


def _payment(session: Session, district_id: int, transaction_id: int) -> Transaction:
    try:
        found = read.transaction(session, district_id, transaction_id)
    except TransactionUnknown:
        raise NotDisputable from None
    if found.kind not in PAYMENTS or not kept_by_shop(found, _refunds(session, district_id, found)):
        raise NotDisputable
    return found


def _refunds(session: Session, district_id: int, payment: Transaction) -> list[Transaction]:
    return [read.transaction(session, district_id, number) for number in payment.refunds]


def _open_case(session: Session, who: Principal, dispute_id: int) -> Dispute:
    row = session.get(Dispute, (who.district_id, dispute_id), populate_existing=True)
    if row is None:
        raise DisputeUnknown
    if row.closed_at is not None:
        raise DisputeClosed
    return row


def _must_not_wait(session: Session, row: Dispute) -> None:
    if waiting_of(session, row) is not None:
        raise DisputeWaits


def _alone(session: Session, district_id: int) -> None:
    session.execute(select(func.pg_advisory_xact_lock(DISPUTE_LOCK, district_id)))

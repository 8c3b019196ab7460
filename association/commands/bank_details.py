"""振込先: one person proposes another account, a second one approves, three days pass, and the owner can stop it meanwhile.

Whoever changes where money goes is the thief's best friend: so no single person can, and the shop hears of it before it counts.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
from association.errors import AccountChangeWaits, AccountNotStoppable, AccountStopped, AccountUnknown
from association.models import ShopAccount
from association.queries.bank_details import account_row, accounts_of_shop, sealed_account
from association.rules.zengin import Account, masked
from base.db import atomic, wake
from base.errors import N_, Forbidden
from identity.commands import authorise, queue_mail
from identity.queries import Letter, Principal
from ledger.queries import Proposal
from merchant.queries import merchant

ACCOUNT_LOCK = 6_660
"""First key of the advisory lock under which accounts of a district's shops are proposed and stopped."""
PURPOSE = "shop_account"

PROPOSED = Letter(
    N_("%(district)s: 振込先の変更の申請がありました"),
    N_(
        "お店「%(shop)s」の振込先を、末尾 %(ending)s の口座に変える申請がありました。\n"
        "承認されてから3日たつまで、いまの口座に振り込まれます。\n"
        "心あたりがないときは、お店のページの「入金」で止めるか、すぐに組合（%(contact)s）に電話してください。"
    ),
)
APPROVED = Letter(
    N_("%(district)s: 振込先の変更が承認されました"),
    N_(
        "お店「%(shop)s」の振込先を、末尾 %(ending)s の口座に変える申請が承認されました。\n"
        "3日たつと、この口座に振り込まれるようになります。\n"
        "心あたりがないときは、お店のページの「入金」で止めるか、すぐに組合（%(contact)s）に電話してください。"
    ),
)


def propose_account(
    session: Session, who: Principal, merchant_id: int, account: Account, *, now: datetime, at: datetime | None = None
) -> int:
    """Lay another account of a shop before a second person, tell its owners, and give the proposal's number.

    Nothing changes before it is approved and three days have passed. The proposal's facts, which stay in the book for good, have the
    end of the number only. The same account once more, while it waits, is the same proposal. `at` is for the demo only.
    Raises Forbidden (another shop's), ShopUnknown, AccountChangeWaits.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_account", subject=f"shop:{merchant_id}")
        _own_or_desk(who, merchant_id)
        shop = merchant(session, who.district_id, merchant_id)
        _alone(session, who.district_id)
        change = accounts_of_shop(session, who.district_id, merchant_id, now=now).change
        if change is not None and change.state == "waiting":
            if change.account == account and change.made_by == who.person_id:
                return change.proposal_id
            raise AccountChangeWaits
        facts: dict[str, book.Fact] = {"shop": shop.name, "ending": masked(account.number)[-3:], "account_of": merchant_id}
        number = book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts, at=at)
        session.add(
            ShopAccount(
                district_id=who.district_id,
                merchant_id=merchant_id,
                proposal_id=number,
                sealed=sealed_account(session, who.district_id, merchant_id, account),
                made_by=who.person_id,
                made_at=now,
            )
        )
        session.flush()
        _tell(session, who.district_id, merchant_id, facts, PROPOSED, now=now)
        return number


def stop_account(session: Session, who: Principal, account_id: int, *, reason: str, now: datetime) -> None:
    """止める: an objection ends a change that is not in force yet, at once; one person is enough. Again changes nothing.

    What waited for a second person waits no longer: the objection is its decision, or, where its maker objects, it is taken back.
    Raises Forbidden (another shop's), AccountUnknown, AccountNotStoppable.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.stop_account", subject=f"account:{account_id}")
        _alone(session, who.district_id)
        row = account_row(session, who.district_id, account_id, now=now)
        _own_or_desk(who, row.merchant_id)
        if row.state == "stopped":
            return
        if row.state not in ("waiting", "coming"):
            raise AccountNotStoppable
        if row.state == "waiting":
            if row.made_by == who.person_id:
                book.withdraw(session, who.district_id, row.proposal_id, who.person_id)
            else:
                book.decide(session, who.district_id, row.proposal_id, who.person_id, approved=False, note=reason)
        kept = session.get_one(ShopAccount, (who.district_id, account_id))
        kept.stopped_by, kept.stopped_at, kept.stop_reason = who.person_id, now, reason
        wake(session, merchant(session, who.district_id, row.merchant_id).topic)


def withdraw_account(session: Session, who: Principal, account_id: int, *, now: datetime) -> None:
    """取り下げる: whoever proposed it takes it back while it waits, an owner as well as the desk.

    Raises Forbidden (another shop's), AccountUnknown, ProposalUnknown (of what somebody else proposed), AlreadyDecided.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.withdraw", subject=f"account:{account_id}")
        row = account_row(session, who.district_id, account_id, now=now)
        _own_or_desk(who, row.merchant_id)
        book.withdraw(session, who.district_id, row.proposal_id, who.person_id)
        wake(session, merchant(session, who.district_id, row.merchant_id).topic)


def refuse_if_stopped(session: Session, proposal: Proposal, district_id: int) -> None:
    """For whoever approves: somebody has objected, before an objection was a decision. Raises AccountStopped."""
    mine = (ShopAccount.district_id == district_id, ShopAccount.proposal_id == proposal.id)
    row = session.scalar(select(ShopAccount).where(*mine))
    if row is None:
        raise AccountUnknown
    if row.stopped_at is not None:
        raise AccountStopped


def tell_approved(session: Session, district_id: int, proposal: Proposal, *, now: datetime) -> None:
    """Once a change is approved, the owners hear of it a second time, while it can still be stopped."""
    _tell(session, district_id, int(proposal.facts["account_of"] or 0), proposal.facts, APPROVED, now=now)


def _own_or_desk(who: Principal, merchant_id: int) -> None:
    """An owner speaks for their own shop; the desk for every shop."""
    if not (who.merchant_id == merchant_id or who.has("issuer") or who.has("approver") or who.has("administrator")):
        raise Forbidden


def _alone(session: Session, district_id: int) -> None:
    session.execute(select(func.pg_advisory_xact_lock(ACCOUNT_LOCK, district_id)))


def _tell(session: Session, district_id: int, merchant_id: int, facts: dict[str, book.Fact], letter: Letter, *, now: datetime) -> None:
    """Mail to every owner who has an address; the tablets see it on their page of payouts."""
    district = identity.queries.district(session, district_id)
    said: dict[str, str | int] = {
        "district": district.name,
        "contact": district.contact,
        "shop": str(facts["shop"]),
        "ending": str(facts["ending"]),
    }
    for grant in identity.queries.grants(session, district_id, merchant_id=merchant_id):
        person = identity.queries.profile(session, district_id, grant.person_id)
        if grant.role == "owner" and person.email is not None:
            queue_mail(session, district_id, person.email, letter, said, language=person.language, now=now)
    wake(session, merchant(session, district_id, merchant_id).topic)

"""承認待ち: what somebody proposed, with both sides of what it would book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import ApprovalLimits
from association.queries.books import Called, JournalLine, named_lines
from association.queries.proposal_subjects import subjects
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Proposal


@dataclass(frozen=True, slots=True)
class ListedProposal:
    """A proposal with names. `lines`: of each of its transactions. `amount`: yen it would move. `is_mine`: the asker cannot decide it.
    `about`: the campaign, shop or coin that it is about, where it is about one."""

    proposal: Proposal
    maker_name: str | None
    checker_name: str | None
    lines: tuple[tuple[JournalLine, ...], ...]
    is_mine: bool
    about: Called | None = None

    @property
    def amount(self) -> int:
        """Of a run: what goes to the bank, as its page says it and the button that approves it."""
        if self.proposal.purpose != "settlement":
            return self.proposal.amount
        return -sum(line.amount for item in self.proposal.items for line in item.lines if line.role == "in_transit")

    @property
    def closes_on(self) -> date | None:
        """Of a settlement and its payout: the closing day."""
        said = self.proposal.facts.get("closes_on")
        return date.fromisoformat(said) if isinstance(said, str) else None


@dataclass(frozen=True, slots=True)
class Limits:
    """承認の決まり, in yen of one proposal; None: no limit."""

    approver_max: int | None = None
    passkey_above: int | None = None

    def are_passed_by(self, who: Principal, amount: int) -> bool:
        """Whether so much is for an administrator to decide, and the asker is none."""
        return self.approver_max is not None and amount > self.approver_max and not who.has("administrator")

    def want_passkey(self, proposal: Proposal) -> bool:
        """Whether this is approved with the passkey alone. What has no amount (a role, another account, a fresh start) has no bound:
        a role is worth whatever its holder may decide, an account all that is paid to it."""
        return self.passkey_above is not None and (not proposal.at_stake or proposal.at_stake > self.passkey_above)


def approval_limits(session: Session, district_id: int) -> Limits:
    """As the district has decided; at first there are none."""
    row = session.get(ApprovalLimits, district_id, populate_existing=True)
    return Limits() if row is None else Limits(row.approver_max, row.passkey_above)


def listed_proposals(
    session: Session, who: Principal, *, waiting: bool, purpose: str | None = None, limit: int = 50
) -> list[ListedProposal]:
    """Those that wait for a decision, or those that have one; the newest first."""
    authorise(session, who, "association.read")
    return _listed(session, who, book.proposals(session, who.district_id, waiting=waiting, purpose=purpose, limit=limit))


def listed_proposal(session: Session, who: Principal, proposal_id: int) -> ListedProposal:
    """Raises ProposalUnknown."""
    authorise(session, who, "association.read")
    return _listed(session, who, [book.one_proposal(session, who.district_id, proposal_id)])[0]


def waiting_proposals(session: Session, who: Principal) -> int:
    """How many wait for somebody other than the asker."""
    authorise(session, who, "association.read")
    return book.count_waiting(session, who.district_id, but_of=who.person_id)


def _listed(session: Session, who: Principal, found: Sequence[Proposal]) -> list[ListedProposal]:
    people = {person for each in found for person in (each.maker, each.checker) if person is not None}
    names = nicknames(session, who.district_id, people) if people else {}
    written = [tuple(named_lines(session, who.district_id, [item.lines for item in each.items])) for each in found]
    about = subjects(session, who.district_id, found)
    return [
        ListedProposal(
            proposal=each,
            maker_name=names.get(each.maker),
            checker_name=None if each.checker is None else names.get(each.checker),
            lines=lines,
            is_mine=each.maker == who.person_id,
            about=about.get(each.id) or _batch(lines),
        )
        for each, lines in zip(found, written, strict=True)
    ]


def _batch(lines: Sequence[Sequence[JournalLine]]) -> Called | None:
    """The batch of codes that it would issue or cancel."""
    return next((line.whose for each in lines for line in each if line.role == "top_up_code"), None)

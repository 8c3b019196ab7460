"""補助金を渡す: each participant's part of what was received, and the transfer that proves that it has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subsidy.queries.papers import PaperRow
from subsidy.rules.grant import Grant
from subsidy.rules.passing import fixed_shares
from subsidy.rules.progress import Facts
from subsidy.rules.shares import ByCategory

SHARE = "D_SHARE"
"""The kind of file that proves a transfer to a member; its day and amount are those of the transfer."""


@dataclass(frozen=True, slots=True)
class Passing:
    """`due`: yen that fall to the party of what was fixed. `proof`: the newest transfer that was noted, None before."""

    party_id: int
    due: ByCategory
    proof: PaperRow | None


def passing_of(facts: Facts, result: Grant | None, papers: Sequence[PaperRow], lead: int | None) -> list[Passing]:
    """Every participant with a part of the fixed amount, once it was received and while it need not be given back.

    `result`: of the lines that can be claimed; what somebody paid and could not prove brings them nothing. A slip that the lead gave back
    proves nothing either."""
    fixed = facts.get("fixed")
    if fixed is None or fixed.amounts is None or "paid" not in facts or "revoked" in facts:
        return []
    shares = fixed_shares(ByCategory(*fixed.amounts), result) if result else {}
    proofs = {paper.party_id: paper for paper in papers if paper.kind == SHARE and paper.is_good is not False}
    return [Passing(int(party), due, proofs.get(int(party))) for party, due in shares.items() if due.total and int(party) != lead]

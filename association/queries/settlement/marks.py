"""確認: what the second person should look at before the shops of a run are paid, as whoever put it forward saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import merchant.queries
from association.queries.bank_details import NOTHING, accounts_by_shop
from association.queries.settlement.drafts import USUAL_OF
from association.queries.settlement.runs import Run
from association.queries.settlement.transfers import paid_accounts
from association.rules.settlement import times_usual
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class RunMarks:
    """As of `ShopLine`: paid for the first time, to an account for the first time, while it changes, or tenths of what is usual."""

    is_first: bool
    is_new_account: bool
    is_changing: bool
    times_usual: int | None

    @property
    def is_odd(self) -> bool:
        return self.is_first or self.is_new_account or self.is_changing or self.times_usual is not None


def run_marks(session: Session, who: Principal, run: Run, *, now: datetime) -> dict[int, RunMarks]:
    """By shop, of a run that waits to be approved; as things stand now, so that a change since it was put forward shows."""
    authorise(session, who, "association.read")
    if run.state != "waiting":
        return {}
    earlier = merchant.queries.settled_nets(session, run.district_id)
    by_file = run.transfer_version is not None
    accounts = accounts_by_shop(session, run.district_id, now=now) if by_file else {}
    paid = paid_accounts(session, run.district_id) if by_file else frozenset()
    found = {}
    for line in run.lines:
        before = earlier.get(line.merchant_id, [])
        found[line.merchant_id] = RunMarks(
            is_first=not before,
            is_new_account=line.account_id is not None and line.account_id not in paid,
            is_changing=accounts.get(line.merchant_id, NOTHING).change is not None,
            times_usual=times_usual(line.yen("net"), before[:USUAL_OF]),
        )
    return found

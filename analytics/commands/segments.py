"""Each night: which customers come often, have stayed away, came once, are new, or have not spent what they topped up.

Told from each person's own rhythm by the kernel that counts new and lapsed customers, so that a card and a coupon mean the same people.
"""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

import association.commands
import ledger.queries
from analytics.commands.watching import EPOCH, top_ups
from analytics.reports.source import Source
from analytics.snapshot import Columns

OFTEN_VISITS = 5
"""Days with a payment from which on somebody who has not stayed away comes often."""
NEW_DAYS = 30
"""Whoever paid for the first time within so many days is new, and nothing else."""


def sort_customers(session: Session, source: Source, columns: Columns, today: date, *, now: datetime) -> None:
    """Hand the kinds to the association, by person. `columns`: of the whole history to before `today`. For a night that is under way."""
    members = kinds(source, columns, today)
    codes = np.unique(np.concatenate(list(members.values())))
    accounts = columns.accounts_of_consumers(codes)
    owners = ledger.queries.owners_of(session, columns.district_id, list(accounts.values()))
    people = {name: [owners[accounts[code]] for code in found.tolist() if code in accounts] for name, found in members.items()}
    association.commands.keep_segments(session, columns.district_id, people, now=now)


def kinds(source: Source, columns: Columns, today: date) -> dict[str, NDArray[np.int64]]:
    """Codes of consumers by kind, each person in one at most. What was given back whole was no visit."""
    from analytics.kernels import rhythm  # slow to load, and only whoever counts needs it

    rows, yesterday = source.rows(columns.since, today), (today - EPOCH).days - 1
    part = rhythm.days_part(rows.at, rows.consumer, consumers=columns.consumers)
    _, of = rhythm.comings(part, np.array([yesterday, yesterday + 1], np.int32), as_of=yesterday)
    is_new, has_topped_up = of.first > yesterday - NEW_DAYS, np.zeros(columns.consumers, bool)
    has_topped_up[top_ups(columns)[0]] = True
    stays_away, comes = of.state == rhythm.LAPSED, of.state == rhythm.ACTIVE
    found = {
        "often": comes & ~is_new & (of.visits >= OFTEN_VISITS),
        "silent": stays_away & ~is_new & (of.visits >= 2),
        "once": ~is_new & (of.visits == 1),
        "new": is_new & (of.state != rhythm.NEVER),
        "unspent": (of.state == rhythm.NEVER) & has_topped_up,
    }
    return {name: np.flatnonzero(mask) for name, mask in found.items()}

"""Each night: refunds and first top-ups that somebody should look at, into the queue 見てください. Nothing follows from it by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

import association.commands
import ledger.queries
from analytics.reports.source import DAY_S, TOKYO_S, Source
from analytics.rules.anomalies import unusual_refunds, unusual_topups
from analytics.snapshot import CLASSES, KINDS, Columns, Int64

REFUND_DAYS = 28
NEW_DAYS, FIRST_DAYS, FRESH_DAYS = 90, 7, 14
"""New is whoever topped up first within so many days; compared are the first weeks, and told those that ended within FRESH_DAYS."""
CONSUMER = CLASSES.index("consumer")
TOP_UPS = tuple(KINDS.index(name) for name in ("top_up", "top_up_large", "top_up_again", "agent_top_up", "code_redeem"))
EPOCH = date(1970, 1, 1)


def watch(session: Session, source: Source, columns: Columns, today: date, *, now: datetime) -> int:
    """How many findings are new or have grown. `columns`: of the whole history to before `today`. For a night that is under way."""
    found = [*_refunds(source, today, columns), *_first_top_ups(session, columns, today)]
    told = (association.commands.note_unusual(session, columns.district_id, *each, now=now) for each in found)
    return sum(told)


Unusual = tuple[str, str, int, dict[str, int]]
"""Rule, subject, figure and facts, as the queue takes them."""


def _refunds(source: Source, today: date, columns: Columns) -> list[Unusual]:
    """Shops of which a larger share of the last weeks' payments was refunded than of all others together."""
    months = source.columns(today - timedelta(days=REFUND_DAYS), today).months
    payments, refunded = np.zeros(columns.shops, np.int64), np.zeros(columns.shops, np.int64)
    for month in months:
        payments += np.bincount(month.payments.shop, minlength=columns.shops)
        first = np.unique(month.refunds.of, return_index=True)[1]
        refunded += np.bincount(month.refunds.shop[first], minlength=columns.shops)
    shops = {row.code: row.shop for row in columns.shop_rows}
    return [
        (
            "refund_share",
            f"shop:{shops[each.place]}",
            each.facts["seen"],
            {"payments": each.facts["payments"], "usual": each.facts["usual"]},
        )
        for each in unusual_refunds(payments, np.minimum(refunded, payments))
    ]


def _first_top_ups(session: Session, columns: Columns, today: date) -> list[Unusual]:
    """New customers whose first week's top-ups are far above those of the other new ones."""
    person, day, yen = top_ups(columns)
    first = np.full(columns.consumers, np.iinfo(np.int64).max)
    np.minimum.at(first, person, day)
    last = (today - EPOCH).days
    in_week = day < first[person] + FIRST_DAYS
    total = np.zeros(columns.consumers, np.int64)
    np.add.at(total, person[in_week], yen[in_week])
    new = np.flatnonzero((first >= last - NEW_DAYS) & (first <= last - FIRST_DAYS))
    told = [(int(new[each.place]), each) for each in unusual_topups(total[new])]
    told = [(code, each) for code, each in told if first[code] >= last - FIRST_DAYS - FRESH_DAYS]
    if not told:
        return []
    accounts = columns.accounts_of_consumers(np.array([code for code, _ in told], np.int64))
    people = ledger.queries.owners_of(session, columns.district_id, list(accounts.values()))
    return [
        ("first_top_ups", f"person:{people[accounts[code]]}", each.facts["seen"], {"usual": each.facts["usual"]}) for code, each in told
    ]


def top_ups(columns: Columns) -> tuple[Int64, Int64, Int64]:
    """Person, day since 1970 in Tokyo and yen of each top-up."""
    parts: list[tuple[Int64, Int64, Int64]] = [(np.zeros(0, np.int64),) * 3]
    for month in columns.months:
        flows = month.flows
        mine = np.isin(flows.kind, TOP_UPS) & (flows.target_class == CONSUMER)
        day = (flows.at[mine] + TOKYO_S) // DAY_S
        parts.append((flows.target[mine].astype(np.int64), day, flows.yen[mine]))
    person, day, yen = (np.concatenate(column) for column in zip(*parts, strict=True))
    return person, day, yen

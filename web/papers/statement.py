"""利用明細 of a month. It is no invoice and carries no tax line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from base.clock import TOKYO
from base.yen import grouped
from web.i18n import _, month, ngettext, yen
from web.papers.letter import frame, signed


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One movement. `amount` in yen: + came in, − went out. `kind`, `what` and `series` as words.

    `balance_after`: yen right after it, None where nobody knows. `refunded`: yen of a payment given back so far.
    """

    posted_at: datetime
    kind: str
    what: str
    amount: int
    number: str
    series: str = ""
    balance_after: int | None = None
    refunded: int = 0


def statement(
    *,
    district: str,
    association: str,
    contact: str,
    holder: str,
    first: date,
    rows: Sequence[StatementRow],
    spent: int,
    received: int,
    made_at: datetime,
    passed: int | None = None,
) -> dict[str, Any]:
    """The data of `statement`: the month that begins on `first`, `rows` in the order in which they are to stand.

    `holder`: whose it is, or "". `spent` (refunds taken off), `received` and `passed` (None: nothing was) in yen, as the month's page;
    totals by kind (count, yen) are of all rows.

    Keys besides those of `web.papers.letter.frame`: month, holder, summary (pairs), rows (when, kind, what,
    series, remark, amount, incoming, balance, number), totals (triples), and in `labels`: title, empty, when,
    kind, what, amount, balance, number.
    """
    title = _("利用明細")
    data = frame(
        title=f"{title} {month(first.year, first.month)}", district=district, association=association, contact=contact, made_at=made_at
    )
    data["labels"] |= {
        "title": title,
        "empty": _("この月の利用はありません。"),
        "when": _("日時"),
        "kind": _("種類"),
        "what": _("お店・内容"),
        "amount": _("金額（円）"),
        "balance": _("残高（円）"),
        "number": _("受付番号"),
    }
    return data | {
        "month": month(first.year, first.month),
        "holder": _("%(name)s 様", name=holder) if holder else "",
        "summary": [
            [_("使った金額（返金を差し引き）"), yen(spent)],
            [_("入った金額"), yen(received)],
            *([[_("人から受け取り、人に送った差し引き"), yen(passed)]] if passed is not None else []),
        ],
        "rows": [_row(row) for row in rows],
        "totals": _totals(rows),
    }


def _row(row: StatementRow) -> dict[str, Any]:
    local = row.posted_at.astimezone(TOKYO)
    return {
        "when": f"{local:%m/%d %H:%M}",
        "kind": row.kind,
        "what": row.what or "—",
        "series": row.series,
        "remark": _("返金済み %(amount)s円", amount=grouped(row.refunded)) if row.refunded else "",
        "amount": signed(row.amount),
        "incoming": row.amount > 0,
        "balance": "—" if row.balance_after is None else grouped(row.balance_after),
        "number": row.number,
    }


def _totals(rows: Sequence[StatementRow]) -> list[list[str]]:
    """For each kind, in the order of first appearance: its name, how many, how much."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        count, total = sums.get(row.kind, (0, 0))
        sums[row.kind] = (count + 1, total + row.amount)
    return [
        [_("%(kind)sの合計", kind=kind), ngettext("%(num)s件", "%(num)s件", count), _("%(amount)s円", amount=signed(total))]
        for kind, (count, total) in sums.items()
    ]

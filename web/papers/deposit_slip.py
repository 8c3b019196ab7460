"""入金票: cash on its way to the bank, by notes and coins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from base.yen import grouped
from web.i18n import _, yen
from web.papers.letter import Anchor, dated, frame


def deposit_slip(
    *,
    district: str,
    association: str,
    contact: str,
    amount: int,
    pieces: Sequence[tuple[int, int]],
    counted_at: datetime,
    counted_by: str,
    number: int,
    note: str,
    made_at: datetime,
    anchor: Anchor | None = None,
) -> dict[str, Any]:
    """The data of `deposit_slip`. `pieces`: (yen, how many) of each note and coin, the largest first.

    Keys besides those of `web.papers.letter.frame`: amount, facts (pairs), rows (kind, how many, yen), and in `labels`:
    title, kind, pieces, money, total, bank, received.
    """
    data = frame(title=_("入金票"), district=district, association=association, contact=contact, made_at=made_at, anchor=anchor)
    data["labels"] |= {
        "title": _("入金票"),
        "kind": _("金種"),
        "pieces": _("枚数・個数"),
        "money": _("金額（円）"),
        "total": _("合計"),
        "counted": _("数えた人"),
        "bank": _("銀行の受領印"),
    }
    facts = [[_("入金票の番号"), str(number)], [_("日時"), dated(counted_at)], [_("数えた人"), counted_by]]
    return data | {
        "amount": yen(amount),
        "total": grouped(amount),
        "facts": facts + ([[_("メモ"), note]] if note else []),
        "rows": [[_kind(value), grouped(count) if count else "", grouped(value * count) if count else ""] for value, count in pieces],
    }


def _kind(value: int) -> str:
    return _("%(value)s円札", value=grouped(value)) if value >= 1_000 else _("%(value)s円玉", value=grouped(value))

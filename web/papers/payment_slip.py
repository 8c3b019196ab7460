"""利用明細 of one movement: payment, refund, top-up or reversal. It is no invoice and carries no tax line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from web.i18n import _, date_parts, yen
from web.i18n import number as grouped
from web.papers.letter import dated, frame


def payment_slip(
    *,
    district: str,
    association: str,
    contact: str,
    kind: str,
    amount: int,
    posted_at: datetime,
    number: str,
    word: str,
    lines: Sequence[tuple[str, int]],
    made_at: datetime,
    shop: str | None = None,
    shop_address: str | None = None,
    given_back: Sequence[tuple[datetime, str, int]] = (),
    verify_at: str = "",
    checkpoint: str = "",
    earned: tuple[int, date] | None = None,
) -> dict[str, Any]:
    """The data of `payment_slip`. Amounts in yen, as the screen shows them: without a sign.

    `kind`: 支払い, チャージ …, translated. `number`, `word`: 受付番号 and 合言葉. `lines`: what each kind of value
    gave or got (its name, yen). `given_back`: refunds of this payment (when, their number, yen).
    `earned`: points, and the day from which they can be spent.
    `verify_at`: where the attached proof can be checked; `checkpoint`: of the log that it stands in, in short. Both empty without one.

    Keys besides those of `web.papers.letter.frame`: kind, other, other_address, amount, facts and lines (pairs),
    given_back (triples), proved, checkpoint, and in `labels`: title, given_back.
    """
    data = frame(title=_("利用明細"), district=district, association=association, contact=contact, made_at=made_at)
    data["labels"] |= {"title": _("利用明細"), "given_back": _("返金")}
    return data | {
        "kind": kind,
        "other": shop or "",
        "other_address": shop_address or "",
        "amount": yen(amount),
        "facts": [
            [_("日時"), dated(posted_at, seconds=True)],
            [_("受付番号"), number],
            [_("合言葉"), word],
            *([] if earned is None else [[_("この支払いのポイント"), earned_words(*earned)]]),
        ],
        "lines": [[name, yen(part)] for name, part in lines],
        "proved": _("このPDFには改ざん検知の証明が入っています。%(address)s で、だれでも確かめられます。", address=verify_at)
        if verify_at
        else "",
        "checkpoint": checkpoint,
        "given_back": [[dated(moment), refund_number, yen(part)] for moment, refund_number, part in given_back],
    }


def earned_words(points: int, day: date) -> str:
    """How many points, and from when they can be spent."""
    when = _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(day))
    return _("%(points)sポイント（%(day)sから使えます）", points=grouped(points), day=when)

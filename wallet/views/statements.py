"""利用明細 as files: a month as CSV or PDF, one movement as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Response

from base.clock import TOKYO
from wallet.queries import Movement
from web.csvfile import rows_to_csv
from web.i18n import _


def kind_word(kind: str) -> str:
    """What a movement is called on the screen."""
    return {
        "payment": _("支払い"),
        "top_up": _("チャージ"),
        "refund": _("返金"),
        "reversal": _("チャージの取消"),
    }.get(kind, _("調整"))


def month_csv(first: date, movements: Sequence[Movement]) -> Response:
    """One row a movement, oldest first; amounts as whole yen with their sign."""
    head = [_("日時"), _("種類"), _("お店"), _("種別"), _("金額（円）"), _("残高（円）"), _("受付番号"), _("返金済み（円）")]
    rows: list[Sequence[object]] = [head]
    for one in reversed(movements):
        local = one.posted_at.astimezone(TOKYO)
        rows.append(
            [
                f"{local:%Y-%m-%d %H:%M:%S}",
                kind_word(one.kind),
                one.shop_name or "",
                "、".join(series.name for series in one.series),
                one.amount,
                one.balance_after,
                one.number,
                one.refunded if one.kind == "payment" else "",
            ]
        )
    return _file(rows_to_csv(rows), "text/csv; charset=utf-8", f"meguri-{first:%Y-%m}.csv")


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

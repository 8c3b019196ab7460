"""金庫: what came and went, and cash on its way to the bank with its slip."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.errors import CountUnknown
from association.queries import Counted
from association.rules.cash import DENOMINATIONS
from association.schemas import CountSafeSchema, DepositSchema, SafeSchema
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from identity.commands import authorise
from ledger.queries import Entry, payment_number
from web import forms, papers, pdf, tables
from web.i18n import _, translate
from web.tables import Column, moment, text, yen

PAGE = 30


@pages.get("/desk/safe")
def safe() -> str:
    """The safe's own list, the newest first."""
    before = asked(SafeSchema)["before"]
    found = queries.safe_movements(g.session, g.who, before=before, limit=PAGE + 1)
    return desk_page(
        "association/safe.html",
        cash=queries.safe_cash(g.session, g.who),
        movements=found[:PAGE],
        more=found[PAGE - 1] if len(found) > PAGE else None,
        last=queries.cash(g.session, g.who).safe_last,
        counts=queries.counts_of(g.session, g.who, [each.transaction_id for each in found]),
    )


@pages.get("/desk/safe.<any(xlsx, csv):file>")
def safe_table(file: str) -> Response:
    """Everything that came and went, the newest first."""
    columns = [moment(_("日時")), text(_("何の")), text(_("メモ"), 28), text(_("受付番号")), yen(_("入り（円）")), yen(_("出（円）"))]
    moved = queries.safe_movements(g.session, g.who, limit=None)
    return tables.download(file, f"safe-{tokyo_day(g.clock())}", columns, map(_movement_row, moved))


@pages.get("/desk/safe/counts.<any(xlsx, csv):file>")
def counts_table(file: str) -> Response:
    """Every count, the newest first: who counted whose cash, what the book said, and how many of each note and coin."""
    columns = [
        text(_("番号"), 10),
        moment(_("数えた日時")),
        text(_("何の")),
        text(_("担当"), 24),
        text(_("数えた人"), 24),
        yen(_("帳簿の額（円）")),
        yen(_("数えた額（円）")),
        yen(_("過不足（円）")),
        yen(_("引き出しに残した額（円）")),
        text(_("メモ"), 28),
        text(_("移した現金の受付番号"), 24),
        text(_("過不足の受付番号"), 24),
        *map(_pieces_column, DENOMINATIONS),
    ]
    return tables.download(file, f"counts-{tokyo_day(g.clock())}", columns, map(_count_row, queries.cash_counts(g.session, g.who)))


@pages.get("/desk/safe/count")
def count_page() -> str:
    """金庫の実査: count all that lies there."""
    authorise(g.session, g.who, "association.count_safe", subject="page")
    return desk_page("association/safe_count.html", cash=queries.safe_cash(g.session, g.who), denominations=DENOMINATIONS)


@pages.post("/desk/safe/count")
def count_safe() -> Answer:
    """実査を記録する: a difference is booked at once."""
    commands.count_safe(g.session, g.who, forms.load(CountSafeSchema), now=g.clock())
    return redirect(url_for(".safe"), 303)


@pages.get("/desk/safe/deposit")
def deposit_page() -> str:
    """Count what goes to the bank."""
    authorise(g.session, g.who, "association.deposit", subject="page")
    return desk_page("association/deposit.html", cash=queries.safe_cash(g.session, g.who), denominations=DENOMINATIONS)


@pages.post("/desk/safe/deposit")
def deposit() -> Answer:
    """入金する: booked when the cash leaves the safe."""
    count_id = commands.deposit(g.session, g.who, forms.load(DepositSchema), now=g.clock())
    return redirect(url_for(".deposited", count_id=count_id), 303)


@pages.get("/desk/safe/deposit/<int:count_id>")
def deposited(count_id: int) -> str:
    """What went, by notes and coins, and its slip."""
    return desk_page("association/deposited.html", count=_deposit(count_id), denominations=DENOMINATIONS)


@pages.get("/desk/safe/deposit/<int:count_id>.pdf")
def deposit_slip(count_id: int) -> Response:
    """入金票, one A5 page."""
    count = _deposit(count_id)
    notice = queries.current_notice(g.session, g.who.district_id)
    paper = papers.deposit_slip(
        district=g.district.name,
        association=g.district.association,
        contact=notice.contact if notice else "",
        amount=count.counted,
        pieces=[(value, count.pieces.get(value, 0)) for value in DENOMINATIONS],
        counted_at=count.counted_at,
        counted_by=count.counter_name or "",
        number=count.id,
        note=count.reason,
        made_at=g.clock(),
        anchor=ledger.queries.newest_checkpoint(g.session, g.who.district_id),
    )
    answer = Response(pdf.render("deposit_slip", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="deposit-{count.id}.pdf"'
    return answer


def _deposit(count_id: int) -> Counted:
    count = queries.count(g.session, g.who, count_id)
    if count.clerk_id is not None or count.is_of_safe:
        raise CountUnknown
    return count


def _movement_row(one: Entry) -> list[object]:
    kind = translate(titles.KINDS[one.kind])
    return [one.posted_at, kind, one.facts.get("note"), one.payment_number, max(one.amount, 0) or None, max(-one.amount, 0) or None]


def _pieces_column(value: int) -> Column:
    name = _("%(value)s円札", value=f"{value:,}") if value >= 1000 else _("%(value)s円玉", value=value)
    return tables.count(name)


def _count_row(count: Counted) -> list[object]:
    """What went to the bank is compared with nothing and leaves nothing in a drawer."""
    of_drawer = count.clerk_id is not None
    is_compared = of_drawer or count.is_of_safe
    return [
        count.id,
        count.counted_at,
        _("金庫の実査") if count.is_of_safe else translate(titles.KINDS["drawer_close" if of_drawer else "bank_deposit"]),
        (count.clerk_name or _("退会した人")) if of_drawer else None,
        count.counter_name or _("退会した人"),
        count.expected if is_compared else None,
        count.counted,
        count.difference if is_compared else None,
        count.stays if of_drawer else None,
        count.reason,
        None if count.moved_id is None else payment_number(count.moved_id),
        None if count.difference_id is None else payment_number(count.difference_id),
        *(count.pieces.get(value, 0) for value in DENOMINATIONS),
    ]

"""帳簿: the journal with both sides, the trial balance at any moment, and both as files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import Response, g, request

from association import queries, titles
from association.errors import PaperTooLong
from association.queries import JournalLine, JournalRow, Search
from association.schemas import MomentSchema, SearchSchema
from association.views.frame import asked, desk_page, pages, pieces
from association.views.sheet import PAPER_ROWS, Report, Row, amounts, on_paper, period
from base.clock import day_bounds, tokyo_day
from ledger.queries import payment_number
from web import tables
from web.i18n import _, named, translate
from web.tables import count, moment, text, yen


@pages.get("/desk/books")
def books() -> str:
    """What was booked, newest first; search by days, kind, amounts, series, shop and number; and the trial balance beside it."""
    search, before = asked(SearchSchema)
    until = asked(MomentSchema)["at"]
    now = g.clock()
    return desk_page(
        "association/books.html",
        search=search,
        page=queries.journal_page(g.session, g.who, search, before=before, now=now),
        before=before,
        stretches=queries.journal_pieces(g.session, g.who, search),
        trial=queries.trial(g.session, g.who, at=None if until is None else day_bounds(until)[1]),
        until=until,
        today=tokyo_day(now),
        payment_number=payment_number,
        series={each.series.id: named(each.series) for each in queries.listed_series(g.session, g.who, now=now)},
        shops=[each.shop for each in queries.listed_shops(g.session, g.who)],
        query={name: value for name, value in request.args.items() if name in {*SearchSchema().fields, "at"} - {"before"}},
    )


@pages.get("/desk/books/journal.<any(xlsx, csv):file>")
def journal_table(file: str) -> Response:
    """仕訳帳: a line a row, of the same search. Raises JournalTooLong: the page offers it in pieces then."""
    search, _before = asked(SearchSchema)
    columns = [
        moment(_("日時")),
        text(_("受付番号")),
        text(_("取引")),
        text(_("勘定科目")),
        text(_("相手")),
        text(_("種別")),
        yen(_("借方（円）")),
        yen(_("貸方（円）")),
        text(_("元の受付番号")),
        count(_("枚数")),
    ]
    rows = _journal_lines(queries.journal_rows(g.session, g.who, search))
    return tables.download(file, f"journal-{search.first or 'first'}-{search.last or tokyo_day(g.clock())}", columns, rows)


@pages.get("/desk/books/journal.pdf")
def journal_paper() -> Response:
    """仕訳帳 on A4, of the same search, the oldest first as books are kept. Raises PaperTooLong."""
    search, _before = asked(SearchSchema)
    found = list(islice(queries.journal_rows(g.session, g.who, search), PAPER_ROWS + 1))
    if len(found) > PAPER_ROWS:
        raise PaperTooLong(most=PAPER_ROWS)
    columns = [moment(_("日時")), text(_("受付番号")), text(_("取引")), text(_("勘定科目")), yen(_("借方（円）")), yen(_("貸方（円）"))]
    rows = [row for each in reversed(found) for row in _paper_rows(each)]
    moved = [line for each in found for line in each.lines if not line.counts_pieces]
    rows.append(Row([None, None, None, _("合計"), sum(line.debit for line in moved), sum(line.credit for line in moved)], "sum"))
    name = f"journal-{search.first or 'first'}-{search.last or tokyo_day(g.clock())}"
    return on_paper(Report(name, _("仕訳帳"), _about(search), columns, rows), wide=3)


def _paper_rows(row: JournalRow) -> Iterator[Row]:
    """A transaction on paper: its number once, then a line a row."""
    booked = row.transaction
    head: list[object] = [booked.posted_at, booked.payment_number, translate(titles.KINDS.get(booked.kind, booked.kind))]
    for place, line in enumerate(row.lines):
        account = " ".join(
            [translate(titles.ACCOUNTS.get(line.role, line.role)), *(named(each) for each in (line.series, line.whose) if each)]
        )
        yield Row([*([None] * 3 if place else head), account, _side(line, line.debit), _side(line, line.credit)])


def _side(line: JournalLine, amount: int) -> object:
    """Yen as a number, pieces and units with their word: they are not added up."""
    if not amount:
        return None
    return pieces(line, amount) if line.counts_pieces else amount


def _about(search: Search) -> str:
    """What was looked for, in words."""
    names = {each.series.id: named(each.series) for each in queries.listed_series(g.session, g.who, now=g.clock())}
    parts = [period(search.first, search.last or tokyo_day(g.clock()))]
    if search.series is not None:
        parts.append(names.get(search.series, str(search.series)))
    if search.shop is not None:
        parts += [named(each.shop) for each in queries.listed_shops(g.session, g.who) if each.shop.id == search.shop]
    if search.kind is not None:
        parts.append(translate(titles.KINDS.get(search.kind, search.kind)))
    if (search.least, search.most) != (None, None):
        parts.append(amounts(search.least, search.most))
    if search.number is not None:
        parts.append(payment_number(search.number))
    return "・".join(parts)


@pages.get("/desk/books/trial-balance.<any(xlsx, csv):file>")
def trial_table(file: str) -> Response:
    """残高試算表 of the same moment."""
    until = asked(MomentSchema)["at"]
    trial = queries.trial(g.session, g.who, at=None if until is None else day_bounds(until)[1])
    names = {each.series.id: named(each.series) for each in queries.listed_series(g.session, g.who, now=g.clock())}
    rows: list[list[object]] = [
        [translate(titles.ACCOUNTS.get(row.role, row.role)), names.get(row.series_id), row.debit, row.credit] for row in trial.rows
    ]
    columns = [text(_("勘定科目")), text(_("種別")), yen(_("借方（円）")), yen(_("貸方（円）"))]
    total: list[object] = [_("合計"), None, trial.debit, trial.credit]
    return tables.download(file, f"trial-balance-{until or tokyo_day(g.clock())}", columns, [*rows, total])


def _journal_lines(rows: Iterator[JournalRow]) -> Iterator[list[object]]:
    for row in rows:
        booked = row.transaction
        for line in row.lines:
            yield [
                booked.posted_at,
                booked.payment_number,
                translate(titles.KINDS.get(booked.kind, booked.kind)),
                translate(titles.ACCOUNTS.get(line.role, line.role)),
                line.whose and named(line.whose),
                line.series and named(line.series),
                None if line.counts_pieces else line.debit or None,
                None if line.counts_pieces else line.credit or None,
                None if booked.refers_to is None else payment_number(booked.refers_to),
                line.debit - line.credit if line.counts_pieces else None,
            ]

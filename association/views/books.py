"""帳簿・監査: the journal with both sides, the trial balance at any moment, and both as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, g, request

from association import queries, titles
from association.queries import JournalRow, Search
from association.schemas import MomentSchema, SearchSchema
from association.views.frame import asked, desk_page, pages
from base.clock import TOKYO, day_bounds, tokyo_day
from ledger.queries import payment_number
from web.csvfile import rows_to_csv
from web.i18n import _, language, translate


@pages.get("/desk/books")
def books() -> str:
    """What was booked, newest first; search by day, kind, amount and number; and the trial balance beside it."""
    search, before = asked(SearchSchema)
    until = asked(MomentSchema)["at"]
    now = g.clock()
    return desk_page(
        "association/books.html",
        search=search,
        page=queries.journal_page(g.session, g.who, search, before=before, now=now),
        before=before,
        trial=queries.trial(g.session, g.who, at=None if until is None else day_bounds(until)[1]),
        until=until,
        today=tokyo_day(now),
        payment_number=payment_number,
        series={
            each.series.id: each.series.name_en if language() == "en" else each.series.name
            for each in queries.listed_series(g.session, g.who, now=now)
        },
        query={name: value for name, value in request.args.items() if name not in ("before", "lang", "theme", "text")},
    )


@pages.get("/desk/books/journal.csv")
def journal_csv() -> Response:
    """仕訳帳: a line a row, of the same search."""
    search, _before = asked(SearchSchema)
    rows = queries.journal_rows(g.session, g.who, search)
    return _download(_journal_lines(rows), f"journal-{_stamp(search)}.csv")


@pages.get("/desk/books/trial-balance.csv")
def trial_csv() -> Response:
    """残高試算表 of the same moment."""
    until = asked(MomentSchema)["at"]
    trial = queries.trial(g.session, g.who, at=None if until is None else day_bounds(until)[1])
    names = {each.series.id: each.series.name for each in queries.listed_series(g.session, g.who, now=g.clock())}
    lines: list[list[object]] = [[_("勘定科目"), _("種別"), _("借方（円）"), _("貸方（円）")]]
    lines += [[translate(titles.ACCOUNTS.get(row.role, row.role)), names.get(row.series_id), row.debit, row.credit] for row in trial.rows]
    lines.append([_("合計"), "", trial.debit, trial.credit])
    return _download(iter(lines), f"trial-balance-{until or tokyo_day(g.clock())}.csv")


def _journal_lines(rows: Iterator[JournalRow]) -> Iterator[list[object]]:
    yield [
        _("日時"),
        _("受付番号"),
        _("取引"),
        _("勘定科目"),
        _("相手"),
        _("種別"),
        _("借方（円）"),
        _("貸方（円）"),
        _("元の受付番号"),
        _("枚数"),
    ]
    for row in rows:
        booked = row.transaction
        for line in row.lines:
            yield [
                _moment(booked.posted_at),
                booked.id,
                translate(titles.KINDS.get(booked.kind, booked.kind)),
                translate(titles.ACCOUNTS.get(line.role, line.role)),
                line.whose,
                line.series,
                None if line.counts_pieces else line.debit or None,
                None if line.counts_pieces else line.credit or None,
                booked.refers_to,
                line.debit - line.credit if line.counts_pieces else None,
            ]


def _moment(posted_at: datetime) -> str:
    return f"{posted_at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}"


def _stamp(search: Search) -> str:
    return f"{search.first or 'first'}-{search.last or tokyo_day(g.clock())}"


def _download(lines: Iterator[list[Any]], name: str) -> Response:
    return Response(rows_to_csv(lines), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})

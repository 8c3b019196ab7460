"""A table of the books with a title: as a page, as a file, and on paper."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from flask import Response, g

import identity.queries
from association.errors import PaperTooLong
from base.yen import grouped
from web import papers, pdf, tables
from web.i18n import _, date_parts, named
from web.tables import Column

PAPER_ROWS = 3_000
"""What a PDF holds at most, some seventy pages: made in seconds, and read by nobody if it were longer."""


@dataclass(frozen=True, slots=True)
class Row:
    """`style`: head (of a part), sum, danger, or plain. `href`: where its first word leads."""

    cells: list[object]
    style: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A table with a title. `name`: of its file. `more`: whether another page follows.

    On paper alone: `to`, whom it is sent to, and `lines` under the title (its number, where to pay).
    """

    name: str
    title: str
    about: str
    columns: list[Column]
    rows: Iterable[Row]
    more: bool = False
    to: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def period(first: date | None, last: date) -> str:
    """Which days, both included; `first` None: from the beginning."""
    if first is None:
        return _("はじめから%(last)sまで", last=full_day(last))
    return _("%(first)sから%(last)sまで", first=full_day(first), last=full_day(last))


def amounts(least: int | None, most: int | None) -> str:
    """How many yen, both included; None: no bound on that side. One of the two is given."""
    if least is None:
        assert most is not None
        return _("%(most)s円まで", most=grouped(most))
    if most is None:
        return _("%(least)s円から", least=grouped(least))
    if least == most:
        return _("%(amount)s円", amount=grouped(least))
    return _("%(least)s円から%(most)s円まで", least=grouped(least), most=grouped(most))


def full_day(moment: date) -> str:
    """With its year: a paper is read when it is another one."""
    return _("%(year)s年%(month)s月%(day)s日", **date_parts(moment))


def as_table(report: Report, form: str) -> Response:
    """As Excel or CSV, of any length."""
    return tables.download(form, report.name, report.columns, (row.cells for row in report.rows))


def on_paper(report: Report, *, wide: int = 1) -> Response:
    """As PDF, with who printed it and when. `wide`: the column that takes what the others leave.

    Reads no more than it would print. Raises PaperTooLong.
    """
    rows = list(islice(report.rows, PAPER_ROWS + 1))
    if len(rows) > PAPER_ROWS:
        if isinstance(report.rows, Generator):
            report.rows.close()  # and with it what the database still has to say
        raise PaperTooLong(most=PAPER_ROWS)
    data = papers.report(
        title=report.title,
        about=report.about,
        columns=report.columns,
        rows=[(row.style, row.cells) for row in rows],
        wide=wide,
        to=report.to,
        lines=report.lines,
        district=named(g.district),
        association=g.district.association,
        contact=g.district.contact,
        made_at=g.clock(),
        made_by=identity.queries.person_profile(g.session, g.who).nickname,
    )
    answer = Response(pdf.render("report", data), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{report.name}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

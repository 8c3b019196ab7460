"""今月の報告書: what is on its four pages, and the one that is made by itself when a month is over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from analytics import commands, queries, reports
from analytics.queries import THIN, Asked, Chart, KeptPaper, Series, Words, month_end
from analytics.views.printing import about, finding, picture
from base.clock import day_bounds
from base.errors import N_
from identity.queries import District
from web import i18n, papers, pdf
from web.i18n import _, named, translate
from web.papers import Finding, Whole
from web.papers.letter import signed

Ask = Callable[[str, date | None], Asked]
"""A report by its name as outsiders have it, of the month that ends on that day, or of the newest that is over."""
ON_PAGES = (("customers",), ("profile", "circulation"), ("cohorts", "rfm", month_end.EFFECTS), ("movers", month_end.FORECAST))
SHORT = ("cohorts", "movers")
"""Their page has room for the newest rows and the largest changes; the table beside them is whole."""
ASIDE = ("festival", "survey")
"""What was measured beside the payments: a sentence on the first page, where it tells something."""
TREND_MONTHS = 6
NEW, RETURNING, LAPSED = range(3)
"""Rows of `customers`."""


def keep_month(session: Session, district: District, month: date, *, now: datetime) -> KeptPaper:
    """Make the paper of the month that begins on that day, in Japanese, and keep it. Dated with the moment from which the month may be
    told, so that it comes out the same whenever it is made. Raises PaperDiffers, and what all reports refuse alike.
    """

    def ask(name: str, last: date | None) -> Asked:
        report = reports.report(name)
        period = reports.period(report, None, last, now)
        there = queries.beside(session, district.id, name, period.since, period.until, None)
        return queries.asked(report, period, reports.run(session, district.id, report, period, now=now, measured=there, is_outside=True))

    until = reports.following(month)
    with i18n.without_request("ja"):
        made_at = day_bounds(until)[0] + reports.AFTER_END
        told = tell(ask, until - timedelta(days=1), queries.joined_reports(session, district.id))
        commands.keep_month_end(session, district.id, month, now=now)
        data = month_data(told | month_end.month_end(session, district.id, month), ask, frame(district, made_at))
        paper = pdf.render("insight_report", data)
    return commands.keep_paper(session, district.id, month, paper, now=now)


def keep_newest(session: Session, district: District, *, now: datetime) -> KeptPaper | None:
    """The paper of the newest month that is over, if it has none yet and somebody paid in it. For the worker. Raises as `keep_month`.

    It waits for columns that hold all of yesterday: while a town's past is still coming in, nobody can estimate what its coupons brought.
    """
    if not commands.has_yesterday(session, district.id, now=now):
        return None
    month = reports.period(reports.report("customers"), None, None, now).since
    if queries.has_paper(session, district.id, month) or not reports.had_payments(session, district.id, month):
        return None
    return keep_month(session, district, month, now=now)


def frame(district: Any, made_at: datetime) -> dict[str, Any]:
    """What stands on every paper of a district."""
    return {"district": named(district), "association": district.association, "contact": district.contact, "made_at": made_at}


def tell(ask: Ask, last: date | None, joined: Collection[str]) -> dict[str, Asked]:
    """Each report of the paper with its answer: it is made of all of them or not at all. What the month's end left comes beside them.
    `joined`: those for which something is measured."""
    names = [name for row in ON_PAGES for name in row if name not in month_end.LISTED]
    return {name: ask(name, last) for name in (*names, *(name for name in ASIDE if name in joined))}


def month_data(told: Mapping[str, Asked], ask: Ask, on_paper: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the template `insight_report`. `on_paper`: a `frame`."""
    shown = told["customers"].last
    month = i18n.month(shown.year, shown.month)
    found = {name: finding(asked, is_short=name in SHORT) for name, asked in told.items()}
    return papers.insight_report(
        month=month,
        whole=Whole(
            sentence=_month_sentence(told["customers"], month),
            figures=_figures(told["customers"]),
            trend=_trend(told["customers"], ask),
            found=[found[name].sentence for row in (*ON_PAGES[1:], _telling(told)) for name in row],
        ),
        pages=[[found[name] for name in row] for row in ON_PAGES],
        changes=_changes(told["movers"]),
        **on_paper,
    )


def _telling(told: Mapping[str, Asked]) -> list[str]:
    return [name for name in ASIDE if name in told and told[name].answer.can_tell]


def _month_sentence(customers: Asked, month: str) -> str:
    """The month in one sentence; where it cannot be told, that."""
    new, returning = customers.answer.rows[NEW], customers.answer.rows[RETURNING]
    whole = _whole(customers)
    if not customers.answer.can_tell or whole is None:
        return customers.answer.sentence.said(translate)
    text = N_("%(month)sは、%(yen)s円のお支払いがありました。初めての人が%(new)s人以上、前にも来た人が%(returning)s人以上です。")
    return Words(text, {"month": month, "yen": whole, "new": int(str(new[1])), "returning": int(str(returning[1]))}).said(translate)


def _whole(customers: Asked) -> int | None:
    """Yen of the month: both kinds of customers together, where both may be told."""
    parts = [customers.answer.rows[row][2] for row in (NEW, RETURNING)]
    known = [part for part in parts if isinstance(part, int)]
    return sum(known) if len(known) == len(parts) else None


def _figures(customers: Asked) -> list[tuple[str, str]]:
    rows = customers.answer.rows
    whole = _whole(customers)
    figures = [(_("お支払い"), _cell(None) if whole is None else i18n.yen(whole))]
    for row in (NEW, RETURNING, LAPSED):
        people = rows[row][1]
        figures.append((_cell(rows[row][0]), _cell(None) if people is None else _("%(count)s人以上", count=_cell(people))))
    return figures


def _changes(movers: Asked) -> list[list[str]]:
    """A row a weekday, a column a part of the day; what is withheld is a word, never a zero."""
    table: dict[str, dict[str, str]] = {}
    for slot, _was, _now, change in movers.answer.rows:
        assert isinstance(slot, Words)
        weekday, band = (_cell(slot.facts[part]) for part in ("weekday", "band"))
        table.setdefault(weekday, {})[band] = signed(change) if isinstance(change, int) else _("非表示")
    bands = list(next(iter(table.values())))
    return [["", *bands], *([weekday, *row.values()] for weekday, row in table.items())]


def _trend(customers: Asked, ask: Ask) -> Finding:
    """New and returning customers of the last months, each as it was told by itself."""
    months: list[Asked] = [customers]
    while len(months) < TREND_MONTHS:
        last = months[0].first - timedelta(days=1)
        months.insert(0, ask("customers", last))
    series = tuple(
        Series(name, tuple(_people(each, row) for each in months))
        for row, name in ((NEW, Words(N_("初めて"))), (RETURNING, Words(N_("前にも来た"))))
    )
    chart = Chart("line", "people", tuple(f"{each.last:%Y-%m}" for each in months), series)
    told = [value for value in series[RETURNING].values if value is not None]
    sentence = Words(THIN)
    if len(told) > 1:
        text = N_("前にも来た人は、この%(months)sか月の言える月で、%(least)s人以上から%(most)s人以上のあいだです。")
        if min(told) == max(told):
            text = N_("前にも来た人は、この%(months)sか月の言える月で、どの月も%(least)s人台です。")
        sentence = Words(text, {"months": len(months), "least": min(told), "most": max(told)})
    return Finding(
        title=_("この半年のお客様"),
        sentence=sentence.said(translate),
        about=about(Asked(customers.report, months[0].first, customers.last, customers.answer), chart),
        picture=picture(chart),
    )


def _people(asked: Asked, row: int) -> int | None:
    found = asked.answer.rows[row][1]
    return found if isinstance(found, int) else None


def _cell(value: Any) -> str:
    return queries.said(value, translate)

"""月の報告書: the figures of 月次 and of the reports, all of one month, in one PDF to be laid before an assembly and the auditor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from flask import Response, g

import identity.queries
import ledger.queries
from association import queries, titles
from association.queries import Counted, Month, Round
from association.views.frame import pages, watched
from association.views.reports import Asked, balance_sheet, income_statement, trial_balance
from association.views.sheet import Report, full_day, period
from association.views.treasury import chosen_month, equation_terms
from base.clock import tokyo_day
from base.db import one_moment
from base.yen import grouped
from web import papers, pdf, tables
from web.i18n import _, counted, named, translate
from web.papers import PackSection
from web.tables import Column, count, day, moment, text, yen

OPEN_SHOWN = 200
"""Open items that are written out; how many more there are is said."""


@pages.get("/desk/treasury/month.pdf")
def month_pack() -> Response:
    """The pack of the chosen month, made at once, of one moment of the book."""
    first, now = chosen_month(), g.clock()
    with one_moment(g.session):
        data = _pack(first, now)
    answer = Response(pdf.render("month_pack", data), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="month-{first:%Y-%m}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _pack(first: date, now: datetime) -> dict[str, Any]:
    found, seen = queries.month(g.session, g.who, first, now=now), watched()
    wanted = Asked(found.first, found.last, 0, "", False, 1)
    statements = [_statement(trial_balance(wanted)), _statement(balance_sheet(wanted)), _statement(income_statement(wanted), breaks=False)]
    terms = equation_terms(found)
    return papers.month_pack(
        name=_("月の報告書"),
        about=period(found.first, found.last),
        equation=[(name, amount) for name, amount, _parts in terms],
        facts=[
            (_("月次締め"), _closing(found)),
            (_("貸借の差・式の差"), _("%(amount)s円", amount=grouped(found.equation.difference))),
        ],
        sections=[
            *statements,
            _equation(terms),
            _bank(found),
            _outstanding(found),
            _settlements(found),
            _counts(found),
            _claims(found),
            _controls(seen),
            _open_items(found),
        ],
        district=named(g.district),
        association=g.district.association,
        contact=g.district.contact,
        made_at=now,
        made_by=identity.queries.person_profile(g.session, g.who).nickname,
        anchor=ledger.queries.newest_checkpoint(g.session, g.who.district_id),
    )


def _statement(report: Report, *, breaks: bool = True) -> PackSection:
    return PackSection(report.title, report.about, report.columns, [(row.style, row.cells) for row in report.rows], breaks=breaks)


def _closing(found: Month) -> str:
    if found.was_changed:
        return _("締めた月の帳簿が変わっています")
    if found.is_closed:
        return _("締めました")
    return _("まだ締めていません") if found.is_over else _("月の途中です")


def _equation(terms: Sequence[tuple[str, int, list[tuple[str, int, str]]]]) -> PackSection:
    rows: list[tuple[str, Sequence[object]]] = []
    for at, (name, amount, parts) in enumerate(terms):
        rows.append(("sum" if at == 0 else "head", [name, None, amount]))
        rows += [("", [None, part, sum_of_it]) for part, sum_of_it, _href in parts if at]
    rows.append(("sum", [_("合計"), _("利用者・お店・組合"), sum(amount for _name, amount, _parts in terms[1:])]))
    return PackSection(_("預金は、だれのお金か"), "", [text(_("だれの"), 18), text(_("内訳"), 28), yen(_("金額（円）"))], rows)


def _bank(found: Month) -> PackSection:
    """The book's bank account beside the bank's own word."""
    seen = found.bank.explained
    columns = [text(_("項目"), 36), yen(_("金額（円）"))]
    if seen is None:
        return PackSection(
            _("銀行照合"), _("銀行の残高が分かりません"), columns, [("", [_("帳簿の預金残高"), found.bank.book])], 0, breaks=False
        )
    rows: list[tuple[str, Sequence[object]]] = [
        ("", [_("帳簿の預金残高"), seen.book]),
        ("", [_("銀行にあって帳簿にない明細"), seen.not_in_book]),
        ("", [_("帳簿にあって銀行にない記帳"), -seen.not_at_bank]),
        ("", [_("最初の明細より前の差"), seen.before]),
        ("", [_("この帳簿の外のもの"), seen.outside]),
        ("", [_("取り込んでいない明細"), seen.gap]),
    ]
    if seen.rest:
        rows.append(("danger", [_("説明のつかない差"), seen.rest]))
    rows.append(("sum", [_("銀行の残高"), seen.bank]))
    return PackSection(_("銀行照合"), _("%(day)sの終わり", day=full_day(found.last)), columns, rows, 0, breaks=False)


def _outstanding(found: Month) -> PackSection:
    held = queries.outstanding_on(g.session, g.who, found.last)
    rows: list[tuple[str, Sequence[object]]] = [("", [named(each) if each else _("チャージ券"), amount]) for each, amount in held]
    rows.append(("sum", [_("合計"), sum(amount for _series, amount in held)]))
    return PackSection(
        _("種別ごとの未使用残高"), _("%(day)sの終わり", day=full_day(found.last)), [text(_("種別"), 28), yen(_("残高（円）"))], rows, 0
    )


def _settlements(found: Month) -> PackSection:
    names = queries.cycle_names(g.session, g.who.district_id)
    columns = [day(_("締め日")), text(_("締め方"), 20), day(_("振込日")), count(_("店の数")), yen(_("振込額（円）")), text(_("状態"), 16)]
    rows: list[tuple[str, Sequence[object]]] = [
        (
            "",
            [
                run.closes_on,
                names.get(run.cycle, _("ふだんの締め方")),
                run.pay_on,
                run.shops,
                run.net,
                translate(titles.RUN_STATES[run.state][1]),
            ],
        )
        for run in found.runs
    ]
    rows += [("danger", [each.closes_on, each.cycle.name, each.pay_on, None, None, _("まだ申請していません")]) for each in found.unsettled]
    if found.runs:
        rows.append(("sum", [None, _("合計"), None, sum(run.shops for run in found.runs), sum(run.net for run in found.runs), None]))
    return PackSection(_("この月の換金"), "", columns, rows, breaks=False)


def _counts(found: Month) -> PackSection:
    columns = [
        moment(_("数えた日時")),
        text(_("だれの"), 20),
        text(_("数えた人"), 20),
        yen(_("数えた額（円）")),
        yen(_("過不足（円）")),
        text(_("メモ"), 24),
    ]
    rows = [_count_row(each) for each in reversed(found.counts)]
    rows.append(("sum", [None, _("現金過不足（帳簿、借方が不足）"), None, None, found.over_short, None]))
    return PackSection(_("引き出しと金庫、過不足"), period(found.first, found.last), columns, rows, 5)


def _count_row(one: Counted) -> tuple[str, Sequence[object]]:
    is_deposit = one.clerk_id is None and not one.is_of_safe
    whose = _("銀行へ入金") if is_deposit else _("金庫") if one.is_of_safe else one.clerk_name or _("退会した人")
    difference = None if is_deposit else one.difference
    return "danger" if difference else "", [one.counted_at, whose, one.counter_name or _("退会した人"), one.counted, difference, one.reason]


def _claims(found: Month) -> PackSection:
    columns = [text(_("負担者"), 24), text(_("何の"), 28), yen(_("残高（円）"))]
    rows: list[tuple[str, Sequence[object]]] = [("", [each.funder or "—", named(each.about), each.amount]) for each in found.claims]
    if rows:
        rows.append(("sum", [_("合計"), None, sum(each.amount for each in found.claims)]))
    return PackSection(_("負担者から受け取る分"), _("%(day)sの終わり", day=full_day(found.last)), columns, rows, breaks=False)


def _controls(seen: Round) -> PackSection:
    """As they stand now: the pack says when it was made."""
    columns = [text(_("点検"), 28), text(_("状態"), 16), text(_("測った値"), 18), moment(_("測った日時"))]
    rows: list[tuple[str, Sequence[object]]] = [
        (
            "danger" if each.state.value in ("act", "look") else "",
            [
                translate(each.control.title),
                translate(titles.CONTROL_STATES[each.state.value][1]),
                "—" if each.figure is None else f"{grouped(each.figure)}{counted(titles.CONTROL_UNITS[each.unit], each.figure)}",
                each.measured_at,
            ],
        )
        for each in seen.standings
    ]
    return PackSection(_("点検の状態（作成のとき）"), "", columns, rows, 0)


def _open_items(found: Month) -> PackSection:
    """What the bank and the book have not agreed on by the end of the month."""
    columns: list[Column] = [
        tables.day(_("日付")),
        text(_("どちらに"), 12),
        text(_("内容"), 36),
        yen(_("金額（円）")),
        count(_("経過日数")),
    ]
    lines = ([each.line.day, _("銀行だけ"), each.line.about, each.line.amount, each.age] for each in found.bank.lines)
    entries = (
        [
            tokyo_day(each.posted_at),
            _("帳簿だけ"),
            translate(titles.KINDS.get(each.kind, each.kind)) + (f"・{named(each.whose)}" if each.whose else ""),
            each.amount,
            each.age,
        ]
        for each in found.bank.entries
    )
    rows: list[tuple[str, Sequence[object]]] = [("", cells) for cells in chain(lines, entries)]
    more = len(rows) - OPEN_SHOWN
    if more > 0:
        rows = [*rows[:OPEN_SHOWN], ("sum", [None, None, _("ほか %(count)s件", count=grouped(more)), None, None])]
    return PackSection(_("未照合の明細と記帳"), _("%(day)sの終わり", day=full_day(found.last)), columns, rows, 2, breaks=False)

"""会計の帳票: 合計残高試算表, 総勘定元帳, 貸借対照表, 損益計算書. Each is one table, shown as page, Excel, CSV and PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import queries, titles
from association.queries import LedgerRow
from association.rules.accounts import Account, Section, natural, periods, year_start
from association.schemas import ReportSchema
from association.views.frame import asked, desk_page, pages
from association.views.sheet import Report, Row, as_table, full_day, on_paper, period
from base.clock import tokyo_day
from ledger.queries import payment_number
from web import tables
from web.i18n import _, named, translate
from web.tables import Column, count, moment, text, yen

PAGE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, whole."""

    first: date
    last: date
    series: int
    account: str
    each: bool
    page: int

    @property
    def query(self) -> dict[str, Any]:
        values = {"first": self.first, "last": self.last, "series": self.series or None, "account": self.account}
        return values | {"each": "on" if self.each else None}


def _asked() -> Asked:
    """The days that were asked for; this month up to today where nothing was."""
    wanted, today = asked(ReportSchema), tokyo_day(g.clock())
    last = wanted["last"] or today
    first = wanted["first"] or last.replace(day=1)
    return Asked(min(first, last), max(first, last), wanted["series"], wanted["account"], wanted["each"], wanted["page"])


def _series_names() -> dict[int, str]:
    return {each.series.id: named(each.series) for each in queries.listed_series(g.session, g.who, now=g.clock())}


def trial_balance(wanted: Asked) -> Report:
    """合計残高試算表: opening, debit, credit, closing."""
    report = queries.trial_report(g.session, g.who, wanted.first, wanted.last, series_id=wanted.series)
    columns = [text(_("番号"), 8), text(_("勘定科目"), 24), text(_("区分"), 8)]
    columns += [yen(_("期首残高（円）")), yen(_("借方合計（円）")), yen(_("貸方合計（円）")), yen(_("期末残高（円）"))]
    query = wanted.query
    rows = [
        Row(
            [str(line.account.number), named(line.account), _kind(line.account), line.opening, line.debit, line.credit, line.closing],
            href=url_for("association.ledger_page", **query | {"account": line.account.role}),
        )
        for line in report.lines
    ]
    opening = sum(natural(line.account, line.opening) for line in report.lines)
    difference = opening + report.debit - report.credit
    if wanted.series:
        rows.append(Row([None, _("種別によらない科目（現金・預金など）との差引き"), None, -opening, None, None, report.rest]))
    rows.append(Row([None, _("合計"), None, None, report.debit, report.credit, None], "sum"))
    if not wanted.series:
        rows.append(Row([None, _("貸借の差"), None, opening, None, None, difference], "danger" if difference or opening else ""))
    about = period(wanted.first, wanted.last)
    if wanted.series:
        about += "・" + _series_names().get(wanted.series, str(wanted.series))
    return Report(f"trial-{wanted.first}-{wanted.last}", _("合計残高試算表"), about, columns, rows)


def general_ledger(wanted: Asked, *, whole: bool) -> Report:
    """総勘定元帳 of one account with the balance carried on: a row a day, or a row a transaction (`wanted.each`)."""
    report = queries.ledger_report(
        g.session, g.who, wanted.account, wanted.first, wanted.last, series_id=wanted.series, by_day=not wanted.each
    )
    columns = [moment(_("日時")) if wanted.each else tables.day(_("日付")), text(_("取引")), text(_("相手科目"), 24)]
    columns += [text(_("受付番号")) if wanted.each else count(_("件数"))]
    columns += [yen(_("借方（円）")), yen(_("貸方（円）")), yen(_("残高（円）"))]
    names = {account.role: named(account) for account in queries.chart(g.session, g.who.district_id)}
    carried = Row([None, _("前から繰越"), None, None, None, None, report.opening], "head")
    skipped = 0 if whole else (wanted.page - 1) * PAGE
    lines = (_ledger_row(row, wanted, names) for row in report.rows)
    rows: Iterable[Row] = lines if whole else list(islice(lines, skipped, skipped + PAGE + 1))
    more = isinstance(rows, list) and len(rows) > PAGE
    shown = [*rows[:PAGE]] if isinstance(rows, list) else rows
    about = f"{report.account.number} {named(report.account)}・{period(wanted.first, wanted.last)}"
    if wanted.series:
        about += "・" + _series_names().get(wanted.series, str(wanted.series))
    return Report(
        f"ledger-{wanted.account}-{wanted.first}-{wanted.last}",
        _("総勘定元帳"),
        about,
        columns,
        _with_head(carried, shown) if wanted.page == 1 or whole else shown,
        more,
    )


def _with_head(head: Row, rows: Iterable[Row]) -> Iterable[Row]:
    yield head
    yield from rows


def _ledger_row(row: LedgerRow, wanted: Asked, names: dict[str, str]) -> Row:
    line = row.line
    what = translate(titles.KINDS.get(line.kind, line.kind)) if wanted.each else _("1日の合計")
    others = names.get(line.others[0], line.others[0]) if len(line.others) == 1 else _("諸口") if line.others else None
    number: object = payment_number(line.transaction_id) if wanted.each else line.count
    cells = [line.posted_at if wanted.each else line.day, what, others, number, line.debit or None, line.credit or None, row.balance]
    if wanted.each:
        return Row(cells, href=url_for("association.books", number=line.transaction_id))
    return Row(cells, href=url_for("association.ledger_page", **wanted.query | {"first": line.day, "last": line.day, "each": "on"}))


def balance_sheet(wanted: Asked) -> Report:
    """貸借対照表 at the end of the last day."""
    sheet = queries.balance_sheet_report(g.session, g.who, wanted.last)
    start = year_start(wanted.last, queries.first_month(g.session, g.who.district_id))
    capital = sheet.equity.total + sheet.result
    rows = [*_part(sheet.assets), Row([None, _("資産の合計"), sheet.assets.total], "sum")]
    rows += [*_part(sheet.liabilities), Row([None, _("負債の合計"), sheet.liabilities.total], "sum"), *_part(sheet.equity)]
    rows.append(Row([None, _("当期の損益（%(day)sから）", day=full_day(start)), sheet.result]))
    rows.append(Row([None, _("純資産の合計"), capital], "sum"))
    rows.append(Row([None, _("負債と純資産の合計"), sheet.liabilities.total + capital], "sum"))
    if sheet.difference:
        rows.append(Row([None, _("貸借の差"), sheet.difference], "danger"))
    about = _("%(day)sの終わり", day=full_day(wanted.last))
    return Report(f"balance-sheet-{wanted.last}", _("貸借対照表"), about, _statement_columns(), rows)


def income_statement(wanted: Asked) -> Report:
    """損益計算書 of the days."""
    statement = queries.income_report(g.session, g.who, wanted.first, wanted.last)
    rows = [*_part(statement.income), Row([None, _("収益の合計"), statement.income.total], "sum")]
    rows += [*_part(statement.expenses), Row([None, _("費用の合計"), statement.expenses.total], "sum")]
    rows.append(Row([None, _("差引き損益"), statement.result], "sum"))
    about = period(wanted.first, wanted.last)
    return Report(f"income-{wanted.first}-{wanted.last}", _("損益計算書"), about, _statement_columns(), rows)


def _statement_columns() -> list[Column]:
    return [text(_("番号"), 8), text(_("勘定科目"), 28), yen(_("金額（円）"))]


def _part(section: Section) -> list[Row]:
    head = Row([None, translate(titles.ACCOUNT_KINDS[section.kind]), None], "head")
    return [head, *(Row([str(account.number), named(account), amount]) for account, amount in section.lines)]


def _kind(account: Account) -> str:
    return translate(titles.ACCOUNT_KINDS[account.kind])


def _page(report: Report, wanted: Asked, name: str, **more: Any) -> str:
    """`name`: of its views, without `_page`, `_table` and `_paper`."""
    today = tokyo_day(g.clock())
    return desk_page(
        "association/report.html",
        report=report,
        wanted=wanted,
        endpoint=f"association.{name}_page",
        table_endpoint=f"association.{name}_table",
        paper_endpoint=f"association.{name}_paper",
        quick=periods(today, queries.first_month(g.session, g.who.district_id)),
        quick_names=titles.PERIODS,
        series_names=_series_names(),
        **more,
    )


@pages.get("/desk/accounts")
def accounts() -> Answer:
    """会計: the trial balance first."""
    return redirect(url_for("association.trial_balance_page"), 303)


@pages.get("/desk/accounts/trial-balance")
def trial_balance_page() -> str:
    """合計残高試算表."""
    wanted = _asked()
    return _page(trial_balance(wanted), wanted, "trial_balance", by_series=True)


@pages.get("/desk/accounts/trial-balance.<any(xlsx, csv):file>")
def trial_balance_table(file: str) -> Response:
    """合計残高試算表."""
    return as_table(trial_balance(_asked()), file)


@pages.get("/desk/accounts/trial-balance.pdf")
def trial_balance_paper() -> Response:
    """合計残高試算表 on A4."""
    return on_paper(trial_balance(_asked()))


@pages.get("/desk/accounts/ledger")
def ledger_page() -> str:
    """総勘定元帳 of one account."""
    wanted = _asked()
    chart = [(account.role, f"{account.number} {named(account)}") for account in queries.chart(g.session, g.who.district_id)]
    return _page(general_ledger(wanted, whole=False), wanted, "ledger", by_series=True, chart=chart)


@pages.get("/desk/accounts/ledger.<any(xlsx, csv):file>")
def ledger_table(file: str) -> Response:
    """総勘定元帳 of one account, all of it."""
    return as_table(general_ledger(_asked(), whole=True), file)


@pages.get("/desk/accounts/ledger.pdf")
def ledger_paper() -> Response:
    """総勘定元帳 on A4, by day or by transaction as it is shown. Raises PaperTooLong."""
    return on_paper(general_ledger(_asked(), whole=True))


@pages.get("/desk/accounts/balance-sheet")
def balance_sheet_page() -> str:
    """貸借対照表."""
    wanted = _asked()
    return _page(balance_sheet(wanted), wanted, "balance_sheet", one_day=True)


@pages.get("/desk/accounts/balance-sheet.<any(xlsx, csv):file>")
def balance_sheet_table(file: str) -> Response:
    """貸借対照表."""
    return as_table(balance_sheet(_asked()), file)


@pages.get("/desk/accounts/balance-sheet.pdf")
def balance_sheet_paper() -> Response:
    """貸借対照表 on A4."""
    return on_paper(balance_sheet(_asked()))


@pages.get("/desk/accounts/income-statement")
def income_statement_page() -> str:
    """損益計算書."""
    wanted = _asked()
    return _page(income_statement(wanted), wanted, "income_statement")


@pages.get("/desk/accounts/income-statement.<any(xlsx, csv):file>")
def income_statement_table(file: str) -> Response:
    """損益計算書."""
    return as_table(income_statement(_asked()), file)


@pages.get("/desk/accounts/income-statement.pdf")
def income_statement_paper() -> Response:
    """損益計算書 on A4."""
    return on_paper(income_statement(_asked()))

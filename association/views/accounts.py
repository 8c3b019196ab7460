"""会計: the chart of accounts and the fiscal year, months that are closed, and files for accounting packages."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator

from flask import Response, g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.rules import exports
from association.rules.accounts import KINDS, NAME_MAX, Account, may_become, periods
from association.rules.settlement import TAX_PERCENT
from association.schemas import AccountSchema, ExportSchema, FiscalYearSchema, MonthSchema, ReasonSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from base.journal_file import PACKAGES, Voucher, rows
from ledger.queries import Movement, payment_number
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import count, moment, text


@pages.get("/desk/accounts/chart")
def chart_page() -> str:
    """勘定科目 as they hold now, the fiscal year, and who changed what."""
    return desk_page(
        "association/accounts.html",
        chart=queries.chart(g.session, g.who.district_id),
        first_month=queries.first_month(g.session, g.who.district_id),
        history=queries.chart_history(g.session, g.who),
        account_kinds=titles.ACCOUNT_KINDS,
        may_set=g.who.has("administrator"),
    )


@pages.get("/desk/accounts/chart.<any(xlsx, csv):file>")
def chart_table(file: str) -> Response:
    """勘定科目."""
    columns = [text(_("番号"), 8), text(_("勘定科目"), 24), text(_("英語の名前"), 28), text(_("区分"), 10), text(_("帳簿での役割"), 24)]
    rows = [
        [
            str(each.number),
            each.name,
            each.name_en,
            translate(titles.ACCOUNT_KINDS[each.kind]),
            translate(titles.ACCOUNTS[each.role]),
        ]
        for each in queries.chart(g.session, g.who.district_id)
    ]
    return tables.download(file, f"chart-{tokyo_day(g.clock())}", columns, rows)


@pages.get("/desk/accounts/chart/<role>")
def account_page(role: str) -> str:
    """One account, to be changed. Raises ChartRoleUnknown."""
    account = queries.account_of(g.session, g.who.district_id, role)
    kinds = [(kind, translate(titles.ACCOUNT_KINDS[kind])) for kind in KINDS if may_become(account.kind, kind)]
    return desk_page(
        "association/account.html", account=account, account_kinds=kinds, may_set=g.who.has("administrator"), name_max=NAME_MAX
    )


@pages.post("/desk/accounts/chart/<role>")
def set_account(role: str) -> Answer:
    """この内容に決める."""
    commands.set_accounts(g.session, g.who, [Account(role=role, **forms.load(AccountSchema))], now=g.clock())
    return redirect(url_for(".chart_page"), 303)


@pages.post("/desk/accounts/fiscal-year")
def set_fiscal_year() -> Answer:
    """年度のはじまりを決める."""
    commands.set_fiscal_year(g.session, g.who, forms.load(FiscalYearSchema)["first_month"], now=g.clock())
    return redirect(url_for(".chart_page"), 303)


@pages.get("/desk/accounts/closings")
def closings() -> str:
    """月次締め: what is closed and by whom, compared with the entries as they are now; and the month that comes next."""
    return desk_page(
        "association/closings.html",
        months=queries.months(g.session, g.who, now=g.clock()),
        may_close=g.who.has("approver") or g.who.has("administrator"),
        series_names={each.series.id: named(each.series) for each in queries.listed_series(g.session, g.who, now=g.clock())},
    )


@pages.get("/desk/accounts/closings.<any(xlsx, csv):file>")
def closings_table(file: str) -> Response:
    """Every close, the newest first; with who opened it again and why."""
    columns = [text(_("月"), 10), text(_("状態"), 12), text(_("締めた人"), 20), moment(_("締めた日時")), text(_("解く申請をした人"), 20)]
    columns += [text(_("承認した人"), 20), moment(_("解いた日時")), text(_("理由"), 28), count(_("いまの帳簿との違い（件）"))]
    rows = [
        [
            f"{each.closing.month:%Y-%m}",
            _("締め済み") if each.is_closed else _("解いた"),
            each.closed_by or _("退会した人"),
            each.closing.closed_at,
            each.proposer,
            each.approver,
            each.closing.reopened_at,
            each.reason,
            len(each.differences),
        ]
        for each in queries.months(g.session, g.who, now=g.clock()).closed
    ]
    return tables.download(file, f"closings-{tokyo_day(g.clock())}", columns, rows)


@pages.post("/desk/accounts/closings")
def close_month() -> Answer:
    """この月を締める."""
    commands.close_month(g.session, g.who, forms.load(MonthSchema))
    return redirect(url_for(".closings"), 303)


@pages.post("/desk/accounts/closings/<int(max=9223372036854775807):closing_id>/reopen")
def propose_reopening(closing_id: int) -> Answer:
    """解く申請: a second person decides."""
    proposal_id = commands.propose_reopening(g.session, g.who, closing_id, reason=forms.load(ReasonSchema)["reason"])
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.get("/desk/accounts/export")
def export_page() -> str:
    """会計ソフトへ: which package, which days, in full or as the sums of each day."""
    today = tokyo_day(g.clock())
    quick = periods(today, queries.first_month(g.session, g.who.district_id))
    return desk_page(
        "association/export.html", packages=PACKAGES, quick=quick, quick_names=titles.PERIODS, today=today, tax_percent=TAX_PERCENT
    )


@pages.get("/desk/accounts/export/<any(yayoi, freee, mf):package>.csv")
def export_file(package: str) -> Response:
    """The file, in the package's own encoding, CRLF at each end of line."""
    wanted = ExportSchema().load(dict(request.args))
    form, by_day = PACKAGES[package], wanted["by_day"]
    found = queries.movements(g.session, g.who, wanted["first"], wanted["last"], by_day=by_day)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    out = io.TextIOWrapper(file, encoding=form.encoding, errors="replace", newline="", write_through=True)
    csv.writer(out).writerows(rows(form, _vouchers(found)))
    out.detach()
    file.seek(0)
    name = f"{package}-{'days-' if by_day else ''}{wanted['first']}-{wanted['last']}.csv"
    answer = send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _vouchers(found: Iterator[Movement]) -> Iterator[Voucher]:
    """In Japanese whoever asks: that is what the packages' books are kept in."""
    chart = {each.role: each for each in queries.chart(g.session, g.who.district_id)}
    for place, each in enumerate(found, 1):
        if each.number:
            about = f"{titles.KINDS.get(each.kind, each.kind)} {payment_number(each.number)}"
        else:
            about = f"{each.day.month}月{each.day.day}日の合計 {each.count}件"
        yield exports.voucher(place, each.day, about, each.lines, chart)

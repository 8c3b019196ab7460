"""基準日と供託: what comes next, what was reported, what is secured; the report as page, Excel, CSV and PDF; and who holds what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.commands import NewEvidence, NewSecurity
from association.errors import BaseDateWrong
from association.queries import BaseFigures, Security, SeriesFigures
from association.rules.evidence import FILE_MAX_BYTES
from association.schemas import HoldersSchema, SecurityEndSchema, SecuritySchema, SpecialDatesSchema
from association.views.frame import asked, desk_page, pages
from association.views.sheet import Report, Row, as_table, full_day, on_paper
from base.clock import tokyo_day
from ledger.queries import payment_number
from web import forms, tables
from web.i18n import _, ngettext, translate
from web.tables import day, moment, text, yen


@pages.get("/desk/base-dates")
def base_dates() -> str:
    """What comes next, every base date that is over, and what secures the holders' money."""
    now = g.clock()
    return desk_page(
        "association/base_dates.html",
        found=queries.base_dates(g.session, g.who, now=now),
        today=tokyo_day(now),
        securities=titles.SECURITIES,
        full_day=full_day,
    )


@pages.get("/desk/base-dates/past.<any(xlsx, csv):file>")
def base_dates_table(file: str) -> Response:
    """Every base date that is over, with what was reported; empty figures where nobody has yet."""
    columns = [day(_("基準日")), text(_("報告"), 10), yen(_("未使用残高（円）")), yen(_("要供託額（円）"))]
    rows = [
        [on, _("確定"), report.figures.total.unspent, report.figures.total.required] if report else [on, _("まだ"), None, None]
        for on, report in queries.base_dates(g.session, g.who, now=g.clock()).past
    ]
    return tables.download(file, "base-dates", columns, rows)


@pages.get("/desk/base-dates/on/<day>")
def base_date(day: str) -> str:
    """One base date: as it was reported, else by today's book. Raises BaseDateWrong."""
    now = g.clock()
    page = queries.base_date_page(g.session, g.who, _day(day), now=now)
    return desk_page(
        "association/base_date.html",
        page=page,
        shown=page.shown,
        securities=titles.SECURITIES,
        full_day=full_day,
        payment_number=payment_number,
    )


@pages.post("/desk/base-dates/on/<day>")
def freeze_report(day: str) -> Answer:
    """この数字で確定する."""
    commands.freeze_report(g.session, g.who, _day(day), now=g.clock())
    return redirect(url_for(".base_date", day=day), 303)


@pages.get("/desk/base-dates/on/<day>/report.<any(xlsx, csv):file>")
def base_date_table(day: str, file: str) -> Response:
    """The report's lines."""
    return as_table(_report(_shown(day)), file)


@pages.get("/desk/base-dates/on/<day>/report.pdf")
def base_date_paper(day: str) -> Response:
    """The draft on A4, with what the form asks for (payment-law 19)."""
    return on_paper(_report(_shown(day)), wide=1)


@pages.get("/desk/base-dates/holders.<any(xlsx, csv):file>")
def holders_table(file: str) -> Response:
    """保有者の一覧 at the end of a day, by number. Who asked stands in the log."""
    on: date = asked(HoldersSchema)["day"] or tokyo_day(g.clock())
    columns = [text(_("だれ")), text(_("番号"), 12), text(_("種別"), 24), yen(_("残高（円）"))]
    names = {each.series.id: each.series.name for each in queries.listed_series(g.session, g.who, now=g.clock())}
    rows = (
        [
            _("利用者") if each.role == "consumer" else _("チャージ券の束"),
            str(each.owner_id),
            names.get(each.series_id, str(each.series_id)),
            each.amount,
        ]
        for each in queries.holders_on(g.session, g.who, on)
    )
    return tables.download(file, f"holders-{on}", columns, rows)


@pages.get("/desk/base-dates/securities.<any(xlsx, csv):file>")
def securities_table(file: str) -> Response:
    """供託・保全契約の台帳."""
    columns = [
        text(_("方法"), 28),
        yen(_("金額（円）")),
        text(_("相手"), 28),
        text(_("証書の番号"), 20),
        day(_("いつから")),
        day(_("いつまで")),
    ]
    columns += [
        text(_("終わった理由"), 28),
        text(_("証書のファイル"), 24),
        text("SHA-256", 66),
        text(_("登録した人")),
        moment(_("登録した日時")),
    ]
    found = queries.base_dates(g.session, g.who, now=g.clock()).securities
    return tables.download(file, "securities", columns, map(_security_row, found))


@pages.post("/desk/base-dates/securities")
def register_security() -> Answer:
    """登録する, with the certificate."""
    wanted, sent = forms.load(SecuritySchema), request.files.get("file")
    content = sent.read(FILE_MAX_BYTES + 1) if sent else b""
    name = "".join(sign for sign in (sent.filename or "") if sign.isprintable())[:100] if sent else ""
    evidence = NewEvidence(name, content) if content else None
    commands.register_security(g.session, g.who, NewSecurity(**wanted, evidence=evidence), now=g.clock())
    return redirect(url_for(".base_dates") + "#securities", 303)


@pages.get("/desk/base-dates/securities/<int:number>")
def security_file(number: int) -> Response:
    """The certificate, as a file and never shown in the browser. Raises SecurityUnknown."""
    file = queries.security_file(g.session, g.who, number)
    answer = Response(file.content, mimetype=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"certificate-{number}.{file.media_type.rpartition('/')[2]}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/desk/base-dates/securities/<int:number>/end")
def end_security(number: int) -> Answer:
    """終わりの日を登録する."""
    wanted = forms.load(SecurityEndSchema)
    commands.end_security(g.session, g.who, number, wanted["last_day"], reason=wanted["reason"], now=g.clock())
    return redirect(url_for(".base_dates") + "#securities", 303)


@pages.post("/desk/base-dates/special")
def set_special_dates() -> Answer:
    """特例基準日の届出."""
    commands.set_special_dates(g.session, g.who, **forms.load(SpecialDatesSchema), now=g.clock())
    return redirect(url_for(".base_dates"), 303)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise BaseDateWrong from error


def _shown(written: str) -> tuple[BaseFigures, bool]:
    page = queries.base_date_page(g.session, g.who, _day(written), now=g.clock())
    return page.shown, page.frozen is not None


def _report(shown: tuple[BaseFigures, bool]) -> Report:
    figures, is_frozen = shown
    about = _(
        "%(day)s・%(state)s", day=full_day(figures.base_date), state=_("確定した数字") if is_frozen else _("まだ確定していない下書き")
    )
    columns = [text(_("区分"), 14), text(_("項目"), 40), text(_("内容"), 28), yen(_("金額（円）"))]
    return Report(f"base-date-{figures.base_date}", _("基準日報告書の下書き"), about, columns, list(_rows(figures)))


def _rows(figures: BaseFigures) -> Iterator[Row]:
    """The items of payment-law 19 that the book and the district's settings know."""
    total = figures.total
    yield Row([_("発行者"), None, None, None], "head")
    yield Row([None, _("名称"), figures.issuer, None])
    yield Row([None, _("登録番号"), figures.registration or _("なし"), None])
    yield Row([None, _("所在地"), figures.address, None])
    yield Row([None, _("種類"), _("前払式支払手段（第三者型）"), None])
    for each in figures.series:
        yield from _series_rows(each)
    yield Row([_("合計"), None, _("対象の種別だけ"), None], "head")
    yield Row([None, _("前の基準日（%(day)s）の未使用残高", day=full_day(figures.previous_date)), None, total.previous])
    yield Row([None, _("この期間の発行額"), None, total.issued])
    yield Row([None, _("この期間の回収額"), None, total.recovered])
    yield Row([None, _("基準日未使用残高"), None, total.unspent], "sum")
    yield Row([None, _("要供託額"), _("期限 %(day)s", day=full_day(figures.due)), total.required])
    for kind, amount, counterparty, certificate in figures.secured:
        yield Row([None, translate(titles.SECURITIES[kind]), f"{counterparty} {certificate}", amount])
    yield Row([None, _("保全されている額"), None, total.secured], "sum")
    yield Row([None, _("足りない額"), None, total.shortfall], "danger" if total.shortfall else "")
    yield Row([None, _("要供託額を超える額"), _("承認を受けて取り戻すまで、使えません"), total.surplus])
    yield Row([_("加盟店"), None, None, None], "head")
    yield Row([None, _("加盟店の数"), ngettext("%(count)s店", "%(count)s店", figures.shops, count=figures.shops), None])
    yield Row([None, _("使える場所"), figures.places, None])
    yield Row([None, _("加盟店への未払い（振込中を含む）"), None, figures.owed])
    yield Row([_("そのほか"), None, None, None], "head")
    yield Row([None, _("この期間の払戻し"), None, figures.refunded])
    yield Row([None, _("この期間の苦情・相談"), _("%(count)s件", count=figures.complaints), None])
    yield Row([None, _("苦情・相談の窓口"), figures.contact, None])
    for each_one in figures.contractors or (_("なし"),):
        yield Row([None, _("委託先"), each_one, None])


def _series_rows(each: SeriesFigures) -> Iterator[Row]:
    word = translate(titles.REGIMES[each.regime]) if each.regime else _("無償")
    yield Row([_("種別"), each.name, word, None], "head")
    yield Row([None, _("発行額"), None, each.issued])
    yield Row([None, _("回収額"), None, each.recovered])
    yield Row([None, _("未使用残高"), _("供託の対象") if each.is_covered else _("供託の対象外"), each.unspent])


def _security_row(each: Security) -> list[object]:
    return [
        translate(titles.SECURITIES[each.kind]),
        each.amount,
        each.counterparty,
        each.certificate,
        each.first_day,
        each.last_day,
        each.end_reason,
        each.evidence,
        each.sha256.hex() if each.sha256 else None,
        each.made_by_name or _("退会した人"),
        each.made_at,
    ]

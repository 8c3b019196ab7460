"""効果報告: what every member reported, what follows for the group, and the form of one member's year."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from base.yen import grouped
from subsidy import commands, queries, titles
from subsidy.queries import PartyRow, Report, Standing
from subsidy.rules.effect import Effect, Figures, Year, report_of
from subsidy.rules.outlook import BASE
from subsidy.schemas.effect import FiguresSchema
from subsidy.views.frame import group_page, outside, own_or_whole, pages, standing
from web import forms
from web.i18n import _, date_parts, translate

NUMBERS = (1, 2)


@pages.get("/group/<int:project_id>/effect")
def effect(project_id: int) -> Answer:
    """The report whose turn it is: the second once the first was filed."""
    number = 2 if "report1_filed" in standing(project_id).facts else 1
    return redirect(url_for(".effect_report", project_id=project_id, number=number), 303)


@pages.get("/group/<int:project_id>/effect/<int(min=1, max=2):number>")
def effect_report(project_id: int, number: int) -> str:
    """One report: member by member, and what the group comes to."""
    return _report_page(project_id, number)


@pages.post("/group/<int:project_id>/effect/<int(min=1, max=2):number>/remind")
def remind(project_id: int, number: int) -> str:
    """足りない人に催促する: says whom a mail went to and whom nobody can reach by mail."""
    told = commands.remind(g.session, g.who, project_id, request.host_url.rstrip("/"), now=g.clock())
    return _report_page(project_id, number, told=told)


@pages.get("/group/<int:project_id>/effect/<int:party_id>/<int(min=0, max=2):year>")
def figures(project_id: int, party_id: int, year: int) -> str:
    """The form of one year, for the lead or for the member itself."""
    project = own_or_whole(project_id)
    party = project.party(party_id)
    may = project.seat.is_lead or (project.seat.role == "participant" and project.seat.party_id == party_id)
    proposal = queries.local_sales(g.session, g.who, project, party_id, year) if may else None
    history = queries.figure_history(g.session, g.who.district_id, project_id, party_id, year)
    return group_page(
        "subsidy/figures.html",
        project,
        party=party,
        year=year,
        about=year_words(project, year),
        row=project.figure(party_id, year),
        proposal=proposal,
        history=history,
        may=may,
    )


@pages.post("/group/<int:project_id>/effect/<int:party_id>/<int(min=0, max=2):year>")
def keep_figures(project_id: int, party_id: int, year: int) -> Answer:
    """保存する."""
    form = forms.load(FiguresSchema)
    commands.keep_figures(g.session, g.who, project_id, party_id, **form, now=g.clock())
    if queries.seat_of(g.session, g.who, project_id).is_lead:
        return redirect(url_for(".effect_report", project_id=project_id, number=max(1, year)), 303)
    return redirect(url_for(".own_page", project_id=project_id), 303)


@outside.post("/asked/<token>/figures")
def keep_figures_by_link(token: str) -> Answer:
    """数字を送る."""
    commands.keep_figures_by_link(g.session, g.who, token, **forms.load(FiguresSchema), now=g.clock())
    return redirect(url_for(".asked", token=token), 303)


def year_words(project: Standing, year: int) -> str:
    """What a year is: its days, or what the base means."""
    if year == BASE:
        return _("基準の1年（申請の前の、決算が終わった直近の1年）")
    report = report_of(year, project.call)
    days = {"first": _day(report.period_from), "last": _day(report.period_to)}
    return _("%(number)s年目（%(first)sから%(last)sまで）", number=year, **days)


def headline(report: Report) -> str:
    """What the report says in one sentence."""
    found = report.whole.effect
    if found is None:
        if report.missing:
            return _("%(count)s者の数字がまだ届いていません。そろうまで、グループの伸び率は出ません。", count=len(report.missing))
        return str(_("。")).join(fault_words(report, fault) for fault in report.whole.faults) + _("。")
    if found.goal is None:
        growth = percent(found.growth_year1_bp)
        reached = found.year1_reaches_goal
        return (
            _("1年目の労働生産性は、基準より %(growth)s 伸びました。目標の年5%%に届いています。", growth=growth)
            if reached
            else _("1年目の労働生産性の伸びは %(growth)s で、目標の年5%%に届いていません。", growth=growth)
        )
    average = percent(found.goal.average_bp_geometric)
    if found.goal.is_met:
        return _("2年間の平均で年 %(average)s 伸び、目標の年5%%に届きました。", average=average)
    return _("2年間の平均の伸びは年 %(average)s で、目標の年5%%に届きませんでした。", average=average)


def percent(bp: int | None) -> str:
    """Hundredths of a percent as the rules cut them: −0.01 % stays below zero."""
    if bp is None:
        return "—"
    sign = "−" if bp < 0 else ""
    return f"{sign}{abs(bp) // 100}.{abs(bp) % 100:02}%"


def per_hour(told: Figures | Year) -> str:
    """Yen an hour, two places, cut downwards; exact numbers until it is written. Words for a closed year, which has none."""
    if not told.hours:
        return str(_("計算できません"))
    hundredths = told.gross_profit * 100 // told.hours
    sign = "−" if hundredths < 0 else ""
    return f"{sign}{grouped(abs(hundredths) // 100)}.{abs(hundredths) % 100:02}"


def closed_words(report: Report) -> str:
    """How a closed year is reckoned, and what the other reading would give: the call says nothing of it."""
    found = report.without_closed.effect
    growth = _("基準からの伸びは %(growth)s です", growth=percent(grown(found))) if found else _("伸び率は出ません")
    return _(
        "休業した年は、労働時間を0、売上と原価は本人の数字のまま、グループの合計に入れています（S-83）。"
        "休業した構成員をどの年からも除く読み方なら、%(growth)s。公募には書いてないので（S-84）、出す前に事務局に聞いてください。",
        growth=growth,
    )


def grown(found: Effect) -> int:
    """Growth from the base to the newest year, in basis points."""
    return found.goal.growth_total_bp if found.goal else found.growth_year1_bp


def fault_words(report: Report, fault: Any) -> str:
    """Why there is no figure, with whom it is about."""
    words = translate(titles.EFFECT_FAULTS[fault.code])
    who = next((row.name for row in report.members if str(row.id) == fault.about), "")
    return _("%(who)s: %(words)s（%(code)s）", who=who, words=words, code=fault.code) if who else f"{words}（{fault.code}）"


def member_rows(report: Report) -> list[tuple[PartyRow, list[Any], Any, Any]]:
    """Party, its rows by year, its own outcome, its pull on the group."""
    return [
        (row, [report.project.figure(row.id, year) for year in report.years], report.of_member(row.id), report.pull_of(row.id))
        for row in report.members
    ]


def _report_page(project_id: int, number: int, told: Any = None) -> str:
    g.pop("standing", None)
    report = Report(standing(project_id), number)
    return group_page(
        "subsidy/effect.html",
        report.project,
        report=report,
        filing=report_of(number, report.project.call),
        kept=queries.kept_filing(g.session, g.who.district_id, report.project, f"report{number}_filed"),
        headline=headline(report),
        rows=member_rows(report),
        percent=percent,
        per_hour=per_hour,
        year_words=year_words,
        fault_words=fault_words,
        closed_words=closed_words,
        told=told,
        numbers=NUMBERS,
    )


def _day(day: Any) -> str:
    return _("%(year)s年%(month)s月%(day)s日", **date_parts(day))

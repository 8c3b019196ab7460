"""The effect report as PDF, as a workbook, and as a package to be filed on the programme's own site."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from flask import Response, g

import identity.queries
from identity.commands import authorise
from subsidy import titles
from subsidy.errors import PackIncomplete
from subsidy.packing import Piece, pack
from subsidy.queries import Kept, Report, kept_filing
from subsidy.rules.effect import report_of
from subsidy.views.effect import closed_words, headline, per_hour, percent, year_words
from subsidy.views.filed import ZIP, as_file, filed_pieces, kept_paper
from subsidy.views.frame import pages, standing
from web import papers, pdf, tables
from web.i18n import _, date_parts, named, translate
from web.papers import PackSection
from web.tables import Column, count, day, figure, text, yen

WHERE = "/group/<int:project_id>/effect/<int(min=1, max=2):number>"


@pages.get(f"{WHERE}/report.pdf")
def effect_pdf(project_id: int, number: int) -> Response:
    """効果報告書, as far as it is known."""
    report = _report(project_id, number)
    return as_file(kept_paper(_kept(report), "report.pdf") or report_pdf(report), "application/pdf", f"effect-{number}.pdf")


@pages.get(f"{WHERE}/report.xlsx")
def effect_workbook(project_id: int, number: int) -> Response:
    """The members' table."""
    report = _report(project_id, number)
    return as_file(kept_paper(_kept(report), "report.xlsx") or workbook(report), tables.TYPES["xlsx"], f"effect-{number}.xlsx")


@pages.get(f"{WHERE}/package.zip")
def effect_package(project_id: int, number: int) -> Response:
    """提出用にまとめる. Nothing of it while a member is missing: the group's figure would be another. Raises PackIncomplete."""
    authorise(g.session, g.who, "subsidy.make_papers", subject=f"subsidy_project:{project_id} effect{number}")
    report = _report(project_id, number)
    if kept := _kept(report):
        return as_file(pack(filed_pieces(g.session, kept), made_at=kept.made_at), ZIP, f"effect-{number}.zip")
    if report.whole.effect is None:
        raise PackIncomplete(missing=len(report.missing) or len(report.whole.faults))
    return as_file(pack(effect_pieces(report), made_at=g.clock()), ZIP, f"effect-{number}.zip")


def effect_pieces(report: Report) -> list[Piece]:
    """What is filed."""
    return [
        Piece(_("効果報告%(number)s年目.pdf", number=report.number), report_pdf(report), "report.pdf"),
        Piece(_("効果報告%(number)s年目.xlsx", number=report.number), workbook(report), "report.xlsx"),
    ]


def _kept(report: Report) -> Kept | None:
    return kept_filing(g.session, g.who.district_id, report.project, f"report{report.number}_filed")


def report_pdf(report: Report) -> bytes:
    """Group, members, and how it was reckoned."""
    filing = report_of(report.number, report.project.call)
    data = papers.dossier(
        name=_("事業実施効果報告（%(number)s年目）", number=report.number),
        about=report.project.name,
        sentence=headline(report),
        facts=[
            (_("公募"), report.project.call.title),
            (_("対象の1年"), year_words(report.project, report.number)),
            (_("提出できる期間"), _("%(first)sから%(last)sまで", first=_day(filing.file_from), last=_day(filing.file_to))),
            (
                _("計算"),
                _("労働生産性＝（売上−原価）÷（従業員数×1人あたりの年間労働時間）。グループは合計どうしで割ります（S-82、S-83）。"),
            ),
        ],
        sections=[
            _group_section(report),
            PackSection(_("構成員ごとの数字"), "", member_columns(), [("", row) for row in member_cells(report)], wide=0),
            *([_closed_section(report)] if report.closed else []),
            *([_duty_section(report)] if report.duties else []),
        ],
        district=named(g.district),
        association=g.district.association,
        contact=g.district.contact,
        made_at=g.clock(),
        made_by=identity.queries.person_profile(g.session, g.who).nickname,
    )
    return pdf.render("dossier", data)


def workbook(report: Report) -> bytes:
    """A row for each member and year."""
    out = io.BytesIO()
    columns = [*member_columns(), text(_("休業の理由"), 30)]
    why = {(row.party_id, row.year): row.closed_because for row in report.closed}
    keys = [(row.id, year) for row in report.members for year in report.years]
    tables.write_xlsx(
        out, columns, [[*cells, why.get(key)] for key, cells in zip(keys, member_cells(report), strict=True)], made_at=g.clock()
    )
    return out.getvalue()


def member_columns() -> list[Column]:
    """Of the members' table, on paper and as a file."""
    return [
        text(_("構成員"), 28),
        text(_("年"), 8),
        yen(_("売上（円）")),
        yen(_("原価（円）")),
        count(_("従業員数")),
        count(_("1人の年間時間")),
        figure(_("生産性（円/時間）"), 16),
        figure(_("基準からの伸び")),
        yen(_("うち地域通貨（円）")),
        text(_("出どころ"), 12),
    ]


def member_cells(report: Report) -> list[Sequence[object]]:
    """Every member's years; what is not there stays empty and is never a zero."""
    found: list[Sequence[object]] = []
    for row in report.members:
        for year in report.years:
            kept = report.project.figure(row.id, year)
            word = _("基準") if year == 0 else _("%(number)s年目", number=year)
            if kept is None:
                found.append([row.name, word, None, None, None, None, None, None, None, _("まだない")])
                continue
            told = kept.figures
            source = _("帳簿から") if kept.is_from_book else _("本人") if kept.local_sales is not None else None
            cells = [row.name, word, told.sales, told.cost, told.employees, told.hours_per_employee, per_hour(told)]
            found.append([*cells, _growth(report, row.id, year), kept.local_sales, source])
    return found


def _growth(report: Report, party: int, year: int) -> str | None:
    own = report.of_member(party).effect
    if year == 0 or own is None:
        return None
    return percent(own.growth_year1_bp if year == 1 else own.goal.growth_total_bp if own.goal else None)


def _group_section(report: Report) -> PackSection:
    columns = [
        text(_("年"), 30),
        yen(_("粗利益の合計（円）")),
        yen(_("労働時間の合計")),
        figure(_("生産性（円/時間）"), 18),
        figure(_("基準からの伸び"), 16),
    ]
    found = report.whole.effect
    if found is None:
        return PackSection(_("グループの労働生産性"), _("まだ出せません"), columns, [], 0, breaks=False)
    growth = [None, percent(found.growth_year1_bp), percent(found.goal.growth_total_bp) if found.goal else None]
    rows: list[tuple[str, Sequence[object]]] = [
        ("", [year_words(report.project, place), year.gross_profit, year.hours, per_hour(year), growth[place]])
        for place, year in enumerate(found.years)
    ]
    return PackSection(_("グループの労働生産性"), _("伸び率は0.01%より下を切り捨て"), columns, rows, 0, breaks=False)


def _closed_section(report: Report) -> PackSection:
    columns = [text(_("構成員"), 28), text(_("年"), 12), text(_("休業の理由"), 60)]
    rows = [("", [report.project.name_of(row.party_id), year_words(report.project, row.year), row.closed_because]) for row in report.closed]
    return PackSection(_("休業した構成員"), closed_words(report), columns, rows, None, breaks=False)


def _duty_section(report: Report) -> PackSection:
    columns = [day(_("日付")), text(_("取組"), 30), text(_("内容"), 60)]
    rows: list[tuple[str, Sequence[object]]] = [("", [row.day, translate(titles.FACTS[row.kind]), row.words]) for row in report.duties]
    return PackSection(_("事業のあとの取組"), _("規則 S-89"), columns, rows, None, breaks=False)


def _report(project_id: int, number: int) -> Report:
    return Report(standing(project_id), number)


def _day(moment: date) -> str:
    return _("%(year)s年%(month)s月%(day)s日", **date_parts(moment))

"""提出用にまとめる: what is missing first, then roster, confirmations, the application as PDF and Excel, and all in one package.

Nothing is filed here: that happens on the programme's own site.
"""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from flask import Response, g, send_file

import identity.queries
from identity.commands import authorise
from subsidy import queries, titles
from subsidy.errors import ProjectUnknown
from subsidy.packing import Piece, entry_name, pack
from subsidy.queries import Contact, PartyRow, Standing
from subsidy.rules.files import SUFFIX
from subsidy.views.application import attachments, missing, sections
from subsidy.views.costs import costs_of
from subsidy.views.frame import group_page, pages, standing
from subsidy.views.workbook import workbook
from web import papers, pdf, tables
from web.i18n import _, named, translate
from web.papers import Confirmed, PackSection
from web.tables import TYPES, count, text, write_cell

TYPE = {"pdf": "application/pdf", "zip": "application/zip", "xlsx": TYPES["xlsx"]}


@pages.get("/group/<int:project_id>/filing")
def filing(project_id: int) -> str:
    """What is missing, and every paper that we make."""
    project = standing(project_id)
    return group_page(
        "subsidy/filing.html", project, missing=missing(project), attached=attachments(project), confirmed=_confirmed_parties(project)
    )


@pages.get("/group/<int:project_id>/filing/roster.pdf")
def roster_paper(project_id: int) -> Response:
    """名簿: the representative and its participants, from data alone (S-51)."""
    return _file(_roster(_lead(project_id)), "pdf", f"group-{project_id}-roster")


@pages.get("/group/<int:project_id>/filing/confirmations.pdf")
def confirmation_papers(project_id: int) -> Response:
    """確認書 of every participant that is no member of the association (S-52)."""
    project = _lead(project_id)
    return _file(_confirmations(project, _confirmed_parties(project)), "pdf", f"group-{project_id}-confirmations")


@pages.get("/group/<int:project_id>/filing/application.<any(pdf, xlsx):form>")
def application_paper(project_id: int, form: str) -> Response:
    """The application with all its sheets."""
    project = _lead(project_id)
    content = _application(project) if form == "pdf" else _sheets(sections(costs_of(project.id)))
    return _file(content, form, f"group-{project_id}-application")


@pages.get("/group/<int:project_id>/filing/package.zip")
def package(project_id: int) -> Response:
    """提出用にまとめる: everything, each attachment by its number, with a list of fingerprints."""
    project = _lead(project_id)
    pieces = [
        Piece(_("01_申請書.pdf"), _application(project)),
        Piece(_("02_申請書.xlsx"), _sheets(sections(costs_of(project.id)))),
        Piece(_("03_経費の計算.xlsx"), workbook(costs_of(project.id))),
        Piece(_("04_名簿.pdf"), _roster(project)),
    ]
    for number, party in enumerate(_confirmed_parties(project), 1):
        name = _("05_確認書/%(number)s_%(name)s.pdf", number=f"{number:02}", name=entry_name(party.name))
        pieces.append(Piece(name, _confirmations(project, [party])))
    attached = attachments(project)
    files = queries.open_papers(g.session, g.who, project.id, [each.paper.id for each in attached], today=project.today)
    for each, opened in zip(attached, files, strict=True):
        words = entry_name(f"{each.whose}_{each.what}")
        pieces.append(
            Piece(_("添付/%(number)s_%(name)s", number=f"{each.number:02}", name=f"{words}.{SUFFIX[opened.media]}"), opened.content)
        )
    return _file(pack(pieces, made_at=project.now), "zip", f"group-{project_id}-application")


def _lead(project_id: int) -> Standing:
    """The project for its lead alone; making its papers is on record. Raises ProjectUnknown."""
    authorise(g.session, g.who, "subsidy.make_papers", subject=f"subsidy_project:{project_id}")
    project = standing(project_id)
    if not project.seat.is_lead:
        raise ProjectUnknown
    return project


def _confirmed_parties(project: Standing) -> list[PartyRow]:
    wanted = {each.party for each, _how, _paper in project.wanted if each.kind == "D_CONFIRMATION"}
    return [row for row in project.group if row.id in wanted]


def _application(project: Standing) -> bytes:
    costs = costs_of(project.id)
    parts = costs.planned.parts
    facts = [
        (_("公募"), _("%(call)s・第%(version)s版", call=project.call.title, version=project.call.version)),
        (_("代表事業者"), project.group[0].name),
        (_("構成員"), _("%(count)s者", count=len(project.group))),
        (_("つながり"), translate(titles.SETTINGS[project.setting])),
        (_("事業の種類"), _("、").join(f"{each}. {translate(titles.BUSINESS_TYPES[each])}" for each in project.business_types)),
        (_("添付"), _("%(count)s通", count=len(attachments(project)))),
        (_("まだ足りないもの"), _("%(count)s件", count=len(missing(project)))),
        (_("申請の内容の指紋"), project.fingerprint[:16]),
    ]
    data = papers.application_pack(
        name=_("申請書のまとめ"),
        about=project.name,
        equation=[(_("補助額"), costs.planned.subsidy), ("A", parts.a), ("B", parts.b), ("C", parts.c)],
        facts=facts,
        sections=sections(costs),
        district=named(g.district),
        representative=project.group[0].name,
        made_at=project.now,
        made_by=identity.queries.person_profile(g.session, g.who).nickname,
    )
    return pdf.render("month_pack", data)


def _roster(project: Standing) -> bytes:
    contacts = queries.contacts_of(g.session, g.who, project.id)
    columns = [count(_("番号")), text(_("事業者名")), text(_("区分")), text(_("代表者名")), text(_("電話")), text(_("住所"))]
    rows = [("", [number, row.name, _kind(row), *_called(contacts[row.id])]) for number, row in enumerate(_on_roster(project), 1)]
    data = papers.report(
        title=_("組合員等の名簿"),
        about=_("参画事業者だけを抜き出したもの・%(name)s", name=project.name),
        columns=columns,
        rows=rows,
        wide=5,
        district=named(g.district),
        association=project.group[0].name,
        contact="",
        made_at=project.now,
        made_by=identity.queries.person_profile(g.session, g.who).nickname,
    )
    return pdf.render("report", data)


def _on_roster(project: Standing) -> list[PartyRow]:
    """Whoever is proved by the roster: the representative, and members of the association among the participants (S-50)."""
    return [row for row in project.group if row.role == "representative" or row.known.is_association_member]


def _kind(row: PartyRow) -> str:
    return translate(titles.ROLES[row.role]) if row.role == "representative" else _("組合員")


def _called(contact: Contact) -> list[str]:
    return [contact.name, contact.phone, contact.address]


def _confirmations(project: Standing, parties: list[PartyRow]) -> bytes:
    contacts = queries.contacts_of(g.session, g.who, project.id)
    said = {row.id: Confirmed(row.name, *_called(contacts[row.id])) for row in project.group}
    data = papers.confirmations(
        project=project.name,
        area=named(g.district),
        representative=said[project.group[0].id],
        participants=[said[row.id] for row in parties],
        district=named(g.district),
        made_at=project.now,
    )
    return pdf.render("confirmation", data)


def _sheets(found: list[PackSection]) -> bytes:
    """A sheet for each section; text stays text, whatever it looks like."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks: dict[str, Any] = {kind: book.add_format({"num_format": form, "text_wrap": True}) for kind, form in tables.NUMBER_FORMATS.items()}
    for each in found:
        sheet = book.add_worksheet(entry_name(each.name)[:31])
        for at, column in enumerate(each.columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.title, head)
        for place, (_style, cells) in enumerate(each.rows, 1):
            for at, (column, cell) in enumerate(zip(each.columns, cells, strict=True)):
                write_cell(sheet, place, at, column, cell, looks[column.holds])
        sheet.freeze_panes(1, 0)
        tables.across(sheet)
    book.close()
    return out.getvalue()


def _file(content: bytes, form: str, name: str) -> Response:
    answer = send_file(io.BytesIO(content), mimetype=TYPE[form], as_attachment=True, download_name=f"{name}.{form}")
    answer.headers["Cache-Control"] = "no-store"
    return answer

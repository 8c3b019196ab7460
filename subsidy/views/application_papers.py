"""The papers of an application, and the package in which they lie, for a page and for the worker alike."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import xlsxwriter

from identity.queries import District
from subsidy import queries, titles
from subsidy.packing import Piece, entry_name
from subsidy.queries import Contact, Costs, OpenedPaper, PartyRow, Standing
from subsidy.rules.files import SUFFIX
from subsidy.views.application import Attachment, attachments, missing, sections
from subsidy.views.workbook import workbook
from web import papers, pdf, tables
from web.i18n import _, named, translate
from web.papers import Confirmed
from web.tables import count, text, write_cell


@dataclass(frozen=True)
class Application:
    """What is to be printed. `contacts` by party; `by`: who prints it, at the project's own moment."""

    costs: Costs
    contacts: Mapping[int, Contact]
    district: District
    by: str

    @property
    def project(self) -> Standing:
        """As it stands."""
        return self.costs.project

    @cached_property
    def attached(self) -> list[Attachment]:
        """Files that go along, in their order."""
        return attachments(self.project)

    @cached_property
    def confirmed(self) -> list[PartyRow]:
        """Whoever needs a confirmation."""
        return confirmed_parties(self.project)

    @property
    def is_large(self) -> bool:
        """Whether its package is no work for a page."""
        return queries.is_large([each.paper for each in self.attached], len(self.confirmed))

    @property
    def steps(self) -> int:
        """Of its package: each letter and each file."""
        return len(self.confirmed) + len(self.attached)


def application_pieces(found: Application, opens: Callable[[int], OpenedPaper], done: Callable[[], None]) -> Iterator[Piece]:
    """What the package has in it, one after the other. `opens` gives a file by its number; `done` is called after each step."""
    yield from own_pieces(found, done)
    for each in found.attached:
        yield Piece(attached_name(each), opens(each.paper.id).content)
        done()


def own_pieces(found: Application, done: Callable[[], None]) -> Iterator[Piece]:
    """The papers of our own among them."""
    yield Piece(_("01_申請書.pdf"), application(found), "application.pdf")
    yield Piece(_("02_申請書.xlsx"), sheets(found), "application.xlsx")
    yield Piece(_("03_経費の計算.xlsx"), workbook(found.costs))
    yield Piece(_("04_名簿.pdf"), roster(found), "roster.pdf")
    for number, party in enumerate(found.confirmed, 1):
        name = _("05_確認書/%(number)s_%(name)s.pdf", number=f"{number:02}", name=entry_name(party.name))
        yield Piece(name, confirmations(found, [party]))
        done()


def attached_name(each: Attachment) -> str:
    """Its path in the package."""
    words = entry_name(f"{each.whose}_{each.what}")
    return _("添付/%(number)s_%(name)s", number=f"{each.number:02}", name=f"{words}.{SUFFIX[each.paper.media]}")


def confirmed_parties(project: Standing) -> list[PartyRow]:
    """Every participant that is no member of the association (S-52)."""
    wanted = {each.party for each, _how, _paper in project.wanted if each.kind == "D_CONFIRMATION"}
    return [row for row in project.group if row.id in wanted]


def application(found: Application) -> bytes:
    """The application with all its sheets."""
    project, costs = found.project, found.costs
    parts = costs.planned.parts
    facts = [
        (_("公募"), _("%(call)s・第%(version)s版", call=project.call.title, version=project.call.version)),
        (_("代表事業者"), project.group[0].name),
        (_("構成員"), _("%(count)s者", count=len(project.group))),
        (_("つながり"), translate(titles.SETTINGS[project.setting])),
        (_("事業の種類"), _("、").join(f"{each}. {translate(titles.BUSINESS_TYPES[each])}" for each in project.business_types)),
        (_("添付"), _("%(count)s通", count=len(found.attached))),
        (_("まだ足りないもの"), _("%(count)s件", count=len(missing(project)))),
        (_("申請の内容の指紋"), project.fingerprint[:16]),
    ]
    data = papers.application_pack(
        name=_("申請書のまとめ"),
        about=project.name,
        equation=[(_("補助額"), costs.planned.subsidy), ("A", parts.a), ("B", parts.b), ("C", parts.c)],
        facts=facts,
        sections=sections(costs),
        district=named(found.district),
        representative=project.group[0].name,
        made_at=project.now,
        made_by=found.by,
    )
    return pdf.render("month_pack", data)


def roster(found: Application) -> bytes:
    """名簿: the representative and its participants, from data alone (S-51)."""
    project = found.project
    columns = [count(_("番号")), text(_("事業者名")), text(_("区分")), text(_("代表者名")), text(_("電話")), text(_("住所"))]
    rows = [("", [number, row.name, _kind(row), *_called(found.contacts[row.id])]) for number, row in enumerate(_on_roster(project), 1)]
    data = papers.report(
        title=_("組合員等の名簿"),
        about=_("参画事業者だけを抜き出したもの・%(name)s", name=project.name),
        columns=columns,
        rows=rows,
        wide=5,
        district=named(found.district),
        association=project.group[0].name,
        contact="",
        made_at=project.now,
        made_by=found.by,
    )
    return pdf.render("report", data)


def _on_roster(project: Standing) -> list[PartyRow]:
    """Whoever is proved by the roster: the representative, and members of the association among the participants (S-50)."""
    return [row for row in project.group if row.role == "representative" or row.known.is_association_member]


def _kind(row: PartyRow) -> str:
    return translate(titles.ROLES[row.role]) if row.role == "representative" else _("組合員")


def _called(contact: Contact) -> list[str]:
    return [contact.name, contact.phone, contact.address]


def confirmations(found: Application, parties: list[PartyRow]) -> bytes:
    """確認書 of these parties (S-52)."""
    project = found.project
    said = {row.id: Confirmed(row.name, *_called(found.contacts[row.id])) for row in project.group}
    data = papers.confirmations(
        project=project.name,
        area=named(found.district),
        representative=said[project.group[0].id],
        participants=[said[row.id] for row in parties],
        district=named(found.district),
        made_at=project.now,
    )
    return pdf.render("confirmation", data)


def sheets(found: Application) -> bytes:
    """A sheet for each section; text stays text, whatever it looks like."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    tables.date_book(book, found.project.now)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks: dict[str, Any] = {kind: book.add_format({"num_format": form, "text_wrap": True}) for kind, form in tables.NUMBER_FORMATS.items()}
    for each in sections(found.costs):
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

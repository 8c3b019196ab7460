"""提出用にまとめる: what is missing first, then roster, confirmations, the application as PDF and Excel, and all in one package.

Nothing is filed here: that happens on the programme's own site.
"""

from __future__ import annotations

from flask import Response, g
from werkzeug.wrappers import Response as Answer

import identity.queries
from identity.commands import authorise
from subsidy import commands, queries
from subsidy.commands import NewPackage
from subsidy.errors import ProjectUnknown
from subsidy.packing import pack
from subsidy.queries import Costs, PackageRow, Standing
from subsidy.views import application_papers as made
from subsidy.views.application import missing
from subsidy.views.application_papers import Application, application_pieces
from subsidy.views.effect_papers import ZIP, as_file
from subsidy.views.frame import group_page, pages, standing
from subsidy.views.packages import back, given, shown
from web.i18n import language
from web.tables import TYPES

TYPE = {"pdf": "application/pdf", "xlsx": TYPES["xlsx"]}


@pages.get("/group/<int:project_id>/filing")
def filing(project_id: int) -> str:
    """What is missing, and every paper that we make."""
    project = standing(project_id)
    found = _application(project)
    frame = {"attached": found.attached, "confirmed": found.confirmed, "is_large": found.is_large}
    frame |= shown(_newest(project) if project.seat.is_lead and found.is_large else None)
    return group_page("subsidy/filing.html", project, missing=missing(project), **frame)


@pages.get("/group/<int:project_id>/filing/roster.pdf")
def roster_paper(project_id: int) -> Response:
    """名簿: the representative and its participants, from data alone (S-51)."""
    return _file(made.roster(_lead(project_id)), "pdf", f"group-{project_id}-roster")


@pages.get("/group/<int:project_id>/filing/confirmations.pdf")
def confirmation_papers(project_id: int) -> Response:
    """確認書 of every participant that is no member of the association (S-52)."""
    found = _lead(project_id)
    return _file(made.confirmations(found, found.confirmed), "pdf", f"group-{project_id}-confirmations")


@pages.get("/group/<int:project_id>/filing/application.<any(pdf, xlsx):form>")
def application_paper(project_id: int, form: str) -> Response:
    """The application with all its sheets."""
    found = _lead(project_id)
    content = made.application(found) if form == "pdf" else made.sheets(found)
    return _file(content, form, f"group-{project_id}-application")


@pages.get("/group/<int:project_id>/filing/package.zip")
def package(project_id: int) -> Answer:
    """提出用にまとめる: everything, each attachment by its number, with a list of fingerprints; a large one once the worker has made it."""
    found = _lead(project_id)
    project, name = found.project, f"group-{project_id}-application.zip"
    if found.is_large:
        row = _newest(project)
        return given(row, name) if row is not None and row.state == "ready" else back(project_id, "filing")
    papers = [each.paper.id for each in found.attached]
    opened = dict(zip(papers, queries.open_papers(g.session, g.who, project.id, papers, today=project.today), strict=True))
    return as_file(pack(application_pieces(found, opened.__getitem__, lambda: None), made_at=project.now), ZIP, name)


@pages.post("/group/<int:project_id>/filing/package")
def ask_application_package(project_id: int) -> Answer:
    """A large one is made by the worker, and the page says how far it is. Pressed again, it goes on."""
    found = _lead(project_id)
    digest, papers = queries.digest_of_application(found.project, language()), [each.paper.id for each in found.attached]
    new = NewPackage("filing", language(), False, digest, found.steps, papers)
    commands.ask_package(g.session, g.who, project_id, new, now=g.clock())
    return back(project_id, "filing")


def _lead(project_id: int) -> Application:
    """The application for its lead alone; making its papers is on record. Raises ProjectUnknown."""
    authorise(g.session, g.who, "subsidy.make_papers", subject=f"subsidy_project:{project_id}")
    project = standing(project_id)
    if not project.seat.is_lead:
        raise ProjectUnknown
    return _application(project, queries.contacts_of(g.session, g.who.district_id, project.id))


def _application(project: Standing, contacts: dict[int, queries.Contact] | None = None) -> Application:
    by = identity.queries.person_profile(g.session, g.who).nickname
    return Application(Costs(project), contacts or {}, g.district, by)


def _newest(project: Standing) -> PackageRow | None:
    digest = queries.digest_of_application(project, language())
    return queries.newest_package(g.session, g.who.district_id, project.id, "filing", [digest])


def _file(content: bytes, form: str, name: str) -> Response:
    return as_file(content, TYPE[form], f"{name}.{form}")

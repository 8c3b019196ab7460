"""提出用にまとめる: what is missing first, then roster, confirmations, the application as PDF and Excel, and all in one package.

Nothing is filed here: that happens on the programme's own site.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, g
from werkzeug.wrappers import Response as Answer

import identity.queries
from identity.commands import authorise
from subsidy import commands, queries
from subsidy.commands import NewPackage
from subsidy.errors import ProjectUnknown
from subsidy.packing import pack
from subsidy.queries import Costs, Kept, PackageRow, Standing, kept_filing
from subsidy.views import application_papers as made
from subsidy.views.application import missing
from subsidy.views.application_papers import Application, application_pieces
from subsidy.views.filed import ZIP, as_file, filed_pieces, kept_paper
from subsidy.views.frame import group_page, pages, standing
from subsidy.views.packages import back, given, shown
from web.i18n import language
from web.tables import TYPES

TYPE = {"pdf": "application/pdf", "xlsx": TYPES["xlsx"]}


@dataclass(frozen=True, slots=True)
class _Package:
    """What its package is asked for by: of what was filed, always the same. `papers`: which files are opened for it."""

    language: str
    digest: bytes
    steps: int
    papers: list[int]
    is_large: bool


@pages.get("/group/<int:project_id>/filing")
def filing(project_id: int) -> str:
    """What is missing, and every paper that we make; once it was filed, those that were."""
    project = standing(project_id)
    found, kept = _application(project), _kept(project)
    packed = _package(found, kept)
    frame = {"attached": found.attached, "confirmed": found.confirmed, "is_large": packed.is_large, "kept": kept}
    frame |= shown(_newest(project, packed) if project.seat.is_lead and packed.is_large else None)
    return group_page("subsidy/filing.html", project, missing=missing(project), **frame)


@pages.get("/group/<int:project_id>/filing/roster.pdf")
def roster_paper(project_id: int) -> Response:
    """名簿: the representative and its participants, from data alone (S-51)."""
    return _paper(project_id, "roster.pdf", made.roster)


@pages.get("/group/<int:project_id>/filing/confirmations.pdf")
def confirmation_papers(project_id: int) -> Response:
    """確認書 of every participant that is no member of the association (S-52)."""
    return _paper(project_id, "confirmations.pdf", lambda found: made.confirmations(found, found.confirmed))


@pages.get("/group/<int:project_id>/filing/application.<any(pdf, xlsx):form>")
def application_paper(project_id: int, form: str) -> Response:
    """The application with all its sheets."""
    return _paper(project_id, f"application.{form}", made.application if form == "pdf" else made.sheets)


@pages.get("/group/<int:project_id>/filing/package.zip")
def package(project_id: int) -> Answer:
    """提出用にまとめる: everything, each attachment by its number, with a list of fingerprints; a large one once the worker has made it."""
    found = _lead(project_id)
    project, kept, name = found.project, _kept(found.project), f"group-{project_id}-application.zip"
    packed = _package(found, kept)
    if packed.is_large:
        row = _newest(project, packed)
        return given(row, name) if row is not None and row.state == "ready" else back(project_id, "filing")
    files = queries.open_papers(g.session, g.who, project.id, packed.papers, today=project.today)
    opens = dict(zip(packed.papers, files, strict=True)).__getitem__
    content = application_pieces(found, opens, lambda: None) if kept is None else filed_pieces(g.session, kept, opens)
    return as_file(pack(content, made_at=kept.made_at if kept else project.now), ZIP, name)


@pages.post("/group/<int:project_id>/filing/package")
def ask_application_package(project_id: int) -> Answer:
    """A large one is made by the worker, and the page says how far it is. Pressed again, it goes on."""
    found = _lead(project_id)
    packed = _package(found, _kept(found.project))
    new = NewPackage("filing", packed.language, False, packed.digest, packed.steps, packed.papers)
    commands.ask_package(g.session, g.who, project_id, new, now=g.clock())
    return back(project_id, "filing")


def _paper(project_id: int, door: str, prints: Callable[[Application], bytes]) -> Response:
    """As it was filed, or as things stand."""
    found = _lead(project_id)
    content = kept_paper(_kept(found.project), door) or prints(found)
    return as_file(content, TYPE[door.rsplit(".", 1)[1]], f"group-{project_id}-{door}")


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


def _kept(project: Standing) -> Kept | None:
    return kept_filing(g.session, g.who.district_id, project, "submitted")


def _package(found: Application, kept: Kept | None) -> _Package:
    if kept is None:
        digest = queries.digest_of_application(found.project, language())
        return _Package(language(), digest, found.steps, [each.paper.id for each in found.attached], found.is_large)
    papers = kept.originals
    is_large = queries.is_large([each for each in found.project.papers if each.id in set(papers)])
    return _Package(kept.language, kept.digest, len(papers), papers, is_large)


def _newest(project: Standing, packed: _Package) -> PackageRow | None:
    return queries.newest_package(g.session, g.who.district_id, project.id, "filing", [packed.digest])

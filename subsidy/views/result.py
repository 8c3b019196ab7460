"""実績報告: what is claimed and what is missing, the report, the evidence book, and the package for filing."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request
from werkzeug.wrappers import Response as Answer

import identity.queries
from identity.commands import authorise, authorise_each
from subsidy import commands, queries
from subsidy.commands import NewPackage
from subsidy.errors import ProjectUnknown
from subsidy.packing import pack
from subsidy.queries import Kept, OpenedPaper, PackageRow, Result, kept_filing
from subsidy.views.evidence_book import laid
from subsidy.views.filed import ZIP, as_file, filed_pieces, kept_paper
from subsidy.views.frame import group_page, pages, standing
from subsidy.views.packages import back, given, shown
from subsidy.views.result_book import book, is_large, pieces
from subsidy.views.result_papers import Made, lack_words, must_be_whole, report, sums, workbook
from web import tables
from web.i18n import language

WHERE = "/group/<int:project_id>/result"


@pages.get(WHERE)
def result(project_id: int) -> str:
    """What is missing first, then the sums, then what is filed. Once it was filed: what was, and whether something has changed since."""
    project = standing(project_id)
    found, now = queries.result_of(project), Result(queries.Costs(project))
    kept = _kept(found)
    frame: dict[str, Any] = {"columns": sums(found), "lack_words": lack_words, "kept": kept, "is_large": _is_the_workers(found, kept)}
    frame |= shown(_newest(found) if project.seat.is_lead and frame["is_large"] else None)
    return group_page("subsidy/result.html", project, result=found, now=now, **frame)


@pages.get(f"{WHERE}/report.pdf")
def result_pdf(project_id: int) -> Response:
    """実績報告書, as far as it goes."""
    found = _result(project_id)
    return as_file(kept_paper(_kept(found), "report.pdf") or report(found, _made()), "application/pdf", "result.pdf")


@pages.get(f"{WHERE}/evidence.pdf")
def evidence_pdf(project_id: int) -> Answer:
    """証憑の綴り. Every piece that is opened for it is on record. A large one is in the package alone."""
    found = _result(project_id)
    kept = _kept(found)
    if _is_the_workers(found, kept):
        return back(project_id, "result")
    if kept is None:
        opened = _opened(found)
        shown = [(each, laid(opened[each.paper.id].content, opened[each.paper.id].media)) for each in found.exhibits]
        return as_file(book(found, shown, _made()), "application/pdf", "evidence.pdf")
    authorise_each(g.session, g.who, "subsidy.open_paper", [f"subsidy_paper:{each.paper.id}" for each in found.exhibits])
    bound = kept_paper(kept, "evidence.pdf")
    return as_file(bound, "application/pdf", "evidence.pdf") if bound else back(project_id, "result")


@pages.get(f"{WHERE}/lines.xlsx")
def result_workbook(project_id: int) -> Response:
    """経費明細: every line, claimed or not, and why not."""
    found = _result(project_id)
    return as_file(kept_paper(_kept(found), "lines.xlsx") or workbook(found, _made()), tables.TYPES["xlsx"], "result.xlsx")


@pages.get(f"{WHERE}/package.zip")
def result_package(project_id: int) -> Answer:
    """提出用にまとめる; a large one once the worker has made it. While a line lacks something, only for whoever says that it is left out.

    Raises PackIncomplete.
    """
    found, without_missing = _result(project_id), request.args.get("without_missing") == "on"
    must_be_whole(found, without_missing=without_missing)
    kept = _kept(found)
    if _is_the_workers(found, kept):
        row = _newest(found)
        return given(row, "result.zip") if row is not None and row.state == "ready" else back(project_id, "result")
    made, opens = _made(), _opened(found).__getitem__
    content = pieces(found, opens, made, lambda: None) if kept is None else filed_pieces(g.session, kept, opens)
    return as_file(pack(content, made_at=made.when(found)), ZIP, "result.zip")


@pages.post(f"{WHERE}/package")
def ask_package(project_id: int) -> Answer:
    """A large one is made by the worker, and the page says how far it is. Pressed again, it goes on. Raises PackIncomplete."""
    found, without_missing = _result(project_id), request.form.get("without_missing") == "on"
    must_be_whole(found, without_missing=without_missing)
    kept = _kept(found)
    ask_for(found, kept.language if kept else language(), without_missing=without_missing)
    return back(project_id, "result")


def ask_for(found: Result, tongue: str, *, without_missing: bool = False) -> None:
    """The worker makes the package in this language; of what was filed it keeps the evidence book."""
    digest = queries.digest_of(found, tongue, without_missing=without_missing)
    papers = [each.paper.id for each in found.exhibits]
    new = NewPackage("result", tongue, without_missing, digest, queries.steps_of(found), papers)
    commands.ask_package(g.session, g.who, found.costs.project.id, new, now=g.clock())


def _newest(found: Result) -> PackageRow | None:
    kept = _kept(found)
    tongue = kept.language if kept else language()
    digests = [queries.digest_of(found, tongue, without_missing=each) for each in (False, True)]
    return queries.newest_package(g.session, g.who.district_id, found.costs.project.id, "result", digests)


def _result(project_id: int) -> Result:
    """For the lead alone; making its papers is on record. Raises ProjectUnknown."""
    authorise(g.session, g.who, "subsidy.make_papers", subject=f"subsidy_project:{project_id} result")
    project = standing(project_id)
    if not project.seat.is_lead:
        raise ProjectUnknown
    return queries.result_of(project)


def _is_the_workers(found: Result, kept: Kept | None) -> bool:
    """Whether its package is no work for a page: it is large, or the book of what was filed is still to be bound."""
    return is_large(found) or (kept is not None and not kept.has_book)


def _kept(found: Result) -> Kept | None:
    return kept_filing(g.session, g.who.district_id, found.costs.project, "result_filed") if found.filed else None


def _opened(found: Result) -> dict[int, OpenedPaper]:
    """By their numbers."""
    project, papers = found.costs.project, [each.paper.id for each in found.exhibits]
    return dict(zip(papers, queries.open_papers(g.session, g.who, project.id, papers, today=project.today), strict=True))


def _made() -> Made:
    return Made(g.district, g.clock(), identity.queries.person_profile(g.session, g.who).nickname)

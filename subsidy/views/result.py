"""実績報告: what is claimed and what is missing, the report, the evidence book, and the package for filing."""

from __future__ import annotations

from typing import Any

from flask import Response, g, jsonify, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
from identity.commands import authorise
from subsidy import commands, queries
from subsidy.commands import NewPackage
from subsidy.errors import PackageFailed, ProjectUnknown
from subsidy.packing import pack
from subsidy.queries import Exhibit, OpenedPaper, PackageRow, Result
from subsidy.views.effect_papers import ZIP, as_file
from subsidy.views.evidence_book import laid
from subsidy.views.frame import group_page, pages, standing
from subsidy.views.result_book import book, pieces
from subsidy.views.result_papers import Made, lack_words, must_be_whole, report, sums, workbook
from web import tables
from web.frame import error_classes
from web.i18n import language

WHERE = "/group/<int:project_id>/result"


@pages.get(WHERE)
def result(project_id: int) -> str:
    """What is missing first, then the sums, then what is filed. Once it was filed: what was, and whether something has changed since."""
    project = standing(project_id)
    found, now = queries.result_of(project), Result(queries.Costs(project))
    frame: dict[str, Any] = {"columns": sums(found), "lack_words": lack_words, "is_large": queries.is_large(found)}
    frame |= _package(found) if project.seat.is_lead and frame["is_large"] else {"package": None}
    return group_page("subsidy/result.html", project, result=found, now=now, **frame)


@pages.get(f"{WHERE}/report.pdf")
def result_pdf(project_id: int) -> Response:
    """実績報告書, as far as it goes."""
    found = _result(project_id)
    return as_file(report(found, _made()), "application/pdf", "result.pdf")


@pages.get(f"{WHERE}/evidence.pdf")
def evidence_pdf(project_id: int) -> Answer:
    """証憑の綴り. Every piece that is opened for it is on record. A large one is in the package alone."""
    found = _result(project_id)
    if queries.is_large(found):
        return _back(project_id)
    opened = _opened(found)
    shown = [(each, laid(opened[each.number].content, opened[each.number].media)) for each in found.exhibits]
    return as_file(book(found, shown, _made()), "application/pdf", "evidence.pdf")


@pages.get(f"{WHERE}/lines.xlsx")
def result_workbook(project_id: int) -> Response:
    """経費明細: every line, claimed or not, and why not."""
    return as_file(workbook(_result(project_id), _made()), tables.TYPES["xlsx"], "result.xlsx")


@pages.get(f"{WHERE}/package.zip")
def result_package(project_id: int) -> Answer:
    """提出用にまとめる; a large one once the worker has made it. While a line lacks something, only for whoever says that it is left out.

    Raises PackIncomplete.
    """
    found, without_missing = _result(project_id), request.args.get("without_missing") == "on"
    must_be_whole(found, without_missing=without_missing)
    if queries.is_large(found):
        return _kept(found)
    opened, made = _opened(found), _made()

    def opens(each: Exhibit) -> OpenedPaper:
        return opened[each.number]

    return as_file(pack(pieces(found, opens, made, lambda: None), made_at=made.when(found)), ZIP, "result.zip")


@pages.post(f"{WHERE}/package")
def ask_package(project_id: int) -> Answer:
    """A large one is made by the worker, and the page says how far it is. Pressed again, it goes on. Raises PackIncomplete."""
    found, without_missing = _result(project_id), request.form.get("without_missing") == "on"
    must_be_whole(found, without_missing=without_missing)
    digest = queries.digest_of(found, language(), without_missing=without_missing)
    papers = [each.paper.id for each in found.exhibits]
    new = NewPackage(language(), without_missing, digest, queries.steps_of(found), papers)
    commands.ask_package(g.session, g.who, project_id, new, now=g.clock())
    return _back(project_id)


@pages.post(f"{WHERE}/package/stop")
def stop_package(project_id: int) -> Answer:
    """やめる."""
    commands.stop_package(g.session, g.who, project_id, now=g.clock())
    return _back(project_id)


@pages.get(f"{WHERE}/package/progress")
def package_progress(project_id: int) -> Response:
    """How far it is, for the page that shows it."""
    authorise(g.session, g.who, "subsidy.read")
    if not queries.seat_of(g.session, g.who, project_id).is_lead:
        raise ProjectUnknown
    row = queries.newest_package(g.session, g.who.district_id, project_id)
    return jsonify(done=row.done if row else 0, moves=row is not None and row.state == "moving")


def _package(found: Result) -> dict[str, Any]:
    """The package that was asked for last, and why it could not be made; one of other things than now is no longer offered."""
    row = _newest(found)
    number = row.failed if row else None
    known = (kind for kind in error_classes() if kind.number == number and "%(" not in kind.text)
    return {"package": row, "refusal": next(known, PackageFailed)}


def _newest(found: Result) -> PackageRow | None:
    digests = [queries.digest_of(found, language(), without_missing=each) for each in (False, True)]
    return queries.newest_package(g.session, g.who.district_id, found.costs.project.id, digests)


def _kept(found: Result) -> Answer:
    row = _newest(found)
    if row is None or row.state != "ready":
        return _back(found.costs.project.id)
    parts = stream_with_context(queries.package_bytes(g.session, g.who.district_id, row.id))
    return Response(parts, mimetype=ZIP, headers={"Content-Disposition": "attachment; filename=result.zip", "Cache-Control": "no-store"})


def _back(project_id: int) -> Answer:
    return redirect(url_for(".result", project_id=project_id, _anchor="files"), 303)


def _result(project_id: int) -> Result:
    """For the lead alone; making its papers is on record. Raises ProjectUnknown."""
    authorise(g.session, g.who, "subsidy.make_papers", subject=f"subsidy_project:{project_id} result")
    project = standing(project_id)
    if not project.seat.is_lead:
        raise ProjectUnknown
    return queries.result_of(project)


def _opened(found: Result) -> dict[int, OpenedPaper]:
    """By the exhibits' numbers, in their order."""
    project = found.costs.project
    opened = queries.open_papers(g.session, g.who, project.id, [each.paper.id for each in found.exhibits], today=project.today)
    return {each.number: paper for each, paper in zip(found.exhibits, opened, strict=True)}


def _made() -> Made:
    return Made(g.district, g.clock(), identity.queries.person_profile(g.session, g.who).nickname)

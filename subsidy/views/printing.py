"""The papers of what is about to be noted as filed, printed then: they are kept with the fact (`subsidy.commands.keep_printed`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import g

import identity.queries
from subsidy import queries
from subsidy.commands import NewFact, Printed, PrintedFile
from subsidy.packing import Piece
from subsidy.queries import Costs, Report, Result, Standing
from subsidy.rules.progress import files_anew, missing_before
from subsidy.views import application_papers, result_book
from subsidy.views.application_papers import Application
from subsidy.views.effect_papers import effect_pieces
from subsidy.views.result_papers import Made
from web.i18n import language


def printed(project: Standing, new: NewFact) -> Printed | None:
    """None where nothing is filed by it, where it will be refused, and where what was filed was made elsewhere."""
    is_filed = new.day is not None and new.kind in PRINTERS and files_anew(new.kind, project.facts)
    if not is_filed or missing_before(new.kind, project.facts) or not project.seat.is_lead:
        return None
    files = list(PRINTERS[new.kind](project))
    return Printed(language(), queries.digest_printed(project), files) if files else None


def _application(project: Standing) -> Iterator[PrintedFile]:
    if project.is_closed or project.errors:  # noted of an application that was made elsewhere, or it will be refused
        return
    found = Application(Costs(project), queries.contacts_of(g.session, g.who.district_id, project.id), g.district, _name())
    yield from map(_ours, application_papers.own_pieces(found, lambda: None))
    if found.confirmed:
        yield PrintedFile("", "confirmations.pdf", application_papers.confirmations(found, found.confirmed))
    for each in found.attached:
        yield PrintedFile(application_papers.attached_name(each), paper_id=each.paper.id)


def _result(project: Standing) -> Iterator[PrintedFile]:
    found = Result(Costs(project))
    if not found.claimed:
        return
    yield from map(_ours, result_book.own_pieces(found, Made(g.district, project.now, _name())))
    for each in found.exhibits:
        yield PrintedFile(result_book.exhibit_name(found, each), paper_id=each.paper.id)


def _effect(number: int) -> Callable[[Standing], Iterator[PrintedFile]]:
    def print_them(project: Standing) -> Iterator[PrintedFile]:
        report = Report(project, number)
        if report.whole.effect is not None:
            yield from map(_ours, effect_pieces(report))

    return print_them


PRINTERS = {"submitted": _application, "result_filed": _result, "report1_filed": _effect(1), "report2_filed": _effect(2)}


def _ours(piece: Piece) -> PrintedFile:
    return PrintedFile(piece.name, piece.door, piece.content)


def _name() -> str:
    return identity.queries.person_profile(g.session, g.who).nickname

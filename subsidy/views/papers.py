"""書類: who must hand in what, what came, and whether it is good."""

from __future__ import annotations

import io

from flask import Response, g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from subsidy import commands, queries
from subsidy.commands import NewPaper
from subsidy.schemas import CheckSchema, PaperSchema
from subsidy.views.frame import BODY_MAX_BYTES, group_page, pages, sent_file, standing
from web import forms
from web.forms import takes_files


@pages.get("/group/<int:project_id>/papers")
def papers(project_id: int) -> str:
    """The matrix, party by party."""
    return group_page("subsidy/papers.html", standing(project_id))


@pages.post("/group/<int:project_id>/papers")
@takes_files(BODY_MAX_BYTES)
def hand_in(project_id: int) -> Answer:
    """入れる."""
    form = forms.load(PaperSchema)
    name, content = sent_file(request.files.get("file"))
    new = NewPaper(form["kind"], name, content, form["issued_on"], form["is_scan"])
    commands.hand_in(g.session, g.who, project_id, form["party_id"], new, now=g.clock())
    return redirect(url_for(".papers", project_id=project_id), 303)


@pages.get("/group/<int:project_id>/papers/<int:paper_id>")
def open_paper(project_id: int, paper_id: int) -> Response:
    """The file, saved and never shown inside our own pages: foreign content gets no page of ours."""
    opened = queries.open_paper(g.session, g.who, project_id, paper_id)
    answer = send_file(io.BytesIO(opened.content), mimetype=opened.media, as_attachment=True, download_name=opened.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/group/<int:project_id>/papers/<int:paper_id>/check")
def check_paper(project_id: int, paper_id: int) -> Answer:
    """確かめた, or 差し戻す."""
    form = forms.load(CheckSchema)
    commands.check_paper(g.session, g.who, project_id, paper_id, is_good=form["is_good"], words=form["words"], now=g.clock())
    return redirect(url_for(".papers", project_id=project_id), 303)

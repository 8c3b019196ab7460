"""書類: who must hand in what, what came, and whether it is good."""

from __future__ import annotations

import io

from flask import Response, g, redirect, request, send_file, url_for
from marshmallow import ValidationError
from werkzeug.wrappers import Response as Answer

from base.clock import tokyo_day
from subsidy import commands, queries, titles
from subsidy.commands import NewPaper
from subsidy.queries import Sought
from subsidy.schemas import CheckSchema, PaperSchema, SearchSchema
from subsidy.views.frame import BODY_MAX_BYTES, group_page, pages, sent_file, standing
from web import forms, tables
from web.errors import FormInvalid
from web.forms import by_field, takes_files
from web.i18n import _, translate
from web.tables import count, day, moment, text, yen


@pages.get("/group/<int:project_id>/papers")
def papers(project_id: int) -> str:
    """The matrix, party by party, and what is looked for."""
    project, asked = standing(project_id), _asked()
    found = queries.search(project, asked)
    return group_page("subsidy/papers.html", project, asked=asked, found=found, other=queries.counterparty)


@pages.get("/group/<int:project_id>/papers.<any(xlsx, csv):file>")
def papers_table(project_id: int, file: str) -> Response:
    """What was found, with everything that is known of each file."""
    project = standing(project_id)
    columns = [count(_("番号")), text(_("書類"), 24), day(_("書いてある日付")), yen(_("金額（税込み・円）")), text(_("取引先"), 26)]
    columns += [text(_("登録番号")), text(_("だれの書類か"), 26), count(_("経費の番号")), moment(_("届いた日時")), text(_("確かめ"), 12)]
    columns.append(text(_("指紋（SHA-256）"), 66))
    states = {None: _("確認待ち"), True: _("確かめた"), False: _("差戻し")}
    rows = (
        [
            *(paper.id, translate(titles.EVERY_PAPER[paper.kind]), paper.day or paper.issued_on, paper.amount),
            *(queries.counterparty(project, paper), paper.number, project.name_of(paper.party_id), paper.line, paper.handed_at),
            *(states[paper.is_good], paper.sha256.hex()),
        ]
        for paper in queries.search(project, _asked())
    )
    return tables.download(file, f"group-{project_id}-papers", columns, rows)


def _asked() -> Sought:
    try:
        found: Sought = SearchSchema().load(request.args.to_dict())
    except ValidationError as error:
        raise FormInvalid(by_field(error.messages)) from error
    return found


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
    opened = queries.open_paper(g.session, g.who, project_id, paper_id, today=tokyo_day(g.clock()))
    answer = send_file(io.BytesIO(opened.content), mimetype=opened.media, as_attachment=True, download_name=opened.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/group/<int:project_id>/papers/<int:paper_id>/check")
def check_paper(project_id: int, paper_id: int) -> Answer:
    """確かめた, or 差し戻す. Evidence leads back to its line, where the next piece waits."""
    form = forms.load(CheckSchema)
    line = commands.check_paper(g.session, g.who, project_id, paper_id, is_good=form["is_good"], words=form["words"], now=g.clock())
    if line is not None:
        return redirect(url_for(".line", project_id=project_id, number=line, _anchor="proofs"), 303)
    return redirect(url_for(".papers", project_id=project_id), 303)

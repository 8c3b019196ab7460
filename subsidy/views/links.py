"""Asking a party for its papers: the lead makes a link, whoever holds it needs no account."""

from __future__ import annotations

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from base.clock import tokyo_day
from subsidy import commands, queries, titles
from subsidy.commands import NewPaper
from subsidy.queries import Standing
from subsidy.rules.wanted import CERTIFICATES
from subsidy.schemas import AnswersSchema, AskedSchema, LinkSchema, PaperSchema
from subsidy.views.effect import year_words
from subsidy.views.frame import BODY_MAX_BYTES, group_page, outside, pages, proposal, sent_file, standing
from web import forms
from web.forms import form_value, takes_files
from web.i18n import _, translate, yen
from web.problems import sign_in_address


@pages.post("/group/<int:project_id>/members/<int:party_id>/link")
def make_link(project_id: int, party_id: int) -> str:
    """頼むリンクを作る: shown once, since only its hash is kept; on paper as well."""
    new = forms.load(LinkSchema)
    token = commands.make_link(g.session, g.who, project_id, party_id, new, now=g.clock())
    project = standing(project_id)
    address = f"{request.host_url.rstrip('/')}{url_for('subsidy_outside.asked', token=token)}"
    link = project.link_of(party_id)
    return group_page(
        "subsidy/asked.html",
        project,
        party=project.party(party_id),
        address=address,
        asked=[asked_words(project, code) for code in new.asked],
        words=new.words,
        years=[year_words(project, year) for year in project.years_asked if not project.figure(party_id, year)],
        link=link,
    )


@pages.post("/group/<int:project_id>/members/<int:party_id>/link/end")
def end_link(project_id: int, party_id: int) -> Answer:
    """リンクを止める."""
    commands.end_link(g.session, g.who, project_id, party_id, now=g.clock())
    return redirect(url_for(".member", project_id=project_id, party_id=party_id), 303)


@pages.get("/group/<int:project_id>/mine")
def own_page(project_id: int) -> str:
    """What a member with an account sees: itself."""
    now = g.clock()
    project = queries.own_side(g.session, g.who, project_id, now=now, today=tokyo_day(now))
    return group_page("subsidy/mine.html", project, certificates=CERTIFICATES)


@pages.post("/group/<int:project_id>/mine")
@takes_files(BODY_MAX_BYTES)
def hand_in_own(project_id: int) -> Answer:
    """自分の書類を入れる."""
    form = forms.load(PaperSchema)
    seat = queries.seat_of(g.session, g.who, project_id)
    name, content = sent_file(request.files.get("file"))
    new = NewPaper(form["kind"], name, content, form["issued_on"])
    commands.hand_in(g.session, g.who, project_id, seat.party_id or 0, new, now=g.clock())
    return redirect(url_for(".own_page", project_id=project_id), 303)


@outside.get("/asked/<token>")
def asked(token: str) -> str:
    """頼まれた書類: a page of its own for whoever holds the link. Raises LinkOver."""
    now = g.clock()
    page = queries.link_page(g.session, g.who, token, now=now, today=tokyo_day(now))
    party = page.standing.party(page.party_id)
    return render_template(
        "subsidy/link.html",
        page=page,
        party=party,
        year=_year(page),
        asked=[(code, *code.partition(":")[::2], asked_words(page.standing, code)) for code in page.asked],
        token=token,
        titles=titles,
        certificates=CERTIFICATES,
        district=g.district,
        sign_in_href=sign_in_address(),
        can_sit=g.who is not None and queries.may_sit_for(g.who, party.role),
    )


@outside.post("/asked/<token>")
@takes_files(BODY_MAX_BYTES)
def hand_in_by_link(token: str) -> Answer:
    """送る."""
    facts = forms.load(AskedSchema)
    name, content = sent_file(request.files.get("file"))
    new = NewPaper(file_name=name, content=content, **facts)
    commands.hand_in_by_link(g.session, g.who, token, new, now=g.clock())
    return redirect(url_for(".asked", token=token), 303)


@outside.post("/asked/<token>/read")
@takes_files(BODY_MAX_BYTES)
def read_by_link(token: str) -> Response:
    """What the chosen invoice seems to say, for the fields beside it. Nothing is kept."""
    _name, content = sent_file(request.files.get("file"))
    return proposal(commands.read_by_link(g.session, g.who, token, content, now=g.clock()))


@outside.post("/asked/<token>/answers")
def answer_by_link(token: str) -> Answer:
    """答える."""
    commands.answer_by_link(g.session, g.who, token, forms.load(AnswersSchema), now=g.clock())
    return redirect(url_for(".asked", token=token), 303)


@outside.post("/asked/<token>/seat")
def take_seat(token: str) -> Answer:
    """自分の画面からも見られるようにする."""
    number = commands.take_seat(g.session, g.who, token, now=g.clock())
    return redirect(url_for("subsidy.home", project_id=number), 303)


def _year(page: queries.LinkPage) -> tuple[int, str, queries.FigureRow | None, int | None] | None:
    """The year whose figures are asked for now: number, words, what was sent, what the ledger proposes.

    One at a time: that which was just refused, else the first that is missing, else the newest.
    """
    project, party = page.standing, page.party_id
    asked = project.years_asked if any(row.id == party for row in project.reporting) else ()
    if not asked:
        return None
    typed = form_value("year")
    missing = [year for year in asked if not project.figure(party, year)]
    year = next((year for year in asked if str(year) == typed), (missing or asked[-1:])[0])
    return year, year_words(project, year), project.figure(party, year), queries.local_sales(g.session, g.who, project, party, year)


def asked_words(project: Standing, code: str) -> str:
    """What is asked for, with the cost that it proves."""
    kind, _colon, number = code.partition(":")
    word = translate(titles.EVERY_PAPER[kind])
    row = next((row for row in project.lines if str(row.number) == number), None)
    return word if row is None else _("%(paper)s（%(cost)s %(amount)s）", paper=word, cost=row.words, amount=yen(row.line.amount))

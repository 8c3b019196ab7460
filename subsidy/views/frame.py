"""What every page of a group needs: its blueprint, its links, and who may come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage

import identity.queries
from base.clock import tokyo_day
from base.errors import N_, NotSignedIn
from identity.commands import authorise
from subsidy import queries, titles
from subsidy.helps import HELPS
from subsidy.queries import Standing
from subsidy.rules.evidence import Doubt
from subsidy.rules.files import FILE_MAX_BYTES
from subsidy.rules.invoice_text import Read
from subsidy.views.next_step import step_href, told_here
from web import helps, navigation
from web.i18n import _, day, language, translate, yen
from web.navigation import Link

pages = Blueprint("subsidy", __name__, template_folder="../templates")
outside = Blueprint("subsidy_outside", __name__, template_folder="../templates")

PARTS_OF_PAGE: dict[str, tuple[str, ...]] = {
    "subsidy.home": (),
    "subsidy.rules": (),
    "subsidy.settings": ("plan",),
    "subsidy.review": ("plan",),
    "subsidy.criterion": ("plan",),
    "subsidy.facts": ("plan",),
    "subsidy.calendar": ("plan", "members"),
    "subsidy.calendar_file": ("plan", "members"),
    "subsidy.filing": ("plan", "members", "papers"),
    "subsidy.members": ("members",),
    "subsidy.members_table": ("members",),
    "subsidy.member": ("members",),
    "subsidy.reminders": ("members",),
    "subsidy.costs": ("costs",),
    "subsidy.costs_workbook": ("costs",),
    "subsidy.line": ("costs",),
    "subsidy.quotes": ("costs",),
    "subsidy.line_quotes": ("costs",),
    "subsidy.tools": ("costs",),
    "subsidy.what_if": ("costs",),
    "subsidy.what_if_live": ("costs",),
    "subsidy.calls": ("costs",),
    "subsidy.plan_changes": ("costs",),
    "subsidy.papers": ("papers",),
    "subsidy.papers_table": ("papers",),
    "subsidy.result": ("reports",),
    "subsidy.shares": ("costs", "reports"),
    "subsidy.effect": ("reports",),
    "subsidy.effect_report": ("reports",),
    "subsidy.effect_pdf": ("reports",),
    "subsidy.effect_workbook": ("reports",),
    "subsidy.figures": ("reports",),
}
"""What an expert must be invited to for a page that reads; a page that does not stand here opens for none."""

BODY_MAX_BYTES = FILE_MAX_BYTES + 1024**2
"""Of a request that brings a file: what is more is refused before it is read."""


@pages.before_request
def only_who_sits_somewhere() -> None:
    """Nobody sees a page of a group without a role in one. Raises NotSignedIn, Forbidden."""
    if g.who is None:
        raise NotSignedIn
    authorise(g.session, g.who, "subsidy.read_own")


def standing(project_id: int) -> Standing:
    """The project whole, once a page. Raises ProjectUnknown."""
    if "standing" not in g or g.standing.id != project_id:
        now = g.clock()
        parts = PARTS_OF_PAGE.get(request.endpoint or "")
        g.standing = queries.standing(g.session, g.who, project_id, now=now, today=tokyo_day(now), parts=parts)
    found: Standing = g.standing
    return found


def own_or_whole(project_id: int) -> Standing:
    """The member's own side for a member, the project for whoever else may read it. Raises ProjectUnknown."""
    authorise(g.session, g.who, "subsidy.read_own")
    if queries.seat_of(g.session, g.who, project_id).role not in ("participant", "provider"):
        return standing(project_id)
    now = g.clock()
    return queries.own_side(g.session, g.who, project_id, now=now, today=tokyo_day(now))


def may_open(project: Standing, endpoint: str) -> bool:
    """Whether the reader may open this page of the project: for the links to it."""
    parts = PARTS_OF_PAGE.get(endpoint)
    return project.seat.role != "expert" or (parts is not None and project.seat.may_see(parts, project.today))


def group_page(template: str, project: Standing | None = None, **values: Any) -> str:
    """A page of the group, with the name of whoever sits at it."""
    profile = identity.queries.person_profile(g.session, g.who)
    frame = {"own_name": profile.nickname, "titles": titles, "step_words": step_words, "options": options}
    frame |= {"doubt_words": doubt_words, "ranges": ranges, "names_of": names_of, "written": written, "may_open": may_open}
    frame |= {"step_href": step_href, "told_here": told_here}
    return render_template(template, project=project, **frame, **values)


def options(words: Mapping[Any, str]) -> list[tuple[Any, str]]:
    """Words of `titles` as the options of a field."""
    return [(key, translate(word)) for key, word in words.items()]


def step_words(project: Standing, step: Any) -> str:
    """A step as a sentence, its papers named."""
    facts = dict(step.facts)
    if "paper" in facts:
        facts["paper"] = translate(titles.PAPERS[facts["paper"]])
    if "lines" in facts:
        facts["lines"] = ranges(facts["lines"])
    words = translate(titles.STEPS[step.code], facts)
    return _("%(step)s。終わらなければ、補助が %(yen)s 減ります", step=words, yen=yen(facts["lost"])) if facts.get("lost") else words


def doubt_words(doubt: Doubt) -> str:
    """What does not agree, as a sentence with both sides of it."""
    one, two = (translate(titles.EVIDENCE[doubt.kinds[place]]) for place in (0, -1))
    return translate(titles.DOUBTS[doubt.code], {**doubt.facts, "one": one, "two": two})


def ranges(numbers: Sequence[int]) -> str:
    """1, 3, 4, 5 as 「1、3〜5」."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    between = f" {_('〜')} " if language() == "en" else _("〜")
    return str(_("、")).join(f"{run[0]}{between}{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def names_of(project: Standing, parties: Sequence[int], most: int = 5) -> str:
    """The first few by name, and how many more."""
    found = str(_("、")).join(project.name_of(each) for each in parties[:most])
    return found + (_(" ほか%(count)s者", count=len(parties) - most) if len(parties) > most else "")


def written(value: object) -> str:
    """A value of a call's table as people read it."""
    if isinstance(value, bool):
        return "○" if value else "×"
    if isinstance(value, int):
        return f"{value:,}"
    return "・".join(map(str, value)) if isinstance(value, tuple) and all(isinstance(each, str | int) for each in value) else str(value)


def sent_file(sent: FileStorage | None) -> tuple[str, bytes]:
    """Name and content of what a form sent, one byte too many at most."""
    if sent is None or not sent.filename:
        return "", b""
    with sent.stream as stream:
        return sent.filename, stream.read(FILE_MAX_BYTES + 1)


def proposal(read: Read) -> Response:
    """What was read, by the field that it is for: its value, and the sentence that it was only read."""
    found: dict[str, tuple[str, str]] = {}
    if read.amount is not None:
        words = yen(read.amount) if read.net is None else _("%(amount)s（税抜 %(net)s）", amount=yen(read.amount), net=yen(read.net))
        found["amount"] = (str(read.amount), words)
    if read.day is not None:
        found["day"] = (read.day.isoformat(), day(read.day))
    found |= {name: (said, said) for name in ("number", "issuer") if (said := getattr(read, name))}
    told = {
        name: {"value": value, "words": _("読み取り: %(what)s。紙と見くらべてください", what=words)}
        for name, (value, words) in found.items()
    }
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sits() -> bool:
    """In a project its own links stand there instead, the way back to the list among them."""
    return g.who is not None and queries.may_sit(g.who) and "project_id" not in (request.view_args or {})


@pages.app_template_test("leads_here")
def leads_here(href: str) -> bool:
    """Whether this page is the one at `href` or lies under it. What ends in a slash is a start page, and nothing lies under it."""
    return request.path == href or (not href.endswith("/") and request.path.startswith(href + "/"))


@pages.record_once
def link_pages(state: BlueprintSetupState) -> None:
    """The group's line in the side bar; a project's own pages stand above it (subsidy/_group.html)."""
    assert isinstance(state.app, Flask)
    helps.add(state.app, HELPS)
    navigation.add(state.app, "desk.side", Link("people", N_("補助事業"), "/group/", 900, N_("補助金"), visible=_sits))

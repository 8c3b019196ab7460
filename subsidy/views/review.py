"""審査項目: what the reviewers ask, each answered with words, with figures of the district's own data beside it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import analytics.queries
from analytics.errors import ColumnsBroken, ColumnsMissing, ColumnsOff, PeriodNotOver
from base.errors import Forbidden
from subsidy import commands, queries
from subsidy.commands import NewAnswer
from subsidy.queries import Standing
from subsidy.rules.review import BASE_POINTS, CRITERIA, rule_of
from subsidy.schemas.plan import AnswerSchema
from subsidy.views.costs import costs_of
from subsidy.views.frame import group_page, pages, standing
from web import forms
from web.i18n import _, day, translate, yen


@dataclass(frozen=True, slots=True)
class FigureSaid:
    """A figure as a sentence. `name`: what a form calls it."""

    name: str
    sentence: str


@pages.get("/group/<int:project_id>/review")
def review(project_id: int) -> str:
    """All criteria, and how far each is."""
    return group_page("subsidy/review.html", standing(project_id), criteria=CRITERIA, base_points=BASE_POINTS, rule_of=rule_of)


@pages.get("/group/<int:project_id>/review/<int:item>")
def criterion(project_id: int, item: int) -> str:
    """One of them: its form, figures, and every saving."""
    if item not in CRITERIA:
        abort(404)
    project = standing(project_id)
    return group_page(
        "subsidy/criterion.html",
        project,
        item=item,
        is_base=item in BASE_POINTS,
        rule=rule_of(item),
        figures=figures_of(project),
        history=queries.answer_history(g.session, g.who.district_id, project_id, item),
    )


@pages.post("/group/<int:project_id>/review/<int:item>")
def keep_answer(project_id: int, item: int) -> Answer:
    """保存する. Figures are taken as they stand now, not as the form says."""
    if item not in CRITERIA:
        abort(404)
    form = forms.load(AnswerSchema, item=item)
    chosen = tuple(each.sentence for each in figures_of(standing(project_id)) if each.name in form["figures"])
    new = NewAnswer(form["words"], form["is_declined"], chosen)
    commands.keep_answer(g.session, g.who, project_id, item, new, form["revision"], now=g.clock())
    return redirect(url_for(".review", project_id=project_id), 303)


def figures_of(project: Standing) -> list[FigureSaid]:
    """What the plan and the district's payments say, as sentences: of payments only what insight may publish about ten people or more."""
    planned = costs_of(project.id).planned
    found = [FigureSaid("group", _("グループは%(count)s者です（%(day)s）。", count=len(project.group), day=day(project.today)))]
    if planned.grant is not None:
        costs = yen(planned.grant.eligible.yen)
        found.append(FigureSaid("plan", _("対象経費は%(costs)s、補助額の上限見込額は%(sum)sです。", costs=costs, sum=yen(planned.subsidy))))
    try:
        listed = analytics.queries.district_reports(g.session, g.who)
        for each in listed:
            asked = analytics.queries.district_report(g.session, g.who, each.name, now=g.clock(), for_outsiders=True)
            if asked.answer.can_tell:
                said = asked.answer.sentence.said(translate)
                sentence = _("%(said)s（%(first)s〜%(last)s）", said=said, first=day(asked.first), last=day(asked.last))
                found.append(FigureSaid(each.name, sentence))
    except (ColumnsOff, ColumnsMissing, ColumnsBroken, PeriodNotOver, Forbidden):
        return found  # no columns of the district's payments yet, or an expert asks: the plan's own figures stand
    return found

"""見てください: the queue, one finding with its evidence and its one action, and the limits of the rules."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.queries import Finding
from association.queries.risk import Evidence
from association.schemas import AnswerFindingSchema, ReasonSchema, RiskLimitSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from identity.errors import AlreadyFrozen
from ledger.queries import payment_number
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import count, moment, text, yen

NUMBER = "int(max=9223372036854775807)"


@pages.get("/desk/risk")
def risk() -> str:
    """What nobody has looked at, then what somebody looks at, then what was answered lately."""
    found = queries.findings(g.session, g.who)
    answered = queries.findings(g.session, g.who, answered=True)
    return desk_page("association/risk.html", findings=found, answered=answered[:20], **_words())


@pages.get("/desk/risk.<any(xlsx, csv):file>")
def risks_table(file: str) -> Response:
    """Every finding, by number: no name is in it."""
    columns = [text(_("見てほしいこと"), 36), text(_("だれ・どこ"), 24), count(_("数値")), text(_("状態"), 16)]
    columns += [moment(_("はじめに見つけた日時")), moment(_("最後に見つけた日時"))]
    every = [*queries.findings(g.session, g.who), *queries.findings(g.session, g.who, answered=True)]
    return tables.download(file, f"risk-{tokyo_day(g.clock())}", columns, map(_row, every))


@pages.get(f"/desk/risk/<{NUMBER}:finding_id>")
def finding(finding_id: int) -> str:
    """One finding. The look is written down. Raises FindingUnknown."""
    found = queries.finding(g.session, g.who, finding_id)
    return desk_page("association/finding.html", found=found, payment_number=payment_number, may_look=queries.may_look(g.who), **_words())


@pages.get(f"/desk/risk/<{NUMBER}:finding_id>.<any(xlsx, csv):file>")
def evidence_table(finding_id: int, file: str) -> Response:
    """The transactions behind one finding, people by number. Raises FindingUnknown."""
    columns = [
        text(_("受付番号"), 16),
        moment(_("日時")),
        text(_("取引")),
        text(_("利用者番号"), 12),
        text(_("お店"), 28),
        yen(_("金額（円）")),
    ]
    found = queries.finding(g.session, g.who, finding_id)
    return tables.download(file, f"risk-{finding_id}", columns, map(_evidence_row, found.evidence))


@pages.post(f"/desk/risk/<{NUMBER}:finding_id>")
def answer_finding(finding_id: int) -> Answer:
    """見ている, わけが分かった."""
    form = forms.load(AnswerFindingSchema)
    commands.answer_finding(g.session, g.who, finding_id, form["state"], form["words"], now=g.clock())
    return redirect(url_for(".risk"), 303)


@pages.post(f"/desk/risk/<{NUMBER}:finding_id>/stop")
def freeze_found(finding_id: int) -> Answer:
    """止める: one press and a reason. Whoever is stopped already: their page, which says since when and by whom."""
    try:
        commands.freeze_found(g.session, g.who, finding_id, forms.load(ReasonSchema)["reason"], now=g.clock())
    except AlreadyFrozen:
        return redirect(url_for(".person", person_id=queries.finding(g.session, g.who, finding_id).person), 303)
    return redirect(url_for(".finding", finding_id=finding_id), 303)


@pages.get("/desk/risk/limits")
def risk_limits() -> str:
    """From when on each rule says something."""
    return desk_page("association/risk_limits.html", limits=queries.set_limits(g.session, g.who), **_words())


@pages.post("/desk/risk/limits")
def set_risk_limit() -> Answer:
    """決める."""
    form = forms.load(RiskLimitSchema)
    commands.set_risk_limit(g.session, g.who, form["rule"], form["name"], form["value"], now=g.clock())
    return redirect(url_for(".risk_limits"), 303)


def _words() -> dict[str, object]:
    return {
        "rules": titles.RISKS,
        "states": titles.RISK_STATES,
        "limit_words": titles.RISK_LIMITS,
        "limit_units": titles.LIMIT_UNITS,
        "whom": whom,
    }


def whom(found: Finding) -> str:
    """Whom it concerns, by number or by the shop's name."""
    if found.shop is not None:
        return named(found.shop)
    if found.person is not None:
        return _("利用者 %(number)s", number=found.person)
    kind, _colon, rest = found.subject.partition(":")
    if kind == "device":
        return _("端末 %(mark)s", mark=rest)
    return _("担当 %(number)s", number=rest) if kind == "staff" else _("お店の端末 %(number)s", number=rest)


def _row(found: Finding) -> list[object]:
    state = translate(titles.RISK_STATES[found.state][1])
    return [translate(titles.RISKS[found.rule][0]), whom(found), found.figure, state, found.first_at, found.last_at]


def _evidence_row(one: Evidence) -> list[object]:
    kind = translate(titles.KINDS.get(one.kind, one.kind))
    return [payment_number(one.id), one.at, kind, one.person, named(one.shop) if one.shop else None, one.amount]

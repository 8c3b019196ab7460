"""証人: which tablets have verified the sealed log, and the alarms that they raised. Whoever reads the desk reads this."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.schemas import AnswerSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import count, moment, text


@pages.get("/desk/witnesses")
def witnesses() -> str:
    """Alarms that nobody has answered first; then who stands behind which checkpoint."""
    return desk_page(
        "association/witnesses.html",
        standing=queries.log_standing(g.session, g.who.district_id, now=g.clock()),
        alarms=queries.told_alarms(g.session, g.who),
        tablets=queries.witnesses(g.session, g.who),
        reasons=titles.LOG_REASONS,
        standings=titles.LOG_STANDINGS,
        may_answer=g.who.has("approver") or g.who.has("administrator"),
    )


@pages.get("/desk/witnesses/<int(max=9223372036854775807):alarm_id>")
def alarm(alarm_id: int) -> str:
    """One alarm with both notes, word for word. Raises LogAlarmUnknown."""
    return desk_page(
        "association/log_alarm.html",
        told=queries.told_alarm(g.session, g.who, alarm_id),
        reasons=titles.LOG_REASONS,
        standings=titles.LOG_STANDINGS,
        may_answer=g.who.has("approver") or g.who.has("administrator"),
    )


@pages.post("/desk/witnesses/<int(max=9223372036854775807):alarm_id>")
def answer_alarm(alarm_id: int) -> Answer:
    """対応を書く: once; the alarm stays."""
    commands.answer_alarm(g.session, g.who, alarm_id, forms.load(AnswerSchema)["words"], now=g.clock())
    return redirect(url_for(".alarm", alarm_id=alarm_id), 303)


@pages.get("/desk/witnesses.<any(xlsx, csv):file>")
def witnesses_table(file: str) -> Response:
    """Every paired tablet and what it verified last."""
    columns = [text(_("お店"), 24), text(_("端末"), 18), count(_("確かめた記録（件）")), text(_("台帳の印"), 70), moment(_("確かめた日時"))]
    columns += [count(_("覚え直した回数"))]
    rows = [
        [named(row.shop), row.till_name, row.size, row.root.hex() if row.root else None, row.seen_at, row.beginnings]
        for row in queries.witnesses(g.session, g.who)
    ]
    return tables.download(file, f"witnesses-{tokyo_day(g.clock())}", columns, rows)


@pages.get("/desk/witnesses/alarms.<any(xlsx, csv):file>")
def log_alarms_table(file: str) -> Response:
    """Every alarm, its notes word for word."""
    columns = [
        moment(_("知らせの日時")),
        text(_("お店"), 24),
        text(_("端末"), 18),
        text(_("理由"), 30),
        text(_("端末が覚えていた署名"), 40),
    ]
    columns += [text(_("端末に示された署名"), 40), text(_("状態"), 24), text(_("対応"), 40), moment(_("対応を書いた日時"))]
    rows = [
        [
            told.alarm.told_at,
            named(told.alarm.shop),
            told.alarm.till_name,
            translate(titles.LOG_REASONS.get(told.alarm.reason, told.alarm.reason)),
            told.alarm.before,
            told.alarm.shown,
            translate(titles.LOG_STANDINGS[told.standing][1]),
            told.alarm.words,
            told.alarm.answered_at,
        ]
        for told in queries.told_alarms(g.session, g.who)
    ]
    return tables.download(file, f"log-alarms-{tokyo_day(g.clock())}", columns, rows)

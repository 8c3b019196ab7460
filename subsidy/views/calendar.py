"""日程: every date, on the page and as a file for a calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, timedelta

from flask import Response, g

from subsidy import titles
from subsidy.queries import Standing
from subsidy.views.frame import group_page, pages, standing
from web.i18n import _, translate

LINE_MAX = 74
"""Octets of a line of the file, so that with its break it has 75 (RFC 5545 3.1)."""


@pages.get("/group/<int:project_id>/calendar")
def calendar(project_id: int) -> str:
    """Past and coming."""
    return group_page("subsidy/calendar.html", standing(project_id))


@pages.get("/group/<int:project_id>/calendar.ics")
def calendar_file(project_id: int) -> Response:
    """The same for the telephone's own calendar, with a reminder a week before what lies ahead."""
    answer = Response(ics(standing(project_id), g.district.slug), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="group-{project_id}.ics"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def ics(project: Standing, place: str) -> bytes:
    """Whole days; the same date keeps its number, so that taking the file in again moves it and does not double it."""
    stamp = f"{project.now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Meguri//group//JA", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for number, each in enumerate(project.calendar):
        words = translate(titles.DATES[each.code])
        title = _("%(what)s（%(whose)s）", what=words, whose=each.about or project.name)
        same = f"{each.code}-{number}" if each.about else each.code
        lines += ["BEGIN:VEVENT", f"UID:{same}-{project.id}@{place}.meguri", f"DTSTAMP:{stamp}"]
        lines += [f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}", f"DTEND;VALUE=DATE:{(each.until or each.day) + timedelta(days=1):%Y%m%d}"]
        lines += [f"SUMMARY:{_escaped(title)}"]
        lines += [f"DESCRIPTION:{_escaped(_('規則 %(rule)s', rule=each.rule))}"] if each.rule else []
        if each.day >= project.today:
            lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(title)}", "TRIGGER:-P7D", "END:VALARM"]
        lines.append("END:VEVENT")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _escaped(text: str) -> str:
    """A text value (RFC 5545 3.3.11)."""
    plain = "".join(sign for sign in text if sign.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Long lines go on after a break and a blank; a letter is never cut."""
    parts, size = [""], 0
    for sign in line:
        weight = len(sign.encode())
        if size + weight > LINE_MAX:
            parts.append("")
            size = 1
        parts[-1] += sign
        size += weight
    return "\r\n ".join(parts)

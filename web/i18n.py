"""Words, amounts and dates in the reader's language. Japanese is the source language; English is a catalogue.

The language is the reader's choice (`?lang=`, remembered in the cookie `lang`), else what the browser
asks for, else Japanese.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import get_day_names, get_month_names
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from base.clock import TOKYO, system_clock
from base.yen import grouped
from web.choices import chosen

__all__ = ["_", "_l", "day", "in_language", "language", "month", "ngettext", "number", "time_of_day", "translate", "when", "yen"]

LANGUAGES = ("ja", "en")


def wanted_language() -> str:
    """The reader's language; Japanese where nothing else was asked for."""
    if not has_request_context():
        return "ja"
    wanted = chosen("lang")
    if wanted:
        return wanted
    if not request.accept_languages:
        return "ja"
    return request.accept_languages.best_match(LANGUAGES) or "en"


def language() -> str:
    """The language that this answer is written in: "ja" or "en"."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "ja"


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write what follows in the language `code`: for a mail, or the twin of an error."""
    with force_locale(code):
        yield


class _Gaps(dict[str, Any]):
    """The values of a sentence; a gap that nobody filled shows as a dash instead of breaking the page."""

    def __missing__(self, name: str) -> str:
        return "—"


def shown(value: Any) -> str:
    """A fact as people read it: whole numbers with separators, moments in Tokyo's time, marked words one after the other."""
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):  # sentences marked with N_
        return str(_("、")).join(str(_(each)) for each in value)
    return str(value)


def translate(text: str, facts: Mapping[str, Any] | None = None) -> str:
    """A sentence marked with N_ in the reader's language, its gaps filled with `facts`."""
    sentence = str(_(text)) if text else ""
    return sentence % _Gaps({name: shown(value) for name, value in facts.items()}) if facts is not None else sentence


def yen(amount: int) -> str:
    """1280 as 「1,280円」."""
    return _("%(amount)s円", amount=grouped(amount))


def number(value: int) -> str:
    """1234567 as 1,234,567."""
    return grouped(value)


def date_parts(moment: date) -> dict[str, Any]:
    """What a date is written from in the reader's language: the month is a number in Japanese and a name in English."""
    locale = get_locale() or "ja"
    return {
        "year": moment.year,
        "month": get_month_names("abbreviated", locale=locale)[moment.month] if language() == "en" else moment.month,
        "day": moment.day,
        "weekday": get_day_names("abbreviated", locale=locale)[moment.weekday()],
    }


def _today() -> date:
    clock = g.get("clock", system_clock) if has_request_context() else system_clock
    return clock().astimezone(TOKYO).date()


def day(moment: date | datetime) -> str:
    """「11月24日(火)」; with the year if it is not this one."""
    local = moment.astimezone(TOKYO).date() if isinstance(moment, datetime) else moment
    if local.year == _today().year:
        return _("%(month)s月%(day)s日(%(weekday)s)", **date_parts(local))
    return _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(local))


def month(year: int, month_number: int) -> str:
    """「2026年11月」."""
    return _("%(year)s年%(month)s月", **date_parts(date(year, month_number, 1)))


def time_of_day(moment: datetime, *, seconds: bool = False) -> str:
    """「12:41」 in Tokyo, with seconds 「12:41:08」."""
    local = moment.astimezone(TOKYO)
    return f"{local.hour}:{local.minute:02d}" + (f":{local.second:02d}" if seconds else "")


def when(moment: datetime, *, seconds: bool = False) -> str:
    """「11月24日(火) 12:41」 in Tokyo."""
    return f"{day(moment)} {time_of_day(moment, seconds=seconds)}"


def setup(app: Flask) -> None:
    """Teach the application both languages and its templates the filters."""
    Babel(
        app,
        default_locale="ja",
        default_timezone="Asia/Tokyo",
        default_translation_directories=str(Path(__file__).parent / "translations"),
        locale_selector=wanted_language,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(yen=yen, number=number, when=when, day=day, time_of_day=time_of_day)
    app.jinja_env.globals.update(yen=yen, number=number, when=when, day=day, time_of_day=time_of_day, month_name=month, language=language)

"""Words, amounts and dates in the reader's language. Japanese is the source language; English is a whole catalogue.

繁體中文 and 한국어 have what a guest meets from scanning to the done page; everything else of theirs is English, and where people work
(WORKPLACES) so are whole pages and files: no single words of the guest's path among English ones. The language is the reader's choice
(`?lang=`, remembered in the cookie `lang`), else what the browser asks for, else Japanese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import get_day_names, get_month_names
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from base.clock import TOKYO, system_clock
from base.yen import grouped
from web.choices import chosen

__all__ = [
    "_",
    "_l",
    "counted",
    "day",
    "in_language",
    "language",
    "language_tag",
    "month",
    "named",
    "ngettext",
    "number",
    "time_of_day",
    "translate",
    "weekday_names",
    "when",
    "without_request",
    "yen",
]

LANGUAGES = {"ja": "日本語", "en": "English", "zh-Hant": "繁體中文", "ko": "한국어"}
"""By tag (BCP 47), each in its own words."""
WORKPLACES, WHOLE = ("/desk", "/group", "/shop", "/till"), ("ja", "en")
"""Where people work, and the languages that have every sentence."""

BETWEEN = (("variable_begin", "{{"), ("name", "between"), ("lparen", "("), ("rparen", ")"), ("variable_end", "}}"))
"""`{{ between() }}`, as Jinja reads it."""

TELEPHONE = re.compile(r"\b0\d{1,3}-\d{1,4}-\d{3,4}\b")

TRADITIONAL = re.compile(r"zh-(hant|tw|hk|mo)\b", re.IGNORECASE)
"""As browsers of those ask who read 繁體中文. Other Chinese is not promised: they go on to their next wish."""


def wanted_language() -> str:
    """The reader's language as Babel writes it; Japanese where nothing else was asked for."""
    if not has_request_context():
        return "ja"
    return _wanted_tag().replace("-", "_")


def languages_here() -> dict[str, str]:
    """Those that one can choose from on this page."""
    first = "/" + request.path.split("/", 2)[1] if has_request_context() else ""
    return {tag: word for tag, word in LANGUAGES.items() if first not in WORKPLACES or tag in WHOLE}


def _wanted_tag() -> str:
    wanted, here = chosen("lang"), languages_here()
    if wanted:
        return wanted if wanted in here else "en"
    if not request.accept_languages:
        return "ja"
    for tag, _quality in request.accept_languages:
        found = "zh-Hant" if TRADITIONAL.match(tag) else tag.lower().partition("-")[0]
        if found in LANGUAGES:
            return found if found in here else "en"
    return "en"


def language_tag() -> str:
    """The language that this answer is written in, as a tag for `lang`: "ja", "en", "zh-Hant" or "ko"."""
    locale = get_locale()
    tag = "ja" if locale is None else str(locale).replace("_", "-")
    return tag if tag in LANGUAGES else "ja"


def language() -> str:
    """ "ja" or "en": in which of a thing's two names this reader reads it. Who reads neither reads the English one."""
    return "ja" if language_tag() == "ja" else "en"


def named(thing: Any) -> str:
    """The name of a shop, a series or a district as this reader reads it; the Japanese one where it has no other."""
    return str(thing.name_en if language() == "en" and thing.name_en else thing.name)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write what follows in the language `code` (a tag): for a mail, or the twin of an error."""
    with force_locale(code.replace("-", "_")):
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


def counted(word: str, n: int) -> str:
    """A word marked with N_ as it stands beside `n`: "day" or "days". One that has no plural of its own is the same for all."""
    found = str(ngettext(word, word, n)) if word else ""
    return found if found != word else translate(word)


def yen(amount: int) -> str:
    """1280 as 「1,280円」."""
    return _("%(amount)s円", amount=grouped(amount))


def number(value: int) -> str:
    """1234567 as 1,234,567."""
    return grouped(value)


def date_parts(moment: date) -> dict[str, Any]:
    """What a date is written from in the reader's language: the month is a name in English, else a number."""
    locale = get_locale() or "ja"
    return {
        "year": moment.year,
        "month": get_month_names("abbreviated", locale=locale)[moment.month] if language_tag() == "en" else moment.month,
        "day": moment.day,
        "weekday": get_day_names("abbreviated", locale=locale)[moment.weekday()],
    }


def weekday_names() -> list[str]:
    """Monday to Sunday in short, in the reader's language: 「月」, "Mon". Not words of the catalogue, where 月 is a month and 日 a day."""
    found = get_day_names("abbreviated", locale=get_locale() or "ja")
    return [found[place] for place in range(7)]


def _today() -> date:
    clock = g.get("clock", system_clock) if has_app_context() else system_clock
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


def dial(text: str) -> Markup:
    """Words in which each telephone number can be called with a finger, and is never broken in two."""
    return Markup(TELEPHONE.sub(lambda found: f'<a class="tel" href="tel:{found[0].replace("-", "")}">{found[0]}</a>', str(escape(text))))


def between() -> str:
    """What stands between two short facts of one line."""
    return "・" if language() == "ja" else " · "


class Between(Extension):
    """A 「・」 in a template's own text stands between two facts: other languages than Japanese write it their way."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            first, *others = token.value.split("・") if token.type == "data" else (token.value,)
            yield Token(token.lineno, token.type, first)
            for other in others:
                for kind, value in BETWEEN:
                    yield Token(token.lineno, kind, value)
                yield Token(token.lineno, "data", other)


class Catalogues(Domain):
    """What a small catalogue does not have is said in English, never in Japanese."""

    def get_translations(self) -> NullTranslations:
        known = str(get_locale()), self.domain[0]
        if known not in self.cache:
            (directory,) = self.translation_directories
            words = Translations.load(directory, [known[0]])
            if known[0] not in ("ja", "en"):
                words.add_fallback(Translations.load(directory, ["en"]))
            self.cache[known] = words
        found: NullTranslations = self.cache[known]
        return found


@contextmanager
def without_request(code: str) -> Iterator[None]:
    """What follows is written in the language `code`, where there is no page: a paper of the worker or of the terminal."""
    app = Flask("papers")
    setup(app)
    with app.app_context(), in_language(code):
        yield


def setup(app: Flask) -> None:
    """Teach the application its languages and its templates the filters."""
    babel = Babel(
        app,
        default_locale="ja",
        default_timezone="Asia/Tokyo",
        default_translation_directories=str(Path(__file__).parent / "translations"),
        locale_selector=wanted_language,
    )
    babel.domain_instance = Catalogues()
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension(Between)
    app.jinja_env.filters.update(yen=yen, number=number, when=when, day=day, time_of_day=time_of_day, dial=dial)
    app.jinja_env.globals.update(yen=yen, number=number, when=when, day=day, time_of_day=time_of_day, month_name=month, language=language)
    app.jinja_env.globals.update(weekday_names=weekday_names)
    app.jinja_env.globals.update(counted=counted, language_tag=language_tag, languages_here=languages_here, named=named, between=between)

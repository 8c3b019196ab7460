"""Mail as its reader reads it, and its way out. Works without a web application: the worker has none."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from babel.dates import format_datetime
from babel.support import NullTranslations, Translations
from sqlalchemy.orm import Session

import web
from base.settings import Settings
from identity.commands import by_smtp, deliver_mail
from identity.queries import Post

CATALOGUES = Path(web.__file__).parent / "translations"
OWN_WORD = "word_"
"""How the names of those facts begin that are marked sentences of ours."""
AT_ONCE = 20
"""So many mails are delivered before the caller's transaction ends; a worker that dies sends these again."""


@cache
def words(language: str) -> NullTranslations:
    """The product's sentences in a language, where there is no request that says which."""
    return Translations.load(CATALOGUES, [language])


def write(post: Post) -> tuple[str, str]:
    """Subject and text of a mail in its own language."""
    say = words(post.language)
    facts = _as_read(post, say)
    return say.ugettext(post.letter.subject) % facts, say.ugettext(post.letter.text) % facts


def counted(say: NullTranslations, word: str, n: int) -> str:
    """A marked word as it stands beside `n`: "day" or "days". One that has no plural of its own is the same for all."""
    found = str(say.ungettext(word, word, n))
    return found if found != word else str(say.ugettext(word))


def _as_read(post: Post, say: NullTranslations) -> dict[str, str | int]:
    """The facts of a mail: its moment (Tokyo, minutes) as the pages write moments, and translated
    what is the product's own word, as it stands beside the figure `n`."""
    many = 1 if post.facts.get("n") == "1" else 2
    facts = {name: counted(say, str(value), many) if name.startswith(OWN_WORD) else value for name, value in post.facts.items()}
    if "moment" in facts:
        pattern, locale = ("M月d日(E) H:mm", "ja") if post.language == "ja" else ("EEE d MMM H:mm", "en")
        facts["moment"] = format_datetime(datetime.fromisoformat(str(facts["moment"])), pattern, locale=locale)
    return facts


def deliver_due(session: Session, settings: Settings, *, now: datetime) -> int:
    """Deliver what waits, through the settings' SMTP server. Gives how many were tried; without a server, as in demo mode, none."""
    if settings.smtp_url is None or settings.mail_from is None:
        return 0
    deliver = by_smtp(settings.smtp_url, settings.mail_from, write)
    return next((tried for tried in range(AT_ONCE) if not deliver_mail(session, deliver, now=now)), AT_ONCE)

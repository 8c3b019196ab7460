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
AT_ONCE = 20
"""So many mails are delivered before the caller's transaction ends; a worker that dies sends these again."""


@cache
def _words(language: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [language])


def write(post: Post) -> tuple[str, str]:
    """Subject and text of a mail in its own language."""
    words, facts = _words(post.language), _as_read(post)
    return words.ugettext(post.letter.subject) % facts, words.ugettext(post.letter.text) % facts


def _as_read(post: Post) -> dict[str, str | int]:
    """The facts of a mail, its moment (Tokyo, minutes) as the pages write moments."""
    facts = dict(post.facts)
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

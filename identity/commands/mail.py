"""The outbox: mail is queued with what causes it, in one transaction, and delivered by a worker.

Address and text wait sealed, and are gone once the mail was sent or given up.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from base.db import atomic
from identity.models import Mail
from identity.queries.mail import Letter, Post, open_post
from identity.queries.people import email_lookup
from identity.vault import vault

TRIES = 6
FIRST_PAUSE = timedelta(minutes=1)  # doubled after each failure
WAIT_S = 20

log = structlog.get_logger("meguri.mail")


Deliver = Callable[[Post], None]
"""Brings one mail on its way. Raises whatever it likes if it must be tried again."""


def queue_mail(
    session: Session, district_id: int, to: str, letter: Letter, facts: Mapping[str, str | int], *, language: str, now: datetime
) -> None:
    """Put a mail into the outbox, with the caller's transaction."""
    with atomic(session):
        content = json.dumps({"to": to, "subject": letter.subject, "text": letter.text, "facts": dict(facts), "language": language})
        session.add(
            Mail(
                district_id=district_id,
                recipient=email_lookup(session, district_id, to),
                sealed=vault(session).seal(content, "mail", district_id),
                queued_at=now,
                next_try_at=now,
                tries=0,
            )
        )


def deliver_mail(session: Session, deliver: Deliver, *, now: datetime) -> bool:
    """Deliver the one mail that has waited longest, of any district; False if none waits.

    The row is locked meanwhile, so several workers never send the same one; a worker that dies half-way sends it
    again. After six failures it is given up.
    """
    with atomic(session):
        due = select(Mail).where(Mail.next_try_at <= now).order_by(Mail.next_try_at).limit(1).with_for_update(skip_locked=True)
        row = session.scalar(due)
        if row is None:
            return False
        try:
            deliver(open_post(session, row))
        except Exception as error:  # noqa: BLE001  one letter that cannot be written or handed over must not hold up those behind it
            log.warning("mail not delivered", mail=row.id, tries=row.tries + 1, kind=type(error).__name__)  # the rest may say to whom
            row.tries += 1
            row.next_try_at = now + FIRST_PAUSE * 2 ** (row.tries - 1) if row.tries < TRIES else None
        else:
            row.sent_at, row.next_try_at = now, None
        if row.next_try_at is None:
            row.sealed = None
        return True


def by_smtp(smtp_url: str, mail_from: str, write: Callable[[Post], tuple[str, str]]) -> Deliver:
    """Deliver through the server at smtp[s]://user:password@host:port. `write` gives subject and text in the mail's language."""
    server = urlsplit(smtp_url)
    assert server.hostname is not None, "smtp_url has no host"
    host = server.hostname

    def deliver(post: Post) -> None:
        message = EmailMessage()
        message["From"], message["To"] = mail_from, post.to
        message["Date"] = post.queued_at
        message["Auto-Submitted"] = "auto-generated"
        message["Subject"], text = write(post)
        message.set_content(text)
        connect = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
        with connect(host, server.port or 0, timeout=WAIT_S) as connection:
            if server.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls()
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            connection.send_message(message, to_addrs=[post.to])  # whatever the head makes of it

    return deliver

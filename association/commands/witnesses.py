"""What the association does about an alarm of a shop's tablet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import merchant.commands
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal


def answer_alarm(session: Session, who: Principal, alarm_id: int, words: str, *, now: datetime) -> None:
    """Write down what came of an alarm, once. The alarm and its notes stay. Raises LogAlarmUnknown, LogAlarmAnswered."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.answer_alarm", subject=f"alarm:{alarm_id}")
        merchant.commands.answer_log_alarm(session, who.district_id, alarm_id, words, by=who.person_id, now=now)

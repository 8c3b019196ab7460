"""紙の人への手紙: what was sent is written down, so that only what is new waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from association.commands.calls.locks import alone
from association.errors import LettersChanged
from association.queries.calls import draw_of, one_call
from association.queries.calls.letters import DUE
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

TOLD = text(f"UPDATE voucher_application a SET told_given = COALESCE(a.given, 0) WHERE {DUE} AND a.voucher_id = :voucher_id")


def letters_sent(session: Session, who: Principal, voucher_id: int, rounds: int, *, now: datetime) -> None:
    """出した: the letters of the result as it was printed, with so many rounds. Again changes nothing.

    Raises CallUnknown, LettersChanged where units went down the list meanwhile: somebody's letter is another one by now.
    """
    with atomic(session):
        authorise(session, who, "association.keep_applications", subject=f"voucher:{voucher_id} letters sent")
        one_call(session, who.district_id, voucher_id)
        alone(session, who.district_id, voucher_id)
        drawn = draw_of(session, who.district_id, voucher_id)
        if drawn is None or len(drawn.rounds) != rounds:
            raise LettersChanged
        session.execute(TOLD, {"district_id": who.district_id, "voucher_id": voucher_id, "today": tokyo_day(now)})

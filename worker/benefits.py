"""給付: given piece after piece, while there is one."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

import association.commands
import association.errors
from base.settings import Settings
from worker.rounds import Chore, Doings, alone, do


def give(settings: Settings, doings: Doings, stop: threading.Event) -> None:
    """給付, piece after piece while there is one, in a thread of its own: sealing and mail wait for none of them."""
    with alone(settings) as session:
        wait_s = 1.0
        while not stop.wait(wait_s):
            looked_at, failed = list[int](), list[association.errors.BenefitFailed]()
            doings.note("benefits", do(Chore("benefits", 1, partial(_give_piece, looked_at, failed)), session))
            for each in failed:
                do(Chore("benefits", 1, partial(_set_aside, each)), session)
            wait_s = 0.0 if any(looked_at) or failed else 1.0


def _give_piece(looked_at: list[int], failed: list[association.errors.BenefitFailed], session: Session, now: datetime) -> None:
    try:
        looked_at.append(association.commands.give_benefits(session, now=now))
    except association.errors.BenefitFailed as error:
        failed.append(error)
        raise


def _set_aside(failed: association.errors.BenefitFailed, session: Session, now: datetime) -> None:
    association.commands.set_benefit_aside(session, failed, now=now)

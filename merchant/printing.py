"""Papers of the queue: drawn as bytes for a till's printer, and brought to those that stand in the server's own network.

The worker's rounds need no page: threads of their own, one paper a printer at a time, so that a printer that is off delays nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from threading import Event as Flag

from flask import Flask, current_app
from sqlalchemy.orm import Session

from base.clock import Clock
from merchant import queries
from merchant.commands import close_print, take_print, waiting_printers
from merchant.print_agent import PRINT_S, address_of, tell
from merchant.queries import PrinterChoice, PrintRow
from merchant.receipt_paper import receipt_paper
from merchant.rounds import Rounds
from merchant.rules import escpos
from merchant.rules.escpos import Bitmap, Text
from web import papers, roll
from web.i18n import _, in_language
from web.logs import log
from web.papers.roll_text import Line, receipt_lines, report_lines

EVERY_S = 0.5
AT_ONCE = 4
"""So many printers are told at the same time."""


def payload(session: Session, job: PrintRow, clock: Clock) -> bytes:
    """The bytes of a paper, in Japanese, as this till's printer wants them."""
    choice = queries.printer_of(session, job.district_id, job.till_id)
    with in_language("ja"):
        match job.what:
            case "receipt":
                return _receipt(session, job, choice, clock)
            case "report":
                assert job.of_till is not None and job.number is not None
                report = queries.day_report_at(session, job.district_id, job.merchant_id, job.of_till, job.number)
                said = papers.day_report(report.content, made_at=report.made_at)
                return _drawn(choice, job, "day_report", said, report_lines(said))
            case "drawer":
                return escpos.START + escpos.KICK
            case _:
                shop = queries.merchant(session, job.district_id, job.merchant_id).name
                lines: list[Line] = [(shop, "", "centred"), ("", "", "rule"), (_("印刷を試しました"), "", "large")]
                lines.append((queries.till(session, job.district_id, job.till_id).name, f"{choice.roll} mm", ""))
                return escpos.text(_texts(lines, choice.roll), choice.roll, kick=job.kick)


def _receipt(session: Session, job: PrintRow, choice: PrinterChoice, clock: Clock) -> bytes:
    assert job.of_till is not None and job.number is not None
    row = queries.receipt_at(session, job.district_id, job.merchant_id, job.of_till, job.number)
    copies = queries.copies_of(session, job.district_id, job.of_till, job.number)
    copy = next(each for each in copies if (each.kind, each.place) == (job.copy_kind, job.copy_place))
    said = receipt_paper(session, job.district_id, row, copy, public_url=str(current_app.config["PUBLIC_URL"]), now=clock())
    return _drawn(choice, job, "till_receipt", said, receipt_lines(said))


def _drawn(choice: PrinterChoice, job: PrintRow, template: str, said: dict[str, object], lines: Iterable[Line]) -> bytes:
    if choice.letters == "kanji":
        return escpos.text(_texts(lines, choice.roll), choice.roll, kick=job.kick)
    width = escpos.DOTS[choice.roll]
    return escpos.picture(Bitmap(width, roll.dots(template, said, width)), kick=job.kick)


def _texts(lines: Iterable[Line], width: int) -> list[Text]:
    rule = Text("-" * escpos.COLUMNS[width])
    return [rule if how == "rule" else Text(left, right, how == "centred", how == "large") for left, right, how in lines]


class Printers:
    """Looks twice a second for papers that the server itself prints, and brings them. `app`: for the words on them."""

    def __init__(
        self,
        sessions: Callable[[], Session],
        app: Flask,
        clock: Clock,
        *,
        print_s: float = PRINT_S,
        noted: Callable[[bool], None] = lambda _is_well: None,
    ) -> None:
        self._sessions, self._app, self._clock, self._print_s = sessions, app, clock, print_s
        self._allowed = frozenset(app.config["PRINTERS"])
        self._rounds = Rounds("printers", every_s=EVERY_S, at_once=AT_ONCE, noted=noted)

    def work(self, stop: Flag) -> None:
        """Until `stop` is set."""
        self._rounds.work(self.round, stop)

    def round(self) -> list[Future[None]]:
        """Set out to every printer for which something waits and to which nobody is on the way."""
        with self._sessions() as session:
            waiting = waiting_printers(session, now=self._clock())
            session.rollback()
        return self._rounds.set_out((address, partial(self._bring, address, *till)) for address, *till in waiting)

    def _bring(self, address: str, district_id: int, till_id: int) -> None:
        """One paper. Only to an address that the operator still allows, and that is one: figures, no name, nothing to be looked up."""
        with self._sessions() as session, self._app.app_context():
            job = take_print(session, district_id, till_id, now=self._clock())
            if job is None:
                return
            state, why = "failed", "away"
            if address in self._allowed:
                content = payload(session, job, self._clock)
                session.rollback()  # reading is done: no connection waits for a printer
                outcome = tell(address_of(address), content, print_s=self._print_s)
                state, why = outcome.state, outcome.why
            close_print(session, job, state, why, tries=job.tries, now=self._clock())
            if state != "sent":
                log.warning("a paper was not printed", till=till_id, state=state, why=why)

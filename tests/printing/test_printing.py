"""Receipts on paper: sent once, never twice by itself, and what went wrong is said in a sentence."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4, uuid5

import pytest
from flask.testing import FlaskClient
from PIL import Image

import merchant.commands
import merchant.queries
from identity.retention import PRINTS
from merchant.commands import Paper, Wanted
from merchant.commands.printing import BY_PRINTER
from merchant.commands.slips import BY_RECEIPT
from merchant.errors import PrinterMissing, PrinterNotAllowed, PrinterTaken
from merchant.print_agent import address_of
from merchant.queries import PrinterChoice, PrintRow, ReceiptRow, RegisterChoice
from merchant.receipt_paper import receipt_paper
from merchant.rules.invoice import Line
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import SOUVENIRS, sells
from tests.printing.conftest import Worker, prints_at
from tests.printing.emulator import Emulator
from tests.town import ANY_KEY, Shop, Till, Town
from web import pdf
from web.i18n import in_language


def state(till: Till) -> tuple[str, str]:
    town = till.shop.town
    last = merchant.queries.last_print(town.session, town.district_id, till.who.till_id or 0, now=town.now)
    assert last is not None
    return last.state, last.why


def prints(till: Till, sale: ReceiptRow) -> PrintRow:
    """A press on 印刷する."""
    town, key = till.shop.town, uuid4()
    copy = merchant.commands.make_paper(town.session, till.who, sale.till_id, sale.serial, Paper("paper", "", "", key), now=town.now)
    wanted = Wanted("receipt", key, sale.till_id, sale.serial, copy.kind, copy.place)
    return merchant.commands.print_paper(town.session, till.who, wanted, now=town.now)


def as_drawn(till: Till, width: int) -> Image.Image:
    """The first paper of the till's first receipt as the PDF's own template draws it, in dots of the head."""
    town, place = till.shop.town, (till.shop.town.session, till.shop.town.district_id)
    row = merchant.queries.receipt_at(*place, till.shop.id, till.id, 1)
    [copy] = merchant.queries.copies_of(*place, till.id, 1)
    with in_language("ja"):
        said = receipt_paper(*place, row, copy, public_url="", now=town.now)
        png = pdf.picture("till_receipt", said | {"roll": width / 8}, ppi=203.2)
    drawn = Image.open(io.BytesIO(png)).convert("L").point(lambda grey: 255 if grey >= 150 else 0, mode="1")
    return drawn.crop((0, 0, width, drawn.height))


def answers(till: Till, job: PrintRow, answer: str, tries: int) -> None:
    town = till.shop.town
    merchant.commands.answer_print(town.session, till.who, job.id, answer, tries=tries, now=town.now)


@pytest.mark.parametrize(("roll", "width"), [(80, 576), (58, 384)])
def test_a_cash_sale_opens_the_drawer_and_prints_by_itself(till: Till, worker: Worker, printer: Emulator, roll: int, width: int) -> None:
    """As a picture, as wide as the head; the drawer first; cut; pressed twice and looked at again it is one paper."""
    printer.width = width
    prints_at(till, printer, roll=roll, auto=True, drawer=True)
    key = uuid4()
    assert sells(till, key=key) == sells(till, key=key)
    worker.goes()
    worker.goes()
    assert (state(till), printer.papers, printer.cuts, printer.kicks) == (("sent", ""), 1, 1, 1)
    assert printer.picture().tobytes() == as_drawn(till, width).tobytes()


def test_in_the_printers_own_kanji_every_line_is_as_wide_as_the_roll(till: Till, worker: Worker, printer: Emulator) -> None:
    """What a receipt must say stands there; 髙﨑 are written as everybody reads them, since these printers lack them."""
    prints_at(till, printer, roll=58, letters="kanji")
    sale = sells(till)
    prints(till, sale)
    worker.goes()
    for words in ("湯の花まんじゅう 高崎屋", sale.number, "まんじゅう 4個箱 ※", "10%対象", "内消費税 18円", "お釣り", "720円"):
        assert words in printer.text, words
    widths = {sum(1 if len(sign.encode("shift_jis")) == 1 else 2 for sign in line) for line in printer.text.split("\n")}
    assert max(widths) == 32


def test_words_command_no_printer(till: Till, worker: Worker, printer: Emulator) -> None:
    """What somebody typed as the name of a thing opens no drawer and cuts no paper: it is printed as signs that are not there."""
    prints_at(till, printer, letters="kanji")
    bill = replace(SOUVENIRS, lines=(Line("\x1bp0\x19\x19茶\x1dV0", 1, 1_280, 8),), articles=(None,))
    prints(till, sells(till, bill=bill))
    worker.goes()
    assert (printer.kicks, printer.cuts, "〓p0〓〓茶〓V0" in printer.text) == (0, 1, True)


@pytest.mark.parametrize(("mode", "why"), [("no_paper", "paper"), ("open", "cover"), ("off", "away")])
def test_what_surely_did_not_print_is_printed_once_when_somebody_presses_again(
    till: Till, worker: Worker, printer: Emulator, mode: str, why: str
) -> None:
    """No paper, cover open, switched off: nothing was sent, nothing is tried by itself; the press prints, a second press does not."""
    prints_at(till, printer)
    sale = sells(till)
    if mode == "off":
        printer.off()
    else:
        printer.mode = mode
    job = prints(till, sale)
    worker.goes()
    worker.goes()
    assert (state(till), printer.papers) == (("failed", why), 0)
    if mode == "off":
        printer.on()
    printer.mode = "well"
    answers(till, job, "again", 1)
    answers(till, job, "again", 1)
    worker.goes()
    worker.goes()
    assert (state(till), printer.papers, printer.cuts) == (("sent", ""), 1, 1)


@pytest.mark.parametrize(("mode", "why"), [("dies", "broken"), ("ends", "paper")])
def test_where_nobody_knows_a_person_is_asked(till: Till, worker: Worker, printer: Emulator, mode: str, why: str) -> None:
    """The line or the paper ended in the middle: 紙は出ましたか. Nothing more is sent until somebody has answered."""
    prints_at(till, printer)
    sale = sells(till)
    printer.mode = mode
    job = prints(till, sale)
    worker.goes()
    printer.mode = "well"
    worker.goes()
    assert (state(till), printer.papers) == (("unknown", why), 1)
    answers(till, job, "came", 1)
    worker.goes()
    assert (state(till)[0], printer.papers) == ("sent", 1)


def test_a_printer_that_answers_nothing_prints_too(till: Till, worker: Worker, printer: Emulator) -> None:
    printer.mode = "dumb"
    prints_at(till, printer)
    prints(till, sells(till))
    worker.goes()
    assert (state(till), printer.cuts) == (("sent", ""), 1)


def test_what_nobody_fetched_in_time_is_not_printed_later(district: Town, till: Till, worker: Worker, printer: Emulator) -> None:
    """The worker stood still for three minutes: the customer has gone. It says so, and prints when somebody presses."""
    prints_at(till, printer)
    job = prints(till, sells(till))
    district.clock.advance(minutes=3)  # type: ignore[attr-defined]
    worker.goes()
    assert (state(till), printer.papers) == (("failed", "away"), 0)
    answers(till, job, "again", 0)
    worker.goes()
    assert (state(till)[0], printer.papers) == ("sent", 1)


def test_a_worker_that_died_with_a_paper_leaves_a_question(district: Town, till: Till, worker: Worker, printer: Emulator) -> None:
    """It was fetched, and nobody told: after a minute a person is asked, and the late word of a dead try changes no answer."""
    prints_at(till, printer)
    job = prints(till, sells(till))
    taken = merchant.commands.take_print(district.session, district.district_id, till.who.till_id or 0, now=district.now)
    assert taken is not None
    worker.goes()
    district.clock.advance(minutes=1)  # type: ignore[attr-defined]
    assert (state(till)[0], printer.papers) == ("unknown", 0)
    answers(till, job, "again", 1)
    merchant.commands.close_print(district.session, taken, "sent", "", tries=1, now=district.now)
    worker.goes()
    assert printer.papers == 1


def test_the_server_goes_only_where_the_operator_lets_it(district: Town, till: Till, worker: Worker, printer: Emulator) -> None:
    """An address that is not on the list, a neighbour's printer, a list that has changed since: nothing is sent."""
    prints_at(till, printer)
    other = district.shop("となり")
    owns = other.till()
    for address, allowed, wrong in (
        ("10.0.0.1:9100", (printer.address,), PrinterNotAllowed),
        (printer.address, (printer.address,), PrinterTaken),
    ):
        choice, of = PrinterChoice("server", address), (other.owner, other.id, owns.who.till_id or 0)
        with pytest.raises(wrong):
            merchant.commands.set_printer(district.session, *of, choice, allowed=allowed, now=district.now)
    with pytest.raises(PrinterMissing):
        merchant.commands.print_paper(district.session, owns.who, Wanted("test", ANY_KEY), now=district.now)
    prints(till, sells(till))
    printers = worker.hire()
    printers._allowed = frozenset()
    for way in printers.round():
        way.result()
    assert (state(till), printer.papers) == (("failed", "away"), 0)
    for name in ("printer.example.jp:9100", "localhost", "10.0.0.1:0", "10.0.0.1:99999", "0x7f000001:9100"):
        with pytest.raises(ValueError):
            address_of(name)
    assert address_of("[fd00::5]:9100") == ("fd00::5", 9100)


def test_nobody_takes_the_key_by_which_a_neighbours_paper_will_be_made(
    client: FlaskClient, district: Town, shop: Shop, till: Till, worker: Worker, printer: Emulator
) -> None:
    """Whoever reads the source can reckon those keys. A cashier next door has a paper under the key of the next one here, and sells under
    those of the next payments by the printed code: here it is sold, printed and paid all the same."""
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(code_till=till.id), issues=True, now=district.now)
    paid = district.consumer(coins=3_000)
    last = paid.pays(shop, 500).transaction_id
    prints_at(till, printer, auto=True)
    next_door = district.shop("となりの店")
    merchant.commands.set_register(district.session, next_door.owner, next_door.id, RegisterChoice(), issues=True, now=district.now)
    theirs = next_door.till()
    sale, thief = sells(theirs), Tablet(client, district, till=theirs)
    page = f"/till/receipts/{theirs.id}/{sale.serial}"
    assert thief.sends(f"{page}/paper", page, kind="paper", key=uuid5(BY_PRINTER, f"{district.district_id} {till.id} 2")).status_code == 303
    bill = {"lines": [{"name": "茶", "qty": 1, "price": 100, "rate": 8, "article": None}], "offs": [], "eat_in": False}
    form = {"bill": json.dumps(bill), "total": 100, "received": 100}
    for number in range(1, 6):
        sold = thief.sends("/till/register/sell", "/till/register", **form, key=uuid5(BY_RECEIPT, f"code {last + number}"))
        assert sold.status_code == 200, sold.text
    sells(till)
    paid.pays(shop, 600)
    for _paper in range(2):
        worker.goes()
    assert printer.papers == 2


def test_what_was_printed_a_month_ago_is_cleared_away(district: Town, till: Till, worker: Worker, printer: Emulator) -> None:
    """The record of the queue goes; the receipt and its paper stay."""
    prints_at(till, printer)
    sale = sells(till)
    prints(till, sale)
    worker.goes()
    merchant.commands.sweep_prints(district.session, now=district.now + PRINTS - timedelta(minutes=1))
    assert state(till) == ("sent", "")
    merchant.commands.sweep_prints(district.session, now=district.now + PRINTS + timedelta(minutes=1))
    place = (district.session, district.district_id, till.id)
    assert merchant.queries.last_print(*place, now=district.now) is None
    assert [each.place for each in merchant.queries.copies_of(*place, sale.serial)] == [1]

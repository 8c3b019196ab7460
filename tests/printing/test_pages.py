"""Printing as the owner and whoever stands at the till meet it, and the agent on a computer in the shop."""

from __future__ import annotations

import base64
import re
import socket
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

import merchant.queries
from base.clock import Clock
from merchant.print_agent import Agent, address_of
from tests.conftest import Port
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import sells
from tests.printing.conftest import Worker, prints_at
from tests.printing.emulator import Emulator
from tests.town import Till, Town


def test_the_owner_chooses_and_the_till_prints(client: FlaskClient, district: Town, till: Till, worker: Worker, printer: Emulator) -> None:
    """The owner picks one of the operator's printers and tries it; at the till a press prints, and a fault is told with a way out."""
    desk, till_id = Tablet(client, district, owner=till.shop), till.who.till_id
    page = desk.looks("/shop/printers")
    assert printer.address in page.text and "中継のトークンを出す" not in page.text
    form = {"place": printer.address, "roll": "80", "letters": "picture", "drawer": "true"}
    assert desk.sends(f"/shop/printers/{till_id}", "/shop/printers", **form).status_code == 303
    assert desk.sends(f"/shop/printers/{till_id}", "/shop/printers", **form | {"place": "10.0.0.1:9100"}).status_code == 409
    desk.sends(f"/shop/printers/{till_id}/test", "/shop/printers", key=uuid4())
    worker.goes()
    assert "湯の花まんじゅう" in printer.text and printer.kicks == 1
    assert "印刷しました" in desk.looks("/shop/printers").text

    tablet, sale = Tablet(client, district, till=till), sells(till)
    worker.goes()
    address = f"/till/receipts/{sale.till_id}/{sale.serial}"
    printer.mode = "no_paper"
    key = uuid4()
    for _ in range(2):
        assert tablet.sends(f"{address}/paper", address, kind="paper", key=key).location == address
    assert "印刷しています" in tablet.looks("/till/print").text
    worker.goes()
    told = tablet.looks(address).text
    assert "紙がありません" in told and "会計は済んでいます" in told
    printer.mode = "well"
    action = re.search(r'action="(/till/print/[^"]+/answer)"', told)
    assert action is not None
    assert tablet.sends(action[1], address, answer="again", tries=1).location == address
    worker.goes()
    assert (printer.cuts, "印刷できません" in tablet.looks("/till/print").text) == (2, False)
    assert tablet.sends("/till/print/" + str(uuid4()) + "/answer", address, answer="came", tries=1).status_code == 404


def test_a_closed_day_is_printed(client: FlaskClient, district: Town, till: Till, worker: Worker, printer: Emulator) -> None:
    """The Z-report in the printer's letters: its number and the cash that was counted."""
    prints_at(till, printer, letters="kanji")
    sells(till)
    tablet = Tablet(client, district, till=till)
    pieces = ["0"] * 7 + ["28", "0", "0"]
    done = tablet.sends("/till/day/close", "/till/day", pieces=pieces, seen_serial=1, reason="", key=uuid4())
    assert tablet.sends(f"{done.location}/print", done.location, key=uuid4()).status_code == 303
    worker.goes()
    assert "日計表 第1号" in printer.text and "280円" in printer.text


@pytest.fixture
def localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names below localhost are this machine, as browsers have it."""
    look_up = socket.getaddrinfo

    def here(host: str, *more: Any, **words: Any) -> Any:
        return look_up("127.0.0.1" if host.endswith(".localhost") else host, *more, **words)

    monkeypatch.setattr(socket, "getaddrinfo", here)


@pytest.fixture
def token(app: Flask, district: Town, till: Till) -> str:
    """The owner lets the agent of this till in."""
    desk = Tablet(app.test_client(), district, owner=till.shop)
    desk.sends(f"/shop/printers/{till.who.till_id}", "/shop/printers", place="agent", roll="58", letters="picture", auto="true")
    found = re.search(
        r"<code data-token>(meguri_[^<]+)</code>", desk.sends(f"/shop/printers/{till.who.till_id}/token", "/shop/printers").text
    )
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("localhost")
def test_the_agent_in_the_shop_fetches_and_prints(
    district: Town, port: Port, clock: Clock, till: Till, token: str, printer: Emulator
) -> None:
    """It asks the server, prints on the printer nearby, and tells; what it fetched is not given out again."""
    printer.width = 384
    sells(till)
    with port.serves(district.host, clock) as site:
        agent = Agent(site.address, token, address_of(printer.address))
        assert (agent.round(), agent.round()) == (True, False)
        printer.mode = "open"
        sells(till)
        assert (agent.round(), agent.round()) == (True, False)
    last = merchant.queries.last_print(district.session, district.district_id, till.who.till_id or 0, now=district.now)
    assert last is not None
    assert (printer.papers, printer.cuts, last.state, last.why) == (1, 1, "failed", "cover")


def test_a_token_prints_the_papers_of_its_own_till_and_does_nothing_else(app: Flask, district: Town, till: Till, token: str) -> None:
    """Another till's paper stays where it is, and no sale, refund or list is to be had by it."""
    other = till.shop.another_till()
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def asks(method: str, path: str, **body: object) -> object:
        more = {"Idempotency-Key": str(uuid4())}
        return client.open(f"/api/v1{path}", method=method, headers=headers | more, base_url=f"https://{district.host}", json=body)

    sells(other)
    assert asks("POST", "/print-jobs/take").json == {}  # type: ignore[attr-defined]
    sells(till)
    job = asks("POST", "/print-jobs/take").json  # type: ignore[attr-defined]
    assert base64.b64decode(job["content"]).startswith(b"\x1b@")
    for method, path in (("GET", "/payments"), ("POST", "/refunds"), ("POST", "/requests")):
        assert asks(method, path).status_code == 403, path  # type: ignore[attr-defined]


def test_the_owner_stops_a_token_that_somebody_knows(app: Flask, district: Town, till: Till, token: str) -> None:
    """One press: it fetches nothing any more; another shop's owner cannot, and a new one can be had."""
    desk, page = Tablet(app.test_client(), district, owner=till.shop), "/shop/printers"
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    asked = {"headers": headers, "base_url": f"https://{district.host}", "json": {}}
    assert app.test_client().post("/api/v1/print-jobs/take", **asked).status_code == 200
    action = re.search(r'action="(/shop/printers/\d+/token/\d+/end)"', desk.looks(page).text)
    assert action is not None
    other = Tablet(app.test_client(), district, owner=district.shop("となりの店"))
    assert other.sends(action[1], "/shop/register").status_code == 404
    assert desk.sends(action[1], page).location.startswith(page)
    assert app.test_client().post("/api/v1/print-jobs/take", **asked).status_code == 401
    assert action[1] not in desk.looks(page).text

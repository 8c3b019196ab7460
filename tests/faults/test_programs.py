"""Bad luck beyond the pay button: own code, refund and counter top-up, by a program that knows nothing but its key.

Acknowledged is there; not acknowledged is not half there; the same key gives the answer.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from identity.commands import NewToken, create_api_token
from identity.permissions import SCOPES
from tests.faults.machine import PATIENCE_S, Hold, Machine, until
from tests.town import Consumer, Shop, Town

pytestmark = pytest.mark.slow


@dataclass
class Deed:
    """One of the three, ready to be sent: 花子 has 3,000 yen, and 1,000 of hers are with the shop."""

    machine: Machine
    town: Town
    hanako: Consumer
    shop: Shop
    path: str
    token: str
    body: Callable[[], dict[str, Any]]
    before: tuple[int, int] = (3_000, 1_000)  # her coins, the shop's takings
    after: tuple[int, int] = (3_000, 1_000)
    key: UUID = field(default_factory=uuid4)

    def sends(self, body: dict[str, Any], *, hold: str = "") -> tuple[int, dict[str, Any]]:
        """Status and answer. Raises OSError when the connection breaks."""
        line = http.client.HTTPConnection("127.0.0.1", self.machine.port, timeout=PATIENCE_S)
        headers = {
            "Host": f"{self.town.host}:{self.machine.port}",
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": str(self.key),
            "Content-Type": "application/json",
        }
        try:
            line.request("POST", f"/api/v1{self.path}", json.dumps(body), headers | ({"X-Hold": hold} if hold else {}))
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        except http.client.HTTPException as error:
            raise OSError("the connection broke") from error
        finally:
            line.close()

    def starts(self, body: dict[str, Any], *, hold: str = "") -> Future[tuple[int, dict[str, Any]]]:
        return ThreadPoolExecutor(1).submit(self.sends, body, hold=hold)

    def stands(self, *either: tuple[int, int]) -> None:
        """What the person has and the shop took, one of these, and that every entry has its counterpart."""
        self.town.session.rollback()
        assert self.town.difference() == 0
        assert (self.hanako.coins(), self.shop.taken()) in either


@pytest.fixture(params=["own code", "refund", "top-up"])
def deed(request: pytest.FixtureRequest, machine: Machine, town: Town) -> Deed:
    hanako, shop, clerk = town.consumer(coins=4_000), town.shop(), town.clerk()
    paid = hanako.pays(shop, 1_000)
    admin = town.another_clerk("administrator")
    if request.param == "top-up":
        new = NewToken("窓口", ["top_ups:write"], person_id=clerk.person_id)
    else:
        new = NewToken("レジ", [scope for scope in SCOPES if scope != "top_ups:write"], merchant_id=shop.id)
    scene = (machine, town, hanako, shop)
    token = create_api_token(town.session, admin.who, new, now=town.now)
    return {
        "own code": lambda: Deed(
            *scene, "/payments", token, lambda: {"code": hanako.shows_code().text, "amount": 700}, after=(2_300, 1_700)
        ),
        "refund": lambda: Deed(*scene, "/refunds", token, lambda: {"payment_id": paid.transaction_id, "amount": 400}, after=(3_400, 600)),
        "top-up": lambda: Deed(
            *scene,
            "/top-ups",
            token,
            lambda: {"code": hanako.shows_code().text, "amount": 500, "series": "akari"},
            after=(3_500, 1_000),
        ),
    }[request.param]()


def test_killed_between_commit_and_answer(deed: Deed, machine: Machine, hold: Hold) -> None:
    """kill -9 when it is written and nothing of the answer has left: the same key finds it, and it happened once."""
    body = deed.body()
    lost = deed.starts(body, hold=f"after {hold.name}")
    hold.wait()
    machine.kill_serving()
    with pytest.raises(OSError, match=r".*"):
        lost.result()
    deed.stands(deed.after)
    status, found = deed.sends(body)
    assert (status, found["replayed"]) == (201, True)
    deed.stands(deed.after)


def test_killed_before_the_commit(deed: Deed, machine: Machine) -> None:
    """kill -9 in the middle of it: nothing of it stays, and the same key then does it once."""
    with psycopg.connect(machine.server.url("meguri_owner", "faults")) as other:
        mine = (deed.town.district_id, deed.hanako.person_id)
        other.execute("SELECT FROM ledger.account WHERE district_id = %s AND role = 'consumer' AND owner_id = %s FOR UPDATE", mine)
        lost = deed.starts(deed.body())
        until(lambda: _somebody_waits(machine), "it does not wait")
        machine.kill_serving()
        with pytest.raises(OSError, match=r".*"):
            lost.result()
    deed.stands(deed.before)
    assert deed.sends(deed.body())[0] == 201
    deed.stands(deed.after)


@pytest.mark.parametrize("end", ["dies", "is restarted"])
def test_the_database_goes_away_in_the_middle_of_it(deed: Deed, machine: Machine, end: str) -> None:
    """kill -9 of the database, or an operator's restart, while it is open: "not now", nothing of it stays, the books add up, and
    the very same request then does it once. A restart may end first whom it waits for: then it is done, once, and at most its answer
    is lost."""
    body = deed.body()
    other = psycopg.connect(machine.server.url("meguri_owner", "faults"))
    mine = (deed.town.district_id, deed.hanako.person_id)
    other.execute("SELECT FROM ledger.account WHERE district_id = %s AND role = 'consumer' AND owner_id = %s FOR UPDATE", mine)
    open_one = deed.starts(body)
    until(lambda: _somebody_waits(machine), "it does not wait")
    deed.town.close()
    machine.engine.dispose()
    if end == "dies":
        machine.kill_database()
        machine.start_database()
    else:
        machine.restart_database()
    other.close()
    status, answer = open_one.result()
    if end == "dies" or status != 201:
        assert (status, answer["code"], answer["retry_helps"]) == (503, "book_away", True)
    deed.stands(*((deed.before,) if end == "dies" else (deed.before, deed.after)))
    assert deed.sends(body)[0] == 201
    assert deed.sends(body)[1]["replayed"]
    deed.stands(deed.after)


def test_the_database_restarts_after_it(deed: Deed, machine: Machine) -> None:
    """What was acknowledged is there after the database was killed, and the same key says so through the same server."""
    body = deed.body()
    status, first = deed.sends(body)
    assert (status, first["replayed"]) == (201, False)
    deed.town.close()
    machine.engine.dispose()
    machine.kill_database()
    machine.start_database()
    status, again = deed.sends(body)
    assert (status, again) == (201, first | {"replayed": True})
    deed.stands(deed.after)


def _somebody_waits(machine: Machine) -> bool:
    with machine.server.admin("faults") as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'faults' AND usename = 'meguri_web' AND wait_event_type = 'Lock'"
        return bool(connection.execute(waiting).fetchone()[0])

"""日次点検: what is made wrong turns its control; who must act is told, each day again, and when it is well; all that stays written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

import association.commands
import association.queries
import identity.commands
import identity.queries
import ledger.commands
import ledger.queries
import merchant.commands
from association import titles
from association.cli import controls
from association.commands import Doing
from association.queries import CONTROLS, Round, Standing
from association.rules.controls import NIGHT, TERMS, State, difference, is_due, last_night, terms_of
from base.clock import TOKYO, day_bounds, tokyo_day
from base.db import atomic
from base.settings import Settings
from docs.reference.generate import CONTROLS_PAGE, controls_page
from identity.errors import DistrictUnknown
from identity.letters import counted, words, write
from identity.queries import Letter, Post
from merchant.courier import render
from tests.association.test_bank import csv_of, sees, takes
from tests.association.test_pages import Desk
from tests.association.test_series_that_end import Autumn, autumn, demo
from tests.conftest import ROOT
from tests.town import Town, behind_the_doors

__all__ = ["autumn", "demo"]

PAGE = "https://meguri.test/desk/controls"


class Watch:
    """The worker's round over one district, at the test's clock."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def looks(self, **later: float) -> Watch:
        """A round, some time later."""
        self.town.clock.advance(**later)  # type: ignore[attr-defined]
        broken = association.commands.look_round(self.town.session, self.town.district_id, PAGE, now=self.town.now)
        assert broken == []
        return self

    @property
    def round(self) -> Round:
        return association.queries.round_of(self.town.session, self.town.clerk().who, now=self.town.now)

    def of(self, name: str) -> Standing:
        return next(each for each in self.round.standings if each.control.name == name)

    def states(self, *names: str) -> dict[str, str]:
        return {each.control.name: each.state for each in self.round.standings if each.control.name in names}

    def not_well(self) -> set[str]:
        """Controls on which somebody should look or act."""
        return {each.control.name for each in (*self.round.to_act, *self.round.to_look)}

    def letters(self, title: str) -> list[Post]:
        """Mail about a control that waits, the oldest first."""
        posts = identity.queries.mailbox(self.town.session, self.town.district_id)
        return [post for post in reversed(posts) if post.facts.get("word_title") == title]


@pytest.fixture
def watch(district: Town) -> Watch:
    return Watch(district)


@contextmanager
def moved(superuser: Engine, town: Town, **yen: int) -> Iterator[None]:
    """So much is put on the balances of a role, debit positive, that no entry knows of."""
    sql = "; ".join(
        f"UPDATE ledger.account SET balance = balance {{sign}} {amount}"
        f" WHERE district_id = {town.district_id} AND role = '{role}' AND unit = 0"
        for role, amount in yen.items()
    )
    with behind_the_doors(superuser, sql.format(sign="+"), sql.format(sign="-")):
        yield


def test_every_control_is_made_wrong_somewhere_here() -> None:
    """Whoever adds a control adds the day on which it turns."""
    files = ("test_controls.py", "test_base_dates.py", "test_stops.py", "test_risk.py", "test_disputes.py")
    source = "".join((ROOT / "tests" / "association" / name).read_text(encoding="utf-8") for name in files)
    assert [each.name for each in CONTROLS if f'"{each.name}"' not in source] == []
    assert len({each.name for each in CONTROLS}) == len(CONTROLS)
    for each in CONTROLS:
        assert each.judge(0) is State.ok, "nothing at all is well"
        assert each.act is not None and each.judge(each.act) is State.act
        assert each.look is None or each.look <= each.act


BOOKS = ("balance", "entries", "circulation")


def test_a_yen_that_is_nowhere(district: Town, watch: Watch, superuser: Engine) -> None:
    """Seven yen more in a drawer: the sides differ. On a consumer's as well: they agree, and yet coin is there that nobody issued."""
    shop, coupon, hanako = district.shop(), district.coupon(pieces=10), district.consumer(coins=5_000)
    hanako.claims(coupon)
    shop.refunds(hanako.pays(shop, 1_000, coupon=coupon).transaction_id, 200)
    assert watch.looks().states(*BOOKS) == dict.fromkeys(BOOKS, "ok")
    [coin] = watch.of("circulation").facts["coins"]
    terms = ("issued", "undone", "spent", "given_back", "released", "expired", "refunded", "excluded", "corrected", "other")
    assert [coin[term] for term in (*terms, "outstanding", "difference")] == [5_000, 0, 800, 200, 0, 0, 0, 0, 0, 0, 4_400, 0]
    [pieces] = watch.of("circulation").facts["pieces"]
    assert [pieces[term] for term in ("issued", "stock", "held", "used", "difference")] == [10, 9, 0, 1, 0]
    with moved(superuser, district, drawer=7):
        assert watch.looks(days=1).states(*BOOKS) == {"balance": "act", "entries": "act", "circulation": "ok"}
        assert watch.of("balance").figure == 7
    assert watch.looks(minutes=10).states(*BOOKS) == dict.fromkeys(BOOKS, "ok")
    with moved(superuser, district, drawer=7, consumer=-7):
        assert watch.looks(days=1).states(*BOOKS) == {"balance": "ok", "entries": "act", "circulation": "act"}


def test_what_was_counted_is_not_counted_again_until_night(district: Town, watch: Watch) -> None:
    """Between nights the journal is read from where the last look ended; what is on its way is met next time; a mark that is wrong alarms
    nobody, and is counted anew."""
    if last_night(district.now + timedelta(hours=1)) > district.now:
        district.clock.advance(hours=1)  # type: ignore[attr-defined]
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    district.seals()
    marks = [watch.looks().of("circulation").facts["counted"]]
    hanako.pays(shop, 700)
    for _ in range(3):
        marks.append(watch.looks(minutes=10).of("circulation").facts["counted"])
        district.seals()
    marks.append(watch.looks(minutes=10).of("circulation").facts["counted"])
    assert marks[0]["through"] > 0 and marks[-1]["through"] > marks[0]["through"]
    assert {mark["whole_at"] for mark in marks} == {marks[0]["whole_at"]}
    whole, counted = ledger.queries.circulation(district.session, district.district_id)
    [coin] = watch.of("circulation").facts["coins"]
    assert (coin["spent"], coin["outstanding"], coin["difference"]) == (700, 4_300, 0)
    assert marks[-1]["moved"] == {str(series_id): dict(kinds) for series_id, kinds in counted.moved.items()}
    after, _counted = ledger.queries.circulation(district.session, district.district_id, since=counted)
    assert after == whole

    wrong = {"moved": {str(district.series_id): {"top_up": 5_007}}}
    sql = "UPDATE control_reading SET facts = jsonb_set(facts, '{counted}', facts -> 'counted' || CAST(:mark AS jsonb))"
    with atomic(district.session):
        district.session.execute(
            text(sql + " WHERE district_id = :d AND control = 'circulation'"), {"mark": json.dumps(wrong), "d": district.district_id}
        )
    reading = watch.looks(minutes=10).of("circulation")
    assert (reading.figure, reading.facts["counted"]["moved"]) == (0, marks[-1]["moved"])
    assert watch.looks(days=1).of("circulation").facts["counted"]["whole_at"] > marks[0]["whole_at"]


def test_a_bank_that_nobody_compares(district: Town, watch: Watch) -> None:
    """Not known until a file came in; then counted from its last day, or from the oldest line that is in no book."""
    watch.looks(seconds=(day_bounds(tokyo_day(district.now))[1] - district.now).total_seconds())  # a whole day lies ahead
    assert watch.of("bank").state == "unknown"
    day = tokyo_day(district.now)
    takes(district, csv_of([(day - timedelta(days=40), 500, "利息", 500), (day - timedelta(days=1), 300, "利息", 800)]))
    assert (watch.looks(minutes=20).of("bank").state, watch.of("bank").figure) == ("look", 40)
    lines = [each.line.id for each in sees(district).lines]
    association.commands.set_aside(district.session, district.clerk().who, lines, reason="利息は別の帳簿で", now=district.now)
    assert (watch.looks(minutes=20).of("bank").state, watch.of("bank").figure) == ("ok", 1)
    assert watch.looks(days=65).of("bank").state == "act"


def test_cash_and_proposals_that_nobody_touches(district: Town, watch: Watch) -> None:
    """A drawer that nobody counts and a proposal that nobody decides: a day later one should look, after three somebody must act."""
    proposal = district.clerk().asks_for_large(district.consumer(coins=30_000), 60_000)
    district.seals()
    assert watch.looks().not_well() == set()
    assert watch.looks(hours=25).states("drawers", "proposals") == {"drawers": "look", "proposals": "look"}
    assert watch.looks(hours=48).states("drawers", "proposals") == {"drawers": "act", "proposals": "act"}
    district.approver().declines(proposal)
    district.approver().counts(district.clerk(), district.clerk().cash())
    assert watch.looks(minutes=10).states("drawers", "proposals") == {"drawers": "ok", "proposals": "ok"}


def test_a_safe_that_nobody_counts(district: Town, watch: Watch) -> None:
    """From the day on which cash came into it, five weeks later somebody should look; once it is counted it begins anew."""
    district.clerk().tops_up(district.consumer(), 3_000)
    district.approver().counts(district.clerk(), 3_000)
    district.seals()
    assert watch.looks(days=34).of("safe").state == "ok"
    assert (watch.looks(days=1).of("safe").state, watch.of("safe").figure) == ("look", 35)
    order = association.commands.CountSafe({1_000: 3}, 3_000, uuid4())
    association.commands.count_safe(district.session, district.approver().who, order, now=district.now)
    assert watch.looks(days=64).of("safe").state == "look"
    assert watch.looks(days=1).of("safe").state == "act"


def test_shops_that_wait_for_their_money(district: Town, watch: Watch) -> None:
    """Pay day is over and nobody has put the month forward; then it is approved, and nobody says that the bank has paid."""
    hanako, shop = district.consumer(coins=10_000), district.shop()
    district.settles_by()
    hanako.pays(shop, 9_000)
    closes_on = district.month_passes()
    assert watch.looks().of("payouts").figure == 0
    assert watch.looks(days=25).states("payouts", "in_transit") == {"payouts": "act", "in_transit": "ok"}
    run = district.clerk().submits(closes_on)
    district.approver().approves(run.id)
    assert watch.looks(minutes=10).states("payouts", "in_transit") == {"payouts": "act", "in_transit": "ok"}
    assert watch.looks(days=96).of("in_transit").state == "act"
    assert watch.of("in_transit").facts == {"week": 0, "month": 0, "older": 9_000}
    district.approver().approves(district.clerk().says_paid(run.id, tokyo_day(district.now)))
    assert watch.looks(minutes=10).states("payouts", "in_transit") == {"payouts": "ok", "in_transit": "ok"}


def test_coin_that_has_ended_and_is_still_there(autumn: Autumn, watch: Watch) -> None:
    """It ended an hour ago, and no worker books what is left of it."""
    assert watch.looks().of("coins").state == "ok"
    assert [watch.looks(hours=later).of("coins").state for later in (2, 22)] == ["look", "act"]
    association.commands.expire(watch.town.session, now=watch.town.now)
    assert watch.looks(minutes=10).of("coins").state == "ok"
    [coin] = [each for each in watch.of("circulation").facts["coins"] if each["series"] == autumn.id]
    terms = ("issued", "spent", "expired", "outstanding", "difference")
    assert [coin[term] for term in terms] == [1_000, 600, 400, 0, 0]


ENDED = ("codes", "agents", "suspense")


def test_what_is_over_and_still_there(district: Town, watch: Watch) -> None:
    """Codes that no worker books out, a refund to somebody who has left, cash at a shop that is no agent any more."""
    last_day, shop = tokyo_day(district.now) + timedelta(days=3), district.shop()
    hanako, taro = district.consumer(), district.consumer(coins=300, nickname="太郎")
    inn = district.shop("宿").is_agent()
    inn.till().sells(hanako, 2_000, staff_id=inn.hires())
    district.issued(3, 1_000, last_day=last_day)
    paid = taro.pays(shop, 300)
    administrator = district.another_clerk("administrator").who
    association.commands.close_person(district.session, administrator, taro.person_id, gives_up=True, now=district.now)
    shop.refunds(paid.transaction_id, 300)
    assert watch.looks().states(*ENDED) == dict.fromkeys(ENDED, "ok")
    inn.is_no_agent()
    assert watch.looks(minutes=10).of("agents").figure == 2_000
    assert watch.looks(days=5).states(*ENDED) == {"codes": "act", "agents": "look", "suspense": "ok"}
    association.commands.expire_codes(district.session, now=district.now)
    district.clerk().takes_from(inn, 2_000)
    assert watch.looks(minutes=10).states(*ENDED) == dict.fromkeys(ENDED, "ok")
    assert watch.looks(days=3).of("suspense").state == "look"
    assert watch.looks(days=30).of("suspense").state == "act"
    [waits] = association.queries.suspended(district.session, administrator)
    district.approver().approves(district.clerk().releases(waits.account_id, to_person=False))
    assert watch.looks(minutes=10).of("suspense").state == "ok"
    assert watch.of("circulation").figure == 0


def test_machines_that_stand_still(district: Town, watch: Watch, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealer, folder, worker, mail server, somebody's register and the live line: each is seen, and seen to be well again."""
    hanako, shop = district.consumer(coins=5_000), district.shop()
    hook = merchant.commands.add_webhook(district.session, shop.owner, shop.id, "https://books.example/", hosts={"books.example"})
    hanako.pays(shop, 500)
    merchant.commands.collect_webhooks(district.session, render, now=district.now)
    facts: dict[str, str | int] = {}
    identity.commands.queue_mail(
        district.session, district.district_id, "a@b.example", Letter("題", "文"), facts, language="ja", now=district.now
    )
    association.commands.note_chores(district.session, [Doing("fold", 1, district.now, 0)])
    at_once = [replace(each, act=1) if each.name in ("folding", "transactions") else each for each in CONTROLS]
    monkeypatch.setattr("association.commands.controls.CONTROLS", at_once)  # 50,000 entries and five minutes are long in a test
    with psycopg.connect(settings.database_url, application_name="meguri live hub") as line:
        line.execute("INSERT INTO live_line VALUES (pg_backend_pid(), 3, 12000, 40, clock_timestamp())")
        assert watch.looks().states("folding", "transactions") == {"folding": "act", "transactions": "act"}  # of one entry, of this line
        line.commit()
        deliver_in_vain(district)
        watch.looks(minutes=7)
        assert watch.states("sealing", "checkpoint", "worker", "ring") == {
            "sealing": "act", "checkpoint": "look", "worker": "act", "ring": "act",
        }  # fmt: skip
        assert watch.looks(minutes=60).states("mail", "webhooks", "checkpoint") == {"mail": "act", "webhooks": "look", "checkpoint": "act"}
        assert watch.looks(hours=72).of("webhooks").state == "act"
        line.execute("DELETE FROM live_line WHERE process = pg_backend_pid()")
        line.commit()
    merchant.commands.remove_webhook(district.session, shop.owner, shop.id, hook.id, now=district.now)
    district.seals()
    with atomic(district.session):
        ledger.commands.fold(district.session, limit=10_000)
    while identity.commands.deliver_mail(district.session, lambda _post: None, now=district.now):
        pass
    association.commands.note_chores(district.session, [])
    names = ("sealing", "checkpoint", "worker", "ring", "mail", "webhooks", "folding", "transactions")
    assert watch.looks(minutes=1).states(*names) == dict.fromkeys(names, "ok")


def deliver_in_vain(town: Town) -> None:
    """The mail server does not answer, for this town's mail nor for what other towns have waiting."""

    def away(_post: Post) -> None:
        raise ConnectionRefusedError

    while identity.commands.deliver_mail(town.session, away, now=town.now):
        pass


def test_what_is_sealed_and_not_signed(district: Town, watch: Watch) -> None:
    """The sealer works with another key: all is sealed, nothing is signed, and that is another thing to do."""
    district.consumer(coins=1_000)
    with atomic(district.session) as session:
        session.execute(text("SELECT ledger.seal(10000)"))
    assert watch.looks(minutes=12).states("sealing", "checkpoint") == {"sealing": "ok", "checkpoint": "act"}


def test_a_tablet_that_saw_another_past(district: Town, watch: Watch) -> None:
    """It tells, and until somebody has answered it is among what must be acted on."""
    till = district.shop().till()
    district.consumer(coins=1_000)
    district.seals()
    assert watch.looks().of("witnesses").state == "ok"
    shown = ledger.queries.checkpoint(district.session, district.district_id).note
    alarm = merchant.commands.tell_alarm(district.session, till.who, merchant.commands.Alarm("forked", "", shown), now=district.now)
    assert watch.looks(minutes=1).of("witnesses").state == "act"
    association.commands.answer_alarm(district.session, district.approver().who, alarm, "端末の時計でした", now=district.now)
    assert watch.looks(minutes=1).of("witnesses").state == "ok"


def test_the_alarm(district: Town, watch: Watch, owner_engine: Engine, superuser: Engine) -> None:
    """Once when a second look has seen it, again each day, once when it has been well for a while; nobody is named in it; all stays."""
    district.consumer(coins=5_000, nickname="花子", email="hanako@example.jp")
    district.person("運用", "operator", email="operator@example.jp")
    district.person("代わり", "operator", "auditor")  # without an address
    district.seals()

    def told(**later: float) -> int:
        """So many mails about the balance wait after a look some time later."""
        return len(watch.looks(**later).letters("帳簿の貸借"))

    assert told() == 0
    with moved(superuser, district, drawer=7):
        assert told(minutes=1) == 0, "one look alarms nobody"
        assert [told(minutes=1), told(minutes=1), told(hours=23)] == [1, 1, 1]
        assert [told(hours=1), told(minutes=1)] == [2, 2]
    assert [told(minutes=1), told(minutes=5)] == [2, 2], "what flutters is not well"
    assert [told(minutes=6), told(hours=48), told(minutes=1)] == [3, 3, 3]

    letters = watch.letters("帳簿の貸借")
    assert [post.to for post in letters] == ["operator@example.jp"] * 3
    first, still, well = map(write, letters)
    assert (first[0], "いま: 7円" in first[1], PAGE in first[1]) == ("点検: 帳簿の貸借", True, True)
    assert ("まだ続いています" in still[0], "直りました" in well[0]) == (True, True)
    said = "".join(first) + "".join(still) + "".join(well)
    assert not any(name in said for name in ("花子", "代わり", "hanako", "operator@"))
    subject, english = write(replace(letters[0], language="en"))
    assert (subject, "7 yen" in english) == ("Control: Debits and credits", True)

    turns = association.queries.turns(district.session, district.clerk().who, now=district.now)
    [turn] = [turn for turn in turns if (turn.name, turn.state) == ("balance", "act")]
    assert turn.until is not None and timedelta(hours=24) < turn.until - turn.since < timedelta(hours=25)
    assert (turn.figure, turn.told) == (7, 2)
    for table in ("control_state", "control_alarm"):
        with owner_engine.connect() as owner, pytest.raises(DBAPIError, match="never"):
            owner.execute(text(f"DELETE FROM {table} WHERE district_id = :d"), {"d": district.district_id})


def test_who_is_told_where_nobody_holds_the_role(district: Town, watch: Watch, superuser: Engine) -> None:
    """Without an operator the administrators; without an address nobody, and that is written down as well."""
    district.consumer(coins=5_000)
    district.seals()
    with moved(superuser, district, drawer=7):
        assert watch.looks().looks(minutes=1).letters("帳簿の貸借") == []
        assert watch.of("balance").told_at == district.now
        district.person("藤代", "administrator", email="fujishiro@example.jp")
        assert [post.to for post in watch.looks(hours=24).letters("帳簿の貸借")] == ["fujishiro@example.jp"]


def test_several_workers_and_one_that_cannot_measure(district: Town, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn is one row, whoever looks at the same time; a control that breaks blinds none of the others, and grows old itself."""
    watch.looks()
    district.consumer(coins=5_000)
    district.clock.advance(minutes=11)  # type: ignore[attr-defined]
    look = lambda: association.commands.look_round(district.session, district.district_id, PAGE, now=district.now)  # noqa: E731
    assert district.at_once([look] * 4) == [[]] * 4
    turns = association.queries.turns(district.session, district.clerk().who, now=district.now)
    assert [turn.name for turn in turns if turn.state == "act"].count("sealing") == 1

    def breaks(session: Any, *_others: object) -> None:
        session.execute(text("SELECT 1 / 0"))

    broken = tuple(replace(each, measure=breaks) if each.name == "proposals" else each for each in CONTROLS)
    monkeypatch.setattr("association.commands.controls.CONTROLS", broken)
    district.seals()
    district.clock.advance(minutes=6)  # type: ignore[attr-defined]
    assert [each.control for each in look()] == ["proposals"]
    assert watch.of("sealing").state == "ok"
    assert (watch.of("proposals").state, watch.of("proposals").is_late) == ("look", True)


def test_the_worker_itself(app: Flask, district: Town, watch: Watch) -> None:
    """Nobody has measured for five minutes: the page says so before all else, and so does the desk's first page."""
    desk = Desk(app.test_client(), district, district.clerk())
    assert "まだ一度も測っていません。" in desk.sees("/desk/").text
    district.seals()
    assert not watch.looks().round.stands_still
    assert "点検" not in desk.sees("/desk/").text.split("<main")[1].split("帳簿の点検")[0], "nothing to say"
    district.clock.advance(minutes=5)  # type: ignore[attr-defined]
    assert watch.round.stands_still and watch.round.must_act
    for page in ("/desk/", "/desk/controls"):
        assert "点検が止まっています。" in desk.sees(page).text


def test_who_reads_and_what_they_see(app: Flask, district: Town, watch: Watch) -> None:
    """The desk and the operator read it, on one page that comes again by itself until somebody stops it; nobody else does."""
    clerk = district.clerk()
    district.consumer(coins=5_000)
    district.clock.advance(minutes=6)  # type: ignore[attr-defined]
    watch.looks()
    desk = Desk(app.test_client(), district, clerk.signs_in_again())
    seen = desk.sees("/desk/controls")
    assert seen.headers["Refresh"] == "60; url=/desk/controls?nth=1"
    assert seen.text.index("台帳に刻む遅れ") < seen.text.index("銀行と帳簿") < seen.text.index("帳簿の貸借"), "worst first"
    assert "/desk/approvals" in seen.text and "すること（運用担当）" in seen.text
    for still in ("?still=1", "?nth=30"):
        assert "Refresh" not in desk.sees(f"/desk/controls{still}").headers
    assert "点検で見つかったことがあります。" in desk.sees("/desk/").text
    assert "台帳に刻む遅れ" in desk.sees("/desk/controls/history").text
    assert "台帳に刻む遅れ" in desk.sees("/desk/controls/history.csv").text
    operator = Desk(app.test_client(), district, district.another_clerk("operator"))
    assert operator.sees("/").headers["Location"] == "/desk/controls"
    assert "台帳に刻む遅れ" in operator.sees("/desk/controls").text
    assert operator.sees("/desk/").status_code == 403
    for role in ("consumer", "group_lead"):
        assert Desk(app.test_client(), district, district.another_clerk(role)).sees("/desk/controls").status_code == 403
    assert Desk(app.test_client(), district, None).sees("/desk/controls").headers["Location"].startswith("/sign-in")


def test_the_terminal(district: Town, watch: Watch) -> None:
    """What cron and a monitor run: status 0 while nobody must act, 1 when somebody must, and 1 when nobody measures."""
    slug = district.host.split(".")[0]

    def run(*words: str) -> Result:
        return CliRunner().invoke(controls, ["--district", slug, *words], obj=district.session)

    assert (run().exit_code, "NOBODY MEASURES" in run().output) == (1, True)
    district.consumer(coins=5_000)
    district.seals()
    watch.looks()
    assert (run().exit_code, run("--json").exit_code) == (0, 0)
    district.clerk().asks_for_large(district.consumer(), 60_000)
    watch.looks(hours=74)
    assert run().exit_code == 1
    line, _says, does = re.findall(r"  act     proposals .*\n.*\n.*", run().output)[0].splitlines()
    assert (line.split()[:4], does.split()[0]) == (["act", "proposals", "3", "days"], "approver:")
    [told] = json.loads(run("--json").output)["districts"]
    [told] = [each for each in told["controls"] if each["name"] == "proposals"]
    assert (told["state"], told["figure"], told["unit"], told["owner"]) == ("act", 73, "hours", "approver")
    assert isinstance(CliRunner().invoke(controls, ["--district", "nowhere"], obj=district.session).exception, DistrictUnknown)


def test_the_document_has_the_table() -> None:
    """docs/operations/controls.md says what the product does."""
    assert CONTROLS_PAGE.read_text(encoding="utf-8") == controls_page(), "run: python -m docs.reference.generate"


NAMED = [kind for kinds in TERMS.values() for kind in kinds]


@given(st.dictionaries(st.sampled_from([*NAMED, "of_tomorrow"]), st.integers(-(10**9), 10**9)))
def test_the_identity(flows: dict[str, int]) -> None:
    """Whatever moves, the terms account for it to the last yen; a yen more or less is a difference of one."""
    held = sum(flows.values())
    assert (difference(terms_of(flows), held), difference(terms_of(flows), held - 1)) == (0, 1)


def test_every_kind_has_its_term(district: Town) -> None:
    """A kind that moves coin of consumers or codes, of today or of a later version, has a name in the identity."""
    moves = district.session.execute(text("SELECT name, moves FROM ledger.kind")).all()
    held = {name for name, moved in moves if {move[:-1] for move in moved} & {"consumer", "top_up_code"}}
    assert held - {"coupon_claim"} <= set(NAMED)


def test_what_reads_the_whole_book_has_its_turn_at_night() -> None:
    """Once after three in the morning in Tokyo; each ten minutes while it is not well."""
    evening = datetime(2026, 11, 26, 22, 0, tzinfo=TOKYO)
    assert not is_due(evening, NIGHT, State.ok, evening + timedelta(hours=4, minutes=59))
    assert is_due(evening, NIGHT, State.ok, evening + timedelta(hours=5, minutes=1))
    assert is_due(evening, NIGHT, State.act, evening + timedelta(minutes=10))
    assert is_due(evening, NIGHT, State.ok, evening - timedelta(hours=1)), "the clock was set back"


def test_one_day_is_not_called_days() -> None:
    """In English, beside a figure of one, each unit that has a plural is in the singular; 円, ミリ秒 and パーセント have none."""
    english = words("en")
    said = {unit: (counted(english, word, 1), counted(english, word, 2)) for unit, word in titles.CONTROL_UNITS.items()}
    assert said["days"] == ("day", "days") and said["items"] == ("entry", "entries")
    assert {unit for unit, (one, many) in said.items() if one == many} == {"yen", "percent", "ms"}

"""No way round two people for whoever holds the web's own database role: the rows that a decision gives effect to hang on that decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

import association.commands
import association.queries
from association.commands import NewAgent, propose_agent
from base.db import atomic
from ledger.errors import SameHands
from tests.association.test_bank_details import MARUYA, OTHER, proposes, standing
from tests.association.test_benefits import Office
from tests.association.test_discontinuance import Ending
from tests.association.test_tickets import Paper
from tests.association.test_transfers import TERMS, US, banks
from tests.town import Town

SENDERS = "code, name, bank_code, bank_name, branch_code, branch_name, kind"
TERMS_COPY = (
    f"INSERT INTO transfer_terms (district_id, version, {SENDERS}, number, fee_bearer, bands, minimum, lead_days, recall_bearer, "
    f"recall_fee, eol, eof, proposal_id, set_by, set_at) SELECT district_id, version + 1, {SENDERS}, '6666666', fee_bearer, bands, "
    "minimum, lead_days, recall_bearer, recall_fee, eol, eof, :proposal, set_by, now() FROM transfer_terms WHERE district_id = :d"
)
ACCOUNT_COPY = (
    "INSERT INTO shop_account (district_id, merchant_id, proposal_id, sealed, made_by, made_at) "
    "SELECT district_id, merchant_id, :proposal, sealed, made_by, now() FROM shop_account WHERE district_id = :d AND id = :of"
)
AGENT = "INSERT INTO agent_terms (district_id, merchant_id, daily_max, proposal_id, made_at) VALUES (:d, :shop, :most, :proposal, now())"
COLUMNS = text("SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped")
CLOSED = (
    "INSERT INTO discontinuance_end (district_id, series_id, proposal_id, decided_by, decided_at) "
    "VALUES (:d, :series, :proposal, :by, now())"
)


def runs(town: Town, sql: str, **values: object) -> None:
    """As the web's own database role, round every door."""
    with atomic(town.session):
        town.session.execute(text(sql), {"d": town.district_id, **values})


def refused(town: Town, sql: str, why: str = "takes_two", **values: object) -> None:
    with pytest.raises(IntegrityError, match=why):
        runs(town, sql, **values)


def test_no_other_account_sends_what_shops_are_paid(district: Town) -> None:
    """Neither as a version that nobody had to approve, nor under the decision about another one, or about something else."""
    banks(district)
    clerk, approver = district.clerk(), district.approver()
    done = clerk.asks_for_large(district.consumer(), 30_000)
    approver.approves(done)
    number = association.queries.transfer_terms(district.session, district.district_id)
    for proposal in (None, done):
        refused(district, TERMS_COPY, proposal=proposal)
    admin = district.another_clerk("administrator")
    new = replace(TERMS, sender=replace(US, account_number="7654321"))
    with pytest.raises(SameHands):
        admin.approves(association.commands.propose_transfer_terms(district.session, admin.who, new, now=district.now))
    with pytest.raises(DBAPIError, match="permission denied"):
        runs(district, "UPDATE transfer_terms SET number = '6666666' WHERE district_id = :d")
    assert association.queries.transfer_terms(district.session, district.district_id) == number


def test_no_account_of_a_shop_is_put_under_another_decision(district: Town) -> None:
    """An account that the shop had stopped does not come back: not by another approval, and not by letting the stop go."""
    bakery = district.shop()
    district.approver().approves(proposes(district, bakery, OTHER))
    change = standing(district, bakery).change
    assert change is not None
    association.commands.stop_account(district.session, district.clerk().who, change.id, reason="心あたりがない", now=district.now)
    district.approver().approves(proposes(district, bakery, MARUYA))
    done = district.clerk().asks_for_large(district.consumer(), 30_000)
    district.approver().approves(done)
    for proposal in (done, 0):
        refused(district, ACCOUNT_COPY, proposal=proposal, of=change.id)
    free = "UPDATE shop_account SET stopped_by = NULL, stopped_at = NULL, stop_reason = NULL WHERE district_id = :d AND id = :of"
    refused(district, free, "is_over", of=change.id)
    district.clock.advance(days=4)  # type: ignore[attr-defined]
    live = standing(district, bakery).live
    assert live is not None and live.account == MARUYA


def test_no_shop_becomes_an_agent_by_anothers_decision(district: Town) -> None:
    inn, other, clerk = district.shop(), district.shop("二軒目"), district.clerk()
    agent = propose_agent(district.session, clerk.who, NewAgent(inn.id, 50_000, "売りたい"), now=district.now)
    refused(district, AGENT, shop=other.id, most=50_000, proposal=agent)
    district.approver().approves(agent)
    for shop, most in ((other.id, 50_000), (inn.id, 900_000)):
        refused(district, AGENT, shop=shop, most=most, proposal=agent)
    association.commands.end_agent(district.session, clerk.who, inn.id, reason="やめた", now=district.now)
    again = "UPDATE agent_terms SET ended_at = NULL, ended_by = NULL, end_reason = NULL WHERE district_id = :d"
    refused(district, again, "is_over")


def test_no_procedure_is_closed_before_two_people_close_it(district: Town) -> None:
    """Its holders may claim until then: a row that says otherwise would let what they hold expire."""
    ending = Ending(district)
    number, admin = ending.proposes(), ending.administrator()
    admin.approves(number)
    for proposal in (number, 0):
        refused(district, CLOSED, series=district.series_id, proposal=proposal, by=admin.person_id)
    district.clock.advance(days=61)  # type: ignore[attr-defined]
    closing = ending.closes()
    refused(district, CLOSED, series=district.series_id, proposal=closing, by=admin.person_id)
    assert ending.stands().closed_at is None


def test_a_benefit_and_a_booklet_stay_what_was_decided(district: Town) -> None:
    """What a page says of a benefit, and how often a booklet is printed, is what somebody else has looked at."""
    office, paper = Office(district), Paper(district)
    benefit = office.lays_down()
    for change in ("amount = 1", "note = 'x'", "proposal_id = NULL, account_id = NULL", "asked_by = made_by + 1"):
        refused(district, f"UPDATE benefit SET {change} WHERE district_id = :d AND id = :id", "is_proposed", id=benefit)
    refused(district, "DELETE FROM benefit WHERE district_id = :d AND id = :id", "is_proposed", id=benefit)
    paper.sells(1)
    for change in ("edition = 1", "edition = 1, replace_id = :other"):
        refused(district, f"UPDATE booklet SET {change} WHERE district_id = :d AND number = 1", other=office.looks_at(benefit).proposal_id)
    joins = "INSERT INTO benefit_line (district_id, benefit_id, place, line, person_id, amount) VALUES (:d, :id, 99, 99, 1, 1000)"
    refused(district, joins, "is_proposed", id=benefit)
    refused(district, "DELETE FROM benefit_line WHERE district_id = :d AND place = 1", "is_proposed")
    with pytest.raises(DBAPIError, match="permission denied"):
        runs(district, "UPDATE benefit_line SET person_id = 1 WHERE district_id = :d")


def test_nothing_is_added_to_what_two_people_have_decided(district: Town) -> None:
    """No other shop, payer or code; and no second coupon, with terms of its own, under the same kind of decision."""
    coupon, event, clerk, shop = district.coupon(), district.point_event(), district.clerk(), district.shop()
    batch = clerk.proposes_codes()
    district.approver().approves(district.batch(batch).proposal_id)
    shops = "INSERT INTO {} (district_id, coupon_id, merchant_id) VALUES (:d, :id, :shop)"
    for table in ("coupon_shop", "coupon_source"):
        refused(district, shops.format(table), id=coupon, shop=shop.id)
    share = (
        "INSERT INTO {0} (district_id, {1}, place, payer, percent, account_id {2}) "
        "SELECT district_id, {1}, 9, payer, percent, account_id + 999999 {2} FROM {0} WHERE district_id = :d"
    )
    refused(district, share.format("coupon_share", "coupon_id", ", amount"))
    refused(district, share.format("point_share", "of, of_id", ""))
    code = "INSERT INTO top_up_code (district_id, fingerprint, batch_id, place) VALUES (:d, sha256('mine'), :id, 99)"
    refused(district, code, id=batch)
    done = clerk.asks_for_large(district.consumer(), 30_000)
    for table, number in (("code_batch", batch), ("point_event", event.id)):
        with atomic(district.session):
            names = district.session.scalars(COLUMNS, {"table": table}).all()
        chosen = ", ".join({"id": "id + 999999", "proposal_id": ":done", "key": "gen_random_uuid()"}.get(name, name) for name in names)
        copy = f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table} WHERE district_id = :d AND id = :id"
        refused(district, copy, done=done, id=number)

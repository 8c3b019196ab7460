"""Every table of the desk as .xlsx and as CSV: which page offers it, what stands in its columns, and who may have it."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from openpyxl.cell import Cell
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import analytics.commands
import association.commands
import identity.commands
import ledger.commands as book
import ledger.queries
import merchant.commands
from analytics.commands import NewNote, NewSource
from analytics.rules.kinds import DAY_S
from association.commands import Apply, NamedLine, NewBenefit, NewCall
from association.errors import TopUpCodeUnreadable
from association.queries import Application, Audience, Words
from association.rules.resident_file import read_residents
from association.titles import COMMANDS
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from identity.commands import NewToken
from identity.permissions import PERMISSIONS
from identity.queries import Particulars, nobody
from identity.retention import UNUSED, WARNED
from merchant.courier import render
from tests.association.test_bank import csv_of, sees, takes
from tests.association.test_bank_details import MARUYA
from tests.association.test_base_dates import base_date_passes, certificate
from tests.association.test_coupon_rehearsal import a_morning
from tests.association.test_discontinuance import Ending
from tests.association.test_pages import Seat, desk
from tests.association.test_series_that_end import Autumn, demo
from tests.lost import goes_on, lose
from tests.town import Town
from tests.wallet.test_sending import opens, sends

__all__ = ["demo", "desk"]

JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
OTHER_CODES = {"組み合わせ", "台帳の期", "束", "順番", "番号の終わり", "端末", "トークン", "記号", "始まり"}
"""Columns of codes that are not called 番号."""


def pays(town: Town, _demo: Engine) -> None:
    """A payment at a shop that tries to be a formula."""
    town.consumer(coins=1_000).pays(town.shop("=1+1"), 300)


def is_not_seen_for_two_years(town: Town, _demo: Engine) -> None:
    """Somebody without a mail address."""
    town.consumer()
    town.clock.advance(days=(UNUSED - WARNED).days + 1)
    association.commands.warn_unused(town.session, town.district_id, now=town.now)


def makes_token(town: Town, _demo: Engine) -> None:
    new = NewToken("=2+2", ("payments:read",), merchant_id=town.shop().id)
    identity.commands.create_api_token(town.session, town.another_clerk("administrator").who, new, now=town.now)


def proposes(town: Town, _demo: Engine) -> None:
    town.clerk().asks_for_large(town.consumer(), 60_000)


def gives_card(town: Town, _demo: Engine) -> None:
    town.card_holder(coins=500)


def ten_use_coupon(town: Town, _demo: Engine) -> int:
    """As many as it takes that anything is told by day and by shop."""
    shop, coupon = town.shop("=SUM(1)"), town.coupon(name="=SUM(1)")
    for number in range(10):
        one = town.consumer(nickname=f"客{number}", coins=1_000)
        one.claims(coupon)
        one.pays(shop, 1_000, coupon=coupon)
    return coupon


def uses_coupon(town: Town, _demo: Engine) -> int:
    hanako, coupon = town.consumer(coins=3_000), town.coupon(name="=SUM(1)")
    hanako.claims(coupon)
    hanako.pays(town.shop(), 1_000, coupon=coupon)
    return coupon


def announces(town: Town, _demo: Engine) -> None:
    words = Words("=1+1", "@SUM(1)")
    association.commands.announce(town.session, town.clerk().who, Audience("all"), words, key=uuid4(), now=town.now)


def sells_voucher(town: Town, _demo: Engine) -> int:
    hanako, voucher = town.consumer(), town.voucher(name="=SUM(1)")
    town.clerk().sells(hanako, voucher)
    hanako.pays(town.shop("=1+1"), 1_000)
    return voucher


def applies(town: Town, _demo: Engine) -> int:
    """One application on paper, by somebody whose name would be a formula."""
    today = tokyo_day(town.now)
    call = NewCall("application", "none", "", today, today, day_bounds(today)[1], 5)
    voucher = town.voucher(call=call, sale_first_day=today + timedelta(days=1))
    order = Apply(voucher, 1, Particulars("=1+1", address="=2+2"), "", uuid4())
    association.commands.type_application(town.session, town.clerk().signs_in_again().who, order, now=town.now)
    return voucher


def secures(town: Town, _demo: Engine) -> None:
    town.consumer(coins=1_000)
    who = town.clerk().who
    association.commands.register_security(town.session, who, certificate(counterparty="=1+1"), now=town.now)


def is_over(town: Town, _demo: Engine) -> str:
    """A base date that something was held on."""
    town.consumer(coins=1_000)
    return base_date_passes(town).isoformat()


def reports_it(town: Town, _demo: Engine) -> None:
    """The same, and somebody fixes the figures."""
    town.consumer(coins=1_000)
    day = base_date_passes(town)
    town.seals()
    association.commands.freeze_report(town.session, town.another_clerk("administrator").who, day, now=town.now)


def ends_a_coin(town: Town, _demo: Engine) -> None:
    """Announced by two people, and something claimed."""
    ending = Ending(town)
    ending.administrator().approves(ending.proposes())
    town.clock.advance(days=2)  # type: ignore[attr-defined]
    ending.claims(ending.hanako, 500)


def guesses(town: Town, _demo: Engine) -> None:
    """Somebody types a code that is none, again and again; the worker looks."""
    hanako = town.consumer()
    for _ in range(8):
        with pytest.raises(TopUpCodeUnreadable):
            hanako.redeems("=1+1")
    association.commands.look_for_risks(town.session, now=town.now)


def stops(town: Town, _demo: Engine) -> None:
    """Sending is stopped, so that nothing else here is."""
    who = town.approver().signs_in_again().who
    association.commands.stop(town.session, who, association.commands.StopOrder("transfers", 0, "=確認のため"), now=town.now)


def disputes(town: Town, _demo: Engine) -> None:
    """Somebody says that a payment was not right, at a shop that tries to be a formula."""
    paid = town.consumer(coins=1_000).pays(town.shop("=1+1"), 300)
    due = tokyo_day(town.now) + timedelta(days=14)
    order = association.commands.OpenDispute(paid.transaction_id, "consumer", "二度払った", due, None, uuid4())
    association.commands.open_dispute(town.session, town.clerk().who, order, now=town.now)


def complains(town: Town, _demo: Engine) -> None:
    facts = {"channel": "phone", "matter": "=1+1", "person": "12"}
    who = town.clerk().who
    association.commands.open_entry(town.session, who, "complaint", tokyo_day(town.now), facts, key=uuid4(), now=town.now)


def settles(town: Town, _demo: Engine) -> int:
    """A run with one shop in it and one that is left out."""
    town.settles_by(fee_bp=150)
    hanako, shop, other = town.consumer(coins=5_000), town.shop("=1+1"), town.shop("民宿 あおば")
    hanako.pays(shop, 700)
    hanako.pays(other, 200)
    run = town.clerk().submits(town.month_passes(), without=frozenset({other.id}))
    town.approver().signs_in_again().approves(run.id)
    return run.id


def refunds_late(town: Town, demo: Engine) -> None:
    autumn = Autumn(town, town.consumer(coins=5_000, nickname="=1+1"), town.shop(), demo)
    autumn.shop.refunds(autumn.paid, 250)


def sells_for_us(town: Town, _demo: Engine) -> None:
    shop = town.shop("=1+1").is_agent()
    shop.till().sells(town.consumer(), 8_000, staff_id=shop.hires())


def gives_to_a_list(town: Town, _demo: Engine) -> int:
    """A benefit for one resident, whose name would be a formula."""
    line = NamedLine(2, town.consumer().person_id, 1_000, None, "")
    new = NewBenefit("=1+1", "", town.series_id, "promotion", "", "")
    return association.commands.check_benefit(town.session, town.clerk().who, new, [line, line], now=town.now)


def issues_codes(town: Town, _demo: Engine) -> int:
    batch, codes = town.issued(note="=1+1")
    town.consumer().redeems(codes[0])
    return batch


def counts_cash(town: Town, _demo: Engine) -> None:
    town.clerk().tops_up(town.consumer(), 3_000)
    town.approver().counts(town.clerk(), 2_900, reason="=1+1")


def is_told(town: Town, _demo: Engine) -> int:
    """A payment that waits to be told to an address of the association."""
    address, host = "https://books.example.jp/meguri", "books.example.jp"
    who = town.another_clerk("administrator").who
    made = merchant.commands.add_webhook(town.session, who, None, address, hosts={host})
    pays(town, _demo)
    merchant.commands.collect_webhooks(town.session, render, now=town.now)
    return made.id


def names_a_funder(town: Town, _demo: Engine) -> None:
    """The town pays for a coupon that somebody uses."""
    coupon = town.coupon(shares=(association.commands.Share("funder", 100, "=灯ノ沢町"),))
    hanako = town.consumer(coins=1_000)
    hanako.claims(coupon)
    hanako.pays(town.shop(), 1_000, coupon=coupon)


def gives_away(town: Town, _demo: Engine) -> None:
    """Top-up codes as prizes: an expense."""
    town.issued(paid_from="promotion")


def closes_a_month(town: Town, demo: Engine) -> None:
    """Cash of forty days ago, and the month of it closed."""
    when = town.now - timedelta(days=40)
    with Session(demo) as session, atomic(session):
        drawer, safe = (book.open_account(session, town.district_id, role, 9_999, 0) for role in ("drawer", "safe"))
        float_out = book.Draft("drawer_float", uuid4(), book.hash_command("old"), book.transfer(drawer, safe, 700), posted_at=when)
        book.post(session, town.district_id, float_out)
    association.commands.close_month(town.session, town.approver().who, tokyo_day(when).replace(day=1))


def is_warned(town: Town, _demo: Engine) -> None:
    """A tablet that saw the log, and raised the alarm about it."""
    till = town.shop("=1+1").till()
    pays(town, _demo)
    town.seals()
    newest = ledger.queries.checkpoint(town.session, town.district_id)
    merchant.commands.saw_log(town.session, till.who, merchant.commands.Seen(newest.size, newest.root), now=town.now)
    merchant.commands.tell_alarm(town.session, till.who, merchant.commands.Alarm("forked", "=1+1", newest.note), now=town.now)


def hears_from_the_bank(town: Town, demo: Engine) -> None:
    """A counted drawer, and two lines of the bank of which one is set aside."""
    counts_cash(town, demo)
    day = tokyo_day(town.now) - timedelta(days=1)
    takes(town, csv_of([(day, 1_000, "=1+1", 1_000), (day, -300, "+81", 700)]))
    [first, _] = sees(town).lines
    association.commands.set_aside(town.session, town.clerk().who, [first.line.id], reason="=2+2", now=town.now)


def is_watched(town: Town, demo: Engine) -> None:
    """A round of the controls, after a day in which nothing was sealed."""
    pays(town, demo)
    association.commands.look_round(town.session, town.district_id, "https://meguri.test/desk/controls", now=town.now)


def is_returned(town: Town, _demo: Engine) -> None:
    """A slip of a payment that the book no longer has."""
    lost = lose(town, town.consumer(coins=1_000), town.shop("=1+1"), 500)
    goes_on(town, lost)
    taken = association.commands.PresentReceipt(lost.slip, "consumer")
    association.commands.present_receipt(town.session, town.clerk().who, taken, now=town.now)


def earns(town: Town, _demo: Engine) -> int:
    """Points of one payment, a part of them paid by somebody whose name would be a formula."""
    programme = town.points(shares=(association.commands.Share("association", 50), association.commands.Share("funder", 50, "@SUM(1)")))
    town.consumer(coins=2_000).pays(town.shop(), 1_250)
    town.gives_points()
    return programme


def earns_more(town: Town, demo: Engine) -> int:
    """Three times the points, at the town's expense."""
    campaign = town.point_campaign()
    earns(town, demo)
    return campaign


def answers(town: Town, _demo: Engine) -> int:
    """Ten people take part and are asked something."""
    town.points()
    terms = town.point_event(most=20, question="=1+1", choices=("=2+2", "町"))
    for number in range(10):
        town.consumer(nickname=f"客{number}").takes_part(terms.code, number % 2)
    town.gives_points()
    return terms.id


def prints_tickets(town: Town, _demo: Engine) -> int:
    voucher = town.voucher()
    new = association.commands.NewTicketLot(voucher, 10, 1_000, uuid4())
    association.commands.make_ticket_lot(town.session, town.clerk().signs_in_again().who, new, now=town.now)
    return voucher


def writes_in(town: Town, _demo: Engine) -> None:
    """A shop whose name would be a formula has written in."""
    wanted = Application(replace(town.new_shop(), name="=1+1"), MARUYA, "丸山", "0123-45-6789")
    association.commands.apply_shop(town.session, nobody(town.district_id), wanted, now=town.now)


def could_settle(town: Town, _demo: Engine) -> str:
    """A closing day that nobody has put forward."""
    town.settles_by(fee_bp=150)
    town.consumer(coins=5_000).pays(town.shop("=1+1"), 700)
    return town.month_passes().isoformat()


def stands_twice(town: Town, _demo: Engine) -> int:
    """One person on the list under two spellings."""
    town.clerk()
    today = tokyo_day(town.now)
    call = NewCall("application", "list", "", today, today, day_bounds(today)[1], 5)
    voucher = town.voucher(call=call, sale_first_day=today + timedelta(days=1))
    lines = read_residents("氏名,住所\n\u9ad9橋花子,灯ノ沢町1-1\n\u9ad8橋花子,灯ノ沢町1-1\n".encode())
    association.commands.take_residents(town.session, town.another_clerk("administrator").who, voucher, lines, now=town.now)
    return voucher


def is_found(town: Town, _demo: Engine) -> int:
    """A sudden top-up, with the transaction behind it."""
    town.consumer(coins=50_000)
    town.clock.advance(minutes=1)  # type: ignore[attr-defined]
    association.commands.look_for_risks(town.session, now=town.now)
    found = association.queries.findings(town.session, town.approver().signs_in_again().who)
    return next(each.id for each in found if each.rule == "top_ups")


def is_sent_to(town: Town, _demo: Engine) -> None:
    """Three people send coin to a fourth."""
    opens(town)
    taro = town.consumer(nickname="太郎")
    for _ in range(3):
        sends(town.consumer(coins=1_000), taro, 100)


def notes_a_day(town: Town, _demo: Engine) -> None:
    who, day = town.another_clerk("administrator").who, tokyo_day(town.now)
    analytics.commands.note_day(town.session, who, NewNote("event", day, day, "=1+1"), key=uuid4(), now=town.now)


def measures(town: Town, _demo: Engine) -> None:
    """Something that is measured, and nothing has come yet."""
    who = town.another_clerk("administrator").who
    analytics.commands.add_source(town.session, who, NewSource("weather", "=1+1", "", DAY_S, ""), key=uuid4(), now=town.now)


def rehearses(town: Town, _demo: Engine) -> int:
    """A draft of a coupon for the next two weeks, and a week ago enough people who would have used it."""
    a_morning(town)
    town.clock.advance(days=9)  # type: ignore[attr-defined]
    first = tokyo_day(town.now) + timedelta(days=1)
    new = town.coupon_terms(100, min_spend=500, first_day=first, last_day=first + timedelta(days=13))
    fields = {
        **{name: str(getattr(new, name)) for name in ("name", "name_en", "amount_off", "min_spend", "pieces", "per_person")},
        **{name: getattr(new, name).isoformat() for name in ("first_day", "last_day")},
        "association_percent": "100",
        "days": ["0", "1", "2", "3", "4", "5", "6"],
        "lands_in": str(town.series_id),
    }
    who = town.clerk().signs_in_again().who
    return association.commands.save_draft(town.session, who, fields, draft_id=None, now=town.now)


Happens = Callable[[Town, Engine], int | str | None]
TABLES: dict[str, tuple[Happens, set[str]]] = {
    "/desk/": (pays, {"days_table", "standings_table"}),
    "/desk/points": (earns_more, {"points_table"}),
    "/desk/settlement/cycles": (could_settle, {"places_table"}),
    "/desk/applications": (writes_in, {"applications_table"}),
    "/desk/books": (pays, {"journal_table", "trial_table"}),
    "/desk/shops": (pays, {"shops_table"}),
    "/desk/series": (pays, {"series_table"}),
    "/desk/drawers": (pays, {"drawers_table"}),
    "/desk/approvals": (proposes, {"approvals_table"}),
    "/desk/announcements": (announces, {"announcements_table"}),
    "/desk/roles": (pays, {"roles_table"}),
    "/desk/tokens": (makes_token, {"tokens_table"}),
    "/desk/cards": (gives_card, {"cards_table", "lots_table"}),
    "/desk/coupons": (uses_coupon, {"coupons_table", "costs_table"}),
    "/desk/vouchers": (sells_voucher, {"vouchers_table"}),
    "/desk/vouchers/{}/applications": (applies, {"voucher_applications_table"}),
    "/desk/vouchers/{}/report": (sells_voucher, {"voucher_report_table"}),
    "/desk/coupons/{}": (ten_use_coupon, {"coupon_costs_table", "coupon_days_table", "coupon_shops_table"}),
    "/desk/settlement": (settles, {"runs_table"}),
    "/desk/settlement/{}": (settles, {"run_table"}),
    "/desk/settlement/proof": (settles, {"proof_table"}),
    "/desk/suspense": (refunds_late, {"suspense_table"}),
    "/desk/agents": (sells_for_us, {"agents_table"}),
    "/desk/codes": (issues_codes, {"codes_table"}),
    "/desk/codes/{}": (issues_codes, {"batch_table"}),
    "/desk/benefits": (gives_to_a_list, {"benefits_table"}),
    "/desk/benefits/{}": (gives_to_a_list, {"benefit_table"}),
    "/desk/safe": (counts_cash, {"safe_table", "counts_table"}),
    "/desk/webhooks/{}": (is_told, {"deliveries_table"}),
    "/desk/log": (pays, {"log_table"}),
    "/desk/accounts/trial-balance": (pays, {"trial_balance_table"}),
    "/desk/accounts/ledger": (pays, {"ledger_table"}),
    "/desk/accounts/ledger?each=on": (pays, {"ledger_table"}),
    "/desk/accounts/balance-sheet": (pays, {"balance_sheet_table"}),
    "/desk/accounts/income-statement": (gives_away, {"income_statement_table"}),
    "/desk/accounts/chart": (pays, {"chart_table"}),
    "/desk/witnesses": (is_warned, {"witnesses_table", "log_alarms_table"}),
    "/desk/controls/history": (is_watched, {"control_history_table"}),
    "/desk/bank": (hears_from_the_bank, {"bank_open_table", "counts_table"}),
    "/desk/base-dates?securities": (secures, {"securities_table"}),
    "/desk/base-dates/on/{}": (is_over, {"base_date_table"}),
    "/desk/discontinuance": (ends_a_coin, {"claims_table"}),
    "/desk/disputes": (disputes, {"disputes_table"}),
    "/desk/stops": (stops, {"stops_table"}),
    "/desk/funders": (names_a_funder, {"bills_table"}),
    "/desk/risk": (guesses, {"risks_table"}),
    "/desk/registers/complaint": (complains, {"register_table"}),
    "/desk/retention": (is_not_seen_for_two_years, {"retention_table", "letters_table"}),
    "/desk/bank/matches": (hears_from_the_bank, {"bank_matches_table"}),
    "/desk/books/returned": (is_returned, {"presented_table"}),
    "/desk/accounts/closings": (closes_a_month, {"closings_table"}),
    "/desk/base-dates": (reports_it, {"base_dates_table"}),
    "/desk/points/{}": (earns, {"point_months_table", "point_payers_table"}),
    "/desk/points/campaigns/{}": (earns_more, {"campaign_payers_table"}),
    "/desk/points/events/{}": (answers, {"event_payers_table", "event_answers_table"}),
    "/desk/vouchers/{}": (sells_voucher, {"voucher_claims_table"}),
    "/desk/vouchers/{}/tickets": (prints_tickets, {"ticket_lots_table"}),
    "/desk/vouchers/{}/residents": (stands_twice, {"doubles_table"}),
    "/desk/settlement/draft?closing={}": (could_settle, {"draft_table"}),
    "/desk/risk/{}": (is_found, {"evidence_table"}),
    "/desk/sending": (is_sent_to, {"receivers_table"}),
    "/desk/coupons/drafts/{}/rehearsal": (rehearses, {"rehearsal_table"}),
    "/desk/insight/notes/list": (notes_a_day, {"analytics.notes_table"}),
    "/desk/measures": (measures, {"analytics.sources_table"}),
}
"""Page → what has to happen before it shows something, and its tables. `{}`: the number that this gives."""

BY_A_FORM = {
    "campaign_effect_table",
    "coupon_effect_table",
    "holders_table",
    "analytics.district_file",
    "analytics.readings_table",
}
"""Asked for with its day, by a form: test_base_dates.py reads it. Of insight, of a month or a source that has columns or readings:
tests/analytics/test_pages.py and test_measurements.py do. What a coupon brought: tests/analytics/test_effects.py."""


JUST_SENT = "lines of a file that was sent with this page: whoever looks has it"
BOOKING = "what will be booked by the press beside it; once it is, the journal's file has it"
FORM = "fields to be typed into, or prices to choose from"
WITHOUT_A_FILE = {
    "account_parts.html": (1, "help: how a bank spells legal forms"),
    "announcement_preview.html": (1, JUST_SENT),
    "approval.html": (1, "the account before and after, of one proposal"),
    "bank.html": (3, "steps of one sum, and pairs to be ticked: what is open and what is matched each has a file"),
    "bank_file.html": (1, JUST_SENT),
    "benefit.html": (1, "wrong lines stand in the benefit's own file"),
    "chart.html": (1, "drawn on the home page, which has its file"),
    "controls_parts.html": (2, "the working of one control; its outcomes are a file"),
    "coupon_rehearsal.html": (1, "weeks, shops, trades and sizes are one file"),
    "draw.html": (1, "for everybody, with list.txt and result.json"),
    "parts.html": (3, BOOKING),
    "settlement_parts.html": (1, BOOKING),
    "settlement_proof.html": (1, "both sides of the proof are one file"),
    "shop_list.html": (1, JUST_SENT),
    "transfer_terms.html": (1, FORM),
    "voucher_application.html": (1, "names beside one another, opened one by one and each time on record"),
    "voucher_paper_list.html": (1, JUST_SENT),
    "voucher_papers_typed.html": (1, JUST_SENT),
    "voucher_residents.html": (1, JUST_SENT),
    "voucher_sale.html": (1, FORM),
    "measure_file.html": (3, JUST_SENT),
}
"""Page → how many of its tables have no file of their own, and why."""
MORE_FILES = {
    "books.html": (1, "the journal goes out in stretches as well"),
    "cards.html": (1, "cards, which the page finds one by one"),
    "coupon_live.html": (1, "days and shops are drawn by one macro"),
    "home.html": (1, "the chart's days, whose table stands in chart.html"),
    "safe.html": (1, "what was counted, of which the page has the last"),
    "witnesses.html": (1, "alarms, which are a list"),
}
"""Page → how many files it has beyond its tables, and of what: so that none of them stands for a table that has none."""


BY_PASTE = {
    "announcements.html",
    "bank.html",
    "chart_list.html",
    "coupon_step.html",
    "measure_file.html",
    "new_benefit.html",
    "new_campaign.html",
    "note_list.html",
    "register_list.html",
    "shop_list.html",
    "transfer_returns.html",
    "voucher_paper_list.html",
    "voucher_residents.html",
}
"""Pages on which many things are entered at once. Everything else of the desk is entered one by one, each by its own form."""
NOT_ROWS = {"base_dates.html", "returned.html", "streets.html"}
"""Files that hold no rows: a certificate, a receipt with its proof, a picture."""


@pytest.fixture
def nobody_is_told(owner_engine: Engine) -> Iterator[None]:
    """An address that one test registers is not for the courier of another."""
    yield
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE webhook SET ended_at = now() WHERE ended_at IS NULL"))


def test_every_logged_door_has_a_word() -> None:
    """操作の記録 says in plain words what was done: a new door that is written down brings its word along."""
    assert {name for name, each in PERMISSIONS.items() if each.logged} <= set(COMMANDS)


def test_no_table_is_forgotten(app: Flask) -> None:
    """Whoever adds a table adds it to the walk below, and each has both formats."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk") and "file" in rule.arguments]
    assert {rule.endpoint.removeprefix("association.") for rule in rules} == BY_A_FORM.union(*(names for _, names in TABLES.values()))
    assert all(rule.rule.endswith(".<any(xlsx, csv):file>") for rule in rules)


def desk_pages() -> list[Path]:
    return [page for room in ("association", "analytics") for page in sorted(Path(f"{room}/templates/{room}").glob("*.html"))]


def test_no_page_shows_a_table_without_its_file() -> None:
    """Every table on a page of the desk goes out to Excel; those that need not, and files of other things, are named with a reason."""
    unlike = {}
    for page in desk_pages():
        source = page.read_text(encoding="utf-8")
        missing = source.count("<table") - source.count("{{ table_links(")
        if missing and "<table" in source:
            unlike[page.name] = missing
    missing_files = {page: count for page, (count, _why) in WITHOUT_A_FILE.items()}
    assert unlike == missing_files | {page: -count for page, (count, _why) in MORE_FILES.items()}


def test_whatever_is_entered_by_rows_can_be_pasted() -> None:
    """A file of rows, a list of numbers, shops to tick: each of these pages takes what was copied in Excel, and no other page has any."""
    rows, pasted, other = set[str](), set[str](), set[str]()
    for page in desk_pages():
        source = page.read_text(encoding="utf-8")
        if any(sign in source for sign in ("{{ rows_field(", "{% call where_choice(", 'field("numbers"')):
            rows.add(page.name)
        if any(sign in source for sign in ("{{ rows_field(", "{{ shops_pasted(", 'field("numbers"')):
            pasted.add(page.name)
        if 'type="file"' in source:
            other.add(page.name)
    assert rows == pasted == BY_PASTE
    assert other == NOT_ROWS


@pytest.mark.usefixtures("nobody_is_told")
@pytest.mark.parametrize("place", TABLES)
def test_every_table_goes_out_as_a_file(app: Flask, desk: Seat, district: Town, demo: Engine, place: str) -> None:
    """Its page offers it twice, with the same head and cells; codes stay text, yen are numbers, moments are dates, and nothing
    that somebody wrote becomes a formula. In English its head is English, and nobody without a role of the desk gets it."""
    happens, names = TABLES[place]
    page = place.format(happens(district, demo))
    seat, stranger = desk(district.another_clerk("administrator")), desk(district.another_clerk("consumer"))
    seen = seat.sees(page).text
    files = [html.unescape(each) for each in re.findall(r'href="(/desk/[^"]+\.xlsx[^"]*)"', seen)]
    twins = [html.unescape(each) for each in re.findall(r'href="(/desk/[^"]+\.csv[^"]*)"', seen)]
    assert twins == [file.replace(".xlsx", ".csv") for file in files]
    places = app.url_map.bind(district.host, url_scheme="https")
    assert {places.match(file.partition("?")[0])[0].removeprefix("association.") for file in files} == names
    for file, twin in zip(files, twins, strict=True):
        book = openpyxl.load_workbook(io.BytesIO(seat.sees(file).data)).worksheets[0]
        head, *rows = [list(row) for row in book.iter_rows()]
        assert rows
        for column in zip(head, *rows, strict=True):
            is_what_its_head_says(*column)
        figures = [cell.value for row in rows for title, cell in zip(head, row, strict=True) if "（円）" in str(title.value)]
        assert not figures or any(figures), "nothing happened that could be seen"
        read = seat.sees(twin).data
        assert read.startswith(b"\xef\xbb\xbf")
        lines = list(csv.reader(io.StringIO(read.decode("utf-8-sig"))))
        assert lines[0] == [cell.value for cell in head]
        assert not any(cell.startswith(("=", "+")) for line in lines for cell in line)
        plain = [[cell.removeprefix("'") for cell in line] for line in lines[1:]]
        assert plain[-len(rows) :] == [[as_csv(cell) for cell in row] for row in rows]  # the log has one more: it was read
        assert stranger.sees(file).status_code == stranger.sees(twin).status_code == 403
    for file in files:
        english = seat.sees(f"{file}{'&' if '?' in file else '?'}lang=en")
        assert [
            cell.value for cell in openpyxl.load_workbook(io.BytesIO(english.data)).worksheets[0][1] if JAPANESE.search(cell.value)
        ] == []


def is_what_its_head_says(head: Cell, *cells: Cell) -> None:
    """One column: each cell of the type that its title promises."""
    title, filled = str(head.value), [cell for cell in cells if cell.value is not None]
    assert title and all(cell.data_type != "f" for cell in filled)
    if title.endswith("（円）"):
        assert all(type(cell.value) is int and cell.number_format == "#,##0" for cell in filled), title
    elif title.endswith("番号") or title in OTHER_CODES:
        assert all(isinstance(cell.value, str) and cell.number_format == "@" for cell in filled), title
    elif title.endswith("日時"):
        assert all(cell.is_date and "hh:mm" in cell.number_format for cell in filled), title
    elif title.endswith("日"):
        assert all(cell.is_date and "hh" not in cell.number_format for cell in filled), title


def as_csv(cell: Cell) -> str:
    """What the other file has for a cell of the workbook."""
    if cell.is_date and cell.value is not None:
        return f"{cell.value:%Y-%m-%d %H:%M:%S}" if "hh" in cell.number_format else f"{cell.value:%Y-%m-%d}"
    return "" if cell.value is None else str(cell.value)


def everything_in(file: bytes) -> str:
    """All that a workbook carries, in sight or not; a CSV as it is."""
    if not file.startswith(b"PK"):
        return file.decode()
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_no_table_carries_what_pays(desk: Seat, district: Town, form: str) -> None:
    """No code of a batch, no card's number beyond its last four digits, and no holder's name beside it."""
    batch, codes = district.issued()
    card = district.card_holder(coins=500)
    seat = desk(district.clerk())
    table = everything_in(seat.sees(f"/desk/codes/{batch}.{form}").data)
    assert "未利用" in table and not any(code in table or code.replace("-", "") in table for code in codes)
    table = everything_in(seat.sees(f"/desk/cards.{form}").data)
    assert card.card.number[-4:] in table and card.card.number not in table and card.card.number[:12] not in table


def test_a_table_is_for_those_who_see_its_page(desk: Seat, district: Town) -> None:
    """The auditor finds no cards, the issuer reads no log; roles and tokens are the administrator's."""
    clerk, auditor = desk(district.clerk()), desk(district.another_clerk("auditor"))
    for form in ("xlsx", "csv"):
        assert auditor.sees(f"/desk/cards.{form}").status_code == 403
        assert auditor.sees(f"/desk/cards/lots.{form}").status_code == 200
        assert clerk.sees(f"/desk/log.{form}").status_code == 403
        assert clerk.sees(f"/desk/roles.{form}").status_code == clerk.sees(f"/desk/tokens.{form}").status_code == 403


def test_a_shop_is_found_by_its_number(desk: Seat, district: Town) -> None:
    """The first column of the table of shops is the number that stands on everything."""
    number = district.shop("=1+1").public_number
    book = openpyxl.load_workbook(io.BytesIO(desk(district.approver()).sees("/desk/shops.xlsx").data)).worksheets[0]
    assert [book["A2"].value, book["B2"].value] == [number, "=1+1"]

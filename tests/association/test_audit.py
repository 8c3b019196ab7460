"""監査の証拠: each claim beside its proof; whoever reads it changes nothing and leaves a trace."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

import ledger.commands as book
from association import queries
from association.rules import base_date_before
from base.clock import TOKYO, tokyo_day
from base.db import atomic
from base.errors import Forbidden
from tests.association.test_accounts import settled
from tests.association.test_pages import Seat, desk
from tests.town import Town, behind_the_doors

__all__ = ["desk"]


def audited(town: Town) -> queries.Audit:
    return queries.audit(town.session, town.another_clerk("auditor").who, now=datetime.now(TOKYO))


def test_the_figures_are_those_of_the_book(district: Town) -> None:
    """Coin against cash and bank, two hands each time, everything sealed, nothing to deposit."""
    settled(district)
    district.approver().counts(district.clerk(), 5_000)
    district.seals()
    found = audited(district)
    assert (found.money.outstanding, found.money.owed, found.money.cash, found.money.difference) == (3_000, 1_978, 5_000, 22)
    assert (found.sides, found.hands.same, found.hands.proposals.approved, found.hands.shops, found.hands.counts) == ({}, 0, 1, 1, 1)
    assert found.sealed is not None and (found.sealed.size, found.sealed.unsealed) == (4, 0)
    assert (found.deposit.unspent, found.deposit.unspent_now, found.deposit.required_now) == (0, 3_000, 0)
    recount = queries.recount_book(district.session, district.another_clerk("auditor").who, now=datetime.now(TOKYO))
    assert recount.is_whole


@pytest.mark.parametrize(("held", "required"), [(10_000_000, 0), (10_000_001, 5_000_001)])
def test_the_deposit_is_half_of_what_was_unspent_on_the_base_date(district: Town, held: int, required: int) -> None:
    """Above ten million yen, rounded up. What was issued since the base date does not count yet, nor ever a series outside the law."""
    exempt = district.series("natsu", "夏券", "Summer", last_day=tokyo_day(district.now) + timedelta(days=30))
    issued(district, district.series_id, held)
    issued(district, exempt, 9_000)
    who, now = district.another_clerk("auditor").who, datetime.now(TOKYO)
    today = queries.audit(district.session, who, now=now).deposit
    assert (today.unspent, today.required, today.unspent_now, today.required_now, today.outside) == (0, 0, held, required, 9_000)
    later = queries.audit(district.session, who, now=now + timedelta(days=200)).deposit
    assert (later.base_date, later.unspent, later.required) == (base_date_before(tokyo_day(now) + timedelta(days=200)), held, required)


def issued(town: Town, series_id: int, amount: int) -> None:
    """A code over so much that two people have issued as a prize."""
    session, who = town.session, town.clerk().person_id
    with atomic(session):
        source = book.open_account(session, town.district_id, "promotion", 0, 0)
        code = book.open_account(session, town.district_id, "top_up_code", 100 + series_id, series_id)
        draft = book.Draft("code_issue", uuid4(), book.hash_command(uuid4()), book.transfer(source, code, amount))
        number = book.propose(session, town.district_id, who, "code_issue", [draft])
        book.decide(session, town.district_id, number, town.approver().person_id, approved=True, note="")
        book.post_approved(session, town.district_id, number)


def test_a_recount_names_what_somebody_changed(desk: Seat, district: Town, superuser: Engine) -> None:
    """A balance that was changed behind the book's back differs from its entries; the page says where, in red."""
    settled(district)
    seat = desk(district.another_clerk("auditor"))
    sql = "UPDATE ledger.account SET balance = balance {} 7 WHERE district_id = :d AND role = 'consumer'"
    with behind_the_doors(superuser, sql.format("-"), sql.format("+"), d=district.district_id):
        page = seat.sees(seat.sees("/desk/audit/recount").headers["Location"]).text
        assert "数え直した額が違います。" in page and "数え直して合っています" not in page
    page = seat.sees(seat.sees("/desk/audit/recount").headers["Location"]).text
    assert "数え直した額が違います。" not in page and "数え直して合っています" in page


def test_the_auditor_walks_the_page_and_leaves_a_trace(desk: Seat, district: Town) -> None:
    """Every proof that is linked opens for the auditor, nothing on the way can be pressed, and the log says who looked at what."""
    settled(district)
    district.seals()
    auditor = district.another_clerk("auditor", nickname="監査の人")
    seat = desk(auditor)
    page = seat.sees("/desk/audit").text
    main = page[page.index("<main") : page.index("</main")]
    proofs = sorted(set(re.findall(r'href="(/[^"#]+)', main)))
    assert {"/desk/bank", "/desk/witnesses", "/desk/accounts/closings", "/verify", "/desk/log", "/desk/drawers"} <= set(proofs)
    for path in proofs:
        assert seat.sees(path.replace("&amp;", "&")).status_code in (200, 303), path
    assert 'method="post"' not in main
    assert "meguri ledger verify --key" in main and "同じ人は 0件" in main
    log = seat.sees("/desk/log?command=association.read_books").text
    assert "監査の人" in log and "audit" in log and "audit-recount" in log


def test_nobody_else_sees_it_and_no_neighbour_is_in_it(desk: Seat, district: Town, other_district: Town) -> None:
    settled(other_district)
    found = audited(district)
    assert (found.money.outstanding, found.hands.proposals.approved, found.sealed, found.deposit.unspent_now) == (0, 0, None, 0)
    assert desk(district.another_clerk("consumer")).sees("/desk/audit").status_code == 403
    with pytest.raises(Forbidden):
        queries.recount_book(district.session, district.consumer().who, now=district.now)


def test_base_dates() -> None:
    """31 March and 30 September, each once it is over."""
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 1), date(2027, 1, 1)]
    assert [base_date_before(day) for day in days] == [
        date(2025, 9, 30), date(2026, 3, 31), date(2026, 3, 31), date(2026, 9, 30), date(2026, 9, 30),
    ]  # fmt: skip

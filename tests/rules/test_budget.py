"""Cost lines on the desk: figures from the first line on, the papers each needs, and whether they agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from subsidy.rules.application import Application, Line
from subsidy.rules.budget import final, reckoned, warned
from subsidy.rules.calls import call_of
from subsidy.rules.evidence import CHAIN, INVOICE, PAYMENT, QUOTE, Proof, doubts, needed, step_of
from subsidy.rules.grant import grant
from subsidy.rules.quotes import Quoted, tax_doubts
from subsidy.rules.shares import ByCategory
from tests.rules.test_subsidy import applications

CALL = call_of()
TOOL = Line("1", "P1", "A-SW-PAY", "purchase", 600_000)


def plan(*lines: Line, shops: int = 9, **more: object) -> Application:
    return replace(Application("R", "shotengai_association", True, tuple(f"P{n}" for n in range(1, shops + 1)), (4,), lines), **more)


@settings(max_examples=40, deadline=None)
@given(applications())
def test_a_whole_application_is_reckoned_as_the_calculator_does(application):
    """Nothing is left out, no condition is named, and the parts make the total."""
    found, told = reckoned(application, CALL), grant(application, CALL)
    assert (found.faults, found.left_out, found.subsidy) == ((), (), told.subsidy.yen)
    assert found.parts.total == told.subsidy.yen
    assert len(warned(application, CALL, found.left_out).next) == len(told.costs)


def test_a_group_of_three_sees_its_figures_and_the_condition():
    found = reckoned(plan(TOOL, shops=2), CALL)
    assert found.subsidy == 450_000 and [fault.code for fault in found.faults] == ["E_GROUP_TOO_SMALL"]
    assert warned(plan(TOOL, shops=2), CALL, found.left_out).members[0].lost == 450_000


def test_a_line_at_fault_is_named_and_the_rest_is_reckoned():
    bad = Line("2", "P2", "A-SW-ACC", "cloud", 100_000)
    found = reckoned(plan(TOOL, bad), CALL)
    assert (found.subsidy, found.left_out, [fault.code for fault in found.faults]) == (450_000, ("2",), ["E_MONTHS"])


def test_c_without_anything_beside_it_has_no_figure():
    office = Line("3", "R", "C-PR", "office", 50_000)
    assert reckoned(plan(office), CALL).grant is None
    assert reckoned(plan(replace(TOOL, cost_kind="cloud"), office), CALL).grant is None
    assert reckoned(plan(), CALL).subsidy == 0


def test_what_is_fixed_is_the_lower_of_decision_and_spending():
    spent = reckoned(plan(TOOL), CALL)
    assert final(ByCategory(400_000, 0, 0), spent, CALL) == ByCategory(400_000, 0, 0)
    assert final(ByCategory(500_000, 0, 0), spent, CALL) == ByCategory(450_000, 0, 0)


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (TOOL, (*CHAIN, "V_SCREEN")),
        (replace(TOOL, item="A-HW-TAB", cost_kind="hardware"), (*CHAIN, "V_PHOTO")),
        (replace(TOOL, item="C-SUPPLY", cost_kind="office", amount=99_999), ("V_DELIVERY", "V_INVOICE", "V_PAYMENT")),
        (
            replace(TOOL, item="C-SUPPLY", cost_kind="office", amount=109_999, tax_included=True, tax_rate=10),
            ("V_DELIVERY", "V_INVOICE", "V_PAYMENT"),
        ),
        (
            replace(TOOL, item="C-PRINT", cost_kind="office", amount=100_000),
            ("V_QUOTE", "V_DELIVERY", "V_INVOICE", "V_PAYMENT", "V_SAMPLE"),
        ),
        (replace(TOOL, item="C-STAFF", cost_kind="office", amount=900_000), ("V_CONTRACT", "V_TIMESHEET", "V_PAYMENT", "V_LOG")),
        (replace(TOOL, item="C-TRAVEL", cost_kind="expert"), ("V_CONTRACT", "V_REPORT", "V_INVOICE", "V_PAYMENT", "V_ROUTE")),
    ],
)
def test_which_papers_prove_a_line(line, kinds):
    assert needed(line, CALL) == kinds


def proof(kind: str, amount: int | None = 660_000, day: date | None = date(2023, 8, 1), number: str = "T7000012050002") -> Proof:
    return Proof(kind, day, amount, number, kind.encode(), None)


def test_papers_that_agree_raise_no_doubt():
    """A quote may be higher; the line is without tax, its papers are with it."""
    assert doubts(TOOL, [proof(QUOTE, 700_000), *(proof(kind) for kind in CHAIN[1:])], {}) == []


@pytest.mark.parametrize(
    ("proofs", "others", "code"),
    [
        ([proof(QUOTE, 650_000), proof("V_ORDER")], {}, "amount_differs"),
        ([proof(INVOICE), proof(PAYMENT, 659_560)], {}, "amount_differs"),
        ([proof(INVOICE, 661_000)], {}, "line_differs"),
        ([proof(INVOICE, 600_000)], {}, "taxed_as_net"),
        ([proof("V_ORDER"), proof("V_DELIVERY", day=date(2023, 7, 31))], {}, "day_falls"),
        ([proof(INVOICE, number="")], {}, "number_missing"),
        ([replace(proof(INVOICE, number=""), reason="免税")], {}, "number_missing"),  # nobody has found it good yet
        ([replace(proof(INVOICE, number="T1"), is_good=True, reason="免税")], {}, "number_wrong"),
        ([proof(INVOICE, number="T123")], {}, "number_wrong"),
        ([proof(QUOTE)], {b"V_QUOTE": 7}, "reused"),
    ],
)
def test_papers_that_do_not_agree_are_told_with_both_figures(proofs, others, code):
    assert [each.code for each in doubts(TOOL, proofs, others)] == [code]


def test_an_amount_with_tax_typed_as_one_without_is_told_with_what_it_should_be():
    """A tenth too much would be claimed. A cent of rounding, or tax in the line, is no doubt."""
    (found,) = doubts(replace(TOOL, amount=770_000), [proof(INVOICE, 770_000)], {})
    assert (found.code, found.facts["net"], found.facts["gap"]) == ("taxed_as_net", 700_000, 70_000)
    for line, printed in (
        (replace(TOOL, amount=770_000, tax_included=True, tax_rate=10), 770_000),
        (replace(TOOL, amount=150_001), 165_001),
        (replace(TOOL, amount=150_001), 165_002),
        (replace(TOOL, amount=150_000), 162_000),
    ):
        assert doubts(line, [proof(INVOICE, printed)], {}) == []


@pytest.mark.parametrize(
    ("amounts", "asked"),
    [
        ((700_000, 770_000), [(2, 700_000, 1)]),
        ((650_000, 770_000), [(2, 700_000, None)]),
        ((650_000, 712_345), []),
        ((0, 0), []),
    ],
)
def test_a_quote_that_may_hold_its_tax_is_asked_about(amounts, asked):
    """By another quote that says just that, or by a round sum once the tax is off; nothing is taken for granted."""
    found = tax_doubts([Quoted(number, amount) for number, amount in enumerate(amounts, 1)])
    assert [(each.quote, each.net, each.like) for each in found] == asked


def test_how_far_a_line_has_come():
    day = date(2023, 8, 1)
    assert step_of(None, TOOL, None) == "planned"
    assert step_of(day, TOOL, None) == "quoted"
    assert step_of(day, replace(TOOL, ordered=day), None) == "ordered"
    assert step_of(day, replace(TOOL, ordered=day, delivered=day), day) == "invoiced"
    assert step_of(None, replace(TOOL, paid=day), None) == "paid"

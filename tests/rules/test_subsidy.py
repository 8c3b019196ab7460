"""The subsidy's calculators: every vector, and what must hold of any application."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from subsidy.rules import RULES
from subsidy.rules.application import Application, Line, Refused
from subsidy.rules.calls import call_of
from subsidy.rules.effect import Figures, Member, effect
from subsidy.rules.frames import first_free_day
from subsidy.rules.grant import grant
from subsidy.rules.reading import application_of, asked_of
from subsidy.rules.shares import ByCategory, allocate, final_amount, final_of, finalise, parts_of, shares_of
from subsidy.rules.what_if import Loss, if_line_falls, if_member_leaves, losses, next_yen

CASES = [
    case
    for path in sorted((Path(__file__).parents[1] / "vectors" / "subsidy").glob("*.json"))
    for case in json.loads(path.read_text("utf-8"))
]
CALL = call_of()
LEAD, SHOPS = "R", tuple(f"P{number:02}" for number in range(1, 13))
DECIDED, END = date(2023, 7, 3), date(2024, 1, 31)

ITEMS = ["A-SW-PAY", "A-SW-ACC", "A-HW-TAB", "A-HW-REG", "B-SW-POSDATA", "B-HW-BEACON"]
amounts = st.sampled_from([0, 1, 199_999, 333_333, 666_666, 666_667, 1_000_001, 5_166_667, 9_000_000]) | st.integers(0, 6_000_000)
wholesale = st.sampled_from([7_500_000, 29_999_999, 45_000_000])


@st.composite
def lines(draw: st.DrawFn, number: int) -> Line:
    """One line of a shop or, for B and C, of the lead."""
    item = draw(st.sampled_from([*ITEMS, *ITEMS, "B-SW-LOCALCUR", "C-FEE"]))
    kind = "expert" if item == "C-FEE" else "hardware" if "-HW-" in item else draw(st.sampled_from(["purchase", "cloud"]))
    return Line(
        id=f"L{number}",
        member=LEAD if item in ("B-SW-LOCALCUR", "C-FEE") else draw(st.sampled_from(SHOPS[:4])),
        item=item,
        cost_kind=kind,
        amount=draw(wholesale if item == "B-SW-LOCALCUR" else amounts),
        tax_included=(taxed := draw(st.booleans())),
        tax_rate=draw(st.sampled_from([8, 10])) if taxed else None,
        months=draw(st.sampled_from([1, 7, 12, 13, 24, 25, 36])) if kind == "cloud" else None,
        tool=draw(st.sampled_from([None, "T1"])) if kind == "cloud" else None,
        functions=draw(st.sampled_from([None, ("payment", "ec")])) if item == "A-SW-PAY" else None,
        ordered=draw(st.sampled_from([DECIDED, DECIDED, DECIDED - timedelta(days=1)])),
        delivered=DECIDED + timedelta(days=30),
        paid=draw(st.sampled_from([END, END, None])),
    )


@st.composite
def applications(draw: st.DrawFn) -> Application:
    """A plan or a result of ten to thirteen members, one to nine shops with a tool of two functions and eight lines more of any kind."""
    rest = [draw(lines(number)) for number in range(draw(st.integers(0, 8)))]
    price = draw(st.sampled_from([amounts, st.just(9_000_000)]))
    rich = [
        Line(f"M{shop}", shop, "A-SW-EC", "purchase", draw(price), functions=("ec", "payment")) for shop in SHOPS[: draw(st.integers(1, 9))]
    ]
    ten = tuple(replace(line, ordered=DECIDED, delivered=END, paid=END) for line in rich)
    return Application(
        LEAD, "shotengai_association", False, SHOPS[: draw(st.integers(9, 12))], (4,), (*ten, *rest), is_result=draw(st.booleans()),
        grant_decision=DECIDED, project_end=END,
    )  # fmt: skip


def plan(*given_lines: Line, shops: int = 9, **more: object) -> Application:
    return replace(Application(LEAD, "shotengai_association", False, SHOPS[:shops], (4,), given_lines), **more)


def tool(name: str, shop: str, amount: int, *functions: str, **more: object) -> Line:
    return replace(Line(name, shop, "A-SW-PAY", "purchase", amount, functions=functions or None), **more)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_vector(case):
    assert RULES[f"subsidy.{case['kind']}"](case) == case["expected"]


def test_an_explanation_comes_to_the_same_yen_as_the_answer():
    """Chains, shares and losses of `subsidy.explain` agree with `subsidy.grant` in every third vector, and so do refusals."""
    for case in [case for case in CASES if case["kind"] == "grant"][::3]:
        told, expected = RULES["subsidy.explain"](case), case["expected"]
        assert json.dumps(told) and told["ok"] == expected["ok"]
        if not told["ok"]:
            assert told["errors"] == expected["errors"] == sorted({fault["code"] for fault in told["faults"]})
            continue
        assert told["total_subsidy"] == expected["total_subsidy"] == told["chains"]["total"]["yen"]
        assert sum(sum(share.values()) for share in told["shares"].values()) == expected["total_subsidy"]
        assert {loss["left"] + loss["lost"] for name in ("line_falls", "member_leaves") for loss in told[f"if_{name}"]} == {
            expected["total_subsidy"]
        }


@settings(max_examples=100, deadline=None)
@given(applications(), st.data())
def test_more_eligible_cost_never_gives_less(asked, data):
    """Neither a dearer line, nor a new one at the end of the list."""
    before = grant(asked, CALL)
    place = data.draw(st.integers(0, len(asked.lines) - 1))
    dearer = replace(asked.lines[place], amount=asked.lines[place].amount + data.draw(st.sampled_from([1, 7, 333_333, 40_000_000])))
    after = grant(replace(asked, lines=(*asked.lines[:place], dearer, *asked.lines[place + 1 :])), CALL)
    assert after.eligible.yen >= before.eligible.yen and after.subsidy.yen >= before.subsidy.yen
    longer = grant(replace(asked, lines=(*asked.lines, data.draw(lines(99)))), CALL)
    assert longer.eligible.yen >= before.eligible.yen and longer.subsidy.yen >= before.subsidy.yen


def test_a_cloud_line_put_before_another_of_its_tool_takes_its_months():
    """The one way in which more cost gives less: eligible cost falls with it. Said in the docstring of the calculator."""
    dear = tool("L1", "P01", 600_000, cost_kind="cloud", months=24, tool="T1")
    cheap = replace(dear, id="L0", amount=1)
    alone, behind = grant(plan(dear), CALL), grant(plan(cheap, dear), CALL)
    assert (alone.subsidy.yen, behind.subsidy.yen, behind.eligible.yen) == (450_000, 0, 1)
    assert grant(plan(dear, cheap), CALL).subsidy.yen == 450_000
    assert if_line_falls(plan(cheap, dear), CALL, "L0").lost == -450_000


@settings(max_examples=60, deadline=None)
@given(applications())
def test_the_parts_make_the_total_by_category_by_line_and_by_member(asked):
    """And nobody bears less than nothing."""
    done = grant(asked, CALL)
    assert sum(cost.eligible.yen for cost in done.costs) == done.eligible.yen == done.subsidy.yen + done.own_burden.yen
    assert done.a_kept.yen + done.b_kept.yen + done.c.subsidy.yen == done.subsidy.yen <= 32_000_000
    assert sum(own.it.yen + own.pc.yen + own.register.yen for own in done.members.values()) == done.a.yen
    shares = shares_of(done)
    assert sum(share.total for share in shares.values()) == done.subsidy.yen
    for member, share in shares.items():
        own_cost = sum(cost.eligible.yen for cost in done.costs if cost.line.member == member)
        assert 0 <= share.total <= own_cost and share.a <= (done.members[member].subsidy.yen if member in done.members else 0)
    assert {cost.line.id for cost in done.costs} | {each.line for each in done.excluded} == {line.id for line in asked.lines}


def by_hand(formula: str) -> Fraction:
    """What a formula of a chain comes to when somebody else reckons it, in exact fractions."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", formula).replace("×", "*").replace("−", "-")
    return eval(re.sub(r"\d+", r"Fraction(\g<0>)", plain), {"Fraction": Fraction, "floor": floor, "min": min})  # noqa: S307


@settings(max_examples=60, deadline=None)
@given(applications())
def test_every_step_of_a_chain_is_true_when_reckoned_by_hand(asked):
    """The last one is the amount, and every value that it names has a source."""
    done = grant(asked, CALL)
    amounts = [done.a, done.b, done.a_kept, done.b_kept, done.c.subsidy, done.c.by_share, done.subsidy, done.own_burden, done.eligible]
    amounts += [cost.eligible for cost in done.costs]
    amounts += [part for own in done.members.values() for part in (own.it, own.pc, own.register, own.subsidy)]
    parts = parts_of(done)
    assert {member: ByCategory(part.a.yen, part.b.yen, part.c.yen) for member, part in parts.items()} == shares_of(done)
    assert sum(part.burden.yen for part in parts.values()) == done.own_burden.yen
    amounts += [amount for part in parts.values() for amount in (part.a, part.b, part.c, part.burden)]
    granted = ByCategory(done.a.yen // 2, done.b.yen, 100_000)
    amounts.append(final_amount(granted, done, CALL))
    assert amounts[-1].yen == final_of(granted, done, CALL).total
    for amount in amounts:
        assert [by_hand(step.formula) for step in amount.chain] == [step.yen for step in amount.chain]
        assert not amount.chain or amount.chain[-1].yen == amount.yen
        assert all(name in CALL.sources for step in amount.chain for name in step.values)


@settings(max_examples=60, deadline=None)
@given(applications())
def test_an_application_that_is_frozen_is_read_back_as_it_was(asked):
    """Through JSON, to the last line; and the terminal answers it with the same yen."""
    kept = json.loads(json.dumps(asked_of(asked, CALL)))
    assert application_of(kept) == asked
    assert RULES["subsidy.grant"]({"input": kept})["total_subsidy"] == grant(asked, CALL).subsidy.yen


def test_a_chain_reads_as_one_would_write_it():
    done = grant(plan(tool("L1", "P01", 6_000_000, "payment", "ec"), tool("L2", "P02", 700_000)), CALL)
    assert [step.formula for step in done.members["P01"].it.chain][1:] == [
        "floor(500,000 + (6,000,000 − 2,000,000/3) × 2/3)",
        "min(4,055,555, 3,500,000)",
    ]
    assert [step.values for step in done.members["P02"].it.chain][-1] == ("a_cap_one_function", "functions_across_tools")
    assert done.warnings == tuple(("W_IDLE_PARTICIPANT", shop) for shop in SHOPS[2:9])


@settings(max_examples=60, deadline=None)
@given(applications(), st.data(), st.sampled_from([1, 30, 10_000, 1_000_000]))
def test_what_one_more_yen_brings_is_what_more_yen_then_bring(asked, data, more):
    """Never more than said; and as much as said where the same rate still holds behind them. Four cuts to whole yen may stand between."""
    told = {each.line: each for each in next_yen(asked, CALL)}
    assume(told)
    line = data.draw(st.sampled_from([line for line in asked.lines if line.id in told]))
    dearer = replace(asked, lines=tuple(replace(each, amount=each.amount + more) if each == line else each for each in asked.lines))
    gain = grant(dearer, CALL).subsidy.yen - grant(asked, CALL).subsidy.yen
    rate = told[line.id].rate
    assert gain <= rate * more + 4 and (rate > 0 or told[line.id].binding)
    if {each.line: each.rate for each in next_yen(dearer, CALL)}[line.id] == rate:
        assert gain >= rate * more - 4


@settings(max_examples=60, deadline=None)
@given(applications(), st.data())
def test_a_loss_that_is_told_is_the_loss_that_comes(asked, data):
    """A line that falls out, by taking it out of the list; a member, by taking it and its lines out."""
    before = grant(asked, CALL).subsidy.yen
    line = data.draw(st.sampled_from(asked.lines))
    told = if_line_falls(asked, CALL, line.id)
    rest = tuple(each for each in asked.lines if each.id != line.id)
    is_empty = all(each.item.startswith("C") for each in rest)
    left = 0 if is_empty else grant(replace(asked, lines=rest), CALL).subsidy.yen
    assert (told.left, told.lost) == (left, before - left)
    gone = if_member_leaves(asked, CALL, "P09")
    assert gone.left + gone.lost == before and (("group_floor" in gone.because) == (len(asked.participants) == 9))


@settings(max_examples=150, deadline=None)
@given(applications())
def test_losses_told_together_are_those_told_one_by_one(asked):
    """Member by member it is quick; each is what the whole calculator says without that line or member, reason and all."""
    lines, members = losses(asked, CALL)
    assert lines == [if_line_falls(asked, CALL, cost.line.id) for cost in grant(asked, CALL).costs]
    assert members == [if_member_leaves(asked, CALL, member) for member in asked.participants]


BIG = Line("B1", LEAD, "B-SW-LOCALCUR", "purchase", 30_000_000)
TABLET = Line("L2", "P01", "A-HW-TAB", "hardware", 200_000)
FULL = plan(
    *(tool(f"L{shop}", shop, 9_000_000, "payment", "ec") for shop in SHOPS[:8]),
    replace(BIG, amount=3_000_002),
    Line("C1", LEAD, "C-FEE", "expert", 3_000_000),
)
ADVICE = Line("C1", LEAD, "C-FEE", "expert", 600_000)


@pytest.mark.parametrize(
    ("asked", "what", "loss"),
    [
        (plan(tool("L1", "P01", 600_000), TABLET), "L1", Loss("L1", 0, 550_000, ("L2",), ("hardware_alone",))),
        (plan(tool("L1", "P01", 1_416_667), tool("L2", "P01", 0, "payment", "ec")), "L2",
         Loss("L2", 500_000, 500_000, (), ("second_function",))),
        (plan(tool("L1", "P01", 600_000, "payment", "ec"), TABLET, BIG), "L1", Loss("L1", 5_100_000, 450_000, (), ())),
        (plan(BIG, shops=11), "P11", Loss("P11", 5_500_000, 500_000, (), ("b_cap",))),
        (plan(BIG), "P09", Loss("P09", 0, 5_000_000, (), ("group_floor",))),
        (plan(tool("L1", "P01", 600_000), tool("L2", "P02", 5_166_667, "payment", "ec"), ADVICE), "L2",
         Loss("L2", 480_000, 3_500_000 + 233_333, (), ("c_share",))),
    ],
)  # fmt: skip
def test_money_about_to_be_lost_says_why(asked, what, loss):
    """Hardware whose software falls out, a free second function, a member that lowers B's cap or breaks the ten, C that A carried."""
    assert (if_member_leaves if what in SHOPS else if_line_falls)(asked, CALL, what) == loss


def test_an_unknown_item_stops_the_checks_of_its_line_and_no_other():
    """All else that is wrong is told at once, with the line or member that it is about."""
    case = {"input": {**next(case for case in CASES if case["id"] == "refuse-unknown-item")["input"], "participants": ["P01", "V1"]}}
    asked = case["input"]["lines"][0] | {"amount": "viel", "ordered": "2023-02-30"}
    told = RULES["subsidy.explain"]({"input": {**case["input"], "lines": [asked, {**asked, "id": "L2", "item": "A-HW-PC"}]}})
    assert told["errors"] == ["E_AMOUNT", "E_DATE", "E_GROUP_TOO_SMALL", "E_PROVIDER_IN_GROUP", "E_UNKNOWN_ITEM"]
    assert [fault["about"] for fault in told["faults"]] == ["L2", "L2", "3", "V1", "L1"]


@pytest.mark.parametrize(
    ("asked", "line", "rate", "binding"),
    [
        (plan(tool("L1", "P01", 600_000)), "L1", Fraction(3, 4), ()),
        (plan(tool("L1", "P01", 700_000, "payment", "ec"), ADVICE), "L1", Fraction(2, 3) * Fraction(16, 15), ()),
        (plan(tool("L1", "P01", 700_000)), "L1", Fraction(0), ("it_cap_one_function",)),
        (plan(tool("L1", "P01", 100_000, cost_kind="cloud", months=36)), "L1", Fraction(1, 2), ("cloud_months",)),
        (plan(tool("L1", "P01", 600_000), TABLET), "L2", Fraction(0), ("pc_cap",)),
        (plan(BIG), "B1", Fraction(0), ("b_cap",)),
        (FULL, "B1", Fraction(0), ("ab_cap",)),
        (FULL, "LP01", Fraction(0), ("it_cap", "ab_cap")),
        (FULL, "C1", Fraction(0), ("c_share", "c_cap")),
        (plan(tool("L1", "P01", 100_000), ADVICE), "C1", Fraction(0), ("c_share",)),
    ],
)  # fmt: skip
def test_one_more_yen_says_which_cap_holds_it_down(asked, line, rate, binding):
    told = {each.line: each for each in next_yen(asked, CALL)}[line]
    assert (told.rate, told.binding) == (rate, binding)


def test_at_the_end_overspending_a_does_not_cost_b_its_decision():
    """Held against the decision after the total cap, 1,000,000 yen more of A would take 1,000,000 of B. `final_of` holds it before."""
    shops = [tool(f"L{shop}", shop, 9_000_000, "payment", "ec") for shop in SHOPS[:9]]
    lower = [*shops[:7], replace(shops[7], amount=5_166_667), Line("B1", LEAD, "B-SW-LOCALCUR", "purchase", 3_000_000)]
    planned = grant(plan(*lower), CALL)
    granted = ByCategory(planned.a_kept.yen, planned.b_kept.yen, planned.c.subsidy.yen)
    assert granted == ByCategory(28_000_000, 2_000_000, 0)
    overspent = grant(plan(*lower, tool("L9", "P09", 2_000_000, "payment", "ec")), CALL)
    after_cap = ByCategory(overspent.a_kept.yen, overspent.b_kept.yen, overspent.c.subsidy.yen)
    assert finalise(granted, after_cap, CALL).total < 30_000_000 == final_of(granted, overspent, CALL).total


@settings(max_examples=60, deadline=None)
@given(applications(), st.data())
def test_the_final_amount_never_falls_when_more_was_spent_nor_passes_the_decision(asked, data):
    before = grant(asked, CALL)
    granted = ByCategory(*(data.draw(st.integers(0, most)) for most in (20_000_000, 10_000_000, 2_000_000)))
    line = data.draw(st.sampled_from(asked.lines))
    dearer = tuple(replace(each, amount=each.amount + 5_000_000) if each == line else each for each in asked.lines)
    first, second = (final_of(granted, each, CALL) for each in (before, grant(replace(asked, lines=dearer), CALL)))
    assert first.total <= second.total <= granted.total and first.total <= before.subsidy.yen


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_shares_are_whole_fair_and_add_up(total, weights):
    """Each within a yen of its exact part, who bears more never gets less."""
    assume(sum(weights))
    shares = allocate(total, weights)
    assert sum(shares) == total
    assert all(abs(share - Fraction(total * weight, sum(weights))) < 1 for share, weight in zip(shares, weights, strict=True))
    ranked = [share for _, share in sorted(zip(weights, shares, strict=True))]
    assert ranked == sorted(ranked)


@given(st.lists(st.tuples(*[st.integers(0, 30_000_000), st.integers(1, 4_000)] * 3), min_size=1, max_size=4))
def test_the_strictest_reading_of_the_goal_is_the_one_we_promise_by(rows):
    """Met geometrically, it is met by both means; a shown rate never says more than is true; the group lies between its members."""
    members = [
        Member(str(place), tuple(Figures(row[2 * year], 0, 1, row[2 * year + 1]) for year in range(3))) for place, row in enumerate(rows)
    ]
    assume(sum(row[0] for row in rows))
    done = effect(members, CALL)
    goal = done.goal
    assert goal and goal.is_met == goal.met_geometric <= goal.met_simple
    assert goal.met_arithmetic is None or goal.met_geometric <= goal.met_arithmetic
    grown = done.years[2].productivity / done.years[0].productivity
    shown = 1 + Fraction(goal.average_bp_geometric, 10_000)
    assert shown**2 <= grown < (shown + Fraction(1, 10_000)) ** 2
    rates = [Fraction(row[0], row[1]) for row in rows]
    assert min(rates) <= done.years[0].productivity <= max(rates)


def test_nobody_left_is_no_growth():
    with pytest.raises(Refused, match="E_EFF_NO_MEMBERS"):
        effect([Member("P01", (None, None), is_withdrawn=True)], CALL)


@given(st.dates(date(2022, 1, 1), date(2030, 12, 31)))
def test_twelve_months_end_on_the_same_day_of_the_month(decided):
    """Or on the last day of a month that has no such day."""
    last = first_free_day(decided, CALL) - timedelta(days=1)
    assert (last.year, last.month) == (decided.year + 1, decided.month)
    assert last.day == decided.day or (decided.month, decided.day, last.day) == (2, 29, 28)

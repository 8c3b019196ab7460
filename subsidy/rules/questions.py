"""`meguri rules NAME`: the vectors' questions (tests/vectors/subsidy), each answered by the rule that it is about.

A refusal is an answer. `input.rules` (`{"scheme": …, "version": …}`) asks an older version of the table; without it the newest answers.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from subsidy.rules.application import Refused
from subsidy.rules.calls import NEWEST, Call, call_of
from subsidy.rules.chain import Amount, fraction
from subsidy.rules.effect import effect, report_of, window
from subsidy.rules.frames import Earlier, blocks
from subsidy.rules.grant import Grant, grant
from subsidy.rules.papers import Participant, papers
from subsidy.rules.reading import application_of, day_of, members_of, whole
from subsidy.rules.shares import ByCategory, allocate, finalise, shares_of
from subsidy.rules.what_if import losses, next_yen

Question = dict[str, Any]
Answer = dict[str, Any]


def answer_grant(question: Question) -> Answer:
    """`input`: an application → what it gets, category by category, or every reason why no sum can be made."""
    try:
        return _shown(grant(application_of(question["input"]), _call(question)))
    except Refused as refused:
        return _refusal(refused)


def answer_explain(question: Question) -> Answer:
    """`input`: an application → each amount's chain of sums with rule and sources, what one more yen brings, what a loss would cost."""
    call, asked = _call(question), application_of(question["input"])
    try:
        done, (lines, members) = grant(asked, call), losses(asked, call)
        return {
            "ok": True,
            "rules": {"scheme": call.scheme, "version": call.version, "because": call.because},
            "total_subsidy": done.subsidy.yen,
            "chains": {name: _chain(amount) for name, amount in _amounts(done).items()},
            "sources": {name: asdict(source) for name, source in call.sources.items() if name in _used(done)},
            "warnings": [{"code": code, "member": member} for code, member in done.warnings],
            "shares": {member: asdict(share) for member, share in shares_of(done).items()},
            "next_yen": [{**asdict(each), "rate": fraction(each.rate)} for each in next_yen(asked, call)],
            "if_line_falls": [asdict(loss) for loss in lines],
            "if_member_leaves": [asdict(loss) for loss in members],
        }
    except Refused as refused:
        return {**_refusal(refused), "faults": [asdict(fault) for fault in refused.faults]}


def answer_effect(question: Question) -> Answer:
    """`input.members` with their years → the group's growth, and whether the goal is met."""
    try:
        done = effect(members_of(question["input"]), _call(question))
    except Refused as refused:
        return _refusal(refused)
    named = dict(zip(("base", "year1", "year2"), done.years, strict=False))
    answer: Answer = {
        "ok": True,
        "productivity": {name: f"{year.productivity.numerator}/{year.productivity.denominator}" for name, year in named.items()},
        "gross_profit": {name: year.gross_profit for name, year in named.items()},
        "hours": {name: year.hours for name, year in named.items()},
        "growth_year1_bp": done.growth_year1_bp,
        "year1_reaches_5pct": done.year1_reaches_goal,
    }
    if done.goal:
        goal = asdict(done.goal)
        is_met = goal.pop("is_met")
        answer |= {**goal, "goal_met": is_met, "name_published_if_final": not is_met}
    return answer


def answer_effect_window(question: Question) -> Answer:
    """`input.year`, `input.at` (with its offset) → period, filing days, and early, open or late in Tokyo."""
    at = datetime.fromisoformat(question["input"]["at"])
    if at.tzinfo is None:
        raise ValueError("at has no offset")
    report = report_of(question["input"]["year"], _call(question))
    return {**{name: day.isoformat() for name, day in asdict(report).items()}, "status": window(report, at)}


def answer_documents(question: Question) -> Answer:
    """`input`: regime, representative and participants → the papers of each."""
    asked = question["input"]
    who = [Participant(each["id"], each["association_member"], each.get("sole_proprietor", False)) for each in asked["participants"]]
    found = papers(asked["regime"], asked["representative"]["kind"], asked["group_contains_shotengai_body"], who, _call(question))
    return {
        "association_route": found.is_association_route,
        "representative": list(found.representative),
        "participants": {name: list(codes) for name, codes in found.participants.items()},
    }


def answer_duplicate(question: Question) -> Answer:
    """`input`: day of application and each member's history → who is blocked, why, and until when."""
    asked = question["input"]
    histories = {each["id"]: [_earlier(entry) for entry in each["history"]] for each in asked["members"]}
    found = blocks(day_of(asked["application_date"]), histories, _call(question))
    blocked = [{"member": each.member, "code": each.code, "allowed_from": _iso(each.allowed_from)} for each in found]
    return {"ok": not blocked, "blocked": blocked}


def answer_allocate(question: Question) -> Answer:
    """`input.total`, `input.weights` → shares to the yen."""
    asked = question["input"]
    return {"shares": allocate(whole(asked["total"]), [whole(each) for each in asked["weights"]])}


def answer_finalise(question: Question) -> Answer:
    """`input.granted`, `input.actual` → the final amount by category, and its total."""
    granted, actual = (_by_category(question["input"][name]) for name in ("granted", "actual"))
    final = finalise(granted, actual, _call(question))
    return {**asdict(final), "total": final.total}


def _by_category(given: dict[str, Any]) -> ByCategory:
    return ByCategory(*(whole(given[name]) for name in "abc"))


def _call(question: Question) -> Call:
    asked = question["input"].get("rules", {})
    return call_of(asked.get("scheme", NEWEST), asked.get("version"))


def _refusal(refused: Refused) -> Answer:
    return {"ok": False, "errors": refused.codes}


def _earlier(given: dict[str, Any]) -> Earlier:
    decided = given["decided"]
    return Earlier(given["year"], given["scheme"], given["status"], None if decided is None else day_of(decided))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _shown(done: Grant) -> Answer:
    return {
        "ok": True,
        "group_size": done.group_size,
        "excluded": [asdict(each) for each in done.excluded],
        "trimmed": [
            {"line": cost.line.id, "code": "T_CLOUD_MONTHS", "months_counted": cost.months_counted, "eligible": cost.eligible.yen}
            for cost in done.costs
            if cost.is_shortened
        ],
        "a": {
            "members": {
                name: {
                    "functions": list(own.functions),
                    "it_cost": own.it_cost.yen,
                    "it_cap": own.it_cap,
                    "it_subsidy": own.it.yen,
                    "pc_cost": own.pc_cost.yen,
                    "pc_subsidy": own.pc.yen,
                    "register_cost": own.register_cost.yen,
                    "register_subsidy": own.register.yen,
                    "subsidy": own.subsidy.yen,
                }
                for name, own in done.members.items()
            },
            "subsidy_before_total_cap": done.a.yen,
        },
        "b": {"cost": done.b_cost.yen, "cap": done.b_cap, "subsidy_before_total_cap": done.b.yen},
        "ab": {
            "a_subsidy": done.a_kept.yen,
            "b_subsidy": done.b_kept.yen,
            "subsidy": done.a_kept.yen + done.b_kept.yen,
            "cut_a": done.a.yen - done.a_kept.yen,
            "cut_b": done.b.yen - done.b_kept.yen,
        },
        "c": {
            "cost": done.c.cost.yen,
            "by_rate": done.c.by_rate.yen,
            "by_share": done.c.by_share.yen,
            "by_ceiling": done.c.by_ceiling,
            "subsidy": done.c.subsidy.yen,
        },
        "eligible_cost": done.eligible.yen,
        "total_subsidy": done.subsidy.yen,
        "own_burden": done.own_burden.yen,
    }


def _amounts(done: Grant) -> dict[str, Amount]:
    """Every amount of an answer by the name that a paper would give it, from the line outwards."""
    lines = {f"line.{cost.line.id}": cost.eligible for cost in done.costs}
    own = {
        f"a.{name}.{part}": amount
        for name, member in done.members.items()
        for part, amount in (("it", member.it), ("pc", member.pc), ("register", member.register), ("subsidy", member.subsidy))
    }
    whole = {"a": done.a, "b": done.b, "a_kept": done.a_kept, "b_kept": done.b_kept, "c": done.c.subsidy}
    return lines | own | whole | {"eligible": done.eligible, "total": done.subsidy, "own_burden": done.own_burden}


def _used(done: Grant) -> set[str]:
    return {name for amount in _amounts(done).values() for step in amount.chain for name in step.values}


def _chain(amount: Amount) -> Answer:
    return {"yen": amount.yen, "steps": [{**asdict(step), "values": list(step.values)} for step in amount.chain]}

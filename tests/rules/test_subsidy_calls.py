"""The table of a call: versions stay as they were, an answer of the office is data, and nothing half said is read."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

import subsidy.rules.calls
import subsidy.rules.others
from subsidy.rules import RULES
from subsidy.rules.application import Application, Line, Refused
from subsidy.rules.budget import reckoned
from subsidy.rules.calls import NEWEST, Call, call_of, read_call
from subsidy.rules.effect import Figures, Member, effect
from subsidy.rules.frames import first_free_day
from subsidy.rules.grant import grant
from subsidy.rules.others import frames, read_frames
from subsidy.rules.readings import readings
from subsidy.titles import OTHER_FRAME_READINGS, OTHER_READINGS

TABLE = tomllib.loads((Path(subsidy.rules.calls.__file__).parent / f"{NEWEST}.toml").read_text("utf-8"))
SHOPS = tuple(f"P{number:02}" for number in range(1, 13))
TOOLS = (
    Line("L1", "P01", "A-SW-PAY", "purchase", 1_000_000),
    Line("L2", "P01", "A-SW-ACC", "purchase", 1_000_000),
    Line("B1", "R", "B-SW-LOCALCUR", "purchase", 90_000_000),
)
FINGERPRINTS = {1: "22876bbb8fe696d2"}


def answered(**changes: object) -> Call:
    """The call after the office has answered: a version more, with only what the answer changes."""
    table = deepcopy(TABLE)
    values = {}
    for name, value in changes.items():
        doubted = TABLE["version"][0]["values"][name]
        values[name] = {**{key: doubted[key] for key in ("rule", "source")}, "value": value, "certainty": "official"}
    table["version"].append({"number": len(TABLE["version"]) + 1, "since": date(2023, 5, 1), "because": "事務局の回答", "values": values})
    return read_call(table)


def application(shops: int = 10, lines: tuple[Line, ...] = TOOLS, **more: object) -> Application:
    return Application("R", "shotengai_association", False, SHOPS[:shops], (4,), lines, **more)


def test_a_version_that_calculations_may_name_is_never_edited():
    """Add a version instead, with its fingerprint here."""
    found = {}
    for number in range(1, len(TABLE["version"]) + 1):
        call = call_of(NEWEST, number)
        found[number] = hashlib.sha256(repr((call.values, call.duties, sorted(call.items.items()))).encode()).hexdigest()[:16]
    assert found == FINGERPRINTS


def test_an_answer_of_the_office_changes_what_comes_after_it_and_nothing_before():
    old, new = call_of(NEWEST, 1), answered(a_cap_one_function=600_000)
    one = application(lines=(Line("L1", "P01", "A-SW-PAY", "purchase", 1_000_000),))
    assert (grant(one, old).subsidy.yen, grant(one, new).subsidy.yen) == (500_000, 600_000)
    assert new.version == old.version + 1 and new.sources["a_cap_one_function"].certainty == "official"
    assert read_call({**TABLE, "version": [*TABLE["version"]]}, 1).values == old.values


def both(change: dict[str, object], reckon) -> tuple[object, object]:
    return reckon(call_of()), reckon(answered(**change))


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ({"functions_across_tools": False}, (1_388_888, 5_500_000), (500_000, 5_500_000)),
        ({"a_high_rate_on_whole": True}, (1_388_888, 5_500_000), (1_333_333, 5_500_000)),
        ({"representative_counts_in_b_cap": False}, (1_388_888, 5_500_000), (1_388_888, 5_000_000)),
        ({"ab_cap": 6_000_000}, (1_388_888, 5_500_000), (1_388_888, 4_611_112)),
        ({"ab_cap": 6_000_000, "ab_kept_first": "b"}, (1_388_888, 5_500_000), (500_000, 5_500_000)),
    ],
)
def test_what_is_doubtful_in_money_is_answered_by_data(change, before, after):
    def reckon(call):
        done = grant(application(), call)
        return done.a_kept.yen, done.b_kept.yen

    assert both(change, reckon) == (before, after)


@pytest.mark.parametrize(
    ("change", "asked", "code"),
    [
        ({"representative_counts_in_size": False}, application(9), "E_GROUP_TOO_SMALL"),
        ({"representative_without_business_holds_b": False}, application(), "E_REP_NO_BUSINESS"),
    ],
)
def test_what_is_doubtful_in_the_group_is_answered_by_data(change, asked, code):
    assert grant(asked, call_of()).subsidy.yen
    with pytest.raises(Refused, match=code):
        grant(asked, answered(**change))


def test_doubtful_days_and_averages_are_answered_by_data():
    days = {"ordered": date(2023, 7, 3), "delivered": date(2023, 8, 1), "paid": date(2023, 8, 2)}
    line = (Line("L1", "P01", "A-SW-PAY", "purchase", 100_000, **days),)
    asked = application(lines=line, is_result=True, grant_decision=date(2023, 7, 3), project_end=date(2024, 1, 31))
    assert both({"decision_day_counts": False}, lambda call: grant(asked, call).subsidy.yen) == (75_000, 0)
    last_day = {"last_waiting_day_blocks": False}
    assert both(last_day, lambda call: first_free_day(date(2022, 6, 16), call)) == (date(2023, 6, 17), date(2023, 6, 16))
    member = Member("R", tuple(Figures(sales, 0, 1, 100) for sales in (1_000, 1_000, 1_100)))
    assert both({"goal_reading": "simple"}, lambda call: effect([member], call).goal.is_met) == (False, True)


def test_every_other_reading_has_its_words_and_those_of_a_sum_their_yen():
    """Nobody reads raw table text; a reading that changes a sum is reckoned, one by one, beside our own."""
    assert {name for name, source in call_of().sources.items() if source.otherwise} == set(OTHER_READINGS)
    assert {name for frame in frames() for name, told in frame.told.items() if told.otherwise} == set(OTHER_FRAME_READINGS)
    asked = application(9)
    found = {each.name: each for each in readings(asked, call_of(), reckoned(asked, call_of()))}
    gaps = {name: (each.a, each.b, each.c) for name, each in found.items() if each.matters}
    assert gaps == {
        "representative_counts_in_size": (0, 0, 0),
        "representative_without_business_holds_b": (0, -5_000_000, 0),
        "a_high_rate_on_whole": (1_333_333 - 1_388_888, 0, 0),
        "functions_across_tools": (500_000 - 1_388_888, 0, 0),
        "representative_counts_in_b_cap": (0, -500_000, 0),
    }
    assert found["representative_counts_in_size"].stops == ("E_GROUP_TOO_SMALL",)


def test_another_frame_that_becomes_known_is_a_version_more():
    """What was compared before can be compared again as it was."""
    table = tomllib.loads((Path(subsidy.rules.others.__file__).parent / "others.toml").read_text("utf-8"))
    was = table["version"][0]["frame"][1]
    dearer = {**was, "values": {**was["values"], "most": {**was["values"]["most"], "value": 2_000_000}}}
    newer = {"version": [*table["version"], {"number": 2, "since": date(2026, 4, 1), "because": "公募要領", "frame": [dearer]}]}
    assert read_frames(newer, 1).all == frames() and read_frames(newer).version == 2
    assert [frame.told["most"].value for frame in read_frames(newer).all if frame.code == was["code"]] == [2_000_000]
    assert [frame.code for frame in read_frames(newer).all] == [frame.code for frame in frames()]
    with pytest.raises(KeyError):
        read_frames(newer, 3)


@pytest.mark.parametrize("wrong", [0.75, 1, "drei Viertel"])
def test_a_rate_is_an_exact_fraction_or_is_not_read(wrong):
    with pytest.raises(ValueError):
        answered(b_rate=wrong)


@pytest.mark.parametrize(
    "change",
    [
        lambda version: version["values"].pop("b_rate"),
        lambda version: version["values"].update(b_rat=version["values"]["b_rate"]),
        lambda version: version["values"]["b_rate"].update(certainty="sure"),
        lambda version: version["values"]["b_rate"].update(source=""),
        lambda version: version["values"]["b_cap_per_member"].update(value=True),
        lambda version: version["values"]["goal_reading"].update(value="guess"),
        lambda version: version["values"]["ab_kept_first"].update(other="a"),
        lambda version: version["items"]["A-SW-EC"].pop("function"),
        lambda version: version["items"]["C-FEE"].update(sort="pc"),
        lambda version: version.update(number=3),
    ],
)
def test_a_table_that_is_not_whole_is_not_read(change):
    table = deepcopy(TABLE)
    change(table["version"][0])
    with pytest.raises(ValueError):
        read_call(table)


def test_a_question_may_name_its_version_and_hears_of_one_that_there_is_not():
    asked = {"total": 1, "weights": [1]}
    grant_input = {"granted": {"a": 1, "b": 1, "c": 1}, "actual": {"a": 1, "b": 1, "c": 1}, "rules": {"scheme": NEWEST, "version": 1}}
    assert RULES["subsidy.finalise"]({"input": grant_input})["total"] == 2
    assert RULES["subsidy.allocate"]({"input": asked}) == {"shares": [1]}
    for rules in ({"version": 99}, {"scheme": "../it-multi-2023"}, {"scheme": "it-multi-2099"}):
        with pytest.raises(KeyError):
            RULES["subsidy.finalise"]({"input": {**grant_input, "rules": rules}})


def test_the_page_knows_every_code_and_its_example_is_true():
    """docs/subsidy.md: no code without its meaning, none that is gone."""
    root = Path(__file__).parents[2]
    page = (root / "docs" / "subsidy.md").read_text("utf-8")
    code = re.compile(r"\b[EXTWD]_[A-Z0-9]+(?:_[A-Z0-9]+)*\b")
    in_code = {found for path in (root / "subsidy" / "rules").rglob("*.py") for found in code.findall(path.read_text("utf-8"))}
    assert set(code.findall(page)) == in_code
    question, answer = (json.loads(found) for found in re.findall(r"```json\n(.*?)\n```", page))
    assert answer == {"id": question["id"], "answer": RULES["subsidy.allocate"](question)}


def test_every_rule_that_a_value_serves_is_in_the_reference():
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "rules.md").read_text("utf-8")
    cited = {number for first, last in re.findall(r"S-(\d+)(?:–(\d+))?", reference) for number in range(int(first), int(last or first) + 1)}
    cited |= {int(number) for row in re.findall(r"S-\d+((?:, \d+)+)", reference) for number in re.findall(r"\d+", row)}
    assert {int(source.rule.removeprefix("S-")) for source in call_of().sources.values()} <= cited

"""The group's conditions, its papers, its state and what to do next: made from what is known, and never from a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.rules.calls import call_of
from subsidy.rules.files import JPEG, PDF, PNG, FileBad, media_of
from subsidy.rules.frames import Earlier
from subsidy.rules.group import MET, UNKNOWN, UNMET, Party, checks, is_corporate_number
from subsidy.rules.progress import FOLLOWS, certificate_ends, is_closed, members_may_change, missing_before, newest, resting_on, state
from subsidy.rules.steps import Seen, steps
from subsidy.rules.wanted import GOOD, MISSING, OLD, RETURNED, UNDATED, WAITING, Handed, standing, unsettled, wanted

CALL = call_of()
ON = date(2023, 6, 1)
LEAD = Party(1, "representative", corporate_number="7000012050002", operates_business=False, has_gbiz_id=True, earlier=())
SHOP = Party(2, "participant", corporate_number="1180301018771", is_small=True, is_association_member=True, earlier=())
PROVIDER = Party(99, "provider", corporate_number="5010401067252")


def shops(count: int) -> list[Party]:
    return [replace(SHOP, id=10 + number, is_sole=True, corporate_number=None) for number in range(count)]


def judged(*parties: Party, kind: str = "shotengai_association", types: tuple[int, ...] = (4,)) -> dict[str, str]:
    return {check.code: check.state for check in checks(kind, types, parties, ON, CALL)}


def test_a_group_that_has_answered_everything_meets_every_condition():
    assert set(judged(LEAD, *shops(9), PROVIDER).values()) == {MET}


@pytest.mark.parametrize(
    ("parties", "code", "state"),
    [
        ([LEAD, *shops(8), PROVIDER], "size", UNMET),
        ([LEAD, *shops(8), replace(SHOP, left_on=ON), PROVIDER], "size", UNMET),
        ([LEAD, SHOP, replace(SHOP, id=3)], "twice", UNMET),
        ([LEAD, SHOP, replace(SHOP, id=3, corporate_number=None)], "twice", UNKNOWN),
        ([LEAD, SHOP], "provider", UNKNOWN),
        ([LEAD, SHOP, replace(PROVIDER, corporate_number=None)], "provider", UNKNOWN),
        ([LEAD, SHOP, replace(PROVIDER, corporate_number=SHOP.corporate_number)], "provider", UNMET),
        ([LEAD, SHOP, Party(5, "expert", corporate_number=LEAD.corporate_number)], "expert", UNMET),
        ([replace(LEAD, operates_business=None)], "rep_business", UNKNOWN),
        ([replace(LEAD, has_gbiz_id=False)], "gbiz", UNMET),
        ([LEAD, replace(SHOP, is_small=None)], "small", UNKNOWN),
        ([LEAD, replace(SHOP, is_small=None), replace(SHOP, id=3, is_small=False)], "small", UNMET),
        ([LEAD, replace(SHOP, earlier=None)], "duplicate", UNKNOWN),
        ([LEAD, replace(SHOP, earlier=(Earlier(2023, "normal", "applying", None),))], "duplicate", UNMET),
        ([LEAD, replace(SHOP, earlier=(Earlier(2022, "normal", "granted", date(2022, 6, 1)),))], "twelve_months", UNMET),
        ([LEAD, replace(SHOP, earlier=(Earlier(2022, "normal", "granted", date(2022, 5, 31)),))], "twelve_months", MET),
        ([LEAD, replace(SHOP, earlier=(Earlier(2022, "security", "granted", date(2023, 5, 1)),))], "twelve_months", MET),
    ],
)
def test_each_condition_is_met_not_met_or_not_yet_known(parties, code, state):
    assert judged(*parties)[code] == state


def test_a_bank_may_not_represent_and_a_project_has_a_type():
    assert judged(LEAD, kind="bank", types=())["rep_kind"] == judged(LEAD, types=())["types"] == UNMET


def test_a_corporate_number_has_its_check_digit():
    assert is_corporate_number("7000012050002") and not is_corporate_number("7000012050003") and not is_corporate_number("700001205000")


def test_members_of_the_association_hand_in_nothing_and_others_need_a_confirmation():
    """確認書 stands with the shop that it is about; whoever has not said is asked first."""
    parties = [LEAD, SHOP, replace(SHOP, id=3, is_association_member=False), replace(SHOP, id=4, is_association_member=None)]
    found = [(each.party, each.kind) for each in wanted("shotengai_association", False, parties, CALL)]
    assert found == [(1, "D_REGISTRY"), (1, "D_CORP_TAX"), (1, "D_ROSTER"), (3, "D_CONFIRMATION")]
    assert unsettled("shotengai_association", False, parties, CALL) == [4]


def test_on_the_ordinary_route_everybody_proves_that_it_exists():
    found = wanted("consortium_lead", False, [LEAD, SHOP, replace(SHOP, id=3, is_sole=True)], CALL)
    assert [each.kind for each in found if each.party == 3] == ["D_IDENTITY", "D_INCOME_TAX", "D_TAX_RETURN"]
    assert len([each for each in found if each.party == 2]) == 2


@pytest.mark.parametrize(
    ("handed", "stands"),
    [
        (None, MISSING),
        (Handed("D_REGISTRY", None, ON), WAITING),
        (Handed("D_REGISTRY", False, ON), RETURNED),
        (Handed("D_REGISTRY", True, None), UNDATED),
        (Handed("D_REGISTRY", True, date(2023, 3, 1)), GOOD),
        (Handed("D_REGISTRY", True, date(2023, 2, 28)), OLD),
        (Handed("D_ROSTER", True, None), GOOD),
    ],
)
def test_a_certificate_ages(handed, stands):
    assert standing(handed, ON, CALL) == stands


def test_a_certificate_of_the_last_day_of_november_is_good_to_the_last_of_february():
    assert certificate_ends(date(2022, 11, 30), CALL) == date(2023, 2, 28)


PDF_PLAIN = b"%PDF-1.7\n1 0 obj<</Type /Page>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 not a picture", "kind"),
        (PDF_PLAIN.replace(b"/Root", b"/Encrypt 5 0 R/Root"), "encrypted"),
        (PDF_PLAIN[:-8], "broken"),
        (b"\xff\xd8\xff\xe0 cut off on the way", "broken"),
        (b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), "large"),
    ],
)
def test_a_file_is_what_its_content_is(content, reason):
    with pytest.raises(FileBad) as found:
        media_of(content)
    assert found.value.reason == reason


def test_what_can_be_kept():
    assert media_of(PDF_PLAIN) == PDF
    assert media_of(b"\xff\xd8\xff\xe0 picture \xff\xd9") == JPEG
    assert media_of(b"\x89PNG\r\n\x1a\n picture IEND\xaeB`\x82") == PNG


def happened(*told: tuple[str, date | None]):
    return newest((kind, day, None, "") for kind, day in told)


def test_the_state_follows_from_what_happened():
    story = [
        ("filing_planned", "planning"),
        ("submitted", "submitted"),
        ("returned", "returned"),
        ("submitted", "submitted"),
        ("decided", "granted"),
        ("period_end", "running"),
        ("change_asked", "change_requested"),
        ("change_answered", "running"),
        ("result_filed", "result_filed"),
        ("result_returned", "result_returned"),
        ("mend_due", "result_returned"),
        ("result_filed", "result_filed"),
        ("duty_spread", "result_filed"),
        ("fixed", "fixed"),
        ("paid", "paid"),
        ("report1_filed", "report1_filed"),
        ("report2_filed", "report2_filed"),
    ]
    told: list[tuple[str, date | None]] = []
    for number, (kind, expected) in enumerate(story):
        assert missing_before(kind, happened(*told)) == ()
        told.append((kind, ON + timedelta(days=number)))
        assert state(happened(*told)) == expected, kind


@pytest.mark.parametrize(
    ("before", "filed", "back", "open_state", "back_state"),
    [
        ((), "submitted", "returned", "submitted", "returned"),
        (("submitted", "decided", "period_end"), "result_filed", "result_returned", "result_filed", "result_returned"),
        (("submitted", "decided", "period_end"), "change_asked", "change_answered", "change_requested", "running"),
    ],
)
def test_of_two_things_of_one_day_the_later_noted_came_later(before, filed, back, open_state, back_state):
    """Filed, returned and filed again on one day is filed; and returned once more on that day is returned."""
    story = [(kind, ON) for kind in before]
    for kind, expected in ((filed, open_state), (back, back_state), (filed, open_state), (back, back_state)):
        story.append((kind, ON + timedelta(days=1)))
        assert state(happened(*story)) == expected


def test_nobody_joins_between_filing_and_decision():
    assert members_may_change(happened())
    assert not members_may_change(happened(("submitted", ON)))
    assert members_may_change(happened(("submitted", ON), ("decided", ON)))
    assert members_may_change(happened(("submitted", ON), ("returned", ON)))
    assert not members_may_change(happened(("returned", ON), ("submitted", ON)))


def test_what_others_rest_on_is_not_taken_back():
    facts = happened(("submitted", ON), ("decided", ON))
    assert resting_on("submitted", facts) == ("decided",)
    assert happened(("submitted", ON), ("submitted", None)) == {}


kinds = st.sampled_from(sorted(FOLLOWS))
days = st.none() | st.dates(date(2023, 4, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(kinds, days), max_size=12), st.dates(date(2023, 4, 1), date(2027, 12, 31)), st.integers(0, 12))
def test_whatever_has_happened_there_is_a_next_step_and_its_sentence(told, today, count):
    """No history leaves the lead without a word; every step, date and state has its name on the desk."""
    from subsidy import titles

    facts: list[tuple[str, date | None]] = []
    for kind, day in told:  # as the door lets it be noted
        if not (resting_on if day is None else missing_before)(kind, happened(*facts)):
            facts.append((kind, day))
    now = happened(*facts)
    parties = [LEAD, *shops(count), replace(SHOP, earlier=None, is_association_member=None)]
    papers = [(each, MISSING) for each in wanted("shotengai_association", False, parties, CALL)]
    found = steps(Seen(now, checks("shotengai_association", (4,), parties, today, CALL), papers), today, CALL)
    assert found
    assert all(step.code in titles.STEPS and titles.STEPS[step.code] for step in found)
    assert state(now) in titles.STATES
    due = [step.due for step in found if not step.is_waiting and step.due]
    assert due == sorted(due)


def test_a_new_plan_is_told_that_the_call_is_over():
    assert not is_closed(date(2024, 3, 31), CALL) and is_closed(date(2024, 4, 1), CALL)
    assert steps(Seen({}, [], []), date(2026, 11, 26), CALL)[0].code == "note_running"

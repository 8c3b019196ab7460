"""見積りと確かめ: two quotes at least, a reason for the dearer one, registration by line, and what makes a cost ineligible is asked."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

import subsidy.commands
import subsidy.queries
from ledger.errors import KeyReused
from subsidy.commands import NewQuote
from subsidy.errors import LineChanged, QuoteUnknown, RegistrationUnasked
from subsidy.queries import LinePlan
from subsidy.rules.quotes import INELIGIBLE, Checked, gaps
from tests.association.test_pages import Desk
from tests.subsidy.group import Group
from tests.subsidy.test_costs import clock, desk, district, group, keep

__all__ = ["clock", "desk", "district", "group"]


def plan(group: Group, number: int) -> LinePlan:
    return next(each for each in group.stands().line_plans if each.row.number == number)


def test_quotes_stand_side_by_side_and_the_dearer_one_wants_a_reason(app: Flask, group: Group) -> None:
    """One by one each open point goes away: two quotes, one chosen, why, registration with its numbers, S-16."""
    seat, at = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/quotes/1"
    line = f"/group/{group.project_id}/costs/1"  # a page whose form has no key of another intention
    assert plan(group, 1).gaps == ("registration_unasked", "quotes_few", "ineligible_unasked")
    assert "行で答える" in seat.sees(at).text and "見積りを足す" not in seat.sees(at).text
    keep(group, 1, 1, is_registered=True)
    assert seat.presses(at, at, seller="会津システム", amount="700,000", day="2023-05-20").status_code == 303
    assert seat.presses(at, at, seller="安い店", amount="650,000", day="2023-05-21").status_code == 303
    assert seat.presses(at, at, seller="あした", amount="1", day="2023-06-02").status_code == 422
    assert seat.presses(at, at, seller="税込みの店", amount="715,000", day="2023-05-21").status_code == 303
    page = seat.sees(at).text
    assert "715,000円 は税抜きですか" in page and "税抜きは 650,000円" in page
    assert "+50,000" in page and "いちばん安い" in page
    told = seat.presses(line, f"{at}/check", revision="0", quote="1", clear=list(INELIGIBLE))
    assert told.status_code == 303 and plan(group, 1).gaps == ("registration_numbers", "dearer_without_reason")
    why = {"why": "保守の人が近くにいる", "provider_number": "P-1", "tool_number": "T-1"}
    assert seat.presses(line, f"{at}/check", revision="1", quote="1", clear=list(INELIGIBLE), **why).status_code == 303
    assert plan(group, 1).gaps == () and "確かめた" in seat.sees(f"/group/{group.project_id}/quotes").text
    keep(group, 1, 2, amount=710_000, is_registered=True)
    assert plan(group, 1).gaps == ("line_differs_from_quote",)


def test_registration_is_asked_before_quotes_and_a_no_is_on_record(app: Flask, group: Group) -> None:
    """Nobody collects quotes for what may not count. Where the call only prefers registered tools, how the tool was checked is written
    down; where it wants them, no words help."""
    order = (group.town.session, group.who, group.project_id)
    new = NewQuote("会津システム", 700_000, date(2023, 5, 20), uuid4())
    with pytest.raises(RegistrationUnasked):
        subsidy.commands.add_quote(*order, 1, new, now=group.town.now)
    keep(group, 1, 1, is_registered=False)
    assert subsidy.commands.add_quote(*order, 1, new, now=group.town.now) == 1
    assert "definition_unchecked" in plan(group, 1).gaps
    seat, at = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/quotes/1"
    words = {"definition": "概要の会計ソフトの機能を、7月1日に実機で確かめた", "clear": list(INELIGIBLE)}
    assert seat.presses(f"/group/{group.project_id}/costs/1", f"{at}/check", revision="0", quote="1", **words).status_code == 303
    assert plan(group, 1).gaps == ("quotes_few",)
    call = group.stands().call
    strict = replace(call, duties=replace(call.duties, registration_required=True))
    row = plan(group, 1)
    assert gaps(row.row.typed, False, [], row.checked, strict)[0] == "registration_required"
    assert call.sources["registration_required"].rule == "S-08"


def test_a_quote_sent_twice_is_one_and_another_under_its_key_is_refused(group: Group) -> None:
    """Nobody believes that a second price is kept when only the first one is."""
    keep(group, 1, 1, is_registered=True)
    order, new = (group.town.session, group.who, group.project_id), NewQuote("会津システム", 700_000, date(2023, 5, 20), uuid4())
    assert [subsidy.commands.add_quote(*order, 1, new, now=group.town.now) for _press in range(2)] == [1, 1]
    for line, other in ((1, replace(new, amount=650_000)), (2, new)):
        with pytest.raises(KeyReused):
            subsidy.commands.add_quote(*order, line, other, now=group.town.now)


def test_a_check_of_an_older_page_is_told_and_keeps_both(group: Group) -> None:
    order = (group.town.session, group.who, group.project_id, 25)
    subsidy.commands.check_line(*order, Checked(reason="助言"), 0, now=group.town.now)
    with pytest.raises(LineChanged):
        subsidy.commands.check_line(*order, Checked(reason="会議"), 0, now=group.town.now)
    with pytest.raises(QuoteUnknown):
        subsidy.commands.check_line(*order, Checked(quote=9), 1, now=group.town.now)
    assert plan(group, 25).checked.reason == "助言" and "purpose" not in plan(group, 25).gaps


TOOLS = """ツール,ツールの番号,品目,機能,IT提供事業者,事業者の番号
あかり会計,TL23-0001,会計ソフト,会計・決済,会津システム,IT23-0417
人流メーター,TL23-0002,人流分析,,奥会津電算センター,
"""


def test_a_list_of_registered_tools_comes_in_whole_and_proposes_its_numbers(app: Flask, group: Group) -> None:
    """With its source and day; wrong lines are named and nothing is kept. A line of that tool gets the numbers proposed, not checked."""
    seat, page = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/tools"
    of = {"source": "公式のITツール検索", "day": "2023-05-30"}

    def takes(table: str, **more: str) -> TestResponse:
        return seat.presses(page, page, file=(io.BytesIO(table.encode("cp932")), "tools.csv"), **(of | more))

    told = takes(
        TOOLS
        + "名なし,,会計ソフト,,会津システム,\nタブレット,TL23-9,タブレット,,会津システム,\nX,TL23-8,会計ソフト,空を飛ぶ,会津システム,\n"
    )
    assert told.status_code == 422 and all(said in told.text for said in ("4行目: ツールの番号", "5行目: 品目", "6行目: 機能"))
    assert takes("a,b\n1,2\n").status_code == 422 and takes(TOOLS, source="").status_code == 422
    assert subsidy.queries.tools_of(group.town.session, group.town.district_id, group.project_id) is None
    assert takes(TOOLS).status_code == 303
    kept = subsidy.queries.tools_of(group.town.session, group.town.district_id, group.project_id)
    assert (kept.rules_version, kept.source, kept.day, len(kept.rows)) == (1, "公式のITツール検索", date(2023, 5, 30), 2)
    assert kept.rows[0].functions == ("accounting", "payment")
    session, key = group.town.session, uuid4()
    once = subsidy.commands.NewTools("公式のITツール検索", date(2023, 5, 30), kept.rows, key)
    assert [subsidy.commands.keep_tools(session, group.who, group.project_id, once, now=group.town.now) for _ in range(2)] == [2, 2]
    with pytest.raises(KeyReused):  # the corrected list under the key of the one before
        subsidy.commands.keep_tools(session, group.who, group.project_id, replace(once, rows=kept.rows[:1]), now=group.town.now)
    shown = seat.sees(page).text
    assert "あかり会計" in shown and "公式のITツール検索" in shown and "名簿にないツール" not in shown
    keep(group, 1, 1, is_registered=True, tool="あかり 会計")
    keep(group, 3, 1, is_registered=True, tool="よその会計")
    proposed = seat.sees(f"/group/{group.project_id}/quotes/1").text
    assert 'value="TL23-0001"' in proposed and 'value="IT23-0417"' in proposed and "registration_numbers" in plan(group, 1).gaps
    assert "名簿にないツール" in seat.sees(page).text and 'value="人流メーター"' in seat.sees(f"/group/{group.project_id}/costs/1").text


def test_sellers_of_one_tool_are_compared_over_all_its_lines(app: Flask, group: Group) -> None:
    """Two shops, two sellers: what each asks at least and at most."""
    order = (group.town.session, group.who, group.project_id)
    for line, more in ((1, 0), (3, 5_000)):
        keep(group, line, 1, is_registered=True)
        for seller, amount in (("会津システム", 700_000), ("安い店", 650_000)):
            quote = NewQuote(seller, amount + more, date(2023, 5, 20), uuid4())
            subsidy.commands.add_quote(*order, line, quote, now=group.town.now)
    shown = Desk(app.test_client(), group.town, group.lead).sees(f"/group/{group.project_id}/quotes").text
    offers = shown.split("同じツールの見積り")[1]
    assert "700,000円 〜 705,000円" in offers and "650,000円 〜 655,000円" in offers and "2社" in offers

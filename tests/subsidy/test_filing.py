"""提出用にまとめる: what is missing first, then papers whose totals are the calculator's, in a package that anybody can check."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date

import openpyxl
from flask import Flask

import subsidy.commands
from subsidy.commands import Known, NewParty
from subsidy.packing import SUMS
from subsidy.queries import Contact
from tests.association.test_pages import Desk
from tests.papers.paper import words
from tests.subsidy.group import PDF, Group
from tests.subsidy.test_costs import clock, desk, district, group

__all__ = ["clock", "desk", "district", "group"]


def joins_from_outside(group: Group) -> int:
    """A shop of the area that is no member of the association, with whom to call."""
    known = Known(is_small=True, is_association_member=False, earlier=())
    new = NewParty("足湯カフェ/湯けむり", True, known=known, contact=Contact("湯川 花", "0279-00-0000", "灯ノ沢 1-2"))
    return subsidy.commands.add_party(group.town.session, group.who, group.project_id, "participant", new, now=group.town.now)


def test_the_application_has_every_sheet_and_the_calculators_totals(app: Flask, group: Group) -> None:
    """PDF and Excel say the same yen as the desk; what is missing stands in both, and nothing is called filed."""
    seat, at = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/filing"
    page = seat.sees(at).text
    assert "審査の基礎点に答える" in page and "提出用にまとめる" in page and "ここからは何も提出されません" in page
    said = "".join(words(seat.sees(f"{at}/application.pdf").data))
    for wanted in ("9,425,182", "6,569,442", "2,266,667", "589,073", "様式1参画事業者", "様式4B", "まだ足りないもの", "電子地域通貨"):
        assert wanted in said, wanted
    book = openpyxl.load_workbook(io.BytesIO(seat.sees(f"{at}/application.xlsx").data))
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.orientation == "landscape" for sheet in book)
    members = [[cell.value for cell in row] for row in book["様式1 参画事業者"]]
    assert members[-1][-3:] == [6_569_442, 2_266_667, 589_073] and len(members) == 1 + 12 + 1
    assert [cell.data_type for row in book["C 事務費・専門家費"] for cell in row if cell.value == "=HYPERLINK(1)"] == ["s"]


def test_roster_shows_members_and_a_confirmation_everybody_else(app: Flask, group: Group) -> None:
    """The roster is made of data: whoever is no member is not in it, and has a confirmation with both contacts instead."""
    joins_from_outside(group)
    seat, at = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/filing"
    roster = "".join(words(seat.sees(f"{at}/roster.pdf").data))
    assert "11番の店" in roster and "足湯カフェ" not in roster
    letter = "".join(words(seat.sees(f"{at}/confirmations.pdf").data))
    assert all(said in letter for said in ("足湯カフェ/湯けむり", "湯川花", "0279-00-0000", "灯ノ沢温泉商店街振興組合", "令和5年6月1日"))
    assert "11番の店" not in letter


def test_the_package_holds_everything_and_checks_itself(app: Flask, group: Group) -> None:
    """Attachments stand by number; each file's fingerprint is in the list; a paper that nobody looked at is not in it."""
    lead, shop = group.stands().group[0].id, joins_from_outside(group)
    good = group.hands_in(lead, "D_REGISTRY", PDF + b"1", date(2023, 5, 20))
    group.hands_in(lead, "D_CORP_TAX", PDF + b"2", date(2023, 5, 20))
    group.finds(good)
    assert shop
    seat, at = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/filing"
    with zipfile.ZipFile(io.BytesIO(seat.sees(f"{at}/package.zip").data)) as packed:
        names = packed.namelist()
        listed = dict(reversed(line.split("  ", 1)) for line in packed.read(SUMS).decode().splitlines())
        assert listed == {name: hashlib.sha256(packed.read(name)).hexdigest() for name in names if name != SUMS}
        assert [name for name in names if name.startswith("添付/")] == ["添付/01_灯ノ沢温泉商店街振興組合_履歴事項全部証明書.pdf"]
        assert packed.read("添付/01_灯ノ沢温泉商店街振興組合_履歴事項全部証明書.pdf") == PDF + b"1"
        assert "05_確認書/01_足湯カフェ_湯けむり.pdf" in names
    stranger = Desk(app.test_client(), group.town, group.town.another_clerk("group_lead"))
    assert stranger.sees(f"{at}/package.zip").status_code == 404

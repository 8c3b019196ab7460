"""書類をさがす: any file comes back by its day, its amount or its counterparty, and by two of them together."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from flask import Flask

import subsidy.commands
from subsidy.commands import NewPaper
from subsidy.queries import Sought, search
from tests.association.test_pages import Desk
from tests.subsidy.group import Group, photograph
from tests.subsidy.test_evidence import clock, district, group

__all__ = ["clock", "district", "group"]


@pytest.fixture
def filed(group: Group) -> Group:
    """A quote and an invoice of the shop's line, and a roster that says neither amount nor name."""
    shop = group.stands().lines[0].party_id
    told = [
        ("V_QUOTE", date(2023, 5, 20), 770_000, "株式会社会津システム", 1),
        ("V_INVOICE", date(2023, 8, 2), 771_000, "会津システム", 1),
        ("V_PAYMENT", date(2023, 8, 31), 771_000, "", 1),
        ("D_ROSTER", None, None, "", None),
    ]
    for place, (kind, day, amount, issuer, line) in enumerate(told):
        new = NewPaper(kind, "x.jpg", photograph(480 + place, 480), line=line, day=day, amount=amount, issuer=issuer)
        subsidy.commands.hand_in(group.town.session, group.who, group.project_id, shop, new, now=group.town.now)
    return group


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Sought(), ["D_ROSTER", "V_PAYMENT", "V_INVOICE", "V_QUOTE"]),
        (Sought(day_from=date(2023, 8, 2), day_to=date(2023, 8, 31)), ["V_PAYMENT", "V_INVOICE"]),
        (Sought(amount_from=771_000), ["V_PAYMENT", "V_INVOICE"]),
        (Sought(amount_to=770_000), ["V_QUOTE"]),
        (Sought(name="㈱会津"), ["V_INVOICE", "V_QUOTE"]),
        (Sought(day_from=date(2023, 8, 1), name="会津"), ["V_INVOICE"]),
        (Sought(name="よその店"), []),
    ],
)
def test_a_file_is_found_by_day_amount_and_counterparty(filed: Group, asked: Sought, found: list[str]) -> None:
    assert [paper.kind for paper in search(filed.stands(), asked)] == found


def test_what_was_found_is_a_table_and_a_workbook(app: Flask, filed: Group) -> None:
    """The same rows on the page and in Excel; a day that there is not is told, and a member's page has no such door."""
    seat, page = Desk(app.test_client(), filed.town, filed.lead), f"/group/{filed.project_id}/papers"
    shown = seat.sees(f"{page}?day_from=2023-08-01&amount_from=771,000&name=会津").text
    table = shown.split("日付・金額・取引先でさがす")[1].split("届いた書類")[0]
    assert "771,000" in table and "papers.xlsx?" in table and "770,000" not in table
    sheet = openpyxl.load_workbook(io.BytesIO(seat.sees(f"{page}.xlsx?amount_from=771000").data)).active
    assert [(row[2].date(), row[3], row[4] or "") for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (date(2023, 8, 31), 771_000, ""),
        (date(2023, 8, 2), 771_000, "会津システム"),
    ]
    assert seat.sees(f"{page}?day_from=2023-02-31").status_code == 422

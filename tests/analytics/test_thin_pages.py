"""The pages and files of a district of which nothing may be told: whole pages in plain words, and no number of the one who came."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from analytics import queries, snapshot
from tests.analytics.test_pages import columns
from tests.association.test_pages import Desk, desk
from tests.town import Town

__all__ = ["columns", "desk"]


@pytest.mark.parametrize("many", [0, 1])
def test_every_page_and_file_of_a_district_of_nobody_or_one(desk: Desk, district: Town, columns: Path, many: int) -> None:
    """One consumer pays thirteen times at the only shop, or nobody at all: 200 everywhere, months in which nobody was among them, and
    neither the sum nor the number of payments stands anywhere."""
    bath = district.shop("外湯")
    for person in [district.consumer(coins=20_000) for _ in range(many)]:
        for _ in range(13):
            person.pays(bath, 1_237)
    district.seals()
    district.month_passes()
    month = f"{district.today.replace(day=1) - timedelta(days=1):%Y-%m}"
    district.clock.advance(days=3)
    snapshot.of(district.session).follow(district.session, district.district_id)
    clerk = district.another_clerk("auditor")
    seats = {
        "desk": (desk(clerk), queries.district_reports),
        "shop": (desk(SimpleNamespace(person_id=bath.owner.person_id)), queries.shop_reports),
    }
    for side, (seat, listed) in seats.items():
        page = seat.sees(f"/{side}/insight?month={month}")
        assert page.status_code == 200 and page.text.count("まだ言えません") >= 3, side
        names = [each.name for each in listed(district.session, clerk.who if side == "desk" else bath.owner)]
        files = [f"/{side}/insight/{name}.csv?month={asked}" for name in names for asked in (month, "2019-02")]
        told = {path: seat.sees(path) for path in [*files, f"/{side}/insight?month=2019-02"]}
        assert {path: each.status_code for path, each in told.items() if each.status_code != 200} == {}
        for each in (page, *told.values()):
            assert not any(sum_ in each.text.replace(",", "") for sum_ in ("16081", "1237")), side
    for paper in ("month", "meeting"):
        assert seats["desk"][0].sees(f"/desk/insight/{paper}.pdf?month={month}").mimetype == "application/pdf"

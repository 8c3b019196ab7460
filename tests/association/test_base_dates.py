"""基準日: what was unspent, what secures it, the report as it was made, and who held how much."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import Engine

from association import commands, queries
from association.commands import NewEvidence, NewSecurity
from association.errors import BaseDateWrong, EvidenceWrong, LogBehind, SecurityEnded, SpecialDatesWrong, UnspentDiffers
from association.rules.deposit import base_date_from
from base.clock import day_bounds, tokyo_day
from base.errors import Forbidden
from tests.association.test_audit import issued
from tests.association.test_controls import Watch
from tests.association.test_pages import Seat, desk
from tests.papers.paper import words
from tests.town import Town, behind_the_doors

__all__ = ["desk"]

MILLION = 1_000_000


def base_date_passes(town: Town) -> date:
    """The morning after the next base date; gives the base date."""
    on = base_date_from(tokyo_day(town.now))
    town.clock.now = day_bounds(on)[1] + timedelta(hours=9)  # type: ignore[attr-defined]
    return on


def certificate(**changes: object) -> NewSecurity:
    """A bank's guarantee over five million, from the first of January on."""
    plain: dict[str, object] = {
        "kind": "guarantee",
        "amount": 5 * MILLION,
        "counterparty": "北陸銀行",
        "certificate": "保-12",
        "first_day": date(2026, 1, 1),
        "last_day": None,
        "evidence": NewEvidence("証書.pdf", b"%PDF-1.7 the certificate"),
    }
    return NewSecurity(**(plain | changes))  # type: ignore[arg-type]


def test_a_base_date_from_issue_to_report(district: Town, superuser: Engine) -> None:
    """Issued, spent and given back are counted as the law does; journal and balances agree, or the report stops; it is made once."""
    hanako, shop, issuer = district.consumer(coins=30_000), district.shop(), district.clerk()
    exempt = district.series("natsu", "夏券", "Summer", last_day=tokyo_day(district.now) + timedelta(days=170))
    issued(district, district.series_id, 12 * MILLION)
    issued(district, exempt, 9_000)
    paid = hanako.pays(shop, 8_000)
    shop.refunds(paid.transaction_id, 500)
    on = base_date_passes(district)
    approver = district.approver().signs_in_again().who
    page = queries.base_date_page(district.session, approver, on, now=district.now)
    total, [coin, summer] = page.now.total, page.now.series
    assert (total.previous, total.issued, total.recovered, total.unspent) == (0, 12_030_000, 7_500, 12_022_500)
    assert (total.required, total.secured, total.shortfall, page.now.owed) == (6_011_250, 0, 6_011_250, 7_500)
    assert (coin.is_covered, coin.held, summer.is_covered, summer.unspent, page.now.difference) == (True, 12_022_500, False, 9_000, 0)
    with pytest.raises(LogBehind):
        commands.freeze_report(district.session, approver, on, now=district.now)
    district.seals()
    lost = "UPDATE ledger.entry SET amount = amount {} 7 WHERE district_id = :d AND transaction_id = :t AND amount > 0"
    with (
        behind_the_doors(superuser, lost.format("-"), lost.format("+"), d=district.district_id, t=paid.transaction_id),
        pytest.raises(UnspentDiffers),
    ):
        commands.freeze_report(district.session, approver, on, now=district.now)
    commands.register_security(district.session, issuer.signs_in_again().who, certificate(), now=district.now)
    commands.freeze_report(district.session, approver, on, now=district.now)
    commands.register_security(district.session, issuer.signs_in_again().who, certificate(certificate="保-13"), now=district.now)
    commands.freeze_report(district.session, approver, on, now=district.now)
    page = queries.base_date_page(district.session, approver, on, now=district.now)
    assert page.frozen is not None and page.frozen.figures.total.shortfall == 1_011_250, "as it was when it was made, whatever came after"
    assert page.frozen.last_transaction and len(page.frozen.log_root) == 32 and not page.moved and page.now.total.surplus == 3_988_750
    back = "UPDATE ledger.transaction SET posted_at = posted_at {} interval '1 year' WHERE district_id = :d AND id = :t"
    with behind_the_doors(superuser, back.format("+"), back.format("-"), d=district.district_id, t=paid.transaction_id):
        [(series, difference)] = queries.base_date_page(district.session, approver, on, now=district.now).moved
        assert (series.series_id, difference) == (district.series_id, 8_000)


def test_only_base_dates_that_are_over(district: Town) -> None:
    """Not today, not tomorrow's, not the first of April; special ones from the day from which they were filed."""
    approver, administrator = district.approver().who, district.another_clerk("administrator").who
    for day in (date(2026, 4, 1), base_date_from(tokyo_day(district.now)), date(2026, 6, 30)):
        with pytest.raises(BaseDateWrong):
            queries.base_date_page(district.session, approver, day, now=district.now)

    def file(is_special: bool, holds_from: date) -> None:
        commands.set_special_dates(
            district.session, administrator, is_special=is_special, filed_on=date(2026, 4, 1), holds_from=holds_from, now=district.now
        )

    file(True, date(2026, 5, 1))
    assert queries.base_date_page(district.session, approver, date(2026, 6, 30), now=district.now).now.previous_date == date(2026, 3, 31)
    with pytest.raises(SpecialDatesWrong):
        file(True, date(2026, 8, 1))
    file(False, date(2026, 6, 1))
    with pytest.raises(BaseDateWrong):
        queries.base_date_page(district.session, approver, date(2026, 6, 30), now=district.now)
    with pytest.raises(Forbidden):
        commands.set_special_dates(
            district.session, approver, is_special=True, filed_on=date(2026, 9, 1), holds_from=date(2026, 9, 1), now=district.now
        )


def test_what_is_secured_on_a_day(district: Town) -> None:
    """From its first day to its last; ended early, or a mistake; the same press twice is one; a file must be what it says."""
    issuer, today = district.clerk().who, tokyo_day(district.now)

    def secured(on: date) -> int:
        return queries.secured_on(district.session, district.district_id, on)

    first = certificate(first_day=today, last_day=today + timedelta(days=9))
    number = commands.register_security(district.session, issuer, first, now=district.now)
    assert commands.register_security(district.session, issuer, first, now=district.now) == number
    assert [secured(today + timedelta(days=days)) for days in (-1, 0, 9, 10)] == [0, 5 * MILLION, 5 * MILLION, 0]
    commands.end_security(district.session, issuer, number, today - timedelta(days=1), reason="書き間違い", now=district.now)
    assert secured(today) == 0
    with pytest.raises(SecurityEnded):
        commands.end_security(district.session, issuer, number, today, reason="もう一度", now=district.now)
    with pytest.raises(EvidenceWrong):
        commands.register_security(district.session, issuer, certificate(evidence=NewEvidence("x.pdf", b"<script>")), now=district.now)
    assert len(queries.base_dates(district.session, issuer, now=district.now).securities) == 1, "of what was refused nothing is kept"
    kept = queries.security_file(district.session, issuer, number)
    assert (kept.media_type, kept.content) == ("application/pdf", b"%PDF-1.7 the certificate")


def test_nobody_reports_and_the_deposit_is_missing(district: Town) -> None:
    """The control counts the days until the report is made and enough is secured; the forecast warns before the day comes."""
    watch = Watch(district)
    names = ("deposit", "deposit_ahead")
    issued(district, district.series_id, 8 * MILLION)
    assert watch.looks().states(*names) == {"deposit": "ok", "deposit_ahead": "look"}
    issued(district, district.series_id, 3 * MILLION)
    assert watch.looks(days=1).of("deposit_ahead").figure == 99, "not yet to be acted on: the base date is far away"
    on = base_date_from(tokyo_day(district.now))
    district.clock.now = day_bounds(on - timedelta(days=20))[0] + timedelta(hours=12)  # type: ignore[attr-defined]
    assert watch.looks().of("deposit_ahead").state == "act"
    issuer, approver = district.clerk().signs_in_again().who, district.approver().signs_in_again().who
    commands.register_security(district.session, issuer, certificate(amount=6 * MILLION), now=district.now)
    assert watch.looks(days=1).of("deposit_ahead").state == "ok"
    district.clock.now = day_bounds(on + timedelta(days=2))[0]  # type: ignore[attr-defined]
    district.seals()
    assert (watch.looks().of("deposit").state, watch.of("deposit").figure) == ("look", 2)
    assert watch.looks(days=43).of("deposit").state == "act"
    approver = district.approver().signs_in_again().who
    commands.freeze_report(district.session, approver, on, now=district.now)
    assert watch.looks(minutes=10).of("deposit").state == "ok"


def test_who_held_how_much(district: Town, other_district: Town, desk: Seat) -> None:
    """By number and without a name, to the yen what the books say; whoever asks stands in the log, and a clerk may not."""
    hanako, taro, shop = district.consumer(coins=5_000, nickname="花子"), district.consumer(coins=700, nickname="太郎"), district.shop()
    other_district.consumer(coins=9_999)
    issued(district, district.series_id, 2_000)
    hanako.pays(shop, 1_000)
    today, auditor = tokyo_day(district.now), district.another_clerk("auditor", nickname="監査の人")
    found = [(each.role, each.owner_id, each.amount) for each in queries.holders_on(district.session, auditor.who, today)]
    expected = sorted([("consumer", hanako.person_id, 4_000), ("consumer", taro.person_id, 700)])
    assert found == [*expected, ("top_up_code", 100 + district.series_id, 2_000)]
    assert list(queries.holders_on(district.session, auditor.who, today - timedelta(days=1))) == []
    text = desk(auditor).sees(f"/desk/base-dates/holders.csv?day={today}").text
    assert "4000" in text and "花子" not in text
    assert "保有者の一覧を出した" in desk(auditor).sees("/desk/log").text
    assert desk(district.clerk()).sees(f"/desk/base-dates/holders.xlsx?day={today}").status_code == 403


def test_the_pages_from_a_certificate_to_the_paper(desk: Seat, district: Town) -> None:
    """Registered with its file, which comes back as a file; the base date is fixed with a press, and the draft has the form's items."""
    issued(district, district.series_id, 11 * MILLION)
    on = base_date_passes(district)
    district.seals()
    clerk, approver = desk(district.clerk()), desk(district.approver())
    page, action = "/desk/base-dates", "/desk/base-dates/securities"
    form = {"kind": "deposit", "amount": "6,000,000", "counterparty": "金沢地方法務局", "certificate": "供-7", "first_day": "2026-12-01"}
    wrong = clerk.presses(page, action, **form, file=(BytesIO(b"MZ"), "x.pdf"))
    assert wrong.status_code == 422 and "証書は PDF、JPEG、PNG のどれかで選んでください" in wrong.text and "供-7" in wrong.text
    assert clerk.presses(page, action, **form, file=(BytesIO(b"%PDF-1.4"), "証書.pdf")).status_code == 303
    page = clerk.sees("/desk/base-dates").text
    [href] = re.findall(r"/desk/base-dates/securities/\d+(?=\")", page)
    answer = clerk.sees(href)
    assert (answer.data, answer.headers["Content-Disposition"].startswith("attachment")) == (b"%PDF-1.4", True)
    here = f"/desk/base-dates/on/{on}"
    assert "この数字で確定する" not in clerk.sees(here).text
    assert approver.presses(here, here).status_code == 303
    page = approver.sees(here).text
    assert "足りています" in page and "11,000,000" in page and "5,500,000" in page
    paper = "".join(words(approver.sees(f"{here}/report.pdf").data))
    for item in ("基準日報告書の下書き", "5,500,000", "供-7", "加盟店の数", "この期間の回収額"):
        assert item in paper, item
    assert approver.sees(f"{here}/report.xlsx").status_code == 200
    assert approver.sees("/desk/base-dates/on/2026-02-30").status_code == 404

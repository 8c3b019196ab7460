"""A subsidised group of twelve in the middle of its life: bought, proved, paid, reported once; the second report waits for three shops.

Through the product's own doors, with the days of a call that is over. Made once and left to whoever plays.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from uuid import uuid5

from PIL import Image
from sqlalchemy.orm import Session

import merchant.queries
import subsidy.commands
import subsidy.queries
from base.clock import tokyo_day
from demo.cast import GROUP_LEAD
from demo.desk_life import NAMESPACE
from demo.opening import Report, Town
from identity.queries import Principal
from subsidy.commands import (
    INELIGIBLE,
    Checked,
    Known,
    NewAnswer,
    NewFact,
    NewFigures,
    NewLine,
    NewPaper,
    NewParty,
    NewProject,
    NewQuote,
    Passed,
    Shape,
)
from subsidy.queries import Contact, Standing

NAME, SHOPS, LATE = "灯ノ沢 面的キャッシュレス化", 11, 3
DECIDED = (6_569_442, 2_266_667, 589_073)
"""A, B and C of these lines, as the calculator has them."""
FACTS = (
    ("submitted", date(2023, 6, 1)),
    ("decided", date(2023, 7, 3)),
    ("period_end", date(2024, 1, 31)),
    ("result_due", date(2024, 2, 10)),
)
AFTERWARDS = (
    ("result_filed", date(2024, 2, 5)),
    ("fixed", date(2024, 2, 28)),
    ("paid", date(2024, 3, 29)),
    ("report1_filed", date(2025, 4, 18)),
)
DUTIES = (
    ("duty_analysed", date(2024, 6, 12), "平日の夕方の来店が少ないと分かり、夕方だけのクーポンを6店で始めた"),
    ("duty_shared", date(2024, 9, 10), "毎月の勉強会で、12者の売上と来店の動きを見くらべている"),
    ("duty_spread", date(2025, 2, 20), "商工会の集まりで、クーポンの効き目と人の流れのまとめを話した"),
    ("duty_analysed", date(2025, 7, 16), "夏の日曜は昼に人が多いと分かり、昼の屋台を4店で出した"),
    ("duty_shared", date(2025, 10, 8), "半年の売上と再来店の動きを、勉強会で店ごとに見くらべた"),
    ("duty_spread", date(2026, 2, 18), "となりの商店会に、屋台とクーポンの結果をまとめて渡した"),
)
"""What was done after the project, as the effect reports quote it."""
ISSUED, PASSED = date(2023, 5, 10), date(2024, 4, 5)
DAYS = {"ordered": date(2023, 7, 10), "delivered": date(2023, 9, 1), "invoiced": date(2023, 9, 5), "paid": date(2023, 9, 29)}
QUOTED = date(2023, 5, 15)
OF_PAPER = {"V_ORDER": "ordered", "V_DELIVERY": "delivered", "V_INVOICE": "invoiced", "V_PAYMENT": "paid"}
ANSWER = "会員の店が同じ仕組みで売上を見て、毎月の勉強会で次の月の仕入れと催しを決めます。"


def group_lives(session: Session, town: Town, report: Report, *, now: datetime) -> None:
    """Again is harmless: where the group is, nothing is done."""
    who = Principal(town.district_id, town.people[GROUP_LEAD.mailbox], None, GROUP_LEAD.roles, address="demo")
    if subsidy.queries.projects(session, who, today=tokyo_day(now)):
        return
    project_id = _found(session, town, who, now)
    _gather(session, town, who, project_id, now)
    _hand_in(session, who, project_id, now)
    _note(session, who, project_id, FACTS, now)
    _prove(session, who, project_id, now)
    _tell(session, who, project_id, 0, now)
    _tell(session, who, project_id, 1, now)
    _note(session, who, project_id, AFTERWARDS, now)
    _pass_on(session, who, project_id, now)
    _tell(session, who, project_id, 2, now)
    report("a subsidised group of twelve, whose second effect report waits for three shops")


def _found(session: Session, town: Town, who: Principal, now: datetime) -> int:
    shape = Shape(NAME, "cluster", (4, 7, 8), "shotengai_association", False)
    known = Known(operates_business=False, has_gbiz_id=True, earlier=())
    contact = Contact("見本 理事長", "000-0000-0000", "灯ノ沢温泉 駅前（見本）")
    lead = NewParty("灯ノ沢温泉商店街振興組合", False, "7000012050002", known=known, contact=contact)
    key = uuid5(NAMESPACE, f"{town.district_id} group")
    return subsidy.commands.found_project(session, who, NewProject(shape, lead, key), now=now)


def _gather(session: Session, town: Town, who: Principal, project_id: int, now: datetime) -> None:
    """Eleven shops of the town, the last of them no member of the association; a vendor, what reviewers ask, and the lines."""
    found = merchant.queries.shops(session, town.district_id, states=["open"])[:SHOPS]
    shops = []
    for place, shop in enumerate(found, 1):
        known = Known(is_small=True, is_association_member=place < len(found), earlier=())
        contact = Contact(f"見本 {place}さん", f"000-0000-{place:04}", f"灯ノ沢温泉 {place}番地（見本）")
        party = NewParty(shop.name, True, merchant_id=shop.id, known=known, contact=contact)
        shops.append(subsidy.commands.add_party(session, who, project_id, "participant", party, now=now))
    vendor = NewParty("会津システム", False, "1180301018771")
    subsidy.commands.add_party(session, who, project_id, "provider", vendor, now=now)
    for item in range(1, 12):
        subsidy.commands.keep_answer(session, who, project_id, item, NewAnswer(ANSWER), 0, now=now)
    lead = _stands(session, who, project_id, now).group[0].id
    key = uuid5(NAMESPACE, f"{town.district_id} group lines")
    subsidy.commands.add_lines(session, who, project_id, _lines(lead, shops), key=key, now=now)
    _ask_quotes(session, town, who, project_id, now)


def _ask_quotes(session: Session, town: Town, who: Principal, project_id: int, now: datetime) -> None:
    """Two for each line, the cheaper one chosen, and everything made sure of."""
    for row in _stands(session, who, project_id, now).plan_lines:
        for seller, more in (("会津システム", 0), ("奥会津電算センター", 4_000 + row.number * 1_000)):
            key = uuid5(NAMESPACE, f"{town.district_id} group quote {row.number} {seller}")
            quote = NewQuote(seller, row.line.amount + more, QUOTED, key)
            subsidy.commands.add_quote(session, who, project_id, row.number, quote, now=now)
        checked = Checked(1, "", "IT2023-0417", f"TL23-{row.number:04}", "面的な利用の助言を受けるため", INELIGIBLE)
        subsidy.commands.check_line(session, who, project_id, row.number, checked, 0, now=now)


def _lines(lead: int, shops: list[int], **days: date) -> list[NewLine]:
    tools = [
        NewLine(shop, "A-SW-PAY", "purchase", "決済・会計ソフト", 700_000, functions=("payment", "accounting"), is_registered=True, **days)  # type: ignore[arg-type]
        for shop in shops
    ]
    tablets = [NewLine(shop, "A-HW-TAB", "hardware", "タブレット", 150_001, **days) for shop in shops]  # type: ignore[arg-type]
    return [
        *tools,
        *tablets,
        NewLine(lead, "B-SW-LOCALCUR", "cloud", "電子地域通貨システム", 4_800_000, months=24, is_registered=True, **days),  # type: ignore[arg-type]
        NewLine(lead, "B-HW-BEACON", "hardware", "ビーコン 12か所", 1_000_001, **days),  # type: ignore[arg-type]
        NewLine(lead, "C-FEE", "expert", "専門家の謝金", 1_500_000, **days),  # type: ignore[arg-type]
    ]


def _hand_in(session: Session, who: Principal, project_id: int, now: datetime) -> None:
    """Every paper of the application, found good: without them nothing would have been decided."""
    for place, (wanted, _how, _paper) in enumerate(_stands(session, who, project_id, now).wanted):
        new = NewPaper(wanted.kind, "見本.png", _sheet(-1 - place), ISSUED)
        paper = subsidy.commands.hand_in(session, who, project_id, wanted.party, new, now=now)
        subsidy.commands.check_paper(session, who, project_id, paper, is_good=True, words="", now=now)


def _pass_on(session: Session, who: Principal, project_id: int, now: datetime) -> None:
    """Each shop has its part, by a transfer on the same day; and what the group did with its data is noted."""
    for place, each in enumerate(_stands(session, who, project_id, now).passing):
        new = Passed(PASSED, each.due.total, "見本.png", _sheet(-10 - place))
        paper = subsidy.commands.pass_on(session, who, project_id, each.party_id, new, now=now)
        subsidy.commands.check_paper(session, who, project_id, paper, is_good=True, words="", now=now)
    for kind, day, words in DUTIES:
        subsidy.commands.note_fact(session, who, project_id, NewFact(kind, day, words=words), now=now)


def _prove(session: Session, who: Principal, project_id: int, now: datetime) -> None:
    """Every line is paid, and each of its papers has come and was checked. The sheets are empty: nobody's real paper is shown."""
    lead, *shops = (row.id for row in _stands(session, who, project_id, now).group)
    for number, line in enumerate(_lines(lead, shops, **DAYS), 1):
        subsidy.commands.keep_line(session, who, project_id, number, line, 1, now=now)
    standing = _stands(session, who, project_id, now)
    wanted = [(row, kind) for row in standing.plan_lines for kind, _how, _paper in row.evidence(standing.call)]
    for place, (row, kind) in enumerate(wanted):
        day = DAYS[OF_PAPER[kind]] if kind in OF_PAPER else None
        printed = row.line.amount * 110 // 100  # papers are printed with tax
        proof = NewPaper(kind, "見本.png", _sheet(place), line=row.number, day=day, amount=printed, number="T7000012050002")
        paper = subsidy.commands.hand_in(session, who, project_id, row.party_id, proof, now=now)
        subsidy.commands.check_paper(session, who, project_id, paper, is_good=True, words="", now=now)


def _sheet(place: int) -> bytes:
    """A grey sheet; each is another file."""
    out = io.BytesIO()
    Image.new("L", (600 + place, 848), 236).save(out, "PNG")
    return out.getvalue()


def _tell(session: Session, who: Principal, project_id: int, year: int, now: datetime) -> None:
    """Figures of a year. Some shops grow, one falls; of the second year three have not answered."""
    members = _stands(session, who, project_id, now).reporting
    for place, row in enumerate(members[: len(members) - LATE] if year == 2 else members):
        base, percent = 8_000_000 + place * 900_000, (-8 if place == 4 else 4 + place % 5) * year
        told = NewFigures(year, 12_000_000 + base + base * percent // 100, 12_000_000, 2 + place % 3, 1_800, takes_over=year == 2)
        subsidy.commands.keep_figures(session, who, project_id, row.id, told, 0, now=now)


def _note(session: Session, who: Principal, project_id: int, facts: tuple[tuple[str, date], ...], now: datetime) -> None:
    for kind, day in facts:
        amounts = DECIDED if kind in ("decided", "fixed") else None
        subsidy.commands.note_fact(session, who, project_id, NewFact(kind, day, amounts), now=now)


def _stands(session: Session, who: Principal, project_id: int, now: datetime) -> Standing:
    return subsidy.queries.standing(session, who, project_id, now=now, today=tokyo_day(now))

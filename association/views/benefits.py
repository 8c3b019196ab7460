"""給付: a town's list is taken in, looked at line by line, laid down, and watched while it is posted."""

from __future__ import annotations

import re
from datetime import date, datetime

from flask import Response, g, jsonify, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
import wallet.queries
from association import commands, queries, titles
from association.commands import BenefitPaid, NamedLine, ReturnBenefit
from association.errors import BenefitColumnsMissing, BenefitFailed, BenefitFileMissing, BenefitFileTooLarge, BenefitFileUnreadable
from association.queries import ListedBenefit, ListedLine
from association.rules.benefit_file import FILE_MAX_BYTES, LINES_MAX, ListLine, read_list
from association.schemas import BenefitPageSchema, BenefitPaidSchema, BenefitSchema, ReturnBenefitSchema
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from base.errors import MeguriError
from base.row_file import FileWrong
from base.yen import grouped
from identity.commands import authorise
from ledger.queries import payment_number
from web import forms, tables
from web.frame import error_classes
from web.i18n import _, named, translate
from web.tables import count, moment, text, yen

WRONG_SHOWN = 200
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:\d{2})?$")


@pages.get("/desk/benefits")
def benefits() -> str:
    """All benefits: how many, how much, how far."""
    return desk_page("association/benefits.html", benefits=queries.benefits(g.session, g.who), states=titles.BENEFIT_STATES)


@pages.get("/desk/benefits.<any(xlsx, csv):file>")
def benefits_table(file: str) -> Response:
    """The benefits, newest first."""
    columns = [
        text(_("番号"), 10),
        text(_("名前"), 28),
        text(_("種別"), 24),
        text(_("お金の出どころ"), 24),
        text(_("状態"), 16),
        count(_("人数")),
        yen(_("金額（円）")),
        count(_("記帳した人数")),
        yen(_("記帳した額（円）")),
        yen(_("取り消した額（円）")),
        yen(_("未収の額（円）")),
        text(_("申請した人"), 24),
        moment(_("取り込んだ日時")),
    ]
    return tables.download(file, f"benefits-{tokyo_day(g.clock())}", columns, map(_row, queries.benefits(g.session, g.who)))


def _row(one: ListedBenefit) -> list[object]:
    return [
        one.id,
        one.name,
        named(one.series),
        one.funder or translate(titles.BENEFIT_SOURCES[one.paid_from]),
        translate(titles.BENEFIT_STATES[one.state][1]),
        one.people,
        one.amount,
        one.posted,
        one.posted_amount,
        one.returned,
        one.owed,
        one.maker_name or _("退会した人"),
        one.made_at,
    ]


@pages.get("/desk/benefits/new")
def new_benefit() -> str:
    """The form: what, who pays, and the list."""
    authorise(g.session, g.who, "association.propose_benefit", subject="page")
    running = ledger.queries.running_coins(g.session, g.who.district_id, now=g.clock())
    return desk_page(
        "association/new_benefit.html",
        running=running,
        sources=titles.BENEFIT_SOURCES,
        funders=queries.funders(g.session, g.who),
        most=grouped(LINES_MAX),
    )


@pages.post("/desk/benefits/new")
@forms.takes_files(FILE_MAX_BYTES + 64 * 1024)
def check_benefit() -> Answer:
    """名簿を確かめる: nothing is booked, and nobody is asked yet."""
    new = forms.load(BenefitSchema)
    _name, content = forms.sent_rows(FILE_MAX_BYTES)
    try:
        lines = read_list(content)
    except FileWrong as wrong:
        raise _refusal(wrong) from wrong
    benefit_id = commands.check_benefit(g.session, g.who, new, _looked_up(lines), now=g.clock())
    return redirect(url_for(".benefit", benefit_id=benefit_id), 303)


def _looked_up(lines: list[ListLine]) -> list[NamedLine]:
    """Whose number each is: sixteen digits are a card's, fewer a person's."""
    cards = wallet.queries.holders(g.session, g.who, {line.number for line in lines if line.is_card})
    return [_named(line, cards) for line in lines]


def _named(line: ListLine, cards: dict[str, int | None]) -> NamedLine:
    cell = line.cell or line.number
    if line.wrong is not None:
        return NamedLine(line.line, None, line.amount, line.wrong, cell)
    if not line.is_card:
        return NamedLine(line.line, int(line.number), line.amount, None, cell)
    reason = "unknown" if line.number not in cards else "blank" if cards[line.number] is None else None
    return NamedLine(line.line, cards.get(line.number), line.amount, reason, cell)


def _refusal(wrong: FileWrong) -> MeguriError:
    match wrong.reason:
        case "missing":
            return BenefitFileMissing()
        case "large":
            return BenefitFileTooLarge(lines=grouped(LINES_MAX))
        case "column":
            return BenefitColumnsMissing()
    return BenefitFileUnreadable(line=wrong.line)


@pages.get("/desk/benefits/<int:benefit_id>")
def benefit(benefit_id: int) -> str:
    """One benefit: what it would book, who is left out and why, how far it is, and each line."""
    wanted = asked(BenefitPageSchema)
    found = queries.benefit(g.session, g.who, benefit_id)
    lines = queries.benefit_lines(
        g.session, g.who, benefit_id, refused=wanted["refused"], person_id=wanted["person"], after=wanted["after"]
    )
    return desk_page(
        "association/benefit.html",
        benefit=found,
        lines=lines,
        wanted=wanted,
        refused=queries.refused_lines(g.session, g.who, benefit_id),
        next_after=lines[-1].place if len(lines) == queries.BENEFIT_PAGE else None,
        proposal=None if found.proposal_id is None else queries.listed_proposal(g.session, g.who, found.proposal_id),
        states=titles.BENEFIT_STATES,
        line_states=titles.BENEFIT_LINE_STATES,
        reasons=titles.BENEFIT_REASONS,
        stuck=None if found.stuck_number is None else _what_it_met(found.stuck_number, found.stuck_facts),
        sources=titles.BENEFIT_SOURCES,
        wrong_shown=WRONG_SHOWN,
        payment_number=payment_number,
    )


def _what_it_met(number: str, facts: dict[str, object] | None) -> str:
    """The sentence of what the worker met; the general one where nothing was foreseen, or its gaps cannot all be filled."""
    kind = next((kind for kind in error_classes() if kind.number == number), BenefitFailed)
    gaps = set(re.findall(r"%\((\w+)\)", kind.text))
    told = {name: _told(value) for name, value in (facts or {}).items()}
    return translate(kind.text, told) if gaps <= set(told) else translate(BenefitFailed.text)


def _told(value: object) -> object:
    """A fact as it was before it was kept as JSON."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and _DATED.match(value):
        return date.fromisoformat(value) if len(value) == len("2026-04-01") else datetime.fromisoformat(value)
    return value


@pages.get("/desk/benefits/<int:benefit_id>/progress")
def benefit_progress(benefit_id: int) -> Response:
    """How far it is, for the page that shows it."""
    found = queries.benefit(g.session, g.who, benefit_id)
    return jsonify(done=found.looked_at, posted=found.posted, moves=found.is_moving)


@pages.get("/desk/benefits/<int:benefit_id>.<any(xlsx, csv):file>")
def benefit_table(benefit_id: int, file: str) -> Response:
    """What became of each line, and of the lines that were left out."""
    found = queries.benefit(g.session, g.who, benefit_id)
    columns = [
        text(_("名簿の行"), 10),
        text(_("利用者番号"), 14),
        yen(_("金額（円）")),
        text(_("状態"), 20),
        text(_("理由"), 36),
        text(_("受付番号"), 16),
    ]
    rows = [
        *map(_line_row, queries.all_benefit_lines(g.session, g.who, benefit_id)),
        *([each.line, None, None, _("対象外"), translate(titles.BENEFIT_REASONS[each.what]), None] for each in found.wrong),
    ]
    return tables.download(file, f"benefit-{benefit_id}", columns, rows)


def _line_row(line: ListedLine) -> list[object]:
    return [
        line.line,
        line.person_id,
        line.amount,
        translate(titles.BENEFIT_LINE_STATES[line.state][1]),
        None if line.reason is None else translate(titles.BENEFIT_REASONS.get(line.reason, titles.BENEFIT_REASONS["other"])),
        None if line.transaction_id is None else payment_number(line.transaction_id),
    ]


@pages.post("/desk/benefits/<int:benefit_id>/<any(propose, drop, stop, resume, end):what>")
def move_benefit(benefit_id: int, what: str) -> Answer:
    """申請する, やめる, 一時停止する, つづける, 打ち切る."""
    if what == "drop":
        commands.drop_benefit(g.session, g.who, benefit_id, now=g.clock())
        return redirect(url_for(".benefits"), 303)
    doors = {
        "propose": commands.propose_benefit,
        "stop": commands.stop_benefit,
        "resume": commands.go_on_with_benefit,
        "end": commands.end_benefit,
    }
    doors[what](g.session, g.who, benefit_id, now=g.clock())
    return redirect(url_for(".benefit", benefit_id=benefit_id), 303)


@pages.post("/desk/benefits/<int:benefit_id>/return")
def return_benefit(benefit_id: int) -> Answer:
    """1人分の取消を申請する."""
    number = commands.propose_benefit_return(g.session, g.who, ReturnBenefit(benefit_id, **forms.load(ReturnBenefitSchema)), now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.post("/desk/benefits/<int:benefit_id>/paid")
def benefit_paid(benefit_id: int) -> Answer:
    """負担金の入金を記帳する."""
    commands.benefit_paid(g.session, g.who, BenefitPaid(benefit_id, **forms.load(BenefitPaidSchema)), now=g.clock())
    return redirect(url_for(".benefit", benefit_id=benefit_id), 303)

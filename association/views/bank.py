"""銀行照合: take in the bank's file, see what agrees and what is open, and say what belongs together."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.commands import NewBankFile
from association.queries import Matched, OpenEntry, OpenLine, Reconciliation
from association.rules.accounts import BANK_ROLES
from association.rules.bank_file import FILE_MAX_BYTES
from association.schemas import (
    BankFileSchema,
    BookLinesSchema,
    ColumnsSchema,
    MatchSchema,
    NotedBalanceSchema,
    OutsideSchema,
    ReasonSchema,
    ReconcileSchema,
)
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from base.db import one_moment
from ledger.queries import payment_number
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import count, day, moment, text, yen

FIRST_LINES = 8
OPEN_SHOWN = 300
"""Open lines and open entries on the page; the files have all of them."""


@pages.get("/desk/bank")
def bank() -> str:
    """What the bank says beside the book, and why the two differ."""
    wanted, now = asked(ReconcileSchema), g.clock()
    with one_moment(g.session):
        found, cash = queries.reconciliation(g.session, g.who, at=wanted["at"], now=now), queries.cash(g.session, g.who)
    return desk_page(
        "association/bank.html",
        found=found,
        bank_accounts=queries.bank_accounts(g.session, g.who),
        files=queries.read_files(g.session, g.who, limit=5),
        read=wanted["read"],
        cash=cash,
        at=wanted["at"],
        today=tokyo_day(now),
        shown=OPEN_SHOWN,
        may_match=g.who.has("issuer") or g.who.has("administrator"),
        chart=[each for each in queries.chart(g.session, g.who.district_id) if each.role in BANK_ROLES],
        payment_number=payment_number,
    )


@pages.post("/desk/bank/files")
def take_bank_file() -> Answer:
    """取り込む: read at once where the columns are known, else choose them first."""
    wanted = forms.load(BankFileSchema)
    name, content = forms.sent_rows(FILE_MAX_BYTES)
    new = NewBankFile(
        account_id=wanted["account"],
        account_name=wanted["account_name"],
        file_name="".join(sign for sign in name if sign.isprintable())[:100] or _("貼り付け"),
        content=content,
    )
    taken = commands.take_bank_file(g.session, g.who, new, now=g.clock())
    if taken.file_id is not None:
        return redirect(url_for(".bank_file", number=taken.file_id), 303)
    return redirect(url_for(".bank", read=taken.upload_id), 303)


@pages.get("/desk/bank/files/<int:number>")
def bank_file(number: int) -> str:
    """The file's first lines, and which column says what. Raises BankDraftUnknown."""
    waiting = queries.waiting_file(g.session, g.who, number)
    width = max(len(row) for row in waiting.table)
    names = waiting.table[waiting.columns.head - 1] if waiting.columns.head else []
    return desk_page(
        "association/bank_file.html",
        waiting=waiting,
        first=waiting.table[: waiting.columns.head + FIRST_LINES],
        width=width,
        choices=[
            (at, _("%(number)s列目 %(name)s", number=at, name=names[at - 1] if at <= len(names) else "")) for at in range(1, width + 1)
        ],
    )


@pages.post("/desk/bank/files/<int:number>")
def read_bank_file(number: int) -> Answer:
    """この列で取り込む."""
    upload_id = commands.read_bank_file(g.session, g.who, number, forms.load(ColumnsSchema), now=g.clock())
    return redirect(url_for(".bank", read=upload_id), 303)


@pages.post("/desk/bank/balances")
def note_balance() -> Answer:
    """通帳の残高を書く."""
    noted = forms.load(NotedBalanceSchema)
    commands.note_balance(g.session, g.who, noted["account"], noted["day"], noted["balance"], now=g.clock())
    return redirect(url_for(".bank", at=noted["day"]), 303)


@pages.post("/desk/bank/matches")
def match_bank() -> Answer:
    """組み合わせを確定する."""
    commands.match_bank(g.session, g.who, forms.load(MatchSchema), now=g.clock())
    return redirect(url_for(".bank"), 303)


@pages.post("/desk/bank/outside")
def set_aside() -> Answer:
    """この帳簿の外のものにする."""
    chosen = forms.load(OutsideSchema)
    commands.set_aside(g.session, g.who, chosen["line"], reason=chosen["reason"], now=g.clock())
    return redirect(url_for(".bank"), 303)


@pages.post("/desk/bank/bookings")
def propose_bank_lines() -> Answer:
    """選んだ明細の記帳を申請する."""
    chosen = forms.load(BookLinesSchema)
    number = commands.propose_bank_lines(g.session, g.who, chosen["line"], chosen["account"], reason=chosen["reason"], now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


@pages.get("/desk/bank/matches")
def bank_matches() -> str:
    """What was matched, by whom and when, and what was undone."""
    return desk_page(
        "association/bank_matches.html",
        matches=queries.matches(g.session, g.who),
        may_match=g.who.has("issuer") or g.who.has("administrator"),
        payment_number=payment_number,
    )


@pages.post("/desk/bank/matches/<int:number>/undo")
def undo_match(number: int) -> Answer:
    """外す."""
    commands.undo_match(g.session, g.who, number, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".bank_matches"), 303)


@pages.get("/desk/bank/open.<any(xlsx, csv):file>")
def bank_open_table(file: str) -> Response:
    """未照合の明細と記帳 of the day that is asked for."""
    with one_moment(g.session):
        found = queries.reconciliation(g.session, g.who, at=asked(ReconcileSchema)["at"], now=g.clock())
    columns = [text(_("どちら側"), 12), day(_("日付")), text(_("銀行口座"), 20), text(_("内容"), 32), text(_("取引")), text(_("受付番号"))]
    columns += [yen(_("金額（円）")), count(_("経過日数"))]
    return tables.download(file, f"bank-open-{found.day}", columns, _open_rows(found))


@pages.get("/desk/bank/matches.<any(xlsx, csv):file>")
def bank_matches_table(file: str) -> Response:
    """Every match, a line or an entry a row, those that were undone as well."""
    columns = [
        text(_("組み合わせ")),
        text(_("どちら側"), 12),
        day(_("日付")),
        text(_("内容"), 32),
        text(_("受付番号")),
        yen(_("金額（円）")),
    ]
    columns += [
        text(_("確定した人")),
        moment(_("確定した日時")),
        text(_("外した人")),
        moment(_("外した日時")),
        text(_("理由"), 28),
        text(_("この帳簿の外"), 28),
    ]
    rows = (row for match in queries.matches(g.session, g.who, limit=None) for row in _match_rows(match))
    return tables.download(file, f"bank-matches-{tokyo_day(g.clock())}", columns, rows)


def _open_rows(found: Reconciliation) -> Iterator[list[object]]:
    yield from (_line_row(each) for each in found.lines)
    yield from (_entry_row(each) for each in found.entries)


def _line_row(each: OpenLine) -> list[object]:
    return [_("銀行"), each.line.day, each.account_name, each.line.about, None, None, each.line.amount, each.age]


def _entry_row(each: OpenEntry) -> list[object]:
    about = named(each.whose) if each.whose else each.note
    kind = translate(titles.KINDS.get(each.kind, each.kind))
    return [_("帳簿"), tokyo_day(each.posted_at), None, about, kind, payment_number(each.transaction_id), each.amount, each.age]


def _match_rows(match: Matched) -> Iterator[list[object]]:
    trace = [
        match.maker_name or _("退会した人"),
        match.made_at,
        match.undoer_name,
        match.undone_at,
        match.reason or None,
        match.outside or None,
    ]
    for line in match.lines:
        yield [str(match.id), _("銀行"), line.day, line.about, None, line.amount, *trace]
    for entry in match.entries:
        yield [str(match.id), _("帳簿"), None, None, payment_number(entry), None, *trace]

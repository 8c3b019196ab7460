"""台帳の再開: after the database was returned to an earlier moment, how the sealed log goes on, and slips of what is missing."""

from __future__ import annotations

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.commands import PresentReceipt
from association.schemas import PresentedSchema, ReasonSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from ledger.queries import payment_number
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import moment, text, yen


@pages.get("/desk/books/returned")
def returned() -> str:
    """Whether the log stands still, what is prepared, and the list of slips."""
    return desk_page(
        "association/returned.html",
        page=queries.returned(g.session, g.who),
        standings=titles.STANDINGS,
        presenters=titles.PRESENTERS,
        payment_number=payment_number,
        may_propose=g.who.has("approver") or g.who.has("administrator"),
        may_take=any(g.who.has(role) for role in ("issuer", "approver", "administrator")),
    )


@pages.post("/desk/books/returned/epochs/<int(max=9223372036854775807):prepared_id>")
def propose_epoch(prepared_id: int) -> Answer:
    """再開を申請する: a second person decides."""
    proposal_id = commands.propose_epoch(g.session, g.who, prepared_id, reason=forms.load(ReasonSchema)["reason"])
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.post("/desk/books/returned/receipts/<int(max=9223372036854775807):presented_id>")
def propose_again(presented_id: int) -> Answer:
    """記帳し直しを申請する: a second person decides."""
    proposal_id = commands.propose_again(g.session, g.who, presented_id, reason=forms.load(ReasonSchema)["reason"])
    return redirect(url_for(".approval", proposal_id=proposal_id), 303)


@pages.post("/desk/books/returned/receipts")
def present_receipt() -> Answer:
    """明細を受け付ける."""
    sent = request.files.get("file")
    presented = PresentReceipt(sent.read() if sent else b"", forms.load(PresentedSchema)["presenter"])
    commands.present_receipt(g.session, g.who, presented, now=g.clock())
    return redirect(url_for(".returned") + "#slips", 303)


@pages.get("/desk/books/returned/receipts.<any(xlsx, csv):file>")
def presented_table(file: str) -> Response:
    """Every slip that was presented: what it says, and what the book says."""
    columns = [
        text(_("受付番号")),
        text(_("取引")),
        yen(_("金額（円）")),
        moment(_("日時")),
        text(_("利用者（番号）"), 16),
        text(_("加盟店"), 24),
        text(_("いまの帳簿"), 28),
        text(_("記帳し直し")),
        text(_("持って来た人"), 12),
        text(_("受け付けた人"), 20),
        moment(_("受け付けた日時")),
        text(_("台帳の期")),
    ]
    rows = [
        [
            payment_number(each.sealed.transaction_id),
            translate(titles.KINDS.get(each.sealed.kind, each.sealed.kind)),
            each.amount,
            each.sealed.posted_at,
            " ".join(map(str, each.consumers)),
            " ".join(named(shop) for shop in each.shops),
            translate(titles.STANDINGS[each.standing][1]),
            each.again and each.again.items[0].payment_number,
            translate(titles.PRESENTERS[each.presenter]),
            each.taken_by or _("退会した人"),
            each.taken_at,
            str(each.epoch),
        ]
        for each in queries.presented_receipts(g.session, g.who)
    ]
    return tables.download(file, f"presented-{tokyo_day(g.clock())}", columns, rows)

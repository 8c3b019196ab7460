"""チャージ券: batches, their sheets, and codes that are taken back."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.commands import CancelCodes
from association.errors import NothingToPrint
from association.queries import Batch
from association.schemas import BatchSchema, CancelCodesSchema, PartSchema
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from identity.commands import authorise
from ledger.queries import payment_number
from web import forms, papers, pdf, tables
from web.i18n import _, named, translate
from web.tables import count, day, moment, text, yen


@pages.get("/desk/codes")
def codes() -> str:
    """All batches: issued, redeemed, left."""
    found = queries.batches(g.session, g.who, now=g.clock())
    return desk_page("association/codes.html", batches=found, states=titles.BATCH_STATES, paid_from=titles.PAID_FROM)


@pages.get("/desk/codes.<any(xlsx, csv):file>")
def codes_table(file: str) -> Response:
    """The batches, newest first, with what stands on each one's account."""
    columns = [
        text(_("番号"), 10),
        text(_("名前"), 28),
        text(_("種別"), 24),
        text(_("お金の出どころ"), 24),
        text(_("状態"), 12),
        yen(_("1枚（円）")),
        count(_("発行（枚）")),
        count(_("利用（枚）")),
        count(_("取消（枚）")),
        count(_("失効（枚）")),
        count(_("残り（枚）")),
        yen(_("残高（円）")),
        day(_("最終日")),
        text(_("申請した人"), 24),
        moment(_("申請した日時")),
    ]
    listed = queries.batches(g.session, g.who, now=g.clock())
    return tables.download(file, f"top-up-codes-{tokyo_day(g.clock())}", columns, map(_row, listed))


def _row(one: Batch) -> list[object]:
    return [
        one.id,
        one.note,
        named(one.series),
        translate(titles.PAID_FROM[one.paid_from]),
        translate(titles.BATCH_STATES[one.state][1]),
        one.face_value,
        one.pieces,
        one.redeemed,
        one.cancelled,
        one.expired,
        one.left,
        one.left_amount,
        one.last_day,
        one.made_by_name or _("退会した人"),
        one.made_at,
    ]


@pages.get("/desk/codes/new")
def new_codes() -> str:
    """The form for a batch."""
    authorise(g.session, g.who, "association.propose_codes", subject="page")
    running = ledger.queries.running_coins(g.session, g.who.district_id, now=g.clock())
    return desk_page("association/new_codes.html", running=running, paid_from=titles.PAID_FROM)


@pages.post("/desk/codes/new")
def propose_codes() -> Answer:
    """チャージ券の発行を申請する."""
    batch_id = commands.propose_codes(g.session, g.who, forms.load(BatchSchema), now=g.clock())
    return redirect(url_for(".batch", batch_id=batch_id), 303)


@pages.get("/desk/codes/<int:batch_id>")
def batch(batch_id: int) -> str:
    """One batch with what became of each code."""
    codes = queries.batch_codes(g.session, g.who, batch_id)
    return desk_page(
        "association/batch.html",
        batch=queries.batch(g.session, g.who, batch_id, now=g.clock()),
        codes=codes,
        parts=queries.sheets_of(codes),
        taken=queries.sheets_taken(g.session, g.who, batch_id),
        states=titles.BATCH_STATES,
        code_states=titles.CODE_STATES,
        paid_from=titles.PAID_FROM,
    )


@pages.get("/desk/codes/<int:batch_id>.<any(xlsx, csv):file>")
def batch_table(batch_id: int, file: str) -> Response:
    """What became of each code of a batch, by its place. The codes themselves stand on their paper and nowhere else."""
    listed = queries.batch(g.session, g.who, batch_id, now=g.clock())
    rows = [
        [
            code.place,
            translate(titles.CODE_STATES[code.state][1]),
            listed.face_value,
            None if code.transaction_id is None else payment_number(code.transaction_id),
        ]
        for code in (queries.batch_codes(g.session, g.who, batch_id) if listed.is_issued else ())
    ]
    columns = [text(_("券の番号"), 10), text(_("状態")), yen(_("1枚（円）")), text(_("受付番号"))]
    return tables.download(file, f"top-up-codes-{batch_id}", columns, rows)


@pages.get("/desk/codes/<int:batch_id>.pdf")
def code_sheet(batch_id: int) -> Response:
    """The sheet to be cut: every code that can be redeemed now. Who asked for it is on record."""
    part = asked(PartSchema)["part"]
    printed = queries.codes_to_print(g.session, g.who, batch_id, part)
    listed = queries.batch(g.session, g.who, batch_id, now=g.clock())
    if not printed:
        raise NothingToPrint
    notice = queries.current_notice(g.session, g.who.district_id)
    address = f"{current_app.config['PUBLIC_URL']}{url_for('wallet.redeem')}"
    paper = papers.top_up_codes(
        address=address,
        codes=[(each.place, each.code) for each in printed],
        batch=batch_id,
        face_value=listed.face_value,
        last_day=listed.last_day,
        money=listed.series.name,
        money_en=listed.series.name_en,
        district=g.district.name,
        association=g.district.association,
        contact=notice.contact if notice else "",
        made_at=g.clock(),
    )
    answer = Response(pdf.render_checked("top_up_codes", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="codes-{batch_id}-{part}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/desk/codes/<int:batch_id>/cancel")
def cancel_codes(batch_id: int) -> Answer:
    """取消を申請する: from now on the codes cannot be redeemed."""
    number = commands.propose_code_cancel(g.session, g.who, CancelCodes(batch_id, **forms.load(CancelCodesSchema)), now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)

"""商品券: made in five steps with a kept draft, watched with its figures from the book, and paid for by its funders."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g, redirect, request, url_for
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands, queries, titles
from association.commands import NewVoucher, VoucherFunderPays, VoucherReturn
from association.errors import VoucherUnknown
from association.queries import ListedVoucher
from association.rules import last_exempt_day, regime, split_discount, usual_last_day
from association.schemas import (
    FunderPaysSchema,
    ProposeCouponSchema,
    VoucherCallSchema,
    VoucherDaysSchema,
    VoucherFaceSchema,
    VoucherPartsSchema,
    VoucherReturnSchema,
    VoucherSchema,
)
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from identity.commands import authorise
from web import forms, tables
from web.i18n import _, day, translate
from web.tables import count, moment, text, yen

STEPS: tuple[type[Schema], ...] = (VoucherFaceSchema, VoucherDaysSchema, VoucherCallSchema, VoucherPartsSchema)
LAST = len(STEPS) + 1
CALL_STEP = STEPS.index(VoucherCallSchema) + 1


@pages.get("/desk/vouchers")
def vouchers() -> str:
    """Drafts, then every campaign with its units."""
    return desk_page(
        "association/vouchers.html",
        listed=queries.listed_vouchers(g.session, g.who, now=g.clock()),
        drafts=queries.voucher_drafts(g.session, g.who),
        states=titles.VOUCHER_STATES,
    )


@pages.get("/desk/vouchers.<any(xlsx, csv):file>")
def vouchers_table(file: str) -> Response:
    """Every campaign with its terms and its units, the newest first."""
    columns = [
        text(_("番号"), 10),
        text(_("商品券"), 28),
        text(_("英語の名前"), 28),
        text(_("状態"), 14),
        yen(_("販売額（円）")),
        yen(_("額面（円）")),
        yen(_("うち専用券（円）")),
        count(_("全部の口数")),
        count(_("1人の上限（口）")),
        count(_("販売した口数")),
        tables.day(_("販売のはじめ")),
        tables.day(_("販売のおわり")),
        tables.day(_("使える最終日")),
        text(_("使えるお店"), 20),
        yen(_("未使用残高（円）")),
        text(_("申請した人"), 24),
        moment(_("申請した日時")),
    ]
    listed = queries.listed_vouchers(g.session, g.who, now=g.clock())
    return tables.download(file, f"vouchers-{tokyo_day(g.clock())}", columns, map(_row, listed))


@pages.get("/desk/vouchers/new")
def new_voucher() -> str:
    """The first step, with nothing kept yet."""
    return _step(1, None, {})


@pages.post("/desk/vouchers/new")
def begin_voucher() -> Answer:
    """次へ: the draft is kept from now on."""
    return _keep(1, None)


@pages.get("/desk/vouchers/drafts/<int:draft_id>/<int:step>")
def voucher_step(draft_id: int, step: int) -> Answer | str:
    """One step, with what was typed; one whose forerunners are not whole leads to the first of them, a proposed draft to its page."""
    draft = queries.voucher_draft(g.session, g.who, draft_id)
    if draft.became is not None:
        return redirect(url_for(".voucher", voucher_id=draft.became), 303)
    first = next((place for place, schema in enumerate(STEPS, start=1) if schema().validate(draft.fields)), LAST)
    if not 1 <= step <= first:
        return redirect(url_for(".voucher_step", draft_id=draft_id, step=min(first, max(step, 1))), 303)
    return _step(step, draft_id, draft.fields)


@pages.post("/desk/vouchers/drafts/<int:draft_id>/<int:step>")
def keep_voucher_step(draft_id: int, step: int) -> Answer:
    """次へ, and at the last step 申請する. Pressed again, or in another tab, after it was proposed: its page."""
    draft = queries.voucher_draft(g.session, g.who, draft_id)
    if draft.became is not None:
        return redirect(url_for(".voucher", voucher_id=draft.became), 303)
    if step != LAST:
        return _keep(step, draft_id)
    form = forms.load(ProposeCouponSchema)
    try:
        new: NewVoucher = VoucherSchema().load(draft.fields)
    except ValidationError:
        return redirect(url_for(".voucher_step", draft_id=draft_id, step=1), 303)
    voucher_id = commands.propose_voucher(g.session, g.who, new, key=form["key"], note=form["note"], draft_id=draft_id, now=g.clock())
    return redirect(url_for(".voucher", voucher_id=voucher_id), 303)


@pages.post("/desk/vouchers/drafts/<int:draft_id>/drop")
def drop_voucher_draft(draft_id: int) -> Answer:
    """下書きを消す."""
    commands.drop_voucher_draft(g.session, g.who, draft_id)
    return redirect(url_for(".vouchers"), 303)


@pages.get("/desk/vouchers/<int:voucher_id>")
def voucher(voucher_id: int) -> str:
    """One campaign: its terms, where its money is, and who owes what."""
    return desk_page(
        "association/voucher.html",
        listed=queries.listed_voucher(g.session, g.who, voucher_id, now=g.clock()),
        account=queries.voucher_account(g.session, g.who, voucher_id, now=g.clock()),
        call=queries.listed_call(g.session, g.who, voucher_id)[1],
        called=queries.call_figures(g.session, g.who, voucher_id),
        ways=titles.CALL_WAYS,
        proofs=titles.CALL_PROOFS,
        states=titles.VOUCHER_STATES,
        shops=titles.VOUCHER_SHOPS,
        part_words=titles.VOUCHER_PARTS,
    )


@pages.get("/desk/vouchers/<int:voucher_id>/funders/<int:place>")
def voucher_funder(voucher_id: int, place: int) -> str:
    """入金を記帳する: what this funder owes by now, and the form for what has arrived."""
    authorise(g.session, g.who, "association.funder_pays", subject="page")
    account = queries.voucher_account(g.session, g.who, voucher_id, now=g.clock())
    claim = next((each for each in account.claims if each.part.place == place and each.part.payer == "funder"), None)
    if claim is None:
        raise VoucherUnknown
    return desk_page("association/voucher_funder.html", terms=account.terms, claim=claim)


@pages.post("/desk/vouchers/<int:voucher_id>/funders/<int:place>")
def voucher_funder_pays(voucher_id: int, place: int) -> Answer:
    """記帳する: pressed twice, it is booked once."""
    order = VoucherFunderPays(voucher_id, place, **forms.load(FunderPaysSchema))
    commands.voucher_funder_pays(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".voucher", voucher_id=voucher_id), 303)


@pages.post("/desk/vouchers/<int:voucher_id>/funders/<int:place>/return")
def voucher_return(voucher_id: int, place: int) -> Answer:
    """返す申請をする: a second person decides."""
    order = VoucherReturn(voucher_id, place, **forms.load(VoucherReturnSchema))
    number = commands.propose_voucher_return(g.session, g.who, order, now=g.clock())
    return redirect(url_for(".approval", proposal_id=number), 303)


def _keep(step: int, draft_id: int | None) -> Answer:
    """Keep one step of a draft and go on to the next. Who may buy is judged beside the days of the sale."""
    before = {} if draft_id is None else queries.voucher_draft(g.session, g.who, draft_id).fields
    days = {name: before.get(name) for name in ("sale_first_day", "sale_last_day")} if step == CALL_STEP else {}
    read: dict[str, Any] = forms.load(STEPS[step - 1] if 1 <= step < LAST else STEPS[0], **days)
    kept = {name: value.isoformat() if isinstance(value, date) else value for name, value in read.items()}
    kept_id = commands.save_voucher_draft(g.session, g.who, kept, draft_id=draft_id, now=g.clock())
    return redirect(url_for(".voucher_step", draft_id=kept_id, step=step + 1), 303)


def _step(step: int, draft_id: int | None, kept: dict[str, Any]) -> str:
    authorise(g.session, g.who, "association.draft_voucher")
    today = tokyo_day(g.clock())
    first = date.fromisoformat(kept["sale_first_day"]) if kept.get("sale_first_day") else today
    last = date.fromisoformat(kept["last_day"]) if kept.get("last_day") else usual_last_day(first)
    notice = queries.current_notice(g.session, g.who.district_id)
    shops = merchant.queries.shops(g.session, g.who.district_id, states=["open", "suspended"])
    return desk_page(
        "association/voucher_step.html",
        step=step,
        draft_id=draft_id,
        saved_at=None if draft_id is None else queries.voucher_draft(g.session, g.who, draft_id).saved_at,
        kept=kept,
        words=titles.VOUCHER_STEPS,
        today=today,
        exempt_until=last_exempt_day(first),
        last_day=last,
        becomes=regime(first, last, public_body=notice is not None and notice.public_body).value,
        notice=notice,
        trades=sorted({shop.trade for shop in shops}),
        chosen_trades=set(request.form.getlist("trades")) or set(kept.get("trades", ())),
        classes=titles.VOUCHER_SHOPS,
        ways=titles.CALL_WAYS,
        proofs=titles.CALL_PROOFS,
        funders=queries.funders(g.session, g.who),
        new=VoucherSchema().load(kept) if step == LAST else None,
        parts=_parts(kept),
        day_of=lambda text: day(date.fromisoformat(text)),
    )


def _parts(kept: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    """Who pays what if all is sold and used, as far as the draft says so: payer, funder's name, percent, yen."""
    if not kept.get("face") or VoucherPartsSchema().validate(kept):
        return []
    payers = [("association", "", kept["association_percent"])]
    payers += [("funder", kept[name], kept[f"{name}_percent"]) for name in ("funder_1", "funder_2")]
    payers = [one for one in payers if one[2]]
    split = split_discount((kept["face"] - kept["price"]) * kept["units"], 0, [percent for _payer, _name, percent in payers])
    return [(payer, name, percent, part) for (payer, name, percent), part in zip(payers, split.others, strict=True)]


def _row(one: ListedVoucher) -> list[object]:
    terms = one.terms
    return [
        terms.id,
        terms.name,
        terms.name_en,
        translate(titles.VOUCHER_STATES[one.state][1]),
        terms.price,
        terms.face,
        terms.local_face,
        terms.units,
        terms.per_person,
        one.units.sold,
        terms.sale_first_day,
        terms.sale_last_day,
        terms.last_day,
        "、".join(terms.trades) if terms.trades else translate(titles.VOUCHER_SHOPS[terms.shops]),
        one.held,
        one.maker_name or _("退会した人"),
        terms.made_at,
    ]

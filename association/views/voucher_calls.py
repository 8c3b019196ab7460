"""商品券の申し込み at the desk: how they stand, paper typed in, who is looked at, the list and the purchase codes behind them."""

from __future__ import annotations

from typing import Any

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.commands import Apply
from association.errors import (
    CallUnknown,
    ResidentColumnsMissing,
    ResidentsMissing,
    ResidentsTooLarge,
    ResidentsUnreadable,
)
from association.queries import Applied, Call, VoucherTerms
from association.rules.resident_file import FILE_MAX_BYTES, LINES_MAX, read_residents
from association.schemas import (
    CallPageSchema,
    DecideApplicationSchema,
    PaperSchema,
    PurchaseCodesSchema,
    ResidentSchema,
    SlipSchema,
)
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from base.errors import MeguriError
from base.row_file import FileWrong
from base.yen import grouped
from identity.commands import authorise
from web import forms, tables
from web.i18n import _, day, in_language, translate, yen
from web.tables import count, moment, text

ALL = 10**7
WRONG_SHOWN = 100


def called(voucher_id: int) -> tuple[VoucherTerms, Call]:
    """A campaign that people apply for, approved or not. Raises VoucherUnknown, CallUnknown."""
    terms, call = queries.listed_call(g.session, g.who, voucher_id)
    if call is None:
        raise CallUnknown
    return terms, call


def call_page(template: str, voucher_id: int, **values: Any) -> str:
    """A page below a campaign's applications."""
    terms, call = called(voucher_id)
    return desk_page(
        template,
        terms=terms,
        call=call,
        figures=queries.call_figures(g.session, g.who, voucher_id),
        states=titles.APPLICATION_STATES,
        ways=titles.APPLICATION_WAYS,
        reasons=titles.APPLICATION_REASONS,
        proofs=titles.CALL_PROOFS,
        keeps=g.who.has("issuer") or g.who.has("administrator"),
        **values,
    )


@pages.get("/desk/vouchers/<int:voucher_id>/applications")
def voucher_applications(voucher_id: int) -> str:
    """How they stand, those that somebody must look at first, then all by number; no names here."""
    wanted = asked(CallPageSchema)
    found = queries.applied_to(g.session, g.who, voucher_id, state=wanted["state"], after=wanted["after"])
    return call_page(
        "association/voucher_applications.html",
        voucher_id,
        letters=len(queries.due_numbers(g.session, g.who.district_id, voucher_id, today=tokyo_day(g.clock()))),
        found=found,
        wanted=wanted,
        checking=queries.applied_to(g.session, g.who, voucher_id, state="checking"),
        drawn=queries.draw_of(g.session, g.who.district_id, voucher_id),
        campaign=queries.campaign_name(g.session, g.who.district_id, voucher_id),
        next_after=found[-1].number if len(found) == queries.APPLICATIONS_PAGE else None,
        now=g.clock(),
        announcement=_announcement(*called(voucher_id)),
    )


def _announcement(terms: VoucherTerms, call: Call) -> dict[str, str]:
    """What an announcement to everybody may begin with, in both languages; it is read and changed before it is sent."""
    said = {"kind": "all"}
    for tongue, name, end in (("ja", terms.name, ""), ("en", terms.name_en, "_en")):
        with in_language(tongue):
            facts = {"price": yen(terms.price), "face": yen(terms.face), "first": day(call.first_day), "last": day(call.last_day)}
            how = _("届いた引換券を用意して、") if call.proof == "code" else ""
            said[f"title{end}"] = _("「%(name)s」の申し込みを受け付けます", name=name)
            said[f"body{end}"] = (
                _("%(price)sで %(face)s分の商品券です。%(first)sから %(last)sまで、", **facts)
                + how
                + _("財布の「商品券の申し込み」か窓口で申し込めます。")
            )
    return said


@pages.get("/desk/vouchers/<int:voucher_id>/applications.<any(xlsx, csv):file>")
def voucher_applications_table(voucher_id: int, file: str) -> Response:
    """All of them by number, without names: what the result is checked against."""
    called(voucher_id)
    columns = [
        text(_("申し込み番号"), 10),
        text(_("申し込み方"), 12),
        text(_("状態"), 16),
        count(_("希望（口）")),
        count(_("抽選の順位")),
        count(_("当選（口）")),
        tables.day(_("支払いの最終日")),
        moment(_("申し込んだ日時")),
    ]
    found = queries.applied_to(g.session, g.who, voucher_id, limit=ALL)
    return tables.download(file, f"applications-{voucher_id}", columns, map(_row, found))


def _row(one: Applied) -> list[object]:
    state = translate(titles.APPLICATION_STATES[one.state][1])
    return [one.number, translate(titles.APPLICATION_WAYS[one.way]), state, one.units, one.rank, one.given, one.pay_until, one.made_at]


@pages.get("/desk/vouchers/<int:voucher_id>/applications/new")
def new_application(voucher_id: int) -> str:
    """代理入力: one paper after the other."""
    authorise(g.session, g.who, "association.keep_applications", subject=f"voucher:{voucher_id} page")
    return call_page("association/voucher_paper.html", voucher_id, taken=request.args.get("taken", type=int))


@pages.post("/desk/vouchers/<int:voucher_id>/applications/new")
def type_application(voucher_id: int) -> Answer:
    """受け付ける, and the next paper. Pressed twice, it is one."""
    number = commands.type_application(g.session, g.who, Apply(voucher_id, **forms.load(PaperSchema)), now=g.clock())
    return redirect(url_for(".new_application", voucher_id=voucher_id, taken=number), 303)


@pages.get("/desk/vouchers/<int:voucher_id>/applications/<int:number>")
def voucher_application(voucher_id: int, number: int) -> str:
    """One, opened: name and address, and whoever may be the same. On record each time."""
    return call_page(
        "association/voucher_application.html", voucher_id, looked=queries.look_at_application(g.session, g.who, voucher_id, number)
    )


@pages.post("/desk/vouchers/<int:voucher_id>/applications/<int:number>")
def decide_application(voucher_id: int, number: int) -> Answer:
    """受け付ける, 断る."""
    form = forms.load(DecideApplicationSchema)
    commands.decide_application(
        g.session,
        g.who,
        voucher_id,
        number,
        accept=form["decision"] == "accept",
        resident_id=form["resident_id"],
        reason=form["reason"],
        now=g.clock(),
    )
    return redirect(url_for(".voucher_application", voucher_id=voucher_id, number=number), 303)


@pages.post("/desk/vouchers/<int:voucher_id>/applications/<int:number>/withdraw")
def withdraw_application(voucher_id: int, number: int) -> Answer:
    """取り下げる: name and address are gone."""
    commands.withdraw_application(g.session, g.who, voucher_id, number, now=g.clock())
    return redirect(url_for(".voucher_application", voucher_id=voucher_id, number=number), 303)


@pages.post("/desk/vouchers/<int:voucher_id>/applications/close")
def close_applications(voucher_id: int) -> Answer:
    """締め切る: the list is fixed and published; again is refused, and the same result stands there."""
    commands.close_applications(g.session, g.who, voucher_id, now=g.clock())
    return redirect(url_for(".voucher_applications", voucher_id=voucher_id), 303)


@pages.get("/desk/vouchers/<int:voucher_id>/residents")
def voucher_residents(voucher_id: int) -> str:
    """The list: how many, who stands there twice under two spellings, and the form for a file."""
    return _residents(voucher_id)


@pages.post("/desk/vouchers/<int:voucher_id>/residents")
def take_residents(voucher_id: int) -> str:
    """取り込む: the good lines are kept, the others are shown. The same file again adds nobody."""
    called(voucher_id)
    _name, content = forms.sent_rows(FILE_MAX_BYTES)
    try:
        found = read_residents(content)
    except FileWrong as wrong:
        raise _refusal(wrong) from wrong
    added = commands.take_residents(g.session, g.who, voucher_id, found, now=g.clock())
    bad = [one for one in found if one.wrong]
    return _residents(voucher_id, added=added, read=len(found), bad=bad[:WRONG_SHOWN], bad_count=len(bad))


@pages.post("/desk/vouchers/<int:voucher_id>/residents/drop")
def drop_resident(voucher_id: int) -> Answer:
    """名簿から外す."""
    commands.drop_resident(g.session, g.who, voucher_id, forms.load(ResidentSchema)["contact_id"], now=g.clock())
    return redirect(url_for(".voucher_residents", voucher_id=voucher_id), 303)


def _residents(voucher_id: int, **values: Any) -> str:
    doubles = queries.resident_doubles(g.session, g.who, voucher_id)
    return call_page(
        "association/voucher_residents.html", voucher_id, doubles=doubles, wrongs=titles.RESIDENT_WRONG, most=grouped(LINES_MAX), **values
    )


def _refusal(wrong: FileWrong) -> MeguriError:
    match wrong.reason:
        case "missing":
            return ResidentsMissing()
        case "large":
            return ResidentsTooLarge(lines=grouped(LINES_MAX))
        case "column":
            return ResidentColumnsMissing()
    return ResidentsUnreadable(line=wrong.line)


@pages.get("/desk/vouchers/<int:voucher_id>/purchase-codes")
def purchase_codes(voucher_id: int) -> str:
    """How many there are and how many were used; the codes themselves stand only on their paper."""
    taken = queries.purchase_codes_taken(g.session, g.who, voucher_id)
    return call_page("association/purchase_codes.html", voucher_id, taken=taken)


@pages.post("/desk/vouchers/<int:voucher_id>/purchase-codes")
def make_purchase_codes(voucher_id: int) -> Answer:
    """券を作る."""
    commands.make_purchase_codes(g.session, g.who, voucher_id, **forms.load(PurchaseCodesSchema), now=g.clock())
    return redirect(url_for(".purchase_codes", voucher_id=voucher_id), 303)


@pages.post("/desk/vouchers/<int:voucher_id>/purchase-codes/stop")
def stop_purchase_code(voucher_id: int) -> Answer:
    """止める: lost, or never arrived."""
    commands.stop_purchase_code(g.session, g.who, voucher_id, forms.load(SlipSchema)["place"], now=g.clock())
    return redirect(url_for(".purchase_codes", voucher_id=voucher_id), 303)

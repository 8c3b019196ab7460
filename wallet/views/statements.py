"""利用明細 as files: a month as CSV or PDF, one movement as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import Response, request

import ledger.queries
from base.clock import TOKYO
from identity.queries import District
from ledger.queries import Series
from wallet.queries import Movement, Proof, Receipt, Waiting, passed, received, spent
from web import pdf
from web.csvfile import rows_to_csv
from web.i18n import _, language, named, yen
from web.papers.payment_slip import payment_slip
from web.papers.statement import StatementRow, statement


def kind_word(kind: str) -> str:
    """What a movement is called on the screen."""
    return {
        "payment": _("支払い"),
        "top_up": _("チャージ"),
        "top_up_again": _("チャージ"),
        "voucher_sale": _("商品券の購入"),
        "top_up_large": _("チャージ"),
        "agent_top_up": _("チャージ"),
        "benefit": _("給付"),
        "point_given": _("参加ポイント"),
        "benefit_return": _("給付の取消"),
        "code_redeem": _("チャージ券"),
        "refund": _("返金"),
        "reversal": _("チャージの取消"),
        "expiry": _("失効"),
        "suspense_release": _("期限後の返金"),
        "cash_refund": _("払戻し"),
        "exclude": _("失効"),
        "transfer": _("送る・贈る"),
    }.get(kind, _("調整"))


def month_csv(first: date, movements: Sequence[Movement]) -> Response:
    """One row a movement, oldest first; amounts as whole yen with their sign."""
    rows: list[Sequence[object]] = [
        [
            _("日時"),
            _("種類"),
            _("お店"),
            _("種別"),
            _("金額（円）"),
            _("残高（円）"),
            _("返金済み（円）"),
            _("受付番号"),
            _("クーポン（円）"),
            _("ほかに現金（円）"),
        ]
    ]
    for one in reversed(movements):
        rows.append(
            [
                f"{one.posted_at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}",
                kind_word(one.kind),
                _shop_name(one),
                _names(one.series),
                one.amount,
                one.balance_after,
                one.refunded if one.kind == "payment" else None,
                one.number,
                one.discount or None,
                one.cash or None,
            ]
        )
    return _file(rows_to_csv(rows), "text/csv; charset=utf-8", f"meguri-{first:%Y-%m}.csv")


def month_pdf(district: District, holder: str, first: date, movements: Sequence[Movement], *, now: datetime) -> Response:
    """The same month on paper, oldest first."""
    rows = [
        StatementRow(
            posted_at=one.posted_at,
            kind=kind_word(one.kind),
            what=_shop_name(one) or "",
            amount=one.amount,
            number=one.number,
            series=_names(one.series) + (" · " + _("ほかに現金 %(cash)s", cash=yen(one.cash)) if one.cash else ""),
            balance_after=one.balance_after,
            refunded=one.refunded if one.kind == "payment" else 0,
        )
        for one in reversed(movements)
    ]
    data = statement(
        district=named(district),
        association=district.association,
        contact=district.contact,
        holder=holder,
        first=first,
        rows=rows,
        spent=spent(movements),
        received=received(movements),
        passed=passed(movements),
        made_at=now,
    )
    return _file(pdf.render("statement", data), "application/pdf", f"meguri-{first:%Y-%m}.pdf")


def slip_pdf(district: District, receipt: Receipt, proof: Proof | None, earned: Waiting | None, *, now: datetime) -> Response:
    """One movement on paper, with what was given back of it and the points that it earns; its proof is attached, if it is sealed."""
    checkpoint = proof.sight.checkpoint if proof else None
    data = payment_slip(
        district=named(district),
        association=district.association,
        contact=district.contact,
        kind=kind_word(receipt.kind),
        amount=receipt.amount,
        posted_at=receipt.posted_at,
        number=receipt.number,
        word=receipt.word,
        lines=_slip_lines(receipt) + ([(_("ほかに現金（お店で）"), receipt.cash)] if receipt.cash else []),
        made_at=now,
        shop=named(receipt.shop) if receipt.shop else None,
        shop_address=receipt.shop.address if receipt.shop else None,
        verify_at=f"{request.host}/verify" if proof else "",
        checkpoint=f"{proof.sight.key.name} {checkpoint.size} {checkpoint.root.hex()[:16]}" if proof and checkpoint else "",
        given_back=[(one.posted_at, one.number, one.amount + one.late) for one in receipt.given_back],
        earned=None if earned is None else (earned.points, earned.day),
    )
    return _file(
        pdf.render("payment_slip", data, proof=ledger.queries.write_receipt(proof.receipt) if proof else None),
        "application/pdf",
        f"meguri-{receipt.number}.pdf",
    )


def _slip_lines(receipt: Receipt) -> list[tuple[str, int]]:
    """The bill and its coupon first, where there is one; then what each series gave."""
    amounts: dict[str, int] = {}
    for line in receipt.lines:  # points of several months have one name, and stand on one line
        name = _names([line.series])
        amounts[name] = amounts.get(name, 0) + line.amount
    parts = list(amounts.items())
    if receipt.coupon is None or not receipt.discount:
        return parts
    return [(_("お会計"), receipt.bill), (_("クーポン %(name)s", name=_names(list(receipt.coupons))), -receipt.discount), *parts]


def _names(series: Sequence[Series]) -> str:
    return ("、" if language() == "ja" else ", ").join(named(one) for one in series)


def _shop_name(one: Movement) -> str | None:
    if one.kind == "transfer":
        return one.other or _("退会した人")
    return one.shop_name_en if language() == "en" and one.shop_name_en else one.shop_name


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

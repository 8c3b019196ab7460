"""請求・精算書 for whoever pays the premium: at the end of any day, final once nothing can change; as page, Excel, CSV and PDF.

Where several pay, the statement of the whole asks nobody for money: each gets a claim of its own, over its own share.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from unicodedata import normalize

from flask import Response, g

import merchant.queries
from association import queries, titles
from association.errors import VoucherUnknown
from association.queries import FunderClaim, VoucherAccount, VoucherFigures, VoucherTerms
from association.schemas import ReportDaySchema
from association.views import sheet
from association.views.frame import asked, desk_page, pages
from association.views.sheet import Report, Row
from base.clock import tokyo_day
from base.yen import grouped
from web.i18n import _, named, translate
from web.i18n import yen as money
from web.tables import count, text, yen


@pages.get("/desk/vouchers/<int:voucher_id>/report")
def voucher_report(voucher_id: int) -> str:
    """The same table as the files have."""
    account = _account(voucher_id)
    return desk_page(
        "association/voucher_report.html",
        account=account,
        day=asked(ReportDaySchema)["day"],
        today=tokyo_day(g.clock()),
        rows=list(_rows(account)),
        funders=_funders(account),
        has_account=queries.transfer_terms(g.session, g.who.district_id) is not None,
    )


@pages.get("/desk/vouchers/<int:voucher_id>/report.<any(xlsx, csv):file>")
def voucher_report_table(voucher_id: int, file: str) -> Response:
    """As Excel or CSV."""
    return sheet.as_table(_report(_account(voucher_id)), file)


@pages.get("/desk/vouchers/<int:voucher_id>/report.pdf")
def voucher_report_paper(voucher_id: int) -> Response:
    """On paper, with who printed it and when; where one alone pays, it is the claim on it as well."""
    account = _account(voucher_id)
    alone = _funders(account)
    return sheet.on_paper(_report(account, alone[0] if len(alone) == 1 else None), wide=0)


@pages.get("/desk/vouchers/<int:voucher_id>/claims/<int:place>.pdf")
def voucher_claim_paper(voucher_id: int, place: int) -> Response:
    """請求書 for one of those who pay: its own number, its own share, and nothing that another owes."""
    account = _account(voucher_id)
    claim = next((each for each in _funders(account) if each.part.place == place), None)
    if claim is None:
        raise VoucherUnknown
    return sheet.on_paper(_report(account, claim), wide=0)


def _account(voucher_id: int) -> VoucherAccount:
    return queries.voucher_account(g.session, g.who, voucher_id, day=asked(ReportDaySchema)["day"], now=g.clock())


def _funders(account: VoucherAccount) -> list[FunderClaim]:
    """Those who pay the association, in the order in which the campaign names them."""
    return [claim for claim in account.claims if claim.part.payer == "funder"]


def _report(account: VoucherAccount, claim: FunderClaim | None = None) -> Report:
    """`claim`: on whom; None: the statement of the whole campaign, which is addressed to nobody."""
    last = tokyo_day(account.until - timedelta(microseconds=1))
    number = f"{account.terms.id}-{last:%Y%m%d}" if claim is None else f"{account.terms.id}-{claim.part.place}-{last:%Y%m%d}"
    return Report(
        name=f"voucher-{account.terms.id}-{last}" if claim is None else f"voucher-claim-{number}",
        title=_title(account, claim),
        about=_("%(day)sの帳簿から", day=sheet.full_day(last)),
        columns=[text(_("項目"), 44), count(_("口数")), yen(_("金額（円）"))],
        rows=_rows(account, claim),
        to=() if claim is None else (claim.part.funder or "",),
        lines=() if claim is None else (_("請求番号 %(number)s", number=number), _asks(claim), *_pay_to()),
    )


def _title(account: VoucherAccount, claim: FunderClaim | None) -> str:
    name = named(account.terms)
    if claim is None:
        return _("%(name)s 精算書（確定）", name=name) if account.is_final else _("%(name)s 中間精算書", name=name)
    return _("%(name)s 請求書・精算書（確定）", name=name) if account.is_final else _("%(name)s 請求書・中間精算書", name=name)


def _asks(claim: FunderClaim) -> str:
    """What a claim is about, before all figures: what is to be paid, or what the association sends back."""
    if claim.owed < 0:
        return _("組合からお返しする額 %(amount)s", amount=money(-claim.owed))
    return _("ご請求額 %(amount)s", amount=money(claim.owed))


def _pay_to() -> Iterable[str]:
    """The association's own account, the one that shops are paid from; nothing as long as two people have not laid one down."""
    terms = queries.transfer_terms(g.session, g.who.district_id)
    if terms is None:
        return
    ours = terms.sender
    yield _(
        "振込先 %(bank)s %(branch)s %(kind)s %(number)s %(name)s",
        bank=normalize("NFKC", ours.bank_name) or ours.bank_code,
        branch=normalize("NFKC", ours.branch_name) or ours.branch_code,
        kind=translate(titles.ACCOUNT_KINDS_AT_BANKS[ours.account_type]),
        number=ours.account_number,
        name=normalize("NFKC", ours.name),
    )


def _rows(account: VoucherAccount, only: FunderClaim | None = None) -> Iterable[Row]:
    terms, seen = account.terms, account.figures
    issued = account.units.units
    yield Row([_("発行と販売"), None, None], "head")
    yield Row([_("発行額（額面）"), issued, issued * terms.face])
    yield Row([_("販売額（額面）"), account.sold_units, seen.sold])
    yield Row([_("うち販売代金"), account.sold_units, account.sold_units * terms.price])
    yield Row([_("うちプレミアム"), account.sold_units, account.sold_units * terms.premium])
    for part, face in terms.faces.items() if seen.parts else ():
        yield Row([_of_it(terms, part), account.sold_units, account.sold_units * face])
    yield from _on_paper(seen, seen.paper_sold, units=seen.paper_sold // terms.face)
    yield from _of_call(terms)
    yield Row([_("使用額"), None, None], "head")
    for size, amount in (("small", seen.used_small), ("large", seen.used_large)):
        yield Row([translate(titles.SHOP_SIZES[size]), None, amount])
    yield Row([_("使用額の合計"), None, seen.used], "sum")
    yield from _of_parts(terms, seen, "used")
    yield from _on_paper(seen, seen.paper_used)
    yield Row([_("使われていない額"), None, None], "head")
    yield Row([_("未使用額（利用者の残高）"), None, seen.unspent])
    yield from _of_parts(terms, seen, "unspent")
    yield from _on_paper(seen, seen.paper_unspent)
    if seen.waiting:
        yield Row([_("期限後の返金（処理を待つ額）"), None, seen.waiting])
    yield Row([_("失効額"), None, seen.expired])
    yield from _of_parts(terms, seen, "expired")
    yield Row([_("使われていないプレミアム（請求しません）"), None, account.premium_unused])
    yield Row([_("使われていない販売代金"), None, account.paid_unused])
    yield Row([_("請求"), None, None], "head")
    yield Row(
        [
            _("使われたプレミアム（使用額 × %(premium)s ÷ %(face)s、切捨て）", premium=grouped(terms.premium), face=grouped(terms.face)),
            None,
            account.claimed,
        ]
    )
    yield from _of_payers(account, only)
    yield Row([_("検算（販売額 − 使用額 − 未使用額 − 失効額）"), None, seen.difference], "danger" if seen.difference else "")
    if seen.by_shop:
        yield Row([_("お店ごとの使用額"), None, None], "head")
        shops = {
            each.id: each for each in merchant.queries.shops(g.session, g.who.district_id, ids=[number for number, _yen in seen.by_shop])
        }
        for number, amount in sorted(seen.by_shop, key=lambda pair: -pair[1]):
            yield Row(
                [_("%(shop)s（%(size)s）", shop=named(shops[number]), size=translate(titles.SHOP_SIZES[shops[number].size])), None, amount]
            )


def _of_payers(account: VoucherAccount, only: FunderClaim | None) -> Iterable[Row]:
    """What each payer bears; on a claim on one of several, what all others bear together, so that it adds up to the whole."""
    for claim in account.claims if only is None else (only,):
        payer = claim.part.funder or translate(titles.PAYERS[claim.part.payer])
        yield Row([f"{payer} {claim.part.percent}%", None, claim.cost])
        if claim.returned:
            yield Row([_("%(payer)s：%(what)s", payer=payer, what=_("使われなかった販売代金の戻し")), None, -claim.returned])
        if claim.part.payer == "funder":
            yield Row([_("%(payer)s：%(what)s", payer=payer, what=_("入金済み")), None, claim.paid])
            yield Row([_("%(payer)s：%(what)s", payer=payer, what=_("差引の請求額")), None, claim.owed], "sum")
    if only is not None and only.part.percent < 100:
        share = 100 - only.part.percent
        yield Row([_("ほかの負担者の分 %(percent)s%%（請求しません）", percent=share), None, account.claimed - only.cost])


def _of_call(terms: VoucherTerms) -> Iterable[Row]:
    """How many applied and won so far, where people had to apply; without names, and as they stand now."""
    if queries.call_of(g.session, g.who.district_id, terms.id) is None:
        return
    stand, drawn = queries.call_figures(g.session, g.who, terms.id), queries.draw_of(g.session, g.who.district_id, terms.id)
    yield Row([_("申し込み"), None, None], "head")
    yield Row([_("受け付けた申し込み（%(count)s件）", count=grouped(stand.accepted)), stand.wanted, None])
    if drawn is not None and drawn.drawn_at is not None:
        winners = [place for place in drawn.places if place.given]
        yield Row([_("当選（%(count)s件）", count=grouped(len(winners))), sum(place.given for place in winners), None])


def _of_parts(terms: VoucherTerms, seen: VoucherFigures, what: str) -> Iterable[Row]:
    """The same figure of each part, where the campaign has two."""
    for part, figures in seen.parts:
        yield Row([_of_it(terms, part), None, getattr(figures, what)])


def _of_it(terms: VoucherTerms, part: int) -> str:
    """A part of the figure above it. Said, not set in: a file and a voice know no indent."""
    return _("うち%(part)s", part=translate(titles.VOUCHER_PARTS[part == terms.local_series_id]))


def _on_paper(seen: VoucherFigures, amount: int, *, units: int | None = None) -> Iterable[Row]:
    """What of a figure is on paper, where booklets were sold."""
    if seen.paper_sold:
        yield Row([_("うち紙の券"), units, amount])

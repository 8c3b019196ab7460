"""カード: the public page for number and PIN, and the holder's own card in the settings."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, g, render_template, url_for
from itsdangerous import BadSignature, URLSafeSerializer

import association.queries
from ledger.errors import TransactionUnknown
from wallet import commands, queries
from wallet.queries import CardStatement
from wallet.schemas import CardPageSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from wallet.views.statements import slip_pdf
from web import forms
from web.i18n import language

SLIP_FOR = timedelta(minutes=10)
"""How long a slip can be fetched after number and PIN were right."""


@pages.get("/card")
def card_page() -> str:
    """Number and PIN, without signing in."""
    return render_template("wallet/card.html", loss_policy=_loss_policy(), limits=queries.no_pin_limits(g.session, g.district.id))


@pages.post("/card")
def card_statement() -> str:
    """Balance and latest movements, on this very answer: they stand in no address and are kept nowhere."""
    sent = forms.load(CardPageSchema)
    seen = commands.read_card_balance(g.session, me(), sent["number"], sent["pin"])
    slips = {one.transaction_id: _slip_address(seen, one.transaction_id) for one in seen.movements}
    return render_template("wallet/card_statement.html", card=seen, slips=slips, close="/card")


@pages.get("/card/slip/<slip>")
def card_slip(slip: str) -> Response:
    """利用明細 of one movement, for whoever has just shown number and PIN. Raises TransactionUnknown."""
    try:
        district_id, person_id, transaction_id, made_at = _serializer().loads(slip)
    except BadSignature as error:
        raise TransactionUnknown from error
    if district_id != g.district.id or int(now().timestamp()) - made_at > SLIP_FOR // timedelta(seconds=1):
        raise TransactionUnknown
    receipt = queries.receipt_of(g.session, district_id, person_id, transaction_id, now=now())
    earned = queries.earned_of(g.session, district_id, person_id, transaction_id, now=now())
    return slip_pdf(g.district, receipt, queries.proof_of(g.session, district_id, person_id, transaction_id), earned, now=now())


@pages.get("/wallet/settings/card")
@consumers_only
def own_card() -> str:
    """Which card pays out of this wallet, what it pays without its PIN, and the way to stop it."""
    return render_template(
        "wallet/own_card.html",
        card=queries.card_of(g.session, me().district_id, me().person_id or 0),
        limits=queries.no_pin_limits(g.session, me().district_id),
        loss_policy=_loss_policy(),
        back="/wallet/settings",
    )


@pages.post("/wallet/settings/card/block")
@consumers_only
def block_own_card() -> Response:
    """止める: at once, from wherever the holder is."""
    commands.block_own_card(g.session, me(), now=now())
    return go(url_for(".own_card"))


def _loss_policy() -> str:
    notice = association.queries.current_notice(g.session, g.district.id)
    return notice.loss_policy_in(language()) if notice else ""


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="wallet.card_slip")


def _slip_address(seen: CardStatement, transaction_id: int) -> str:
    signed = _serializer().dumps([g.district.id, seen.person_id, transaction_id, int(now().timestamp())])
    return url_for(".card_slip", slip=signed)

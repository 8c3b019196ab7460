"""贈る: a gift's link is made, shown, taken back, and taken by whoever has it. Opening a link does nothing: only the press does."""

from __future__ import annotations

from flask import Response, g, redirect, render_template, url_for
from marshmallow import EXCLUDE
from werkzeug.wrappers import Response as Answer

from base.yen import parse_yen
from wallet import commands, queries
from wallet.commands import Give
from wallet.rules import GIFT_LIFE
from wallet.schemas import ClaimSchema, GiftSchema, GiveSchema
from wallet.views.frame import consumers_only, go, me, now, pages, public_url
from wallet.views.sending import chosen_coin, confirming
from web import forms


@pages.get("/wallet/gifts/new")
@pages.get("/wallet/gifts/confirm")
@consumers_only
def new_gift() -> str:
    """How much, and a few words. Raises TransfersOff."""
    return render_template(
        "wallet/gift_new.html", passing=queries.passing(g.session, me(), now=now()), life=GIFT_LIFE.days, back="/wallet/send"
    )


@pages.post("/wallet/gifts/confirm")
@consumers_only
def confirm_gift() -> str | Answer:
    """The same once more, the amount first. Nothing is made yet; reloading is harmless."""
    sent = forms.load(GiftSchema)
    return _confirm(sent["amount"], sent["words"])


@pages.get("/wallet/gifts")
@consumers_only
def refused_gift() -> str | Answer:
    """The confirmation again, where the press was refused beside a field; alone it is no page."""
    typed = forms.refill().values
    wrong = GiftSchema(only=("amount", "words"), unknown=EXCLUDE).validate({name: each[-1] for name, each in typed.items()})
    if not typed or wrong:
        return redirect(url_for(".send_page"), 303)
    return _confirm(parse_yen(str(forms.form_value("amount"))) or 0, str(forms.form_value("words")))


def _confirm(amount: int, words: str) -> str | Answer:
    passing = queries.passing(g.session, me(), now=now())
    chosen = chosen_coin(passing)
    if chosen is None:
        return redirect(url_for(".new_gift"), 303)
    return render_template(
        "wallet/gift_confirm.html",
        balance=chosen,
        amount=amount,
        words=words,
        life=GIFT_LIFE.days,
        **confirming(passing, amount),
        back="/wallet/gifts/new",
    )


@pages.post("/wallet/gifts")
@consumers_only
def give() -> Response:
    """リンクを作る: pressed twice, one is made."""
    sent = forms.load(GiveSchema)
    order = Give(sent["coin"], sent["amount"], sent["words"], sent["key"], sent["pin"])
    return go(url_for(".my_gift", gift_id=commands.give(g.session, me(), order, now=now())))


@pages.get("/wallet/gifts/<int(max=9223372036854775807):gift_id>")
@consumers_only
def my_gift(gift_id: int) -> str:
    """One's own gift: its link while it waits, or what became of it."""
    gift = queries.my_gift(g.session, me(), gift_id, now=now())
    return render_template(
        "wallet/my_gift.html",
        gift=gift,
        link=f"{public_url()}{url_for('.gift', code=gift.code)}",
        mark=queries.home(g.session, me(), now=now()).mark,
        back="/wallet/send",
    )


@pages.post("/wallet/gifts/<int(max=9223372036854775807):gift_id>/back")
@consumers_only
def take_back(gift_id: int) -> Response:
    """取り消す: pressed twice, it comes back once."""
    commands.take_back(g.session, me(), gift_id, now=now())
    return go(url_for(".my_gift", gift_id=gift_id))


@pages.get("/gift/<code>")
def gift(code: str) -> Answer | str:
    """What a gift's link opens. Whoever is not signed in, a messenger's preview too, learns nothing of it."""
    if not me().has("consumer"):
        return render_template("wallet/gift_landing.html", next=url_for(".gift", code=code))
    offered = queries.offered_gift(g.session, me(), code, now=now())
    if offered.mine and offered.transaction_id is not None:
        return redirect(url_for(".passed", transaction_id=offered.transaction_id), 303)
    return render_template("wallet/gift.html", gift=offered, close="/wallet/")


@pages.post("/gift/<code>")
@consumers_only
def take_gift(code: str) -> Response:
    """受け取る: pressed twice, it is taken once."""
    posted = commands.take_gift(g.session, me(), code, forms.load(ClaimSchema)["key"], now=now())
    return go(url_for(".passed", transaction_id=posted.transaction_id))

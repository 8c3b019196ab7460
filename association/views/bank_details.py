"""振込先: at the desk and on the owner's own page: which account holds, which change is under way, and the way to stop it."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import merchant.queries
from association import commands, queries, titles
from association.rules.zengin import ABBREVIATIONS, NAME_MAX
from association.schemas import ReasonSchema, ShopAccountSchema
from association.views.frame import desk_page, pages
from association.views.outside import outside, own_shop, shop_page
from web import forms

ID = "<int(max=9223372036854775807):"
WORDS = {
    "states": titles.ACCOUNT_STATES,
    "account_kinds": titles.ACCOUNT_KINDS_AT_BANKS,
    "abbreviations": ABBREVIATIONS,
    "name_max": NAME_MAX,
}


@pages.get(f"/desk/shops/{ID}merchant_id>/account")
def shop_account(merchant_id: int) -> str:
    """The account in force and the change that waits, with the whole number: who looks is written down."""
    shop = merchant.queries.merchant(g.session, g.who.district_id, merchant_id)
    accounts, names = queries.shop_accounts(g.session, g.who, merchant_id, now=g.clock())
    return desk_page("association/shop_account.html", shop=shop, held=accounts, names=names, **WORDS)


@pages.post(f"/desk/shops/{ID}merchant_id>/account")
def propose_account(merchant_id: int) -> Answer:
    """申請する: another person approves."""
    commands.propose_account(g.session, g.who, merchant_id, forms.load(ShopAccountSchema), now=g.clock())
    return redirect(url_for(".shop_account", merchant_id=merchant_id), 303)


@pages.post(f"/desk/shops/{ID}merchant_id>/account/{ID}account_id>/stop")
def stop_account(merchant_id: int, account_id: int) -> Answer:
    """止める: somebody telephoned that it is not theirs."""
    commands.stop_account(g.session, g.who, account_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".shop_account", merchant_id=merchant_id), 303)


@outside.get("/shop/payouts/account")
def own_account() -> str:
    """振込先 as its owner sees it: the ends of the numbers."""
    shop = own_shop()
    accounts = queries.accounts_of_shop(g.session, shop.district_id, shop.id, now=g.clock())
    return shop_page("association/own_account.html", shop, held=accounts, contact=g.district.contact, **WORDS)


@outside.post("/shop/payouts/account")
def propose_own_account() -> Answer:
    """申請する: the association approves."""
    commands.propose_account(g.session, g.who, own_shop().id, forms.load(ShopAccountSchema), now=g.clock())
    return redirect(url_for(".own_account"), 303)


@outside.post(f"/shop/payouts/account/{ID}account_id>/withdraw")
def withdraw_own_account(account_id: int) -> Answer:
    """取り下げる: what this owner proposed, while it waits."""
    own_shop()
    commands.withdraw_account(g.session, g.who, account_id, now=g.clock())
    return redirect(url_for(".own_account"), 303)


@outside.post(f"/shop/payouts/account/{ID}account_id>/stop")
def stop_own_account(account_id: int) -> Answer:
    """この変更を止める."""
    own_shop()
    commands.stop_account(g.session, g.who, account_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".own_account"), 303)

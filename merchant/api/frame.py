"""What all addresses of the shop's side share."""

from __future__ import annotations

from flask import g
from flask_smorest import Blueprint

from base.errors import N_
from merchant.errors import NoTill

api = Blueprint("requests_and_payments", __name__, description=N_("お店: お会計、受け取った支払い、返金"))


def own_shop() -> int:
    """The shop for which this token acts. Raises NoTill for a clerk's."""
    if g.who.merchant_id is None:
        raise NoTill
    return int(g.who.merchant_id)

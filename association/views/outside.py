"""Pages of the association for people who do not sit at its desk: a shop's owner, and whoever wants to become one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template

import merchant.queries
from base.errors import Forbidden, NotSignedIn

outside = Blueprint("association_outside", __name__, template_folder="../templates")


def own_shop() -> merchant.queries.Shop:
    """The shop whose owner asks. Raises NotSignedIn, Forbidden."""
    if g.who is None:
        raise NotSignedIn
    g.who.needs("owner")
    if g.who.merchant_id is None:
        raise Forbidden
    return merchant.queries.merchant(g.session, g.who.district_id, g.who.merchant_id)


def shop_page(template: str, shop: merchant.queries.Shop, **values: Any) -> str:
    """A page in the frame of the owner's desk."""
    return render_template(template, shop=shop, **values)

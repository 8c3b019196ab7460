"""お店を選ぶ: by ticks, and by the column of numbers pasted from the list of shops."""

from __future__ import annotations

import re

from flask import g, request

import merchant.queries
from base.ids import squeezed
from web.errors import FormInvalid
from web.i18n import _

SHOP_DIGITS = 6


def pasted_shops() -> dict[str, object]:
    """The shops that were ticked and those whose numbers were pasted; nothing where none were. Raises FormInvalid: a number of nobody."""
    typed = re.split(r"[\s,、]+", request.form.get("pasted", "").strip())
    if typed == [""]:
        return {}
    found = {shop.public_number: shop.id for shop in merchant.queries.shops(g.session, g.who.district_id, states=["open"])}
    numbers = [squeezed(each).zfill(SHOP_DIGITS) for each in typed if any(sign.isdigit() for sign in each)]
    unknown = [each for each in numbers if each not in found]
    if unknown or not numbers:
        sentence = _("この番号の、利用中のお店はありません: %(numbers)s", numbers=", ".join(unknown[:10]) or "—")
        raise FormInvalid({"shops": [sentence]})
    return {"where": "these", "shops": [*request.form.getlist("shops"), *(found[each] for each in numbers)]}

"""At which shops: all, small ones, those of some trades, or these; the same for a coupon and a campaign of points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

WHERE = ("all", "small", "trades", "these")


def as_chosen(data: Mapping[str, Any]) -> dict[str, Any]:
    """A draft that was kept when shops could only be named one by one says so in another word."""
    plain = dict(data)
    if plain.pop("only_some", False) and "where" not in plain:
        plain["where"] = "these"
    return plain


def must_name_shops(data: Mapping[str, Any]) -> None:
    """Raises ValidationError where the choice names nobody."""
    if data["where"] == "these" and not data["shops"]:
        raise ValidationError(_l("使えるお店を選んでください。"), "shops")
    if data["where"] == "trades" and not data["trades"]:
        raise ValidationError(_l("使える業種を選んでください。"), "trades")


def shops_chosen(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the command takes of it: `shops`, `shop_class` and `trades`."""
    where = data["where"]
    return {
        "shops": tuple(sorted(set(data["shops"]))) if where == "these" else None,
        "shop_class": where if where in ("small", "trades") else "all",
        "trades": tuple(sorted(set(data["trades"]))) if where == "trades" else (),
    }

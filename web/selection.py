"""What somebody has chosen stays chosen from page to page: signed, for this chooser alone, and for minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def signed(what: str, chooser: Sequence[int | None], *chosen: int | str, now: datetime) -> str:
    """What goes into the address. `chooser`: who may use it, by numbers."""
    return str(_serializer(what).dumps([list(chooser), *chosen, int(now.timestamp())]))


def chosen(what: str, chooser: Sequence[int | None], text: str, *, now: datetime, lasts: timedelta) -> list[Any] | None:
    """What this very chooser chose within the last `lasts`; None if it is older, somebody else's or forged."""
    try:
        who, *values, chosen_at = _serializer(what).loads(text)
    except BadSignature:
        return None
    age_s = int(now.timestamp()) - chosen_at
    return values if who == list(chooser) and age_s <= lasts // timedelta(seconds=1) else None


def _serializer(what: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=what)

"""カード, printed: ten on an A4 sheet of business cards (91 × 55 mm, as stationers sell them perforated)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from base.clock import TOKYO
from web.i18n import _, in_language
from web.qr import quick_modules, svg

LEVEL = "Q"
"""A quarter of the code may be scratched: a card lives in a purse (qr.md 29)."""
POLICY_MAX = 60
"""Letters of a loss policy that fit onto a card; a longer one is told at the information desk."""


def card_sheet(
    *,
    cards: Sequence[tuple[int, str, str]],
    lot: int,
    made_at: datetime,
    district: str,
    district_en: str,
    association: str,
    contact: str,
    balance_at: str,
    loss_policy: str,
) -> dict[str, Any]:
    """The data of `card_sheet`, for `render_checked`.

    `cards`: serial in the lot, what the QR says, the number in groups. `balance_at`: the address of the public page,
    as people type it. `loss_policy`: the association's own words. Always Japanese, with English below.

    Keys: made_at (ISO 8601), codes (all of them, in order), title, cards (serial, qr as SVG, number), modules, made
    (date in Tokyo), the names given, and `ja` and `en` with the same sentences: here, lost, policy, balance, qr_alt.
    """
    drawn = [quick_modules(text, LEVEL) for _serial, text, _number in cards]
    policy = loss_policy if len(loss_policy) <= POLICY_MAX and "\n" not in loss_policy else None
    with in_language("ja"):
        title, japanese = _("カードの束 %(lot)s", lot=lot), _sentences(policy)
    with in_language("en"):
        english = _sentences(None)
    return {
        "made_at": made_at.isoformat(),
        "codes": [text for _serial, text, _number in cards],
        "title": title,
        "cards": [
            {"serial": f"{lot}-{serial:03d}", "qr": svg(rows), "number": number}
            for (serial, _text, number), rows in zip(cards, drawn, strict=True)
        ],
        "modules": len(drawn[0]),
        "made": f"{made_at.astimezone(TOKYO):%Y-%m-%d}",
        "district": district,
        "district_en": district_en,
        "association": association,
        "contact": contact,
        "balance_at": balance_at,
        "ja": japanese,
        "en": english,
    }


def _sentences(policy: str | None) -> dict[str, str]:
    return {
        "here": _("お店でこのカードを見せて支払えます"),
        "lost": _("なくしたら、すぐに知らせてください。止めて、残高を新しいカードに移します。"),
        "policy": policy or _("使われてしまったときの補償は、案内所でお尋ねください。"),
        "balance": _("残高"),
        "qr_alt": _("カードのQR"),
    }

"""登録が消える人への手紙: the one thing that an association knows of them is their number, so the window stays empty for its own label."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from web.i18n import _, date_parts, in_language
from web.papers.letter import frame


def farewells(people: Sequence[tuple[int, date]], *, district: str, association: str, contact: str, made_at: datetime) -> dict[str, Any]:
    """The data of `voucher_letters`. `people`: number, and the day from which on they are forgotten. In Japanese: on paper it goes to
    whoever has no other address."""
    with in_language("ja"):
        base = frame(title=_("登録が消えるお知らせ"), district=district, association=association, contact=contact, made_at=made_at)
        letters = [_letter(person_id, ends, contact) for person_id, ends in people]
        words = {"number": _("利用者番号"), "bring": "", "things": "", "again": ""}
    return base | {"letters": letters, "words": words}


def _letter(person_id: int, ends: date, contact: str) -> dict[str, Any]:
    day = _("%(year)s年%(month)s月%(day)s日(%(weekday)s)", **date_parts(ends))
    says = _(
        "2年近く使われていないため、%(day)sに、ニックネームやログインの登録がひとりでに消えます。続けて使う方は、その日までに一度、財布を開くか、支払いかチャージをしてください。残高やクーポンのある方の登録は消えません。分からないときは、お電話ください。%(contact)s",
        day=day,
        contact=contact,
    )
    return {"number": str(person_id), "postal": "", "address": "", "to": "", "says": says, "facts": []}

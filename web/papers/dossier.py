"""A report of several tables on A4: what it says in a sentence, the facts round it, then each table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from web.i18n import _
from web.papers.letter import frame
from web.papers.month_pack import PackSection, section_data


def dossier(
    *,
    name: str,
    about: str,
    sentence: str,
    facts: Sequence[tuple[str, str]],
    sections: Sequence[PackSection],
    district: str,
    association: str,
    contact: str,
    made_at: datetime,
    made_by: str,
) -> dict[str, Any]:
    """The data of `dossier`. `sentence`: the one thing that the report says; `facts`: words beside it.

    Keys besides those of `web.papers.letter.frame`: name, about, sentence, facts, sections (name, about, columns, rows, wide, breaks).
    """
    data = frame(title=f"{name} {about}", district=district, association=association, contact=contact, made_at=made_at)
    data["labels"]["nothing"] = _("ありません")
    return data | {
        "name": name,
        "about": about,
        "sentence": sentence,
        "facts": [*map(list, facts), [_("作成"), _("%(when)s・%(name)s", when=data["made"], name=made_by)]],
        "sections": [section_data(each) for each in sections],
    }

"""Papers of an application for a subsidy: the pack with every sheet and its attachments by number, and the confirmation of each member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from base.clock import TOKYO
from web.i18n import _, language
from web.papers.letter import frame
from web.papers.month_pack import PackSection, pack_data


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A business on a confirmation: its name, its head, telephone and address; empty is left as a line to be written on."""

    name: str
    head: str
    phone: str
    address: str


def application_pack(
    *,
    name: str,
    about: str,
    equation: Sequence[tuple[str, int]],
    facts: Sequence[tuple[str, str]],
    sections: Sequence[PackSection],
    district: str,
    representative: str,
    made_at: datetime,
    made_by: str,
) -> dict[str, Any]:
    """The data of the template `month_pack` for an application. `equation`: the whole, A, B and C in words and yen."""
    data = frame(title=f"{name} {about}", district=district, association=representative, contact="", made_at=made_at)
    data["labels"] |= {
        "equation": _("補助額の上限見込額（率はすべて「以内」）"),
        "contents": _("目次"),
        "nothing": _("ありません"),
        "signs": [],
        "dated": "",
    }
    return data | pack_data(data["made"], made_by, name, about, equation, facts, sections)


def confirmations(
    *, project: str, area: str, representative: Confirmed, participants: Sequence[Confirmed], district: str, made_at: datetime
) -> dict[str, Any]:
    """The data of `confirmation` (S-52): one page for each participant, free in form, without a seal.

    Keys besides those of `web.papers.letter.frame`: dated, letters (of, statement, and two parties as pairs of word and value).
    """
    data = frame(title=_("確認書"), district=district, association=representative.name, contact=representative.phone, made_at=made_at)
    return data | {
        "dated": official_day(made_at.astimezone(TOKYO).date()),
        "letters": [_letter(project, area, representative, each) for each in participants],
    }


def official_day(day: date) -> str:
    """令和8年11月27日 in Japanese, the plain day elsewhere: official papers count by the era."""
    return f"令和{day.year - 2018}年{day.month}月{day.day}日" if language() == "ja" else f"{day:%Y-%m-%d}"


def _letter(project: str, area: str, representative: Confirmed, participant: Confirmed) -> dict[str, Any]:
    statement = _(
        "下記の参画事業者は、補助事業「%(project)s」を実施する地域（%(area)s）で活動していることを確認しました。",
        project=project,
        area=area,
    )
    parties = [[_("代表事業者"), _rows(representative)], [_("参画事業者"), _rows(participant)]]
    return {"of": participant.name, "statement": statement, "parties": parties}


def _rows(party: Confirmed) -> list[list[str]]:
    return [[_("事業者名"), party.name], [_("代表者名"), party.head], [_("電話"), party.phone], [_("住所"), party.address]]

"""Proof of existence (実在証明書) that representative and participants hand in (概要: 提出証憑の見直し; rules S-50 to S-53)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subsidy.rules.calls import Call

BODY, SOLE = ("D_REGISTRY", "D_CORP_TAX"), ("D_IDENTITY", "D_INCOME_TAX", "D_TAX_RETURN")
"""履歴事項全部証明書 and 納税証明書 of a body; a sole proprietor's 本人確認, 所得税納税証明書, 確定申告書控え."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Whether it is a member (組合員) of the representative, or of the shopping district's body in the group, and a sole proprietor."""

    id: str
    is_association_member: bool
    is_sole_proprietor: bool = False


@dataclass(frozen=True, slots=True)
class Papers:
    """Codes of papers in the order of the overview."""

    is_association_route: bool
    representative: tuple[str, ...]
    participants: dict[str, tuple[str, ...]]


def papers(regime: str, kind: str, has_district_body: bool, participants: Sequence[Participant], call: Call) -> Papers:
    """Which papers a group needs. `regime`: R3 (before the change, call of 2022) or R4 (after it, call of 2023).

    On the association route R4 wants nothing of participants, but a roster (組合員等の名簿) of the members and a confirmation (確認書)
    for the others. Raises ValueError for another regime or an unknown `kind` of representative.
    """
    if regime not in ("R3", "R4") or kind not in call.values.representative_kinds:
        raise ValueError(f"no papers are known for {regime}, {kind}")
    is_route = kind in call.values.association_kinds or (kind in call.values.regional_kinds and has_district_body)
    if regime == "R3" or not is_route:
        return Papers(is_route, BODY, {each.id: SOLE if each.is_sole_proprietor else BODY for each in participants})
    roster = ("D_ROSTER",) if any(each.is_association_member for each in participants) else ()
    confirmation = ("D_CONFIRMATION",) if any(not each.is_association_member for each in participants) else ()
    return Papers(is_route, BODY + roster + confirmation, {each.id: () for each in participants})

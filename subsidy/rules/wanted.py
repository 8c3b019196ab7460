"""Which papers a group still needs, party by party (S-50 to S-54), and how each of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from subsidy.rules.calls import Call
from subsidy.rules.group import Party
from subsidy.rules.papers import Participant, papers
from subsidy.rules.progress import certificate_ends

CERTIFICATES = ("D_REGISTRY", "D_CORP_TAX", "D_INCOME_TAX")
"""Papers of an office, with a day of issue that ages."""
KINDS = ("D_REGISTRY", "D_CORP_TAX", "D_IDENTITY", "D_INCOME_TAX", "D_TAX_RETURN", "D_ROSTER", "D_CONFIRMATION")
RULES = {"D_ROSTER": "S-51", "D_CONFIRMATION": "S-52", "D_IDENTITY": "S-53", "D_INCOME_TAX": "S-53", "D_TAX_RETURN": "S-53"}

MISSING, RETURNED, WAITING, UNDATED, OLD, GOOD = "missing", "returned", "waiting", "undated", "old", "good"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that somebody must hand in. `party`: about whom it is."""

    party: int
    kind: str
    rule: str


@dataclass(frozen=True, slots=True)
class Handed:
    """The newest file of a kind about a party. `is_good`: what the lead said of it, None while nobody has looked."""

    kind: str
    is_good: bool | None
    issued_on: date | None


def wanted(kind: str, has_district_body: bool, parties: Sequence[Party], call: Call) -> list[Wanted]:
    """Every paper by party in their order. Of a participant whose membership is not yet known nothing is wanted yet: see `unsettled`.

    The confirmation (確認書) of a participant is written by the representative and stands with the participant that it is about.
    """
    if kind not in call.values.representative_kinds:
        return []
    lead = next((party for party in parties if party.role == "representative"), None)
    participants = [party for party in parties if party.role == "participant" and party.is_in_group]
    asked = [Participant(str(each.id), bool(each.is_association_member), each.is_sole) for each in participants]
    found = papers(call.duties.regime, kind, has_district_body, asked, call)
    of_lead = [code for code in found.representative if code != "D_CONFIRMATION"] if lead else []
    rows = [Wanted(lead.id, code, RULES.get(code, "S-50")) for code in of_lead] if lead else []
    for party in participants:
        own = found.participants[str(party.id)]
        if found.is_association_route and not own and party.is_association_member is False:
            own = ("D_CONFIRMATION",)
        rows += [Wanted(party.id, code, RULES.get(code, "S-50")) for code in own]
    return rows


def unsettled(kind: str, has_district_body: bool, parties: Sequence[Party], call: Call) -> list[int]:
    """Participants of whom it decides the papers whether they are members of the association, and nobody has said yet."""
    route = kind in call.values.association_kinds or (kind in call.values.regional_kinds and has_district_body)
    return [each.id for each in parties if each.role == "participant" and each.is_in_group and each.is_association_member is None and route]


def standing(handed: Handed | None, on: date, call: Call) -> str:
    """How a wanted paper stands for an application on that day: missing, returned, waiting, undated, old (W_CERT_OLD) or good."""
    if handed is None:
        return MISSING
    if handed.is_good is False:
        return RETURNED
    if handed.kind in CERTIFICATES:
        if handed.issued_on is None:
            return UNDATED
        if on > certificate_ends(handed.issued_on, call):
            return OLD
    return GOOD if handed.is_good else WAITING

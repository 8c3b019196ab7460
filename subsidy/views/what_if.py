"""もしも: a change is tried, nothing of it is kept. The page reckons by a form; with a script its sums move while somebody types."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, jsonify, request
from marshmallow import ValidationError

from subsidy import queries, titles
from subsidy.queries import Change, Costs, beside
from subsidy.schemas.costs import ADDED, WhatIfSchema, told
from subsidy.views.costs import choices, costs_of
from subsidy.views.frame import group_page, pages, standing
from web.forms import by_field
from web.i18n import _, translate, yen


@dataclass(frozen=True, slots=True)
class Tried:
    """A change and what comes of it. `without`: the same change without the line that it adds. `wrong`: why nothing was tried."""

    change: Change
    after: Costs
    without: Costs
    wrong: tuple[str, ...] = ()


@pages.get("/group/<int:project_id>/what-if")
def what_if(project_id: int) -> str:
    """The form, and what the change that stands in the address would do."""
    found = _tried(project_id)
    return group_page(
        "subsidy/what_if.html",
        standing(project_id),
        costs=costs_of(project_id),
        change=found.change,
        after=found.after,
        burdens=beside(costs_of(project_id).burdens, found.after.burdens),
        live=live_words(costs_of(project_id), found),
        **choices(project_id),
    )


@pages.get("/group/<int:project_id>/what-if.json")
def what_if_live(project_id: int) -> Response:
    """The sums of a change as sentences, for the script: it shows them and reckons nothing."""
    answer = jsonify(live_words(costs_of(project_id), _tried(project_id)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def live_words(costs: Costs, found: Tried) -> dict[str, str]:
    """What the page says of a change in short: each sum, the gap to now, the burden, the caps that bind and the conditions."""
    tried = found.after.planned
    parts = tried.parts
    words = {"total": yen(tried.subsidy), "a": yen(parts.a), "b": yen(parts.b), "c": yen(parts.c), "extra": "", "burden": ""}
    if tried.grant is not None:
        words["burden"] = _("自己負担 %(yen)s", yen=yen(tried.grant.own_burden.yen))
        if found.change.adds is not None:
            words["extra"] = _extra(found, tried.grant.own_burden.yen)
    words["gap"] = _("試していません") if found.wrong else _gap(tried.subsidy - costs.planned.subsidy)
    caps = [translate(titles.CAPS[cap]) for cap in found.after.binding]
    words["caps"] = _("止めている上限: %(caps)s", caps=_("、").join(caps)) if caps else _("止めている上限はありません")
    words["conditions"] = " ".join(dict.fromkeys(translate(titles.FAULTS.get(fault.code, fault.code)) for fault in tried.faults))
    words["wrong"] = " ".join(found.wrong)
    return words


def _extra(found: Tried, burden: int) -> str:
    before = found.without.planned.grant.own_burden.yen if found.without.planned.grant else 0
    words = _("足す行は、補助のあと グループの負担が %(yen)s です。", yen=yen(burden - before))
    own = found.after.next_of(int(ADDED))
    caps = [translate(titles.CAPS[cap]) for cap in own.binding] if own else []
    return words + (" " + _("この行を止めている上限: %(caps)s", caps=_("、").join(caps)) if caps else "")


def _gap(gap: int) -> str:
    return _("いまと変わりません") if gap == 0 else _("いまより %(gap)s", gap=f"{'+' if gap > 0 else '−'}{yen(abs(gap))}")


def _tried(project_id: int) -> Tried:
    costs = costs_of(project_id)
    try:
        change = WhatIfSchema(costs.project.call).load(
            {name: sent if name in ("drops", "leaves") else sent[-1] for name, sent in request.args.lists()}
        )
    except ValidationError as error:
        return Tried(queries.Change(), costs, costs, tuple(told(by_field(error.messages))))
    after = costs.what_if(change)
    return Tried(change, after, costs.what_if(replace(change, adds=None)) if change.adds else after)

"""Questions of `meguri rules` as the calculators want them: JSON in, applications and reports out.

What is merely wrong in a cost line (text for an amount, 31 April) is a fault of the application and told with the others; a question
of another shape raises KeyError, TypeError or ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from subsidy.rules.application import Application, Fault, Line
from subsidy.rules.calls import Call
from subsidy.rules.effect import Figures, Member

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DAYS = ("ordered", "delivered", "paid")


def application_of(asked: dict[str, Any]) -> Application:
    """The `input` of a case of the kind grant."""
    if asked["stage"] not in ("plan", "result"):
        raise ValueError("stage is plan or result")
    lead, lines = asked["representative"], asked["lines"]
    types = [each if _is_int(each) else 0 for each in asked["business_types"]]
    unreadable = [Fault("E_DATE") for name in ("grant_decision", "project_end") if _is_bad_day(asked[name])]
    unreadable += [fault for line in lines for fault in _unreadable(line)]
    return Application(
        representative=_text(lead["id"]),
        representative_kind=_text(lead["kind"]),
        operates_business=_bool(lead["operates_business"]),
        participants=tuple(map(_text, asked["participants"])),
        business_types=tuple(types),
        lines=tuple(map(_line, lines)),
        it_providers=tuple(map(_text, asked["it_providers"])),
        experts=tuple(map(_text, asked["experts"])),
        is_result=asked["stage"] == "result",
        grant_decision=_day(asked["grant_decision"]),
        project_end=_day(asked["project_end"]),
        unreadable=tuple(unreadable),
    )


def asked_of(application: Application, call: Call) -> dict[str, Any]:
    """An application as a case of the kind grant asks it, with its version of the rules: `application_of` reads it back as it was."""
    return {
        "stage": "result" if application.is_result else "plan",
        "grant_decision": _iso(application.grant_decision),
        "project_end": _iso(application.project_end),
        "representative": {
            "id": application.representative,
            "kind": application.representative_kind,
            "operates_business": application.operates_business,
        },
        "participants": list(application.participants),
        "it_providers": list(application.it_providers),
        "experts": list(application.experts),
        "business_types": list(application.business_types),
        "lines": [_asked(line) for line in application.lines],
        "rules": {"scheme": call.scheme, "version": call.version},
    }


def members_of(asked: dict[str, Any]) -> list[Member]:
    """The `input` of a case of the kind effect. A figure that is no whole number becomes −1, which the rule refuses."""
    years = ("base", "year1", "year2") if asked.get("has_year2", True) else ("base", "year1")
    return [
        Member(_text(each["id"]), tuple(_figures(each[year]) for year in years), _bool(each.get("withdrawn", False)))
        for each in asked["members"]
    ]


def day_of(value: object) -> date:
    """An ISO day. Raises ValueError for anything else."""
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        raise ValueError("a day is written 2023-04-01")
    return date.fromisoformat(value)


def whole(value: Any) -> int:
    """A whole number. Raises ValueError for anything else."""
    if _is_int(value):
        return int(value)
    raise ValueError(f"a whole number expected, not {value!r}")


def _line(given: dict[str, Any]) -> Line:
    functions = given.get("functions")
    return Line(
        id=_text(given["id"]),
        member=_text(given["member"]),
        item=_text(given["item"]),
        cost_kind=_text(given["cost_kind"]),
        amount=_int(given["amount"], 0),
        tax_included=_bool(given.get("tax_included", False)),
        tax_rate=_int(given.get("tax_rate"), None),
        months=_int(given.get("months"), None),
        tool=_text(given.get("tool") or "") or None,
        functions=None if functions is None else tuple(map(str, functions)) if isinstance(functions, list) else (),
        **{name: _day(given.get(name)) for name in DAYS},
    )


def _asked(line: Line) -> dict[str, Any]:
    told = {each.name: value for each in fields(line) if (value := getattr(line, each.name)) is not None}
    told |= {name: _iso(value) for name in DAYS if (value := getattr(line, name)) is not None}
    return told | ({"functions": list(line.functions)} if line.functions is not None else {})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _unreadable(given: dict[str, Any]) -> Iterator[Fault]:
    if not _is_int(given["amount"]):
        yield Fault("E_AMOUNT", given["id"])
    if any(_is_bad_day(given.get(name)) for name in DAYS):
        yield Fault("E_DATE", given["id"])


def _figures(given: dict[str, Any] | None) -> Figures | None:
    if given is None:
        return None
    return Figures(*(_int(given[name], -1) for name in ("sales", "cost", "employees", "hours_per_employee")))


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _int(value: Any, otherwise: Any) -> Any:
    return value if _is_int(value) else otherwise


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"true or false expected, not {value!r}")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"text expected, not {type(value).__name__}")


def _day(value: object) -> date | None:
    try:
        return day_of(value)
    except ValueError:
        return None


def _is_bad_day(value: object) -> bool:
    return value is not None and _day(value) is None

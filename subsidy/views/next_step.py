"""Where a step is done, and which one each page of a group tells its lead: what can be done on this very page, else what comes first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from subsidy import titles
from subsidy.queries import Standing
from subsidy.rules.steps import Step

LINE_PAGES = {"costs": ("line", "number"), "quotes": ("line_quotes", "number"), "review": ("criterion", "item")}
"""The page of a single line (or criterion), and what its address calls the number."""

FORMS = {
    "facts": "add",
    "costs": "add",
    "members": "add",
    "papers": "add",
    "shares": "add",
    "plan_changes": "ask",
    "result": "files",
    "effect": "files",
}
"""Where on a page a step is done that is about no line and nobody in particular."""

NOTED = {
    "note_running": "submitted",
    "plan_filing": "filing_planned",
    "file": "submitted",
    "mend": "submitted",
    "file_result": "result_filed",
    "mend_result": "result_filed",
    "await_decision": "decided",
    "await_change": "change_answered",
    "await_fixed": "fixed",
    "await_paid": "paid",
}
"""What is noted once such a step is done: chosen already in the form."""


@dataclass(frozen=True, slots=True)
class Told:
    """`href`: where it is done, None when nothing is to be pressed but what stands here. `is_here`: this page is where it is done."""

    step: Step
    href: str | None
    is_here: bool


def told_here(project: Standing) -> Told | None:
    """The step for the strip at the top of a page; None when nothing is to be done. What waits for others is told when nothing else is."""
    own = [step for step in project.steps if not step.is_waiting]
    for step in own:
        if _is_here(project, step):
            return Told(_of_this_line(step), _closer(project, step), True)
    first = next(iter(own or project.steps), None)
    return None if first is None else Told(first, step_href(project, first), False)


def step_href(project: Standing, step: Step) -> str:
    """The page on which a step is done; at its form where there is one."""
    place = place_of(step)
    if len(step.who) == 1 and place == "members":
        return url_for("subsidy.member", project_id=project.id, party_id=step.who[0])
    kind = noted(step) if place == "facts" else None
    return url_for(f"subsidy.{place}", project_id=project.id, kind=kind, _anchor=_form(step))


def noted(step: Step) -> str | None:
    """The kind of fact that ends a step, if one does."""
    if step.code == "file_report":
        return f"report{_year(step)}_filed"
    return NOTED.get(step.code) or (step.code.removeprefix("note_") if step.code.startswith("note_") else None)


def _form(step: Step) -> str | None:
    place = place_of(step)
    is_in_a_list = _lines(step) or _collects(step) or (step.who and place in ("members", "papers"))
    return None if is_in_a_list else FORMS.get(place)


def place_of(step: Step) -> str:
    """By its code, or the first word of it."""
    return titles.PLACES.get(step.code) or titles.PLACES[step.code.split("_")[0]]


def _is_here(project: Standing, step: Step) -> bool:
    """This page is the step's own, or the page of one of the lines or members that it is about."""
    place, at = place_of(step), request.view_args or {}
    if place in LINE_PAGES and request.endpoint == f"subsidy.{LINE_PAGES[place][0]}":
        return at[LINE_PAGES[place][1]] in _lines(step)
    if request.endpoint == "subsidy.member":
        return place in ("members", "papers") and at["party_id"] in step.who
    if request.endpoint == "subsidy.effect_report":
        return place == "effect" and at["number"] == max(1, _year(step))
    if request.endpoint == "subsidy.figures":
        return _collects(step) and at["party_id"] in step.who and at["year"] == _year(step)
    return request.endpoint == f"subsidy.{place}"


def _of_this_line(step: Step) -> Step:
    """On the page of one line, the step is about that line alone; what all of them are worth together is not said of it."""
    line_page = LINE_PAGES.get(place_of(step))
    if line_page is None or request.endpoint != f"subsidy.{line_page[0]}":
        return step
    facts = {name: value for name, value in step.facts.items() if name not in ("lost", "count")}
    return replace(step, facts={**facts, "lines": ((request.view_args or {})[line_page[1]],)})


def _closer(project: Standing, step: Step) -> str | None:
    """From a list to the first line or member that the step is about; else to the form further down.

    The head of 経費 has a button of its own.
    """
    place = place_of(step)
    if request.endpoint not in (f"subsidy.{place}", "subsidy.effect_report"):
        return None
    if place in LINE_PAGES and _lines(step):
        page, name = LINE_PAGES[place]
        values: dict[str, Any] = {"project_id": project.id, name: _lines(step)[0]}
        return url_for(f"subsidy.{page}", **values)
    if place in ("members", "papers") and step.who:
        return url_for("subsidy.member", project_id=project.id, party_id=step.who[0])
    return step_href(project, step) if _form(step) and place != "costs" else None


def _collects(step: Step) -> bool:
    return step.code.startswith("collect_")


def _year(step: Step) -> int:
    """0: the base, which the first report shows."""
    number = step.facts.get("number", 0)
    return number if isinstance(number, int) else 0


def _lines(step: Step) -> tuple[int, ...]:
    found = step.facts.get("lines", ())
    return found if isinstance(found, tuple) else ()

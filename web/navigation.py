"""Who links where: packages say it to the frame once, the frame draws it on every page.

    pages.record_once(lambda state: navigation.add(state.app, "phone.tabs", Link("home", N_("ホーム"), "/wallet/")))

Places: `phone.pay` (the two ways to pay in the dock), `phone.tabs`, `till.rail`, `desk.side`, `desk.find` (where the search box asks).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request

PLACES = ("phone.pay", "phone.tabs", "till.rail", "desk.side", "desk.find")


def _always() -> bool:
    return True


def _none() -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Link:
    """`label` is marked with N_ where it is written. `order` sorts within a place; links of one `group` stand together.

    `also`: addresses of other pages that lie under it, and below them what begins so.
    `visible` and `count` are asked on each page, inside the request: who may see it, how much waits behind it.
    """

    icon: str
    label: str
    href: str
    order: int = 0
    group: str = ""
    visible: Callable[[], bool] = _always
    count: Callable[[], int] = _none
    also: tuple[str, ...] = ()

    def leads_to(self, path: str) -> int:
        """How much of an address is this page's or one under it, in signs; 0: it lies elsewhere."""
        return max((len(one) for one in (self.href, *self.also) if path == one or path.startswith(one.rstrip("/") + "/")), default=0)


def add(app: Flask, place: str, link: Link) -> None:
    """Put a link in a place, once, while the application is made."""
    assert place in PLACES, place
    links = app.extensions.setdefault("meguri.navigation", {}).setdefault(place, [])
    links.append(link)
    links.sort(key=lambda each: each.order)


def links(place: str) -> list[Link]:
    """What this reader sees in a place."""
    return [link for link in current_app.extensions.get("meguri.navigation", {}).get(place, []) if link.visible()]


def current(place: str) -> str | None:
    """The href of the link that this page lies under: the longest that its address begins with."""
    nearest = max(links(place), key=lambda link: link.leads_to(request.path), default=None)
    return nearest.href if nearest is not None and nearest.leads_to(request.path) else None


def grouped_links(place: str) -> list[tuple[str, list[Link]]]:
    """The links of a place by group, groups in the order of their first link."""
    groups: dict[str, list[Link]] = {}
    for link in links(place):
        groups.setdefault(link.group, []).append(link)
    return list(groups.items())

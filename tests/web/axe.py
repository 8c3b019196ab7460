"""The accessibility check that every page test can ask for: axe-core, WCAG 2.2 A and AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is right need not be written down, and no rule with these tags asks for the style sheets to be fetched once more.
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": {"assets": ["media"]}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GRAVE = ("serious", "critical")


def violations(page: Page, *, context: str | None = None) -> list[dict[str, Any]]:
    """Everything that axe finds on the page, or within the element `context` (a CSS selector)."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))  # by the debugger: the page's own policy forbids scripts of others
    # A colour half-way between two is nobody's: what is changing for a moment may arrive first; rings that turn for ever do not count.
    page.evaluate(
        "() => Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 1000)"
        ".map((one) => one.finished.catch(() => null)))"
    )
    run = "([where, options]) => axe.run(where ?? document, options).then((found) => found.violations)"
    found: list[dict[str, Any]] = page.evaluate(run, [context, OPTIONS])
    return found


def serious(page: Page, *, context: str | None = None) -> list[str]:
    """What shuts people out, one line each, with where it stands; an empty list is what a test wants to see."""
    return [
        f"{found['id']} ({found['impact']}): {found['help']} @ {node['target'][0]} | {node['html'][:120]} | {_why(node)}"
        for found in violations(page, context=context)
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]


def serious_in_light_or_dark(page: Page) -> list[str]:
    """`serious` in both schemes of the page that is open: they differ in their style sheets alone, so it is loaded once."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {each}" for each in serious(page)]
    return found


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])[:200]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 unless somebody has to scroll sideways."""
    return int(page.evaluate("() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"))

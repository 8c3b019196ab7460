"""The accessibility check that every page test can ask for: axe-core, WCAG 2.2 A and AA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
BY_COLOUR = ("color-contrast", "link-in-text-block")  # all that a change of colours alone can break
# What is right need not be written down, and no rule with these tags asks for anything to be fetched once more.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
# A rule has one impact for all that it finds: those that could find nothing grave need not run.
RULES = """([tags, grave]) => axe._audit.rules.filter((rule) => grave.includes(rule.impact))
  .filter((rule) => axe.utils.ruleShouldRun(rule, { page: true }, { runOnly: { type: "tag", values: tags }, rules: {} }))
  .map((rule) => rule.id)"""


def grave_violations(page: Page, *, context: str | None = None, rules: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """What axe finds on the page, or within the element `context` (a CSS selector), by these rules or by all that matter."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))  # by the debugger: the page's own policy forbids scripts of others
    # A colour half-way between two is nobody's: what is changing for a moment is put at its end; rings that turn for ever do not count.
    # Waiting for the end takes for ever on a page whose camera sends no picture: no frame is drawn, so no time passes for it.
    page.evaluate(
        "() => document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 1000).forEach((one) => one.finish())"
    )
    rules = rules or page.evaluate(RULES, [TAGS, GRAVE])
    run = "([where, options]) => axe.run(where ?? document, options).then((found) => found.violations)"
    found: list[dict[str, Any]] = page.evaluate(run, [context, OPTIONS | {"runOnly": {"type": "rule", "values": rules}}])
    return [violation for violation in found if violation["impact"] in GRAVE]


def serious(page: Page, *, context: str | None = None, rules: Sequence[str] | None = None) -> list[str]:
    """What shuts people out, one line each, with where it stands; an empty list is what a test wants to see."""
    return [
        f"{found['id']} ({found['impact']}): {found['help']} @ {node['target'][0]} | {node['html'][:120]} | {_why(node)}"
        for found in grave_violations(page, context=context, rules=rules)
        for node in found["nodes"]
    ]


def serious_in_light_or_dark(page: Page) -> list[str]:
    """`serious` in both schemes of the page that is open: they differ in their colours alone, so the dark one is asked for those."""
    page.emulate_media(color_scheme="light")
    found = [f"light: {each}" for each in serious(page)]
    page.emulate_media(color_scheme="dark")
    return found + [f"dark: {each}" for each in serious(page, rules=BY_COLOUR)]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])[:200]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 unless somebody has to scroll sideways."""
    return int(page.evaluate("() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"))
